"""Two versions of a grid side by side."""

from __future__ import annotations

from dataclasses import replace

from cv_desktop.domain import grid_bands, grid_comparison, grid_entry
from cv_desktop.domain.comparison import compare
from cv_desktop.domain.grid import Grid
from domain.samples import grid, nb

FIA_GRID = grid()


def changed(older: Grid, newer: Grid) -> dict[str, tuple[str, str]]:
    lines = compare(grid_comparison.parts(older), grid_comparison.parts(newer))
    return {line.key: (line.before, line.after) for line in lines if line.changed}


def test_the_same_grid_says_the_same() -> None:
    assert changed(FIA_GRID, FIA_GRID) == {}


def test_weights_texts_bands_and_what_follows_the_grid_are_said_as_they_are_typed() -> None:
    newer = grid_entry.with_text(FIA_GRID, "PERT", "weight", "25")
    newer = grid_entry.with_text(newer, "PERT", "method", "médiane")
    newer = grid_entry.with_level(newer, "PUBL", 0, name="Personne", text="Aucun habitant visé.")
    newer = grid_bands.with_band(newer, "favorable", start="65")
    newer = grid_entry.with_settings(newer, comment_levels="aucun")
    was = FIA_GRID.criterion("PUBL").levels[0]
    assert changed(FIA_GRID, newer) == {
        "comment_levels": (grid_entry.levels_words(FIA_GRID.comment_levels), "aucun"),
        "band:favorable": ("Favorable, de 60 à 100, avis favorable", "Favorable, de 65 à 100, avis favorable"),
        "band:reserve": (
            "Réservé, de 40 à moins de 60, avis avec réserves",
            "Réservé, de 40 à moins de 65, avis avec réserves",
        ),
        "PERT:weight": ("15", "25"),
        "PERT:method": ("–", "médiane"),
        "PUBL:level:0": (nb(f"{was.name}~: {was.text}"), nb("Personne~: Aucun habitant visé.")),
    }


def test_a_criterion_added_or_dropped_is_shown_whole_beside_nothing() -> None:
    newer = replace(FIA_GRID, criteria=FIA_GRID.criteria[1:])
    gone = changed(FIA_GRID, newer)
    assert gone["order"] == (", ".join(FIA_GRID.codes), ", ".join(FIA_GRID.codes[1:]))
    assert {after for key, (_, after) in gone.items() if key != "order"} == {"–"}
    assert gone["PERT:label"][0] == FIA_GRID.criteria[0].label
    lines = compare(grid_comparison.parts(FIA_GRID), grid_comparison.parts(newer))
    assert lines[-1].place == "PERT"
