"""Several scenarios of a campaign, one retained; the base and the reason of a line; the viable minimum of a file

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_COLUMNS = {
    "scenario": (("retained", "BOOLEAN NOT NULL DEFAULT 0"), ("rule", "VARCHAR NOT NULL DEFAULT ''")),
    "scenario_line": (("base_cents", "INTEGER"), ("cut", "VARCHAR NOT NULL DEFAULT ''")),
    "application": (("minimum_cents", "INTEGER"),),
}


def upgrade() -> None:
    # Column by column: a table rebuilt would lose what watches it.
    for table, columns in _COLUMNS.items():
        for name, kind in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    # The first one was the only one that counted.
    op.execute(
        "UPDATE scenario SET retained = 1 WHERE id IN"
        " (SELECT id FROM scenario AS own WHERE NOT EXISTS (SELECT 1 FROM scenario AS other"
        " WHERE other.call_id = own.call_id"
        " AND (other.position < own.position OR (other.position = own.position AND other.id < own.id))))"
    )
    op.create_index("uq_scenario_retained", "scenario", ["call_id"], unique=True, sqlite_where=sa.text("retained"))
