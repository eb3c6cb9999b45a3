"""Files of every kind read: an import may have no campaign, a directory of public registers, mappings remembered

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("import") as batch:
        batch.alter_column("call_id", existing_type=sa.String(), nullable=True)
        batch.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="applications"))
        batch.add_column(sa.Column("source", sa.String(), nullable=False, server_default=""))
        batch.create_check_constraint(op.f("ck_import_kind"), "kind IN ('applications', 'history', 'directory')")
    op.create_table(
        "directory_entry",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("import_id", sa.String(), nullable=False),
        sa.Column("register", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded_name", sa.String(), nullable=False),
        sa.Column("acronym", sa.String(), nullable=False),
        sa.Column("siren", sa.String(), nullable=True),
        sa.Column("siret", sa.String(), nullable=True),
        sa.Column("rna", sa.String(), nullable=True),
        sa.Column("legal_form", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("commune_code", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.CheckConstraint("register IN ('rna', 'sirene')", name="ck_directory_entry_register"),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name="fk_directory_entry_import_id"),
        sa.PrimaryKeyConstraint("id", name="pk_directory_entry"),
    )
    for column in ("import_id", "folded_name", "siren", "rna"):
        op.create_index(f"ix_directory_entry_{column}", "directory_entry", [column])
    op.create_table(
        "import_mapping",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("source", "kind", name="pk_import_mapping"),
    )
