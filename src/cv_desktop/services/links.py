"""Links between a member and a structure: confirmed or dismissed by a person, with a reason, never by the program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.link import Link
from cv_desktop.db.models.meeting import Member, Review
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import links
from cv_desktop.db.queries.visibility import visible
from cv_desktop.db.work import actor, new_id, now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.text import NBSP, counted, quote


def confirm(
    session: Session,
    *,
    member_id: str,
    structure_id: str,
    kind: str,
    reason: str,
    application_id: str | None = None,
    evidence: Sequence[str] = (),
    declared: bool = False,
    id: str = "",
) -> tuple[Changes, str]:
    """Confirm a link: the member no longer sees any file of the structure, or the one named; gives its key.

    ``declared``: the member said so, else it was found. Marks already given on these files no longer count and stay
    in the journal. Raises UserError without a reason of ten characters, a known kind, or when the link is confirmed.
    Source: CGCT L2131-11 and L1111-6, code pénal 432-12; CGFP L121-4 and L121-5 for an officer.
    """
    member, structure = session.get_one(Member, member_id), session.get_one(Structure, structure_id)
    said = required_reason(reason, "du lien")
    known = links.kinds(session)
    if kind not in known:
        raise UserError("Choisissez la nature du lien.", field="kind")
    if _confirmed(session, member_id, structure_id, application_id):
        raise UserError(f"Le lien de {member.name} avec {quote(structure.name)} est déjà confirmé.")
    before = _marked(session, member_id)
    moment = now(session)
    link = _link(session, member_id, structure_id, application_id, evidence, id)
    link.kind, link.state, link.declared, link.reason = kind, "confirmed", declared, said
    link.confirmed_at = link.settled_at = moment
    link.settled_by = actor(session)
    session.add(link)
    session.flush()
    silenced = sorted(before - _marked(session, member_id))
    tail = f"{NBSP}; {counted(len(silenced), 'grille')} n’y comptent plus" if silenced else ""
    record(
        session,
        verb="links.confirm",
        noun="link",
        noun_id=link.id,
        summary=f"Lien confirmé entre {member.name} et {_where(session, link, structure)}{tail}",
        after={"kind": known[kind].label, "evidence": list(evidence), "neutralised": silenced, "declared": declared},
        reason=said,
    )
    return _touched(link, Step(forget, {"link_id": link.id})), link.id


def dismiss(
    session: Session,
    *,
    member_id: str,
    structure_id: str,
    reason: str,
    application_id: str | None = None,
    evidence: Sequence[str] = (),
    id: str = "",
) -> tuple[Changes, str]:
    """Dismiss a suspicion (a homonym), or a link declared that is none: it is not raised again in the campaign.

    ``application_id`` is the file of a link declared for it only. Gives the key of the decision.

    Raises UserError without a reason of ten characters, or when the link is confirmed: it is then lifted.
    """
    member, structure = session.get_one(Member, member_id), session.get_one(Structure, structure_id)
    said = required_reason(reason)
    if _confirmed(session, member_id, structure_id, application_id):
        raise UserError(f"Le lien de {member.name} avec {quote(structure.name)} est confirmé{NBSP}: levez-le.")
    link = _link(session, member_id, structure_id, application_id, evidence, id)
    link.state, link.reason, link.settled_at, link.settled_by = "dismissed", said, now(session), actor(session)
    session.add(link)
    record(
        session,
        verb="links.dismiss",
        noun="link",
        noun_id=link.id,
        summary=f"Lien écarté entre {member.name} et {_where(session, link, structure)}",
        before=list(evidence),
        reason=said,
    )
    return _touched(link, Step(forget, {"link_id": link.id})), link.id


def lift(session: Session, *, link_id: str, reason: str) -> Changes:
    """End a confirmed link; the register keeps it with both dates. Raises UserError without a reason."""
    said = required_reason(reason, "de la levée du lien")
    link = session.get_one(Link, link_id)
    if link.state != "confirmed":
        raise UserError("Ce lien n’est pas en vigueur. La liste vient d’être relue.")
    member, structure = session.get_one(Member, link.member_id), session.get_one(Structure, link.structure_id)
    before = {"settled_at": link.settled_at, "settled_by": link.settled_by}
    link.state, link.settled_at, link.settled_by = "dismissed", now(session), actor(session)
    record(
        session,
        verb="links.lift",
        noun="link",
        noun_id=link.id,
        summary=f"Lien levé entre {member.name} et {_where(session, link, structure)}",
        reason=said,
    )
    return _touched(link, Step(put_back, {"link_id": link.id, **before, "reason": said}))


def put_back(session: Session, *, link_id: str, settled_at: datetime | None, settled_by: str, reason: str) -> Changes:
    """A link that was lifted is in force again, as it was: the way back of ``lift``."""
    link = session.get_one(Link, link_id)
    member, structure = session.get_one(Member, link.member_id), session.get_one(Structure, link.structure_id)
    link.state, link.settled_at, link.settled_by = "confirmed", settled_at, settled_by
    record(
        session,
        verb="links.put_back",
        noun="link",
        noun_id=link.id,
        summary=f"Lien de nouveau en vigueur entre {member.name} et {_where(session, link, structure)}",
    )
    return _touched(link, Step(lift, {"link_id": link.id, "reason": reason}))


def forget(session: Session, *, link_id: str) -> Changes:
    """Take a decision back: the pair is to be decided again. The journal keeps both."""
    link = session.get_one(Link, link_id)
    member, structure = session.get_one(Member, link.member_id), session.get_one(Structure, link.structure_id)
    pair = {name: getattr(link, name) for name in ("member_id", "structure_id", "application_id", "id")}
    again = Step(dismiss, {**pair, "reason": link.reason, "evidence": tuple(link.evidence)})
    if link.state == "confirmed":
        more = {"kind": link.kind, "declared": link.declared}
        again = Step(confirm, {**again.arguments, **more})
    where = _where(session, link, structure)
    session.delete(link)
    record(
        session,
        verb="links.forget",
        noun="link",
        noun_id=link_id,
        summary=f"Décision reprise sur le lien entre {member.name} et {where}",
        before={"state": link.state, "kind": link.kind, "reason": link.reason},
    )
    return _touched(link, again)


def _link(
    session: Session,
    member_id: str,
    structure_id: str,
    application_id: str | None,
    evidence: Sequence[str],
    id: str,
) -> Link:
    return Link(
        id=id or new_id(session),
        member_id=member_id,
        structure_id=structure_id,
        application_id=application_id,
        kind="",
        state="suspected",
        declared=False,
        evidence=list(evidence),
        reason="",
        noted_at=now(session),
        noted_by=actor(session),
        confirmed_at=None,
        settled_at=None,
        settled_by="",
    )


def _confirmed(session: Session, member_id: str, structure_id: str, application_id: str | None) -> bool:
    query = select(Link.id).where(
        Link.member_id == member_id,
        Link.structure_id == structure_id,
        Link.application_id.is_(None) if application_id is None else Link.application_id == application_id,
        Link.state == "confirmed",
    )
    return session.scalars(query).first() is not None


def _marked(session: Session, member_id: str) -> set[str]:
    """Numbers of the files that a member has begun a sheet on and may see."""
    query = (
        select(Application.number)
        .join(Review, Review.application_id == Application.id)
        .where(Review.member_id == member_id, visible(member_id))
    )
    return set(session.scalars(query))


def _where(session: Session, link: Link, structure: Structure) -> str:
    if link.application_id is None:
        return quote(structure.name)
    return f"{quote(structure.name)}, dossier {session.get_one(Application, link.application_id).number}"


def _touched(link: Link, undo: Step) -> Changes:
    return Changes(frozenset({("link", link.id), ("recusal", link.id), ("meeting", link.member_id)}), undo)
