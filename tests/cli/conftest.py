"""A command line whose answers a test can read, and workbooks with planted defects."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cv_desktop.cli import main
from cv_desktop.db.store import NAME


@dataclass(frozen=True)
class Said:
    """What a command answered: its code, its JSON, its lines, its refusal."""

    code: int
    data: dict[str, Any]
    out: str
    err: str


@dataclass
class Line:
    """Commands on the base of one folder."""

    folder: Path
    read: Callable[[], Any]

    @property
    def base(self) -> Path:
        return self.folder / NAME

    def __call__(self, *arguments: str | Path, plain: bool = False) -> Said:
        extra = [] if plain else ["--json"]
        try:
            code = main(["--data-dir", str(self.folder), *extra, *map(str, arguments)])
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = self.read()
        return Said(code, json.loads(out) if not plain and out else {}, out, err)

    def campaign(self) -> None:
        assert self("call", "create", "FIA-2026", "--scheme", "FIA", "--year", "2026", "--envelope", "30000").code == 0


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(tmp_path / "base", capsys.readouterr)


@pytest.fixture
def campaign(line: Line) -> Line:
    """A base with the campaign FIA-2026."""
    line.campaign()
    return line
