"""The record of a file: header, key figures, tabs."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTabWidget, QToolButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import application_records
from cv_desktop.domain.money import euros, group, percent
from cv_desktop.ui import icons, regions, theme
from cv_desktop.ui.applications.decision import Decision
from cv_desktop.ui.applications.documents import Documents
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.applications.instruction import Instruction
from cv_desktop.ui.applications.papers import tab_title
from cv_desktop.ui.applications.passages import Passages
from cv_desktop.ui.applications.project import Project
from cv_desktop.ui.applications.rows import amount
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.elided_button import ElidedButton
from cv_desktop.ui.elided_label import ElidedLabel
from cv_desktop.ui.journal_list import JournalList
from cv_desktop.ui.key_figures import Figure, KeyFigures
from cv_desktop.ui.look import px

NARROW = 880  # under it the key figures take their short names
LOW = 640  # of the record; a window of 720 leaves less
TABS = ("instruction", "project", "documents", "decision", "journal")


class Record(QWidget):
    """``step_asked(±1)`` for the next or previous file of the list."""

    step_asked = Signal(int)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.dossier: Dossier | None = None
        self.passages = Passages(context, self)
        self.passages.tab_asked.connect(self.show_tab)
        self.number, self.quarters, self.title = QLabel(), ElidedLabel(), ElidedLabel()
        theme.set_type(self.number, "body", "accent", 600)
        theme.set_type(self.quarters, "body", "secondary")
        theme.set_type(self.title, "title", weight=600)
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.structure = ElidedButton()
        theme.set_kind(self.structure, "link", small=True)
        self.structure.clicked.connect(self.passages.open_structure)
        self.chip = Chip("", "neutral")
        self.previous = self._arrow("chevron-up", "Dossier précédent (Ctrl+↑)", -1)
        self.next = self._arrow("chevron-down", "Dossier suivant (Ctrl+↓)", 1)
        self.primary = ElidedButton()
        theme.set_kind(self.primary, "primary")
        self.primary.clicked.connect(self.passages.next)
        self.more = QToolButton()
        theme.set_kind(self.more, "secondary")
        icons.dress(self.more, "ellipsis", "text", 16)
        self.more.setToolTip("Autres actions sur ce dossier")
        self.more.setAccessibleName("Autres actions sur ce dossier")
        self.more.clicked.connect(self._open_menu)
        self.silence = ElidedLabel()
        self.figures = KeyFigures()
        self.instruction = Instruction(context)
        self.project = Project(context)
        self.documents = Documents(context)
        self.decision = Decision(context)
        self.journal = JournalList(context, "application")
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for page, words in (
            (self.instruction, "Instruction"),
            (self.project, "Projet"),
            (self.documents, "Pièces"),
            (self.decision, "Décision"),
            (self.journal, "Journal"),
        ):
            self.tabs.addTab(page, words)
        self.tabs.tabBar().setAccessibleName("Parties du dossier")
        self.tabs.currentChanged.connect(lambda _: self._show_tab())
        self.instruction.way_asked.connect(self._way)
        self.instruction.file_asked.connect(self._open_other)
        self.instruction.checks.eligible_asked.connect(self.passages.declare_eligible)
        self.instruction.checks.ineligible_asked.connect(self.passages.declare_ineligible)
        self.instruction.checks.request_asked.connect(self.passages.request)
        self.instruction.checks.derogation_asked.connect(self.passages.derogate)
        self.documents.ask_asked.connect(self.passages.request)
        self.documents.letter_asked.connect(self.passages.open_letter)
        self.decision.visited.connect(context.visit)
        self._lay_out()

    def show_dossier(self, dossier: Dossier) -> None:
        """Shows a file; only the tab in front is filled, the others when they are opened."""
        self.dossier = dossier
        self.passages.show_dossier(dossier)
        row = dossier.record.row
        self.number.setText(row.number)
        self.number.setMinimumWidth(self.number.sizeHint().width())  # it is never cut: half a number is another file
        self.structure.setText(row.structure.replace("&", "&&"))
        self.structure.setAccessibleName(f"Ouvrir la structure {row.structure}")
        self.structure.setToolTip(f"Ouvrir la structure {row.structure}")
        self.quarters.setText(f"· {row.quarters}" if row.quarters else "· Quartiers non renseignés")
        self.title.setText(row.title)
        self.chip.set_badge(row.status.label, row.status.tint, row.status.icon)
        step = dossier.next_step
        self.primary.setVisible(step is not None)
        self.primary.setText(step.label if step else "")
        self.primary.setToolTip(self.primary.text())
        self._show_silence(dossier)
        self._show_figures(dossier)
        self.tabs.setTabText(TABS.index("documents"), tab_title(dossier))
        self._show_tab()

    def show_tab(self, key: str) -> None:
        self.tabs.setCurrentIndex(TABS.index(key))
        self.enter()

    def enter(self) -> None:
        """Puts the focus in the tab in front."""
        regions.enter(self.regions()[-1])

    def regions(self) -> list[QWidget]:
        """The header with its button, then the parts of the tab."""
        page = self.tabs.currentWidget()
        if page is self.instruction:
            return [self.primary, self.tabs.tabBar(), self.instruction.checks, self.instruction.budget.table]
        return [self.primary, self.tabs.tabBar(), page]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.figures.set_compact(self.height() < LOW)
        if self.dossier:
            self._show_figures(self.dossier)

    def _show_silence(self, dossier: Dossier) -> None:
        """The day silence is a rejection, in the header: its tint says how near, its tooltip how it was found."""
        silence = dossier.silence
        self.silence.setVisible(silence is not None)
        if silence is None:
            return
        near = silence.over or silence.near(dossier.silence_alert_days)
        tone = "danger" if silence.over else "warning" if near else "secondary"
        theme.set_type(self.silence, "secondary", "secondary" if silence.decided_on else tone)
        self.silence.setText(silence.sentence)
        self.silence.setToolTip(f"{silence.sentence}. {silence.detail}")
        self.silence.setAccessibleDescription(silence.detail)

    def _show_figures(self, dossier: Dossier) -> None:
        self.figures.set_figures(_figures(dossier, short=self.width() < px(NARROW)))

    def _show_tab(self) -> None:
        dossier, page = self.dossier, self.tabs.currentWidget()
        if dossier is None:
            return
        if page is self.journal:
            self.journal.show_entries(dossier.id)
        elif isinstance(page, (Instruction, Project, Documents, Decision)):
            page.show_dossier(dossier)

    def _way(self, place: str) -> None:
        if place == "structure":
            self.passages.open_structure()
        else:
            self.show_tab(place)

    def _open_other(self, number: str) -> None:
        key = self._context.read(application_records.key_of, number=number)
        self._context.visit.emit("applications", "application", key)

    def _open_menu(self) -> None:
        menu = self.passages.menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        corner = self.more.mapToGlobal(QPoint(self.more.width(), self.more.height()))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))

    def _arrow(self, icon: str, words: str, step: int) -> QToolButton:
        button = QToolButton()
        theme.set_kind(button, "secondary")
        icons.dress(button, icon, "text", 16)
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.clicked.connect(lambda: self.step_asked.emit(step))
        return button

    def _lay_out(self) -> None:
        names = QHBoxLayout()
        names.setSpacing(4)
        names.addWidget(self.number)
        names.addWidget(self.structure)
        names.addWidget(self.quarters, 1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(names)
        words.addWidget(self.title)
        words.addWidget(self.silence)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addLayout(words, 1)
        for widget in (self.chip, self.previous, self.next, self.primary, self.more):
            top.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        head = QVBoxLayout()
        head.setContentsMargins(20, 12, 16, 4)
        head.setSpacing(8)
        head.addLayout(top)
        head.addWidget(self.figures)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.tabs, 1)


def _figures(dossier: Dossier, *, short: bool) -> list[Figure]:
    record, row = dossier.record, dossier.record.row
    people, inside = record.beneficiaries, record.quarter_residents
    known = people is not None and inside is not None
    return [
        Figure("Demandé", amount(row, row.asked_cents)),
        Figure("Budget" if short else "Budget de l’action", amount(row, row.cost_cents)),
        Figure("Taux" if short else "Taux demandé", percent(row.asked_cents, row.cost_cents)),
        Figure("QPV" if short else "Public QPV", percent(inside or 0, people or 0, 0) if known else "–"),
        Figure("Public" if short else "Bénéficiaires", "–" if people is None else group(people)),
        Figure("Accordé", "–" if row.granted_cents is None else euros(row.granted_cents)),
    ]
