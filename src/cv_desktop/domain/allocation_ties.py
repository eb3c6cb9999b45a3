"""The files at the cut of a best sharing: those that another one, of the same scores and money, treats otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cv_desktop.domain.allocation_answer import Solution
from cv_desktop.domain.allocation_instance import File, Instance
from cv_desktop.domain.allocation_model import Model, at_least, movable
from cv_desktop.domain.allocation_money import MOST_POOR, richest
from cv_desktop.domain.allocation_others import otherwise
from cv_desktop.domain.allocation_serving import sharing_of
from cv_desktop.domain.integer_program import Stop, never


def with_ties(instance: Instance, solution: Solution, *, stop: Stop = never) -> Solution:
    """The same answer with the files that another optimum treats otherwise; ``ties_proved`` when all are known."""
    if not solution.proved or solution.ties_proved:
        return solution
    files = movable(instance)
    chosen = {file.id: solution.chosen[file.id] for file in files if file.id in solution.chosen}
    sharing = sharing_of(instance, files, stop)
    score = sum(file.score for file in files if file.id in chosen)
    parted = any(file.splits for file in files)
    named = None if parted else _ties_by_sets(instance, files, chosen, score, stop)
    if named is not None:
        return replace(solution, ties=named[0], ties_proved=named[1])
    core = sharing.core(sharing.loss(score))
    model = Model(instance, core.open, grown=lambda file: True, sure=core.sure)
    if not model.whole:
        return solution
    ties, certain = _ties(model, chosen, score, stop)
    return replace(solution, ties=ties, ties_proved=certain)


def _ties_by_sets(
    instance: Instance, files: Sequence[File], chosen: Mapping[str, int], score: int, stop: Stop
) -> tuple[tuple[str, ...], bool] | None:
    """The files that another set of the same score and money treats otherwise, set by set, and whether all of them
    are known; None when too many sets only seemed to be worth that money.
    """
    money = sum(chosen.values())
    whole = sharing_of(instance, files, stop, rising=lambda file: True)
    known: set[str] = set()
    poor: list[Sequence[File]] = []
    while len(poor) <= MOST_POOR:
        met, certain = otherwise(whole, score, money, chosen, known, poor)
        if met is None:
            return tuple(sorted(known)), certain
        given, certain = richest(instance, met, stop)
        if not certain:
            return tuple(sorted(known)), False
        names = {file.id for file in met}
        if given.keys() == names and sum(given.values()) == money:
            known |= names ^ chosen.keys()
        else:
            poor.append(met)
    return None


def _ties(model: Model, chosen: Mapping[str, int], score: int, stop: Stop) -> tuple[tuple[str, ...], bool]:
    """The files that another optimum treats otherwise, and whether all of them are known."""
    money = model.money_gains()
    rows = [at_least(model.score_gains(), score), at_least(money, sum(chosen.values()) // model.unit)]
    now = [1 if file.id in chosen else 0 for file in model.files]
    known = {place for place, low in enumerate(model.low[: len(now)]) if low}
    sure = len(known)
    start = model.values(chosen)
    while True:
        gains = [0] * len(model.high)
        for place, serves in enumerate(now):
            if place not in known:
                gains[place] = -1 if serves else 1
        base = sum(gain * value for gain, value in zip(gains, start, strict=True))
        found = model.maximise(gains, *rows, above=base, stop=stop)
        if found.values is None:
            return tuple(sorted(model.files[place].id for place in known if place >= sure)), found.proved
        known.update(place for place, serves in enumerate(now) if found.values[place] != serves)
