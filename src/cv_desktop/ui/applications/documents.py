"""The tab « Pièces »: what the règlement expects, what came, what is wrong with it, and what was asked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from cv_desktop.db.queries import usual_reasons
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import short_date
from cv_desktop.domain.documents import State
from cv_desktop.domain.errors import UserError
from cv_desktop.services import derogations, documents
from cv_desktop.ui import dialogs, theme
from cv_desktop.ui.applications.attachments import Attachments
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.applications.papers import Paper, papers
from cv_desktop.ui.applications.request_strip import RequestStrip
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card, rule
from cv_desktop.ui.context import Context
from cv_desktop.ui.dropped import Drop
from cv_desktop.ui.elided_label import ElidedLabel
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView


class Documents(QWidget):
    """Dates, reason and name are typed in place; the button makes the usual gesture, those below the others.

    ``ask_asked`` when the request is wanted, ``letter_asked`` when it is to be read again.
    """

    ask_asked = Signal()
    letter_asked = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._dossier: Dossier | None = None
        self.request = RequestStrip(context)
        self.request.ask_asked.connect(self.ask_asked)
        self.request.letter_asked.connect(self.letter_asked)
        self.table = TableView(
            RowsModel(self._columns()),
            name="Pièces du dossier",
            density="airy",
            memory=context.settings.memory("dossier.pieces"),
            empty="Le règlement de cette campagne ne demande aucune pièce.",
        )
        self.table.pressed.connect(lambda row, _key: self._usual(row))
        self.table.refused.connect(context.told)
        self.table.current_row_changed.connect(lambda _row: self._show_gestures())
        self.gestures: dict[str, QPushButton] = {}
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.setSpacing(8)
        for key, words, run in (
            ("receive", "Marquer reçue", self.receive),
            ("accept", "Marquer conforme", self.accept),
            ("reject", "Non conforme…", self.reject),
            ("remove", "Remettre en attente", self.remove),
            ("derogate", "Dispenser de la pièce…", self.derogate),
            ("lift", "Lever la dérogation", self.lift),
        ):
            button = QPushButton(words)
            theme.set_kind(button, "secondary", small=True)
            button.clicked.connect(lambda _on=False, act=run: act())
            self.gestures[key] = button
            foot.addWidget(button)
            button.hide()  # a file says which: all together they would widen the page
        foot.addStretch(1)
        self.words = ElidedLabel()
        theme.set_type(self.words, "body", "secondary")
        card = Card("Pièces attendues", "le règlement en fixe la liste", flush=True)
        card.add(self.table, 1)
        card.add(rule())
        card.body.addLayout(foot)
        card.add_action(self.words)
        self.attachments = Attachments(context, self._target)
        Drop(self.table.viewport(), self._kind_at, self.attachments.add_files)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(12)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.request)
        column.addWidget(card, 1)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(left)
        self.split.addWidget(self.attachments)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        self.split.setChildrenCollapsible(False)
        layout.addWidget(self.split, 1)

    def show_dossier(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self.request.show_dossier(dossier)
        self.table.set_rows(papers(dossier))
        self.attachments.show_dossier(dossier)
        self.words.setText("" if dossier.open else "Rouvrez le dossier pour modifier ses pièces")
        if self.table.current_row() is None and self.table.rows.rowCount():
            self.table.step(0)
        self._show_gestures()

    def toggle_preview(self) -> None:
        """F4: the documents themselves, beside the list."""
        self.attachments.setVisible(not self.attachments.isVisible())

    def receive(self) -> None:
        self._do("reçue", documents.receive)

    def accept(self) -> None:
        self._do("conforme", documents.accept)

    def remove(self) -> None:
        self._do("attendue", documents.remove)

    def reject(self) -> None:
        """Asks what is wrong with the document, then says so: it goes into the next request."""
        paper = self.table.current_row()
        if paper is None:
            return
        effects = ["La pièce compte comme manquante et sera redemandée.", "Le motif figure dans la demande de pièces."]
        title = f"Pièce non conforme : {paper.label}"
        reason = dialogs.ask_reason(
            self.window(),
            title,
            effects,
            "Marquer non conforme",
            reasons=self._context.read(usual_reasons.of_gesture, "piece_refusee"),
        )
        if reason:
            self._do("non conforme", documents.reject, reason=reason)

    def derogate(self) -> None:
        """Asks why the file is dispensed of the document, then writes it with its author."""
        paper = self.table.current_row()
        if paper is None or not paper.code or self._dossier is None:
            return
        effects = [
            "La pièce ne sera ni attendue ni demandée pour ce dossier.",
            "Votre nom et le motif sont au journal.",
        ]
        title = f"Dispenser de la pièce : {paper.label}"
        reason = dialogs.ask_reason(self.window(), title, effects, "Dispenser de la pièce")
        if reason:
            self._context.do(
                f"dérogation, pièce « {paper.label} »",
                derogations.give,
                application_id=self._dossier.id,
                code=paper.code,
                item=paper.id,
                reason=reason,
            )

    def lift(self) -> None:
        paper = self.table.current_row()
        if paper is not None and paper.derogation:
            self._context.do(
                f"dérogation levée, pièce « {paper.label} »", derogations.lift, derogation_id=paper.derogation
            )

    def _target(self) -> tuple[str, str]:
        row = self.table.current_row()
        return (row.id, row.label) if row else ("", "")

    def _kind_at(self, event: QDropEvent) -> str:
        index = self.table.indexAt(event.position().toPoint())
        return str(self.table.rows.row_at(index.row()).id) if index.isValid() else ""

    def _usual(self, paper: Paper) -> None:
        self.table.select_identity(paper.id)
        {State.RECEIVED: self.accept, State.WAIVED: self.lift}.get(paper.state, self.receive)()

    def _do(self, word: str, verb: Callable[..., Changes], **more: object) -> None:
        paper = self.table.current_row()
        if paper is not None and self._dossier is not None:
            self._context.do(
                f"pièce « {paper.label} » {word}", verb, application_id=self._dossier.id, kind=paper.id, **more
            )

    def _write(self, paper: Paper, verb: Callable[..., Changes], **more: object) -> None:
        if self._dossier:
            label = f"pièce « {paper.label} »"
            self._context.attempt(label, verb, application_id=self._dossier.id, kind=paper.id, **more)

    def _write_reason(self, paper: Paper, text: str) -> None:
        if text.strip() == paper.reason:
            return
        if not text.strip():
            self._write(paper, documents.accept)
        elif paper.came:
            self._write(paper, documents.reject, reason=text)
        else:
            raise UserError("La pièce n’est pas arrivée : marquez-la d’abord reçue.")

    def _write_name(self, paper: Paper, text: str) -> None:
        if text.strip() != paper.filename:
            self._write(paper, documents.set_filename, text=text)

    def _write_day(self, name: str) -> Callable[[Paper, str], None]:
        def write(paper: Paper, text: str) -> None:
            if text.strip() != short_date(getattr(paper, name)):
                self._write(paper, documents.set_day, name=name, text=text)

        return write

    def _show_gestures(self) -> None:
        paper: Paper | None = self.table.current_row()
        may = paper is not None and paper.open
        shown = {
            "receive": may and paper is not None and paper.state in (State.EXPECTED, State.REJECTED, State.WAIVED),
            "accept": may and paper is not None and paper.state in (State.RECEIVED, State.REJECTED),
            "reject": may and paper is not None and paper.state in (State.RECEIVED, State.VALID),
            "remove": may and paper is not None and paper.came,
            "derogate": may and paper is not None and bool(paper.code) and not paper.derogation,
            "lift": may and paper is not None and bool(paper.derogation),
        }
        for key, button in self.gestures.items():
            button.setVisible(bool(shown[key]))

    def _columns(self) -> list[Column[Paper]]:
        def editable(paper: Paper) -> bool:
            return paper.open

        return [
            Column(
                "label",
                "Pièce",
                lambda p: p.label[:1].upper() + p.label[1:],
                width=190,
                stretch=True,
                weight=500,
            ),
            Column("state", "État", lambda p: _badge(p).word, width=118, badge=_badge),
            Column("mark", "", lambda p: "", width=138, button=_button, filterable=False),
            Column("detail", "Demandée", lambda p: p.detail, width=150, tone="secondary"),
            Column(
                "reason", "Motif", lambda p: p.reason, width=170, edit=self._write_reason,
                editable=lambda p: p.open and p.came,
            ),
            Column(
                "received_on", "Reçue le", lambda p: short_date(p.received_on), width=96,
                sort=lambda p: p.received_on, edit=self._write_day("received_on"), editable=editable,
            ),
            Column(
                "dated_on", "Datée du", lambda p: short_date(p.dated_on), width=96,
                sort=lambda p: p.dated_on, edit=self._write_day("dated_on"), editable=lambda p: p.open and p.came,
            ),
            Column(
                "valid_until", "Valable jusqu’au", lambda p: short_date(p.valid_until), width=118,
                sort=lambda p: p.valid_until, mark=lambda p: "danger" if p.expired else "",
                accessible=lambda p: f"Valable jusqu’au\u00a0: {short_date(p.valid_until) or 'sans limite'}"
                + (", périmée" if p.expired else ""),
            ),
            Column(
                "filename", "Nom du fichier", lambda p: p.filename, width=180, edit=self._write_name, editable=editable
            ),
        ]  # fmt: skip


def _badge(paper: Paper) -> Badge:
    if paper.state is State.EXPECTED and not paper.expected:
        return Badge("Non reçue", "neutral")
    if paper.came and paper.expired and paper.state is not State.REJECTED:
        return Badge("Périmée", "danger", "clock")
    return Badge(paper.state.word, paper.state.tint, paper.state.icon)


def _button(paper: Paper) -> str:
    if not paper.open:
        return ""
    words = {State.RECEIVED: "Conforme", State.VALID: "", State.WAIVED: "Lever la dérogation"}
    return words.get(paper.state, "Marquer reçue")
