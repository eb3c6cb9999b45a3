"""A store in memory, for what only needs the contract of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError

NOON = datetime(2026, 3, 3, 13, 32, tzinfo=UTC)  # 14:32 on a French clock


class MemoryStore:
    """Its session is a plain dictionary, put back as it was when a verb refuses."""

    def __init__(self) -> None:
        self.path = Path("memory.sqlite")
        self.values: dict[str, str] = {}
        self.actors: list[str] = []

    @contextmanager
    def read(self) -> Iterator[dict[str, str]]:
        yield dict(self.values)

    @contextmanager
    def write(self, actor: str) -> Iterator[dict[str, str]]:
        self.actors.append(actor)
        session = dict(self.values)
        yield session
        self.values = session


def put(session: dict[str, str], *, key: str, value: str) -> Changes:
    """A verb: « refus » is refused, anything else is kept and can be taken back."""
    if value == "refus":
        raise UserError("3 400 € dépasse le maximum, 3 000 €. Réduisez le montant.")
    before = session.get(key, "")
    session[key] = value
    return Changes.of("application", key, undo=Step(put, {"key": key, "value": before}))


def create(session: dict[str, str], *, key: str) -> tuple[Changes, str]:
    session[key] = "neuf"
    return Changes.of("structure", key), key


def value(session: dict[str, str], key: str) -> str:
    return session.get(key, "")
