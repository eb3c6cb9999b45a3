"""The limits that a proposal keeps: which files count in each, for how much, and what may and must still go to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cv_desktop.db.queries.scenarios import ArbitrationRow
from cv_desktop.domain.allocation_parts import Split
from cv_desktop.domain.envelopes import Kind, Node, Place, caps, floors, group, groups, sums
from cv_desktop.domain.ranking import Ranked
from cv_desktop.domain.rules import Rules

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


def grouped(ranked: Sequence[Ranked[ArbitrationRow]], nodes: Sequence[Node], rules: Rules) -> Grouped:
    """The groups of the files that no lot holds, under the limits of the envelope and of the règlement."""
    held = sums((r.row.about.place, r.row.amount_cents or 0) for r in ranked if r.row.lot_id is not None)
    most, least = caps(nodes), floors(nodes)
    words = _words([n for n in nodes if n.group in most or n.group in least])
    names: dict[str, list[str]] = {}
    splits: dict[str, tuple[Split, ...]] = {}
    present: set[str] = set()
    for r in ranked:
        if r.row.lot_id is None:
            place = r.row.about.place
            own = sorted(name for name in groups(place) if name in words)
            names[r.row.application_id] = [words[name] for name in own]
            splits[r.row.application_id] = _splits(place, words)
            present.update(own)
    limits = {words[g]: max(0, cents - held.get(g, 0)) for g, cents in most.items() if g in present}
    needs = {words[g]: cents - held.get(g, 0) for g, cents in least.items() if g in present}
    needs = {name: cents for name, cents in needs.items() if cents > 0}
    yearly = rules.cents("structure_amount_max") if "structure_amount_max" in rules else None
    if yearly is not None:
        _structures(ranked, yearly, names, limits)
    return Grouped(names, limits, needs, splits)


def _words(nodes: Sequence[Node]) -> dict[str, str]:
    """The name of each part for the solver, « quartier:Almont »; two of one label are told apart by their code."""
    found: dict[str, str] = {}
    for node in nodes:
        name = f"{_WORDS[node.kind]}:{node.label}"
        found[node.group] = f"{name} ({node.key})" if name in found.values() else name
    return found


def _splits(place: Place, words: Mapping[str, str]) -> tuple[Split, ...]:
    """Quarters without a limit take their part too."""
    quarters = [group(Kind.QUARTER, key) for key in place.quarters]
    if len(quarters) < 2 or words.keys().isdisjoint(quarters):
        return ()
    return (Split(tuple(words.get(name, name) for name in quarters), place.weights),)


def _structures(
    ranked: Sequence[Ranked[ArbitrationRow]], most: int, names: dict[str, list[str]], limits: dict[str, int]
) -> None:
    """The most that one structure may receive in the year, shared by its files."""
    waiting: dict[str, list[ArbitrationRow]] = {}
    given: dict[str, int] = {}
    for r in ranked:
        key = r.row.about.structure_id
        if r.row.lot_id is None:
            waiting.setdefault(key, []).append(r.row)
        else:
            given[key] = given.get(key, 0) + (r.row.amount_cents or 0)
    for key, rows in waiting.items():
        if sum(row.asked_cents for row in rows) > most - given.get(key, 0):
            name = f"structure:{rows[0].structure}"
            name = f"{name} ({rows[0].number})" if name in limits else name
            limits[name] = max(0, most - given.get(key, 0))
            for row in rows:
                names[row.application_id].append(name)
