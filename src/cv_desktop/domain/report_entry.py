"""A filled Cerfa 15059 as a report to keep: its texts read, its structure, and what could not be taken."""

from __future__ import annotations

from datetime import date

from cv_desktop.domain import form_entry, report
from cv_desktop.domain.dates import typed_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filled_form import Filled
from cv_desktop.domain.form_entry import FormDoubt
from cv_desktop.domain.money import euros, parse_amount
from cv_desktop.domain.report import ANSWERS, ReportRead
from cv_desktop.domain.text import NBSP, quote

TABLE = "Tableau"


def entry(filled: Filled) -> tuple[ReportRead, tuple[FormDoubt, ...]]:
    """A report as it is kept, and what could not be taken from it: nothing is guessed, nothing is dropped."""
    doubts: list[FormDoubt] = []
    values = filled.values
    structure = form_entry.structure(values, doubts)
    kind = filled.kind

    def doubt(key: str, message: str) -> None:
        doubts.append(FormDoubt(form_entry.label(kind, key), values[key], message, key))

    year = report.year_of(values.get("year", ""))
    if year is None and values.get("year"):
        doubt("year", f"{quote(values['year'])} n’est pas une année. Exemple{NBSP}: 2025.")
    subsidy: int | None = None
    if text := values.get("granted_cents"):
        try:
            subsidy = parse_amount(text)
        except UserError as refusal:
            doubt("granted_cents", refusal.message)
    signed: date | None = None
    if text := values.get("signed_on"):
        try:
            signed = typed_date(text)
        except UserError as refusal:
            doubt("signed_on", refusal.message)
    doubts += [FormDoubt(TABLE, "", words) for words in filled.budget.doubts]
    if (left := report.unbalanced(filled.report)) is not None:
        side = "produits réalisés dépassent les charges" if left > 0 else "charges réalisées dépassent les produits"
        doubts.append(FormDoubt(TABLE, "", f"Les {side} de {euros(abs(left))}."))
    doubts += [FormDoubt(x.title, x.value, "Ce champ n’est pas reconnu.") for x in filled.unknown]
    read = ReportRead(
        structure=structure,
        title=" ".join(values.get("title", "").split()),
        year=year,
        subsidy_cents=subsidy,
        answers={key: values[key] for key in ANSWERS if values.get(key)},
        signatory_name=values.get("signatory_name", ""),
        signed_on=signed,
        lines=filled.report,
    )
    return read, tuple(doubts)
