"""What Ctrl+K finds among the structures."""

from __future__ import annotations

from cv_desktop.db.queries import structures as queries
from cv_desktop.domain.identifiers import display_siret
from cv_desktop.ui.context import Context
from cv_desktop.ui.palette import Hit


def find(context: Context, text: str) -> list[Hit]:
    return [
        Hit(
            "Structures",
            row.name,
            detail=" · ".join(x for x in (display_siret(row.siret) if row.siret else "", row.commune) if x),
            icon="building-complex",
            destination="structures",
            noun="structure",
            id=row.id,
        )
        for row in context.read(queries.find, text=text)
    ]
