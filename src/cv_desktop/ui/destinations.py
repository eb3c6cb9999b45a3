"""The places of the window, in the order of the rail. A screen is registered by one line here.

The screens are imported when first shown: all of them at once would delay the first paint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cv_desktop.ui.navigation import Destination

if TYPE_CHECKING:
    from cv_desktop.ui.context import Context
    from cv_desktop.ui.screen import Screen


def _arbitration(context: Context) -> Screen:
    from cv_desktop.ui.arbitration.screen import ArbitrationScreen

    return ArbitrationScreen(context)


def _letters(context: Context) -> Screen:
    from cv_desktop.ui.letters.screen import LettersScreen

    return LettersScreen(context)


def _letters_waiting(context: Context) -> int:
    from cv_desktop.db.queries import letters

    return context.read(letters.counts, call_id=context.calls.id).get("to_read", 0)


def _preferences(context: Context) -> Screen:
    from cv_desktop.ui.preferences.screen import PreferencesScreen

    return PreferencesScreen(context)


def destinations() -> list[Destination]:
    """Every destination, from top to bottom."""
    return [
        Destination("arbitration", "Arbitrage", "scale", _arbitration),
        Destination(
            "letters", "Courriers", "mail", _letters, counter=_letters_waiting, nouns=frozenset({"letter", "call"})
        ),
        Destination("preferences", "Réglages", "settings", _preferences, bottom=True),
    ]
