"""The pages of signed letters that came back and wait for a person, and the piles whose reading was stopped."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.scan import ScanPage, ScanPile
from cv_desktop.db.models.signatory import Signature
from cv_desktop.db.queries import hand_signatures
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.filing import KnownLetter, PageLabel, settle
from cv_desktop.domain.text import NBSP

_SIGNED = {"image": "par l’image d’une signature", "pades": "par certificat", "parapheur": "par le parapheur"}
_AGAIN = f"Ce courrier attend de nouveau sa copie signée{NBSP}: classez cette page."


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page that nobody filed yet: the pile it lies in (``sha256``), its place there, what its code says."""

    id: str
    filename: str
    sha256: str
    place: int
    turn: int
    read_at: datetime
    label: PageLabel | None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A page that a person must file, and why; ``printed`` when its letter has another signature than by hand."""

    page: WaitingPage
    reason: str
    printed: bool = False


@dataclass(frozen=True, slots=True)
class PileRow:
    """A pile whose reading was stopped after ``done`` pages."""

    id: str
    filename: str
    count: int
    done: int


def waiting(session: Session, *, numbers: Collection[str] | None = None) -> list[WaitingPage]:
    """The pages that wait, in the order they were read; of these letters only when ``numbers`` are given."""
    kept = [ScanPage.state == "waiting"]
    if numbers is not None:
        kept.append(ScanPage.number.in_(numbers))
    return _pages(session, *kept)


def pile_pages(session: Session, *, pile_ids: Collection[str]) -> list[WaitingPage]:
    """Every page of these piles, whatever became of it."""
    return _pages(session, ScanPage.pile_id.in_(pile_ids))


def _pages(session: Session, *kept: ColumnElement[bool]) -> list[WaitingPage]:
    query = (
        select(ScanPage, ScanPile)
        .join(ScanPile, ScanPile.id == ScanPage.pile_id)
        .where(*kept)
        .order_by(ScanPile.read_at, ScanPile.filename, ScanPile.id, ScanPage.place)
    )
    return [
        WaitingPage(page.id, pile.filename, pile.sha256, page.place, page.turn, pile.read_at, label_of(page))
        for page, pile in session.execute(query)
    ]


def label_of(page: ScanPage) -> PageLabel | None:
    """What is known of a page."""
    return PageLabel(page.number, page.kind, page.page, page.pages, page.mark) if page.number else None


def letters(session: Session, numbers: Collection[str]) -> dict[str, KnownLetter]:
    """The issued letters of these numbers, and whether each still awaits its signed copy."""
    after = aliased(Letter)
    query = (
        select(
            Letter.id,
            Letter.number,
            func.coalesce(func.json_extract(Letter.content, "$.mark"), ""),
            func.coalesce(after.number, ""),
            Signature,
        )
        .outerjoin(after, (after.replaces_id == Letter.id) & after.number.is_not(None))
        .outerjoin(Signature, Signature.letter_id == Letter.id)
        .where(Letter.number.in_(numbers))
    )
    found = {}
    for key, number, mark, replaced_by, signature in session.execute(query):
        found[number] = KnownLetter(
            key,
            number,
            mark,
            replaced_by,
            signed=_signed(number, signature),
            recorded=signature is not None,
            otherwise=signature is not None and signature.way != "hand",
        )
    return found


def queue(session: Session, *, day: date, viewer: str | None = None) -> list[QueueRow]:
    """What a person must file on a day; nothing of a file hidden from the viewer, but pages that nobody could read."""
    pages = waiting(session)
    numbers = {page.label.letter for page in pages if page.label}
    known = letters(session, numbers)
    settled = settle(pages, known)
    printed = {number for number, letter in known.items() if letter.otherwise}
    rows = [QueueRow(page, why, bool(page.label and page.label.letter in printed)) for page, why in settled.waiting]
    signers = hand_signatures.printed(session, [letter.id for letter, _copy in settled.copies], day=day)
    rows += [
        QueueRow(page, (signers[letter.id].why if not letter.recorded else "") or _AGAIN)
        for letter, copy in settled.copies
        for page in copy
    ]
    hidden = _hidden(session, numbers, viewer)
    order = {page.id: at for at, page in enumerate(pages)}
    kept = [row for row in rows if row.page.label is None or row.page.label.letter not in hidden]
    return sorted(kept, key=lambda row: order[row.page.id])


def copies(session: Session, *, pile_id: str) -> tuple[str, ...]:
    """The numbers of the letters whose signed copy holds a page of this pile."""
    query = select(Letter.number).join(ScanPage, ScanPage.letter_id == Letter.id).where(ScanPage.pile_id == pile_id)
    return tuple(number for number in session.scalars(query.distinct().order_by(Letter.number)) if number)


def unfinished(session: Session) -> list[PileRow]:
    """The piles whose reading was stopped and that were not taken back, the oldest first."""
    withdrawn = select(ScanPage.id).where(ScanPage.pile_id == ScanPile.id, ScanPage.state == "withdrawn").exists()
    query = select(ScanPile).where(ScanPile.done < ScanPile.count, ~withdrawn).order_by(ScanPile.read_at)
    return [PileRow(pile.id, pile.filename, pile.count, pile.done) for pile in session.scalars(query)]


def _signed(number: str, signature: Signature | None) -> str:
    if signature is None or signature.sha256 is None:
        return ""
    day = long_date(local(signature.signed_at).date())
    if signature.way == "hand":
        return f"Le courrier {number} a déjà sa copie signée, reçue le {day}."
    return (
        f"Le courrier {number} est déjà signé {_SIGNED[signature.way]}, le {day}{NBSP}: gardez cette page comme copie "
        "papier, ou écartez-la."
    )


def _hidden(session: Session, numbers: Collection[str], viewer: str | None) -> set[str]:
    if viewer is None:
        return set()
    query = (
        select(Letter.number)
        .join(Application, Application.id == Letter.application_id)
        .where(Letter.number.in_(numbers), ~visible(viewer))
    )
    return {number for number in session.scalars(query) if number}
