"""The house as its picture in the README says it: arrows, sizes, names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src" / "cv_desktop"
LONGEST = 400
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}


def test_the_layers_and_the_walls_between_them_hold() -> None:
    # In a process of its own: it silences every logger of the one it runs in.
    said = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_module_outgrows_its_noun() -> None:
    long = {
        str(path.relative_to(SOURCES)): lines
        for path in SOURCES.rglob("*.py")
        if "versions" not in path.parts and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not long


def test_no_module_is_a_drawer() -> None:
    assert not [path for path in SOURCES.rglob("*.py") if path.stem in DRAWERS]


def test_the_product_reads_nothing_outside_itself() -> None:
    named = [
        path
        for path in SOURCES.rglob("*.py")
        if "../shared" in path.read_text(encoding="utf-8") or "/work/" in path.read_text(encoding="utf-8")
    ]
    assert not named
