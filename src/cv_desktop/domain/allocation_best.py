"""The best sharing: the highest sum of scores, then the most money given, under every limit.

Two whole-number programs are solved one after the other: which files to serve (at the least that serves
them, unless a floor wants more), then how much, the sum of scores being kept. Files are taken in an
order of their own, never that of the list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import gcd

from cv_desktop.domain.allocation_answer import Solution, group_sums
from cv_desktop.domain.allocation_exchange import ENVELOPE, exchange, rooms
from cv_desktop.domain.allocation_instance import File, Instance, group_words
from cv_desktop.domain.allocation_sharing import Limit, Sharing, most_money
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.integer_known import Row
from cv_desktop.domain.integer_program import Outcome, maximise
from cv_desktop.domain.money import NBSP, euros

Stop = Callable[[], bool]
_SHORT = 30  # polls of the last look for any answer


def never() -> bool:
    return False


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


class Model:
    """The program of an instance: a variable per file, and others for what it gets above the least.

    ``grown`` names the files whose amount may rise in this program; the others take ``fixed`` or their least.
    """

    def __init__(self, instance: Instance, files: Sequence[File], *, grown: Callable[[File], bool]) -> None:
        self.files = files
        self.high: list[int] = [1] * len(files)
        parts: list[list[tuple[int, int]]] = []
        links: list[Row] = []
        for place, file in enumerate(files):
            least, top, asked = instance.amounts(file)
            own = [(place, least)]
            if grown(file) and asked > least:
                step = max(instance.step_cents, 1)
                steps = (top - least) // step
                before, most = place, 1
                if steps:
                    name = len(self.high)
                    self.high.append(steps)
                    own.append((name, step))
                    links.append(Row(((name, 1), (place, -steps)), 0))
                    before, most = name, steps
                if asked > top:
                    name = len(self.high)
                    self.high.append(1)
                    own.append((name, asked - top))
                    links.append(Row(((name, most), (before, -1)), 0))
            parts.append(own)
        self.parts = parts
        self.unit = gcd(*(cents for own in parts for _, cents in own)) or 1
        self.rows = links
        for limit in limits(instance):
            entries = tuple(
                (name, limit.sign * cents // self.unit)
                for file, own in zip(files, parts, strict=True)
                if limit.files is None or file.id in limit.files
                for name, cents in own
            )
            # A cap is rounded down to the unit, a floor up.
            self.rows.append(Row(entries, limit.sign * limit.cents // self.unit))

    def score_gains(self) -> list[int]:
        return [file.score for file in self.files] + [0] * (len(self.high) - len(self.files))

    def money_gains(self) -> list[int]:
        gains = [0] * len(self.high)
        for own in self.parts:
            for name, cents in own:
                gains[name] = cents // self.unit
        return gains

    def amounts(self, values: Sequence[int]) -> dict[str, int]:
        found = {}
        for file, own in zip(self.files, self.parts, strict=True):
            if values[own[0][0]]:
                found[file.id] = sum(cents * values[name] for name, cents in own)
        return found

    def values(self, chosen: Mapping[str, int]) -> list[int]:
        """The variables of amounts known beforehand."""
        values = [0] * len(self.high)
        for file, own in zip(self.files, self.parts, strict=True):
            cents = chosen.get(file.id, 0)
            if cents:
                values[own[0][0]] = 1
                cents -= own[0][1]
                for name, worth in own[1:]:
                    values[name] = min(cents // worth, self.high[name])
                    cents -= values[name] * worth
        return values


def best(instance: Instance, *, stop: Stop = never) -> Solution:
    """The sharing of the highest sum of scores, then of the most money, proved so unless ``stop`` ended it.

    Its ties are not looked for (``with_ties``). Raises UserError when no sharing obeys the floors, the
    locks and the caps together.
    """
    files = movable(instance)
    sharing = Sharing(instance, files, limits(instance), lambda some: _amounts(instance, some) is not None, stop)
    shared = sharing if sharing.suits else None
    found, proved = _served(instance, files, shared, stop)
    if found is None:
        if proved:
            raise UserError(clash(instance))
        raise UserError(
            "Aucune répartition qui respecte les planchers n’a été trouvée dans le temps donné. Allongez-le, ou "
            "retirez un plancher."
        )
    chosen = exchange(instance, files, _raise(instance, files, found))
    if proved:
        chosen, proved = _dearest(instance, files, chosen, shared, stop)
    locked = {name: cents for name, cents in instance.locks.items() if cents}
    return Solution("best", chosen | locked, (), proved, {}, False)


def _served(
    instance: Instance, files: Sequence[File], sharing: Sharing | None, stop: Stop
) -> tuple[dict[str, int] | None, bool]:
    """The amounts, the least possible, of the files with the highest sum of scores; whether that is proved."""
    model = Model(instance, files, grown=_grows(instance))
    if sharing is not None:
        some, proved = sharing.best(lambda: _any(instance, model, stop))
        if some is not None or proved:
            return (None if some is None else _amounts(instance, some)), proved
        # Out of time with nothing: what a short look finds is better than no answer, and is not proved.
        polls = iter(range(_SHORT))
        first = maximise(model.score_gains(), model.high, model.rows, stop=lambda: next(polls, None) is None)
        return (None if first.values is None else model.amounts(first.values)), False
    first = maximise(model.score_gains(), model.high, model.rows, stop=stop)
    return (None if first.values is None else model.amounts(first.values)), first.proved


def _any(instance: Instance, model: Model, stop: Stop) -> bool | None:
    """Whether a sharing exists, None when the time ended before it was known."""
    if not any(cents > 0 for cents in instance.floors.values()):
        return True
    found = maximise([0] * len(model.high), model.high, model.rows, enough=0, stop=stop)
    return True if found.values is not None else False if found.proved else None


def _amounts(instance: Instance, some: Sequence[File]) -> dict[str, int] | None:
    """Amounts for these files, all served, that every floor and cap allows; None when there are none."""
    least = {file.id: instance.amounts(file)[0] for file in some}
    if not any(cents > 0 for cents in instance.floors.values()) or _floors_met(instance, least):
        return least
    grows = _grows(instance)
    raised = _raise(instance, [file for file in some if grows(file)], least)
    if _floors_met(instance, raised):
        return raised
    model = Model(instance, some, grown=grows)
    every = Row(tuple((j, -1) for j in range(len(some))), -len(some))
    found = maximise([0] * len(model.high), model.high, [*model.rows, every], enough=0)
    return None if found.values is None else model.amounts(found.values)


def _floors_met(instance: Instance, chosen: Mapping[str, int]) -> bool:
    sums = group_sums(instance, {**chosen, **instance.locks})
    return all(sums.get(group, 0) >= cents for group, cents in instance.floors.items())


def _dearest(
    instance: Instance, files: Sequence[File], chosen: dict[str, int], sharing: Sharing | None, stop: Stop
) -> tuple[dict[str, int], bool]:
    """The most money for the same sum of scores, from a sharing that has it; whether it is proved the most."""
    served = sum(file.score for file in files if file.id in chosen)
    whole = Model(instance, files, grown=lambda file: True)
    known = limits(instance)
    money = sum(chosen.values())
    if money // whole.unit >= known[0].cents // whole.unit or money >= sum(f.asked_cents for f in files):
        return chosen, True
    tied = sharing.tied(served) if sharing is not None else None
    if tied is not None:
        for some in tied:
            if most_money(some, known) <= money:
                continue
            model = Model(instance, some, grown=lambda file: True)
            every = Row(tuple((j, -1) for j in range(len(some))), -len(some))
            least = _amounts(instance, some) or {}
            start = model.values(_raise(instance, some, least))
            found = maximise(model.money_gains(), model.high, [*model.rows, every], start=start, stop=stop)
            if found.values is not None and sum(model.amounts(found.values).values()) > money:
                chosen = model.amounts(found.values)
                money = sum(chosen.values())
            if not found.proved:
                return chosen, False
        return chosen, True
    row = _at_least(whole.score_gains(), served)
    second = maximise(whole.money_gains(), whole.high, [*whole.rows, row], start=whole.values(chosen), stop=stop)
    if second.values is not None and sum(whole.amounts(second.values).values()) > money:
        chosen = whole.amounts(second.values)
    return chosen, second.proved


def with_ties(instance: Instance, solution: Solution, *, stop: Stop = never) -> Solution:
    """The same answer with the files that another optimum treats otherwise; ``ties_proved`` when all are known."""
    if not solution.proved:
        return solution
    files = movable(instance)
    chosen = {file.id: solution.chosen[file.id] for file in files if file.id in solution.chosen}
    served = sum(file.score for file in files if file.id in chosen)
    whole = Model(instance, files, grown=lambda file: True)
    ties, certain = _ties(whole, files, chosen, served, sum(chosen.values()), stop)
    return replace(solution, ties=ties, ties_proved=certain)


def movable(instance: Instance) -> list[File]:
    """The files that may be served or not, in an order that owes nothing to the list."""
    free = [f for f in instance.files if f.id not in instance.locks and f.asked_cents]
    return sorted(free, key=lambda f: (-f.score, f.minimum_cents, f.asked_cents, f.id))


def _grows(instance: Instance) -> Callable[[File], bool]:
    floored = {group for group, cents in instance.floors.items() if cents > 0}
    return lambda file: not floored.isdisjoint(file.groups)


def _at_least(gains: Sequence[int], value: int) -> Row:
    return Row(tuple((j, -gain) for j, gain in enumerate(gains) if gain), -value)


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
        most = min(room[name] for name in own)
        target = file.asked_cents if now + most >= file.asked_cents else now + max(most, 0) // step * step
        target = min(target, file.asked_cents)
        for name in own:
            room[name] -= target - now
        amounts[file.id] = target
    return amounts


def _ties(
    model: Model, files: Sequence[File], chosen: Mapping[str, int], served: int, money: int, stop: Stop
) -> tuple[tuple[str, ...], bool]:
    """The files that another optimum treats otherwise, and whether all of them are known."""
    scores, sums = model.score_gains(), model.money_gains()
    rows = [*model.rows, _at_least(scores, served), _at_least(sums, money // model.unit)]
    now = [1 if file.id in chosen else 0 for file in files]
    known: set[int] = set()
    start = model.values(chosen)
    while True:
        gains = [0] * len(model.high)
        for place, serves in enumerate(now):
            if place not in known:
                gains[place] = -1 if serves else 1
        base = sum(gain * value for gain, value in zip(gains, start, strict=True))
        found: Outcome = maximise(gains, model.high, rows, above=base, enough=base + 1, stop=stop)
        if found.values is None:
            names = tuple(sorted(files[place].id for place in known))
            return names, found.proved
        known.update(place for place, serves in enumerate(now) if found.values[place] != serves)


def clash(instance: Instance) -> str:
    """The sentence that names constraints which cannot hold together, none of which could be spared."""
    parts: list[tuple[str, str]] = [("envelope", "")]
    parts += [("cap", group) for group in sorted(instance.caps)]
    parts += [("floor", group) for group in sorted(instance.floors)]
    parts += [("lock", name) for name in sorted(instance.locks)]
    kept = list(parts)
    for part in parts:
        trial = [other for other in kept if other != part]
        if not _possible(only(instance, trial)):
            kept = trial
    return f"Aucune répartition n’est possible{NBSP}: {_listed([_named(instance, *part) for part in kept])}."


def only(instance: Instance, parts: Sequence[tuple[str, str]]) -> Instance:
    """The instance with these constraints alone."""
    everything = sum(file.asked_cents for file in instance.files)
    return Instance(
        instance.envelope_cents if ("envelope", "") in parts else max(everything, instance.envelope_cents),
        instance.step_cents,
        instance.files,
        {g: c for g, c in instance.caps.items() if ("cap", g) in parts},
        {g: c for g, c in instance.floors.items() if ("floor", g) in parts},
        {n: c for n, c in instance.locks.items() if ("lock", n) in parts},
        instance.scale,
    )


def _possible(instance: Instance) -> bool:
    files = movable(instance)
    model = Model(instance, files, grown=_grows(instance))
    return maximise([0] * len(model.high), model.high, model.rows, enough=0).values is not None


def _named(instance: Instance, kind: str, name: str) -> str:
    if kind == "envelope":
        return f"l’enveloppe de {euros(instance.envelope_cents)}"
    if kind == "cap":
        return f"le plafond {group_words(name)}, {euros(instance.caps[name])}"
    if kind == "floor":
        return f"le plancher {group_words(name)}, {euros(instance.floors[name])}"
    amount = instance.locks[name]
    return f"le verrou du dossier {name} à {euros(amount)}" if amount else f"le dossier {name} verrouillé à 0"


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} ne peut pas être respecté avec les demandes données"
    return f"{f'{NBSP}; '.join(names[:-1])} et {names[-1]} se contredisent"
