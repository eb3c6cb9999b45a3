"""The shape of an instance: what its files gain and count for in each limit, in whole units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import gcd

from cv_desktop.domain.allocation_instance import File, Instance
from cv_desktop.domain.allocation_limits import Limit
from cv_desktop.domain.sharing_shape import Shape, Wide


def shape_of(
    instance: Instance, files: Sequence[File], limits: Sequence[Limit], rising: Callable[[File], bool]
) -> tuple[Shape, int]:
    """The shape, and how many cents make the unit of the envelope."""
    amounts = [instance.amounts(file) for file in files]
    spans = [a[2] - a[0] if rising(file) else 0 for file, a in zip(files, amounts, strict=True)]
    step = max(instance.step_cents, 1)
    places = {file.id: j for j, file in enumerate(files)}
    unit = 1
    caps, floors = [], []
    for limit in limits:
        inside = range(len(files)) if limit.files is None else sorted(places[n] for n in limit.files if n in places)
        counted = [_counted(files[j], limit, amounts[j][0], spans[j], step) for j in inside]
        own = gcd(*(cents for counts in counted for cents in counts)) or 1
        least, most = tuple(c[0] // own for c in counted), tuple(c[1] // own for c in counted)
        if limit.sign > 0:
            caps.append(Wide(limit.name, tuple(inside), limit.cents // own, least, most))
        elif limit.cents > 0:
            floors.append(Wide(limit.name, tuple(inside), -(-limit.cents // own), least, most))
        if limit.files is None:
            unit = own
    gains = [file.score for file in files]
    return Shape(gains, [a[0] // unit for a in amounts], [span // unit for span in spans], caps, floors), unit


def _counted(file: File, limit: Limit, least: int, span: int, step: int) -> tuple[int, int, int]:
    """What a file counts for in a limit at its least, then when its amount rises by ``span``, and by what it rises.

    Where rounding moves cents between groups, both are put two cents lower in a cap, higher in a floor: the amounts
    between them then stand on the safe side of the straight line, and sharings are ruled out only with certainty. They
    do too when a part loses its cent while the file rises, and is counted as staying what it was.
    """
    low = file.part(limit.name, least)
    high = max(low, file.part(limit.name, least + span))
    if not span:
        return low, low, 0
    if file.even(limit.name, step) and file.even(limit.name, span):
        return low, high, file.part(limit.name, least + step) - low
    return low - 2 * limit.sign, high - 2 * limit.sign, 1
