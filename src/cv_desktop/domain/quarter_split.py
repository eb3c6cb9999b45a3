"""How an action of several quarters counts for each: by the split that the officer declares, else by equal parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, counted, quote

_WHOLE = 100 * 100
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")


def split(cents: int, count: int, weights: Sequence[int] = ()) -> list[int]:
    """An amount between ``count`` quarters, in cents; together they make it exactly.

    ``weights`` are those declared, in the order of the quarters; none: equal parts. The cents that are left go to the
    parts that rounding cut the most, the first ones on a draw.
    """
    known = list(weights) if len(weights) == count and sum(weights) > 0 else [1] * count
    total = sum(known)
    parts = [cents * weight // total for weight in known]
    most_cut = sorted(range(count), key=lambda place: (-(cents * known[place] % total), place))
    for place in most_cut[: cents - sum(parts)]:
        parts[place] += 1
    return parts


def read_split(text: str, names: Sequence[str]) -> tuple[int, ...]:
    """The weights of « 60 % / 40 % » or « 120 / 80 », in hundredths, one for each quarter; none for an empty text.

    Percents make 100; other numbers are persons, and count in proportion. Raises UserError on another number of
    values, one that is no number, percents that do not make 100, or nothing but zeros.
    """
    said = [part.strip() for part in text.replace(NBSP, " ").replace(";", "/").split("/")]
    if not any(said):
        return ()
    if len(said) != len(names):
        order = ", ".join(names)
        raise UserError(
            f"{counted(len(said), 'part')} pour {len(names)} quartiers. Donnez-en une par quartier, "
            f"dans cet ordre{NBSP}: {order}."
        )
    found = []
    for part in said:
        bare = part.removesuffix("%").strip().replace(",", ".").replace(" ", "")
        if not _NUMBER.fullmatch(bare):
            usual = f"60{NBSP}% / 40{NBSP}%, ou 120 / 80 habitants"
            raise UserError(f"{quote(part)} n’est pas une part. Exemple{NBSP}: {usual}.")
        found.append(int(Decimal(bare) * 100))
    percents = sum(part.endswith("%") for part in said)
    if percents not in (0, len(said)):
        raise UserError("Écrivez chaque part en %, ou chacune en nombre de personnes.")
    if percents and sum(found) != _WHOLE:
        raise UserError(f"Ces parts font {_shown(sum(found))}{NBSP}%{NBSP}: elles doivent faire 100{NBSP}%.")
    if not any(found):
        raise UserError("Une part au moins doit être plus grande que zéro.")
    return tuple(found)


def typed_split(weights: Sequence[int]) -> str:
    """What one types for weights: « 60 % / 40 % » when they make 100, else « 120 / 80 »."""
    unit = f"{NBSP}%" if sum(weights) == _WHOLE else ""
    return " / ".join(f"{_shown(weight)}{unit}" for weight in weights)


def said_split(names: Sequence[str], weights: Sequence[int]) -> str:
    """« Almont 60 %, Lorient 40 % », or that the parts are equal; nothing for a single quarter."""
    if len(names) < 2:
        return ""
    if not weights:
        return f"Parts égales entre {', '.join(names)}."
    total = sum(weights)
    shares = [round(Fraction(weight * _WHOLE, total)) for weight in weights]
    return ", ".join(f"{name} {_shown(share)}{NBSP}%" for name, share in zip(names, shares, strict=True)) + "."


def _shown(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02d}".rstrip("0") if rest else str(whole)
