"""A text of letter tried before it is written: on a real file, or on an invented one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import Letter
from cv_desktop.db.queries import letter_templates as queries
from cv_desktop.db.work import today
from cv_desktop.domain.conventions import KINDS
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_template import Vocabulary, known
from cv_desktop.domain.letters import Field, LetterContent, lists_of
from cv_desktop.services import convention_fields, convocations, letter_example, letter_values
from cv_desktop.services.letter_content import frame_fields, merged
from cv_desktop.services.letter_fields import Subject
from cv_desktop.services.letter_given import ANSWERS
from cv_desktop.services.letter_signs import lacking


@dataclass(frozen=True, slots=True)
class Trial:
    """``content`` is the page; ``conditions`` those that hold for this file: the other blocks are not printed."""

    content: LetterContent
    conditions: frozenset[str]


def vocabulary(session: Session, *, kind: str, day: date) -> Vocabulary:
    """What the texts of a kind may ask: its fields with an example of each, its conditions, the recourse texts."""
    recourses = {text.key: text.words for text in queries.recourses(session, day=day)}
    if kind == convocations.KIND:
        return Vocabulary(known(convocations.example_fields(session, day)), convocations.FLAGS, lacking=lacking)
    invented = letter_example.subject(session, day.year)
    conditions = letter_values.FLAGS | (convention_fields.FLAGS if kind in KINDS else {})
    return Vocabulary(known(_example(session, kind, invented, day)), conditions, recourses, lacking)


def on_example(session: Session, *, kind: str, content: Mapping[str, Any], day: date) -> Trial:
    """The text on an invented file, where no field is empty."""
    if kind == convocations.KIND:
        return Trial(convocations.example(session, template=content, day=day), frozenset(convocations.FLAGS))
    invented = letter_example.subject(session, day.year)
    found, asked = _example(session, kind, invented, day), letter_example.FLAGS
    if kind in KINDS:
        asked |= {*convention_fields.FLAGS} - {"consortium"}
    return Trial(merged(session, invented, content, found, asked, kind=kind, number="", day=day), asked)


def on_file(session: Session, *, kind: str, content: Mapping[str, Any], application_id: str, day: date) -> Trial:
    """The text on a real file, with its decision in force when it has one; what the file lacks is boxed."""
    subject = Subject.load(session, application_id, queries.decision_of(session, application_id=application_id))
    return _tried(session, subject, kind, content, day, {})


def on_letter(session: Session, *, letter_id: str, blocks: list[dict[str, Any]]) -> Trial:
    """A letter that is not issued, with these blocks. Raises UserError when it was put away meanwhile."""
    letter = session.get(Letter, letter_id)
    if letter is None:
        raise UserError("Ce courrier n’existe plus\u00a0: son dossier ne le demande plus.")
    subject = Subject.load(session, letter.application_id, letter.decision_id)
    content = {**queries.content(session, letter.template_id), "blocks": blocks}
    return _tried(session, subject, letter.kind, content, today(session), letter.given or {})


def _example(session: Session, kind: str, invented: Subject, day: date) -> dict[str, Field]:
    found = letter_example.fields(session, invented, day, kind)
    return found | convention_fields.example(session, invented, day) if kind in KINDS else found


def _tried(
    session: Session, subject: Subject, kind: str, content: Mapping[str, Any], day: date, given: Mapping[str, Any]
) -> Trial:
    answers = given.get(ANSWERS, {})
    found = letter_values.values(session, subject, day, kind=kind, answers=answers, lists=lists_of(content))
    asked = letter_values.conditions(session, subject, day, answers)
    # A merge asks the names it finds: those of the frame are there too.
    found |= frame_fields(subject)
    if kind in KINDS:
        found |= convention_fields.fields(session, subject, day, given)
        asked |= convention_fields.flags(session, subject)
    return Trial(merged(session, subject, content, found, asked, kind=kind, number="", day=day), asked)
