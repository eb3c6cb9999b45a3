"""What a person reads is typeset as French wants it: no-break spaces, typographic apostrophes."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "src" / "cv_desktop"
FRENCH = re.compile(r"[àâçéèêëîïôùûœ’«»]")
FAULTS = {
    "a breaking space inside « »": re.compile(r"« | »"),
    "a breaking space before « : ; ! ? »": re.compile(r"[\w»)}] [:;!?](?=\s|$|[\"'«])"),
    "a breaking space before % or €": re.compile(r"[\d}] [%€]"),
    "a breaking space after n°": re.compile(r"\bn° [\d{]"),
    "an apostrophe of a typewriter": re.compile(r"(?i)\b(?:[cdjlmnst]|qu|jusqu|lorsqu|aujourd)'(?=[a-zàâéèêîôœh«])"),
}


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Strings of a module that hold French and are no docstring."""
    with path.open("rb") as handle:
        for token in tokenize.tokenize(handle.readline):
            if token.type != tokenize.STRING or '"""' in token.string[:5]:
                continue
            if FRENCH.search(token.string):
                yield token.start[0], token.string


@pytest.mark.parametrize("fault", FAULTS)
def test_no_literal_breaks_the_rules_of_french_typography(fault: str) -> None:
    found = [
        f"{path.relative_to(SOURCES)}:{line} {text}"
        for path in sorted(SOURCES.rglob("*.py"))
        if path.name not in ("columns.py",)  # headers as spreadsheets write them
        for line, text in literals(path)
        if FAULTS[fault].search(text)
    ]
    assert not found, f"{fault}:\n" + "\n".join(found)
