"""A grid tried on marks given with another one, by hand-computed notes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from cv_desktop.domain import grid_bands, grid_entry
from cv_desktop.domain.grid import Criterion, Grid
from cv_desktop.domain.grid_trial import ELIMINATED, FileTrial, GridTrial, Verdict, counterparts, verdicts
from domain.samples import grid

OWN = grid({"PERT": 40, "PUBL": 40, "EFH": 20})
# Two thirds on 40 points, a third on 40, everything on 20: (26,67 + 13,33 + 20) = 60 exactly.
SHEET = {"PERT": 2, "PUBL": 1, "EFH": 3}


def both(tried: Grid, *sheets: dict[str, int], own: Grid = OWN) -> tuple[Verdict, Verdict]:
    before, after = verdicts(own, tried, sheets or (SHEET,))
    assert after is not None
    return before, after


def test_the_same_grid_gives_the_same_note_and_band() -> None:
    before, after = both(OWN)
    assert (before.note.note, before.word) == (60, "Favorable")
    assert (after.note.note, after.word) == (60, "Favorable")


def test_other_weights_and_other_bands_move_the_file() -> None:
    # 50 × 2/3 + 40 × 1/3 + 10 × 1 = 56,67.
    lighter = replace(
        OWN, criteria=tuple(replace(c, weight=w) for c, w in zip(OWN.criteria, (50, 40, 10), strict=True))
    )
    assert [v.word for v in both(lighter)] == ["Favorable", "Réservé"]
    assert both(lighter)[1].note.note == Fraction(170, 3)
    assert both(grid_bands.with_band(OWN, "favorable", start="61"))[1].word == "Réservé"


def test_a_floor_eliminates_and_a_median_changes_the_note() -> None:
    assert both(grid_entry.with_text(OWN, "PUBL", "floor", "2"))[1].word == ELIMINATED
    # PUBL at 0, 0 and 3: mean 1, median 0, which eliminates since PUBL is eliminatory at 0.
    sheets = [SHEET | {"PUBL": level} for level in (0, 0, 3)]
    before, after = both(replace(OWN, method="median"), *sheets)
    assert (before.word, before.note.note) == ("Favorable", 60)
    assert (after.word, after.note.note) == (ELIMINATED, Fraction(140, 3))


def test_marks_keep_the_scale_they_were_given_on_and_a_floor_is_read_on_its_own() -> None:
    wide = grid_entry.with_settings(OWN, comment_levels="aucun", scale="10")
    assert both(wide)[1].note.note == 60
    # 2 of 3 is 6,67 of 10: above a floor of 6, under one of 7. The isolated third of PUBL is 3,33 of 10.
    assert both(grid_entry.with_text(wide, "PERT", "floor", "6"))[1].word == "Favorable"
    assert both(grid_entry.with_text(wide, "PERT", "floor", "7"))[1].word == ELIMINATED
    assert counterparts([OWN], wide).rescaled == ("PERT", "PUBL", "EFH")


def test_criteria_without_counterpart_are_named_and_weigh_nothing() -> None:
    tried, code = grid_entry.added(grid_entry.removed(OWN, "EFH"), "PERT")
    tried = grid_entry.with_level(tried, "PERT", 0, name="Rien", text="Autre question.")
    found = counterparts([OWN], tried)
    assert (found.lacking, found.left_out, found.rescaled, found.reworded) == ((code,), ("EFH",), (), ("PERT",))
    # Out of the eighty points that were marked: 26,67 + 13,33 = 40 of 80.
    assert both(tried)[1].note.note == 50
    alone = replace(OWN, criteria=(Criterion("NEUF", "Neuf", 100, OWN.criteria[0].levels),))
    assert verdicts(OWN, alone, [SHEET])[1] is None


def test_a_renamed_band_is_no_change_and_shares_count_each_quarter() -> None:
    renamed = both(grid_bands.with_band(OWN, "favorable", label="Très favorable"))
    down = both(grid_bands.with_band(OWN, "favorable", start="61"))
    files = [
        FileTrial("a", "1", "A", "", ("Centre", "Nord"), True, None, *down),
        FileTrial("b", "2", "B", "", (), False, None, *renamed),
    ]
    assert [f.changed for f in files] == [True, False]
    shares = [
        (s.kind, s.word, s.files, s.up, s.down) for s in GridTrial(tuple(files), counterparts([OWN], OWN), 0).shares()
    ]
    assert shares == [
        ("Quartier", "Centre", 1, 0, 1),
        ("Quartier", "Nord", 1, 0, 1),
        ("Quartier", "Non renseigné", 1, 0, 0),
        ("Taille", "Autre structure", 1, 0, 0),
        ("Taille", "Petite association", 1, 0, 1),
        ("Ancienneté", "Non renseigné", 2, 0, 1),
    ]
