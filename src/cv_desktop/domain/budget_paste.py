"""A budget copied from a spreadsheet: the two blocks of the Cerfa, side by side or one under the other.

Totals are recognised, compared with their lines and set aside; nothing is added twice and nothing is guessed.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cv_desktop.domain.accounts import Accounts
from cv_desktop.domain.budget import CHARGE, PRODUIT, BudgetLine, Funding, Side
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, parse_amount
from cv_desktop.domain.text import NBSP, quote, words

_CODE = re.compile(r"\s*(?:cpte|compte|n°)?\s*(\d{2,6})(?!\d|[.,]\d)\s*[-–—:.)/]*\s*(.*)", re.IGNORECASE | re.DOTALL)
_STATE = re.compile(r"[(\[]\s*([^()\[\]]+?)\s*[)\]]\s*$")
_STATES = {
    **dict.fromkeys(("acquis", "acquise", "accorde", "accordee", "obtenu", "obtenue", "a"), Funding.ACQUIRED),
    **dict.fromkeys(("sollicite", "sollicitee", "en cours", "en attente", "s"), Funding.ASKED),
    **dict.fromkeys(("refuse", "refusee", "r"), Funding.REFUSED),
    **dict.fromkeys(("demande", "demandee"), Funding.OURS),
}
_CHARGES, _PRODUITS = ("charges", "depenses", "emplois"), ("produits", "recettes", "ressources")
_ACCOUNT_TITLES = ("compte", "comptes", "n", "no", "numero", "cpte", "code")
_RESULTS = ("excedent", "insuffisance", "benefice", "deficit", "resultat")
_NOTHING = frozenset({"", "-", "–", "—", "€", "- €", "-   €"})


@dataclass(frozen=True, slots=True)
class Pasted:
    """``aside``: what was recognised and not added. ``doubts``: what a person has to look at, with its line."""

    lines: tuple[BudgetLine, ...]
    aside: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Item:
    row: int
    side: Side
    code: str
    label: str
    cents: int | None
    state: str = ""
    indirect: bool = False
    kept: bool = True
    children: list[_Item] = field(default_factory=list)

    @property
    def volunteer(self) -> bool:
        return self.code.startswith(("86", "87"))


def read(text: str, accounts: Accounts) -> Pasted:
    """The budget lines of a tab separated text, amounts in cents.

    Raises UserError when no line of it has an amount.
    """
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(_lines(text)), delimiter="\t")]
    reading = _Reading(accounts, rows)
    reading.run()
    if not reading.items:
        raise UserError(
            "Le presse-papiers ne contient aucune ligne de budget. Copiez dans le tableur les colonnes des comptes, "
            "des intitulés et des montants, puis collez."
        )
    lines = tuple(
        BudgetLine(x.side, "" if x.indirect else x.code, x.label, x.cents or 0, x.state)
        for side in (CHARGE, PRODUIT)
        for x in reading.items
        if x.side == side and x.kept and x.cents
    )
    return Pasted(lines, tuple(reading.aside), tuple(reading.doubts))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _Reading:
    def __init__(self, accounts: Accounts, rows: list[list[str]]) -> None:
        self.accounts, self.rows = accounts, rows
        self.items: list[_Item] = []
        self.totals: list[_Item] = []
        self.aside: list[str] = []
        self.doubts: list[str] = []
        self._section: Side | None = None
        self._parent: dict[Side, _Item | None] = {CHARGE: None, PRODUIT: None}
        self._indirect = self._several = False
        self._money = self._money_columns()

    def run(self) -> None:
        split = self._split()
        for place, row in enumerate(self.rows, 1):
            if not any(row):
                continue
            if split:
                self._block(place, row[:split], CHARGE)
                self._block(place, row[split:], PRODUIT, split)
            else:
                self._block(place, row, None)
        if self._several:
            self.doubts.append(
                "Plusieurs colonnes de montants\u00a0: la première est lue. Vérifiez que c’est la bonne."
            )
        self._subtotals()
        self._check_totals()

    def _split(self) -> int:
        """The column where the produits begin when the two blocks stand side by side; 0 when they do not."""
        header = 0
        for row in self.rows:
            said = [words(cell) for cell in row]
            charges = [i for i, x in enumerate(said) if x.startswith(_CHARGES)]
            produits = [i for i, x in enumerate(said) if x.startswith(_PRODUITS)]
            if charges and produits and produits[0] > charges[0]:
                header = produits[0]
                if said[header - 1] in _ACCOUNT_TITLES and header - 1 > charges[0]:
                    header -= 1
                break
        columns: dict[Side, list[int]] = {CHARGE: [], PRODUIT: []}
        for row in self.rows:
            for column, cell in enumerate(row):
                code = _CODE.fullmatch(cell)
                side = Accounts.side_of(code[1]) if code and self._is_code(row, column, code[2]) else None
                if side:
                    columns[side].append(column)
        left, right = min(columns[CHARGE], default=0), min(columns[PRODUIT], default=0)
        if columns[CHARGE] and columns[PRODUIT] and right > left:
            return right if not header else min(header, right)
        return header

    def _money_columns(self) -> frozenset[int]:
        """The columns where several lines have an amount: a word there stands for one that cannot be read."""
        found: Counter[int] = Counter()
        for row in self.rows:
            for column, cell in enumerate(row):
                if re.search(r"\d", cell) and not re.search(r"[^\W\d]", cell):
                    found[column] += not self._is_code(row, column, "")
        return frozenset(column for column, lines in found.items() if lines > 1)

    def _is_code(self, row: Sequence[str], column: int, rest: str) -> bool:
        """Digits alone are an account only when words follow in the next cell; « 62 » under « Montant » is money."""
        if rest:
            return bool(re.match(r"[^\W\d]", rest))
        following = next((cell for cell in row[column + 1 :] if cell), "")
        return bool(re.search(r"[^\W\d]", following.replace("€", ""))) and words(following) not in _STATES

    def _block(self, place: int, cells: Sequence[str], side: Side | None, first: int = 0) -> None:
        item = self._item(place, list(cells), side, first)
        if item is None:
            return
        said = words(item.label)
        if said.startswith(("total", "sous total", "totaux")) and not item.code:
            if item.cents is not None:
                self.totals.append(replace(item, children=list(self.items)))
            return
        if said.startswith(_RESULTS) and not item.code:
            if item.cents:
                self.aside.append(f"{quote(item.label)}, {euros(item.cents)}{NBSP}: laissé de côté.")
            return
        if not item.code and said.startswith(self.accounts.indirect) and item.side == CHARGE:
            self._indirect, self._parent[CHARGE] = True, None
            if item.cents is None:
                return
        if len(item.code) == 2:
            self._parent[item.side] = item
            self._indirect = self._indirect and item.side != CHARGE
        if item.cents is None and len(item.code) != 2:
            return
        if item.cents is not None and item.cents < 0:
            self.doubts.append(f"Ligne {place}{NBSP}: {quote(item.label)}, {euros(item.cents)}, est négatif. À saisir.")
            return
        if not item.code:
            self._place(item)
        self.items.append(item)

    def _place(self, item: _Item) -> None:
        """The account of a line that has none: what its label means under the account above, else that account."""
        parent = self._parent[item.side]
        if item.side == CHARGE and self._indirect:
            item.indirect = True
            return
        named = self.accounts.named(item.label, item.side, parent.code if parent else "")
        if named:
            item.code = named.code
        elif parent:
            item.code = parent.code
        else:
            self.doubts.append(f"Ligne {item.row}{NBSP}: {quote(item.label)} n’a pas de compte. Indiquez-le.")

    def _item(self, place: int, cells: list[str], side: Side | None, first: int) -> _Item | None:
        labels: list[str] = []
        amount: int | None = None
        code = state = wrong = ""
        for column, cell in enumerate(cells):
            if cell in _NOTHING or cell.endswith("%"):
                continue
            found = _CODE.fullmatch(cell) if not code and not labels else None
            if found and self._is_code(cells, column, found[2]):
                code = found[1]
                if found[2]:
                    labels.append(found[2])
                continue
            if labels or code:
                if words(cell) in _STATES:
                    state = _STATES[words(cell)]
                    continue
                if re.search(r"\d", cell) and amount is None:
                    try:
                        amount = parse_amount(cell)
                        continue
                    except UserError:
                        if not re.match(r"[^\W\d]", cell) or column == len(cells) - 1:
                            wrong = cell
                            continue
                elif re.search(r"\d", cell):
                    self._several = True
                    continue
                elif code and first + column in self._money:
                    wrong = cell
                    continue
            elif re.fullmatch(r"[\d\s\u00a0\u202f.,€-]+", cell):
                continue
            labels.append(cell)
        label = " ".join(" ".join(labels).split())
        if not code and not label:
            return None
        said = words(label)
        if side is None:
            side = Accounts.side_of(code) or self._side_said(said) or self._section
            if amount is None and self._side_said(said) and not code:
                self._section = side
                return None
            if side is None:
                return None
        elif code and (own := Accounts.side_of(code)) is not None and own != side:
            self.doubts.append(f"Ligne {place}{NBSP}: le compte {code} n’est pas un compte de {side}.")
        if (bracket := _STATE.search(label)) and words(bracket[1]) in _STATES:
            state, label = _STATES[words(bracket[1])], label[: bracket.start()].strip()
        if wrong and amount is None:
            self.doubts.append(f"Ligne {place}, {label or code}{NBSP}: {quote(wrong)} n’est pas un montant. À saisir.")
            return None
        label = label.strip(" :-–") or self.accounts.label(code)
        return _Item(place, side, code, label, amount, state if code.startswith("74") or not code else "")

    @staticmethod
    def _side_said(said: str) -> Side | None:
        bare = said.removeprefix("total des ").removeprefix("total ")
        if bare.startswith(_CHARGES) and not bare.startswith("charges de personnel"):
            return CHARGE
        return PRODUIT if bare.startswith(_PRODUITS) else None

    def _subtotals(self) -> None:
        """An account whose amount is that of the lines under it says their sum: it is not a line of its own."""
        for side in (CHARGE, PRODUIT):
            own = [x for x in self.items if x.side == side]
            for at in range(len(own) - 1, -1, -1):
                head = own[at]
                if not head.code or head.indirect:
                    continue
                under: list[_Item] = []
                for item in own[at + 1 :]:
                    below = item.code.startswith(head.code) and (len(item.code) > len(head.code) or len(head.code) == 2)
                    if item.indirect or not below:
                        break
                    under.append(item)
                filled = [x for x in under if x.kept and x.cents]
                if head.cents is None:
                    head.kept = False
                elif filled and sum(x.cents or 0 for x in filled) == head.cents:
                    head.kept = False
                    self.aside.append(f"{head.code} {head.label}, {euros(head.cents)}{NBSP}: total de ses lignes.")
                elif filled and head.cents and len(head.code) == 2:
                    head.children = filled
        self._uneven()

    def _uneven(self) -> None:
        """An account that does not say the sum of its lines: the printed total tells whether it adds to them."""
        for side in (CHARGE, PRODUIT):
            heads = [x for x in self.items if x.side == side and x.kept and x.children]
            printed = {t.cents for t in self.totals if t.side == side}
            with_them = sum(x.cents or 0 for x in self.items if x.side == side and x.kept and not x.volunteer)
            if not heads or with_them in printed:
                continue
            for head in heads:
                head.kept = False
                found = sum(x.cents or 0 for x in head.children)
                self.doubts.append(
                    f"Ligne {head.row}{NBSP}: {head.code} {head.label} annonce {euros(head.cents or 0)}, "
                    f"ses lignes font {euros(found)}. Les lignes sont gardées."
                )

    def _check_totals(self) -> None:
        for total in self.totals:
            before = [x for x in total.children if x.side == total.side and x.kept]
            whole = [x for x in self.items if x.side == total.side and x.kept]
            sums = [
                sum(x.cents or 0 for x in lines if wanted(x))
                for lines in (before, whole)
                for wanted in (_in_money, _in_kind, _any)
            ]
            groups = {x.code[:2] for x in before}
            sums += [sum(x.cents or 0 for x in before if x.code[:2] == code) for code in groups]
            sums.append(sum(x.cents or 0 for x in before if x.indirect))
            sums.append(sum(x.cents or 0 for x in before if not x.indirect and not x.volunteer))
            name = f"{total.label}, {euros(total.cents or 0)}"
            if total.cents in sums:
                self.aside.append(f"{name}{NBSP}: retrouvé, non ajouté.")
            else:
                self.doubts.append(f"Ligne {total.row}{NBSP}: {name}, mais les lignes font {euros(sums[0])}.")


def _in_money(item: _Item) -> bool:
    return not item.volunteer


def _in_kind(item: _Item) -> bool:
    return item.volunteer


def _any(_item: _Item) -> bool:
    return True
