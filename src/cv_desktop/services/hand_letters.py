"""Letters that an officer prepares by hand: what each file may receive, the answers it needs, the reminders due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import LetterTemplate
from cv_desktop.db.models.decision import Decision, DecisionEnd, Letter, Recourse
from cv_desktop.db.queries import calls
from cv_desktop.db.work import new_id, now, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.hand_letters import KINDS, reminder_kind, step_reached, why_not
from cv_desktop.domain.letter_forms import FORMS, Bounds, read, shown
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services.hand_letter_files import answers_of, granted, situation
from cv_desktop.services.letter_given import ANSWERS
from cv_desktop.services.letters import template

# The key, in what a letter keeps, of the reminder it is, counted from 0.
_STEP = "reminder"


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind offered for a file; ``reason`` says why not, empty when it may be prepared."""

    kind: str
    label: str
    reason: str


def choices(session: Session, *, application_id: str) -> list[Choice]:
    """Every kind prepared by hand, in the order of the life of a file, with why some make no sense now."""
    file = session.get_one(Application, application_id)
    where = situation(session, file)
    return [Choice(kind, template(session, kind, file.call_id).label, why_not(kind, where)) for kind in KINDS]


def usual(session: Session, *, application_id: str, kind: str) -> dict[str, str]:
    """The answers that the base already holds for a form, as one types them; none for a kind that has no form."""
    if kind not in FORMS:
        return {}
    return _typed(kind, answers_of(session, session.get_one(Application, application_id), kind))


def answers(session: Session, *, letter_id: str) -> dict[str, str]:
    """The answers kept for a letter, as one types them. Raises UserError when it is issued or gone."""
    letter = _open(session, letter_id)
    return _typed(letter.kind, (letter.given or {}).get(ANSWERS, {}))


def prepare(session: Session, *, application_id: str, kind: str, answers: Mapping[str, Any]) -> Changes:
    """Prepare a letter with the answers typed for it.

    Raises UserError when the kind is not prepared by hand, makes no sense for this file, or on a wrong answer.
    """
    if kind not in FORMS:
        known = ", ".join(KINDS)
        raise UserError(f"{quote(kind)} ne se prépare pas à la main. Types possibles{NBSP}: {known}.")
    file = session.get_one(Application, application_id)
    if why := why_not(kind, situation(session, file)):
        raise UserError(why if why.startswith(file.number) else f"{file.number}{NBSP}: {why[:1].lower()}{why[1:]}")
    kept = read(kind, answers, _bounds(session, file))
    letter = _new(session, file, kind, {ANSWERS: kept})
    _record(session, letter, file, "prepared", f"préparé à la main pour {file.number}", after=kept)
    return Changes.of("letter", letter.id, undo=Step(remove, {"letter_id": letter.id}))


def change(session: Session, *, letter_id: str, answers: Mapping[str, Any]) -> Changes:
    """Write other answers for a letter that is not issued; it is read again. Raises UserError on a wrong answer."""
    letter = _open(session, letter_id)
    file = session.get_one(Application, letter.application_id)
    given = dict(letter.given or {})
    before = dict(given.get(ANSWERS, {}))
    kept = read(letter.kind, answers, _bounds(session, file))
    if kept == before:
        return Changes()
    state = letter.state
    letter.given, letter.state = {**given, ANSWERS: kept}, "to_read"
    _record(session, letter, file, "change", f"complété pour {file.number}", before=before, after=kept)
    return Changes.of("letter", letter.id, undo=Step(_put, {"letter_id": letter.id, "answers": before, "state": state}))


def remove(session: Session, *, letter_id: str) -> Changes:
    """Delete a letter prepared by hand and not issued; undone, it comes back as it was."""
    letter = _open(session, letter_id)
    file = session.get_one(Application, letter.application_id)
    values = {column.key: getattr(letter, column.key) for column in Letter.__table__.columns}
    session.delete(letter)
    _record(session, letter, file, "remove", f"supprimé, {file.number}", before=values["given"])
    return Changes.of("letter", letter_id, undo=Step(_restore, {"values": values}))


def remind(session: Session, *, call_id: str, day: date | None = None) -> Changes:
    """Prepare the reminders that the reports of a campaign call for on a day, each once.

    The days come from the règlement (« Relances du bilan »); the last one is the « dernier rappel ».
    """
    offsets = sorted(calls.rules(session, call_id).offsets("reminder_offsets"))
    when = day or today(session)
    made = []
    for file in session.scalars(select(Application).where(Application.call_id == call_id).order_by(Application.seq)):
        step = step_reached(situation(session, file), offsets, when)
        if step is None or step <= _last_step(session, file.id):
            continue
        letter = _new(session, file, reminder_kind(step, offsets), {ANSWERS: {}, _STEP: step})
        made.append(letter.id)
    if not made:
        return Changes()
    record(
        session,
        verb="hand_letters.remind",
        noun="letter",
        noun_id=call_id,
        summary=f"{counted(len(made), 'rappel')} de bilan préparé{'s' if len(made) > 1 else ''}",
        after=made,
        source="calcul",
    )
    return Changes.of("letter", *made, undo=Step(_remove_all, {"letter_ids": made}))


