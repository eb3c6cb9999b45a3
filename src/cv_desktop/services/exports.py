"""What leaves the house as a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import Decision, DecisionEnd, Letter, Lot
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import applications, call_rows, conditions, convention_standings, movements, scenarios
from cv_desktop.db.queries.lots import written
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.documents.csv_write import csv_bytes
from cv_desktop.documents.sheet_write import SheetColumn, decisions_workbook
from cv_desktop.domain.conventions import KINDS
from cv_desktop.domain.movements import Bucket
from cv_desktop.domain.states import Outcome
from cv_desktop.domain.text import counted

COLUMNS = (
    SheetColumn("N° dossier", "text", 16),
    SheetColumn("N° externe", "text", 12),
    SheetColumn("Structure", "text", 34),
    SheetColumn("SIRET", "text", 16),
    SheetColumn("RNA", "text", 12),
    SheetColumn("Action", "text", 38),
    SheetColumn("Volet", "text", 30),
    SheetColumn("Quartiers", "text", 30),
    SheetColumn("Budget de l’action", "euros", 15),
    SheetColumn("Demandé", "euros", 13),
    SheetColumn("Note", "decimal", 8),
    SheetColumn("Rang", "count", 7),
    SheetColumn("Avis du comité", "text", 15),
    SheetColumn("État", "text", 18),
    SheetColumn("Décision", "text", 18),
    SheetColumn("Accordé", "euros", 13),
    SheetColumn("Motif", "text", 40),
    SheetColumn("Organe", "text", 20),
    SheetColumn("N° de l’acte", "text", 14),
    SheetColumn("Date de l’acte", "date", 13),
    SheetColumn("Courrier", "text", 14),
    SheetColumn("Date du courrier", "date", 13),
    SheetColumn("Convention", "text", 26),
    SheetColumn("Données publiées le", "date", 13),
    SheetColumn("Sous réserve de", "text", 34),
    SheetColumn("À lever avant le", "date", 13),
    SheetColumn("Levée le", "date", 13),
    SheetColumn("Appelé", "euros", 13),
    SheetColumn("Payé", "euros", 13),
)


def decisions_table(session: Session, *, call_id: str) -> list[tuple[object, ...]]:
    """One row per file of a campaign, decided or not, in the order of ``COLUMNS``; amounts in cents."""
    scenario = scenarios.retained(session, call_id=call_id)
    ranked = {r.row.application_id: r for r in scenarios.ranking(session, scenario_id=scenario)}
    decided = {
        decision.application_id: (decision, lot, end)
        for decision, lot, end in session.execute(
            select(Decision, Lot, DecisionEnd)
            .join(Lot, Lot.id == Decision.lot_id)
            .outerjoin(DecisionEnd, DecisionEnd.decision_id == Decision.id)
            .where(Lot.call_id == call_id)
            .order_by(Decision.decided_at, written("decision"))
        )
    }
    structures = {s.id: s for s in session.scalars(select(Structure))}
    letters = {
        letter.application_id: letter
        for letter in session.scalars(
            select(Letter)
            .where(Letter.call_id == call_id, Letter.number.is_not(None), Letter.kind.not_in(("AR", "AR-P", *KINDS)))
            .order_by(Letter.seq)
        )
    }
    agreements = {row.application_id: row for row in convention_standings.rows(session, call_id=call_id)}
    reserves = {row.application_id: row.condition for row in conditions.rows(session, call_id=call_id)}
    held = movements.balances(session, call_id=call_id, files=list(decided))
    table: list[tuple[object, ...]] = []
    for row in applications.rows(session, call_id=call_id):
        structure = structures[row.structure_id]
        place = ranked.get(row.id)
        decision, lot, end = decided.get(row.id, (None, None, None))
        letter, agreed, reserve = letters.get(row.id), agreements.get(row.id), reserves.get(row.id)
        table.append(
            (
                row.number,
                row.external_id,
                row.structure,
                structure.siret or "",
                structure.rna or "",
                row.title,
                row.theme,
                row.quarters,
                row.cost_cents,
                row.asked_cents,
                _tenth(place.note) if place and place.note is not None else None,
                place.rank if place else None,
                place.row.opinion.label if place else "",
                row.status.label,
                (Outcome.REVOKED if end else Outcome(decision.outcome)).label if decision else "",
                (0 if end else decision.amount_cents) if decision else None,
                (end.reason if end else decision.motive) if decision else "",
                (lot.body or "") if lot else "",
                (lot.act_number or "") if lot else "",
                lot.act_on if lot else None,
                (letter.number or "") if letter else "",
                letter.dated_on if letter else None,
                agreed.standing.label if agreed else "",
                agreed.standing.published_on if agreed else None,
                reserve.text if reserve else "",
                reserve.due_on if reserve else None,
                reserve.lifted_on if reserve else None,
                held.get(row.id, {}).get(Bucket.CALLED),
                held.get(row.id, {}).get(Bucket.PAID),
            )
        )
    return table


def decisions_xlsx(store: Store, *, call_id: str, actor: str) -> bytes:
    """The decisions of a campaign as a workbook; the export is journaled."""
    label, rows = _exported(store, call_id, actor, "classeur")
    return decisions_workbook(COLUMNS, rows, title=f"Décisions {label}")


def decisions_csv(store: Store, *, call_id: str, actor: str) -> bytes:
    """The same lines as text, « 1250,00 » and « 14/04/2026 »; the export is journaled."""
    _label, rows = _exported(store, call_id, actor, "CSV")
    return csv_bytes(
        [
            [column.title for column in COLUMNS],
            *([_text(column.kind, cell) for column, cell in zip(COLUMNS, row, strict=True)] for row in rows),
        ]
    )


def _exported(store: Store, call_id: str, actor: str, form: str) -> tuple[str, Sequence[tuple[object, ...]]]:
    with store.write(actor) as session:
        rows = decisions_table(session, call_id=call_id)
        call = call_rows.row(session, call_id)
        label = call.label if call else ""
        record(
            session,
            verb="exports.decisions",
            noun="call",
            noun_id=call_id,
            summary=f"Décisions de «\u00a0{label}\u00a0» exportées ({form}), {counted(len(rows), 'dossier')}",
            source="export",
        )
    return label, rows


def _text(kind: str, cell: object) -> str:
    if cell is None or cell == "":
        return ""
    if kind == "euros" and isinstance(cell, int):
        return f"{cell // 100},{cell % 100:02d}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return str(cell).replace(".", ",") if kind == "decimal" else str(cell)


def _tenth(note: Fraction) -> Decimal:
    """The note as shown: one decimal, half up."""
    return (Decimal(note.numerator) / Decimal(note.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)
