"""Serving files together: the amounts that every limit allows them, and where the best of such sets are looked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cv_desktop.domain.allocation_exchange import ENVELOPE, rooms
from cv_desktop.domain.allocation_growth import grows
from cv_desktop.domain.allocation_instance import File, Instance
from cv_desktop.domain.allocation_limits import limits
from cv_desktop.domain.allocation_model import Model, obeyed
from cv_desktop.domain.allocation_sharing import Core, Sharing
from cv_desktop.domain.integer_program import Stop, never


def sharing_of(
    instance: Instance, files: Sequence[File], stop: Stop, *, rising: Callable[[File], bool] | None = None
) -> Sharing:
    """What the best sharing of these files is looked for in; ``rising`` files may get more than their least, those of
    the floors unless said.
    """

    def fits(some: Sequence[File]) -> bool | None:
        # Files known beforehand are told in a moment: what was met is not lost because the time is over.
        return may_serve(instance, some, never)

    def exact(core: Core, above: int | None) -> tuple[list[File] | None, bool]:
        model = Model(instance, core.open, grown=grows(instance), sure=core.sure)
        found = model.maximise(model.score_gains(), above=above, stop=stop)
        if found.values is None:
            return None, found.proved
        return [file for file in model.files if file.id in model.amounts(found.values or ())], found.proved

    def needs(some: Sequence[File]) -> tuple[int | None, bool]:
        return least_serving(instance, some, never)

    return Sharing(instance, files, limits(instance), fits, needs, exact, stop, rising=rising or grows(instance))


def may_serve(instance: Instance, some: Sequence[File], stop: Stop) -> bool | None:
    """Whether these files may all be served, the floors met; None when that is not known."""
    amounts, certain = amounts_serving(instance, some, stop)
    return amounts is not None if certain else None


def amounts_serving(instance: Instance, some: Sequence[File], stop: Stop) -> tuple[dict[str, int] | None, bool]:
    """Amounts for these files, all served, that every floor and cap allows; None when there are none. Whether that is
    certain.
    """
    least = {file.id: instance.amounts(file)[0] for file in some}
    if obeyed(instance, least):
        return least, True
    rising = grows(instance)
    risen = raised(instance, [file for file in some if rising(file)], least)
    if obeyed(instance, risen):
        return risen, True
    model = Model(instance, (), grown=rising, sure=some)
    found = model.maximise([0] * len(model.high), enough=0, stop=stop)
    if found.values is None:
        return None, found.proved
    return model.amounts(found.values), True


def least_serving(instance: Instance, some: Sequence[File], stop: Stop) -> tuple[int | None, bool]:
    """The least money, in cents, that serves all these files and meets the floors; None when they may not be served.
    Whether that is certain.
    """
    least = {file.id: instance.amounts(file)[0] for file in some}
    if obeyed(instance, least):
        return sum(least.values()), True
    model = Model(instance, (), grown=grows(instance), sure=some)
    found = model.maximise([-gain for gain in model.money_gains()], stop=stop)
    return None if found.values is None else sum(model.amounts(found.values).values()), found.proved


def raised(instance: Instance, files: Sequence[File], chosen: Mapping[str, int]) -> dict[str, int]:
    """The amounts, those of these files raised towards their request in turn, while every limit allows."""
    step = max(instance.step_cents, 1)
    room = rooms(instance, chosen)
    amounts = dict(chosen)
    for file in files:
        now = amounts.get(file.id)
        if now is None or now == file.asked_cents:
            continue
        own = [ENVELOPE, *(group for group in file.groups if group in instance.caps)]
        target = _highest(file, now, step, {name: room[name] for name in own})
        for name in own:
            room[name] -= file.part(name, target) - file.part(name, now)
        amounts[file.id] = target
    return amounts


def _highest(file: File, now: int, step: int, room: Mapping[str, int]) -> int:
    """The request of a file, or as many steps above what it has as leave no room negative."""

    def fits(cents: int) -> bool:
        return all(file.part(name, cents) - file.part(name, now) <= left for name, left in room.items())

    if fits(file.asked_cents):
        return file.asked_cents
    low, high = 0, max(0, min(room[ENVELOPE], file.asked_cents - now)) // step
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(now + middle * step) else (low, middle - 1)
    return now + low * step
