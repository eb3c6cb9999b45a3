"""A merged letter held against the law of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cv_desktop.db.models.decision import Lot
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.letter_law import Values, examine, joined
from cv_desktop.domain.letters import Field, LetterContent, plain, text_of
from cv_desktop.services.letter_fields import act_nature


def checked(
    content: LetterContent,
    fields: Mapping[str, Field],
    flags: frozenset[str],
    settings: Mapping[str, Any],
    signed_by: str,
    lot: Lot | None = None,
) -> LetterContent:
    """The content with what the law finds missing in it, beside its empty fields.

    ``settings`` are those of the institution; ``signed_by`` may be nobody yet; ``lot`` holds the act, if there is one.
    """
    values: dict[str, str | tuple[str, ...] | None] = {
        name: tuple(cell for row in field.rows for cell in row) or field.value for name, field in fields.items()
    }
    if lot is not None:
        values |= {
            "acte.nature": act_nature(lot.body, lot.delegated),
            "acte.numero": lot.act_number,
            "acte.du": long_date(lot.act_on) if lot.act_on else None,
            "acte.transmis_le": long_date(lot.sent_to_prefect_on) if lot.sent_to_prefect_on else None,
            "acte.publie_le": long_date(lot.published_on) if lot.published_on else None,
        }
    values |= {
        "signataire.nom": signed_by,
        "signataire.qualite": " ".join(plain(line) for line in content.signatory_quality),
        "agent.nom": settings.get("agent_name"),
        "service.adresse": settings.get("address"),
    }
    found = examine(content.kind, text=text_of(content), values=_known(values), flags=flags)
    return replace(content, missing=joined(content.missing, found.blocks), reminders=found.reminds)


def _known(values: Values) -> Values:
    return {name: value for name, value in values.items() if value}
