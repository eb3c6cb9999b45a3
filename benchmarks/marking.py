"""How long a mark takes, from the key to the painted note, written to the disk: a member marks every file by keyboard.

Run it with ``python benchmarks/marking.py``. The budget is one frame of a screen: p95 under 16 ms; the grid of a file
opens under 100 ms. The processor's time stands beside, which a busy machine does not stretch as much.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time

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
OPENING_MS = 100.0
Spent = tuple[float, float]


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
            marks: list[Spent] = []
            moves: list[Spent] = []
            opens: list[Spent] = []
            for turn in range(len(base.files)):
                for place in range(9):
                    digit = "0123"[(turn + place) % 4]
                    marks.append(spent(app, lambda digit=digit: QTest.keyClick(page.sheet, digit)))
                    moves.append(spent(app, lambda: QTest.keyClick(page.sheet, Qt.Key.Key_Return)))
                opens.append(spent(app, lambda: page.step(1)))
            page.close()
    for name, times in (("mark", marks), ("next criterion", moves), ("grid of a file", opens)):
        wall, own = quantiles([t[0] for t in times], n=100), quantiles([t[1] for t in times], n=100)
        print(
            f"{name:15} {len(times):4} times  p50 {wall[49]:.1f} ms  p95 {wall[94]:.1f} ms  "
            f"(processor {own[49]:.1f} and {own[94]:.1f} ms)"
        )
    late = quantiles([t[0] for t in marks], n=100)[94] > BUDGET_MS
    sys.exit(late or max(t[0] for t in opens) > OPENING_MS)


def spent(app: QApplication, gesture: Callable[[], object]) -> Spent:
    """Milliseconds on the clock and of the processor, until what the gesture changed is painted."""
    start, own = perf_counter(), process_time()
    gesture()
    app.processEvents()
    return (perf_counter() - start) * 1000, (process_time() - own) * 1000


if __name__ == "__main__":
    main()
