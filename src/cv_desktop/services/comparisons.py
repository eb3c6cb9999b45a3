"""Two or three scenarios side by side: the files they treat differently, and what each gives in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cv_desktop.db.queries.scenarios import ArbitrationRow
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.breakdown import Item, Total, breakdown, whole
from cv_desktop.domain.envelopes import Kind, Node
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.ranking import Ranked
from cv_desktop.domain.text import counted
from cv_desktop.services import boards
from cv_desktop.services.boards import Board

MOST = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that the scenarios do not treat alike, with the cents each gives it, in their order."""

    ranked: Ranked[ArbitrationRow]
    amounts: tuple[int, ...]

    @property
    def id(self) -> str:
        return self.ranked.row.application_id


@dataclass(frozen=True, slots=True)
class Sums:
    """A value of a dimension, « Volet » then « Cohésion », with what each scenario gives it."""

    dimension: str
    label: str
    totals: tuple[Total, ...]

    @property
    def id(self) -> str:
        return f"{self.dimension} {self.label}"


@dataclass(frozen=True, slots=True)
class Comparison:
    labels: tuple[str, ...]
    differences: tuple[Difference, ...]
    sums: tuple[Sums, ...]
    files: int


def compare(session: Session, *, board: Board, scenario_ids: Sequence[str]) -> Comparison:
    """The scenarios of one campaign, as a board shows it, in the order given.

    Raises UserError when there are not two or three of them.
    """
    known = {row.id: row.label for row in board.scenarios}
    chosen = [key for key in dict.fromkeys(scenario_ids) if key in known]
    if not 2 <= len(chosen) <= MOST:
        raise UserError("Choisissez deux ou trois scénarios à comparer.")
    seen = [boards.follow(session, board=board, wanted=key).ranked for key in chosen]
    amounts = zip(*([r.row.amount_cents or 0 for r in ranked] for ranked in seen), strict=True)
    differences = tuple(
        Difference(r, given) for r, given in zip(board.ranked, amounts, strict=True) if len(set(given)) > 1
    )
    items = [items_of(ranked, board.nodes) for ranked in seen]
    found = [Sums("", "Total", tuple(whole(own) for own in items))]
    tables = [breakdown(own) for own in items]
    for dimension in tables[0]:
        # The same files are in each scenario: every one has the same lines.
        for lines in zip(*(table[dimension] for table in tables), strict=True):
            found.append(Sums(dimension, lines[0].label, lines))
    return Comparison(tuple(known[key] for key in chosen), differences, tuple(found), len(board.ranked))


def items_of(ranked: Sequence[Ranked[ArbitrationRow]], nodes: Sequence[Node]) -> list[Item]:
    """What each file counts for, with the names of the parts of the envelope."""
    names = {(n.kind, n.key): n.label for n in nodes}
    return [
        Item(
            asked_cents=row.asked_cents,
            given_cents=row.amount_cents or 0,
            theme=names.get((Kind.THEME, row.about.place.theme), row.theme),
            quarters=tuple(names.get((Kind.QUARTER, key), key) for key in row.about.place.quarters),
            commune=row.about.commune,
            small=row.about.small,
            newcomer=row.about.newcomer,
            weights=row.about.place.weights,
        )
        for row in (r.row for r in ranked)
    ]


def comparison_xlsx(store: Store, *, board: Board, scenario_ids: Sequence[str], actor: str) -> bytes:
    """The comparison as a workbook: what differs, then the totals; the export is journaled."""
    from cv_desktop.documents.sheet_write import Sheet, SheetColumn, workbook

    with store.write(actor) as session:
        found = compare(session, board=board, scenario_ids=scenario_ids)
        record(
            session,
            verb="exports.comparison",
            noun="call",
            noun_id=board.call_id,
            summary=f"Comparaison exportée : {', '.join(found.labels)}, "
            f"{counted(len(found.differences), 'différence')}",
            source="export",
        )
    amounts = tuple(SheetColumn(label, "euros", 18) for label in found.labels)
    first = Sheet(
        "Différences",
        (
            SheetColumn("Rang", "count", 7),
            SheetColumn("N° dossier", "text", 16),
            SheetColumn("Structure", "text", 34),
            SheetColumn("Action", "text", 38),
            SheetColumn("Volet", "text", 30),
            SheetColumn("Demandé", "euros", 13),
            *amounts,
        ),
        [
            (d.ranked.rank, row.number, row.structure, row.title, row.theme, row.asked_cents, *d.amounts)
            for d in found.differences
            for row in (d.ranked.row,)
        ],
    )
    served = tuple(SheetColumn(f"{label}, servis", "count", 12) for label in found.labels)
    second = Sheet(
        "Totaux",
        (SheetColumn("Par", "text", 14), SheetColumn("Valeur", "text", 40), *amounts, *served),
        [(s.dimension, s.label, *(t.given_cents for t in s.totals), *(t.served for t in s.totals)) for s in found.sums],
    )
    return workbook([first, second], title="Comparaison des scénarios")
