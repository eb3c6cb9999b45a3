"""The logo at the head of the letters: chosen in the settings, kept by content, named by each letter that has it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from cv_desktop.db import pieces
from cv_desktop.db.refusals import explained
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letters import LetterContent
from cv_desktop.services import contents, settings

KEY = "letter_logo"


def choose(session: Session, *, path: Path) -> Changes:
    """Keep the logo of the letters to come. Raises UserError when it is no PNG or JPEG, or weighs more than 5 MB."""
    return settings.set_value(session, key=KEY, value=contents.receive_image(session, path, "le logo").sha256)


def clear(session: Session) -> Changes:
    """Take the logo off the letters to come; those that are issued keep theirs."""
    return settings.set_value(session, key=KEY, value="")


def drawn(folder: Path, content: LetterContent, render: Callable[..., bytes]) -> bytes:
    """The page of a letter with the logo it names, read beside the base in ``folder``.

    Raises UserError when that image is no longer there as it was kept.
    """
    if not content.logo:
        return render(content)
    path = pieces.place(folder, content.logo)
    if not pieces.sound(path, content.logo):
        raise UserError(
            "Le logo des courriers a été effacé ou modifié sur le disque\u00a0: choisissez-le de nouveau dans "
            "Réglages, Page des courriers."
        )
    with explained(path):
        return render(content, letterhead=path.read_bytes())
