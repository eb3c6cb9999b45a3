"""The tables, one module per noun. Importing this package knows them all."""

from cv_desktop.db.models import application, call, decision, journal, meeting, reference, structure

__all__ = ["application", "call", "decision", "journal", "meeting", "reference", "structure"]
