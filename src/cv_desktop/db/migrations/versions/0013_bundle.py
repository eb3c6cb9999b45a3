"""The sheets that members take away, and what comes back on them

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")


def upgrade() -> None:
    op.create_table(
        "bundle",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=True),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("grid_id", sa.String(), nullable=False),
        sa.Column("medium", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint("medium IN ('workbook', 'form', 'paper')", name=op.f("ck_bundle_medium")),
        _key("bundle", "call_id", "call.id"),
        _key("bundle", "meeting_id", "meeting.id"),
        _key("bundle", "member_id", "member.id"),
        _key("bundle", "grid_id", "grid.id"),
        sa.PrimaryKeyConstraint("id", name="pk_bundle"),
    )
    for column in ("call_id", "meeting_id", "member_id", "grid_id"):
        op.create_index(f"ix_bundle_{column}", "bundle", [column])
    op.create_table(
        "bundle_return",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        _key("bundle_return", "call_id", "call.id"),
        _key("bundle_return", "sha256", "attachment.sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_bundle_return"),
    )
    for column in ("call_id", "sha256"):
        op.create_index(f"ix_bundle_return_{column}", "bundle_return", [column])
    op.create_table(
        "doubtful_mark",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("bundle_id", sa.String(), nullable=True),
        sa.Column("application_id", sa.String(), nullable=True),
        sa.Column("return_id", sa.String(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("settled_as", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("settled_as IN ('', 'marked', 'dismissed')", name=op.f("ck_doubtful_mark_settled_as")),
        _key("doubtful_mark", "call_id", "call.id"),
        _key("doubtful_mark", "bundle_id", "bundle.id"),
        _key("doubtful_mark", "application_id", "application.id"),
        _key("doubtful_mark", "return_id", "bundle_return.id"),
        _key("doubtful_mark", "sha256", "attachment.sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_doubtful_mark"),
    )
    for column in ("call_id", "bundle_id", "application_id", "return_id", "sha256"):
        op.create_index(f"ix_doubtful_mark_{column}", "doubtful_mark", [column])
