"""The commands: the same services as the screens, without a screen."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from cv_desktop.cli.parsing import Parser
from cv_desktop.domain.errors import UserError

REFUSED = 2
Pictures = Callable[[Path, Path, Sequence[str]], list[str]]
Window = Callable[[Path | None], int]


def main(argv: Sequence[str] | None = None, pictures: Pictures | None = None, window: Window | None = None) -> int:
    """Run one command. 0: done; 1: done, and the answer is bad news; 2: refused, nothing written.

    ``pictures`` draws the named screens of a base into a folder and ``window`` opens the application on a base;
    both are handed in, for commands know no screen.
    """
    parser = _parser(sys.argv[1:] if argv is None else argv)
    arguments = parser.parse_args(argv)
    if arguments.command in (None, "gui"):
        if window is None:
            parser.error("l’application ne s’ouvre pas d’ici")
        return window(arguments.base or arguments.named)
    arguments.pictures = pictures
    try:
        answer, code = arguments.run(arguments)
    except UserError as refusal:
        if arguments.json:
            _say(json.dumps({"error": refusal.message}, ensure_ascii=False))
        print(refusal.message, file=sys.stderr)
        return REFUSED
    _say(json.dumps(answer.data, ensure_ascii=False, indent=2) if arguments.json else "\n".join(answer.lines))
    return int(code)


def _parser(argv: Sequence[str]) -> Parser:
    # Only what is asked is imported: all the commands take longer to load than to share an envelope.
    if next((word for word in argv if not word.startswith("-")), "") == "allocate":
        from cv_desktop.cli.allocate_parser import alone

        return alone()
    from cv_desktop.cli.parser import build

    return build()


def _say(text: str) -> None:
    """Prints an answer; whoever reads it through a pipe may have had enough of it (« | head »)."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # What the interpreter flushes when it ends must go somewhere too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
