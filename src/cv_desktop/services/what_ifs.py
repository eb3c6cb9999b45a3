"""A campaign replayed under other caps, rates, steps or another envelope. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from cv_desktop.db.queries import call_rows, calls, envelope_parts
from cv_desktop.domain.allocation_answer import left
from cv_desktop.domain.allocation_instance import Rule
from cv_desktop.domain.allocation_solve import solve
from cv_desktop.domain.breakdown import Item
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.integer_program import Stop, never
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.what_if import WhatIf, what_if
from cv_desktop.services import proposals
from cv_desktop.services.comparisons import items_of
from cv_desktop.services.proposals import Question

# The amounts of the règlement that may be tried.
TRIED = ("amount_max", "amount_min", "rounding_step", "structure_amount_max")


@dataclass(frozen=True, slots=True)
class Pair:
    """The campaign as its règlement shares it, and as the rules tried would."""

    now: Question
    tried: Question
    files: tuple[tuple[str, str, Item], ...]


def ask(
    session: Session,
    *,
    call_id: str,
    rule: Rule,
    envelope_cents: int | None = None,
    rate: int = 100,
    values: Mapping[str, int | None],
) -> Pair:
    """What to solve twice. ``values`` gives cents by key of ``TRIED``; an envelope of None keeps the campaign's.

    Raises UserError when the rate is none, or when no file has an opinion.
    """
    if not 0 < rate <= 100:
        raise UserError("Le taux essayé va de 1 à 100 %.", field="rate")
    call = call_rows.row(session, call_id)
    own = call.envelope_cents if call else 0
    rules = calls.rules(session, call_id)
    tried = _tried(rules, values)
    now, ranked = proposals.whole(session, call_id=call_id, rule=rule, rules=rules, envelope_cents=own)
    other = own if envelope_cents is None else envelope_cents
    then, _ = proposals.whole(session, call_id=call_id, rule=rule, rate=rate, rules=tried, envelope_cents=other)
    items = items_of(ranked, envelope_parts.nodes(session, call_id=call_id))
    files = tuple((r.row.number, r.row.structure, item) for r, item in zip(ranked, items, strict=True))
    return Pair(now, then, files)


def answer(pair: Pair, *, stop: Stop = never) -> WhatIf:
    """Both shared, then compared. Raises UserError on limits that clash."""
    found = [solve(q.instance, q.rule, stop=stop, name_ties=False) for q in (pair.now, pair.tried)]
    spare = (left(pair.now.instance, found[0]), left(pair.tried.instance, found[1]))
    return what_if(pair.files, found[0].chosen, found[1].chosen, spare)


def _tried(rules: Rules, values: Mapping[str, int | None]) -> Rules:
    for key, cents in values.items():
        if key in TRIED and key in rules:
            rules = rules.replaced(replace(rules[key], value=cents))
    return rules
