"""Any file in: recognised, read, told, and written unless it is a simulation."""

from __future__ import annotations

import time
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, base_file, call_id, opened
from cv_desktop.cli.form_command import import_form, is_pdf
from cv_desktop.db.store import Store
from cv_desktop.db.work import system_clock
from cv_desktop.domain import imported
from cv_desktop.domain.dates import local
from cv_desktop.domain.deposits import read_deposits
from cv_desktop.domain.directory import DirectoryReading
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.file_kinds import APPLICATIONS, DIRECTORY, HISTORY, is_request
from cv_desktop.domain.identifiers import SiretState, judge_siret
from cv_desktop.domain.intake import KNOWN, Aside, Intake, Problem
from cv_desktop.domain.money import euros
from cv_desktop.domain.past_grants import History, read_history
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import directory, imports, mappings, past_grants, readings, vocabulary
from cv_desktop.services.import_plan import Plan
from cv_desktop.services.kept_files import fingerprint
from cv_desktop.services.readings import RawFile

# The same fault on hundreds of lines is said once with its first lines; --json lists them all.
_LINES_SAID = 8
_SEVERITIES = {"bloquant": "refusée", "a_verifier": "à vérifier", "information": "information", "ecarte": "écartée"}


def import_file(arguments: Namespace) -> tuple[Answer, int]:
    """``import FICHIER``: what the file holds, and what became of it."""
    began = time.monotonic()
    path: Path = arguments.file.expanduser()
    if is_pdf(path):
        return import_form(arguments, path)
    alone = arguments.dry_run and arguments.call is None and not base_file(arguments).exists()
    with nullcontext() if alone else opened(arguments) as store:
        call = call_id(store, arguments.call) if store and arguments.call else None
        if arguments.kind == DIRECTORY and _is_text(path):
            data = _register(arguments, store, path, None)
        else:
            file = readings.open_file(path)
            kind = arguments.kind or _kind(arguments, file)
            if not kind and call is None:
                raise UserError(
                    "Aucune colonne de ce fichier n’est reconnue. Dites ce qu’il contient avec --as\u00a0: "
                    "applications, history ou directory."
                )
            if kind == DIRECTORY:
                data = _register(arguments, store, path, file)
            elif kind == HISTORY:
                data = _history(arguments, store, file)
            else:
                data = _applications(arguments, store, call, file)
    data["dry_run"] = arguments.dry_run
    data["seconds"] = round(time.monotonic() - began, 3)
    return Answer(data, tuple(_lines(data))), 0


def _kind(arguments: Namespace, file: RawFile) -> str:
    """What a file holds; where it may be either, whoever names a campaign brings applications."""
    kind = vocabulary.kind_of(file.sheets)
    asks_only = kind == HISTORY and arguments.call is not None and is_request(file.sheets, vocabulary.words())
    return APPLICATIONS if asks_only else kind


def _applications(arguments: Namespace, store: Store | None, call: str | None, file: RawFile) -> dict[str, Any]:
    if call is None and not arguments.dry_run:
        raise UserError("Ce fichier contient des dossiers\u00a0: indiquez leur campagne avec --call.")
    source = arguments.source or readings.SOURCE
    quarters: dict[str, str] | None = None
    funders: dict[str, list[str]] | None = None
    chosen: dict[str, str] = {}
    year: int | None = None
    if store is not None:
        with store.read() as session:
            year = imports.year_of(session, call) if call else None
            quarters, funders = imports.known_quarters(session), imports.known_funders(session, call)
            chosen = mappings.remembered(session, source=source, kind=APPLICATIONS)
    intake = read_deposits(
        file.sheets,
        vocabulary.deposits(),
        quarters,
        funders=funders,
        source=source,
        chosen=chosen,
        deposited_on=arguments.deposited_on,
        today=local(system_clock()).date(),
        year=year,
    )
    plan = Plan(intake, intake.deposits, (), intake.problems)
    if store is not None and call is not None:
        with store.read() as session:
            plan = imports.plan(session, call_id=call, intake=intake)
        if not arguments.dry_run:
            with store.write(ACTOR) as session:
                imports.run(
                    session, call_id=call, intake=intake, filename=file.name, sha256=file.sha256, path=file.path
                )
    already = {deposit.number: deposit for deposit in intake.deposits}
    asides = [
        *intake.asides,
        *(
            Aside(already[number].line, KNOWN, "Déjà dans la campagne.", already[number].sheet)
            for number in plan.unchanged
        ),
    ]
    return import_data(plan) | _common(
        APPLICATIONS,
        file,
        source,
        intake.header_line,
        intake.rows,
        len(plan.new),
        plan.asked_cents,
        asides,
        [*plan.problems, *file.remarks],
        _identifiers(intake),
    )


