from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.text import fold, normalised_name, quote


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Les Mézereaux", "les mezereaux"),
        ("L’Almont", "l'almont"),
        ("L`Almont", "l'almont"),
        ("L´Almont", "l'almont"),
        ("  Cœur\u00a0de \u202f Ville ", "coeur de ville"),
        ("ŒUVRE, Æsop", "oeuvre, aesop"),
        ("NOËL\u200b à\tl’ÉTÉ", "noel a l'ete"),
        ("e\u0301cole", "ecole"),
        ("", ""),
    ],
)
def test_fold(written: str, compared: str) -> None:
    assert fold(written) == compared


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Association des Amis de l’Étoile", "Les amis de l'etoile"),
        ("Échecs & Réussite", "ECHECS ET REUSSITE"),
        ("Récup'Art", "Récup’ Art"),
        ("Plein-Ciel", "Plein ciel (loi 1901)"),
    ],
)
def test_the_same_structure_under_two_spellings(one: str, other: str) -> None:
    assert normalised_name(one) == normalised_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Compagnie de l’Étoile", "Maison de l’Étoile"),
        ("Les Amis de l’Étoile 1", "Les Amis de l’Étoile 2"),
    ],
)
def test_two_structures_stay_apart(one: str, other: str) -> None:
    assert normalised_name(one) != normalised_name(other)


def test_a_name_of_empty_words_is_kept() -> None:
    assert normalised_name("L’Association") == "l association"


def test_quotes_hold_no_break_spaces() -> None:
    assert quote("Dossiers") == "«\u00a0Dossiers\u00a0»"
