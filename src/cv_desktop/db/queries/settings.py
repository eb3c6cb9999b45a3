"""Standard texts and the reference tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.reference import Commune, Funder, Quarter, QuarterCommune, StandardText, Theme
from cv_desktop.db.once import once
from cv_desktop.domain.budget import Funders


@dataclass(frozen=True, slots=True)
class QuarterRow:
    code: str
    name: str
    layer_name: str
    communes: tuple[str, ...]


def text_in_force(session: Session, key: str, day: date) -> str:
    """The standard text in force on a day; empty when there is none."""
    query = (
        select(StandardText.text)
        .where(StandardText.key == key, StandardText.effective_from <= day)
        .order_by(StandardText.effective_from.desc())
        .limit(1)
    )
    return once(session, ("text", key, day), lambda: session.scalars(query).first()) or ""


def communes(session: Session) -> dict[str, str]:
    """The names of the communes of the contract by their code."""
    return dict(session.execute(select(Commune.code, Commune.name)).all())


def quarters(session: Session) -> list[QuarterRow]:
    """The priority quarters, in the order of their codes."""
    communes: dict[str, list[str]] = {}
    query = select(QuarterCommune.quarter_code, Commune.name).join(Commune, Commune.code == QuarterCommune.commune_code)
    for code, name in session.execute(query.order_by(Commune.name)):
        communes.setdefault(code, []).append(name)
    rows = session.execute(select(Quarter.code, Quarter.name, Quarter.layer_name).order_by(Quarter.code))
    return [QuarterRow(code, name, layer, tuple(communes.get(code, ()))) for code, name, layer in rows]


def funders(session: Session) -> Funders:
    """Who is a public funder among the lines of account 74."""
    query = select(Funder.label, Funder.public, Funder.synonyms).order_by(Funder.position)
    return Funders.from_json(
        {"label": label, "public": public, "synonyms": synonyms} for label, public, synonyms in session.execute(query)
    )


def themes(session: Session) -> dict[str, str]:
    """Labels of the axes that are themes of a call, by code."""
    query = select(Theme.code, Theme.label).where(Theme.kind == "thematic").order_by(Theme.position)
    return dict(session.execute(query).all())
