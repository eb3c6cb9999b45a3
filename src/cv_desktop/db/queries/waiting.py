"""The waiting list of a campaign: files voted without money, in the order of their ranks."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, Lot, LotLine
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries.lots import in_force
from cv_desktop.db.queries.visibility import visible


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A file that waits; ``minimum_cents`` is the least with which its action can be done, None when unknown."""

    application_id: str
    decision_id: str
    number: str
    structure: str
    title: str
    rank: int
    score: str
    asked_cents: int
    minimum_cents: int | None

    @property
    def id(self) -> str:
        return self.application_id


def rows(session: Session, *, call_id: str, viewer: str | None = None) -> list[WaitingRow]:
    """The files that wait, the first to be promoted first; one already in a lot to come waits no more."""
    submitted = select(LotLine.application_id).join(Lot).where(Lot.state == "submitted", LotLine.outcome != "returned")
    query = (
        select(
            Application.id,
            Decision.id,
            Application.number,
            Structure.name,
            Application.title,
            Decision.rank,
            LotLine.score,
            Application.asked_cents,
            Application.minimum_cents,
        )
        .join(Decision, Decision.application_id == Application.id)
        .join(LotLine, (LotLine.lot_id == Decision.lot_id) & (LotLine.application_id == Application.id))
        .join(Structure, Structure.id == Application.structure_id)
        .where(
            Application.call_id == call_id,
            Application.status != "withdrawn",
            Decision.outcome == "waiting",
            in_force(),
            Application.id.not_in(submitted),
            visible(viewer),
        )
        .order_by(Decision.rank.is_(None), Decision.rank, Decision.decided_at, Application.seq)
    )
    return [WaitingRow(*row[:5], row[5] or 0, *row[6:]) for row in session.execute(query)]
