"""The most money for the best sum of scores: among the sets of files that have it, where they are known, or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cv_desktop.domain.allocation_instance import File, Instance
from cv_desktop.domain.allocation_limits import limits, most_money
from cv_desktop.domain.allocation_model import Model, at_least, obeyed
from cv_desktop.domain.allocation_others import dearer
from cv_desktop.domain.allocation_serving import amounts_serving, raised, sharing_of
from cv_desktop.domain.allocation_sharing import Sharing
from cv_desktop.domain.integer_program import Stop

MOST_POOR = 8  # sets of files that seemed to be worth more money, tried one by one


def dearest_of(
    instance: Instance, sets: Sequence[Sequence[File]], stop: Stop
) -> tuple[dict[str, int], tuple[str, ...], bool]:
    """The most money that one of these sets of files may receive, the files that only some of the dearest serve, and
    whether that is proved.
    """
    known = limits(instance)
    money = 0
    dearest: dict[frozenset[str], dict[str, int]] = {}
    sure = True
    for some in sets:
        if most_money(some, known) < money:
            continue
        amounts, certain = richest(instance, some, stop)
        sure = sure and certain
        given = sum(amounts.values())
        if given > money or not dearest:
            money, dearest = given, {}
        if given == money:
            dearest[frozenset(amounts)] = amounts
    # Which of them is given owes nothing to the way they were found.
    ties = frozenset.union(*dearest) - frozenset.intersection(*dearest)
    return min(dearest.items(), key=lambda item: sorted(item[0]))[1], tuple(sorted(ties)) if sure else (), sure


def richest(
    instance: Instance, served: Sequence[File], stop: Stop, *, known: Mapping[str, int] | None = None
) -> tuple[dict[str, int], bool]:
    """The most money that may be given to these files, all served, from a sharing of it where one is ``known``; whether
    it is proved the most. Nothing when they may not be served.
    """
    chosen = dict(known or amounts_serving(instance, served, stop)[0] or {})
    risen = raised(instance, served, chosen)
    if obeyed(instance, risen):
        chosen = risen
    money = sum(chosen.values())
    if chosen and money >= most_money(served, limits(instance)):
        return chosen, True
    model = Model(instance, (), grown=lambda file: True, sure=served)
    found = model.maximise(model.money_gains(), above=money // model.unit if chosen else None, stop=stop)
    return chosen if found.values is None else model.amounts(found.values), found.proved


def dearest(instance: Instance, sharing: Sharing, chosen: dict[str, int], stop: Stop) -> tuple[dict[str, int], bool]:
    """The most money for the same sum of scores, from a sharing that has it; whether it is proved the most."""
    most = most_money(sharing.files, limits(instance))
    served = [file for file in sharing.files if file.id in chosen]
    chosen, certain = richest(instance, served, stop, known=chosen)
    if not certain or sum(chosen.values()) >= most:
        return chosen, certain
    if any(file.splits for file in sharing.files):
        # Loosened by the cents that rounding may move between quarters, what follows would meet others dearer by those.
        return _dearest_of_all(instance, sharing, chosen, stop)
    # The sharing where every file may rise says whether others could be given more.
    whole = sharing_of(instance, sharing.files, stop, rising=lambda file: True)
    score = sum(file.score for file in served)
    known: list[Sequence[File]] = [served]
    while len(known) <= MOST_POOR:
        others, certain = dearer(whole, score, sum(chosen.values()), known)
        if others is None:
            return chosen, certain
        richer, certain = richest(instance, others, stop)
        if sum(richer.values()) > sum(chosen.values()):
            chosen = richer
        known.append(others)
        if not certain or sum(chosen.values()) >= most:
            return chosen, certain
    return _dearest_of_all(instance, sharing, chosen, stop)


def _dearest_of_all(
    instance: Instance, sharing: Sharing, chosen: dict[str, int], stop: Stop
) -> tuple[dict[str, int], bool]:
    """The most money for the same sum of scores, each file rising alone: long, but nothing is put together."""
    score = sum(file.score for file in sharing.files if file.id in chosen)
    core = sharing.core(sharing.loss(score))
    model = Model(instance, core.open, grown=lambda file: True, sure=core.sure)
    enough = at_least(model.score_gains(), score)
    found = model.maximise(model.money_gains(), enough, above=sum(chosen.values()) // model.unit, stop=stop)
    return model.amounts(found.values) if found.values is not None else chosen, found.proved
