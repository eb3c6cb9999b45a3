"""The members of a committee and the officers beside it: added, corrected, declared, gone, taken from last year."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.bundle import Bundle
from cv_desktop.db.models.declaration import Declaration
from cv_desktop.db.models.link import Link
from cv_desktop.db.models.meeting import Member, PresenceMove, Recusal, Review
from cv_desktop.db.queries import members as known
from cv_desktop.db.work import new_id, record, today
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.dates import parse_date, short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, counted, quote

LABELS = {
    "name": "Nom du membre",
    "body": "Institution",
    "honorific": "Civilité",
    "email": "Courriel",
    "phone": "Téléphone",
    "address": "Adresse",
    "kind": "Qualité",
    "voice": "Voix délibérative",
    "substitute_of": "Suppléant·e de",
    "perimeter": "Périmètre",
    "left_on": "Parti·e le",
    "declaration": "Déclaration d’intérêts",
}
DECLARATIONS = {"": "déclaration attendue", "none": "aucun lien", "list": "liens déclarés"}
KINDS = {"member": "membre", "officer": "agent"}
Values = dict[str, Any]


def add(session: Session, *, call_id: str, name: str, body: str, **more: Any) -> tuple[Changes, str]:
    """Add a member to the committee of a campaign, or an officer with ``kind="officer"``; ``more`` are other fields.

    Raises UserError on an empty or already used name.
    """
    name, body = name.strip(), body.strip()
    _refuse_name(session, call_id, name)
    last = session.scalar(select(func.max(Member.position)).where(Member.call_id == call_id))
    position = 0 if last is None else last + 1
    key = new_id(session)
    values = {"name": name, "body": body, **more}
    return restore(session, member_id=key, call_id=call_id, position=position, **values), key


def restore(session: Session, *, member_id: str, call_id: str, position: int, **values: Any) -> Changes:
    """Put a member in his or her own place of the committee: the way back of a removal."""
    if other := values.get("substitute_of"):
        _refuse_titular(session, other, member_id)
    session.add(Member(id=member_id, call_id=call_id, position=position, **values))
    officer = values.get("kind") == "officer"
    record(
        session,
        verb="members.add",
        noun="meeting",
        noun_id=member_id,
        summary=f"{_said(values)} {'est noté·e parmi les agents' if officer else 'rejoint le comité'}",
        after=_plain(values),
    )
    return Changes.of("meeting", call_id, undo=Step(remove, {"member_id": member_id}))


def remove(session: Session, *, member_id: str) -> Changes:
    """Remove a member who has marked nothing and declared nothing. Raises UserError otherwise."""
    member = session.get_one(Member, member_id)
    for table in (Review, Recusal, PresenceMove, Link, Declaration, Bundle):
        if session.scalars(select(table.member_id).where(table.member_id == member_id)).first():
            raise UserError(
                f"{member.name} a déjà noté, siégé, déclaré un lien ou reçu ses grilles{NBSP}: son nom reste "
                "au dossier. Notez plutôt la date de son départ."
            )
    stand_in = session.scalars(select(Member.name).where(Member.substitute_of == member_id)).first()
    if stand_in:
        raise UserError(f"{stand_in} est suppléant·e de {member.name}{NBSP}: changez-le d’abord.")
    session.delete(member)
    values = _values(member)
    record(
        session,
        verb="members.remove",
        noun="meeting",
        noun_id=member_id,
        summary=f"{member.name} quitte le comité",
        before=_plain(values),
    )
    place = {"call_id": member.call_id, "position": member.position, **values}
    return Changes.of("meeting", member.call_id, undo=Step(restore, {"member_id": member_id, **place}))


def set_field(session: Session, *, member_id: str, name: str, text: str) -> Changes:
    """Correct a text of a member, or the day he or she left. Raises UserError on a value that cannot be."""
    member = session.get_one(Member, member_id)
    after: Any = text.strip()
    if name == "name":
        _refuse_name(session, member.call_id, after, besides=member_id)
    elif name == "email" and after and ("@" not in after or " " in after):
        raise UserError(f"{quote(after)} n’est pas un courriel. Exemple{NBSP}: prenom.nom@ville.fr.", field="email")
    elif name == "left_on":
        after = parse_date(after) if after else None
        if after is not None and after > today(session):
            raise UserError(f"Le {short_date(after)} n’est pas encore passé{NBSP}: notez le départ ce jour-là.")
    return put(session, member_id=member_id, values={name: after})


def put(session: Session, *, member_id: str, values: Values) -> Changes:
    """Give several fields of a member these values: voice, perimeter, substitute, declaration…

    Raises UserError when a member would stand in for himself, for a substitute or for somebody of another campaign.
    """
    member = session.get_one(Member, member_id)
    if other := values.get("substitute_of"):
        _refuse_titular(session, other, member_id)
    before = {name: getattr(member, name) for name in values}
    changed = {name: value for name, value in values.items() if value != before[name]}
    if not changed:
        return Changes()
    for name, value in changed.items():
        setattr(member, name, value)
    said = ", ".join(
        f"{LABELS[name]}{NBSP}: {_shown(session, name, before[name])} → {_shown(session, name, value)}"
        for name, value in changed.items()
        if name in LABELS
    )
    record(
        session,
        verb="members.set_field",
        noun="meeting",
        noun_id=member_id,
        summary=f"{member.name} › {said}",
        before=_plain({name: before[name] for name in changed}),
        after=_plain(changed),
    )
    undo = Step(put, {"member_id": member_id, "values": {name: before[name] for name in changed}})
    return Changes.of("meeting", member.call_id, undo=undo)


def declare(session: Session, *, member_id: str, declaration: str) -> Changes:
    """Note what a member declared for the campaign: « none », « list », or empty to await it again."""
    day = today(session) if declaration else None
    return put(session, member_id=member_id, values={"declaration": declaration, "declared_on": day})


def take_up(session: Session, *, call_id: str, from_call_id: str) -> Changes:
    """Bring the members of another campaign who have not left it, with their voice, substitutes and perimeter.

    Those already there by name are left alone; declarations are of a year and are awaited again. Raises UserError
    when there is nobody to bring.
    """
    there = {known.same_person(m.name) for m in known.rows(session, call_id=call_id)}
    brought = [
        m for m in known.rows(session, call_id=from_call_id) if not m.left_on and known.same_person(m.name) not in there
    ]
    if not brought:
        raise UserError("Tous les membres de cette campagne sont déjà là.")
    keys: dict[str, str] = {}
    done, back = Changes(), []
    # Titular members first: a substitute names one.
    for row in sorted(brought, key=lambda m: bool(m.substitute_of)):
        values = {**known.values(row), "left_on": None, "declaration": "", "declared_on": None}
        values["substitute_of"] = keys.get(row.substitute_of or "")
        changes, keys[row.id] = add(session, call_id=call_id, **values)
        session.flush()
        done |= changes
        back.append(changes.undo)
    return Changes(done.touched, together(*back))


def add_all(session: Session, *, call_id: str, people: Collection[Values]) -> tuple[Changes, int]:
    """Add the people of a list, those already there by name left alone; ``substitute_of`` is a name of the list.

    Gives how many were added. Raises UserError, naming the person, when a titular member is not found.
    """
    there = {known.same_person(m.name): m.id for m in known.rows(session, call_id=call_id)}
    done, back = Changes(), []
    for person in sorted(people, key=lambda p: bool(p.get("substitute_of"))):
        if known.same_person(person["name"]) in there:
            continue
        values = dict(person)
        if titular := values.pop("substitute_of", ""):
            values["substitute_of"] = there.get(known.same_person(titular))
            if values["substitute_of"] is None:
                raise UserError(
                    f"{person['name']} est suppléant·e de {quote(titular)}, qui n’est ni dans la liste ni au comité."
                )
        changes, key = add(session, call_id=call_id, **values)
        session.flush()
        there[known.same_person(person["name"])] = key
        done |= changes
        back.append(changes.undo)
    return Changes(done.touched, together(*back)), len(back)


def _refuse_name(session: Session, call_id: str, name: str, besides: str = "") -> None:
    if not name:
        raise UserError("Le nom du membre est obligatoire.", field="name")
    same = select(Member.id).where(Member.call_id == call_id, Member.name == name, Member.id != besides)
    if session.scalars(same).first():
        raise UserError(f"{quote(name)} est déjà membre du comité.", field="name")


def _refuse_titular(session: Session, titular: str, member_id: str) -> None:
    other = session.get_one(Member, titular)
    if titular == member_id or other.substitute_of is not None:
        raise UserError(f"{other.name} ne peut pas être suppléé·e{NBSP}: choisissez un membre titulaire.")


def _values(member: Member) -> Values:
    return {name: getattr(member, name) for name in (*LABELS, "declared_on")}


def _plain(values: Values) -> Values:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items() if v not in ("", None, [])}


def _said(values: Values) -> str:
    body = values.get("body")
    return f"{values['name']} ({body})" if body else str(values["name"])


def _shown(session: Session, name: str, value: Any) -> str:
    if name == "declaration":
        return DECLARATIONS[value]
    if name == "kind":
        return KINDS[value]
    if name == "voice":
        return "oui" if value else "non"
    if name == "substitute_of":
        return session.get_one(Member, value).name if value else "personne"
    if name == "perimeter":
        return counted(len(value), "lieu") if value else "tout le territoire"
    return short_date(value) if isinstance(value, date) else str(value or "vide")
