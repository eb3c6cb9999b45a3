"""How long a mark takes, from the key to the painted note, written to the disk: a member marks every file by keyboard.

Run it with ``python benchmarks/marking.py``. The budget is one frame of a screen: p95 under 16 ms.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from statistics import quantiles
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from PySide6.QtCore import Qt  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

import committee  # noqa: E402
from cv_desktop.ui import theme  # noqa: E402
from cv_desktop.ui.scoring.page import ScoringPage  # noqa: E402
from ui import desk  # noqa: E402

BUDGET_MS = 16.0


def main() -> None:
    app = QApplication([])
    theme.apply(app)
    with tempfile.TemporaryDirectory() as folder:
        base = committee.build(Path(folder) / "cv-desktop.sqlite")
        with base.open() as store:
            page = ScoringPage(desk.context(store, base.call))
            page.resize(1200, 780)
            page.show()
            page.enter(base.members[1])
            app.processEvents()
            marks: list[float] = []
            moves: list[float] = []
            for turn in range(len(base.files)):
                for place in range(9):
                    start = perf_counter()
                    QTest.keyClick(page.sheet, "0123"[(turn + place) % 4])
                    app.processEvents()
                    marks.append((perf_counter() - start) * 1000)
                    start = perf_counter()
                    QTest.keyClick(page.sheet, Qt.Key.Key_Return)
                    app.processEvents()
                    moves.append((perf_counter() - start) * 1000)
                page.step(1)
                app.processEvents()
            page.close()
    for name, times in (("mark", marks), ("next criterion", moves)):
        cut = quantiles(times, n=100)
        print(f"{name:15} {len(times)} keys  p50 {cut[49]:.1f} ms  p95 {cut[94]:.1f} ms  max {max(times):.1f} ms")
    sys.exit(quantiles(marks, n=100)[94] > BUDGET_MS)


if __name__ == "__main__":
    main()
