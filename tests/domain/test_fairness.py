"""Hand-computed: files A (6, 4), B (8, 7) and C (5) of two members, on one criterion out of ten."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cv_desktop.domain.fairness import fairness
from cv_desktop.domain.grid import Band, Criterion, Grid

BANDS = (Band("f", "Favorable", 60), Band("d", "Défavorable", 0))
ONE = Grid((Criterion("A", "A", 100, ()),), BANDS, scale=10)
FILES = {
    "a": (ONE, {"m1": {"A": 6}, "m2": {"A": 4}}),
    "b": (ONE, {"m1": {"A": 8}, "m2": {"A": 7}}),
    "c": (ONE, {"m1": {"A": 5}}),
}


def test_dispersion_of_a_file() -> None:
    a = fairness(FILES).files["a"]
    assert (a.sheets, a.mean, a.spread, a.deviation) == (2, 50, 20, 10.0)
    alone = fairness(FILES).files["c"]
    assert (alone.sheets, alone.deviation, alone.agreement) == (1, None, None)


def test_agreement_is_alpha_and_the_files_make_that_of_the_campaign() -> None:
    """Observed (800 + 200) / 4 = 250; expected 2 x 4 x 875 / 12 = 1750/3; alpha = 1 - 250 x 3 / 1750 = 4/7."""
    found = fairness(FILES)
    assert found.agreement == pytest.approx(4 / 7)
    assert found.files["a"].agreement == pytest.approx(1 - 400 * 3 / 1750)
    assert found.files["b"].agreement == pytest.approx(1 - 100 * 3 / 1750)


def test_nothing_to_compare_gives_no_agreement() -> None:
    assert fairness({"c": FILES["c"]}).agreement is None
    assert fairness({"x": (ONE, {"m1": {"A": 3}, "m2": {"A": 3}})}).agreement is None


def test_severity_is_against_the_others_on_the_same_files() -> None:
    """m1 is 20 and 10 points above m2; file C, that m1 marks alone, says nothing."""
    first = fairness(FILES).members["m1"]
    assert (first.files, first.gap, first.spread, first.others_spread) == (2, 15, 10.0, 15.0)
    assert fairness(FILES).members["m2"].gap == -15
    assert first.sentence == "15,0 points au-dessus des autres, sur 2 dossiers, à titre indicatif"


def test_an_easy_pile_makes_nobody_generous() -> None:
    easy = {f"e{i}": (ONE, {"kind": {"A": 9}, "x": {"A": 9}}) for i in range(5)}
    hard = {f"h{i}": (ONE, {"strict": {"A": 2}, "y": {"A": 2}}) for i in range(5)}
    members = fairness(easy | hard).members
    assert {members[m].gap for m in ("kind", "strict")} == {0}
    assert members["kind"].sentence == "au niveau des autres, sur 5 dossiers"


def two(first: int, second: int) -> tuple[Grid, dict[str, dict[str, int]]]:
    grid = Grid((Criterion("A", "A", 50, ()), Criterion("B", "B", 50, ())), BANDS, scale=10)
    return grid, {"m": {"A": first, "B": second}}


@pytest.mark.parametrize(
    ("pairs", "correlation"),
    [
        (((1, 1), (2, 2), (3, 3)), 1.0),
        (((1, 3), (2, 2), (3, 1)), -1.0),
        (((1, 1), (1, 2), (1, 3)), None),
        (((1, 1), (2, 2)), None),
    ],
)
def test_a_criterion_discriminates_as_the_others_do(
    pairs: tuple[tuple[int, int], ...], correlation: float | None
) -> None:
    found = fairness({str(i): two(*pair) for i, pair in enumerate(pairs)}).criteria["A"]
    assert found.files == len(pairs)
    assert found.correlation == (None if correlation is None else pytest.approx(correlation))


def test_a_criterion_only_shown_enters_no_statistic() -> None:
    shown = Grid((Criterion("A", "A", 100, ()), Criterion("S", "S", 0, (), counted=False)), BANDS, scale=10)
    found = fairness({"a": (shown, {"m1": {"A": 6, "S": 10}, "m2": {"A": 6, "S": 0}})})
    assert found.files["a"].spread == Fraction(0)
    assert set(found.criteria) == {"A"}
