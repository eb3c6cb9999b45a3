"""What the reading of application files knows beforehand, as data: headers, words of totals, states of the sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from cv_desktop.domain.columns import Field, fields_from
from cv_desktop.domain.text import words
from cv_desktop.domain.totals import TotalWords


class Standing(StrEnum):
    """What a state of the source means here; UNKNOWN when no table says it."""

    DRAFT = "draft"
    DEPOSITED = "deposited"
    DECIDED = "decided"
    UNKNOWN = ""


@lru_cache(maxsize=256)
def _folded(state: str) -> str:
    return words(state)


@dataclass(frozen=True, slots=True)
class SourceStates:
    """The states of « démarche numérique », Osiris and DAUPHIN, by their folded words.

    ``decided`` gives what the source has decided, in French: « accordée », « refusée »…
    """

    draft: frozenset[str]
    deposited: frozenset[str]
    decided: Mapping[str, str]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SourceStates:
        """The states of the reference table of columns."""
        decided = {words(state): said for said, states in data["decided"].items() for state in states}
        return cls(frozenset(map(words, data["draft"])), frozenset(map(words, data["deposited"])), decided)

    def standing(self, written: str) -> Standing:
        """What a state means; a file repeats a few of them."""
        state = _folded(written)
        if state in self.draft:
            return Standing.DRAFT
        if state in self.decided:
            return Standing.DECIDED
        return Standing.DEPOSITED if state in self.deposited else Standing.UNKNOWN

    def decision(self, written: str) -> str:
        """What the source has decided, empty when it has decided nothing."""
        return self.decided.get(_folded(written), "")


@dataclass(frozen=True, slots=True)
class DepositWords:
    """Fields of applications, of their establishments and of their budgets."""

    applications: tuple[Field, ...]
    establishments: tuple[Field, ...]
    budget: tuple[Field, ...]
    totals: TotalWords
    states: SourceStates
    fundings: Mapping[str, Sequence[str]]

    @classmethod
    def from_json(cls, columns: Mapping[str, Any]) -> DepositWords:
        """The reference table of columns."""
        return cls(
            fields_from(columns["applications"]),
            fields_from(columns["establishments"]),
            fields_from(columns["budget"]),
            TotalWords.from_json(columns["total_words"]),
            SourceStates.from_json(columns["states"]),
            columns["funding_words"],
        )

    @property
    def one_table(self) -> tuple[Field, ...]:
        """The fields of a CSV or of a list, which holds the columns of the establishment among the others."""
        return (*self.applications, *self.establishments[1:])

    def of_sheet(self, sheet: str, first: str) -> Sequence[Field]:
        """The fields that a column of that sheet may feed, ``first`` being the sheet of the applications."""
        if sheet == first:
            return self.one_table
        return self.establishments if "etablissement" in words(sheet) else self.budget
