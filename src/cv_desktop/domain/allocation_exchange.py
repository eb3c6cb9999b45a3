"""Giving more money for the same scores: files all or nothing change places with dearer ones of their score."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from cv_desktop.domain.allocation_answer import group_sums
from cv_desktop.domain.allocation_instance import File, Instance

ENVELOPE = ""  # beside the groups, none of which is without a name


def rooms(instance: Instance, chosen: Mapping[str, int]) -> dict[str, int]:
    """What is left of the envelope and of each cap, in cents, once the locks and these amounts are given."""
    given = {name: cents for name, cents in instance.locks.items() if cents} | dict(chosen)
    sums = group_sums(instance, given)
    left = {group: cap - sums.get(group, 0) for group, cap in instance.caps.items()}
    return left | {ENVELOPE: instance.envelope_cents - sum(given.values())}


def exchange(instance: Instance, files: Sequence[File], chosen: dict[str, int]) -> dict[str, int]:
    """The amounts after every exchange that gives more without breaking a cap or a floor.

    It only shortens the search that follows, which alone proves that no more can be given.
    """
    floored = {group for group, cents in instance.floors.items() if cents > 0}
    amounts = dict(chosen)
    room = rooms(instance, amounts)
    outside: dict[int, list[tuple[int, str, File]]] = {}
    inside: list[File] = []
    for file in files:
        if floored.isdisjoint(file.groups) and instance.amounts(file)[0] == file.asked_cents:
            if file.id in amounts:
                inside.append(file)
            else:
                outside.setdefault(file.score, []).append((file.asked_cents, file.id, file))
    for others in outside.values():
        others.sort()
    for file in inside:
        others = outside.get(file.score, [])
        if not room[ENVELOPE]:
            break
        place = bisect_right(others, (file.asked_cents + room[ENVELOPE], "\U0010ffff")) - 1
        while place >= 0 and others[place][0] > file.asked_cents:
            other = others[place][2]
            if _fits(room, file, other):
                _move(room, file, 1)
                _move(room, other, -1)
                del amounts[file.id]
                amounts[other.id] = other.asked_cents
                del others[place]
                break
            place -= 1
    return amounts


def _fits(room: Mapping[str, int], file: File, other: File) -> bool:
    return all(
        other.part(group, other.asked_cents)
        <= room[group] + (file.part(group, file.asked_cents) if group in file.groups else 0)
        for group in other.groups
        if group in room
    )


def _move(room: dict[str, int], file: File, sign: int) -> None:
    room[ENVELOPE] += sign * file.asked_cents
    for group in file.groups:
        if group in room:
            room[group] += sign * file.part(group, file.asked_cents)
