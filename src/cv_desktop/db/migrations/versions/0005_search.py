"""The index of the search

Nothing to write here: the index is derived, and ``db.search.install`` makes it anew after the last step.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
