"""The places of scanned sheets that only a person can read, one picture after another."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QScrollArea, QWidget

from cv_desktop.db.queries import attachments, bundles, grids
from cv_desktop.db.queries.bundles import DoubtRow
from cv_desktop.domain.grid import Criterion
from cv_desktop.services import bundle_returns
from cv_desktop.ui import theme
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import TextField
from cv_desktop.ui.look import px

_NOT_APPLICABLE = "SO"


class Doubts(Card):
    """``show_doubts`` the first time and after each gesture; ``left`` when nothing waits, or on Échap."""

    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("Images à relire", " ")
        self.setParent(parent)
        self._context = context
        self._call = ""
        self._waiting: list[DoubtRow] = []
        self._at = 0
        self._chosen = ""
        self.about, self.why, self.picture = QLabel(), QLabel(), QLabel()
        theme.set_type(self.about, "section", weight=600)
        theme.set_type(self.why, "body", "secondary")
        for label in (self.about, self.why):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.area = QScrollArea()
        self.area.setWidget(self.picture)
        self.area.setWidgetResizable(True)
        self.area.setAccessibleName("Image de la grille")
        self.area.setMinimumHeight(px(120))
        self.levels = QHBoxLayout()
        self.levels.setSpacing(6)
        self.dedicated = QCheckBox("Action dédiée à cette priorité")
        self.sentence = TextField("Phrase")
        self.note, self.dismiss = QPushButton("Noter"), QPushButton("Écarter l’image")
        self.back, self.forward = QPushButton("Précédente"), QPushButton("Suivante")
        self.close_button = QPushButton("Revenir aux grilles")
        theme.set_kind(self.note, "primary")
        for button in (self.dismiss, self.back, self.forward, self.close_button):
            theme.set_kind(button, "secondary")
        self.note.clicked.connect(self._settle)
        self.dismiss.clicked.connect(self._dismiss)
        self.back.clicked.connect(lambda: self._step(-1))
        self.forward.clicked.connect(lambda: self._step(1))
        self.close_button.clicked.connect(self.left)
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        for button in (self.note, self.dismiss, self.back, self.forward):
            verbs.addWidget(button)
        verbs.addStretch(1)
        verbs.addWidget(self.close_button)
        self.add(self.about)
        self.add(self.why)
        self.add(self.area, 1)
        self.body.addLayout(self.levels)
        self.add(self.dedicated)
        self.add(self.sentence)
        self.body.addLayout(verbs)
        self.hide()

    def show_doubts(self, call: str) -> int:
        """What waits in the campaign; answers how many there are, and closes when there is none."""
        self._call = call
        self._waiting = self._context.read(bundles.doubts, call_id=call, viewer=self._context.viewer)
        self._at = max(0, min(self._at, len(self._waiting) - 1))
        if not self._waiting:
            self.left.emit()
            return 0
        self.show()
        self._show()
        return len(self._waiting)

    @property
    def current(self) -> DoubtRow | None:
        return self._waiting[self._at] if self._waiting else None

    def choose(self, value: str) -> None:
        """A level, or « SO »; the same again takes it back."""
        self._chosen = "" if self._chosen == value else value
        for place in range(self.levels.count()):
            item = self.levels.itemAt(place)
            button = item.widget() if item is not None else None
            if isinstance(button, QPushButton):
                button.setChecked(button.property("level") == self._chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.note.isEnabled():
            self._settle()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        row = self.current
        if row is None:
            return
        self.set_title("Images à relire", f"{self._at + 1} sur {len(self._waiting)}")
        known = [x for x in (row.number, row.structure, row.member) if x]
        self.about.setText("  ·  ".join(known) or "Page inconnue")
        self.why.setText(f"{row.filename}, page {row.page}\u00a0: {row.reason}.")
        pixmap = QPixmap(str(self._context.read(attachments.content, sha256=row.sha256)))
        room = max(px(400), self.area.viewport().width())
        if pixmap.width() > room:
            pixmap = pixmap.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
        self.picture.setPixmap(pixmap)
        self.picture.setAccessibleName(f"Image\u00a0: {self.about.text()}, {row.criterion or 'page entière'}")
        criterion = self._criterion(row)
        self._fill_levels(row, criterion)
        for widget in (self.sentence, self.note):
            widget.setVisible(criterion is not None)
        self.dedicated.setVisible(criterion is not None and criterion.may_be_dedicated)
        self.dedicated.setChecked(False)
        self.sentence.set_value("")
        self.back.setEnabled(self._at > 0)
        self.forward.setEnabled(self._at + 1 < len(self._waiting))

    def _criterion(self, row: DoubtRow) -> Criterion | None:
        if not row.application_id or not row.criterion:
            return None
        grid = self._context.read(grids.of_file, application_id=row.application_id).grid
        return next((x for x in grid.criteria if x.code == row.criterion), None)

    def _fill_levels(self, row: DoubtRow, criterion: Criterion | None) -> None:
        self._chosen = ""
        while (item := self.levels.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if criterion is None:
            label = QLabel(
                "Cette page se saisit à la main\u00a0: «\u00a0Noter en tant que\u00a0», puis écartez l’image."
            )
            theme.set_type(label, "body", "secondary")
            self.levels.addWidget(label)
            self.levels.addStretch(1)
            return
        label = QLabel(f"{criterion.code}  {criterion.label}")
        theme.set_type(label, "body", weight=600)
        self.levels.addWidget(label)
        grid = self._context.read(grids.of_file, application_id=row.application_id).grid
        values = [str(value) for value in grid.levels_of(criterion)]
        for value in (*values, *((_NOT_APPLICABLE,) if criterion.na_allowed else ())):
            button = QPushButton(value)
            button.setCheckable(True)
            button.setProperty("level", value)
            button.setAccessibleName("Sans objet" if value == _NOT_APPLICABLE else f"Niveau {value}")
            theme.set_kind(button, "secondary", small=True)
            button.clicked.connect(lambda _on=False, level=value: self.choose(level))
            self.levels.addWidget(button)
        self.levels.addStretch(1)

    def _settle(self) -> None:
        row = self.current
        if row is None or not self.sentence.commit():
            return
        done = self._context.do(
            f"{row.criterion} lu sur l’image, {row.number}",
            bundle_returns.settle,
            doubt_id=row.id,
            level=int(self._chosen) if self._chosen.isdigit() else None,
            not_applicable=self._chosen == _NOT_APPLICABLE,
            dedicated=self.dedicated.isChecked(),
            comment=str(self.sentence.value() or ""),
        )
        if done is not None:
            self.show_doubts(self._call)

    def _dismiss(self) -> None:
        row = self.current
        if row is not None and self._context.do("image écartée", bundle_returns.dismiss, doubt_id=row.id) is not None:
            self.show_doubts(self._call)

    def _step(self, by: int) -> None:
        self._at = max(0, min(self._at + by, len(self._waiting) - 1))
        self._show()
