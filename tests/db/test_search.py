"""The index of Ctrl+K follows the tables whatever writes them, and finds as a person types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from cv_desktop.db import backup
from cv_desktop.db.models.application import Application, ApplicationQuarter, BudgetLine, Document
from cv_desktop.db.models.decision import Decision
from cv_desktop.db.models.mandate import Mandate
from cv_desktop.db.models.structure import Structure, StructureAlias
from cv_desktop.db.queries import applications, search
from cv_desktop.db.queries.search import Found
from cv_desktop.db.store import NAME, Store
from cv_desktop.db.work import record
from cv_desktop.domain.deposits import read_deposits
from cv_desktop.domain.intake import StructureRead
from cv_desktop.domain.money import euros
from cv_desktop.domain.states import DisplayedStatus
from cv_desktop.domain.text import fold
from cv_desktop.services import imports, meetings, structures
from cv_desktop.services.demonstration import ACTOR, Story
from deposit_workbook import KNOWN, WORDS, Book

Base = Callable[[str], tuple[Store, Story]]


def found(store: Store, text: str, viewer: str | None = None) -> Found:
    with store.read() as session:
        return search.found(session, text=text, words=search.vocabulary(session), viewer=viewer)


@pytest.fixture
def told(base_at: Base) -> Iterator[tuple[Store, Story]]:
    yield base_at("told")


def names(result: Found) -> list[str]:
    return [row.name for row in result.structures]


@pytest.mark.parametrize(
    "typed",
    ["Collectif Cuisine du monde", "collectif cuis", "CUISINE monde", "cuisne monde", "cusiine", "cuissine", "kuisine"],
)
def test_a_structure_is_found_as_it_is_typed_one_slip_forgiven(told: tuple[Store, Story], typed: str) -> None:
    store, _ = told
    assert "Collectif Cuisine du monde" in names(found(store, typed))


def test_two_slips_are_not_forgiven(told: tuple[Store, Story]) -> None:
    assert found(told[0], "kuissine") == Found()


@pytest.mark.parametrize("typed", ["cuisne mnode", "colectif cuissine", "cuisne collectf", "Colectif cuisine du mnode"])
def test_one_slip_in_each_of_two_words_is_forgiven(told: tuple[Store, Story], typed: str) -> None:
    assert "Collectif Cuisine du monde" in names(found(told[0], typed))


def test_a_slip_in_each_of_three_words_is_not_forgiven(told: tuple[Store, Story]) -> None:
    assert found(told[0], "colectif cuissine mnode") == Found()


def test_a_file_is_found_by_what_it_was_granted(told: tuple[Store, Story]) -> None:
    store, story = told
    with store.read() as session:
        rows = applications.rows(session, call_id=story.call_id)
    amounts = Counter(cents for row in rows for cents in {row.asked_cents, row.granted_cents})
    row = next(
        row
        for row in rows
        if row.granted_cents and amounts[row.granted_cents] == 1 and row.granted_cents != row.asked_cents
    )
    hits = {file.id: file for file in found(store, euros(row.granted_cents or 0)).files}
    assert (hits[row.id].asked_cents, hits[row.id].granted_cents) == (row.asked_cents, row.granted_cents)
    with store.write(ACTOR) as session:
        session.execute(
            update(Decision).where(Decision.application_id == row.id).values(amount_cents=123_456_00, outcome="partial")
        )
        record(session, verb="test", noun="application", noun_id=row.id, summary="Montant")
    assert [file.id for file in found(store, "123 456 €").files] == [row.id]
    assert row.id not in [file.id for file in found(store, euros(row.granted_cents or 0)).files]


def test_ligatures_accents_and_apostrophes_do_not_count(told: tuple[Store, Story]) -> None:
    store, _ = told
    assert names(found(store, "coeur des mamans")) == names(found(store, "Cœur des Mamans")) != []
    assert names(found(store, "recup'art")) == names(found(store, "Récup’Art")) != []


def test_numbers_find_a_file_whatever_their_spaces(told: tuple[Store, Story]) -> None:
    store, _ = told
    assert found(store, "31").files[0].number == "FIA-2026-0031"
    assert found(store, "FIA 31").files[0].number == "FIA-2026-0031"
    assert found(store, "fia-2026-0031").files[0].number == "FIA-2026-0031"
    one = found(store, "cuisine du monde").structures[0]
    spaced = f"{one.siret[:3]} {one.siret[3:6]} {one.siret[6:9]} {one.siret[9:]}"
    assert [row.id for row in found(store, spaced).structures] == [one.id]
    assert [row.id for row in found(store, one.siret[:9]).structures] == [one.id]
    assert {row.asked_cents for row in found(store, "1 050 €").files} == {105_000}


def test_a_letter_is_found_by_its_number_and_a_phone_by_its_digits(told: tuple[Store, Story]) -> None:
    store, _ = told
    assert found(store, "CO-2026-0063").letters[0].number == "CO-2026-0063"
    with store.read() as session:
        key, phone = session.execute(select(Structure.id, Structure.phone).where(Structure.phone.is_not(None))).first()
    digits = phone.replace(" ", "")
    for typed in (digits, phone, f"+33 {digits[1:2]} {digits[2:]}"):
        assert key in [row.id for row in found(store, typed).structures]


def test_a_person_is_found_with_the_structure(told: tuple[Store, Story]) -> None:
    store, _ = told
    with store.read() as session:
        name = session.scalars(select(Mandate.person_name)).first()
        theirs = set(session.scalars(select(Mandate.structure_id).where(Mandate.person_name == name)))
    persons = found(store, name.lower()).persons
    assert {row.name for row in persons} == {name}
    assert {row.structure_id for row in persons} <= theirs
    assert all(row.role and row.structure for row in persons)


def test_a_structure_is_found_under_a_former_name_and_no_more_once_merged(told: tuple[Store, Story]) -> None:
    store, _ = told
    one, other = found(store, "cuisine du monde").structures[:2]
    alias = StructureAlias(
        id="a", structure_id=one.id, kind="name", value="Œil du Lys", folded="oeil lys", noted_on=date(2026, 4, 15)
    )
    with store.write(ACTOR) as session:
        session.add(alias)
        record(session, verb="test", noun="structure", noun_id=one.id, summary="Ancien nom")
    assert [row.id for row in found(store, "oeil lys").structures] == [one.id]
    with store.write(ACTOR) as session:
        session.execute(update(Structure).where(Structure.id == other.id).values(merged_into=one.id))
        session.execute(delete(StructureAlias).where(StructureAlias.id == "a"))
        record(session, verb="test", noun="structure", noun_id=one.id, summary="Fusion")
    assert found(store, "oeil lys") == Found()
    assert other.id not in [row.id for row in found(store, other.name).structures]


def test_a_renamed_structure_brings_its_files_under_its_new_name(told: tuple[Store, Story]) -> None:
    store, _ = told
    one = found(store, "collectif cuisine du monde").structures[0]
    with store.write(ACTOR) as session:
        structures.set_field(session, structure_id=one.id, name="name", value="Tables ouvertes du Lys")
    assert "Collectif Cuisine du monde" not in names(found(store, "collectif cuisine monde"))
    after = found(store, "tables ouvertes")
    assert names(after) == ["Tables ouvertes du Lys"]
    assert {row.structure for row in after.files} == {"Tables ouvertes du Lys"}


def test_the_index_follows_what_goes_round_the_verbs(told: tuple[Store, Story]) -> None:
    store, story = told
    with store.write(ACTOR) as session:
        key = applications.rows(session, call_id=story.call_id)[4].id
        session.execute(update(Application).where(Application.id == key).values(title="Zéphyr et girouettes"))
        record(session, verb="test", noun="application", noun_id=key, summary="Titre")
    assert [row.id for row in found(store, "girouettes").files] == [key]
    with store.write(ACTOR) as session:
        session.execute(update(Application).where(Application.id == key).values(title="Autre chose"))
        record(session, verb="test", noun="application", noun_id=key, summary="Titre")
    assert found(store, "girouettes") == Found()


def test_a_deleted_file_is_found_no_more(base_at: Base) -> None:
    store, story = base_at("imported")
    with store.write(ACTOR) as session:
        row = applications.rows(session, call_id=story.call_id)[0]
        for table in (ApplicationQuarter, BudgetLine, Document):
            session.execute(delete(table).where(table.application_id == row.id))
        session.execute(delete(Application).where(Application.id == row.id))
        record(session, verb="test", noun="application", noun_id=row.id, summary="Supprimé")
    assert row.id not in [file.id for file in found(store, row.number).files]


def test_a_member_finds_no_trace_of_a_file_of_a_deport(base_at: Base) -> None:
    store, story = base_at("marked")
    with store.read() as session:
        file = next(
            row for row in applications.rows(session, call_id=story.call_id) if row.status is DisplayedStatus.ELIGIBLE
        )
    member = story.member_ids[0]
    assert file.id in [row.id for row in found(store, file.number, viewer=member).files]
    with store.write(ACTOR) as session:
        meetings.declare_recusal(
            session, member_id=member, application_id=file.id, reason="Membre du bureau de l’association"
        )
    assert file.id in [row.id for row in found(store, file.number).files]
    hidden = found(store, file.number, viewer=member)
    assert file.id not in [row.id for row in hidden.files]
    assert all(file.number not in row.number for row in hidden.letters)


def test_a_copy_of_the_base_finds_the_same(told: tuple[Store, Story], tmp_path: Path) -> None:
    store, _ = told
    before = found(store, "boxe")
    copy = tmp_path / "copie" / NAME
    copy.parent.mkdir()
    backup.copy(store.path, copy)
    with Store.open(copy) as other:
        assert found(other, "boxe") == before
    assert before.files


def test_signs_of_the_query_language_are_only_signs(told: tuple[Store, Story]) -> None:
    store, _ = told
    for typed in ('"', "*", "a* OR b", "NOT", "words:x", "(((", "'; DROP TABLE letter; --", "\x00", "\u202e"):
        found(store, typed)
    assert found(store, "cuisine").structures


def test_every_word_must_be_there(told: tuple[Store, Story]) -> None:
    store, _ = told
    for row in found(store, "boxe sportive").files:
        assert {"boxe", "sportive"} <= set(fold(f"{row.structure} {row.title}").replace("'", " ").split())


def test_a_long_import_is_found_and_what_is_written_after_it_too(base_at: Base) -> None:
    store, story = base_at("told")
    sample = read_deposits(Book(3, 1).sheets(), WORDS, KNOWN)
    deposits = tuple(
        replace(
            sample.deposits[0],
            number=str(50_000_000 + rank),
            title=f"Kermesse {rank}",
            structure=StructureRead(name=f"Zèbres réunis {rank}", rna=f"W77{rank:07d}"),
        )
        for rank in range(250)
    )
    with store.write(ACTOR) as session:
        imports.run(
            session,
            call_id=story.call_id,
            intake=replace(sample, deposits=deposits, rows=250, source="Longue"),
            filename="longue.xlsx",
            sha256="",
        )
    assert names(found(store, "zebres reunis 249")) == ["Zèbres réunis 249"]
    assert [row.title for row in found(store, "kermesse 17").files][:1] == ["Kermesse 17"]
    assert "Collectif Cuisine du monde" in names(found(store, "cuisne monde"))
    with store.write(ACTOR) as session:
        session.execute(update(Structure).where(Structure.name == "Zèbres réunis 3").values(name="Girafes"))
        record(session, verb="test", noun="structure", noun_id="x", summary="Essai")
        structures.create(session, name="Okapis")
    assert names(found(store, "girafes")) == ["Girafes"]
    assert [row.title for row in found(store, "girafes").files] == ["Kermesse 3"]
    assert names(found(store, "okapis")) == ["Okapis"]
