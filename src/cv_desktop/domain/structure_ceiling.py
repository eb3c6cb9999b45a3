"""The most that one structure may receive in a year, all its files together: a value of the règlement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from cv_desktop.domain.money import euros
from cv_desktop.domain.text import NBSP, counted, quote

NAMED = 6


@dataclass(frozen=True, slots=True)
class YearFile:
    """A file of a year and the cents it holds: decided, or more once it awaits its vote.

    ``dispensed``: a derogation sets the maximum aside for it.
    """

    id: str
    number: str
    structure_id: str
    structure: str
    held_cents: int = 0
    dispensed: bool = False


@dataclass(frozen=True, slots=True)
class YearGrant:
    """Cents that a structure has of this authority in a year besides its files: by an agreement, or as a list says.

    ``listed``: from a list, whose line of the amount of a file or of an agreement is that one. ``renewals``: the files
    of the year that take the agreement up again, and count in its place once they have an amount.
    """

    name: str
    cents: int
    listed: bool = False
    renewals: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """« 4 000 € par l’accord de AAP-2025-0004 », « 500 € d’après une liste (Sport) »."""
        source = f"d’après une liste ({self.name})" if self.listed else f"par l’accord de {self.name}"
        return f"{euros(self.cents)} {source}"


@dataclass(frozen=True, slots=True)
class StructureCeiling:
    """The maximum of a year in cents, None without any, the files that count for it, by key, and what else does.

    ``besides`` is by key of structure. An aid in kind is no part of it: the maximum is one of money.
    """

    year: int
    limit_cents: int | None = None
    reference: str = ""
    files: Mapping[str, YearFile] = field(default_factory=dict)
    besides: Mapping[str, Sequence[YearGrant]] = field(default_factory=dict)

    def over(self, amounts: Mapping[str, int], before: Mapping[str, int] | None = None) -> dict[str, str]:
        """Why these amounts, in cents by file, pass the maximum of their structures: a sentence for each such file.

        They replace what the files hold, or ``before``. One that gives no more than that breaks nothing, nor one whose
        file is dispensed; what dispensed files receive is not counted for the others. The sentence names what counts.
        """
        if self.limit_cents is None:
            return {}
        found: dict[str, str] = {}
        parts = self._parts(amounts)
        for key, cents in amounts.items():
            row = self.files.get(key)
            if row is None or row.dispensed or cents <= (row.held_cents if before is None else before.get(key, 0)):
                continue
            counts = parts[row.structure_id]
            total = sum(part for part, _words in counts)
            if (more := total - self.limit_cents) > 0:
                told = [words for _part, words in counts]
                named = f"{', '.join(told[:NAMED])} et {counted(len(told) - NAMED, 'autre')}"
                found[key] = (
                    f"{quote(row.structure)} aurait {euros(total)} en {self.year}, {euros(more)} de plus que le "
                    f"maximum par structure et par an, {euros(self.limit_cents)} ({self.reference}){NBSP}: "
                    f"{named if len(told) > NAMED else ', '.join(told)}."
                )
        return found

    def left(self, waiting: Collection[str]) -> dict[str, int]:
        """What each structure may still receive, in cents, these files holding nothing; below 0 beyond the maximum."""
        if self.limit_cents is None:
            return {}
        parts = self._parts(dict.fromkeys(waiting, 0))
        return {
            one.structure_id: self.limit_cents - sum(part for part, _words in parts[one.structure_id])
            for one in self.files.values()
            if not one.dispensed
        }

    def _parts(self, amounts: Mapping[str, int]) -> dict[str, list[tuple[int, str]]]:
        """What counts for each structure, in cents with its words, these amounts replacing what the files hold."""
        given = {key: amounts.get(key, one.held_cents) for key, one in self.files.items()}
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        same: dict[str, list[set[int]]] = defaultdict(list)
        for key, cents in given.items():
            one = self.files[key]
            same[one.structure_id].append({cents, one.held_cents})
            if cents and not one.dispensed:
                found[one.structure_id].append((cents, f"{euros(cents)} pour {one.number}"))
        for structure, grants in self.besides.items():
            for grant in grants:
                told = next((own for own in same[structure] if grant.cents in own), None) if grant.listed else None
                if told is not None:
                    same[structure].remove(told)
                elif not any(given.get(key) for key in grant.renewals):
                    found[structure].append((grant.cents, grant.words))
                    if not grant.listed:
                        same[structure].append({grant.cents})
        return found

    def dispenses(self, file: str) -> bool:
        """Whether a derogation sets the maximum aside for a file."""
        return file in self.files and self.files[file].dispensed
