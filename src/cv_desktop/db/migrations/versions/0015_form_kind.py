"""Forms as data of the service, what the Cerfa 12156 says besides, tables of the contract that may be closed

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_COLUMNS = {
    "structure": (
        ("mail_address", "VARCHAR"),
        ("delegated_commune", "VARCHAR"),
        ("local_court", "VARCHAR"),
        ("local_volume", "VARCHAR"),
        ("local_folio", "VARCHAR"),
        ("local_registered_on", "DATE"),
        ("public_utility", "BOOLEAN"),
        ("public_utility_on", "DATE"),
        ("taxed", "BOOLEAN"),
        ("networks", "VARCHAR"),
        ("member_bodies", "VARCHAR"),
        ("service_volunteers", "INTEGER"),
        ("aided_jobs", "INTEGER"),
        ("full_time", "INTEGER"),
        ("seconded", "INTEGER"),
        ("member_women", "INTEGER"),
        ("member_men", "INTEGER"),
        ("exercise_starts_on", "DATE"),
        ("exercise_ends_on", "DATE"),
        ("income_cents", "INTEGER"),
    ),
    "application": (
        ("service_volunteers", "INTEGER"),
        ("charter_kept", "BOOLEAN"),
        ("sincere", "BOOLEAN"),
    ),
    "theme": (("closed_on", "DATE"),),
    "stake": (("closed_on", "DATE"),),
    "objective": (("closed_on", "DATE"),),
    "quarter": (("closed_on", "DATE"),),
    "funder": (("closed_on", "DATE"), ("to_validate", "BOOLEAN NOT NULL DEFAULT 1")),
    "standard_text": (("closed_on", "DATE"),),
    "structure_document_kind": (("threshold_cents", "INTEGER"), ("closed_on", "DATE")),
}


def upgrade() -> None:
    # Column by column: a table rebuilt would lose what watches it.
    for table, columns in _COLUMNS.items():
        for name, kind in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    op.create_table(
        "form_kind",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("to_validate", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_kind")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_form_kind_code")),
    )
    op.create_table(
        "form_mapping",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_form_mapping")),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("structure_id", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_approval_structure_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index("ix_approval_structure_id", "approval", ["structure_id"])
    # The rule exists since: a campaign that has its parameter asks it as soon as somebody gives it a severity.
    op.execute("UPDATE rules_parameter SET \"check\" = 'public_aid' WHERE key = 'attestation_threshold'")
