"""What a criterion may say of its own: scale, admitted levels, floor, themes, sentences, method; what it changes."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from cv_desktop.domain import grid_file
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Criterion, Grid, Level
from cv_desktop.domain.marks import Mark, check_mark, missing_comments
from cv_desktop.domain.scoring import committee_note, note_of_levels, sheet_note
from domain.samples import grid, nb


def levels(*values: int) -> tuple[Level, ...]:
    return tuple(Level(v, "nom", "texte") for v in values)


FOUR = levels(0, 1, 2, 3)
TEN = levels(0, 3, 7, 10)
BANDS = grid().bands


def of(*criteria: Criterion, **changes: Any) -> Grid:
    made = Grid(criteria, BANDS, **changes)
    made.validate()
    return made


def marks(*sheets: dict[str, int]) -> list[dict[str, Mark]]:
    return [{code: Mark(level) for code, level in sheet.items()} for sheet in sheets]


A, B = Criterion("A", "A", 60, FOUR), Criterion("B", "B", 40, TEN, scale=10)


def test_each_criterion_has_its_scale() -> None:
    """A 2 and 3 of 3 -> 5/6 of 60 = 50; B 7 and 8 of 10 -> 3/4 of 40 = 30; 80 of 100."""
    note = committee_note(of(A, B), marks({"A": 2, "B": 7}, {"A": 3, "B": 8}))
    assert (note.note, note.shown, note.criteria[1].value) == (80, "80,0", Fraction(15, 2))
    assert note_of_levels(of(A, B), {"A": [2, 3], "B": [7, 8]}) == 80


@pytest.mark.parametrize(
    ("given", "exact", "text", "band"),
    [
        # On 16 levels: 11 of 16 is 68,75, half up; 19 of 32 is 59,375; 6 levels of 10 is the line itself.
        ((11, 11), Fraction(275, 4), "68,8", "favorable"),
        ((9, 10), Fraction(475, 8), "59,4", "reserve"),
        ((6, 7), Fraction(325, 8), "40,6", "reserve"),
    ],
)
def test_halves_at_the_shown_decimal_go_up_and_the_band_is_the_exact_one(
    given: tuple[int, int], exact: Fraction, text: str, band: str
) -> None:
    note = committee_note(
        of(Criterion("A", "A", 100, levels(0, 5, 11, 16), scale=16)), marks(*({"A": x} for x in given))
    )
    assert (note.note, note.shown, note.band and note.band.code) == (exact, text, band)


def test_a_half_that_shows_the_line_stays_under_it() -> None:
    """100 sheets of 0 to 20: 1199 levels of 2000 make 59,95, shown 60,0, band of 40 to 60."""
    twenty = of(Criterion("A", "A", 100, levels(0, 6, 13, 20), scale=20))
    sheets = [{"A": 12}] * 99 + [{"A": 11}]
    note = committee_note(twenty, marks(*sheets))
    assert (note.note, note.shown, note.band and note.band.code) == (Fraction(5995, 100), "60,0", "reserve")


def test_a_criterion_only_shown_is_marked_and_not_summed() -> None:
    seen = of(replace(A, weight=100), Criterion("S", "S", 0, TEN, scale=10, counted=False))
    note = committee_note(seen, marks({"A": 3, "S": 0}))
    assert (note.note, note.criteria[1].value, note.criteria[1].points) == (100, 0, 0)
    assert committee_note(seen, marks({"S": 9})).note is None
    assert sheet_note(seen, marks({"A": 3})[0]).progress == "sur 1 critère de 2"


def test_the_transversal_axis_has_its_sub_total() -> None:
    """EFH 3 and 2, PAR 1: 25/3 + 10/3 = 35/3 points out of 20, TED being marked by nobody."""
    note = committee_note(grid(), marks({"PERT": 3, "EFH": 3, "PAR": 1}, {"EFH": 2}))
    axis = note.axis("transversal")
    assert axis and (axis.points, axis.out_of, axis.shown) == (Fraction(35, 3), 20, "11,7 sur 20")
    assert note.axis("merit") and note.note == Fraction(100, 35) * (15 + Fraction(35, 3))
    assert committee_note(grid(), marks({"PERT": 3})).axis("transversal") is None


def test_under_the_floor_the_committee_eliminates_one_member_only_warns() -> None:
    floored = of(replace(A, floor=2), B)
    low = committee_note(floored, marks({"A": 1}, {"A": 2})).criteria[0]
    assert (low.eliminated, low.isolated) == (True, False)  # 1,5 is under 2
    kept = committee_note(floored, marks({"A": 1}, {"A": 3})).criteria[0]
    assert (kept.eliminated, kept.isolated) == (False, True)
    assert sheet_note(floored, marks({"A": 1})[0]).eliminated == ("A",)


def test_each_criterion_has_its_method() -> None:
    """A by median of 0, 3, 3 -> 3; B by mean of 0, 5, 10 -> 5."""
    mixed = of(replace(A, method="median"), B)
    note = committee_note(mixed, marks({"A": 0, "B": 0}, {"A": 3, "B": 5}, {"A": 3, "B": 10}))
    assert note.note == 60 + 20
    assert note_of_levels(mixed, {"A": [0, 3, 3], "B": [0, 5, 10]}) == 80


EDU = Criterion("E", "E", 40, FOUR, themes=("EDU", "EDU-2"))
JOB = Criterion("J", "J", 25, FOUR, themes=("EMP",))
THEMED = of(A, EDU, JOB)


def test_themes_with_other_criteria_compare_out_of_what_was_attainable() -> None:
    sheet = {"A": 3, "E": 0, "J": 3}
    assert THEMED.for_themes({"EDU-2"}).codes == ("A", "E")
    assert committee_note(THEMED.for_themes({"EDU"}), marks(sheet)).note == 60
    assert committee_note(THEMED.for_themes({"EMP"}), marks(sheet)).note == 100
    assert committee_note(THEMED.for_themes(()), marks(sheet)).note == 100
    assert THEMED.totals() == {"": 60, "EDU": 100, "EDU-2": 100, "EMP": 85}
    assert grid().for_themes({"EDU"}) == grid()


def test_a_gap_is_wide_from_a_third_of_the_scale() -> None:
    note = committee_note(of(A, B), marks({"A": 1, "B": 4}, {"A": 3, "B": 7}))
    assert note.wide == ("A",)
    assert committee_note(of(A, B), marks({"B": 4}, {"B": 8})).criteria[1].gap_label == "écart de 4"


def test_sentences_are_asked_for_the_levels_of_the_criterion() -> None:
    asking = of(
        replace(A, comment_levels=frozenset()),
        replace(B, comment_levels=frozenset({10})),
        comment_levels=frozenset({0}),
    )
    assert missing_comments(asking, marks({"A": 0, "B": 10})[0]) == ("B",)


def test_levels_that_a_scale_does_not_have_are_refused() -> None:
    gaps = of(replace(A, weight=100, scale=10, admitted=(1, 3, 5, 6, 8, 10), levels=levels(1, 3, 6, 10)))
    check_mark(gaps, gaps.criteria[0], 6, False)
    with pytest.raises(UserError) as refusal:
        check_mark(gaps, gaps.criteria[0], 4, False)
    assert refusal.value.message == nb("Le niveau 4 n’existe pas~: les niveaux sont 1, 3, 5, 6, 8 et 10.")


@pytest.mark.parametrize(
    ("criteria", "sentence"),
    [
        ((replace(A, scale=21), B), "L’échelle de A va de 1 à 20~; elle est à 21."),
        ((A, replace(B, levels=FOUR)), "Les niveaux de B vont de 0 à 10 en montant."),
        ((replace(A, floor=4), B), "Le plancher de A est à 4~; il va de 1 à 3."),
        ((replace(A, floor=0), B), "Le plancher de A est à 0~; il va de 1 à 3."),
        ((A, replace(EDU, weight=45)), "Les poids pour «~EDU~» font 105~; il y en a 5 de trop."),
        ((A, replace(EDU, weight=30)), "Les poids font 90~; il en manque 10."),
        ((replace(EDU, weight=100),), "Un critère au moins vaut pour tous les dossiers et compte dans la note."),
        ((A, replace(B, comment_levels=frozenset({11}))), "Une phrase est demandée pour le niveau 11 de B, hors de"),
        ((A, replace(B, method="mode")), "La méthode de B «~mode~» est inconnue~: moyenne ou médiane."),
        ((A, replace(B, admitted=(0, 5))), "Les niveaux admis de B montent jusqu’à 10, sans être moins de deux."),
    ],
)
def test_what_is_wrong_in_a_criterion_is_said(criteria: tuple[Criterion, ...], sentence: str) -> None:
    problems = Grid(criteria, BANDS).problems()
    assert any(p.startswith(nb(sentence)) for p in problems), problems


def test_keys_that_say_nothing_are_left_out_and_all_come_back() -> None:
    full = replace(
        B, admitted=(0, 3, 7, 10), floor=3, themes=("EDU",), counted=False, comment_levels=frozenset({0}),
        dedicated=True, method="median",
    )  # fmt: skip
    whole = Grid((A, full), BANDS)
    assert Grid.from_json(json.loads(json.dumps(whole.to_json()))) == whole
    assert set(whole.to_json()["criteria"][0]) == {
        "code", "label", "weight", "axis", "eliminatory", "na_allowed", "guide", "levels",
    }  # fmt: skip


def test_a_grid_goes_out_as_a_file_and_comes_back() -> None:
    assert grid_file.load(grid_file.dump(THEMED), "g.json") == THEMED


def test_a_grid_written_by_hand_gets_texts_to_write() -> None:
    raw = {"scale": 10, "criteria": [{"code": "OVERALL", "weight": 100, "admitted": list(range(1, 11))}]}
    made = grid_file.load(json.dumps(raw).encode(), "g.json")
    assert [x.value for x in made.criteria[0].levels] == [1, 4, 7, 10]
    assert grid_file.to_write(made) == ("OVERALL",)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"{", "n’est pas une grille"),
        (b'{"criteria": []}', "n’a aucun critère"),
        (b'{"criteria": [{"code": ""}]}', "le critère n°~1 n’a pas de code"),
        (b'{"criteria": [{"code": "A", "weight": "x"}]}', "attend un poids entier"),
        (b'{"criteria": [{"code": "A", "weight": 50}]}', "Les poids font 50~; il en manque 50."),
        (b'{"criteria": [{"code": "A", "weight": 100, "levels": 3}]}', "n’a pas la forme attendue"),
        (b'{"version": 9, "criteria": [{"code": "A"}]}', "que cette version du logiciel sait lire"),
    ],
)
def test_a_faulty_file_is_refused(raw: bytes, sentence: str) -> None:
    with pytest.raises(UserError) as refusal:
        grid_file.load(raw, "g.json")
    assert nb(sentence) in refusal.value.message
