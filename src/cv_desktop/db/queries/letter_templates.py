"""The texts of letters: each kind, for every campaign and for each that has its own, with what uses it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call, LetterTemplate
from cv_desktop.db.models.decision import Decision, Letter
from cv_desktop.db.models.reference import StandardText
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import calls
from cv_desktop.db.queries.lots import in_force
from cv_desktop.db.queries.visibility import visible

RECOURSE = "recours"


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """The newest text of a kind for every campaign (``call_id`` empty) or for one; ``issued`` letters took it."""

    id: str
    kind: str
    label: str
    version: int
    effective_from: date
    to_validate: bool
    call_id: str
    call: str
    content: dict[str, Any]
    issued: int
    waiting: int


@dataclass(frozen=True, slots=True)
class VersionRow:
    id: str
    version: int
    effective_from: date
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TextRow:
    """A dated sentence that letters print; ``words`` are its first ones."""

    key: str
    text: str

    @property
    def words(self) -> str:
        return self.text if len(self.text) <= 70 else f"{self.text[:69].rstrip()}…"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file to try a text on; ``told`` when it has a letter of the kind."""

    id: str
    number: str
    structure: str
    told: bool


def rows(session: Session, *, day: date) -> list[TemplateRow]:
    """The newest text of each kind and campaign, in the order of a file's life; the general one first."""
    used = (
        select(
            Letter.template_id,
            func.sum(case((Letter.number.is_not(None), 1), else_=0)).label("issued"),
            func.sum(case((Letter.number.is_(None), 1), else_=0)).label("waiting"),
        )
        .group_by(Letter.template_id)
        .subquery()
    )
    query = (
        select(LetterTemplate, Call.label, func.coalesce(used.c.issued, 0), func.coalesce(used.c.waiting, 0))
        .outerjoin(Call, Call.id == LetterTemplate.call_id)
        .outerjoin(used, used.c.template_id == LetterTemplate.id)
        .order_by(LetterTemplate.version)
    )
    newest = {
        (x.kind, x.call_id or ""): TemplateRow(
            x.id, x.kind, x.label, x.version, x.effective_from, x.to_validate, x.call_id or "", call or "",
            dict(x.content), issued, waiting,
        )
        for x, call, issued, waiting in session.execute(query)
    }  # fmt: skip
    order = {text.kind: rank for rank, text in enumerate(calls.letter_texts(session, day=day))}
    return sorted(newest.values(), key=lambda row: (order.get(row.kind, len(order)), row.kind, row.call))


def versions(session: Session, *, kind: str, call_id: str) -> list[VersionRow]:
    """The versions of the text of a kind, general or of one campaign, the newest first."""
    query = (
        select(LetterTemplate)
        .where(LetterTemplate.kind == kind, LetterTemplate.call_id == (call_id or None))
        .order_by(LetterTemplate.version.desc())
    )
    return [VersionRow(x.id, x.version, x.effective_from, dict(x.content)) for x in session.scalars(query)]


def content(session: Session, template_id: str) -> dict[str, Any]:
    """The text of one version."""
    return dict(session.get_one(LetterTemplate, template_id).content)


def recourses(session: Session, *, day: date) -> list[TextRow]:
    """The texts of ways and delays of appeal in force on a day."""
    query = (
        select(StandardText.key, StandardText.text)
        .where(StandardText.key.startswith(RECOURSE, autoescape=True), StandardText.effective_from <= day)
        .order_by(StandardText.key, StandardText.effective_from)
    )
    return [TextRow(key, text) for key, text in dict(session.execute(query).all()).items()]


def decision_of(session: Session, *, application_id: str) -> str | None:
    """The decision in force of a file, the last one; None before any."""
    query = (
        select(Decision.id)
        .where(Decision.application_id == application_id, in_force())
        .order_by(Decision.decided_at.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def files(session: Session, *, kind: str, call_id: str, viewer: str | None = None) -> list[FileRow]:
    """The files of a campaign, those that have a letter of the kind first."""
    told = select(Letter.id).where(Letter.application_id == Application.id, Letter.kind == kind).exists()
    query = (
        select(Application.id, Application.number, Structure.name, told)
        .join(Structure, Structure.id == Application.structure_id)
        .where(Application.call_id == call_id, Application.status.not_in(("draft", "withdrawn")), visible(viewer))
        .order_by(told.desc(), Application.seq)
    )
    return [FileRow(key, number, name, has) for key, number, name, has in session.execute(query)]
