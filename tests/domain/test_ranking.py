from __future__ import annotations

import time
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.ranking import rank
from cv_desktop.domain.scoring import Tally, note_of_tallies
from domain.samples import grid, nb

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


def test_two_thousand_files_are_ranked_at_once() -> None:
    """Six members, nine criteria: sums as the base gives them."""
    random = Random(7)
    used = grid()
    files = [
        (f"AAP-2026-{i:04}", {c: Tally(6, sum(random.choices(range(4), k=6))) for c in used.codes})
        for i in range(2_000)
    ]
    start = time.perf_counter()
    result = rank(files, note=lambda x: note_of_tallies(used, x[1]), number=lambda x: x[0])
    assert time.perf_counter() - start < 0.5
    notes = [x.note for x in result]
    assert notes == sorted(notes, key=lambda n: n or 0, reverse=True)
    assert result[0].rank == 1
