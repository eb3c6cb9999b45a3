"""What the file says on the open criterion, its figures, and how many of the others have returned their sheet."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from cv_desktop.db.queries.application_records import ApplicationRecord
from cv_desktop.db.queries.sheets import SheetState
from cv_desktop.domain.budget import PRODUIT
from cv_desktop.domain.dates import short_date
from cv_desktop.domain.money import euros, group, percent
from cv_desktop.ui import icons, theme
from cv_desktop.ui.card import Card, rule
from cv_desktop.ui.look import colors, px

NBSP = "\u00a0"
WIDTH = 318
# The question of the form that answers a criterion; the description answers the others.
_TEXTS: dict[str, tuple[str, Callable[[ApplicationRecord], str]]] = {
    "EFH": ("Égalité femmes-hommes", lambda file: file.equality),
    "PAR": ("Participation des habitants", lambda file: file.participation),
    "TED": ("Transition écologique", lambda file: file.ecology),
}
_DESCRIPTION: tuple[str, Callable[[ApplicationRecord], str]] = (
    "Description de l’action",
    lambda file: file.description,
)
_NOTHING = "Le dossier ne dit rien sur ce point."
Pair = tuple[str, str]


def text_of(code: str, file: ApplicationRecord) -> Pair:
    """Title and text of the passage tied to a criterion."""
    title, read = _TEXTS.get(code, _DESCRIPTION)
    return title, read(file).strip()


def figures_of(code: str, file: ApplicationRecord) -> tuple[list[Pair], list[Pair]]:
    """The public or the co-fundings of the action, then its amounts."""
    row = file.row
    people = _people(file)
    if code == "BUDG":
        people = [(x.line.label, euros(x.line.amount_cents)) for x in file.lines if x.line.side == PRODUIT]
    amounts = [
        ("Demandé", euros(row.asked_cents)),
        ("Budget de l’action", euros(row.cost_cents)),
        ("Taux demandé", percent(row.asked_cents, row.cost_cents)),
    ]
    return people, amounts


def _people(file: ApplicationRecord) -> list[Pair]:
    pairs: list[Pair] = []
    total = file.beneficiaries
    if total is not None:
        pairs.append(("Bénéficiaires", group(total)))
    if file.women is not None:
        pairs.append(("Participantes", _of(file.women, total)))
    if file.quarter_residents is not None:
        pairs.append(("Habitants des QPV", _of(file.quarter_residents, total)))
    if file.starts_on and file.ends_on:
        pairs.append(("Du, au", f"{short_date(file.starts_on)} – {short_date(file.ends_on)}"))
    return pairs


def _of(part: int, whole: int | None) -> str:
    return group(part) if whole is None else f"{group(part)} sur {group(whole)}"


class Segments(QWidget):
    """One box per other member, full when the sheet is returned: nobody is named."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.done, self.total = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def put(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        self.setAccessibleName(f"{done} grilles rendues sur {total}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(10))

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.accent), 1))
        step = min(px(31), self.width() / max(1, self.total))
        for place in range(self.total):
            painter.setBrush(QColor(c.accent if place < self.done else c.surface))
            painter.drawRoundedRect(QRectF(place * step + 0.5, 0.5, step - px(6), self.height() - 1), 2, 2)
        painter.end()


class Figures(QWidget):
    """Names and values under a line; what one criterion shows is shown again by another, in the same labels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self._labels: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(rule())
        column.addLayout(self._grid)

    def put(self, pairs: list[Pair]) -> None:
        self.setVisible(bool(pairs))
        while len(self._labels) < len(pairs):
            self._add()
        for place, (label, figure) in enumerate(self._labels):
            shown = place < len(pairs)
            if shown:
                name, value = pairs[place]
                label.setText(name)
                figure.setText(value)
                figure.setAccessibleName(f"{name}{NBSP}: {value}")
            label.setVisible(shown)
            figure.setVisible(shown)

    def _add(self) -> None:
        row = len(self._labels)
        label, figure = QLabel(), QLabel()
        label.setWordWrap(True)
        theme.set_type(label, "secondary", "secondary")
        theme.set_type(figure, "secondary", weight=600)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(figure, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._labels.append((label, figure))


class ReadingPane(QScrollArea):
    """``show_passage`` at each criterion, ``show_others`` at each file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Volet de lecture")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.file = Card("Dans le dossier")
        self.topic, self.passage = QLabel(), QLabel()
        theme.set_type(self.topic, "meta", "secondary")
        theme.set_type(self.passage, "body")
        for label in (self.passage, self.topic):
            label.setWordWrap(True)
        self.passage.setTextFormat(Qt.TextFormat.PlainText)
        self.passage.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._figures = (Figures(), Figures())
        self.file.add(self.topic)
        self.file.add(self.passage)
        for block in self._figures:
            self.file.add(block)
        self.others = Card("Notes des autres membres")
        lock = QLabel()
        icons.dress(lock, "lock", "secondary", 15)
        self.others.heading.insertWidget(0, lock)
        self.waiting = QLabel()
        self.waiting.setWordWrap(True)
        theme.set_type(self.waiting, "secondary", "secondary")
        self.segments = Segments()
        self.others.add(self.waiting)
        self.others.add(self.segments)
        whole = QWidget()
        whole.setProperty("surface", "")
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(12)
        column.addWidget(self.file)
        column.addWidget(self.others)
        column.addStretch(1)
        self.setWidget(whole)
        theme.current().changed.connect(self._fit)
        self._fit()

    def show_passage(self, code: str, file: ApplicationRecord) -> None:
        title, text = text_of(code, file)
        self.topic.setText(title)
        self.passage.setText(f"«{NBSP}{text}{NBSP}»" if text else _NOTHING)
        theme.set_type(self.passage, "body", "" if text else "hint")
        for block, pairs in zip(self._figures, figures_of(code, file), strict=True):
            block.put(pairs)

    def show_others(self, state: SheetState) -> None:
        if state.revealed_in:
            words = f"Révélées à «{NBSP}{state.revealed_in}{NBSP}»."
        else:
            s = "s" if state.others_returned > 1 else ""
            words = (
                f"Masquées jusqu’à la révélation. {state.others_returned} grille{s} rendue{s} "
                f"sur {state.others_expected}."
            )
        self.waiting.setText(words)
        self.segments.put(state.others_returned, state.others_expected)

    def _fit(self) -> None:
        self.setFixedWidth(px(WIDTH))
