"""One tab per scenario, a star on the retained one; « + » copies the one shown, its name is written in place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QTabBar, QToolButton, QWidget

from cv_desktop.db.queries.scenarios import ScenarioRow
from cv_desktop.domain.scenarios import LONGEST, rule_words
from cv_desktop.ui import icons, theme

RETAINED = "scénario retenu"


class ScenarioTabs(QWidget):
    """``put(rows, shown)``; each gesture tells what is wanted of a scenario, by its key."""

    chosen = Signal(str)
    copy_wanted = Signal(str)
    name_wanted = Signal(str, str)
    retain_wanted = Signal(str)
    removal_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ScenarioRow] = []
        self.bar = QTabBar()
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(True)
        self.bar.setAccessibleName("Scénarios de la campagne")
        self.bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.add, self.more = self._tool("plus", "Dupliquer ce scénario"), self._tool("ellipsis", "Autres gestes")
        self.more.setToolTip("Renommer, retenir ou supprimer ce scénario")
        self.more.setAccessibleName("Renommer, retenir ou supprimer ce scénario")
        self.name = QLineEdit(self)
        self.name.setMaxLength(LONGEST)
        self.name.setAccessibleName("Nom du scénario")
        self.name.hide()
        self.name.installEventFilter(self)
        self.bar.installEventFilter(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.bar)
        layout.addWidget(self.add)
        layout.addWidget(self.more)
        self.bar.currentChanged.connect(self._changed)
        self.bar.tabBarDoubleClicked.connect(lambda _at: self.rename())
        self.bar.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.bar.customContextMenuRequested.connect(self._menu_at)
        self.add.clicked.connect(lambda: self.copy_wanted.emit(self.shown))
        self.more.clicked.connect(lambda: self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height()))))

    @property
    def wanted(self) -> int:
        """The width in which every name is whole."""
        names = sum(self.bar.tabSizeHint(at).width() for at in range(self.bar.count()))
        return names + sum(x.sizeHint().width() + 2 for x in (self.add, self.more))

    @property
    def shown(self) -> str:
        """The key of the scenario shown, empty before there is any."""
        at = self.bar.currentIndex()
        return self._rows[at].id if 0 <= at < len(self._rows) else ""

    def put(self, rows: Sequence[ScenarioRow], shown: str) -> None:
        """Show these scenarios, with ``shown`` before the others."""
        self.setVisible(bool(rows))
        if list(rows) == self._rows and shown == self.shown:
            return
        self._rows = list(rows)
        self.bar.blockSignals(True)
        while self.bar.count() > len(rows):
            self.bar.removeTab(self.bar.count() - 1)
        for at, row in enumerate(rows):
            if at == self.bar.count():
                self.bar.addTab("")
            self.bar.setTabText(at, row.label.replace("&", "&&"))
            self.bar.setTabIcon(at, icons.icon("star", "accent", 16) if row.retained else QIcon())
            said = f"{row.label}, {RETAINED}" if row.retained else row.label
            self.bar.setAccessibleTabName(at, said)
            rule = rule_words(row.rule)
            self.bar.setTabToolTip(at, f"{said}\nRègle : {rule}" if rule else said)
            if row.id == shown:
                self.bar.setCurrentIndex(at)
        self.bar.blockSignals(False)

    def menu(self) -> QMenu:
        """What may be done of the scenario shown."""
        row = self._rows[self.bar.currentIndex()]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Renommer…\tF2", self.rename)
        menu.addAction("Dupliquer", lambda: self.copy_wanted.emit(row.id))
        retain = menu.addAction("Retenir ce scénario", lambda: self.retain_wanted.emit(row.id))
        remove = menu.addAction("Supprimer", lambda: self.removal_wanted.emit(row.id))
        retain.setEnabled(not row.retained)
        remove.setEnabled(not row.retained)
        if row.retained:
            remove.setText("Supprimer (retenez d’abord un autre scénario)")
        return menu

    def rename(self) -> None:
        """The name of the scenario shown becomes a field; Entrée writes it, Échap leaves it."""
        at = self.bar.currentIndex()
        if at < 0:
            return
        place = self.bar.tabRect(at).translated(self.bar.pos())
        self.name.setText(self._rows[at].label)
        self.name.setGeometry(place.adjusted(0, 2, theme.px(60), -2))
        self.name.selectAll()
        self.name.show()
        self.name.raise_()
        self.name.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self.bar and event.key() == Qt.Key.Key_F2:
                self.rename()
                return True
            if watched is self.name and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._named()
                return True
            if watched is self.name and event.key() == Qt.Key.Key_Escape:
                self.name.hide()
                self.bar.setFocus()
                return True
        if watched is self.name and event.type() == QEvent.Type.FocusOut and self.name.isVisible():
            self._named()
        return super().eventFilter(watched, event)

    def _named(self) -> None:
        self.name.hide()
        at = self.bar.currentIndex()
        if self.name.text().strip() != self._rows[at].label:
            self.name_wanted.emit(self._rows[at].id, self.name.text())

    def _changed(self, _at: int) -> None:
        if self.shown:
            self.chosen.emit(self.shown)

    def _menu_at(self, place: QPoint) -> None:
        at = self.bar.tabAt(place)
        if at >= 0:
            self.bar.setCurrentIndex(at)
        self.menu().popup(self.bar.mapToGlobal(place))

    @staticmethod
    def _tool(icon: str, name: str) -> QToolButton:
        button = QToolButton()
        theme.set_kind(button, "tool", small=True)
        icons.dress(button, icon, "text", 16)
        button.setToolTip(name)
        button.setAccessibleName(name)
        return button
