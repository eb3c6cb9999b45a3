"""The columns of the arbitration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cv_desktop.domain.allocation import rate_of
from cv_desktop.domain.money import euros, figures, percent
from cv_desktop.ui.arbitration.lines import ENDED, Line
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.tables.columns import Column

Write = Callable[[Line, str], None]
ALONE, TIED = 46, 56
LOT_WORDS = {"submitted": "soumis au vote", "voted": "voté"}


@dataclass(frozen=True, slots=True)
class Writers:
    """What each cell that is written in place calls."""

    amount: Write
    rate: Write
    base: Write
    base_rate: Write
    minimum: Write
    motive: Write


def columns(write: Writers) -> list[Column[Line]]:
    """Rank, lock, file, what is asked and proposed: amount, rate and base are one value written in any of the three."""
    return [
        Column(
            "rank",
            "Rang",
            _of(lambda x: x.ranked.brief if x.ranked else ""),
            width=ALONE,
            tooltip="Par note exacte du comité\u00a0; le signe =\u00a0: ex æquo",
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
            width=230,
            stretch=True,
            second=_of(lambda x: x.row.title),
            weight=500,
        ),
        Column("number", "N°", _of(lambda x: x.row.number), width=120, hidden=True),
        Column("theme", "Volet", _of(lambda x: x.row.theme), width=66, tone="secondary", yields=3, grows=190),
        Column("quarters", "Quartier", _of(lambda x: x.row.quarters), width=66, tone="secondary", yields=2, grows=150),
        Column("note", "Note", _of(lambda x: x.ranked.shown if x.ranked else ""), width=52, align="right", weight=600),
        Column(
            "solidity",
            "Solidité",
            _of(lambda x: x.solidity.state.label if x.solidity else "–"),
            width=82,
            badge=lambda x: Badge(*x.solidity.state.value) if x.solidity else None,
            accessible=_of(lambda x: x.solidity.sentence if x.solidity else "Solidité inconnue"),
            yields=5,
            tooltip="Reste-t-il dans sa bande sans une grille, avec des poids un peu différents\u00a0?",
        ),
        Column(
            "cut",
            "Face à la fin",
            _of(lambda x: x.cut.state.label if x.cut else "–"),
            width=100,
            badge=lambda x: Badge(*x.cut.state.value) if x.cut else None,
            accessible=_of(lambda x: x.cut.sentence if x.cut else "Personne n’est près de la fin de l’enveloppe"),
            tooltip="Reste-t-il du même côté de la fin de l’enveloppe, sans une grille, les poids remués\u00a0?",
            hidden=True,
        ),
        Column("opinion", "Avis", _of(lambda x: x.row.opinion.label), width=110, tone="secondary", hidden=True),
        Column("asked", "Demandé", _of(lambda x: figures(x.row.asked_cents)), width=74, align="right"),
        Column(
            "minimum",
            "Minimum viable",
            _of(lambda x: _cents(x.row.about.minimum_cents)),
            width=100,
            align="right",
            tone="secondary",
            edit=write.minimum,
            edit_text=_of(lambda x: _typed(x.row.about.minimum_cents)),
            editable=lambda x: x.open,
            tooltip="Le moins qu’il faut à l’association pour mener son action (P)",
            hidden=True,
        ),
        Column(
            "previous",
            "Accordé N-1",
            _of(lambda x: figures(x.row.about.previous_cents) if x.row.about.previous_cents else "–"),
            width=92,
            align="right",
            tone="secondary",
            tooltip="Accordé à l’association l’année d’avant",
            hidden=True,
        ),
        Column(
            "head",
            "Coût par bénéficiaire",
            _of(_per_head),
            width=120,
            align="right",
            tone="secondary",
            tooltip="Budget de l’action par bénéficiaire",
            hidden=True,
        ),
        Column(
            "priorities", "Priorités", _of(lambda x: x.row.about.priorities), width=130, tone="secondary", hidden=True
        ),
        Column(
            "base",
            "Base",
            _of(lambda x: _cents(x.row.base_cents)),
            width=60,
            yields=1,
            align="right",
            tone="secondary",
            edit=write.base,
            edit_text=_of(lambda x: _typed(x.row.base_cents)),
            editable=lambda x: x.open,
            mark=_of(lambda x: "warning" if x.row.own_base_cents is not None else ""),
            accessible=_of(_base_sentence),
            tooltip="Base éligible : charges hors 86 et hors comptes exclus par le règlement",
        ),
        Column(
            "amount",
            "Proposé",
            _of(lambda x: "–" if x.row.amount_cents is None else figures(x.row.amount_cents)),
            width=76,
            align="right",
            weight=600,
            edit=write.amount,
            edit_text=_of(lambda x: "" if x.row.amount_cents is None else figures(x.row.amount_cents)),
            editable=lambda x: x.open,
            mark=_of(lambda x: "danger" if x.problem else ""),
            accessible=_of(_amount_sentence),
        ),
        Column(
            "rate",
            "Taux",
            _of(_rate),
            width=60,
            align="right",
            tone="secondary",
            tooltip="Part de la demande",
            edit=write.rate,
            edit_text=_of(lambda x: typed_rate(x.amount_cents, x.row.asked_cents)),
            editable=lambda x: x.open,
        ),
        Column(
            "base_rate",
            "Taux/base",
            _of(lambda x: rate_of(x.amount_cents, x.row.base_cents) if x.row.base_cents else "–"),
            width=78,
            align="right",
            tone="secondary",
            tooltip="Part de la base éligible",
            edit=write.base_rate,
            edit_text=_of(lambda x: typed_rate(x.amount_cents, x.row.base_cents or 0)),
            editable=lambda x: x.open and bool(x.row.base_cents),
            hidden=True,
        ),
        Column(
            "place",
            "État",
            _of(lambda x: x.place.word if x.place else ""),
            width=82,
            badge=lambda x: x.place.badge if x.place else None,
        ),
        Column(
            "motive",
            "Motif",
            _of(_motive),
            width=112,
            yields=4,
            grows=260,
            edit=write.motive,
            edit_text=_of(lambda x: x.row.motive),
            editable=lambda x: x.open,
            tone="secondary",
        ),
    ]


def _motive(line: Line) -> str:
    if line.reason == ENDED:
        return line.row.lot_motive or ENDED
    if line.row.lot_id:
        return line.row.lot_motive or line.reason
    return line.row.motive or line.problem or line.row.cut or line.reason


def rate(line: Line) -> str:
    """« 82 % » of the request."""
    return rate_of(line.amount_cents, line.row.asked_cents)


def _of(function: Callable[[Line], str]) -> Callable[[Any], str]:
    """The dark line is no file: it has no cell."""
    return lambda line: function(line) if line.ranked else ""


def typed_rate(amount_cents: int, whole_cents: int) -> str:
    """« 82,35 »: what the editor of a rate starts with, nothing when there is no amount."""
    if not amount_cents or not whole_cents:
        return ""
    return percent(amount_cents, whole_cents, 2).removesuffix("\u00a0%").removesuffix(",00")


def _rate(line: Line) -> str:
    return rate(line)


def _cents(value: int | None) -> str:
    return "–" if value is None else figures(value)


def _typed(value: int | None) -> str:
    return "" if value is None else figures(value)


def _per_head(line: Line) -> str:
    people = line.row.about.beneficiaries
    return figures(round(line.row.cost_cents / people / 100) * 100) if people else "–"


def _base_sentence(line: Line) -> str:
    if line.row.base_cents is None:
        return "Base éligible : inconnue"
    own = ", changée dans ce scénario" if line.row.own_base_cents is not None else ""
    return f"Base éligible : {euros(line.row.base_cents)}{own}".replace("€", "euros")


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
