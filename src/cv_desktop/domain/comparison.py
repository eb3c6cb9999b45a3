"""Two versions of a règlement side by side."""

from __future__ import annotations

from dataclasses import dataclass

from cv_desktop.domain.expected_documents import ExpectedDocument
from cv_desktop.domain.rules import Parameter, Rules

_SEVERITIES = {"block": "bloque", "warn": "avertit"}
ABSENT = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One value or one document: what each version says of it, as a person reads it."""

    key: str
    article: str
    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


def compare(older: Rules, newer: Rules) -> tuple[Line, ...]:
    """Every line of both règlements in the order of the newer, what it dropped at the end of its part."""
    keys = [*newer, *(key for key in older if key not in newer)]
    lines = []
    for key in keys:
        before, after = older.get(key), newer.get(key)
        shown = after or before
        assert shown is not None
        lines.append(Line(key, shown.article, shown.label, _value(before), _value(after)))
    held = {d.kind: d for d in older.documents}
    asked = {d.kind: d for d in newer.documents}
    for kind in [*asked, *(kind for kind in held if kind not in asked)]:
        document = asked.get(kind) or held[kind]
        label = f"Pièce\u00a0: {document.label}"
        lines.append(Line(f"document:{kind}", "9", label, _document(held.get(kind)), _document(asked.get(kind))))
    return tuple(lines)


def _value(parameter: Parameter | None) -> str:
    if parameter is None:
        return ABSENT
    severity = _SEVERITIES.get(parameter.severity)
    shown = parameter.shown or "vide"
    return f"{shown}, {severity}" if severity and parameter.check else shown


def _document(document: ExpectedDocument | None) -> str:
    if document is None:
        return ABSENT
    parts = [document.condition_words, document.due_words, document.severity_words]
    if document.validity_months:
        parts.insert(1, f"valable {document.validity_words}")
    return ", ".join(parts)
