"""The links that may exist between the members and the structures: found afresh, or declared, and not decided yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.link import Link
from cv_desktop.db.models.mandate import Mandate
from cv_desktop.db.models.meeting import Member, PresenceMove, Review
from cv_desktop.db.models.partner import Partner
from cv_desktop.db.models.signatory import Signatory
from cv_desktop.db.models.structure import Structure, StructureAlias
from cv_desktop.db.queries import declarations, opinions
from cv_desktop.db.queries.declarations import DeclaredLink
from cv_desktop.db.queries.links import LinkRow, files_of, kinds
from cv_desktop.db.queries.members import same_person
from cv_desktop.db.queries.tuples import tuples
from cv_desktop.db.queries.visibility import kept_out, known, served
from cv_desktop.domain.dates import short_date
from cv_desktop.domain.links import Body, Person, Seat, Suspicion, find_links
from cv_desktop.domain.text import NBSP, words


def rows(session: Session, *, call_id: str, viewer: str | None = None) -> list[LinkRow]:
    """The links to confirm or to dismiss: first those declared, then those of structures with a file, the surest first.

    A link declared and also found is one line, with the evidence of both. Who left the committee after sitting on it,
    or marking, is compared still.
    """
    query = select(Member).where(Member.call_id == call_id, served()).order_by(Member.position)
    members = {m.id: m for m in session.scalars(query)}
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
    counted = files_of(session, call_id)
    found = find_links(_seats(session, call_id, list(members.values())), bodies, settled=settled)
    lines = [_suspected(x, members[x.member_id], names[x.structure_id], counted.get(x.structure_id, 0)) for x in found]
    evidence = {row.key: row.evidence for row in lines}
    told = [
        _told(link, members[link.member_id], counted.get(link.structure_id, 0), evidence)
        for link in unsettled(session, call_id=call_id, viewer=viewer)
    ]
    keys = {row.key for row in told}
    return told + sorted((row for row in lines if row.key not in keys), key=lambda row: not row.files)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A link that may tie somebody to a structure of a file, not confirmed nor dismissed: ``who`` with his or her role.

    ``evidence`` are sentences.
    """

    number: str
    who: str
    structure: str
    evidence: tuple[str, ...]


def unanswered(session: Session, *, call_id: str, files: Collection[str]) -> list[Unanswered]:
    """The links to answer on the files named, whether led or shared: of the committee, the officers, the signatories.

    A member already kept out of a file is not asked about it, nor one gone since who neither gave its opinion nor
    marked it. A signatory who is neither a member nor an officer of the campaign today is compared by name only. An
    officer's question: it shows every file.
    """
    numbers = _numbers_of(session, files)
    own = dict(tuples(session, select(Application.id, Application.number).where(Application.id.in_(files))))
    out = {(member, own[file]) for file, member in session.execute(kept_out()) if file in own}
    people = {m.id: m for m in session.scalars(select(Member).where(Member.call_id == call_id))}
    compared = {same_person(m.name) for m in people.values() if m.left_on is None}
    signing = {
        key: name
        for key, name in tuples(session, select(Signatory.id, Signatory.name).where(Signatory.active))
        if same_person(name) not in compared
    }
    # Once signatory, somebody who left is asked about every file.
    signs = {same_person(name): key for key, name in signing.items()}
    heard = _heard(session, call_id, own)
    found = [
        Unanswered(number, f"{row.member} ({'agent' if row.officer else 'membre'})", row.structure, row.evidence)
        for row in rows(session, call_id=call_id)
        for number in ([row.number] if row.number else numbers.get(row.structure_id, ()))
        if (row.member_id, number) not in out and number in numbers.get(row.structure_id, ())
        if people[row.member_id].left_on is None
        or ((row.member_id, number) in heard and same_person(row.member) not in signs)
    ]
    if signing:
        bodies = _bodies(session, None)
        names = {body.id: body.names[0] for body in bodies}
        answered = select(Link.member_id, Link.structure_id).where(
            Link.member_id.in_(people), Link.state != "suspected", Link.application_id.is_(None)
        )
        settled = {
            (signs[same_person(people[member].name)], structure)
            for member, structure in session.execute(answered)
            if same_person(people[member].name) in signs
        }
        found += [
            Unanswered(number, f"{signing[x.member_id]} (signataire)", names[x.structure_id], x.evidence)
            for x in find_links([Seat(key, name) for key, name in signing.items()], bodies, settled=settled)
            for number in numbers.get(x.structure_id, ())
        ]
    return sorted(found, key=lambda x: (x.number, x.who))


