"""The parts of a campaign's envelope, and what goes to each of them from the files it gathers."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cv_desktop.db.engine import ask
from cv_desktop.db.queries import movements, rounds
from cv_desktop.db.queries.visibility import hidden
from cv_desktop.domain.envelopes import GROUPING, Kind, Node, Place, group, groups, sums
from cv_desktop.domain.movements import Bucket
from cv_desktop.domain.rounds import carried

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cv_desktop.db.engine import Reading

# Every part a campaign may limit: its rounds, then the lists of the contract, in their order.
_PARTS = """
SELECT 'round' AS kind, id AS key, label, share_cents AS amount, 0 AS place, deposit_closes AS position
FROM round WHERE call_id = :call
UNION ALL SELECT 'theme', code, label, NULL, 1, position FROM theme WHERE kind = 'thematic'
UNION ALL SELECT 'quarter', code, name, NULL, 2, code FROM quarter
UNION ALL SELECT 'commune', code, name, NULL, 3, code FROM commune
UNION ALL SELECT 'funder', code, label, NULL, 4, position FROM funder WHERE closed_on IS NULL
UNION ALL SELECT 'reserve', 'reserve', 'Réserve', NULL, 5, 0
ORDER BY place, position
"""
_LIMITS = "SELECT kind, key, id, amount_cents, floor_cents, cap_cents FROM envelope WHERE call_id = :call"
_FILES = """
SELECT application.id, coalesce(application.theme_code, ''), coalesce(structure.commune_code, commune.code, '')
FROM application JOIN structure ON structure.id = application.structure_id
LEFT JOIN commune ON commune.name = structure.commune
WHERE application.call_id = :call
"""
_QUARTERS = """
SELECT application_quarter.application_id, application_quarter.quarter_code, application_quarter.weight
FROM application_quarter JOIN application ON application.id = application_quarter.application_id
WHERE application.call_id = :call ORDER BY application_quarter.quarter_code
"""
_DECIDED = (Bucket.ENGAGED, Bucket.CALLED, Bucket.PAID)


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the envelope with what its files hold, in cents.

    ``carried_cents`` is what a round receives from the closed ones before it, ``passed_cents`` what it leaves to the
    next one once closed: what its files hold, marked amounts included, stays in it.
    """

    node: Node
    files: int = 0
    marked_cents: int = 0
    submitted_cents: int = 0
    decided_cents: int = 0
    carried_cents: int = 0
    passed_cents: int = 0

    @property
    def id(self) -> str:
        return self.node.group

    @property
    def gathers(self) -> bool:
        """Whether files belong to it: neither a funder nor the reserve has any."""
        return self.node.kind in GROUPING

    @property
    def given_cents(self) -> int:
        return self.marked_cents + self.submitted_cents + self.decided_cents

    @property
    def limit_cents(self) -> int | None:
        return self.now.limit_cents

    @property
    def now(self) -> Node:
        """The part with what its round received and passed on counted in its amount."""
        return _moved(self.node, self.carried_cents - self.passed_cents)

    @property
    def left_cents(self) -> int | None:
        """What may still go to it; negative beyond its limit, None without one."""
        return self.limit_cents - self.given_cents if self.limit_cents is not None else None


def nodes(reading: Reading, *, call_id: str) -> list[Node]:
    """Every part of the envelope, with the limits that the campaign gives it: rounds, volets, quarters, communes…"""
    limits = {(kind, key): values for kind, key, *values in ask(reading, _LIMITS, call=call_id)}
    found = []
    for index, (kind, key, label, amount, *_order) in enumerate(ask(reading, _PARTS, call=call_id)):
        id_, own, floor, cap = limits.get((kind, key), ("", None, None, None))
        found.append(Node(id_, Kind(kind), key, label, own if own is not None else amount, floor, cap, index))
    return found


def _moved(node: Node, cents: int) -> Node:
    return replace(node, amount_cents=node.amount_cents + cents) if cents and node.amount_cents is not None else node


def places(session: Session, *, call_id: str) -> dict[str, Place]:
    """What puts each file of a campaign in parts of its envelope; the commune is that of the seat."""
    quarters: dict[str, list[str]] = defaultdict(list)
    weights: dict[str, list[int | None]] = defaultdict(list)
    for key, code, weight in ask(session, _QUARTERS, call=call_id):
        quarters[key].append(code)
        weights[key].append(weight)
    placed = rounds.places(session, call_id)
    return {
        key: Place(placed.get(key, ""), theme, tuple(quarters[key]), commune, _declared(weights[key]))
        for key, theme, commune in ask(session, _FILES, call=call_id)
    }


def rows(session: Session, *, call_id: str, viewer: str | None = None) -> list[PartRow]:
    """Every part of the envelope with what its files hold; those of a member leave out the files hidden from them."""
    known = places(session, call_id=call_id)
    shown = _shown(session, known, viewer)
    held = movements.balances(session, call_id=call_id, files=shown)
    decided, voted, given = (
        # What a file holds is cut between quarters in one piece: cut by buckets, its parts would not be those decided,
        # nor those of the whole award for a file put to the vote again.
        sums((known[key], sum(held.get(key, {}).get(bucket, 0) for bucket in buckets)) for key in shown)
        for buckets in (_DECIDED, (*_DECIDED, Bucket.SUBMITTED), (*_DECIDED, Bucket.SUBMITTED, Bucket.MARKED))
    )
    files = Counter(name for key in shown for name in groups(known[key]))
    known_rounds = (
        replace(r, held_cents=given.get(group(Kind.ROUND, r.id), 0)) for r in rounds.dates(session, call_id)
    )
    moved = {group(Kind.ROUND, r.id): (r.carried_cents, r.passed_cents) for r in carried(known_rounds)}
    return [
        PartRow(
            node,
            files[node.group],
            given.get(node.group, 0) - voted.get(node.group, 0),
            voted.get(node.group, 0) - decided.get(node.group, 0),
            decided.get(node.group, 0),
            *moved.get(node.group, (0, 0)),
        )
        for node in nodes(session, call_id=call_id)
    ]


def _declared(weights: list[int | None]) -> tuple[int, ...]:
    """The weights of every quarter of a file; none unless each has one."""
    known = tuple(weight for weight in weights if weight is not None)
    return known if len(known) == len(weights) else ()


def _shown(session: Session, known: dict[str, Place], viewer: str | None) -> list[str]:
    if viewer is None:
        return list(known)
    kept = hidden(session, viewer)
    return [key for key in known if key not in kept]
