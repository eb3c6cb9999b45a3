"""What a member is told of the files a déport hides: how many, and nothing else."""

from __future__ import annotations

import pytest

from cv_desktop.domain.conflicts import mask


@pytest.mark.parametrize(
    ("hidden", "said"), [(0, ""), (1, "1 dossier masqué (déport)"), (3, "3 dossiers masqués (déport)")]
)
def test_hidden_files_are_counted_and_not_named(hidden: int, said: str) -> None:
    assert mask(hidden) == said
