"""What the keys and the panels write: amounts, locks, motives, lots. Each is one verb, undoable when it may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from cv_desktop.db.queries import usual_reasons
from cv_desktop.db.queries.envelopes import LotRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, parse_amount
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.text import quote
from cv_desktop.services import decisions, scenario_lines, versions
from cv_desktop.services.ballot import problem as problem_of
from cv_desktop.ui import dialogs
from cv_desktop.ui.arbitration.act_panel import WHAT, ActPanel
from cv_desktop.ui.arbitration.ballot_panel import BallotPanel, files, summary
from cv_desktop.ui.arbitration.columns import rate
from cv_desktop.ui.arbitration.lines import Line
from cv_desktop.ui.arbitration.lot_work import LotWork
from cv_desktop.ui.context import Context
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.tables.clipboard import CellEdit


class Gestures:
    """Writes in one scenario; ``scenario`` and ``rules`` are set by the screen at each reading."""

    def __init__(self, context: Context, widget: QWidget) -> None:
        self._context, self._widget = context, widget
        self._work = LotWork(context, widget)
        self.scenario = ""
        self.rules: Rules | None = None

    @property
    def step_cents(self) -> int:
        """The rounding step of the règlement."""
        return (self.rules.cents("rounding_step") if self.rules else None) or 1

    def write_amount(self, line: Line, text: str) -> None:
        """What was typed in « Proposé ». Raises UserError when it is no amount."""
        self.set_amount(line, self._read(line, text))

    def paste(self, edits: list[CellEdit]) -> dict[int, str]:
        """A block from a spreadsheet: its amounts are one step to undo. Gives the reason of each refused cell."""
        reasons: dict[int, str] = {}
        amounts: dict[str, int | None] = {}
        for place, edit in enumerate(edits):
            try:
                if edit.column == "amount":
                    amounts[edit.row.id] = self._read(edit.row, edit.text)
                else:
                    self.write_motive(edit.row, edit.text)
            except UserError as refusal:
                reasons[place] = refusal.message
        if amounts:
            label = f"{len(amounts)} montants collés"
            self._context.do(label, scenario_lines.set_amounts, scenario_id=self.scenario, amounts=amounts)
        return reasons

    def write_motive(self, line: Line, text: str) -> None:
        self._context.do(f"motif de {line.row.number}", scenario_lines.set_motive, **self.key(line), text=text.strip())

    def set_amount(self, line: Line, cents: int | None, *, told: str = "") -> None:
        """Writes an amount; ``told`` is what the status bar adds, such as the rounding."""
        if cents == line.row.amount_cents:
            return
        words = euros(cents) if cents is not None else "rien"
        label = f"proposé {words} ({line.row.number})"
        if self._context.do(label, scenario_lines.set_amount, **self.key(line), amount_cents=cents) and self.rules:
            row = replace(line.row, amount_cents=cents)
            assert line.ranked is not None
            after = replace(line, ranked=replace(line.ranked, row=row), problem=problem_of(self.rules, row))
            more = f"{told[:1].upper()}{told[1:]}." if told else ""
            self._context.told.emit(f"{spoken(after)} {more}".strip())

    def try_amounts(self, amounts: dict[str, int | None]) -> None:
        """A trial: what some files give and what another receives, as one step to undo."""
        label = f"essai sur {files(len(amounts))}"
        if self._context.do(label, scenario_lines.set_amounts, scenario_id=self.scenario, amounts=amounts):
            undo = (("Annuler", self._context.undo_last),)
            lead = f"Essai : {files(len(amounts))} changés."
            self._context.messages.show_message(Message("success", lead, "Le dossier est servi.", undo))

    def submit(self, panel: BallotPanel, label: str, reason: str, after: Callable[[], object]) -> None:
        """Asks, then submits the lot; ``after`` once it is."""
        ballot = panel.ballot
        if ballot is None:
            return
        effects = [
            summary(ballot),
            "Les montants passent de « marqué » à « soumis » et ne changent plus ici.",
            "Un lot soumis peut être retourné, avec un motif écrit au journal.",
        ]
        if ballot.overspent:
            effects.insert(1, f"Le lot dépasse l’enveloppe de {euros(ballot.total_cents - ballot.available_cents)}.")
        effects[1:1] = [*ballot.excess, *ballot.excused]
        count = files(ballot.files)
        if not dialogs.confirm(self._widget, f"Soumettre {count} au vote ?", effects, f"Soumettre {count}"):
            return

        def done(changes: Changes) -> None:
            self._to_vote(changes, f"{count} soumis au vote.")
            after()

        names = "Soumission au vote", "Soumission au vote arrêtée."
        self._work.run(
            *names, panel, decisions.submit, done, lambda _why: False, scenario_id=self.scenario, label=label,
            reason=reason, waiting=panel.waiting, seen=ballot,
        )  # fmt: skip

    def return_lot(self, lot: LotRow) -> bool:
        """Asks the reason, then takes the lot back."""
        reason = dialogs.ask_reason(
            self._widget,
            f"Retourner « {lot.label} » à l’arbitrage ?",
            [f"{files(lot.files)}, {euros(lot.total_cents)} : les montants redeviennent modifiables."],
            "Retourner le lot",
            reasons=self._context.read(usual_reasons.of_gesture, "lot_retourne"),
        )
        if reason is None:
            return False
        done = self._context.do("", decisions.return_lot, lot_id=lot.id, reason=reason)
        return self._said(done, f"Lot retourné : {lot.label}.", "Ses dossiers sont de nouveau à l’arbitrage.")

    def promote(self, call_id: str, amounts: dict[str, int], reason: str, effects: list[str]) -> bool:
        """Asks, then puts to the vote the files of the waiting list that receive these cents."""
        they = "Ils forment" if len(amounts) > 1 else "Il forme"
        effects = [*effects, f"{they} un lot de plus\u00a0; chaque montant s’y corrige avant le vote."]
        count = files(len(amounts))
        title = f"Promouvoir {count} de la liste d’attente\u00a0?"
        if not dialogs.confirm(self._widget, title, effects, f"Promouvoir {count}"):
            return False
        done = self._context.do("", versions.promote, call_id=call_id, amounts=amounts, reason=reason)
        return self._to_vote(done, f"{files(len(amounts))} de la liste d’attente au vote.")

    def record_vote(self, panel: ActPanel, lot: LotRow, values: dict[str, Any], after: Callable[[], object]) -> None:
        """Asks, then turns the lot into decisions; ``after`` once it is. A refusal about a field is told under it."""
        effects = [
            f"{values['body']}, acte n° {values['number']} du {long_date(values['act_on'])}.",
            f"{files(lot.files)} deviennent des décisions, pour {euros(lot.total_cents)}.",
            "Une décision ne se modifie plus : seul un autre acte la change.",
        ]
        if values["delegated"]:
            effects.insert(1, "Le président décide par délégation, sans vote.")
        if values["act_on"] < lot.submitted_on:
            # Typed after the session, it is right; typed wrong, the letters would cite it for ever.
            effects.insert(1, f"Cet acte précède la soumission du lot ici, le {long_date(lot.submitted_on)}.")
        what = f"Enregistrer {WHAT[bool(values['delegated'])]}"
        if not dialogs.confirm(self._widget, f"{what}\u00a0?", effects, what):
            return

        def done(changes: Changes) -> None:
            self._said(changes, f"Vote enregistré : {files(lot.files)}.", "Les courriers peuvent être préparés.")
            after()

        names = "Enregistrement du vote", "Enregistrement du vote arrêté."
        self._work.run(*names, panel, decisions.record_act, done, panel.refuse, lot_id=lot.id, **values)

    def set_dates(self, lot: LotRow, values: dict[str, Any], refuse: Callable[[UserError], bool]) -> bool:
        done = self._write(
            f"dates de l’acte {lot.act_number}", decisions.set_act_dates, refuse, lot_id=lot.id, **values
        )
        return self._said(done, "Dates de l’acte enregistrées.", "")

    @staticmethod
    def _read(line: Line, text: str) -> int | None:
        cents = parse_amount(text) if text.strip() not in ("", "–") else None
        if cents is not None and cents < 0:
            raise UserError(f"{euros(cents)} est négatif ; un montant positif est attendu.")
        refuse_locked(line)
        return cents

    def key(self, line: Line) -> dict[str, str]:
        return {"scenario_id": self.scenario, "application_id": line.row.application_id}

    def _said(self, done: Changes | None, lead: str, text: str) -> bool:
        if done:
            self._context.messages.show_message(Message("success", lead, text))
        return done is not None

    def _to_vote(self, done: Changes | None, lead: str) -> bool:
        """Says that a lot awaits its vote, with the way to its act: in a low window « Lots » is below the edge."""
        lots = [key for noun, key in done.touched if noun == "lot"] if done else []
        if lots:
            way = (("Enregistrer le vote…", lambda: self._context.visit.emit("arbitration", "lot", lots[0])),)
            told = Message("success", lead, f"Le vote s’enregistre aussi dans {quote('Lots')}, à droite.", way)
            self._context.messages.show_message(told)
        return done is not None

    def _write(
        self, label: str, verb: Callable[..., Changes], refuse: Callable[[UserError], bool], **values: Any
    ) -> Changes | None:
        """One write whose refusal is shown under a field rather than in the message bar."""
        try:
            with self._context.store.write(self._context.actor) as session:
                changes = verb(session, **values)
        except UserError as refusal:
            if not refuse(refusal):
                self._context.refuse(refusal)
            return None
        self._context.accept(label, changes)
        return changes


def refuse_locked(line: Line) -> None:
    """Raises UserError when the amount of a file is locked, with the key that frees it."""
    if line.row.locked:
        told = "verrouillé. Déverrouillez-le (L)" if line.amount_cents else "écarté. Reprenez-le (X)"
        raise UserError(f"{line.row.number} est {told} d’abord.")


def spoken(line: Line) -> str:
    """« FIA-2026-0023 Vélo-École : proposé 7 000 €, taux 82 %, base éligible 19 600 €. » for the status bar."""
    proposed = "rien" if line.row.amount_cents is None else f"{euros(line.amount_cents)}, taux {rate(line)}"
    base = f", base éligible {euros(line.row.base_cents)}" if line.row.base_cents is not None else ""
    return f"{line.row.number} {line.row.structure} : proposé {proposed}{base}. {line.problem}".strip()
