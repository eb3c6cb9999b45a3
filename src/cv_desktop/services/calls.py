"""Campaigns: created from the scheme's default règlement, then edited."""

from __future__ import annotations

import re

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Call, Grid, RulesParameter
from cv_desktop.db.models.decision import Scenario
from cv_desktop.db.models.expected_document import ExpectedDocument
from cv_desktop.db.models.reference import Scheme
from cv_desktop.db.models.rules_version import RulesVersion
from cv_desktop.db.queries.movements import promised
from cv_desktop.db.work import new_id, now, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.services import movements, phases, reference

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
    # A base made by an earlier program takes the règlement and the grid that this one ships.
    reference.load(session, only=("reglements", "grilles"))
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
    session.add(Scenario(id=new_id(session), call_id=call.id, position=0, label=DEFAULT_SCENARIO, retained=True))
    movements.fund(session, call_id=call.id, cents=envelope_cents, verb="calls.create")
    movements.settle(session, call_id=call.id, files=promised(session, call_id=call.id), verb="calls.create")
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
    call = phases.of_open(session, call_id)
    before, call.envelope_cents = call.envelope_cents, envelope_cents
    movements.fund(session, call_id=call_id, cents=envelope_cents - before, verb="calls.set_envelope")
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
    call = phases.of_open(session, call_id)
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


def _check_envelope(cents: int) -> None:
    if cents < 0:
        raise UserError(f"L’enveloppe ne peut pas être négative : {euros(cents)}.", field="envelope")


def _copy_rules(session: Session, call: Call) -> None:
    for table in (RulesParameter, ExpectedDocument):
        defaults = select(table).where(table.scheme_code == call.scheme_code, table.call_id.is_(None))
        newest = session.scalar(select(func.max(defaults.subquery().c.version)))
        columns = [c.name for c in table.__table__.columns if c.name not in ("id", "call_id")]
        for default in session.scalars(defaults.where(table.version == newest)):
            copied = {name: getattr(default, name) for name in columns}
            session.add(table(id=new_id(session), call_id=call.id, **copied))
    session.add(
        RulesVersion(
            id=new_id(session), call_id=call.id, number=1, effective_from=today(session), created_at=now(session)
        )
    )


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
