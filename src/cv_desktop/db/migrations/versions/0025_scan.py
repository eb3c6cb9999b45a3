"""Piles of signed letters scanned and their pages; a signature by hand may keep its scanned copy

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signature") as batch:
        batch.drop_constraint(op.f("ck_signature_file"), type_="check")
        batch.create_check_constraint(op.f("ck_signature_file"), "sha256 IS NOT NULL OR way = 'hand'")
    op.create_table(
        "scan_pile",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("done BETWEEN 0 AND count", name=op.f("ck_scan_pile_done")),
        sa.ForeignKeyConstraint(["sha256"], ["attachment.sha256"], name=op.f("fk_scan_pile_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_pile")),
        sa.UniqueConstraint("sha256", name=op.f("uq_scan_pile_sha256")),
    )
    op.create_table(
        "scan_page",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("pile_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("letter_id", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'filed', 'dismissed', 'withdrawn')", name=op.f("ck_scan_page_state")),
        sa.CheckConstraint("(state = 'filed') = (letter_id IS NOT NULL)", name=op.f("ck_scan_page_letter")),
        sa.CheckConstraint("(number = '') = (page = 0)", name=op.f("ck_scan_page_page")),
        sa.CheckConstraint("page BETWEEN 0 AND pages", name=op.f("ck_scan_page_pages")),
        sa.CheckConstraint("turn IN (0, 90, 180, 270)", name=op.f("ck_scan_page_turn")),
        sa.ForeignKeyConstraint(["pile_id"], ["scan_pile.id"], name=op.f("fk_scan_page_pile_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_scan_page_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_page")),
        sa.UniqueConstraint("pile_id", "place", name=op.f("uq_scan_page_pile_id")),
    )
    for column in ("number", "state", "letter_id"):
        op.create_index(f"ix_scan_page_{column}", "scan_page", [column])
