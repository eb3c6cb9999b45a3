"""What stands at the foot of every page: the address of the service, and what is done with personal data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.db.queries import settings
from cv_desktop.domain.articles import authority_name, with_article

PRIVACY = "donnees_personnelles"


def footer(session: Session, values: Mapping[str, Any], day: date) -> tuple[str, str]:
    """The two texts, on a day; ``values`` are the settings of the institution.

    Who answers about personal data is the person named for it, else the service by its mail, else by its address.
    """
    address = str(values.get("address") or "")
    contact = str(values.get("dpo") or values.get("email") or address)
    said = settings.text_in_force(session, PRIVACY, day)
    return address, said.replace("{autorite}", authority(values)).replace("{dpo}", contact)


def authority(values: Mapping[str, Any]) -> str:
    """« la Communauté d’agglomération Melun Val de Seine », or the name alone of what has no such form."""
    return with_article(authority_name(str(values.get("authority_kind") or ""), str(values.get("authority") or "")))
