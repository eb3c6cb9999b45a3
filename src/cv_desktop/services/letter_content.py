"""Merges the template of a letter with the fields of its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.db.models.call import LetterTemplate
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.queries import settings
from cv_desktop.domain.convention_parts import parted
from cv_desktop.domain.conventions import KINDS
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.delegations import TO_COMPLETE
from cv_desktop.domain.letters import Field, LetterContent, Line, Merge, Span, fields_of, lists_of, merge_blocks
from cv_desktop.services import convention_fields
from cv_desktop.services.letter_checks import checked
from cv_desktop.services.letter_fields import Subject
from cv_desktop.services.letter_footer import footer
from cv_desktop.services.letter_given import ANSWERS
from cv_desktop.services.letter_signs import unprintable
from cv_desktop.services.letter_values import conditions, values

_FRAME = frozenset({"structure.nom", "civilite", "adresse", "ville", "service_ville", "envoi"})
# In what is given to a letter: the blocks written for it alone, in place of those of its template.
OWN_BLOCKS = "blocks"


def content_of(session: Session, letter: Letter, *, number: str, day: date) -> LetterContent:
    """What a letter dated ``day`` says; ``number`` is empty while it is not issued."""
    subject = Subject.load(session, letter.application_id, letter.decision_id)
    template: dict[str, Any] = session.get_one(LetterTemplate, letter.template_id).content
    given: dict[str, Any] = letter.given or {}
    own = given.get(OWN_BLOCKS)
    whole = template if own is None else {**template, "blocks": own}
    answers = given.get(ANSWERS, {})
    found = values(session, subject, day, kind=letter.kind, answers=answers, lists=lists_of(whole))
    asked = conditions(session, subject, day, answers)
    if letter.kind in KINDS:
        found |= convention_fields.fields(session, subject, day, given)
        asked |= convention_fields.flags(session, subject)
    content = merged(session, subject, whole, found, asked, kind=letter.kind, number=number, day=day)
    return _cancelling(content, session.get(Letter, letter.replaces_id)) if letter.replaces_id else content


def merged(
    session: Session,
    subject: Subject,
    template: Mapping[str, Any],
    found: Mapping[str, Field],
    asked: frozenset[str],
    *,
    kind: str,
    number: str,
    day: date,
) -> LetterContent:
    """A text merged with the fields ``found`` of a file, those of its blocks kept whose condition is ``asked``."""
    known = {**found, **frame_fields(subject)}
    merge = Merge(known)
    by_agent = template.get("signatory") == "agent"
    recourse = template.get("recourse") if _appealable(template, asked) else None
    reference = f"Nos réf. : {{dossier.numero}}{f' · {number}' if number else ''}"
    # Somebody else than the structure has asked nothing.
    theirs = () if "addressee" in template else ("Vos réf. : demande du {dossier.depose_le}",)
    signed_by = subject.setting("agent_name" if by_agent else "signatory_name")
    blocks = merge_blocks(template["blocks"], merge, asked)
    body, annexes = parted(blocks) if kind in KINDS else (blocks, ())
    parts: dict[str, Any] = {
        "agent": _lines(merge, *_agent(subject)),
        "references": _lines(merge, reference, *theirs, _sending(template)),
        "addressee": _addressee(merge, template),
        "place_date": merge.line(f"{{service_ville}}, le {long_date(day)}"),
        "object": merge.line(template["object"]),
        "detail": merge.line(template["detail"]),
        "salutation": merge.line(template["salutation"]),
        "blocks": body,
        "annexes": annexes,
        "closing": merge.line(template["closing"]),
        "copies": _lines(merge, *template.get("copies", [])),
        "enclosures": _lines(merge, *template.get("enclosures", [])),
        "signatory_quality": _lines(merge, *_quality(subject, by_agent)),
        "signatory_name": merge.line(signed(signed_by)),
    }
    *quality, name = _lines(merge, *template.get("counterpart", [""]))
    content = LetterContent(
        kind=kind,
        number=number,
        authority=subject.setting("authority"),
        authority_kind=subject.setting("authority_kind"),
        direction=subject.setting("direction"),
        recourse=settings.text_in_force(session, recourse, day) if recourse else "",
        footer=footer(session, subject.settings, day),
        example=subject.call.example,
        missing=merge.missing + unprintable(known, fields_of(template) | _FRAME),
        dated_on=day.isoformat(),
        window=35 if subject.setting("letter_window") == "35" else 45,
        logo=subject.setting("letter_logo"),
        coded=not subject.setting("letter_no_code"),
        facts=tuple((name, said) for name, said in _facts(subject, kind, number, day) if said not in (None, "")),
        counterpart_quality=tuple(quality),
        counterpart_name=name,
        **parts,
    )
    return checked(content, known, asked, subject.settings, signed_by, subject.lot)


def _addressee(merge: Merge, template: Mapping[str, Any]) -> tuple[Line, ...]:
    """The structure, or who the template names: one line for each line of a list."""
    if "addressee" not in template:
        return _lines(merge, "{structure.nom}", "{civilite}", "{adresse}", "{ville}")
    return tuple(line for text in template["addressee"] for line in merge.items(text))


def _appealable(template: Mapping[str, Any], asked: frozenset[str]) -> bool:
    """Whether the ways of appeal are printed: always, or under any of the conditions that the text names."""
    when = template.get("recourse_when")
    return when is None or bool(asked & ({when} if isinstance(when, str) else {*when}))


def _sending(template: Mapping[str, Any]) -> str:
    return f"Envoi : {template.get('sending') or '{envoi}'}"


def _facts(s: Subject, kind: str, number: str, day: date) -> list[tuple[str, Any]]:
    """What the letter decides, as a program reads it beside the page; amounts in cents, days as 2026-03-03."""
    facts: list[tuple[str, Any]] = [
        ("courrier", number),
        ("nature", kind),
        ("date", day.isoformat()),
        ("campagne", s.call.code),
        ("dossier", s.file.number),
        ("structure", s.structure.name),
        ("siret", s.structure.siret),
        ("rna", s.structure.rna),
        ("action", s.file.title),
        ("demande_centimes", s.file.asked_cents),
    ]
    if s.decision is not None:
        facts += [("decision", s.decision.outcome), ("accorde_centimes", s.decision.amount_cents)]
    if s.lot is not None and s.lot.act_on is not None:
        facts += [("organe", s.lot.body), ("acte", s.lot.act_number), ("acte_du", s.lot.act_on.isoformat())]
    return facts


def _lines(merge: Merge, *texts: str) -> tuple[Line, ...]:
    return tuple(merge.line(text) for text in texts)


def frame_fields(s: Subject) -> dict[str, Field]:
    """What the frame of the page asks besides: addresses and mode of sending."""
    return {
        "service_ville": Field("commune du siège", s.setting("city"), "settings"),
        "envoi": Field("mode d’envoi", s.setting("sending"), "settings"),
        "adresse": Field("adresse", s.structure.address, "structure"),
        "ville": Field("commune", _city(s), "structure"),
    }


def _cancelling(content: LetterContent, old: Letter | None) -> LetterContent:
    """A letter that takes the place of another says so: nobody must hold two decisions."""
    if old is None or old.dated_on is None or old.number is None:
        return content
    said = Span(f"Annule et remplace notre courrier {old.number} du {long_date(old.dated_on)}")
    return replace(
        content, references=(*content.references, (said,)), facts=(*content.facts, ("annule_et_remplace", old.number))
    )


def _agent(s: Subject) -> list[str]:
    """Who follows the file (CRPA L111-2): the agent, or the service while no agent is set."""
    name, quality = s.setting("agent_name"), s.setting("agent_quality")
    person = f"{name},\n{quality}" if name and quality else name or s.setting("direction")
    lines = [f"Dossier suivi par : {person}"]
    if phone := s.setting("phone"):
        lines.append(f"Tél. : {phone}")
    if email := s.setting("email"):
        lines.append(f"Courriel : {email}")
    return lines


def _quality(s: Subject, by_agent: bool) -> list[str]:
    if not by_agent:
        return quality_lines(s.setting("signatory_quality"))
    quality = s.setting("agent_quality")
    return quality_lines(f"{quality[:1].upper()}{quality[1:]}") if quality else [f"Pour la {s.setting('direction')},"]


def quality_lines(quality: str) -> list[str]:
    """The quality of who signs, on its lines, up to the comma that the name follows."""
    lines = [line.strip() for line in quality.split("\n") if line.strip()]
    return [*lines[:-1], *(f"{line.rstrip(' ,')}," for line in lines[-1:])]


def signed(name: str) -> str:
    """First name, then the NAME in capitals (CRPA L212-1); a mention to complete by hand while nobody is set."""
    first, _, last = name.strip().rpartition(" ")
    return f"{first} {last.upper()}".strip() or TO_COMPLETE


def _city(s: Subject) -> str:
    if not s.structure.postal_code or not s.structure.commune:
        return ""
    return f"{s.structure.postal_code} {s.structure.commune.upper()}"
