"""Texts as they are compared and searched: without case, accents, ligatures or odd spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from cv_desktop.domain.money import group

NBSP = "\u00a0"
# Before the decomposition: NFKD turns some of these signs into a space and a loose accent.
_SIGNS = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"} | dict.fromkeys("’‘ʼ´`′ꞌ", "'"))
# The accents of European languages: what they leave is nearly always plain letters.
_ACCENTS = re.compile("[\u0300-\u036f]+")
# Most names have none of these signs, and to look is quicker than to translate.
_SIGNED = re.compile(f"[{''.join(map(chr, _SIGNS))}]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
# Words that come and go in the name of the same association from one year to the next.
_EMPTY_WORDS = frozenset(
    {"association", "assoc", "asso", "loi", "1901", "le", "la", "les", "l", "de", "du", "des", "d"}
)


def fold(text: str) -> str:
    """The text in lower case, without accents or ligatures, with plain apostrophes and single spaces."""
    if not text.isascii():
        if _SIGNED.search(text):
            text = text.translate(_SIGNS)
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", _INVISIBLE.sub("", text)))
    if not text.isascii():
        # Once more: « Ǽ » is a ligature only after its accent is gone.
        text = "".join(sign for sign in text if not unicodedata.combining(sign)).translate(_SIGNS)
    text = text.replace("`", "'")
    return " ".join(text.casefold().split())


def words(text: str) -> str:
    """The folded letters and digits alone, one space between words: hyphens and signs do not count."""
    return _NOT_WORD.sub(" ", fold(text)).strip()


@lru_cache(maxsize=16_384)
def normalised_name(name: str) -> str:
    """A structure's name for comparison: « L’Association des Amis & Co » gives « amis et co ».

    Two structures that share it may still differ: by name alone, a person decides.
    """
    bare = words(name.replace("&", " et "))
    return " ".join(word for word in bare.split() if word not in _EMPTY_WORDS) or bare


def quote(value: str) -> str:
    """« value » with its no-break spaces."""
    return f"«{NBSP}{value}{NBSP}»"


def counted(number: int, thing: str) -> str:
    """« 1 dossier », « 0 courrier émis », « 1 200 dossiers recevables »: every word of ``thing`` takes its plural."""
    if number > 1:
        thing = " ".join(word if word.endswith(("s", "x", "z")) else f"{word}s" for word in thing.split(" "))
    return f"{group(number)} {thing}"


def stopped(sentence: str) -> str:
    """The sentence with its full stop, whether or not it was typed."""
    bare = sentence.strip()
    return bare if bare.endswith((".", "!", "?", "…")) else f"{bare}."
