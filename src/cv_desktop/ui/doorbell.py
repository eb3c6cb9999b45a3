"""One window per base: a program started on a base that is already open raises the window that has it.

A local socket, which no other person of the computer may ask; nothing goes through it.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

WAIT = 500  # ms: the other program may be at work


class Doorbell(QObject):
    """Of the program that holds the lock of a base; removed with ``close``."""

    rung = Signal()

    def __init__(self, base: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        name = _name(base)
        # The lock is ours: a socket found there was left by a program that was killed.
        QLocalServer.removeServer(name)
        self._server.listen(name)

    def close(self) -> None:
        self._server.close()

    def _answer(self) -> None:
        while visitor := self._server.nextPendingConnection():
            visitor.deleteLater()
            self.rung.emit()


def ring(base: Path) -> bool:
    """Asks the window that has a base open to come forward; whether there is one."""
    socket = QLocalSocket()
    socket.connectToServer(_name(base))
    found = socket.waitForConnected(WAIT)
    socket.abort()
    return found


def _name(base: Path) -> str:
    # Short and plain: a path would be too long for a socket, and would be shown in a list of them.
    return f"cv-desktop-{sha256(str(base.resolve()).encode()).hexdigest()[:32]}"
