"""Settings of this computer: they survive a restart, and a damaged file harms nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cv_desktop.settings import LocalSettings, Settings


def test_what_was_chosen_is_there_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "poste" / "poste.json"
    LocalSettings(file).change(theme="dark", text_scale=115, calls={"base": "FIA"})
    values = LocalSettings(file).values
    assert (values.theme, values.text_scale, values.calls) == ("dark", 115, {"base": "FIA"})
    assert [x.name for x in file.parent.iterdir()] == ["poste.json"]


@pytest.mark.parametrize("content", ["", "{", "[1]", '"x"', "\x00", '{"theme": 3, "text_scale": "x", "views": []}'])
def test_a_damaged_file_gives_the_defaults(tmp_path: Path, content: str) -> None:
    file = tmp_path / "poste.json"
    file.write_text(content, encoding="utf-8")
    assert LocalSettings(file).values == Settings()


def test_one_wrong_value_does_not_lose_the_others(tmp_path: Path) -> None:
    file = tmp_path / "poste.json"
    raw = {"theme": "rose", "text_scale": 500, "density": "airy", "unknown": 1, "bases": ["/a", 3], "calls": {"a": 1}}
    file.write_text(json.dumps(raw), encoding="utf-8")
    values = LocalSettings(file).values
    assert (values.theme, values.text_scale, values.density) == ("system", 100, "airy")
    assert (values.bases, values.calls) == (("/a",), {})


def test_the_last_base_is_the_last_one_still_there(tmp_path: Path) -> None:
    settings = LocalSettings(tmp_path / "poste.json")
    kept, lost = tmp_path / "kept.sqlite", tmp_path / "lost.sqlite"
    kept.touch()
    settings.opened(kept)
    settings.opened(lost)
    assert settings.values.bases == (str(lost), str(kept))
    assert settings.last_base() == kept


def test_a_folder_that_refuses_does_not_stop_the_work(tmp_path: Path) -> None:
    obstacle = tmp_path / "file"
    obstacle.touch()
    settings = LocalSettings(obstacle / "poste.json")
    settings.change(theme="dark")
    assert settings.values.theme == "dark"


def test_a_watcher_hears_real_changes_only(tmp_path: Path) -> None:
    heard: list[tuple[str, str]] = []
    settings = LocalSettings(tmp_path / "poste.json")
    settings.watch(lambda before, after: heard.append((before.theme, after.theme)))
    settings.change(theme="dark")
    settings.change(theme="dark")
    assert heard == [("system", "dark")]


def test_what_a_table_remembers_is_written_when_its_screen_is_left(tmp_path: Path) -> None:
    settings = LocalSettings(tmp_path / "poste.json")
    memory = settings.memory("dossiers")
    memory["sort"] = ["number", True]
    memory["widths"] = {"number": 80}
    del memory["widths"]
    assert not (tmp_path / "poste.json").exists()
    settings.flush()
    again = LocalSettings(tmp_path / "poste.json")
    assert dict(again.memory("dossiers")) == {"sort": ["number", True]}
    assert dict(again.memory("structures")) == {}
