"""Déport: a member linked to an association neither sees nor marks its files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cv_desktop.domain.errors import UserError

R = TypeVar("R")


def visible(member_recusals: Collection[str], application_id: str) -> bool:
    """Whether a member may see a file, given the ids of the files of his or her confirmed recusals."""
    return application_id not in member_recusals


def may_mark(member_recusals: Collection[str], application_id: str) -> None:
    """Raises UserError when the member has a confirmed recusal on the file (CGCT L2131-11)."""
    if not visible(member_recusals, application_id):
        raise UserError("Un déport est enregistré pour ce dossier\u00a0: il ne peut être ni lu ni noté par ce membre.")


@dataclass(frozen=True, slots=True)
class Queue(Generic[R]):
    """What a member may see, in its order, and how many rows are hidden: no number, no place."""

    rows: tuple[R, ...]
    hidden: int

    @property
    def mask(self) -> str:
        """« 1 dossier masqué (déport) », empty when nothing is hidden."""
        if not self.hidden:
            return ""
        s = "s" if self.hidden > 1 else ""
        return f"{self.hidden} dossier{s} masqué{s} (déport)"


def queue(rows: Iterable[R], member_recusals: Collection[str], application_id: Callable[[R], str]) -> Queue[R]:
    """The rows a member may see and the count of the others."""
    found = tuple(rows)
    kept = tuple(row for row in found if visible(member_recusals, application_id(row)))
    return Queue(kept, len(found) - len(kept))
