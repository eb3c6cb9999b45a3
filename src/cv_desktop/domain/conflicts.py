"""Déport: a member linked to an association neither sees nor marks its files (CGCT L2131-11)."""

from __future__ import annotations

from cv_desktop.domain.text import counted


def mask(hidden: int) -> str:
    """« 1 dossier masqué (déport) », empty when nothing is hidden: no number, no place of the files."""
    return f"{counted(hidden, 'dossier masqué')} (déport)" if hidden else ""
