"""Links between the members and the structures: those that may exist, and those that were decided."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.link import Link
from cv_desktop.db.models.mandate import Mandate
from cv_desktop.db.models.meeting import Member
from cv_desktop.db.models.partner import Partner
from cv_desktop.db.models.reference import StandardText
from cv_desktop.db.models.structure import Structure, StructureAlias
from cv_desktop.db.queries.members import same_person
from cv_desktop.db.queries.visibility import known
from cv_desktop.db.work import today
from cv_desktop.domain.links import Body, Person, Seat, Suspicion, find_links
from cv_desktop.domain.text import NBSP, words

PREFIX, LAW = "lien_", "_droit"


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
        return self.id or f"{self.member_id} {self.structure_id}"


def kinds(session: Session) -> dict[str, LinkKind]:
    """The kinds of links in force today by code, in the order they were shipped."""
    query = (
        select(StandardText.key, StandardText.text)
        .where(StandardText.key.startswith(PREFIX, autoescape=True), StandardText.effective_from <= today(session))
        .order_by(StandardText.effective_from, StandardText.id)
    )
    texts = {key.removeprefix(PREFIX): text for key, text in session.execute(query)}
    return {
        code: LinkKind(code, text, texts.get(f"{code}{LAW}", ""))
        for code, text in texts.items()
        if not code.endswith(LAW)
    }


def rows(session: Session, *, call_id: str, viewer: str | None = None) -> list[LinkRow]:
    """The links decided in a campaign, the last decided first; a member does not see those that hide files from him."""
    counted = _files(session, call_id)
    query = (
        select(Link, Member.name, Member.kind, Structure.name, Application.number)
        .join(Member, Member.id == Link.member_id)
        .join(Structure, Structure.id == Link.structure_id)
        .outerjoin(Application, Application.id == Link.application_id)
        .where(Member.call_id == call_id, known(viewer))
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


def suspected(session: Session, *, call_id: str, viewer: str | None = None) -> list[LinkRow]:
    """The links to confirm or to dismiss: first those of structures with a file, the surest first."""
    members = {m.id: m for m in session.scalars(_members(call_id))}
    if not members:
        return []
    settled = {
        (member, structure)
        for member, structure in session.execute(
            select(Link.member_id, Link.structure_id).where(
                Link.member_id.in_(members), Link.state != "suspected", Link.application_id.is_(None)
            )
        )
    }
    bodies = _bodies(session, viewer)
    names = {body.id: body.names[0] for body in bodies}
    counted = _files(session, call_id)
    found = find_links(_seats(session, call_id, list(members.values())), bodies, settled=settled)
    lines = [_suspected(x, members[x.member_id], names[x.structure_id], counted.get(x.structure_id, 0)) for x in found]
    return sorted(lines, key=lambda row: not row.files)


def declarations(session: Session, *, call_id: str) -> dict[str, tuple[str, date | None]]:
    """What each member and officer declared, and when: « none », « list », or empty while it is awaited."""
    query = select(Member.id, Member.declaration, Member.declared_on).where(
        Member.call_id == call_id, Member.left_on.is_(None)
    )
    return {key: (said, day) for key, said, day in session.execute(query)}


def _members(call_id: str) -> Select[Any]:
    return select(Member).where(Member.call_id == call_id, Member.left_on.is_(None)).order_by(Member.position)


def _suspected(found: Suspicion, member: Member, structure: str, files: int) -> LinkRow:
    return LinkRow(
        id="",
        member_id=member.id,
        member=member.name,
        officer=member.kind == "officer",
        structure_id=found.structure_id,
        structure=structure,
        application_id="",
        number="",
        kind="",
        state="suspected",
        declared=False,
        evidence=found.evidence,
        reason="",
        noted_at=None,
        confirmed_at=None,
        settled_at=None,
        settled_by="",
        files=files,
        score=found.score,
    )


def _files(session: Session, call_id: str) -> dict[str, int]:
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


def _seats(session: Session, call_id: str, members: list[Member]) -> list[Seat]:
    """The members as compared, with the links that the same person had in other campaigns."""
    labels = kinds(session)
    former: dict[str, list[tuple[str, str]]] = defaultdict(list)
    query = (
        select(Member.name, Link.structure_id, Link.kind, Call.label)
        .join(Member, Member.id == Link.member_id)
        .join(Call, Call.id == Member.call_id)
        .where(Member.call_id != call_id, Link.state == "confirmed", Link.application_id.is_(None))
        .order_by(Call.year)
    )
    for name, structure, kind, call in session.execute(query):
        what = labels[kind].label if kind in labels else kind
        former[same_person(name)].append((structure, f"Lien confirmé dans «{NBSP}{call}{NBSP}»{NBSP}: {what}."))
    return [
        Seat(m.id, m.name, m.body, m.email, m.phone, m.address, tuple(former.get(same_person(m.name), ())))
        for m in members
    ]


def _bodies(session: Session, viewer: str | None) -> list[Body]:
    persons: dict[str, dict[tuple[str, str], Person]] = defaultdict(dict)
    for key, name, role, email, phone in session.execute(
        select(Mandate.structure_id, Mandate.person_name, Mandate.role, Mandate.email, Mandate.phone)
    ):
        persons[key][words(name), role] = Person(name, role, email, phone)
    contact, signatory = (
        select(Application.structure_id, getattr(Application, f"{who}_name"), getattr(Application, f"{who}_role"))
        for who in ("contact", "signatory")
    )
    for query in (contact, signatory):
        for key, name, role in session.execute(query):
            if name and not any(words(name) == known_name for known_name, _role in persons[key]):
                persons[key][words(name), role or ""] = Person(name, role or "")
    aliases: dict[str, list[str]] = defaultdict(list)
    for key, value in session.execute(
        select(StructureAlias.structure_id, StructureAlias.value).where(StructureAlias.kind.in_(("name", "acronym")))
    ):
        aliases[key].append(value)
    query = (
        select(Structure)
        .where(Structure.merged_into.is_(None), known(viewer))
        .order_by(Structure.folded_name, Structure.id)
    )
    return [
        Body(
            id=s.id,
            names=tuple(n for n in (s.name, s.acronym, *aliases[s.id]) if n),
            persons=tuple(persons[s.id].values()),
            address=s.address or "",
            postal_code=s.postal_code or "",
            email=s.email or "",
            phone=s.phone or "",
            website=s.website or "",
        )
        for s in session.scalars(query)
    ]