def _heard(session: Session, call_id: str, own: Mapping[str, str]) -> set[tuple[str, str]]:
    """(member, number) of those in the room for the last opinion on each file, and of those whose sheet it has."""
    reviews = select(Review.member_id, Review.application_id).where(
        Review.application_id.in_(own), Review.returned_at.is_not(None)
    )
    found = {(member, own[file]) for member, file in session.execute(reviews)}
    came: dict[str, set[str]] = {}
    for row in opinions.given(session, call_id=call_id, files=own):
        if row.evidence is None and row.meeting_id not in came:
            moves = select(PresenceMove.member_id).where(PresenceMove.meeting_id == row.meeting_id)
            came[row.meeting_id] = set(session.scalars(moves))
        present = came[row.meeting_id] if row.evidence is None else row.evidence.present
        found |= {(member, row.number) for member in present}
    return found


def _numbers_of(session: Session, files: Collection[str]) -> dict[str, list[str]]:
    """The numbers of the files that each structure leads or takes part in, among those named."""
    led = select(Application.structure_id, Application.number).where(Application.id.in_(files))
    shared = (
        select(Partner.structure_id, Application.number)
        .join(Application, Application.id == Partner.application_id)
        .where(Application.id.in_(files), Partner.structure_id.is_not(None))
    )
    found: dict[str, list[str]] = defaultdict(list)
    for query in (led, shared):
        for structure, number in session.execute(query):
            if structure and number not in found[structure]:
                found[structure].append(number)
    return found


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


def unsettled(session: Session, *, call_id: str, viewer: str | None = None) -> list[DeclaredLink]:
    """The links declared that nobody confirmed or dismissed since; a structure named on several files once."""
    query = select(Link).join(Member, Member.id == Link.member_id).where(Member.call_id == call_id)
    decided = [x for x in session.scalars(query) if x.state != "suspected"]
    found: dict[str, DeclaredLink] = {}
    for link in declarations.declared_links(session, call_id=call_id, viewer=viewer):
        settled = any(
            x.member_id == link.member_id
            and x.structure_id == link.structure_id
            and x.application_id in (None, link.application_id)
            and (x.state == "confirmed" or (x.settled_at or x.noted_at) >= link.noted_at)
            for x in decided
        )
        if not settled:
            of_file = "" if link.whole else link.application_id
            found.setdefault(f"{link.member_id} {link.structure_id} {of_file}", link)
    return list(found.values())


def _told(link: DeclaredLink, member: Member, files: int, evidence: dict[str, tuple[str, ...]]) -> LinkRow:
    row = LinkRow(
        id="",
        member_id=member.id,
        member=member.name,
        officer=member.kind == "officer",
        structure_id=link.structure_id,
        structure=link.structure,
        application_id="" if link.whole else link.application_id,
        number="" if link.whole else link.number,
        kind=link.kind,
        state="suspected",
        declared=True,
        evidence=(f"Déclaré le {short_date(link.declared_on)}{NBSP}: {link.text}",),
        reason=link.text,
        noted_at=link.noted_at,
        confirmed_at=None,
        settled_at=None,
        settled_by="",
        files=files if link.whole else 1,
    )
    return replace(row, evidence=row.evidence + evidence.get(row.key, ()))


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
