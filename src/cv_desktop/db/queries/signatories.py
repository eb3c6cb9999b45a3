"""The register of signatories, each with the delegations by which he or she signs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models import signatory as tables
from cv_desktop.domain.delegations import Delegation, Power


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """``used`` is how many letters were signed by it."""

    id: str
    what: Delegation
    used: int


@dataclass(frozen=True, slots=True)
class SignatoryRow:
    """``printed`` tells the one whom the letters print; ``signed`` is how many letters he or she signed."""

    id: str
    name: str
    quality: str
    own_power: bool
    active: bool
    printed: bool
    image_name: str
    image_sha256: str
    signed: int
    delegations: tuple[DelegationRow, ...]

    @property
    def power(self) -> Power:
        return Power(self.name, self.own_power, self.active, tuple(row.what for row in self.delegations))


def rows(session: Session) -> list[SignatoryRow]:
    """Everybody of the register in its order; the first active one is printed under the letters."""
    signatures = session.execute(select(tables.Signature.signatory_id, tables.Signature.delegation_id)).all()
    people = session.scalars(select(tables.Signatory).order_by(tables.Signatory.position, tables.Signatory.id)).all()
    acts: dict[str, list[DelegationRow]] = {}
    for one in session.scalars(select(tables.Delegation).order_by(tables.Delegation.starts_on, tables.Delegation.id)):
        used = sum(key == one.id for _, key in signatures)
        acts.setdefault(one.signatory_id, []).append(DelegationRow(one.id, _delegation(one), used))
    first = next((person.id for person in people if person.active), None)
    return [
        SignatoryRow(
            id=person.id,
            name=person.name,
            quality=person.quality,
            own_power=person.own_power,
            active=person.active,
            printed=person.id == first,
            image_name=person.image_name,
            image_sha256=person.image_sha256 or "",
            signed=sum(key == person.id for key, _ in signatures),
            delegations=tuple(acts.get(person.id, ())),
        )
        for person in people
    ]


def row(session: Session, signatory_id: str) -> SignatoryRow | None:
    """One of them; None when he or she is gone."""
    return next((found for found in rows(session) if found.id == signatory_id), None)


def _delegation(one: tables.Delegation) -> Delegation:
    return Delegation(
        id=one.id,
        reference=one.reference,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        dated_on=one.dated_on,
        ceiling_cents=one.ceiling_cents,
        kinds=tuple(one.kinds),
        scope=tuple(one.scope),
    )
