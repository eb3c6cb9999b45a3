"""An envelope between files, in cents: its buckets, where it ends, amounts on the step of the règlement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, group, percent, round_down
from cv_desktop.domain.text import counted


def rounded_share(asked_cents: int, rate: int, step_cents: int) -> int:
    """``rate`` percent of a request, rounded down to the step of the règlement: never above either."""
    return round_down(asked_cents * rate // 100, step_cents)


def stepped(amount_cents: int, steps: int, step_cents: int, asked_cents: int) -> int:
    """The amount some steps up or down, on a multiple of the step, between 0 and the request."""
    step = max(step_cents, 1)
    base = -(-amount_cents // step) * step if steps < 0 else round_down(amount_cents, step)
    return max(0, min(asked_cents, base + steps * step))


def free(envelope_cents: int, marked_cents: int, submitted_cents: int, engaged_cents: int) -> int:
    """What is left of an envelope; negative when it is overspent."""
    return envelope_cents - marked_cents - submitted_cents - engaged_cents


@dataclass(frozen=True, slots=True)
class Buckets:
    """An envelope and its buckets, in cents; engaged is what was decided and not yet called nor paid."""

    envelope_cents: int
    marked_cents: int = 0
    submitted_cents: int = 0
    engaged_cents: int = 0
    called_cents: int = 0
    paid_cents: int = 0

    @property
    def decided_cents(self) -> int:
        """All that the acts gave: engaged, called and paid."""
        return self.engaged_cents + self.called_cents + self.paid_cents

    @property
    def pending_cents(self) -> int:
        """What is neither free nor decided yet: marked by the scenario, or put to the vote."""
        return self.marked_cents + self.submitted_cents

    @property
    def free_cents(self) -> int:
        return free(self.envelope_cents, self.marked_cents, self.submitted_cents, self.decided_cents)

    @property
    def overspent(self) -> bool:
        return self.free_cents < 0

    @property
    def segments(self) -> tuple[tuple[str, int], ...]:
        """The parts of the bar in their order: engaged, submitted, marked, free (never negative)."""
        return (
            ("engaged", self.decided_cents),
            ("submitted", self.submitted_cents),
            ("marked", self.marked_cents),
            ("free", max(0, self.free_cents)),
        )


@dataclass(frozen=True, slots=True)
class EnvelopeEnd:
    """Where the line « Fin de l’enveloppe » stands: after ``position`` files of the ranking.

    ``served`` of them receive money; ``left_cents`` is not spent; ``missing_cents`` is what the first
    file under the line lacks, zero when all fit.
    """

    position: int
    served: int
    left_cents: int
    missing_cents: int

    def sentence(self, total: int) -> str:
        """« 31 dossiers retenus, 2 650 € libres. Les 15 dossiers suivants restent en attente. »"""
        kept = counted(self.served, "dossier retenu")
        text = f"{kept}, {euros(self.left_cents)} libre{'s' if self.left_cents >= 200 else ''}."
        after = total - self.position
        if after == 1:
            return f"{text} Le dossier suivant reste en liste d’attente ou est écarté."
        if after:
            return f"{text} Les {group(after)} dossiers suivants restent en liste d’attente ou sont écartés."
        return text


def envelope_end(amounts_cents: Iterable[int], available_cents: int) -> EnvelopeEnd:
    """The line after the last amount that the envelope still covers, amounts taken in the order of ranks.

    A file without amount stays above the line as long as a served one follows.
    """
    spent = position = served = 0
    for index, amount in enumerate(amounts_cents, start=1):
        if spent + amount > available_cents:
            left = max(0, available_cents - spent)
            return EnvelopeEnd(position, served, left, spent + amount - available_cents)
        spent += amount
        if amount > 0:
            position, served = index, served + 1
    return EnvelopeEnd(position, served, available_cents - spent, 0)


def rate_of(amount_cents: int, whole_cents: int) -> str:
    """« 82 % » of the request or of the base, whole percent; « – » for nothing."""
    return percent(amount_cents, whole_cents, 0) if amount_cents else "–"


def may_submit(total_cents: int, available_cents: int, *, reason: str = "") -> None:
    """Raises UserError when a lot exceeds what is free and no reason is given; one that gives nothing never does."""
    if total_cents and total_cents > available_cents and not reason.strip():
        raise UserError(
            f"Ce lot dépasse l’enveloppe de {euros(total_cents - available_cents)}. "
            "Réduisez des montants ou indiquez le motif du dépassement."
        )
