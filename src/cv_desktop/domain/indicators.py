"""What an association means to count: the indicators of its own, besides those every action has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planned:
    """``planned`` is the figure aimed at, None when the form leaves it open."""

    id: str
    label: str
    unit: str = ""
    planned: int | None = None
