"""The reason that some gestures ask for: a few words that a reader understands years later."""

from __future__ import annotations

from cv_desktop.domain.errors import UserError

LENGTH = 10


def required_reason(text: str, of_what: str = "") -> str:
    """The reason, without spaces round it. Raises UserError when it has fewer than ten characters."""
    bare = text.strip()
    if len(bare) < LENGTH:
        asked = f"Indiquez le motif {of_what}" if of_what else "Indiquez le motif"
        raise UserError(f"{asked}, en dix caractères au moins.", field="reason")
    return bare
