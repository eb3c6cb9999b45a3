"""What an exclusion took from a file, on the line of its scenario: it was read in the journal

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A rebuilt table would lose its triggers.
    op.execute("ALTER TABLE scenario_line ADD COLUMN taken JSON")
    # The last exclusion of a file still excluded: one given back since, or a lock put by hand, took nothing.
    op.execute(
        """
        UPDATE scenario_line SET taken = (
            SELECT CASE WHEN json_extract(entry.after, '$.excluded') THEN json_object(
                'amount_cents', json_extract(entry.before, '$.amount_cents'),
                'locked', json(iif(json_extract(entry.before, '$.locked'), 'true', 'false')),
                'cut', coalesce(json_extract(entry.before, '$.cut'), '')
            ) END
            FROM journal AS entry
            WHERE entry.noun = 'application' AND entry.noun_id = scenario_line.application_id
                AND entry.verb = 'scenarios.set_excluded'
                AND json_extract(entry.after, '$.scenario_id') = scenario_line.scenario_id
            ORDER BY entry.seq DESC LIMIT 1
        )
        WHERE locked AND amount_cents = 0
        """
    )
