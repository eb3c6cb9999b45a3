"""A meeting from its preparation to the revelation of the marks; and the déports of its members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.meeting import Meeting, Member, Recusal
from cv_desktop.db.queries import calls, presence, scores
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.hours import spoken
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.text import counted
from cv_desktop.services import agenda, meeting_removal

DETAILS = {
    "label": "Nom de la séance",
    "held_on": "Date",
    "starts_at": "Début",
    "place": "Lieu",
    "president": "Présidence",
    "secretary": "Secrétariat",
    "file_minutes": "Minutes par dossier",
}


def declare_recusal(session: Session, *, member_id: str, application_id: str, reason: str) -> tuple[Changes, str]:
    """Keep a member out of a file (déport). The marks already given no longer count and stay in the journal.

    Raises UserError without a reason of ten characters or when the déport is already in force.
    Source: CGCT L2131-11, code pénal 432-12.
    """
    required_reason(reason, "du déport")
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
    required_reason(reason, "de la levée du déport")
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


def create(
    session: Session,
    *,
    call_id: str,
    label: str,
    held_on: date,
    place: str = "",
    starts_at: time | None = None,
    application_ids: Sequence[str] | None = None,
) -> tuple[Changes, str]:
    """Prepare a meeting on some of the eligible files that wait for an opinion, all of them when none is named.

    They come in the order of their numbers. Raises UserError when there is none, when one of those named does not
    wait for an opinion, or on a day years away from the campaign.
    """
    if not label.strip():
        raise UserError("Le nom de la séance est obligatoire.", field="label")
    _require_year(session, call_id, held_on)
    files = agenda.waiting(session, call_id=call_id)
    if application_ids is not None:
        chosen = set(application_ids)
        if taken := chosen - {file.id for file in files}:
            numbers = sorted(session.get_one(Application, key).number for key in taken)
            raise UserError(
                f"{listed(numbers)}\u00a0: déjà à l’ordre du jour d’une autre séance, ou sans avis à rendre."
            )
        files = [file for file in files if file.id in chosen]
    if not files:
        raise UserError(
            "Aucun dossier recevable n’attend d’avis\u00a0: déclarez d’abord des dossiers recevables."
            if application_ids is None
            else "Choisissez au moins un dossier pour cette séance."
        )
    rules = calls.rules(session, call_id)
    meeting = Meeting(
        id=new_id(session),
        call_id=call_id,
        label=label.strip(),
        held_on=held_on,
        starts_at=starts_at,
        place=place.strip(),
        file_minutes=(rules.count("minutes_per_file") if "minutes_per_file" in rules else None) or 10,
        state="prepared",
    )
    session.add(meeting)
    session.flush()
    for position, file in enumerate(files):
        session.add(agenda.item(meeting.id, file.id, position))
    record(
        session,
        verb="meetings.create",
        noun="meeting",
        noun_id=meeting.id,
        summary=f"Séance « {meeting.label} » du {long_date(held_on)} préparée, {counted(len(files), 'dossier')}",
        after={"numbers": [f.number for f in files]},
    )
    touched = Changes.of("meeting", meeting.id) | Changes.of("application", *(f.id for f in files))
    return Changes(touched.touched, Step(meeting_removal.discard, {"meeting_id": meeting.id})), meeting.id


def _require_year(session: Session, call_id: str, day: date) -> None:
    """A slip of the year, which the convocations and the minutes would print."""
    year = session.get_one(Call, call_id).year
    first, last = date(year - 1, 1, 1), date(year + 1, 12, 31)
    if not first <= day <= last:
        raise UserError(
            f"Le {long_date(day)} est loin de la campagne {year}\u00a0: une séance se tient entre le "
            f"{long_date(first)} et le {long_date(last)}.",
            field="held_on",
        )


def set_detail(session: Session, *, meeting_id: str, name: str, value: Any) -> Changes:
    """Write the label, day, hour, place, president, secretary or minutes per file of a meeting that is not closed."""
    meeting = agenda.not_closed(session, meeting_id)
    if isinstance(value, str):
        value = value.strip()
    if name in ("label", "held_on") and not value:
        raise UserError(f"{DETAILS[name]}\u00a0: ce champ est obligatoire.", field=name)
    if name == "held_on" and presence.moves(session, meeting_id=meeting_id):
        raise UserError("Des arrivées sont déjà notées à cette date\u00a0: retirez-les avant de changer le jour.")
    if name == "file_minutes" and not 1 <= value <= agenda.LONGEST:
        raise UserError(f"Une durée va de 1 à {agenda.LONGEST} minutes par dossier.", field=name)
    if name == "held_on":
        _require_year(session, meeting.call_id, value)
    before = getattr(meeting, name)
    if before == value:
        return Changes()
    setattr(meeting, name, value)
    record(
        session,
        verb="meetings.set_detail",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"«\u00a0{meeting.label}\u00a0» › {DETAILS[name]}\u00a0: {_said(before)} → {_said(value)}",
        before=_said(before),
        after=_said(value),
    )
    undo = Step(set_detail, {"meeting_id": meeting_id, "name": name, "value": before})
    return Changes.of("meeting", meeting_id, undo=undo)


def open_meeting(session: Session, *, meeting_id: str) -> Changes:
    """Open a prepared meeting. Raises UserError when fewer voices are present than the quorum of the règlement."""
    meeting = agenda.not_closed(session, meeting_id)
    if meeting.state == "open":
        raise UserError("Cette séance est déjà ouverte.")
    room = presence.room(session, meeting_id=meeting_id)
    if not room.reached:
        raise UserError(
            f"Quorum non atteint : {counted(room.counted, 'présent')}, il en faut {room.needed}. "
            "Cochez les membres présents, puis ouvrez."
        )
    meeting.state, meeting.opened_at = "open", now(session)
    record(
        session,
        verb="meetings.open",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"Séance « {meeting.label} » ouverte, {counted(len(room.inside), 'membre présent')}",
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
            f"Grilles insuffisantes pour {listed(short)} : il en faut {minimum} rendues par dossier. "
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


def _recusal(session: Session, member_id: str, application_id: str) -> Recusal | None:
    return session.scalars(
        select(Recusal).where(
            Recusal.member_id == member_id, Recusal.application_id == application_id, Recusal.lifted_at.is_(None)
        )
    ).first()


def _said(value: object) -> str:
    if isinstance(value, time):
        return spoken(value)
    return long_date(value) if isinstance(value, date) else str(value or "vide")


def listed(numbers: list[str]) -> str:
    shown = ", ".join(numbers[:5])
    return f"{shown} et {counted(len(numbers) - 5, 'autre')}" if len(numbers) > 5 else shown
