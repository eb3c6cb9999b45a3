"""A meeting re-read, closed with its snapshot, and reopened for a reason; both snapshots stay."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import AgendaItem, Meeting, MeetingSnapshot
from cv_desktop.db.queries import scores, snapshots
from cv_desktop.db.work import actor, new_id, now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.minutes import canonical, fingerprint
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.scoring import CommitteeNote
from cv_desktop.domain.states import Opinion
from cv_desktop.services import agenda, meetings, minutes


def mark_reread(session: Session, *, meeting_id: str, reread: bool = True) -> Changes:
    """Say that the relevé was read again as it stands; any opinion written afterwards takes this back."""
    meeting = agenda.revealed(session, meeting_id)
    before, meeting.reread_at = meeting.reread_at, now(session) if reread else None
    record(
        session,
        verb="closing.mark_reread",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"Relevé d’avis de « {meeting.label} » {'relu' if reread else 'à relire'}",
        before=before is not None,
        after=reread,
    )
    undo = Step(mark_reread, {"meeting_id": meeting_id, "reread": before is not None})
    return Changes.of("meeting", meeting_id, undo=undo)


def close(session: Session, *, meeting_id: str) -> Changes:
    """Close a meeting: the note of each file is frozen, and all that the minutes say, with its SHA-256.

    Raises UserError while an opinion is missing, while reserves are announced and not written, or while an
    adjournment does not say what it asks.
    """
    meeting = agenda.revealed(session, meeting_id)
    items = list(session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == meeting_id)))
    _complete(session, items)
    notes = scores.committees(session, call_id=meeting.call_id)
    _explained(session, items, notes)
    for item in items:
        score = notes.get(item.application_id)
        item.score_snapshot = _note(score) if score else None
    meeting.state, meeting.closed_at = "closed", now(session)
    session.flush()
    before = snapshots.last(session, meeting_id=meeting_id)
    version = before.version + 1 if before is not None else 1
    content = minutes.compose(session, meeting_id=meeting_id, version=version)
    text = canonical(content)
    snapshot = MeetingSnapshot(
        id=new_id(session),
        meeting_id=meeting_id,
        version=version,
        content=text,
        sha256=fingerprint(text),
        made_at=meeting.closed_at,
        made_by=actor(session),
        reopened_at=None,
        reason="",
    )
    session.add(snapshot)
    session.flush()
    record(
        session,
        verb="meetings.close",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"Séance « {meeting.label} » close, {len(items)} avis, relevé version {version}",
        after={"version": version, "sha256": snapshot.sha256},
    )
    return Changes.of("meeting", meeting_id) | Changes.of("application", *(i.application_id for i in items))


def reopen(session: Session, *, meeting_id: str, reason: str) -> Changes:
    """Open a closed meeting again; its snapshot stays with the reason, and the next closing makes another one.

    Opinions on files already submitted to the vote still do not change. Raises UserError without a reason.
    """
    required_reason(reason, "de la réouverture")
    meeting = session.get_one(Meeting, meeting_id)
    if meeting.state != "closed":
        raise UserError("Cette séance n’est pas close.")
    last = snapshots.last(session, meeting_id=meeting_id)
    if last is not None:
        last.reopened_at, last.reason = now(session), reason.strip()
    meeting.state, meeting.closed_at, meeting.reread_at = "open", None, None
    record(
        session,
        verb="closing.reopen",
        noun="meeting",
        noun_id=meeting_id,
        summary=f"Séance « {meeting.label} » rouverte",
        before={"version": last.version, "sha256": last.sha256} if last else None,
        reason=reason.strip(),
    )
    files = session.scalars(select(AgendaItem.application_id).where(AgendaItem.meeting_id == meeting_id))
    return Changes.of("meeting", meeting_id) | Changes.of("application", *files)


def _complete(session: Session, items: list[AgendaItem]) -> None:
    if not items:
        raise UserError("Aucun dossier à l’ordre du jour\u00a0: il n’y a rien à clore.")
    reserved = [i for i in items if i.opinion == Opinion.RESERVED and not i.reserves]
    adjourned = [i for i in items if i.opinion == Opinion.ADJOURNED and not i.asked]
    for lacking, sentence in (
        ([i for i in items if i.opinion is None], "Avis manquant pour {}. Rendez ces avis, ou retirez ces dossiers."),
        (reserved, "Réserves à écrire pour {}\u00a0: l’avis est «\u00a0avec réserves\u00a0», le relevé doit les dire."),
        (adjourned, "Dites ce qui est demandé pour {}\u00a0: un dossier ajourné revient avec ce qui lui manquait."),
    ):
        if lacking:
            numbers = sorted(session.get_one(Application, i.application_id).number for i in lacking)
            raise UserError(sentence.format(meetings.listed(numbers)))


def _explained(session: Session, items: list[AgendaItem], notes: dict[str, CommitteeNote]) -> None:
    """A mark changed after an opinion may move its band: the opinion then needs the reason it did not."""
    moved = [
        session.get_one(Application, i.application_id).number
        for i in items
        if i.opinion
        and not i.reason
        and (score := notes.get(i.application_id))
        and score.band
        and Opinion(i.opinion).departs_from(score.band.expected)
    ]
    if moved:
        raise UserError(
            f"Motif à écrire pour {meetings.listed(sorted(moved))}\u00a0: une note modifiée a changé la bande, dont "
            "l’avis s’écarte. Rendez l’avis de nouveau, avec son motif."
        )


def _note(score: CommitteeNote) -> dict[str, Any]:
    """The exact note as the meeting leaves it, in a form that no later rounding changes."""
    note = score.note
    return {
        "note": [note.numerator, note.denominator] if note is not None else None,
        "shown": score.shown,
        "band": score.band.code if score.band else None,
        "levels": {c.code: list(c.levels) for c in score.criteria},
    }
