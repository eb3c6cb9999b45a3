"""The values of a règlement as a person says them: communes and legal forms by name."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from cv_desktop.db.queries import legal_forms, settings
from cv_desktop.domain.checks_file import FORMS
from cv_desktop.domain.rules import Parameter

Names = Mapping[str, Mapping[str, str]]


def names(session: Session) -> Names:
    """What the codes of a parameter mean, by its key."""
    return {"legal_forms": legal_forms.labels(session) | FORMS, "communes": settings.communes(session)}


def said(parameter: Parameter, known: Names) -> str:
    """« Melun, Le Mée-sur-Seine » rather than their codes."""
    meant = known.get(parameter.key)
    if meant is None or not isinstance(parameter.value, tuple):
        return parameter.shown
    return ", ".join(dict.fromkeys(meant.get(code, code) for code in parameter.value))
