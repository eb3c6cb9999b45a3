"""The time of a file in a meeting: it counts down, never rings, and says by how much it is passed."""

from __future__ import annotations

from dataclasses import dataclass, replace

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Countdown:
    """``allotted`` and ``spent`` in seconds; ``since`` is the moment, in seconds, it runs from; None when stopped."""

    allotted: int
    spent: float = 0.0
    since: float | None = None

    def toggled(self, now: float) -> Countdown:
        """Started when it was stopped, stopped when it ran."""
        if self.since is None:
            return replace(self, since=now)
        return replace(self, spent=self.spent + now - self.since, since=None)

    def left(self, now: float) -> int:
        """Seconds left, negative once passed."""
        running = now - self.since if self.since is not None else 0.0
        return round(self.allotted - self.spent - running)

    def share(self, now: float) -> float:
        """How much of the time is gone, from 0 to 1."""
        return min(1.0, max(0.0, 1 - self.left(now) / self.allotted)) if self.allotted else 1.0

    def words(self, now: float) -> str:
        """« reste 5:24 », « dépassé de 1:10 »."""
        left = self.left(now)
        minutes, seconds = divmod(abs(left), 60)
        return f"{'dépassé de' if left < 0 else 'reste'} {minutes}:{seconds:02d}"
