"""The pages of a letter as pictures, made by the worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cv_desktop.db.queries import letters as queries
from cv_desktop.domain.letters import Missing, plain
from cv_desktop.ui.jobs import Stopped, Token

if TYPE_CHECKING:
    from cv_desktop.db.store import Store
    from cv_desktop.services.letter_trials import Trial

MOST_PAGES = 12


@dataclass(frozen=True, slots=True)
class Page:
    """Width and height in dots, four bytes a dot."""

    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter as it would print, with its empty fields; ``text`` is what a screen reader says of it."""

    letter_id: str
    missing: tuple[Missing, ...]
    pages: tuple[Page, ...]
    text: str
    reminders: tuple[Missing, ...] = ()  # what is completed by hand on the paper


@dataclass(frozen=True, slots=True)
class Tried:
    """A text tried on a file: its pages, what the file lacks, the conditions that hold for it."""

    missing: tuple[Missing, ...]
    pages: tuple[Page, ...]
    text: str
    conditions: frozenset[str]


def rendered(token: Token, store: Store, letter_id: str, scale: float) -> Rendered:
    """Merges, draws and rasterises one letter; ``scale`` 1 is 72 dots an inch. Raises Stopped when not wanted."""
    # The makers of PDF load with the first preview.
    from cv_desktop.documents import letter_pdf
    from cv_desktop.services import letter_files, letterheads, letters

    if token.cancelled:
        raise Stopped
    with store.read() as session:
        content = letters.compose(session, letter_id=letter_id)
        issued = queries.issued_files(session, [letter_id])
    signed = [one for one in issued if one.signed_sha256]
    if signed:
        pdf = letter_files.last_bytes(store.folder, signed[0], letter_pdf.render)
    else:
        pdf = letterheads.drawn(store.folder, content, letter_pdf.render)
    text = " ".join(plain(line) for line in (content.object, content.detail))
    return Rendered(letter_id, content.missing, _pictures(pdf, scale), text, content.reminders)


def tried(token: Token, store: Store, ask: Callable[..., Trial], scale: float) -> Tried:
    """As ``rendered``, for a text that is being written: ``ask`` answers it merged, in a session of its own."""
    from cv_desktop.documents import letter_pdf
    from cv_desktop.services import letterheads

    if token.cancelled:
        raise Stopped
    with store.read() as session:
        trial = ask(session)
    content = trial.content
    text = " ".join(plain(line) for line in (content.object, content.detail))
    pdf = letterheads.drawn(store.folder, content, letter_pdf.render)
    return Tried(content.missing, _pictures(pdf, scale), text, trial.conditions)


def _pictures(pdf: bytes, scale: float) -> tuple[Page, ...]:
    from cv_desktop.documents import pages

    count = min(pages.page_count(pdf), MOST_PAGES)
    return tuple(Page(*pages.picture(pdf, number, scale)) for number in range(count))
