"""Rows of running text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cv_desktop.documents.fonts import drawable
from cv_desktop.documents.style import BODY
from cv_desktop.documents.typeset import Row, french, spans, wrap
from cv_desktop.domain.letters import Span


def text_of(row: Row) -> str:
    return "".join(piece.text for piece in row.pieces)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("1\u202f500 €", "1\u00a0500\u00a0€"),
        ("le 27 février 2026", "le 27\u00a0février 2026"),
        ("le 1er avril", "le 1er\u00a0avril"),
        ("n° 15059 ; « oui » : 62 %", "n°\u00a015059\u00a0; «\u00a0oui\u00a0»\u00a0: 62\u00a0%"),
        ("au 01 99 00 12 34", "au 01\u00a099\u00a000\u00a012\u00a034"),
        ("M. Exemple", "M.\u00a0Exemple"),
        ("tél. 01 99", "tél.\u00a001\u00a099"),
        ("article L. 231-4", "article\u00a0L.\u00a0231-4"),
        ("12 allée", "12 allée"),
    ],
)
def test_spaces_that_must_not_break_are_bound(text: str, kept: str) -> None:
    assert french(text) == kept


def test_an_ordinal_is_raised() -> None:
    (row,) = wrap(spans("Le 1er avril, la 1re session, CO-2026-1re"), BODY, 400)
    assert [piece.text for piece in row.pieces if piece.rise] == ["er", "re"]
    assert text_of(row) == "Le 1er\u00a0avril, la 1re session, CO-2026-1re"


def test_a_missing_field_is_one_piece_and_keeps_the_comma_after_it() -> None:
    line = (Span("sur le compte "), Span("[compte bancaire]", missing=True), Span(", dans les soixante jours"))
    (row,) = wrap(line, BODY, 500)
    assert [piece.text for piece in row.pieces if piece.missing] == ["[compte\u00a0bancaire]"]
    assert text_of(row).replace("\u00a0", " ") == "sur le compte [compte bancaire], dans les soixante jours"


def test_a_line_break_in_a_value_is_kept() -> None:
    assert [text_of(row) for row in wrap(spans("Camille Témoin,\nchargée de mission"), BODY, 500)] == [
        "Camille Témoin,",
        "chargée de mission",
    ]


@given(
    st.lists(st.text(st.characters(codec="latin-1", exclude_categories=["Cc", "Cf"]), max_size=40), max_size=8),
    st.floats(40, 400),
)
@settings(max_examples=150, deadline=None)
def test_no_word_is_lost_and_no_row_is_too_wide(texts: list[str], width: float) -> None:
    rows = wrap(tuple(Span(text, missing=index % 3 == 2) for index, text in enumerate(texts)), BODY, width)
    assert all(row.width <= width + 0.1 for row in rows)
    written = "".join(text_of(row) for row in rows)
    assert "".join(written.split()) == "".join(drawable("".join(texts)).split())
