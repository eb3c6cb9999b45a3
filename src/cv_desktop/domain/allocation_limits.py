"""The limits of an instance as sums over files, and the most money that they let files receive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cv_desktop.domain.allocation_answer import group_sums
from cv_desktop.domain.allocation_exchange import ENVELOPE
from cv_desktop.domain.allocation_instance import File, Instance


@dataclass(frozen=True, slots=True)
class Limit:
    """A sum over files that may not exceed (``sign`` 1) or fall short of (-1) ``cents``."""

    name: str
    cents: int
    sign: int
    files: frozenset[str] | None = None


def limits(instance: Instance) -> list[Limit]:
    """The envelope, the caps and the floors, less what the locked files take of them."""
    locked = {name: cents for name, cents in instance.locks.items() if cents}
    sums = group_sums(instance, locked)
    members: dict[str, set[str]] = {}
    for file in instance.files:
        if file.id not in instance.locks:
            for group in file.groups:
                members.setdefault(group, set()).add(file.id)
    found = [Limit(ENVELOPE, instance.envelope_cents - sum(locked.values()), 1)]
    for sign, values in ((1, instance.caps), (-1, instance.floors)):
        for group in sorted(values):
            inside = frozenset(members.get(group, ()))
            found.append(Limit(group, values[group] - sums.get(group, 0), sign, inside))
    return found


def most_money(files: Sequence[File], limits: Sequence[Limit]) -> int:
    """What files served may be given at most: their requests, the envelope, and the caps of any one family."""
    families: dict[str, list[Limit]] = {}
    for limit in limits:
        if limit.sign > 0:
            families.setdefault(limit.name.partition(":")[0], []).append(limit)
    asked = {file.id: file.asked_cents for file in files}
    most = sum(asked.values())
    for family in families.values():
        capped = {limit.name for limit in family}
        total = 0
        seen: set[str] = set()
        shared: dict[str, int] = {}
        for file in files:
            for one in file.splits:
                if file.id not in seen and not capped.isdisjoint(one.groups):
                    # Whatever the amount, each of these groups counts its part: rounded up it is never too little.
                    seen.add(file.id)
                    for group in one.groups:
                        shared[group] = shared.get(group, 0) + one.most(group, file.asked_cents)
        for limit in family:
            own = [n for n in (asked if limit.files is None else limit.files) if n in asked and n not in seen]
            total += min(limit.cents, shared.pop(limit.name, 0) + sum(asked[n] for n in own))
            seen.update(own)
        most = min(most, total + sum(shared.values()) + sum(cents for n, cents in asked.items() if n not in seen))
    return most
