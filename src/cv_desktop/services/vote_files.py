"""The file for the vote of a lot: the table annexed to its délibération."""

from __future__ import annotations

from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Lot
from cv_desktop.db.queries import lot_lines
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.states import Outcome
from cv_desktop.domain.text import counted

PDF, BOOK = "pdf", "xlsx"


def export(store: Store, *, lot_id: str, medium: str, actor: str) -> bytes:
    """The annex of a lot, « pdf » or « xlsx », without the files taken back from it; the export is journaled."""
    # reportlab and openpyxl load with the first export.
    from cv_desktop.documents import vote_table

    with store.write(actor) as session:
        lot = session.get_one(Lot, lot_id)
        call = session.get_one(Call, lot.call_id)
        kept = [row for row in lot_lines.rows(session, lot_id=lot_id) if row.outcome is not Outcome.RETURNED]
        items = [
            vote_table.Item(
                rank=row.rank,
                number=row.number,
                structure=row.structure,
                commune=row.commune,
                title=row.title,
                theme=row.theme,
                quarters=row.quarters,
                score=row.score,
                cost_cents=row.cost_cents,
                asked_cents=row.asked_cents,
                decision=f"{row.outcome.label} sous réserve" if row.condition else row.outcome.label,
                amount_cents=row.amount_cents,
                before_cents=row.before_cents,
                condition=row.condition,
                condition_due_on=row.condition_due_on,
                motive="" if row.amount_cents and not row.motive else row.motive,
            )
            for row in kept
        ]
        record(
            session,
            verb="vote_files.export",
            noun="lot",
            noun_id=lot_id,
            summary=f"Table annexée de « {lot.label} » exportée ({medium}), {counted(len(items), 'dossier')}",
            source="export",
        )
        act = (
            f"{lot.body}, acte n° {lot.act_number} du {long_date(lot.act_on)}"
            if lot.act_on
            else "Projet, avant le vote"
        )
        title, about = f"{call.label} : {lot.label}", f"{act}."
    if medium == PDF:
        return vote_table.pdf(items, title=title, about=about)
    return vote_table.workbook(items, title=lot.label)
