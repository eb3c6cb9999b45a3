"""The levels of each sheet beside its name, for the ranking; sheets made outside of the application

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("codes", "levels"):
        op.add_column("review", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("review", sa.Column("outside", sa.Boolean(), nullable=False, server_default="0"))
