"""The words by which the boxes of a form are known: corrected on screen, validated by the service."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.db.models.form_kind import FormKind
from cv_desktop.db.queries import form_kinds as queries
from cv_desktop.db.work import record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filled_form import identity
from cv_desktop.domain.text import NBSP


def set_words(session: Session, *, code: str, field: str, text: str) -> Changes:
    """Change the words of a field, typed between commas.

    ``field`` is the identity of a line of the form. Raises UserError when no word is left, or on an unknown field.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise UserError("Laissez au moins un mot auquel ce champ se reconnaît.")
    form = _form(session, code)
    fields = [dict(entry) for entry in form.fields]
    changed = next((entry for entry in fields if identity(entry) == field), None)
    if changed is None:
        raise UserError("Ce champ n’existe plus dans ce formulaire.")
    before = list(changed["names"])
    changed["names"] = names
    return _put(session, form, fields, form.to_validate, f"{field}{NBSP}: {', '.join(before)} → {', '.join(names)}")


def validate(session: Session, *, code: str, to_validate: bool = False) -> Changes:
    """Say that the words of a form are right, or that they wait for it again."""
    form = _form(session, code)
    said = "mots à valider" if to_validate else "mots validés"
    return _put(session, form, list(form.fields), to_validate, said)


def restore(session: Session, *, code: str, fields: list[dict[str, Any]], to_validate: bool) -> Changes:
    """Give a form its words back: the way back of an edit."""
    return _put(session, _form(session, code), fields, to_validate, "mots d’avant rétablis")


def _form(session: Session, code: str) -> FormKind:
    key = next(row.id for row in queries.current(session) if row.kind.code == code)
    return session.get_one(FormKind, key)


def _put(session: Session, form: FormKind, fields: list[dict[str, Any]], to_validate: bool, said: str) -> Changes:
    before: dict[str, Any] = {"fields": form.fields, "to_validate": form.to_validate}
    form.fields, form.to_validate = fields, to_validate
    session.flush()
    record(
        session,
        verb="form_kinds.put",
        noun="form_kind",
        noun_id=form.id,
        summary=f"Formulaire {form.code} › {said}",
        before=before,
        after={"fields": fields, "to_validate": to_validate},
    )
    return Changes.of("form_kind", form.id, undo=Step(restore, {"code": form.code, **before}))
