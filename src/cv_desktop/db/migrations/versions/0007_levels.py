"""The levels of the marks in an index of their own, for the ranking

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_mark_levels", "mark", ["review_id", "criterion", "level"])
