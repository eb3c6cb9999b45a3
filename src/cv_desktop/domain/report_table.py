"""The table of a filled financial report: which box is the forecast of an account, which one what was done."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cv_desktop.domain import filled_form
from cv_desktop.domain.accounts import Accounts
from cv_desktop.domain.budget import CHARGE, PRODUIT, Side
from cv_desktop.domain.budget_paste import Pasted
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filled_form import Box, Filled, FormKind, Place
from cv_desktop.domain.money import euros, parse_amount
from cv_desktop.domain.report import COLUMNS, PLANNED, REALISED, ReportLine, of_cell, totals
from cv_desktop.domain.text import NBSP, fold, quote, words

SHARE = "share"
# In the order of the form, from the left.
_ORDER = (PLANNED, REALISED, SHARE)
_WORDS = (
    (SHARE, re.compile(r"%|\bpourcentage|\btaux\b|\becart")),
    (PLANNED, re.compile(r"\bprev")),
    (REALISED, re.compile(r"\brealis|\breels?\b|\bexecut")),
)
_ACCOUNT = re.compile(r"(?<!\d)([678]\d{1,3})(?!\d)")
_TAIL = re.compile(
    r"[\s\-–:_.(]*(?:budget\s+)?(?:pr[ée]v\w*|r[ée]alis\w*|r[ée]els?|ex[ée]cut\w*|%|pourcentage|taux|[ée]carts?)"
    r"\W*$",
    re.IGNORECASE,
)
_SIDES: tuple[tuple[Side, tuple[str, ...], str], ...] = (
    (CHARGE, ("charges", "depenses"), "charges"),
    (PRODUIT, ("produits", "recettes"), "produits"),
)


def read(kind: FormKind, boxes: Sequence[Box], accounts: Accounts, chosen: Mapping[str, str] | None = None) -> Filled:
    """The fields of a filled report and the lines of its table.

    A box belongs to the column that its words say; boxes of one account without such words, to the columns of the
    form in their order, when there are two or three of them. ``chosen`` maps names of boxes to a field, to
    « planned.60 » or « realised.60 », or to nothing. A total printed is compared with its lines.
    """
    wanted = chosen or {}
    fields = {name: "" if of_cell(key) else key for name, key in wanted.items()}
    filled = filled_form.read(kind, boxes, accounts, fields, budget=False)
    taken = {place.box.name for place in filled.places if place.origin not in ("unknown", "empty")}
    table = _Table(accounts)
    for box in boxes:
        if cell := of_cell(wanted.get(box.name, "")):
            column, account = cell
            table.put(box, account, accounts.label(account), column, "remembered")
        elif box.name not in taken and not box.tick:
            table.look(box)
    table.settle()
    places = tuple(table.places.get(place.box.name, place) for place in filled.places)
    return replace(
        filled,
        budget=Pasted((), doubts=tuple(table.doubts())),
        report=table.lines(),
        places=places,
        unknown=tuple(place.box for place in places if place.origin == "unknown"),
    )


class _Table:
    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self.places: dict[str, Place] = {}
        self._cells: dict[tuple[str, str], dict[str, int | None]] = {}
        self._waiting: dict[tuple[str, str], list[Box]] = defaultdict(list)
        self._totals: list[tuple[Side, str, Box]] = []
        self._wrong: list[str] = []

    def look(self, box: Box) -> None:
        """Find the account and the column of a box by its tooltip, the words beside it, or its own name."""
        texts = (box.label, box.beside, box.own_name)
        column = next((c for c, said in _WORDS for text in texts if said.search(fold(text))), "")
        for text in texts:
            found = _ACCOUNT.search(text)
            if found and (side := Accounts.side_of(found.group(1))):
                label = _TAIL.sub("", text[found.end() :]).strip(" -–:_.") or self._accounts.label(found.group(1))
                if column:
                    self.put(box, found.group(1), label, column, "budget")
                else:
                    self._waiting[found.group(1), label].append(box)
                return
            said = words(text).split()
            side = next((s for s, named, _words in _SIDES if set(named) & set(said)), None)
            if "total" in said and side:
                if column:
                    self._totals.append((side, column, box))
                    self.places[box.name] = Place(box, "", "ignored" if box.value else "empty")
                return

    def settle(self) -> None:
        """Boxes of one account that no word tells apart: the form has its forecast on the left."""
        for (account, label), boxes in self._waiting.items():
            if 2 <= len(boxes) <= len(_ORDER):
                for box, column in zip(boxes, _ORDER, strict=False):
                    self.put(box, account, label, column, "budget")

    def put(self, box: Box, account: str, label: str, column: str, origin: str) -> None:
        if column == SHARE:
            # Computed anew from the two amounts.
            self.places[box.name] = Place(box, "", "ignored" if box.value else "empty")
            return
        cell = self._cells.setdefault((account, label), {})
        cents = None
        if box.value:
            try:
                cents = parse_amount(box.value)
            except UserError as refusal:
                self._wrong.append(f"{account} {label}, {COLUMNS[column].lower()}{NBSP}: {refusal.message}")
                if origin != "remembered":
                    self.places[box.name] = Place(box, "", "unknown")
                    return
            self.places[box.name] = Place(box, f"{column}.{account}", origin)
        # Two boxes that a person gave to one cell make it together.
        if cents is not None:
            cell[column] = (cell.get(column) or 0) + cents

    def lines(self) -> tuple[ReportLine, ...]:
        found = [
            ReportLine(side, account, label, cell.get(PLANNED), cell.get(REALISED))
            for (account, label), cell in self._cells.items()
            if cell and (side := Accounts.side_of(account))
        ]
        return tuple(sorted(found, key=lambda line: (line.side != CHARGE, line.account[:2])))

    def doubts(self) -> list[str]:
        """Amounts that cannot be read, and printed totals that their lines do not make."""
        said = list(self._wrong)
        lines = self.lines()
        for side, column, box in self._totals:
            if not box.value or column == SHARE:
                continue
            label = next(shown for s, _named, shown in _SIDES if s == side)
            try:
                printed = parse_amount(box.value)
            except UserError:
                said.append(f"Le total des {label}, {COLUMNS[column].lower()}, n’est pas un montant{NBSP}: "
                            f"{quote(box.value)}.")  # fmt: skip
                continue
            place = _ORDER.index(column)
            bare, kind = totals(lines, side)[place] or 0, totals(lines, side, in_kind=True)[place] or 0
            if printed not in (bare, bare + kind):
                said.append(
                    f"Total des {label}, {COLUMNS[column].lower()}{NBSP}: le formulaire écrit {euros(printed)}, ses "
                    f"lignes font {euros(bare)}."
                )
        return said
