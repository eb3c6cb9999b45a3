"""A filled Cerfa 15059 is kept with its figures, linked to its structure and its file, and answers the next request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import attachments, calls, facts, institution, reports, structures
from cv_desktop.db.queries import journal as journal_queries
from cv_desktop.db.store import Store
from cv_desktop.domain import eligibility
from cv_desktop.domain.errors import UserError
from cv_desktop.services import documents, filled_forms, merges, structure_lines
from cv_desktop.services import reports as verbs
from cv_desktop.services import structures as structures_verbs
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.services.reports import Placing
from filled_forms import Line, form

Base = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"
TABLE = [
    Line("Intitulé", "Paroles d’été"),
    Line("Exercice", "2025"),
    Line("Mise en œuvre de l’action", "Douze séances, deux sorties."),
    Line("Nombre approximatif de bénéficiaires", "38 dont 20 femmes"),
    Line("Expliquer et justifier les écarts significatifs", "Une sortie annulée."),
    Line("60 Achats", "1 000", name="p60", tip="60 Achats, prévision"),
    Line("60 Achats", "850", name="r60", tip="60 Achats, réalisation"),
    Line("74 Subventions", "1 500", name="p74", tip="74 Subventions, prévision"),
    Line("74 Subventions", "1 500", name="r74", tip="74 Subventions, réalisation"),
    Line("Subvention accordée", "1 500"),
    Line("Fait le", "12/02/2026"),
]


def do(store: Store, verb: Callable[..., Any], **arguments: Any) -> Any:
    with store.write(ACTOR) as session:
        return verb(session, **arguments)


def pdf(folder: Path, siret: str, lines: list[Line] = TABLE, name: str = "bilan.pdf") -> Path:
    return form(folder / name, [Line("Numéro SIRET", siret), *lines], title="Cerfa n° 15059*02")


def take(store: Store, path: Path, call_id: str | None = None, **said: Any) -> Any:
    with store.read() as session:
        reading = filled_forms.reading(session, path=path)
    return do(store, filled_forms.take, call_id=call_id, path=path, reading=reading, chosen={}, placing=Placing(**said))


@pytest.fixture
def known(base_at: Base) -> tuple[Store, Story, str, str]:
    """The example, the key of a structure of it with one file this year, and its SIRET."""
    store, story = base_at("imported")
    with store.read() as session:
        once = select(Application.structure_id).group_by(Application.structure_id).having(func.count() == 1)
        deposited = select(Application.structure_id).where(Application.status == "deposited")
        owner = session.scalars(
            select(Structure)
            .where(Structure.id.in_(once), Structure.id.in_(deposited), Structure.siret.is_not(None))
            .order_by(Structure.name)
        ).first()
        assert owner is not None
        return store, story, owner.id, owner.siret or ""


def finding(store: Store, story: Story, structure_id: str) -> eligibility.Result:
    with store.read() as session:
        file = session.scalars(
            select(Application).where(Application.structure_id == structure_id, Application.call_id == story.call_id)
        ).one()
        found = facts.of_call(session, story.call_id, file.id)[file.id]
        results = eligibility.check(found, calls.rules(session, story.call_id))
    return next(result for result in results if result.title == "Bilan précédent remis")


def test_every_figure_and_answer_of_the_form_is_kept(known: tuple[Store, Story, str, str], tmp_path: Path) -> None:
    store, _story, owner, siret = known
    _changes, key = take(store, pdf(tmp_path, siret))
    with store.read() as session:
        (row,) = reports.rows(session, structure_id=owner)
    assert (row.id, row.year, row.title, row.subsidy_cents) == (key, 2025, "Paroles d’été", 150_000)
    assert [(x.side, x.account, x.planned_cents, x.realised_cents) for x in row.lines] == [
        ("charge", "60", 100_000, 85_000),
        ("produit", "74", 150_000, 150_000),
    ]
    assert row.answers == {
        "implementation": "Douze séances, deux sorties.",
        "beneficiaries": "38 dont 20 femmes",
        "gaps": "Une sortie annulée.",
    }
    assert (row.signed_on, row.received_on, row.number) == (date(2026, 2, 12), date(2026, 4, 15), "")


def test_a_report_that_nobody_joined_to_a_file_still_answers_the_request(
    known: tuple[Store, Story, str, str], tmp_path: Path
) -> None:
    store, story, owner, siret = known
    with store.read() as session:
        authority = str(institution.values(session)["authority"])
    grant = {"year": "2025", "funder": authority, "granted_cents": "1 500"}
    do(store, structure_lines.add, kind="grant", structure_id=owner, values=grant)
    assert "vérifier que son bilan est remis" in finding(store, story, owner).sentence
    changes, _key = take(store, pdf(tmp_path, siret))
    kept = finding(store, story, owner)
    assert (kept.sentence, kept.value) == ("", f"15{NBSP}avr.{NBSP}2026")
    with store.read() as session:
        assert next(row for row in structures.rows(session) if row.id == owner).last_report == 2025
    with store.write(ACTOR) as session:
        changes.undo(session)
    assert "vérifier que son bilan est remis" in finding(store, story, owner).sentence
    with store.read() as session:
        assert reports.rows(session, structure_id=owner) == []


def test_the_file_of_the_campaign_receives_the_pdf_as_the_report_of_before(
    known: tuple[Store, Story, str, str], tmp_path: Path
) -> None:
    store, story, owner, siret = known
    changes, _key = take(store, pdf(tmp_path, siret), call_id=story.call_id)
    with store.read() as session:
        file = session.scalars(select(Application.id).where(Application.structure_id == owner)).one()
        assert [(x.kind, x.filename) for x in attachments.rows(session, application_id=file)] == [
            ("bilan", "bilan.pdf")
        ]
    with store.write(ACTOR) as session:
        again = changes.undo(session)
    with store.read() as session:
        assert attachments.rows(session, application_id=file) == []
    with store.write(ACTOR) as session:
        again.undo(session)
    with store.read() as session:
        assert [x.account for x in reports.rows(session, structure_id=owner)[0].lines] == ["60", "74"]
        assert len(attachments.rows(session, application_id=file)) == 1


def test_one_that_the_service_sent_back_does_not_answer(known: tuple[Store, Story, str, str], tmp_path: Path) -> None:
    store, story, owner, siret = known
    take(store, pdf(tmp_path, siret), call_id=story.call_id)
    with store.read() as session:
        file = session.scalars(select(Application.id).where(Application.structure_id == owner)).one()
        assert finding(store, story, owner).sentence == ""
    do(store, documents.reject, application_id=file, kind="bilan", reason="Le tableau n’est pas rempli.")
    assert "n’est pas remis" in finding(store, story, owner).sentence


def test_the_file_it_is_about_is_asked_when_nothing_tells_it(
    known: tuple[Store, Story, str, str], tmp_path: Path
) -> None:
    store, _story, owner, siret = known
    with store.read() as session:
        file = session.scalars(select(Application).where(Application.structure_id == owner)).one()
        key, number, title = file.id, file.number, file.title
    other = [Line("Intitulé", "Autre action"), Line("Exercice", "2026")]
    path = pdf(tmp_path, siret, other)
    with pytest.raises(UserError, match=f"Rien ne dit à quel dossier.*{number}") as refusal:
        take(store, path)
    assert refusal.value.field == "application"
    take(store, path, application_id=key)
    take(store, pdf(tmp_path, siret, [Line("Intitulé", title.upper()), Line("Exercice", "2026")], "deux.pdf"))
    take(store, pdf(tmp_path, siret, other, "trois.pdf"), application_id="", year=2024)
    with store.read() as session:
        assert [(x.year, x.number) for x in reports.rows(session, structure_id=owner)] == [
            (2026, number), (2026, number), (2024, ""),
        ]  # fmt: skip


def test_an_exercise_that_is_not_written_is_asked(known: tuple[Store, Story, str, str], tmp_path: Path) -> None:
    store, _story, owner, siret = known
    path = pdf(tmp_path, siret, [Line("Intitulé", "Paroles d’été"), Line("60 Achats", "850", tip="60 réalisé")])
    with pytest.raises(UserError, match="ne dit pas son exercice") as refusal:
        take(store, path, application_id="")
    assert refusal.value.field == "year"
    take(store, path, application_id="", year=2025)
    with store.read() as session:
        assert [x.year for x in reports.rows(session, structure_id=owner)] == [2025]


def test_the_same_pdf_twice_is_refused_with_the_day_of_the_first(
    known: tuple[Store, Story, str, str], tmp_path: Path
) -> None:
    store, _story, owner, siret = known
    path = pdf(tmp_path, siret)
    take(store, path)
    with pytest.raises(UserError, match="est déjà là, reçu le 15/04/2026"):
        take(store, path)
    with store.read() as session:
        assert len(reports.rows(session, structure_id=owner)) == 1


def test_a_structure_that_the_form_does_not_say_is_chosen(known: tuple[Store, Story, str, str], tmp_path: Path) -> None:
    store, _story, owner, siret = known
    path = form(tmp_path / "b.pdf", [Line("Nom - Dénomination", "Club"), *TABLE], title="Cerfa n° 15059*02")
    with pytest.raises(UserError, match="ni son SIRET ni son RNA") as refusal:
        take(store, path)
    assert refusal.value.field == "structure"
    with store.read() as session:
        assert verbs.structure_of(session, number=siret[:9]) == owner
    take(store, path, structure_id=owner)
    with store.read() as session:
        assert len(reports.rows(session, structure_id=owner)) == 1


def test_a_report_follows_its_structure_through_a_merge_and_is_in_the_journal(
    known: tuple[Store, Story, str, str], tmp_path: Path
) -> None:
    store, _story, owner, siret = known
    take(store, pdf(tmp_path, siret))
    _changes, kept = do(store, structures_verbs.create, name="Collectif Modèle des Tours", values={})
    changes, _key = do(store, merges.merge, kept_id=kept, merged_id=owner, picks=())
    with store.read() as session:
        assert [x.year for x in reports.rows(session, structure_id=kept)] == [2025]
        said = [row.summary for row in journal_queries.rows(session)]
    assert any(line.endswith(f" › bilan 2025 reçu{NBSP}: bilan.pdf") for line in said)
    with store.write(ACTOR) as session:
        changes.undo(session)
    with store.read() as session:
        assert [x.year for x in reports.rows(session, structure_id=owner)] == [2025]
