"""Where the conventions stand: due, prepared, to sign, signed, their essential data published."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.convention import Convention
from cv_desktop.db.models.decision import Decision, Letter
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import conventions
from cv_desktop.db.queries.lots import in_force
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.conventions import KINDS, Standing


@dataclass(frozen=True, slots=True)
class ConventionRow:
    """The convention of one decision in force. ``letter_id`` is its last text, empty while there is none here."""

    decision_id: str
    application_id: str
    number: str
    structure: str
    amount_cents: int
    letter_id: str
    standing: Standing
    structure_signatory: str = ""

    @property
    def lacking(self) -> bool:
        """Whether the law asks for it and both parties have not signed it."""
        return self.standing.requirement is not None and self.standing.signed_on is None


def rows(
    session: Session, *, call_id: str, viewer: str | None = None, decisions: Collection[str] | None = None
) -> list[ConventionRow]:
    """The conventions that a campaign asks for or has, in the order of the files; ``decisions`` limits them."""
    query = (
        select(Decision.id, Application.id, Application.number, Structure.name, Decision.amount_cents)
        .join(Application, Application.id == Decision.application_id)
        .join(Structure, Structure.id == Application.structure_id)
        .where(Application.call_id == call_id, Decision.amount_cents > 0, in_force(), visible(viewer))
        .order_by(Application.seq)
    )
    if decisions is not None:
        query = query.where(Decision.id.in_(decisions))
    given = session.execute(query).all()
    keys = [row.id for row in given]
    due = conventions.of_call(session, call_id=call_id, decisions=keys) if keys else {}
    letters = _letters(session, keys)
    signed = _signed(session, keys)
    found = []
    for decision, file, number, structure, cents in given:
        letter = letters.get(decision)
        issued = letter.number or "" if letter else ""
        # A text issued here is the one to sign; until then, one signed elsewhere counts.
        kept = signed.get((decision, letter.id if letter and issued else None))
        if decision not in due and letter is None and kept is None:
            continue
        standing = Standing(
            requirement=due.get(decision),
            reference=issued or (kept.reference if kept else ""),
            prepared=letter is not None and not issued,
            authority_signed_on=kept.authority_signed_on if kept else None,
            structure_signed_on=kept.structure_signed_on if kept else None,
            published_on=kept.published_on if kept else None,
        )
        who = kept.structure_signatory if kept else ""
        found.append(
            ConventionRow(decision, file, number, structure, cents, letter.id if letter else "", standing, who)
        )
    return found


def of_application(session: Session, *, application_id: str) -> ConventionRow | None:
    """The convention of the decision in force of a file; None when it needs none and has none."""
    decision = session.execute(
        select(Decision.id, Application.call_id)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.id == application_id, Decision.amount_cents > 0, in_force())
        .order_by(Decision.decided_at.desc())
        .limit(1)
    ).first()
    if decision is None:
        return None
    found = rows(session, call_id=decision.call_id, decisions=[decision.id])
    return found[0] if found else None


def _letters(session: Session, decisions: Collection[str]) -> dict[str, Letter]:
    """The last convention or amendment made of each decision; one that another replaced is left out."""
    replaced = select(Letter.replaces_id).where(Letter.replaces_id.is_not(None))
    query = (
        select(Letter)
        .where(Letter.decision_id.in_(decisions), Letter.kind.in_(KINDS), Letter.id.not_in(replaced))
        .order_by(Letter.prepared_at, Letter.id)
    )
    return {letter.decision_id or "": letter for letter in session.scalars(query)}


def _signed(session: Session, decisions: Collection[str]) -> dict[tuple[str, str | None], Convention]:
    query = select(Convention).where(Convention.decision_id.in_(decisions))
    return {(row.decision_id, row.letter_id): row for row in session.scalars(query)}