def _history(arguments: Namespace, store: Store | None, file: RawFile) -> dict[str, Any]:
    source = arguments.source or file.path.stem
    chosen: dict[str, str] = {}
    if store is not None:
        with store.read() as session:
            chosen = mappings.remembered(session, source=source, kind=HISTORY)
    history = read_history(file.sheets, vocabulary.words(), source=source, filename=file.name, chosen=chosen)
    problems: Sequence[Problem] = history.problems
    linked: dict[str, int] = {}
    if store is not None:
        with store.read() as session:
            plan = past_grants.plan(session, history=history)
        problems, linked = plan.problems, {"linked": plan.linked, "proposed": plan.proposed}
        if not arguments.dry_run:
            with store.write(ACTOR) as session:
                past_grants.run(
                    session,
                    history=history,
                    filename=file.name,
                    sha256=file.sha256,
                    year=arguments.year,
                    path=file.path,
                )
    elif not arguments.dry_run:
        raise UserError("Aucune base où écrire.")
    data = _common(
        HISTORY,
        file,
        source,
        history.header_line,
        history.rows,
        history.accepted,
        history.amount_cents,
        history.asides,
        [*problems, *file.remarks],
        dict(history.identifiers),
    )
    data |= {"grants": len(history.grants), "refused": len(history.refused), "refused_lines": list(history.refused)}
    data |= linked
    if history.schema_breaches is not None:
        data["scdl_errors"] = history.schema_breaches
    data["years"] = {str(year or ""): cents for year, cents in sorted(_by_year(history).items())}
    if contracts := _by_contract(history):
        data["contracts"] = contracts
    return data


def _register(arguments: Namespace, store: Store | None, path: Path, file: RawFile | None) -> dict[str, Any]:
    if file is None:
        # Read as it flows: a register may be larger than what this machine holds.
        from cv_desktop.documents.csv_read import stream_csv

        encoding, rows = stream_csv(path)
        file = RawFile(path.name, fingerprint(path), (), path, "csv", encoding)
    else:
        rows = iter(file.sheets[0].rows)
    source = arguments.source or file.path.stem
    registers = vocabulary.registers()
    if store is None:
        reading = DirectoryReading(registers, ())
        for _entry in reading.entries(rows):
            pass
    elif arguments.dry_run:
        with store.read() as session:
            reading = directory.reading(session, registers)
        for _entry in reading.entries(rows):
            pass
    else:
        with store.write(ACTOR) as session:
            reading = directory.run(
                session,
                registers=registers,
                rows=rows,
                filename=file.name,
                sha256=file.sha256,
                source=source,
                path=file.path,
            )[2]
    identifiers = {state.value: reading.identifiers[state.value] for state in SiretState}
    data = _common(
        DIRECTORY,
        file,
        source,
        reading.header_line,
        reading.rows,
        reading.accepted,
        0,
        (),
        [*reading.problems, *file.remarks],
        identifiers,
    )
    return data | {"register": reading.register, "elsewhere": reading.elsewhere, "other_bodies": reading.others}


def _common(
    kind: str,
    file: RawFile,
    source: str,
    header_line: int,
    rows: int,
    accepted: int,
    amount_cents: int,
    asides: Sequence[Aside],
    problems: Sequence[Problem],
    identifiers: dict[str, int],
) -> dict[str, Any]:
    return {
        "kind": kind,
        "file": file.name,
        "format": file.format,
        "encoding": file.encoding,
        "source": source,
        "header_line": header_line,
        "rows_read": rows,
        "accepted": accepted,
        "amount_total_cents": amount_cents,
        "set_aside": [asdict(aside) for aside in asides],
        "problems": [asdict(problem) for problem in problems],
        "identifiers": identifiers,
    }


def import_data(plan: Plan) -> dict[str, Any]:
    """The figures of an import of applications; later versions add keys and remove none."""
    intake = plan.intake
    return {
        "rows": intake.rows,
        "drafts": len(intake.drafts),
        "draft_numbers": list(intake.drafts),
        "applications": len(plan.new),
        "asked_total_cents": plan.asked_cents,
        "cost_total_cents": plan.cost_cents,
        "duplicates": len(intake.duplicates),
        "duplicate_numbers": list(intake.duplicates),
        "refused": len(intake.refused),
        "refused_numbers": list(intake.refused),
        "already": len(plan.already),
        "already_numbers": list(plan.already),
        "updated": len(plan.updated),
        "updated_numbers": list(plan.updated),
        "unchanged": len(plan.unchanged),
        "unchanged_numbers": list(plan.unchanged),
        "vanished_numbers": list(plan.vanished),
        "differences": [
            {
                "number": one.external,
                "application": one.number,
                "line": one.line,
                "field": one.name,
                "label": imported.label(one.name),
                "file": one.file,
                "base": one.base,
            }
            for one in plan.differences
        ],
        "problems": [asdict(problem) for problem in plan.problems],
    }


