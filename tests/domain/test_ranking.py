from __future__ import annotations

from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.ranking import rank
from domain.samples import nb

Row = tuple[str, Fraction | None]


def ranked(rows: list[Row]) -> list[tuple[str, str]]:
    return [(x.row[0], x.label) for x in rank(rows, note=lambda r: r[1], number=lambda r: r[0])]


def test_equal_notes_share_the_rank_and_follow_their_numbers() -> None:
    rows: list[Row] = [
        ("FIA-2026-0004", Fraction(70)),
        ("FIA-2026-0002", None),
        ("FIA-2026-0003", Fraction(80)),
        ("FIA-2026-0001", Fraction(70)),
        ("FIA-2026-0005", Fraction(60)),
    ]
    assert ranked(rows) == [
        ("FIA-2026-0003", "1"),
        ("FIA-2026-0001", nb("2~ex~æquo")),
        ("FIA-2026-0004", nb("2~ex~æquo")),
        ("FIA-2026-0005", "4"),  # two files are second: the next one is fourth
        ("FIA-2026-0002", "–"),
    ]


def test_notes_shown_alike_are_not_ties() -> None:
    rows: list[Row] = [("a", Fraction(5996, 100)), ("b", Fraction(60)), ("c", Fraction(5995, 100))]
    assert ranked(rows) == [("b", "1"), ("a", "2"), ("c", "3")]
    assert {x.shown for x in rank(rows, note=lambda r: r[1], number=lambda r: r[0])} == {"60,0"}


@given(st.lists(st.tuples(st.uuids().map(str), st.none() | st.fractions(0, 100, max_denominator=4))), st.randoms())
def test_the_order_does_not_depend_on_the_order_received(rows: list[Row], random: Random) -> None:
    first = ranked(rows)
    random.shuffle(rows)
    assert ranked(rows) == first


@given(st.lists(st.tuples(st.uuids().map(str), st.fractions(0, 100))))
def test_notes_go_down_and_a_tie_is_an_equal_note(rows: list[Row]) -> None:
    result = rank(rows, note=lambda r: r[1], number=lambda r: r[0])
    notes = [x.note for x in result]
    assert notes == sorted((note for _, note in rows), key=lambda n: n or 0, reverse=True)
    for one in result:
        better = sum(1 for note in notes if note is not None and one.note is not None and note > one.note)
        assert (one.rank, one.tied) == (better + 1, notes.count(one.note) > 1)
