"""What many things of one batch ask again and again, asked once: the règlement, the settings, the texts in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

T = TypeVar("T")
_KEY = "once"


@contextmanager
def kept(session: Session) -> Iterator[None]:
    """While it lasts, ``once`` answers what it was answered first: nothing of what it is asked may be written."""
    if _KEY in session.info:
        yield
        return
    session.info[_KEY] = {}
    try:
        yield
    finally:
        del session.info[_KEY]


def once(session: Session, key: object, ask: Callable[[], T]) -> T:
    """What ``ask`` answers; inside ``kept`` it is asked the first time only."""
    answers: dict[object, T] | None = session.info.get(_KEY)
    if answers is None:
        return ask()
    if key not in answers:
        answers[key] = ask()
    return answers[key]


def foreseen(session: Session, key: object, ask: Callable[[], T]) -> T:
    """As ``once`` for what a batch may change: only what was said beforehand is not asked again."""
    answers: dict[object, T] = session.info.get(_KEY, {})
    return answers[key] if key in answers else ask()


def answer(session: Session, key: object, value: object) -> None:
    """Says beforehand what will be asked, when it is found for many at once."""
    session.info[_KEY][key] = value
