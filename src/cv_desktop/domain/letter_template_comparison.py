"""Two texts of the same kind of letter side by side, block by block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from cv_desktop.domain.comparison import ABSENT, Line
from cv_desktop.domain.letter_template import LINES, PARTS, SIGNATORIES, TYPES
from cv_desktop.domain.text import NBSP

_BEFORE, _AFTER = ("object", "detail", "salutation"), ("closing",)


def lines(older: Mapping[str, Any], newer: Mapping[str, Any], conditions: Mapping[str, str]) -> tuple[Line, ...]:
    """What each version says: object and salutation, the blocks set against one another, closing, notes, signature.

    A block that was moved or rewritten stands beside the one it replaces; one added or dropped stands alone.
    """
    found = [_part(key, older, newer) for key in _BEFORE]
    before = [words(block, conditions) for block in older["blocks"]]
    after = [words(block, conditions) for block in newer["blocks"]]
    for _tag, i, i_end, j, j_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for step in range(max(i_end - i, j_end - j)):
            old = i + step if i + step < i_end else None
            new = j + step if j + step < j_end else None
            shown = newer["blocks"][new] if new is not None else older["blocks"][old or 0]
            place = f"Bloc {(new if new is not None else old or 0) + 1}"
            found.append(
                Line(
                    f"block:{old}:{new}",
                    place,
                    TYPES[shown["type"]],
                    ABSENT if old is None else before[old],
                    ABSENT if new is None else after[new],
                )
            )
    found += [_part(key, older, newer) for key in _AFTER]
    for key, label in LINES.items():
        found.append(Line(key, "Fin", label, _listed(older.get(key)), _listed(newer.get(key))))
    signed = "signatory"
    found.append(Line(signed, "Fin", "Signature", *(SIGNATORIES[x.get(signed, "president")] for x in (older, newer))))
    found.append(Line("recourse", "Fin", "Voies de recours", *(x.get("recourse") or "aucune" for x in (older, newer))))
    return tuple(found)


def words(block: Mapping[str, Any], conditions: Mapping[str, str]) -> str:
    """A block as one reads it, its condition first."""
    when = block.get("when")
    start = f"({conditions.get(when, when)}) " if when else ""
    match block["type"]:
        case "amount":
            return f"{start}{{montant}} ({{montant_lettres}})"
        case "list" if "field" not in block:
            return start + "\n".join(f"– {text}" for text in block["items"])
        case "conditions":
            return start + "\n".join(f"{label}{NBSP}: {text}" for label, text in block["items"])
        case "table":
            rows = [[f"{{{block['field']}}}"]] if "field" in block else block["rows"]
            return start + "\n".join(" | ".join(row) for row in (block["head"], *rows))
        case "list":
            return f"{start}– {{{block['field']}}}"
    return start + str(block["text"])


def _part(key: str, older: Mapping[str, Any], newer: Mapping[str, Any]) -> Line:
    place = "Début" if key in _BEFORE else "Fin"
    return Line(key, place, PARTS[key], older[key] or ABSENT, newer[key] or ABSENT)


def _listed(texts: Sequence[str] | None) -> str:
    return "\n".join(texts or ()) or ABSENT
