"""What the best sharing becomes when one small cap goes: only the sets of files that it forbade are tried.

All the other sharings were searched already, and none of them beats the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cv_desktop.domain.allocation_instance import File
from cv_desktop.domain.allocation_sharing import Sharing
from cv_desktop.domain.sharing_shape import Option

_MOST_TRIED = 12  # sets of files: beyond, searching everything again is shorter
_CLOSE = 30


@dataclass(frozen=True, slots=True)
class Opened:
    """The sets, forbidden before, of the sharings that gain most and more than the answer; none when none does.

    ``known`` false when one gains as much as the answer, or when it was not established.
    """

    sets: tuple[frozenset[str], ...]
    known: bool

    def serves(self, name: str, rivals: frozenset[str] | None) -> bool | None:
        """Whether the file is served without the cap, None when not known. ``rivals`` are the files of the sets
        as good as the answer: the cap gone, another of them may receive more money than it.
        """
        if not self.known:
            return None
        if not self.sets:
            return None if rivals is None or name in rivals else False
        inside = {name in one for one in self.sets}
        return inside.pop() if len(inside) == 1 else None


def opened(sharing: Sharing, cap: str, score: int, fits: Callable[[Sequence[File]], bool | None]) -> Opened:
    """The best sharings without a small cap, ``score`` being the best sum with it; ``fits`` says whether files may
    all be served without it.
    """
    shape, priced = sharing.shape, sharing.priced
    place = next(place for place, caps in enumerate(shape.held) if any(one.name == cap for one in caps))
    caps = [one for one in shape.held[place] if one.name != cap]
    before = {option.files for option in shape.classes[place]}
    most = priced.made(priced.chosen[place])
    tried: list[tuple[int, Option]] = []
    for option in shape.options(shape.members[place], caps):
        loss = most - priced.made(option)
        if option.files not in before and loss <= sharing.loss(score):
            tried.append((loss, option))
    if len(tried) > _MOST_TRIED:
        return Opened((), False)
    best = score
    sets: list[Option] = []
    for loss, option in sorted(tried, key=lambda one: one[0]):
        enough = best + sharing.unit if len(tried) == 1 else None
        met, certain = _best_with(sharing, place, option, sharing.loss(best) - loss, best - sharing.unit, enough)
        if not certain or (met is not None and not fits(met)):
            return Opened((), False)
        if met is None:
            continue
        gain = sum(file.score for file in met)
        sets = [*sets, option] if gain == best else [option]
        best = gain
    names = tuple(frozenset(sharing.files[j].id for j in option.files) for option in sets)
    return Opened(names if best > score else (), best > score or not sets)


def _best_with(
    sharing: Sharing, place: int, option: Option, budget: int, above: int, enough: int | None
) -> tuple[list[File] | None, bool]:
    if enough is not None:
        losses = sorted(loss for losses in sharing.priced.losses for loss in losses)
        close = losses[min(len(sharing.shape.classes) + _CLOSE, len(losses) - 1)]
        if close < budget:
            met, certain = sharing.holding(place, option, close, enough - sharing.unit, enough)
            if met is not None:
                return met, certain
    return sharing.holding(place, option, budget, above, enough)
