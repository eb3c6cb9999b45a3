"""Which columns are shown, in which order and width, and what is remembered of a table."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QTableView

from cv_desktop.ui.look import px
from cv_desktop.ui.tables.header import TableHeader
from cv_desktop.ui.tables.rows_model import RowsModel

Memory = MutableMapping[str, Any]
_MOST_VALUES = 40
_LEAST = 0.75  # of its width: with less, a name no longer says who
_AT_EASE = 1.25  # of its width: what is beyond serves the columns that cut their words first


class Arrangement(QObject):
    """Reads the memory once, writes it at each change, and offers the menus of the header."""

    changed = Signal()

    def __init__(self, view: QTableView, header: TableHeader, rows: RowsModel[Any], memory: Memory) -> None:
        super().__init__(view)
        self._view, self._header, self._rows, self._memory = view, header, rows, memory
        self._scale = _scale()
        self._yielded: set[int] = set()  # columns that gave their room to the stretching one
        self._kept: set[int] = set()  # those that a person asked for: they yield no more
        self._grown: dict[int, int] = {}  # columns wider than they were set, and the width that they go back to
        self.restore()
        header.sectionResized.connect(self._resized)
        header.sectionMoved.connect(self._save)
        header.asked.connect(self._open_menu)
        rows.headerDataChanged.connect(self._save)

    def restore(self) -> None:
        """As remembered, or as the columns say."""
        widths, hidden = self._memory.get("widths", {}), self._memory.get("hidden")
        for logical, column in enumerate(self._rows.columns):
            self._header.resizeSection(logical, px(widths.get(column.key) or column.width))
            self._header.setSectionHidden(logical, column.hidden if hidden is None else column.key in hidden)
        order = [self._rows.column_index(key) for key in self._memory.get("order", ())]
        for visual, logical in enumerate(found for found in order if found >= 0):
            self._header.moveSection(self._header.visualIndex(logical), visual)
        if sorts := self._memory.get("sorts"):
            self._rows.sort_by([(str(key), bool(down)) for key, down in sorts])

    def stretch(self, *, again: bool = False) -> None:
        """Give the stretching column what the others leave; where that is too little, some of them yield theirs.

        Where it is more than enough, those that grow take of it first.
        """
        header = self._header
        columns = list(enumerate(self._rows.columns))
        stretching = [at for at, column in columns if column.stretch and not header.isSectionHidden(at)]
        if not stretching:
            return
        logical = stretching[0]
        wanted = px(self._rows.columns[logical].width)
        header.blockSignals(True)
        self._come_back()
        for at in sorted((at for at, c in columns if c.yields), key=lambda at: self._rows.columns[at].yields):
            if self._room(logical) >= wanted * _LEAST:
                break
            if at not in self._kept and not header.isSectionHidden(at):
                self._yielded.add(at)
                header.setSectionHidden(at, True)
        spare = self._room(logical) - round(wanted * _AT_EASE)
        for at, column in columns:
            # Those that a person drew stay as they were drawn.
            if column.grows and not header.isSectionHidden(at) and header.sectionSize(at) == px(column.width):
                more = min(spare, px(column.grows) - header.sectionSize(at))
                if more > 0:
                    self._grown[at] = header.sectionSize(at)
                    header.resizeSection(at, header.sectionSize(at) + more)
                    spare -= more
        room = self._room(logical)
        # Below half its width one scrolls sideways: then it may as well be whole.
        header.resizeSection(logical, room if room >= wanted // 2 else wanted)
        header.blockSignals(False)
        before = self._view.viewport().width()
        self._view.updateGeometries()
        if self._view.viewport().width() > before and not again:
            # Its scroll bar went, and a table that is not painted yet is not told of it.
            self.stretch(again=True)
        self._view.viewport().update()

    def _come_back(self) -> None:
        for at in self._yielded:
            self._header.setSectionHidden(at, False)
        self._yielded.clear()
        for at, width in self._grown.items():
            self._header.resizeSection(at, width)
        self._grown.clear()

    def _resized(self, logical: int) -> None:
        self._grown.pop(logical, None)
        self._save()

    def _room(self, logical: int) -> int:
        return self._view.viewport().width() - self._header.length() + self._header.sectionSize(logical)

    def rescale(self) -> None:
        """The same columns at another size of text: left as they are, they would cut the figures."""
        before, self._scale = self._scale, _scale()
        if before == self._scale:
            return
        known = self._memory.get("widths", {})
        self._header.blockSignals(True)
        self._come_back()
        for logical, column in enumerate(self._rows.columns):
            shown = not self._header.isSectionHidden(logical)
            own = round(self._header.sectionSize(logical) / before) if shown else known.get(column.key) or column.width
            self._header.resizeSection(logical, px(own))
        self._header.blockSignals(False)
        self._save()
        self.stretch()

    def reset(self) -> None:
        """Back to the columns as they were first shown."""
        self._rows.sort_by([])
        for logical in range(self._header.count()):
            self._header.moveSection(self._header.visualIndex(logical), logical)
        # Emptied last: each change above was remembered.
        for key in ("widths", "hidden", "order", "sorts"):
            self._memory.pop(key, None)
        self._yielded.clear()
        self._kept.clear()
        self._grown.clear()
        self.restore()
        self.changed.emit()

    def columns_menu(self) -> QMenu:
        """Boxes for the columns, « Ajuster les largeurs », « Revenir à la vue d’origine »."""
        menu = QMenu("Colonnes", self._view)
        for logical, column in enumerate(self._rows.columns):
            action = menu.addAction(column.title or column.tooltip or column.key)
            action.setCheckable(True)
            action.setChecked(not self._header.isSectionHidden(logical))
            action.setEnabled(action.isChecked() is False or self._shown() > 1)
            action.toggled.connect(lambda on, at=logical: self.show_column(at, on))
        menu.addSeparator()
        menu.addAction("Ajuster les largeurs", self._view.resizeColumnsToContents)
        menu.addAction("Revenir à la vue d’origine", self.reset)
        return menu

    def show_column(self, logical: int, shown: bool) -> None:
        self._yielded.discard(logical)
        if shown:
            self._kept.add(logical)
        self._header.setSectionHidden(logical, not shown)
        self._save()
        self.changed.emit()

    def values_menu(self, logical: int) -> QMenu | None:
        """The values of a column with their counts, to keep some of them; None when there are too many."""
        column = self._rows.columns[logical]
        if not column.filterable or self._rows.has_bands:
            return None
        values = self._rows.values(column.key)
        if not 1 < len(values) <= _MOST_VALUES:
            return None
        menu = QMenu(f"Filtrer\u00a0: {column.title}", self._view)
        kept = self._rows.column_filters.get(column.key)
        for text, count in values.items():
            action = menu.addAction(f"{text or 'Non renseigné'}   {count}")
            action.setCheckable(True)
            action.setChecked(kept is not None and text in kept)
            action.setData(text)
            action.toggled.connect(lambda _on, of=menu, key=column.key: self._keep(of, key))
        return menu

    def _keep(self, menu: QMenu, key: str) -> None:
        chosen = [action.data() for action in menu.actions() if action.isChecked()]
        self._rows.set_column_filter(key, chosen or None)
        self.changed.emit()

    def _open_menu(self, logical: int, place: QPoint) -> None:
        menu = self.columns_menu()
        first = menu.actions()[0]
        if logical >= 0:
            if not self._rows.has_bands:
                title = self._rows.columns[logical].title
                for text, down in ((f"Trier par {title}, croissant", False), (f"Trier par {title}, décroissant", True)):
                    sort = QAction(text, menu)
                    key = self._rows.columns[logical].key
                    sort.triggered.connect(lambda _on=False, k=key, d=down: self._rows.sort_by([(k, d)]))
                    menu.insertAction(first, sort)
            if (values := self.values_menu(logical)) is not None:
                menu.insertMenu(first, values)
            menu.insertSeparator(first)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _shown(self) -> int:
        return sum(not self._header.isSectionHidden(logical) for logical in range(self._header.count()))

    def _gone(self, logical: int) -> bool:
        """Hidden, or about to be: Qt tells that a section has no width left before it says that it is hidden."""
        return self._header.isSectionHidden(logical) or not self._header.sectionSize(logical)

    def _save(self) -> None:
        header, columns = self._header, self._rows.columns
        widths = {
            column.key: round(self._grown.get(logical, header.sectionSize(logical)) / self._scale)
            for logical, column in enumerate(columns)
            if not self._gone(logical)
        }
        self._memory["widths"] = self._memory.get("widths", {}) | widths
        self._memory["hidden"] = [
            c.key for logical, c in enumerate(columns) if self._gone(logical) and logical not in self._yielded
        ]
        self._memory["order"] = [columns[header.logicalIndex(visual)].key for visual in range(len(columns))]
        self._memory["sorts"] = [list(sort) for sort in self._rows.sorts]


def _scale() -> float:
    return px(100) / 100
