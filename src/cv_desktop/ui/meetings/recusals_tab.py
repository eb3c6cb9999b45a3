"""Liens et déports: a member with a link to an association neither sees nor marks its files."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.db.queries import applications, links, meetings, usual_reasons
from cv_desktop.db.queries import declarations as declared
from cv_desktop.db.queries.meetings import RecusalRow
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.reasons import LENGTH
from cv_desktop.domain.states import ApplicationStatus
from cv_desktop.services import links as link_verbs
from cv_desktop.services import meetings as verbs
from cv_desktop.ui import dialogs, icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import ChoiceField, TextField
from cv_desktop.ui.look import px
from cv_desktop.ui.meetings.declarations_page import DeclarationsPage
from cv_desktop.ui.meetings.links_card import LinksCard
from cv_desktop.ui.meetings.tab import Tab, beside_fields
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView


def _state(row: RecusalRow) -> Badge:
    if row.lifted_at is None:
        return Badge("En vigueur", "pause", "eye-off")
    return Badge(f"Levé le {short_date(local(row.lifted_at).date())}", "neutral", "minus")


COLUMNS = (
    Column[RecusalRow](
        "declared",
        "Déclaré le",
        lambda row: short_date(local(row.declared_at).date()),
        sort=lambda row: row.declared_at,
        width=96,
    ),
    Column[RecusalRow]("member", "Membre", lambda row: row.member, width=160, weight=500),
    Column[RecusalRow]("number", "N°", lambda row: row.number, width=128),
    Column[RecusalRow]("structure", "Structure", lambda row: row.structure, width=190),
    Column[RecusalRow]("reason", "Motif", lambda row: row.reason, stretch=True, width=200),
    Column[RecusalRow]("state", "État", lambda row: _state(row).word, width=140, badge=_state),
)


class RecusalsTab(Tab):
    """Links suspected or decided above, déports of one file below; nothing is automatic here."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.form = Card("Déclarer un déport", "Le dossier disparaît pour ce membre ; ses notes ne comptent plus.")
        self._structures: dict[str, str] = {}
        self.member, self.file = ChoiceField("Membre", []), ChoiceField("Dossier", [])
        self.scope = ChoiceField(
            "Portée", [("file", "Ce dossier seulement"), ("structure", "Tous les dossiers de la structure")]
        )
        self.kind = ChoiceField("Nature du lien", [])
        self.reason = TextField("Motif du lien", required=True, placeholder="Présidente de l’association")
        self.declare_button = QPushButton("&Déclarer le déport")
        theme.set_kind(self.declare_button, "secondary")
        icons.dress(self.declare_button, "eye-off", "text", 16)
        self.declare_button.clicked.connect(self.declare)
        who, fields = QHBoxLayout(), QHBoxLayout()
        for row, placed in (
            (who, ((self.member, 2), (self.file, 3), (self.scope, 2))),
            (fields, ((self.kind, 3), (self.reason, 4))),
        ):
            row.setSpacing(12)
            for field, stretch in placed:
                row.addWidget(field, stretch, Qt.AlignmentFlag.AlignTop)
        fields.addLayout(beside_fields(self.declare_button))
        self.scope.editor.currentIndexChanged.connect(lambda _i: self.kind.setVisible(self._whole))
        self.kind.hide()
        self.form.body.addLayout(who)
        for choice in (self.member.editor, self.file.editor):
            choice.currentTextChanged.connect(choice.setToolTip)
        self.form.body.addLayout(fields)
        self.model = RowsModel(COLUMNS)
        self.view = TableView(self.model, name="Liens et déports", empty="Aucun déport déclaré.")
        self.view.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.view.current_row_changed.connect(lambda _row: self._fit())
        self.lift_button = QPushButton("&Lever ce déport…")
        theme.set_kind(self.lift_button, "secondary", small=True)
        self.lift_button.clicked.connect(self.lift)
        foot = QHBoxLayout()
        foot.addWidget(self.lift_button)
        foot.addStretch(1)
        self.links = LinksCard(context)
        # In a low window the whole scrolls rather than pushing the window past the screen.
        inside = QWidget()
        inside.setProperty("surface", "")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.links.setMinimumHeight(px(250))
        self.view.setMinimumHeight(px(130))
        column.addWidget(self.links, 2)
        column.addWidget(self.form)
        column.addWidget(self.view, 1)
        column.addLayout(foot)
        self.declarations = DeclarationsPage(context)
        self.awaited, self.open_declarations = QLabel(), QPushButton("Déclarations d’&intérêts")
        theme.set_type(self.awaited, "secondary", "secondary")
        theme.set_kind(self.open_declarations, "secondary", small=True)
        icons.dress(self.open_declarations, "eye-off", "text", 14)
        head = QHBoxLayout()
        head.addWidget(self.awaited, 1)
        head.addWidget(self.open_declarations)
        column.insertLayout(0, head)
        self.pages = QStackedWidget()
        for page in (inside, self.declarations):
            self.pages.addWidget(_scrolled(page))
        self.open_declarations.clicked.connect(lambda: self._turn(1))
        self.declarations.left.connect(lambda: self._turn(0))
        self.column.addWidget(self.pages, 1)

    def refresh(self) -> None:
        if self.pages.currentIndex():
            self.declarations.show_meeting(self.call, self.meeting)
            return
        viewer = self.context.viewer
        standings = self.context.read(
            declared.standings, call_id=self.call, meeting_id=self.meeting and self.meeting.id
        )
        done = sum(row.standing.complete for row in standings)
        self.awaited.setText(
            f"Déclarations d’intérêts\u00a0: {done} sur {len(standings)} complètes." if standings else ""
        )
        self.links.show_call(self.call)
        self.view.set_rows(self.context.read(meetings.recusals, call_id=self.call, viewer=viewer))
        members = self.context.read(meetings.members, call_id=self.call)
        files = [
            row
            for row in self.context.read(applications.rows, call_id=self.call, viewer=viewer)
            if row.progress.status is ApplicationStatus.ELIGIBLE
        ]
        self._structures = {row.id: row.structure_id for row in files}
        _offer(self.kind, [(k.code, k.label) for k in self.context.read(links.kinds).values()])
        _offer(self.member, [(row.id, f"{row.name}, {row.body}" if row.body else row.name) for row in members])
        _offer(self.file, [(row.id, f"{row.number} · {row.structure} · {row.title}") for row in files])
        self.declare_button.setEnabled(bool(members and files))
        self._fit()

    def _turn(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.refresh()

    def declare(self) -> None:
        if not self.reason.commit():
            self.reason.setFocus()
            return
        reason = self.reason.value()
        if len(reason) < LENGTH:
            self.reason.refuse("Indiquez le lien en dix caractères au moins.")
            self.reason.setFocus()
            return
        member, file = self.member.value(), self.file.value()
        if self._whole:
            tied = {"member_id": member, "structure_id": self._structures[file], "kind": self.kind.value()}
            done = self.context.do("lien déclaré", link_verbs.confirm, **tied, reason=reason, declared=True)
        else:
            pair = {"member_id": member, "application_id": file}
            done = self.context.do("déport", verbs.declare_recusal, **pair, reason=reason)
        if done:
            self.reason.set_value("")
            self.context.told.emit("Déport enregistré")

    @property
    def _whole(self) -> bool:
        return bool(self.scope.value() == "structure")

    def lift(self) -> None:
        row = self.view.current_row()
        if row is None or row.lifted_at is not None:
            return
        effects = [f"{row.member} verra de nouveau {row.number}, {row.structure}, et pourra le noter."]
        reason = dialogs.ask_reason(
            self,
            "Lever ce déport ?",
            effects,
            "Lever le déport",
            reasons=self.context.read(usual_reasons.of_gesture, "deport_leve"),
        )
        if reason is not None:
            self.context.do("déport levé", verbs.lift_recusal, recusal_id=row.id, reason=reason)

    def _fit(self) -> None:
        row = self.view.current_row()
        self.lift_button.setEnabled(row is not None and row.lifted_at is None)


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def _offer(field: ChoiceField, choices: list[tuple[str, str]]) -> None:
    """Fills the list, keeping what was chosen."""
    chosen = field.value()
    field.editor.clear()
    for value, words in choices:
        field.editor.addItem(words, value)
    keys = [value for value, _words in choices]
    field.set_value(chosen if chosen in keys else next(iter(keys), None))
