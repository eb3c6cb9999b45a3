"""One model for every table: frozen rows in, strings out; it sorts and filters its own list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import fold
from cv_desktop.ui.tables.columns import Band, Column
from cv_desktop.ui.tables.ordering import Ordering

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "center": Qt.AlignmentFlag.AlignHCenter,
}


class RowsModel(QAbstractTableModel, Generic[R]):
    """``RowsModel(columns, identity=..., search=..., band=...)``.

    ``identity`` tells two versions of a row apart from two rows (its ``id`` by default): the view uses it to keep the
    selection. ``search`` is the text filtered on (all the columns by default). ``band`` turns some rows into titles;
    such a model is neither sorted nor filtered by the person.
    """

    counted = Signal(int, int)  # shown, in all
    refused = Signal(object, str)  # index, sentence

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        identity: Callable[[R], object] | None = None,
        search: Callable[[R], str] | None = None,
        band: Callable[[R], Band | None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns: tuple[Column[R], ...] = tuple(columns)
        self.identity = identity or _own_id
        self._band = band
        self._ordering: Ordering[R] = Ordering(self.columns, search)
        self._order: list[int] = []

    # What the screens call.

    def set_rows(self, rows: Sequence[R]) -> None:
        """Replace every row; sort and filters stay. From a screen call ``TableView.set_rows`` instead."""
        self.beginResetModel()
        self._ordering.set_rows(list(rows))
        self._order = self._ordering.order()
        self.endResetModel()
        self._count()

    def change_row(self, row: R) -> None:
        """Put ``row`` in the place of the one of the same identity, which alone is painted again, where it stands."""
        position = self.position_of(self.identity(row))
        if position >= 0:
            self._ordering.change_row(self._order[position], row)
            self._tell(position, position)

    def change_rows(self, rows: Sequence[R]) -> None:
        """As ``change_row`` for several, found in one walk; those that follow each other are told at once."""
        wanted = {self.identity(row): row for row in rows}
        first = -1
        for position, index in enumerate(self._order):
            if (row := wanted.get(self.identity(self._ordering.rows[index]))) is not None:
                self._ordering.change_row(index, row)
                first = position if first < 0 else first
            elif first >= 0:
                self._tell(first, position - 1)
                first = -1
        if first >= 0:
            self._tell(first, len(self._order) - 1)

    def _tell(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def set_filter(self, text: str) -> None:
        """Keep the rows which contain every word of ``text``, accents and case ignored."""
        self._ordering.words = fold(text).split()
        self._reorder()

    def set_column_filter(self, key: str, values: Sequence[str] | None) -> None:
        """Keep the rows whose text in this column is one of ``values``; None to keep all."""
        if values is None:
            self._ordering.kept_values.pop(key, None)
        else:
            self._ordering.kept_values[key] = frozenset(values)
        self._reorder()

    def sort_by(self, sorts: Sequence[tuple[str, bool]]) -> None:
        """Sort on (column key, descending), most important first; empty for the order received."""
        known = {column.key for column in self.columns}
        self._ordering.sorts = [(key, bool(down)) for key, down in sorts if key in known]
        self._reorder()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, len(self.columns) - 1))

    @property
    def sorts(self) -> list[tuple[str, bool]]:
        return list(self._ordering.sorts)

    @property
    def column_filters(self) -> dict[str, frozenset[str]]:
        return dict(self._ordering.kept_values)

    @property
    def filtered(self) -> bool:
        return self._ordering.filtered

    @property
    def total(self) -> int:
        return len(self._ordering.rows)

    def values(self, key: str) -> dict[str, int]:
        """The different texts of a column with their counts, for a filter menu."""
        return self._ordering.values(key)

    def rows(self) -> list[R]:
        """The rows shown, in the order shown."""
        return [self._ordering.rows[index] for index in self._order]

    def all_rows(self) -> list[R]:
        return list(self._ordering.rows)

    def row_at(self, position: int) -> R:
        return self._ordering.rows[self._order[position]]

    def band_at(self, position: int) -> Band | None:
        return self._band(self.row_at(position)) if self._band else None

    @property
    def has_bands(self) -> bool:
        return self._band is not None

    def position_of(self, identity: object) -> int:
        """Where a row is shown, -1 if it is not."""
        for position, index in enumerate(self._order):
            if self.identity(self._ordering.rows[index]) == identity:
                return position
        return -1

    def column_index(self, key: str) -> int:
        return next((i for i, column in enumerate(self.columns) if column.key == key), -1)

    def write(self, index: Index, text: str) -> None:
        """Give ``text`` to Column.edit. Raises UserError when it refuses or when the cell cannot be edited."""
        column, row = self.columns[index.column()], self.row_at(index.row())
        if column.edit is None or not column.can_edit(row):
            raise UserError(f"«\u00a0{column.title}\u00a0» ne se modifie pas ici.")
        column.edit(row, text)

    # What Qt asks.

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self.row_at(index.row()), self.columns[index.column()]
        if self._band is not None and (band := self._band(row)) is not None:
            if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) and index.column() == 0:
                return f"{band.text} {band.detail}".strip()
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.EditRole:
            return column.edit_text(row) if column.edit_text else column.text(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return column.sentence(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_ALIGN[column.align] | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.CheckStateRole and column.checked is not None:
            return Qt.CheckState.Checked if column.checked(row) else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid():
            return False
        try:
            if role == Qt.ItemDataRole.CheckStateRole:
                return self.toggle(index)
            if role != Qt.ItemDataRole.EditRole:
                return False
            self.write(index, str(value))
        except UserError as refusal:
            self.refused.emit(QPersistentModelIndex(index), refusal.message)
            return False
        return True

    def toggle(self, index: Index) -> bool:
        """Change the box of a cell. Raises UserError when Column.toggle refuses."""
        column, row = self.columns[index.column()], self.row_at(index.row())
        if column.checked is None or column.toggle is None:
            return False
        column.toggle(row, not column.checked(row))
        self.dataChanged.emit(index, index)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        row, column = self.row_at(index.row()), self.columns[index.column()]
        if self._band is not None and self._band(row) is not None:
            # The arrows pass over a title.
            return Qt.ItemFlag.ItemNeverHasChildren
        result = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        if column.can_edit(row):
            result |= Qt.ItemFlag.ItemIsEditable
        if column.checked is not None and column.toggle is not None:
            result |= Qt.ItemFlag.ItemIsUserCheckable
        return result

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tooltip or None
        return None

    def _reorder(self) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [(index, self._order[index.row()]) for index in before]
        self._order = self._ordering.order()
        if kept:
            positions = {index: position for position, index in enumerate(self._order)}
            after = [
                self.index(positions[row], index.column()) if row in positions else QModelIndex() for index, row in kept
            ]
            self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
        self._count()

    def _count(self) -> None:
        self.counted.emit(len(self._order), len(self._ordering.rows))


def _own_id(row: object) -> object:
    return cast(Any, row).id if hasattr(row, "id") else row
