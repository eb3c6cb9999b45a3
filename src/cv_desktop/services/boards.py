"""All that an arbitration shows of one scenario, read at once; after an amount only its lines are read again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy.orm import Session

from cv_desktop.db.queries import call_rows, calls, envelope_parts, envelopes, rounds, scenarios
from cv_desktop.db.queries.envelopes import LotRow
from cv_desktop.db.queries.scenarios import ArbitrationRow, LineRow, ScenarioRow
from cv_desktop.domain.allocation import Buckets
from cv_desktop.domain.envelopes import Node, caps, parts, sums, with_rounds
from cv_desktop.domain.ranking import Ranked
from cv_desktop.domain.rounds import Round
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.solidity import Solidity
from cv_desktop.domain.structure_ceiling import StructureCeiling
from cv_desktop.domain.trials import structure_group
from cv_desktop.services import rankings
from cv_desktop.services.rankings import Firm
from cv_desktop.services.structure_ceilings import ceiling


@dataclass(frozen=True)
class Board:
    """A campaign seen through one of its scenarios."""

    call_id: str
    viewer: str | None
    year: int
    label: str
    scenarios: list[ScenarioRow]
    shown: ScenarioRow
    rules: Rules
    buckets: Buckets
    ranked: tuple[Ranked[ArbitrationRow], ...]
    firm: Firm
    nodes: list[Node]
    rounds: tuple[Round, ...]
    ceiling: StructureCeiling
    lots: list[LotRow]
    given: Mapping[str, int]  # what the scenario and the lots give to each part of the envelope, in cents

    @property
    def solidity(self) -> Mapping[str, Solidity]:
        """Whether each file keeps its band, by key."""
        return self.firm.found

    @cached_property
    def parts(self) -> list[Node]:
        """The parts of the envelope, those of the rounds with what the closed ones before leave in this scenario."""
        return with_rounds(self.nodes, self.rounds, self.given)

    @cached_property
    def left(self) -> dict[str, int]:
        """What each limited part of the envelope may still take, and each structure under the maximum of the year, in
        cents; negative beyond its limit.
        """
        found = {name: cap - self.given.get(name, 0) for name, cap in caps(self.parts).items()}
        files = [r.row.application_id for r in self.ranked]
        found |= {structure_group(key): cents for key, cents in self.ceiling.left(files).items()}
        for r in self.ranked:
            name = structure_group(r.row.about.structure_id)
            if name in found and not self.ceiling.dispenses(r.row.application_id):
                found[name] -= r.row.amount_cents or 0
        return found

    @property
    def step_cents(self) -> int:
        """The rounding step of the règlement."""
        return self.rules.cents("rounding_step") or 1


def read(session: Session, *, call_id: str, wanted: str, viewer: str | None, before: Board | None = None) -> Board:
    """The scenario ``wanted`` of a campaign, or the retained one when it has none of that key.

    ``before`` is the board on show: what takes long is not computed again from the same sheets.
    """
    known, shown = _shown(session, call_id, wanted)
    ranked = scenarios.ranking(session, scenario_id=shown.id, viewer=viewer)
    row = call_rows.row(session, call_id)
    rules = calls.rules(session, call_id)
    return Board(
        call_id=call_id,
        viewer=viewer,
        year=row.year if row else 0,
        label=row.label if row else "",
        scenarios=known,
        shown=shown,
        rules=rules,
        buckets=envelopes.buckets(session, call_id=call_id, scenario_id=shown.id, viewer=viewer),
        ranked=ranked,
        firm=rankings.firm(session, call_id=call_id, known=before.firm if before else None),
        nodes=envelope_parts.nodes(session, call_id=call_id),
        rounds=rounds.dates(session, call_id),
        ceiling=ceiling(session, call_id, rules),
        lots=envelopes.lots(session, call_id=call_id, viewer=viewer),
        given=sums((r.row.about.place, r.row.amount_cents or 0) for r in ranked if r.row.amount_cents),
    )


def follow(session: Session, *, board: Board, wanted: str, files: Collection[str] | None = None) -> Board:
    """The same campaign when nothing but its scenarios was written, or when another tab is shown.

    ``files`` are those of which a line was written, in whatever scenario: the others are not read again. None when any
    line may have changed.
    """
    known, shown = _shown(session, board.call_id, wanted)
    if shown.id != board.shown.id:
        files = None
    lines = scenarios.lines(session, scenario_id=shown.id, viewer=board.viewer, files=files)
    buckets = envelopes.buckets(session, call_id=board.call_id, scenario_id=shown.id, viewer=board.viewer)
    ranked = tuple(
        _with_line(r, lines.get(r.row.application_id, NONE)) if files is None or r.row.application_id in files else r
        for r in board.ranked
    )
    return replace(board, scenarios=known, shown=shown, buckets=buckets, ranked=ranked, given=_given(board, ranked))


def _given(board: Board, ranked: tuple[Ranked[ArbitrationRow], ...]) -> dict[str, int]:
    """What the parts received, plus what changed: adding all of them up again would be felt."""
    found = dict(board.given)
    for old, new in zip(board.ranked, ranked, strict=True):
        if old is not new and new.row.amount_cents != old.row.amount_cents:
            after, before = (parts(x.row.about.place, x.row.amount_cents or 0) for x in (new, old))
            for name, cents in after.items():
                found[name] = found.get(name, 0) + cents - before[name]
    return found


NONE = LineRow()


def _with_line(ranked: Ranked[ArbitrationRow], line: LineRow) -> Ranked[ArbitrationRow]:
    row = ranked.row
    amount = line.amount_cents if row.lot_id is None else row.amount_cents
    if (amount, *line[1:]) == (row.amount_cents, row.own_base_cents, row.locked, row.motive, row.cut):
        return ranked
    changed = replace(
        row, amount_cents=amount, own_base_cents=line.base_cents, locked=line.locked, motive=line.motive, cut=line.cut
    )
    return replace(ranked, row=changed)


def _shown(session: Session, call_id: str, wanted: str) -> tuple[list[ScenarioRow], ScenarioRow]:
    known = scenarios.rows(session, call_id=call_id)
    kept = next(row for row in known if row.retained)
    return known, next((row for row in known if row.id == wanted), kept)
