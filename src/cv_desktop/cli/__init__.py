"""The commands: the same services as the screens, without a screen."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from cv_desktop.cli.parser import build
from cv_desktop.domain.errors import UserError

REFUSED = 2
Pictures = Callable[[Path, Path, Sequence[str]], list[str]]


def main(argv: Sequence[str] | None = None, pictures: Pictures | None = None) -> int:
    """Run one command. 0: done; 1: done, and the answer is bad news; 2: refused, nothing written.

    ``pictures`` draws the named screens of a base into a folder; it is handed in, for commands know no screen.
    """
    parser = build()
    arguments = parser.parse_args(argv)
    arguments.pictures = pictures
    try:
        answer, code = arguments.run(arguments)
    except UserError as refusal:
        if arguments.json:
            print(json.dumps({"error": refusal.message}, ensure_ascii=False))
        print(refusal.message, file=sys.stderr)
        return REFUSED
    if arguments.json:
        print(json.dumps(answer.data, ensure_ascii=False, indent=2))
    else:
        print("\n".join(answer.lines))
    return int(code)
