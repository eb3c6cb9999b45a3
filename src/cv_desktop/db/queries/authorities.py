"""The authorities of certificates that the service recognises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from cv_desktop.db.models.reference import Setting

KEY = "signature_authorities"


@dataclass(frozen=True, slots=True)
class AuthorityRow:
    """``until`` is the end of its certificate; ``revocations`` tells that the file is a list of revoked ones."""

    sha256: str
    filename: str
    name: str
    until: date | None
    revocations: bool


def rows(session: Session) -> list[AuthorityRow]:
    """In the order they were added."""
    kept = session.get(Setting, KEY)
    return [
        AuthorityRow(
            line["sha256"],
            line["filename"],
            line["name"],
            date.fromisoformat(line["until"]) if line["until"] else None,
            bool(line["revocations"]),
        )
        for line in (kept.value or () if kept else ())
    ]
