"""Commands run as a person without rights on a folder: they mean nothing to root, as whom a container runs tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

NOBODY = 65534


def command(*arguments: str | Path, source: str = "") -> subprocess.CompletedProcess[str]:
    """Runs ``cv-desktop arguments`` (or a source text) as somebody who is not root; skips where that cannot be."""
    if sys.platform == "win32":
        pytest.skip("rights of folders are another matter there")
    root = os.geteuid() == 0
    if root and not all(each.stat().st_mode & 0o001 for each in Path(sys.executable).parents):
        pytest.skip("the checkout lies where only root may enter")
    start = ["-c", source] if source else ["-m", "cv_desktop"]
    return subprocess.run(
        [sys.executable, "-B", *start, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        user=NOBODY if root else None,
        group=NOBODY if root else None,
        extra_groups=[] if root else None,
        env={**os.environ, "HOME": "/nonexistent", "PYTHONPATH": str(Path(__file__).parents[1] / "src")},
    )


def opened_up(folder: Path) -> None:
    """Lets anybody walk to ``folder``: the folders of pytest are its owner's alone."""
    for each in (folder, *folder.parents):
        if each.stat().st_uid == os.getuid() and not each.stat().st_mode & 0o001:
            each.chmod(each.stat().st_mode | 0o055)
