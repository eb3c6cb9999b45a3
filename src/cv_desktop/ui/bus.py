"""Tells every screen what has just been written."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Bus(QObject):
    """``changed(changes, origin)``: the Changes of a verb, and the widget that asked for it (or None)."""

    changed = Signal(object, object)
