"""What the list and the table of the files say of each."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from cv_desktop.db.queries.applications import ApplicationRow
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.money import euros, figures, percent
from cv_desktop.domain.states import DisplayedStatus
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.tables.columns import Column

Row = ApplicationRow
_SHORT = {DisplayedStatus.PARTIAL: "Partiel"}


def short_number(row: Row) -> str:
    """« 0031 »: the campaign is said by the window already."""
    return row.number.rpartition("-")[2]


def not_said(row: Row, cents: int) -> bool:
    """Whether nobody has typed this amount yet: a draft of which it is nothing."""
    return not cents and row.status is DisplayedStatus.DRAFT


def amount(row: Row, cents: int) -> str:
    """« 1 500 € »; « – » as long as nobody has typed it."""
    return "–" if not_said(row, cents) else euros(cents)


def badge(row: Row) -> Badge:
    return Badge(row.status.label, row.status.tint, row.status.icon)


def short_badge(row: Row) -> Badge:
    """The state where there is little room: whole words, never the beginning of a longer one."""
    return Badge(_SHORT.get(row.status, row.status.label), row.status.tint, row.status.icon)


def list_columns() -> list[Column[Row]]:
    """Two columns of two lines: structure over number and action, amount over state."""
    return [
        Column(
            "structure",
            "Structure",
            lambda r: r.structure,
            width=180,
            stretch=True,
            weight=600,
            second=lambda r: f"{short_number(r)} · {r.title}",
            accessible=lambda r: f"{r.structure}, {r.number}, {r.title}",
        ),
        Column("status", "État", lambda r: r.status.label, hidden=True),
        Column(
            "asked",
            "Demandé",
            lambda r: amount(r, r.asked_cents),
            sort=lambda r: r.asked_cents,
            width=134,
            align="right",
            badge=short_badge,
            accessible=_asked_aloud,
            filterable=False,
        ),
        Column("number", "N°", lambda r: r.number, hidden=True),
        Column("external", "N° externe", lambda r: r.external_id, hidden=True),
        Column("quarters", "Quartiers", lambda r: r.quarters, hidden=True),
    ]


def table_columns() -> list[Column[Row]]:
    """All that is known of a file, one line each."""
    return [
        Column("number", "N°", lambda r: r.number, width=140, weight=600),
        Column("structure", "Structure", lambda r: r.structure, width=200),
        Column("title", "Action", lambda r: r.title, width=220, stretch=True),
        Column("status", "État", lambda r: r.status.label, width=160, badge=badge),
        Column(
            "asked",
            "Demandé (€)",
            lambda r: "" if not_said(r, r.asked_cents) else figures(r.asked_cents),
            sort=lambda r: r.asked_cents,
            width=98,
            align="right",
            filterable=False,
        ),
        Column(
            "cost",
            "Budget (€)",
            lambda r: "" if not_said(r, r.cost_cents) else figures(r.cost_cents),
            sort=lambda r: r.cost_cents,
            width=98,
            align="right",
            filterable=False,
        ),
        Column(
            "rate",
            "Taux demandé",
            lambda r: percent(r.asked_cents, r.cost_cents),
            sort=lambda r: r.asked_cents / r.cost_cents if r.cost_cents else None,
            width=98,
            align="right",
            filterable=False,
        ),
        Column(
            "granted",
            "Accordé (€)",
            lambda r: "" if r.granted_cents is None else figures(r.granted_cents),
            sort=lambda r: r.granted_cents,
            width=98,
            align="right",
            filterable=False,
        ),
        Column("theme", "Thématique", lambda r: r.theme, width=150),
        Column("quarters", "Quartiers", lambda r: r.quarters, width=170),
        Column("opinion", "Avis", _opinion, width=110, badge=_opinion_badge),
        Column("deposited", "Reçu le", _day, sort=lambda r: r.deposited_at, width=104),
        Column("external", "N° externe", lambda r: r.external_id, width=96, hidden=True),
        Column("source", "Source", lambda r: r.source, width=150, hidden=True),
    ]


def _day(row: Row) -> str:
    return _day_at(row.deposited_at.replace(minute=0, second=0, microsecond=0)) if row.deposited_at else ""


@lru_cache(maxsize=10_000)
def _day_at(hour: datetime) -> str:
    return short_date(local(hour).date())


def _opinion(row: Row) -> str:
    return row.progress.opinion.label if row.progress.opinion else ""


def _opinion_badge(row: Row) -> Badge | None:
    opinion = row.progress.opinion
    return Badge(opinion.label, opinion.tint, opinion.icon) if opinion else None


def _asked_aloud(row: Row) -> str:
    said = "non renseigné" if not_said(row, row.asked_cents) else f"{figures(row.asked_cents)} euros"
    return f"Demandé\u00a0: {said}. État\u00a0: {row.status.label}"
