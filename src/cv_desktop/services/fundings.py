"""What the other funders give to a file, and what an agreement gives in the years that follow."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.funding import Funding, Tranche
from cv_desktop.db.models.reference import Funder
from cv_desktop.db.queries import envelopes, fundings
from cv_desktop.db.work import record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, parse_amount
from cv_desktop.domain.next_years import NextYear
from cv_desktop.services import movements, phases
from cv_desktop.services.lot_guards import next_years

AMOUNTS = {"asked_cents": "demandé", "proposed_cents": "proposé", "voted_cents": "voté", "paid_cents": "payé"}
# The model of an agreement of several years goes up to four (circulaire of 29 September 2015).
LONGEST_YEARS = 4


def set_amount(session: Session, *, application_id: str, funder: str, name: str, text: str) -> Changes:
    """Write what a co-funder was asked, proposed, voted or paid for a file, as typed; empty takes it away.

    Nothing of it is decided here: the State's share is recorded. Raises UserError on a text that is no amount, on a
    negative one, and when more is paid than was voted.
    """
    file, known = session.get_one(Application, application_id), session.get_one(Funder, funder)
    cents = parse_amount(text) if text.strip() else None
    if cents is not None and cents < 0:
        raise UserError(f"« {text.strip()} » est négatif. Exemple : 4 000.", field=name)
    row = session.get(Funding, (application_id, funder))
    before = getattr(row, name) if row else None
    if row is None:
        row = Funding(application_id=application_id, funder_code=funder, **dict.fromkeys(AMOUNTS))
        session.add(row)
    setattr(row, name, cents)
    if (row.paid_cents or 0) > (row.voted_cents or 0):
        raise UserError(
            f"{euros(row.paid_cents or 0)} payés dépassent ce que {known.label} a voté, {euros(row.voted_cents or 0)}. "
            "Corrigez d’abord le montant voté.",
            field=name,
        )
    if all(getattr(row, amount) is None for amount in AMOUNTS):
        session.delete(row)
    session.flush()
    shown = [euros(x) if x is not None else "rien" for x in (before, cents)]
    record(
        session,
        verb="fundings.set_amount",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number}, {known.label} : {AMOUNTS[name]} {shown[0]} → {shown[1]}",
        before=before,
        after=cents,
    )
    back = {"application_id": application_id, "funder": funder, "name": name}
    undo = Step(set_amount, {**back, "text": euros(before) if before is not None else ""})
    return Changes.of("application", application_id, undo=undo)


def set_tranche(session: Session, *, application_id: str, year: int, text: str) -> Changes:
    """Write what an agreement gives to a file in a year to come, as typed; empty takes the year away.

    Once the file is granted, the amount is engaged on the campaign of the same scheme in that year, as soon as there is
    one. Raises UserError on a year out of the agreement, or when that campaign is closed.
    """
    file = session.get_one(Application, application_id)
    own = session.get_one(Call, file.call_id)
    last = own.year + LONGEST_YEARS - 1
    if not own.year < year <= last:
        raise UserError(
            f"Une convention signée en {own.year} porte sur les années {own.year + 1} à {last}.", field="year"
        )
    cents = parse_amount(text) if text.strip() else None
    if cents is not None and cents <= 0:
        raise UserError(f"« {text.strip()} » n’engage rien. Exemple : 4 000 ; videz la case pour retirer l’année.")
    row = session.get(Tranche, (application_id, year))
    before = row.amount_cents if row else None
    if cents is None and row is not None:
        session.delete(row)
    elif row is not None and cents is not None:
        row.amount_cents = cents
    elif cents is not None:
        session.add(Tranche(application_id=application_id, year=year, amount_cents=cents))
    session.flush()
    for one in fundings.tranches(session, application_id=application_id):
        if one.year == year and one.call_id:
            phases.of_open(session, one.call_id)
    movements.settle(session, call_id=file.call_id, files=[application_id], verb="fundings.set_tranche")
    shown = [euros(x) if x is not None else "rien" for x in (before, cents)]
    record(
        session,
        verb="fundings.set_tranche",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number}, année {year} de la convention : {shown[0]} → {shown[1]}",
        before=before,
        after=cents,
    )
    back = {"application_id": application_id, "year": year, "text": euros(before) if before is not None else ""}
    return Changes.of("application", application_id, undo=Step(set_tranche, back))


def missing(session: Session, *, application_id: str, year: int) -> str:
    """What the envelope of a year to come lacks for the agreement of a file, as a sentence; empty when it holds it."""
    for one in next_years(session, [application_id]):
        if one.year == year and one.missing_cents:
            return one.words
    for row in fundings.tranches(session, application_id=application_id):
        if row.year == year and row.call_id:
            held = envelopes.buckets(session, call_id=row.call_id)
            if (left := held.free_cents + held.marked_cents) < 0:
                return NextYear(year, row.cents, row.call, left + row.cents).words
    return ""
