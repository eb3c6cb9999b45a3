"""A file as an officer types it from paper, before it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cv_desktop.domain.approval import Approval
from cv_desktop.domain.budget import BudgetLine
from cv_desktop.domain.consortium import Partner
from cv_desktop.domain.indicators import Planned
from cv_desktop.domain.intake import StructureRead

UNTITLED = "Action sans intitulé"


@dataclass(frozen=True, slots=True)
class Entry:
    """``structure_id`` when the registry knows it; ``structure`` is what the form says of it all the same.

    ``told`` are the texts of the form that its record may take, by field. ``values`` holds fields of ``domain.form``
    by name. ``documents`` are the kinds of documents that came with it, ``approvals`` those the structure has.
    """

    structure: StructureRead
    structure_id: str = ""
    told: Mapping[str, str] = field(default_factory=dict, hash=False)
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)
    quarters: tuple[str, ...] = ()
    outside: bool = False
    objectives: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    partners: tuple[Partner, ...] = ()
    indicators: tuple[Planned, ...] = ()
    documents: tuple[str, ...] = ()
    approvals: tuple[Approval, ...] = ()
    renewed_from: str = ""


def missing(values: Mapping[str, Any], *, structure: str) -> tuple[str, ...]:
    """What a file needs before it counts as deposited; the rest is for the checks. Empty when it may be."""
    lacking = []
    if not structure.strip():
        lacking.append("la structure")
    if values.get("title") in (None, "", UNTITLED):
        lacking.append("l’intitulé de l’action")
    if not values.get("asked_cents"):
        lacking.append("le montant demandé")
    if not values.get("deposited_at"):
        lacking.append("la date de réception")
    return tuple(lacking)


def listed(things: Sequence[str]) -> str:
    """« la structure, le montant demandé et la date de réception »."""
    return " et ".join([", ".join(things[:-1]), things[-1]]) if len(things) > 1 else "".join(things)
