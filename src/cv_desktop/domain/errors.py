"""The three kinds of refusal a person may meet; anything else is a crash."""

from __future__ import annotations


class UserError(Exception):
    """Something the person can mend: shown beside the field or in the message bar.

    ``message`` is a full French sentence saying what, where and what to do.
    ``field`` names the input concerned, when there is one.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Conflict(UserError):
    """Somebody changed the same thing meanwhile."""


class Unavailable(UserError):
    """The machine refuses: disk full, folder without rights, base locked or too recent."""
