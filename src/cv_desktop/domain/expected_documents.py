"""The documents a règlement asks: when, until when they are good, and before what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cv_desktop.domain import money
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import fold

NBSP = "\u00a0"
ALWAYS, ABOVE, FIRST_REQUEST, RENEWAL = "always", "above", "first_request", "renewal"
DEPOSIT, PAYMENT = "deposit", "payment"
BLOCK, WARN = "block", "warn"

_CONDITIONS = {ALWAYS: "toujours", FIRST_REQUEST: "si première demande", RENEWAL: "si renouvellement"}
_DUES = {DEPOSIT: "au dépôt", PAYMENT: "avant le versement"}
_SEVERITIES = {BLOCK: "bloque", WARN: "avertit"}
_ABOVE = re.compile(r"(?:si )?(?:plus de|au dela de|>)\s*(.+)")
_MONTHS = re.compile(r"(\d{1,3})\s*(?:mois)?")


@dataclass(frozen=True, slots=True)
class ExpectedDocument:
    """One document of the list. ``kind`` is its code, the same in the files received.

    ``condition`` says which files owe it: "always", "above" (a grant asked above ``threshold_cents``),
    "first_request" or "renewal". ``validity_months`` counts from the day the document bears, None when it does not
    expire. ``due`` is "deposit" or "payment", ``severity`` "block" or "warn".
    """

    kind: str
    label: str
    condition: str = ALWAYS
    threshold_cents: int | None = None
    validity_months: int | None = None
    due: str = DEPOSIT
    severity: str = BLOCK
    to_validate: bool = True

    def applies(self, *, asked_cents: int | None, first_request: bool | None) -> bool:
        """Whether a file owes it. What is not known of the file does not excuse it, but for an amount."""
        match self.condition:
            case "above":
                return (asked_cents or 0) > (self.threshold_cents or 0)
            case "first_request":
                return first_request is not False
            case "renewal":
                return first_request is False
        return True

    @property
    def condition_words(self) -> str:
        """« toujours », « si plus de 23 000 € », « si première demande »."""
        if self.condition == ABOVE:
            return f"si plus de {money.euros(self.threshold_cents or 0)}"
        return _CONDITIONS[self.condition]

    @property
    def validity_words(self) -> str:
        """« 12 mois », « sans limite »."""
        return f"{self.validity_months}{NBSP}mois" if self.validity_months else f"sans{NBSP}limite"

    @property
    def due_words(self) -> str:
        """« au dépôt » or « avant le versement »."""
        return _DUES[self.due]

    @property
    def severity_words(self) -> str:
        return _SEVERITIES[self.severity]

    def with_text(self, name: str, text: str) -> ExpectedDocument:
        """The same document with a field as typed: label, condition, validity, due or severity. Raises UserError."""
        bare = " ".join(text.split())
        match name:
            case "label":
                if not bare:
                    raise UserError("Le nom de la pièce est obligatoire.", field=name)
                return replace(self, label=bare)
            case "condition":
                code, threshold = _condition(bare)
                return replace(self, condition=code, threshold_cents=threshold)
            case "validity":
                return replace(self, validity_months=_validity(bare))
            case "due":
                return replace(self, due=_word(bare, _DUES, "une échéance", name))
            case "severity":
                return replace(self, severity=_word(bare, _SEVERITIES, "une gravité", name))
        raise ValueError(f"{name} is no field of an expected document")

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ExpectedDocument:
        """A document of a reference file or of a configuration. Raises ValueError on a code that is not known."""
        made = cls(
            kind=data["kind"],
            label=data["label"],
            condition=data.get("condition", ALWAYS),
            threshold_cents=data.get("threshold_cents"),
            validity_months=data.get("validity_months"),
            due=data.get("due", DEPOSIT),
            severity=data.get("severity", BLOCK),
            to_validate=data.get("to_validate", True),
        )
        texts = isinstance(made.kind, str) and isinstance(made.label, str) and made.kind and made.label
        numbers = all(
            x is None or (isinstance(x, int) and not isinstance(x, bool) and x >= 0)
            for x in (made.threshold_cents, made.validity_months)
        )
        if not texts or not numbers or made.due not in _DUES or made.severity not in _SEVERITIES:
            raise ValueError(f"not an expected document: {made}")
        if made.condition not in (*_CONDITIONS, ABOVE) or (made.condition == ABOVE) != (
            made.threshold_cents is not None
        ):
            raise ValueError(f"not a condition: {made.condition}, {made.threshold_cents}")
        return made

    def to_json(self) -> dict[str, Any]:
        """The document as the reference files write it."""
        return {
            "kind": self.kind,
            "label": self.label,
            "condition": self.condition,
            "threshold_cents": self.threshold_cents,
            "validity_months": self.validity_months,
            "due": self.due,
            "severity": self.severity,
            "to_validate": self.to_validate,
        }


def _condition(text: str) -> tuple[str, int | None]:
    bare = fold(text)
    if found := _ABOVE.fullmatch(bare):
        return ABOVE, money.parse_amount(found[1])
    for code, words in _CONDITIONS.items():
        if bare and (fold(words).startswith(bare) or fold(words).removeprefix("si ").startswith(bare)):
            return code, None
    raise UserError(
        f"«{NBSP}{text}{NBSP}» n’est pas une condition. Écrivez toujours, si première demande, si renouvellement, "
        f"ou si plus de 23{NBSP}000{NBSP}€.",
        field="condition",
    )


def _validity(text: str) -> int | None:
    if fold(text) in ("", "-", "–", "sans limite", "aucune"):
        return None
    found = _MONTHS.fullmatch(fold(text))
    if found is None or not int(found[1]):
        raise UserError(f"«{NBSP}{text}{NBSP}» n’est pas un nombre de mois. Exemple{NBSP}: 12.", field="validity")
    return int(found[1])


def _word(text: str, words: Mapping[str, str], noun: str, field: str) -> str:
    bare = fold(text)
    for code, word in words.items():
        if bare and bare in fold(word):
            return code
    raise UserError(
        f"«{NBSP}{text}{NBSP}» n’est pas {noun}. Écrivez {' ou '.join(words.values())}.",
        field=field,
    )
