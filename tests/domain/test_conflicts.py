from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.conflicts import may_mark, queue, visible
from cv_desktop.domain.errors import UserError


def test_a_member_does_not_see_the_files_of_a_recusal() -> None:
    recusals = frozenset({"b"})
    assert visible(recusals, "a")
    assert not visible(recusals, "b")
    assert visible((), "b")
    may_mark(recusals, "a")
    with pytest.raises(UserError, match="ni lu ni noté"):
        may_mark(recusals, "b")


@pytest.mark.parametrize(
    ("recusals", "rows", "mask"),
    [
        (set(), ("a", "b", "c"), ""),
        ({"b"}, ("a", "c"), "1 dossier masqué (déport)"),
        ({"a", "b"}, ("c",), "2 dossiers masqués (déport)"),
        ({"elsewhere"}, ("a", "b", "c"), ""),
    ],
)
def test_the_queue_only_says_how_many_are_hidden(recusals: set[str], rows: tuple[str, ...], mask: str) -> None:
    mine = queue(["a", "b", "c"], recusals, lambda x: x)
    assert (mine.rows, mine.mask) == (rows, mask)


@given(st.lists(st.sampled_from("abcdef")), st.frozensets(st.sampled_from("abcdef")))
def test_nothing_hidden_ever_shows(rows: list[str], recusals: frozenset[str]) -> None:
    mine = queue(rows, recusals, lambda x: x)
    assert not set(mine.rows) & recusals
    assert len(mine.rows) + mine.hidden == len(rows)
