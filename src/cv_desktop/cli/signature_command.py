"""Signatures of a PDF, read without a screen."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.hours import spoken_moment
from cv_desktop.domain.text import counted, quote


def verify(arguments: Namespace) -> tuple[Answer, int]:
    """``signature verify``: who signed, when, what is covered, whether recognised."""
    from cv_desktop.documents import signature_check

    pdf = _bytes(arguments.file, signature_check.LARGEST)
    authorities = [_bytes(path, signature_check.LARGEST) for path in arguments.authority or ()]
    found = signature_check.check(pdf, authorities, at=datetime.now(UTC))
    data: dict[str, Any] = {
        "file": arguments.file.name,
        "signatures": [
            {
                "field": one.field,
                "signer": one.signer,
                "time": one.signed_at.isoformat() if one.signed_at else None,
                "intact": one.intact,
                "covers_whole_document": one.covers_whole_document,
                "changed_after": one.changed_after,
                "trusted": one.trusted,
                "verdict": one.verdict.value,
                "archived": one.archived,
                "dated": one.dated_at.isoformat() if one.dated_at else None,
                "why": one.why,
            }
            for one in found
        ],
    }
    lines = [f"{arguments.file.name}\u00a0: {counted(len(found), 'signature') if found else 'aucune signature'}."]
    for one in found:
        who = one.signer or "signataire illisible"
        moment = one.signed_at
        when = f", le {long_date(local(moment).date())} à {spoken_moment(moment)}" if moment else ""
        lines.append(f"  {who}{when}\u00a0: {one.verdict.value}. {one.why}")
    return Answer(data, tuple(lines)), 0


def _bytes(path: Path, largest: int) -> bytes:
    try:
        if path.expanduser().stat().st_size > largest:
            raise UserError(f"{quote(path.name)} pèse plus de {largest >> 20}\u00a0Mo\u00a0: il n’est pas lu.")
        return path.expanduser().read_bytes()
    except OSError:
        raise UserError(f"Le fichier {quote(str(path))} ne se lit pas\u00a0: vérifiez son nom et vos droits.") from None
