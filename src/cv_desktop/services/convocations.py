"""Convocations: one page per member, without any trace of the files of his or her déports.

They are documents of the committee and not letters to structures: they take no number of the series « CO ».
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Call
from cv_desktop.db.models.meeting import Meeting, Member
from cv_desktop.db.queries import institution, meetings, presence
from cv_desktop.db.refusals import explained
from cv_desktop.db.store import Store
from cv_desktop.db.work import record, today
from cv_desktop.domain.agenda import hours
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.hours import moment_of, spoken, spoken_moment
from cv_desktop.domain.letters import Field, LetterContent, Line, Merge, merge_blocks
from cv_desktop.domain.text import counted
from cv_desktop.services import declarations
from cv_desktop.services.letter_checks import checked
from cv_desktop.services.letter_content import quality_lines, signed
from cv_desktop.services.letter_fields import itemised as listed
from cv_desktop.services.letter_footer import footer
from cv_desktop.services.letterheads import drawn
from cv_desktop.services.letters import template as letter_template
from cv_desktop.services.letters import write_file
from cv_desktop.services.minutes_files import FOLDER, slug

KIND = "CVQ"
FLAGS = {"has_recusals": "si un lien écarte le membre d’un dossier"}
_CIVILITIES = {"Mme": "Madame", "M.": "Monsieur"}
Render = Callable[[LetterContent], bytes]


def compose(session: Session, *, meeting_id: str, member_id: str, day: date | None = None) -> LetterContent:
    """The convocation of a member, dated ``day`` or today. Its files are those that this member may see."""
    meeting = session.get_one(Meeting, meeting_id)
    call = session.get_one(Call, meeting.call_id)
    member = session.get_one(Member, member_id)
    values = _values(session)
    everything = meetings.agenda(session, meeting_id=meeting_id)
    seen = meetings.agenda(session, meeting_id=meeting_id, viewer=member_id)
    # The files of a déport last too: the end is the same for every member.
    lengths = [row.minutes for row in everything]
    quorum = presence.room(session, meeting_id=meeting_id).needed
    found = _fields(meeting, call, values, seen, len(everything) - len(seen), lengths, quorum, member.honorific)
    template = letter_template(session, KIND, meeting.call_id).content
    flags = frozenset(FLAGS if len(seen) < len(everything) else ())
    return _written(session, template, found, flags, values, meeting, call, member, day or today(session))


def example_fields(session: Session, day: date) -> dict[str, Field]:
    """Every field of a convocation, on a meeting that is in no base."""
    meeting, call, member = _invented(day)
    return _fields(meeting, call, _values(session), (), 1, (), 4, member.honorific)


def example(session: Session, *, template: Mapping[str, Any], day: date) -> LetterContent:
    """What a text would say on an invented meeting, all its conditions met."""
    meeting, call, member = _invented(day)
    found = example_fields(session, day)
    return _written(session, template, found, frozenset(FLAGS), _values(session), meeting, call, member, day)


def _written(
    session: Session,
    template: Mapping[str, Any],
    found: Mapping[str, Field],
    flags: frozenset[str],
    values: dict[str, str],
    meeting: Meeting,
    call: Call,
    member: Member,
    dated: date,
) -> LetterContent:
    merge = Merge(found)
    parts: dict[str, Any] = {
        "agent": _lines(merge, *_agent(values)),
        "references": _lines(merge, f"Séance\u00a0: {meeting.label}"),
        "addressee": _lines(merge, *_addressee(member)),
        "place_date": merge.line(f"{{service_ville}}, le {long_date(dated)}"),
        "object": merge.line(template["object"]),
        "detail": merge.line(template["detail"]),
        "salutation": merge.line(template["salutation"]),
        "blocks": merge_blocks(template["blocks"], merge, flags),
        "closing": merge.line(template["closing"]),
        "copies": _lines(merge, *template.get("copies", [])),
        "enclosures": _lines(merge, *template.get("enclosures", [])),
        "signatory_quality": _lines(merge, *quality_lines(values.get("signatory_quality", ""))),
        "signatory_name": merge.line(signed(values.get("signatory_name", ""))),
    }
    content = LetterContent(
        kind=KIND,
        number="",
        authority=values.get("authority", ""),
        authority_kind=values.get("authority_kind", ""),
        direction=values.get("direction", ""),
        recourse="",
        footer=footer(session, values, dated),
        example=call.example,
        window=35 if values.get("letter_window") == "35" else 45,
        logo=values.get("letter_logo", ""),
        missing=merge.missing,
        **parts,
    )
    return checked(content, found, flags, values, values.get("signatory_name", ""))


def issue(
    store: Store, *, actor: str, meeting_id: str, render: Render, render_form: declarations.Render
) -> tuple[Changes, list[Path]]:
    """Make the convocation of every member in the folder of the base; the day is kept with the meeting.

    The form of the declaration of interests of the member goes with it, in a file of its own to sign and give back.

    Raises UserError when the hour or the place is not known, when the committee is empty or the meeting closed.
    """
    with store.write(actor) as session:
        meeting = session.get_one(Meeting, meeting_id)
        if meeting.state != "prepared":
            raise UserError("Cette séance est déjà ouverte\u00a0: les membres ne se convoquent qu’avant.")
        members = presence.seats(session, call_id=meeting.call_id)
        if not members:
            raise UserError("Le comité n’a pas de membre\u00a0: inscrivez-les avant de convoquer.")
        contents = [(seat, compose(session, meeting_id=meeting_id, member_id=seat.id)) for seat in members]
        if lacking := list(dict.fromkeys(m.label for _seat, content in contents for m in content.missing)):
            raise UserError(f"Avant de convoquer, indiquez\u00a0: {', '.join(lacking)}.")
        made = [(seat, drawn(store.folder, content, render)) for seat, content in contents]
        forms = [
            render_form(declarations.form(session, member_id=seat.id, meeting_id=meeting_id)) for seat, _pdf in made
        ]
        meeting.convened_on = today(session)
        record(
            session,
            verb="convocations.issue",
            noun="meeting",
            noun_id=meeting_id,
            summary=f"{counted(len(made), 'convocation')} à «\u00a0{meeting.label}\u00a0»",
            after={seat.name: hashlib.sha256(pdf).hexdigest() for seat, pdf in made},
        )
        folder = store.folder / FOLDER / f"{meeting.held_on.isoformat()}_{slug(meeting.label)}_convocations"
    with explained(folder / "x"):
        folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for place, ((seat, pdf), form) in enumerate(zip(made, forms, strict=True), 1):
        for name, content in ((slug(seat.name), pdf), (f"{slug(seat.name)}_declaration", form)):
            paths.append(folder / f"{place:02d}_{name}.pdf")
            write_file(paths[-1], content)
    return Changes.of("meeting", meeting_id), paths


def _lines(merge: Merge, *texts: str) -> tuple[Line, ...]:
    return tuple(merge.line(text) for text in texts)


def _addressee(member: Member) -> list[str]:
    name = f"{member.honorific} {member.name}".strip()
    return [line for line in (name, member.body, *member.address.splitlines()) if line]


def _agent(values: dict[str, str]) -> list[str]:
    name, quality = values.get("agent_name", ""), values.get("agent_quality", "")
    person = f"{name},\n{quality}" if name and quality else name or values.get("direction", "")
    lines = [f"Séance suivie par\u00a0: {person}"]
    lines += [f"Tél.\u00a0: {values['phone']}"] if values.get("phone") else []
    return lines + ([f"Courriel\u00a0: {values['email']}"] if values.get("email") else [])


def _values(session: Session) -> dict[str, str]:
    return {key: str(value or "") for key, value in institution.values(session).items()}


def _invented(day: date) -> tuple[Meeting, Call, Member]:
    meeting = Meeting(label="Comité d’exemple", held_on=day, starts_at=time(14), place="Salle des Exemples")
    member = Member(name="Camille Témoin", honorific="Mme", body="Ville d’exemple", address="1 rue des Exemples")
    return meeting, Call(label=f"FIA {day.year}", example=True), member


def _fields(
    meeting: Meeting,
    call: Call,
    values: dict[str, str],
    seen: Sequence[meetings.AgendaRow],
    hidden: int,
    lengths: Sequence[int],
    quorum: int,
    honorific: str,
) -> dict[str, Field]:
    begins, ends = "", ""
    if meeting.starts_at:
        begins = spoken(meeting.starts_at)
        ends = spoken_moment(hours(moment_of(meeting.held_on, meeting.starts_at), lengths)[-1])
    contact = values.get("email") or values.get("phone") or values.get("direction", "")
    files = listed(f"{row.number}, {row.structure}, «\u00a0{row.title}\u00a0»" for row in seen)
    return {
        "service_ville": Field("commune du siège", values.get("city", ""), "settings"),
        "campagne.libelle": Field("campagne", call.label, "call"),
        "civilite": Field("civilité", _CIVILITIES.get(honorific, "Madame, Monsieur"), "meeting"),
        "seance.nom": Field("nom de la séance", meeting.label, "meeting"),
        "seance.date": Field("date", long_date(meeting.held_on, weekday=True), "meeting"),
        "seance.heure": Field("heure de début", begins, "meeting"),
        "seance.fin": Field("heure de fin", ends, "meeting"),
        "seance.lieu": Field("lieu", meeting.place, "meeting"),
        "seance.quorum": Field("quorum", str(quorum), "call"),
        "dossiers": Field("dossiers", files or ("aucun autre dossier.",), "meeting"),
        "deports": Field("déports", counted(hidden, "dossier"), "meeting"),
        "contact": Field("contact du service", contact, "settings"),
    }
