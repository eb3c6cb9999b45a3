from __future__ import annotations

import pytest

from cv_desktop.domain.typography import corrections

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("une aide de 3 000 € ; voici :", f"une aide de 3{NBSP}000{NBSP}€{NBSP}; voici{NBSP}:"),
        ("l'action « Jardin » n° 12", f"l’action «{NBSP}Jardin{NBSP}» n°{NBSP}12"),
        ("80 % du budget ?", f"80{NBSP}% du budget{NBSP}?"),
        ("le 3 mars 2026 à 14:30", "le 3 mars 2026 à 14:30"),
        ("<Les Amis> & Cie : 5'10", f"<Les Amis> & Cie{NBSP}: 5'10"),
        (f"déjà{NBSP}; juste{NBSP}: fin ", f"déjà{NBSP}; juste{NBSP}: fin "),
        ("https://exemple.fr ", "https://exemple.fr "),
    ],
)
def test_a_typed_text_gets_its_no_break_spaces_and_its_apostrophes(typed: str, right: str) -> None:
    found = list(typed)
    for place, sign in corrections(typed):
        found[place] = sign
    assert "".join(found) == right
    assert list(corrections(right)) == []
