"""The ranking of a campaign without a screen, with what it rests on."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from fractions import Fraction
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import call_id, opened
from cv_desktop.db.queries import calls
from cv_desktop.domain.fairness import Dispersion
from cv_desktop.domain.notes import decimal
from cv_desktop.domain.ranking import Ranked
from cv_desktop.domain.solidity import Shaking, Solidity
from cv_desktop.domain.text import NBSP
from cv_desktop.services import rankings
from cv_desktop.services.rankings import RankingRow

_DIGITS = 6


def ranking(arguments: Namespace) -> tuple[Answer, int]:
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.read() as session:
            shaking = Shaking.of_rules(calls.rules(session, call))
            asked = {name: getattr(arguments, name) for name in ("draws", "shake", "seed")}
            shaking = replace(shaking, **{name: value for name, value in asked.items() if value is not None})
            found = rankings.of_call(session, call_id=call, places=arguments.places, shaking=shaking)
    agreement = found.fairness.agreement
    data: dict[str, Any] = {
        "call": arguments.call.upper(),
        "reviews_minimum": found.minimum,
        "agreement": _rounded(agreement),
        "agreement_coefficient": "Krippendorff alpha, interval",
        "solidity_method": {
            "line": "cut" if arguments.places else "band",
            "places": arguments.places,
            "draws": shaking.draws,
            "shake_percent": shaking.shake,
            "seed": shaking.seed,
            "certain_percent": shaking.certain,
            "fragile_percent": shaking.fragile,
        },
        "files": [_file(ranked) for ranked in found.rows],
        "members": [
            {
                "member": name,
                "files": severity.files,
                "gap": _rounded(float(severity.gap)),
                "spread": _rounded(severity.spread),
                "others_spread": _rounded(severity.others_spread),
                "few": severity.few,
            }
            for key, name in found.members.items()
            if (severity := found.fairness.members.get(key)) is not None
        ],
        "criteria": [
            {"criterion": code, "files": one.files, "discrimination": _rounded(one.correlation)}
            for code, one in found.fairness.criteria.items()
        ],
    }
    return Answer(data, tuple(_line(ranked) for ranked in found.rows) or ("Aucun dossier dans cette campagne.",)), 0


def _file(ranked: Ranked[RankingRow]) -> dict[str, Any]:
    row, note = ranked.row, ranked.row.note
    return {
        "number": row.number,
        "external_number": row.external,
        "rank": ranked.rank,
        "tied": ranked.tied,
        "note": float(decimal(note.note).replace(",", ".")) if note and note.note is not None else None,
        "note_exact": _exact(note.note) if note else None,
        "band": note.band.code if note and note.band else None,
        "eliminated": list(note.eliminated) if note else [],
        "axes": {a.axis: {"points": _exact(a.points), "out_of": a.out_of} for a in note.axes} if note else {},
        "criteria": {
            c.code: {
                "mean": float(c.value) if c.value is not None else None,
                "mean_exact": _exact(c.value),
                "markers": len(c.levels),
                "gap": c.gap,
            }
            for c in (note.criteria if note else ())
        },
        "markers": row.sheets if note else 0,
        "excluded": row.excluded,
        "below_minimum": row.short,
        **_dispersion(row.dispersion if note else None),
        "solidity": _solidity(row.solidity),
        "reason": row.reason,
    }


def _dispersion(found: Dispersion | None) -> dict[str, Any]:
    return {
        "sheets_mean": _rounded(float(found.mean)) if found else None,
        "standard_deviation": _rounded(found.deviation) if found else None,
        "spread": _rounded(float(found.spread)) if found else None,
        "lowest": _rounded(float(found.lowest)) if found else None,
        "highest": _rounded(float(found.highest)) if found else None,
        "agreement": _rounded(found.agreement) if found else None,
    }


def _solidity(found: Solidity | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "state": found.state.name.lower(),
        "label": found.state.label,
        "kept": found.kept,
        "draws": found.shaking.draws,
        "one_sheet": found.alone,
    }


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _line(ranked: Ranked[RankingRow]) -> str:
    row = ranked.row
    number = f"{row.number} ({row.external})" if row.external else row.number
    if row.note is None:
        return f"–  {number}{NBSP}: {row.reason}"
    band = f", {row.note.band.label.lower()}" if row.note.band else ""
    firm = f", {row.solidity.state.label.lower()}" if row.solidity else ""
    out = f", éliminatoire ({', '.join(row.note.eliminated)})" if row.note.eliminated else ""
    few = ", moins de grilles que le minimum" if row.short else ""
    s = "s" if row.sheets > 1 else ""
    return f"{ranked.label}  {number}{NBSP}: {ranked.shown}{band}{firm}, {row.sheets} grille{s}{out}{few}"
