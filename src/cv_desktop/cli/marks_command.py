"""Grids and marks without a screen: a grid from a file, marks from a file, the empty file to fill."""

from __future__ import annotations

import csv
import io
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, may_write, opened
from cv_desktop.db.queries import calls
from cv_desktop.domain import grid_file
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.marks_file import Plan
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import configurations, grids, letters, marks, marks_removal, readings

_REFUSED = 2
_SAID = 20


def import_grid(arguments: Namespace) -> tuple[Answer, int]:
    path: Path = arguments.file.expanduser().absolute()
    wanted = grid_file.load(configurations.read_file(path), path.name)
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.write(ACTOR) as session:
            _changes, version = grids.put(session, call_id=call, grid=wanted, said=f"du fichier {quote(path.name)}")
    waiting = grid_file.to_write(wanted)
    data = {"call": arguments.call.upper(), "version": version, "criteria": list(wanted.codes)}
    lines = [f"Grille version {version}{NBSP}: {counted(len(wanted.codes), 'critère')}, de {', '.join(wanted.codes)}."]
    data["texts_to_write"] = list(waiting)
    if waiting:
        lines.append(f"Textes de niveau à écrire{NBSP}: {', '.join(waiting)}.")
    return Answer(data, tuple(lines)), 0


def export_grid(arguments: Namespace) -> tuple[Answer, int]:
    out: Path = arguments.out.expanduser().absolute()
    may_write(out)
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.read() as session:
            row = calls.grid(session, call)
    letters.write_file(out, grid_file.dump(row.grid))
    data = {"call": arguments.call.upper(), "version": row.version, "file": str(out)}
    return Answer(data, (f"Grille version {row.version} écrite dans {out}.",)), 0


def import_marks(arguments: Namespace) -> tuple[Answer, int]:
    """All the lines or none, unless ``--partial``; 2 when nothing is written for a refusal."""
    file = readings.open_file(arguments.file.expanduser())
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.read() as session:
            plan = marks.examine(session, call_id=call, file=file)
        written = bool(plan.added) and not arguments.dry_run and (arguments.partial or not plan.refused)
        if written:
            with store.write(ACTOR) as session:
                marks.write(session, call_id=call, plan=plan, said=marks.file_said(file))
    refused = bool(plan.refused) and not arguments.partial
    data = {
        "call": arguments.call.upper(),
        "written": written,
        "dry_run": arguments.dry_run,
        "marks": plan.marks,
        "sheets": len(plan.added),
        "identical": plan.identical,
        "empty": plan.empty,
        "without_sentence": plan.unsaid,
        "members_created": [plan.names[name] for name in plan.new] if written else [],
        "members_to_create": [] if written else [plan.names[name] for name in plan.new],
        "refused": [{"line": r.line, "column": r.column, "message": r.message} for r in plan.refused],
    }
    return Answer(data, tuple(_lines(plan, written, arguments.dry_run))), _REFUSED if refused else 0


def undo_marks(arguments: Namespace) -> tuple[Answer, int]:
    """« Défaire cet import »: the last import of marks of the campaign that still stands."""
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.write(ACTOR) as session:
            key = marks_removal.last(session, call_id=call)
            marks_removal.undo(session, call_id=call, import_id=key)
    data = {"call": arguments.call.upper(), "undone": key}
    return Answer(data, (f"Dernier import de notes de {arguments.call.upper()} défait.",)), 0


def _lines(plan: Plan, written: bool, dry_run: bool) -> list[str]:
    found = f"{counted(plan.marks, 'note')} sur {counted(len(plan.added), 'grille')}"
    if written:
        lines = [f"Import terminé{NBSP}: {found}."]
    elif plan.refused and plan.marks:
        lines = [f"Rien n’est écrit{NBSP}: {counted(len(plan.refused), 'ligne')} à corriger. Attendues{NBSP}: {found}."]
        lines.append("Corrigez ces lignes, ou importez les autres avec --partial.")
    else:
        lines = [f"{'Simulation' if dry_run else 'Rien à écrire'}{NBSP}: {found}."]
    if plan.identical:
        lines.append(f"Déjà dans la base ou répétées{NBSP}: {counted(plan.identical, 'note')}.")
    if plan.empty:
        lines.append(f"Sans niveau{NBSP}: {counted(plan.empty, 'ligne')}.")
    if plan.unsaid:
        lines.append(f"Sans la phrase que la grille demande{NBSP}: {counted(plan.unsaid, 'note')}.")
    if plan.new:
        names = ", ".join(plan.names[name] for name in plan.new[:_SAID])
        more = f" et {len(plan.new) - _SAID} autres" if len(plan.new) > _SAID else ""
        lines.append(f"Membres {'créés' if written else 'à créer'} ({len(plan.new)}){NBSP}: {names}{more}.")
    lines += [f"  {refusal.sentence}" for refusal in plan.refused[:_SAID]]
    if len(plan.refused) > _SAID:
        lines.append(f"  et {counted(len(plan.refused) - _SAID, 'autre ligne')}, que --json donne toutes.")
    return lines


def template(arguments: Namespace) -> tuple[Answer, int]:
    out: Path = arguments.out.expanduser().absolute()
    may_write(out)
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.read() as session:
            rows = [
                (r.number, r.member, r.criterion, "", "", r.label, r.levels)
                for r in marks.template(session, call_id=call)
            ]
    if not rows:
        raise UserError(
            "Rien à noter dans cette campagne\u00a0: il faut des dossiers recevables et des membres au comité."
        )
    letters.write_file(out, _workbook(rows) if out.suffix.lower() == ".xlsx" else _text(rows))
    data = {"call": arguments.call.upper(), "file": str(out), "lines": len(rows)}
    return Answer(data, (f"Fichier à remplir écrit dans {out}{NBSP}: {counted(len(rows), 'ligne')}.",)), 0


_TITLES = ("numéro", "membre", "critère", "niveau", "commentaire", "intitulé du critère", "niveaux possibles")


def _text(rows: Sequence[tuple[str, ...]]) -> bytes:
    """Semicolons and a mark of UTF-8, so that a French spreadsheet opens it by a double click."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(_TITLES)
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig")


def _workbook(rows: Sequence[tuple[str, ...]]) -> bytes:
    from cv_desktop.documents.sheet_write import SheetColumn, decisions_workbook

    widths: dict[str, Any] = dict(zip(_TITLES, (16, 26, 10, 10, 40, 40, 26), strict=True))
    columns = [SheetColumn(title, "text", width) for title, width in widths.items()]
    return decisions_workbook(columns, rows, title="Notes")
