"""The envelope of a campaign as a workbook: what each bucket holds, its parts, and every movement of a cent."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from cv_desktop.db.queries import call_rows, envelope_parts, envelopes, movements
from cv_desktop.db.queries.envelope_parts import PartRow
from cv_desktop.db.queries.movements import CallMovementRow
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.allocation import Buckets
from cv_desktop.domain.dates import local
from cv_desktop.domain.movements import Bucket
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.services.proposals import promised


@dataclass(frozen=True, slots=True)
class EnvelopeFile:
    """``promised_cents`` of what is engaged comes from agreements of earlier years."""

    label: str
    held: Buckets
    promised_cents: int
    parts: list[PartRow]
    movements: list[CallMovementRow]

    @property
    def buckets(self) -> list[tuple[str, int]]:
        """The envelope, then each bucket in the order money goes through them; they add up to it."""
        held = self.held
        return [
            ("Enveloppe", held.envelope_cents),
            (Bucket.FREE.label, held.free_cents),
            (Bucket.MARKED.label, held.marked_cents),
            (Bucket.SUBMITTED.label, held.submitted_cents),
            (Bucket.ENGAGED.label, held.engaged_cents),
            (Bucket.CALLED.label, held.called_cents),
            (Bucket.PAID.label, held.paid_cents),
        ]


def read(session: Session, *, call_id: str) -> EnvelopeFile:
    """All that is known of the envelope of a campaign; parts that say nothing are left out."""
    row = call_rows.row(session, call_id)
    parts = envelope_parts.rows(session, call_id=call_id)
    return EnvelopeFile(
        row.label if row else "",
        envelopes.buckets(session, call_id=call_id),
        promised(session, call_id=call_id),
        [part for part in parts if part.files or part.limit_cents is not None or part.node.floor_cents is not None],
        movements.of_call(session, call_id=call_id),
    )


def xlsx(store: Store, *, call_id: str, actor: str) -> bytes:
    """The envelope, its parts and its movements, a sheet each; the export is journaled."""
    from cv_desktop.documents.sheet_write import Sheet, SheetColumn, workbook

    with store.write(actor) as session:
        found = read(session, call_id=call_id)
        record(
            session,
            verb="envelope_files.export",
            noun="call",
            noun_id=call_id,
            summary=f"Enveloppe de «{NBSP}{found.label}{NBSP}» exportée, {counted(len(found.movements), 'mouvement')}",
            source="export",
        )
    held: list[tuple[object, ...]] = [*found.buckets]
    if found.promised_cents:
        held.append(("dont engagé par des conventions d’années passées", found.promised_cents))
    parts = [
        (
            p.node.kind.label, p.node.label, p.node.amount_cents, p.node.floor_cents, p.node.cap_cents,
            *((p.carried_cents, p.marked_cents, p.submitted_cents, p.decided_cents, p.left_cents, p.files)
              if p.gathers else (None,) * 6),
        )
        for p in found.parts
    ]  # fmt: skip
    moved = [
        (
            local(m.at).date(), m.number, m.structure, m.source.label, m.target.label, m.cents, m.year,
            m.lot, m.reason, m.dated_on, m.piece,
        )
        for m in found.movements
    ]  # fmt: skip
    limits = tuple(SheetColumn(title, "euros", 14) for title in ("Montant", "Plancher", "Plafond"))
    holds = tuple(SheetColumn(title, "euros", 14) for title in ("Reporté", "Marqué", "Soumis", "Engagé", "Reste"))
    return workbook(
        [
            Sheet("Enveloppe", (SheetColumn("Somme", "text", 44), SheetColumn("Montant", "euros", 16)), held),
            Sheet(
                "Parts",
                (
                    SheetColumn("Part", "text", 14), SheetColumn("Nom", "text", 40), *limits, *holds,
                    SheetColumn("Dossiers", "count", 10),
                ),
                parts,
            ),
            Sheet(
                "Mouvements",
                (
                    SheetColumn("Le", "date", 12),
                    SheetColumn("N° dossier", "text", 16),
                    SheetColumn("Structure", "text", 34),
                    SheetColumn("De", "text", 16),
                    SheetColumn("Vers", "text", 16),
                    SheetColumn("Montant", "euros", 14),
                    SheetColumn("Exercice", "text", 10),
                    SheetColumn("Lot", "text", 26),
                    SheetColumn("Motif", "text", 40),
                    SheetColumn("Daté du", "date", 12),
                    SheetColumn("Pièce", "text", 24),
                ),
                moved,
            ),
        ],
        title=f"Enveloppe {found.label}",
    )  # fmt: skip
