"""What each co-funder was asked, proposed, voted and paid; the years that follow in an agreement of several years

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_AMOUNTS = ("asked_cents", "proposed_cents", "voted_cents", "paid_cents")


def upgrade() -> None:
    op.create_table(
        "funding",
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("funder_code", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in _AMOUNTS),
        sa.CheckConstraint(" AND ".join(f"{name} >= 0" for name in _AMOUNTS), name=op.f("ck_funding_positive")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_funding_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["funder_code"], ["funder.code"], name=op.f("fk_funding_funder_code")),
        sa.PrimaryKeyConstraint("application_id", "funder_code", name=op.f("pk_funding")),
    )
    op.create_table(
        "tranche",
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_tranche_amount")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_tranche_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("application_id", "year", name=op.f("pk_tranche")),
    )
