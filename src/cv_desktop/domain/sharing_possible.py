"""Which sharings may be given amounts at all: what floors still want, against what files may rise by and what is left.

Told of thousands together, so that a slower proof is only asked of the few that pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cv_desktop.domain.sharing_shape import Option, Shape

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, numpy.dtype[Any]]

_SLACK = 1e-6  # units: what is counted in floats never shuts out what whole numbers allow


class Possible:
    """What options take of the limits of a shape, and whether those of a sharing may together."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.caps, self.rows = len(shape.caps), len(shape.limits)

    def taken(self, options: Sequence[Option]) -> Array:
        """Option by option, what counts in each cap and floor at the least, then by how much each cell may rise."""
        import numpy

        found = numpy.zeros((len(options), self.rows + len(self.shape.cells)), numpy.int64)
        for place, option in enumerate(options):
            for row, used in self.shape.use(option).items():
                found[place, row] = used
            for cell, units in option.growth:
                found[place, self.rows + cell] += units
        return found

    def among(self, taken: Array) -> Array:
        """Whether each sharing, with what all its options take, keeps within the caps and may reach the floors."""
        import numpy

        room = numpy.array(self.shape.limits, float) - taken[:, : self.rows]
        may: Array = numpy.all(room[:, : self.caps] >= 0, axis=1)
        rises = taken[:, self.rows :].astype(float)
        for floors in self.shape.apart:
            wanted = numpy.zeros((len(taken), self.caps))
            for floor in floors:
                row = self.caps + floor
                own = [(cell, float(-each[row]), each) for cell, each in enumerate(self.shape.cells) if each.get(row)]
                lack = numpy.maximum(-room[:, row], 0)
                may &= sum((rises[:, cell] * rate for cell, rate, _ in own), _SLACK) >= lack
                for cap in range(self.caps):
                    inside = [float(each[cap]) / rate for _, rate, each in own if each.get(cap)]
                    outside = sum((rises[:, cell] * rate for cell, rate, each in own if not each.get(cap)), 0.0)
                    if inside:
                        wanted[:, cap] += numpy.maximum(lack - outside, 0) * min(inside)
            may &= numpy.all(wanted <= room[:, : self.caps] + _SLACK, axis=1)
        return may
