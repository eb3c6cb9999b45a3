"""Verbs on the text of one letter that is not issued: its blocks written for it alone, or those of its template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.db.models.call import LetterTemplate
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.queries import letter_templates as queries
from cv_desktop.db.work import record, today
from cv_desktop.domain import letter_template
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_template import Fault
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.services import letter_trials
from cv_desktop.services.letter_content import OWN_BLOCKS

Blocks = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class LetterText:
    """``blocks`` as they are edited, its ``own`` or those of its ``template``."""

    kind: str
    blocks: Blocks
    own: bool
    template: dict[str, Any]


def text(session: Session, *, letter_id: str) -> LetterText:
    """What is edited of a letter. Raises UserError when it is issued, or was put away meanwhile."""
    letter = _open(session, letter_id)
    template = queries.content(session, letter.template_id)
    own = (letter.given or {}).get(OWN_BLOCKS)
    return LetterText(letter.kind, template["blocks"] if own is None else own, own is not None, template)


def faults(session: Session, *, letter_id: str, blocks: Sequence[dict[str, Any]]) -> tuple[Fault, ...]:
    """What keeps these blocks from being those of a letter: amount, references and lists of its template stay."""
    letter = _open(session, letter_id)
    words = letter_trials.vocabulary(session, kind=letter.kind, day=today(session))
    kept = letter_template.block_mentions(queries.content(session, letter.template_id)["blocks"])
    return letter_template.blocks_faults(blocks, words, kept)


def write(session: Session, *, letter_id: str, blocks: Blocks) -> Changes:
    """Write the blocks of one letter; it is to re-read. Blocks like those of its template are not its own.

    Raises UserError with the first fault, its ``field`` the place of it.
    """
    letter = _open(session, letter_id)
    letter_template.read({**queries.content(session, letter.template_id), "blocks": blocks})
    if wrong := faults(session, letter_id=letter_id, blocks=blocks):
        more = f" {counted(len(wrong) - 1, 'autre point')} à revoir." if len(wrong) > 1 else ""
        raise UserError(f"{wrong[0].sentence}{more}", field=wrong[0].where)
    same = blocks == queries.content(session, letter.template_id)["blocks"]
    return _put(session, letter_id=letter_id, blocks=None if same else blocks, state="to_read")


def restore(session: Session, *, letter_id: str) -> Changes:
    """Back to the text of the template; the letter is to re-read. Raises UserError when it is the one it has."""
    if not text(session, letter_id=letter_id).own:
        raise UserError("Ce courrier suit déjà son modèle.")
    return _put(session, letter_id=letter_id, blocks=None, state="to_read")


def _put(session: Session, *, letter_id: str, blocks: Blocks | None, state: str) -> Changes:
    letter = _open(session, letter_id)
    given = dict(letter.given or {})
    before, former = given.pop(OWN_BLOCKS, None), letter.state
    if blocks == before:
        return Changes()
    if blocks is not None:
        given[OWN_BLOCKS] = blocks
    letter.given, letter.state = given or None, state
    label = session.get_one(LetterTemplate, letter.template_id).label
    record(
        session,
        verb="letter_texts.write",
        noun="letter",
        noun_id=letter.id,
        summary=f"Courrier {label}{NBSP}: {'texte propre à ce courrier' if blocks else 'texte du modèle'}",
        before=before,
        after=blocks,
    )
    undo = Step(_put, {"letter_id": letter.id, "blocks": before, "state": former})
    return Changes.of("letter", letter.id, undo=undo)


def _open(session: Session, letter_id: str) -> Letter:
    letter = session.get(Letter, letter_id)
    if letter is None:
        raise UserError("Ce courrier n’existe plus\u00a0: son dossier ne le demande plus.")
    if letter.number is not None:
        raise UserError(f"Le courrier {letter.number} est émis\u00a0: il ne change plus.")
    return letter
