"""Which letter the pages of a pile are of: those that are whole become signed copies, the others a person files."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db import pieces
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.scan import ScanPage, ScanPile
from cv_desktop.db.models.signatory import Signature
from cv_desktop.db.queries import scans as queries
from cv_desktop.db.queries.scans import WaitingPage
from cv_desktop.db.refusals import explained
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain import media
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filing import KnownLetter, PageLabel, settle
from cv_desktop.domain.letter_json import content_from_json
from cv_desktop.domain.letters import plain
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import contents
from cv_desktop.services.letter_content import TO_COMPLETE
from cv_desktop.services.letters import FOLDER, write_file

_SHORTEST = 10


def file_by_hand(session: Session, *, page_ids: Sequence[str], number: str) -> Changes:
    """Say which letter these pages are of, in their order: they take its pages that are not there yet.

    ``number`` is that of the letter, or its last digits for a letter of the last year.
    Raises UserError when no such letter is issued, it was replaced or has its copy, or it has fewer pages.
    """
    from cv_desktop.documents.letter_pdf import page_count

    letter = _issued(session, number)
    assert letter.number is not None
    known = queries.letters(session, [letter.number])[letter.number]
    if known.replaced_by:
        raise UserError(f"Le courrier {known.number} a été remplacé par le courrier {known.replaced_by}.")
    if known.signed:
        raise UserError(known.signed)
    pages = _waiting(session, page_ids)
    count = page_count(content_from_json(letter.content or {}))
    there = {
        page.label.page
        for page in queries.waiting(session, numbers=[known.number])
        if page.label and page.id not in page_ids and page.label.mark == known.mark
    }
    free = [place for place in range(1, count + 1) if place not in there]
    if len(pages) > len(free):
        here = f", dont {len(there)} déjà là" if there else ""
        raise UserError(
            f"Le courrier {known.number} a {counted(count, 'page')}{here}{NBSP}: "
            f"il n’en manque pas {len(pages)}. Écartez d’abord celles qui sont en trop."
        )
    before = [_kept(page) for page in pages]
    for page, place in zip(pages, free, strict=False):
        relabel(page, PageLabel(known.number, letter.kind, place, count, known.mark))
    session.flush()
    told = counted(len(pages), "page classée")
    said(session, "file_by_hand", pages[0].id, f"{told} à la main dans le courrier {known.number}")
    return _with_copies(session, {known.number}, before, Step(file_by_hand, {"page_ids": page_ids, "number": number}))


def dismiss(session: Session, *, page_ids: Sequence[str], reason: str) -> Changes:
    """Put pages aside, with a reason of ten signs at least; what they kept waiting is filed. The scan is kept."""
    reason = reason.strip()
    if len(reason) < _SHORTEST:
        raise UserError("Dites en quelques mots pourquoi ces pages sont écartées (10 signes au moins).")
    pages = _waiting(session, page_ids)
    before = [_kept(page) for page in pages]
    for page in pages:
        page.state, page.reason, page.settled_at = "dismissed", reason, now(session)
    session.flush()
    told = counted(len(pages), "page scannée écartée")
    said(session, "dismiss", pages[0].id, told, reason=reason)
    numbers = {page.number for page in pages if page.number}
    return _with_copies(session, numbers, before, Step(dismiss, {"page_ids": page_ids, "reason": reason}))


def file_whole(session: Session, numbers: Collection[str]) -> list[KnownLetter]:
    """File the signed copies that are whole among these letters."""
    if not numbers:
        return []
    pages = queries.waiting(session, numbers=numbers)
    settled = settle(pages, queries.letters(session, numbers))
    for letter, copy in settled.copies:
        _attach(session, letter, copy)
    return [letter for letter, _copy in settled.copies]


def _attach(session: Session, known: KnownLetter, copy: Sequence[WaitingPage]) -> None:
    from cv_desktop.documents.letter_scan import put_together

    folder, moment = pieces.folder_of(session), now(session)
    pdf = put_together([(pieces.place(folder, page.sha256), page.place, page.turn) for page in copy])
    letter = session.get_one(Letter, known.id)
    with tempfile.TemporaryDirectory(prefix="cv-desktop-") as scratch:
        path = Path(scratch) / "copie.pdf"
        path.write_bytes(pdf)
        sha256 = contents.keep(session, path, media.recognise(pdf)).sha256
    signature = session.scalars(select(Signature).where(Signature.letter_id == letter.id)).first()
    if signature is None:
        signature = Signature(id=new_id(session), letter_id=letter.id, way="hand", signed_at=moment)
        printed = plain(content_from_json(letter.content or {}).signatory_name)
        # A place left for a name by hand names nobody.
        signature.signer = "" if printed == TO_COMPLETE else printed
        session.add(signature)
    signature.sha256, signature.filename = sha256, f"{Path(letter.filename or known.number).stem}_signe.pdf"
    # Beside the issued one too, where an officer looks for it.
    beside = folder / FOLDER / signature.filename
    with explained(beside):
        beside.parent.mkdir(exist_ok=True)
    write_file(beside, pdf)
    for page in session.scalars(select(ScanPage).where(ScanPage.id.in_([page.id for page in copy]))):
        page.state, page.letter_id, page.settled_at = "filed", letter.id, moment
    session.flush()
    record(
        session,
        verb="scans.attach",
        noun="letter",
        noun_id=letter.id,
        summary=f"Copie signée du courrier {known.number}{NBSP}: {counted(len(copy), 'page')}",
        after={"sha256": sha256, "pages": [[page.filename, page.place] for page in copy]},
        source="import",
    )


def take_off(session: Session, letter_ids: Collection[str]) -> Changes:
    """Undo signed copies: their pages wait again. The signature that was written with one goes with it."""
    for letter_id in sorted(letter_ids):
        pages = session.scalars(select(ScanPage).where(ScanPage.letter_id == letter_id)).all()
        signature = session.scalars(select(Signature).where(Signature.letter_id == letter_id)).first()
        if signature is None:
            continue
        record(
            session,
            verb="scans.detach",
            noun="letter",
            noun_id=letter_id,
            summary=f"Copie signée du courrier {session.get_one(Letter, letter_id).number} retirée",
            before={"sha256": signature.sha256},
        )
        beside = pieces.folder_of(session) / FOLDER / signature.filename
        if signature.sha256 and pieces.sound(beside, signature.sha256):
            with explained(beside):
                beside.unlink()
        if any(page.settled_at == signature.signed_at for page in pages):
            session.delete(signature)
        else:
            signature.sha256, signature.filename = None, ""
        for page in pages:
            page.state, page.letter_id, page.settled_at = "waiting", None, None
        session.flush()
    return Changes.of("letter", *letter_ids)


_Kept = tuple[str, PageLabel | None]


def _kept(page: ScanPage) -> _Kept:
    return page.id, queries.label_of(page)


def _with_copies(session: Session, numbers: Collection[str], before: Sequence[_Kept], again: Step) -> Changes:
    """Files what is whole now; the undo puts these pages back as they were, and undoes those copies."""
    letters = [letter.id for letter in file_whole(session, numbers)]
    undo = Step(_as_before, {"pages": before, "letters": letters, "again": again})
    touched = {("scan", key) for key, _label in before} | {("letter", key) for key in letters}
    return Changes(frozenset(touched), undo)


def _as_before(session: Session, *, pages: Sequence[_Kept], letters: Sequence[str], again: Step) -> Changes:
    changes = take_off(session, letters)
    for key, label in pages:
        page = session.get_one(ScanPage, key)
        page.state, page.reason, page.settled_at = "waiting", "", None
        relabel(page, label)
    session.flush()
    said(
        session,
        "reopen",
        pages[0][0],
        f"{counted(len(pages), 'page scannée remise')} à classer",
    )
    return Changes(changes.touched | {("scan", key) for key, _label in pages}, again)


def _waiting(session: Session, page_ids: Sequence[str]) -> list[ScanPage]:
    """These pages in the order they were scanned. Raises UserError when one was settled meanwhile."""
    query = select(ScanPage).join(ScanPile).where(ScanPage.id.in_(page_ids))
    pages = list(session.scalars(query.order_by(ScanPile.read_at, ScanPile.filename, ScanPile.id, ScanPage.place)))
    if not pages or any(page.state != "waiting" for page in pages):
        raise UserError("Cette page a déjà été classée ou écartée.")
    return pages


def _issued(session: Session, number: str) -> Letter:
    typed = number.strip().upper()
    query = select(Letter).where(Letter.number.is_not(None)).order_by(Letter.year.desc()).limit(1)
    query = query.where(Letter.seq == int(typed)) if typed.isdecimal() else query.where(Letter.number == typed)
    found = session.scalars(query).first()
    if found is None:
        raise UserError(f"Aucun courrier émis ne porte le numéro {quote(number.strip())}.")
    return found


def relabel(page: ScanPage, label: PageLabel | None) -> None:
    """Write what is known of a page; None when nobody could read it."""
    known = label or PageLabel("", "", 0, 0)
    page.number, page.kind, page.page, page.pages = known.letter, known.kind, known.page, known.pages
    page.mark = known.mark


def said(session: Session, verb: str, key: str, summary: str, *, after: Any = None, reason: str = "") -> None:
    """Say in the journal what was done with scans."""
    record(session, verb=f"scans.{verb}", noun="scan", noun_id=key, summary=summary, after=after, reason=reason)
