"""The look in force: applied to the application, asked by whatever paints."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette, QScreen
from PySide6.QtWidgets import QApplication, QPushButton, QToolTip, QWidget

from cv_desktop.ui import icons
from cv_desktop.ui.look import PROPERTY, Look, TypeName, color, colors, font, look, px, sized
from cv_desktop.ui.stylesheet import stylesheet
from cv_desktop.ui.tokens import DARK, LIGHT, Colors, strengthened

__all__ = [
    "Kind",
    "Look",
    "Theme",
    "ThemeName",
    "TypeName",
    "apply",
    "color",
    "colors",
    "current",
    "font",
    "look",
    "palette",
    "px",
    "repolish",
    "set_flush",
    "set_font",
    "set_kind",
    "set_type",
    "sized",
]

ThemeName = Literal["light", "dark", "system"]
Kind = Literal["primary", "secondary", "link", "danger", "tool", "segment", "chip"]

_OBJECT_NAME = "cv-theme"
_CLASS_FONTS: Mapping[str, tuple[TypeName, int]] = {
    "QPushButton": ("body", 500),
    "QToolButton": ("body", 500),
    "QTabBar": ("body", 500),
    "QHeaderView": ("secondary", 600),
    "QStatusBar": ("secondary", 400),
    "QMenuBar": ("body", 400),
    "QMenu": ("body", 400),
}


class Theme(QObject):
    """Lives on the application, holds the look and follows the system when asked to."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName(_OBJECT_NAME)
        self._app = app
        self._choice: ThemeName = "light"
        self._scale = 1.0
        self._contrast = False
        self._family = _load_family()
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        app.screenAdded.connect(self._follow_screen)
        for screen in app.screens():
            screen.logicalDotsPerInchChanged.connect(self._redraw)

    def choose(self, choice: ThemeName, text_scale: float, contrast: bool) -> None:
        self._choice, self._scale, self._contrast = choice, text_scale, contrast
        hints = self._app.styleHints()
        if choice == "system":
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if choice == "dark" else Qt.ColorScheme.Light)
        self._put()

    def _system_changed(self) -> None:
        if self._choice == "system":
            self._put()

    def _follow_screen(self, screen: QScreen) -> None:
        screen.logicalDotsPerInchChanged.connect(self._redraw)
        self._redraw()

    def _redraw(self) -> None:
        """Icons are drawn for the screens there are."""
        icons.redress(self._app)

    def _put(self) -> None:
        dark = self._choice == "dark" or (
            self._choice == "system" and self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        )
        chosen = DARK if dark else LIGHT
        if self._contrast:
            chosen = strengthened(chosen)
        self._app.setProperty(PROPERTY, Look(chosen, self._scale, dark, self._contrast, self._family))
        self._app.setPalette(palette(chosen))
        self._app.setFont(font())
        for name, (size, weight) in _CLASS_FONTS.items():
            # The stub asks for bytes, the function for str.
            self._app.setFont(font(size, weight), name)  # type: ignore[arg-type]
        QToolTip.setFont(font("secondary"))
        self._app.setStyleSheet(stylesheet(chosen, self._scale, "dark" if dark else "light"))
        icons.redress(self._app)
        for widget in self._app.allWidgets():
            if widget.property("typeName"):
                widget.setFont(font(widget.property("typeName"), widget.property("typeWeight")))
            widget.update()
        self.changed.emit()


def apply(app: QApplication, theme: ThemeName = "light", text_scale: float = 1.0, contrast: bool = False) -> Theme:
    """Give the application its fonts, palette and style sheet; call again to change them at run time."""
    found = app.findChild(Theme, _OBJECT_NAME)
    chosen = found if isinstance(found, Theme) else Theme(app)
    chosen.choose(theme, text_scale, contrast)
    return chosen


def current() -> Theme:
    """The theme of the running application, light if none was chosen yet; its ``changed`` signal tells of a switch."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("no QApplication")
    found = app.findChild(Theme, _OBJECT_NAME)
    return found if isinstance(found, Theme) else apply(app)


def set_flush(button: QPushButton) -> None:
    """A link under a column of text begins where the text does."""
    button.setProperty("flush", True)


def set_kind(button: QWidget, kind: Kind, *, small: bool = False) -> None:
    """Make a button primary, secondary, link, danger, tool, segment or chip; 32 px high, or 26 when small."""
    button.setProperty("kind", kind)
    button.setProperty("small", small)
    weight = 600 if kind == "primary" else 400 if kind == "segment" else 500
    if isinstance(button, QPushButton):
        # Outside a dialog Qt presses a button with Espace only; here Entrée does too.
        button.setAutoDefault(True)
    set_font(button, "secondary" if small else "body", weight)
    repolish(button)


def set_type(label: QWidget, name: TypeName, tone: str = "", weight: int = 0) -> None:
    """Give a label a named size, a tone (secondary, hint, accent, danger…) and a weight (500, 600)."""
    before = [label.property(x) for x in ("typeName", "typeWeight", "tone")]
    set_font(label, name, weight)
    label.setProperty("tone", tone)
    if before != [name, weight, tone]:
        repolish(label)


def set_font(widget: QWidget, name: TypeName, weight: int = 0) -> None:
    """A named size that follows the text size chosen by the person, even while running."""
    widget.setProperty("typeName", name)
    widget.setProperty("typeWeight", weight)
    widget.setFont(font(name, weight))


def repolish(widget: QWidget) -> None:
    """Read the style sheet again after a dynamic property changed."""
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # Qt reads it at the first showing; before, each reading would be thrown away
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def palette(chosen: Colors) -> QPalette:
    """The Fusion palette of these colours."""
    roles: Mapping[QPalette.ColorRole, str] = {
        QPalette.ColorRole.Window: chosen.window,
        QPalette.ColorRole.WindowText: chosen.text,
        QPalette.ColorRole.Base: chosen.surface,
        QPalette.ColorRole.AlternateBase: chosen.alternate,
        QPalette.ColorRole.ToolTipBase: chosen.band,
        QPalette.ColorRole.ToolTipText: chosen.on_band,
        QPalette.ColorRole.Text: chosen.text,
        QPalette.ColorRole.Button: chosen.surface,
        QPalette.ColorRole.ButtonText: chosen.text,
        QPalette.ColorRole.BrightText: chosen.on_accent,
        QPalette.ColorRole.Link: chosen.accent,
        QPalette.ColorRole.LinkVisited: chosen.accent,
        QPalette.ColorRole.Highlight: chosen.soft,
        QPalette.ColorRole.HighlightedText: chosen.text,
        QPalette.ColorRole.Accent: chosen.accent,
        QPalette.ColorRole.PlaceholderText: chosen.hint,
        QPalette.ColorRole.Light: chosen.alternate,
        QPalette.ColorRole.Midlight: chosen.line,
        QPalette.ColorRole.Mid: chosen.line,
        QPalette.ColorRole.Dark: chosen.field_border,
        QPalette.ColorRole.Shadow: chosen.sunken,
    }
    result = QPalette()
    for role, value in roles.items():
        result.setColor(role, QColor(value))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(chosen.hint))
    return result


def _load_family() -> str:
    """Inter from its package: the folder is read without importing the package."""
    spec = find_spec("fontpkg_inter")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for file in sorted(Path(folder, "files").glob("Inter*.ttf")):
            QFontDatabase.addApplicationFont(str(file))
    return "Inter" if "Inter" in QFontDatabase.families() else QFont().defaultFamily()
