"""A lot, file by file: what it puts to the vote, changed until its act, read afterwards."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import lot_lines, usual_reasons
from cv_desktop.db.queries.envelopes import LotRow
from cv_desktop.db.queries.lot_lines import LotLineRow
from cv_desktop.domain.dates import add_months, local, short_date, typed_date
from cv_desktop.domain.money import euros, figures, parse_amount
from cv_desktop.domain.states import Outcome
from cv_desktop.domain.text import NBSP, counted, fold
from cv_desktop.services import lot_lines as verbs
from cv_desktop.services.vote_files import BOOK, PDF
from cv_desktop.ui import dialogs, icons, theme
from cv_desktop.ui.arbitration.lot_table import LotTable
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import rule
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Token
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.tables.columns import Column

MONTHS = 2
FILTERS = {PDF: "Document (*.pdf)", BOOK: "Classeur (*.xlsx)"}


class LotPage(QWidget):
    """Takes the place of the table of the arbitration; ``closed`` leads back to it."""

    closed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.lot: LotRow | None = None
        self.title, self.sum = QLabel(), QLabel()
        theme.set_type(self.title, "section", weight=600)
        theme.set_type(self.sum, "body", "secondary")
        self.back = QPushButton("Revenir à l’arbitrage")
        self.refuse, self.without = QPushButton("Refuser"), QPushButton("Sans montant")
        self.take_back, self.annex = QPushButton("Retourner ce dossier…"), QPushButton("Table annexée")
        self.reasons, self.outcomes, self.media = QMenu(self), QMenu(self), QMenu(self)
        for button, menu in ((self.refuse, self.reasons), (self.without, self.outcomes), (self.annex, self.media)):
            button.setMenu(menu)
            icons.dress(button, "chevron-down", "text", 14)
        for button in (self.back, self.refuse, self.without, self.take_back, self.annex):
            theme.set_kind(button, "secondary", small=True)
        self.back.clicked.connect(self.closed)
        self.take_back.clicked.connect(self._return)
        self.reasons.aboutToShow.connect(self._offer_reasons)
        for outcome, words in ((Outcome.WAITING, "Mettre en liste d’attente"), (Outcome.ADJOURNED, "Ajourner")):
            self.outcomes.addAction(words, partial(self._settle, outcome))
        self.media.addAction("Document PDF…", partial(self._export, PDF))
        self.media.addAction("Classeur…", partial(self._export, BOOK))
        self.table = LotTable(self._columns(), context.settings.memory("arbitration.lot"))
        self.table.refused.connect(context.told)
        self.table.current_row_changed.connect(lambda _row: self._offer())
        self.table.opened.connect(lambda row: context.visit.emit("applications", "application", row.application_id))
        self._lay_out()

    def show_lot(self, lot: LotRow) -> None:
        self.lot = lot
        rows = self._context.read(lot_lines.rows, lot_id=lot.id, viewer=self._context.viewer)
        self.title.setText(lot.label)
        kept = [row for row in rows if row.outcome is not Outcome.RETURNED]
        files = counted(len(kept), "dossier")
        self.sum.setText(f"{files}, {euros(sum(row.amount_cents for row in kept))}")
        self.table.set_rows(rows)
        self.table.start()
        self._offer()

    @property
    def open(self) -> bool:
        """Whether its lines may still change."""
        return self.lot is not None and self.lot.state == "submitted"

    def _offer(self) -> None:
        row: LotLineRow | None = self.table.current_row()
        for button in (self.refuse, self.without, self.take_back):
            button.setVisible(self.open)
            button.setEnabled(row is not None and row.outcome is not Outcome.RETURNED)

    def _offer_reasons(self) -> None:
        self.reasons.clear()
        for code, text in self._context.read(lot_lines.refusal_reasons).items():
            words = text if len(text) <= 90 else f"{text[:87].rstrip()}…"
            self.reasons.addAction(words.replace("&", "&&"), partial(self._refuse, code))

    def _refuse(self, code: str) -> None:
        self._give(Outcome.REFUSED, "refusé", code)

    def _settle(self, outcome: Outcome) -> None:
        self._give(outcome, outcome.label.lower())

    def _give(self, outcome: Outcome, word: str, code: str | None = None) -> None:
        """An outcome without money, to all the files selected that are still in the lot, in one step to undo."""
        rows: list[LotLineRow] = [x for x in self.table.selected_rows() if x.outcome is not Outcome.RETURNED]
        if not rows or self.lot is None:
            return
        many = word if outcome is Outcome.WAITING else f"{word}s"
        words = f"{len(rows)} dossiers{NBSP}: {many}" if len(rows) > 1 else f"{rows[0].number}, {word}"
        files = [row.application_id for row in rows]
        if self._do(words, verbs.settle, lot_id=self.lot.id, files=files, outcome=outcome.value, code=code):
            self._context.told.emit(f"{words}.")

    def _return(self) -> None:
        row: LotLineRow | None = self.table.current_row()
        if row is None or self.lot is None:
            return
        reason = dialogs.ask_reason(
            self,
            f"Retourner {row.number} à l’arbitrage ?",
            [f"{row.structure} : {euros(row.amount_cents)} redeviennent modifiables, le reste ne bouge pas."],
            f"Retourner {row.number}",
            reasons=self._context.read(usual_reasons.of_gesture, "dossier_retourne"),
        )
        if reason:
            key = {"lot_id": self.lot.id, "application_id": row.application_id}
            self._do(f"{row.number} retourné", verbs.return_file, reason=reason, **key)

    def _do(self, words: str, verb: object, **given: object) -> bool:
        return self._context.do(words, verb, **given) is not None  # type: ignore[arg-type]

    def _write(self, row: LotLineRow, name: str, text: str) -> None:
        assert self.lot is not None
        key = {"lot_id": self.lot.id, "application_id": row.application_id}
        if name == "amount":
            cents = parse_amount(text or "0")
            words = f"accordé {euros(cents)} ({row.number})"
            self._context.attempt(words, verbs.set_amount, amount_cents=cents, **key)
        elif name == "condition":
            due = row.condition_due_on or add_months(self._today(), MONTHS)
            self._context.attempt(f"réserve de {row.number}", verbs.set_condition, text=text, due_on=due, **key)
        elif name == "due":
            day = typed_date(text)
            words = f"réserve de {row.number}, avant le {short_date(day)}"
            self._context.attempt(words, verbs.set_condition, text=row.condition, due_on=day, **key)
        elif row.outcome is not Outcome.REFUSED:
            self._context.attempt(f"motif de {row.number}", verbs.set_motive, text=text, **key)
        else:
            given = {"code": row.refusal_code or None, "text": text}
            self._context.attempt(f"motif de {row.number}", verbs.set_refusal, **given, **key)

    def _export(self, medium: str) -> None:
        lot = self.lot
        if lot is None:
            return
        name = f"table-annexee-{'-'.join(fold(lot.label).split())}.{medium}"
        chosen, _ = QFileDialog.getSaveFileName(self, "Table annexée", str(Path.home() / name), FILTERS[medium])
        if not chosen:
            return
        path, store, actor = Path(chosen).with_suffix(f".{medium}"), self._context.store, self._context.actor

        def work(_token: Token) -> Path:
            from cv_desktop.services import letters, vote_files

            letters.write_file(path, vote_files.export(store, lot_id=lot.id, medium=medium, actor=actor))
            return path

        def told(done: Path) -> None:
            self._context.messages.show_message(Message("success", "Table annexée exportée.", str(done)))

        self._context.jobs.run("Table annexée", work, on_done=told)

    def _today(self) -> date:
        return local(self._context.clock()).date()

    def _columns(self) -> list[Column[LotLineRow]]:
        def editable(row: LotLineRow) -> bool:
            return self.open and row.outcome is not Outcome.RETURNED

        return [
            Column("rank", "Rang", _rank, sort=lambda r: (r.outcome is Outcome.WAITING, r.rank or 0), width=52,
                   align="right"),
            Column(
                "structure", "Structure", lambda r: r.structure, width=180, stretch=True, weight=500,
                accessible=lambda r: f"{r.structure}, {r.number}, {r.title}",
            ),
            Column("number", "N°", lambda r: r.number, width=112, tone="secondary", yields=1),
            Column("asked", "Demandé", lambda r: figures(r.asked_cents), sort=lambda r: r.asked_cents, width=76,
                   align="right", yields=3),
            Column(
                "amount", "Accordé", lambda r: figures(r.amount_cents) if r.amount_cents else "–",
                sort=lambda r: r.amount_cents, width=76, align="right", weight=600, editable=editable,
                edit=lambda r, text: self._write(r, "amount", text),
                edit_text=lambda r: euros(r.amount_cents),
            ),
            Column("before", "Avant", lambda r: "" if r.before_cents is None else figures(r.before_cents), width=76,
                   align="right", tone="secondary", hidden=True, tooltip="Ce que donne la décision remplacée"),
            Column("outcome", "Décision", lambda r: r.outcome.label, width=146,
                   badge=lambda r: Badge(r.outcome.label, r.outcome.tint, r.outcome.icon)),
            Column(
                "condition", "Réserve", lambda r: r.condition, width=88, grows=220, editable=editable,
                edit=lambda r, text: self._write(r, "condition", text), edit_text=lambda r: r.condition,
                tooltip="Accordé sous réserve de ceci, à lever dans les deux mois sauf autre date à côté",
            ),
            Column(
                "due", "Avant le", lambda r: short_date(r.condition_due_on), width=104,
                editable=lambda r: editable(r) and bool(r.condition),
                edit=lambda r, text: self._write(r, "due", text), edit_text=lambda r: short_date(r.condition_due_on),
            ),
            Column(
                "motive", "Motif", lambda r: r.motive, width=106, yields=2, grows=320, editable=editable,
                edit=lambda r, text: self._write(r, "motive", text), edit_text=lambda r: r.motive,
            ),
        ]  # fmt: skip

    def _lay_out(self) -> None:
        head = QFrame()
        head.setProperty("surface", "chrome")
        # Two lines: in a low window with large letters one would cut the buttons.
        names, tools = QHBoxLayout(), QHBoxLayout()
        for line, widgets in (
            (names, (self.back, self.title, self.sum)),
            (tools, (self.refuse, self.without, self.take_back, self.annex)),
        ):
            line.setSpacing(8)
            for widget in widgets:
                line.addWidget(widget)
            line.addStretch(1)
        inside = QVBoxLayout(head)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.setSpacing(8)
        inside.addLayout(names)
        inside.addLayout(tools)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(rule())
        layout.addWidget(self.table, 1)


def _rank(row: LotLineRow) -> str:
    """« 12 » in the order of the notes, « L 1 » on the waiting list."""
    if row.rank is None:
        return "–"
    return f"L {row.rank}" if row.outcome is Outcome.WAITING else str(row.rank)
