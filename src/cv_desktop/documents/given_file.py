"""A file that somebody gave, opened for reading: what the machine refuses is said in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.domain.text import NBSP, quote

CLOSE_IT = "Fermez le tableur ou vérifiez vos droits."


@contextmanager
def given(path: Path, advice: str = "Vérifiez vos droits.") -> Iterator[None]:
    """Around the reading of a file. ``advice`` ends the sentence when the machine refuses to give it.

    Raises UserError when the file is absent, a pipe or a device (of which a reading would never end), Unavailable when
    it cannot be read.
    """
    try:
        if path.exists() and not path.is_file():
            raise UserError(f"{quote(path.name)} n’est pas un fichier ordinaire. Choisissez un fichier enregistré.")
        yield
    except FileNotFoundError:
        raise UserError(f"Le fichier {quote(path.name)} est introuvable. A-t-il été déplacé{NBSP}?") from None
    except OSError:
        raise Unavailable(f"Le fichier {quote(path.name)} ne peut pas être lu. {advice}") from None
