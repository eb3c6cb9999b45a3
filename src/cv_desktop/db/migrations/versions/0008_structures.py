"""Structures: their persons, accounts, documents, flags, support and past grants; duplicates and merges

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from cv_desktop.domain.text import words

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _new_tables()
    # Column by column: a table rebuilt would lose what watches it.
    for name, kind in (
        ("acronym", "VARCHAR"),
        ("no_number_reason", "VARCHAR"),
        ("no_number_on", "DATE"),
        ("purpose", "VARCHAR"),
        ("website", "VARCHAR"),
        ("employees", "INTEGER"),
        ("volunteers", "INTEGER"),
        ("members", "INTEGER"),
        ("budget_cents", "INTEGER"),
        ("dissolved_on", "DATE"),
        ("merged_into", "VARCHAR CONSTRAINT fk_structure_merged_into REFERENCES structure (id)"),
    ):
        op.execute(f"ALTER TABLE structure ADD COLUMN {name} {kind}")
    op.create_index("ix_structure_merged_into", "structure", ["merged_into"])
    _move()
    for name in ("iban", "representative_name", "representative_role"):
        op.execute(f"ALTER TABLE structure DROP COLUMN {name}")


def _new_tables() -> None:
    owner = ("structure_id", "structure.id", "CASCADE")
    source = ("import_id", "import.id", None)
    _table(
        "structure_alias",
        "id kind value folded",
        [owner],
        [("noted_on", sa.Date(), False)],
        checks={"kind": "kind IN ('name', 'acronym', 'siren', 'siret', 'rna')"},
        unique=["structure_id", "kind", "folded"],
    )
    _table(
        "mandate",
        "id person_name folded_name role email phone",
        [owner, source],
        [("represents", sa.Boolean(), False), ("starts_on", sa.Date(), True), ("ends_on", sa.Date(), True)],
    )
    _table(
        "bank_account",
        "id iban bic holder validated_by",
        [owner, source],
        [("since", sa.Date(), False), ("until", sa.Date(), True), ("validated_at", sa.DateTime(), True)],
    )
    op.create_table(
        "structure_document_kind",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("validity_months", sa.Integer(), nullable=True),
        sa.Column("expected", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("to_validate", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_structure_document_kind")),
    )
    _table(
        "structure_document",
        "id kind filename note",
        [owner, ("kind", "structure_document_kind.code", None)],
        [
            ("dated_on", sa.Date(), True),
            ("valid_until", sa.Date(), True),
            ("received_on", sa.Date(), False),
            ("sha256", sa.String(), True),
        ],
    )
    _table(
        "structure_flag",
        "id kind reason author lifted_by lifted_reason",
        [owner],
        [("since", sa.Date(), False), ("lifted_at", sa.DateTime(), True)],
        checks={"kind": "kind IN ('missing_report', 'dispute', 'other')"},
    )
    _table(
        "support",
        "id agent kind subject next_step",
        [owner],
        [("given_on", sa.Date(), False), ("minutes", sa.Integer(), True), ("next_on", sa.Date(), True)],
        checks={"minutes": "minutes >= 0"},
    )
    _table(
        "past_grant",
        "id funder scheme title name folded_name siret rna",
        [("structure_id", "structure.id", "SET NULL"), source],
        [
            ("year", sa.Integer(), False),
            ("asked_cents", sa.Integer(), True),
            ("granted_cents", sa.Integer(), True),
            ("paid_cents", sa.Integer(), True),
            ("line", sa.Integer(), True),
        ],
        loose={"structure_id"},
    )
    op.create_table(
        "distinct_pair",
        sa.Column("first_id", sa.String(), nullable=False),
        sa.Column("second_id", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_distinct_pair_order")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["structure.id"], name=op.f("fk_distinct_pair_first_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["structure.id"], name=op.f("fk_distinct_pair_second_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_distinct_pair")),
    )
    _table(
        "structure_merge",
        "id kept_name merged_name merged_by",
        [("kept_id", "structure.id", "CASCADE"), ("merged_id", "structure.id", "CASCADE")],
        [
            ("merged_at", sa.DateTime(), False),
            ("changes", sa.JSON(), False),
            ("undone_at", sa.DateTime(), True),
            ("kept_back", sa.JSON(), False),
        ],
    )
    for table, columns in (
        ("structure_alias", ("structure_id",)),
        ("mandate", ("structure_id", "folded_name", "import_id")),
        ("bank_account", ("structure_id", "iban", "import_id")),
        ("structure_document", ("structure_id", "sha256")),
        ("structure_flag", ("structure_id",)),
        ("support", ("structure_id", "given_on")),
        ("past_grant", ("structure_id", "folded_name", "import_id")),
        ("structure_merge", ("kept_id", "merged_id")),
    ):
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index("ix_structure_alias_folded", "structure_alias", ["kind", "folded"])
    op.create_index("ix_past_grant_year", "past_grant", ["year"])


def _table(
    name: str,
    texts: str,
    links: list[tuple[str, str, str | None]],
    others: list[tuple[str, Any, bool]],
    *,
    checks: dict[str, str] | None = None,
    unique: list[str] | None = None,
    loose: set[str] | None = None,
) -> None:
    """A table with its key ``id``, ``texts`` that are never empty of meaning, and references to other tables."""
    own = texts.split()
    op.create_table(
        name,
        *(sa.Column(text, sa.String(), nullable=False) for text in own),
        *(
            sa.Column(column, sa.String(), nullable=column == "import_id" or column in (loose or set()))
            for column, _target, _gone in links
            if column not in own
        ),
        *(sa.Column(column, kind, nullable=nullable) for column, kind, nullable in others),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{name}_{key}")) for key, rule in (checks or {}).items()),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{name}_{column}"), ondelete=gone)
            for column, target, gone in links
        ),
        *([sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{unique[0]}"))] if unique else []),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def _move() -> None:
    """The account and the representative that the structure itself held."""
    base = op.get_bind()
    base.execute(
        sa.text(
            "INSERT INTO bank_account (id, structure_id, iban, bic, holder, since, until, validated_by, validated_at, "
            "import_id) SELECT lower(hex(randomblob(16))), id, iban, '', '', date(created_at), NULL, '', NULL, "
            "import_id FROM structure WHERE iban IS NOT NULL"
        )
    )
    persons = base.execute(
        sa.text(
            "SELECT id, coalesce(representative_name, ''), coalesce(representative_role, ''), import_id FROM structure "
            "WHERE representative_name IS NOT NULL OR representative_role IS NOT NULL"
        )
    ).all()
    if persons:
        base.execute(
            sa.text(
                "INSERT INTO mandate (id, structure_id, person_name, folded_name, role, represents, email, phone, "
                "import_id) VALUES (:id, :structure, :name, :folded, :role, 1, '', '', :source)"
            ),
            [
                {"id": uuid4().hex, "structure": key, "name": name, "folded": words(name), "role": role, "source": imp}
                for key, name, role, imp in persons
            ],
        )
