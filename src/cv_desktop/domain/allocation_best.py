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
from cv_desktop.domain.allocation_sharing import Core, Limit, Sharing, most_money
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.integer_program import Outcome, Row, Stop, maximise, never
from cv_desktop.domain.money import NBSP, euros


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

    ``grown`` says which files may rise in this program, the others take their least; ``sure`` ones are served.
    """

    def __init__(
        self, instance: Instance, files: Sequence[File], *, grown: Callable[[File], bool], sure: Sequence[File] = ()
    ) -> None:
        files = [*sure, *files]
        self.files = files
        self.low: list[int] = [1] * len(sure)
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
        self.low += [0] * (len(self.high) - len(self.low))

    def maximise(
        self,
        gains: Sequence[int],
        *more: Row,
        start: Sequence[int] | None = None,
        above: int | None = None,
        enough: int | None = None,
        stop: Stop = never,
    ) -> Outcome:
        return maximise(
            gains, self.high, [*self.rows, *more], low=self.low, start=start, above=above, enough=enough, stop=stop
        )

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
    sharing = sharing_of(instance, files, stop)
    served = sharing.best()
    proved = served.proved
    if served.files is None and proved:
        raise UserError(clash(instance, stop=stop))
    some = _first_met(instance, files) if served.files is None else served.files
    found = _amounts(instance, some, stop)
    if found is None:
        raise UserError(
            "Aucune répartition qui respecte les planchers n’a été trouvée dans le temps donné. Allongez-le, ou "
            "retirez un plancher."
        )
    chosen = exchange(instance, files, _raise(instance, files, found))
    locked = {name: cents for name, cents in instance.locks.items() if cents}
    if proved and served.tied is not None:
        chosen, ties, proved = _dearest_of(instance, served.tied, chosen, stop)
        return Solution("best", chosen | locked, ties, proved, {}, proved)
    if proved:
        chosen, proved = _dearest(instance, sharing, chosen, stop)
    return Solution("best", chosen | locked, (), proved, {}, False)


def sharing_of(instance: Instance, files: Sequence[File], stop: Stop) -> Sharing:
    """What the best sharing of these files is looked for in."""

    def fits(some: Sequence[File]) -> bool:
        return _amounts(instance, some, stop) is not None

    def exact(core: Core, above: int | None) -> tuple[list[File] | None, bool]:
        model = Model(instance, core.open, grown=_grows(instance), sure=core.sure)
        found = model.maximise(model.score_gains(), above=above, stop=stop)
        if found.values is None:
            return None, found.proved
        return [file for file in model.files if file.id in model.amounts(found.values or ())], found.proved

    return Sharing(instance, files, limits(instance), fits, exact, stop)


def floored(instance: Instance) -> frozenset[str]:
    """The groups that must receive something."""
    return frozenset(group for group, cents in instance.floors.items() if cents > 0)


def _first_met(instance: Instance, files: Sequence[File]) -> list[File]:
    """The files of floors, then the best scores, that fit one after the other: an answer when there was no time."""
    grows = _grows(instance)
    room = rooms(instance, {})
    found = []
    for file in sorted(files, key=lambda file: not grows(file)):
        least = instance.amounts(file)[0]
        own = [ENVELOPE, *(group for group in file.groups if group in instance.caps)]
        if all(least <= room[name] for name in own):
            found.append(file)
            for name in own:
                room[name] -= least
    return found


def _amounts(instance: Instance, some: Sequence[File], stop: Stop) -> dict[str, int] | None:
    """Amounts for these files, all served, that every floor and cap allows; None when there are none."""
    least = {file.id: instance.amounts(file)[0] for file in some}
    if _floors_met(instance, least):
        return least
    grows = _grows(instance)
    raised = _raise(instance, [file for file in some if grows(file)], least)
    if _floors_met(instance, raised):
        return raised
    model = Model(instance, (), grown=grows, sure=some)
    found = model.maximise([0] * len(model.high), enough=0, stop=stop)
    return None if found.values is None else model.amounts(found.values)


def _floors_met(instance: Instance, chosen: Mapping[str, int]) -> bool:
    sums = group_sums(instance, {**chosen, **instance.locks})
    return all(sums.get(group, 0) >= cents for group, cents in instance.floors.items())


def _dearest_of(
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


def _dearest(instance: Instance, sharing: Sharing, chosen: dict[str, int], stop: Stop) -> tuple[dict[str, int], bool]:
    """The most money for the same sum of scores, from a sharing that has it; whether it is proved the most."""
    served = [file for file in sharing.files if file.id in chosen]
    score = sum(file.score for file in served)
    core = sharing.core(sharing.loss(score))
    for model in (
        Model(instance, (), grown=lambda file: True, sure=served),
        Model(instance, core.open, grown=lambda file: True, sure=core.sure),
    ):
        money = sum(chosen.values())
        if money >= most_money(model.files, limits(instance)):
            continue
        enough = _at_least(model.score_gains(), score)
        found = model.maximise(model.money_gains(), enough, start=model.values(chosen), stop=stop)
        if found.values is not None:
            chosen = model.amounts(found.values)
        if not found.proved:
            return chosen, False
    return chosen, True


def with_ties(instance: Instance, solution: Solution, *, stop: Stop = never) -> Solution:
    """The same answer with the files that another optimum treats otherwise; ``ties_proved`` when all are known."""
    if not solution.proved or solution.ties_proved:
        return solution
    files = movable(instance)
    chosen = {file.id: solution.chosen[file.id] for file in files if file.id in solution.chosen}
    sharing = sharing_of(instance, files, stop)
    score = sum(file.score for file in files if file.id in chosen)
    core = sharing.core(sharing.loss(score))
    model = Model(instance, core.open, grown=lambda file: True, sure=core.sure)
    ties, certain = _ties(model, chosen, score, stop)
    return replace(solution, ties=ties, ties_proved=certain)


def movable(instance: Instance) -> list[File]:
    """The files that may be served or not, in an order that owes nothing to the list."""
    free = [f for f in instance.files if f.id not in instance.locks and f.asked_cents]
    return sorted(free, key=lambda f: (-f.score, f.minimum_cents, f.asked_cents, f.id))


def _grows(instance: Instance) -> Callable[[File], bool]:
    groups = floored(instance)
    return lambda file: not groups.isdisjoint(file.groups)


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


def _ties(model: Model, chosen: Mapping[str, int], score: int, stop: Stop) -> tuple[tuple[str, ...], bool]:
    """The files that another optimum treats otherwise, and whether all of them are known."""
    money = model.money_gains()
    rows = [_at_least(model.score_gains(), score), _at_least(money, sum(chosen.values()) // model.unit)]
    now = [1 if file.id in chosen else 0 for file in model.files]
    known = {place for place, low in enumerate(model.low[: len(now)]) if low}
    sure = len(known)
    start = model.values(chosen)
    while True:
        gains = [0] * len(model.high)
        for place, serves in enumerate(now):
            if place not in known:
                gains[place] = -1 if serves else 1
        base = sum(gain * value for gain, value in zip(gains, start, strict=True))
        found = model.maximise(gains, *rows, above=base, stop=stop)
        if found.values is None:
            return tuple(sorted(model.files[place].id for place in known if place >= sure)), found.proved
        known.update(place for place, serves in enumerate(now) if found.values[place] != serves)


def clash(instance: Instance, *, stop: Stop = never) -> str:
    """The sentence that names constraints which cannot hold together, none of which could be spared."""
    parts: list[tuple[str, str]] = [("envelope", "")]
    parts += [("cap", group) for group in sorted(instance.caps)]
    parts += [("floor", group) for group in sorted(instance.floors)]
    parts += [("lock", name) for name in sorted(instance.locks)]
    kept, place, size = list(parts), 0, max(1, len(parts) // 2)
    # Many at once, then fewer where some matter: most constraints of a clash have no part in it.
    while place < len(kept):
        trial = kept[:place] + kept[place + size :]
        possible = _possible(only(instance, trial), stop)
        if possible is None:
            return (
                f"Aucune répartition n’est possible{NBSP}: des limites se contredisent, et le temps donné n’a pas "
                "suffi à dire lesquelles. Allongez-le, ou retirez un plancher."
            )
        if not possible:
            kept = trial
            size = min(size * 2, max(1, len(kept) - place))
        elif size > 1:
            size //= 2
        else:
            place += 1
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


def _possible(instance: Instance, stop: Stop) -> bool | None:
    """Whether some sharing obeys everything, None when the time ended. Only files of a floor need be served."""
    locked = {name: cents for name, cents in instance.locks.items() if cents}
    if min(rooms(instance, {}).values()) < 0:
        return False
    if _floors_met(instance, locked):
        return True
    grows = _grows(instance)
    model = Model(instance, [file for file in movable(instance) if grows(file)], grown=grows)
    found = model.maximise([0] * len(model.high), enough=0, stop=stop)
    return True if found.values is not None else False if found.proved else None


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
