"""Links between the members and the structures that were decided, and their kinds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.link import Link
from cv_desktop.db.models.meeting import Member
from cv_desktop.db.models.partner import Partner
from cv_desktop.db.models.reference import StandardText
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries.visibility import known, visible
from cv_desktop.db.work import today
from cv_desktop.domain.text import fold

PREFIX, LAW, OTHER = "lien_", "_droit", "other"


@dataclass(frozen=True, slots=True)
class LinkKind:
    """« Mandat dans la structure », and the law that makes it a reason to step out."""

    code: str
    label: str
    law: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link decided, or one to decide: ``id`` is then empty. ``files``: how many it hides in the campaign."""

    id: str
    member_id: str
    member: str
    officer: bool
    structure_id: str
    structure: str
    application_id: str
    number: str
    kind: str
    state: str
    declared: bool
    evidence: tuple[str, ...]
    reason: str
    noted_at: datetime | None
    confirmed_at: datetime | None
    settled_at: datetime | None
    settled_by: str
    files: int
    score: int = 0

    @property
    def key(self) -> str:
        """One for each line of a table, decided or not."""
        return self.id or f"{self.member_id} {self.structure_id} {self.application_id}".strip()


def kinds(session: Session) -> dict[str, LinkKind]:
    """The kinds of links in force today by code, in the order of their labels, the one for all the others last."""
    query = (
        select(StandardText.key, StandardText.text)
        .where(StandardText.key.startswith(PREFIX, autoescape=True), StandardText.effective_from <= today(session))
        .order_by(StandardText.effective_from)
    )
    texts = {key.removeprefix(PREFIX): text for key, text in session.execute(query)}
    codes = [code for code in texts if not code.endswith(LAW)]
    return {
        code: LinkKind(code, texts[code], texts.get(f"{code}{LAW}", ""))
        for code in sorted(codes, key=lambda code: (code == OTHER, fold(texts[code])))
    }


def rows(session: Session, *, call_id: str, viewer: str | None = None) -> list[LinkRow]:
    """The links decided in a campaign, the last decided first; a member does not see those that hide files from him."""
    counted = files_of(session, call_id)
    query = (
        select(Link, Member.name, Member.kind, Structure.name, Application.number)
        .join(Member, Member.id == Link.member_id)
        .join(Structure, Structure.id == Link.structure_id)
        .outerjoin(Application, Application.id == Link.application_id)
        .where(Member.call_id == call_id, known(viewer), or_(Link.application_id.is_(None), visible(viewer)))
        .order_by(Link.settled_at.desc(), Link.id)
    )
    return [
        LinkRow(
            id=link.id,
            member_id=link.member_id,
            member=name,
            officer=kind == "officer",
            structure_id=link.structure_id,
            structure=structure,
            application_id=link.application_id or "",
            number=number or "",
            kind=link.kind,
            state=link.state,
            declared=link.declared,
            evidence=tuple(link.evidence),
            reason=link.reason,
            noted_at=link.noted_at,
            confirmed_at=link.confirmed_at,
            settled_at=link.settled_at,
            settled_by=link.settled_by,
            files=1 if link.application_id else counted.get(link.structure_id, 0),
        )
        for link, name, kind, structure, number in session.execute(query)
    ]


def declarations(session: Session, *, call_id: str) -> dict[str, tuple[str, date | None]]:
    """What each member and officer declared, and when: « none », « list », or empty while it is awaited."""
    query = select(Member.id, Member.declaration, Member.declared_on).where(
        Member.call_id == call_id, Member.left_on.is_(None)
    )
    return {key: (said, day) for key, said, day in session.execute(query)}


def files_of(session: Session, call_id: str) -> dict[str, int]:
    """How many files of a campaign each structure leads or takes part in."""
    count: dict[str, set[str]] = defaultdict(set)
    led = select(Application.structure_id, Application.id).where(Application.call_id == call_id)
    shared = (
        select(Partner.structure_id, Partner.application_id)
        .join(Application, Application.id == Partner.application_id)
        .where(Application.call_id == call_id, Partner.structure_id.is_not(None))
    )
    for query in (led, shared):
        for structure, file in session.execute(query):
            count[structure or ""].add(file)
    return {structure: len(files) for structure, files in count.items()}
