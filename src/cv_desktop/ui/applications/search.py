"""What Ctrl+K finds among the files."""

from __future__ import annotations

from cv_desktop.db.queries import applications as queries
from cv_desktop.domain.money import euros
from cv_desktop.ui.context import Context
from cv_desktop.ui.palette import Hit


def find(context: Context, text: str) -> list[Hit]:
    return [
        Hit(
            "Dossiers",
            f"{row.number} · {row.structure}",
            detail=f"{row.title} · {euros(row.asked_cents)} · {row.status.label}",
            icon="folder-open",
            destination="applications",
            noun="application",
            id=row.id,
        )
        for row in context.read(queries.find, text=text, viewer=context.viewer)
    ]
