"""The article of an authority and of a body that decided, in a sentence."""

from __future__ import annotations

import pytest

from cv_desktop.domain.articles import authority_name, with_article


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("Communauté d’agglomération", "Melun Val de Seine", "la Communauté d’agglomération Melun Val de Seine"),
        ("Ville de", "Melun", "la Ville de Melun"),
        ("Ville de", "Avon", "la Ville d’Avon"),
        ("Ville de", "Le Mée-sur-Seine", "la Ville du Mée-sur-Seine"),
        ("Département de", "Seine-et-Marne", "le Département de Seine-et-Marne"),
        ("Métropole", "du Grand Exemple", "la Métropole du Grand Exemple"),
        ("Établissement public territorial", "Exemple", "l’Établissement public territorial Exemple"),
        ("", "Melun Val de Seine", "Melun Val de Seine"),
    ],
)
def test_an_authority_takes_its_article(kind: str, name: str, said: str) -> None:
    assert with_article(authority_name(kind, name)) == said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Bureau communautaire", "le Bureau communautaire"),
        ("Comité syndical", "le Comité syndical"),
        ("Commission permanente", "la Commission permanente"),
        ("Vice-président", "le Vice-président"),
        ("Vice-présidente", "la Vice-présidente"),
        ("Maire", "le Maire"),
        ("Assemblée départementale", "l’Assemblée départementale"),
        ("le Conseil municipal", "le Conseil municipal"),
        ("", ""),
    ],
)
def test_a_body_takes_its_article(body: str, said: str) -> None:
    assert with_article(body) == said