def _identifiers(intake: Intake) -> dict[str, int]:
    found = Counter(judge_siret(deposit.structure.siret_raw)[0].value for deposit in intake.deposits)
    return {state.value: found[state.value] for state in SiretState}


def _by_year(history: History) -> Counter[int]:
    found = Counter[int]()
    for grant in history.grants:
        found[grant.year or 0] += grant.amount_cents
    return found


def _by_contract(history: History) -> dict[str, dict[str, int]]:
    """The posts, the beneficiaries and the amount of each contrat de ville that the list names."""
    found: dict[str, dict[str, int]] = {}
    named: dict[str, set[str]] = {}
    for grant in history.grants:
        if not grant.contract:
            continue
        one = found.setdefault(grant.contract, {"rows": 0, "beneficiaries": 0, "amount_total_cents": 0})
        named.setdefault(grant.contract, set()).add(grant.siret or grant.rna or grant.name)
        one["rows"] += 1
        one["amount_total_cents"] += grant.amount_cents
        one["beneficiaries"] = len(named[grant.contract])
    return dict(sorted(found.items()))


def _is_text(path: Path) -> bool:
    return path.suffix.lower() in (".csv", ".tsv", ".txt") and path.is_file()


def _lines(data: dict[str, Any]) -> list[str]:
    done = "Simulation\u00a0: rien n’est écrit" if data["dry_run"] else "Import terminé"
    words = {APPLICATIONS: "dossier", HISTORY: "subvention passée", DIRECTORY: "association"}[data["kind"]]
    head = f"{done}. {counted(data['rows_read'], 'ligne')}, {counted(data['accepted'], words)}"
    if data["kind"] == APPLICATIONS:
        head += f", {euros(data['asked_total_cents'])} demandés, {euros(data['cost_total_cents'])} de budgets"
    elif data["kind"] == HISTORY:
        head += f", {euros(data['amount_total_cents'])}"
    lines = [f"{head}."]
    if data.get("draft_numbers"):
        lines.append(f"Brouillons écartés\u00a0: {', '.join(data['draft_numbers'])}.")
    if data.get("updated_numbers"):
        lines.append(f"Mis à jour\u00a0: {', '.join(data['updated_numbers'])}.")
    if data.get("unchanged_numbers"):
        lines.append(f"Déjà dans la campagne\u00a0: {', '.join(data['unchanged_numbers'])}.")
    lines += [_differing(one) for one in data.get("differences", ())]
    grouped: dict[tuple[str, str, str, str], list[dict[str, Any]]] = {}
    for problem in data["problems"]:
        message = problem["message"].replace(problem["value"], "…") if problem["value"] else problem["message"]
        key = (problem["sheet"], problem["column"], problem["severity"], message)
        grouped.setdefault(key, []).append(problem)
    for (_sheet, _column, _severity, message), alike in grouped.items():
        if len(alike) <= _LINES_SAID:
            lines += [_said(problem, _place(problem["line"]), problem["message"]) for problem in alike]
            continue
        first = ", ".join(str(problem["line"]) for problem in alike[:_LINES_SAID])
        lines.append(_said(alike[0], f"lignes {first} et {len(alike) - _LINES_SAID} autres", message))
    return lines


def _place(line: int) -> str:
    return f"ligne {line}" if line else "fichier entier"


def _differing(one: dict[str, Any]) -> str:
    file, base = (imported.shown(one["field"], one[side], {}) for side in ("file", "base"))
    where = f"{one['application']} ({one['number']}), {one['label']}"
    return f"  {where}{NBSP}: le fichier dit {file}, la base dit {base}. La base est gardée."


def _said(problem: dict[str, Any], where: str, message: str) -> str:
    sheet = f"{problem['sheet']}, " if problem["sheet"] else ""
    column = f", colonne {quote(problem['column'])}" if problem["column"] else ""
    return f"  {sheet}{where}{column} ({_SEVERITIES[problem['severity']]}){NBSP}: {message}"
