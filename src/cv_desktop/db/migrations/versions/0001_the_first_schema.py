"""The first schema

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "commune",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_commune")),
    )
    op.create_table(
        "funder",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("synonyms", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_funder")),
    )
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("noun_id", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index("ix_journal_thing", ["noun", "noun_id"], unique=False)

    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "letter_template",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("to_validate", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_template")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_letter_template_kind")),
    )
    op.create_table(
        "priority",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_priority")),
    )
    op.create_table(
        "quarter",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("code_2015", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("layer_name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_quarter")),
    )
    op.create_table(
        "reference_version",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_version")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_reference_version_name")),
    )
    op.create_table(
        "scheme",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_scheme")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "standard_text",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("to_validate", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_text")),
        sa.UniqueConstraint("key", "effective_from", name=op.f("uq_standard_text_key")),
    )
    op.create_table(
        "theme",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_theme")),
    )
    op.create_table(
        "call",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("scheme_code", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("envelope_cents", sa.Integer(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("envelope_cents >= 0", name=op.f("ck_call_envelope")),
        sa.ForeignKeyConstraint(["scheme_code"], ["scheme.code"], name=op.f("fk_call_scheme_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("code", name=op.f("uq_call_code")),
    )
    op.create_table(
        "quarter_commune",
        sa.Column("quarter_code", sa.String(), nullable=False),
        sa.Column("commune_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["commune_code"], ["commune.code"], name=op.f("fk_quarter_commune_commune_code")),
        sa.ForeignKeyConstraint(["quarter_code"], ["quarter.code"], name=op.f("fk_quarter_commune_quarter_code")),
        sa.PrimaryKeyConstraint("quarter_code", "commune_code", name=op.f("pk_quarter_commune")),
    )
    op.create_table(
        "stake",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("theme_code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["theme_code"], ["theme.code"], name=op.f("fk_stake_theme_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_stake")),
    )
    op.create_table(
        "grid",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("scheme_code", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(), nullable=True),
        sa.Column("to_validate", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_grid_call_id")),
        sa.ForeignKeyConstraint(["scheme_code"], ["scheme.code"], name=op.f("fk_grid_scheme_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid")),
        sa.UniqueConstraint("scheme_code", "call_id", "version", name=op.f("uq_grid_scheme_code")),
    )
    with op.batch_alter_table("grid", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grid_call_id"), ["call_id"], unique=False)

    op.create_table(
        "import",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_import_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_call_id"), ["call_id"], unique=False)

    op.create_table(
        "lot",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=False),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("act_number", sa.String(), nullable=True),
        sa.Column("act_on", sa.Date(), nullable=True),
        sa.Column("sent_to_prefect_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('submitted', 'voted', 'returned')", name=op.f("ck_lot_state")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_lot_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
    )
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_call_id"), ["call_id"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revealed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("state IN ('prepared', 'open', 'closed')", name=op.f("ck_meeting_state")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_meeting_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_call_id"), ["call_id"], unique=False)

    op.create_table(
        "member",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_member_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_call_id"), ["call_id"], unique=False)

    op.create_table(
        "objective",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("stake_code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("levers", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["stake_code"], ["stake.code"], name=op.f("fk_objective_stake_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_objective")),
    )
    op.create_table(
        "rules_parameter",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("scheme_code", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("remedy", sa.String(), nullable=False),
        sa.Column("check", sa.String(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("to_validate", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_rules_parameter_call_id")),
        sa.ForeignKeyConstraint(["scheme_code"], ["scheme.code"], name=op.f("fk_rules_parameter_scheme_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_parameter")),
        sa.UniqueConstraint("scheme_code", "call_id", "key", "version", name=op.f("uq_rules_parameter_scheme_code")),
    )
    with op.batch_alter_table("rules_parameter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rules_parameter_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rules_parameter_scheme_code"), ["scheme_code"], unique=False)

    op.create_table(
        "scenario",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_scenario_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
    )
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scenario_call_id"), ["call_id"], unique=False)

    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_meeting_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_attendance_member_id")),
        sa.PrimaryKeyConstraint("meeting_id", "member_id", name=op.f("pk_attendance")),
    )
    op.create_table(
        "structure",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded_name", sa.String(), nullable=False),
        sa.Column("siren", sa.String(), nullable=True),
        sa.Column("siret", sa.String(), nullable=True),
        sa.Column("rna", sa.String(), nullable=True),
        sa.Column("legal_form", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("postal_code", sa.String(), nullable=True),
        sa.Column("commune", sa.String(), nullable=True),
        sa.Column("commune_code", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("representative_name", sa.String(), nullable=True),
        sa.Column("representative_role", sa.String(), nullable=True),
        sa.Column("iban", sa.String(), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("import_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_structure_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structure")),
        sa.UniqueConstraint("rna", name=op.f("uq_structure_rna")),
        sa.UniqueConstraint("siren", name=op.f("uq_structure_siren")),
    )
    with op.batch_alter_table("structure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_structure_folded_name"), ["folded_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_structure_import_id"), ["import_id"], unique=False)
        batch_op.create_index("ix_structure_name", ["name"], unique=False)

    op.create_table(
        "application",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("structure_id", sa.String(), nullable=False),
        sa.Column("import_id", sa.String(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("theme_code", sa.String(), nullable=True),
        sa.Column("theme_label", sa.String(), nullable=False),
        sa.Column("quarters_text", sa.String(), nullable=False),
        sa.Column("outside_quarters", sa.Boolean(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("beneficiaries", sa.Integer(), nullable=True),
        sa.Column("women", sa.Integer(), nullable=True),
        sa.Column("quarter_residents", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("cost_cents", sa.Integer(), nullable=False),
        sa.Column("asked_cents", sa.Integer(), nullable=False),
        sa.Column("equality", sa.String(), nullable=False),
        sa.Column("participation", sa.String(), nullable=False),
        sa.Column("ecology", sa.String(), nullable=False),
        sa.Column("republican_contract", sa.Boolean(), nullable=True),
        sa.Column("siret_raw", sa.String(), nullable=True),
        sa.Column("deposited_at", sa.DateTime(), nullable=True),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("checks_snapshot", sa.JSON(), nullable=True),
        sa.Column("status_reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'deposited', 'incomplete', 'eligible', 'ineligible', 'withdrawn')",
            name=op.f("ck_application_status"),
        ),
        sa.CheckConstraint("asked_cents >= 0", name=op.f("ck_application_asked")),
        sa.CheckConstraint("cost_cents >= 0", name=op.f("ck_application_cost")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_application_call_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_application_import_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_application_structure_id")),
        sa.ForeignKeyConstraint(["theme_code"], ["theme.code"], name=op.f("fk_application_theme_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("call_id", "seq", name=op.f("uq_application_call_id")),
        sa.UniqueConstraint("number", name=op.f("uq_application_number")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_structure_id"), ["structure_id"], unique=False)
        batch_op.create_index("uq_application_external", ["call_id", "source", "external_id"], unique=True)

    op.create_table(
        "agenda_item",
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=True),
        sa.Column("score_snapshot", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_agenda_item_application_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "application_id", name=op.f("pk_agenda_item")),
    )
    op.create_table(
        "application_quarter",
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("quarter_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_quarter_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["quarter_code"], ["quarter.code"], name=op.f("fk_application_quarter_quarter_code")),
        sa.PrimaryKeyConstraint("application_id", "quarter_code", name=op.f("pk_application_quarter")),
    )
    op.create_table(
        "budget_line",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.CheckConstraint("side IN ('charge', 'produit')", name=op.f("ck_budget_line_side")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_budget_line_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
    )
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_line_application_id"), ["application_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("lot_id", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("motive", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("(amount_cents > 0) = (outcome IN ('granted', 'partial'))", name=op.f("ck_decision_amount")),
        sa.CheckConstraint(
            "outcome IN ('granted', 'partial', 'refused', 'adjourned')", name=op.f("ck_decision_outcome")
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_decision_application_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_decision_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("lot_id", "application_id", name=op.f("uq_decision_lot_id")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_application_id"), ["application_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_document_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("application_id", "kind", name=op.f("uq_document_application_id")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_application_id"), ["application_id"], unique=False)

    op.create_table(
        "lot_line",
        sa.Column("lot_id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("score", sa.String(), nullable=False),
        sa.Column("motive", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_lot_line_application_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_line_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", "application_id", name=op.f("pk_lot_line")),
    )
    with op.batch_alter_table("lot_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_line_application_id"), ["application_id"], unique=False)

    op.create_table(
        "recusal",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("declared_at", sa.DateTime(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_recusal_application_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_recusal_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
    )
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusal_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recusal_member_id"), ["member_id"], unique=False)

    op.create_table(
        "review",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("grid_id", sa.String(), nullable=False),
        sa.Column("returned_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_review_application_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_review_grid_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_review_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("application_id", "member_id", name=op.f("uq_review_application_id")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_member_id"), ["member_id"], unique=False)

    op.create_table(
        "scenario_line",
        sa.Column("scenario_id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("motive", sa.String(), nullable=False),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_scenario_line_amount")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_scenario_line_application_id")),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_line_scenario_id")),
        sa.PrimaryKeyConstraint("scenario_id", "application_id", name=op.f("pk_scenario_line")),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("decision_id", sa.String(), nullable=True),
        sa.Column("template_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("issued_at", sa.DateTime(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("filename", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('to_read', 'read', 'issued')", name=op.f("ck_letter_state")),
        sa.CheckConstraint("(seq IS NULL) = (number IS NULL)", name=op.f("ck_letter_number")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_letter_application_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_letter_call_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_letter_decision_id")),
        sa.ForeignKeyConstraint(["template_id"], ["letter_template.id"], name=op.f("fk_letter_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("number", name=op.f("uq_letter_number")),
        sa.UniqueConstraint("year", "seq", name=op.f("uq_letter_year")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_call_id"), ["call_id"], unique=False)

    op.create_table(
        "mark",
        sa.Column("review_id", sa.String(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("dedicated", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("marked_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("level IS NULL OR not_applicable = 0", name=op.f("ck_mark_level")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_mark_review_id")),
        sa.PrimaryKeyConstraint("review_id", "criterion", name=op.f("pk_mark")),
    )
    # The journal only grows: what is written in it is evidence.
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER journal_no_{verb.lower()} BEFORE {verb} ON journal "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )
