"""Lucide icons (ISC) by name, tinted from the palette, crisp on each screen there is."""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton

from cv_desktop.ui.look import colors

STROKE = 1.75
GAP = 4  # what Qt leaves between the icon and the words of a button is half of what the eye wants
# The icon that always goes with a status when the caller names none.
STATUS_ICONS = {
    "neutral": "minus",
    "info": "circle-dot-dashed",
    "success": "check",
    "warning": "triangle-alert",
    "danger": "x",
    "pause": "clock",
}


@lru_cache(maxsize=512)
def svg(name: str) -> str:
    """The drawing of a Lucide icon, its strokes in currentColor. Raises KeyError for an unknown name."""
    found = _drawings().execute("select svg from icons where name = ?", (name,)).fetchone()
    if found is None:
        raise KeyError(name)
    return str(found[0])


@lru_cache(maxsize=1)
def _drawings() -> sqlite3.Connection:
    """The store of drawings of the package, which is not imported. Opened once: a window asks for forty of them."""
    spec = find_spec("lucide")
    folders = list(spec.submodule_search_locations or []) if spec else []
    if not folders:
        raise FileNotFoundError("lucide")
    store = Path(folders[0], "data", "lucide-icons.db")
    return sqlite3.connect(f"{store.as_uri()}?mode=ro&immutable=1", uri=True)


@lru_cache(maxsize=2048)
def pixmap_of(name: str, color: str, size: int, ratio: float = 1.0, stroke: float = STROKE) -> QPixmap:
    """The icon in « #RRGGBB », ``size`` logical pixels wide, drawn for one device pixel ratio."""
    # Below 15 px a line of the usual weight fades into the tint behind it.
    width = max(stroke, 2.3) if size < 15 else stroke
    drawing = svg(name).replace("currentColor", color).replace('stroke-width="2"', f'stroke-width="{width}"')
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    device = round(size * ratio)
    image = QImage(device, device, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, device, device))
    painter.end()
    result = QPixmap.fromImage(image)
    result.setDevicePixelRatio(ratio)
    return result


@lru_cache(maxsize=512)
def icon_of(
    name: str, color: str, disabled: str, size: int, ratios: frozenset[float], before: int = 0, after: int = 0
) -> QIcon:
    """A QIcon holding these ratios, in a normal and a disabled colour, with room on its left and right."""
    result = QIcon()
    for ratio in sorted(ratios):
        for tint, mode in ((color, QIcon.Mode.Normal), (disabled, QIcon.Mode.Disabled)):
            result.addPixmap(_with_room(pixmap_of(name, tint, size, ratio), before, after), mode)
    return result


def _with_room(drawing: QPixmap, before: int, after: int) -> QPixmap:
    if not before and not after:
        return drawing
    ratio = drawing.devicePixelRatio()
    wide = QPixmap(drawing.width() + round((before + after) * ratio), drawing.height())
    wide.setDevicePixelRatio(ratio)
    wide.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wide)
    painter.drawPixmap(before, 0, drawing)
    painter.end()
    return wide


def icon(name: str, role: str = "text", size: int = 16) -> QIcon:
    """The icon as the theme and the screens are now; use ``dress`` where it must follow their changes."""
    return _icon(name, role, size)


def _icon(name: str, role: str, size: int, before: int = 0, after: int = 0) -> QIcon:
    chosen = colors()
    ratios = frozenset(screen.devicePixelRatio() for screen in QGuiApplication.screens())
    return icon_of(name, chosen.role(role), chosen.field_border, size, ratios, before, after)


def pixmap(name: str, role: str = "text", size: int = 16, ratio: float = 1.0) -> QPixmap:
    """The icon as a pixmap, for painters: pass the ratio of the device painted on."""
    return pixmap_of(name, colors().role(role), size, ratio)


def dress(target: QAbstractButton | QAction | QLabel, name: str, role: str = "text", size: int = 16) -> None:
    """Put an icon on a button, an action or a label, and keep its tint when the theme changes."""
    target.setProperty("iconName", name)
    target.setProperty("iconRole", role)
    target.setProperty("iconSide", size)
    _dress(target)


def redress(app: QApplication) -> None:
    """Tint again every icon put by ``dress``."""
    seen: set[int] = set()
    for widget in app.allWidgets():
        for target in (widget, *widget.actions()):
            if id(target) not in seen and target.property("iconName"):
                seen.add(id(target))
                _dress(target)


def _dress(target: QObject) -> None:
    name, role, size = (target.property(key) for key in ("iconName", "iconRole", "iconSide"))
    if isinstance(target, QLabel):
        target.setPixmap(pixmap(name, role, size, target.devicePixelRatioF()))
    elif isinstance(target, QAbstractButton):
        room = GAP if isinstance(target, QPushButton) and target.text() else 0
        turned = target.layoutDirection() is Qt.LayoutDirection.RightToLeft
        before, after = (room, 0) if turned else (0, room)
        target.setIcon(_icon(name, role, size, before, after))
        target.setIconSize(QSize(size + room, size))
    elif isinstance(target, QAction):
        target.setIcon(icon(name, role, size))
