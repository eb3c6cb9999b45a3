"""The voices for, against and abstaining; nothing typed is an opinion given without a vote."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cv_desktop.domain.text import counted
from cv_desktop.domain.votes import Votes
from cv_desktop.ui import theme
from cv_desktop.ui.look import px

NBSP = "\u00a0"
NAMES = ("Pour", "Contre", "Abstention")
BOX = 46


class VotesField(QWidget):
    """``show_votes(votes, voices)``; ``committed`` when a person has changed them and left."""

    committed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._voices = 0
        self._known: Votes | None = None
        self.boxes: list[QLineEdit] = []
        title, self.able = QLabel("Vote"), QLabel()
        theme.set_type(title, "secondary", "secondary", 500)
        theme.set_type(self.able, "meta", "hint")
        self.all = QPushButton("Unanimité")
        theme.set_kind(self.all, "link", small=True)
        self.all.setToolTip("Toutes les voix pour (touche U)")
        self.all.clicked.connect(self.unanimous)
        head, line = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(title)
        head.addWidget(self.able)
        head.addStretch(1)
        head.addWidget(self.all)
        line.setSpacing(6)
        for name in NAMES:
            label, box = QLabel(name), QLineEdit()
            theme.set_type(label, "secondary", "secondary")
            box.setValidator(QIntValidator(0, 999, box))
            box.setFixedWidth(px(BOX))
            box.setAlignment(Qt.AlignmentFlag.AlignRight)
            box.setAccessibleName(f"Voix{NBSP}: {name.lower()}")
            box.installEventFilter(self)
            box.returnPressed.connect(self._tell)
            label.setBuddy(box)
            line.addWidget(label)
            line.addWidget(box)
            line.addSpacing(4)
            self.boxes.append(box)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addLayout(line)

    def show_votes(self, votes: Votes | None, voices: int, *, locked: bool) -> None:
        """What is written, and how many may vote."""
        self._voices, self._known = voices, votes
        found = (votes.favour, votes.against, votes.abstention) if votes else (None, None, None)
        for box, number in zip(self.boxes, found, strict=True):
            box.setText("" if number is None else str(number))
            box.setEnabled(not locked)
        self.all.setVisible(not locked and voices > 0)
        self.able.setVisible(not locked)
        self.able.setText(f"{counted(voices, 'membre')} {'peuvent' if voices > 1 else 'peut'} voter")

    def value(self) -> Votes | None:
        """What is typed; None when nothing is."""
        texts = [box.text().strip() for box in self.boxes]
        if not any(texts):
            return None
        favour, against, abstention = (int(text or 0) for text in texts)
        return Votes(favour, against, abstention)

    def unanimous(self) -> None:
        """Every voice for."""
        for box, number in zip(self.boxes, (self._voices, 0, 0), strict=True):
            box.setText(str(number))
        self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and QWidget.focusWidget(self) not in self.boxes:
            self._tell()
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        if self.value() != self._known:
            self.committed.emit()
