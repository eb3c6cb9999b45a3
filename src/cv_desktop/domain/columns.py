"""The fields that an application file holds, and the headers under which they are found.

Headers are compared by their words: case, accents, apostrophes, hyphens, small words (« de », « du ») and units
do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cv_desktop.domain.text import fold, words

# Nobody writes a longer header: it is a paragraph of explanation.
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Field:
    """``names`` are whole headers, the usual one first; ``starts`` are beginnings, tried afterwards.

    Both are kept as ``header_key`` gives them; names without their spaces. ``required``: no reading without it;
    ``judged``: a check of the règlement asks for it.
    """

    key: str
    label: str
    names: tuple[str, ...]
    starts: tuple[str, ...] = ()
    required: bool = False
    judged: bool = False


_EMPTY_WORDS = frozenset(("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "par"))
_UNITS = re.compile(r"\((?:en |eur|k|m)?[^()]{0,12}(?:€|euros?|eur|ttc)[^()]{0,6}\)|€|\beuros?\b", re.IGNORECASE)
# What a pivot table writes before the name of the column that it adds up.
_SUM = re.compile(r"^\s*somme de (?=\S)|^\s*somme d['’]", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-zé])(?=[A-Z])")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def header_key(header: str) -> str:
    """A header for comparison: « Nom du bénéficiaire », « NOM_BENEFICIAIRE » and « nomBeneficiaire » are the same."""
    text = words(_CAMEL.sub(" ", _UNITS.sub(" ", _SUM.sub("", header))) or header)
    kept = [word for word in text.split() if word not in _EMPTY_WORDS]
    return " ".join(kept) or text


def year_in(header: str) -> int | None:
    """The only year that a text holds, if any."""
    found = set(_YEAR.findall(header))
    return int(found.pop()) if len(found) == 1 else None


def field(
    key: str, label: str, *names: str, starts: Iterable[str] = (), required: bool = False, judged: bool = False
) -> Field:
    """A field found under ``names``, or under headers that begin with one of ``starts``."""
    whole = (" > ".join(map(header_key, name.split(" > "))) for name in names)
    bare = tuple(name.replace(" ", "") for name in whole)
    return Field(key, label, bare, tuple(map(header_key, starts)), required, judged)


def fields_from(data: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    """The fields of one kind of file, as the reference table of columns writes them."""
    return tuple(
        field(
            one["key"],
            one["label"],
            *one["names"],
            starts=one.get("starts", ()),
            required=one.get("required", False),
            judged=one.get("judged", False),
        )
        for one in data
    )


def match_headers(
    headers: Sequence[str], fields: Sequence[Field], chosen: Mapping[str, str], groups: Sequence[str] = ()
) -> dict[str, int]:
    """Column of each field recognised among the headers: chosen ones first, then whole names, then beginnings.

    A name under its group (« Association > Nom ») comes before the name alone. A column serves one field, a field
    has one column.
    """
    known = {field.key for field in fields}
    found: dict[str, int] = {}
    free: dict[int, str] = {}
    grouped: dict[int, str] = {}
    for position, header in enumerate(headers):
        if len(header) >= _LONGEST:
            free[position] = ""
            continue
        folded = fold(header)
        group = groups[position] if position < len(groups) else ""
        if group and (whole := fold(f"{group} > {header}")) in chosen:
            folded = whole
        if folded not in chosen:
            free[position] = header_key(header)
            if group:
                grouped[position] = f"{header_key(group)} > {free[position]}"
        elif chosen[folded] in known:
            found.setdefault(chosen[folded], position)
    undated = {at: header_key(_YEAR.sub(" ", headers[at])) for at in free if _YEAR.search(headers[at])}
    # « Demandé 2025 », « Demandé 2026 »: the last year is the one that is asked for.
    undated = {at: undated[at] for at in sorted(undated, key=lambda at: -(year_in(headers[at]) or 0))}
    for names in (grouped, free, undated):
        places = {header.replace(" ", ""): column for column, header in reversed(names.items()) if header}
        for field in fields:
            if field.key in found:
                continue
            place = next((places[name] for name in field.names if places.get(name) in free), None)
            if place is not None:
                found[field.key] = place
                del free[place]
    for field in fields:
        if field.key not in found and (at := _begins(field, free)) is not None:
            found[field.key] = at
            del free[at]
    return found


def _begins(field: Field, free: Mapping[int, str]) -> int | None:
    # The beginning must stop at the end of a word: « RIB » is not the beginning of « Ribambelle ».
    for start in field.starts:
        for at, header in free.items():
            if header.startswith(start) and not header[len(start) : len(start) + 1].isalnum():
                return at
    return None
