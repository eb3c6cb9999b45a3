"""The concordance of a campaign as a workbook."""

from __future__ import annotations

from cv_desktop.db.models.call import Call
from cv_desktop.db.queries import campaign_concordance, envelopes
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.documents.sheet_write import SheetColumn, decisions_workbook
from cv_desktop.domain.campaign_concordance import sums, ticks
from cv_desktop.domain.concordance import DIFFERENT
from cv_desktop.domain.text import counted
from cv_desktop.services.proposals import promised

COLUMNS = (
    SheetColumn("N° dossier", "text", 16),
    SheetColumn("Structure", "text", 34),
    SheetColumn("Avis", "text", 15),
    SheetColumn("Relevé d’avis", "euros", 14),
    SheetColumn("Décision", "text", 20),
    SheetColumn("Décidé", "euros", 14),
    SheetColumn("Enveloppe", "euros", 14),
    SheetColumn("Courrier", "text", 14),
    SheetColumn("Montant du courrier", "euros", 14),
    SheetColumn("Convention", "text", 26),
    SheetColumn("Écart", "text", 50),
)


def xlsx(store: Store, *, call_id: str, actor: str) -> bytes:
    """Each file at the four places, the totals, then the four ticks in words; the export is journaled."""
    with store.write(actor) as session:
        rows = campaign_concordance.rows(session, call_id=call_id)
        held = envelopes.buckets(session, call_id=call_id)
        label = session.get_one(Call, call_id).label
        older = promised(session, call_id=call_id)
        found, total = ticks(rows, held.free_cents, held.pending_cents, older), sums(rows)
        wrong = sum(tick.state == DIFFERENT for tick in found)
        record(
            session,
            verb="concordance_files.export",
            noun="call",
            noun_id=call_id,
            summary=f"Concordance de « {label} » exportée, {counted(len(rows), 'dossier')}, {counted(wrong, 'écart')}",
            source="export",
        )
    lines: list[tuple[object, ...]] = [
        (
            row.number, row.structure, row.opinion, row.proposed_cents, row.outcome, row.decided_cents, row.held_cents,
            row.letter, row.letter_cents, row.convention, row.gap,
        )
        for row in rows
    ]  # fmt: skip
    lines.append(
        (None, "Ensemble, dossiers décidés", None, total.proposed, None, total.decided, total.held, None, total.letters,
         None, None)
    )  # fmt: skip
    lines += [(None, tick.label, None, None, None, None, None, None, None, None, tick.words) for tick in found]
    return decisions_workbook(COLUMNS, lines, title=f"Concordance {label}")
