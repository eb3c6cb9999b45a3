"""The best sharing: the highest sum of scores, then the most money given, under every limit.

Two whole-number programs are solved one after the other: which files to serve (at the least that serves
them, unless a floor wants more), then how much, the sum of scores being kept. Files are taken in an
order of their own, never that of the list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cv_desktop.domain.allocation_answer import Solution, value
from cv_desktop.domain.allocation_clash import clash
from cv_desktop.domain.allocation_exchange import ENVELOPE, exchange, rooms
from cv_desktop.domain.allocation_growth import grows
from cv_desktop.domain.allocation_instance import File, Instance
from cv_desktop.domain.allocation_limits import limits, most_money
from cv_desktop.domain.allocation_model import Model, at_least, movable, obeyed
from cv_desktop.domain.allocation_sharing import Core, Sharing
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.integer_program import Stop, never

MOST_POOR = 8  # sets of files that seemed to be worth more money, tried one by one


def best(instance: Instance, *, stop: Stop = never) -> Solution:
    """The sharing of the highest sum of scores, then of the most money, proved so unless ``stop`` ended it.

    Its ties are not looked for (``with_ties``). Raises UserError when no sharing obeys the floors, the
    locks and the caps together.
    """
    files = movable(instance)
    sharing = sharing_of(instance, files, stop)
    served = sharing.best()
    proved = served.proved
    if served.files is None and proved:
        raise UserError(clash(instance, stop=stop))
    found = None if served.files is None else _amounts(instance, served.files, never)[0]
    if not proved:
        # Taken in order, files may be worth more than what an interrupted search had met.
        first = _amounts(instance, _first_met(instance, files), never)[0]
        if first is not None and (found is None or value(instance, first) > value(instance, found)):
            found = first
    if found is None:
        raise UserError(
            "Aucune répartition qui respecte les planchers n’a été trouvée dans le temps donné. Allongez-le, ou "
            "retirez un plancher."
        )
    chosen = exchange(instance, files, _raise(instance, files, found))
    if not obeyed(instance, chosen):
        # A file that rises may lose a cent of a part to another group, and a floor with it.
        chosen = found
    locked = {name: cents for name, cents in instance.locks.items() if cents}
    if proved and served.sets is not None:
        chosen, ties, proved = dearest_of(instance, served.sets, chosen, stop)
        rivals = frozenset(file.id for some in served.sets for file in some)
        return Solution("best", chosen | locked, ties, proved, {}, proved, rivals)
    if proved:
        chosen, proved = _dearest(instance, sharing, chosen, stop)
    return Solution("best", chosen | locked, (), proved, {}, False)


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

    return Sharing(instance, files, limits(instance), fits, exact, stop, rising=rising or grows(instance))


def _first_met(instance: Instance, files: Sequence[File]) -> list[File]:
    """The files of floors, then the best scores, that fit one after the other: an answer when there was no time."""
    rising = grows(instance)
    room = rooms(instance, {})
    found = []
    for file in sorted(files, key=lambda file: not rising(file)):
        least = instance.amounts(file)[0]
        own = {name: file.part(name, least) for name in (ENVELOPE, *file.groups) if name in room}
        if all(cents <= room[name] for name, cents in own.items()):
            found.append(file)
            for name, cents in own.items():
                room[name] -= cents
    return found


def may_serve(instance: Instance, some: Sequence[File], stop: Stop) -> bool | None:
    """Whether these files may all be served, the floors met; None when that is not known."""
    amounts, certain = _amounts(instance, some, stop)
    return amounts is not None if certain else None


def _amounts(instance: Instance, some: Sequence[File], stop: Stop) -> tuple[dict[str, int] | None, bool]:
    """Amounts for these files, all served, that every floor and cap allows; None when there are none. Whether that is
    certain.
    """
    least = {file.id: instance.amounts(file)[0] for file in some}
    if obeyed(instance, least):
        return least, True
    rising = grows(instance)
    raised = _raise(instance, [file for file in some if rising(file)], least)
    if obeyed(instance, raised):
        return raised, True
    model = Model(instance, (), grown=rising, sure=some)
    found = model.maximise([0] * len(model.high), enough=0, stop=stop)
    if found.values is None:
        return None, found.proved
    return model.amounts(found.values), True


def _dearest(instance: Instance, sharing: Sharing, chosen: dict[str, int], stop: Stop) -> tuple[dict[str, int], bool]:
    """The most money for the same sum of scores, from a sharing that has it; whether it is proved the most."""
    most = most_money(sharing.files, limits(instance))
    served = [file for file in sharing.files if file.id in chosen]
    chosen, certain = richest(instance, served, chosen, stop)
    if not certain or sum(chosen.values()) >= most:
        return chosen, certain
    if any(file.splits for file in sharing.files):
        # Loosened by the cents that rounding may move between quarters, what follows would meet others dearer by those.
        return _dearest_of_all(instance, sharing, chosen, stop)
    # The sharing where every file may rise says whether others could be given more.
    whole = sharing_of(instance, sharing.files, stop, rising=lambda file: True)
    score = sum(file.score for file in served)
    known: list[Sequence[File]] = [served]
    while len(known) <= MOST_POOR:
        others, certain = whole.dearer(score, sum(chosen.values()), known)
        if others is None:
            return chosen, certain
        richer, certain = richest(instance, others, {}, stop)
        if sum(richer.values()) > sum(chosen.values()):
            chosen = richer
        known.append(others)
        if not certain or sum(chosen.values()) >= most:
            return chosen, certain
    return _dearest_of_all(instance, sharing, chosen, stop)


def dearest_of(
    instance: Instance, sets: Sequence[Sequence[File]], chosen: dict[str, int], stop: Stop
) -> tuple[dict[str, int], tuple[str, ...], bool]:
    """The most money that one of these sets of files may receive, the files that only some of the dearest serve, and
    whether that is proved.
    """
    known = limits(instance)
    money = sum(chosen.values())
    dearest = {frozenset(chosen): chosen}
    for some in sets:
        names = frozenset(file.id for file in some)
        most = most_money(some, known)
        if most < money or (most == money and names in dearest):
            continue
        model = Model(instance, (), grown=lambda file: True, sure=some)
        found = model.maximise(model.money_gains(), above=-(-money // model.unit) - 1, stop=stop)
        if not found.proved:
            return min(dearest.items(), key=lambda item: sorted(item[0]))[1], (), False
        if found.values is not None:
            amounts = model.amounts(found.values)
            if sum(amounts.values()) > money:
                money, dearest = sum(amounts.values()), {}
            dearest.setdefault(names, amounts)
    # Which of them is given owes nothing to the way they were found.
    ties = frozenset.union(*dearest) - frozenset.intersection(*dearest)
    return min(dearest.items(), key=lambda item: sorted(item[0]))[1], tuple(sorted(ties)), True


def richest(
    instance: Instance, served: Sequence[File], chosen: dict[str, int], stop: Stop
) -> tuple[dict[str, int], bool]:
    """The most money that may be given to these files, all served, from a sharing of it, empty when none is known;
    whether it is proved the most.
    """
    money = sum(chosen.values())
    if chosen and money >= most_money(served, limits(instance)):
        return chosen, True
    model = Model(instance, (), grown=lambda file: True, sure=served)
    found = model.maximise(model.money_gains(), above=money // model.unit if chosen else None, stop=stop)
    return chosen if found.values is None else model.amounts(found.values), found.proved


def _dearest_of_all(
    instance: Instance, sharing: Sharing, chosen: dict[str, int], stop: Stop
) -> tuple[dict[str, int], bool]:
    """The most money for the same sum of scores, each file rising alone: long, but nothing is put together."""
    score = sum(file.score for file in sharing.files if file.id in chosen)
    core = sharing.core(sharing.loss(score))
    model = Model(instance, core.open, grown=lambda file: True, sure=core.sure)
    enough = at_least(model.score_gains(), score)
    found = model.maximise(model.money_gains(), enough, above=sum(chosen.values()) // model.unit, stop=stop)
    return model.amounts(found.values) if found.values is not None else chosen, found.proved


def _raise(instance: Instance, files: Sequence[File], chosen: dict[str, int]) -> dict[str, int]:
    """Raise the files served towards their request, the best scores first, while every limit allows."""
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
