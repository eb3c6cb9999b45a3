"""Commands run by somebody whom the rights of folders stop: root, as whom a container runs tests, walks past them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# The two powers by which root reads and writes what the rights forbid; without them it is an owner like any other.
POWERS = "-dac_override,-dac_read_search"


def command(*arguments: str | Path, source: str = "") -> subprocess.CompletedProcess[str]:
    """Runs ``cv-desktop arguments`` (or a source text) under the rights of folders; skips where those are unlike."""
    if sys.platform == "win32":
        pytest.skip("rights of folders are another matter there")
    bound = ["setpriv", f"--bounding-set={POWERS}", f"--inh-caps={POWERS}"] if os.geteuid() == 0 else []
    start = ["-c", source] if source else ["-m", "cv_desktop"]
    return subprocess.run(
        [*bound, sys.executable, "-B", *start, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src")},
    )
