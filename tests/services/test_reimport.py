"""A newer export of the same source: updated, left, told; taken back whole; lines left out wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.import_value import ImportValue
from cv_desktop.db.models.pending_line import PendingLine
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import fundings, search
from cv_desktop.db.store import Store
from cv_desktop.db.work import now, record
from cv_desktop.domain.deposits import read_deposits
from cv_desktop.domain.errors import UserError
from cv_desktop.services import applications, form, import_removal, imports, pending_lines, structures, vocabulary
from cv_desktop.services import fundings as typing
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.services.fundings import AMOUNTS
from cv_desktop.services.import_plan import Plan
from deposit_workbook import ASKED, SIRET, TITLE, Book

Base = Callable[[str], tuple[Store, Story]]


class Campaign:
    """A campaign without files, into which a test brings one export after the other."""

    def __init__(self, store: Store, call: str) -> None:
        self.store, self.call = store, call

    def intake(self, book: Book, **kw: Any) -> Any:
        with self.store.read() as session:
            known = {"funders": imports.known_funders(session, self.call)}
            return read_deposits(book.sheets(), vocabulary.deposits(), imports.known_quarters(session), **known, **kw)

    def plan(self, book: Book, **kw: Any) -> Plan:
        with self.store.read() as session:
            return imports.plan(session, call_id=self.call, intake=self.intake(book), **kw)

    def bring(self, book: Book, sha256: str = "a", **kw: Any) -> str:
        left = kw.pop("left", ())
        with self.store.write(ACTOR) as session:
            intake = self.intake(book, left=left)
            return imports.run(session, call_id=self.call, intake=intake, filename="e.xlsx", sha256=sha256, **kw)[1]

    def file(self, number: str) -> Application:
        with self.store.read() as session:
            found = session.scalars(select(Application).where(Application.external_id == number)).one()
            session.expunge(found)
            return found

    def type(self, number: str, name: str, text: str) -> None:
        with self.store.write(ACTOR) as session:
            form.set_field(session, application_id=self.file(number).id, name=name, text=text)

    def undo(self, key: str) -> None:
        with self.store.write(ACTOR) as session:
            import_removal.remove(session, import_id=key)

    def found(self, text: str) -> list[str | None]:
        with self.store.read() as session:
            files = search.found(session, text=text, words=search.vocabulary(session)).files
            return [session.get_one(Application, file.id).external_id for file in files]

    def waiting(self) -> list[tuple[int, str]]:
        with self.store.read() as session:
            rows = session.scalars(select(PendingLine).where(PendingLine.settled_as == "").order_by(PendingLine.line))
            return [(row.line, row.number) for row in rows]


@pytest.fixture
def campaign(base_at: Base) -> Campaign:
    store, story = base_at("campaign")
    return Campaign(store, story.call_id)


def test_a_field_that_nobody_changed_takes_the_new_value(campaign: Campaign) -> None:
    book = Book(1, 4)
    campaign.bring(book)
    number = book.set(1, TITLE, "Verger de la Plaine")
    plan = campaign.plan(book)
    assert (plan.updated, plan.differences, len(plan.unchanged), plan.new) == ((number,), (), 3, ())
    campaign.bring(book, "b")
    assert campaign.file(number).title == "Verger de la Plaine"
    assert campaign.found("verger") == [number]
    assert not campaign.plan(book).updates


def test_a_field_changed_on_both_sides_is_left_and_shown(campaign: Campaign) -> None:
    book = Book(2, 3)
    campaign.bring(book)
    number = book.numbers[0]
    campaign.type(number, "asked_cents", "1 234")
    book.set(0, ASKED, 777.0)
    plan = campaign.plan(book)
    assert plan.updates == ()
    assert [(d.external, d.name, d.file, d.base) for d in plan.differences] == [
        (number, "asked_cents", 77_700, 123_400)
    ]
    campaign.bring(book, "b")
    assert campaign.file(number).asked_cents == 123_400
    # Nobody decided: the next file asks again.
    assert len(campaign.plan(book).differences) == 1


def test_what_the_officer_changed_alone_stays_without_a_word(campaign: Campaign) -> None:
    book = Book(3, 3)
    campaign.bring(book)
    campaign.type(book.numbers[0], "title", "Titre corrigé au téléphone")
    plan = campaign.plan(book)
    assert (plan.updates, plan.differences, len(plan.unchanged)) == ((), (), 3)
    with pytest.raises(UserError, match="3 dossiers déjà dans la campagne"):
        campaign.bring(book, "b")


@pytest.mark.parametrize(("decision", "kept"), [("file", 77_700), ("base", 123_400)])
def test_a_difference_is_decided_once(campaign: Campaign, decision: str, kept: int) -> None:
    book = Book(4, 2)
    campaign.bring(book)
    number = book.set(0, ASKED, 777.0)
    campaign.type(number, "asked_cents", "1 234")
    campaign.bring(book, "b", decisions={(number, "asked_cents"): decision})
    assert campaign.file(number).asked_cents == kept
    assert campaign.plan(book).differences == ()


def test_a_cell_emptied_by_the_file_takes_nothing_away_by_itself(campaign: Campaign) -> None:
    book = Book(5, 2)
    campaign.bring(book)
    number = book.set(0, "dont femmes", "")
    plan = campaign.plan(book)
    assert plan.updates == ()
    assert [(d.external, d.name, d.file) for d in plan.differences] == [(number, "women", None)]


def test_a_column_that_the_new_export_lacks_changes_nothing(campaign: Campaign) -> None:
    book = Book(6, 3)
    campaign.bring(book)
    at = book.dossiers[0].index("dont femmes")
    for row in book.dossiers:
        del row[at]
    plan = campaign.plan(book)
    assert (plan.updates, plan.differences, len(plan.unchanged)) == ((), (), 3)


def test_a_judged_file_is_never_changed_by_a_file(campaign: Campaign) -> None:
    book = Book(7, 1)
    campaign.bring(book)
    number = book.numbers[0]
    with campaign.store.write(ACTOR) as session:
        file = session.get_one(Application, campaign.file(number).id)
        applications.set_status(session, file, applications.ApplicationStatus.ELIGIBLE, [], "", "")
    book.set(0, TITLE, "Autre titre")
    plan = campaign.plan(book, decisions={(number, "title"): "file"})
    assert plan.updates == ()
    assert [(d.name, d.locked) for d in plan.differences] == [("title", "Recevable")]


def test_a_number_given_to_another_structure_takes_nothing_by_itself(campaign: Campaign) -> None:
    book = Book(20, 1)
    campaign.bring(book)
    other = Book(21, 1)
    other.set(0, "Entreprise raison sociale", "Club Modèle")
    plan = campaign.plan(other)
    assert plan.updates == ()
    assert plan.differences
    said = plan.problems[-1].message.replace("\u00a0", " ")
    assert "celui de « Association Témoin 0 » ; le fichier le donne à « Club Modèle »." in said


def test_new_files_are_added_and_vanished_ones_are_told(campaign: Campaign) -> None:
    campaign.bring(Book(8, 3))
    later = Book(8, 5)
    gone = later.numbers[1]
    del later.dossiers[2]
    plan = campaign.plan(later)
    assert [deposit.number for deposit in plan.new] == later.numbers[3:]
    assert plan.vanished == (gone,)
    assert plan.problems[-1].message.replace("\u00a0", " ") == (
        f"1 dossier de la campagne n’est plus dans ce fichier : {gone}. Rien n’en est retiré."
    )
    campaign.bring(later, "b")
    assert campaign.file(gone).external_id == gone


def test_a_number_mended_in_the_new_export_reaches_the_structure(campaign: Campaign) -> None:
    book = Book(9, 2)
    right = book.get(0, SIRET)
    number = book.set(0, SIRET, "2,43E+13")
    book.set(0, "Entreprise SIREN", "")
    book.set(0, "Association RNA", "")
    book.set(0, "Numéro RNA", "")
    campaign.bring(book)
    book.set(0, SIRET, right)
    assert campaign.plan(book).updated == (number,)
    campaign.bring(book, "b")
    with campaign.store.read() as session:
        structure = session.get_one(Structure, campaign.file(number).structure_id)
        assert (structure.siret, structure.siren) == (right, right[:9])
    assert campaign.file(number).siret_raw is None


def test_a_second_import_taken_back_gives_the_former_values_again(campaign: Campaign) -> None:
    book = Book(10, 3)
    campaign.bring(book)
    number = book.numbers[0]
    title, told = campaign.file(number).title, _told(campaign, number)
    book.set(0, TITLE, "Nouveau titre")
    book.incomes[1][4] = 10.0
    second = campaign.bring(book, "b")
    campaign.undo(second)
    assert campaign.file(number).title == title
    assert _told(campaign, number) == told
    assert campaign.plan(book).updated == (number,)


def test_an_import_is_undone_until_one_of_its_files_is_changed(campaign: Campaign) -> None:
    book = Book(11, 3)
    key = campaign.bring(book)
    number = book.numbers[2]
    campaign.type(number, "goals", "Renforcer le lien")
    with pytest.raises(UserError) as refusal:
        campaign.undo(key)
    assert refusal.value.message.replace("\u00a0", " ") == (
        f"1 dossier de cet import a changé depuis : {campaign.file(number).number}. Il ne peut plus être défait. "
        "Retirez un à un les dossiers en trop."
    )
    campaign.type(number, "goals", "")
    campaign.undo(key)
    assert campaign.plan(book).already == ()


def test_an_update_changed_again_since_keeps_its_import(campaign: Campaign) -> None:
    book = Book(12, 2)
    campaign.bring(book)
    number = book.set(0, TITLE, "Nouveau titre")
    second = campaign.bring(book, "b")
    campaign.type(number, "title", "Titre retouché")
    with pytest.raises(UserError, match="a changé depuis"):
        campaign.undo(second)


def test_an_import_undone_is_done_again_by_the_step_it_gives(campaign: Campaign) -> None:
    book = Book(13, 3)
    with campaign.store.write(ACTOR) as session:
        changes, _key = imports.run(
            session, call_id=campaign.call, intake=campaign.intake(book), filename="e.xlsx", sha256="a"
        )
    numbers = [campaign.file(number).number for number in book.numbers]
    assert changes.undo
    with campaign.store.write(ACTOR) as session:
        undone = changes.undo(session)
    assert undone.undo
    with campaign.store.write(ACTOR) as session:
        undone.undo(session)
    assert [campaign.file(number).number for number in book.numbers] == numbers


def test_refused_lines_wait_until_a_later_export_holds_them(campaign: Campaign) -> None:
    book = Book(14, 4)
    number = book.set(1, ASKED, "quatre mille")
    campaign.bring(book)
    assert campaign.waiting() == [(3, number)]
    book.set(1, ASKED, 400.0)
    second = campaign.bring(book, "b")
    assert campaign.waiting() == []
    campaign.undo(second)
    assert campaign.waiting() == [(3, number)]


def test_a_line_refused_again_waits_once_in_the_newest_export(campaign: Campaign) -> None:
    book = Book(14, 4)
    number = book.set(1, ASKED, "quatre mille")
    campaign.bring(book)
    book.set(0, TITLE, "Nouveau titre")
    book.dossiers.append(book.dossiers.pop(2))
    second = campaign.bring(book, "b")
    assert campaign.waiting() == [(5, number)]
    campaign.undo(second)
    assert campaign.waiting() == [(3, number)]


def test_a_line_left_aside_by_hand_waits_and_may_be_dismissed(campaign: Campaign) -> None:
    book = Book(15, 3)
    campaign.bring(book, left={("Dossiers", 4)})
    assert campaign.waiting() == [(4, book.numbers[2])]
    with campaign.store.read() as session:
        key = session.scalars(select(PendingLine.id)).one()
    with campaign.store.write(ACTOR) as session:
        changes = pending_lines.dismiss(session, keys=[key])
    assert campaign.waiting() == []
    assert changes.undo
    with campaign.store.write(ACTOR) as session:
        changes.undo(session)
    assert campaign.waiting() == [(4, book.numbers[2])]


def test_a_name_known_alone_is_linked_when_a_person_says_it_is_the_same(campaign: Campaign) -> None:
    with campaign.store.write(ACTOR) as session:
        _changes, owner = structures.create(session, name="Association Témoin 0")
    book = Book(16, 1)
    number = book.numbers[0]
    assert campaign.plan(book).namesakes == {number: (owner, "Association Témoin 0")}
    campaign.bring(book, owners={number: owner})
    assert campaign.file(number).structure_id == owner


def _told(campaign: Campaign, number: str) -> dict[str, Any]:
    with campaign.store.read() as session:
        return session.get_one(ImportValue, campaign.file(number).id).values


def test_an_undone_import_empties_the_blanks_it_had_filled(campaign: Campaign) -> None:
    book = Book(1, 2)
    with campaign.store.write(ACTOR) as session:
        for place, number in enumerate(book.numbers[:2]):
            read = next(d for d in campaign.intake(book).deposits if d.number == number).structure
            session.add(
                Structure(
                    id=f"old{place}", name=read.name, folded_name=read.name.casefold(), siren=read.siren, siret=None,
                    commune=None, created_at=now(session),
                )
            )  # fmt: skip
        record(session, verb="structures.create", noun="structure", noun_id="old0", summary="Deux structures")
    key = campaign.bring(book)

    def kept(place: int) -> tuple[str | None, str | None]:
        with campaign.store.read() as session:
            structure = session.get_one(Structure, f"old{place}")
            return structure.siret, structure.commune

    siret, commune = kept(0)
    assert siret is not None
    assert commune is not None
    with campaign.store.write(ACTOR) as session:
        session.get_one(Structure, "old1").commune = "Ailleurs"
        record(session, verb="structures.put", noun="structure", noun_id="old1", summary="Commune corrigée")
    campaign.undo(key)
    assert kept(0) == (None, None)
    # What a person wrote since stays.
    assert kept(1) == (None, "Ailleurs")


def test_what_other_funders_are_asked_and_gave_comes_with_the_file_and_with_the_next_one(campaign: Campaign) -> None:
    """The programming table comes back with what the CAF voted: the new column is taken, what it asked was typed."""
    book = Book(11, 3)
    book.dossiers[0].append("CAF demandé")
    for line, cents in zip(book.dossiers[1:], (1_200, None, 900), strict=True):
        line.append(cents)
    campaign.bring(book)

    def caf(number: str) -> dict[str, int | None]:
        file = campaign.file(number).id
        with campaign.store.read() as session:
            found = {x.code: x for x in fundings.of_file(session, application_id=file)}.get("CAF")
            return {n: getattr(found, n) for n in AMOUNTS} if found else {}

    first, second, third = book.numbers[:3]
    assert caf(first) == {"asked_cents": 120_000, "proposed_cents": None, "voted_cents": None, "paid_cents": None}
    assert not caf(second).get("asked_cents")
    book.dossiers[0].append("CAF obtenu")
    for line, cents in zip(book.dossiers[1:], (1_000, 500, None), strict=True):
        line.append(cents)
    campaign.bring(book, "b")
    assert (caf(first)["asked_cents"], caf(first)["voted_cents"]) == (120_000, 100_000)
    assert caf(second)["voted_cents"] == 50_000
    assert (caf(third)["asked_cents"], caf(third)["voted_cents"]) == (90_000, None)
    assert not campaign.plan(book).updates
    with campaign.store.write(ACTOR) as session:
        typing.set_amount(
            session, application_id=campaign.file(first).id, funder="CAF", name="voted_cents", text="1 100"
        )
    book.dossiers[1][-1] = 1_050
    plan = campaign.plan(book)
    assert [(one.name, one.external) for one in plan.differences] == [("funding:CAF:voted_cents", first)]
