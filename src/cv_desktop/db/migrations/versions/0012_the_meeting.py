"""The meeting held and proved: moves with their hours, votes, reserves, snapshots of the closings

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Campaigns that exist receive the rules their meetings now read, « à valider », with the values of the program.
_PARAMETERS = (
    (
        "quorum",
        "Quorum",
        "Nombre de voix présentes qu’il faut pour rendre un avis\u00a0; sans valeur, plus de la moitié des voix du "
        "comité.",
        "count",
        "null",
    ),
    (
        "quorum_counts_recused",
        "Déports comptés dans le quorum",
        "À «\u00a0oui\u00a0», un membre sorti pour un déport compte dans le quorum du dossier\u00a0; "
        "il ne vote jamais.",
        "flag",
        "false",
    ),
    (
        "minutes_per_file",
        "Durée prévue par dossier",
        "Minutes prévues pour chaque dossier à l’ordre du jour d’une séance\u00a0; elles se changent dossier par "
        "dossier.",
        "count",
        "10",
    ),
)


def upgrade() -> None:
    with op.batch_alter_table("meeting") as meeting:
        meeting.add_column(sa.Column("starts_at", sa.Time(), nullable=True))
        for name in ("president", "secretary"):
            meeting.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        meeting.add_column(sa.Column("file_minutes", sa.Integer(), nullable=False, server_default="10"))
        meeting.add_column(sa.Column("convened_on", sa.Date(), nullable=True))
        for name in ("opened_at", "reread_at"):
            meeting.add_column(sa.Column(name, sa.DateTime(), nullable=True))
    with op.batch_alter_table("agenda_item") as item:
        for name in ("minutes", "votes_for", "votes_against", "votes_abstention"):
            item.add_column(sa.Column(name, sa.Integer(), nullable=True))
        item.add_column(sa.Column("called_at", sa.DateTime(), nullable=True))
        for name in ("reserves", "asked", "remark"):
            item.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        item.add_column(sa.Column("room", sa.JSON(), nullable=True))
    op.create_table(
        "presence_move",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('in', 'out')", name=op.f("ck_presence_move_kind")),
        sa.CheckConstraint("why IN ('arrival', 'departure', 'recusal', 'return')", name=op.f("ck_presence_move_why")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_presence_move_meeting_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_presence_move_member_id"),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name="fk_presence_move_application_id"),
        sa.PrimaryKeyConstraint("id", name="pk_presence_move"),
    )
    for column in ("meeting_id", "member_id"):
        op.create_index(f"ix_presence_move_{column}", "presence_move", [column])
    op.create_table(
        "meeting_snapshot",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_meeting_snapshot_meeting_id"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_snapshot"),
        sa.UniqueConstraint("meeting_id", "version", name="uq_meeting_snapshot_meeting_id"),
    )
    # Whoever was ticked was in the room when the sheets were revealed; before that, only the day is known.
    op.execute(
        "INSERT INTO presence_move (id, meeting_id, member_id, seq, at, kind, why) "
        "SELECT lower(hex(randomblob(16))), meeting.id, attendance.member_id, 0, "
        "coalesce(meeting.revealed_at, meeting.held_on || ' 00:00:00'), 'in', 'arrival' "
        "FROM attendance JOIN meeting ON meeting.id = attendance.meeting_id WHERE attendance.present"
    )
    op.execute("DELETE FROM attendance")
    for key, label, hint, unit, value in _PARAMETERS:
        op.get_bind().execute(
            sa.text(
                "INSERT INTO rules_parameter (id, scheme_code, call_id, key, version, position, article, label, hint, "
                'unit, value, severity, remedy, "check", effective_from, to_validate) '
                "SELECT lower(hex(randomblob(16))), scheme_code, call_id, :key, max(version), max(position) + 1, "
                "'séances', :label, :hint, :unit, :value, 'none', 'none', NULL, max(effective_from), 1 "
                "FROM rules_parameter GROUP BY scheme_code, call_id"
            ),
            {"key": key, "label": label, "hint": hint, "unit": unit, "value": value},
        )
