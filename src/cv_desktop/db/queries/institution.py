"""Settings of the institution: its name, its agent, its addresses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cv_desktop.db.engine import ask

if TYPE_CHECKING:
    from cv_desktop.db.engine import Reading


_FIRST = "SELECT name, quality FROM signatory WHERE active ORDER BY position, id LIMIT 1"


def values(reading: Reading) -> dict[str, Any]:
    """Every setting by its key; with them the name and quality of the signatory whom the letters print."""
    kept = {key: json.loads(kept) for key, kept in ask(reading, "SELECT key, value FROM setting") if kept is not None}
    for name, quality in ask(reading, _FIRST):
        kept |= {"signatory_name": name, "signatory_quality": quality}
    return kept
