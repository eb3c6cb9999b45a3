"""The left side: which letters, what is done with those ticked, the table, the work under way."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.ui import icons, theme
from cv_desktop.ui.card import rule
from cv_desktop.ui.elided_button import ElidedButton
from cv_desktop.ui.letters.columns import LATE_RECEIPT, columns
from cv_desktop.ui.letters.entries import (
    ALL,
    EVERYTHING,
    OVERDUE,
    SENT,
    TABS,
    TO_READ,
    TO_SEND,
    TO_SIGN,
    Choice,
    Entry,
    in_tab,
)
from cv_desktop.ui.progress_panel import ProgressPanel
from cv_desktop.ui.tables.arrangement import Memory
from cv_desktop.ui.tables.filter_field import FilterField
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NONE_YET = "Aucun courrier. Ils se préparent dès qu’un dossier est déposé, puis quand un vote est enregistré."
NONE_HERE = "Aucun courrier dans cet onglet."


class Outbox(QWidget):
    """``put(entries, choices)``; ``changed`` when the person chose another tab or lot."""

    changed = Signal()

    def __init__(self, toggle: Callable[[Entry, bool], None], memory: Memory) -> None:
        super().__init__()
        self._memory = memory
        self.entries: list[Entry] = []
        model: RowsModel[Entry] = RowsModel(
            columns(toggle), search=lambda x: f"{x.row.structure}\n{x.row.application_number}\n{x.row.number}"
        )
        self.model = model
        self.table = TableView(
            model,
            name="Courriers",
            memory=memory,
            empty=NONE_YET,
            empty_button="Préparer les courriers",
            no_match="Aucun courrier ne correspond aux filtres.",
        )
        self.heading, self.about = QLabel("Courriers"), QLabel()
        self.choice = QComboBox()
        self.tabs = QTabBar()
        self.filter = FilterField(self.table, "Filtrer", counter=False)
        self.all_box, self.counted = QCheckBox(), QLabel()
        self.by_hand = QPushButton("Préparer un courrier…")
        self.prepare, self.issue = QPushButton("Préparer les courriers"), ElidedButton("Générer les PDF…")
        self.mark, self.sign = ElidedButton("Marquer relus"), ElidedButton("Apposer la signature…")
        self.send, self.more = ElidedButton("Marquer envoyés…"), QPushButton("Autres")
        self.others = QMenu(self)
        self.more.setMenu(self.others)
        self.folder = ElidedButton("Ouvrir le dossier des PDF")
        self.work = ProgressPanel("Vous pouvez continuer à relire. Les PDF déjà produits sont gardés.")
        self._counts: list[QLabel] = []
        self._added: list[tuple[str, str]] = []
        self._added_counts: list[QLabel] = []
        self.pages = QStackedWidget()
        self._dress()
        self._lay_out()
        self.tabs.currentChanged.connect(self._tab_changed)
        self.choice.activated.connect(lambda _at: self._show())
        self.filter.changed.connect(lambda _text: self.changed.emit())

    @property
    def tab(self) -> str:
        """The tab in view; one that was added shows no letter."""
        return (*TABS, *self._added)[max(0, self.tabs.currentIndex())][0]

    def add_tab(self, key: str, word: str, page: QWidget) -> None:
        """A tab more, with ``page`` in the place of the letters."""
        self._added.append((key, word))
        self._added_counts.append(self._dress_tab(word))
        self.pages.addWidget(page)
        if self._memory.get("tab") == key:
            self.select_tab(key)

    def count_tab(self, key: str, count: int) -> None:
        """How many things wait in a tab that was added."""
        at = next(i for i, (found, _word) in enumerate(self._added) if found == key)
        self._tell_count(len(TABS) + at, self._added_counts[at], count)

    def put(self, entries: Sequence[Entry], choices: Sequence[Choice]) -> None:
        """Every letter of the campaign; the lot and the tab chosen stay."""
        self.entries = list(entries)
        kept: Choice = self.choice.currentData() or EVERYTHING
        self.choice.blockSignals(True)
        self.choice.clear()
        for choice in choices:
            self.choice.addItem(choice.label, choice)
        self.choice.setCurrentIndex(max(0, next((i for i, x in enumerate(choices) if x == kept), 0)))
        self.choice.blockSignals(False)
        self._show()

    def shown(self) -> list[Entry]:
        """The letters under the eye: tab, lot and filter."""
        return self.model.rows()

    def kept(self) -> list[Entry]:
        """The letters of the lot or kind chosen, whatever the tab."""
        choice: Choice = self.choice.currentData() or EVERYTHING
        return [entry for entry in self.entries if choice.keeps(entry.row)]

    def ticked(self) -> list[Entry]:
        # The table may still hold back rows while a box is being changed: the boxes are those of the entries.
        boxes = {entry.id for entry in self.entries if entry.ticked}
        return [entry for entry in self.shown() if entry.id in boxes]

    def select_tab(self, tab: str) -> None:
        self.tabs.setCurrentIndex(next(i for i, (key, _word) in enumerate((*TABS, *self._added)) if key == tab))

    def open(self, what: str) -> None:
        """Every letter of a tab, or of « overdue » those whose receipt should have come back."""
        self.choice.setCurrentIndex(0)
        self.table.clear_filters()
        self.select_tab(SENT if what == OVERDUE else what)
        if what == OVERDUE:
            self.model.set_column_filter("alert", [LATE_RECEIPT])
        self._show()

    def tell_ticked(self) -> None:
        """Counts the boxes, and says so in the line of the verbs."""
        shown, ticked = self.shown(), self.ticked()
        count = len(ticked)
        self.counted.setText(f"{count} coché{'s' if count > 1 else ''}")
        self.all_box.blockSignals(True)
        self.all_box.setChecked(bool(shown) and count == len(shown))
        self.all_box.blockSignals(False)
        self.all_box.setEnabled(bool(shown))
        self.mark.setEnabled(any(entry.readable for entry in ticked))

    def _show(self) -> None:
        for button, tabs in ((self.mark, (TO_READ, ALL)), (self.issue, (TO_READ, TO_SIGN)), (self.sign, (TO_SIGN, ALL)),
                             (self.send, (TO_SEND, ALL))):  # fmt: skip
            button.setVisible(self.tab in tabs)
        kept = self.kept()
        for at, ((tab, _word), label) in enumerate(zip(TABS, self._counts, strict=True)):
            self._tell_count(at, label, sum(in_tab(entry.row, tab) for entry in kept))
        self.about.setText(self._sentence(kept))
        self.about.setToolTip(self.about.text())
        self.table.set_rows([entry for entry in kept if in_tab(entry.row, self.tab)])
        bare = not self.entries
        self.table.nothing.set_text(NONE_YET if bare else NONE_HERE, "Préparer les courriers" if bare else "")
        self.tell_ticked()
        self.changed.emit()

    def _tab_changed(self) -> None:
        self._memory["tab"] = self.tab
        added = self.tabs.currentIndex() - len(TABS)
        self.pages.setCurrentIndex(max(0, added + 1))
        for widget in (self.filter, self.choice):
            widget.setVisible(added < 0)
        self._show()

    def _tell_count(self, at: int, label: QLabel, count: int) -> None:
        label.setText(str(count))
        width = max(theme.px(30), label.fontMetrics().horizontalAdvance(label.text()) + theme.px(12))
        if width != label.width():
            label.setFixedWidth(width)
            # Put again, so that the bar makes room for it.
            self.tabs.setTabButton(at, QTabBar.ButtonPosition.RightSide, None)
            self.tabs.setTabButton(at, QTabBar.ButtonPosition.RightSide, label)
            label.show()
        self.tabs.setAccessibleTabName(at, f"{self.tabs.tabText(at)}, {count}")

    def _dress_tab(self, word: str) -> QLabel:
        at = self.tabs.addTab(word)
        label = QLabel("0")
        label.setProperty("key", True)
        theme.set_type(label, "meta")
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setFixedSize(theme.px(30), theme.px(19))
        self.tabs.setTabButton(at, QTabBar.ButtonPosition.RightSide, label)
        return label

    def _sentence(self, kept: Sequence[Entry]) -> str:
        """« Lot du 14 avril · délibération n° 2026-B-014 », or the counts."""
        choice: Choice = self.choice.currentData() or EVERYTHING
        first = next(iter(kept), None)
        if choice.lot_id and first is not None:
            return f"{first.row.lot} · acte n° {first.row.act_number}"
        empty = sum(bool(entry.missing) for entry in kept)
        told = f"{len(kept)} courrier{'s' if len(kept) > 1 else ''}"
        return f"{told}, dont {empty} avec un champ vide" if empty else told

    def _dress(self) -> None:
        theme.set_type(self.heading, "title", weight=600)
        theme.set_type(self.about, "secondary", "secondary")
        theme.set_type(self.counted, "body", "secondary")
        self.choice.setAccessibleName("Lot ou type de courrier")
        self.choice.setMinimumWidth(theme.px(156))
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.tabs.setAccessibleName("État des courriers")
        self.tabs.setExpanding(False)
        self.tabs.setProperty("dense", True)
        self._counts += [self._dress_tab(word) for _tab, word in TABS]
        kept = self._memory.get("tab", ALL)
        self.tabs.setCurrentIndex(next((i for i, (key, _w) in enumerate(TABS) if key == kept), 2))
        self.all_box.setAccessibleName("Cocher tous les courriers affichés")
        self.all_box.setToolTip("Cocher tous les courriers affichés")
        self.filter.line.setMinimumWidth(theme.px(110))
        self.filter.line.setMaximumWidth(theme.px(160))
        theme.set_kind(self.issue, "primary")
        for button in (self.mark, self.sign, self.send, self.more):
            theme.set_kind(button, "secondary")
        icons.dress(self.more, "chevron-down", "text", 14)
        theme.set_kind(self.prepare, "secondary", small=True)
        theme.set_kind(self.by_hand, "secondary", small=True)
        icons.dress(self.by_hand, "pencil")
        icons.dress(self.prepare, "mail-plus")
        self.about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        theme.set_kind(self.folder, "link", small=True)
        icons.dress(self.folder, "folder-open", "accent")

    def _lay_out(self) -> None:
        head = QFrame()
        head.setProperty("surface", "chrome")
        above = QVBoxLayout(head)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(0)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.heading)
        words.addWidget(self.about)
        top = QHBoxLayout()
        top.setContentsMargins(18, 12, 18, 4)
        top.setSpacing(8)
        top.addLayout(words, 1)
        top.addWidget(self.filter)
        top.addWidget(self.choice)
        row = QHBoxLayout()
        row.setContentsMargins(10, 2, 18, 0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        verbs = QFrame()
        verbs.setProperty("surface", "chrome")
        line = QHBoxLayout(verbs)
        line.setContentsMargins(11, 7, 18, 7)
        line.setSpacing(8)
        line.addWidget(self.all_box)
        line.addWidget(self.counted)
        line.addStretch(1)
        for button in (self.mark, self.issue, self.sign, self.send, self.more):
            line.addWidget(button)
        foot = QFrame()
        foot.setProperty("surface", "chrome")
        under = QHBoxLayout(foot)
        under.setContentsMargins(12, 4, 18, 4)
        under.addWidget(self.prepare)
        under.addWidget(self.by_hand)
        under.addWidget(self.folder)
        under.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        above.addLayout(top)
        above.addLayout(row)
        letters = QVBoxLayout()
        letters.setContentsMargins(0, 0, 0, 0)
        letters.setSpacing(0)
        letters.addWidget(verbs)
        letters.addWidget(rule())
        letters.addWidget(self.table, 1)
        letters.addWidget(rule())
        letters.addWidget(self.work)
        letters.addWidget(foot)
        inside = QWidget()
        inside.setLayout(letters)
        self.pages.addWidget(inside)
        layout.addWidget(head)
        layout.addWidget(rule())
        layout.addWidget(self.pages, 1)
