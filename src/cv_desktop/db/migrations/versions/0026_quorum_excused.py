"""Whether a reason lets a lot hold an opinion given without quorum: a parameter of each règlement

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().execute(
        sa.text(
            "INSERT INTO rules_parameter (id, scheme_code, call_id, key, version, position, article, label, hint, "
            'unit, value, severity, remedy, "check", effective_from, to_validate) '
            "SELECT lower(hex(randomblob(16))), scheme_code, call_id, 'quorum_excused', max(version), "
            "max(position) + 1, 'séances', :label, :hint, 'flag', 'false', 'none', 'none', NULL, "
            "max(effective_from), 1 FROM rules_parameter GROUP BY scheme_code, call_id"
        ),
        {
            "label": "Avis sans quorum admis avec un motif",
            "hint": "À «\u00a0oui\u00a0», un lot peut porter, avec un motif écrit, un dossier dont l’avis a été rendu "
            "sans quorum\u00a0; à «\u00a0non\u00a0», il est refusé.",
        },
    )
