"""The look in force, asked by whatever paints: colours, lengths and fonts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication

from cv_desktop.ui.tokens import LIGHT, TYPE_SIZES, Colors

TypeName = Literal["meta", "secondary", "body", "section", "key", "title", "dashboard"]
PROPERTY = "cvLook"


@dataclass(frozen=True, slots=True)
class Look:
    """Colours, text scale, and the choices they come from."""

    colors: Colors
    scale: float = 1.0
    dark: bool = False
    contrast: bool = False
    family: str = "Inter"


_PLAIN = Look(LIGHT)
_FIGURES = ("key", "dashboard")
_WEIGHTS = {"section": 600, "key": 600, "title": 600, "dashboard": 600}


def look() -> Look:
    """What ``theme.apply`` put on the running application; the plain light look before."""
    app = QApplication.instance()
    found = app.property(PROPERTY) if app else None
    return found if isinstance(found, Look) else _PLAIN


def colors() -> Colors:
    """Colours in force."""
    return look().colors


def color(role: str, alpha: float = 1.0) -> QColor:
    """The colour of a role (« accent ») or of the text of a status (« danger »)."""
    value = QColor(colors().role(role))
    value.setAlphaF(alpha)
    return value


def px(value: float) -> int:
    """A length that follows the text size chosen by the person."""
    return max(1, round(value * look().scale))


def font(name: TypeName = "body", weight: int = 0, *, figures: bool = False) -> QFont:
    """Inter in one of the named sizes. Weights 400, 500, 600; 0 is the usual one of the size.

    ``figures``: of one width, so that a column of them lines up; always those of a key figure. Not for words: Inter
    gives its hyphen that width too, and « Ciné-débat » reads « Ciné - débat ».
    """
    pixels = TYPE_SIZES[name][0] * look().scale
    return sized(pixels, weight or _WEIGHTS.get(name, 400), figures=figures or name in _FIGURES)


def sized(pixels: float, weight: int = 400, *, figures: bool = False) -> QFont:
    """The same font in a free size, for the projected window which scales everything."""
    return QFont(_made(look().family, pixels, weight, figures))


# A painter asks for its fonts several times a line: making one takes longer than the words it draws.
@lru_cache(maxsize=256)
def _made(family: str, pixels: float, weight: int, figures: bool) -> QFont:
    result = QFont()
    result.setFamilies([family, "Segoe UI", "DejaVu Sans"])
    result.setPixelSize(max(1, round(pixels)))
    result.setWeight(QFont.Weight(weight))
    # Inter is one variable file: Qt finds no heavier face in it unless the axis is set.
    result.setVariableAxis(QFont.Tag("wght"), weight)
    result.setVariableAxis(QFont.Tag("opsz"), min(32.0, max(14.0, pixels)))
    if figures:
        result.setFeature(QFont.Tag("tnum"), 1)
    return result
