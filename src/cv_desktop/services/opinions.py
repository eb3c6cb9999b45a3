"""The collective opinion: given by an open meeting with its quorum, written on the agenda, priced in the scenario."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Lot, LotLine, ScenarioLine
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.queries import presence, scenarios, scores
from cv_desktop.db.queries.lots import held
from cv_desktop.db.queries.meetings import votes_of
from cv_desktop.db.work import now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.presence import Room
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.states import Opinion
from cv_desktop.domain.votes import Votes, check
from cv_desktop.domain.workflow import may_give_opinion
from cv_desktop.services import agenda, movements

TEXTS = {"reserves": "réserves", "asked": "ce qui est demandé", "remark": "observation"}
_KEPT = (
    "opinion", "amount_cents", "reason", "given_at", "called_at", "votes_for", "votes_against", "votes_abstention",
    "reserves", "asked", "room",
)  # fmt: skip


def give(
    session: Session,
    *,
    meeting_id: str,
    application_id: str,
    opinion: str,
    amount_cents: int | None = None,
    reason: str = "",
    votes: Votes | None = None,
    reserves: str | None = None,
    asked: str | None = None,
) -> Changes:
    """Write the collective opinion of an open, revealed meeting on a file, with the amount it proposes.

    ``amount_cents`` also becomes that of the retained scenario; an unfavourable or adjourned opinion carries none.
    ``votes`` None: given without a vote. ``reserves`` and ``asked`` None leave what is written there. Raises
    UserError without quorum, while a member with a déport is in the room, on more votes than voices, on an amount
    above the request, or when the opinion departs from the band of the note without a reason.
    """
    meeting = agenda.revealed(session, meeting_id)
    file = session.get_one(Application, application_id)
    item = session.get_one(AgendaItem, (meeting_id, application_id))
    chosen = Opinion(opinion)
    room = presence.room(session, meeting_id=meeting_id, application_id=application_id)
    agenda.require_out(room)
    may_give_opinion(room.counted, room.needed)
    amount = amount_cents if chosen in (Opinion.FAVORABLE, Opinion.RESERVED) else 0
    if amount is None:
        raise UserError(f"Indiquez le montant proposé pour {file.number}.", field="amount")
    if amount < 0 or amount > file.asked_cents:
        raise UserError(
            f"{euros(amount)} n’est pas un montant possible pour {file.number} : la demande est de "
            f"{euros(file.asked_cents)}.",
            field="amount",
        )
    if votes is not None:
        check(votes, len(room.voices))
    score = scores.committee(session, call_id=meeting.call_id, application_id=application_id)
    if score is not None and score.band is not None and chosen.departs_from(score.band.expected):
        required_reason(reason, f"de l’avis, qui s’écarte de la bande « {score.band.label} »")
    moment = now(session)
    wanted = {
        "opinion": chosen.value,
        "amount_cents": amount,
        "reason": reason.strip(),
        "given_at": moment,
        "called_at": item.called_at or moment,
        "votes_for": votes.favour if votes else None,
        "votes_against": votes.against if votes else None,
        "votes_abstention": votes.abstention if votes else None,
        "reserves": item.reserves if reserves is None else reserves.strip(),
        "asked": item.asked if asked is None else asked.strip(),
        "room": _evidence(room),
    }
    return _put(session, meeting, item, file, wanted, _line(session, meeting, file.id, amount))


def withdraw(session: Session, *, meeting_id: str, application_id: str) -> Changes:
    """Take an opinion back while the meeting is open; what was written of its reserves stays.

    Its amount leaves the retained scenario, a base or a motive typed there stay.
    """
    meeting = agenda.revealed(session, meeting_id)
    item = session.get_one(AgendaItem, (meeting_id, application_id))
    file = session.get_one(Application, application_id)
    nothing = dict.fromkeys(_KEPT) | {"reason": "", "reserves": item.reserves, "asked": item.asked}
    line = _without_amount(session, meeting.call_id, file.id)
    return _put(session, meeting, item, file, nothing | {"called_at": item.called_at}, line)


def set_text(session: Session, *, meeting_id: str, application_id: str, name: str, text: str) -> Changes:
    """Write the reserves, what is asked of the association, or the remark of a file; see ``TEXTS``."""
    meeting = agenda.not_closed(session, meeting_id)
    item = session.get_one(AgendaItem, (meeting_id, application_id))
    file = session.get_one(Application, application_id)
    before, after = getattr(item, name), text.strip()
    if before == after:
        return Changes()
    setattr(item, name, after)
    meeting.reread_at = None
    record(
        session,
        verb="opinions.set_text",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number} : {TEXTS[name]} au relevé d’avis",
        before=before,
        after=after,
    )
    key = {"meeting_id": meeting_id, "application_id": application_id, "name": name}
    touched = Changes.of("application", file.id) | Changes.of("meeting", meeting_id)
    return Changes(touched.touched, Step(set_text, {**key, "text": before}))


def restore(
    session: Session, *, meeting_id: str, application_id: str, kept: dict[str, Any], line: dict[str, Any] | None
) -> Changes:
    """Put back an opinion and the line of the scenario exactly as they were: the way back of one given or withdrawn."""
    meeting = agenda.revealed(session, meeting_id)
    item = session.get_one(AgendaItem, (meeting_id, application_id))
    return _put(session, meeting, item, session.get_one(Application, application_id), kept, line)


def _put(
    session: Session,
    meeting: Meeting,
    item: AgendaItem,
    file: Application,
    wanted: dict[str, Any],
    line: dict[str, Any] | None,
) -> Changes:
    submitted = select(Lot.id).join(LotLine, LotLine.lot_id == Lot.id).where(LotLine.application_id == file.id, held())
    if session.scalars(submitted).first():
        raise UserError(f"{file.number} est déjà soumis au vote : son avis ne change plus.")
    before = {name: getattr(item, name) for name in _KEPT}
    old_line = _put_line(session, meeting.call_id, file.id, line)
    for name, value in wanted.items():
        setattr(item, name, value)
    movements.settle(session, call_id=meeting.call_id, files=[file.id], verb="opinions.give")
    meeting.reread_at = None
    votes = votes_of(item)
    words = f"avis {Opinion(item.opinion).label.lower()}, {euros(item.amount_cents or 0)}" if item.opinion else ""
    record(
        session,
        verb="meetings.give_opinion",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number} : {words or 'avis retiré'}{f', {votes.words}' if votes else ''}",
        before=_plain(before),
        after=_plain({name: getattr(item, name) for name in _KEPT}),
        reason=item.reason,
    )
    undo = Step(restore, {"meeting_id": meeting.id, "application_id": file.id, "kept": before, "line": old_line})
    touched = Changes.of("application", file.id) | Changes.of("meeting", meeting.id) | Changes.of("scenario", file.id)
    return Changes(touched.touched, undo)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _evidence(room: Room) -> dict[str, Any]:
    """Who was there when the opinion was given, as the minutes will say it whatever happens later."""
    return {
        "present": [seat.id for seat in room.seats if seat.id in room.inside],
        "voices": [seat.id for seat in room.voices],
        "recused": [seat.id for seat in room.seats if seat.id in room.recused],
        "counted": room.counted,
        "needed": room.needed,
    }


def _line(session: Session, meeting: Meeting, application_id: str, amount: int) -> dict[str, Any]:
    scenario = scenarios.retained(session, call_id=meeting.call_id)
    line = session.get(ScenarioLine, (scenario, application_id))
    kept = {"locked": line.locked, "motive": line.motive} if line else {"locked": False, "motive": ""}
    return {"amount_cents": amount, **kept}


def _without_amount(session: Session, call_id: str, application_id: str) -> dict[str, Any] | None:
    """What stays of the line of the retained scenario once nothing is proposed any more; None when nothing does."""
    line = session.get(ScenarioLine, (scenarios.retained(session, call_id=call_id), application_id))
    if line is None or (line.base_cents is None and not line.motive):
        return None
    return {"amount_cents": 0, "base_cents": line.base_cents, "locked": False, "motive": line.motive, "cut": ""}


def _put_line(session: Session, call_id: str, application_id: str, wanted: dict[str, Any] | None) -> Any:
    """Sets the line of the retained scenario, or takes it away; gives what it was.

    What a proposal said of another amount is said no more.
    """
    scenario = scenarios.retained(session, call_id=call_id)
    line = session.get(ScenarioLine, (scenario, application_id))
    kept = ("amount_cents", "base_cents", "locked", "motive", "cut", "taken")
    before = None if line is None else {name: getattr(line, name) for name in kept}
    if wanted is None:
        if line is not None:
            session.delete(line)
    elif line is None:
        session.add(ScenarioLine(scenario_id=scenario, application_id=application_id, **wanted))
    else:
        same = line.amount_cents == wanted["amount_cents"]
        line.cut = wanted.get("cut", line.cut if same else "")
        line.taken = wanted.get("taken", line.taken if same else None)
        line.base_cents = wanted.get("base_cents", line.base_cents)
        line.amount_cents, line.locked, line.motive = wanted["amount_cents"], wanted["locked"], wanted["motive"]
    return before
