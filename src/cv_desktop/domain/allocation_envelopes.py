"""The best sums of ever larger envelopes under wide limits: all the sharings that are no worse than the last one known
are listed, window after window.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from cv_desktop.domain.allocation_sharing import Sharing
from cv_desktop.domain.sharing_listing import Listed
from cv_desktop.domain.sharing_sizes import Sizes

_PARTS = 50  # of the envelope: the first window is one of them
_LEAST = 4  # steps of the shortest window
_MOST_WEIGHED = 400  # sets of files whose least money is asked in a window
_FEW = 500  # sharings of a window: the next one may be twice as long


def larger(
    sharing_at: Callable[[int], Sharing | None], score: int, free: int, last: int, *, step: int, whole: bool
) -> tuple[Sizes, int] | None:
    """The best sums of the envelopes from ``free`` cents to ``last`` more, ``score`` being the best of the first, and
    up to which growth they are told, in cents; None when they are not.

    ``sharing_at`` is the sharing of an envelope with so many cents more, None once there is no time. When ``whole``,
    the dearest of equal sums are told from the others.
    """
    known = _Known(score, whole)
    done, width = 0, max(step, free // _PARTS // step * step)
    files = 0
    while done < last:
        end = min(last, done + width)
        sharing = sharing_at(end)
        listed = sharing.all_of(known.score) if sharing else None
        met = _no_worse(sharing, listed, known.score) if sharing and listed else None
        if sharing is None or (met is None and width < 2 * _LEAST * step):
            break
        if listed is None or met is None:
            width = width // 2 // step * step
            continue
        files = len(sharing.files)
        known.add(met, (free + done) // sharing.cents)
        done = end
        # Once the envelope has no price, more of it changes nothing as long as the sum of scores stays.
        width = width * 2 if len(listed.gains) < _FEW else width
        width = width if sharing.binds else last
    return (known.sizes(files), done) if done else None


@dataclass(frozen=True, slots=True)
class _Met:
    """A sharing: what it takes of the envelope at the least, in units, its sum of scores and its files, by place."""

    units: int
    score: int
    files: list[int]


def _no_worse(sharing: Sharing, listed: Listed, score: int) -> list[_Met] | None:
    """Of all the sharings of this sum of scores or more, those no worse than any that takes less of the envelope, the
    lightest first. None when there are too many, or some are not known.
    """
    # What files must rise by for a floor is weighed for those only that would be no worse.
    waiting = [(units, -int(listed.gains[place]), place, False) for place, units in listed.ranked(sharing.possible)]
    heapify(waiting)
    found: list[_Met] = []
    weighed = 0
    while waiting:
        units, lacking, place, sure = heappop(waiting)
        if -lacking < (found[-1].score if found else score):
            continue
        files = listed.files(place)
        if sure:
            found.append(_Met(units, -lacking, files))
            continue
        cents, certain = sharing.needs([sharing.files[j] for j in files])
        weighed += 1
        if not certain or weighed > _MOST_WEIGHED or sharing.stop():
            return None
        if cents is not None:
            heappush(waiting, (-(-cents // sharing.cents), lacking, place, True))
    return found


class _Known:
    """The best sums met so far: from which envelope on, which files some of them and all of them serve, a bit each."""

    def __init__(self, score: int, whole: bool) -> None:
        self.score, self.whole = score, whole
        self.found: dict[int, tuple[int, int]] = {}

    def add(self, met: Sequence[_Met], now: int) -> None:
        """Those of a window: all the sharings no worse than the best of the envelope ``now``, the lightest first."""
        best: tuple[int, int] | None = None
        some = every = 0
        for one in met:
            files = sum(1 << j for j in one.files)
            worth = (one.score, one.units if self.whole else 0)
            if best is None or worth > best:
                best, some, every = worth, files, files
            elif worth == best:
                some, every = some | files, every & files
            else:
                continue
            # Those of the envelope at the beginning of a window are those at the end of the one before.
            self.found[max(one.units, now)] = (some, every)
        self.score = best[0] if best else self.score

    def sizes(self, files: int) -> Sizes:
        """The same as ``Sizes``, of so many files."""
        import numpy

        words = -(-files // 64)
        weights = sorted(self.found)
        bits = [
            numpy.array([[mask >> 64 * word & (1 << 64) - 1 for word in range(words)] for mask in masks], numpy.uint64)
            for masks in zip(*(self.found[weight] for weight in weights), strict=True)
        ]
        return Sizes(numpy.array(weights), bits[0], bits[1])
