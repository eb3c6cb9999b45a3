"""The minutes of a meeting: composed from what was written, kept at each closing, made into files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.models.meeting import AgendaItem, Mark, Meeting, MeetingSnapshot, Member, Review
from cv_desktop.db.queries import institution, meetings, presence, scores, settings
from cv_desktop.db.queries.meetings import AgendaRow
from cv_desktop.db.queries.visibility import counts
from cv_desktop.domain.dates import local
from cv_desktop.domain.minutes import (
    Attendee,
    Corrected,
    Heard,
    Minutes,
    QuorumEvent,
    Reopening,
    TimeInRoom,
    Withdrawal,
)
from cv_desktop.domain.presence import RECUSAL, Move, QuorumRule, Room, Seat, Stay, room, stays
from cv_desktop.domain.scoring import CommitteeNote

RECUSAL_LAW, FOLLOW_UP = "seance_deports", "seance_suite"


def compose(session: Session, *, meeting_id: str, version: int = 0) -> Minutes:
    """All that the minutes of a meeting say as it stands; ``version`` 0 is a draft. No mark before the revelation."""
    meeting = session.get_one(Meeting, meeting_id)
    call = session.get_one(Call, meeting.call_id)
    agenda = meetings.agenda(session, meeting_id=meeting_id)
    numbers = {row.application_id: row.number for row in agenda}
    moves = presence.moves(session, meeting_id=meeting_id)
    now = presence.room(session, meeting_id=meeting_id)
    times = stays(moves)
    notes = scores.committees(session, call_id=call.id)
    values = institution.values(session)
    ends = [move.at for move in moves] + _given(session, meeting) or [x for x in (meeting.closed_at,) if x]
    return Minutes(
        version=version,
        meeting=meeting.label,
        call=call.label,
        call_code=call.code,
        authority=str(values.get("authority") or ""),
        authority_kind=str(values.get("authority_kind") or ""),
        direction=str(values.get("direction") or ""),
        held_on=meeting.held_on.isoformat(),
        place=meeting.place,
        begins=_begins(meeting, moves),
        ends=_hour(max(ends)) if ends and meeting.state == "closed" else "",
        president=meeting.president,
        secretary=meeting.secretary,
        convened_on=meeting.convened_on.isoformat() if meeting.convened_on else "",
        needed=now.needed,
        attendees=tuple(_attendee(seat, now, times.get(seat.id, []), numbers) for seat in now.seats),
        quorum=tuple(_events(now.seats, moves, now.rule)),
        files=tuple(_heard(session, meeting_id, row, notes.get(row.application_id), times, now) for row in agenda),
        reopenings=tuple(_reopenings(session, meeting_id)),
        sheets=tuple(_sheets(session, meeting_id)) if meeting.revealed_at else (),
        recusal_law=settings.text_in_force(session, RECUSAL_LAW, meeting.held_on),
        follow_up=settings.text_in_force(session, FOLLOW_UP, meeting.held_on),
        example=call.example,
        corrections=tuple(_corrections(session, meeting_id)) if meeting.revealed_at else (),
    )


def _hour(moment: datetime) -> str:
    return f"{local(moment):%H:%M}"


def _begins(meeting: Meeting, moves: list[Move]) -> str:
    """The opening said on the day itself, else the announced hour, else the first arrival."""
    if meeting.opened_at and local(meeting.opened_at).date() == meeting.held_on:
        return _hour(meeting.opened_at)
    if meeting.starts_at:
        return f"{meeting.starts_at:%H:%M}"
    return _hour(moves[0].at) if moves else ""


def _given(session: Session, meeting: Meeting) -> list[datetime]:
    """When the opinions were given, those of the day itself: the meeting lasts until the last one."""
    query = select(AgendaItem.given_at).where(AgendaItem.meeting_id == meeting.id, AgendaItem.given_at.is_not(None))
    return [at for at in session.scalars(query) if at is not None and local(at).date() == meeting.held_on]


def _attendee(seat: Seat, now: Room, times: list[Stay], numbers: dict[str, str]) -> Attendee:
    names = {x.id: x.name for x in now.seats}
    title = f"suppléance de {names[seat.substitute_of]}" if seat.substitute_of in names else ""
    return Attendee(
        name=seat.name,
        body=seat.body,
        title=title if seat.voice else "sans voix délibérative",
        times=tuple(
            TimeInRoom(
                _hour(stay.entered.at),
                _hour(stay.left.at) if stay.left else "",
                numbers.get(stay.left.application_id or "", "") if stay.left and stay.left.why == RECUSAL else "",
            )
            for stay in times
        ),
    )


def _events(seats: Iterable[Seat], moves: list[Move], rule: QuorumRule) -> Iterable[QuorumEvent]:
    """The quorum reached, and each time it was lost and found again; who leaves at the end loses nothing."""
    found: list[QuorumEvent] = []
    reached = False
    for place, move in enumerate(moves):
        if place + 1 < len(moves) and _hour(moves[place + 1].at) == _hour(move.at):
            continue  # what happens in the same minute is one event
        then = room(list(seats), moves[: place + 1], rule)
        then = Room(then.seats, rule, then.inside, then.stepped_out, then.stepped_out)
        if then.reached != reached:
            reached = then.reached
            found.append(QuorumEvent(_hour(move.at), reached, then.counted))
    return found if reached or not found else found[:-1]


def _heard(
    session: Session,
    meeting_id: str,
    row: AgendaRow,
    note: CommitteeNote | None,
    times: dict[str, list[Stay]],
    now: Room,
) -> Heard:
    item = session.get_one(AgendaItem, (meeting_id, row.application_id))
    evidence: dict[str, Any] = item.room or {}
    names = {seat.id: seat.name for seat in now.seats}
    away = evidence.get("recused") or presence.recused(session, application_id=row.application_id)
    exact = note.note if note else None
    return Heard(
        rank=row.position + 1,
        number=row.number,
        structure=row.structure,
        title=row.title,
        asked_cents=row.asked_cents,
        cost_cents=row.cost_cents,
        note=note.shown if note else "",
        exact=(exact.numerator, exact.denominator) if exact is not None else None,
        band=note.band.label if note and note.band else "",
        sheets=row.sheets if note else 0,
        heard_at=_hour(item.called_at) if item.called_at else "",
        opinion=row.opinion.value if row.opinion else "",
        amount_cents=row.amount_cents or 0,
        votes=(row.votes.favour, row.votes.against, row.votes.abstention) if row.votes else None,
        voices=len(evidence.get("voices", ())),
        present=len(evidence.get("present", ())),
        counted=evidence.get("counted", 0),
        needed=evidence.get("needed", now.needed),
        reserves=row.reserves,
        asked=row.asked,
        reason=row.reason,
        departs=bool(row.opinion and note and note.band and row.opinion.departs_from(note.band.expected)),
        remark=row.remark,
        before=row.before,
        withdrawals=tuple(
            _withdrawal(names[key], times.get(key, []), row.application_id, item.given_at)
            for key in away
            if key in names
        ),
    )


def _withdrawal(name: str, times: list[Stay], application_id: str, given_at: datetime | None) -> Withdrawal:
    """The exit for this file, and the entry that follows it; no hour for a member who was not there.

    Files of one déport heard in a row have one exit, before the first: the others are given while it lasts.
    """
    returns = [stay.entered.at for stay in times[1:]] + [None]
    exits = [(stay.left, back) for stay, back in zip(times, returns, strict=False) if stay.left]
    own = next(((left, back) for left, back in exits if left.application_id == application_id), None)
    lasting = (
        (left, back)
        for left, back in exits
        if left.why == RECUSAL and given_at and left.at <= given_at and (back is None or given_at <= back)
    )
    if found := own or next(lasting, None):
        left, back = found
        return Withdrawal(name, _hour(left.at), _hour(back) if back else "")
    return Withdrawal(name, "", "")


def _reopenings(session: Session, meeting_id: str) -> Iterable[Reopening]:
    query = select(MeetingSnapshot).where(
        MeetingSnapshot.meeting_id == meeting_id, MeetingSnapshot.reopened_at.is_not(None)
    )
    for kept in session.scalars(query.order_by(MeetingSnapshot.version)):
        assert kept.reopened_at is not None
        yield Reopening(
            kept.version,
            kept.sha256,
            local(kept.made_at).date().isoformat(),
            local(kept.reopened_at).date().isoformat(),
            kept.reason,
        )


def _corrections(session: Session, meeting_id: str) -> Iterable[Corrected]:
    """The marks changed after the revelation, as the journal keeps them, in their order."""
    query = select(JournalEntry).where(JournalEntry.verb == "corrections.correct").order_by(JournalEntry.seq)
    for entry in session.scalars(query):
        before, after = entry.before or {}, entry.after or {}
        if after.get("meeting") == meeting_id:
            yield Corrected(
                number=after["file"],
                criterion=after["criterion"],
                before=before["level"],
                after=after["level"],
                reason=entry.reason,
                at=_hour(entry.at),
                member=after["member"],
            )


def _sheets(session: Session, meeting_id: str) -> Iterable[dict[str, Any]]:
    """Every mark that counted for a file of the agenda, by file, member and criterion."""
    query = (
        select(Application.number, Member.name, Mark)
        .join(AgendaItem, AgendaItem.application_id == Application.id)
        .join(Review, Review.application_id == Application.id)
        .join(Member, Member.id == Review.member_id)
        .join(Mark, Mark.review_id == Review.id)
        .where(AgendaItem.meeting_id == meeting_id, counts())
        .order_by(AgendaItem.position, Application.seq, Member.position, Mark.criterion)
    )
    for number, name, mark in session.execute(query):
        yield {
            "file": number,
            "member": name,
            "criterion": mark.criterion,
            "level": mark.level,
            "not_applicable": mark.not_applicable,
            "comment": mark.comment,
        }
