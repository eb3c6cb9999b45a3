"""One campaign: what it is, its figures, its tabs."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QTabWidget, QVBoxLayout, QWidget

from cv_desktop.db.queries import envelopes
from cv_desktop.domain.money import euros, group
from cv_desktop.ui import icons, theme
from cv_desktop.ui.calls.calendar_tab import CalendarTab
from cv_desktop.ui.calls.call_list import Entry, phase_badge
from cv_desktop.ui.calls.committee_tab import CommitteeTab
from cv_desktop.ui.calls.documents_tab import DocumentsTab
from cv_desktop.ui.calls.envelope_tab import EnvelopeTab
from cv_desktop.ui.calls.grid_tab import GridTab
from cv_desktop.ui.calls.letters_tab import LettersTab
from cv_desktop.ui.calls.phases_tab import PhasesTab
from cv_desktop.ui.calls.rounds_tab import RoundsTab
from cv_desktop.ui.calls.rules_tab import RulesTab
from cv_desktop.ui.calls.tab import Tab
from cv_desktop.ui.calls.trial_tab import TrialTab
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.key_figures import Figure, KeyFigures

COMPACT_UNDER = 800


class CallRecord(QWidget):
    """The tab shown is the only one that reads."""

    work_asked = Signal(str)
    copy_asked = Signal(object)  # CallRow
    export_asked = Signal(object)  # CallRow
    import_asked = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.entry: Entry | None = None
        self.title, self.detail = QLabel(), QLabel()
        theme.set_type(self.title, "title", weight=600)
        theme.set_type(self.detail, "secondary", "secondary")
        self.phase = Chip("", "info", title="Phase")
        self.work = QPushButton("Travailler sur cette campagne")
        theme.set_kind(self.work, "primary")
        self.work.clicked.connect(lambda: self.work_asked.emit(self.entry.id if self.entry else ""))
        self.figures = KeyFigures()
        self.more = QPushButton("Paramétrage")
        icons.dress(self.more, "chevron-down", "text", 14)
        theme.set_kind(self.more, "secondary")
        menu = QMenu(self.more)
        menu.addAction("&Dupliquer pour une autre année…", lambda: self._ask(self.copy_asked))
        menu.addAction("&Exporter le paramétrage…", lambda: self._ask(self.export_asked))
        menu.addAction("&Importer un paramétrage…", self.import_asked.emit)
        self.more.setMenu(menu)
        self.rules, self.envelope, self.grid = RulesTab(context), EnvelopeTab(context), GridTab(context)
        self.committee, self.letters = CommitteeTab(context), LettersTab(context)
        self.calendar, self.rounds, self.documents = CalendarTab(context), RoundsTab(context), DocumentsTab(context)
        self.trial, self.phases = TrialTab(context), PhasesTab(context)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Campagne")
        for tab, words in (
            (self.rules, "Règlement"),
            (self.calendar, "Calendrier"),
            (self.rounds, "Sessions"),
            (self.documents, "Pièces"),
            (self.grid, "Grille"),
            (self.envelope, "Enveloppes"),
            (self.committee, "Comité"),
            (self.letters, "Courriers"),
            (self.trial, "Essai"),
            (self.phases, "Phases"),
        ):
            self.tabs.addTab(tab, words)
        self.tabs.currentChanged.connect(lambda _index: self._show_tab())
        self._lay_out()

    def show_entry(self, entry: Entry) -> None:
        self.entry = entry
        row = entry.row
        badge = phase_badge(entry.phase)
        self.title.setText(row.label)
        self.phase.set_badge(badge.word, badge.status, badge.icon)
        self.detail.setText("  ·  ".join((row.code, row.scheme_label, str(row.year))))
        self.work.setVisible(self.context.calls.id != row.id)
        free = self.context.read(envelopes.buckets, call_id=row.id, viewer=self.context.viewer).free_cents
        doubts = row.to_validate
        self.figures.set_figures(
            [
                Figure("Enveloppe", euros(row.envelope_cents)),
                Figure("Libre" if free >= 0 else "Dépassement", euros(abs(free)), status="danger" if free < 0 else ""),
                Figure("Dossiers", group(row.applications)),
                Figure("Demandé", euros(row.asked_cents)),
                Figure(
                    "Règlement à valider",
                    str(doubts),
                    icon="triangle-alert" if doubts else "",
                    status="warning" if doubts else "",
                ),
            ]
        )
        self._show_tab()

    def show_tab(self, noun: str) -> None:
        """« envelope », « committee », « round », « phase »; anything else is the règlement."""
        places: dict[str, tuple[QWidget, QWidget]] = {
            "envelope": (self.envelope, self.envelope.amount),
            "committee": (self.committee, self.committee.members.name),
            "round": (self.rounds, self.rounds.table),
            "phase": (self.phases, self.phases.table),
        }
        tab, field = places.get(noun, (self.rules, self.rules.table))
        self.tabs.setCurrentWidget(tab)
        field.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.figures.set_compact(self.window().height() < COMPACT_UNDER)

    def _ask(self, signal: SignalInstance) -> None:
        if self.entry is not None:
            signal.emit(self.entry.row)

    def _show_tab(self) -> None:
        tab = self.tabs.currentWidget()
        if isinstance(tab, Tab) and self.entry is not None:
            tab.show_call(self.entry.row)

    def _lay_out(self) -> None:
        line, names, top = QHBoxLayout(), QVBoxLayout(), QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.title)
        line.addWidget(self.phase)
        line.addStretch(1)
        names.setSpacing(2)
        names.addLayout(line)
        names.addWidget(self.detail)
        top.setSpacing(12)
        top.addLayout(names, 1)
        top.addWidget(self.more)
        top.addWidget(self.work)
        head = QFrame()
        head.setProperty("surface", "chrome")
        inside = QVBoxLayout(head)
        inside.setContentsMargins(18, 10, 18, 8)
        inside.setSpacing(8)
        inside.addLayout(top)
        inside.addWidget(self.figures)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self.tabs, 1)
