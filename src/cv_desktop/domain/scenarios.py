"""The names of scenarios: a letter and some words, « B · Petites associations »."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, product
from string import ascii_uppercase

SEPARATOR = " · "
LONGEST = 40


def next_label(label: str, known: Sequence[str]) -> str:
    """The name of a copy: the words of ``label`` after the first letter that no scenario of ``known`` begins with."""
    words = label.split(SEPARATOR, 1)[-1]
    taken = {name.split(SEPARATOR, 1)[0] for name in known}
    letters = ("".join(parts) for length in count(1) for parts in product(ascii_uppercase, repeat=length))
    letter = next(x for x in letters if x not in taken)
    return f"{letter}{SEPARATOR}{words}"[:LONGEST].rstrip()
