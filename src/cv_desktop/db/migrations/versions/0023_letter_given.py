"""What an officer gives a letter prepared by hand; templates of one campaign

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Column by column: a table rebuilt would lose what watches it.
    op.execute("ALTER TABLE letter ADD COLUMN given JSON")
    op.execute(
        "ALTER TABLE letter_template ADD COLUMN call_id VARCHAR"
        " CONSTRAINT fk_letter_template_call_id REFERENCES call (id)"
    )
    op.create_index("ix_letter_template_call_id", "letter_template", ["call_id"])
