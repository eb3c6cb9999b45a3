"""Where the conventions stand: due, prepared, to sign, signed, their essential data published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.convention import Convention
from cv_desktop.db.models.decision import Decision, Letter
from cv_desktop.db.models.signatory import Signature
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import conventions
from cv_desktop.db.queries.lots import in_force, written
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.conventions import AMENDMENT, CONVENTION, KINDS, Requirement, Standing
from cv_desktop.domain.dates import local


@dataclass(frozen=True, slots=True)
class Text:
    """A convention or an amendment of one decision; ``letter_id`` is empty for one signed elsewhere."""

    letter_id: str
    kind: str
    standing: Standing
    dated_on: date | None = None
    structure_signatory: str = ""


@dataclass(frozen=True, slots=True)
class ConventionRow:
    """The convention of one decision in force.

    ``texts`` are those made for it, the first first. ``earlier`` is the number of the convention of a decision that
    this one replaced: an amendment is then due, not another convention.
    """

    decision_id: str
    application_id: str
    number: str
    structure: str
    amount_cents: int
    requirement: Requirement | None
    texts: tuple[Text, ...] = ()
    earlier: str = ""
    publication_months: int | None = None

    @property
    def text(self) -> Text | None:
        """The text that counts: the last one signed by both parties, else the last one."""
        signed = [one for one in self.texts if one.standing.signed_on is not None]
        return (signed or [*self.texts])[-1] if self.texts else None

    @property
    def standing(self) -> Standing:
        return (
            self.text.standing if self.text else Standing(self.requirement, publication_months=self.publication_months)
        )

    @property
    def to_sign(self) -> Text | None:
        """The last text, when it is issued and both parties have not signed it."""
        last = self.texts[-1] if self.texts else None
        return last if last and last.standing.reference and last.standing.signed_on is None else None

    @property
    def lacking(self) -> bool:
        """Whether the law asks for it and both parties have not signed it."""
        return self.requirement is not None and self.standing.signed_on is None

    @property
    def calls_for_text(self) -> bool:
        """Whether a convention is to write: the law asks for it, and nothing but a draft of one stands for it."""
        other = self.earlier or any(one.kind != CONVENTION for one in self.texts)
        return self.lacking and not other


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
    if not given:
        return []
    keys = [row.id for row in given]
    due = conventions.of_call(session, call_id=call_id, decisions=keys)
    months = conventions.publication_months(session, call_id)
    texts = _texts(session, keys, due, months)
    earlier = _earlier(session, keys)
    return [
        ConventionRow(
            decision,
            file,
            number,
            structure,
            cents,
            due.get(decision),
            tuple(texts[decision]),
            earlier.get(file, ""),
            months,
        )
        for decision, file, number, structure, cents in given
        if decision in due or texts[decision]
    ]


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


def _texts(
    session: Session, decisions: Collection[str], due: dict[str, Requirement], months: int | None
) -> dict[str, list[Text]]:
    """The texts of each decision: one signed elsewhere first, then those made here, the replaced ones left out."""
    newer = aliased(Letter)
    letters = (
        select(Letter, Signature.signed_at)
        .outerjoin(Signature, Signature.letter_id == Letter.id)
        .where(
            Letter.decision_id.in_(decisions),
            Letter.kind.in_(KINDS),
            ~select(newer.id).where(newer.replaces_id == Letter.id).exists(),
        )
        .order_by(Letter.prepared_at, written("letter"))
    )
    kept = session.scalars(select(Convention).where(Convention.decision_id.in_(decisions))).all()
    by_letter = {row.letter_id: row for row in kept if row.letter_id}
    found: dict[str, list[Text]] = defaultdict(list)
    for row in kept:
        if row.letter_id is None:
            standing = _standing(due.get(row.decision_id), row.reference, row, None, months)
            found[row.decision_id].append(Text("", "", standing, None, row.structure_signatory))
    for letter, signed_at in session.execute(letters):
        own, decision = by_letter.get(letter.id), letter.decision_id or ""
        signed_on = local(signed_at).date() if signed_at else None
        standing = _standing(due.get(decision), letter.number or "", own, signed_on, months)
        who = own.structure_signatory if own else ""
        found[decision].append(Text(letter.id, letter.kind, standing, letter.dated_on, who))
    return found


def _standing(
    due: Requirement | None, reference: str, kept: Convention | None, signed_on: date | None, months: int | None
) -> Standing:
    """What was recorded of a text; the signature made here says the day of the authority when nobody typed it."""
    return Standing(
        requirement=due,
        reference=reference,
        prepared=not reference,
        authority_signed_on=(kept.authority_signed_on if kept else None) or signed_on,
        structure_signed_on=kept.structure_signed_on if kept else None,
        published_on=kept.published_on if kept else None,
        publication_months=months,
    )


def _earlier(session: Session, decisions: Iterable[str]) -> dict[str, str]:
    """By file, the number of the last convention issued for a decision that one of these replaced."""
    own = aliased(Decision)
    query = (
        select(Letter.application_id, Letter.number)
        .join(own, own.application_id == Letter.application_id)
        .where(
            own.id.in_(list(decisions)),
            Letter.decision_id != own.id,
            Letter.kind.in_((CONVENTION, AMENDMENT)),
            Letter.number.is_not(None),
        )
        .order_by(Letter.kind == CONVENTION, Letter.issued_at, written("letter"))
    )
    return {file: number or "" for file, number in session.execute(query)}
