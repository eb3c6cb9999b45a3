from __future__ import annotations

import pytest

from cv_desktop.ui.scoring.keys import level_of


@pytest.mark.parametrize(
    ("text", "level"),
    [("0", 0), ("3", 3), ("à", 0), ("&", 1), ("é", 2), ('"', 3), ("n", None), ("", None), ("12", None)],
)
def test_a_level_is_read_in_the_text_of_the_key(text: str, level: int | None) -> None:
    assert level_of(text) == level
