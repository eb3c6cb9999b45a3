"""What a Cerfa holds: the fields of the form, objectives, consortium, indicators, attachments

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXTS = (
    "goals",
    "audience",
    "fee",
    "place",
    "outside_reason",
    "means",
    "evaluation",
    "extra",
    "contact_name",
    "contact_role",
    "contact_phone",
    "contact_email",
    "signatory_name",
    "signatory_role",
    "other_aid",
)
CODES = ("aid_form", "purpose")
NUMBERS = (
    "tranche",
    "tranches",
    "under_25",
    "volunteers",
    "employees",
    "full_time",
    "lead_share",
)
ANSWERS = (
    "renewal",
    "recruitment",
    "power_of_signature",
    "obligations_met",
    "public_aid_above_limit",
)
DAYS = ("signed_on", "withdrawn_on")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("application", sa.Column(name, sa.String(), nullable=False, server_default=""))
    for names, kind in ((CODES, sa.String), (NUMBERS, sa.Integer), (ANSWERS, sa.Boolean), (DAYS, sa.Date)):
        for name in names:
            op.add_column("application", sa.Column(name, kind(), nullable=True))
    # SQLite takes a reference with the column only; rebuilding the table would lose its conditions.
    op.execute(
        "ALTER TABLE application ADD COLUMN renewed_from_id VARCHAR "
        "CONSTRAINT fk_application_renewed_from_id REFERENCES application (id)"
    )
    op.execute(
        "ALTER TABLE budget_line ADD COLUMN funder_code VARCHAR "
        "CONSTRAINT fk_budget_line_funder_code REFERENCES funder (code)"
    )
    op.create_table(
        "application_objective",
        _file(),
        sa.Column("objective_code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _of_file("application_objective"),
        sa.ForeignKeyConstraint(["objective_code"], ["objective.code"], name="fk_application_objective_objective_code"),
        sa.PrimaryKeyConstraint("application_id", "objective_code", name="pk_application_objective"),
    )
    op.create_table(
        "application_priority",
        _file(),
        sa.Column("priority_code", sa.String(), nullable=False),
        _of_file("application_priority"),
        sa.ForeignKeyConstraint(["priority_code"], ["priority.code"], name="fk_application_priority_priority_code"),
        sa.PrimaryKeyConstraint("application_id", "priority_code", name="pk_application_priority"),
    )
    op.create_table(
        "partner",
        _key(),
        _file(),
        sa.Column("structure_id", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("siret", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.CheckConstraint("share IS NULL OR share BETWEEN 0 AND 10000", name="ck_partner_share"),
        _of_file("partner"),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name="fk_partner_structure_id"),
        sa.PrimaryKeyConstraint("id", name="pk_partner"),
    )
    op.create_index("ix_partner_application_id", "partner", ["application_id"])
    op.create_index("ix_partner_structure_id", "partner", ["structure_id"])
    op.create_table(
        "indicator",
        _key(),
        _file(),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=True),
        _of_file("indicator"),
        sa.PrimaryKeyConstraint("id", name="pk_indicator"),
    )
    op.create_index("ix_indicator_application_id", "indicator", ["application_id"])
    op.create_table(
        "attachment",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name="ck_attachment_sha256"),
        sa.CheckConstraint("size >= 0", name="ck_attachment_size"),
        sa.PrimaryKeyConstraint("sha256", name="pk_attachment"),
    )
    op.create_table(
        "application_attachment",
        _key(),
        _file(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        _of_file("application_attachment"),
        sa.ForeignKeyConstraint(["sha256"], ["attachment.sha256"], name="fk_application_attachment_sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_application_attachment"),
    )
    op.create_index("ix_application_attachment_application_id", "application_attachment", ["application_id"])
    op.create_index("ix_application_attachment_sha256", "application_attachment", ["sha256"])


def _key() -> sa.Column[str]:
    return sa.Column("id", sa.String(), nullable=False)


def _file() -> sa.Column[str]:
    return sa.Column("application_id", sa.String(), nullable=False)


def _of_file(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["application_id"], ["application.id"], name=f"fk_{table}_application_id", ondelete="CASCADE"
    )
