from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from committee import Committee
from cv_desktop.db.queries import scores, sheets
from cv_desktop.domain.marks import Mark
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.scoring.page import ScoringPage
from cv_desktop.ui.scoring.reading_pane import Figures
from ui.keys import press, type_text

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
SENTENCE = "Le besoin est repéré avec les habitants."


def kept(page: ScoringPage) -> dict[str, Mark]:
    return page.context.read(scores.sheet, application_id=page.marking.file_id, member_id=page.member)


def enter(page: ScoringPage, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    press(page.sheet, Qt.Key.Key_Return, modifiers)


def mark_whole_file(page: ScoringPage) -> None:
    """As a member does: a level, a sentence where one is due, Entrée."""
    for digit in '3é2"à2123':
        type_text(digit, page.sheet)
        if page.sheet.lines[page.sheet.active].lacking:
            type_text("c", page.sheet)
            comment = page.sheet.open_one.comment
            comment.setPlainText(SENTENCE)
            press(comment, Qt.Key.Key_Escape)
        enter(page)


def test_each_key_of_the_french_row_and_of_the_keypad_gives_its_level(page: ScoringPage) -> None:
    for text, level in (("à", 0), ("&", 1), ("é", 2), ('"', 3), ("0", 0)):
        type_text(text, page.sheet)
        assert kept(page)["PERT"].level == level
    press(page.sheet, Qt.Key.Key_2, Qt.KeyboardModifier.KeypadModifier, "2")
    assert kept(page)["PERT"].level == 2


def test_marking_does_not_move_and_enter_does(page: ScoringPage) -> None:
    type_text("2", page.sheet)
    assert page.sheet.active == "PERT"
    enter(page)
    assert page.sheet.active == "PUBL"
    enter(page, SHIFT)
    assert page.sheet.active == "PERT"
    press(page.sheet, Qt.Key.Key_End)
    assert page.sheet.active == "TED"
    press(page.sheet, Qt.Key.Key_Home)
    assert page.sheet.active == "PERT"


def test_the_note_is_out_of_the_criteria_marked_so_far(page: ScoringPage) -> None:
    type_text("3", page.sheet)
    enter(page)
    type_text("2", page.sheet)
    assert page.heading.note.text() == "83,3"
    assert page.heading.progress.text() == "Ma note, sur 2 critères de 9"
    assert page.heading.band.badge.word == "Bande favorable"


def test_an_eliminatory_zero_is_said(page: ScoringPage) -> None:
    type_text("0", page.sheet)
    assert "éliminatoire" in page.heading.band.badge.word
    assert page.sheet.open_one.state.badge.word == "Note éliminatoire"


def test_without_object_leaves_the_denominator_where_it_is_allowed(page: ScoringPage) -> None:
    press(page.sheet, Qt.Key.Key_N, text="n")
    assert "PERT" not in kept(page)
    current = page.context.messages.current
    assert current and "sans objet" in current.sentence
    page.go("PART")
    press(page.sheet, Qt.Key.Key_N, text="n")
    assert kept(page)["PART"].not_applicable
    assert page.sheet.lines["PART"].shown_points == "s. o."


def test_delete_clears_and_undo_gives_the_mark_back(page: ScoringPage) -> None:
    type_text("2", page.sheet)
    press(page.sheet, Qt.Key.Key_Delete)
    assert "PERT" not in kept(page)
    page.context.undo_last()
    page.refresh()
    assert kept(page)["PERT"].level == 2
    assert page.sheet.lines["PERT"].mark.level == 2


def test_a_dedicated_action_is_for_the_transversal_criteria(page: ScoringPage) -> None:
    press(page.sheet, Qt.Key.Key_D, text="d")
    assert page.context.messages.current is not None
    page.go("EFH")
    press(page.sheet, Qt.Key.Key_D, text="d")
    assert kept(page)["EFH"].dedicated
    page.go("PERT")
    assert page.sheet.lines["EFH"].accessibleName().endswith(", action dédiée")
    assert not page.sheet.lines["TED"].accessibleName().endswith(", action dédiée")


def test_letters_are_text_in_the_sentence_and_escape_comes_back(page: ScoringPage, qtbot: QtBot) -> None:
    type_text("3", page.sheet)
    type_text("c", page.sheet)
    comment = page.sheet.open_one.comment
    qtbot.waitUntil(comment.hasFocus)
    type_text("Né dans un quartier, 2 fois", comment)
    press(comment, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is page.sheet
    assert kept(page)["PERT"].comment == "Né dans un quartier, 2 fois"
    assert kept(page)["PERT"].level == 3


def test_the_sentence_typed_is_kept_when_one_goes_to_the_next_file(page: ScoringPage) -> None:
    file = page.marking.file_id
    type_text("3", page.sheet)
    type_text("c", page.sheet)
    page.sheet.open_one.comment.setPlainText(SENTENCE)
    page.step(1)
    assert page.marking.file_id != file
    sheet = page.context.read(scores.sheet, application_id=file, member_id=page.member)
    assert sheet["PERT"].comment == SENTENCE
    assert page.sheet.open_one.comment.toPlainText() == ""


def test_returning_is_refused_with_what_is_missing_and_the_way_there(page: ScoringPage) -> None:
    for digit in "222221222":
        type_text(digit, page.sheet)
        enter(page)
    enter(page, CTRL)
    message = page.context.messages.current
    assert message and message.sentence == "1 phrase manque\u00a0: EVAL."
    words, go = message.buttons[0]
    assert words == "Aller à EVAL"
    go()
    assert page.sheet.active == "EVAL"
    assert page.sheet.open_one.state.badge.word == "Phrase attendue"


def test_a_whole_file_is_marked_by_keyboard_returned_and_taken_back(page: ScoringPage) -> None:
    mark_whole_file(page)
    enter(page, CTRL)
    assert page.context.read(sheets.state, application_id=page.marking.file_id, member_id=page.member).returned_at
    assert page.queue.count.text() == "1 sur 15"
    type_text("1", page.sheet)
    message = page.context.messages.current
    assert message and message.buttons[0][0] == "Reprendre cette grille"
    message.buttons[0][1]()
    type_text("1", page.sheet)
    assert kept(page)[page.sheet.active].level == 1
    assert page.queue.count.text() == "0 sur 15"


def test_a_deport_leaves_no_trace_but_a_number(page: ScoringPage, base: Committee) -> None:
    member, file = base.recused
    page.enter(member)
    assert page.queue.hidden_files.text.text() == "1 dossier masqué (déport)"
    assert file not in {row.application_id for row in page.queue.model.all_rows()}
    assert page.context.viewer == member
    page.enter(member, file)
    assert page.marking.file_id != file
    message = page.context.messages.current
    assert message and "Dossier masqué" in message.sentence


def test_another_member_neither_reads_nor_takes_back_what_was_done_before_him(
    page: ScoringPage, base: Committee
) -> None:
    recused, hidden = base.recused
    context, bar = page.context, page.context.messages
    heard: list[str] = []
    context.told.connect(heard.append)
    page.leave()
    bar.show_message(Message("warning", "À relire par l’agent."))
    page.enter(base.members[1], hidden)
    number = page.marking.number
    type_text("2", page.sheet)
    type_text("9", page.sheet)
    first = page.marking.file_id
    assert number in context.undo.undo_label and bar.current
    page.enter(recused)
    # The number of a file of the déport would be in « Annuler », in the bar, in F8 or at the foot of the window.
    assert (context.undo.undo_label, bar.current, bar.past, heard[-1]) == ("", None, [], "")
    context.undo_last()
    assert context.read(scores.sheet, application_id=first, member_id=base.members[1])["PERT"].level == 2
    type_text("1", page.sheet)
    context.undo_last()
    assert "PERT" not in kept(page)
    page.enter(base.members[1], hidden)
    assert number in context.undo.undo_label and bar.current is None
    page.leave()
    assert bar.current and bar.current.sentence == "À relire par l’agent."


def test_a_refused_level_has_nothing_more_to_say_once_another_is_given(page: ScoringPage) -> None:
    bar = page.context.messages
    type_text("9", page.sheet)
    assert bar.current and bar.current.sentence == "Le niveau 9 n’existe pas\u00a0: les niveaux vont de 0 à 3."
    type_text("8", page.sheet)
    assert len(bar.waiting) == 1
    type_text("2", page.sheet)
    assert bar.current is None and kept(page)["PERT"].level == 2


def test_the_passage_follows_the_criterion_and_others_stay_hidden(page: ScoringPage) -> None:
    assert page.pane.topic.text() == "Description de l’action"
    page.go("EFH")
    assert page.pane.topic.text() == "Égalité femmes-hommes"
    assert page.pane.waiting.text() == "Masquées jusqu’à la révélation. 0 grille rendue sur 5."


def figures(page: ScoringPage) -> list[str]:
    """The names of the figures that the pane shows, from top to bottom."""
    labels = [x for block in page.pane.findChildren(Figures) for x in block.findChildren(QLabel) if x.isVisible()]
    said = [x.accessibleName().partition("\u00a0:")[0] for x in labels if x.accessibleName()]
    assert said == [x.text() for x in labels if not x.accessibleName()]
    return said


def test_the_figures_follow_the_criterion_there_and_back(page: ScoringPage) -> None:
    people, amounts = figures(page)[:-3], ["Demandé", "Budget de l’action", "Taux demandé"]
    assert people == ["Bénéficiaires", "Participantes", "Habitants des QPV", "Du, au"]
    page.go("BUDG")
    assert figures(page)[-3:] == amounts
    assert not {*figures(page)} & {*people}
    assert len(figures(page)) > 3
    page.go("PERT")
    assert figures(page) == [*people, *amounts]


def test_what_a_mark_moves_is_in_its_place_before_the_next_key(page: ScoringPage) -> None:
    page.go("EFH")
    before = page.sheet.open_one.geometry(), page.heading.note.geometry(), page.pane.passage.geometry()
    QApplication.processEvents()
    assert before == (page.sheet.open_one.geometry(), page.heading.note.geometry(), page.pane.passage.geometry())
    type_text("0", page.sheet)
    after = page.sheet.open_one.geometry(), page.heading.note.geometry(), page.heading.band.geometry()
    QApplication.processEvents()
    assert after == (page.sheet.open_one.geometry(), page.heading.note.geometry(), page.heading.band.geometry())


def test_the_keys_are_listed_and_put_away_by_a_key(page: ScoringPage) -> None:
    press(page.sheet, Qt.Key.Key_Question, text="?")
    assert page.keys.isVisible()
    press(page.keys, Qt.Key.Key_A, text="a")
    assert not page.keys.isVisible()


def test_a_click_on_a_box_marks_that_criterion(page: ScoringPage, qtbot: QtBot) -> None:
    line = page.sheet.lines["BUDG"]
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=line.box(2).center())
    assert kept(page)["BUDG"].level == 2
    assert page.sheet.active == "BUDG"


def test_a_screen_reader_hears_the_level_its_name_and_the_note(page: ScoringPage) -> None:
    type_text("2", page.sheet)
    assert page.sheet.lines["PERT"].accessibleName().startswith("PERT, Pertinence")
    assert "niveau 2, besoin documenté" in page.sheet.lines["PERT"].accessibleName()
    for widget in (page.sheet, page.queue.view, page.pane, page.queue.member, page.handing.button):
        assert widget.accessibleName()
