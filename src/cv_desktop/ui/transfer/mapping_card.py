"""« Correspondance des colonnes »: what each column of the file feeds."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QStyleOptionViewItem, QWidget

from cv_desktop.domain.intake import ColumnMatch
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.services.readings import Reading
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card, rule
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.arrangement import Memory
from cv_desktop.ui.tables.columns import Band, Column
from cv_desktop.ui.tables.delegates import CellDelegate
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView
from cv_desktop.ui.transfer.field_chooser import IGNORED, FieldChooser

Line = ColumnMatch | str
ORIGINS = {
    "mémorisé": Badge("mémorisé", "success", "bookmark-check"),
    "choisi": Badge("choisi", "info", "pencil"),
    "reconnu": Badge("reconnu", "info", "equal-approximately"),
    "ignoré": Badge("ignoré", "neutral", "minus"),
    "à choisir": Badge("à choisir", "warning", "circle-question-mark"),
}
CHOOSE = "Choisir…"
_NAMED = 4


class ChoiceDelegate(CellDelegate):
    """A cell with a chevron: it opens a list."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.keyboard = True
        room = QStyleOptionViewItem(option)
        super().paint(painter, room, index)
        if self.rows.band_at(index.row()) is None:
            side = px(14)
            x, y = option.rect.right() - side - 4, option.rect.center().y() - side // 2
            painter.drawPixmap(x, y, icons.pixmap("chevron-down", "hint", side, self.view.devicePixelRatioF()))


class MappingTable(TableView):
    """F2, Espace, Entrée or a click on « Champ » opens the list of fields."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Space) and self.currentIndex().isValid():
            self.opened.emit(self.rows.row_at(self.currentIndex().row()))
        else:
            super().keyPressEvent(event)


class MappingCard(Card):
    """``changed(header, field)``: a person gave a column another field, or none."""

    changed = Signal(str, str)

    def __init__(self, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__("Correspondance des colonnes", flush=True, parent=parent)
        self._reading: Reading | None = None
        model: RowsModel[Line] = RowsModel(
            [
                Column("header", "Colonne du fichier", _of(lambda m: m.header), width=150, stretch=True),
                Column(
                    "field",
                    "Champ",
                    _of(self._field),
                    width=136,
                    weight=500,
                    mark=lambda line: "warning" if self._word(line) == "à choisir" else "",
                ),
                Column("example", "Exemple", _of(lambda m: " ".join(m.example.split())), width=78, tone="secondary"),
                Column("origin", "Origine", self._word, width=96, badge=lambda line: ORIGINS.get(self._word(line))),
            ],
            identity=lambda line: line if isinstance(line, str) else (line.sheet, line.header),
            band=lambda line: Band(line) if isinstance(line, str) else None,
        )
        self.table = MappingTable(
            model, name="Correspondance des colonnes", density="compact", memory=memory, empty="Aucune colonne."
        )
        self.table.setItemDelegateForColumn(1, ChoiceDelegate(self.table, model, self.table.held))
        self.table.opened.connect(self._open)
        self.table.clicked.connect(self._clicked)
        self.left = Chip("", "warning", "circle-question-mark", title="Colonnes")
        self.add_action(self.left)
        self.absent = QLabel()
        self.absent.setWordWrap(True)
        self.absent.setContentsMargins(12, 6, 12, 6)
        theme.set_type(self.absent, "secondary", "warning")
        self.keep = QCheckBox()
        self.keep.setChecked(True)
        self.keep.setToolTip("Les champs de ces colonnes seront repris au prochain fichier de cette source")
        self.count = QLabel()
        theme.set_type(self.count, "secondary", "secondary")
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.addWidget(self.keep)
        foot.addStretch(1)
        foot.addWidget(self.count)
        self.body.setSpacing(0)
        self.add(self.table, 1)
        self.add(self.absent)
        self.add(rule())
        self.body.addLayout(foot)

    def show_reading(self, reading: Reading) -> None:
        self._reading = reading
        lines: list[Line] = []
        sheet = ""
        several = len({match.sheet for match in reading.mapping}) > 1
        for match in reading.mapping:
            if several and match.sheet != sheet:
                sheet = match.sheet
                lines.append(f"Feuille {quote(sheet)}")
            lines.append(match)
        self.table.set_rows(lines)
        if not self.table.selected_rows():
            # The keyboard begins where something waits.
            first = next((x for x in reading.mapping if reading.origin(x) == "à choisir"), None)
            if first is not None:
                self.table.select_identity((first.sheet, first.header), "field")
        self.keep.setText(f"Mémoriser pour {reading.source}")
        self.keep.setVisible(bool(reading.mapping))
        total = len(reading.mapping)
        self.count.setText(f"{total} colonne{'s' if total > 1 else ''}" if total else "")
        left = reading.to_choose
        self.left.set_badge(f"{left} à choisir", "warning", "circle-question-mark")
        self.left.setVisible(bool(left))
        gone = reading.vanished
        labels = {key: label for match in reading.mapping[:1] for key, label in reading.choices(match)}
        said = ", ".join(f"{quote(header)} ({labels.get(key, key)})" for header, key in gone[:_NAMED])
        more = f" et {len(gone) - _NAMED} autres" if len(gone) > _NAMED else ""
        self.absent.setText(f"Mémorisées, absentes de ce fichier{NBSP}: {said}{more}.")
        self.absent.setVisible(bool(gone))

    def _clicked(self, index: QModelIndex) -> None:
        line = self.table.rows.row_at(index.row())
        if index.column() == 1 and not isinstance(line, str):
            self._open(line)

    def _open(self, line: Line) -> None:
        if isinstance(line, str):
            return
        if self._reading is None:
            return
        chooser = FieldChooser(self._reading.choices(line), line.field, self)
        chooser.chosen.connect(lambda key, m=line: self._choose(m, key))
        place = self.table.rows.position_of((line.sheet, line.header))
        cell = self.table.visualRect(self.table.rows.index(place, 1))
        chooser.open_at(self.table.viewport().mapToGlobal(cell.bottomLeft()))

    def _choose(self, match: ColumnMatch, key: str) -> None:
        if key != match.field or self._word(match) == "à choisir":
            self.changed.emit(match.header, key)

    def _field(self, match: ColumnMatch) -> str:
        return match.label or (CHOOSE if self._word(match) == "à choisir" else IGNORED)

    def _word(self, line: Line) -> str:
        return "" if isinstance(line, str) or self._reading is None else self._reading.origin(line)


def _of(text: Callable[[ColumnMatch], str]) -> Callable[[Line], str]:
    return lambda line: line if isinstance(line, str) else text(line)
