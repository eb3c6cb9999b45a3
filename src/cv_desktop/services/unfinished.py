"""The form being typed, kept beside the base until it is validated: a power cut or a crash loses no word of it."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cv_desktop.db.refusals import explained

NAME = "saisie-en-cours.json"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """``content`` holds the texts as typed, right or wrong."""

    call_id: str
    kept_at: datetime
    content: dict[str, Any]


def keep(folder: Path, *, call_id: str, moment: datetime, content: dict[str, Any]) -> None:
    """Write the form as it stands, whole or not at all. Raises Unavailable when the disk refuses."""
    target = folder / NAME
    partial = target.with_suffix(".part")
    with explained(target):
        text = json.dumps({"call": call_id, "at": moment.isoformat(), "content": content}, ensure_ascii=False)
        with partial.open("w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        partial.replace(target)


def kept(folder: Path) -> Unfinished | None:
    """The form that was not finished; None when there is none. A file that cannot be read is set aside."""
    target = folder / NAME
    try:
        found = json.loads(target.read_text(encoding="utf-8"))
        return Unfinished(str(found["call"]), datetime.fromisoformat(found["at"]), dict(found["content"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        with contextlib.suppress(OSError):
            target.replace(target.with_suffix(".illisible"))
        return None


def forget(folder: Path) -> None:
    """The form was validated or thrown away."""
    with explained(folder / NAME):
        (folder / NAME).unlink(missing_ok=True)
