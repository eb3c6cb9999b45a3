"""The programming table for the committee of funders: one line per file, then the totals, equal to the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.reference import Funder
from cv_desktop.db.queries import fundings, movements, scenarios
from cv_desktop.db.queries.fundings import FundingRow
from cv_desktop.db.queries.scenarios import ArbitrationRow
from cv_desktop.db.store import Store
from cv_desktop.db.work import record, today
from cv_desktop.domain.breakdown import DIMENSIONS, SENIORITY, SIZES, Item, Total, breakdown, whole
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.money import euros, figures, percent
from cv_desktop.domain.movements import Bucket
from cv_desktop.domain.ranking import Ranked
from cv_desktop.domain.scenarios import proposed_by
from cv_desktop.domain.states import Opinion
from cv_desktop.domain.text import counted
from cv_desktop.services import boards
from cv_desktop.services.ballot import outcome_of
from cv_desktop.services.boards import Board
from cv_desktop.services.budgets import FunderLabels
from cv_desktop.services.comparisons import items_of
from cv_desktop.services.proposals import promised

SPLIT = (
    "Une action de plusieurs quartiers compte dans chacun pour sa part déclarée, à parts égales sinon\u00a0: le total "
    "compte chaque dossier une fois."
)
_MONEY = ("Demandé", "Proposé", "Voté", "Versé")
_SITUATIONS = {"submitted": "Soumis au vote", "voted": "Voté"}


@dataclass(frozen=True, slots=True)
class Programme:
    """The files of a scenario by rank, what each counts for, and what each funder was asked and voted, ours first."""

    board: Board
    items: tuple[Item, ...]
    by_file: dict[str, list[FundingRow]]
    day: date
    promised_cents: int = 0

    @property
    def funders(self) -> list[FundingRow]:
        """What this campaign, then each co-funder, was asked, proposed, voted and paid for these files."""
        return fundings.summed(row for r in self.board.ranked for row in self.by_file[r.row.application_id])

    @property
    def title(self) -> str:
        return f"Tableau de programmation {self.board.label}"

    @property
    def sentences(self) -> list[str]:
        """What stands above the table: the envelope, the scenario, its rule and the day."""
        b, sums = self.board.buckets, whole(self.items)
        older = (
            f"{euros(self.promised_cents)} engagés par des conventions d’années passées. "
            if self.promised_cents
            else ""
        )
        return [
            f"Scénario « {self.board.shown.label} », au {long_date(self.day)}." + proposed_by(self.board.shown.rule),
            f"Enveloppe {euros(b.envelope_cents)} : {euros(sums.given_cents)} pour "
            f"{counted(sums.served, 'dossier')} sur {sums.files}, {euros(sums.asked_cents)} demandés. "
            f"{older}Libre {euros(b.free_cents)}.",
        ]


def programme(session: Session, *, call_id: str, scenario_id: str = "") -> Programme:
    """The table of a scenario of a campaign, of the retained one when none is named."""
    board = boards.read(session, call_id=call_id, wanted=scenario_id, viewer=None)
    others, unlisted = fundings.of_call(session, call_id=call_id), fundings.unlisted(session, call_id=call_id)
    names = FunderLabels.load(session)
    funders = {x.code: (x.code, x.label, x.public) for x in session.scalars(select(Funder))}

    def listed(label: str) -> tuple[str, str, bool] | None:
        return funders.get(names.named(label))

    held = movements.balances(session, call_id=call_id, files=[r.row.application_id for r in board.ranked])
    by_file = {
        key: [
            _own(r.row, board.label, held.get(key, {})),
            *fundings.with_unlisted(others.get(key, []), unlisted.get(key, []), listed),
        ]
        for r in board.ranked
        for key in (r.row.application_id,)
    }
    items = tuple(items_of(board.ranked, board.nodes))
    return Programme(board, items, by_file, today(session), promised(session, call_id=call_id))


def _own(row: ArbitrationRow, label: str, held: Mapping[Bucket, int]) -> FundingRow:
    """What this campaign gives to a file, as the row of a funder."""
    voted = sum(held.get(bucket, 0) for bucket in (Bucket.ENGAGED, Bucket.CALLED, Bucket.PAID))
    return FundingRow(
        application_id=row.application_id,
        code="",
        label=label,
        public=True,
        asked_cents=row.asked_cents,
        proposed_cents=row.amount_cents,
        voted_cents=voted if voted or row.lot_state == "voted" else None,
        paid_cents=held.get(Bucket.PAID),
    )


def programme_xlsx(store: Store, *, call_id: str, actor: str, scenario_id: str = "") -> bytes:
    """The table as a workbook, one sheet for the files and one per breakdown; journaled.

    The total of the first sheet is a formula that follows its filters; every other figure is a value.
    """
    from cv_desktop.documents.sheet_write import Sheet, SheetColumn, workbook

    found = _read(store, call_id, actor, scenario_id, "classeur")
    columns = (
        SheetColumn("Rang", "count", 7),
        SheetColumn("N° dossier", "text", 16),
        SheetColumn("Structure", "text", 34),
        SheetColumn("Action", "text", 38),
        SheetColumn("Volet", "text", 28),
        SheetColumn("Quartiers", "text", 28),
        SheetColumn("Commune", "text", 20),
        SheetColumn("Taille", "text", 18),
        SheetColumn("Ancienneté", "text", 18),
        SheetColumn("Note", "decimal", 8),
        SheetColumn("Avis", "text", 15),
        SheetColumn("Budget de l’action", "euros", 15),
        SheetColumn("Base éligible", "euros", 14),
        SheetColumn("Demandé", "euros", 13),
        SheetColumn("Proposé ou accordé", "euros", 15),
        SheetColumn("Taux", "percent", 9),
        SheetColumn("Résultat", "text", 18),
        SheetColumn("Situation", "text", 16),
        SheetColumn("Motif", "text", 44),
    )
    rows = [_row(r, item) for r, item in zip(found.board.ranked, found.items, strict=True)]
    totals = (
        SheetColumn("Dossiers", "count", 10),
        SheetColumn("Servis", "count", 10),
        SheetColumn("Demandé", "euros", 16),
        SheetColumn("Proposé ou accordé", "euros", 18),
    )
    sheets = [Sheet("Programmation", columns, rows, sums=("Budget de l’action", "Demandé", "Proposé ou accordé"))]
    sheets += [
        Sheet(f"Par {name.lower()}", (SheetColumn(name, "text", 40), *totals), [_sums(t) for t in lines])
        for name, lines in _tables(found.items).items()
    ]
    own = tuple(SheetColumn(word, "euros", 14) for word in _MONEY)
    sheets.append(
        Sheet(
            "Par financeur",
            (SheetColumn("Financeur", "text", 40), *own),
            [(f.label, f.asked_cents, f.proposed_cents, f.voted_cents, f.paid_cents) for f in found.funders],
        )
    )
    sheets.append(
        Sheet(
            "Dossier × financeur",
            (SheetColumn("N° dossier", "text", 16), SheetColumn("Structure", "text", 34),
             SheetColumn("Financeur", "text", 40), *own),
            [
                (r.row.number, r.row.structure, f.label, f.asked_cents, f.proposed_cents, f.voted_cents, f.paid_cents)
                for r in found.board.ranked
                for f in found.by_file[r.row.application_id]
            ],
        )
    )  # fmt: skip
    return workbook(sheets, title=found.title)


def programme_pdf(store: Store, *, call_id: str, actor: str, scenario_id: str = "") -> bytes:
    """The table on A3 pages in landscape, then its totals, a table each; journaled."""
    from cv_desktop.documents.table_pdf import A3, PdfColumn, Section, render

    found = _read(store, call_id, actor, scenario_id, "PDF")
    columns = (
        PdfColumn("Rang", 22, right=True),
        PdfColumn("N° dossier", 28),
        PdfColumn("Structure", 60),
        PdfColumn("Action", 56),
        PdfColumn("Volet", 48),
        PdfColumn("Quartiers", 42),
        PdfColumn("Commune", 30),
        PdfColumn("Note", 12, right=True),
        PdfColumn("Demandé", 20, right=True),
        PdfColumn("Proposé ou accordé", 20, right=True),
        PdfColumn("Taux", 13, right=True),
        PdfColumn("Résultat", 34),
    )
    rows = [
        (
            r.label,
            r.row.number,
            r.row.structure,
            r.row.title,
            item.theme,
            ", ".join(item.quarters),
            item.commune,
            r.shown,
            figures(item.asked_cents),
            figures(item.given_cents),
            percent(item.given_cents, item.asked_cents, 0) if item.given_cents else "–",
            outcome_of(r.row).label,
        )
        for r, item in zip(found.board.ranked, found.items, strict=True)
    ]
    total = whole(found.items)
    if rows:
        rows.append(
            ("", "", f"Total, {counted(total.files, 'dossier')}", "", "", "", "", "", figures(total.asked_cents),
             figures(total.given_cents), percent(total.given_cents, total.asked_cents, 0),
             counted(total.served, "dossier servi"))
        )  # fmt: skip
    sums = [PdfColumn(name, 28, right=True) for name in ("Dossiers", "Servis", "Demandé", "Proposé ou accordé", "Taux")]
    sections = [
        Section(
            f"Par {name.lower()}",
            (PdfColumn(name, 110), *sums),
            [
                (t.label, str(t.files), str(t.served), figures(t.asked_cents), figures(t.given_cents),
                 percent(t.given_cents, t.asked_cents, 0))
                for t in (*lines, replace(total, label="Total"))
            ],
            total=True,
            note=SPLIT if name == "Quartier" else "",
        )
        for name, lines in _tables(found.items).items()
    ]  # fmt: skip
    sections.append(
        Section(
            "Par financeur",
            (PdfColumn("Financeur", 110), *(PdfColumn(name, 28, right=True) for name in _MONEY)),
            [
                (f.label, *map(_known, (f.asked_cents, f.proposed_cents, f.voted_cents, f.paid_cents)))
                for f in found.funders
            ],
        )
    )
    return render(
        found.title, found.sentences, columns, rows, empty="Aucun dossier instruit.", page=A3, total=True,
        sections=sections if rows else (),
    )  # fmt: skip


def _known(cents: int | None) -> str:
    return "–" if cents is None else figures(cents)


def _tables(items: Sequence[Item]) -> dict[str, list[Total]]:
    found = breakdown(items)
    return {name: found[name] for name in DIMENSIONS}


def _sums(total: Total) -> tuple[object, ...]:
    return (total.label, total.files, total.served, total.asked_cents, total.given_cents)


def _row(ranked: Ranked[ArbitrationRow], item: Item) -> tuple[object, ...]:
    row = ranked.row
    note = ranked.note
    return (
        ranked.rank,
        row.number,
        row.structure,
        row.title,
        item.theme,
        ", ".join(item.quarters),
        item.commune,
        SIZES[item.small],
        SENIORITY[item.newcomer],
        None
        if note is None
        else (Decimal(note.numerator) / Decimal(note.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP),
        Opinion(row.opinion).label,
        row.cost_cents,
        row.base_cents,
        row.asked_cents,
        item.given_cents,
        Decimal(item.given_cents) / Decimal(row.asked_cents) if row.asked_cents else None,
        outcome_of(row).label,
        _SITUATIONS.get(row.lot_state, "Proposé"),
        row.lot_motive if row.lot_id else row.motive or row.cut,
    )


def _read(store: Store, call_id: str, actor: str, scenario_id: str, form: str) -> Programme:
    with store.write(actor) as session:
        found = programme(
            session, call_id=call_id, scenario_id=scenario_id or scenarios.retained(session, call_id=call_id)
        )
        record(
            session,
            verb="exports.programme",
            noun="call",
            noun_id=call_id,
            summary=f"{found.title} exporté ({form}), {counted(len(found.items), 'dossier')}",
            source="export",
        )
    return found
