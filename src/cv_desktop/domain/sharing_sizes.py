"""The best sums of every envelope at once, when nothing else binds many files: which files each of them serves.

Classes are added one after the other; of the sums met, one that weighs more and gains less than another is dropped,
since no envelope would prefer it. Sums that gain as much are all kept: what all serve is sure, what some serve is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cv_desktop.domain.integer_program import Stop
from cv_desktop.domain.sharing_shape import Option, Shape

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, numpy.dtype[Any]]

_MOST = 600_000  # words of sets kept together, sixty-four files each
_BITS = 62


@dataclass(frozen=True, slots=True)
class Sizes:
    """Envelopes in whole units, from the lightest; between two of them the best sum stays the same.

    ``some`` and ``every`` have a bit by file for those that some best sum, and all of them, serve.
    """

    weights: Array
    some: Array
    every: Array

    def entries(self, file: int, first: int) -> Iterator[tuple[int, int | None, bool]]:
        """Where a file may be served, from the envelope ``first`` on: from which one, up to which one left out (None
        without end), and whether all the best sums of it serve the file.
        """
        import numpy

        word, bit = file // 64, numpy.uint64(1 << file % 64)
        start = max(0, int(numpy.searchsorted(self.weights, first, side="right")) - 1)
        last = len(self.weights) - 1
        for place in map(int, numpy.flatnonzero(self.some[start:, word] & bit) + start):
            until = int(self.weights[place + 1]) if place < last else None
            yield int(self.weights[place]), until, bool(self.every[place, word] & bit)


def sizes(shape: Shape, more: Sequence[int], stop: Stop) -> Sizes | None:
    """The best sums of a shape without wide limits, for every envelope; None when they are too many.

    ``more`` is what each file gives beside its score, told apart only between equal scores.
    """
    import numpy

    words = -(-len(shape.gains) // 64)
    scale = sum(more) + 1
    value = [gain * scale + extra for gain, extra in zip(shape.gains, more, strict=True)]
    most = sum(value)
    shift = most.bit_length() + 1
    if shift + sum(shape.least).bit_length() > _BITS:
        return None

    def bits(option: Option) -> Array:
        row = [0] * words
        for j in option.files:
            row[j // 64] |= 1 << j % 64
        return numpy.array(row, numpy.uint64)

    # One number orders by weight, then by value from the highest.
    keys = numpy.full(1, most, numpy.int64)
    some = every = numpy.zeros((1, words), numpy.uint64)
    for options in shape.classes:
        if stop() or len(keys) * len(options) * words > _MOST:
            return None
        added = [(sum(shape.least[j] for j in o.files) << shift) - sum(value[j] for j in o.files) for o in options]
        own = numpy.array([bits(o) for o in options]).reshape(len(options), 1, words)
        keys = (numpy.array(added, numpy.int64)[:, None] + keys[None, :]).ravel()
        some, every = (some[None] | own).reshape(-1, words), (every[None] | own).reshape(-1, words)
        order = numpy.argsort(keys, kind="stable")
        gained = most - (keys[order] & ((1 << shift) - 1))
        kept = gained >= numpy.maximum.accumulate(gained)
        order = order[kept]
        keys = keys[order]
        first = numpy.flatnonzero(numpy.concatenate([[True], keys[1:] != keys[:-1]]))
        some, every = some[order], every[order]
        if len(first) < len(keys):
            some = numpy.bitwise_or.reduceat(some, first)
            every = numpy.bitwise_and.reduceat(every, first)
            keys = keys[first]
    gained = most - (keys & ((1 << shift) - 1))
    # As good a sum met with a smaller envelope counts in the larger one.
    for place in map(int, numpy.flatnonzero(gained[1:] == gained[:-1]) + 1):
        some[place] |= some[place - 1]
        every[place] &= every[place - 1]
    return Sizes(keys >> shift, some, every)
