"""What may still be done of a decision, from its file: reopened, withdrawn, challenged; what the others give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision as Row
from cv_desktop.db.models.meeting import Member
from cv_desktop.db.queries import institution, movements
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.recourses import Kind
from cv_desktop.services import calls, endings, links, structure_lines
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.ui import dialogs
from cv_desktop.ui.applications.decision import Decision
from cv_desktop.ui.applications.screen import ApplicationsScreen
from cv_desktop.ui.letters.hand_letter_dialog import HandLetterDialog
from ui import desk
from ui.keys import press

NBSP = "\u00a0"
Opened = Callable[[str], tuple[Store, Story]]


@pytest.fixture
def tab(base_at: Opened, qtbot: QtBot) -> Decision:
    store, story = base_at("voted")
    with store.read() as session:
        file = session.scalars(select(Row.application_id).where(Row.amount_cents == 240_000).order_by(Row.id)).first()
    context = desk.context(store, story.call_id)
    qtbot.addWidget(context.messages)
    screen = ApplicationsScreen(context)
    context.bus.changed.connect(lambda *_: screen.refresh())
    qtbot.addWidget(screen)
    screen.resize(1256, 790)
    screen.show()
    screen.refresh()
    screen.open("application", str(file))
    screen.record.show_tab("decision")
    return screen.record.decision


def standings(tab: Decision) -> list[str]:
    column = next(c for c in tab.decisions.rows.columns if c.key == "standing")
    return [column.text(row) for row in tab.decisions.rows.rows()]


def test_the_header_of_a_granted_file_does_not_alarm_about_the_silence_before_its_act(tab: Decision) -> None:
    record = tab.window().record
    assert record.silence.text() == f"Décidé le 14{NBSP}avril 2026, à notifier"
    assert f"Un rejet est né du silence le 8{NBSP}mars 2026" in record.silence.toolTip()
    file = {"application_id": record.dossier.id}
    tab.after.context.do("", endings.end, **file, kind="illegal", reason="Une pièce était fausse.")
    assert record.silence.isHidden(), "the rejection before its act has nothing to do with a withdrawal"
    assert record.silence.property("tone") == "secondary"


def test_a_decision_is_reopened_by_another_vote(tab: Decision) -> None:
    assert standings(tab) == ["En vigueur"]
    tab.after.reopen.click()
    tab.after.amount.set_value(300_000)
    tab.after.reason.set_value("Demande de l’association.")
    tab.after._reopen()
    # The one in force stays so until the act, and says what is put to the vote in its place.
    assert standings(tab) == [f"En vigueur{NBSP}; 3{NBSP}000{NBSP}€ au vote"]
    with tab.after.context.store.read() as session:
        held = movements.totals(session, call_id=str(tab.after.context.calls.id))
    assert (held["engaged"], held["submitted"]) == (28_100_00, 600_00)


def test_a_reopening_says_what_its_reason_answers_for(tab: Decision) -> None:
    """A member who was in the room is found treasurer since: the reason of another amount answers for it, knowingly."""
    tab.after.reopen.click()
    assert tab.after.reason._hint.isHidden()
    context = tab.after.context
    with context.store.read() as session:
        member = session.scalars(select(Member.id).where(Member.name == "Bénédicte Témoin")).one()
        structure = session.get_one(Application, tab.after._dossier.id).structure_id
    given = {"member_id": member, "structure_id": structure, "kind": "mandate"}
    context.do("", links.confirm, **given, reason="Trésorière de l’association.")
    tab.after.reopen.click()
    said = tab.after.reason._hint.text()
    assert said.startswith("Ce motif répondra aussi de ce qui est trouvé depuis. FIA-2026-")
    assert said.endswith("Bénédicte Témoin, aujourd’hui en déport, était dans la salle.")


def test_an_award_given_up_frees_its_money(tab: Decision, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_a, **_k: "L’association renonce.")
    tab.after._ask_recourse(Kind.GRACIOUS)
    tab.after.filed.set_value(date(2026, 4, 15))
    tab.after._file()
    tab.after.ends.actions()[0].trigger()
    assert standings(tab) == [f"Renonciation de l’association, 15/04/2026{NBSP}: L’association renonce."]
    (recourse,) = tab.after.table.rows.rows()
    assert recourse.recourse.standing(date(2026, 5, 1)) == (
        f"La décision n’a plus cours depuis le 15{NBSP}avril 2026{NBSP}: il n’attend plus de réponse."
    )
    assert tab.after.context.messages.past[-1].sentence.endswith(
        f"{NBSP}: renonciation enregistrée. Ce qui n’est pas versé redevient libre pour la liste d’attente."
    )
    assert not tab.after.reopen.isVisibleTo(tab) and not tab.after.end.isVisibleTo(tab)
    with tab.after.context.store.read() as session:
        assert movements.totals(session, call_id=str(tab.after.context.calls.id))["engaged"] == 25_700_00


def test_a_recourse_says_where_it_is(tab: Decision) -> None:
    tab.after.kinds.actions()[0].trigger()
    tab.after.filed.set_value(date(2026, 5, 1))
    tab.after._file()
    assert tab.after.filed.wrong and not tab.after.table.rows.rows()
    tab.after.filed.set_value(date(2026, 4, 15))
    tab.after._file()
    (row,) = tab.after.table.rows.rows()
    column = next(c for c in tab.after.table.rows.columns if c.key == "standing")
    assert column.text(row) == f"À répondre avant le 15{NBSP}juin 2026{NBSP}: le silence le rejette ensuite."
    # The day of the answer is its own, between the recourse and today.
    tab.after._ask_answer(row, 0)
    assert tab.after.answering.text() == f"Enregistrer{NBSP}: recours accueilli"
    tab.after.answered.set_value(date(2026, 4, 14))
    tab.after._answer()
    assert tab.after.answered.wrong and tab.after.table.rows.rows() == [row]
    tab.after.answered.set_value(date(2026, 4, 15))
    tab.after._answer()
    (row,) = tab.after.table.rows.rows()
    assert column.text(row) == f"Accueilli le 15{NBSP}avril 2026."
    # What it leaves to do is said: another act, and the letter.
    told = tab.after.context.messages.past[-1]
    assert told.sentence == (
        f"Recours gracieux{NBSP}: réponse enregistrée. La décision reste en vigueur jusqu’au prochain acte{NBSP}: "
        "rouvrez-la pour la changer."
    )
    assert [words for words, _go in told.buttons] == ["Préparer le courrier…"]
    tab.after._forget_answer(row)
    (row,) = tab.after.table.rows.rows()
    assert column.text(row).startswith("À répondre avant le")


def test_the_letter_that_answers_a_recourse_opens_on_what_was_recorded(
    tab: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab.after.kinds.actions()[0].trigger()
    tab.after.filed.set_value(date(2026, 4, 15))
    tab.after._file()
    (row,) = tab.after.table.rows.rows()
    tab.after._ask_answer(row, 1)
    tab.after._answer()
    seen: list[tuple[str, dict[str, object]]] = []

    def look(dialog: HandLetterDialog) -> HandLetterDialog.DialogCode:
        kind = dialog.kind.currentData().kind
        seen.append((kind, {name: field.value() for name, field in dialog._fields.items()}))
        return HandLetterDialog.DialogCode.Rejected

    monkeypatch.setattr(HandLetterDialog, "exec", look)
    _words, go = tab.after.context.messages.past[-1].buttons[0]
    go()
    ((kind, known),) = seen
    assert (kind, known["recours_le"], known["sens"]) == ("REC", "15/04/2026", "rejeté")


def test_the_tables_are_as_high_as_their_rows(tab: Decision) -> None:
    head, row = tab.decisions.horizontalHeader().height(), tab.decisions.rowHeight(0)
    assert head + row <= tab.decisions.height() < head + 2 * row


def test_an_answer_is_written_on_the_recourse_it_was_asked_for_whatever_is_erased_meanwhile(tab: Decision) -> None:
    for kind, day in ((0, 14), (0, 15), (-1, 15)):
        tab.after.kinds.actions()[kind].trigger()
        tab.after.filed.set_value(date(2026, 4, day))
        tab.after._file()
    first, second, third = tab.after.table.rows.rows()
    tab.after._ask_answer(second, 1)
    tab.after._remove(first)
    assert not tab.after.forms.isHidden() and tab.after.answering.text() == f"Enregistrer{NBSP}: recours rejeté"
    tab.after._answer()
    said = {row.id: row.recourse.outcome for row in tab.after.table.rows.rows()}
    assert (said[second.id], said[third.id]) == ("rejected", first.recourse.outcome)
    # The form of a recourse that is itself erased closes with it.
    tab.after._ask_answer(third, 0)
    tab.after._remove(third)
    assert tab.after.forms.isHidden()
    tab.after._answer()
    assert [(row.id, row.recourse.outcome) for row in tab.after.table.rows.rows()] == [(second.id, "rejected")]


def test_in_a_low_window_the_form_that_is_asked_is_seen_and_what_is_typed_stays_with_its_file(
    tab: Decision, qtbot: QtBot
) -> None:
    screen = tab.window()
    assert isinstance(screen, ApplicationsScreen)
    screen.resize(1256, 570)
    tab.after.reopen.click()
    area = tab.findChildren(QScrollArea)[0]

    def seen() -> bool:
        top = tab.after.forms.mapTo(area.viewport(), QPoint(0, 0)).y()
        return top >= 0 and top + tab.after.forms.height() <= area.viewport().height()

    qtbot.waitUntil(seen)
    tab.after.amount.editor.setText("2 000")
    tab.after.reason.editor.setText("À revoir avec l’association")
    assert tab.after._dossier
    file = tab.after._dossier.id
    with tab.after.context.store.read() as session:
        other = session.scalars(select(Row.application_id).where(Row.application_id != file)).first()
    screen.open("application", str(other))
    assert tab.after.forms.isHidden()
    screen.open("application", file)
    screen.record.show_tab("decision")
    assert not tab.after.forms.isHidden()
    assert (tab.after.amount.text(), tab.after.reason.text()) == ("2 000", "À revoir avec l’association")


def test_the_other_funders_are_typed_in_their_cells(tab: Decision) -> None:
    tab.fundings.funders.aboutToShow.emit()
    state = next(x for x in tab.fundings.funders.actions() if "BOP 147" in x.text())
    state.trigger()
    model = tab.fundings.table.rows
    place = next(i for i, row in enumerate(model.rows()) if row.code == "ETAT-147")
    index = model.index(place, model.column_index("voted_cents"))
    assert model.setData(index, "2 500", Qt.ItemDataRole.EditRole)
    assert model.row_at(place).voted_cents == 2_500_00
    tab.fundings.add_year.click()
    (year,) = tab.fundings.years.rows.rows()
    assert (year.year, year.cents, year.call) == (2027, 2_400_00, "")
    # Its campaign made with less than what is engaged there, the year typed again says what lacks.
    context = tab.after.context
    context.do("", calls.create, code="FIA-2027", scheme="FIA", year=2027, envelope_cents=1_000_00)
    assert context.messages.current is None
    years = tab.fundings.years.rows
    assert years.setData(years.index(0, years.column_index("amount")), "1 500", Qt.ItemDataRole.EditRole)
    told = context.messages.current
    assert told is not None and told.lead.replace(NBSP, " ") == (
        "2027 : 1 500 € engagés sur « FIA 2027 », où 1 000 € sont libres : il manque 500 €."
    )


def test_a_convention_due_is_said_with_its_reckoning_and_its_signatures_are_recorded(tab: Decision) -> None:
    line, context = tab.convention, tab.after.context
    assert line.lead.text() == "Aucune convention n’est requise."
    assert line._dossier
    given = {"year": "2026", "funder": "Melun Val de Seine", "title": "Prêt du gymnase", "granted_cents": "22 100"}
    with context.store.write(ACTOR) as session:
        authority = str(institution.values(session)["authority"])
        structure_lines.add(
            session,
            kind="grant",
            structure_id=line._dossier.record.row.structure_id,
            values={**given, "funder": authority, "in_kind": "En nature"},
        )
    context.bus.changed.emit(Changes.of("application", line._dossier.id), None)
    assert line.isVisibleTo(tab)
    assert line.lead.text().replace(NBSP, " ") == (
        "Convention requise : 24 500 € en 2026, dont 22 100 € en nature, seuil 23 000 € (loi n° 2000-321, art. 10)."
    )
    assert line.chip.badge.word == "à établir"
    assert "22 100 € en nature (Prêt du gymnase)" in line.detail.text().replace(NBSP, " ")
    line.signatures.click()
    line.authority.set_value(date(2026, 4, 14))
    line.structure.set_value(date(2026, 4, 15))
    line._sign()
    assert "indiquez la référence" in line.reference._reason.text()
    line.reference.set_value("CPO 2024-2026")
    line._sign()
    assert line.chip.badge.word.replace(NBSP, " ") == "signée le 15 avril 2026"
    assert "données essentielles à publier avant le 15 juillet 2026" in line.detail.text().replace(NBSP, " ").lower()
    assert line.forms.isHidden()


def test_a_condition_is_lifted_then_called_and_paid_from_the_file(tab: Decision) -> None:
    context, payments, condition = tab.after.context, tab.payments, tab.condition
    assert payments._dossier and not condition.isVisibleTo(tab)
    file = payments._dossier.id
    with context.store.write(ACTOR) as session:
        row = session.scalars(select(Row).where(Row.application_id == file)).one()
        row.condition, row.condition_due_on = "Remettre le budget signé", date(2026, 6, 30)
        record(session, verb="decisions.decide", noun="application", noun_id=file, summary="Réserve de l’essai")
    context.bus.changed.emit(Changes.of("application", file), None)
    outcome = next(c for c in tab.decisions.rows.columns if c.key == "outcome")
    (decided,) = tab.decisions.rows.rows()
    assert outcome.text(decided).endswith(", sous réserve")
    assert condition.lead.text().replace(NBSP, " ") == "Réserve à lever avant le 30 juin 2026."
    assert condition.chip.badge.word == "à lever"
    payments.verbs[0].click()
    assert payments.amount.value() == 240_000
    payments._write()
    assert "levez d’abord la réserve" in payments.amount._reason.text()
    condition.lift.click()
    condition.proof.set_value("Budget signé reçu par courriel")
    condition._lift()
    assert condition.lead.text().replace(NBSP, " ") == "Réserve levée le 15 avril 2026."
    assert condition.chip.badge.word == "levée" and condition.forms.isHidden()
    # The letter that tells it is prepared from here, once.
    visited: list[tuple[str, str, str]] = []
    context.visit.connect(lambda *where: visited.append(where))
    assert condition.letter.text() == "Préparer le courrier"
    condition.letter.click()
    assert condition.letter.text() == "Voir le courrier"
    condition.letter.click()
    (letter,) = (x for x in payments._dossier.outcomes.letters if x.kind == "LEV")
    assert visited == [("letters", "letter", letter.id)] * 2
    payments._write()
    assert payments.lead.text().replace(NBSP, " ") == "Payé 0 €, appelé 2 400 €, reste engagé 0 €."
    assert [button.isVisibleTo(tab) for button in payments.verbs] == [False, True, True, False]
    payments.verbs[1].click()
    payments.piece.set_value("Mandat 118")
    payments.day.editor.setText("14/")
    # Another file is looked at, then this one again: the form and what was typed in it are still there.
    screen = tab.window()
    assert isinstance(screen, ApplicationsScreen)
    with context.store.read() as session:
        other = session.scalars(select(Row.application_id).where(Row.application_id != file)).first()
    screen.open("application", str(other))
    assert payments.forms.isHidden()
    screen.open("application", file)
    screen.record.show_tab("decision")
    assert not payments.forms.isHidden()
    typed = (payments.amount.value(), payments.day.text(), payments.piece.text(), payments.done.text())
    assert typed == (240_000, "14/", "Mandat 118", "Déclarer payé")
    payments.day.replace(date(2026, 4, 15))
    payments._write()
    assert payments.chip.badge.word == "tout est payé"
    said = {column.key: column for column in payments.table.rows.columns}
    told = [(said["what"].text(row), said["piece"].text(row)) for row in payments.table.rows.rows()]
    assert told == [("Appelé au paiement", ""), ("Payé", "Mandat 118")]
    context.undo_last()
    assert payments.lead.text().replace(NBSP, " ") == "Payé 0 €, appelé 2 400 €, reste engagé 0 €."


def test_what_is_typed_of_an_amendment_is_never_offered_for_another_file(tab: Decision) -> None:
    line, screen = tab.convention, tab.window()
    assert isinstance(screen, ApplicationsScreen) and line._dossier
    file = line._dossier.id
    with line.context.store.read() as session:
        other = session.scalars(select(Row.application_id).where(Row.application_id != file)).first()
    line._ask_amendment()
    line.cause.editor.setText("Le budget a changé")
    screen.open("application", str(other))
    assert line.forms.isHidden()
    line._ask_amendment()
    assert line.cause.text() == ""
    screen.open("application", file)
    assert not line.forms.isHidden() and line.cause.text() == "Le budget a changé"


def test_the_keyboard_comes_back_to_what_opened_a_form(tab: Decision) -> None:
    for leave in ("Échap", "Fermer"):
        tab.after.reopen.setFocus()
        tab.after.reopen.click()
        assert tab.after.amount.editor.hasFocus()
        if leave == "Échap":
            press(None, Qt.Key.Key_Escape)
        else:
            next(x for x in tab.after.forms.findChildren(QPushButton) if x.text() == leave and x.isVisible()).click()
        assert tab.after.forms.isHidden() and tab.after.reopen.hasFocus()


def test_in_a_narrow_record_the_checks_stay_beside_the_budget_and_the_number_is_whole(tab: Decision) -> None:
    screen = tab.window()
    assert isinstance(screen, ApplicationsScreen)
    screen.record.show_tab("instruction")
    for width in (1256, 980):
        screen.resize(width, 570)
        QApplication.processEvents()
        page, number = screen.record.instruction, screen.record.number
        assert page.checks.geometry().right() < page.budget.geometry().left()
        assert page.budget.geometry().right() <= page.width()
        assert number.width() >= number.sizeHint().width()
