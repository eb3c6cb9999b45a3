"""Declarations of interests: the form of each member, and what it says of each file once it comes back signed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.declaration import Declaration
from cv_desktop.db.models.meeting import Meeting, Member
from cv_desktop.db.queries import declarations, institution, links, settings
from cv_desktop.db.queries.visibility import visible
from cv_desktop.db.refusals import explained
from cv_desktop.db.store import Store
from cv_desktop.db.work import now, record, today
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.dates import short_date
from cv_desktop.domain.declaration import LINKS, NONE, AskedFile, DeclarationForm
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.services import members
from cv_desktop.services.letters import write_file
from cv_desktop.services.minutes_files import FOLDER, slug

Render = Callable[[DeclarationForm], bytes]
_FIELDS = ("linked", "whole", "kind", "text", "declared_on", "noted_at")


def declare(
    session: Session,
    *,
    member_id: str,
    application_ids: Sequence[str],
    linked: bool,
    declared_on: date | None = None,
    kind: str = "",
    text: str = "",
    whole: bool = True,
) -> Changes:
    """Note what a signed form says of some files: no link, or one of a ``kind`` told in ``text``.

    ``whole``: the link is with the structure of the file. It is then a link to confirm: nothing is hidden yet. The
    declaration of the member for the campaign follows: « liens » with the first one, « aucun lien » once every
    eligible file was answered without any. Raises UserError on a link without kind or words, on a day to come, or on
    a file that the member must not see.
    """
    member = session.get_one(Member, member_id)
    day = declared_on or today(session)
    if day > today(session):
        raise UserError(f"Le {short_date(day)} n’est pas encore passé{NBSP}: notez le jour de la signature.")
    if linked:
        text = required_reason(text, "du lien")
        if kind not in links.kinds(session):
            raise UserError("Choisissez la nature du lien.", field="kind")
    files = session.execute(
        select(Application.id, Application.number)
        .where(Application.id.in_(application_ids), Application.call_id == member.call_id, visible(member_id))
        .order_by(Application.seq)
    ).all()
    if len(files) < len(set(application_ids)):
        raise UserError(f"{member.name} est en déport sur un de ces dossiers{NBSP}: il n’y a plus rien à déclarer.")
    numbers = dict(files)
    before = _held(session, member_id, list(numbers))
    for key in numbers:
        values: dict[str, Any] = {
            "linked": linked,
            "whole": whole and linked,
            "kind": kind if linked else "",
            "text": text.strip() if linked else "",
            "declared_on": day,
            "noted_at": now(session),
        }
        session.merge(Declaration(member_id=member_id, application_id=key, **values))
    session.flush()
    said = f"lien déclaré{NBSP}: {text}" if linked else "aucun lien"
    record(
        session,
        verb="declarations.declare",
        noun="link",
        noun_id=member_id,
        summary=f"{member.name}, {', '.join(numbers.values())}{NBSP}: {said} (signé le {short_date(day)})",
        after={"files": list(numbers.values()), "linked": linked, "kind": kind, "signed": day.isoformat()},
    )
    follow = _whole_call(session, member, day)
    back = Step(put_back, {"member_id": member_id, "kept": before})
    touched = Changes.of("recusal", member_id) | Changes.of("meeting", member.call_id)
    return Changes(touched.touched, together(back, follow.undo))


def forget(session: Session, *, member_id: str, application_ids: Sequence[str]) -> Changes:
    """What was noted of these files is awaited again."""
    return put_back(session, member_id=member_id, kept=dict.fromkeys(application_ids))


def put_back(session: Session, *, member_id: str, kept: dict[str, dict[str, Any] | None]) -> Changes:
    """The declarations of some files as they were, None for none: the way back of ``declare``."""
    member = session.get_one(Member, member_id)
    before = _held(session, member_id, list(kept))
    session.execute(
        delete(Declaration).where(Declaration.member_id == member_id, Declaration.application_id.in_(list(kept)))
    )
    for key, values in kept.items():
        if values is not None:
            session.add(Declaration(member_id=member_id, application_id=key, **values))
    session.flush()
    numbers = sorted(session.scalars(select(Application.number).where(Application.id.in_(list(kept)))))
    record(
        session,
        verb="declarations.put_back",
        noun="link",
        noun_id=member_id,
        summary=f"{member.name}, {', '.join(numbers)}{NBSP}: déclaration reprise",
        before={key: bool(values and values["linked"]) for key, values in before.items()},
    )
    touched = Changes.of("recusal", member_id) | Changes.of("meeting", member.call_id)
    return Changes(touched.touched, Step(put_back, {"member_id": member_id, "kept": before}))


def form(session: Session, *, member_id: str, meeting_id: str | None = None) -> DeclarationForm:
    """The form of a member for a meeting, or for his or her campaign; no trace of the files of a déport."""
    member = session.get_one(Member, member_id)
    call = session.get_one(Call, member.call_id)
    meeting = session.get_one(Meeting, meeting_id) if meeting_id else None
    asked = declarations.rows(session, call_id=call.id, member_id=member_id, meeting_id=meeting_id)
    values = {key: str(value or "") for key, value in institution.values(session).items()}
    day = today(session)
    texts = {
        name: settings.text_in_force(session, f"declaration_{name}", day)
        for name in ("droit", "objet", "suite", "engagement")
    }
    return DeclarationForm(
        authority_kind=values.get("authority_kind", ""),
        authority=values.get("authority", ""),
        direction=values.get("direction", ""),
        call=call.label,
        meeting=meeting.label if meeting else "",
        held_on=meeting.held_on if meeting else None,
        honorific=member.honorific,
        member=member.name,
        body=member.body,
        files=tuple(AskedFile(row.number, row.structure, row.title) for row in asked),
        hidden=declarations.hidden_from(session, member_id=member_id, meeting_id=meeting_id),
        kinds=tuple((kind.label, kind.law) for kind in links.kinds(session).values()),
        law=texts["droit"],
        purpose=texts["objet"],
        follow_up=texts["suite"],
        undertaking=texts["engagement"],
        contact=values.get("email") or values.get("phone") or values.get("direction", ""),
        example=call.example,
    )


def print_forms(
    store: Store, *, actor: str, call_id: str, meeting_id: str | None, member_ids: Sequence[str], render: Render
) -> tuple[Changes, list[Path]]:
    """The form of each of these members as a PDF in the folder of the base; the print is journaled.

    Raises UserError when there is no member, or no file to declare on.
    """
    with store.write(actor) as session:
        if not member_ids:
            raise UserError(f"Le comité n’a pas de membre{NBSP}: inscrivez-les avant d’imprimer.")
        forms = [form(session, member_id=key, meeting_id=meeting_id) for key in member_ids]
        if not any(one.files or one.hidden for one in forms):
            raise UserError(f"Aucun dossier à déclarer{NBSP}: mettez des dossiers à l’ordre du jour.")
        made = [(one, render(one)) for one in forms]
        call = session.get_one(Call, call_id)
        record(
            session,
            verb="declarations.print_forms",
            noun="meeting",
            noun_id=meeting_id or call_id,
            summary=f"{counted(len(made), 'formulaire')} de déclaration d’intérêts, {made[0][0].subject}",
            after={one.member: hashlib.sha256(pdf).hexdigest() for one, pdf in made},
            source="export",
        )
        meeting = session.get_one(Meeting, meeting_id) if meeting_id else None
        name = f"{meeting.held_on.isoformat()}_{slug(meeting.label)}" if meeting else slug(call.code)
        folder = store.folder / FOLDER / f"{name}_declarations"
    with explained(folder / "x"):
        folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for one, pdf in made:
        paths.append(folder / f"{slug(one.member)}.pdf")
        write_file(paths[-1], pdf)
    return Changes.of("meeting", meeting_id or call_id), paths


def _held(session: Session, member_id: str, files: Sequence[str]) -> dict[str, dict[str, Any] | None]:
    """What is noted of each of these files, None for nothing."""
    query = select(Declaration).where(Declaration.member_id == member_id, Declaration.application_id.in_(files))
    known = {d.application_id: {name: getattr(d, name) for name in _FIELDS} for d in session.scalars(query)}
    return {key: known.get(key) for key in files}


def _whole_call(session: Session, member: Member, day: date) -> Changes:
    """What these answers say of the campaign as a whole, when it is more than was known."""
    answers = declarations.rows(session, call_id=member.call_id, member_id=member.id)
    own = select(Declaration.linked).where(Declaration.member_id == member.id)
    if any(session.scalars(own)):
        said = LINKS
    elif answers and all(row.linked is False for row in answers) and not member.declaration:
        said = NONE
    else:
        return Changes()
    if member.declaration == said:
        return Changes()
    return members.put(session, member_id=member.id, values={"declaration": said, "declared_on": day})
