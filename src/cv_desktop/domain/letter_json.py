"""The content of a letter as plain data, kept with it and rendered again for ever."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from cv_desktop.domain.letters import (
    Amount,
    Block,
    Bullets,
    Conditions,
    Heading,
    LetterContent,
    Line,
    Missing,
    Paragraph,
    Span,
    Table,
)

_LINES = frozenset(
    {"agent", "references", "addressee", "copies", "enclosures", "signatory_quality", "counterpart_quality"}
)
_LINE = frozenset({"place_date", "object", "detail", "salutation", "closing", "signatory_name", "counterpart_name"})


def content_to_json(content: LetterContent) -> dict[str, Any]:
    """The content as plain data, with the kind of each block."""
    data = asdict(content)
    blocks = zip((*content.blocks, *content.annexes), (*data["blocks"], *data["annexes"]), strict=True)
    for block, kept in blocks:
        kept["type"] = type(block).__name__
    plain: dict[str, Any] = json.loads(json.dumps(data))
    return plain


def content_from_json(data: dict[str, Any]) -> LetterContent:
    """The content that :func:`content_to_json` wrote; what no layout is told of was issued in the first one."""
    return LetterContent(**{key: _value(key, value) for key, value in {"layout": 1, **data}.items()})


def _value(key: str, value: Any) -> Any:
    if key in _LINES:
        return tuple(_line(v) for v in value)
    if key in _LINE:
        return _line(value)
    match key:
        case "blocks" | "annexes":
            return tuple(_block(b) for b in value)
        case "missing" | "reminders":
            return tuple(Missing(**m) for m in value)
        case "footer":
            return tuple(value)
        case "facts":
            return tuple((name, said) for name, said in value)
    return value


def _line(spans: Iterable[dict[str, Any]]) -> Line:
    return tuple(Span(s["text"], s["missing"]) for s in spans)


def _block(b: dict[str, Any]) -> Block:
    match b["type"]:
        case "Paragraph":
            return Paragraph(_line(b["line"]))
        case "Amount":
            return Amount(_line(b["figures"]), _line(b["words"]))
        case "Conditions":
            return Conditions(tuple((label, _line(text)) for label, text in b["items"]))
        case "Bullets":
            return Bullets(tuple(_line(item) for item in b["items"]))
        case "Heading":
            return Heading(_line(b["line"]))
        case "Table":
            return Table(tuple(b["head"]), tuple(tuple(_line(cell) for cell in row) for row in b["rows"]))
    raise ValueError(f"unknown letter block: {b['type']}")
