"""``python -m cv_desktop``: the window, or a command without a screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """No argument or « gui » opens the window; anything else is a command.

    Where there is no display, says so and runs the demonstration instead of the window.
    """
    arguments = sys.argv[1:] if argv is None else argv
    # Only one of the two is imported: a command needs no Qt, and the window paints sooner without the commands.
    plain = [x for x in arguments if not x.startswith("-")]
    if arguments == plain and plain[:1] in ([], ["gui"]) and len(plain) < 3:
        return _window(Path(plain[1]) if len(plain) > 1 else None)
    return _command(arguments)


def _command(arguments: list[str]) -> int:
    from cv_desktop.cli import main as command

    return command(arguments, pictures=_pictures, window=_window)


def _window(base: Path | None) -> int:
    if _no_display():
        out = Path.cwd() / "demo"
        print(f"Aucun écran n’est disponible ici : la démonstration s’écrit dans « {out} ».", flush=True)
        return _command(["demo", "--out", str(out)])
    from cv_desktop.app import run

    return run([str(base)] if base else [])


def _pictures(base: Path, out: Path, wanted: Sequence[str]) -> list[str]:
    if _no_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from cv_desktop.app import pictures

    return pictures(base, out, wanted)


def _no_display() -> bool:
    """Whether a window has nowhere to appear: only X11 and Wayland may be missing."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return False
    return not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
