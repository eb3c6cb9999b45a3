"""How the condition of a grant was lifted; the day and the document of a call for payment and of a payment

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "condition_lift",
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("lifted_on", sa.Date(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("lifted_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_condition_lift_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_condition_lift")),
    )
    # A rebuilt table would lose the triggers that keep movements from being changed.
    op.execute("ALTER TABLE movement ADD COLUMN dated_on DATE")
    op.execute("ALTER TABLE movement ADD COLUMN piece VARCHAR DEFAULT '' NOT NULL")
