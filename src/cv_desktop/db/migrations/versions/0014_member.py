"""Who sits on a committee, what they declared, and the links that keep them out of files

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member") as batch:
        batch.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="member"))
        for name in ("honorific", "email", "phone", "address", "declaration"):
            batch.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("voice", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch.add_column(sa.Column("substitute_of", sa.String(), nullable=True))
        batch.add_column(sa.Column("perimeter", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("left_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("declared_on", sa.Date(), nullable=True))
        batch.create_foreign_key(batch.f("fk_member_substitute_of"), "member", ["substitute_of"], ["id"])
        batch.create_check_constraint(batch.f("ck_member_kind"), "kind IN ('member', 'officer')")
        batch.create_check_constraint(batch.f("ck_member_declaration"), "declaration IN ('', 'none', 'list')")
        batch.create_index(batch.f("ix_member_substitute_of"), ["substitute_of"])
    op.create_table(
        "link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("structure_id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by", sa.String(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('suspected', 'confirmed', 'dismissed')", name=op.f("ck_link_state")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_link_member_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_link_structure_id")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_link_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
    )
    op.create_index("ix_link_member_id", "link", ["member_id", "state"])
    op.create_index("ix_link_structure_id", "link", ["structure_id"])
    op.create_index("ix_link_application_id", "link", ["application_id"])
