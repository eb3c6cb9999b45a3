from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.marks import Mark, Sheet, check_mark, may_return
from cv_desktop.domain.notes import decimal, deviation, shown
from cv_desktop.domain.scoring import Tally, central, committee_note, note_of_tallies, points, sheet_note
from domain.samples import grid, nb

GRID = grid()


def sheet(levels: dict[str, int | None], comment: str = "Une phrase.") -> Sheet:
    """Marks by code; None is « sans objet »."""
    return {code: Mark(level, level is None, comment) for code, level in levels.items()}


# Elles en selle: 15 + 10 + 6,67 + 6,67 + 6,67 + 3,33 + 6,67 = 55 points of 80, that is 68,75.
ELLES = sheet({"PERT": 3, "PUBL": 2, "FAIS": 2, "PART": 2, "BUDG": 2, "EVAL": 1, "EFH": 2})


def test_my_note_counts_the_criteria_marked_so_far_and_says_so() -> None:
    mine = sheet_note(GRID, ELLES)
    assert (mine.note, mine.shown, mine.progress) == (Fraction(275, 4), "68,8", "sur 7 critères de 9")
    assert GRID.band(mine.note or Fraction(0)).label == "Favorable"


def test_not_applicable_leaves_the_denominator_and_the_count() -> None:
    mine = sheet_note(GRID, {**ELLES, **sheet({"PAR": None, "TED": None})})
    assert (mine.shown, mine.progress) == ("68,8", "sur 7 critères")
    assert sheet_note(GRID, sheet({"PERT": 3})).progress == "sur 1 critère de 9"


def test_no_mark_no_note() -> None:
    nothing = sheet_note(GRID, {})
    assert (nothing.note, nothing.shown, nothing.progress) == (None, "–", "sur 0 critère de 9")


def test_an_eliminatory_zero_is_told() -> None:
    assert sheet_note(GRID, sheet({"PERT": 0, "PUBL": 2, "EVAL": 0})).eliminated == ("PERT",)


def test_points_of_a_level() -> None:
    assert decimal(points(GRID, GRID.criterion("PUBL"), 2)) == "10,0"
    assert decimal(points(GRID, GRID.criterion("EVAL"), 1)) == "3,3"
    assert decimal(points(GRID, GRID.criterion("FAIS"), 2)) == "6,7"


@pytest.mark.parametrize(
    ("note", "text"),
    [
        (Fraction(275, 4), "68,8"),  # 68,75 half up
        (Fraction(5995, 100), "60,0"),  # shown 60,0 although below 60
        (Fraction(5994, 100), "59,9"),
        (Fraction(100), "100,0"),
        (Fraction(0), "0,0"),
        (None, "–"),
    ],
)
def test_a_note_shows_one_decimal_half_up(note: Fraction | None, text: str) -> None:
    assert shown(note) == text


def test_the_committee_takes_the_mean_of_each_criterion() -> None:
    """PERT 3, 2, 0 → 5/3; PUBL 2, 2 → 2; FAIS 1, one « sans objet » → 1; EFH all « sans objet » → out.

    (5/3 x 15 + 2 x 15 + 1 x 10) / 3 = 65/3 points of 40 → 100 x 65/120 = 54,1666…
    """
    note = committee_note(
        GRID,
        [
            sheet({"PERT": 3, "PUBL": 2, "FAIS": 1, "EFH": None}),
            sheet({"PERT": 2, "PUBL": 2, "FAIS": None}),
            sheet({"PERT": 0, "EFH": None}),
        ],
    )
    assert (note.note, note.shown) == (Fraction(325, 6), "54,2")
    assert note.band and note.band.code == "reserve"
    pert = note.criteria[0]
    assert (pert.value, pert.levels, pert.gap_label, pert.deviation) == (Fraction(5, 3), (0, 2, 3), "écart de 3", "1,2")
    assert note.wide == ("PERT",)
    zeros = [c.code for c in note.criteria if c.isolated]
    assert (note.eliminated, zeros) == ((), ["PERT"])  # a single 0 is flagged, it eliminates nobody
    assert [c.value for c in note.criteria if c.code == "EFH"] == [None]


def test_the_median_is_an_option() -> None:
    sheets = [sheet({"PERT": 3, "PUBL": 0}), sheet({"PERT": 0, "PUBL": 0}), sheet({"PERT": 0, "PUBL": 1})]
    note = committee_note(grid(method="median"), sheets)
    assert note.note == 0
    assert note.eliminated == ("PERT", "PUBL")  # both medians are 0
    assert committee_note(GRID, sheets).eliminated == ()


