"""The bank accounts of a structure: one is current, the others kept; validated and read in clear on the record."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.bank_account import BankAccount
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.work import actor, new_id, now, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import masked_iban, parse_bic, parse_iban
from cv_desktop.domain.text import NBSP

DETAILS = {"holder": "Titulaire", "bic": "BIC"}


def add(
    session: Session, *, structure_id: str, iban: str, bic: str = "", holder: str = "", id: str = ""
) -> tuple[Changes, str]:
    """A new current account; the one before stays in the history, ended today.

    ``holder`` is the structure itself when empty. Raises UserError when the IBAN or the BIC fails its check, or when
    it is the current account already. The journal never holds a whole number.
    """
    structure = session.get_one(Structure, structure_id)
    if not iban.strip():
        raise UserError("Saisissez l’IBAN.", field="iban")
    number = parse_iban(iban)
    code = parse_bic(bic) if bic.strip() else ""
    before = _current(session, structure_id)
    if before is not None and before.iban == number:
        raise UserError("C’est déjà le compte actuel de cette structure.", field="iban")
    account = BankAccount(
        id=id or new_id(session),
        structure_id=structure_id,
        iban=number,
        bic=code,
        holder=holder.strip(),
        since=today(session),
        validated_by="",
    )
    if before is not None:
        before.until = today(session)
    session.add(account)
    was = masked_iban(before.iban) if before is not None else ""
    record(
        session,
        verb="bank_accounts.add",
        noun="structure",
        noun_id=structure_id,
        summary=f"{structure.name} › compte bancaire : {was or 'vide'} → {masked_iban(number)}",
        before=was or None,
        after=masked_iban(number),
    )
    undo = {"account_id": account.id, "reopened": before.id if before is not None else ""}
    return Changes.of("structure", structure_id, undo=Step(take_back, undo)), account.id


def take_back(session: Session, *, account_id: str, reopened: str = "") -> Changes:
    """Remove an account just typed by mistake; the one before is current again. Raises UserError once validated."""
    account = session.get_one(BankAccount, account_id)
    if account.validated_at is not None:
        raise UserError("Ce compte a été validé depuis. Saisissez plutôt le bon IBAN : l’historique le gardera.")
    again = {"structure_id": account.structure_id, "iban": account.iban, "bic": account.bic, "holder": account.holder}
    session.delete(account)
    if reopened:
        session.get_one(BankAccount, reopened).until = None
    record(
        session,
        verb="bank_accounts.take_back",
        noun="structure",
        noun_id=account.structure_id,
        summary=f"Saisie du compte {masked_iban(account.iban)} annulée",
    )
    return Changes.of("structure", account.structure_id, undo=Step(add, {**again, "id": account_id}))


def close(session: Session, *, account_id: str, until: date | None = None) -> Changes:
    """End the current account, today or ``until``, without another one: nothing is paid until a new IBAN is typed."""
    account = session.get_one(BankAccount, account_id)
    if account.until is not None:
        raise UserError("Ce compte est déjà dans l’historique.")
    _move(session, account, until or today(session), "clos")
    return Changes.of("structure", account.structure_id, undo=Step(reopen, {"account_id": account_id}))


def reopen(session: Session, *, account_id: str) -> Changes:
    """Make an account of the history the current one again. Raises UserError when there is a current one."""
    account = session.get_one(BankAccount, account_id)
    if _current(session, account.structure_id) is not None:
        raise UserError("Un autre compte est en cours. Clôturez-le d’abord.")
    back = {"account_id": account_id, "until": account.until}
    _move(session, account, None, "repris")
    return Changes.of("structure", account.structure_id, undo=Step(close, back))


def validate(session: Session, *, account_id: str, valid: bool = True) -> Changes:
    """Say that a person compared the account with the RIB; with ``valid`` false, that nobody did."""
    account = session.get_one(BankAccount, account_id)
    if (account.validated_at is not None) == valid:
        raise UserError("Ce compte est déjà validé." if valid else "Ce compte n’est pas validé.")
    account.validated_at = now(session) if valid else None
    account.validated_by = actor(session) if valid else ""
    record(
        session,
        verb="bank_accounts.validate",
        noun="structure",
        noun_id=account.structure_id,
        summary=f"Compte {masked_iban(account.iban)} {'comparé au RIB et validé' if valid else 'à valider de nouveau'}",
    )
    undo = Step(validate, {"account_id": account_id, "valid": not valid})
    return Changes.of("structure", account.structure_id, undo=undo)


def set_detail(session: Session, *, account_id: str, name: str, value: str) -> Changes:
    """Change the holder or the BIC of an account. Raises UserError when the BIC does not hold."""
    account = session.get_one(BankAccount, account_id)
    bare = value.strip()
    parsed = parse_bic(bare) if name == "bic" and bare else bare
    before = getattr(account, name)
    setattr(account, name, parsed)
    record(
        session,
        verb="bank_accounts.set_detail",
        noun="structure",
        noun_id=account.structure_id,
        summary=f"Compte {masked_iban(account.iban)} › {DETAILS[name]} : {before or 'vide'} → {parsed or 'vide'}",
        before=before,
        after=parsed,
    )
    undo = Step(set_detail, {"account_id": account_id, "name": name, "value": before})
    return Changes.of("structure", account.structure_id, undo=undo)


def show(session: Session, *, account_id: str) -> Changes:
    """Say in the journal that the whole IBAN of an account was read on the screen."""
    account = session.get_one(BankAccount, account_id)
    structure = session.get_one(Structure, account.structure_id)
    record(
        session,
        verb="bank_accounts.show",
        noun="structure",
        noun_id=structure.id,
        summary=f"{structure.name}{NBSP}: IBAN {masked_iban(account.iban)} affiché en entier",
        source="lecture",
    )
    return Changes.of("structure", structure.id)


def current_iban(session: Session, structure_id: str) -> str:
    """The IBAN of the current account, empty when there is none."""
    account = _current(session, structure_id)
    return account.iban if account is not None else ""


def _current(session: Session, structure_id: str) -> BankAccount | None:
    query = select(BankAccount).where(BankAccount.structure_id == structure_id, BankAccount.until.is_(None))
    return session.scalars(query).first()


def _move(session: Session, account: BankAccount, until: date | None, word: str) -> None:
    account.until = until
    record(
        session,
        verb="bank_accounts.close" if until else "bank_accounts.reopen",
        noun="structure",
        noun_id=account.structure_id,
        summary=f"Compte {masked_iban(account.iban)} {word}",
    )
