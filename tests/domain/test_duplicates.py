"""Duplicates: what is recognised whatever the spelling, what is never taken for one, and with which evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cv_desktop.domain.duplicates import Identity, NameBook, Pair, find_pairs
from cv_desktop.domain.phonetics import sound

NBSP = "\u00a0"
MELUN = {"postal_code": "77000", "commune": "Melun"}
WORDS = ("verger", "atelier", "boxe", "lecture", "jardin", "danse", "quartier", "mémoire", "numérique", "cuisine")


def pairs(*identities: Identity, distinct: tuple[tuple[str, str], ...] = ()) -> list[Pair]:
    return find_pairs(identities, distinct=distinct)


def one(key: str, name: str, **more: object) -> Identity:
    return replace(Identity(id=key, names=(name,)), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Atelier Exemple des Rives", "Rives Atelier Exemple"),
        ("Association Atelier Exemple des Rives", "Assoc. Atelier Exemple des Rives"),
        ("Atelier Exemple des Rives", "ASS ATELIER EXEMPLE DES RIVES (loi 1901)"),
        ("Association Sportive du Verger Exemple", "Asociation sportive du Verger Exemple"),
        ("Compagnie Théâtre Témoin", "Cie Theatre Témoin"),
        ("Les Jardins d’Exemple", "Jardin d'Exemple"),
        ("Saint-Exemple Loisirs", "St Exemple loisirs"),
        ("Boxe éducative Témoin", "Boxe éducative Temion"),
        ("Chorale Thibault", "Chorale Tibo"),
    ],
)
def test_another_spelling_in_the_same_town_is_a_pair(first: str, second: str) -> None:
    found = pairs(one("a", first, **MELUN), one("b", second, **MELUN))
    assert [(p.first, p.second) for p in found] == [("a", "b")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Boxe éducative Témoin", "Danse classique Modèle"),
        ("Amicale des locataires Plein Ciel", "Amicale des locataires Plein Champ"),
        ("Classe 1972 Exemple", "Classe 1973 Exemple"),
        ("Foyer Exemple", "Foyer Modèle"),
    ],
)
def test_two_names_of_one_town_are_two_structures(first: str, second: str) -> None:
    assert pairs(one("a", first, **MELUN), one("b", second, **MELUN)) == []


def test_a_sigle_is_that_of_the_words_of_its_town() -> None:
    spelt = one("a", "Association des Jeunes du Mail", **MELUN)
    found = pairs(spelt, one("b", "A.J.M.", **MELUN), one("c", "AJM", postal_code="34000", commune="Montpellier"))
    assert ("a", "b") in [(p.first, p.second) for p in found]
    assert ("a", "c") not in [(p.first, p.second) for p in found]
    found = pairs(spelt, one("b", "Autre nom", acronyms=("AJM",), **MELUN))
    assert found[0].evidence[0].startswith(f"Le sigle «{NBSP}AJM{NBSP}» est celui des deux")


def test_a_moved_structure_is_found_by_its_name_and_says_that_the_towns_differ() -> None:
    found = pairs(
        one("a", "Compagnie du Verger Témoin", **MELUN),
        one("b", "Compagnie du Verger Témoin", postal_code="77350", commune="Le Mée-sur-Seine"),
        *(one(f"x{n}", f"Structure {word} {n}", **MELUN) for n, word in enumerate(WORDS * 12)),
    )
    moved = next(p for p in found if (p.first, p.second) == ("a", "b"))
    assert moved.evidence == (
        f"Même nom{NBSP}: «{NBSP}Compagnie du Verger Témoin{NBSP}».",
        "Mais l’une est à Melun, l’autre à Le Mée-sur-Seine.",
    )


def test_the_evidence_names_the_phone_the_person_and_the_address() -> None:
    first = one("a", "Verger Exemple", phones=("01 99 00 12 34",), persons=("Alix Témoin",), address="12 rue du Mail",
                **MELUN)  # fmt: skip
    second = one("b", "Le Verger d’Exemple partagé", phones=("+33 1 99 00 12 34",), persons=("TEMOIN Alix",),
                 address="12, r. du Mail", **MELUN)  # fmt: skip
    (found,) = pairs(first, second)
    assert found.evidence[1:] == (
        f"Même téléphone{NBSP}: 01 99 00 12 34.",
        f"Même personne{NBSP}: Alix Témoin.",
        f"Même adresse{NBSP}: 12 rue du Mail Melun.",
    )


def test_two_numbers_that_differ_ask_for_more_than_a_name() -> None:
    first = one("a", "Verger Exemple des Rives", siren="732829320", **MELUN)
    second = one("b", "Verger Exemple des Rives", siren="356000000", **MELUN)
    assert pairs(first, second) == []
    shared = {"phones": ("0199001234",), "persons": ("Alix Témoin",)}
    (found,) = pairs(replace(first, **shared), replace(second, **shared))
    assert found.evidence[-1] == "Mais leurs numéros officiels diffèrent."


def test_a_house_of_associations_is_no_evidence_by_itself() -> None:
    names = ("Danse Exemple", "Boxe Témoin", "Chorale Modèle", "Échecs du Mail")
    assert pairs(*(one(n, n, address="10 rue du Mail", **MELUN) for n in names)) == []


def test_a_pair_set_apart_is_not_found() -> None:
    two = one("a", "Verger Exemple", **MELUN), one("b", "Verger Exemple", **MELUN)
    assert len(pairs(*two)) == 1
    assert pairs(*two, distinct=(("b", "a"),)) == []


def test_telling_stops_the_search() -> None:
    class Stop(Exception):
        pass

    def tell(_done: int, _total: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        find_pairs([one("a", "Verger Exemple"), one("b", "Verger Exemple")], tell=tell)


@given(st.lists(st.sampled_from(WORDS), min_size=2, max_size=5, unique=True), st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_words_and_of_the_records_changes_nothing(words: list[str], draw: object) -> None:
    other = list(words)
    draw.shuffle(other)  # type: ignore[attr-defined]
    first, second = one("a", " ".join(words), **MELUN), one("b", "Assoc. " + " ".join(other).upper(), **MELUN)
    assert pairs(first, second) == [
        replace(p, evidence=e.evidence) for p, e in zip(pairs(second, first), pairs(first, second), strict=True)
    ]
    assert len(pairs(first, second)) == 1


@given(st.text(max_size=40), st.text(max_size=40))
@settings(deadline=None)
def test_whatever_the_names_a_pair_is_ordered_and_scored(first: str, second: str) -> None:
    for pair in pairs(one("b", first), one("a", second)):
        assert (pair.first, pair.second) == ("a", "b")
        assert 1 <= pair.score <= 100 and pair.evidence


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("thibault", "tibo"),
        ("dupond", "dupont"),
        ("philippe", "filipe"),
        ("lefevre", "lefaivre"),
        ("martin", "martain"),
        ("gauthier", "gautier"),
        ("quere", "kere"),
    ],
)
def test_surnames_that_sound_alike_have_one_key(first: str, second: str) -> None:
    assert sound(first) == sound(second)


@pytest.mark.parametrize(("first", "second"), [("martin", "morin"), ("dubois", "dubout"), ("leroy", "leroux")])
def test_surnames_that_sound_different_keep_their_keys(first: str, second: str) -> None:
    assert sound(first) != sound(second)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20))
def test_every_word_has_a_key(word: str) -> None:
    assert sound(word)


def test_names_already_known_are_proposed_while_typing() -> None:
    book = NameBook.of([one("a", "Verger Exemple des Tours"), one("b", "Boxe Témoin"), one("c", "Danse Modèle")])
    assert [i.id for i in book.near("verger exemple des tour")] == ["a"]
    assert [i.id for i in book.near("Assoc. Boxe Temoin")] == ["b"]
    assert [i.id for i in book.near("VET")] == ["a"]
    assert book.near("ve") == [] and book.near("Théâtre inconnu") == []
