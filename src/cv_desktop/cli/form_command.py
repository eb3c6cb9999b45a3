"""A filled PDF form, imported without a screen: what it says, what could not be taken, and where it went."""

from __future__ import annotations

import time
from argparse import Namespace
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, opened
from cv_desktop.db.queries import applications
from cv_desktop.db.store import Store
from cv_desktop.domain import form_entry, report_entry
from cv_desktop.domain.budget import CHARGE
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filled_form import REPORT, Filled, unknown_sentence
from cv_desktop.domain.form_entry import FormDoubt
from cv_desktop.domain.identifiers import SiretState, judge_siret
from cv_desktop.domain.intake import TO_CHECK, Problem, StructureRead
from cv_desktop.domain.money import euros
from cv_desktop.domain.report import gap_text, totals
from cv_desktop.domain.text import NBSP, fold, quote
from cv_desktop.services import filled_forms, reports
from cv_desktop.services.reports import Placing

FORM = "form"
NO_FILE = "aucun"
OPTIONS = {
    "structure": "--structure, suivie d’un SIRET, d’un SIREN ou d’un RNA",
    "application": "--application, suivie d’un numéro de dossier, ou de «\u00a0aucun\u00a0»",
    "year": "--year",
}


def is_pdf(path: Path) -> bool:
    """Whether a file says by its first bytes that it is a PDF; its name may say anything."""
    try:
        # A pipe would wait for its other end.
        if not path.is_file():
            return False
        with path.open("rb") as handle:
            return b"%PDF-" in handle.read(1024)
    except OSError:
        # Absent, a folder, or closed to this account: the reader of any file says which.
        return False


def import_form(arguments: Namespace, path: Path) -> tuple[Answer, int]:
    """``import FORMULAIRE.pdf``: a request makes a file of ``--call``, a report is kept with its structure."""
    began = time.monotonic()
    with opened(arguments) as store:
        call = call_id(store, arguments.call) if arguments.call else None
        with store.read() as session:
            filled = filled_forms.read(session, path=path)
        report = filled.kind.code == REPORT
        if call is None and not report:
            raise UserError("Ce formulaire est une demande\u00a0: indiquez sa campagne avec --call.")
        made = (
            _report(arguments, store, path, filled, call) if report else _request(arguments, store, path, filled, call)
        )
    siret = Counter({judge_siret(made.structure.siret_raw)[0].value: 1})
    data: dict[str, Any] = {
        "kind": FORM,
        "form": filled.kind.code,
        "file": path.name,
        "format": "pdf",
        "encoding": "",
        "header_line": 0,
        "rows_read": 1,
        "accepted": 1,
        "amount_total_cents": made.cents,
        "set_aside": [],
        "problems": [asdict(Problem(0, x.field, TO_CHECK, x.message, made.number, "", x.value)) for x in made.doubts],
        "identifiers": {state.value: siret[state.value] for state in SiretState},
        "fields": len(filled.values),
        "budget_lines": len(filled.report or filled.budget.lines),
        "number": made.number,
        "status": made.status,
        **made.more,
        "dry_run": arguments.dry_run,
        "seconds": round(time.monotonic() - began, 3),
    }
    lines = [f"{made.said}{NBSP}: {made.done if not arguments.dry_run else 'simulation, rien n’est écrit.'}"]
    lines += [f"  {x.field} (à vérifier){NBSP}: {x.message}" for x in made.doubts if x.message and _worth(x)]
    if unknown := unknown_sentence(filled.unknown):
        lines.append(f"  {unknown}")
    return Answer(data, tuple(lines)), 0


@dataclass(frozen=True, slots=True)
class _Made:
    """What became of a form: ``number`` is that of the file written, or that the report is about."""

    structure: StructureRead
    cents: int
    doubts: tuple[FormDoubt, ...]
    said: str
    done: str
    number: str = ""
    status: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def _request(arguments: Namespace, store: Store, path: Path, filled: Filled, call: str | None) -> _Made:
    entry, doubts = form_entry.entry(filled)
    number = status = ""
    if not arguments.dry_run:
        with store.write(ACTOR) as session:
            key = filled_forms.write(session, call_id=call, path=path, filled=filled)[1]
        with store.read() as session:
            row = applications.some(session, ids=[key])[0]
        number, status = row.number, row.status.value
    asked = int(entry.values.get("asked_cents") or 0)
    said = f"Demande de {quote(entry.structure.name or 'structure sans nom')}, {euros(asked)} demandés"
    return _Made(entry.structure, asked, doubts, said, f"écrite sous le numéro {number}.", number, status)


def _report(arguments: Namespace, store: Store, path: Path, filled: Filled, call: str | None) -> _Made:
    read, doubts = report_entry.entry(filled)
    try:
        placing = _placing(arguments, store)
        with store.read() as session:
            where = reports.target(session, read=read, placing=placing)
        if arguments.dry_run:
            reports.settled(where)
        else:
            with store.write(ACTOR) as session:
                filled_forms.write(session, call_id=call, path=path, filled=filled, placing=placing)
    except UserError as refusal:
        option = OPTIONS.get(refusal.field, "")
        raise UserError(f"{refusal.message} Option{NBSP}: {option}." if option else refusal.message) from None
    number = where.file.number if where.file else ""
    planned, realised = totals(read.lines, CHARGE)
    more = {
        "structure": where.structure,
        "year": where.year,
        "planned_cents": planned,
        "realised_cents": realised,
        "subsidy_cents": read.subsidy_cents,
    }
    said = f"Bilan {where.year} de {quote(where.structure)}"
    if realised is not None:
        said += f", {euros(realised)} réalisés"
        said += f" pour {euros(planned)} prévus ({gap_text(planned, realised)})" if planned else ""
    done = f"enregistré avec le dossier {number}." if number else "enregistré avec la structure, sans dossier."
    return _Made(read.structure, 0, doubts, said, done, number, more=more)


def _placing(arguments: Namespace, store: Store) -> Placing:
    file: str | None = None
    with store.read() as session:
        owner = reports.structure_of(session, number=arguments.structure) if arguments.structure else ""
        if arguments.application is not None:
            bare = arguments.application.strip()
            file = "" if fold(bare) == NO_FILE else reports.file_of(session, number=bare)
    return Placing(owner, file, arguments.year)


def _worth(doubt: FormDoubt) -> bool:
    # The boxes that no word tells have a sentence of their own.
    return doubt.value != "" or doubt.field in (report_entry.TABLE, form_entry.BUDGET_TITLE)
