"""What a reading of lists of grants knows beforehand, and lists written as authorities write them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cv_desktop.domain.grant_columns import Words
from cv_desktop.domain.past_grants import History, read_history
from cv_desktop.domain.sheets import Sheet, Span
from cv_desktop.services import vocabulary

REAL = Path(__file__).parent / "data" / "subventions"


def words() -> Words:
    return vocabulary.words()


def history(*rows: Sequence[Any], name: str = "Subventions 2023", merged: Sequence[Span] = ()) -> History:
    """The reading of one sheet."""
    return read_history([Sheet(name, rows, tuple(merged))], words(), source="Ville Exemple")


def reasons(read: History) -> list[tuple[int, str]]:
    return [(aside.line, aside.reason) for aside in read.asides]


def told(read: History, *severities: str) -> list[tuple[int, str]]:
    """Lines and messages of the problems, no-break spaces made plain."""
    wanted = severities or ("bloquant", "a_verifier")
    return [(p.line, p.message.replace("\u00a0", " ")) for p in read.problems if p.severity in wanted]
