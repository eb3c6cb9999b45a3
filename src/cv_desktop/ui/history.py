"""The places gone through, for Alt+← and Alt+→."""

from __future__ import annotations

from dataclasses import dataclass

DEPTH = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A destination, and the record shown there if any."""

    key: str
    noun: str = ""
    id: str = ""


class History:
    """A list and where one is in it; going somewhere new forgets what was ahead."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._here = -1

    @property
    def can_back(self) -> bool:
        return self._here > 0

    @property
    def can_forward(self) -> bool:
        return self._here < len(self._places) - 1

    def arrive(self, place: Place) -> None:
        if self._here >= 0 and self._places[self._here] == place:
            return
        self._places = [*self._places[: self._here + 1], place][-DEPTH:]
        self._here = len(self._places) - 1

    def leave(self, place: Place) -> None:
        """Notes the record last shown at the present place, so that coming back finds it."""
        if self._here >= 0 and self._places[self._here].key == place.key:
            self._places[self._here] = place

    def recent(self) -> list[Place]:
        """The records gone through, the latest first, each once."""
        return list(dict.fromkeys(place for place in reversed(self._places) if place.id))

    def back(self) -> Place | None:
        return self._move(-1) if self.can_back else None

    def forward(self) -> Place | None:
        return self._move(1) if self.can_forward else None

    def _move(self, step: int) -> Place:
        self._here += step
        return self._places[self._here]
