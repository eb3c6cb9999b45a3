"""Piles of scanned letters, read without a screen, and filed in the base when it is asked."""

from __future__ import annotations

import time
from argparse import Namespace
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, opened
from cv_desktop.cli.letters_sign import signatory
from cv_desktop.db.queries import scans as queries
from cv_desktop.db.queries import signatories as register
from cv_desktop.db.queries.scans import QueueRow
from cv_desktop.db.store import Store
from cv_desktop.domain.dates import local
from cv_desktop.domain.filing import FiledLetter, PilePage, file_pages
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import scans
from cv_desktop.services.scan_filing import SignedBy
from cv_desktop.services.scans import Filing


def read(arguments: Namespace) -> tuple[Answer, int]:
    """``scans read``: which letters a pile holds, in order, and the pages that a person must file.

    With ``--file`` the signed copies that are whole are kept in the base, and the other pages wait there.
    """
    from cv_desktop.documents.letter_scan import letter_pages

    if arguments.file:
        return _file(arguments)
    start = time.monotonic()
    pile = [
        PilePage(path.name, page.place, page.label)
        for path in arguments.files
        for page in letter_pages(path.expanduser())
    ]
    data, lines = _report(pile)
    return Answer(data | {"seconds": round(time.monotonic() - start, 2)}, lines), 0


def _file(arguments: Namespace) -> tuple[Answer, int]:
    start = time.monotonic()
    with opened(arguments) as store:
        by = _signed_by(store, arguments)
        piles = [scans.take_pile(store, actor=ACTOR, path=path.expanduser(), by=by)[1] for path in arguments.files]
        with store.read() as session:
            keys = {pile.pile_id for pile in piles}
            pages = queries.pile_pages(session, pile_ids=keys)
            waiting = queries.queue(session, day=local(store.clock()).date())
    data, lines = _report([PilePage(page.filename, page.place, page.label) for page in pages])
    copies = [number for pile in piles for number in pile.copies]
    data |= {
        "filed": copies,
        "piles": [_pile(pile) for pile in piles],
        "waiting": [_waiting(row) for row in waiting],
        "seconds": round(time.monotonic() - start, 2),
    }
    told = [f"{counted(len(copies), 'copie signée classée')}, {counted(len(waiting), 'page')} à classer à la main."]
    told += [f"  {quote(pile.filename)} avait été retirée, la voici de nouveau." for pile in piles if pile.back]
    told += [f"  {quote(pile.filename)} avait déjà été lue." for pile in piles if pile.known]
    told += [f"  {row.page.filename}, page {row.page.place}{NBSP}: {row.reason}" for row in waiting]
    return Answer(data, (lines[0], *told)), 0


def _signed_by(store: Store, arguments: Namespace) -> SignedBy | None:
    if not arguments.signatory:
        return None
    with store.read() as session:
        person = signatory(register.rows(session), arguments.signatory)
    return SignedBy(person.id, arguments.signed_on or local(store.clock()).date())


def _report(pile: list[PilePage]) -> tuple[dict[str, Any], tuple[str, ...]]:
    filed = file_pages(pile)
    data: dict[str, Any] = {
        "pages": len(pile),
        "letters": [_letter(one) for one in filed.letters],
        "unreadable": [_page(page) for page in filed.unreadable],
    }
    lines = [f"{counted(len(pile), 'page lue')}, {counted(len(filed.letters), 'courrier')}."]
    for one in filed.letters:
        if one.missing:
            lines.append(f"  {one.number}{NBSP}: il manque la page {', '.join(map(str, one.missing))}.")
        if one.doubled:
            lines.append(f"  {one.number}{NBSP}: page {', '.join(map(str, one.doubled))} en double.")
    lines += [f"  {page.source}, page {page.place}{NBSP}: illisible, à classer à la main." for page in filed.unreadable]
    return data, tuple(lines)


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


def _pile(pile: Filing) -> dict[str, Any]:
    return {"file": pile.filename, "pages": pile.count, "read_now": pile.read, "already_read": pile.known}


def _waiting(row: QueueRow) -> dict[str, Any]:
    page = row.page
    label = page.label.text if page.label else None
    return {"file": page.filename, "page": page.place, "label": label, "reason": row.reason}
