"""What a lot must respect besides its own amounts: the parts of the envelope, the déports, the convention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import conventions, envelope_parts
from cv_desktop.db.queries.visibility import kept_out
from cv_desktop.domain.conventions import YearPart, requirement
from cv_desktop.domain.envelopes import breaches, reserve_cents, sums
from cv_desktop.domain.money import euros


def parts_exceeded(session: Session, call_id: str, amounts: Mapping[str, int], available_cents: int) -> list[str]:
    """The caps that these amounts break with what is submitted and decided already, and the reserve that they use."""
    places = envelope_parts.places(session, call_id=call_id)
    rows = envelope_parts.rows(session, call_id=call_id)
    given = sums((places[key], cents) for key, cents in amounts.items() if key in places)
    total = {row.id: given.get(row.id, 0) + row.submitted_cents + row.decided_cents for row in rows}
    nodes = [replace(row.node, floor_cents=None, amount_cents=_with_carried(row)) for row in rows]
    found = breaches(nodes, total)
    kept = reserve_cents(nodes)
    left = available_cents - sum(amounts.values())
    if kept and 0 <= left < kept:
        found.append(f"Le lot prend {euros(kept - left)} sur la réserve de {euros(kept)}.")
    return found


def voices_with_recusal(session: Session, call_id: str, files: Sequence[str]) -> set[str]:
    """The files whose last opinion counted the voice of a member kept out of them since."""
    pairs = {(application, member) for application, member in session.execute(kept_out())}
    rooms = session.execute(
        select(AgendaItem.application_id, AgendaItem.room)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.call_id == call_id, AgendaItem.application_id.in_(files), AgendaItem.opinion.is_not(None))
        .order_by(Meeting.held_on, Meeting.id)
    )
    last = {key: room or {} for key, room in rooms}
    return {key for key, room in last.items() if any((key, member) in pairs for member in room.get("voices", ()))}


def convention_due(
    session: Session, call_id: str, amounts: Mapping[str, int], threshold_cents: int
) -> list[tuple[str, int]]:
    """Number and cumulated cents of each file whose structure passes the threshold in the year, all campaigns together.

    Source: loi 2000-321 art. 10, décret 2001-495 art. 1.
    """
    year = session.get_one(Call, call_id).year
    files = session.execute(
        select(Application.id, Application.structure_id, Application.number, Structure.legal_form)
        .join(Structure, Structure.id == Application.structure_id)
        .where(Application.id.in_(list(amounts)))
        .order_by(Application.seq)
    ).all()
    parts = conventions.parts_of_year(session, year, {row.structure_id for row in files})
    for key, structure, number, _form in files:
        parts[structure].append(YearPart(number, amounts[key]))
    found = []
    for key, structure, number, form in files:
        due = requirement(parts[structure], year=year, threshold_cents=threshold_cents, legal_form=form or "")
        if amounts[key] and due is not None:
            found.append((number, due.total_cents))
    return found


def _with_carried(row: envelope_parts.PartRow) -> int | None:
    return row.node.amount_cents + row.carried_cents if row.node.amount_cents is not None else None
