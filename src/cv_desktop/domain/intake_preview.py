"""The lines of a deposit file as they are written, with what becomes of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cv_desktop.domain import deposits
from cv_desktop.domain.deposit_words import DepositWords
from cv_desktop.domain.intake import BLOCKING, TO_CHECK, Intake, Place, Problem
from cv_desktop.domain.sheets import Row, Sheet
from cv_desktop.domain.structure_rows import name_of, number_of


class LineState(StrEnum):
    """What an import does with a line."""

    READY = "ready"
    TO_CHECK = "to_check"
    REFUSED = "refused"
    ASIDE = "aside"

    @property
    def label(self) -> str:
        return {"ready": "Prête", "to_check": "À vérifier", "refused": "Refusée", "aside": "Écartée"}[self.value]

    @property
    def tint(self) -> str:
        """Name of the status colours of the screen."""
        return {"ready": "success", "to_check": "warning", "refused": "danger", "aside": "neutral"}[self.value]

    @property
    def icon(self) -> str:
        return {"ready": "check", "to_check": "triangle-alert", "refused": "x", "aside": "minus"}[self.value]


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """``bad`` names the fields that carry a problem, with its gravity."""

    line: int
    number: str
    state: LineState
    siret: str
    structure: str
    title: str
    quarters: str
    asked: str
    bad: Mapping[str, str]
    sheet: str = ""

    @property
    def place(self) -> Place:
        """The sheet and the line."""
        return self.sheet, self.line


def preview(
    sheets: Sequence[Sheet],
    known: DepositWords,
    intake: Intake,
    problems: Sequence[Problem],
    already: Collection[str],
    chosen: Mapping[str, str] | None = None,
) -> tuple[PreviewLine, ...]:
    """Every line of the sheets of applications that holds something, in the order of the reading."""
    tables, places = deposits.lines(sheets, known, chosen or {})
    fields = {(match.sheet, match.header): match.field for match in intake.mapping}
    by_number: dict[str, dict[str, str]] = defaultdict(dict)
    by_line: dict[Place, dict[str, str]] = defaultdict(dict)
    names = {table.name for table in tables}
    for problem in problems:
        key = fields.get((problem.sheet, problem.column), "") or problem.column
        here = problem.sheet in names
        target = by_line[problem.sheet, problem.line] if here else by_number[problem.number]
        if problem.severity in (BLOCKING, TO_CHECK) and target.get(key) != BLOCKING:
            target[key] = problem.severity
    kept = {(deposit.sheet, deposit.line): deposit.number for deposit in intake.deposits}
    refused = {(one.sheet, one.line) for one in problems if one.severity == BLOCKING}
    found = []
    for row in (row for table in tables for row in table.rows()):
        number = kept.get(row.place) or number_of(row)
        bad = {**(by_number.get(number, {}) if row.place in kept else {}), **by_line.get(row.place, {})}
        if row.place not in kept:
            state = LineState.REFUSED if row.place in refused else LineState.ASIDE
        elif number in already:
            state, bad = LineState.ASIDE, {}
        else:
            state = LineState.TO_CHECK if bad else LineState.READY
        found.append(_line(row, places.get(number), number, state, bad))
    return tuple(found)


def _line(row: Row, place: Row | None, number: str, state: LineState, bad: Mapping[str, str]) -> PreviewLine:
    return PreviewLine(
        line=row.line,
        sheet=row.table.name,
        number=number,
        state=state,
        siret=place.text("siret") if place else row.text("siret"),
        structure=name_of(row, place),
        title=row.text("title"),
        quarters=row.text("quarters"),
        asked=row.text("asked"),
        bad=bad,
    )