def _typed(kind: str, kept: Mapping[str, Any]) -> dict[str, str]:
    return {ask.name: shown(ask, kept[ask.name]) for ask in FORMS[kind] if ask.name in kept}


def _remove_all(session: Session, *, letter_ids: list[str]) -> Changes:
    changes = Changes()
    for key in letter_ids:
        letter = session.get(Letter, key)
        if letter is not None and letter.number is None:
            changes |= remove(session, letter_id=key)
    return Changes(changes.touched)


def _put(session: Session, *, letter_id: str, answers: dict[str, Any], state: str) -> Changes:
    """Answers back as they were, without judging them again: they were accepted on their day."""
    letter = _open(session, letter_id)
    file = session.get_one(Application, letter.application_id)
    given, former = dict(letter.given or {}), letter.state
    before = dict(given.get(ANSWERS, {}))
    letter.given, letter.state = {**given, ANSWERS: answers}, state
    _record(session, letter, file, "change", f"remis comme il était, {file.number}", before=before, after=answers)
    undo = Step(_put, {"letter_id": letter_id, "answers": before, "state": former})
    return Changes.of("letter", letter_id, undo=undo)


def _restore(session: Session, *, values: dict[str, Any]) -> Changes:
    letter = Letter(**values)
    session.add(letter)
    session.flush()
    file = session.get_one(Application, letter.application_id)
    _record(session, letter, file, "restore", f"rétabli, {file.number}", after=values["given"])
    return Changes.of("letter", letter.id, undo=Step(remove, {"letter_id": letter.id}))


def _new(session: Session, file: Application, kind: str, given: dict[str, Any]) -> Letter:
    letter = Letter(
        id=new_id(session),
        call_id=file.call_id,
        application_id=file.id,
        decision_id=_decision(session, file.id, kind),
        template_id=template(session, kind, file.call_id).id,
        kind=kind,
        state="to_read",
        prepared_at=now(session),
        given=given,
    )
    session.add(letter)
    session.flush()
    return letter


def _decision(session: Session, application_id: str, kind: str) -> str | None:
    """The decision that a letter is about: the one withdrawn, the one challenged, else the one that gives money."""
    if kind in ("AVIS", "ATTEST"):
        return None
    mine = select(Decision.id).where(Decision.application_id == application_id).order_by(Decision.decided_at.desc())
    if kind == "RETRAIT":
        return session.scalars(mine.join(DecisionEnd, DecisionEnd.decision_id == Decision.id)).first()
    if kind == "REC":
        challenged = mine.join(Recourse, Recourse.decision_id == Decision.id).where(Recourse.kind == "gracious")
        return session.scalars(challenged).first()
    current = granted(session, application_id)
    return current.id if current else session.scalars(mine.where(Decision.amount_cents > 0)).first()


def _bounds(session: Session, file: Application) -> Bounds:
    current = granted(session, file.id)
    last = select(Decision.amount_cents).where(Decision.application_id == file.id, Decision.amount_cents > 0)
    cents = current.amount_cents if current else session.scalars(last.order_by(Decision.decided_at.desc())).first()
    return Bounds(today(session), cents or 0)


def _last_step(session: Session, application_id: str) -> int:
    """The last reminder prepared or issued for a file, -1 when there is none."""
    query = select(Letter.given).where(Letter.application_id == application_id, Letter.kind.in_(("REL-1", "REL-2")))
    return max((int((given or {}).get(_STEP, 0)) for given in session.scalars(query)), default=-1)


def _open(session: Session, letter_id: str) -> Letter:
    letter = session.get(Letter, letter_id)
    if letter is None or letter.kind not in FORMS:
        raise UserError("Ce courrier n’est plus à compléter\u00a0: il a été supprimé, ou il se prépare tout seul.")
    if letter.number is not None:
        raise UserError(f"Le courrier {letter.number} est émis\u00a0: il ne change plus.")
    return letter


def _record(session: Session, letter: Letter, file: Application, verb: str, words: str, **kept: Any) -> None:
    label = session.get_one(LetterTemplate, letter.template_id).label
    record(
        session,
        verb=f"hand_letters.{verb}",
        noun="letter",
        noun_id=letter.id,
        summary=f"Courrier {quote(label)} {words}",
        **kept,
    )
