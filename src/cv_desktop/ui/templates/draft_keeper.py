"""A text that is not written yet because something is wrong in it: kept on this computer, offered back."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

from cv_desktop.domain import letter_template
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.errors import UserError


class DraftKeeper:
    """``keep``, ``found`` and ``forget`` by what is written: a kind of one base, a letter."""

    def __init__(self, memory: MutableMapping[str, Any]) -> None:
        self._memory = memory

    def keep(self, key: str, content: dict[str, Any], moment: datetime) -> None:
        self._memory[key] = {"content": content, "at": moment.isoformat()}

    def forget(self, key: str) -> None:
        self._memory.pop(key, None)

    def found(self, key: str) -> tuple[dict[str, Any], str] | None:
        """The draft and the sentence that offers it back, « Brouillon repris du 2 mars 2026, 17 h 48. »."""
        kept = self._memory.get(key) or {}
        try:
            moment = local(datetime.fromisoformat(kept["at"]))
            return (
                letter_template.read(kept["content"]),
                f"Brouillon repris du {long_date(moment.date())}, {moment.hour}\u00a0h\u00a0{moment.minute:02d}.",
            )
        except (TypeError, KeyError, ValueError, UserError):
            return None
