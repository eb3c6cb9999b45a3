"""Scores too fine for the solver: what it counts them for."""

from __future__ import annotations

from dataclasses import replace

from cv_desktop.domain.allocation_instance import Instance

_HIGHEST = 10**9  # of one score, and
_WHOLE = 10**12  # of all of them together, in units: beyond, the solver proves nothing


def coarser(instance: Instance) -> Instance:
    """The instance with its scores in units as fine as the rule « best » can prove, the same one when they are.

    Notes of a mean written with fifteen decimals are so counted to the ten-millionth of a point, rounded half up. The
    rules of order need none of this: they compare the notes as they are.
    """
    highest = max((file.score for file in instance.files), default=0)
    total = sum(file.score for file in instance.files)
    divisor = 1
    while instance.scale % (divisor * 10) == 0 and (highest > _HIGHEST * divisor or total > _WHOLE * divisor):
        divisor *= 10
    if divisor == 1:
        return instance
    files = tuple(replace(file, score=(2 * file.score + divisor) // (2 * divisor)) for file in instance.files)
    return replace(instance, files=files, scale=instance.scale // divisor)
