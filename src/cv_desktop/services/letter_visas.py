"""What a decision was taken on: the request, the règlement, the opinion of the committee; each as a dated text."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.queries import settings
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.letters import Field
from cv_desktop.services.letter_fields import Subject


def visas(session: Session, subject: Subject, day: date) -> dict[str, Field]:
    """« votre demande, le règlement de la campagne et l’avis du comité du 9 avril 2026 »."""
    basis = str(subject.rules.text("legal_basis") or "").strip() if "legal_basis" in subject.rules else ""
    opinion = _opinion_on(session, subject)
    texts = (
        (
            "visa_demande",
            "{date}",
            long_date(local(subject.file.deposited_at).date()) if subject.file.deposited_at else None,
        ),
        ("visa_reglement_adopte", "{acte}", basis) if basis else ("visa_reglement", "{acte}", ""),
        ("visa_avis", "{date}", long_date(opinion) if opinion else None),
    )
    said = [
        settings.text_in_force(session, key, day).replace(token, value)
        for key, token, value in texts
        if value is not None
    ]
    *others, last = [text for text in said if text] or [""]
    return {"visas": Field("visas", f"{', '.join(others)} et {last}" if others else last, "application")}


def _opinion_on(session: Session, subject: Subject) -> date | None:
    """The day of the last meeting that gave its opinion of the file; that of the invented meeting of an example."""
    if not subject.file.id:
        return subject.meeting.held_on if subject.meeting else None
    query = (
        select(Meeting.held_on)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(AgendaItem.application_id == subject.file.id, AgendaItem.opinion.is_not(None))
        .order_by(Meeting.held_on.desc())
        .limit(1)
    )
    return session.scalars(query).first()
