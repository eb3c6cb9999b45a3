"""Delegations of signature: written as their arrêté says, never changed once a letter was signed by them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.signatory import Delegation, Signatory, Signature
from cv_desktop.db.work import new_id, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, counted

_FIELDS = ("reference", "dated_on", "scope", "kinds", "ceiling_cents", "starts_on", "ends_on")


def add(session: Session, *, signatory_id: str, values: Mapping[str, Any]) -> tuple[Changes, str]:
    """A delegation of somebody; gives its key.

    ``values`` are reference, starts_on, and if known dated_on, ends_on, ceiling_cents, kinds and scope. Raises
    UserError, naming the field, when one lacks or does not hold.
    """
    whole = {"scope": [], "kinds": [], **values, "id": new_id(session), "signatory_id": signatory_id}
    return _restore(session, values=_read(whole)), str(whole["id"])


def change(session: Session, *, delegation_id: str, values: Mapping[str, Any]) -> Changes:
    """Write what changed of a delegation.

    Once a letter was signed by it only its end may change, and not before that letter. Raises UserError otherwise.
    """
    kept = session.get_one(Delegation, delegation_id)
    before = {key: getattr(kept, key) for key in _FIELDS}
    read = _read({**before, **values})
    signed = select(func.count(), func.max(Signature.signed_at)).where(Signature.delegation_id == delegation_id)
    used, last = session.execute(signed).one()
    if used and any(before[key] != read[key] for key in _FIELDS if key != "ends_on"):
        raise UserError(
            f"{counted(used, 'courrier')} {'ont été signés' if used > 1 else 'a été signé'} par cette délégation"
            f"{NBSP}: elle garde ce qu’elle disait. Donnez-lui une fin, et ajoutez la nouvelle."
        )
    if used and read["ends_on"] is not None and read["ends_on"] < last.date():
        raise UserError(
            f"Un courrier a été signé par cette délégation le {long_date(last.date())}{NBSP}: elle ne finit pas avant.",
            field="ends_on",
        )
    for key in _FIELDS:
        setattr(kept, key, read[key])
    _record(session, kept, "delegations.change", "modifiée", before=before, after=read)
    return _touched(delegation_id, Step(change, {"delegation_id": delegation_id, "values": before}))


def remove(session: Session, *, delegation_id: str) -> Changes:
    """Take a delegation typed by mistake away. Raises UserError once a letter was signed by it."""
    kept = session.get_one(Delegation, delegation_id)
    if session.scalar(select(Signature.id).where(Signature.delegation_id == delegation_id).limit(1)):
        raise UserError(f"Des courriers ont été signés par cette délégation{NBSP}: donnez-lui une fin.")
    whole = {column.key: getattr(kept, column.key) for column in Delegation.__table__.columns}
    _record(session, kept, "delegations.remove", "retirée", before=whole)
    session.delete(kept)
    return _touched(delegation_id, Step(_restore, {"values": whole}))


def _restore(session: Session, *, values: dict[str, Any]) -> Changes:
    kept = Delegation(**values)
    session.add(kept)
    session.flush()
    _record(session, kept, "delegations.add", "au registre", after=values)
    return _touched(kept.id, Step(remove, {"delegation_id": kept.id}))


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = dict.fromkeys(_FIELDS) | dict(values)
    read["reference"] = " ".join(str(read["reference"] or "").split())
    if not read["reference"]:
        raise UserError(f"Écrivez la référence de l’arrêté, par exemple arrêté n°{NBSP}2026-12.", field="reference")
    starts, ends = read["starts_on"], read["ends_on"]
    if not isinstance(starts, date):
        raise UserError("Écrivez le jour où la délégation commence.", field="starts_on")
    if ends is not None and ends < starts:
        raise UserError(f"La délégation finirait avant son début, le {long_date(starts)}.", field="ends_on")
    if read["ceiling_cents"] is not None and read["ceiling_cents"] <= 0:
        raise UserError("Un plafond est un montant au-dessus de zéro. Laissez-le vide s’il n’y en a pas.",
                        field="ceiling_cents")  # fmt: skip
    read["scope"], read["kinds"] = list(read["scope"] or ()), list(read["kinds"] or ())
    return read


def _record(session: Session, kept: Delegation, verb: str, what: str, *, before: Any = None, after: Any = None) -> None:
    name = session.get_one(Signatory, kept.signatory_id).name
    record(
        session,
        verb=verb,
        noun="signatory",
        noun_id=kept.signatory_id,
        summary=f"Délégation de {name} ({kept.reference}) {what}",
        before=_said(before),
        after=_said(after),
    )


def _touched(delegation_id: str, undo: Step) -> Changes:
    return Changes.of("delegation", delegation_id, undo=undo)


def _said(values: dict[str, Any] | None) -> dict[str, Any] | None:
    return values and {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}
