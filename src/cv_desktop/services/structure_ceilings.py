"""The most that a structure may receive in the year, with what its files hold today."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Call
from cv_desktop.db.queries import year_amounts, year_grants
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.rules import BLOCK, Rules
from cv_desktop.domain.structure_ceiling import StructureCeiling


def ceiling(session: Session, call_id: str, rules: Rules) -> StructureCeiling:
    """That of a campaign; without limit when its règlement gives none, or only warns of it.

    Every scheme of the year counts, unless the règlement says that only its own does; so do the years of agreements
    signed before and what lists say that this authority gave.
    """
    call = session.get_one(Call, call_id)
    rule = rules.get("structure_amount_max")
    if rule is None or rule.value is None or rule.severity != BLOCK:
        return StructureCeiling(call.year)
    everywhere = "structure_amount_all" not in rules or rules.flag("structure_amount_all")
    scheme = None if everywhere else call.scheme_code
    files = year_amounts.held(session, year=call.year, scheme=scheme)
    limit, besides = rules.cents("structure_amount_max"), year_grants.besides(session, year=call.year, scheme=scheme)
    return StructureCeiling(call.year, limit, rule.reference, {file.id: file for file in files}, besides)


def require_under(session: Session, call_id: str, rules: Rules, amounts: dict[str, int], *, field: str) -> None:
    """Raises UserError, naming the file, when amounts in cents pass the maximum of a structure in the year."""
    known = ceiling(session, call_id, rules)
    for key, sentence in known.over(amounts).items():
        raise UserError(f"{known.files[key].number}\u00a0: {sentence}", field=field)
