"""Which files a lot keeps from being arbitrated again."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from cv_desktop.db.models.decision import Lot, LotLine


def held() -> ColumnElement[bool]:
    """Condition on ``lot`` and ``lot_line``: the file awaits its vote, or has been decided for good.

    A lot taken back frees its files, and so does a vote that adjourned them: another meeting takes them up.
    """
    return or_(Lot.state == "submitted", and_(Lot.state == "voted", LotLine.outcome != "adjourned"))
