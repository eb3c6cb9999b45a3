"""A merged letter held against the law of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cv_desktop.domain.dates import long_date
from cv_desktop.domain.letter_law import Values, examine, joined
from cv_desktop.domain.letters import Field, LetterContent, plain, text_of
from cv_desktop.services.letter_fields import Subject, act_nature


def checked(
    content: LetterContent, subject: Subject, fields: Mapping[str, Field], flags: frozenset[str], signed_by: str
) -> LetterContent:
    """The content with what the law finds missing in it, beside its empty fields; ``signed_by`` may be nobody yet."""
    values: dict[str, str | tuple[str, ...] | None] = {
        name: tuple(cell for row in field.rows for cell in row) or field.value for name, field in fields.items()
    }
    lot = subject.lot
    if lot is not None:
        values |= {
            "acte.nature": act_nature(lot.body),
            "acte.numero": lot.act_number,
            "acte.du": long_date(lot.act_on) if lot.act_on else None,
            "acte.transmis_le": long_date(lot.sent_to_prefect_on) if lot.sent_to_prefect_on else None,
            "acte.publie_le": long_date(lot.published_on) if lot.published_on else None,
        }
    values |= {
        "signataire.nom": signed_by,
        "signataire.qualite": " ".join(plain(line) for line in content.signatory_quality),
        "agent.nom": subject.setting("agent_name"),
        "service.adresse": subject.setting("address"),
    }
    found = examine(content.kind, text=text_of(content), values=_known(values), flags=flags)
    return replace(content, missing=joined(content.missing, found.blocks), reminders=found.reminds)


def _known(values: Values) -> Values:
    return {name: value for name, value in values.items() if value}
