"""Why each file is in, reduced or out, and what more it would take: found by solving again, never guessed.

A constraint is named as what keeps a file out only when the same rule, without it, serves the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from cv_desktop.domain.allocation_answer import Solution, group_sums, left, value
from cv_desktop.domain.allocation_best import may_serve, sharing_of, with_ties
from cv_desktop.domain.allocation_exchange import ENVELOPE
from cv_desktop.domain.allocation_instance import File, Instance, group_words
from cv_desktop.domain.allocation_model import floored, movable
from cv_desktop.domain.allocation_order import Order, Ties
from cv_desktop.domain.allocation_sharing import Sharing
from cv_desktop.domain.allocation_solve import solve
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.integer_program import Stop, never
from cv_desktop.domain.money import NBSP, euros
from cv_desktop.domain.sharing_opened import Opened, opened

Part = tuple[str, str]
_ENVELOPE: Part = ("envelope", "")


@dataclass(frozen=True, slots=True)
class NearMiss:
    """What more the envelope needs for a file: ``cents`` None when no envelope is enough; ``known`` when sure."""

    cents: int | None
    known: bool


def without(instance: Instance, parts: tuple[Part, ...]) -> Instance:
    """The instance freed of some constraints: the envelope, caps, floors, locks, each as (kind, name)."""
    dropped = set(parts)
    total = sum(file.asked_cents for file in instance.files)
    return replace(
        instance,
        envelope_cents=max(total, instance.envelope_cents) if _ENVELOPE in dropped else instance.envelope_cents,
        caps={g: c for g, c in instance.caps.items() if ("cap", g) not in dropped},
        floors={g: c for g, c in instance.floors.items() if ("floor", g) not in dropped},
        locks={n: c for n, c in instance.locks.items() if ("lock", n) not in dropped},
    )


class Reasons:
    """The sentences of one answer. What is solved again is kept, one solution for each constraint left aside.

    ``stop`` is polled: past it, a sentence says that its cause was not looked for, and a near miss is not known.
    """

    def __init__(self, instance: Instance, solution: Solution, *, ties: Ties = "report", stop: Stop = never) -> None:
        self.instance, self.solution, self.ties, self.stop = instance, solution, ties, stop
        self.files = {file.id: file for file in instance.files}
        self.left = left(instance, solution)
        self.sums = group_sums(instance, solution.chosen)
        self._again: dict[tuple[Part, ...], Solution | None] = {(): solution if solution.proved else None}
        self._grown: dict[int, tuple[frozenset[str], int | None] | None] = {}
        self._best: dict[int, Solution | None] = {0: solution if solution.rule == "best" and solution.proved else None}
        self._priced: dict[int, Sharing] = {}
        self._opened: dict[tuple[Part, ...], Opened] = {}
        self._freed: dict[tuple[Part, ...], Sharing] = {}

    # -- the constraint that binds --------------------------------------------------------------------

    def binding(self, name: str) -> tuple[Part, ...] | None:
        """Constraints without which the file is served, as few of its own as can be; None when it is not known."""
        for parts in self._candidates(self.files[name]):
            if self._surely_out(name, parts):
                continue
            enters = self._enters(name, parts)
            if enters is None:
                return None
            if enters:
                return parts
        return None

    def _candidates(self, file: File) -> Iterator[tuple[Part, ...]]:
        if file.id in self.instance.locks:
            yield (("lock", file.id),)
            return
        own: list[Part] = [("cap", group) for group in file.groups if group in self.instance.caps]
        least = file.asked_cents if self.solution.rule != "best" else self.instance.amounts(file)[0]
        tight = [p for p in own if self.instance.caps[p[1]] - self.sums.get(p[1], 0) < least]
        for part in (*tight, _ENVELOPE, *(p for p in own if p not in tight)):
            yield (part,)
        if self.solution.rule == "best":
            yield from ((("floor", group),) for group in sorted(self.instance.floors))
        yield from combinations(own, 2)
        if len(own) > 2:
            yield tuple(own)
        yield from ((_ENVELOPE, part) for part in own)
        yield (_ENVELOPE, *own)
        yield from ((("cap", group),) for group in sorted(self.instance.caps) if ("cap", group) not in own)
        floors: tuple[Part, ...] = tuple(("floor", group) for group in sorted(self.instance.floors))
        caps: tuple[Part, ...] = tuple(("cap", group) for group in sorted(self.instance.caps))
        yield (_ENVELOPE, *caps)
        yield (_ENVELOPE, *caps, *floors)

    def _surely_out(self, name: str, parts: tuple[Part, ...]) -> bool:
        """Whether the file stays out without these constraints, told without solving again."""
        if self.solution.rule != "best" or name in self.instance.locks or self.stop():
            return False
        freed = [(ENVELOPE if kind == "envelope" else group, -1 if kind == "floor" else 1) for kind, group in parts]
        sharing = self._sharing(0)
        return sharing.out_without(freed, name, self._score(sharing, self.solution))

    def _enters(self, name: str, parts: tuple[Part, ...]) -> bool | None:
        """Whether the file is served without these constraints, None when it is not known."""
        if self.solution.rule == "best" and self._alone(name, parts):
            return True
        opening = self._opening(parts)
        enters = None if opening is None else opening[0].serves(name, opening[1])
        if enters is None:
            served = self._served_without(parts)
            enters = None if served is None else name in served
        return enters

    def _alone(self, name: str, parts: tuple[Part, ...]) -> bool:
        """Whether nothing limits the file any more: what leaves it out is bettered by adding it."""
        own = {("cap", group) for group in self.files[name].groups if group in self.instance.caps}
        return name not in self.instance.locks and {*own, _ENVELOPE} <= {*parts}

    def _opening(self, parts: tuple[Part, ...]) -> tuple[Opened, frozenset[str] | None] | None:
        """What enters when the one small cap of these constraints goes after the others, and the rivals before it;
        None when everything must be searched again.
        """
        if self.solution.rule != "best" or self.stop():
            return None
        small = [part for part in parts if part[0] == "cap" and part[1] in self._sharing(0).shape.small]
        others = tuple(part for part in parts if part not in small)
        if len(small) != 1:
            return None
        self._served_without(others)
        before = self._again[others]
        if before is None or (before.rivals is None and floored(self.instance)):
            # A cap may also have held back the money that a floor wants: the sets it allowed change too.
            return None
        if parts not in self._opened:
            sharing = self._without(others)
            freed = without(self.instance, parts)
            if small[0][1] not in sharing.shape.small:
                return None
            self._opened[parts] = opened(
                sharing, small[0][1], self._score(sharing, before), lambda some: may_serve(freed, some, self.stop)
            )
        return self._opened[parts], before.rivals

    def _without(self, parts: tuple[Part, ...]) -> Sharing:
        if parts not in self._freed:
            freed = without(self.instance, parts)
            self._freed[parts] = sharing_of(freed, movable(freed), self.stop)
        return self._freed[parts]

    def _sharing(self, more: int) -> Sharing:
        if more not in self._priced:
            grown = self._enlarged(more)
            self._priced[more] = sharing_of(grown, movable(grown), self.stop)
        return self._priced[more]

    def _score(self, sharing: Sharing, found: Solution) -> int:
        return value(self.instance, (file.id for file in sharing.files if file.id in found.chosen))

    def _served_without(self, parts: tuple[Part, ...]) -> frozenset[str] | None:
        if parts not in self._again:
            self._again[parts] = self._solved(without(self.instance, parts))
        found = self._again[parts]
        return None if found is None else frozenset(found.chosen)

    def _solved(self, instance: Instance) -> Solution | None:
        if self.stop():
            return None
        try:
            found = solve(instance, self.solution.rule, ties=self.ties, stop=self.stop, name_ties=False)
        except UserError:
            # Without a lock, floors may have no answer left: nothing is served.
            return Solution(self.solution.rule, {})
        return found if found.proved else None

    # -- sentences ------------------------------------------------------------------------------------

    def sentence(self, name: str) -> str:
        """Why a file is served, reduced or left out, in French."""
        file = self.files[name]
        cents = self.solution.chosen.get(name)
        lock = self.instance.locks.get(name)
        if lock is not None:
            return f"verrouillé à {euros(lock)}" if lock else f"écarté{NBSP}: verrouillé à {euros(0)}"
        if cents is None:
            return self._out(file)
        also = f"{NBSP}; une autre répartition aussi bonne s’en passe" if name in self.solution.ties else ""
        if cents == file.asked_cents:
            return f"retenu pour toute sa demande{also}"
        return f"{self._reduced(file, cents)}{also}"

    def _reduced(self, file: File, cents: int) -> str:
        step = max(self.instance.step_cents, 1)
        next_up = min(file.asked_cents - cents, step)
        full = [g for g in file.groups if g in self.instance.caps]
        full = [g for g in full if self.instance.caps[g] - self.sums[g] < next_up]
        if full:
            why = f"plafond {group_words(full[0])} atteint"
        elif self.left < next_up:
            why = f"reste {euros(self.left)}"
        else:
            why = "un autre plafond ou un plancher l’impose"
        if cents == self.instance.amounts(file)[0]:
            return f"réduit au minimum viable{NBSP}: {why}"
        return f"réduit à {euros(cents)} sur {euros(file.asked_cents)}{NBSP}: {why}"

    def _out(self, file: File) -> str:
        if not file.asked_cents:
            return f"écarté{NBSP}: rien n’est demandé"
        if file.id in self.solution.ties:
            if self.solution.rule == "best":
                return f"écarté à égalité{NBSP}: une autre répartition aussi bonne le retient"
            return f"à départager{NBSP}: les dossiers de même note ne tiennent pas tous (reste {euros(self.left)})"
        parts = self.binding(file.id)
        if parts is None:
            return f"écarté{NBSP}: cause non recherchée, le temps donné est écoulé"
        return f"écarté{NBSP}: {' et '.join(self._cause(part, file) for part in parts[:4])}" + (
            f" et {len(parts) - 4} autres limites" if len(parts) > 4 else ""
        )

    def _cause(self, part: Part, file: File) -> str:
        kind, group = part
        if kind == "floor":
            return f"plancher {group_words(group)} à respecter"
        if kind == "cap":
            room = self.instance.caps[group] - self.sums.get(group, 0)
            rest = f" (reste {euros(room)})" if room > 0 else ""
            if group not in file.groups:
                return f"plafond {group_words(group)}, qui retient un autre dossier{rest}"
            return f"plafond {group_words(group)} atteint{rest}"
        least = file.asked_cents if self.solution.rule != "best" else self.instance.amounts(file)[0]
        if self.left < least:
            return f"enveloppe épuisée (reste {euros(self.left)}, il faut {euros(least)})"
        if self.solution.rule == "stop":
            return "l’enveloppe s’arrête à un dossier mieux noté"
        return f"l’enveloppe ne suffit pas à tous (reste {euros(self.left)})"

    # -- near misses ----------------------------------------------------------------------------------

    def near_miss(self, name: str) -> NearMiss:
        """The smallest growth of the envelope, in whole steps, with which the same rule serves the file.

        Under "skip" and "best" a larger envelope may drop a file: sizes are tried from the smallest, every
        one that could change something, never by halving.
        """
        file = self.files[name]
        if not file.asked_cents or name in self.instance.locks:
            return NearMiss(None, True)
        if self._served_without((_ENVELOPE,)) is None:
            return NearMiss(None, False)
        step = max(self.instance.step_cents, 1)
        total = sum(one.asked_cents for one in self.instance.files)
        last = -(-max(total - self.instance.envelope_cents, 0) // step) * step
        if self.solution.rule == "best":
            return self._near_best(name, step, last)
        more = step
        while more <= last:
            if more not in self._grown:
                self._grown[more] = self._with(more)
            found = self._grown[more]
            if found is None:
                return NearMiss(None, False)
            served, change = found
            if name in served:
                return NearMiss(more, True)
            if change is None:
                break
            more += -(-change // step) * step
        return NearMiss(None, True)

    def _with(self, more: int) -> tuple[frozenset[str], int | None] | None:
        """Who is served with a larger envelope, and by how much it must grow again for that to change."""
        if self.stop():
            return None
        run = Order(self._enlarged(more), skip=self.solution.rule == "skip", ties=self.ties)
        return frozenset(run.chosen), run.step_to_change

    def _enlarged(self, more: int) -> Instance:
        return replace(self.instance, envelope_cents=self.instance.envelope_cents + more)

    def _near_best(self, name: str, step: int, last: int) -> NearMiss:
        more = 0
        while True:
            found = self._best[more] if more in self._best else self._solved(self._enlarged(more))
            self._best[more] = found
            if found is None:
                return NearMiss(None, False)
            if more and name in found.chosen:
                return NearMiss(more, True)
            growth = self._growth(name, more, found)
            if growth is None:
                return NearMiss(None, True)
            more += max(step, -(-growth // step) * step)
            if more > last:
                return NearMiss(None, True)

    def _growth(self, name: str, more: int, found: Solution) -> int | None:
        """By how much an enlarged envelope must grow again before the file may enter; None when it never does."""
        sharing = self._sharing(more)
        growth = sharing.growth(name, self._score(sharing, found))
        free = self._again[(_ENVELOPE,)]
        if growth is None or free is None:
            return growth
        if self._score(sharing, found) == self._score(sharing, free) and name not in self._often:
            # The sum of scores grows no more, and no set of files that has it holds this one.
            return None
        if self._worth(found) != self._worth(free):
            return growth
        # The envelope binds no more. Sets of files listed one by one stay the same, and so does the one given.
        if found.ties_proved:
            return None
        found = with_ties(self._enlarged(more), found, stop=self.stop)
        return None if found.ties_proved and name not in found.ties else growth

    @cached_property
    def _often(self) -> frozenset[str]:
        """The files of every set of the best sum without the envelope; all the files when the sets are not known."""
        free = without(self.instance, (_ENVELOPE,))
        tied = sharing_of(free, movable(free), self.stop).best().tied
        return frozenset(self.files) if tied is None else frozenset(file.id for some in tied for file in some)

    def _worth(self, found: Solution) -> tuple[int, int]:
        return value(self.instance, found.chosen), found.spent_cents
