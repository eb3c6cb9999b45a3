"""The best sharing: the highest sum of scores, then the most money given, under every limit.

Two whole-number programs are solved one after the other: which files to serve (at the least that serves
them, unless a floor wants more), then how much, the sum of scores being kept. Files are taken in an
order of their own, never that of the list.
"""

from __future__ import annotations

from collections.abc import Sequence

from cv_desktop.domain.allocation_answer import Solution, value
from cv_desktop.domain.allocation_clash import clash
from cv_desktop.domain.allocation_exchange import ENVELOPE, exchange, rooms
from cv_desktop.domain.allocation_growth import grows
from cv_desktop.domain.allocation_instance import File, Instance
from cv_desktop.domain.allocation_model import movable, obeyed
from cv_desktop.domain.allocation_money import dearest, dearest_of
from cv_desktop.domain.allocation_serving import amounts_serving, raised, sharing_of
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.integer_program import Stop, never


def best(instance: Instance, *, stop: Stop = never) -> Solution:
    """The sharing of the highest sum of scores, then of the most money, proved so unless ``stop`` ended it.

    Its ties are told where all the sets of files of this sum are known, else they are not looked for (``with_ties``).
    Raises UserError when no sharing obeys the floors, the locks and the caps together.
    """
    files = movable(instance)
    sharing = sharing_of(instance, files, stop)
    served = sharing.best()
    proved = served.proved
    locked = {name: cents for name, cents in instance.locks.items() if cents}
    if served.files is None and proved:
        raise UserError(clash(instance, stop=stop))
    if proved and served.sets is not None:
        chosen, ties, proved = dearest_of(instance, served.sets, stop)
        rivals = frozenset(file.id for some in served.sets for file in some)
        return Solution("best", chosen | locked, ties, proved, {}, proved, rivals)
    found = None if served.files is None else amounts_serving(instance, served.files, never)[0]
    if not proved:
        # Taken in order, files may be worth more than what an interrupted search had met.
        first = amounts_serving(instance, _first_met(instance, files), never)[0]
        if first is not None and (found is None or value(instance, first) > value(instance, found)):
            found = first
    if found is None:
        raise UserError(
            "Aucune répartition qui respecte les planchers n’a été trouvée dans le temps donné. Allongez-le, ou "
            "retirez un plancher."
        )
    chosen = exchange(instance, files, raised(instance, files, found))
    if not obeyed(instance, chosen):
        # A file that rises may lose a cent of a part to another group, and a floor with it.
        chosen = found
    if proved:
        chosen, proved = dearest(instance, sharing, chosen, stop)
    return Solution("best", chosen | locked, (), proved, {}, False)


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
