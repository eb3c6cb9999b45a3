"""What Ctrl+K proposes: records, places, commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from cv_desktop.ui.actions import Actions
from cv_desktop.ui.navigation import Destination
from cv_desktop.ui.palette import Hit, matching

if TYPE_CHECKING:
    from cv_desktop.ui.context import Context


def records(destinations: list[Destination], context: Context, text: str) -> list[Hit]:
    """What each destination finds in the base."""
    return [hit for each in destinations if each.find for hit in each.find(context, text)]


def commands(destinations: list[Destination], actions: Actions, text: str) -> list[Hit]:
    """What can be done now and where one can go; the places first when nothing is typed."""
    places = [Hit("Aller à", x.label, icon=x.icon, destination=x.key) for x in destinations]
    verbs = [
        Hit(
            "Commandes",
            action.text(),
            icon=spec.icon,
            shortcut=action.shortcut().toString(QKeySequence.SequenceFormat.NativeText),
            run=action.trigger,
        )
        for spec, action in actions.usable()
        if spec.key != "search"
    ]
    return matching(verbs + places, text) if text else places + verbs
