"""The amounts of one column: how they are written is found out on the whole column, never on one cell alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import cents_of
from cv_desktop.domain.sheets import Cell, plain
from cv_desktop.domain.text import NBSP, fold, quote

# Above any grant of an authority: what exceeds it is a number that slid from another column.
_ABSURD_CENTS = 10_000_000_000_00
_LONGEST = 40
_NOTHING = frozenset({"", "-", "–", "—", "/", ".", "neant", "sans objet", "s/o", "so", "nc", "n/c", "n.c.", "nd", "na"})
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009\u2007'’]")
_CURRENCY = re.compile(
    r"(?P<scale>k|m|milliers?d|millionsd)?(?:euros?|eur|€)\.?(?:ttc|ht|nets?)?(?P<cents>\d{2})?$", re.IGNORECASE
)
# The mark of a footnote: « 1 500 €* », « 800,00 (1) ».
_FOOTNOTE = re.compile(r"(?<=[\d€TCrs])(?:\*+|[¹²³]|\(\d\))$")
_SIGNED = re.compile(r"(?P<minus>[-−(])?\+?(?P<figures>\d[\d.,]*)(?P<after>[-)])?")
_SCALES = {"k": 1_000, "millierd": 1_000, "milliersd": 1_000, "m": 1_000_000, "millionsd": 1_000_000}
_THOUSANDS = re.compile(
    r"\bk\s?(?:€|eur|euros?\b)|\(k€?\)|\bke\b|\bmilliers? d\W{0,2}euros?|\(en milliers\)", re.IGNORECASE
)
_MILLIONS = re.compile(r"\bm\s?(?:€|euros\b)|\(m€\)|\bmillions? d\W{0,2}euros?|\(en millions\)", re.IGNORECASE)


def scale_of(text: str) -> int:
    """1 000 where a header or a title says « k€ » or « en milliers d’euros », 1 000 000 for millions, else 1."""
    if _THOUSANDS.search(text):
        return 1_000
    return 1_000_000 if _MILLIONS.search(text) else 1


class AmountColumn:
    """Reads the cells of one column as cents. ``scale`` multiplies amounts that do not say their unit."""

    def __init__(self, cells: Iterable[Cell] = (), scale: int = 1) -> None:
        self.scale = scale
        # Which sign parts the thousands, where a cell of the column proves it: "" while nothing does.
        self._thousands = _thousands(cells)

    def read(self, cell: Cell) -> int | None:
        """Cents of a cell, None when it holds nothing; a negative amount keeps its sign. Raises UserError."""
        if cell is None or cell == "":
            return None
        if isinstance(cell, float | int) and not isinstance(cell, bool):
            if cell != cell or abs(cell) * self.scale > _ABSURD_CENTS // 100:
                raise _absurd(cell)
            if cell == (whole := int(cell)):
                return whole * self.scale * 100
            return cents_of(cell * self.scale if self.scale > 1 else cell)
        if not isinstance(cell, str):
            raise _no_amount(plain(cell))
        if fold(cell) in _NOTHING:
            return None
        value = self._written(cell)
        if abs(value) > _ABSURD_CENTS:
            raise _absurd(cell)
        return value

    def attempt(self, cell: Cell) -> int | None:
        """Cents of a cell, None when it holds no amount."""
        try:
            return self.read(cell)
        except UserError:
            return None

    def _written(self, text: str) -> int:
        bare = _FOOTNOTE.sub("", _SPACES.sub("", text))
        scale = self.scale
        if found := _CURRENCY.search(bare):
            # An amount that says its unit is read in that unit.
            scale = _SCALES.get((found["scale"] or "").lower(), 1)
            bare = bare[: found.start()]
            if found["cents"]:
                bare = f"{bare},{found['cents']}" if bare.isdigit() else text
        elif bare[:1] == "€":
            scale, bare = 1, bare[1:]
        parts = _SIGNED.fullmatch(bare) if len(bare) <= _LONGEST else None
        if parts is None or (parts["minus"] == "(") != (parts["after"] == ")"):
            raise _no_amount(text)
        exact = self._figures(parts["figures"], text) * scale * 100
        cents = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
        return -cents if parts["minus"] or parts["after"] == "-" else cents

    def _figures(self, figures: str, text: str) -> Decimal:
        commas, dots = figures.count(","), figures.count(".")
        if not commas and not dots:
            return Decimal(figures)
        if commas and dots:
            mark = "," if figures.rindex(",") > figures.rindex(".") else "."
            other = "." if mark == "," else ","
            if figures.count(mark) > 1 or not _is_grouped(figures.split(mark)[0], other):
                raise _no_amount(text)
            return Decimal(figures.replace(other, "").replace(mark, "."))
        mark = "," if commas else "."
        if commas + dots > 1:
            if not _is_grouped(figures, mark):
                raise _no_amount(text)
            return Decimal(figures.replace(mark, ""))
        whole, _, decimals = figures.partition(mark)
        if len(decimals) == 3 and 1 <= len(whole) <= 3 and whole.strip("0"):
            # « 1.500 » is one thousand five hundred for some and one and a half for others.
            if not self._thousands:
                raise UserError(
                    f"{quote(text.strip())} se lit de deux façons{NBSP}: écrivez 4{NBSP}000 ou 4{NBSP}000,50."
                )
            if self._thousands == mark:
                return Decimal(whole + decimals)
        return Decimal(f"{whole}.{decimals or 0}")


def _thousands(cells: Iterable[Cell]) -> str:
    """The sign between thousands that a cell proves; « x » when the cells prove that the lone sign is a decimal one."""
    proof = ""
    for cell in cells:
        if not isinstance(cell, str) or ("," not in cell and "." not in cell):
            continue
        bare = re.sub(r"[^\d.,]", "", cell)
        commas, dots = bare.count(","), bare.count(".")
        if commas and dots:
            return "." if bare.rindex(",") > bare.rindex(".") else ","
        if commas + dots > 1:
            return "," if commas else "."
        whole, mark, decimals = bare.partition("," if commas else ".")
        if len(decimals) != 3 or len(whole) > 3:
            proof = proof or ("." if mark == "," else ",")
    return proof


def _is_grouped(figures: str, mark: str) -> bool:
    first, *others = figures.split(mark)
    return 1 <= len(first) <= 3 and all(len(part) == 3 for part in others)


def _no_amount(text: str) -> UserError:
    return UserError(f"{quote(text.strip()[:80])} n’est pas un montant. Exemple{NBSP}: 4{NBSP}000 ou 4{NBSP}000,50.")


def _absurd(cell: Cell) -> UserError:
    return UserError(f"{quote(plain(cell))} n’est pas un montant vraisemblable.")
