"""The rate and the base, written in their cells: the amount follows, or its share of the base is kept."""

from __future__ import annotations

from fractions import Fraction

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, parse_amount
from cv_desktop.domain.shares import amount_at, parse_rate, rounding_words, same_rate
from cv_desktop.services import scenario_lines
from cv_desktop.ui.arbitration.base_question import BaseQuestion
from cv_desktop.ui.arbitration.gestures import Gestures, refuse_locked
from cv_desktop.ui.arbitration.lines import Line
from cv_desktop.ui.context import Context


class ShareGestures:
    """Raises UserError as a cell wants it: the cell stays open, the sentence under it."""

    def __init__(self, context: Context, gestures: Gestures, question: BaseQuestion) -> None:
        self._context, self._gestures, self._question = context, gestures, question
        question.answered.connect(self._answered)

    def write_rate(self, line: Line, text: str) -> None:
        """What was typed in « Taux »: a share of the request."""
        self._write_rate(line, text, line.row.asked_cents)

    def write_base_rate(self, line: Line, text: str) -> None:
        """What was typed in « Taux/base »: a share of the eligible base."""
        if not line.row.base_cents:
            raise UserError(f"{line.row.number} n’a pas de base éligible connue. Saisissez-la dans « Base » d’abord.")
        self._write_rate(line, text, line.row.base_cents)

    def write_base(self, line: Line, text: str) -> None:
        """What was typed in « Base »; empty for that of the budget. Asks what to keep when there is an amount."""
        base = parse_amount(text) if text.strip() not in ("", "–") else None
        if base is not None and base < 0:
            raise UserError(f"{euros(base)} est négatif ; un montant positif est attendu.")
        new = line.row.about.eligible_cents if base is None else base
        if new == line.row.base_cents:
            return
        follow = same_rate(
            line.amount_cents,
            line.row.base_cents or 0,
            new or 0,
            asked_cents=line.row.asked_cents,
            step_cents=self._gestures.step_cents,
        )
        if not line.amount_cents or follow == line.amount_cents or line.row.locked:
            self._set(line, base, None)
        else:
            self._question.ask(line, base, follow)

    def write_minimum(self, line: Line, text: str) -> None:
        """What was typed in « Minimum viable »; empty when the association says nothing."""
        cents = parse_amount(text) if text.strip() not in ("", "–") else None
        label = f"minimum viable de {line.row.number}"
        self._context.attempt(label, scenario_lines.set_minimum, application_id=line.id, minimum_cents=cents)

    def _write_rate(self, line: Line, text: str, whole_cents: int) -> None:
        refuse_locked(line)
        if text.strip() in ("", "–"):
            self._gestures.set_amount(line, None)
            return
        rate, step = parse_rate(text), self._gestures.step_cents
        cents = amount_at(rate, whole_cents, asked_cents=line.row.asked_cents, step_cents=step)
        self._gestures.set_amount(line, cents, told=rounding_words(Fraction(rate * whole_cents), cents, step))

    def _answered(self, line: Line, base: int | None, amount: int | None) -> None:
        self._set(line, base, amount)

    def _set(self, line: Line, base: int | None, amount: int | None) -> None:
        key = {"scenario_id": self._gestures.scenario, "application_id": line.id}
        label = f"base éligible de {line.row.number}"
        self._context.do(label, scenario_lines.set_base, **key, base_cents=base, amount_cents=amount)
