from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from cv_desktop.domain.grid import Band, Criterion, Grid
from cv_desktop.domain.rules import Parameter, Rules
from cv_desktop.domain.solidity import Firmness, Judged, Shaking, by_band, by_cut
from domain.samples import grid, nb

BANDS = (Band("f", "Favorable", 60), Band("d", "Défavorable", 0))
ONE = Grid((Criterion("A", "A", 100, ()),), BANDS, scale=10)
TWO = Grid((Criterion("A", "A", 50, ()), Criterion("B", "B", 50, ())), BANDS, scale=10)


def one(*levels: int) -> Judged:
    return Judged(ONE, tuple({"A": level} for level in levels))


def test_a_file_far_from_any_line_is_certain() -> None:
    found = by_band({"x": one(9, 9, 8)})["x"]
    assert (found.state, found.kept) == (Firmness.CERTAIN, 2000)
    assert found.sentence == nb(
        "Sûr~: reste dans sa bande dans 100~% de 2~000 tirages, poids à 20~% près, une grille mise de côté, "
        "graine 2030."
    )


def test_on_the_line_exactly_is_inside_the_upper_band() -> None:
    assert by_band({"x": one(6, 6)})["x"].kept == 2000


def test_the_sheet_that_keeps_a_file_down_is_left_out_once_in_four() -> None:
    """6, 6, 6, 5 make 57,5; without the 5 it is 60: another band. The first draws of the seed say how often."""
    found = by_band({"x": one(6, 6, 6, 5)})["x"]
    random = Random(2030)
    without_the_last = sum(int(random.random() * 4) == 3 for _ in range(2000))
    assert found.kept == 2000 - without_the_last
    assert 0.7 < found.kept / 2000 < 0.8


def test_weights_alone_may_toss_a_file() -> None:
    """8 and 4 at equal weights are 60 exactly: more weight on the second brings it down, half of the time."""
    found = by_band({"x": Judged(TWO, ({"A": 8, "B": 4}, {"A": 8, "B": 4}))})["x"]
    assert found.state is Firmness.TOSSED
    assert 0.4 < found.kept / 2000 < 0.6
    assert by_band({"x": Judged(TWO, ({"A": 8, "B": 4},) * 2)}, Shaking(shake=0))["x"].kept == 2000


def test_one_sheet_alone_is_never_certain() -> None:
    found = by_band({"x": one(10)})["x"]
    assert (found.state, found.alone, found.kept) == (Firmness.FRAGILE, True, 2000)
    assert by_band({"x": Judged(ONE, ({},))}) == {}


def test_the_same_seed_gives_the_same_result_another_seed_another_one() -> None:
    files = {"x": one(6, 6, 6, 5), "y": one(7, 5, 5)}
    assert by_band(files) == by_band(files)
    assert by_band(files)["x"].kept != by_band(files, Shaking(seed=1))["x"].kept


def test_the_cut_is_the_last_place_paid() -> None:
    files = {"a": one(9, 9), "b": one(8, 4), "c": one(6, 5), "d": one(1, 1)}
    found = by_cut(files, 2)
    assert [found[k].state for k in "ad"] == [Firmness.CERTAIN, Firmness.CERTAIN]
    # Without its first sheet b has 40 and c 50: they change places half of the time.
    random = Random(2030)
    first_out = sum(int(random.random() * 2) == 0 for _ in range(2000))
    assert (found["b"].kept, found["c"].kept) == (2000 - first_out, 2000 - first_out)
    assert found["b"].state is Firmness.TOSSED
    assert by_cut(files, 4)["d"].kept == 2000


def test_the_draws_of_a_cut_stop_where_they_are_asked_to() -> None:
    files = {"a": one(9, 9), "b": one(8, 4), "c": one(6, 5), "d": one(1, 1)}
    calls: list[int] = []

    def between() -> None:
        calls.append(1)
        if len(calls) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        by_cut(files, 2, between=between)
    assert len(calls) == 3
    calls[:] = [1] * 10
    assert by_cut(files, 2, between=between) == by_cut(files, 2)
    assert len(calls) == 10 + len(files) + 2000


def test_whole_numbers_agree_with_fractions_under_no_shaking() -> None:
    """Every draw of a panel made at random, one sheet out, against the note of the others computed apart."""
    base, random = grid(), Random(5)
    for _ in range(20):
        count = random.randint(2, 5)
        sheets = tuple(
            {code: random.randint(0, 3) for code in base.codes if random.random() < 0.9} for _ in range(count)
        )
        file = Judged(base, sheets)
        note = file.note
        assert note is not None
        drawn = Random(9)
        places = [int(drawn.random() * count) for _ in range(100)]
        bands = {p: base.band(Judged(base, sheets[:p] + sheets[p + 1 :]).note or Fraction(0)) for p in range(count)}
        expected = sum(bands[p] == base.band(note) for p in places)
        assert by_band({"x": file}, Shaking(draws=100, shake=0, seed=9))["x"].kept == expected


def test_other_themes_and_medians_are_drawn_on_their_own_criteria() -> None:
    limited = replace(TWO, criteria=(TWO.criteria[0], replace(TWO.criteria[1], themes=("EDU",))))
    assert by_band({"x": Judged(limited.for_themes(()), ({"A": 8}, {"A": 8}))})["x"].kept == 2000
    middle = replace(ONE, method="median")
    assert by_band({"x": Judged(middle, ({"A": 9}, {"A": 9}, {"A": 9}, {"A": 0}))})["x"].kept == 2000


def test_the_reglement_says_the_thresholds_and_the_usual_ones_stand_in() -> None:
    def said(key: str, unit: str, value: int) -> Parameter:
        return Parameter(f"solidity_{key}", "grille", key, unit, value)  # type: ignore[arg-type]

    assert Shaking.of_rules(Rules(())) == Shaking(2000, 20, 2030, 95, 75)
    rules = Rules((said("certain", "percent", 90), said("fragile", "percent", 60), said("shake", "percent", 10)))
    found = Shaking.of_rules(rules)
    assert found == Shaking(2000, 10, 2030, 90, 60)
    assert [found.of(kept, False).label for kept in (1800, 1799, 1199)] == ["Sûr", "Fragile", "Ballotté"]
