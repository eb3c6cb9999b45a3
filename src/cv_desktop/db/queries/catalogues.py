"""The reference lists of the service, line by line, with what uses each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Executable, distinct, func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, ApplicationObjective, ApplicationQuarter, BudgetLine
from cv_desktop.db.models.reference import Funder, Objective, Quarter, Stake, StandardText, Theme
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.models.structure_document import StructureDocument, StructureDocumentKind
from cv_desktop.db.queries import form_kinds
from cv_desktop.db.queries.legal_forms import PREFIX
from cv_desktop.db.work import today
from cv_desktop.domain import catalogue
from cv_desktop.domain.filled_form import identity

USES = {
    "motif_": "Motif de décision",
    "piece_": "Pièce demandée",
    "regle_": "Règle non respectée",
    "geste_derogation": "Proposés pour déroger",
    "geste_retrait": "Proposés pour retirer un dossier",
    "geste_dossier_rouvert": "Proposés pour rouvrir un dossier",
    "geste_piece_refusee": "Proposés pour refuser une pièce",
    "geste_lien_ecarte": "Proposés pour écarter un lien",
    "geste_lien_leve": "Proposés pour lever un lien",
    "geste_deport_leve": "Proposés pour lever un déport",
    "geste_note_modifiee": "Proposés pour modifier une note",
    "geste_seance_rouverte": "Proposés pour rouvrir une séance",
    "geste_lot_retourne": "Proposés pour retourner un lot",
    "geste_dossier_retourne": "Proposés pour retourner un dossier d’un lot",
    "geste_decision_renoncee": "Proposés quand l’association renonce",
    "geste_decision_illegale": "Proposés pour retirer une décision illégale",
    "geste_decision_non_respectee": "Proposés quand les conditions ne sont pas respectées",
    "geste_signalement_leve": "Proposés pour lever un signalement",
}
MENTIONS = {
    "recours": "Voies et délais de recours",
    "recours_ar": "Recours, dans l’accusé de réception",
    "donnees_personnelles": "Données personnelles, au pied de la page",
    "versement_unique": "Versement en une fois",
    "versement_avance": "Versement avec avance",
    "versement_reserve": "Versement sous condition",
    "visa_demande": "Visa de la demande",
    "visa_reglement": "Visa du règlement",
    "visa_reglement_adopte": "Visa du règlement, avec son acte",
    "visa_avis": "Visa de l’avis du comité",
    "recours_contentieux": "Recours, dans le rejet d’un recours gracieux",
    "avenant_montant": "Avenant, nouveau montant",
    "avenant_echeance": "Avenant, nouvelle échéance",
    "avenant_objet": "Avenant, nouvel objet",
    "avenant_partenaires": "Avenant, nouveaux partenaires",
}


_MENTIONS = ("recours", "donnees_personnelles", "versement_", "visa_", "avenant_")
IN_FORCE, COMING, PAST = "en vigueur", "à venir", "ancienne"


@dataclass(frozen=True, slots=True)
class MentionRow:
    """A version of a legal mention, which holds from its day to the next one; ``state`` says whether it does today."""

    id: str
    key: str
    group: str
    text: str
    effective_from: date
    state: str
    to_validate: bool


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """``values`` are the fields of its list; ``group`` what it belongs to; ``to_validate`` None when it never waits."""

    kind: str
    key: str
    group: str
    values: dict[str, Any]
    used: int = 0
    closed_on: date | None = None
    to_validate: bool | None = None

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.key}"

    def shown(self, name: str) -> str:
        """A field as a person reads it."""
        if name == "validity_months" and self.values[name] is None:
            return catalogue.UNLIMITED
        return catalogue.CATALOGUES[self.kind].fields[name].shown(self.values[name])


def rows(session: Session, kind: str) -> list[CatalogueRow]:
    """The lines of one list in its order; for the dated texts, those in force today."""
    return _ROWS[kind](session)


def row(session: Session, kind: str, key: str) -> CatalogueRow | None:
    """One line of a list; None when it does not exist."""
    return next((found for found in rows(session, kind) if found.key == key), None)


def _themes(session: Session) -> list[CatalogueRow]:
    used = _counts(session, select(Application.theme_code, func.count()).group_by(Application.theme_code))
    for code, number in _counts(
        session,
        select(Stake.theme_code, func.count(distinct(ApplicationObjective.application_id)))
        .join(Objective, Objective.stake_code == Stake.code)
        .join(ApplicationObjective, ApplicationObjective.objective_code == Objective.code)
        .group_by(Stake.theme_code),
    ).items():
        used[code] = max(number, used.get(code, 0))
    found = session.scalars(select(Theme).order_by(Theme.position))
    return [_labelled(catalogue.THEME, x, x.code, used.get(x.code, 0)) for x in found]


def _stakes(session: Session) -> list[CatalogueRow]:
    used = _counts(
        session,
        select(Objective.stake_code, func.count(distinct(ApplicationObjective.application_id)))
        .join(ApplicationObjective, ApplicationObjective.objective_code == Objective.code)
        .group_by(Objective.stake_code),
    )
    found = session.execute(
        select(Stake, Theme.label).join(Theme, Theme.code == Stake.theme_code).order_by(Theme.position, Stake.position)
    )
    return [_labelled(catalogue.STAKE, x, theme, used.get(x.code, 0)) for x, theme in found]


def _objectives(session: Session) -> list[CatalogueRow]:
    used = _counts(
        session,
        select(ApplicationObjective.objective_code, func.count()).group_by(ApplicationObjective.objective_code),
    )
    found = session.execute(
        select(Objective, Stake.label)
        .join(Stake, Stake.code == Objective.stake_code)
        .join(Theme, Theme.code == Stake.theme_code)
        .order_by(Theme.position, Stake.position, Objective.position)
    )
    return [_labelled(catalogue.OBJECTIVE, x, stake, used.get(x.code, 0)) for x, stake in found]


def _labelled(kind: str, x: Theme | Stake | Objective, group: str, used: int) -> CatalogueRow:
    return CatalogueRow(kind, x.code, group, {"label": x.label, "closed_on": x.closed_on}, used, x.closed_on)


def _quarters(session: Session) -> list[CatalogueRow]:
    used = _counts(
        session, select(ApplicationQuarter.quarter_code, func.count()).group_by(ApplicationQuarter.quarter_code)
    )
    return [
        CatalogueRow(
            catalogue.QUARTER, x.code, x.code, {"name": x.name, "closed_on": x.closed_on}, used.get(x.code, 0),
            x.closed_on,
        )
        for x in session.scalars(select(Quarter).order_by(Quarter.code))
    ]  # fmt: skip


def _funders(session: Session) -> list[CatalogueRow]:
    used = _counts(
        session,
        select(BudgetLine.funder_code, func.count(distinct(BudgetLine.application_id))).group_by(
            BudgetLine.funder_code
        ),
    )
    names = ("label", "account", "public", "synonyms", "closed_on")
    return [
        CatalogueRow(
            catalogue.FUNDER, x.code, x.code, {name: getattr(x, name) for name in names}, used.get(x.code, 0),
            x.closed_on, x.to_validate,
        )
        for x in session.scalars(select(Funder).order_by(Funder.position))
    ]  # fmt: skip


def _document_kinds(session: Session) -> list[CatalogueRow]:
    used = _counts(session, select(StructureDocument.kind, func.count()).group_by(StructureDocument.kind))
    return [
        CatalogueRow(
            catalogue.DOCUMENT_KIND,
            x.code,
            x.code,
            {
                "label": x.label,
                "validity_months": x.validity_months,
                "needed": (x.expected, x.threshold_cents),
                "closed_on": x.closed_on,
            },
            used.get(x.code, 0),
            x.closed_on,
            x.to_validate,
        )
        for x in session.scalars(select(StructureDocumentKind).order_by(StructureDocumentKind.position))
    ]


def _legal_forms(session: Session) -> list[CatalogueRow]:
    used = _counts(
        session,
        select(Structure.legal_form, func.count())
        .where(Structure.merged_into.is_(None))
        .group_by(Structure.legal_form),
    )
    return [
        CatalogueRow(
            catalogue.LEGAL_FORM, code, code, {"text": x.text, "closed_on": x.closed_on}, used.get(code, 0),
            x.closed_on, x.to_validate,
        )
        for x in texts(session, PREFIX)
        for code in (x.key.removeprefix(PREFIX),)
    ]  # fmt: skip


def _motives(session: Session) -> list[CatalogueRow]:
    return [
        CatalogueRow(catalogue.MOTIVE, x.key, words, {"text": x.text}, to_validate=x.to_validate)
        for start, words in USES.items()
        for x in texts(session, start)
    ]


def _mentions(session: Session) -> list[CatalogueRow]:
    found = {x.key: x for start in _MENTIONS for x in texts(session, start)}
    return [
        CatalogueRow(catalogue.MENTION, key, MENTIONS.get(key, key), {"text": x.text}, to_validate=x.to_validate)
        for key, x in found.items()
    ]


def mentions(session: Session) -> list[MentionRow]:
    """Every version of every mention, by mention, the newest first; which one is in force today."""
    day, found = today(session), []
    for start in _MENTIONS:
        in_force = {text.id for text in texts(session, start)}
        query = (
            select(StandardText)
            .where(StandardText.key.startswith(start, autoescape=True))
            .order_by(StandardText.key, StandardText.effective_from.desc())
        )
        for x in session.scalars(query):
            state = IN_FORCE if x.id in in_force else COMING if x.effective_from > day else PAST
            found.append(
                MentionRow(x.id, x.key, MENTIONS.get(x.key, x.key), x.text, x.effective_from, state, x.to_validate)
            )
    unique = {row.id: row for row in found}
    return list(unique.values())


def _form_words(session: Session) -> list[CatalogueRow]:
    return [
        CatalogueRow(
            catalogue.FORM_WORDS,
            f"{form.kind.code} {identity(entry)}",
            f"Cerfa {form.kind.code}",
            {"names": list(entry["names"]), "field": entry["key"], "value": entry.get("value", "")},
            to_validate=form.to_validate,
        )
        for form in form_kinds.current(session)
        for entry in form.entries
    ]


def texts(session: Session, start: str) -> list[StandardText]:
    """The standard texts whose key begins so, each in its version of today."""
    query = (
        select(StandardText)
        .where(StandardText.key.startswith(start, autoescape=True), StandardText.effective_from <= today(session))
        .order_by(StandardText.key, StandardText.effective_from)
    )
    return list({text.key: text for text in session.scalars(query)}.values())


def _counts(session: Session, query: Executable) -> dict[str, int]:
    return {key: number for key, number in session.execute(query) if key}


_ROWS: dict[str, Callable[[Session], list[CatalogueRow]]] = {
    catalogue.THEME: _themes,
    catalogue.STAKE: _stakes,
    catalogue.OBJECTIVE: _objectives,
    catalogue.QUARTER: _quarters,
    catalogue.FUNDER: _funders,
    catalogue.DOCUMENT_KIND: _document_kinds,
    catalogue.LEGAL_FORM: _legal_forms,
    catalogue.MOTIVE: _motives,
    catalogue.MENTION: _mentions,
    catalogue.FORM_WORDS: _form_words,
}
