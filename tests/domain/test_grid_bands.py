"""The bands of a grid, cut and joined: they always cover 0 to 100."""

from __future__ import annotations

import pytest

from cv_desktop.domain import grid_bands
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Grid
from domain.samples import grid

GRID = grid()


def said(made: Grid) -> list[tuple[str, int, str]]:
    return [(b.label, b.start, b.expected) for b in grid_bands.going_down(made)]


def test_a_band_cut_in_two_calls_for_the_same_opinion_and_is_kept_as_a_file() -> None:
    made, code = grid_bands.added(GRID, "reserve")
    assert said(made) == [
        ("Favorable", 60, "favorable"),
        ("Nouvelle bande", 50, "reserve"),
        ("Réservé", 40, "reserve"),
        ("Défavorable", 0, "defavorable"),
    ]
    other = grid_bands.with_band(made, code, opinion="aucun")
    assert Grid.from_json(other.to_json()) == other and said(other)[1][2] == ""
    assert grid_bands.range_words(made, next(b for b in made.bands if b.code == code)) == "de 50 à moins de 60"


def test_the_neighbour_takes_the_notes_of_a_band_taken_away() -> None:
    assert [x[:2] for x in said(grid_bands.removed(GRID, "defavorable"))] == [("Favorable", 60), ("Réservé", 0)]
    assert [x[:2] for x in said(grid_bands.removed(GRID, "favorable"))] == [("Réservé", 40), ("Défavorable", 0)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"start": "40"}, "Deux bandes commencent à la même note"),
        ({"start": "101"}, "Une bande commence entre 0 et 100"),
        ({"start": "12,5"}, "n’est pas un nombre entier"),
        ({"label": "réservé"}, "Une autre bande s’appelle déjà"),
        ({"label": " "}, "Une bande a un nom"),
        ({"opinion": "bof"}, "n’est pas un avis. Écrivez favorable, avec réserves, défavorable ou aucun"),
    ],
)
def test_what_a_band_cannot_say_is_refused(change: dict[str, str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        grid_bands.with_band(GRID, "favorable", **change)


def test_the_lowest_begins_at_nought_the_last_stays_and_one_point_is_not_cut() -> None:
    with pytest.raises(UserError, match="La bande la plus basse commence à 0"):
        grid_bands.with_band(GRID, "defavorable", start="10")
    one = grid_bands.removed(grid_bands.removed(GRID, "favorable"), "reserve")
    with pytest.raises(UserError, match="au moins une bande"):
        grid_bands.removed(one, "defavorable")
    thin = grid_bands.with_band(GRID, "reserve", start="59")
    with pytest.raises(UserError, match="n’a qu’un point"):
        grid_bands.added(thin, "reserve")
