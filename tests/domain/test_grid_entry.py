"""What is typed in a grid: read, refused with a sentence, texts that follow the scale."""

from __future__ import annotations

import pytest

from cv_desktop.domain import grid_entry, grid_faults
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Band, Criterion, Grid, Level

LEVELS = tuple(Level(n, f"Nom {n}", f"Texte {n}.") for n in range(4))
GRID = Grid(
    (Criterion("PERT", "Pertinence", 60, LEVELS), Criterion("BUDG", "Budget", 40, LEVELS)),
    (Band("favorable", "Favorable", 60), Band("defavorable", "Défavorable", 0)),
)


def test_a_wider_scale_spreads_the_four_texts_and_keeps_their_words() -> None:
    wide = grid_entry.with_text(GRID, "PERT", "scale", "10").criterion("PERT")
    assert [(x.value, x.text) for x in wide.levels] == [
        (0, "Texte 0."),
        (3, "Texte 1."),
        (6, "Texte 2."),
        (10, "Texte 3."),
    ]


def test_a_narrower_scale_keeps_the_lowest_and_the_highest_text() -> None:
    narrow = grid_entry.with_settings(GRID, scale="1")
    assert [(x.value, x.text) for x in narrow.criterion("BUDG").levels] == [(0, "Texte 0."), (1, "Texte 3.")]
    assert narrow.problems() == ()


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("weight", "dix", "«\u00a0dix\u00a0» n’est pas un nombre entier."),
        ("weight", "0", "Le poids de PERT est de 0\u00a0; il commence à 1."),
        ("floor", "4", "Le plancher de PERT est à 4\u00a0; il va de 1 à 3."),
        ("code", "budg", "Le code BUDG sert deux fois."),
        ("label", " ", "PERT n’a pas d’intitulé."),
        ("axis", "rouge", "Écrivez mérite ou transversal."),
        ("eliminatory", "peut-être", "n’est ni oui ni non."),
        ("comment_levels", "0, 7", "Une phrase est demandée pour le niveau 7 de PERT"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(key: str, text: str, sentence: str) -> None:
    with pytest.raises(UserError) as refusal:
        grid_entry.with_text(GRID, "PERT", key, text)
    assert sentence in refusal.value.message


def test_a_sum_in_progress_is_kept_and_forbids_the_first_mark() -> None:
    lighter = grid_entry.with_text(GRID, "BUDG", "weight", "35")
    with pytest.raises(UserError) as refusal:
        grid_faults.refuse_use(lighter)
    assert "Les poids font 95\u00a0; il en manque 5. Complétez-la dans Campagnes" in refusal.value.message
    assert grid_entry.added(lighter)[0].criterion("CRIT1").weight == 5


def test_an_empty_cell_follows_the_grid() -> None:
    own = grid_entry.with_text(GRID, "PERT", "comment_levels", "aucun")
    assert own.criterion("PERT").comment_levels == frozenset()
    back = grid_entry.with_text(own, "PERT", "comment_levels", "")
    assert back.criterion("PERT").comment_levels is None
