"""A deposit file as it is read before anything is written: the simulation of an import, and its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from cv_desktop.domain.deposits import read_deposits
from cv_desktop.domain.errors import Unavailable
from cv_desktop.domain.intake import TO_CHECK, Intake, Problem
from cv_desktop.domain.intake_preview import LineState, PreviewLine, preview
from cv_desktop.domain.sheets import Sheet
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.services import imports
from cv_desktop.services.imports import Plan
from cv_desktop.services.kept_files import fingerprint

# The modules of documents load the libraries of spreadsheets: a fifth of a second, only when a file is read or written.
SOURCE = "Démarche numérique"


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file opened once: its tables, the fingerprint of its bytes, where it lies, and how it was read."""

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]
    path: Path
    format: str = ""
    encoding: str = ""
    remarks: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What an import would do, line by line. ``chosen`` are the fields a person gave to some columns."""

    file: RawFile
    chosen: Mapping[str, str]
    plan: Plan
    lines: tuple[PreviewLine, ...]

    @property
    def intake(self) -> Intake:
        return self.plan.intake

    def count(self, state: LineState) -> int:
        """How many lines read are in that state; lines that are no application are counted by nobody here."""
        others = set(self.intake.others)
        return sum(line.state is state and line.line not in others for line in self.lines)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What there is to look at: nothing of the files that the campaign has already."""
        already = frozenset(self.plan.already)
        return tuple(problem for problem in self.plan.problems if not problem.number or problem.number not in already)

    def aside(self) -> list[tuple[str, tuple[str, ...]]]:
        """(words, names) of each kind of line set aside, those without any left out."""
        kinds = (
            ("brouillon", self.intake.drafts),
            ("doublon", self.intake.duplicates),
            ("déjà dans la campagne", self.plan.already),
            ("autre ligne", tuple(f"ligne {line}" for line in self.intake.others)),
        )
        return [(words, names) for words, names in kinds if names]


def open_file(path: Path) -> RawFile:
    """Read a spreadsheet whole. Raises UserError when it is protected, damaged, or no spreadsheet."""
    from cv_desktop.documents.sheet_read import open_list

    opened = open_list(path)
    try:
        digest = fingerprint(path)
    except OSError:
        raise Unavailable(f"Le fichier {quote(path.name)} ne peut plus être lu. A-t-il été déplacé{NBSP}?") from None
    remarks = tuple(
        Problem(one.line, one.column and f"colonne {one.column}", TO_CHECK, one.message, sheet=one.sheet)
        for one in opened.remarks
    )
    return RawFile(path.name, digest, opened.sheets, path, opened.format, opened.encoding, remarks)


def read(session: Session, *, call_id: str, file: RawFile, chosen: Mapping[str, str]) -> Reading:
    """Compare a file with a campaign; nothing is written. Raises UserError when a sheet or a column is absent."""
    intake = read_deposits(file.sheets, imports.known_quarters(session), source=SOURCE, chosen=chosen)
    plan = imports.plan(session, call_id=call_id, intake=intake)
    lines = preview(file.sheets, intake, plan.problems, frozenset(plan.already), chosen)
    return Reading(file, chosen, plan, lines)


def report(reading: Reading) -> bytes:
    """The report by line as an xlsx, problems of the whole file at the end."""
    from cv_desktop.documents.sheet_write import SheetColumn, decisions_workbook

    columns = (
        SheetColumn("Ligne", "count", 8),
        SheetColumn("Résultat", "text", 14),
        SheetColumn("N° externe", "text", 14),
        SheetColumn("Structure", "text", 34),
        SheetColumn("Action", "text", 40),
        SheetColumn("Demandé", "text", 14),
        SheetColumn("Remarques", "text", 80),
    )
    said: dict[int, list[str]] = {}
    loose: list[str] = []
    name = next((match.sheet for match in reading.intake.mapping), "")
    by_number = {line.number: line.line for line in reading.lines if line.number}
    for problem in reading.plan.problems:
        line = problem.line if problem.sheet in (name, "Dossiers") else by_number.get(problem.number, 0)
        where = f"{problem.column} : " if problem.column else ""
        if line:
            said.setdefault(line, []).append(where + problem.message)
        else:
            loose.append(where + problem.message)
    rows: list[Sequence[object]] = [
        (
            line.line,
            line.state.label,
            line.number,
            line.structure,
            line.title,
            line.asked,
            "\n".join(said.get(line.line, ())),
        )
        for line in reading.lines
    ]
    rows += [(None, "Fichier", None, None, None, None, words) for words in loose]
    return decisions_workbook(columns, rows, title="Rapport d’import")
