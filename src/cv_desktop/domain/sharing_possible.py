"""Which sharings may be given amounts at all: what floors still want, against what files may rise by and what is left.

Told of thousands together, so that a slower proof is only asked of the few that pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from cv_desktop.domain.sharing_shape import Option, Shape

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, numpy.dtype[Any]]

_SLACK = 1e-6  # of a unit and of what is compared: floats never shut out what whole numbers allow


class Possible:
    """What options take of the limits of a shape, and whether those of a sharing may together."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.caps, self.rows = len(shape.caps), len(shape.limits)

    def taken(self, options: Sequence[Option]) -> Array:
        """Option by option, what counts in each cap and floor at the least, by how much each cell may rise, then what
        counts in the envelope.
        """
        import numpy

        found = numpy.zeros((len(options), self.rows + len(self.shape.cells) + 1), numpy.int64)
        for place, option in enumerate(options):
            for row, used in self.shape.use(option).items():
                found[place, row] = used
            for cell, units in option.growth:
                found[place, self.rows + cell] += units
            found[place, -1] = sum([self.shape.least[j] for j in option.files])
        return found

    def among(self, taken: Array) -> Array:
        """Whether each sharing, with what all its options take, keeps within the caps and may reach the floors."""
        import numpy

        room = numpy.array(self.shape.limits, float) - taken[:, : self.rows]
        may: Array = numpy.all(room[:, : self.caps] >= 0, axis=1)
        rises = taken[:, self.rows : -1].astype(float)
        for floors in self.shape.floors_apart:
            for caps in self.shape.caps_apart:
                may &= self._reached(floors, caps, room, rises)
        for one, other in combinations(self.shape.floors_apart, 2):
            may &= self._afforded(one, other, room, rises)
        return may

    def _reached(self, floors: Sequence[int], caps: Sequence[int], room: Array, rises: Array) -> Array:
        """Whether files may rise enough for each of these floors, and for all of them together, under these caps; no
        floor has a file of another, nor has a cap.
        """
        import numpy

        may = numpy.ones(len(room), bool)
        wanted, reached = numpy.zeros(len(room)), numpy.zeros(len(room))
        together = numpy.zeros((len(room), len(caps)))
        # How many units of growth each cap leaves room for at most.
        most = [room[:, cap] / min((float(e[cap]) for e in self.shape.cells if e.get(cap)), default=1) for cap in caps]
        for row in (self.caps + floor for floor in floors):
            wants = self._wants(row, room)
            free, inside = numpy.zeros(len(room)), numpy.zeros((len(room), len(caps)))
            for cell, each in enumerate(self.shape.cells):
                if each.get(row):
                    place = next((place for place, cap in enumerate(caps) if each.get(cap)), None)
                    if place is None:
                        free += rises[:, cell]
                    else:
                        inside[:, place] += rises[:, cell]
            reach = free + sum(numpy.minimum(inside[:, place], most[place]) for place in range(len(caps)))
            may &= reach * (1 + _SLACK) + _SLACK >= wants
            wanted += wants
            reached += numpy.minimum(free, wants)
            together += numpy.minimum(inside, wants[:, None])
        reached += sum(numpy.minimum(together[:, place], most[place]) for place in range(len(caps)))
        result: Array = may & (reached * (1 + _SLACK) + _SLACK >= wanted)
        return result

    def _afforded(self, one: Sequence[int], other: Sequence[int], room: Array, rises: Array) -> Array:
        """Whether each cap that counts all that may rise has room for what both lists of floors want, what rises for a
        floor of each counting once.
        """
        import numpy

        wants = {row: self._wants(row, room) for row in (self.caps + floor for floor in (*one, *other))}
        wanted: Array = sum(wants.values(), numpy.zeros(len(room)))
        for row, across in product((self.caps + floor for floor in one), (self.caps + floor for floor in other)):
            both = numpy.zeros(len(room))
            for cell, each in enumerate(self.shape.cells):
                if each.get(row) and each.get(across):
                    both += rises[:, cell]
            wanted -= numpy.minimum(both, numpy.minimum(wants[row], wants[across]))
        may = numpy.ones(len(room), bool)
        for cap in range(self.caps):
            rates = [float(each.get(cap, 0)) for each in self.shape.cells if any(each.get(row) for row in wants)]
            if min(rates, default=0.0) > 0:
                may &= wanted * min(rates) <= room[:, cap] * (1 + _SLACK) + _SLACK
        return may

    def _wants(self, row: int, room: Array) -> Array:
        """How much files must rise at least for a floor."""
        import numpy

        most = max((float(-each[row]) for each in self.shape.cells if each.get(row)), default=1.0)
        found: Array = numpy.maximum(-room[:, row], 0) / most
        return found
