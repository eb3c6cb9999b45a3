"""« Annuler et remplacer »: a letter that was issued never changes, another one takes its place; both are kept."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.completion import Completion
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.text import NBSP
from cv_desktop.services.letters import BY_CHOICE, template


def replace(session: Session, *, letter_id: str, reason: str) -> tuple[Changes, str]:
    """Prepare the letter that cancels and replaces an issued one, to be re-read; gives its key.

    It takes the text in force today; what was typed for the first one alone is kept. Raises UserError when the letter
    is not issued or is replaced already, or without a reason of ten characters.
    """
    why = required_reason(reason, "du remplacement")
    old = session.get_one(Letter, letter_id)
    if old.number is None:
        raise UserError(f"Ce courrier n’est pas émis{NBSP}: il se corrige encore, rien n’est à remplacer.")
    newer = session.scalars(select(Letter).where(Letter.replaces_id == old.id)).one_or_none()
    if newer is not None:
        by = newer.number or "un courrier encore à émettre"
        raise UserError(f"{old.number} est déjà remplacé par {by}.")
    letter = Letter(
        id=new_id(session),
        call_id=old.call_id,
        application_id=old.application_id,
        decision_id=old.decision_id,
        template_id=template(session, old.kind, old.call_id).id,
        kind=old.kind,
        state="to_read",
        prepared_at=now(session),
        # Somebody wants it: the preparation of the campaign does not put it away.
        given={**(old.given or {}), BY_CHOICE: True},
        replaces_id=old.id,
    )
    session.add(letter)
    session.flush()
    _hand_over(session, old.id, letter.id)
    record(
        session,
        verb="replacements.replace",
        noun="letter",
        noun_id=letter.id,
        summary=f"Courrier {old.number} annulé, à remplacer",
        before={"letter": old.id, "number": old.number, "sha256": old.sha256},
        after={"letter": letter.id},
        reason=why,
    )
    touched = Changes.of("letter", old.id, letter.id) | Changes.of("application", old.application_id)
    return Changes(touched.touched, Step(take_back, {"letter_id": letter.id})), letter.id


def take_back(session: Session, *, letter_id: str) -> Changes:
    """Put away a replacement that was not issued: the first letter stands again. Raises UserError once it is issued."""
    letter = session.get_one(Letter, letter_id)
    if letter.number is not None or letter.replaces_id is None:
        raise UserError(f"Le courrier {letter.number or ''} est émis{NBSP}: il reste celui qui vaut.")
    old = session.get_one(Letter, letter.replaces_id)
    _hand_over(session, letter.id, old.id)
    session.delete(letter)
    session.flush()
    record(
        session,
        verb="replacements.take_back",
        noun="letter",
        noun_id=old.id,
        summary=f"Courrier {old.number}{NBSP}: son remplacement est abandonné",
        before={"letter": letter.id},
    )
    return Changes.of("letter", old.id, letter.id) | Changes.of("application", old.application_id)


def _hand_over(session: Session, source: str, target: str) -> None:
    """A request for documents follows the letter that carries it."""
    for asked in session.scalars(select(Completion).where(Completion.letter_id == source)):
        asked.letter_id = target
    session.flush()
