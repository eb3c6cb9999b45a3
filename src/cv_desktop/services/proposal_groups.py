"""The limits that a proposal keeps: which files count in each, for how much, and what may and must still go to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from cv_desktop.db.queries.scenarios import ArbitrationRow
from cv_desktop.domain.allocation_parts import Split
from cv_desktop.domain.envelopes import Kind, Node, Place, caps, floors, group, groups, sums
from cv_desktop.domain.ranking import Ranked
from cv_desktop.domain.structure_ceiling import StructureCeiling
from cv_desktop.domain.text import fold

_WORDS = {Kind.THEME: "volet", Kind.QUARTER: "quartier", Kind.COMMUNE: "commune", Kind.ROUND: "session"}


@dataclass(frozen=True, slots=True)
class Grouped:
    """The limited groups of each file by its key, and what may and must still go to each, in cents, the lots counted.

    ``splits`` has the files that count in each of their quarters for a part, where one of these has a limit.
    """

    names: Mapping[str, Sequence[str]]
    caps: Mapping[str, int]
    floors: Mapping[str, int]
    splits: Mapping[str, tuple[Split, ...]]


def in_proportion(nodes: Sequence[Node], before_cents: int, after_cents: int) -> list[Node]:
    """The parts under an envelope of another amount: the shares of the sessions follow it, down to the cent."""
    return [
        replace(n, amount_cents=n.amount_cents * after_cents // before_cents)
        if n.kind is Kind.ROUND and n.amount_cents is not None and before_cents
        else n
        for n in nodes
    ]


def pooled(
    nodes: Sequence[Node], sources: Mapping[str, Sequence[str]]
) -> tuple[list[Node], dict[str, tuple[str, ...]]]:
    """The parts, the amount of a session being all that it may spend in the end; and where its files count as well.

    A session that has a cap or no amount of its own stays as it is.
    """
    shares = {n.key: n.amount_cents for n in nodes if n.kind is Kind.ROUND and n.cap_cents is None}
    amounts: dict[str, int] = {}
    later: dict[str, tuple[str, ...]] = {}
    for key, own in sources.items():
        parts = [shares.get(each) for each in own]
        if len(own) > 1 and None not in parts:
            amounts[key] = sum(cents or 0 for cents in parts)
            for each in own[:-1]:
                name = group(Kind.ROUND, each)
                later[name] = (*later.get(name, ()), group(Kind.ROUND, key))
    found = [replace(n, amount_cents=amounts[n.key]) if n.kind is Kind.ROUND and n.key in amounts else n for n in nodes]
    return found, later


def grouped(
    ranked: Sequence[Ranked[ArbitrationRow]],
    nodes: Sequence[Node],
    ceiling: StructureCeiling,
    later: Mapping[str, Sequence[str]],
) -> Grouped:
    """The groups of the files that no lot holds, under the limits of the envelope and of the règlement.

    ``later`` as ``pooled`` gives it.
    """
    own_held = sums((r.row.about.place, r.row.amount_cents or 0) for r in ranked if r.row.lot_id is not None)
    held = dict(own_held)
    for name, more in later.items():
        for other in more:
            held[other] = held.get(other, 0) + own_held.get(name, 0)
    most, least = caps(nodes), floors(nodes)
    words = _words([n for n in nodes if n.group in most or n.group in least])
    names: dict[str, list[str]] = {}
    splits: dict[str, tuple[Split, ...]] = {}
    present: set[str] = set()
    for r in ranked:
        if r.row.lot_id is None:
            place = r.row.about.place
            where = groups(place)
            own = sorted(name for name in (*where, *chain(*(later.get(name, ()) for name in where))) if name in words)
            names[r.row.application_id] = [words[name] for name in own]
            splits[r.row.application_id] = _splits(place, words)
            present.update(own)
    limits = {words[g]: max(0, cents - held.get(g, 0)) for g, cents in most.items() if g in present}
    needs = {words[g]: cents - held.get(g, 0) for g, cents in least.items() if g in present}
    needs = {name: cents for name, cents in needs.items() if cents > 0}
    _structures(ranked, ceiling, names, limits)
    return Grouped(names, limits, needs, splits)


def _words(nodes: Sequence[Node]) -> dict[str, str]:
    """The name of each part for the solver, « quartier:Almont »; two of one label are told apart by their code.

    « Session 2 » is « session:2 », for « plafond de la session 2 ».
    """
    found: dict[str, str] = {}
    for node in nodes:
        word = _WORDS[node.kind]
        first, _space, rest = node.label.partition(" ")
        name = f"{word}:{rest if rest and fold(first) == word else node.label}"
        found[node.group] = f"{name} ({node.key})" if name in found.values() else name
    return found


def _splits(place: Place, words: Mapping[str, str]) -> tuple[Split, ...]:
    """Quarters without a limit take their part too."""
    quarters = [group(Kind.QUARTER, key) for key in place.quarters]
    if len(quarters) < 2 or words.keys().isdisjoint(quarters):
        return ()
    return (Split(tuple(words.get(name, name) for name in quarters), place.weights),)


def _structures(
    ranked: Sequence[Ranked[ArbitrationRow]],
    ceiling: StructureCeiling,
    names: dict[str, list[str]],
    limits: dict[str, int],
) -> None:
    """The most that one structure may receive in the year, shared by its files, in every campaign that counts."""
    waiting: dict[str, list[ArbitrationRow]] = {}
    for r in ranked:
        if r.row.lot_id is None and not ceiling.dispenses(r.row.application_id):
            waiting.setdefault(r.row.about.structure_id, []).append(r.row)
    left = ceiling.left([row.application_id for rows in waiting.values() for row in rows])
    for key, rows in waiting.items():
        if key in left and sum(row.asked_cents for row in rows) > left[key]:
            name = f"structure:{rows[0].structure}"
            name = f"{name} ({rows[0].number})" if name in limits else name
            limits[name] = max(0, left[key])
            for row in rows:
                names[row.application_id].append(name)
