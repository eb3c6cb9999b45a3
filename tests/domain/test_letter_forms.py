"""Answers typed for a letter prepared by hand, read and shown again."""

from __future__ import annotations

from datetime import date

import pytest

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_forms import FORMS, Bounds, read, shown

BOUNDS = Bounds(date(2026, 4, 15))


def test_a_title_keeps_its_semicolons_and_is_typed_again_as_it_was_shown() -> None:
    typed = {"sommes": "2024 ; Jardin ; saison 2 ; été ; 1 500\n2025;Ateliers;2 400,50"}
    kept = read("ATTEST", typed, BOUNDS)
    assert kept["sommes"] == [[2024, "Jardin ; saison 2 ; été", 150_000], [2025, "Ateliers", 240_050]]
    (ask,) = (ask for ask in FORMS["ATTEST"] if ask.name == "sommes")
    assert read("ATTEST", {"sommes": shown(ask, kept["sommes"])}, BOUNDS)["sommes"] == kept["sommes"]


@pytest.mark.parametrize("line", ["2024 ; 1 500", "Jardin ; 2024 ; 1 500", "2024 ;  ; 1 500", "2024 ; Jardin ;", ";;"])
def test_a_line_without_year_title_or_sum_is_refused_with_an_example(line: str) -> None:
    with pytest.raises(UserError, match="ne se lit pas"):
        read("ATTEST", {"sommes": line}, BOUNDS)
