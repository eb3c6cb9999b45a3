"""Settings of this computer, as opposed to those of the institution, which live in the base."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

Theme = Literal["system", "light", "dark"]
THEMES: tuple[Theme, ...] = ("system", "light", "dark")
SCALES = (90, 100, 115, 130)
Density = Literal["compact", "normal", "airy"]
DENSITIES: tuple[Density, ...] = ("compact", "normal", "airy")
BASES_KEPT = 8


@dataclass(frozen=True, slots=True)
class Settings:
    """One reading of the file. ``bases`` holds the last opened first; ``calls`` the campaign chosen in each base."""

    bases: tuple[str, ...] = ()
    theme: Theme = "system"
    text_scale: int = 100
    density: Density = "normal"
    strong_contrast: bool = False
    narrow_navigation: bool = False
    user: str = ""
    station: str = field(default_factory=platform.node)
    calls: dict[str, str] = field(default_factory=dict)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)


_CHOICES: dict[str, tuple[Any, ...]] = {"theme": THEMES, "text_scale": SCALES, "density": DENSITIES}


def _read(raw: object) -> Settings:
    """What can be understood of ``raw``; a wrong or unknown value falls back to the default, the rest is kept."""
    if not isinstance(raw, dict):
        return Settings()
    default = Settings()
    found: dict[str, Any] = {}
    for each in fields(Settings):
        value, usual = raw.get(each.name), getattr(default, each.name)
        if each.name == "bases" and isinstance(value, list):
            found["bases"] = tuple(x for x in value if isinstance(x, str))[:BASES_KEPT]
        elif type(value) is type(usual) and value in _CHOICES.get(each.name, (value,)):
            found[each.name] = value
    found["calls"] = {k: v for k, v in found.get("calls", {}).items() if isinstance(v, str)}
    found["views"] = {k: v for k, v in found.get("views", {}).items() if isinstance(v, dict)}
    return replace(default, **found)


class LocalSettings:
    """The settings file of this computer: ``values`` to read, ``change`` to write at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raw = None
        self.values = _read(raw)
        self._unwritten = False
        self._watchers: list[Callable[[Settings, Settings], None]] = []

    def watch(self, function: Callable[[Settings, Settings], None]) -> None:
        """Calls ``function(before, after)`` after each change."""
        self._watchers.append(function)

    def change(self, **values: Any) -> None:
        """Replaces some values and writes the file. A folder that refuses leaves them for this run only."""
        changed = replace(self.values, **values)
        if changed == self.values:
            return
        before, self.values = self.values, changed
        self._write(changed)
        for watcher in self._watchers:
            watcher(before, changed)

    def _write(self, changed: Settings) -> None:
        self._unwritten = False
        temporary = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("w", encoding="utf-8") as file:
                json.dump(asdict(changed), file, ensure_ascii=False, indent=2)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path)
        except OSError:
            with suppress(OSError):
                temporary.unlink()

    def opened(self, base: Path) -> None:
        """Puts ``base`` first among the last opened."""
        name = str(base)
        self.change(bases=(name, *(x for x in self.values.bases if x != name))[:BASES_KEPT])

    def last_base(self) -> Path | None:
        """The last opened base that is still there."""
        return next((Path(x) for x in self.values.bases if Path(x).is_file()), None)

    def memory(self, key: str) -> ViewMemory:
        """What one table or screen remembers (columns, widths, sort, filters), as a mapping of plain JSON values.

        It is written by ``flush``: a column being dragged changes a hundred times a second.
        """
        return ViewMemory(self, key)

    def keep_view(self, key: str, state: dict[str, Any]) -> None:
        self.values = replace(self.values, views={**self.values.views, key: state})
        self._unwritten = True

    def flush(self) -> None:
        """Writes what the screens asked to remember since the last time."""
        if self._unwritten:
            self._write(self.values)


class ViewMemory(MutableMapping[str, Any]):
    """A mapping that lives in the settings under one key."""

    def __init__(self, settings: LocalSettings, key: str) -> None:
        self._settings = settings
        self._key = key

    def _state(self) -> dict[str, Any]:
        return self._settings.values.views.get(self._key, {})

    def __getitem__(self, name: str) -> Any:
        return self._state()[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._settings.keep_view(self._key, {**self._state(), name: value})

    def __delitem__(self, name: str) -> None:
        self._settings.keep_view(self._key, {key: value for key, value in self._state().items() if key != name})

    def __iter__(self) -> Iterator[str]:
        return iter(self._state())

    def __len__(self) -> int:
        return len(self._state())
