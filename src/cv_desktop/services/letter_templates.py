"""Verbs on the texts of letters: written, given to one campaign, brought back to the shipped one, validated.

A text that an issued letter took, or that was written another day, is never changed: the next version is added. The
letters of the kind that are not issued follow it, and are re-read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Call, LetterTemplate
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.work import new_id, record, today
from cv_desktop.domain import letter_template
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.paths import resource
from cv_desktop.services import letter_trials, phases
from cv_desktop.services.letters import template as in_use
from cv_desktop.services.opening import TABLES

Moved = Sequence[tuple[str, str, str]]  # letter, the version it had, its state


@cache
def shipped() -> dict[str, dict[str, Any]]:
    """The text of each kind as this program brings it; not to be changed."""
    found: dict[str, dict[str, Any]] = {}
    for name in TABLES:
        raw = resource("reference", f"{name}.json").read_bytes()
        if b'"templates"' not in raw:
            continue
        for one in json.loads(raw)["templates"]:
            found[one["kind"]] = {key: value for key, value in one.items() if key not in ("kind", "label")}
    return found


def kept_mentions(session: Session, *, kind: str, call_id: str = "") -> frozenset[str]:
    """The mentions that a new text of this kind must have: those of the shipped one, else of the one in use."""
    default = shipped().get(kind)
    return letter_template.mentions(default if default else in_use(session, kind, call_id).content)


def faults(session: Session, *, kind: str, content: Mapping[str, Any], day: date) -> tuple[letter_template.Fault, ...]:
    """Everything that keeps a text from being written, in reading order."""
    words = letter_trials.vocabulary(session, kind=kind, day=day)
    return letter_template.faults(content, words, kept_mentions(session, kind=kind))


def write(
    session: Session,
    *,
    kind: str,
    content: Mapping[str, Any],
    call_id: str = "",
    said: str = "",
    source: str = "saisie",
) -> tuple[Changes, str]:
    """Write the text of a kind for every campaign, or for ``call_id`` alone; gives the key of its version.

    ``said`` tells where it comes from, « pris du fichier … ». Raises UserError with the first fault, its ``field`` the
    place of it in the text, and when the campaign is closed.
    """
    if call_id:
        phases.of_open(session, call_id)
    whole = letter_template.read(dict(content))
    wrong = faults(session, kind=kind, content=whole, day=today(session))
    if wrong:
        more = f" {counted(len(wrong) - 1, 'autre point')} à revoir." if len(wrong) > 1 else ""
        raise UserError(f"{wrong[0].sentence}{more}", field=wrong[0].where)
    row = in_use(session, kind, call_id)
    if whole == row.content and (row.call_id or "") == call_id:
        return Changes(), row.id
    doubtful = whole == shipped().get(kind)
    own = (row.call_id or "") == call_id
    if own and row.effective_from == today(session) and not _issued(session, row.id):
        return _put(session, template_id=row.id, content=whole, to_validate=doubtful, said=said, source=source), row.id
    new = _next(session, row, call_id, whole, doubtful)
    return _add(session, values=new, before=dict(row.content), said=said, source=source), str(new["id"])


def give_own(session: Session, *, kind: str, call_id: str) -> tuple[Changes, str]:
    """Give a campaign a text of its own, a copy of the general one; gives the key. Raises UserError when it has one."""
    phases.of_open(session, call_id)
    row = in_use(session, kind, call_id)
    if row.call_id is not None:
        raise UserError(f"Cette campagne a déjà son modèle {quote(row.label)}.")
    values = _next(session, row, call_id, dict(row.content), row.to_validate)
    return _add(session, values=values, before={}, said="copie du modèle général"), str(values["id"])


def drop_own(session: Session, *, kind: str, call_id: str) -> Changes:
    """Take its own text from a campaign: its letters not issued follow the general one again.

    Raises UserError once an issued letter took it.
    """
    rows = session.scalars(
        select(LetterTemplate)
        .where(LetterTemplate.kind == kind, LetterTemplate.call_id == call_id)
        .order_by(LetterTemplate.version.desc())
    ).all()
    if not rows:
        raise UserError("Cette campagne suit déjà le modèle général.")
    if used := [row for row in rows if _issued(session, row.id)]:
        raise UserError(
            f"Le modèle {quote(used[0].label)} de cette campagne a servi à des courriers émis{NBSP}: il est gardé. "
            "Reprenez-y le texte général si vous voulez le même."
        )
    touched, steps = Changes(), []
    for row in rows:
        done = _drop(session, template_id=row.id)
        touched |= done
        steps.append(done.undo)
    return Changes(touched.touched, together(*steps))


def restore_shipped(session: Session, *, kind: str, call_id: str = "") -> tuple[Changes, str]:
    """Bring back the text as it was shipped, « à valider » again. Raises UserError for a kind that was not shipped."""
    default = shipped().get(kind)
    if default is None:
        raise UserError("Ce modèle n’a pas de texte d’origine.")
    return write(session, kind=kind, content=default, call_id=call_id, said="texte d’origine repris")


def validate(session: Session, *, template_id: str, to_validate: bool = False) -> Changes:
    """Say that a shipped text is right, or that it waits for it again."""
    row = session.get_one(LetterTemplate, template_id)
    before, row.to_validate = row.to_validate, to_validate
    _say(session, row, "validate", "à valider" if to_validate else "validé", before, to_validate)
    return _touched(row, (), Step(validate, {"template_id": template_id, "to_validate": before}))


def _next(
    session: Session, row: LetterTemplate, call_id: str, content: dict[str, Any], to_validate: bool
) -> dict[str, Any]:
    last = session.scalar(select(func.max(LetterTemplate.version)).where(LetterTemplate.kind == row.kind)) or 0
    return {
        "id": new_id(session),
        "call_id": call_id or None,
        "kind": row.kind,
        "label": row.label,
        "version": last + 1,
        "effective_from": today(session),
        "content": content,
        "to_validate": to_validate,
    }


def _put(
    session: Session,
    *,
    template_id: str,
    content: dict[str, Any],
    to_validate: bool,
    said: str = "",
    source: str = "saisie",
    read: Sequence[str] = (),
) -> Changes:
    """Give a version its text; its letters that were re-read are to re-read again, or ``read`` back as they were."""
    row = session.get_one(LetterTemplate, template_id)
    if _issued(session, row.id):
        raise UserError(f"Le modèle {quote(row.label)} a servi à un courrier émis depuis{NBSP}: il ne revient plus en "
                        "arrière.")  # fmt: skip
    before, doubtful = dict(row.content), row.to_validate
    row.content, row.to_validate = content, to_validate
    waiting = session.scalars(select(Letter).where(Letter.template_id == row.id, Letter.number.is_(None))).all()
    reread = [letter for letter in waiting if letter.state == "read"]
    for letter in reread:
        letter.state = "to_read"
    for letter in waiting:
        if letter.id in read:
            letter.state = "read"
    _say(session, row, "write", said or _changed(before, content), *_differing(before, content), source=source)
    back = {"template_id": row.id, "content": before, "to_validate": doubtful, "read": [x.id for x in reread]}
    return _touched(row, [x.id for x in waiting], Step(_put, back))


def _add(
    session: Session,
    *,
    values: dict[str, Any],
    before: dict[str, Any],
    said: str = "",
    source: str = "saisie",
) -> Changes:
    """Add a version; the letters not issued that it is for follow it and are to re-read."""
    row = LetterTemplate(**values)
    session.add(row)
    session.flush()
    query = select(Letter).where(Letter.kind == row.kind, Letter.number.is_(None))
    if row.call_id is not None:
        query = query.where(Letter.call_id == row.call_id)
    else:
        owning = select(LetterTemplate.call_id).where(
            LetterTemplate.kind == row.kind, LetterTemplate.call_id.is_not(None)
        )
        query = query.where(Letter.call_id.not_in(owning))
    same = set(session.scalars(select(LetterTemplate.id).where(LetterTemplate.content == row.content)))
    moved = []
    for letter in session.scalars(query):
        moved.append((letter.id, letter.template_id, letter.state))
        letter.state = letter.state if letter.template_id in same else "to_read"
        letter.template_id = row.id
    session.flush()
    what = said or _changed(before, row.content)
    _say(session, row, "add", what, *_differing(before, row.content), source=source)
    return _touched(row, [key for key, *_ in moved], Step(_drop, {"template_id": row.id, "moved": moved}))


def _drop(session: Session, *, template_id: str, moved: Moved = ()) -> Changes:
    """Take a version back: its letters follow the one before, in the state they had."""
    row = session.get_one(LetterTemplate, template_id)
    if _issued(session, row.id):
        raise UserError(
            f"La version {row.version} du modèle {quote(row.label)} a servi à un courrier émis{NBSP}: elle est gardée."
        )
    values = {column.key: getattr(row, column.key) for column in LetterTemplate.__table__.columns}
    held = {key: (former, state) for key, former, state in moved}
    letters = session.scalars(select(Letter).where(Letter.template_id == row.id)).all()
    for letter in letters:
        former, state = held.get(letter.id, ("", "to_read"))
        if not former or session.get(LetterTemplate, former) is None:
            former = _former(session, row, letter.call_id)
        letter.template_id, letter.state = former, state
    _say(session, row, "drop", "retirée", before=dict(row.content))
    touched = _touched(
        row, [letter.id for letter in letters], Step(_add, {"values": values, "before": {}, "said": "remise"})
    )
    session.flush()
    session.delete(row)
    session.flush()
    return touched


def _former(session: Session, row: LetterTemplate, call_id: str) -> str:
    """The version that a letter of a campaign follows without this one."""
    others = select(LetterTemplate).where(LetterTemplate.kind == row.kind, LetterTemplate.id != row.id)
    fitting = [x for x in session.scalars(others) if x.call_id in (None, call_id)]
    return max(fitting, key=lambda x: (x.call_id is not None, x.version)).id


def _issued(session: Session, template_id: str) -> bool:
    query = select(Letter.id).where(Letter.template_id == template_id, Letter.number.is_not(None)).limit(1)
    return session.scalar(query) is not None


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """« objet, 2 blocs »: what of a text differs."""
    said = [
        label.lower()
        for key, label in (*letter_template.PARTS.items(), *letter_template.LINES.items())
        if before.get(key) != after.get(key)
    ]
    olds, news = list(before.get("blocks", ())), list(after.get("blocks", ()))
    number = sum(1 for block in news if block not in olds) or sum(1 for block in olds if block not in news)
    if number:
        said.append(counted(number, "bloc"))
    elif olds != news:
        said.append("ordre des blocs")
    if before.get("signatory") != after.get("signatory"):
        said.append("signataire")
    if before.get("recourse") != after.get("recourse"):
        said.append("voies de recours")
    return ", ".join(said) or "inchangé"


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of both texts, the parts that are not the same: what the journal keeps."""
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return {key: before.get(key) for key in keys if key in before}, {key: after.get(key) for key in keys}


def _say(
    session: Session,
    row: LetterTemplate,
    verb: str,
    said: str,
    before: Any = None,
    after: Any = None,
    *,
    source: str = "saisie",
) -> None:
    call = session.get_one(Call, row.call_id).label if row.call_id else ""
    where = f" ({call})" if call else ""
    record(
        session,
        verb=f"letter_templates.{verb}",
        noun="letter_template",
        noun_id=row.id,
        summary=f"Modèle {quote(row.label)}{where}, version {row.version}{NBSP}: {said}",
        before=before,
        after=after,
        source=source,
    )


def _touched(row: LetterTemplate, letters: Sequence[str], undo: Step) -> Changes:
    # Campaigns show the texts among what is theirs.
    touched = Changes.of("letter_template", row.id) | Changes.of("letter", row.id, *letters)
    return Changes(touched.touched, undo)
