"""What the font of the letters cannot print in a field: named before anything is issued, as an empty field is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cv_desktop.domain.letters import Field, Missing
from cv_desktop.domain.text import quote

# The font has every sign below this one: reportlab is not loaded for usual texts.
_USUAL = "\u0180"


def unprintable(fields: Mapping[str, Field], names: Iterable[str]) -> tuple[Missing, ...]:
    """The fields among ``names`` that hold signs without a drawing, each with the signs, in the order of the names."""
    found = []
    for name in sorted(names):
        field = fields.get(name)
        if field is None or field.empty:
            continue
        text = field.value if isinstance(field.value, str) else " ".join(field.value or ())
        if signs := lacking(text):
            told = f"{field.label} ({quote(signs)} ne s’imprime pas)"
            found.append(Missing(name, told, field.source))
    return tuple(found)


def lacking(text: str) -> str:
    """The signs of a text that the font of the letters cannot print, each once."""
    if not text or max(text) < _USUAL:
        return ""
    from cv_desktop.documents import fonts

    return fonts.lacking(text)
