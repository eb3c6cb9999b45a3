"""Which campaign the whole window is about."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from cv_desktop.settings import LocalSettings


@dataclass(frozen=True, slots=True)
class CallChoice:
    """A campaign as the selector shows it. ``phase`` is a French word; a closed one goes to the group « Closes »."""

    id: str
    label: str
    group: str
    phase: str = ""
    example: bool = False


class CallsSelection(QObject):
    """``id`` is None for « Toutes ». Remembered on this computer for each base."""

    changed = Signal()
    choices_changed = Signal()

    def __init__(self, settings: LocalSettings, base: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._base = base
        self._kept: str | None = settings.values.calls.get(base)
        self.id: str | None = None
        self.choices: tuple[CallChoice, ...] = ()

    @property
    def current(self) -> CallChoice | None:
        return next((x for x in self.choices if x.id == self.id), None)

    def offer(self, choices: list[CallChoice]) -> None:
        """The campaigns of the base. Keeps the chosen one, else takes the remembered one, else the first."""
        self.choices = tuple(choices)
        ids = [x.id for x in choices]
        wanted = self.id or self._kept
        chosen = None if wanted == "" else wanted if wanted in ids else next(iter(ids), None)
        self.choices_changed.emit()
        if chosen != self.id:
            self.id = chosen
            self.changed.emit()

    def select(self, call_id: str | None) -> None:
        """Chooses a campaign, or all of them with None."""
        if call_id == self.id:
            return
        self.id = call_id
        # An empty text remembers « Toutes », which is a choice too.
        self._kept = call_id or ""
        self._settings.change(calls={**self._settings.values.calls, self._base: self._kept})
        self.changed.emit()
