"""The editable list of the campaigns, by groups, with the phase of the chosen one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from cv_desktop.ui import icons, look, theme
from cv_desktop.ui.calls_selection import CallChoice
from cv_desktop.ui.chip import Chip

WIDTH = 288
ALL = "Toutes les campagnes"
_ID = Qt.ItemDataRole.UserRole


class CallSelector(QComboBox):
    """``chosen(id)``, None for all of them. Typing filters; a text that names nothing is put back on leaving."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phase = Chip("", "info", title="Phase", parent=self)
        self._phase.hide()
        self._ids: dict[str, str | None] = {}
        self._phases: dict[str, str] = {}
        self.setAccessibleName("Campagne")
        self.setToolTip("Campagne affichée dans tous les écrans")
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(20)
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.activated.connect(self._named)
        self.setCompleter(completer)
        field = self._field()
        field.setPlaceholderText("Aucune campagne")
        icon = field.addAction(icons.icon("calendar-days"), QLineEdit.ActionPosition.LeadingPosition)
        icons.dress(icon, "calendar-days", "accent", 18)
        field.editingFinished.connect(self._left)
        field.textEdited.connect(lambda: self._phase.hide())
        self._current: str | None = None
        self.activated.connect(self._picked)
        theme.current().changed.connect(self._fit)
        self._fit()

    def offer(self, choices: tuple[CallChoice, ...], current: str | None) -> None:
        """Fills the list: groups in their order of arrival, « Toutes » last."""
        model = QStandardItemModel(self)
        self._ids = {}
        for group in dict.fromkeys(x.group for x in choices):
            heading = QStandardItem(group)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            heading.setFont(look.font("meta", 600))
            model.appendRow(heading)
            for choice in (x for x in choices if x.group == group):
                model.appendRow(self._item(choice.label, choice.id))
        if choices:
            model.appendRow(self._item(ALL, None))
        self._phases = {x.id: x.phase for x in choices}
        self.setModel(model)
        self._names.setStringList(list(self._ids))
        self.show_call(current)

    def show_call(self, call_id: str | None) -> None:
        """Shows the campaign in force, without asking for it."""
        self._current = call_id
        label = next((name for name, id in self._ids.items() if id == call_id), "")
        row = next((i for i in range(self.count()) if label and self.itemText(i) == label), -1)
        self.setCurrentIndex(row)
        self.setEditText(label)
        self._field().setCursorPosition(0)
        phase = self._phases.get(call_id or "", "")
        self._phase.set_badge(phase, "info")
        self._phase.setVisible(bool(phase))
        self.setAccessibleDescription(f"{label}, phase : {phase}" if phase else label)
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(look.px(WIDTH), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._field().selectAll()

    def _field(self) -> QLineEdit:
        field = self.lineEdit()
        assert field is not None
        return field

    def _item(self, label: str, call_id: str | None) -> QStandardItem:
        item = QStandardItem(label)
        item.setData(call_id, _ID)
        self._ids[label] = call_id
        return item

    def _picked(self, row: int) -> None:
        index: QModelIndex = self.model().index(row, 0)
        if index.flags() & Qt.ItemFlag.ItemIsEnabled:
            self._choose(self.itemText(row))

    def _named(self, label: str) -> None:
        self._choose(label)

    def _left(self) -> None:
        self._choose(self.currentText())

    def _choose(self, label: str) -> None:
        if label in self._ids and self._ids[label] != self._current:
            self.chosen.emit(self._ids[label])
        else:
            self.show_call(self._current)

    def _fit(self) -> None:
        self.setFixedWidth(look.px(WIDTH))
        # The style sheet gives every field a frame and a padding; this one lies in the frame of the list.
        self._field().setStyleSheet(
            "QLineEdit { border: none; padding: 0; font-weight: 600; background: transparent; }"
        )
        self._place()

    def _place(self) -> None:
        size = self._phase.sizeHint()
        self._phase.resize(size)
        self._phase.move(self.width() - size.width() - look.px(28), (self.height() - size.height()) // 2)
