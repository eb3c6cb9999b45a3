"""Conventions signed by both parties; aids in kind among the grants of a structure

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "convention",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("letter_id", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False, server_default=""),
        sa.Column("authority_signed_on", sa.Date(), nullable=True),
        sa.Column("structure_signed_on", sa.Date(), nullable=True),
        sa.Column("structure_signatory", sa.String(), nullable=False, server_default=""),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.CheckConstraint("letter_id IS NOT NULL OR reference <> ''", name=op.f("ck_convention_named")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_convention_decision_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_convention_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_convention")),
        sa.UniqueConstraint("letter_id", name=op.f("uq_convention_letter_id")),
    )
    op.create_index(op.f("ix_convention_decision_id"), "convention", ["decision_id"])
    # Column by column: a table rebuilt would lose what watches it.
    op.execute("ALTER TABLE past_grant ADD COLUMN in_kind BOOLEAN NOT NULL DEFAULT '0'")
