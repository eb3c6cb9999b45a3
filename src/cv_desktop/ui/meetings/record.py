"""One meeting: what it is, its figures, its next act, its tabs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QTabWidget, QVBoxLayout, QWidget

from cv_desktop.db.queries import usual_reasons
from cv_desktop.db.queries.meetings import MeetingRow
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.hours import spoken
from cv_desktop.domain.text import counted
from cv_desktop.services import closing, convocations, meetings, minutes_files
from cv_desktop.ui import dialogs, icons, theme
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.key_figures import Figure, KeyFigures
from cv_desktop.ui.look import px
from cv_desktop.ui.meetings.agenda_tab import AgendaTab
from cv_desktop.ui.meetings.concordance_tab import ConcordanceTab
from cv_desktop.ui.meetings.fairness_tab import FairnessTab
from cv_desktop.ui.meetings.meeting_list import state_badge
from cv_desktop.ui.meetings.members_tab import MembersTab
from cv_desktop.ui.meetings.minutes_tab import MinutesTab
from cv_desktop.ui.meetings.opinions_tab import OpinionsTab
from cv_desktop.ui.meetings.projection.desk_line import DeskLine
from cv_desktop.ui.meetings.projection.projection import Projection
from cv_desktop.ui.meetings.recusals_tab import RecusalsTab
from cv_desktop.ui.meetings.sheets_tab import SheetsTab
from cv_desktop.ui.meetings.tab import Tab
from cv_desktop.ui.message_bar import Message

NBSP = "\u00a0"
COMPACT_UNDER = 800
ALL_FIGURES = 760
_COMMITTEE = "Comité de la campagne"


class MeetingRecord(QWidget):
    """The tab shown is the only one that reads."""

    marking_asked = Signal(str, str)
    new_asked = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.call = ""
        self.meeting: MeetingRow | None = None
        self.title, self.detail = QLabel(), QLabel()
        theme.set_type(self.title, "title", weight=600)
        theme.set_type(self.detail, "secondary", "secondary")
        self.state = Chip("", "neutral")
        self.act = QPushButton()
        theme.set_kind(self.act, "primary")
        self.act.clicked.connect(self._act)
        self.figures = KeyFigures()
        self.agenda, self.members = AgendaTab(context), MembersTab(context)
        self.recusals, self.sheets, self.opinions = RecusalsTab(context), SheetsTab(context), OpinionsTab(context)
        self.projection = Projection(context, self)
        self.desk_line = DeskLine(self.projection)
        self.projection.heard.connect(self._heard)
        self.projection.reveal_asked.connect(self.reveal)
        self.opinions.shown.connect(self.projection.call)
        self.minutes, self.concordance = MinutesTab(context), ConcordanceTab(context)
        self.fairness = FairnessTab(context)
        self.minutes.reopen_asked.connect(self.reopen)
        self.convene_button = QPushButton("&Convoquer…")
        theme.set_kind(self.convene_button, "secondary")
        icons.dress(self.convene_button, "send", "text", 16)
        self.convene_button.clicked.connect(self.convene)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for tab, words in (
            (self.agenda, "Ordre du jour"),
            (self.members, "Membres et présence"),
            (self.recusals, "Liens et déports"),
            (self.sheets, "Grilles"),
            (self.opinions, "Avis"),
            (self.fairness, "Dispersion"),
            (self.minutes, "Relevé d’avis"),
            (self.concordance, "Concordance"),
        ):
            self.tabs.addTab(tab, words)
        self.tabs.currentChanged.connect(lambda _i: self._show_tab())
        self.tabs.tabBarClicked.connect(self._clicked)
        self.sheets.marking_asked.connect(self.marking_asked)
        self.recusals.declarations.written.connect(self._tell_folder)
        self.opinions.reveal_asked.connect(self.reveal)
        self._lay_out()

    def show_meeting(self, call: str, meeting: MeetingRow | None) -> None:
        """A meeting, or the committee of a campaign that has none yet."""
        other = (meeting.id if meeting else "") != (self.meeting.id if self.meeting else "") or call != self.call
        self.call, self.meeting = call, meeting
        self.title.setText(meeting.label if meeting else _COMMITTEE)
        self.state.setVisible(meeting is not None)
        if meeting is None:
            self.detail.setText("Aucune séance pour l’instant : composez le comité, déclarez les liens, notez.")
        else:
            badge = state_badge(meeting)
            self.state.set_badge(badge.word, badge.status, badge.icon)
            day = long_date(meeting.held_on, weekday=True)
            hour = spoken(meeting.starts_at) if meeting.starts_at else ""
            told = f"convoquée le {long_date(meeting.convened_on)}" if meeting.convened_on else ""
            self.detail.setText("  ·  ".join(x for x in (day[0].upper() + day[1:], hour, meeting.place, told) if x))
        self.projection.show_meeting(meeting)
        self.desk_line.refresh()
        self._show_figures()
        for tab in (self.agenda, self.opinions, self.minutes, self.concordance):
            self.tabs.setTabVisible(self.tabs.indexOf(tab), meeting is not None)
        revealed = meeting is not None and meeting.revealed_at is not None
        self.tabs.setTabVisible(self.tabs.indexOf(self.fairness), revealed)
        self._show_act()
        if other and meeting is not None:
            self.tabs.setCurrentWidget(self.opinions if meeting.revealed_at else self.agenda)
        self._show_tab()

    def open_meeting(self) -> None:
        if self.meeting and self.context.do("ouverture", meetings.open_meeting, meeting_id=self.meeting.id) is None:
            self.tabs.setCurrentWidget(self.members)

    def reveal(self) -> None:
        """Confirmed: it cannot be undone."""
        meeting = self.meeting
        if meeting is None or meeting.revealed_at is not None:
            return
        if meeting.state != "open":
            self.context.do("révélation", meetings.reveal, meeting_id=meeting.id)  # the verb says why not
            return
        s = "s" if meeting.sheets > 1 else ""
        effects = [
            "Les notes deviennent visibles des membres présents.",
            f"Les grilles sont verrouillées{NBSP}: elles ne se modifient plus.",
            f"{meeting.files} dossiers, {meeting.present} membres présents.",
        ]
        title = f"Révéler {'les' if s else 'la'} {meeting.sheets} grille{s}{NBSP}?"
        if dialogs.confirm(self.projection.face, title, effects, "Révéler les grilles", "Attendre") and self.context.do(
            "révélation", meetings.reveal, meeting_id=meeting.id
        ):
            self.tabs.setCurrentWidget(self.opinions)
            self.opinions.setFocus()

    def close_meeting(self) -> None:
        """Confirmed: the notes and the minutes are frozen, the arbitration opens."""
        meeting = self.meeting
        if meeting is None:
            return
        effects = [
            f"{counted(meeting.opinions, 'avis')} sur {counted(meeting.files, 'dossier')}.",
            "Les avis et les montants proposés passent à l’arbitrage ; les notes et le relevé sont figés.",
            "Rouvrir la séance demandera un motif ; les deux versions du relevé seront gardées.",
        ]
        if meeting.reread_at is None:
            effects.insert(0, "Le relevé d’avis n’a pas été relu depuis le dernier avis.")
        title = f"Clore «{NBSP}{meeting.label}{NBSP}»{NBSP}?"
        if dialogs.confirm(self, title, effects, "Clore la séance", "Attendre") and self.context.do(
            "clôture", closing.close, meeting_id=meeting.id
        ):
            self._write_files(meeting.id)
            self.tabs.setCurrentWidget(self.minutes)

    def reopen(self) -> None:
        """Asked with a reason: both versions of the minutes stay."""
        meeting = self.meeting
        if meeting is None or meeting.state != "closed":
            return
        effects = [
            "Le relevé figé est gardé avec son empreinte et ce motif ; la prochaine clôture en fera une autre version.",
            "Les dossiers déjà soumis au vote ne changent plus d’avis.",
        ]
        reasons = self.context.read(usual_reasons.of_gesture, "seance_rouverte")
        reason = dialogs.ask_reason(
            self, f"Rouvrir «{NBSP}{meeting.label}{NBSP}»{NBSP}?", effects, "Rouvrir la séance", reasons=reasons
        )
        if reason is not None:
            self.context.do("réouverture", closing.reopen, meeting_id=meeting.id, reason=reason)

    def convene(self) -> None:
        """Confirmed: one page per member, in the folder of the base."""
        meeting = self.meeting
        if meeting is None:
            return
        effects = [
            f"{counted(meeting.members, 'convocation')}, une par membre, sans les dossiers de ses déports.",
            "Une déclaration d’intérêts à signer va avec chacune.",
            "Elles sont écrites en PDF dans le dossier de la base ; rien n’est envoyé.",
        ]
        if meeting.convened_on:
            effects.append(f"Celles du {long_date(meeting.convened_on)} sont remplacées.")
        title = f"Convoquer les membres à «{NBSP}{meeting.label}{NBSP}»{NBSP}?"
        if not dialogs.confirm(self, title, effects, "Faire les convocations", "Attendre"):
            return
        from cv_desktop.documents import declaration_pdf, letter_pdf

        try:
            changes, paths = convocations.issue(
                self.context.store,
                actor=self.context.actor,
                meeting_id=meeting.id,
                render=letter_pdf.render,
                render_form=declaration_pdf.render,
            )
        except UserError as refusal:
            self.context.messages.show_message(Message("danger", refusal.message))
            self.tabs.setCurrentWidget(self.agenda)
            return
        self.context.accept("", changes)
        self._tell_folder(
            f"{counted(meeting.members, 'convocation')} en PDF, chacune avec sa déclaration d’intérêts.",
            paths[0].parent,
        )

    def _write_files(self, meeting_id: str) -> None:
        try:
            paths = minutes_files.write_all(self.context.store, meeting_id=meeting_id)
        except UserError as refusal:
            # The closing is written; the files are made again from what it froze.
            self.context.messages.show_message(Message("warning", refusal.message))
            return
        self._tell_folder(f"Séance close{NBSP}: le relevé d’avis et son annexe sont écrits.", paths[0].parent)

    def _tell_folder(self, sentence: str, folder: Path) -> None:
        show = (("Ouvrir le dossier", lambda: open_folder(folder)),)
        self.context.messages.show_message(Message("success", sentence, str(folder), show))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.figures.set_compact(self.window().height() < COMPACT_UNDER)
        self._show_figures()

    def _act(self) -> None:
        meeting = self.meeting
        if meeting is None:
            self.new_asked.emit()
        elif meeting.state == "prepared":
            self.open_meeting()
        elif meeting.revealed_at is None:
            self.reveal()
        else:
            self.close_meeting()

    def _show_figures(self) -> None:
        meeting = self.meeting
        self.figures.setVisible(meeting is not None)
        if meeting is not None:
            figures = _figures(meeting)
            # The number of files is in the list, the déports have their tab: they give way first.
            self.figures.set_figures(figures if self.width() >= px(ALL_FIGURES) else figures[1:4])

    def _show_act(self) -> None:
        meeting = self.meeting
        if meeting is None:
            words = "Préparer une séance"
        elif meeting.state == "prepared":
            words = "Ouvrir la séance"
        else:
            words = "Révéler les grilles…" if meeting.revealed_at is None else "Clore la séance…"
        self.act.setText(words)
        self.convene_button.setVisible(meeting is not None and meeting.state == "prepared")
        self.act.setVisible(meeting is None or meeting.state != "closed")

    def _heard(self, application_id: str) -> None:
        """The desk follows the file that the room hears."""
        self.tabs.setCurrentWidget(self.opinions)
        self.opinions.show_file(application_id)

    def _clicked(self, index: int) -> None:
        if self.tabs.widget(index) is self.opinions:
            self.opinions.setFocus()  # its letters act at once

    def _show_tab(self) -> None:
        tab = self.tabs.currentWidget()
        if isinstance(tab, Tab) and self.call:
            tab.show_meeting(self.call, self.meeting)

    def _lay_out(self) -> None:
        names, line, top = QVBoxLayout(), QHBoxLayout(), QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.title)
        line.addWidget(self.state)
        line.addStretch(1)
        names.setSpacing(2)
        names.addLayout(line)
        names.addWidget(self.detail)
        top.setSpacing(12)
        top.addLayout(names, 1)
        top.addWidget(self.convene_button)
        top.addWidget(self.act)
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
        layout.addWidget(self.desk_line)
        layout.addWidget(self.tabs, 1)


def open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _figures(row: MeetingRow) -> list[Figure]:
    return [
        Figure("Dossiers", str(row.files)),
        Figure("Grilles rendues", f"{row.sheets} sur {row.sheets_expected}"),
        Figure("Présents", f"{row.present} sur {row.members}"),
        Figure("Avis rendus", f"{row.opinions} sur {row.files}"),
        Figure("Déports", str(row.recusals)),
    ]
