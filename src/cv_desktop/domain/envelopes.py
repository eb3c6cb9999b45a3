"""The envelope of a campaign as a tree: shares, floors and caps by session, volet, quartier, commune or funder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from cv_desktop.domain.money import euros
from cv_desktop.domain.quarter_split import split
from cv_desktop.domain.rounds import Round, carried
from cv_desktop.domain.text import quote

NBSP = "\u00a0"


class Kind(StrEnum):
    """What a part of the envelope gathers."""

    CALL = "call"
    ROUND = "round"
    THEME = "theme"
    QUARTER = "quarter"
    COMMUNE = "commune"
    FUNDER = "funder"
    RESERVE = "reserve"

    @property
    def label(self) -> str:
        return {
            "call": "Campagne",
            "round": "Session",
            "theme": "Volet",
            "quarter": "Quartier",
            "commune": "Commune",
            "funder": "Financeur",
            "reserve": "Réserve",
        }[self.value]


# The kinds a file belongs to by its own data; a funder's share and the reserve gather no file.
GROUPING = (Kind.ROUND, Kind.THEME, Kind.QUARTER, Kind.COMMUNE)


@dataclass(frozen=True, slots=True)
class Node:
    """One part of an envelope, in cents; None: no amount, no floor or no cap of its own.

    ``amount_cents`` is what the part may spend, ``cap_cents`` a limit that keeps nothing aside for it, ``floor_cents``
    what must at least go to it.
    """

    id: str
    kind: Kind
    key: str
    label: str
    amount_cents: int | None = None
    floor_cents: int | None = None
    cap_cents: int | None = None
    position: int = 0

    @property
    def group(self) -> str:
        """The name of the part for the solver."""
        return group(self.kind, self.key)

    @property
    def limit_cents(self) -> int | None:
        """The most that may go to it: the smaller of its amount and its cap."""
        return min((x for x in (self.amount_cents, self.cap_cents) if x is not None), default=None)

    @property
    def named(self) -> str:
        """« le volet « Cohésion » », for a sentence."""
        word = {
            Kind.CALL: "la campagne",
            Kind.ROUND: "la session",
            Kind.THEME: "le volet",
            Kind.QUARTER: "le quartier",
            Kind.COMMUNE: "la commune",
            Kind.FUNDER: "le financeur",
            Kind.RESERVE: "la réserve",
        }[self.kind]
        return word if self.kind is Kind.RESERVE else f"{word} {quote(self.label)}"


@dataclass(frozen=True, slots=True)
class Place:
    """What a file says of itself that puts it in parts of the envelope.

    ``weights`` are those of its quarters in their order when an officer declared how they share it, else none.
    """

    round_id: str = ""
    theme: str = ""
    quarters: tuple[str, ...] = ()
    commune: str = ""
    weights: tuple[int, ...] = ()


def group(kind: Kind, key: str) -> str:
    """The name of a part of the envelope for the solver, « theme:COH »."""
    return f"{kind.value}:{key}"


def groups(place: Place) -> frozenset[str]:
    """Every part of the envelope that a file belongs to, whether the campaign gives it limits or not."""
    own = {Kind.ROUND: place.round_id, Kind.THEME: place.theme, Kind.COMMUNE: place.commune}
    found = {group(kind, key) for kind, key in own.items() if key}
    return frozenset(found | {group(Kind.QUARTER, key) for key in place.quarters})


def parts(place: Place, cents: int) -> dict[str, int]:
    """What an amount given to a file weighs in each part it belongs to, in cents.

    An action of several quarters counts for each by the part declared, else an equal one: together they make the amount
    exactly.
    """
    found = dict.fromkeys(groups(place), cents)
    for key, part in zip(place.quarters, split(cents, len(place.quarters), place.weights), strict=True):
        found[group(Kind.QUARTER, key)] = part
    return found


def sums(amounts: Iterable[tuple[Place, int]]) -> dict[str, int]:
    """What goes to each part of the envelope, in cents, from the amount of each file."""
    found: dict[str, int] = {}
    for place, cents in amounts:
        for name, part in parts(place, cents).items():
            found[name] = found.get(name, 0) + part
    return found


def caps(nodes: Iterable[Node]) -> dict[str, int]:
    """The most that may go to each limited part that gathers files, in cents."""
    limits = ((n.group, n.limit_cents) for n in nodes if n.kind in GROUPING)
    return {name: cents for name, cents in limits if cents is not None}


def floors(nodes: Iterable[Node]) -> dict[str, int]:
    """The least that must go to each part that has a floor, in cents."""
    return {n.group: n.floor_cents for n in nodes if n.kind in GROUPING and n.floor_cents}


def with_rounds(nodes: Iterable[Node], rounds: Iterable[Round], given: Mapping[str, int]) -> list[Node]:
    """The parts, the amount of a round with what the closed ones before it leave.

    ``given`` is what goes to each part, in cents by its name: a file of a closed round may still take what that one has
    left, and the next one then receives as much less.
    """
    own = (replace(r, held_cents=given.get(group(Kind.ROUND, r.id), 0)) for r in rounds)
    received = {r.id: r.carried_cents for r in carried(own)}
    return [
        replace(n, amount_cents=n.amount_cents + received.get(n.key, 0))
        if n.kind is Kind.ROUND and n.amount_cents is not None
        else n
        for n in nodes
    ]


def reserve_cents(nodes: Iterable[Node]) -> int:
    """What is kept aside for the rest of the year, in cents."""
    return sum(n.amount_cents or 0 for n in nodes if n.kind is Kind.RESERVE)


def refusals(envelope_cents: int, nodes: Sequence[Node]) -> list[str]:
    """What cannot hold in a tree, one sentence each; empty when it can be carried out."""
    found = []
    for node in nodes:
        limit = node.limit_cents
        if node.floor_cents is not None and limit is not None and node.floor_cents > limit:
            found.append(
                f"Pour {node.named}, le plancher de {euros(node.floor_cents)} dépasse ce qui peut lui revenir, "
                f"{euros(limit)}. Baissez le plancher ou relevez l’autre montant."
            )
    for kind, words in _PLURALS.items():
        of_kind = [n for n in nodes if n.kind is kind]
        amounts = sum(n.amount_cents or 0 for n in of_kind)
        least = sum(n.floor_cents or 0 for n in of_kind)
        if amounts > envelope_cents:
            found.append(
                f"{words} font {euros(amounts)}, {euros(amounts - envelope_cents)} de plus que l’enveloppe de "
                f"{euros(envelope_cents)}. Réduisez l’une d’elles ou relevez l’enveloppe."
            )
        if least > envelope_cents:
            found.append(
                f"Les planchers par {kind.label.lower()} font {euros(least)}, plus que l’enveloppe de "
                f"{euros(envelope_cents)}{NBSP}: ils ne peuvent pas être tous tenus."
            )
    return found


_PLURALS = {
    Kind.ROUND: "Les parts des sessions",
    Kind.THEME: "Les parts des volets",
    Kind.QUARTER: "Les parts des quartiers",
    Kind.COMMUNE: "Les parts des communes",
    Kind.FUNDER: "Les parts des financeurs",
    Kind.RESERVE: "Les sommes mises en réserve",
}


def breaches(nodes: Iterable[Node], given: Mapping[str, int]) -> list[str]:
    """Where amounts break a limit or miss a floor of the tree, one sentence each."""
    found = []
    for node in nodes:
        if node.kind not in GROUPING:
            continue
        cents, limit = given.get(node.group, 0), node.limit_cents
        if limit is not None and cents > limit:
            word = "plafond" if node.cap_cents == limit else "montant"
            found.append(
                f"{node.named[:1].upper()}{node.named[1:]} reçoit {euros(cents)}, "
                f"{euros(cents - limit)} de plus que son {word} de {euros(limit)}."
            )
        if node.floor_cents is not None and cents < node.floor_cents:
            found.append(
                f"{node.named[:1].upper()}{node.named[1:]} reçoit {euros(cents)}, "
                f"{euros(node.floor_cents - cents)} de moins que son plancher de {euros(node.floor_cents)}."
            )
    return found
