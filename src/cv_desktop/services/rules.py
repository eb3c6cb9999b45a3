"""The règlement of a campaign: its values and severities, edited one by one, versions opened as it goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Call, RulesParameter
from cv_desktop.db.queries import rules as queries
from cv_desktop.db.queries.calls import parameter_of
from cv_desktop.db.work import new_id, record, today
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import counted
from cv_desktop.services import phases, rules_versions


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
    done = [_change(session, row, row.value, False, f"{parameter_of(row).shown or 'vide'}, validé") for row in pending]
    touched = {row.call_id or "" for row in pending}
    return Changes.of("rules", *touched, undo=together(*(changes.undo for changes in done)))


def set_severity(session: Session, *, parameter_id: str, severity: str) -> Changes:
    """Make a check block or only warn. ``severity`` is "block" or "warn"."""
    row = _own_parameter(session, parameter_id)
    if severity not in ("block", "warn") or row.check is None:
        raise UserError("Cette valeur ne porte pas de contrôle : elle ne peut ni bloquer ni avertir.", field="severity")
    opened = rules_versions.opened(session, row.call_id or "")
    before, row.severity = row.severity, severity
    words = {"block": "bloque", "warn": "avertit", "none": "sans effet"}
    record(
        session,
        verb="rules.set_severity",
        noun="call",
        noun_id=row.call_id or "",
        summary=f"Règlement, article {row.article}, « {row.label} » : {words[before]} → {words[severity]}",
        before=before,
        after=severity,
    )
    undo = together(opened, Step(set_severity, {"parameter_id": parameter_id, "severity": before}))
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
    # To confirm a value is not to change it: the version that judged the files stays.
    opened = rules_versions.opened(session, row.call_id or "") if value != row.value else None
    before = {"value": row.value, "to_validate": row.to_validate, "effective_from": row.effective_from}
    row.value, row.to_validate = value, to_validate
    # A version is never given twice, even to a value that comes back.
    row.version += 1
    row.effective_from = since or today(session)
    record(
        session,
        verb="rules.set_parameter",
        noun="call",
        noun_id=row.call_id or "",
        summary=f"Règlement, article {row.article}, « {row.label} » : {words}",
        before=before,
        after={"value": value, "to_validate": to_validate},
    )
    undo = together(opened, Step(restore_parameter, {"parameter_id": row.id, **before}))
    return Changes.of("rules", row.call_id or "", undo=undo)


def _own_parameter(session: Session, parameter_id: str) -> RulesParameter:
    row = session.scalars(
        select(RulesParameter).where(RulesParameter.id == parameter_id, RulesParameter.call_id.is_not(None))
    ).one()
    phases.of_open(session, row.call_id or "")
    return row


def complete(session: Session, *, call_id: str) -> Changes:
    """Give a campaign the parameters its scheme has since gained, « à valider ».

    None of them blocks a file before the service says so: those that carry a check only warn. Raises UserError when
    none is missing.
    """
    phases.of_open(session, call_id)
    missing = queries.missing_parameters(session, call_id)
    if not missing:
        raise UserError("Cette campagne a déjà tous les paramètres de son dispositif.")
    opened = rules_versions.opened(session, call_id)
    added = _give(session, call_id, missing, "saisie")
    undo = together(opened, Step(take_away, {"call_id": call_id, "parameter_ids": tuple(added)}))
    return Changes.of("rules", call_id, undo=undo)


def take_new(session: Session) -> None:
    """Give every campaign that is not closed what its scheme has gained since and that judges nothing: delays, days.

    Each has its usual value, « à valider ». No version is opened: nothing of it changes what a file was judged by. What
    carries a check waits for somebody to ask for it (``complete``).
    """
    for call_id in session.scalars(select(Call.id).where(Call.closed_on.is_(None)).order_by(Call.code)).all():
        missing = [row for row in queries.missing_parameters(session, call_id) if row.check is None]
        if missing:
            _give(session, call_id, missing, "calcul")


def _give(session: Session, call_id: str, missing: Sequence[RulesParameter], source: str) -> list[str]:
    """Copy defaults of the scheme into a campaign; gives the keys of the new parameters."""
    added = []
    for default in missing:
        columns = [c.name for c in RulesParameter.__table__.columns if c.name not in ("id", "call_id", "severity")]
        row = RulesParameter(
            id=new_id(session),
            call_id=call_id,
            severity="warn" if default.check else default.severity,
            **{name: getattr(default, name) for name in columns},
        )
        session.add(row)
        added.append(row.id)
    session.flush()
    label = session.get_one(Call, call_id).label
    record(
        session,
        verb="rules.complete",
        noun="call",
        noun_id=call_id,
        summary=f"Règlement de « {label} » : {counted(len(added), 'paramètre ajouté')}, à valider",
        after=[default.key for default in missing],
        source=source,
    )
    return added


def take_away(session: Session, *, call_id: str, parameter_ids: Sequence[str]) -> Changes:
    """Take back the parameters that were just added."""
    opened = rules_versions.opened(session, call_id)
    session.execute(delete(RulesParameter).where(RulesParameter.id.in_(parameter_ids)))
    record(
        session,
        verb="rules.take_away",
        noun="call",
        noun_id=call_id,
        summary=f"Règlement : {counted(len(parameter_ids), 'paramètre retiré')}",
    )
    return Changes.of("rules", call_id, undo=together(opened, Step(complete, {"call_id": call_id})))
