"""``python -m cv_desktop``: the window, or a command without a screen."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """No argument or « gui » opens the window; anything else is a command."""
    arguments = sys.argv[1:] if argv is None else argv
    # Only one of the two is imported: a command needs no Qt, and the window paints sooner without the commands.
    if not arguments or arguments[0] == "gui":
        from cv_desktop.app import run

        return run(arguments[1:])
    from cv_desktop.cli import main as command

    return command(arguments, pictures=_pictures)


def _pictures(base: Path, out: Path, wanted: Sequence[str]) -> list[str]:
    from cv_desktop.app import pictures

    return pictures(base, out, wanted)


if __name__ == "__main__":
    sys.exit(main())
