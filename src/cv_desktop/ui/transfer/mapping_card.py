"""« Correspondance des colonnes »: what each column of the file feeds."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QStyleOptionViewItem, QWidget

from cv_desktop.domain.deposits import fields_of
from cv_desktop.domain.intake import ColumnMatch
from cv_desktop.domain.text import fold
from cv_desktop.services.readings import SOURCE, Reading
from cv_desktop.ui import icons
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
        self._mapping: tuple[ColumnMatch, ...] = ()
        self._remembered: Collection[str] = ()
        model: RowsModel[Line] = RowsModel(
            [
                Column("header", "Colonne du fichier", _of(lambda m: m.header), width=150, stretch=True),
                Column("field", "Champ", _of(lambda m: m.label or IGNORED), width=136, weight=500),
                Column("example", "Exemple", _of(lambda m: " ".join(m.example.split())), width=78, tone="secondary"),
                Column("origin", "Origine", _of(lambda m: self._origin(m).word), width=90, badge=self._badge),
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
        self.ignored = Chip("", "neutral", "minus", title="Colonnes")
        self.add_action(self.ignored)
        self.keep = QCheckBox(f"Mémoriser pour {SOURCE}")
        self.keep.setChecked(True)
        self.keep.setToolTip("Les champs choisis à la main seront repris au prochain fichier de cette source")
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.addWidget(self.keep)
        foot.addStretch(1)
        self.body.setSpacing(0)
        self.add(self.table, 1)
        self.add(rule())
        self.body.addLayout(foot)

    def show_reading(self, reading: Reading, remembered: Collection[str]) -> None:
        self._mapping, self._remembered = reading.intake.mapping, remembered
        lines: list[Line] = []
        sheet = ""
        for match in self._mapping:
            if match.sheet != sheet:
                sheet = match.sheet
                lines.append(f"Feuille «\u00a0{sheet}\u00a0»")
            lines.append(match)
        self.table.set_rows(lines)
        left = sum(not match.field for match in self._mapping)
        self.ignored.set_badge(f"{left} ignorée{'s' if left > 1 else ''}", "neutral", "minus")
        self.ignored.setVisible(bool(left))

    def _clicked(self, index: QModelIndex) -> None:
        line = self.table.rows.row_at(index.row())
        if index.column() == 1 and not isinstance(line, str):
            self._open(line)

    def _open(self, line: Line) -> None:
        if isinstance(line, str):
            return
        choices = [(field.key, field.label) for field in fields_of(line, self._mapping)]
        chooser = FieldChooser(list(dict(choices).items()), line.field, self)
        chooser.chosen.connect(lambda key, m=line: self._choose(m, key))
        place = self.table.rows.position_of((line.sheet, line.header))
        cell = self.table.visualRect(self.table.rows.index(place, 1))
        chooser.open_at(self.table.viewport().mapToGlobal(cell.bottomLeft()))

    def _choose(self, match: ColumnMatch, key: str) -> None:
        if key != match.field:
            self.changed.emit(match.header, key)

    def _badge(self, line: Line) -> Badge | None:
        return None if isinstance(line, str) else self._origin(line)

    def _origin(self, match: ColumnMatch) -> Badge:
        if match.origin == "memorise":
            known = fold(match.header) in self._remembered
            return Badge("mémorisé", "success", "bookmark-check") if known else Badge("choisi", "info", "pencil")
        return Badge("reconnu", "info", "equal-approximately") if match.field else Badge("ignoré", "neutral", "minus")


def _of(text: Callable[[ColumnMatch], str]) -> Callable[[Line], str]:
    return lambda line: line if isinstance(line, str) else text(line)
