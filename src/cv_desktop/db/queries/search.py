"""What Ctrl+K finds in the base, as lines to show, without the files hidden from the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db import search
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import LetterTemplate
from cv_desktop.db.models.decision import Decision, Letter
from cv_desktop.db.models.mandate import Mandate
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries.visibility import known, visible
from cv_desktop.db.search import Vocabulary

# Lines of each noun under the field: enough to choose from, few enough to be read at a glance.
_LIMITS = {"application": 8, "structure": 6, "mandate": 4, "letter": 4}


@dataclass(frozen=True, slots=True)
class FoundFile:
    """``call_id`` is the campaign to show it in."""

    id: str
    call_id: str
    number: str
    structure: str
    title: str
    asked_cents: int
    granted_cents: int | None


@dataclass(frozen=True, slots=True)
class FoundStructure:
    id: str
    name: str
    siret: str
    commune: str


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person by a mandate in a structure."""

    id: str
    structure_id: str
    name: str
    role: str
    structure: str


@dataclass(frozen=True, slots=True)
class FoundLetter:
    id: str
    call_id: str
    number: str
    label: str
    structure: str


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that answers one question, the best first."""

    files: tuple[FoundFile, ...] = ()
    structures: tuple[FoundStructure, ...] = ()
    persons: tuple[FoundPerson, ...] = ()
    letters: tuple[FoundLetter, ...] = ()


def vocabulary(session: Session) -> Vocabulary:
    """The words of the base, to forgive a slip of the keyboard; read once and again after writes."""
    return Vocabulary.load(session)


def found(session: Session, *, text: str, words: Vocabulary, viewer: str | None = None) -> Found:
    """What holds all the words of ``text``, of each noun; one slip in each of two is forgiven where nothing does."""
    keys = search.find(session, text=text, vocabulary=words, limits=_LIMITS)
    return Found(
        files=_files(session, keys.get("application", ()), viewer),
        structures=_structures(session, keys.get("structure", ()), viewer),
        persons=_persons(session, keys.get("mandate", ()), viewer),
        letters=_letters(session, keys.get("letter", ()), viewer),
    )


def _files(session: Session, keys: Sequence[str], viewer: str | None) -> tuple[FoundFile, ...]:
    # As the list of the files says it: what the last act decided.
    granted = (
        select(Decision.amount_cents)
        .where(Decision.application_id == Application.id)
        .order_by(Decision.decided_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(
            Application.id,
            Application.call_id,
            Application.number,
            Structure.name,
            Application.title,
            Application.asked_cents,
            granted,
        )
        .join(Structure, Structure.id == Application.structure_id)
        .where(Application.id.in_(keys), visible(viewer))
    )
    rows = {row.id: FoundFile(*row) for row in session.execute(query)}
    return tuple(rows[key] for key in keys if key in rows)


def _structures(session: Session, keys: Sequence[str], viewer: str | None) -> tuple[FoundStructure, ...]:
    query = select(Structure.id, Structure.name, Structure.siret, Structure.commune).where(
        Structure.id.in_(keys), Structure.merged_into.is_(None), known(viewer)
    )
    rows = {
        key: FoundStructure(key, name, siret or "", town or "") for key, name, siret, town in session.execute(query)
    }
    return tuple(rows[key] for key in keys if key in rows)


def _persons(session: Session, keys: Sequence[str], viewer: str | None) -> tuple[FoundPerson, ...]:
    query = (
        select(Mandate.id, Mandate.structure_id, Mandate.person_name, Mandate.role, Structure.name)
        .join(Structure, Structure.id == Mandate.structure_id)
        .where(Mandate.id.in_(keys), known(viewer))
    )
    rows = {row.id: FoundPerson(*row) for row in session.execute(query)}
    return tuple(rows[key] for key in keys if key in rows)


def _letters(session: Session, keys: Sequence[str], viewer: str | None) -> tuple[FoundLetter, ...]:
    query = (
        select(Letter.id, Letter.call_id, Letter.number, LetterTemplate.label, Structure.name)
        .join(LetterTemplate, LetterTemplate.id == Letter.template_id)
        .join(Application, Application.id == Letter.application_id)
        .join(Structure, Structure.id == Application.structure_id)
        .where(Letter.id.in_(keys), visible(viewer))
    )
    rows = {
        row.id: FoundLetter(row.id, row.call_id, row.number or "", row.label, row.name)
        for row in session.execute(query)
    }
    return tuple(rows[key] for key in keys if key in rows)
