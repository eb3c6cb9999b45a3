"""The rule that proposed the amounts of a lot, as its scenario had it when it was put to the vote

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A rebuilt table would lose its triggers.
    op.execute("ALTER TABLE lot ADD COLUMN rule VARCHAR DEFAULT '' NOT NULL")
