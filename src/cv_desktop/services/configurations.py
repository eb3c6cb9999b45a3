"""A campaign set up from another: last year's duplicated, or a file exported elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Call, Grid, RulesParameter
from cv_desktop.db.models.expected_document import ExpectedDocument
from cv_desktop.db.models.reference import Scheme
from cv_desktop.db.queries import calls as campaigns
from cv_desktop.db.queries import expected_documents, rounds
from cv_desktop.db.refusals import explained
from cv_desktop.db.work import new_id, record, today
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.configuration import MOST_BYTES, Configuration
from cv_desktop.domain.dates import add_months
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.rules import Parameter
from cv_desktop.services import calls
from cv_desktop.services import rounds as round_verbs

# What a year changes by itself, and that the service therefore confirms again.
_YEARLY = ("cents", "date", "month_day")


def of_call(session: Session, *, call_id: str) -> Configuration:
    """The configuration of a campaign: its règlement, documents, rounds and grid, without its files."""
    call = session.get_one(Call, call_id)
    return Configuration(
        code=call.code,
        scheme=call.scheme_code,
        year=call.year,
        label=call.label,
        envelope_cents=call.envelope_cents,
        parameters=tuple(row.parameter for row in campaigns.parameters(session, call_id)),
        documents=tuple(row.document for row in expected_documents.rows(session, call_id)),
        rounds=rounds.dates(session, call_id),
        grid=campaigns.grid(session, call_id).grid.to_json(),
    )


def export(session: Session, *, call_id: str) -> Changes:
    """Say in the journal that the configuration of a campaign was exported."""
    call = session.get_one(Call, call_id)
    record(
        session,
        verb="configurations.export",
        noun="call",
        noun_id=call_id,
        summary=f"Paramétrage de « {call.label} » exporté",
    )
    return Changes()


def read_file(path: Path) -> bytes:
    """The bytes of a file to import, no more than a configuration may weigh and one. Raises UserError, Unavailable."""
    if not path.is_file():
        raise UserError(f"Le fichier « {path} » est introuvable. Vérifiez son nom.")
    with explained(path), path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def duplicate(session: Session, *, call_id: str, code: str, year: int) -> tuple[Changes, str]:
    """Create the campaign of another year from this one: the same règlement, documents, rounds and grid.

    Days move by the difference of years; the envelope and the shares of the rounds are left empty; the amounts and
    the dates of the règlement keep their values and are « à valider » again. Raises UserError as calls.create does.
    """
    source = session.get_one(Call, call_id)
    shift = 12 * (year - source.year)
    wanted = of_call(session, call_id=call_id)
    label = source.label.replace(str(source.year), str(year))
    moved = replace(
        wanted,
        code=code,
        year=year,
        label=label if label != source.label else f"{source.scheme_code} {year}",
        envelope_cents=0,
        parameters=tuple(_moved(p, shift) for p in wanted.parameters),
        rounds=tuple(
            replace(
                r,
                deposit_closes=add_months(r.deposit_closes, shift),
                committee_on=add_months(r.committee_on, shift) if r.committee_on else None,
                share_cents=None,
            )
            for r in wanted.rounds
        ),
    )
    return create(session, configuration=moved, said=f"d’après « {source.label} »")


def create(
    session: Session, *, configuration: Configuration, code: str = "", said: str = "d’après un fichier"
) -> tuple[Changes, str]:
    """Create a campaign from a configuration; ``code`` takes the place of its own. Raises UserError as calls.create."""
    if session.get(Scheme, configuration.scheme) is None:
        raise UserError(
            f"Le dispositif « {configuration.scheme} » n’existe pas dans cette base : "
            "ce paramétrage ne peut pas y être importé."
        )
    changes, key = calls.create(
        session,
        code=code or configuration.code,
        scheme=configuration.scheme,
        year=configuration.year,
        envelope_cents=configuration.envelope_cents,
        label=configuration.label,
    )
    session.flush()
    for table in (RulesParameter, ExpectedDocument):
        session.execute(delete(table).where(table.call_id == key))
    for position, parameter in enumerate(configuration.parameters):
        session.add(
            RulesParameter(
                id=new_id(session),
                scheme_code=configuration.scheme,
                call_id=key,
                version=1,
                position=position,
                effective_from=today(session),
                **parameter.to_json(),
            )
        )
    for position, document in enumerate(configuration.documents):
        session.add(
            ExpectedDocument(
                id=new_id(session),
                scheme_code=configuration.scheme,
                call_id=key,
                version=1,
                position=position,
                **document.to_json(),
            )
        )
    session.scalars(select(Grid).where(Grid.call_id == key)).one().content = configuration.grid
    session.flush()
    for one in configuration.rounds:
        round_verbs.create(
            session,
            call_id=key,
            label=one.label,
            deposit_closes=one.deposit_closes,
            committee_on=one.committee_on,
            share_cents=one.share_cents,
            rolls_over=one.rolls_over,
        )
    record(
        session,
        verb="configurations.create",
        noun="call",
        noun_id=key,
        summary=f"Paramétrage de « {configuration.label} » repris {said}",
        after={
            "parameters": len(configuration.parameters),
            "documents": len(configuration.documents),
            "rounds": len(configuration.rounds),
        },
    )
    return changes, key


def _moved(parameter: Parameter, months: int) -> Parameter:
    if parameter.unit not in _YEARLY:
        return parameter
    value = parameter.value
    if parameter.unit == "date" and isinstance(value, str):
        value = add_months(date.fromisoformat(value), months).isoformat()
    return replace(parameter, value=value, to_validate=True)
