"""The places of the window, in the order of the rail. A screen is registered by one line here.

The screens are imported when first shown: all of them at once would delay the first paint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cv_desktop.ui.navigation import Destination

if TYPE_CHECKING:
    from cv_desktop.ui.context import Context
    from cv_desktop.ui.screen import Screen


def _preferences(context: Context) -> Screen:
    from cv_desktop.ui.preferences.screen import PreferencesScreen

    return PreferencesScreen(context)


def destinations() -> list[Destination]:
    """Every destination, from top to bottom."""
    return [
        Destination("preferences", "Réglages", "settings", _preferences, bottom=True),
    ]
