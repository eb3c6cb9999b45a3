"""What a verb answers: the things it touched and the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """A verb with its keyword arguments, ready to be called with a session."""

    verb: Callable[..., Any]
    arguments: dict[str, Any]

    def __call__(self, session: Any) -> Changes:
        result: Changes | tuple[Changes, str] = self.verb(session, **self.arguments)
        return result[0] if isinstance(result, tuple) else result


@dataclass(frozen=True, slots=True)
class Changes:
    """``touched`` holds (noun, id) pairs; ``undo`` is the verb that takes it back, if any."""

    touched: frozenset[tuple[str, str]] = frozenset()
    undo: Step | None = None

    @staticmethod
    def of(noun: str, *ids: str, undo: Step | None = None) -> Changes:
        """Changes that touch the things ``ids`` of one ``noun``."""
        return Changes(frozenset((noun, i) for i in ids), undo)

    @property
    def nouns(self) -> frozenset[str]:
        return frozenset(noun for noun, _ in self.touched)

    def __or__(self, other: Changes) -> Changes:
        return Changes(self.touched | other.touched)


def in_turn(session: Any, *, steps: Sequence[Step]) -> Changes:
    """Take several steps as one, in this order; what takes them back goes the other way."""
    done = Changes()
    back: list[Step | None] = []
    for step in steps:
        changes = step(session)
        done |= changes
        back.append(changes.undo)
    return Changes(done.touched, together(*back))


def together(*steps: Step | None) -> Step | None:
    """The step that takes back what these take back one by one, the last done first."""
    known = tuple(step for step in reversed(steps) if step is not None)
    if len(known) < 2:
        return known[0] if known else None
    return Step(in_turn, {"steps": known})
