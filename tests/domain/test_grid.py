from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Band, Grid, Level
from domain.samples import AAP_WEIGHTS, grid, nb

FIA_WEIGHTS = {"PERT": 20, "PUBL": 20, "FAIS": 10, "PART": 5, "BUDG": 10, "EVAL": 5, "EFH": 10, "PAR": 10, "TED": 10}


def test_the_default_grids_are_sound() -> None:
    grid().validate()
    grid(FIA_WEIGHTS).validate()
    assert (grid().points("merit"), grid().points("transversal")) == (70, 30)


@pytest.mark.parametrize(
    ("eval_weight", "sentence"),
    [(5, "Les poids font 95~; il en manque 5."), (15, "Les poids font 105~; il y en a 5 de trop.")],
)
def test_the_weights_make_a_hundred(eval_weight: int, sentence: str) -> None:
    with pytest.raises(UserError) as refusal:
        grid(AAP_WEIGHTS | {"EVAL": eval_weight}).validate()
    assert refusal.value.message == nb(sentence)


def with_levels(*levels: Level) -> Grid:
    sound = grid()
    return replace(sound, criteria=(replace(sound.criteria[0], levels=levels), *sound.criteria[1:]))


L = [Level(v, "nom", "texte") for v in range(4)]


@pytest.mark.parametrize(
    ("changed", "sentences"),
    [
        (
            with_levels(*L[:3]),
            ("PERT a 3 textes de niveau~; il en faut 4.", "Les niveaux de PERT vont de 0 à 3 en montant."),
        ),
        (with_levels(*L[:3], Level(3, "nom", " ")), ("PERT a 3 textes de niveau~; il en faut 4.",)),
        (with_levels(L[0], L[2], L[1], L[3]), ("Les niveaux de PERT vont de 0 à 3 en montant.",)),
        (replace(grid(), bands=(Band("f", "F", 60),)), ("Une bande commence à 0~; la plus basse commence à 60.",)),
        (replace(grid(), bands=()), ("Une bande commence à 0~; la plus basse commence à 100.",)),
        (
            replace(grid(), comment_levels=frozenset({4})),
            ("Une phrase est demandée pour le niveau 4, hors de l’échelle",),
        ),
        (replace(grid(), method="mode"), ("La méthode «~mode~» est inconnue~: moyenne ou médiane.",)),
        (
            replace(grid(), criteria=(replace(grid().criteria[0], code="PUBL"), *grid().criteria[1:])),
            ("Le code PUBL sert deux fois.",),
        ),
        (grid(AAP_WEIGHTS | {"EVAL": 0, "PERT": 25}), ("Le poids de EVAL est de 0~; il commence à 1.",)),
    ],
)
def test_what_is_wrong_in_a_grid_is_said(changed: Grid, sentences: tuple[str, ...]) -> None:
    problems = changed.problems()
    assert len(problems) == len(sentences)
    assert all(p.startswith(nb(s)) for p, s in zip(problems, sentences, strict=True))


def test_four_texts_anchor_a_scale_of_ten() -> None:
    sound = grid()
    levels = tuple(Level(v, "nom", "texte") for v in (0, 3, 7, 10))
    replace(sound, scale=10, criteria=tuple(replace(c, levels=levels) for c in sound.criteria)).validate()


@pytest.mark.parametrize(
    ("note", "band"),
    [
        (Fraction(100), "favorable"),
        (Fraction(60), "favorable"),
        (Fraction(5996, 100), "reserve"),
        (Fraction(40), "reserve"),
        (Fraction(3999, 100), "defavorable"),
        (Fraction(0), "defavorable"),
    ],
)
def test_the_band_is_the_one_of_the_exact_note(note: Fraction, band: str) -> None:
    assert grid().band(note).code == band


def test_json_goes_and_comes_back_and_the_reference_gives_each_scheme_its_weights() -> None:
    assert Grid.from_json(grid().to_json()) == grid()
    document = grid().to_json() | {"schemes": {"FIA": {"weights": FIA_WEIGHTS}}}
    assert Grid.of_scheme(document, "FIA") == grid(FIA_WEIGHTS)
    assert grid().criterion("EFH").axis == "transversal"
    with pytest.raises(KeyError):
        grid().criterion("XXX")
