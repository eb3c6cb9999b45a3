"""Which letter the pages of a pile are of: those that are whole become signed copies, the others a person files."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db import pieces
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.scan import ScanPage, ScanPile
from cv_desktop.db.models.signatory import Signature
from cv_desktop.db.queries import hand_signatures, signatories
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.queries import scans as queries
from cv_desktop.db.queries.hand_signatures import HandSigner
from cv_desktop.db.queries.scans import WaitingPage
from cv_desktop.db.refusals import explained
from cv_desktop.db.work import now, once_kept, record, today
from cv_desktop.domain import media
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.delegations import TO_COMPLETE, examine
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filing import KnownLetter, PageLabel, settle
from cv_desktop.domain.letter_json import content_from_json
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import contents, scan_prints
from cv_desktop.services.letters import FOLDER, write_file

_SHORTEST = 10


@dataclass(frozen=True, slots=True)
class SignedBy:
    """Who signed the letters of some pages, on which day, as a person says."""

    signatory_id: str
    signed_on: date


def file_by_hand(
    session: Session,
    *,
    page_ids: Sequence[str],
    number: str = "",
    signatory_id: str = "",
    signed_on: date | None = None,
) -> Changes:
    """Say which letter these pages are of, in their order: they take its pages that are not there yet.

    ``number`` is that of the letter, or its last digits for a letter of the last year; empty for pages whose code says
    it. ``signatory_id`` and ``signed_on`` tell who signed and when; without them it is whoever the page names.
    Raises UserError when no such letter is issued, it was replaced or has its copy, it has fewer pages, or the register
    does not let this person sign it that day.
    """
    by = _signed_by(session, signatory_id, signed_on)
    given = {
        "page_ids": page_ids, "number": number, "signatory_id": signatory_id, "signed_on": signed_on,
    }  # fmt: skip
    pages = _waiting(session, page_ids)
    before = [_kept(page) for page in pages]
    if number:
        numbers = {_put_in(session, pages, number)}
    else:
        if unknown := sum(not page.number for page in pages):
            raise UserError(
                f"{counted(unknown, 'page')} sans code lisible{NBSP}: écrivez le numéro imprimé sur le courrier, "
                "ou ses derniers chiffres.",
                field="number",
            )
        numbers = {page.number for page in pages}
    told = counted(len(pages), "page classée")
    said(session, "file_by_hand", pages[0].id, f"{told} à la main dans {_named(numbers)}")
    return _with_copies(session, numbers, before, Step(file_by_hand, given), by, asked=True)


def _put_in(session: Session, pages: Sequence[ScanPage], number: str) -> str:
    from cv_desktop.documents.letter_pdf import page_count

    letter = _issued(session, number)
    assert letter.number is not None
    known = queries.letters(session, [letter.number])[letter.number]
    if known.replaced_by:
        raise UserError(f"Le courrier {known.number} a été remplacé par le courrier {known.replaced_by}.")
    if known.signed:
        raise UserError(known.signed)
    count = page_count(content_from_json(letter.content or {}))
    ids = {page.id for page in pages}
    there = {
        page.label.page
        for page in queries.waiting(session, numbers=[known.number])
        if page.label and page.id not in ids and page.label.mark == known.mark
    }
    free = [place for place in range(1, count + 1) if place not in there]
    if len(pages) > len(free):
        here = f", dont {len(there)} déjà là" if there else ""
        raise UserError(
            f"Le courrier {known.number} a {counted(count, 'page')}{here}{NBSP}: "
            f"il n’en manque pas {len(pages)}. Écartez d’abord celles qui sont en trop."
        )
    for page, place in zip(pages, free, strict=False):
        relabel(page, PageLabel(known.number, letter.kind, place, count, known.mark))
    session.flush()
    return known.number


def _named(numbers: Collection[str]) -> str:
    return f"le courrier {min(numbers)}" if len(numbers) == 1 else counted(len(numbers), "courrier")


def _signed_by(session: Session, signatory_id: str, signed_on: date | None) -> SignedBy | None:
    if not signatory_id:
        return None
    if signed_on is None:
        raise UserError("Écrivez le jour de la signature.", field="signed_on")
    if signed_on > today(session):
        raise UserError(f"Le {long_date(signed_on)} n’est pas encore venu.", field="signed_on")
    return SignedBy(signatory_id, signed_on)


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


def file_whole(
    session: Session, numbers: Collection[str], by: SignedBy | None = None, *, asked: bool = False
) -> list[KnownLetter]:
    """File the signed copies that are whole among these letters, and that somebody let by the register signed.

    ``by`` tells who; otherwise it is the person printed under the letter. The others wait, their reason in the queue;
    they are refused with it, by UserError, when a person ``asked`` for these.
    """
    if not numbers:
        return []
    settled = settle(queries.waiting(session, numbers=numbers), queries.letters(session, numbers))
    awaiting = [letter.id for letter, _copy in settled.copies if not letter.recorded]
    signers = hand_signatures.printed(session, awaiting, day=today(session)) if by is None else {}
    refused: list[str] = []
    ready: list[tuple[KnownLetter, tuple[WaitingPage, ...], HandSigner | None]] = []
    for letter, copy in settled.copies:
        signer = None
        if letter.id in awaiting:
            signer = _told(session, letter.id, by) if by is not None else signers[letter.id]
            if signer.why:
                refused.append(signer.why)
                continue
        ready.append((letter, copy, signer))
    # Before anything is written of the others: what is refused is refused whole.
    if asked and refused:
        raise UserError(" ".join(dict.fromkeys(refused)))
    for letter, copy, signer in ready:
        _attach(session, letter, copy, signer, by)
    return [letter for letter, _copy, _signer in ready]


def _told(session: Session, letter_id: str, by: SignedBy) -> HandSigner:
    """A person says who signed and when: the register is asked for that day."""
    person = signatories.row(session, by.signatory_id)
    if person is None:
        return HandSigner(why="Cette personne n’est plus au registre des signataires.")
    (letter,) = outbox.to_sign(session, [letter_id])
    written = session.get_one(Letter, letter_id).dated_on
    if written is not None and by.signed_on < written:
        return HandSigner(why=f"{letter.number}{NBSP}: un courrier ne se signe pas avant sa date.")
    if letter.printed == TO_COMPLETE:
        letter = replace(letter, printed="")
    ruled = examine(person.power, [hand_signatures.unsent(letter)], by.signed_on)
    if ruled.refused:
        return HandSigner(why=ruled.refused[0].sentence)
    return HandSigner(person.name, person.id, ruled.granted[0][1])


def _attach(
    session: Session, known: KnownLetter, copy: Sequence[WaitingPage], signer: HandSigner | None, by: SignedBy | None
) -> None:
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
        assert signer is not None
        # The key of its first page: a signature that came with its copy goes with it.
        signature = Signature(
            id=copy[0].id,
            letter_id=letter.id,
            way="hand",
            signatory_id=signer.signatory_id,
            delegation_id=signer.delegation.id if signer.delegation else None,
            signer=signer.name,
            signed_at=datetime.combine(by.signed_on, time(12), tzinfo=UTC) if by else moment,
        )
        session.add(signature)
    signature.sha256, signature.filename = sha256, f"{Path(letter.filename or known.number).stem}_signe.pdf"
    # Beside the issued one too, where an officer looks for it.
    beside = folder / FOLDER / signature.filename
    with explained(beside):
        beside.parent.mkdir(exist_ok=True)
    once_kept(session, partial(write_file, beside, pdf))
    for page in session.scalars(select(ScanPage).where(ScanPage.id.in_([page.id for page in copy]))):
        page.state, page.letter_id, page.settled_at = "filed", letter.id, moment
    session.flush()
    act = f", {signer.delegation.reference}" if signer and signer.delegation else ""
    record(
        session,
        verb="scans.attach",
        noun="letter",
        noun_id=letter.id,
        summary=f"Copie signée du courrier {known.number}{NBSP}: {counted(len(copy), 'page')}, {signature.signer}{act}",
        after={"sha256": sha256, "signer": signature.signer, "pages": [[page.filename, page.place] for page in copy]},
        source="import",
    )


def take_off(session: Session, letter_ids: Collection[str]) -> Changes:
    """Undo signed copies: their pages wait again. The signature that was written with one goes with it."""
    for letter_id in sorted(letter_ids):
        pages = session.scalars(select(ScanPage).where(ScanPage.letter_id == letter_id)).all()
        signature = session.scalars(select(Signature).where(Signature.letter_id == letter_id)).first()
        if signature is None:
            continue
        if signature.way != "hand":
            # A paper copy beside another signature: it goes, the signature stays.
            scan_prints.take_back(session, page_ids=[page.id for page in pages])
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
        if signature.sha256:
            once_kept(session, partial(take_away, beside, signature.sha256))
        # Before the key told it, the moment did.
        if any(page.id == signature.id or page.settled_at == signature.signed_at for page in pages):
            session.delete(signature)
        else:
            signature.sha256, signature.filename = None, ""
        for page in pages:
            page.state, page.letter_id, page.settled_at = "waiting", None, None
        session.flush()
    return Changes.of("letter", *letter_ids)


def take_away(beside: Path, sha256: str) -> None:
    """A copy that was changed since is not ours to take away."""
    if pieces.sound(beside, sha256):
        with explained(beside):
            beside.unlink()


_Kept = tuple[str, PageLabel | None]


def _kept(page: ScanPage) -> _Kept:
    return page.id, queries.label_of(page)


def _with_copies(
    session: Session,
    numbers: Collection[str],
    before: Sequence[_Kept],
    again: Step,
    by: SignedBy | None = None,
    *,
    asked: bool = False,
) -> Changes:
    """Files what is whole now; the undo puts these pages back as they were, and undoes those copies."""
    letters = [letter.id for letter in file_whole(session, numbers, by, asked=asked)]
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
