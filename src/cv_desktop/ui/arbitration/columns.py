"""The columns of the arbitration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cv_desktop.domain.allocation import rate_of
from cv_desktop.domain.money import euros, figures
from cv_desktop.ui.arbitration.lines import Line
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.tables.columns import Column

Write = Callable[[Line, str], None]
ALONE, TIED = 48, 100
LOT_WORDS = {"submitted": "soumis au vote", "voted": "voté"}


def columns(write_amount: Write, write_motive: Write) -> list[Column[Line]]:
    """Rank, lock, file, what is asked and proposed; the amount and the motive are written in place."""
    return [
        Column(
            "rank",
            "Rang",
            _of(lambda x: str(x.ranked.rank) if x.ranked and x.ranked.rank else "–"),
            width=ALONE,
            second=_of(lambda x: "ex æquo" if x.ranked and x.ranked.tied else ""),
            tooltip="Par note exacte du comité",
            accessible=_of(lambda x: f"Rang : {x.ranked.label}" if x.ranked else ""),
        ),
        Column(
            "lock",
            "",
            _of(lambda _x: ""),
            width=30,
            icon=_of(_lock_icon),
            accessible=_of(_lock_sentence),
            tooltip="Verrou (L)",
            tone="secondary",
        ),
        Column(
            "file",
            "Structure · action",
            _of(lambda x: x.row.structure),
            width=210,
            stretch=True,
            second=_of(lambda x: x.row.title),
            weight=500,
        ),
        Column("number", "N°", _of(lambda x: x.row.number), width=120, hidden=True),
        Column("theme", "Volet", _of(lambda x: x.row.theme), width=80, tone="secondary"),
        Column("quarters", "Quartier", _of(lambda x: x.row.quarters), width=84, tone="secondary"),
        Column("note", "Note", _of(lambda x: x.ranked.shown if x.ranked else ""), width=54, align="right", weight=600),
        Column(
            "solidity",
            "Solidité",
            _of(lambda x: x.solidity.state.label if x.solidity else "–"),
            width=92,
            badge=lambda x: Badge(*x.solidity.state.value) if x.solidity else None,
            accessible=_of(lambda x: x.solidity.sentence if x.solidity else "Solidité inconnue"),
            tooltip="Reste-t-il dans sa bande sans une grille, avec des poids un peu différents\u00a0?",
        ),
        Column("opinion", "Avis", _of(lambda x: x.row.opinion.label), width=110, tone="secondary", hidden=True),
        Column("asked", "Demandé", _of(lambda x: figures(x.row.asked_cents)), width=78, align="right"),
        Column(
            "amount",
            "Proposé",
            _of(lambda x: "–" if x.row.amount_cents is None else figures(x.row.amount_cents)),
            width=84,
            align="right",
            weight=600,
            edit=write_amount,
            edit_text=_of(lambda x: "" if x.row.amount_cents is None else figures(x.row.amount_cents)),
            editable=lambda x: x.open,
            mark=_of(lambda x: "danger" if x.problem else ""),
            accessible=_of(_amount_sentence),
        ),
        Column("rate", "Taux", _of(_rate), width=56, align="right", tone="secondary", tooltip="Part de la demande"),
        Column(
            "place",
            "État",
            _of(lambda x: x.place.word if x.place else ""),
            width=88,
            badge=lambda x: x.place.badge if x.place else None,
        ),
        Column(
            "motive",
            "Motif",
            _of(lambda x: x.row.motive or x.problem or x.reason),
            width=128,
            edit=write_motive,
            edit_text=_of(lambda x: x.row.motive),
            editable=lambda x: x.open,
            tone="secondary",
        ),
    ]


def rate(line: Line) -> str:
    """« 82 % » of the request."""
    return rate_of(line.amount_cents, line.row.asked_cents)


def _of(function: Callable[[Line], str]) -> Callable[[Any], str]:
    """The dark line is no file: it has no cell."""
    return lambda line: function(line) if line.ranked else ""


def _rate(line: Line) -> str:
    return rate(line)


def _lock_icon(line: Line) -> str:
    if line.row.lot_id is not None:
        return "vote"
    return "lock" if line.row.locked else ""


def _lock_sentence(line: Line) -> str:
    if line.row.lot_id is not None:
        return f"Dossier {LOT_WORDS.get(line.row.lot_state, '')}".strip()
    return "Montant verrouillé" if line.row.locked else "Montant libre"


def _amount_sentence(line: Line) -> str:
    if line.row.amount_cents is None:
        return "Proposé : rien"
    said = f"Proposé : {euros(line.row.amount_cents)}, {rate(line)} du demandé."
    return f"{said} {line.problem}".strip().replace("€", "euros")
