"""Financial reports with the lines of their table, and the files of an agenda found by their key

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# What the annexe of the Cerfa 15059 asks, known by the words printed there.
_FIELDS = (
    ("spread", ("règles de répartition des charges indirectes", "règle de répartition des charges indirectes",
                "répartition des charges indirectes", "charges indirectes affectées à l’action")),
    ("gaps", ("expliquer et justifier les écarts significatifs", "expliquer et justifier les écarts",
              "écarts significatifs", "écarts entre le budget et la réalisation")),
    ("in_kind", ("contributions volontaires en nature affectées à la réalisation du projet",
                 "contributions volontaires en nature affectées", "contributions volontaires en nature",
                 "contributions volontaires")),
    ("remarks", ("observations à formuler sur le compte rendu financier", "observations à formuler", "observations")),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("structure_id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("subsidy_cents", sa.Integer(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("signatory_name", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_report_structure_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_report_application_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["sha256"], ["attachment.sha256"], name=op.f("fk_report_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("structure_id", "sha256", name=op.f("uq_report_structure_id")),
    )
    for column in ("structure_id", "application_id", "sha256"):
        op.create_index(f"ix_report_{column}", "report", [column])
    op.create_table(
        "report_line",
        sa.Column("report_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("planned_cents", sa.Integer(), nullable=True),
        sa.Column("realised_cents", sa.Integer(), nullable=True),
        sa.CheckConstraint("side IN ('charge', 'produit')", name=op.f("ck_report_line_side")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_line_report_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("report_id", "position", name=op.f("pk_report_line")),
    )
    op.create_index("ix_agenda_item_application_id", "agenda_item", ["application_id"])
    _teach_the_annexe()


def _teach_the_annexe() -> None:
    table = sa.table("form_kind", sa.column("id"), sa.column("code"), sa.column("fields"))
    connection = op.get_bind()
    for key, fields in connection.execute(sa.select(table.c.id, table.c.fields).where(table.c.code == "15059")).all():
        known = json.loads(fields)
        there = {entry["key"] for entry in known}
        known += [{"key": name, "names": list(names)} for name, names in _FIELDS if name not in there]
        told = json.dumps(known, ensure_ascii=False)
        connection.execute(sa.update(table).where(table.c.id == key).values(fields=told))
