"""From the start of the process to the first paint, against an empty window: medians of a few runs, and ratios.

Targets: the frame at most 1.5 times an empty PySide6 window; a filled list of files, in the program as it starts, at
most 1.2 times an empty window that imports sqlalchemy.orm.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7
EMPTY = """
import os, sys, time
{extra}
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    done = False
    def paintEvent(self, event):
        super().paintEvent(event)
        if not Window.done:
            Window.done = True
            print(time.time() - float(os.environ["BEGAN"]), flush=True)
            QTimer.singleShot(0, QApplication.quit)
app = QApplication([])
window = Window()
window.resize(1440, 900)
window.show()
app.exec()
"""
PAINTED = """
import os, sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from cv_desktop import app
from cv_desktop.settings import LocalSettings
folder = Path(sys.argv[1])
application = QApplication([])
def say():
    print(time.time() - float(os.environ["BEGAN"]), flush=True)
    application.quit()
curtain = app.open_curtain(LocalSettings(folder / "poste.json"), say)
application.exec()
"""
FILLED = """
import os, sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from cv_desktop import app, paths
folder = Path(sys.argv[1])
paths.settings_file = lambda: folder / "poste.json"
paths.log_folder = lambda: folder
work = app._work
def measured(*arguments):
    from cv_desktop import desk
    enter = desk.Desk._enter
    def entered(self, window, base):
        window.first = "applications"
        enter(self, window, base)
        window.repaint()
        assert window.screen_shown.list.table.model().rowCount() > 0
        print(time.time() - float(os.environ["BEGAN"]), flush=True)
        QApplication.quit()
    desk.Desk._enter = entered
    return work(*arguments)
app._work = measured
app.run([str(folder)])
"""


def median(code: str, folder: Path) -> float:
    """Median of the seconds a process prints, after one run that warms the caches."""
    found = []
    # As installed: a package has its bytecode, even where the shell forbids writing that of a checkout.
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for turn in range(RUNS + 1):
        environment = {**usual, "BEGAN": str(time.time())}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        done = subprocess.run(
            [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True, env=environment
        )
        if turn:
            found.append(float(done.stdout.split()[0]))
    return statistics.median(found)


def main() -> None:
    from cv_desktop.documents import letter_pdf
    from cv_desktop.services import example

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = example.create(folder / "exemple", letter_pdf.render)
        shutil.copy(path, folder / path.name)
        empty = median(EMPTY.format(extra=""), folder)
        ours = median(PAINTED, folder)
        floor = median(EMPTY.format(extra="import sqlalchemy.orm"), folder)
        filled = median(FILLED, folder)
    print(f"empty window                     {empty * 1000:7.0f} ms")
    print(f"our window, first paint          {ours * 1000:7.0f} ms   ratio {ours / empty:.2f} (target 1.5)")
    print(f"empty window + sqlalchemy.orm    {floor * 1000:7.0f} ms")
    print(f"our window, list of files filled {filled * 1000:7.0f} ms   ratio {filled / floor:.2f} (target 1.2)")


if __name__ == "__main__":
    main()
