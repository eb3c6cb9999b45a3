"""How a French word sounds, as a key: two spellings of one name give the same key."""

from __future__ import annotations

import re
from functools import lru_cache

# In this order: long groups first, what they leave next. C is the sound of « ch », 1 and 2 the nasal vowels.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"sch|sh|ch(?=[aeiouy])", "C"),
        (r"ch", "k"),
        (r"qu|q|ck", "k"),
        (r"gu(?=[eiy])", "g"),
        (r"ge(?=[ao])|g(?=[eiy])", "j"),
        (r"gn", "n"),
        (r"sc(?=[eiy])|c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"h", ""),
        (r"ault$|eau|au", "o"),
        (r"oeu|eu", "e"),
        (r"oy|oi", "oa"),
        (r"(?:ai|ei|y|i)[nm](?![aeiouynm])", "2"),
        (r"[ae][nm](?![aeiouynm])", "1"),
        (r"ay|ey|ai|ei", "e"),
        (r"ou", "u"),
        (r"y", "i"),
        (r"w", "v"),
        (r"z", "s"),
        (r"x(?=.)", "s"),
        (r"(.)\1+", r"\1"),
        (r"(?<=.)(?:e|er|et|es|ent)$", "e"),
        (r"(?<=..)[etdsxp]+$", ""),
    )
)


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """The key of one folded word: « thibault » and « tibo » give the same one. A word with a digit is its own key."""
    if not word.isalpha():
        return word
    key = word
    for pattern, replacement in _SOUNDS:
        key = pattern.sub(replacement, key)
    return key or word
