"""What a file says of an application, field by field, in a form that is kept and compared with a later file.

A value is plain JSON: texts, cents, days and moments in ISO, the codes of quarters, the lines of a budget.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from cv_desktop.domain import documents, form
from cv_desktop.domain.budget import CHARGE, Funding
from cv_desktop.domain.intake import BudgetEntry, Deposit
from cv_desktop.domain.money import euros
from cv_desktop.domain.own_funding import OwnNames
from cv_desktop.domain.text import fold, quote

Values = Mapping[str, Any]

# The field of a file (its column) that feeds each field of an application.
PLAIN = {
    "title": "title",
    "description": "description",
    "beneficiaries": "beneficiaries",
    "women": "women",
    "quarter_residents": "qpv_residents",
    "starts_on": "starts_on",
    "ends_on": "ends_on",
    "cost_cents": "cost",
    "asked_cents": "asked",
    "minimum_cents": "minimum",
    "equality": "equality",
    "participation": "participation",
    "ecology": "ecology",
    "republican_contract": "republican_contract",
    "deposited_at": "deposited_at",
}
THEME, QUARTERS, BUDGET, DOCUMENT = "theme", "quarters", "budget", "document:"
# Of the structure: its key, and its SIRET or what stands in its place.
STRUCTURE, SIRET = "structure", "siret"
# What a co-funder is asked, proposed, voted or paid: « funding:CAF:asked_cents ».
FUNDING = "funding:"
_AMOUNTS = {"asked_cents": "demandé", "proposed_cents": "proposé", "voted_cents": "voté", "paid_cents": "payé"}
_LABELS = {THEME: "Thématique", QUARTERS: "Quartiers", BUDGET: "Budget", STRUCTURE: "Structure", SIRET: "SIRET"}
FUNDINGS = {
    "acquis": Funding.ACQUIRED,
    "sollicite": Funding.ASKED,
    "refuse": Funding.REFUSED,
    "demande": Funding.OURS,
    "": Funding.NONE,
}
_SHORT = 90


def told(
    deposit: Deposit,
    carried: frozenset[str],
    *,
    codes: frozenset[str],
    themes: Mapping[str, str],
    own: OwnNames,
    structure_id: str,
) -> dict[str, Any]:
    """What a deposit says, by field; fields for which the file has no column are absent.

    ``carried`` are the fields that the columns of the file feed, ``codes`` those of the known quarters; ``themes``
    gives the code of a folded label; ``structure_id`` is the structure that its numbers say, empty when they say none.
    """
    found: dict[str, Any] = {}
    for name, column in PLAIN.items():
        if column in carried:
            value = getattr(deposit, "qpv_residents" if name == "quarter_residents" else name)
            found[name] = plain(value or 0 if name == "cost_cents" else value)
    if THEME in carried:
        found[THEME] = themes.get(fold(deposit.theme_label)) or deposit.theme_label
    if QUARTERS in carried:
        written = ", ".join(quarter for quarter in deposit.quarters if quarter not in codes)
        found[QUARTERS] = quarters([quarter for quarter in deposit.quarters if quarter in codes], written)
    if "amount" in carried:
        found[BUDGET] = [
            [entry.side, entry.account, entry.label, entry.amount_cents, funding(entry, own).value]
            for entry in deposit.budget
        ]
    for kind, filename in deposit.documents.items():
        found[DOCUMENT + kind] = filename
    given = {f"{FUNDING}{one.code}:{one.name}": one.cents for one in deposit.fundings}
    found |= {key: given.get(key) for key in carried if key.startswith(FUNDING)}
    if SIRET in carried:
        found[SIRET] = deposit.structure.siret or deposit.structure.siret_raw
    if structure_id:
        found[STRUCTURE] = structure_id
    return found


def funding(entry: BudgetEntry, own: OwnNames) -> Funding:
    """Where the co-funding of a budget line stands, the grant asked here recognised."""
    return own.state(entry, FUNDINGS[entry.state])


def quarters(codes: Sequence[str], written: str) -> list[str]:
    """The quarters of an action: known codes in their order, then what is written besides."""
    return sorted(set(codes)) + ([written] if written else [])


def plain(value: Any) -> Any:
    """A value as JSON keeps it: moments in UTC, days in ISO."""
    if not isinstance(value, date):
        return value
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value.isoformat()


def typed(name: str, value: Any) -> Any:
    """A kept value as the base holds it."""
    if name == "deposited_at":
        return datetime.fromisoformat(value) if value else None
    return date.fromisoformat(value) if name in ("starts_on", "ends_on") and value else value


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same thing: spaces and ends of lines do not count."""
    if isinstance(one, str) and isinstance(other, str):
        return " ".join(one.split()) == " ".join(other.split())
    return bool(one == other) or (blank(one) and blank(other))


def blank(value: Any) -> bool:
    return value is None or value == "" or value == [] or (value == 0 and not isinstance(value, bool))


def label(name: str) -> str:
    """The name of a field on the screen."""
    if name.startswith(DOCUMENT):
        return f"Pièce, {documents.label(name.removeprefix(DOCUMENT))}"
    if name.startswith(FUNDING):
        return funding_label(name, {})
    return _LABELS.get(name) or form.ALL[name].label


def funding_label(name: str, labels: Mapping[str, str]) -> str:
    """« CAF de Seine-et-Marne, demandé », of the field of a co-funder; ``labels`` are theirs by code, else the code."""
    _prefix, code, amount = name.split(":")
    return f"{labels.get(code, code)}, {_AMOUNTS[amount]}"


def shown(name: str, value: Any, names: Mapping[str, str]) -> str:
    """A value as a person reads it; ``names`` gives those of quarters, themes and structures by their key."""
    if blank(value):
        return "rien"
    if name == BUDGET:
        charges = sum(line[3] for line in value if line[0] == CHARGE)
        incomes = sum(line[3] for line in value if line[0] != CHARGE)
        return f"{len(value)} lignes, {euros(charges)} de charges, {euros(incomes)} de produits"
    if name == QUARTERS:
        return ", ".join(names.get(code, code) for code in value)
    if name in (THEME, STRUCTURE):
        return quote(names.get(value, value))
    if name.startswith(DOCUMENT):
        return quote(value)
    if name.startswith(FUNDING):
        return euros(value)
    if name not in PLAIN:
        return str(value)
    text = " ".join(form.shown(name, typed(name, value)).split())
    if len(text) > _SHORT:
        text = f"{text[: _SHORT - 1]}…"
    return quote(text) if isinstance(value, str) and form.ALL[name].kind in ("line", "long") else text
