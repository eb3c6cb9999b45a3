"""The bank accounts of the structures; the current one is that without an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.bank_account import BankAccount
from cv_desktop.domain.identifiers import masked_iban


@dataclass(frozen=True, slots=True)
class AccountRow:
    """What may be shown without leave: the number is masked. ``validated_by`` is empty until somebody compared it."""

    id: str
    masked: str
    bic: str
    holder: str
    since: date
    until: date | None
    validated_by: str
    validated_at: datetime | None

    @property
    def current(self) -> bool:
        return self.until is None


def rows(session: Session, *, structure_id: str) -> list[AccountRow]:
    """The accounts of a structure, the current one first, then the last ones."""
    found = session.scalars(select(BankAccount).where(BankAccount.structure_id == structure_id))
    ordered = sorted(found, key=lambda a: (a.until or date.max, a.since), reverse=True)
    return [
        AccountRow(a.id, masked_iban(a.iban), a.bic, a.holder, a.since, a.until, a.validated_by, a.validated_at)
        for a in ordered
    ]


def current_iban(session: Session, *, structure_id: str) -> str:
    """The whole number of the current account, for the letters and the payments; empty when there is none."""
    query = select(BankAccount.iban).where(BankAccount.structure_id == structure_id, BankAccount.until.is_(None))
    return session.scalars(query).first() or ""


def whole_iban(session: Session, *, account_id: str) -> str:
    """The whole number of one account: asked only after ``bank_accounts.show`` wrote it in the journal."""
    return session.get_one(BankAccount, account_id).iban
