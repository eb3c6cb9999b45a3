"""The log says where, never who nor how much."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cv_desktop import logs


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    logs.start(tmp_path)
    yield tmp_path / "cv-desktop.log"
    logs.stop()


def test_an_exception_leaves_its_type_and_lines_but_not_its_message(log: Path) -> None:
    try:
        raise ValueError("IBAN FR76 de Camille Témoin")
    except ValueError as error:
        logs.failure("crash", error)
    text = log.read_text(encoding="utf-8")
    assert "ValueError" in text
    assert f"{__name__}:" in text
    assert "Témoin" not in text
    assert "FR76" not in text


def test_an_event_is_a_name_and_numbers(log: Path) -> None:
    logs.event("base opened", files=3)
    assert log.read_text(encoding="utf-8").endswith("INFO base opened files=3\n")
