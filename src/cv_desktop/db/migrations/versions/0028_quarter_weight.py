"""The split of a file between its quarters, when an officer declares one

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A rebuilt table would lose its triggers.
    op.execute("ALTER TABLE application_quarter ADD COLUMN weight INTEGER")
