"""A règlement as data: parameters with their article, and the values the checks read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cv_desktop.domain import expense_caps, units
from cv_desktop.domain.expected_documents import DEPOSIT, ExpectedDocument
from cv_desktop.domain.expense_caps import ExpenseCap
from cv_desktop.domain.units import Unit, Value

BLOCK, WARN, NONE = "block", "warn", "none"
COMPLETE, REFUSE = "complete", "refuse"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of a règlement.

    ``severity`` is "block", "warn" or "none"; ``remedy`` says what a failed blocking check leads
    to: "complete" (ask the association), "refuse" (irrecevabilité) or "none". ``check`` is the code
    of the function of ``domain.eligibility`` that judges it, if any. ``value`` None means no limit.
    """

    key: str
    article: str
    label: str
    unit: Unit
    value: Value
    severity: str = NONE
    remedy: str = NONE
    check: str | None = None
    to_validate: bool = True
    hint: str = ""

    @property
    def shown(self) -> str:
        """The value as a person reads it: « 3 000 € », « 31/03 », « oui »."""
        return units.show_value(self.unit, self.value)

    @property
    def reference(self) -> str:
        """« article 5 », or the name of the part for what is no article."""
        return f"article{units.NBSP}{self.article}" if self.article.isdigit() else self.article

    def with_text(self, text: str) -> Parameter:
        """The same parameter with the value a person typed. Raises UserError."""
        return replace(self, value=units.parse_value(self.unit, text))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Parameter:
        """A parameter of a reference file. Raises ValueError on a value that is not of its unit."""
        unit: Unit = data["unit"]
        value = data.get("value")
        return cls(
            key=data["key"],
            article=str(data["article"]),
            label=data["label"],
            unit=unit,
            value=units.checked(unit, tuple(value) if isinstance(value, list) else value),
            severity=data.get("severity", NONE),
            remedy=data.get("remedy", NONE),
            check=data.get("check"),
            to_validate=data.get("to_validate", True),
            hint=data.get("hint", ""),
        )

    def to_json(self) -> dict[str, Any]:
        """The parameter as the reference files write it."""
        return {
            "key": self.key,
            "article": self.article,
            "label": self.label,
            "unit": self.unit,
            "value": [*self.value] if isinstance(self.value, tuple) else self.value,
            "severity": self.severity,
            "remedy": self.remedy,
            "check": self.check,
            "to_validate": self.to_validate,
            "hint": self.hint,
        }


class Rules(Mapping[str, Parameter]):
    """The parameters of one scheme and one year, by key, and the documents asked; never changed in place."""

    __slots__ = ("_by_check", "_parameters", "documents")

    def __init__(self, parameters: Iterable[Parameter], documents: Iterable[ExpectedDocument] = ()) -> None:
        self._parameters = {p.key: p for p in parameters}
        self.documents = tuple(documents)
        self._by_check = {p.check: p for p in self._parameters.values() if p.check}

    @classmethod
    def from_json(cls, parameters: Iterable[Mapping[str, Any]], documents: Iterable[Mapping[str, Any]] = ()) -> Rules:
        """Rules of the ``parameters`` and ``documents`` lists of a scheme in the reference file."""
        return cls(map(Parameter.from_json, parameters), map(ExpectedDocument.from_json, documents))

    def to_json(self) -> list[dict[str, Any]]:
        """The list of parameters that :meth:`from_json` reads."""
        return [p.to_json() for p in self._parameters.values()]

    def __getitem__(self, key: str) -> Parameter:
        return self._parameters[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rules) and self._parameters == other._parameters and self.documents == other.documents

    def __hash__(self) -> int:
        return hash((tuple(self._parameters.items()), self.documents))

    def by_check(self, code: str) -> Parameter | None:
        """The parameter that carries a check, or None when the règlement does not ask it."""
        return self._by_check.get(code)

    def replaced(self, parameter: Parameter) -> Rules:
        """New rules where one parameter takes the place of the one of the same key."""
        return Rules((self._parameters | {parameter.key: parameter}).values(), self.documents)

    def documents_at_deposit(
        self, *, asked_cents: int | None, first_request: bool | None
    ) -> tuple[ExpectedDocument, ...]:
        """The documents that a file owes with its deposit, in order."""
        return tuple(
            d
            for d in self.documents
            if d.due == DEPOSIT and d.applies(asked_cents=asked_cents, first_request=first_request)
        )

    def changes(self, newer: Rules) -> tuple[tuple[Parameter, Parameter], ...]:
        """(before, after) of the parameters whose value, severity or article differs."""
        pairs = ((p, newer[p.key]) for p in self._parameters.values() if p.key in newer)
        return tuple((old, new) for old, new in pairs if old != new)

    def cents(self, key: str) -> int | None:
        """An amount in cents; None when there is no limit."""
        return self._integer(key, "cents")

    def percent(self, key: str) -> int | None:
        """A whole percentage; None when there is no limit."""
        return self._integer(key, "percent")

    def count(self, key: str) -> int | None:
        """A number of things, days or months; None when there is no limit."""
        return self._integer(key, "count", "days", "months")

    def flag(self, key: str) -> bool:
        """Whether a yes-or-no rule is on."""
        return self._of(key, "flag") is True

    def list(self, key: str) -> tuple[str, ...]:
        """The items of a list."""
        value = self._of(key, "list")
        return value if isinstance(value, tuple) else ()

    def caps(self, key: str) -> tuple[ExpenseCap, ...]:
        """The ceilings on accounts of the budget."""
        return tuple(expense_caps.read(self._of(key, "caps")))

    def offsets(self, key: str) -> tuple[int, ...]:
        """Days before (negative) or after a term."""
        value = self._of(key, "offsets")
        return tuple(int(x) for x in value) if isinstance(value, tuple) else ()

    def text(self, key: str) -> str:
        """A free text, or the code of a method."""
        value = self._of(key, "text", "method")
        return value if isinstance(value, str) else ""

    def day(self, key: str, year: int) -> date | None:
        """The day a parameter means for the campaign of ``year``.

        "03-31" is 31 March of that year, "-1:10-01" is 1 October of the year before, "+1:06-30" the
        30 June after; 29 February becomes the 28th in a short year. A full date is returned as it is.
        """
        value = self._of(key, "month_day", "date")
        if not isinstance(value, str) or not value:
            return None
        if self[key].unit == "date":
            return date.fromisoformat(value)
        return units.MonthDay.of(value).in_year(year)

    def _of(self, key: str, *expected: Unit) -> Value:
        parameter = self[key]
        if parameter.unit not in expected:
            raise ValueError(f"{key} is in {parameter.unit}, not in {' or '.join(expected)}")
        return parameter.value

    def _integer(self, key: str, *expected: Unit) -> int | None:
        value = self._of(key, *expected)
        return value if isinstance(value, int) else None
