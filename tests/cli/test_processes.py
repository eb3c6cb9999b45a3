"""The commands as a shell runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import cv_desktop.__main__ as program
from conftest import Opened

BARE = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cv_desktop", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=BARE,
    )


def test_a_whole_campaign_from_the_shell(tmp_path: Path, workbook: Path) -> None:
    base = tmp_path / "base"
    made = run(
        "call", "create", "FIA-2026", "--scheme", "FIA", "--year", "2026", "--envelope", "30000", "--data-dir", base
    )
    assert (made.returncode, made.stderr) == (0, "")
    done = run("--data-dir", base, "import", workbook, "--call", "FIA-2026", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["applications"] == 39
    assert run("verify", "--data-dir", base).returncode == 0
    refused = run("import", workbook, "--call", "FIA-2027", "--data-dir", base)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Traceback" not in refused.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of Unix")
def test_whoever_reads_may_stop_reading(base_at: Callable[[str], Opened]) -> None:
    store, _story = base_at("imported")
    store.close()
    line = f'"{sys.executable}" -m cv_desktop check --call FIA-2026 --json --data-dir "{store.folder}" | head -n 1'
    shell = subprocess.run(
        ["sh", "-c", line.replace("head -n 1", "true")], capture_output=True, text=True, check=False, env=BARE
    )
    assert shell.stderr == ""
    shell = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False, env=BARE)
    assert shell.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "base"),
    [
        ([], None),
        (["gui"], None),
        (["gui", "X"], "X"),
        (["--data-dir", "X"], "X"),
        (["--data-dir", "X", "gui"], "X"),
        (["gui", "--data-dir", "X"], "X"),
        (["--json", "gui"], None),
    ],
)
def test_the_window_opens_on_the_base_that_was_named(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], base: str | None
) -> None:
    opened: list[Path | None] = []
    monkeypatch.setattr(program, "_window", lambda path: opened.append(path) or 0)
    assert program.main(arguments) == 0
    assert opened == [Path(base) if base else None]


def test_without_a_display_the_demonstration_is_run_and_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[list[str]] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(program, "_no_display", lambda: True)
    monkeypatch.setattr(program, "_command", lambda arguments: asked.append(arguments) or 0)
    assert program.main(["--data-dir", "X", "gui"][2:]) == 0
    assert asked == [["demo", "--out", str(tmp_path / "demo")]]
    assert capsys.readouterr().out.strip() == (
        f"Aucun écran n’est disponible ici : la démonstration s’écrit dans « {tmp_path / 'demo'} »."
    )


def test_commands_load_no_screen(tmp_path: Path) -> None:
    source = (
        "import sys; from cv_desktop.__main__ import main; main(['verify', '--data-dir', sys.argv[1]]);"
        "assert not [name for name in sys.modules if name.startswith('PySide6')]"
    )
    done = subprocess.run([sys.executable, "-c", source, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
