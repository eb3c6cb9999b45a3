"""Piles of scanned letters, read without a screen."""

from __future__ import annotations

import time
from argparse import Namespace
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.domain.filing import FiledLetter, PilePage, file_pages
from cv_desktop.domain.text import counted


def read(arguments: Namespace) -> tuple[Answer, int]:
    """``scans read``: which letters a pile holds, in order, and the pages that a person must file."""
    from cv_desktop.documents.letter_scan import letter_pages

    start = time.monotonic()
    pile = [
        PilePage(path.name, page.place, page.label)
        for path in arguments.files
        for page in letter_pages(path.expanduser())
    ]
    filed = file_pages(pile)
    data: dict[str, Any] = {
        "pages": len(pile),
        "letters": [_letter(one) for one in filed.letters],
        "unreadable": [_page(page) for page in filed.unreadable],
        "seconds": round(time.monotonic() - start, 2),
    }
    lines = [f"{counted(len(pile), 'page lue')}, {counted(len(filed.letters), 'courrier')}."]
    for one in filed.letters:
        if one.missing:
            lines.append(f"  {one.number}\u00a0: il manque la page {', '.join(map(str, one.missing))}.")
        if one.doubled:
            lines.append(f"  {one.number}\u00a0: page {', '.join(map(str, one.doubled))} en double.")
    lines += [f"  {page.source}, page {page.place}\u00a0: illisible, à classer à la main." for page in filed.unreadable]
    return Answer(data, tuple(lines)), 0


def _letter(one: FiledLetter) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind,
        "complete": one.complete,
        "pages": [_page(page) for page in one.pages],
        "missing": list(one.missing),
        "doubled": list(one.doubled),
    }


def _page(page: PilePage) -> dict[str, Any]:
    return {"file": page.source, "page": page.place, "label": page.label.text if page.label else None}
