"""The budget of a file: one amount typed, or all its lines at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, BudgetLine
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.reference import Funder, Scheme
from cv_desktop.db.queries import institution
from cv_desktop.db.work import new_id, record
from cv_desktop.domain import budget
from cv_desktop.domain.budget import CHARGE, PRODUIT, Funding
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.intake import BudgetEntry
from cv_desktop.domain.money import euros
from cv_desktop.domain.own_funding import OwnNames
from cv_desktop.domain.text import counted, words
from cv_desktop.services.applications import refuse_judged


@dataclass(frozen=True, slots=True)
class Line:
    """A budget line to write; ``id`` is empty for a new one. ``funder`` is the code of a known co-funder."""

    line: budget.BudgetLine
    id: str = ""
    funder: str = ""


def set_cents(session: Session, *, line_id: str, cents: int) -> Changes:
    """Change the amount of a budget line, in cents."""
    line = session.get_one(BudgetLine, line_id)
    file = session.get_one(Application, line.application_id)
    refuse_judged(file)
    before, line.amount_cents = line.amount_cents, cents
    record(
        session,
        verb="applications.set_budget",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number}, budget › {line.account} {line.label} : {euros(before)} → {euros(cents)}",
        before=before,
        after=cents,
    )
    return Changes.of("application", file.id, undo=Step(set_cents, {"line_id": line_id, "cents": before}))


def put(session: Session, *, application_id: str, lines: Sequence[Line]) -> Changes:
    """Give a file these budget lines and no others.

    Raises UserError when a line has no label or a negative amount, or when the file was judged.
    """
    file = session.get_one(Application, application_id)
    refuse_judged(file)
    for line in lines:
        if line.line.amount_cents < 0:
            raise UserError(f"« {line.line.label} » : une ligne de budget ne peut pas être négative.", field="amount")
        if not line.line.label and not line.line.account:
            raise UserError("Une ligne de budget a besoin d’un compte ou d’un intitulé.", field="label")
    before = of(session, application_id)
    write(session, application_id, lines)
    after = of(session, application_id)
    record(
        session,
        verb="budgets.put",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number}, budget : {_difference(before, after)}",
        before=[_plain(x) for x in before],
        after=[_plain(x) for x in after],
    )
    return Changes.of(
        "application", application_id, undo=Step(put, {"application_id": application_id, "lines": before})
    )


def write(session: Session, application_id: str, lines: Sequence[Line]) -> None:
    """The rows of a budget, those before taken away; a line of account 74 finds its co-funder by its label."""
    session.execute(delete(BudgetLine).where(BudgetLine.application_id == application_id))
    known = FunderLabels.load(session)
    session.add_all(
        BudgetLine(
            id=x.id or new_id(session),
            application_id=application_id,
            side=x.line.side,
            position=position,
            account=x.line.account,
            label=x.line.label,
            amount_cents=x.line.amount_cents,
            state=str(x.line.state),
            funder_code=x.funder or known.code(x.line) or None,
        )
        for position, x in enumerate(lines)
    )
    session.flush()


def of(session: Session, application_id: str) -> tuple[Line, ...]:
    """The budget lines of a file, in their order."""
    rows = session.scalars(
        select(BudgetLine).where(BudgetLine.application_id == application_id).order_by(BudgetLine.position)
    )
    return tuple(
        Line(
            budget.BudgetLine(CHARGE if x.side == CHARGE else PRODUIT, x.account, x.label, x.amount_cents, x.state),
            x.id,
            x.funder_code or "",
        )
        for x in rows
    )


def own_names(session: Session, call_id: str) -> OwnNames:
    """The names under which associations write the grant they ask in this campaign."""
    call = session.get_one(Call, call_id)
    scheme = session.get_one(Scheme, call.scheme_code)
    authority = str(institution.values(session).get("authority") or "")
    initials = "".join(word[0] for word in authority.split() if word[0].isupper())
    return OwnNames((f"CA{initials}" if initials else "", "CAMVS", authority, scheme.code, scheme.label))


def marked(session: Session, *, call_id: str, lines: Sequence[budget.BudgetLine]) -> tuple[budget.BudgetLine, ...]:
    """The same lines, the grant asked in this campaign marked « Demandé » wherever its funder is recognised."""
    ours = own_names(session, call_id)
    return tuple(
        budget.BudgetLine(x.side, x.account, x.label, x.amount_cents, Funding.OURS)
        if x.side == PRODUIT
        and x.account.startswith("74")
        and x.state in (Funding.NONE, Funding.ASKED)
        and ours.is_ours(x.label)
        else x
        for x in lines
    )


@dataclass(frozen=True, slots=True)
class FunderLabels:
    """Which co-funder a line of a budget names: « Conseil départemental 77 » is the département."""

    names: tuple[tuple[str, str], ...]
    # The same few labels come back in thousands of files.
    said: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, session: Session) -> FunderLabels:
        rows = session.execute(select(Funder.code, Funder.label, Funder.synonyms).order_by(Funder.position))
        return cls(tuple((f" {words(name)} ", code) for code, label, more in rows for name in (label, *more) if name))

    def code(self, line: budget.BudgetLine | BudgetEntry) -> str:
        """The co-funder whose longest name stands in the label of a line of account 74."""
        if line.side != PRODUIT or not line.account.startswith("74"):
            return ""
        return self.named(line.label)

    def named(self, label: str) -> str:
        """The co-funder whose longest name stands in a label, empty when none does."""
        if label not in self.said:
            said = f" {words(label)} "
            found = ((len(name), code) for name, code in self.names if name in said)
            self.said[label] = max(found, default=(0, ""))[1]
        return self.said[label]


def _difference(before: Sequence[Line], after: Sequence[Line]) -> str:
    """One changed line is told whole; more are counted."""
    old, new = {x.id: x for x in before}, {x.id: x for x in after}
    added = [x for key, x in new.items() if key not in old]
    gone = [x for key, x in old.items() if key not in new]
    changed = [(old[key], x) for key, x in new.items() if key in old and old[key].line != x.line]
    if len(added) == 1 and not gone and not changed:
        return f"ligne ajoutée, {_said(added[0])}"
    if len(gone) == 1 and not added and not changed:
        return f"ligne retirée, {_said(gone[0])}"
    if len(changed) == 1 and not added and not gone:
        return f"{_said(changed[0][0])} → {_said(changed[0][1])}"
    totals = [x.line for x in after]
    return (
        f"{counted(len(after), 'ligne')}, charges {euros(budget.charges(totals))}, "
        f"produits {euros(budget.produits(totals))}"
    )


def _said(line: Line) -> str:
    state = Funding(line.line.state).label
    return f"{line.line.account} {line.line.label} {euros(line.line.amount_cents)}{f' ({state})' if state else ''}"


def _plain(line: Line) -> list[object]:
    return [line.line.side, line.line.account, line.line.label, line.line.amount_cents, str(line.line.state)]
