"""Every sharing whose loss against the bound stays small, limit by limit, so that what overflows is seen at once.

The classes that hesitate are put into blocks, one per cap of a family (the volets, or the quartiers): the
possible choices of a block are listed once with what its cap leaves unused, which is a loss too; blocks are
then joined. A packed number holds the use of every wide limit, so that one subtraction tests them all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cv_desktop.domain.integer_known import Stop, Stopped
from cv_desktop.domain.sharing_prices import PART, Priced
from cv_desktop.domain.sharing_shape import BITS, FIELD, HALF, Option, Shape, pack, unpack

_POLL = 256
_Choice = tuple[int, int, int, tuple[int, ...]]  # loss, use, gain, files
_Accept = Callable[[int, tuple[int, ...]], bool]


class Search:
    """The sharings that lose at most ``budget`` parts; ``least`` the smallest gain of interest, which may rise."""

    def __init__(self, shape: Shape, now: Priced, budget: int, accept: _Accept, stop: Stop) -> None:
        self.shape, self.now, self.budget, self.accept, self.stop = shape, now, budget, accept, stop
        self.calls = 0
        self.limits = [cap.limit for cap in shape.caps]
        self.mask = shape.mask
        self.rates = [self._rate(row) for row in range(len(shape.caps))]
        base, gain = 0, 0
        sure: tuple[int, ...] = ()
        core: list[list[_Choice]] = []
        for place, options in enumerate(shape.classes):
            kept = [(now.loss(place, o), o.use, o.gain, o.files) for o in options]
            kept = sorted(one for one in kept if one[0] <= budget)
            if len(kept) == 1:
                base, gain = base + kept[0][1], gain + kept[0][2]
                sure += kept[0][3]
            elif kept:
                # What every option serves is sure: left in a block, it would weigh on the cap of another unseen.
                every = set(kept[0][3]).intersection(*(one[3] for one in kept))
                use, worth = sum(shape.use[j] for j in every), sum(shape.gains[j] for j in every)
                base, gain = base + use, gain + worth
                sure += tuple(sorted(every))
                core.append(
                    [(lost, u - use, g - worth, tuple(j for j in f if j not in every)) for lost, u, g, f in kept]
                )
        self.start: _Choice = (0, base, gain, sure)
        self.cross, self.blocks = self._split(core)
        flat = [*self.cross, *(one for _, block in self.blocks for one in block)]
        self._bounds(flat)

    def _rate(self, row: int) -> int:
        """What a unit left under a cap loses at least: its price, less what filling it for a floor may repay."""
        shape, now = self.shape, self.now
        repaid = [sum(now.floors[f] for f in shape.floor_rows[j]) for j in shape.caps[row].files if shape.span[j]]
        return max(0, now.caps[row] - max(repaid, default=0))

    def _split(self, core: list[list[_Choice]]) -> tuple[list[list[_Choice]], list[tuple[int, list[list[_Choice]]]]]:
        families: dict[str, set[int]] = {}
        for row, cap in enumerate(self.shape.caps):
            families.setdefault(cap.name.partition(":")[0], set()).add(row)
        touched = [self.shape.varying([Option(g, u, f) for _, u, g, f in one]) for one in core]
        best: tuple[int, list[list[_Choice]], list[tuple[int, list[list[_Choice]]]]] | None = None
        for _, rows in sorted(families.items()):
            blocks: dict[int, list[list[_Choice]]] = {}
            cross = []
            for one, caps in zip(core, touched, strict=True):
                own = caps & rows
                if len(own) == 1:
                    blocks.setdefault(min(own), []).append(one)
                else:
                    cross.append(one)
            widest = max([len(cross), *map(len, blocks.values())])
            if best is None or widest < best[0]:
                best = widest, cross, sorted(blocks.items(), key=lambda item: (len(item[1]), item[0]))
        if best is None:
            return core, []
        return best[1], best[2]

    def _bounds(self, flat: list[list[_Choice]]) -> None:
        """For each place of the order, what the use so far may be at most and must be at least."""
        shape, fields, caps = self.shape, self.shape.fields, len(self.limits)
        needs = [max(0, c - self.budget // r) if r else 0 for c, r in zip(self.limits, self.rates, strict=True)]
        needs += [floor.limit for floor in shape.floors]
        most = [*self.limits, *([FIELD] * len(shape.floors))]
        low, high = [0] * fields, [0] * fields
        self.top, self.bottom = [], []
        self.possible = True
        for one in [None, *reversed(flat)]:
            if one is not None:
                uses = [unpack(choice[1], fields) for choice in one]
                low = [a + min(u) for a, u in zip(low, zip(*uses, strict=True), strict=True)]
                high = [a + max(u) for a, u in zip(high, zip(*uses, strict=True), strict=True)]
            if any(m < a for m, a in zip(most[:caps], low, strict=False)):
                self.possible = False
            self.top.append(pack([max(0, m - a) + HALF for m, a in zip(most, low, strict=True)]))
            self.bottom.append(pack([max(0, n - b) for n, b in zip(needs, high, strict=True)]))
        self.top.reverse()
        self.bottom.reverse()

    def _poll(self) -> None:
        self.calls += 1
        if self.calls % _POLL == 0 and self.stop():
            raise Stopped

    def run(self) -> None:
        """Offer each sharing to ``accept(gain, files)``. Raises Stopped."""
        if self.stop():
            raise Stopped
        if not self.possible:
            return
        states = [self.start]
        mask = self.mask
        for place, one in enumerate(self.cross, start=1):
            top, bottom = self.top[place], self.bottom[place]
            grown = []
            for loss, use, gain, files in states:
                self._poll()
                for more in one:
                    if loss + more[0] > self.budget:
                        break
                    new = use + more[1]
                    if (top - new) & mask == mask and (new + mask - bottom) & mask == mask:
                        grown.append((loss + more[0], new, gain + more[2], files + more[3]))
            states = grown
        states.sort()
        self.known: list[dict[int, list[_Choice]]] = [{} for _ in self.blocks]
        self.at = [len(self.cross)]
        for _, block in self.blocks:
            self.at.append(self.at[-1] + len(block))
        for state in states:
            if state[0] > self.budget:
                break
            self._join(state)

    def _join(self, state: _Choice) -> None:
        lists: list[list[_Choice]] = []
        least = [0]
        total = state[0]
        for (row, block), known in zip(self.blocks, self.known, strict=True):
            used = state[1] >> BITS * row & FIELD
            if used not in known:
                known[used] = self._block(row, block, used)
            if not known[used]:
                return
            total += known[used][0][0]
            if total > self.budget:
                return
            lists.append(known[used])
        for choices in reversed(lists):
            least.append(least[-1] + choices[0][0])
        least.reverse()
        self._deeper(0, state, lists, least)

    def _deeper(self, place: int, state: _Choice, lists: list[list[_Choice]], least: list[int]) -> None:
        self._poll()
        loss, use, gain, files = state
        if place == len(lists):
            uses = unpack(use, self.shape.fields)
            if all(u <= c for u, c in zip(uses, self.limits, strict=False)) and self.accept(gain, files):
                self.budget = min(self.budget, self.now.bound - (gain + 1) * PART)
            return
        top, bottom, mask = self.top[self.at[place + 1]], self.bottom[self.at[place + 1]], self.mask
        after = least[place + 1]
        for more in lists[place]:
            if loss + more[0] + after > self.budget:
                break
            new = use + more[1]
            if (top - new) & mask == mask and (new + mask - bottom) & mask == mask:
                self._deeper(place + 1, (loss + more[0], new, gain + more[2], files + more[3]), lists, least)

    def _block(self, row: int, block: Sequence[list[_Choice]], used: int) -> list[_Choice]:
        """The choices of a block, what its cap leaves unused counted as lost, the smallest loss first."""
        room, rate, budget = self.limits[row] - used, self.rates[row], self.budget
        low, high = [0], [0]
        for one in reversed(block):
            uses = [choice[1] >> BITS * row & FIELD for choice in one]
            low.append(low[-1] + min(uses))
            high.append(high[-1] + max(uses))
        states: list[tuple[int, int, int, int, tuple[int, ...]]] = [(0, 0, 0, 0, ())]
        for place, one in enumerate(block, start=1):
            most, least = room - low[-1 - place], room - high[-1 - place]
            options = [(loss, use >> BITS * row & FIELD, use, gain, files) for loss, use, gain, files in one]
            grown = []
            for loss, own, use, gain, files in states:
                self._poll()
                for more in options:
                    lost, new = loss + more[0], own + more[1]
                    if lost > budget:
                        break
                    if new <= most and lost + max(0, least - new) * rate <= budget:
                        grown.append((lost, new, use + more[2], gain + more[3], files + more[4]))
            states = grown
        found = [(loss + (room - own) * rate, use, gain, files) for loss, own, use, gain, files in states]
        return sorted(one for one in found if one[0] <= budget)
