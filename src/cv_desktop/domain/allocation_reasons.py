"""Why each file is in, reduced or out: found by solving again, never guessed.

A constraint is named as what keeps a file out only when the same rule, without it, serves the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from cv_desktop.domain.allocation_again import WHOLE, Again, Part
from cv_desktop.domain.allocation_answer import Solution, group_sums, left
from cv_desktop.domain.allocation_exchange import ENVELOPE
from cv_desktop.domain.allocation_instance import File, Instance, group_words
from cv_desktop.domain.allocation_order import Ties
from cv_desktop.domain.integer_program import Stop, never
from cv_desktop.domain.money import NBSP, euros


class Reasons:
    """The sentences of one answer. What is solved again is kept in ``again``.

    ``stop`` is polled: past it, a sentence says that its cause was not looked for.
    """

    def __init__(self, instance: Instance, solution: Solution, *, ties: Ties = "report", stop: Stop = never) -> None:
        self.instance, self.solution = instance, solution
        self.again = Again(instance, solution, ties, stop)
        self.files = {file.id: file for file in instance.files}
        self.left = left(instance, solution)
        self.sums = group_sums(instance, solution.chosen)

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
                return self._lightened(name, parts)
        return None

    def _lightened(self, name: str, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        """The same without those that the file does not need, under a rule of order, where solving again costs little.

        None of what is left may go: each is told as a cause.
        """
        if self.solution.rule != "best":
            for part in parts:
                fewer = tuple(p for p in parts if p != part)
                if fewer and self._enters(name, fewer):
                    parts = fewer
        return parts

    def _candidates(self, file: File) -> Iterator[tuple[Part, ...]]:
        if file.id in self.instance.locks:
            yield (("lock", file.id),)
            return
        own: list[Part] = [("cap", group) for group in file.groups if group in self.instance.caps]
        tight = [p for p in own if self._room(p[1]) < file.part(p[1], self._least(file))]
        for part in (*tight, WHOLE, *(p for p in own if p not in tight)):
            yield (part,)
        if self.solution.rule == "best":
            yield from ((("floor", group),) for group in sorted(self.instance.floors))
        if self.solution.rule != "stop" or self._enters(file.id, (WHOLE, *own)):
            # Under "stop" nothing less serves a file that all of its own limits leave out.
            yield from combinations(own, 2)
            if len(own) > 2:
                yield tuple(own)
            yield from ((WHOLE, part) for part in own)
            yield (WHOLE, *own)
        yield from ((("cap", group),) for group in sorted(self.instance.caps) if ("cap", group) not in own)
        floors: tuple[Part, ...] = tuple(("floor", group) for group in sorted(self.instance.floors))
        caps: tuple[Part, ...] = tuple(("cap", group) for group in sorted(self.instance.caps))
        yield (WHOLE, *caps)
        yield (WHOLE, *caps, *floors)

    def _surely_out(self, name: str, parts: tuple[Part, ...]) -> bool:
        """Whether the file stays out without these constraints, told without solving again."""
        if self.solution.rule != "best" or name in self.instance.locks or self.again.stop():
            return False
        freed = [(ENVELOPE if kind == "envelope" else group, -1 if kind == "floor" else 1) for kind, group in parts]
        sharing = self.again.sharing()
        return sharing.out_without(freed, name, self.again.score(sharing, self.solution))

    def _enters(self, name: str, parts: tuple[Part, ...]) -> bool | None:
        """Whether the file is served without these constraints, None when it is not known."""
        if self.solution.rule == "best" and self._alone(name, parts):
            return True
        found = self.again.freed(parts)
        return None if found is None else name in found.chosen

    def _alone(self, name: str, parts: tuple[Part, ...]) -> bool:
        """Whether nothing limits the file any more: what leaves it out is bettered by adding it."""
        own = {("cap", group) for group in self.files[name].groups if group in self.instance.caps}
        return name not in self.instance.locks and {*own, WHOLE} <= {*parts}

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
        full = [g for g in full if self._room(g) < file.part(g, cents + next_up) - file.part(g, cents)]
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
            if self.solution.rule != "stop" or self._fits(file):
                return f"à départager{NBSP}: les dossiers de même note ne tiennent pas tous (reste {euros(self.left)})"
        parts = self.binding(file.id)
        if parts is None:
            late = "cause non recherchée, le temps donné est écoulé"
            return f"écarté{NBSP}: {late if self.again.stop() else 'cause non établie, rien de mieux n’est exclu'}"
        # Too large for what is left, a file at the cut still ends the list when it comes before its equals.
        even = ", à égalité de note" if file.id in self.solution.ties else ""
        # All of them, however many: somebody who lifts what is named must see the file enter.
        return f"écarté{even}{NBSP}: {' et '.join(self._cause(part, file) for part in parts)}"

    def _room(self, group: str) -> int:
        """What a cap still leaves, in cents."""
        return self.instance.caps[group] - self.sums.get(group, 0)

    def _fits(self, file: File) -> bool:
        """Whether what is left serves a file in full."""
        caps = [group for group in file.groups if group in self.instance.caps]
        asked = file.asked_cents
        return asked <= self.left and all(file.part(group, asked) <= self._room(group) for group in caps)

    def _least(self, file: File) -> int:
        """The smallest amount with which the rule serves a file."""
        return file.asked_cents if self.solution.rule != "best" else self.instance.amounts(file)[0]

    def _cause(self, part: Part, file: File) -> str:
        kind, group = part
        least = self._least(file)
        if kind == "floor":
            return f"plancher {group_words(group)} à respecter"
        if kind == "cap":
            room = self._room(group)
            rest = f"reste {euros(room)}" if room > 0 else ""
            if group in file.groups and (counted := file.part(group, least)) < least:
                rest = f"{rest or 'rien ne reste'}, ce dossier y compte pour {euros(counted)}"
                least = counted
            rest = f" ({rest})" if rest else ""
            if group not in file.groups:
                return f"plafond {group_words(group)}, qui retient un autre dossier{rest}"
            if room >= least:
                return f"plafond {group_words(group)}, que des dossiers mieux notés prendraient{rest}"
            return f"plafond {group_words(group)} atteint{rest}"
        if self.left < least:
            return f"enveloppe épuisée (reste {euros(self.left)}, il faut {euros(least)})"
        if self.solution.rule == "stop":
            return "l’enveloppe s’arrête à un dossier mieux noté"
        return f"l’enveloppe ne suffit pas à tous (reste {euros(self.left)})"
