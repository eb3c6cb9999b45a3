"""What the table of the arbitration shows of each file: in or out, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from cv_desktop.db.queries.scenarios import ArbitrationRow
from cv_desktop.domain.allocation import EnvelopeEnd, envelope_end
from cv_desktop.domain.money import euros
from cv_desktop.domain.ranking import Ranked
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.shares import most
from cv_desktop.domain.solidity import Solidity
from cv_desktop.domain.states import Opinion, Outcome
from cv_desktop.domain.trials import shortfall, structure_group
from cv_desktop.services.ballot import problem as problem_of
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.tables.columns import Band

END = "fin de l’enveloppe"
ENDED = "Décision qui n’a plus cours"
OF_PART = {"theme": "du volet", "quarter": "du quartier", "commune": "de la commune", "round": "de la session",
           "structure": "de la structure"}  # fmt: skip


class Place(Enum):
    """Where a file stands in the distribution: its word, its status and its icon."""

    RETAINED = ("Retenu", "success", "check")
    PARTIAL = ("Partiel", "info", "circle-minus")
    WAITING = ("Attente", "pause", "clock")
    EXCLUDED = ("Écarté", "neutral", "minus")
    ADJOURNED = ("Ajourné", "pause", "calendar-clock")

    @property
    def badge(self) -> Badge:
        return Badge(*self.value)

    @property
    def word(self) -> str:
        return str(self.value[0])


SERVED = (Place.RETAINED, Place.PARTIAL)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: a file with its place, or the dark line.

    ``reason`` says why it is in or out, ``problem`` what forbids its amount at the vote, ``missing_cents`` what the
    envelope lacks for it.
    """

    id: str
    ranked: Ranked[ArbitrationRow] | None = None
    place: Place | None = None
    reason: str = ""
    problem: str = ""
    missing_cents: int = 0
    band: Band | None = None
    solidity: Solidity | None = None
    cut: Solidity | None = None

    @property
    def row(self) -> ArbitrationRow:
        """The file. Only asked of a line that is no band."""
        assert self.ranked is not None
        return self.ranked.row

    @property
    def open(self) -> bool:
        """Whether its amount may still change here."""
        return self.ranked is not None and self.row.lot_id is None

    @property
    def amount_cents(self) -> int:
        return (self.row.amount_cents or 0) if self.ranked else 0


def lines_of(
    ranked: Sequence[Ranked[ArbitrationRow]],
    free_cents: int,
    rules: Rules,
    solidity: Mapping[str, Solidity] | None = None,
    left: Mapping[str, int] | None = None,
    cut: Mapping[str, Solidity] | None = None,
    before: Mapping[str, Line] | None = None,
) -> list[Line]:
    """The files in the order of the ranking, and the dark line where the envelope ends.

    ``left`` is what each limited part of the envelope may still take, in cents; ``cut`` the solidity of each file
    against the end of the envelope, ``solidity`` against its band. ``before`` are the lines shown until now: those that
    nothing can have changed are taken as they are.
    """
    firm, firm_cut, known, caps_left = solidity or {}, cut or {}, before or {}, left or {}
    amounts = [r.row.amount_cents or 0 for r in ranked]
    end = envelope_end(amounts, free_cents + sum(amounts))
    lines: list[Line] = []
    for position, r in enumerate(ranked):
        key = r.row.application_id
        old, own = known.get(key), (firm.get(key), firm_cut.get(key))
        unchanged = old is not None and old.ranked is r and old.solidity is own[0] and old.cut is own[1]
        # What is free only matters to those that wait: a file that nobody touched stays served above the end.
        if old is not None and unchanged and position < end.position and old.place in SERVED:
            lines.append(old)
            continue
        row = r.row
        if row.lot_id is not None:
            placed = _submitted(row)
        else:
            placed = _placed(row, rules, position, end, free_cents, caps_left)
        if old is not None and unchanged and placed == (old.place, old.reason, old.missing_cents):
            lines.append(old)
            continue
        place, reason, missing = placed
        problem = problem_of(rules, row) if row.amount_cents and row.lot_id is None else ""
        lines.append(Line(key, r, place, reason, problem, missing, None, *own))
    if end.served and any(r.row.lot_id is None for r in ranked):
        lines.insert(end.position, Line(END, band=_band(end, len(ranked))))
    return lines


def _band(end: EnvelopeEnd, total: int) -> Band:
    return Band("Fin de l’enveloppe.", end.sentence(total), "scissors", dark=True)


def _submitted(row: ArbitrationRow) -> tuple[Place, str, int]:
    """What the lot says of a file no longer depends on what is free."""
    places = {
        Outcome.GRANTED: Place.RETAINED,
        Outcome.PARTIAL: Place.PARTIAL,
        Outcome.REFUSED: Place.EXCLUDED,
        Outcome.ADJOURNED: Place.ADJOURNED,
        Outcome.WAITING: Place.WAITING,
    }
    outcome = Outcome(row.lot_outcome)
    if row.lot_state == "voted" and outcome.gives and not row.amount_cents:
        return Place.EXCLUDED, ENDED, 0
    return places[outcome], "Voté" if row.lot_state == "voted" else "Soumis au vote", 0


def _placed(
    row: ArbitrationRow, rules: Rules, position: int, end: EnvelopeEnd, free_cents: int, left: Mapping[str, int]
) -> tuple[Place, str, int]:
    amount = row.amount_cents or 0
    if row.opinion is Opinion.ADJOURNED:
        return Place.ADJOURNED, "Ajourné par la séance", 0
    if row.opinion is Opinion.UNFAVORABLE and not amount:
        return Place.EXCLUDED, "Avis défavorable", 0
    if not amount:
        if row.locked:
            return Place.EXCLUDED, "Écarté à l’arbitrage", 0
        wanted = target(row, rules)
        if not wanted:
            return Place.WAITING, "Sa base éligible ne permet aucun montant", 0
        own = structure_group(row.about.structure_id)
        short = shortfall(wanted, row.about.place, free_cents=free_cents, left=left, structure=own)
        missing = short.missing_cents
        if missing and short.group:
            kind = short.group.partition(":")[0]
            return Place.WAITING, f"Plafond {OF_PART[kind]}", missing
        if missing and row.amount_cents is not None:
            return Place.WAITING, f"Il manque {euros(missing)}", missing
        return Place.WAITING, "Aucun montant proposé", missing
    if position >= end.position:
        first = position == end.position or end.missing_cents == 0
        reason = f"Il manque {euros(end.missing_cents)}" if first else "Après la fin de l’enveloppe"
        return Place.WAITING, reason, end.missing_cents if first else 0
    if amount >= row.asked_cents:
        return Place.RETAINED, "", 0
    return Place.PARTIAL, "", 0


def target(row: ArbitrationRow, rules: Rules) -> int:
    """What a file that waits lacks to be served, in cents: its declared minimum, else all that may be voted for it."""
    whole = most(asked_cents=row.asked_cents, base_cents=row.base_cents, rules=rules)
    return whole if row.minimum_cents is None else min(whole, row.minimum_cents)


def inside(ranked: Sequence[Ranked[ArbitrationRow]], free_cents: int) -> list[str]:
    """The files that the envelope serves, in the order of the ranking; none when it ends after the last one."""
    amounts = [r.row.amount_cents or 0 for r in ranked]
    end = envelope_end(amounts, free_cents + sum(amounts))
    return [r.row.application_id for r in ranked[: end.position]] if end.served else []
