"""Settings of the institution: its name, its agent, its addresses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cv_desktop.db.engine import ask

if TYPE_CHECKING:
    from cv_desktop.db.engine import Reading


def values(reading: Reading) -> dict[str, Any]:
    """Every setting by its key."""
    return {key: json.loads(kept) for key, kept in ask(reading, "SELECT key, value FROM setting") if kept is not None}
