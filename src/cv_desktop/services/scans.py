"""Piles of signed letters that come back on paper: kept as they came, read page after page, taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.scan import ScanPage, ScanPile
from cv_desktop.db.queries import attachments
from cv_desktop.db.queries import scans as queries
from cv_desktop.db.store import Store
from cv_desktop.db.work import new_id, now
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.filing import KnownLetter
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import contents
from cv_desktop.services.scan_filing import SignedBy, file_whole, relabel, said, take_off

if TYPE_CHECKING:
    from cv_desktop.documents.letter_scan import LetterPage

_BATCH = 20

Tell = Callable[[int, int, str], bool]


@dataclass(frozen=True, slots=True)
class Filing:
    """What became of a pile. ``read`` are the pages read this time, ``done`` those read in all, of ``count``.

    ``copies`` are the numbers of the letters whose signed copy is now whole; ``back`` tells that the pile had been
    withdrawn.
    """

    pile_id: str
    filename: str
    read: int
    done: int
    count: int
    copies: tuple[str, ...]
    back: bool = False

    @property
    def known(self) -> bool:
        """Whether the whole pile had been read before, and was not withdrawn since."""
        return not self.read and self.done == self.count and not self.back


def take_pile(
    store: Store,
    *,
    actor: str,
    path: Path,
    by: SignedBy | None = None,
    progress: Tell = lambda _done, _total, _name: True,
) -> tuple[Changes, Filing]:
    """Keep a pile as it came, read its pages and file them, some twenty at a time.

    ``by`` tells who signed the letters of the pile and when; without it, it is whoever each page names. Those whom the
    register does not let sign wait, with its reason.

    Each batch is confirmed before the next one is read: killed or stopped, what is filed stays, and the same pile
    given again goes on where it stopped. ``progress`` is told before each page and answers False to stop.
    Raises UserError when the file is no scan, protected, damaged or above 200 MB; Unavailable when it cannot be read.
    """
    # zxing and pikepdf load with the first pile.
    from cv_desktop.documents.letter_scan import letter_pages

    count = next(letter_pages(path)).count
    with store.write(actor) as session:
        pile_id, back = _pile(session, path, count)
        copies = queries.copies(session, pile_id=pile_id) if back.touched else ()
    changes, filing = resume(store, actor=actor, pile_id=pile_id, by=by, progress=progress)
    if not back.touched:
        return changes, filing
    # It had been withdrawn and is back: what it holds is filed again, though nothing was read.
    whole = Changes(back.touched | changes.touched, Step(withdraw, {"pile_id": pile_id}))
    return whole, replace(filing, back=True, copies=(*copies, *filing.copies))


def resume(
    store: Store,
    *,
    actor: str,
    pile_id: str,
    by: SignedBy | None = None,
    progress: Tell = lambda _done, _total, _name: True,
) -> tuple[Changes, Filing]:
    """Read what is left of a pile, out of what was kept of it. As :func:`take_pile`."""
    from cv_desktop.documents.letter_scan import letter_pages

    with store.read() as session:
        pile = session.get_one(ScanPile, pile_id)
        path = attachments.content(session, sha256=pile.sha256)
        name, count, done = pile.filename, pile.count, pile.done
    read, going = 0, True
    copies: list[KnownLetter] = []
    pages = letter_pages(path, start=done + 1)
    while going and done < count:
        batch: list[LetterPage] = []
        while len(batch) < _BATCH and done + len(batch) < count:
            going = progress(done + len(batch), count, name)
            if not going:
                break
            batch.append(next(pages))
        if batch:
            with store.write(actor) as session:
                copies += _take(session, pile_id, batch, by)
        done, read = done + len(batch), read + len(batch)
    progress(done, count, name)
    touched = frozenset({("scan", pile_id), *(("letter", letter.id) for letter in copies)})
    changes = Changes(touched, Step(withdraw, {"pile_id": pile_id})) if read else Changes()
    return changes, Filing(pile_id, name, read, done, count, tuple(letter.number for letter in copies))


def withdraw(session: Session, *, pile_id: str) -> Changes:
    """Take a pile back: its pages leave, and the copies they were part of are undone. The scan itself is kept."""
    pile = session.get_one(ScanPile, pile_id)
    pages = session.scalars(select(ScanPage).where(ScanPage.pile_id == pile_id)).all()
    changes = take_off(session, {page.letter_id for page in pages if page.letter_id})
    for page in pages:
        if page.state == "waiting":
            page.state = "withdrawn"
    session.flush()
    said(session, "withdraw", pile_id, f"Pile {quote(pile.filename)} retirée")
    if not pages:
        # Nothing was read of it: given again, it is a new pile.
        session.delete(pile)
        return Changes.of("scan", pile_id)
    return Changes(changes.touched | {("scan", pile_id)}, Step(put_back, {"pile_id": pile_id}))


def put_back(session: Session, *, pile_id: str) -> Changes:
    """Bring back a pile that was withdrawn; what is whole is filed again."""
    pile = session.get_one(ScanPile, pile_id)
    pages = session.scalars(select(ScanPage).where(ScanPage.pile_id == pile_id, ScanPage.state == "withdrawn")).all()
    for page in pages:
        page.state = "waiting"
    session.flush()
    said(session, "put_back", pile_id, f"Pile {quote(pile.filename)} remise à classer")
    letters = file_whole(session, {page.number for page in pages if page.number})
    touched = {("scan", pile_id), *(("letter", letter.id) for letter in letters)}
    return Changes(frozenset(touched), Step(withdraw, {"pile_id": pile_id}))


def _pile(session: Session, path: Path, count: int) -> tuple[str, Changes]:
    """The pile of this content, new or already begun; and what changes when one that was withdrawn comes back."""
    kept = contents.receive(session, path)
    known = session.scalars(select(ScanPile).where(ScanPile.sha256 == kept.sha256)).first()
    if known is not None:
        withdrawn = select(ScanPage.id).where(ScanPage.pile_id == known.id, ScanPage.state == "withdrawn")
        back = put_back(session, pile_id=known.id) if session.scalars(withdrawn).first() else Changes()
        return known.id, back
    pile = ScanPile(
        id=new_id(session), filename=path.name, sha256=kept.sha256, count=count, done=0, read_at=now(session)
    )
    session.add(pile)
    session.flush()
    summary = f"Pile de scans {quote(path.name)}{NBSP}: {counted(count, 'page')}"
    said(session, "take_pile", pile.id, summary, after={"sha256": kept.sha256, "pages": count})
    return pile.id, Changes()


def _take(session: Session, pile_id: str, batch: Sequence[LetterPage], by: SignedBy | None) -> list[KnownLetter]:
    """Write these pages and file the letters they make whole."""
    pile = session.get_one(ScanPile, pile_id)
    for one in batch:
        page = ScanPage(id=new_id(session), pile_id=pile_id, place=one.place, turn=one.turn, state="waiting", reason="")
        relabel(page, one.label)
        session.add(page)
        pile.done = one.place
    session.flush()
    copies = file_whole(session, {one.label.letter for one in batch if one.label}, by)
    summary = f"{quote(pile.filename)}, page {pile.done} sur {pile.count}{NBSP}: {counted(len(copies), 'copie signée')}"
    said(session, "take_pile", pile_id, summary, after={"done": pile.done, "copies": [x.number for x in copies]})
    return copies
