"""An invented file: what a text of letter is tried on before any real one, and what each field gives as an example."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call, RulesParameter
from cv_desktop.db.models.decision import Decision, Lot
from cv_desktop.db.models.meeting import Meeting
from cv_desktop.db.models.reference import Scheme
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import calls, institution
from cv_desktop.domain.dates import NBSP, long_date
from cv_desktop.domain.letter_forms import FORMS, example
from cv_desktop.domain.letters import Field
from cv_desktop.domain.rules import Rules
from cv_desktop.services import letter_fields, letter_values
from cv_desktop.services.letter_content import frame_fields
from cv_desktop.services.letter_fields import Subject

_SCHEME = "FIA"
# What no invented file can give by itself: the silence, the pieces and the rules come from the checks of a real one.
_SAID: dict[str, str | tuple[str, ...]] = {
    "pieces": (f"statuts (article{NBSP}9){NBSP};", f"RIB au nom de l’association (article{NBSP}9)."),
    "motifs": (f"le budget dépasse le maximum du règlement, 3{NBSP}000{NBSP}€ (article{NBSP}5).",),
}
FLAGS = frozenset(
    {"alone", "has_meeting", "silence_ahead", "report_late", "has_motive", "reminded", "recourse_rejected"}
)


def subject(session: Session, year: int) -> Subject:
    """The rows of a file that is in no base, granted in ``year``; the institution is that of the base."""
    key = ""  # of nothing that is written
    return Subject(
        file=Application(
            id=key,
            number=f"FIA-{year}-0009",
            title="Composter ensemble au pied des tours",
            starts_on=date(year, 3, 15),
            ends_on=date(year, 11, 30),
            cost_cents=3_850_00,
            asked_cents=3_000_00,
            republican_contract=True,
            deposited_at=datetime(year, 1, 12, 9, tzinfo=UTC),
        ),
        structure=Structure(
            id=key,
            name="Cultivons l’Exemple",
            address="Maison de quartier\n12 allée des Exemples",
            postal_code="77350",
            commune="Le Mée-sur-Seine",
            siret="99000000000010",
        ),
        representative_role="présidente",
        iban="FR7699999000010000000000123",
        call=Call(id=key, code=f"FIA-{year}", label=f"FIA {year}", scheme_code=_SCHEME, year=year, example=True),
        scheme=Scheme(code=_SCHEME, label="Fonds de soutien aux initiatives associatives"),
        rules=_rules(session),
        settings=institution.values(session),
        decision=Decision(
            id=key,
            outcome="partial",
            amount_cents=2_400_00,
            motive="Le budget de communication a été ramené au besoin de l’action",
            condition="",
            rank=3,
        ),
        lot=Lot(
            body="Bureau communautaire",
            act_number=f"{year}-B-014",
            act_on=date(year, 2, 26),
            sent_to_prefect_on=date(year, 2, 27),
            published_on=date(year, 2, 27),
        ),
        meeting=Meeting(id=key, held_on=date(year, 2, 19), state="prepared"),
        asked="le devis du matériel",
    )


def _rules(session: Session) -> Rules:
    """The règlement as it is shipped, the newest value of each parameter."""
    query = select(RulesParameter).where(RulesParameter.call_id.is_(None), RulesParameter.scheme_code == _SCHEME)
    return Rules(calls.parameter_of(row) for row in session.scalars(query.order_by(RulesParameter.version)))


def fields(session: Session, invented: Subject, day: date, kind: str) -> dict[str, Field]:
    """Every field of a letter of a kind on the invented file, none empty: what nothing fills says its own name."""
    answers = {ask.name: example(ask, day) for ask in FORMS.get(kind, ())}
    found = letter_values.values(session, invented, day, kind=kind, answers=answers, lists=frozenset())
    found |= letter_fields.listed(session, (), day) | frame_fields(invented)
    return {name: one if not one.empty else _filled(name, one, day) for name, one in found.items()}


def _filled(name: str, one: Field, day: date) -> Field:
    if name.startswith("date_"):
        return replace(one, value=long_date(day))
    value = _SAID.get(name, one.label)
    if isinstance(one.value, tuple) and isinstance(value, str):
        value = (value,)
    return replace(one, value=value)