@pytest.mark.parametrize(
    ("levels", "method", "value"),
    [
        ((0, 1, 3), "mean", Fraction(4, 3)),
        ((3, 0, 1), "median", Fraction(1)),
        ((0, 1, 2, 3), "median", Fraction(3, 2)),
        ((2,), "median", Fraction(2)),
    ],
)
def test_mean_and_median_are_exact(levels: tuple[int, ...], method: str, value: Fraction) -> None:
    assert central(levels, method) == value


def test_a_mean_of_zero_eliminates() -> None:
    note = committee_note(GRID, [sheet({"PUBL": 0, "PERT": 3}), sheet({"PUBL": 0, "PERT": 3})])
    assert (note.eliminated, any(c.isolated for c in note.criteria)) == (("PUBL",), False)


def test_nobody_marked() -> None:
    note = committee_note(GRID, [{}, sheet({"EFH": None})])
    assert (note.note, note.band, note.shown) == (None, None, "–")


@pytest.mark.parametrize(
    ("values", "text"),
    [((2, 2, 2), "0,0"), ((0, 3), "1,5"), ((1, 2, 3), "0,8"), ((2,), "–"), ((), "–")],  # √(2/3) = 0,816
)
def test_standard_deviation_of_the_whole_committee(values: tuple[int, ...], text: str) -> None:
    assert deviation(values) == text


ALL: dict[str, int | None] = dict.fromkeys(GRID.codes, 2)


@pytest.mark.parametrize(
    ("marks", "sentence", "go_to"),
    [
        (
            {**sheet(ALL), "EVAL": Mark(1), "PAR": Mark(3, comment="  ")},
            "2 phrases manquent~: EVAL, PAR.",
            "EVAL",
        ),
        ({**sheet(ALL), "EVAL": Mark(0)}, "1 phrase manque~: EVAL.", "EVAL"),
        (
            {c: m for c, m in sheet(ALL).items() if c not in ("PAR", "TED")},
            "2 critères restent à noter~: PAR, TED.",
            "PAR",
        ),
        (
            {**sheet(ALL), "PAR": Mark(), "EVAL": Mark(1)},
            "1 critère reste à noter~: PAR. 1 phrase manque~: EVAL.",
            "PAR",
        ),
    ],
)
def test_a_sheet_is_returned_complete(marks: Sheet, sentence: str, go_to: str) -> None:
    with pytest.raises(UserError) as refusal:
        may_return(GRID, marks)
    assert (refusal.value.message, refusal.value.field) == (nb(sentence), go_to)


def test_a_complete_sheet_is_returned() -> None:
    may_return(
        GRID, {**{c: Mark(2) for c in GRID.codes}, "TED": Mark(not_applicable=True), "PAR": Mark(3, False, "Oui")}
    )


def test_marks_stay_on_the_scale() -> None:
    check_mark(GRID, GRID.criterion("PERT"), 3, False)
    check_mark(GRID, GRID.criterion("EFH"), None, True)
    with pytest.raises(UserError, match="Le niveau 4 n’existe pas"):
        check_mark(GRID, GRID.criterion("PERT"), 4, False)
    with pytest.raises(UserError, match="doit être noté"):
        check_mark(GRID, GRID.criterion("PERT"), None, True)


MARKS = st.one_of(st.integers(0, 3), st.none())
SHEETS = st.lists(st.dictionaries(st.sampled_from(GRID.codes), MARKS), max_size=7)


@given(SHEETS, st.randoms(use_true_random=False))
def test_the_note_does_not_depend_on_the_order_of_the_members(raw: list[dict[str, int | None]], random: Random) -> None:
    sheets = [sheet(x) for x in raw]
    first = committee_note(GRID, sheets)
    random.shuffle(sheets)
    assert committee_note(GRID, sheets) == first
    assert first.note is None or 0 <= first.note <= 100


@given(SHEETS)
def test_sums_give_the_same_note_as_sheets(raw: list[dict[str, int | None]]) -> None:
    """Criteria marked by as many members are added up together, as the base does."""
    levels = {c: [v for x in raw if (v := x.get(c.code)) is not None] for c in GRID.criteria}
    tallies = [
        Tally(
            members,
            sum(c.weight * sum(found) for c, found in levels.items() if len(found) == members),
            sum(c.weight for c, found in levels.items() if len(found) == members),
        )
        for members in sorted({len(found) for found in levels.values()} - {0})
    ]
    assert note_of_tallies(GRID, tallies) == committee_note(GRID, [sheet(x) for x in raw]).note


def test_a_median_is_not_made_of_sums() -> None:
    with pytest.raises(ValueError, match="median"):
        note_of_tallies(grid(method="median"), [Tally(2, 3 * 20, 20)])
