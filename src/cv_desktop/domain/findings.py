"""What one check finds, before the severity of the règlement turns it into a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cv_desktop.domain import money
from cv_desktop.domain.facts import FileFacts
from cv_desktop.domain.rules import Parameter, Rules

NBSP = "\u00a0"
NOT_GIVEN = f"non{NBSP}renseigné"
WITHOUT_OBJECT = f"sans{NBSP}objet"

Kind = Literal["kept", "broken", "doubt", "unknown", "moot"]
Items = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One check to make: the file, the parameter that asks it and the whole règlement."""

    facts: FileFacts
    parameter: Parameter
    rules: Rules

    @property
    def limit(self) -> int | None:
        value = self.parameter.value
        return value if isinstance(value, int) else None

    @property
    def items(self) -> tuple[str, ...]:
        value = self.parameter.value
        return value if isinstance(value, tuple) else ()

    @property
    def article(self) -> str:
        """« (article 5). », which ends every sentence."""
        return f"({self.parameter.reference})."


@dataclass(frozen=True, slots=True)
class Finding:
    """``value`` is the short text on the right of the line; ``sentence`` says what is wrong.

    ``items`` are the (code, words) of the documents it is about. ``soft``: broken, but nothing that forbids anything.
    """

    kind: Kind
    title: str
    value: str = ""
    sentence: str = ""
    items: Items = ()
    soft: bool = False


def kept(title: str, value: str = "") -> Finding:
    """The rule is respected."""
    return Finding("kept", title, value)


def broken(title: str, sentence: str, value: str = "", items: Items = (), *, soft: bool = False) -> Finding:
    """The rule is not respected."""
    return Finding("broken", title, value, sentence, items, soft)


def doubt(title: str, sentence: str, value: str = "") -> Finding:
    """Nothing is broken, and there is something to look at: it never blocks and is asked of nobody."""
    return Finding("doubt", title, value, sentence)


def unknown(title: str, q: Question) -> Finding:
    """The file does not say enough to tell."""
    return Finding("unknown", title, NOT_GIVEN, f"{title}{NBSP}: {NOT_GIVEN} {q.article}")


def moot(title: str, value: str = WITHOUT_OBJECT) -> Finding:
    """The rule does not apply to this file."""
    return Finding("moot", title, value)


def share(part: int, whole: int, limit: int) -> str:
    """« 86 % »; with as many decimals as it takes not to read like the limit it misses."""
    exact = part * 100 == limit * whole
    bound = money.percent(limit, 100)
    texts = (money.percent(part, whole, decimals) for decimals in range(1, 7))
    return next((text for text in texts if exact or text != bound), bound)


def listed(items: tuple[str, ...]) -> str:
    """« statuts, RIB »."""
    return ", ".join(items)
