"""Versions of a règlement, rounds of a fund, documents that a règlement asks

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import json
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LABELS = {
    "statuts": "statuts",
    "rib": "RIB",
    "comptes": "comptes de l’exercice clos",
    "rapport_activite": "rapport d’activité",
    "dirigeants": "liste des dirigeants",
}


def upgrade() -> None:
    op.create_table(
        "rules_version",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_rules_version_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_version")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_rules_version_call_id")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("deposit_closes", sa.Date(), nullable=False),
        sa.Column("committee_on", sa.Date(), nullable=True),
        sa.Column("share_cents", sa.Integer(), nullable=True),
        sa.Column("rolls_over", sa.Boolean(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("share_cents >= 0", name=op.f("ck_round_share")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_round_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("call_id", "deposit_closes", name=op.f("uq_round_call_id")),
    )
    op.create_table(
        "expected_document",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("scheme_code", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("threshold_cents", sa.Integer(), nullable=True),
        sa.Column("validity_months", sa.Integer(), nullable=True),
        sa.Column("due", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("to_validate", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "condition IN ('always', 'above', 'first_request', 'renewal')", name=op.f("ck_expected_document_condition")
        ),
        sa.CheckConstraint("due IN ('deposit', 'payment')", name=op.f("ck_expected_document_due")),
        sa.CheckConstraint("severity IN ('block', 'warn')", name=op.f("ck_expected_document_severity")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_expected_document_call_id")),
        sa.ForeignKeyConstraint(["scheme_code"], ["scheme.code"], name=op.f("fk_expected_document_scheme_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_document")),
        sa.UniqueConstraint(
            "scheme_code", "call_id", "version", "kind",
            name=op.f("uq_expected_document_scheme_code"),
        ),
    )  # fmt: skip
    with op.batch_alter_table("expected_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_expected_document_call_id"), ["call_id"], unique=False)
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opened_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))
    with op.batch_alter_table("application", schema=None) as batch_op:
        for column, table in (("round_id", "round"), ("rules_version_id", "rules_version")):
            batch_op.add_column(sa.Column(column, sa.String(), nullable=True))
            batch_op.create_foreign_key(batch_op.f(f"fk_application_{column}"), table, [column], ["id"])
            batch_op.create_index(batch_op.f(f"ix_application_{column}"), [column], unique=False)
    _first_versions()
    _documents()


def _first_versions() -> None:
    """Every campaign had one règlement: its version 1, under which its files were judged."""
    base = op.get_bind()
    for call, made in base.execute(sa.text("SELECT id, created_at FROM call")).all():
        key = uuid4().hex
        base.execute(
            sa.text("INSERT INTO rules_version VALUES (:id, :call, 1, :day, :made, NULL)"),
            {"id": key, "call": call, "day": str(made)[:10], "made": made},
        )
        base.execute(
            sa.text(
                "UPDATE application SET rules_version_id = :id WHERE call_id = :call AND checks_snapshot IS NOT NULL "
                "AND checks_snapshot <> 'null'"
            ),
            {"id": key, "call": call},
        )


def _documents() -> None:
    """The list of kinds that a parameter held becomes one row per document."""
    base = op.get_bind()
    found = base.execute(
        sa.text(
            "SELECT id, scheme_code, call_id, version, value, severity, to_validate FROM rules_parameter "
            "WHERE key = 'documents' AND unit = 'list'"
        )
    ).all()
    for parameter, scheme, call, version, value, severity, doubtful in found:
        for position, kind in enumerate(json.loads(value or "null") or []):
            base.execute(
                sa.text(
                    "INSERT INTO expected_document VALUES (:id, :scheme, :call, :version, :position, :kind, :label, "
                    "'always', NULL, NULL, 'deposit', :severity, :doubtful)"
                ),
                {
                    "id": uuid4().hex,
                    "scheme": scheme,
                    "call": call,
                    "version": version,
                    "position": position,
                    "kind": kind,
                    "label": LABELS.get(kind, kind),
                    "severity": "warn" if severity == "warn" else "block",
                    "doubtful": doubtful,
                },
            )
        base.execute(
            sa.text("UPDATE rules_parameter SET unit = 'flag', value = 'true' WHERE id = :id"), {"id": parameter}
        )
