"""The rounds of a campaign, with the files that fall in each and what was granted there."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models import round as models
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import movements
from cv_desktop.db.queries.lots import in_force
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.dates import local
from cv_desktop.domain.movements import HELD
from cv_desktop.domain.rounds import Round, carried, for_day

OUT = ("draft", "withdrawn")


@dataclass(frozen=True, slots=True)
class RoundFile:
    """A file of a campaign and the round it falls in; ``moved`` when somebody put it there."""

    id: str
    number: str
    structure: str
    asked_cents: int
    deposited_on: date | None
    round_id: str
    round_label: str
    moved: bool


def dates(session: Session, call_id: str) -> tuple[Round, ...]:
    """The rounds in order of their deposit, without any figure of their files."""
    query = select(models.Round).where(models.Round.call_id == call_id).order_by(models.Round.deposit_closes)
    return tuple(
        Round(r.id, r.label, r.deposit_closes, r.committee_on, r.share_cents, r.rolls_over, r.closed_on)
        for r in session.scalars(query)
    )


def rows(session: Session, call_id: str, viewer: str | None = None) -> list[Round]:
    """The rounds with their files, what these ask and hold, what was granted, and what the rounds before passed on.

    Those of a member leave out the files hidden from that member.
    """
    known = dates(session, call_id)
    placed = places(session, call_id, known)
    asked: Counter[str] = Counter()
    files: Counter[str] = Counter()
    granted: dict[str, int] = defaultdict(int)
    shown: list[str] = []
    for key, cents in session.execute(
        select(Application.id, Application.asked_cents).where(Application.call_id == call_id, visible(viewer))
    ):
        if key in placed:
            shown.append(key)
            files[placed[key]] += 1
            asked[placed[key]] += cents
    given = (
        select(Decision.application_id, func.sum(Decision.amount_cents))
        .join(Application, Application.id == Decision.application_id)
        .where(Application.call_id == call_id, in_force(), visible(viewer))
        .group_by(Decision.application_id)
    )
    for key, cents in session.execute(given):
        if key in placed:
            granted[placed[key]] += cents
    held: Counter[str] = Counter()
    for key, buckets in movements.balances(session, call_id=call_id, files=shown).items():
        held[placed[key]] += sum(buckets.get(bucket, 0) for bucket in HELD)
    return list(
        carried(
            replace(
                r,
                files=files[r.id],
                asked_cents=asked[r.id],
                granted_cents=granted[r.id],
                held_cents=held[r.id],
            )
            for r in known
        )
    )


def places(session: Session, call_id: str, known: tuple[Round, ...] | None = None) -> dict[str, str]:
    """The round of each file of a campaign: the one it was put in, else the one its deposit falls in."""
    known = dates(session, call_id) if known is None else known
    query = select(Application.id, Application.round_id, Application.deposited_at).where(
        Application.call_id == call_id, Application.status.not_in(OUT)
    )
    found: dict[str, str] = {}
    for key, own, moment in session.execute(query):
        fallen = own or (getattr(for_day(known, local(moment).date()), "id", None) if moment else None)
        if fallen:
            found[key] = fallen
    return found


def files(session: Session, call_id: str, viewer: str | None = None) -> list[RoundFile]:
    """The files of a campaign with their round, in order of deposit; no round after the last deposit."""
    known = dates(session, call_id)
    labels = {r.id: r.label for r in known}
    placed = places(session, call_id, known)
    query = (
        select(
            Application.id,
            Application.number,
            Structure.name,
            Application.asked_cents,
            Application.deposited_at,
            Application.round_id,
        )
        .join(Structure, Structure.id == Application.structure_id)
        .where(Application.call_id == call_id, Application.status.not_in(OUT), visible(viewer))
        .order_by(Application.deposited_at.is_(None), Application.deposited_at, Application.seq)
    )
    return [
        RoundFile(
            key,
            number,
            name,
            asked,
            local(moment).date() if moment else None,
            placed.get(key, ""),
            labels.get(placed.get(key, ""), ""),
            own is not None,
        )
        for key, number, name, asked, moment, own in session.execute(query)
    ]
