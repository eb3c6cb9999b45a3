"""Colours, sizes and spaces of the application, as plain data (no Qt)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

# Space scale, radii and heights, in logical pixels.
SPACES = (2, 4, 8, 12, 16, 24, 32)
RADIUS_CHIP, RADIUS_FIELD, RADIUS_CARD = 3, 4, 6
CONTROL_HEIGHT, CONTROL_SMALL = 32, 26
ROW_HEIGHTS: Mapping[str, int] = MappingProxyType({"compact": 26, "normal": 30, "airy": 36, "double": 44})
HEADER_HEIGHT = 32
ICON, ICON_BUTTON, ICON_CHIP = 18, 16, 13

# Named type sizes: pixels of the letters, pixels of the line.
TYPE_SIZES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "meta": (11, 15),
        "secondary": (12, 17),
        "body": (13, 18),
        "section": (15, 22),
        "key": (18, 25),
        "title": (20, 28),
        "dashboard": (28, 36),
    }
)
STATUSES = ("neutral", "info", "success", "warning", "danger", "pause")


@dataclass(frozen=True, slots=True)
class Tint:
    """A status: the text and icon colour, and the tint they lie on."""

    text: str
    fill: str


@dataclass(frozen=True, slots=True)
class Colors:
    """Every colour by role; see the contrast tests for what each must reach."""

    window: str
    chrome: str
    surface: str
    alternate: str
    sunken: str
    text: str
    secondary: str
    hint: str
    line: str
    field_border: str
    accent: str
    on_accent: str
    accent_hover: str
    soft: str
    focus: str
    nav: str
    nav_text: str
    nav_on: str
    nav_selected: str
    nav_mark: str
    second: str
    second_fill: str
    band: str
    on_band: str
    sequential: tuple[str, str, str, str]
    on_sequential: tuple[str, str, str, str]
    neutral: Tint
    info: Tint
    success: Tint
    warning: Tint
    danger: Tint
    pause: Tint
    border_width: int = 1

    def tint(self, status: str) -> Tint:
        """The tint of one of STATUSES."""
        if status not in STATUSES:
            raise KeyError(status)
        tint: Tint = getattr(self, status)
        return tint

    def role(self, name: str) -> str:
        """The colour of a role or of a status (then its text colour)."""
        value = getattr(self, name)
        return value.text if isinstance(value, Tint) else str(value)


LIGHT = Colors(
    window="#F3F3EF",
    chrome="#F8F8F5",
    surface="#FFFFFF",
    alternate="#FAFAF7",
    sunken="#EAEBE6",
    text="#18242C",
    secondary="#43515A",
    hint="#5D6A72",
    line="#DCDDD7",
    field_border="#7E898E",
    accent="#0F5C73",
    on_accent="#FFFFFF",
    accent_hover="#0B495C",
    soft="#DFEDF1",
    focus="#1466B8",
    nav="#12313D",
    nav_text="#D3E0E5",
    nav_on="#FFFFFF",
    nav_selected="#1F4757",
    nav_mark="#7CC6DB",
    second="#B7741C",
    second_fill="#F0C674",
    band="#18242C",
    on_band="#FFFFFF",
    sequential=("#EEF5F7", "#CBE1E7", "#9CC6D1", "#0F5C73"),
    on_sequential=("#18242C", "#18242C", "#18242C", "#FFFFFF"),
    neutral=Tint("#48545C", "#ECEEEC"),
    info=Tint("#1B4F8A", "#E3EDF8"),
    success=Tint("#1C6238", "#E0F1E5"),
    warning=Tint("#774700", "#FBEDCD"),
    danger=Tint("#9B1C2B", "#FAE4E5"),
    pause=Tint("#563888", "#EDE7F7"),
)

DARK = Colors(
    window="#14191D",
    chrome="#181E23",
    surface="#1C2328",
    alternate="#20282E",
    sunken="#101417",
    text="#E8ECEE",
    secondary="#B9C3C9",
    hint="#97A3AA",
    line="#313B42",
    field_border="#74818A",
    accent="#5FB6CF",
    on_accent="#0B1418",
    accent_hover="#7CC6DB",
    soft="#18363F",
    focus="#7DB7F2",
    nav="#0F161A",
    nav_text="#C6D2D8",
    nav_on="#FFFFFF",
    nav_selected="#1F3540",
    nav_mark="#7CC6DB",
    second="#E0A94F",
    second_fill="#E0A94F",
    band="#E8ECEE",
    on_band="#14191D",
    sequential=("#20323A", "#2B4A55", "#356878", "#7CC6DB"),
    on_sequential=("#E8ECEE", "#E8ECEE", "#FFFFFF", "#0B1418"),
    neutral=Tint("#C2CBD0", "#2A3339"),
    info=Tint("#9CC7F5", "#17304A"),
    success=Tint("#8FD6A8", "#153A24"),
    warning=Tint("#F1C878", "#40300F"),
    danger=Tint("#F5A3AA", "#4A1C22"),
    pause=Tint("#C9B3F0", "#33264D"),
)


def strengthened(colors: Colors) -> Colors:
    """« Contraste renforcé »: hint text as secondary, lines as borders, no tints, borders of 2 px."""
    plain = {status: Tint(colors.tint(status).text, colors.surface) for status in STATUSES}
    return replace(
        colors,
        hint=colors.secondary,
        line=colors.field_border,
        border_width=2,
        **plain,  # type: ignore[arg-type]
    )


def luminance(color: str) -> float:
    """Relative luminance of « #RRGGBB » (WCAG 2)."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two « #RRGGBB » colours, 1 to 21 (WCAG 2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
