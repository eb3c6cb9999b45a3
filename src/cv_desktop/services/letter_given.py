"""What an officer typed for a letter prepared by hand, as merge fields « donne.… » and flags."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cv_desktop.domain.dates import long_date
from cv_desktop.domain.letter_forms import ACCEPTED, FORMS, REJECTED, Ask
from cv_desktop.domain.letters import Field
from cv_desktop.domain.money import euros, in_words
from cv_desktop.domain.text import NBSP, stopped
from cv_desktop.services.letter_fields import act_nature, cited

SOURCE = "letter"
# The key, in what a letter keeps, of the answers to its form.
ANSWERS = "answers"
FLAGS = {
    "recourse_rejected": "si le recours est rejeté",
    "recourse_accepted": "si le recours est accueilli",
}
# Sentences that the letter goes on from; the other answers are parts of one.
_SENTENCES = frozenset({"motif", "observations", "suite", "question"})


def given_fields(kind: str, given: Mapping[str, Any], recipient: str) -> dict[str, Field]:
    """Every field of the form of a kind, empty when nobody typed it; ``recipient`` is to whom acts are sent."""
    fields: dict[str, Field] = {}
    for ask in FORMS.get(kind, ()):
        name = f"donne.{ask.name}"
        value = given.get(ask.name)
        if ask.shape == "rows":
            rows = tuple((str(year), label, euros(cents)) for year, label, cents in value or ())
            fields[name] = Field(_label(ask), None, SOURCE, rows)
            fields |= _sum("donne.montant", "total versé", sum(cents for _year, _label, cents in value or ()))
        elif ask.shape == "amount":
            fields |= _sum(name, _label(ask), int(value or 0))
        else:
            fields[name] = Field(_label(ask), _value(ask, value), SOURCE)
    if "donne.acte_numero" in fields:
        fields["donne.acte"] = Field("acte du retrait", _act(given, recipient), SOURCE)
    return fields


def given_flags(given: Mapping[str, Any]) -> frozenset[str]:
    """« recourse_rejected » or « recourse_accepted », as the answer says."""
    flag = {REJECTED: "recourse_rejected", ACCEPTED: "recourse_accepted"}.get(str(given.get("sens", "")))
    return frozenset({flag} if flag else ())


def _sum(name: str, label: str, cents: int) -> dict[str, Field]:
    """A sum in figures and in words."""
    words = in_words(cents) if cents else None
    return {
        name: Field(label, euros(cents) if cents else None, SOURCE),
        f"{name}_lettres": Field(f"{label} en lettres", words, SOURCE),
    }


def _label(ask: Ask) -> str:
    return ask.label[:1].lower() + ask.label[1:]


def _value(ask: Ask, value: Any) -> str | tuple[str, ...] | None:
    if value in (None, "", []):
        return None
    match ask.shape:
        case "date":
            return long_date(date.fromisoformat(value))
        case "lines":
            return _listed(value) if ask.name != "destinataire" else tuple(value)
    text = str(value)
    return stopped(text) if ask.name in _SENTENCES else text.rstrip(" .")


def _listed(lines: list[str]) -> tuple[str, ...]:
    """The lines as a list reads: the last one ends it."""
    bare = [line.rstrip(" .;") for line in lines]
    return tuple(f"{line}{'.' if i == len(bare) else f'{NBSP};'}" for i, line in enumerate(bare, 1))


def _act(given: Mapping[str, Any], recipient: str) -> str | None:
    days = [given.get(name) for name in ("acte_du", "acte_transmis_le", "acte_publie_le")]
    number = given.get("acte_numero")
    if not number or not all(days):
        return None
    on, sent_on, published_on = (date.fromisoformat(str(day)) for day in days)
    return cited(act_nature(given.get("organe")), str(number), on, sent_on, published_on, recipient)
