"""A filled Cerfa becomes a file with its budget; a report is joined to the file of the same structure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cv_desktop.db.queries import (
    application_records,
    applications,
    approvals,
    attachments,
    mandates,
    reports,
    structures,
)
from cv_desktop.db.queries import form as form_queries
from cv_desktop.db.store import Store
from cv_desktop.domain import form_entry
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.states import DisplayedStatus
from cv_desktop.services import filled_forms
from cv_desktop.services import form_kinds as form_kinds_verbs
from cv_desktop.services.demonstration import ACTOR, Story
from filled_forms import WHOLE, Line, form

Base = Callable[[str], tuple[Store, Story]]
REQUEST = [
    Line("1.1 Nom - Dénomination", "Les Amis du Circé & Cie"),
    Line("Numéro SIRET", "993 904 879 00019"),
    Line("Numéro RNA", "W779900991"),
    Line("Intitulé", "Ateliers des vacances"),
    Line("Description", "Six semaines, trois ateliers."),
    Line("Nombre de bénéficiaires", "40"),
    Line("Date de début", "06/07/2026"),
    Line("Subvention demandée", "2 400,00"),
    Line("60 Achats", "1 000"),
    Line("613 Locations", "2 000"),
    Line("70 Vente de produits", "600"),
    Line("74 CAMVS FIA (demandé)", "2 400"),
    Line("Contrat d'engagement républicain", tick=True),
    Line("Cadre réservé", "vu le 3"),
]


def written(store: Store, story: Story, path: Path) -> str:
    with store.write(ACTOR) as session:
        filled = filled_forms.read(session, path=path)
        return filled_forms.write(session, call_id=story.call_id, path=path, filled=filled)[1]


def test_a_request_is_a_file_with_its_budget_and_the_pdf_beside(base_at: Base, tmp_path: Path) -> None:
    store, story = base_at("imported")
    key = written(store, story, form(tmp_path / "demande.pdf", REQUEST))
    with store.read() as session:
        record = form_queries.record(session, application_id=key)
        row = applications.some(session, ids=[key])[0]
        joined = attachments.rows(session, application_id=key)
    assert record is not None
    assert row.structure == "Les Amis du Circé & Cie"
    assert (row.title, row.asked_cents, row.cost_cents) == ("Ateliers des vacances", 240_000, 300_000)
    assert record.values["beneficiaries"] == 40
    assert record.values["republican_contract"] is True
    # No date of receipt is written on a form: the file waits for it.
    assert row.status is DisplayedStatus.DRAFT
    assert [x.filename for x in joined] == ["demande.pdf"]


def test_what_could_not_be_taken_is_said(base_at: Base, tmp_path: Path) -> None:
    store, _ = base_at("imported")
    path = form(tmp_path / "demande.pdf", [*REQUEST, Line("Date de fin", "le 31 septembre")])
    with store.read() as session:
        _, doubts = form_entry.entry(filled_forms.read(session, path=path))
    said = {doubt.field: doubt for doubt in doubts}
    assert "clé de ce SIRET" in said["SIRET"].message
    assert said["SIRET"].value == "993 904 879 00019"
    assert said["Fin"].value == "le 31 septembre"
    assert said["Cadre réservé"].value == "vu le 3"


def test_a_report_is_joined_to_the_file_of_its_structure(base_at: Base, tmp_path: Path) -> None:
    store, story = base_at("imported")
    with store.read() as session:
        row = next(x for x in applications.rows(session, call_id=story.call_id) if x.structure == "Club Parlons-en")
        record = application_records.record(session, application_id=row.id)
    assert record is not None
    lines = [Line("Nom - Dénomination", row.structure), Line("Numéro SIRET", record.siret), Line("Exercice", "2025")]
    key = written(store, story, form(tmp_path / "bilan.pdf", lines, title="Cerfa n° 15059*02"))
    with store.read() as session:
        owner = next(x.id for x in structures.rows(session) if x.name == "Club Parlons-en")
        assert [x.id for x in reports.rows(session, structure_id=owner)] == [key]
        mine = [x.row.id for x in structures.files(session, structure_id=owner)]
        joined = [attachments.rows(session, application_id=file) for file in mine]
    # The last that it deposited in the campaign.
    assert [[(x.kind, x.filename) for x in one] for one in joined] == [
        [("bilan", "bilan.pdf")],
        *[[]] * (len(mine) - 1),
    ]


def test_a_report_of_nobody_known_is_refused_and_nothing_is_written(base_at: Base, tmp_path: Path) -> None:
    store, story = base_at("imported")
    lines = [Line("Nom - Dénomination", "Inconnue"), Line("Numéro RNA", "W779900992")]
    path = form(tmp_path / "bilan.pdf", lines, title="Cerfa n° 15059*02")
    with pytest.raises(UserError, match="ni son SIRET ni son RNA"):
        written(store, story, path)
    with store.read() as session:
        assert len(applications.rows(session, call_id=story.call_id)) == 39


def test_a_whole_form_fills_its_structure_and_its_file_and_all_is_taken_back(base_at: Base, tmp_path: Path) -> None:
    store, story = base_at("imported")
    path = form(tmp_path / "demande.pdf", WHOLE)
    with store.read() as session:
        reading = filled_forms.reading(session, path=path)
        before = len(structures.rows(session))
    assert reading.to_validate
    with store.write(ACTOR) as session:
        changes, key = filled_forms.take(session, call_id=story.call_id, path=path, reading=reading, chosen={})
    with store.read() as session:
        file = form_queries.record(session, application_id=key)
        owner = next(row.id for row in structures.rows(session) if row.acronym == "AEC")
        assert file is not None
        found = structures.record(session, structure_id=owner)
        given = approvals.rows(session, structure_id=owner)
        person = mandates.representative(session, structure_id=owner)
    assert found is not None and person is not None
    assert (found.public_utility, found.public_utility_on, found.taxed) == (True, date(2001, 5, 2), False)
    assert (found.local_volume, found.local_folio, found.local_registered_on) == ("45", "118", date(1998, 3, 12))
    assert (found.networks, found.full_time, found.income_cents) == ("Fédération des centres sociaux", 375, 8_650_000)
    assert [(a.label, a.authority, a.granted_on) for a in given] == [
        ("Jeunesse et éducation populaire", "Préfecture de Seine-et-Marne", date(2019, 6, 14)),
        ("Centre social", "CAF", None),
    ]
    assert (person.person_name, person.phone, person.email) == ("Zoé Exemple", "01 99 00 12 34", "zoe@exemple.fr")
    assert (file.values["renewal"], file.values["public_aid_above_limit"], file.values["charter_kept"]) == (
        True, False, True,
    )  # fmt: skip
    assert changes.undo is not None
    with store.write(ACTOR) as session:
        changes.undo(session)
    with store.read() as session:
        assert len(structures.rows(session)) == before
        assert form_queries.record(session, application_id=key) is None


def test_a_correction_is_remembered_for_every_pdf_with_the_same_boxes(base_at: Base, tmp_path: Path) -> None:
    store, story = base_at("imported")
    first, second = (
        form(tmp_path / "un.pdf", REQUEST),
        form(tmp_path / "deux.pdf", [*REQUEST[:-1], Line("Cadre réservé", "vu le 9")]),
    )
    with store.read() as session:
        reading = filled_forms.reading(session, path=first)
    with store.write(ACTOR) as session:
        changes, _ = filled_forms.take(
            session, call_id=story.call_id, path=first, reading=reading, chosen={"Champ 14": "extra"}
        )
    with store.read() as session:
        assert filled_forms.read(session, path=second).values["extra"] == "vu le 9"
    assert changes.undo is not None
    with store.write(ACTOR) as session:
        changes.undo(session)
    with store.read() as session:
        assert [box.title for box in filled_forms.read(session, path=second).unknown] == ["Cadre réservé"]


def test_the_words_of_a_form_are_those_of_the_base(base_at: Base, tmp_path: Path) -> None:
    store, _ = base_at("imported")
    with store.write(ACTOR) as session:
        form_kinds_verbs.set_words(
            session, code="12156", field="extra", text="informations complémentaires, cadre réservé"
        )
    with store.read() as session:
        read = filled_forms.read(session, path=form(tmp_path / "demande.pdf", REQUEST))
    assert read.values["extra"] == "vu le 3"
