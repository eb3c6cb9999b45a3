"""Derogations, requests for documents, and the state of each document

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import json
from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_DAYS = 15


def upgrade() -> None:
    op.create_table(
        "derogation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_derogation_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_derogation")),
    )
    op.create_index(op.f("ix_derogation_application_id"), "derogation", ["application_id"])
    op.create_table(
        "completion",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("letter_id", sa.String(), nullable=True),
        sa.Column("prepared_at", sa.DateTime(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(asked_on IS NULL) = (due_on IS NULL)", name=op.f("ck_completion_due")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_completion_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_completion_letter_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion")),
    )
    op.create_index(op.f("ix_completion_letter_id"), "completion", ["letter_id"])
    op.create_index(op.f("ix_completion_application_id"), "completion", ["application_id"])
    # Added one by one, with their conditions: rebuilding a table would lose those it has.
    op.execute(
        "ALTER TABLE document ADD COLUMN state VARCHAR DEFAULT 'received' NOT NULL "
        "CONSTRAINT ck_document_state CHECK (state IN ('received', 'valid', 'rejected'))"
    )
    op.execute("ALTER TABLE document ADD COLUMN reason VARCHAR DEFAULT '' NOT NULL")
    op.execute("ALTER TABLE document ADD COLUMN received_on DATE")
    op.execute("ALTER TABLE document ADD COLUMN dated_on DATE")
    _requests_made_before(op.get_bind())


def _requests_made_before(base: sa.Connection) -> None:
    """A request is kept for each letter that asked documents, and for each file « à compléter » without one."""
    files = base.execute(
        sa.text(
            "SELECT a.id AS file, a.status, a.checks_snapshot AS checks, l.id AS letter, l.dated_on, "
            "coalesce(l.prepared_at, (SELECT max(at) FROM journal WHERE noun_id = a.id), c.created_at) AS prepared_at, "
            "(SELECT value FROM rules_parameter WHERE call_id = a.call_id AND key = 'completion_days') AS days "
            "FROM application a JOIN call c ON c.id = a.call_id "
            "LEFT JOIN letter l ON l.application_id = a.id AND l.kind = 'AR-P' "
            "WHERE l.id IS NOT NULL OR a.status = 'incomplete'"
        )
    ).all()
    for row in files:
        asked = date.fromisoformat(row.dated_on) if row.dated_on else None
        # SQLite keeps a JSON number as a number.
        days = _DAYS if row.days in (None, "null") else int(row.days)
        due = asked + timedelta(days=days) if asked else None
        results = json.loads(row.checks) if row.checks else None
        items = [
            {"code": r["code"], "item": "", "text": r["sentence"]}
            for r in results or ()
            if r["status"] in ("fail", "warn") and r["remedy"] == "complete"
        ]
        base.execute(
            sa.text(
                "INSERT INTO completion "
                "(id, application_id, letter_id, prepared_at, items, asked_on, due_on, closed_on) "
                "VALUES (:id, :file, :letter, :prepared_at, :items, :asked, :due, :closed)"
            ),
            {
                "id": row.letter or row.file,
                "letter": row.letter,
                "file": row.file,
                "prepared_at": row.prepared_at,
                "items": json.dumps(items if row.status == "incomplete" else []),
                "asked": asked.isoformat() if asked else None,
                "due": due.isoformat() if due else None,
                "closed": due.isoformat() if due and row.status != "incomplete" else None,
            },
        )
