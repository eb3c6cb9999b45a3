"""Which files may have to get more than the least that serves them, for a floor or for a cent of a cap."""

from __future__ import annotations

from collections.abc import Callable

from cv_desktop.domain.allocation_instance import File, Instance


def floored(instance: Instance) -> frozenset[str]:
    """The groups that must receive something."""
    return frozenset(group for group, cents in instance.floors.items() if cents > 0)


def grows(instance: Instance) -> Callable[[File], bool]:
    """Which files may have to get more than their least: those of a floor, and those which a cap may then hold for
    less, a cent of rounding going to another of their groups.
    """
    groups, caps = floored(instance), instance.caps.keys()
    step = max(instance.step_cents, 1)

    def rises(file: File) -> bool:
        if not groups.isdisjoint(file.groups):
            return True
        if not file.splits:
            return False
        least, top, asked = instance.amounts(file)
        gaps = [gap for gap in (step if top > least else 0, asked - top) if gap]
        return bool(gaps) and any(one.wavers(min(gaps)) for one in file.splits if not caps.isdisjoint(one.groups))

    return rises


def some_grow(instance: Instance) -> bool:
    """Whether some file may have to get more than its least, or a floor must be met."""
    return bool(floored(instance)) or any(map(grows(instance), instance.files))
