"""Signatories and their delegations; what was signed and sent of each letter; letters that replace others

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signatory",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("quality", sa.String(), nullable=False),
        sa.Column("own_power", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("image_name", sa.String(), nullable=False),
        sa.Column("image_sha256", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["image_sha256"], ["attachment.sha256"], name=op.f("fk_signatory_image_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatory")),
    )
    op.create_index("ix_signatory_image_sha256", "signatory", ["image_sha256"])
    op.create_table(
        "delegation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("signatory_id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("ceiling_cents", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_delegation_dates")),
        sa.CheckConstraint("ceiling_cents IS NULL OR ceiling_cents > 0", name=op.f("ck_delegation_ceiling")),
        sa.ForeignKeyConstraint(["signatory_id"], ["signatory.id"], name=op.f("fk_delegation_signatory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index("ix_delegation_signatory_id", "delegation", ["signatory_id"])
    _signature()
    _dispatch()
    with op.batch_alter_table("letter") as batch:
        batch.add_column(sa.Column("replaces_id", sa.String(), nullable=True))
        batch.create_foreign_key(op.f("fk_letter_replaces_id"), "letter", ["replaces_id"], ["id"])
        batch.create_unique_constraint(op.f("uq_letter_replaces_id"), ["replaces_id"])
    _carry_over()


def _signature() -> None:
    op.create_table(
        "signature",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("letter_id", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("signatory_id", sa.String(), nullable=True),
        sa.Column("delegation_id", sa.String(), nullable=True),
        sa.Column("signer", sa.String(), nullable=False),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.CheckConstraint("way IN ('image', 'pades', 'parapheur', 'hand')", name=op.f("ck_signature_way")),
        sa.CheckConstraint("(sha256 IS NULL) = (way = 'hand')", name=op.f("ck_signature_file")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_signature_letter_id")),
        sa.ForeignKeyConstraint(["signatory_id"], ["signatory.id"], name=op.f("fk_signature_signatory_id")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("fk_signature_delegation_id")),
        sa.ForeignKeyConstraint(["sha256"], ["attachment.sha256"], name=op.f("fk_signature_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("letter_id", name=op.f("uq_signature_letter_id")),
    )
    for column in ("signatory_id", "delegation_id", "sha256"):
        op.create_index(f"ix_signature_{column}", "signature", [column])


def _dispatch() -> None:
    op.create_table(
        "dispatch",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("letter_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("registered_number", sa.String(), nullable=False),
        sa.Column("proof_name", sa.String(), nullable=False),
        sa.Column("proof_sha256", sa.String(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("reminder_on", sa.Date(), nullable=True),
        sa.CheckConstraint("channel IN ('post', 'lrar', 'email', 'hand')", name=op.f("ck_dispatch_channel")),
        sa.CheckConstraint("received_on IS NULL OR received_on >= sent_on", name=op.f("ck_dispatch_dates")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_dispatch_letter_id")),
        sa.ForeignKeyConstraint(["proof_sha256"], ["attachment.sha256"], name=op.f("fk_dispatch_proof_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch")),
        sa.UniqueConstraint("letter_id", name=op.f("uq_dispatch_letter_id")),
    )
    op.create_index("ix_dispatch_proof_sha256", "dispatch", ["proof_sha256"])


def _carry_over() -> None:
    """The signatory of the settings is the first of the register; a quality that names no delegate signs by right."""
    connection = op.get_bind()
    keys = ("signatory_name", "signatory_quality")
    kept = {
        key: connection.execute(sa.text("SELECT value FROM setting WHERE key = :key"), {"key": key}).scalar()
        for key in keys
    }
    name, quality = (str(json.loads(kept[key] or '""') or "") for key in keys)
    connection.execute(sa.text("DELETE FROM setting WHERE key IN ('signatory_name', 'signatory_quality')"))
    if not name and not quality:
        return
    low = quality.casefold()
    connection.execute(
        sa.text(
            "INSERT INTO signatory (id, position, name, quality, own_power, active, image_name, image_sha256) "
            "VALUES (lower(hex(randomblob(16))), 0, :name, :quality, :own, 1, '', NULL)"
        ),
        {"name": name, "quality": quality, "own": "vice" not in low and "délégation" not in low},
    )
