"""Liens: what the card shows, what each gesture writes; and the table of the committee, typed cell by cell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QDialog

import committee
from committee import Committee
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.mandate import Mandate
from cv_desktop.db.queries import meetings, members
from cv_desktop.db.queries.members import MemberRecord
from cv_desktop.db.work import new_id, record
from cv_desktop.domain.errors import UserError
from cv_desktop.services import catalogues
from cv_desktop.ui import dialogs
from cv_desktop.ui.calls.people_table import PeopleTable
from cv_desktop.ui.meetings.screen import MeetingsScreen

Opened = Callable[[str], tuple[MeetingsScreen, Committee]]


def answer(monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    """The question of a reason, answered without its dialog."""

    def say(question: dialogs.ReasonQuestion) -> QDialog.DialogCode:
        question.text.setPlainText(reason)
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(dialogs.ReasonQuestion, "exec", say)


def test_a_suspicion_is_shown_with_its_evidence_then_confirmed_undone_and_dismissed(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, base = opened("prepared")
    with screen.context.store.write(committee.ACTOR) as session:
        structure = session.get_one(Application, base.files[1]).structure_id
        session.add(
            Mandate(
                id=new_id(session), structure_id=structure, person_name="Béatrise Témoin",
                folded_name="beatrise temoin", role="Trésorière", represents=False, email="", phone="",
            )
        )  # fmt: skip
        record(session, verb="x", noun="structure", noun_id=structure, summary="Mandat de l’essai")
    screen.record.tabs.setCurrentWidget(screen.record.recusals)
    card = screen.record.recusals.links
    key = f"{base.members[1]} {structure}"
    assert card.view.select_identity(key)
    row = card.view.current_row()
    assert row is not None and row.evidence == ("Même nom\u00a0: Béatrise Témoin, trésorière.",)
    assert card.confirm_button.isEnabled() and card.dismiss_button.isEnabled() and not card.lift_button.isEnabled()
    answer(monkeypatch, "Trésorière depuis 2024.")
    card.confirm_button.click()
    assert screen.record.recusals.isVisible()
    known = {r.key: r for r in card.view.model().rows()}
    assert key not in known
    (decided,) = [r for r in known.values() if r.id]
    assert (decided.state, decided.reason, decided.files) == ("confirmed", "Trésorière depuis 2024.", 1)
    screen.context.undo_last()
    screen.refresh()
    assert card.view.select_identity(key)
    answer(monkeypatch, "Homonyme, vérifié au téléphone.")
    card.dismiss_button.click()
    screen.refresh()
    assert key not in {r.key for r in card.view.model().rows()}


def test_a_declared_link_hides_every_file_of_the_structure(opened: Opened) -> None:
    screen, base = opened("prepared")
    screen.record.tabs.setCurrentWidget(screen.record.recusals)
    tab = screen.record.recusals
    assert not tab.kind.isVisible()
    tab.member.set_value(base.members[2])
    tab.file.set_value(base.files[3])
    tab.scope.set_value("structure")
    assert tab.kind.isVisible()
    tab.kind.set_value("employment")
    tab.reason.set_value("Salarié jusqu’en 2025.")
    tab.declare_button.click()
    screen.refresh()
    (row,) = [r for r in tab.links.view.model().rows() if r.id]
    assert (row.member, row.kind, row.declared, row.files) == ("Charlie Modèle", "employment", True, 1)
    hidden = screen.context.read(meetings.queue, call_id=base.call, member_id=base.members[2])[1]
    assert hidden == 1


@pytest.fixture
def people(opened: Opened) -> tuple[PeopleTable, Committee]:
    screen, base = opened("empty")
    table = PeopleTable(screen.context, screen)
    table.show_call(base.call)
    return table, base


def person(table: PeopleTable, name: str) -> MemberRecord:
    return next(m for m in table.context.read(members.rows, call_id=table.call) if m.name == name)


def write(table: PeopleTable, name: str, column: str, text: str) -> None:
    edit = next(c.edit for c in table.view.model().columns if c.key == column)
    assert edit is not None
    edit(person(table, name), text)


def test_a_member_is_added_once_corrected_and_given_back(people: tuple[PeopleTable, Committee]) -> None:
    table, _base = people
    for _ in range(2):
        table.name.editor.setText("Gaëlle Témion")
        table.add()
        table.show_call(table.call)
    names = [row.name for row in table.view.rows.rows()]
    assert names.count("Gaëlle Témion") == 1
    shown = table.context.messages.current
    assert shown is not None and "est déjà membre du comité" in shown.sentence
    write(table, "Gaëlle Témion", "name", " Gaëlle Témoin ")
    assert person(table, "Gaëlle Témoin")
    table.context.undo_last()
    assert person(table, "Gaëlle Témion")


def test_substitute_perimeter_and_declaration_are_typed_as_they_are_said(people: tuple[PeopleTable, Committee]) -> None:
    table, base = people
    write(table, "Fanny Exemple", "substitute_of", "TÉMOIN Élie")
    write(table, "Fanny Exemple", "perimeter", "melun, Le Mée-sur-Seine")
    write(table, "Fanny Exemple", "declaration", "Aucun lien")
    found = person(table, "Fanny Exemple")
    assert (found.substitute_of, found.perimeter, found.declaration) == (base.members[4], ("77288", "77285"), "none")
    assert found.declared_on == committee.clock().date()
    table.context.undo_last()
    assert person(table, "Fanny Exemple").declaration == ""


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("substitute_of", "Gilles Modèle", "«\u00a0Gilles Modèle\u00a0» n’est pas au comité"),
        ("perimeter", "Paris", "«\u00a0Paris\u00a0» n’est ni une commune ni un quartier prioritaire"),
        ("declaration", "peut-être", "Écrivez «\u00a0aucun\u00a0», «\u00a0liens\u00a0»"),
        ("email", "fanny", "«\u00a0fanny\u00a0» n’est pas un courriel"),
    ],
)
def test_what_cannot_be_is_said_in_the_cell(
    people: tuple[PeopleTable, Committee], column: str, text: str, said: str
) -> None:
    table, _base = people
    with pytest.raises(UserError) as refusal:
        write(table, "Fanny Exemple", column, text)
    assert refusal.value.message.startswith(said)


def test_a_signed_declaration_is_typed_and_its_link_waits_to_be_confirmed(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, base = opened("prepared")
    screen.record.tabs.setCurrentWidget(screen.record.recusals)
    tab = screen.record.recusals
    assert tab.awaited.text() == "Déclarations d’intérêts\u00a0: 0 sur 6 complètes."
    tab.open_declarations.click()
    page = tab.declarations
    assert page.isVisible()
    page.people.select_identity(base.members[1])
    count = len(base.files)
    assert page.rest.text() == f"Aucun lien pour les {count} &autres"
    page.files.select_identity(base.files[0])
    page.kind.set_value("family")
    page.text.set_value("Sœur de la présidente.")
    page.link.click()
    page.rest.click()
    said = {row.application_id: row.linked for row in page.files.rows.rows()}
    assert said == dict.fromkeys(base.files, False) | {base.files[0]: True}
    assert page.member is not None and page.member.standing.words == "Liens déclarés, le 15/04/2026"
    page.back.click()
    assert tab.awaited.text() == "Déclarations d’intérêts\u00a0: 1 sur 6 complètes."
    row = tab.links.view.model().rows()[0]
    assert row.declared and row.member == "Béatrice Témoin"
    tab.links.view.select_identity(row.key)
    monkeypatch.setattr(dialogs.ReasonQuestion, "exec", lambda _question: QDialog.DialogCode.Accepted)
    tab.links.confirm_button.click()
    (decided,) = [r for r in tab.links.view.model().rows() if r.id]
    assert (decided.kind, decided.reason, decided.declared) == ("family", "Sœur de la présidente.", True)


def test_the_forms_are_printed_one_per_member(opened: Opened) -> None:
    screen, base = opened("prepared")
    screen.record.tabs.setCurrentWidget(screen.record.recusals)
    screen.record.recusals.open_declarations.click()
    page = screen.record.recusals.declarations
    page.every.click()
    folder = base.path.parent / "seances" / "2026-04-16_comite-fia-n-1_declarations"
    assert len(list(folder.glob("*.pdf"))) == 6
    shown = screen.context.messages.current
    assert shown is not None and shown.lead == "6 formulaires de déclaration en PDF."


def test_the_reasons_proposed_are_those_of_the_service(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    screen, _base = opened("prepared")
    with screen.context.store.write(committee.ACTOR) as session:
        catalogues.set_field(
            session, kind="motive", key="geste_deport_leve", name="text", text="Lien rompu ; Erreur ; Erreur"
        )
    screen.record.tabs.setCurrentWidget(screen.record.recusals)
    tab = screen.record.recusals
    tab.view.select_identity(tab.view.rows.rows()[0].id)
    offered: list[list[str]] = []

    def look(question: dialogs.ReasonQuestion) -> QDialog.DialogCode:
        offered.append([question.choice.itemText(i) for i in range(question.choice.count())])
        return QDialog.DialogCode.Rejected

    monkeypatch.setattr(dialogs.ReasonQuestion, "exec", look)
    tab.lift_button.click()
    assert offered == [["Lien rompu", "Erreur"]]
