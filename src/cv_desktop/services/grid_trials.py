"""Trying the grid of a campaign on marks already given: who would change band. Nothing is written."""

from __future__ import annotations

from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import call_rows, calls, facts, grids, scores, settings, structure_size
from cv_desktop.db.queries.visibility import visible
from cv_desktop.db.work import record
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.grid import Grid
from cv_desktop.domain.grid_trial import NO_MARK, UNKNOWN, WAYS, FileTrial, GridTrial, counterparts, verdicts
from cv_desktop.domain.scoring import CommitteeNote
from cv_desktop.domain.text import counted, quote


def replay(session: Session, *, call_id: str, source_id: str, viewer: str | None = None) -> GridTrial:
    """The revealed marks of ``source_id`` under the newest grid of ``call_id``, beside the grid they were given with.

    Sheets that do not count (déport, no vote) count in neither. Files hidden from the viewer are left out.
    """
    tried, held = calls.grid(session, call_id).grid, grids.of_call(session, call_id=source_id)
    given = scores.sheets(session, call_id=source_id)
    known, ceilings = facts.of_call(session, source_id), structure_size.ceilings(session)
    query = (
        select(Application.id, Application.number, Structure.name, Application.title)
        .join(Structure, Structure.id == Application.structure_id)
        .where(Application.call_id == source_id, Application.status.not_in(("draft", "withdrawn")), visible(viewer))
        .order_by(Application.seq)
    )
    names = {row.code: row.name for row in settings.quarters(session)}
    themes = grids.themes(session, call_id=source_id)
    files: list[FileTrial] = []
    owns: dict[int, Grid] = {}
    unmarked = 0
    for key, number, structure, title in session.execute(query):
        sheets = [levels for levels in given.get(key, {}).values() if levels]
        if not sheets:
            unmarked += 1
            continue
        own = held.of(key)
        owns[id(own)] = own
        before, after = verdicts(own, tried.for_themes(themes.get(key, ())), sheets)
        said = known[key]
        small = ceilings.small(said.legal_form, said.employees, said.structure_budget_cents)
        where = tuple(names.get(code, code) for code in said.quarters)
        files.append(FileTrial(key, number, structure, title, where, small, said.first_request, before, after))
    return GridTrial(tuple(files), counterparts(owns.values(), tried), unmarked)


def export(
    session: Session, *, call_id: str, source_id: str, path_name: str, viewer: str | None = None
) -> tuple[Changes, bytes]:
    """The trial as an xlsx, one line per file, those that change first; the export is journaled."""
    found = replay(session, call_id=call_id, source_id=source_id, viewer=viewer)
    labels = [row.label if (row := call_rows.row(session, key)) else "" for key in (call_id, source_id)]
    record(
        session,
        verb="grid_trials.export",
        noun="call",
        noun_id=call_id,
        summary=f"Grille de {quote(labels[0])} essayée sur {quote(labels[1])}, {counted(len(found.files), 'dossier')}"
        f", exportée dans {quote(path_name)}",
        source="export",
    )
    return Changes(), xlsx(found, title="Essai de la grille")


def xlsx(trial: GridTrial, *, title: str) -> bytes:
    """The same bytes for the same trial."""
    from cv_desktop.documents.sheet_write import SheetColumn, decisions_workbook

    columns = [
        SheetColumn("N° dossier", "text", 16),
        SheetColumn("Structure", "text", 34),
        SheetColumn("Action", "text", 38),
        SheetColumn("Quartiers", "text", 30),
        SheetColumn("Petite association", "text", 12),
        SheetColumn("Première demande", "text", 12),
        SheetColumn("Note avant", "decimal", 8),
        SheetColumn("Bande avant", "text", 16),
        SheetColumn("Note après", "decimal", 8),
        SheetColumn("Bande après", "text", 16),
        SheetColumn("Changement", "text", 14),
    ]
    files = sorted(trial.files, key=lambda f: not f.changed)
    rows = [
        (
            f.number,
            f.structure,
            f.title,
            ", ".join(f.quarters),
            _yes(f.small),
            _yes(f.newcomer),
            _tenth(f.before.note),
            f.before.word,
            _tenth(f.after.note) if f.after else None,
            f.after.word if f.after else NO_MARK,
            WAYS[f.way],
        )
        for f in files
    ]
    return decisions_workbook(columns, rows, title=title)


def _yes(known: bool | None) -> str:
    return UNKNOWN if known is None else "oui" if known else "non"


def _tenth(note: CommitteeNote) -> Fraction | None:
    """The note as shown: one decimal."""
    return None if note.note is None else Fraction(note.shown.replace(",", "."))
