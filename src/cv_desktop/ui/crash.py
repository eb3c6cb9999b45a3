"""The last resort: one dialog for what nobody foresaw."""

from __future__ import annotations

import platform
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from types import TracebackType

from PySide6.QtCore import QObject, QtMsgType, qInstallMessageHandler, qVersion
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout

from cv_desktop import __version__, logs
from cv_desktop.domain.dates import clock
from cv_desktop.domain.errors import UserError
from cv_desktop.ui import look, theme


class CrashDialog(QDialog):
    """What happened, until when the data are safe, and the details to copy for whoever mends the program."""

    def __init__(self, detail: str, saved: datetime | None) -> None:
        super().__init__(QApplication.activeWindow())
        self.setWindowTitle("CV Desktop")
        self.setMinimumWidth(look.px(560))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        until = f" jusqu’à {clock(saved)}" if saved else ""
        self.sentence = QLabel(
            f"L’application a rencontré un problème et va redémarrer. Vos données sont enregistrées{until}."
        )
        self.sentence.setWordWrap(True)
        theme.set_type(self.sentence, "section", weight=600)
        layout.addWidget(self.sentence)
        self.detail = QPlainTextEdit(detail)
        self.detail.setReadOnly(True)
        self.detail.setAccessibleName("Détail technique")
        self.detail.setTabChangesFocus(True)
        self.detail.setMinimumHeight(look.px(180))
        layout.addWidget(self.detail)
        copy = QPushButton("Copier le détail")
        restart = QPushButton("Redémarrer")
        theme.set_kind(copy, "secondary")
        theme.set_kind(restart, "primary")
        copy.clicked.connect(lambda: QApplication.clipboard().setText(detail))
        copy.setAutoDefault(False)
        restart.setDefault(True)
        restart.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(restart)
        layout.addLayout(buttons)
        restart.setFocus()


def details(error: BaseException) -> str:
    """Versions and the lines gone through. The message of the exception is shown, never written to the log."""
    lines = "".join(traceback.format_exception(error))
    return f"CV Desktop {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {sys.platform}\n\n{lines}"


class CrashHook(QObject):
    """Takes over ``sys.excepthook``. ``refuse`` shows a UserError nobody caught; ``restart`` ends this run."""

    def __init__(
        self,
        *,
        refuse: Callable[[UserError], None],
        restart: Callable[[], None],
        saved: Callable[[], datetime | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._refuse = refuse
        self._restart = restart
        self._saved = saved
        self._open = False

    def install(self) -> None:
        sys.excepthook = self.caught
        qInstallMessageHandler(_note)

    def caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            QApplication.quit()
            return
        if isinstance(error, UserError):
            self._refuse(error)
            return
        logs.failure("crash", error)
        if self._open:
            return  # one dialog is enough: what follows a crash is mostly its echo
        self._open = True
        CrashDialog(details(error), self._saved()).exec()
        self._open = False
        self._restart()


def _note(kind: QtMsgType, context: object, message: str) -> None:
    """Notes that Qt complained; its message may hold a path or a value and stays out of the log."""
    if kind in (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg):
        logs.event(f"qt {getattr(context, 'category', None) or 'default'} {kind.name}")
