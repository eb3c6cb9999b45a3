"""The envelope as a tree, and its money as movements: those of what was already proposed, submitted and decided

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_BUCKETS = "('outside', 'free', 'marked', 'submitted', 'engaged', 'called', 'paid')"
_KINDS = "('round', 'theme', 'quarter', 'commune', 'funder', 'reserve')"
_INSERT = (
    "INSERT INTO movement (id, call_id, year, application_id, source, target, amount_cents, at, verb, reason, "
    "lot_id, decision_id) SELECT lower(hex(randomblob(16))), "
)
_HELD = "(lot.state = 'submitted' OR (lot.state = 'voted' AND lot_line.outcome <> 'adjourned'))"


def upgrade() -> None:
    op.create_table(
        "envelope",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=True),
        sa.Column("floor_cents", sa.Integer(), nullable=True),
        sa.Column("cap_cents", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN {_KINDS}", name=op.f("ck_envelope_kind")),
        sa.CheckConstraint("kind <> 'round' OR amount_cents IS NULL", name=op.f("ck_envelope_round")),
        sa.CheckConstraint(
            "amount_cents >= 0 AND floor_cents >= 0 AND cap_cents >= 0", name=op.f("ck_envelope_positive")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_envelope_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope")),
        sa.UniqueConstraint("call_id", "kind", "key", name=op.f("uq_envelope_call_id")),
    )
    op.create_table(
        "movement",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("lot_id", sa.String(), nullable=True),
        sa.Column("decision_id", sa.String(), nullable=True),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_movement_amount")),
        sa.CheckConstraint(
            f"source IN {_BUCKETS} AND target IN {_BUCKETS} AND source <> target", name=op.f("ck_movement_buckets")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_movement_call_id")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_movement_application_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_movement_lot_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_movement_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement")),
    )
    op.create_index("ix_movement_application_id", "movement", ["application_id"])
    op.create_index(
        "ix_movement_balance", "movement", ["call_id", "application_id", "source", "target", "amount_cents"]
    )
    op.execute(
        f"{_INSERT} id, year, NULL, 'outside', 'free', envelope_cents, created_at, 'migration', '', NULL, NULL "
        "FROM call WHERE envelope_cents > 0"
    )
    op.execute(
        f"{_INSERT} lot.call_id, call.year, decision.application_id, 'free', 'engaged', decision.amount_cents, "
        "decision.decided_at, 'migration', '', lot.id, decision.id FROM decision "
        "JOIN lot ON lot.id = decision.lot_id JOIN call ON call.id = lot.call_id WHERE decision.amount_cents > 0"
    )
    op.execute(
        f"{_INSERT} lot.call_id, call.year, lot_line.application_id, 'free', 'submitted', lot_line.amount_cents, "
        "lot.submitted_at, 'migration', '', lot.id, NULL FROM lot_line "
        "JOIN lot ON lot.id = lot_line.lot_id JOIN call ON call.id = lot.call_id "
        "WHERE lot.state = 'submitted' AND lot_line.amount_cents > 0"
    )
    # Until somebody retains another one, the first scenario is the one that marks.
    op.execute(
        f"{_INSERT} call.id, call.year, line.application_id, 'free', 'marked', line.amount_cents, "
        "strftime('%Y-%m-%d %H:%M:%f', 'now'), 'migration', '', NULL, NULL FROM scenario_line AS line "
        "JOIN scenario ON scenario.id = line.scenario_id JOIN call ON call.id = scenario.call_id "
        "JOIN application ON application.id = line.application_id "
        "WHERE line.amount_cents > 0 AND application.status <> 'withdrawn' "
        "AND scenario.position = (SELECT min(position) FROM scenario AS other WHERE other.call_id = call.id) "
        "AND NOT EXISTS (SELECT 1 FROM lot_line JOIN lot ON lot.id = lot_line.lot_id "
        f"WHERE lot_line.application_id = line.application_id AND {_HELD})"
    )
    # Like the journal, what moved is evidence: a mistake is another movement.
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER movement_no_{verb.lower()} BEFORE {verb} ON movement "
            "BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END"
        )
