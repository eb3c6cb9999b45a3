"""Which files a lot keeps from being arbitrated again, and which decisions count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cv_desktop.db.engine import ask

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, TextClause

    from cv_desktop.db.engine import Reading

# A condition on ``lot`` and ``lot_line``: the file awaits its vote, or has been decided for good.
# A lot taken back frees its files, and so does a vote that adjourned them: another meeting takes them up.
# One that waits on the list is held by it: it leaves the list by a promotion.
HELD = (
    "(lot_line.outcome <> 'returned' AND "
    "(lot.state = 'submitted' OR (lot.state = 'voted' AND lot_line.outcome <> 'adjourned')))"
)
# A condition on ``decision``: no later act replaced it, and nobody ended it.
IN_FORCE = (
    "(NOT EXISTS (SELECT 1 FROM decision AS newer WHERE newer.supersedes_id = decision.id) "
    "AND NOT EXISTS (SELECT 1 FROM decision_end WHERE decision_end.decision_id = decision.id))"
)
_AWAITING = """
SELECT lot.label FROM lot JOIN lot_line ON lot_line.lot_id = lot.id
WHERE lot_line.application_id = :file AND lot.state = 'submitted' AND lot_line.outcome <> 'returned' LIMIT 1
"""


def awaiting(reading: Reading, *, application_id: str) -> str:
    """The name of the lot in which a file awaits its vote; empty when none does."""
    return next((str(label) for (label,) in ask(reading, _AWAITING, file=application_id)), "")


def held() -> TextClause:
    """The same condition for a question of SQLAlchemy."""
    from sqlalchemy import text

    return text(HELD)


def written(table: str) -> ColumnElement[int]:
    """The order in which the rows of a table were written: of two acts of the same instant, the later one."""
    from sqlalchemy import Integer, literal_column

    return literal_column(f"{table}.rowid", Integer)


def in_force() -> TextClause:
    """Keeps the decisions that count, in a question of SQLAlchemy on ``Decision``."""
    from sqlalchemy import text

    return text(IN_FORCE)
