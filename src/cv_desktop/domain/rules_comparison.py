"""A règlement as lines to compare."""

from __future__ import annotations

from cv_desktop.domain.comparison import Parts, Said
from cv_desktop.domain.expected_documents import ExpectedDocument
from cv_desktop.domain.rules import Parameter, Rules
from cv_desktop.domain.text import NBSP

_SEVERITIES = {"block": "bloque", "warn": "avertit"}
_DOCUMENTS = "9"


def parts(rules: Rules) -> Parts:
    """Its values, then its documents (article 9), as :func:`comparison.compare` takes them."""
    return {
        "values": {key: Said(p.article, p.label, _value(p)) for key, p in rules.items()},
        "documents": {
            f"document:{d.kind}": Said(_DOCUMENTS, f"Pièce{NBSP}: {d.label}", _document(d)) for d in rules.documents
        },
    }


def _value(parameter: Parameter) -> str:
    severity = _SEVERITIES.get(parameter.severity)
    shown = parameter.shown or "vide"
    return f"{shown}, {severity}" if severity and parameter.check else shown


def _document(document: ExpectedDocument) -> str:
    said = [document.condition_words, document.due_words, document.severity_words]
    if document.validity_months:
        said.insert(1, f"valable {document.validity_words}")
    return ", ".join(said)
