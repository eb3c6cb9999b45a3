"""What a command answers: the same facts for a program and for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    data: dict[str, Any]
    lines: tuple[str, ...]
