"""Prices of the wide limits: with them each class chooses alone, and what all choose bounds every sharing.

Prices found in floats are rounded to whole parts before anything is computed from them: whatever they
are, the bound is exact and true; good ones only make it close.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cv_desktop.domain.integer_known import Row
from cv_desktop.domain.linear_relaxation import Relaxation
from cv_desktop.domain.sharing_shape import Option, Shape, unpack

PART = 1 << 20  # parts of a unit of gain
_ROUNDS = 8
_COLUMNS = 260
_ENTERED = 12
_NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Priced:
    """The bound that prices give (in parts), the best option of each class, and what each file is worth."""

    caps: tuple[int, ...]
    floors: tuple[int, ...]
    bound: int
    chosen: list[Option]
    worth: list[int]

    def loss(self, place: int, option: Option) -> int:
        """What the bound loses when a class takes another option than its best."""
        worth = self.worth
        return sum(worth[j] for j in self.chosen[place].files) - sum(worth[j] for j in option.files)


def priced(shape: Shape, caps: Sequence[int], floors: Sequence[int]) -> Priced:
    worth = []
    for j, gain in enumerate(shape.gains):
        price = sum(floors[row] for row in shape.floor_rows[j]) - sum(caps[row] for row in shape.cap_rows[j])
        worth.append(gain * PART + price * shape.least[j] + max(price, 0) * shape.span[j])
    bound = sum(p * cap.limit for p, cap in zip(caps, shape.caps, strict=True))
    bound -= sum(p * floor.limit for p, floor in zip(floors, shape.floors, strict=True))
    chosen = []
    for options in shape.classes:
        best, most = options[0], 0
        for option in options:
            value = sum([worth[j] for j in option.files])
            if value > most:
                best, most = option, value
        chosen.append(best)
        bound += most
    return Priced(tuple(caps), tuple(floors), bound, chosen, worth)


def prices(shape: Shape) -> Priced:
    """Good prices: those of the linear program over a sample of the classes, then over those that hesitate."""
    best = priced(shape, [0] * len(shape.caps), [0] * len(shape.floors))
    pace = max(1, len(shape.classes) // 150)
    sample = list(range(0, len(shape.classes), pace))
    for turn in range(_ROUNDS):
        if turn:
            sample = _hesitating(shape, best)
        outside = set(range(len(shape.classes))) - set(sample)
        if turn:
            base = [0] * shape.fields
            for place in outside:
                for row, used in enumerate(unpack(best.chosen[place].use, shape.fields)):
                    base[row] += used
            room = [w.limit - u for w, u in zip([*shape.caps, *shape.floors], base, strict=True)]
        else:
            # A sample may not reach its part of a floor: floors come with the next rounds.
            room = [cap.limit // pace for cap in shape.caps] + [0] * len(shape.floors)
        found = _linear(shape, best, sample, room)
        before = best.bound
        old = [*best.caps, *best.floors]
        for part in (8, 4, 2, 1):
            mixed = [a + (b - a) * part // 8 for a, b in zip(old, found, strict=True)]
            better = priced(shape, mixed[: len(shape.caps)], mixed[len(shape.caps) :])
            if better.bound < best.bound:
                best = better
                break
        if turn > 1 and best.bound >= before - before // 100_000:
            break
    return best


def _hesitating(shape: Shape, now: Priced) -> list[int]:
    """The classes with the options that lose least, as many as make a small program."""
    losses = []
    for place, options in enumerate(shape.classes):
        losses += [(now.loss(place, option), place) for option in options if option is not now.chosen[place]]
    losses.sort()
    return sorted({place for _, place in losses[:_COLUMNS]})


def _linear(shape: Shape, now: Priced, sample: Sequence[int], room: Sequence[int]) -> list[int]:
    """The prices of the linear program where a class may share itself between its options."""
    gains: list[int] = []
    entries: list[list[tuple[int, int]]] = [[] for _ in room]
    left = list(room)
    rows: list[Row] = []
    caps = len(shape.caps)
    for place in sample:
        base = _uses(shape, now.chosen[place], False)
        for row, used in enumerate(base):
            left[row] -= used
        names = []
        for option in shape.classes[place]:
            for raised in (False, True) if any(shape.span[j] for j in option.files) else (False,):
                if option is now.chosen[place] and not raised:
                    continue
                names.append(len(gains))
                for row, (used, mine) in enumerate(zip(_uses(shape, option, raised), base, strict=True)):
                    if used != mine:
                        entries[row].append((len(gains), used - mine if row < caps else mine - used))
                gains.append(option.gain - now.chosen[place].gain)
        rows.append(Row(tuple((name, 1) for name in names), 1))
    wide = [Row(tuple(e), left[r] if r < caps else -left[r]) for r, e in enumerate(entries)]
    found = _solve(gains, [*wide, *rows])
    return [max(0, round(found[row] * PART)) for row in range(len(room))]


def _uses(shape: Shape, option: Option, raised: bool) -> list[int]:
    caps = len(shape.caps)
    uses = [0] * shape.fields
    for j in option.files:
        cents = shape.least[j] + (shape.span[j] if raised else 0)
        for row in shape.cap_rows[j]:
            uses[row] += cents
        for row in shape.floor_rows[j]:
            uses[caps + row] += cents
    return uses


def _solve(gains: Sequence[int], rows: Sequence[Row]) -> list[float]:
    relaxation = Relaxation(gains, [0] * len(gains), [1] * len(gains))
    entered: set[int] = set()
    while relaxation.solve() is None:
        x = relaxation.point(len(gains))
        broken = []
        for index, row in enumerate(rows):
            if index not in entered:
                activity = sum([c * x[j] for j, c in row.entries])
                over = activity - row.limit
                if over > _NEAR * (1 + abs(row.limit)):
                    broken.append((-over / (1 + abs(row.limit)), index, row.limit - activity))
        if not broken:
            break
        broken.sort()
        for _, index, space in broken[:_ENTERED]:
            entered.add(index)
            relaxation.add(index, rows[index].entries, space)
    found = [0.0] * len(rows)
    for index, value in relaxation.multipliers():
        found[index] = value
    return found
