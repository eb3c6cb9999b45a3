"""Names of quartiers as associations and national layers write them, matched to the known ones, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cv_desktop.domain.text import words

_SMALL_WORDS = frozenset({"la", "le", "les", "l", "de", "du", "des", "d"})
# A comma between parentheses belongs to the name: « Hors quartier prioritaire (centre-ville, gare) ».
_SEPARATORS = re.compile(r"[,;\n\r](?![^()]*\))")
_PARENTHESIS = re.compile(r"\s*\([^()]*\)\s*$")


def is_outside(text: str) -> bool:
    """Whether the text says that the action takes place outside the quartiers prioritaires."""
    return re.match(r"hors (?:q|zone|geographie)", words(text)) is not None


class KnownQuarters:
    """The quartiers of the contract. ``known`` maps their names (several may lead to one code) to their codes."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._codes = {_key(name): code for name, code in known.items()}
        self._codes |= {_key(code): code for code in known.values()}
        self._read: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def code(self, text: str) -> str | None:
        """The code of a quartier by its name or code, with or without its commune between parentheses."""
        return self._codes.get(_key(text)) or self._codes.get(_key(_PARENTHESIS.sub("", text)))

    def read(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What a cell holds: codes, and texts where no quartier is known; then those texts that are unknown.

        Quartiers are separated by commas, semicolons or line breaks. « Hors quartier… » is kept and not unknown.
        """
        # The same few quarters come back line after line.
        if (known := self._read.get(text)) is None:
            known = self._read[text] = self._pieces(text)
        return known

    def _pieces(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        whole = self.code(text)
        pieces = [whole or text] if whole else [" ".join(piece.split()) for piece in _SEPARATORS.split(text)]
        found: dict[str, bool] = {}
        for piece in filter(None, pieces):
            code = self.code(piece)
            found[code or piece] = code is None and not is_outside(piece)
        return tuple(found), tuple(piece for piece, unknown in found.items() if unknown)


def _key(name: str) -> str:
    # National layers drop plurals and change articles: « Les Courtilleraie », « La Plaine De Lys ».
    return " ".join(word.rstrip("s") for word in words(name).split() if word not in _SMALL_WORDS)
