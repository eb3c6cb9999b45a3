"""The budget as lines of a table: a charge and a produit side by side, as in the Cerfa."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from cv_desktop.db.queries.application_records import BudgetLineRow
from cv_desktop.domain import budget
from cv_desktop.domain.budget import Funding, Row
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import figures, parse_amount
from cv_desktop.domain.text import fold, quote
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.tables.columns import Band, Column

IN_KIND = "Contributions volontaires en nature"
_STATES = {
    Funding.ACQUIRED: ("success", "check"),
    Funding.ASKED: ("neutral", "clock"),
    Funding.REFUSED: ("danger", "x"),
    Funding.OURS: ("info", "arrow-right"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One side of a line; ``id`` is empty for a subtotal. ``heavy``: a subtotal, or an account of a single line."""

    row: Row
    id: str = ""
    heavy: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of the table. ``title`` makes it a heading."""

    place: int
    charge: Cell | None = None
    produit: Cell | None = None
    title: str = ""

    def side(self, side: budget.Side) -> Cell | None:
        return self.charge if side == budget.CHARGE else self.produit


def band(pair: Pair) -> Band | None:
    return Band(pair.title, "comptes 86 et 87, hors des totaux") if pair.title else None


def pairs(lines: Sequence[BudgetLineRow]) -> list[Pair]:
    """Money first, then the gifts in kind under their heading when there are some."""
    ids = {id(x.line): x.id for x in lines}
    plain = [x.line for x in lines]
    rows = budget.side_by_side(plain)
    split = {(side, row.account) for sides in rows for side, row in enumerate(sides) if row and row.line is None}
    both: list[tuple[Cell | None, Cell | None]] = [
        (_cell(ids, split, 0, charge), _cell(ids, split, 1, produit)) for charge, produit in rows
    ]
    in_kind = list(zip_longest(_in_kind(plain, budget.CHARGE, ids), _in_kind(plain, budget.PRODUIT, ids)))
    if in_kind:
        both += [(None, None), *in_kind]
    return [
        Pair(place, charge, produit, "" if charge or produit else IN_KIND)
        for place, (charge, produit) in enumerate(both)
    ]


def _cell(ids: dict[int, str], split: set[tuple[int, str]], side: int, row: Row | None) -> Cell | None:
    if row is None:
        return None
    if row.line is None:
        return Cell(row, heavy=True)
    return Cell(row, ids[id(row.line)], heavy=(side, row.account[:2]) not in split)


def _in_kind(lines: Sequence[budget.BudgetLine], side: budget.Side, ids: dict[int, str]) -> list[Cell]:
    groups = budget.by_account(lines, side, volunteer=True)
    return [Cell(Row(x.account, x.label, x.amount_cents, x, x.state), ids[id(x)]) for g in groups for x in g.lines]


def columns(
    write: Callable[[Cell, int], None],
    rename: Callable[[Cell, str], None],
    restate: Callable[[Cell, Funding], None],
    editable: Callable[[], bool],
) -> list[Column[Pair]]:
    """``write`` receives a line and its new amount in cents; each raises UserError when it is refused.

    ``rename`` receives the new label, empty to take the line away; ``restate`` where a co-funding stands.
    """
    sides: tuple[tuple[budget.Side, str], ...] = ((budget.CHARGE, "Charges"), (budget.PRODUIT, "Produits"))
    found: list[Column[Pair]] = []
    for side, title in sides:
        found += [
            Column(f"{side}_account", "N°", _text(side, lambda c: c.row.account), width=40, tone="hint",
                   tooltip="Compte", strong=_strong(side), filterable=False),
            Column(f"{side}_label", title, _text(side, lambda c: c.row.label or "Sans intitulé"), width=120, wrap=True,
                   edit=_relabel(side, rename), edit_text=_text(side, lambda c: c.row.label),
                   editable=_editable(side, editable), strong=_strong(side),
                   tooltip="Suppr retire la ligne"),
        ]  # fmt: skip
        if side == budget.PRODUIT:
            found.append(
                Column("state", "État", _text(side, lambda c: Funding(c.row.state).label), width=94, badge=_badge,
                       edit=_restate(restate), editable=_editable(side, editable), strong=_strong(side),
                       tooltip="Acquis, sollicité, refusé ou demandé\u00a0: la première lettre suffit",
                       filterable=False)
            )  # fmt: skip
        found.append(
            Column(
                f"{side}_amount",
                "Prévu",
                _text(side, lambda c: figures(c.row.cents)),
                width=76,
                align="right",
                edit=_edit(side, write),
                edit_text=_text(side, lambda c: figures(c.row.cents)),
                editable=_editable(side, editable),
                strong=_strong(side),
                filterable=False,
                accessible=_sentence(side),
            )
        )
    return found


def _text(side: budget.Side, of: Callable[[Cell], str]) -> Callable[[Pair], str]:
    def text(pair: Pair) -> str:
        cell = pair.side(side)
        return of(cell) if cell else ""

    return text


def _strong(side: budget.Side) -> Callable[[Pair], bool]:
    def strong(pair: Pair) -> bool:
        cell = pair.side(side)
        return cell is not None and cell.heavy

    return strong


def _editable(side: budget.Side, allowed: Callable[[], bool]) -> Callable[[Pair], bool]:
    def editable(pair: Pair) -> bool:
        cell = pair.side(side)
        return cell is not None and bool(cell.id) and allowed()

    return editable


def _edit(side: budget.Side, write: Callable[[Cell, int], None]) -> Callable[[Pair, str], None]:
    def edit(pair: Pair, text: str) -> None:
        cell = pair.side(side)
        if cell is not None and (cents := parse_amount(text or "0")) != cell.row.cents:
            write(cell, cents)

    return edit


def _relabel(side: budget.Side, rename: Callable[[Cell, str], None]) -> Callable[[Pair, str], None]:
    def edit(pair: Pair, text: str) -> None:
        cell = pair.side(side)
        if cell is not None and text.strip() != cell.row.label:
            rename(cell, text.strip())

    return edit


def _restate(restate: Callable[[Cell, Funding], None]) -> Callable[[Pair, str], None]:
    def edit(pair: Pair, text: str) -> None:
        said = fold(text)
        found = next((x for x in Funding if x.label and said and fold(x.label).startswith(said)), None)
        if said and found is None:
            raise UserError(f"{quote(text.strip())} n’est pas un état. Tapez acquis, sollicité, refusé ou demandé.")
        cell = pair.produit
        if cell is not None and (found or Funding.NONE) != cell.row.state:
            restate(cell, found or Funding.NONE)

    return edit


def _sentence(side: budget.Side) -> Callable[[Pair], str]:
    def sentence(pair: Pair) -> str:
        cell = pair.side(side)
        if cell is None:
            return "vide"
        kind = "charge" if side == budget.CHARGE else "produit"
        return f"{kind} {cell.row.account} {cell.row.label}\u00a0: {figures(cell.row.cents)} euros"

    return sentence


def _badge(pair: Pair) -> Badge | None:
    cell = pair.produit
    if cell is None or not cell.row.state:
        return None
    funding = Funding(cell.row.state)
    status, icon = _STATES[funding]
    return Badge(funding.label, status, icon)
