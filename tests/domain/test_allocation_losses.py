"""Campaigns where every volet has a cap: what options lose is raised by filling each limit alone, in whole units.

The sums of 250 files were found by another way, one program with a variable per file; those of eight by trying all.
"""

from __future__ import annotations

from itertools import combinations, product
from random import Random

import pytest

from cv_desktop.domain import allocation_sharing, sharing_losses, sharing_shape
from cv_desktop.domain.allocation_answer import value, verify
from cv_desktop.domain.allocation_instance import File, Instance
from cv_desktop.domain.allocation_model import movable
from cv_desktop.domain.allocation_parts import Split
from cv_desktop.domain.allocation_serving import may_serve, sharing_of
from cv_desktop.domain.allocation_solve import solve
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.integer_program import never
from cv_desktop.domain.sharing_losses import Losses

STEP = 50_00
CENTS = 5  # as a step: parts of so little are cut unevenly, and some are of a cent or of nothing
SUMS = (1_088_200, 1_102_800, 1_203_700)
WHOLE = (922_000, 1_007_600, 955_600)


def volets(size: int, seed: int, *, whole: bool = False) -> Instance:
    """Files of 500 to 15 000 €, 45 % of the requests in the envelope; a structure may receive 15 000 €, each of five
    volets 30 to 50 % of what it is asked.
    """
    chance = Random(seed)
    files = []
    for number in range(size):
        asked = chance.randint(10, 300) * STEP
        least = asked if whole else max(STEP, asked * chance.randint(50, 100) // 100 // STEP * STEP)
        groups = (f"structure:{chance.randrange(size * 2 // 3)}", f"volet:{chance.randrange(5)}")
        files.append(File(f"D{number:04}", chance.randint(20, 100) * 100, asked, least, groups))
    caps = {file.groups[0]: 300 * STEP for file in files}
    for volet in range(5):
        asked = sum(file.asked_cents for file in files if f"volet:{volet}" in file.groups)
        caps[f"volet:{volet}"] = int(asked * chance.uniform(0.3, 0.5)) // STEP * STEP
    total = sum(file.asked_cents for file in files)
    return Instance(total * 45 // 100 // STEP * STEP, STEP, tuple(files), caps, {})


@pytest.mark.parametrize("seed", range(len(SUMS)))
def test_the_best_sum_under_a_cap_for_each_volet(seed: int) -> None:
    shared = volets(250, seed)
    found = solve(shared, "best", name_ties=False)
    verify(shared, found)
    assert (value(shared, found.chosen), found.proved) == (SUMS[seed], True)


@pytest.mark.parametrize("seed", range(len(WHOLE)))
def test_all_or_nothing(seed: int) -> None:
    shared = volets(250, seed, whole=True)
    found = solve(shared, "best", name_ties=False)
    verify(shared, found)
    assert (value(shared, found.chosen), found.proved) == (WHOLE[seed], True)


def small(seed: int, *, parted: bool = False) -> Instance:
    """Seven files, of three volets and two quartiers with caps and floors: those of a floor may rise. ``parted`` ones
    are shared between three quartiers, to the cent.
    """
    chance = Random(seed)
    step = CENTS if parted else STEP
    quartiers = tuple(f"quartier:{number}" for number in range(3))
    files = []
    for number in range(7):
        asked = chance.randint(2, 12) * step
        least = max(step, asked * chance.choice((50, 70, 100)) // 100 // step * step)
        groups = (f"structure:{chance.randrange(5)}", f"volet:{chance.randrange(3)}", f"quartier:{chance.randrange(2)}")
        splits: tuple[Split, ...] = ()
        if parted:
            groups = (*groups[:2], *quartiers)
            splits = (Split(quartiers, chance.choice(((60, 40, 0), (1, 1, 1), (0, 3, 50), (1, 33, 7)))),)
        files.append(File(f"D{number}", chance.randint(2, 20) * 100, asked, least, groups, splits))
    asked_by: dict[str, int] = {}
    for file in files:
        for group in file.groups:
            asked_by[group] = asked_by.get(group, 0) + file.part(group, file.asked_cents)
    caps = {group: int(cents * chance.uniform(0.4, 0.9)) // step * step for group, cents in asked_by.items()}
    floors = {
        group: int(caps[group] * chance.uniform(0.2, 0.8)) // step * step
        for group in ("volet:0", "quartier:1")
        if group in caps
    }
    total = sum(file.asked_cents for file in files)
    return Instance(total // 2 // step * step, step, tuple(files), caps, floors)


@pytest.fixture
def raised_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven files are no crowd: their volets are wide limits, and no look is small enough to skip what is tested."""
    monkeypatch.setattr(sharing_shape, "_FEW", 2)
    monkeypatch.setattr(sharing_losses, "_FEW", 0)
    monkeypatch.setattr(allocation_sharing, "_FIRST", 2)


@pytest.mark.usefixtures("raised_always")
@pytest.mark.parametrize(("seed", "parted"), [(seed, parted) for parted in (False, True) for seed in range(6, 18)])
def test_no_sharing_loses_less_than_its_options_are_said_to(seed: int, parted: bool) -> None:
    shared = small(seed, parted=parted)
    files = movable(shared)
    sets = [some for size in range(8) for some in combinations(files, size) if may_serve(shared, some, never)]
    if not sets:
        with pytest.raises(UserError, match="Aucune répartition n’est possible"):
            solve(shared, "best")
        return
    sharing = sharing_of(shared, files, never)
    scores = sorted({sum(file.score for file in some) for some in sets}, reverse=True)
    for score in scores[:3]:
        budget = sharing.loss(score)
        raised = Losses(sharing.shape, sharing.priced).within(budget, never)
        for some in sets:
            loss = sharing.loss(sum(file.score for file in some))
            if loss > budget:
                continue
            served = {files.index(file) for file in some}
            for options, losses in zip(sharing.shape.classes, raised.losses, strict=True):
                members = {j for option in options for j in option.files}
                own = [set(option.files) for option in options].index(served & members)
                assert losses[own] <= loss
    found = solve(shared, "best")
    assert (value(shared, found.chosen), found.proved) == (scores[0], True)


@pytest.mark.usefixtures("raised_always")
@pytest.mark.parametrize(("seed", "parted"), [(seed, parted) for parted in (False, True) for seed in range(6, 18)])
def test_every_sharing_that_loses_less_than_told_is_listed(seed: int, parted: bool) -> None:
    shared = small(seed, parted=parted)
    files = movable(shared)
    sets = [some for size in range(8) for some in combinations(range(7), size)]
    sets = [some for some in sets if may_serve(shared, [files[j] for j in some], never)]
    sharing = sharing_of(shared, files, never)
    losses = {some: sharing.loss(sum(files[j].score for j in some)) for some in sets}
    for budget, raised, width in product(sorted(set(losses.values()))[:4], (False, True), (1, 4, 1_000)):
        found = Losses(sharing.shape, sharing.priced)
        if raised:
            found.within(budget, never)
        listing = found.listing(budget, budget)
        assert listing is not None
        listed = listing.listed(budget, width, never)
        assert listed is not None
        met = {tuple(sorted(listed.files(place))) for place, _ in listed.ranked(sharing.possible)}
        assert {some for some, loss in losses.items() if loss < listed.below} <= met
        assert width < 1_000 or listed.below > budget


def test_what_not_rising_loses_is_charged_by_one_floor_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A volet and a quartier have a floor, and files of both; f1 and f4 are worth the same."""
    monkeypatch.setattr(sharing_shape, "_FEW", 4)
    rows = (
        ("f0", 2, 1, 1, "volet:V1", "quartier:Q0"),
        ("f1", 3, 1, 1, "volet:V0", "quartier:Q0"),
        ("f2", 2, 5, 2, "volet:V0", "structure:S5", "quartier:Q2"),
        ("f3", 5, 2, 1, "volet:V0", "quartier:Q2"),
        ("f4", 3, 2, 1, "volet:V0", "quartier:Q0"),
        ("f5", 3, 3, 2, "volet:V1", "structure:S5", "quartier:Q1"),
        ("f6", 4, 4, 1, "volet:V1", "structure:S5"),
        ("f7", 4, 4, 1, "volet:V0", "quartier:Q2"),
    )
    files = tuple(File(name, score * 100, asked, least, tuple(groups)) for name, score, asked, least, *groups in rows)
    floors = {"quartier:Q0": 1, "quartier:Q1": 2, "quartier:Q2": 10, "volet:V0": 11, "volet:V1": 2}
    shared = Instance(13, 1, files, {"structure:S5": 8}, floors)
    found = solve(shared, "best")
    assert (value(shared, found.chosen), found.spent_cents) == (1_700, 13)
    assert (found.ties, found.ties_proved) == (("f1", "f4"), True)
