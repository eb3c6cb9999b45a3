"""Campaigns: created from the scheme's default règlement, then edited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Call, Grid, RulesParameter
from cv_desktop.db.models.decision import Scenario
from cv_desktop.db.models.reference import Scheme
from cv_desktop.db.queries.calls import parameter_of
from cv_desktop.db.work import new_id, now, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros

_CODE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
FIRST_YEAR, LAST_YEAR = 2015, 2050
DEFAULT_SCENARIO = "A · Proposition"


def create(
    session: Session,
    *,
    code: str,
    scheme: str,
    year: int,
    envelope_cents: int,
    label: str = "",
    example: bool = False,
) -> tuple[Changes, str]:
    """Create a campaign with a copy of the scheme's default règlement and grid.

    ``envelope_cents`` is in cents. Raises UserError on a code that is malformed or taken, an unknown
    scheme, a year out of reach or a negative envelope.
    """
    code = code.strip().upper().replace(" ", "-")
    if not _CODE.fullmatch(code):
        raise UserError(f"« {code} » n’est pas un code de campagne. Exemple : FIA-2026.", field="code")
    if session.scalars(select(Call.id).where(Call.code == code)).first():
        raise UserError(f"La campagne « {code} » existe déjà. Ouvrez-la, ou choisissez un autre code.", field="code")
    if session.get(Scheme, scheme) is None:
        raise UserError(f"Le dispositif « {scheme} » n’existe pas. Choisissez FIA ou AAP.", field="scheme")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UserError(f"L’année {year} est hors de portée : entre {FIRST_YEAR} et {LAST_YEAR}.", field="year")
    _check_envelope(envelope_cents)
    call = Call(
        id=new_id(session),
        code=code,
        scheme_code=scheme,
        year=year,
        label=label.strip() or f"{scheme} {year}",
        envelope_cents=envelope_cents,
        example=example,
        created_at=now(session),
    )
    session.add(call)
    session.flush()
    _copy_rules(session, call)
    _copy_grid(session, call)
    session.add(Scenario(id=new_id(session), call_id=call.id, position=0, label=DEFAULT_SCENARIO))
    record(
        session,
        verb="calls.create",
        noun="call",
        noun_id=call.id,
        summary=f"Campagne « {call.label} » créée, enveloppe {euros(envelope_cents)}",
        after={"code": code, "scheme": scheme, "year": year, "envelope_cents": envelope_cents},
    )
    return Changes.of("call", call.id), call.id


def set_envelope(session: Session, *, call_id: str, envelope_cents: int) -> Changes:
    """Change the envelope of a campaign, in cents. Raises UserError when it is negative."""
    _check_envelope(envelope_cents)
    call = session.get_one(Call, call_id)
    before, call.envelope_cents = call.envelope_cents, envelope_cents
    record(
        session,
        verb="calls.set_envelope",
        noun="call",
        noun_id=call_id,
        summary=f"Enveloppe de « {call.label} » : {euros(before)} → {euros(envelope_cents)}",
        before=before,
        after=envelope_cents,
    )
    return Changes.of("call", call_id, undo=Step(set_envelope, {"call_id": call_id, "envelope_cents": before}))


def set_label(session: Session, *, call_id: str, label: str) -> Changes:
    """Rename a campaign. Raises UserError on an empty name."""
    if not label.strip():
        raise UserError("Le nom de la campagne est obligatoire.", field="label")
    call = session.get_one(Call, call_id)
    before, call.label = call.label, label.strip()
    record(
        session,
        verb="calls.set_label",
        noun="call",
        noun_id=call_id,
        summary=f"Campagne renommée : « {before} » → « {call.label} »",
        before=before,
        after=call.label,
    )
    return Changes.of("call", call_id, undo=Step(set_label, {"call_id": call_id, "label": before}))


def set_parameter(session: Session, *, parameter_id: str, text: str) -> Changes:
    """Give a parameter of the règlement the value a person typed; it is then no default any more.

    Raises UserError when the text does not fit the unit of the parameter.
    """
    row = _own_parameter(session, parameter_id)
    before = parameter_of(row)
    after = before.with_text(text)
    value = [*after.value] if isinstance(after.value, tuple) else after.value
    return _change(session, row, value, False, f"{before.shown or 'vide'} → {after.shown or 'vide'}")


def validate_parameter(session: Session, *, parameter_id: str) -> Changes:
    """Say that the shipped default is right: the service takes it as its own."""
    row = _own_parameter(session, parameter_id)
    return _change(session, row, row.value, False, f"{parameter_of(row).shown or 'vide'}, validé")


def validate_parameters(session: Session, *, parameter_ids: Sequence[str]) -> Changes:
    """Say that these shipped defaults are right; those already validated are left as they are."""
    rows = [_own_parameter(session, key) for key in parameter_ids]
    pending = [row for row in rows if row.to_validate]
    if not pending:
        raise UserError("Ces valeurs sont déjà validées.")
    steps = tuple(
        _change(session, row, row.value, False, f"{parameter_of(row).shown or 'vide'}, validé").undo for row in pending
    )
    touched = {row.call_id or "" for row in pending}
    return Changes.of("rules", *touched, undo=Step(restore_parameters, {"steps": steps}))


def restore_parameters(session: Session, *, steps: Sequence[Step]) -> Changes:
    """Take several changes of parameters back at once."""
    done = [step(session) for step in steps]
    changes = done[0]
    for other in done[1:]:
        changes |= other
    return replace(changes, undo=Step(restore_parameters, {"steps": tuple(x.undo for x in reversed(done) if x.undo)}))


def set_severity(session: Session, *, parameter_id: str, severity: str) -> Changes:
    """Make a check block or only warn. ``severity`` is "block" or "warn"."""
    row = _own_parameter(session, parameter_id)
    if severity not in ("block", "warn") or row.check is None:
        raise UserError("Cette valeur ne porte pas de contrôle : elle ne peut ni bloquer ni avertir.", field="severity")
    before, row.severity = row.severity, severity
    words = {"block": "bloque", "warn": "avertit", "none": "sans effet"}
    record(
        session,
        verb="calls.set_severity",
        noun="call",
        noun_id=row.call_id or "",
        summary=f"Règlement, article {row.article}, « {row.label} » : {words[before]} → {words[severity]}",
        before=before,
        after=severity,
    )
    undo = Step(set_severity, {"parameter_id": parameter_id, "severity": before})
    return Changes.of("rules", row.call_id or "", undo=undo)


def restore_parameter(
    session: Session, *, parameter_id: str, value: object, to_validate: bool, effective_from: date
) -> Changes:
    """Put back a value exactly as it was, with its mark « à valider »: the way back of an edit."""
    row = _own_parameter(session, parameter_id)
    return _change(session, row, value, to_validate, "valeur d’avant rétablie", effective_from)


def _change(
    session: Session, row: RulesParameter, value: object, to_validate: bool, words: str, since: date | None = None
) -> Changes:
    before = {"value": row.value, "to_validate": row.to_validate, "effective_from": row.effective_from}
    row.value, row.to_validate = value, to_validate
    # A version is never given twice, even to a value that comes back.
    row.version += 1
    row.effective_from = since or today(session)
    record(
        session,
        verb="calls.set_parameter",
        noun="call",
        noun_id=row.call_id or "",
        summary=f"Règlement, article {row.article}, « {row.label} » : {words}",
        before=before,
        after={"value": value, "to_validate": to_validate},
    )
    undo = Step(restore_parameter, {"parameter_id": row.id, **before})
    return Changes.of("rules", row.call_id or "", undo=undo)


def _own_parameter(session: Session, parameter_id: str) -> RulesParameter:
    return session.scalars(
        select(RulesParameter).where(RulesParameter.id == parameter_id, RulesParameter.call_id.is_not(None))
    ).one()


def _check_envelope(cents: int) -> None:
    if cents < 0:
        raise UserError(f"L’enveloppe ne peut pas être négative : {euros(cents)}.", field="envelope")


def _copy_rules(session: Session, call: Call) -> None:
    defaults = select(RulesParameter).where(
        RulesParameter.scheme_code == call.scheme_code, RulesParameter.call_id.is_(None)
    )
    newest = session.scalar(select(func.max(defaults.subquery().c.version)))
    columns = [c.name for c in RulesParameter.__table__.columns if c.name not in ("id", "call_id")]
    for default in session.scalars(defaults.where(RulesParameter.version == newest)):
        copied = {name: getattr(default, name) for name in columns}
        session.add(RulesParameter(id=new_id(session), call_id=call.id, **copied))


def _copy_grid(session: Session, call: Call) -> None:
    default = session.scalars(
        select(Grid)
        .where(Grid.scheme_code == call.scheme_code, Grid.call_id.is_(None))
        .order_by(Grid.version.desc())
        .limit(1)
    ).one()
    session.add(
        Grid(
            id=new_id(session),
            scheme_code=call.scheme_code,
            call_id=call.id,
            version=1,
            effective_from=default.effective_from,
            content=default.content,
            frozen_at=None,
            to_validate=default.to_validate,
        )
    )
