"""Decisions with their versions, their end and their recourses; votes of an act, conditions, waiting list, delegation

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_OUTCOMES = "('granted', 'partial', 'refused', 'adjourned', 'waiting')"
_ADDED = {
    "lot": (
        ("votes_for", "INTEGER"),
        ("votes_against", "INTEGER"),
        ("votes_abstention", "INTEGER"),
        ("delegated", "BOOLEAN NOT NULL DEFAULT 0"),
    ),
    "lot_line": (
        ("condition", "VARCHAR NOT NULL DEFAULT ''"),
        ("condition_due_on", "DATE"),
        ("refusal_code", "VARCHAR"),
        ("supersedes_id", "VARCHAR REFERENCES decision (id)"),
    ),
}


def upgrade() -> None:
    # Column by column: a table rebuilt would lose what watches it. The decision must be: its rules change.
    for table, columns in _ADDED.items():
        for name, kind in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    op.create_table(
        "decision_new",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("lot_id", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("motive", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False, server_default=""),
        sa.Column("condition_due_on", sa.Date(), nullable=True),
        sa.Column("refusal_code", sa.String(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("supersedes_id", sa.String(), nullable=True),
        sa.CheckConstraint(f"outcome IN {_OUTCOMES}", name=op.f("ck_decision_outcome")),
        sa.CheckConstraint("(amount_cents > 0) = (outcome IN ('granted', 'partial'))", name=op.f("ck_decision_amount")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_decision_application_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_decision_lot_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["decision.id"], name=op.f("fk_decision_supersedes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("lot_id", "application_id", name=op.f("uq_decision_lot_id")),
    )
    op.execute(
        "INSERT INTO decision_new (id, application_id, lot_id, outcome, amount_cents, motive, decided_at) "
        "SELECT id, application_id, lot_id, outcome, amount_cents, motive, decided_at FROM decision"
    )
    op.drop_table("decision")
    op.rename_table("decision_new", "decision")
    op.create_index("ix_decision_application_id", "decision", ["application_id"])
    op.create_index("ix_decision_supersedes_id", "decision", ["supersedes_id"])
    op.create_table(
        "decision_end",
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('renounced', 'illegal', 'unmet')", name=op.f("ck_decision_end_kind")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_end_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decision_end")),
    )
    op.create_table(
        "recourse",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('gracious', 'court')", name=op.f("ck_recourse_kind")),
        sa.CheckConstraint("outcome IN ('', 'accepted', 'rejected')", name=op.f("ck_recourse_outcome")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_recourse_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recourse")),
    )
    op.create_index("ix_recourse_decision_id", "recourse", ["decision_id"])
    op.get_bind().execute(
        sa.text(
            "INSERT INTO rules_parameter (id, scheme_code, call_id, key, version, position, article, label, hint, "
            'unit, value, severity, remedy, "check", effective_from, to_validate) '
            "SELECT lower(hex(randomblob(16))), scheme_code, call_id, 'delegation_max', max(version), "
            "max(position) + 1, 'seuils', :label, :hint, 'cents', "
            "CASE scheme_code WHEN 'FIA' THEN '300000' ELSE 'null' END, 'none', 'none', NULL, max(effective_from), 1 "
            "FROM rules_parameter GROUP BY scheme_code, call_id"
        ),
        {
            "label": "Décision par délégation",
            "hint": "Montant par dossier jusqu’auquel le président décide par délégation, sans séance du bureau ni du "
            "conseil\u00a0; sans valeur, chaque dossier est voté.",
        },
    )
