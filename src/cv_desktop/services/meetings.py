"""The committee at work: déports, the meeting, the revelation and the collective opinions."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import AgendaItem, Attendance, Meeting, Member, Recusal
from cv_desktop.db.queries import calls, scores
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.scoring import CommitteeNote
from cv_desktop.domain.states import Opinion
from cv_desktop.domain.text import counted
from cv_desktop.services import agenda, opinions

REASON_LENGTH = 10


def declare_recusal(session: Session, *, member_id: str, application_id: str, reason: str) -> tuple[Changes, str]:
    """Keep a member out of a file (déport). The marks already given no longer count and stay in the journal.

    Raises UserError without a reason of ten characters or when the déport is already in force.
    Source: CGCT L2131-11, code pénal 432-12.
    """
    _ask_reason(reason, "du déport")
    member = session.get_one(Member, member_id)
    file = session.get_one(Application, application_id)
    if _recusal(session, member_id, application_id):
        raise UserError(f"Le déport de {member.name} sur {file.number} est déjà enregistré.")
    recusal = Recusal(
        id=new_id(session),
        member_id=member_id,
        application_id=application_id,
        reason=reason.strip(),
        declared_at=now(session),
        lifted_at=None,
    )
    session.add(recusal)
    record(
        session,
        verb="meetings.declare_recusal",
        noun="recusal",
        noun_id=recusal.id,
        summary=f"Déport de {member.name} sur {file.number}",
        after={"member": member.name, "number": file.number},
        reason=reason.strip(),
    )
    return Changes.of("recusal", recusal.id), recusal.id


def lift_recusal(session: Session, *, recusal_id: str, reason: str) -> Changes:
    """End a déport declared by mistake; the trace stays. Asks a reason."""
    _ask_reason(reason, "de la levée du déport")
    recusal = session.get_one(Recusal, recusal_id)
    if recusal.lifted_at is not None:
        raise UserError("Ce déport est déjà levé.")
    member = session.get_one(Member, recusal.member_id)
    file = session.get_one(Application, recusal.application_id)
    recusal.lifted_at = now(session)
    record(
        session,
        verb="meetings.lift_recusal",
        noun="recusal",
        noun_id=recusal.id,
        summary=f"Déport de {member.name} sur {file.number} levé",
        reason=reason.strip(),
    )
    return Changes.of("recusal", recusal.id)


def create(session: Session, *, call_id: str, label: str, held_on: date, place: str = "") -> tuple[Changes, str]:
    """Prepare a meeting on the eligible files that have no opinion yet, in the order of their numbers.

    Raises UserError when there is none or while another meeting of the campaign is not closed.
    """
    if not label.strip():
        raise UserError("Le nom de la séance est obligatoire.", field="label")
    pending = session.scalars(select(Meeting).where(Meeting.call_id == call_id, Meeting.state != "closed")).first()
    if pending is not None:
        raise UserError(f"La séance « {pending.label} » n’est pas close. Terminez-la avant d’en préparer une autre.")
    files = agenda.waiting(session, call_id=call_id)
    if not files:
        raise UserError("Aucun dossier recevable n’attend d’avis : déclarez d’abord des dossiers recevables.")
    meeting = Meeting(
        id=new_id(session),
        call_id=call_id,
        label=label.strip(),
        held_on=held_on,
        place=place.strip(),
        state="prepared",
        revealed_at=None,
        closed_at=None,
    )
    session.add(meeting)
    session.flush()
    for position, file in enumerate(files):
        session.add(agenda.item(meeting.id, file.id, position))
    for member in session.scalars(select(Member).where(Member.call_id == call_id)):
        session.add(Attendance(meeting_id=meeting.id, member_id=member.id, present=False))
    record(
        session,
        verb="meetings.create",
        noun="meeting",
        noun_id=meeting.id,
        summary=f"Séance « {meeting.label} » du {long_date(held_on)} préparée, {counted(len(files), 'dossier')}",
        after={"numbers": [f.number for f in files]},
    )
    touched = Changes.of("meeting", meeting.id) | Changes.of("application", *(f.id for f in files))
    return touched, meeting.id


def set_presence(session: Session, *, meeting_id: str, member_id: str, present: bool) -> Changes:
    """Tick a member in or out of a meeting that is not closed."""
    meeting = agenda.not_closed(session, meeting_id)
    member = session.get_one(Member, member_id)
    row = session.get(Attendance, (meeting_id, member_id))
    before = row.present if row else False
    if row is None:
        session.add(Attendance(meeting_id=meeting_id, member_id=member_id, present=present))
    else:
        row.present = present
    record(
        session,
        verb="meetings.set_presence",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"{member.name} {'présent·e' if present else 'absent·e'} à « {meeting.label} »",
        before=before,
        after=present,
    )
    arguments = {"meeting_id": meeting_id, "member_id": member_id, "present": before}
    return Changes.of("meeting", meeting_id, undo=Step(set_presence, arguments))


def open_meeting(session: Session, *, meeting_id: str) -> Changes:
    """Open a prepared meeting. Raises UserError when fewer members are present than the règlement wants."""
    meeting = agenda.not_closed(session, meeting_id)
    if meeting.state == "open":
        raise UserError("Cette séance est déjà ouverte.")
    quorum = calls.rules(session, meeting.call_id).count("reviews_minimum") or 1
    present = _present(session, meeting_id)
    if present < quorum:
        raise UserError(
            f"Quorum non atteint : {counted(present, 'présent')}, il en faut {quorum}. "
            "Cochez les membres présents, puis ouvrez."
        )
    meeting.state = "open"
    record(
        session,
        verb="meetings.open",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"Séance « {meeting.label} » ouverte, {counted(present, 'membre présent')}",
    )
    return Changes.of("meeting", meeting_id)


def reveal(session: Session, *, meeting_id: str) -> Changes:
    """Make the marks visible and lock the sheets of an open meeting.

    Raises UserError while the meeting is not open or while a file has fewer returned sheets than
    the règlement's minimum (or than the members without a déport, when they are fewer).
    """
    meeting = agenda.not_closed(session, meeting_id)
    if meeting.state != "open":
        raise UserError("Ouvrez d’abord la séance : les grilles ne se révèlent qu’en séance.")
    if meeting.revealed_at is not None:
        raise UserError("Les grilles de cette séance sont déjà révélées.")
    minimum = calls.rules(session, meeting.call_id).count("reviews_minimum") or 1
    returned = scores.returned_sheets(session, meeting_id)
    short = sorted(number for number, (count, able) in returned.items() if count < min(minimum, able) or not count)
    if short:
        raise UserError(
            f"Grilles insuffisantes pour {_listed(short)} : il en faut {minimum} rendues par dossier. "
            "Relancez les membres, ou retirez ces dossiers de l’ordre du jour."
        )
    meeting.revealed_at = now(session)
    record(
        session,
        verb="meetings.reveal",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"Grilles révélées à « {meeting.label} »",
        after={number: count for number, (count, _able) in returned.items()},
    )
    return Changes.of("meeting", meeting_id) | Changes.of("review", meeting_id)


def give_opinion(
    session: Session,
    *,
    meeting_id: str,
    application_id: str,
    opinion: str,
    amount_cents: int | None = None,
    reason: str = "",
) -> Changes:
    """Write the collective opinion of an open, revealed meeting on a file, with the amount it proposes.

    ``amount_cents`` also becomes the amount of the first scenario; an unfavourable or adjourned
    opinion carries none. Raises UserError when the amount exceeds the request, or when the opinion
    departs from the band of the note without a reason.
    """
    meeting = agenda.revealed(session, meeting_id)
    file = session.get_one(Application, application_id)
    item = session.get_one(AgendaItem, (meeting_id, application_id))
    chosen = Opinion(opinion)
    amount = amount_cents if chosen in (Opinion.FAVORABLE, Opinion.RESERVED) else 0
    if amount is None:
        raise UserError(f"Indiquez le montant proposé pour {file.number}.", field="amount")
    if amount < 0 or amount > file.asked_cents:
        raise UserError(
            f"{euros(amount)} n’est pas un montant possible pour {file.number} : la demande est de "
            f"{euros(file.asked_cents)}.",
            field="amount",
        )
    score = scores.committee(session, call_id=meeting.call_id, application_id=application_id)
    if score is not None and score.band is not None and chosen.departs_from(score.band.code):
        _ask_reason(reason, f"de l’avis, qui s’écarte de la bande « {score.band.label} »")
    return opinions.write(session, meeting, item, file, chosen.value, amount, reason.strip())


def withdraw_opinion(session: Session, *, meeting_id: str, application_id: str) -> Changes:
    """Take an opinion back while the meeting is open."""
    meeting = agenda.revealed(session, meeting_id)
    item = session.get_one(AgendaItem, (meeting_id, application_id))
    return opinions.write(session, meeting, item, session.get_one(Application, application_id), None, None, "")


def close(session: Session, *, meeting_id: str) -> Changes:
    """Close an open meeting and freeze the note of each file. Raises UserError while an opinion is missing."""
    meeting = agenda.revealed(session, meeting_id)
    items = session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == meeting_id)).all()
    without = [session.get_one(Application, i.application_id).number for i in items if i.opinion is None]
    if without:
        raise UserError(f"Avis manquant pour {_listed(sorted(without))}. Rendez ces avis, ou retirez ces dossiers.")
    notes = scores.committees(session, call_id=meeting.call_id)
    for item in items:
        score = notes.get(item.application_id)
        item.score_snapshot = _snapshot(score) if score else None
    meeting.state, meeting.closed_at = "closed", now(session)
    record(
        session,
        verb="meetings.close",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"Séance « {meeting.label} » close, {len(items)} avis",
    )
    return Changes.of("meeting", meeting_id) | Changes.of("application", *(i.application_id for i in items))


def _snapshot(score: CommitteeNote) -> dict[str, Any]:
    """The exact note as the meeting leaves it, in a form that no later rounding changes."""
    note = score.note
    return {
        "note": [note.numerator, note.denominator] if note is not None else None,
        "shown": score.shown,
        "band": score.band.code if score.band else None,
        "levels": {c.code: list(c.levels) for c in score.criteria},
    }


def _recusal(session: Session, member_id: str, application_id: str) -> Recusal | None:
    return session.scalars(
        select(Recusal).where(
            Recusal.member_id == member_id, Recusal.application_id == application_id, Recusal.lifted_at.is_(None)
        )
    ).first()


def _present(session: Session, meeting_id: str) -> int:
    return session.scalar(select(func.count()).where(Attendance.meeting_id == meeting_id, Attendance.present)) or 0


def _ask_reason(reason: str, of_what: str) -> None:
    if len(reason.strip()) < REASON_LENGTH:
        raise UserError(f"Indiquez le motif {of_what}, en dix caractères au moins.", field="reason")


def _listed(numbers: list[str]) -> str:
    shown = ", ".join(numbers[:5])
    return f"{shown} et {counted(len(numbers) - 5, 'autre')}" if len(numbers) > 5 else shown
