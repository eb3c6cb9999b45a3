"""The paper copy of a letter signed electronically: kept beside it, never as its signature."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db import pieces
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.scan import ScanPage, ScanPile
from cv_desktop.db.models.signatory import Signature
from cv_desktop.db.refusals import explained
from cv_desktop.db.work import now, once_kept, record
from cv_desktop.domain import media
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.services import contents
from cv_desktop.services.letters import FOLDER, write_file


def keep(session: Session, *, page_ids: Sequence[str]) -> Changes:
    """File scanned pages as the paper copy of their letter, which has another signature; in the order of its pages.

    A PDF named « …_papier.pdf » lies beside the signed one; its fingerprint is in the journal. Raises UserError when a
    page was settled meanwhile, its code is unknown, or its letter is not signed otherwise than by hand.
    """
    pages = list(session.scalars(select(ScanPage).where(ScanPage.id.in_(page_ids))))
    if len(pages) != len(set(page_ids)) or any(page.state != "waiting" for page in pages):
        raise UserError("Cette page a déjà été classée ou écartée.")
    of: dict[str, list[ScanPage]] = {}
    for page in sorted(pages, key=lambda one: (one.number, one.page, one.place)):
        of.setdefault(page.number, []).append(page)
    touched = Changes.of("scan", *page_ids)
    for number, some in of.items():
        letter = session.scalars(select(Letter).where(Letter.number == number)).one_or_none() if number else None
        key = letter.id if letter is not None else ""
        signature = session.scalars(select(Signature).where(Signature.letter_id == key)).one_or_none()
        if letter is None or signature is None or signature.way == "hand":
            raise UserError(
                f"{number or 'Une de ces pages'} n’est pas un courrier signé électroniquement ou par une image{NBSP}: "
                "classez la page comme copie signée."
            )
        _keep(session, letter, some)
        touched |= Changes.of("letter", letter.id)
    return Changes(touched.touched, Step(take_back, {"page_ids": list(page_ids)}))


def take_back(session: Session, *, page_ids: Sequence[str]) -> Changes:
    """The pages of paper copies wait again; what was put together of them stays in the base by its content."""
    pages = list(session.scalars(select(ScanPage).where(ScanPage.id.in_(page_ids))))
    letters = {page.letter_id for page in pages if page.letter_id}
    for page in pages:
        page.state, page.letter_id, page.settled_at = "waiting", None, None
    session.flush()
    for letter in session.scalars(select(Letter).where(Letter.id.in_(letters))):
        path = pieces.folder_of(session) / FOLDER / print_name(letter)
        once_kept(session, partial(_take_away, path))
        record(
            session,
            verb="scan_prints.take_back",
            noun="letter",
            noun_id=letter.id,
            summary=f"Copie papier du courrier {letter.number} retirée",
        )
    touched = Changes.of("scan", *page_ids) | Changes.of("letter", *letters)
    return Changes(touched.touched, Step(keep, {"page_ids": list(page_ids)}))


def _take_away(path: Path) -> None:
    with explained(path):
        path.unlink(missing_ok=True)


def print_name(letter: Letter) -> str:
    """« …_papier.pdf », beside the signed file."""
    return f"{Path(letter.filename or letter.number or 'courrier').stem}_papier.pdf"


def _keep(session: Session, letter: Letter, pages: Sequence[ScanPage]) -> None:
    from cv_desktop.documents.letter_scan import put_together

    folder, moment = pieces.folder_of(session), now(session)
    query = select(ScanPile.id, ScanPile.sha256).where(ScanPile.id.in_([page.pile_id for page in pages]))
    piles = dict(session.execute(query).all())
    pdf = put_together([(pieces.place(folder, piles[page.pile_id]), page.place, page.turn) for page in pages])
    with tempfile.TemporaryDirectory(prefix="cv-desktop-") as scratch:
        path = Path(scratch) / "copie.pdf"
        path.write_bytes(pdf)
        sha256 = contents.keep(session, path, media.recognise(pdf)).sha256
    beside = folder / FOLDER / print_name(letter)
    with explained(beside):
        beside.parent.mkdir(exist_ok=True)
    once_kept(session, partial(write_file, beside, pdf))
    for page in pages:
        page.state, page.letter_id, page.settled_at = "filed", letter.id, moment
    session.flush()
    record(
        session,
        verb="scan_prints.keep",
        noun="letter",
        noun_id=letter.id,
        summary=f"Copie papier du courrier {letter.number}{NBSP}: {counted(len(pages), 'page')}, qui ne le signe pas",
        after={"sha256": sha256},
        source="import",
    )
