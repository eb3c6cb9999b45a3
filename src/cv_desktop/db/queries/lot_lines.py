"""What a lot puts, or put, to the vote: file by file, with what each asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, LotLine
from cv_desktop.db.models.reference import Commune
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import applications, catalogues
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.states import Outcome

REFUSALS = "motif_refus_"


@dataclass(frozen=True, slots=True)
class LotLineRow:
    """A file of a lot. ``before_cents``: what the decision that it would replace gives, None when it replaces none."""

    application_id: str
    number: str
    structure: str
    commune: str
    title: str
    theme: str
    quarters: str
    rank: int | None
    score: str
    asked_cents: int
    cost_cents: int
    outcome: Outcome
    amount_cents: int
    condition: str
    condition_due_on: date | None
    refusal_code: str
    motive: str
    before_cents: int | None = None

    @property
    def id(self) -> str:
        return self.application_id


def refusal_reasons(session: Session) -> dict[str, str]:
    """The coded reasons of a refusal that the service keeps, by code, in their text of today."""
    return {text.key: text.text for text in catalogues.texts(session, REFUSALS)}


def rows(session: Session, *, lot_id: str, viewer: str | None = None) -> list[LotLineRow]:
    """The files of a lot by rank, those taken back from it last."""
    query = (
        select(LotLine, func.coalesce(Commune.name, Structure.commune), Decision.amount_cents)
        .join(Application, Application.id == LotLine.application_id)
        .join(Structure, Structure.id == Application.structure_id)
        .outerjoin(Commune, Commune.code == Structure.commune_code)
        .outerjoin(Decision, Decision.id == LotLine.supersedes_id)
        .where(LotLine.lot_id == lot_id, visible(viewer))
        .order_by(
            LotLine.outcome == "returned",
            LotLine.outcome == "waiting",
            LotLine.rank.is_(None),
            LotLine.rank,
            Application.seq,
        )
    )
    found = list(session.execute(query))
    files = {
        row.id: row
        for row in applications.some(session, ids=[line.application_id for line, *_ in found], viewer=viewer)
    }
    return [
        LotLineRow(
            application_id=line.application_id,
            number=files[line.application_id].number,
            structure=files[line.application_id].structure,
            commune=commune or "",
            title=files[line.application_id].title,
            theme=files[line.application_id].theme,
            quarters=files[line.application_id].quarters,
            rank=line.rank,
            score=line.score,
            asked_cents=files[line.application_id].asked_cents,
            cost_cents=files[line.application_id].cost_cents,
            outcome=Outcome(line.outcome),
            amount_cents=line.amount_cents,
            condition=line.condition,
            condition_due_on=line.condition_due_on,
            refusal_code=line.refusal_code or "",
            motive=line.motive,
            before_cents=before,
        )
        for line, commune, before in found
    ]
