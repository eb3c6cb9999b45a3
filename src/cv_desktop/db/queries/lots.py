"""Which files a lot keeps from being arbitrated again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import TextClause

# A condition on ``lot`` and ``lot_line``: the file awaits its vote, or has been decided for good.
# A lot taken back frees its files, and so does a vote that adjourned them: another meeting takes them up.
HELD = "(lot.state = 'submitted' OR (lot.state = 'voted' AND lot_line.outcome <> 'adjourned'))"


def held() -> TextClause:
    """The same condition for a question of SQLAlchemy."""
    from sqlalchemy import text

    return text(HELD)
