"""The file for the vote of a lot: the table annexed to its délibération."""

from __future__ import annotations

from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Lot
from cv_desktop.db.queries import lot_lines
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.scenarios import proposed_by
from cv_desktop.domain.states import Outcome
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.domain.votes import Votes

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
                rank=None if row.outcome is Outcome.WAITING else row.rank,
                number=row.number,
                structure=row.structure,
                commune=row.commune,
                title=row.title,
                theme=row.theme,
                quarters=row.quarters,
                score=row.score,
                cost_cents=row.cost_cents,
                asked_cents=row.asked_cents,
                decision=_decision(row),
                amount_cents=row.amount_cents,
                before_cents=row.before_cents,
                condition=row.condition,
                condition_due_on=row.condition_due_on,
                motive=row.motive,
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
        act = _act(lot)
        title, about = f"{call.label} : {lot.label}", f"{act}.{proposed_by(lot.rule)}"
    if medium == PDF:
        return vote_table.pdf(items, title=title, about=about)
    return vote_table.workbook(items, title=lot.label)


def _decision(row: lot_lines.LotLineRow) -> str:
    """« Attribué sous réserve », « Liste d’attente, rang 1 »: the rank among the notes is another one."""
    if row.condition:
        return f"{row.outcome.label} sous réserve"
    return f"{row.outcome.label}, rang {row.rank}" if row.outcome is Outcome.WAITING else row.outcome.label


def _act(lot: Lot) -> str:
    """The act as the annex names it, with its votes and what makes it binding."""
    if lot.act_on is None:
        return "Projet, avant le vote"
    told = [f"{lot.body}, acte n°{NBSP}{lot.act_number} du {long_date(lot.act_on)}"]
    if lot.votes_for is not None:
        told.append(Votes(lot.votes_for, lot.votes_against or 0, lot.votes_abstention or 0).words)
    if lot.delegated:
        told.append("par délégation")
    for word, day in (("transmis", lot.sent_to_prefect_on), ("publié", lot.published_on)):
        if day is not None:
            told.append(f"{word} le {long_date(day)}")
    return ", ".join(told)
