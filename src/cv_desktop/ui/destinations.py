"""The places of the window, in the order of the rail. A screen is registered by one line here.

The screens are imported when first shown: all of them at once would delay the first paint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cv_desktop.ui.navigation import Destination

if TYPE_CHECKING:
    from cv_desktop.ui.context import Context
    from cv_desktop.ui.screen import Screen


def _home(context: Context) -> Screen:
    from cv_desktop.ui.home.screen import HomeScreen

    return HomeScreen(context)


def _calls(context: Context) -> Screen:
    from cv_desktop.ui.calls.screen import CallsScreen

    return CallsScreen(context)


def _meetings(context: Context) -> Screen:
    from cv_desktop.ui.meetings.screen import MeetingsScreen

    return MeetingsScreen(context)


def _meetings_to_come(context: Context) -> int:
    from cv_desktop.db.queries import meetings

    return context.read(meetings.pending, call_id=context.calls.id) if context.calls.id else 0


def _arbitration(context: Context) -> Screen:
    from cv_desktop.ui.arbitration.screen import ArbitrationScreen

    return ArbitrationScreen(context)


def _letters(context: Context) -> Screen:
    from cv_desktop.ui.letters.screen import LettersScreen

    return LettersScreen(context)


def _letters_waiting(context: Context) -> int:
    from cv_desktop.db.queries import letters

    counts = context.read(letters.counts, call_id=context.calls.id, viewer=context.viewer)
    return sum(counts.get(state, 0) for state in ("to_read", "read", "issued"))


def _structures(context: Context) -> Screen:
    from cv_desktop.ui.structures.screen import StructuresScreen

    return StructuresScreen(context)


def _applications(context: Context) -> Screen:
    from cv_desktop.ui.applications.screen import ApplicationsScreen

    return ApplicationsScreen(context)


def _applications_count(context: Context) -> int:
    from cv_desktop.db.queries import applications

    call = context.calls.id
    return context.look(applications.count, call_id=call, viewer=context.viewer) if call else 0


def _preferences(context: Context) -> Screen:
    from cv_desktop.ui.preferences.screen import PreferencesScreen

    return PreferencesScreen(context)


def destinations() -> list[Destination]:
    """Every destination, from top to bottom."""
    return [
        Destination("home", "Accueil", "house", _home),
        Destination("calls", "Campagnes", "calendar-days", _calls),
        Destination("structures", "Structures", "building-complex", _structures),
        Destination(
            "applications",
            "Dossiers",
            "folder-open",
            _applications,
            counter=_applications_count,
            nouns=frozenset({"application", "import", "call"}),
        ),
        Destination(
            "meetings", "Séances", "users", _meetings, counter=_meetings_to_come, nouns=frozenset({"meeting", "call"})
        ),
        Destination("arbitration", "Arbitrage", "scale", _arbitration),
        Destination(
            "letters", "Courriers", "mail", _letters, counter=_letters_waiting, nouns=frozenset({"letter", "call"})
        ),
        Destination("preferences", "Réglages", "settings", _preferences, bottom=True),
    ]
