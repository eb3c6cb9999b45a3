"""Branch and bound over the linear relaxation of the variables still open.

The relaxation is worked in floats; every bound that discards something is computed again here in whole
numbers from its multipliers (any multipliers give a true bound), and every solution is checked in whole
numbers. What is called proved is therefore proved.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from cv_desktop.domain.cover_cuts import cover
from cv_desktop.domain.integer_known import Known, Row, Stopped
from cv_desktop.domain.knapsack import knapsack
from cv_desktop.domain.linear_relaxation import Relaxation

_SCALE = 1 << 32
_NEAR = 1e-6
_ENTERED = 12  # rows entered at once: most of those broken first are mended by the others
_KERNEL_NODES = 300
_ROUNDING = 2  # nodes between two tries at a solution near the point


@dataclass(slots=True)
class _Node:
    relaxation: Relaxation
    low: list[int]
    high: list[int]


class Core:
    """The variables still open, the others put into the limits of the rows."""

    def __init__(self, search: Known, low: list[int], high: list[int]) -> None:
        self.search = search
        self.base_low, self.base_high = low, high
        self.names = [j for j, (a, b) in enumerate(zip(low, high, strict=True)) if a < b]
        self.size = len(self.names)
        place = {name: index for index, name in enumerate(self.names)}
        self.gains = [search.gains[j] for j in self.names]
        self.low = [low[j] for j in self.names]
        self.high = [high[j] for j in self.names]
        self.constant = sum(g * a for g, a, b in zip(search.gains, low, high, strict=True) if a == b)
        self.rows: list[Row] = []
        self.hopeless = False
        for row in search.given:
            fixed = sum(c * low[j] for j, c in row.entries if low[j] == high[j])
            entries = tuple((place[j], c) for j, c in row.entries if low[j] < high[j])
            most = sum(c * (self.high[j] if c > 0 else self.low[j]) for j, c in entries)
            least = sum(c * (self.low[j] if c > 0 else self.high[j]) for j, c in entries)
            if least > row.limit - fixed:
                self.hopeless = True
            if most > row.limit - fixed:
                self.rows.append(Row(entries, row.limit - fixed))
        self.own = len(self.rows)
        self.columns: list[list[tuple[int, int]]] = [[] for _ in self.names]
        for index, row in enumerate(self.rows):
            for j, c in row.entries:
                self.columns[j].append((index, c))
        self.seen: set[tuple[int, ...]] = set()

    def bounds(self) -> tuple[list[int], list[int]]:
        low, high = self.base_low[:], self.base_high[:]
        for j, a, b in zip(self.names, self.low, self.high, strict=True):
            low[j], high[j] = a, b
        return low, high

    def fix(self) -> int | None:
        """Tighten the variables by the best solution met since; None when nothing better is left."""
        return self._fix(self.node)

    def kernel(self, size: int) -> None:
        """Look for a good solution among the variables that the relaxation hesitates about most."""
        relaxation = self.node.relaxation
        x = relaxation.point(self.size)
        free = set(sorted(range(self.size), key=lambda j: (abs(relaxation.costs[j]), j))[:size])
        low, high = self.base_low[:], self.base_high[:]
        for j, name in enumerate(self.names):
            if j not in free:
                low[name] = high[name] = round(x[j])
        inner = Core(self.search, low, high)
        if inner.root(2):
            inner.branch(_KERNEL_NODES)

    def root(self, rounds: int) -> bool:
        """Solve the relaxation with cuts and close the variables it settles. False when nothing better is left."""
        if self.hopeless:
            return False
        if not self.size:
            self._offer([])
            return False
        self.node = _Node(Relaxation(self.gains, self.low, self.high), self.low, self.high)
        for turn in range(rounds):
            if self.search.stop():
                raise Stopped
            if not self._relax(self.node):
                return False
            x = self.node.relaxation.point(self.size)
            self._round(x)
            bound = self._fix(self.node)
            if bound is None or self.search.done():
                return False
            if turn + 1 == rounds or not self._cut(x):
                break
        return True

    def _relax(self, node: _Node) -> bool:
        """Bring the node to the optimum over all rows; False when it is shown to hold nothing."""
        relaxation = node.relaxation
        while True:
            if self.search.stop():
                raise Stopped
            ray = relaxation.solve()
            if ray is not None:
                return not self._nothing(ray, node)
            x = relaxation.point(self.size)
            entered = set(relaxation.rows)
            broken = []
            for index, row in enumerate(self.rows):
                if index in entered:
                    continue
                activity = sum(c * x[j] for j, c in row.entries)
                over = activity - row.limit
                if over > _NEAR * (1 + abs(row.limit)):
                    broken.append((-over / (1 + abs(row.limit)), index, row.limit - activity))
            if not broken:
                return True
            broken.sort()
            for _, index, room in broken[:_ENTERED]:
                relaxation.add(index, self.rows[index].entries, room)

    def _nothing(self, ray: list[tuple[int, float]], node: _Node) -> bool:
        """Exactly: do these multipliers show that the rows cannot all hold between the bounds?"""
        top = max((value for _, value in ray), default=0.0)
        if top <= 0:
            return False
        weights = [0] * self.size
        total = 0
        for index, value in ray:
            whole = round(value / top * _SCALE)
            if whole:
                total += whole * self.rows[index].limit
                for j, c in self.rows[index].entries:
                    weights[j] += whole * c
        least = sum(w * (a if w > 0 else b) for w, a, b in zip(weights, node.low, node.high, strict=True) if w)
        return least > total

    def _fix(self, node: _Node) -> int | None:
        """The exact bound of a node, its variables tightened by it; None when it holds nothing better."""
        weights = [g * _SCALE for g in self.gains]
        total = 0
        for index, value in node.relaxation.multipliers():
            whole = round(value * _SCALE)
            if whole:
                row = self.rows[index]
                total += whole * row.limit
                for j, c in row.entries:
                    weights[j] -= whole * c
        low, high = node.low, node.high
        for w, a, b in zip(weights, low, high, strict=True):
            total += w * (b if w > 0 else a)
        search = self.search
        bound = total // _SCALE + self.constant
        if search.useless(bound):
            return None
        if search.best is None:
            return bound
        # Anything that gains no more than the best is of no use: what is left above it pays for moves.
        spare = total - ((search.best // search.unit + 1) * search.unit - self.constant) * _SCALE
        relaxation = node.relaxation
        tight_low = tight_high = None
        for j, w in enumerate(weights):
            if w > 0:
                if high[j] > low[j]:
                    moves = spare // w
                    if high[j] - moves > low[j]:
                        tight_low = tight_low or low[:]
                        tight_low[j] = high[j] - moves
            elif w < 0 and high[j] > low[j]:
                moves = spare // -w
                if low[j] + moves < high[j]:
                    tight_high = tight_high or high[:]
                    tight_high[j] = low[j] + moves
        if tight_low or tight_high:
            new_low, new_high = tight_low or low, tight_high or high
            for j in range(self.size):
                if new_low[j] != low[j] or new_high[j] != high[j]:
                    relaxation.bound(j, float(new_low[j]), float(new_high[j]))
            node.low, node.high = new_low, new_high
            if node is self.node:
                self.low, self.high = new_low, new_high
        return bound

    def _cut(self, x: list[float]) -> bool:
        """Enter cuts that the point breaks."""
        made = False
        for row in self.rows[: self.own]:
            cut = cover(row.entries, row.limit, x, self.high)
            if cut is None or cut[0] in self.seen:
                continue
            self.seen.add(cut[0])
            made = True
            index = len(self.rows)
            entries = tuple((j, 1) for j in cut[0])
            self.rows.append(Row(entries, cut[1]))
            for j, c in entries:
                self.columns[j].append((index, c))
        return made

    def _offer(self, values: Sequence[int]) -> bool:
        whole = self.base_low[:]
        for j, value in zip(self.names, values, strict=True):
            whole[j] = value
        return self.search.offer(whole)

    def _round(self, x: list[float]) -> None:
        """A solution near the point: what is whole is kept, then whatever still fits is added by its worth."""
        node = self.node
        values = [int(v + _NEAR) for v in x]
        room = [row.limit for row in self.rows[: self.own]]
        for j, v in enumerate(values):
            if v:
                for index, c in self.columns[j]:
                    if index < self.own:
                        room[index] -= c * v
        costs = node.relaxation.costs
        order = sorted(range(self.size), key=lambda j: (values[j] >= x[j] - _NEAR, -costs[j], j))
        high = self.high
        for j in order:
            if values[j] < high[j] and self.gains[j] >= 0:
                while values[j] < high[j]:
                    for index, c in self.columns[j]:
                        if index < self.own and c > room[index] and c > 0:
                            break
                    else:
                        for index, c in self.columns[j]:
                            if index < self.own:
                                room[index] -= c
                        values[j] += 1
                        continue
                    break
        if all(r >= 0 for r in room):
            self._offer(values)

    # -- branching ------------------------------------------------------------------------------------

    def branch(self, limit: int | None) -> bool:
        """Best bound first, going down at once from each node. True when all was seen, False at ``limit`` nodes."""
        search = self.search
        if self._single():
            self._knapsack()
            return True
        order = count()
        heap: list[tuple[int, int, _Node]] = []
        node: _Node | None = self.node
        bound = self._fix(self.node)
        if bound is None:
            return True
        done = 0
        while node is not None or heap:
            if search.stop():
                raise Stopped
            if node is None:
                first, _, node = heapq.heappop(heap)
                if search.useless(-first):
                    return True
            else:
                done += 1
            if limit is not None and done > limit:
                return False
            split = self._split(node)
            if split < 0:
                node = None
                continue
            if done % _ROUNDING == 0:
                self._round(node.relaxation.point(self.size))
            children = self._children(node, split)
            if search.done():
                return True
            children.sort(key=lambda c: -c[0])
            node = None
            for value, child in children:
                if search.useless(value):
                    continue
                if node is None:
                    node = child
                else:
                    heapq.heappush(heap, (-value, next(order), child))
        return True

    def _single(self) -> bool:
        """Whether only one limit is left, over files all or nothing."""
        return (
            self.own == 1
            and min(self.gains) >= 0
            and all(a == 0 and b == 1 for a, b in zip(self.low, self.high, strict=True))
            and all(c > 0 for _, c in self.rows[0].entries)
        )

    def _knapsack(self) -> None:
        search = self.search
        weights = [0] * self.size
        for j, c in self.rows[0].entries:
            weights[j] = c
        free = [j for j in range(self.size) if not weights[j]]
        heavy = [j for j in range(self.size) if weights[j]]
        sure = self.constant + sum(self.gains[j] for j in free)
        above = -1 if search.best is None else search.best - sure
        try:
            found = knapsack(
                [self.gains[j] for j in heavy],
                [weights[j] for j in heavy],
                self.rows[0].limit,
                max(above, -1),
                search.stop,
            )
        except TimeoutError:
            raise Stopped from None
        if found is not None:
            values = [1 if j in free else 0 for j in range(self.size)]
            for place in found:
                values[heavy[place]] = 1
            self._offer(values)

    def _split(self, node: _Node) -> int:
        """The variable to branch on; -1 when the node is one solution, which is offered."""
        x = node.relaxation.point(self.size)
        best, chosen = _NEAR, -1
        for j, v in enumerate(x):
            fraction = v - int(v)
            if _NEAR < fraction < 1 - _NEAR and node.low[j] < node.high[j]:
                score = min(fraction, 1 - fraction)
                if score > best:
                    best, chosen = score, j
        if chosen >= 0:
            return chosen
        whole = [round(v) for v in x]
        self._offer(whole)
        if self._fix(node) is None:
            return -1
        # The point is whole and yet does not close the node: go on by hand, to the last variable.
        for j in range(self.size):
            if node.low[j] < node.high[j]:
                return j
        self._offer(node.low)
        return -1

    def _children(self, node: _Node, split: int) -> list[tuple[int, _Node]]:
        x = node.relaxation.point(self.size)[split]
        cut = min(max(int(x + (0 if x - int(x) > _NEAR else _NEAR)), node.low[split]), node.high[split] - 1)
        children = []
        for up in (False, True):
            relaxation = node.relaxation.copy()
            low, high = node.low[:], node.high[:]
            if up:
                low[split] = cut + 1
            else:
                high[split] = cut
            relaxation.bound(split, float(low[split]), float(high[split]))
            child = _Node(relaxation, low, high)
            self.search.nodes += 1
            if not self._relax(child):
                continue
            bound = self._fix(child)
            if bound is None:
                continue
            children.append((bound, child))
        return children
