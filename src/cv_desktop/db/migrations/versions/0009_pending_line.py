"""What a file said of each application, and the lines an import left out

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_value",
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name="fk_import_value_application_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("application_id", name="pk_import_value"),
    )
    op.create_table(
        "pending_line",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("import_id", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("settled_as", sa.String(), nullable=False, server_default=""),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by_id", sa.String(), nullable=True),
        sa.CheckConstraint("settled_as IN ('', 'imported', 'dismissed')", name=op.f("ck_pending_line_settled_as")),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name="fk_pending_line_import_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["import.id"], name="fk_pending_line_settled_by_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pending_line"),
    )
    for column in ("import_id", "settled_by_id"):
        op.create_index(f"ix_pending_line_{column}", "pending_line", [column])
