"""Saisie rapide: three papers in a row from the keyboard; what is not finished comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cv_desktop.db.queries import attachments, structures
from cv_desktop.db.queries import form as form_queries
from cv_desktop.domain.consortium import Partner
from cv_desktop.ui.entry.form_panel import FormPanel
from cv_desktop.ui.entry.page import EntryPage
from cv_desktop.ui.structures.screen import StructuresScreen
from filled_forms import WHOLE, Line, form
from ui import desk

WRONG_DAY = "«\u00a0le 31 septembre\u00a0» n’est pas une date. Exemple\u00a0: 31/03/2026."


def test_a_form_left_in_the_middle_comes_back_as_it_was(base_at: Callable[..., object], qtbot: QtBot) -> None:
    store, story = base_at("imported")
    context = desk.context(store, story.call_id)
    first = EntryPage(context)
    qtbot.addWidget(first)
    first.show()
    first.enter()
    qtbot.keyClicks(first.sheet.structure.fields["name"].editor, "Repair")
    first.keep()
    second = EntryPage(context)
    qtbot.addWidget(second)
    second.show()
    second.enter()
    assert second.sheet.structure.fields["name"].text() == "Repair"


def test_a_filled_pdf_is_read_over_then_written_with_the_pdf_joined(
    base_at: Callable[..., object], qtbot: QtBot, tmp_path: Path
) -> None:
    store, story = base_at("imported")
    context = desk.context(store, story.call_id)
    page = EntryPage(context)
    qtbot.addWidget(page)
    page.show()
    page.enter()
    lines = [
        Line("Nom - Dénomination", "Les Amis du Circé"),
        Line("Intitulé", "Ateliers des vacances"),
        Line("Date de début", "le 31 septembre"),
        Line("Subvention demandée", "1 200"),
        Line("60 Achats", "1 200"),
        Line("Cadre réservé", "vu"),
    ]
    page.pdf.take(form(tmp_path / "demande.pdf", lines))
    panel = page.pdf.panel
    assert panel.isVisible() and panel.shipped.isVisible()
    assert shown(panel) == [
        ("Nom - Dénomination", "Les Amis du Circé", "Structure › Nom", "reconnu", ""),
        ("Intitulé", "Ateliers des vacances", "Intitulé de l’action", "reconnu", ""),
        ("Date de début", "le 31 septembre", "Début", "reconnu", WRONG_DAY),
        ("Subvention demandée", "1 200", "Demandé", "reconnu", ""),
        ("60 Achats", "1 200", "Budget › 60", "budget", ""),
        ("Cadre réservé", "vu", "Choisir…", "à choisir", ""),
    ]
    assert "1 à choisir · 1 à vérifier." in panel.told.text()
    panel.over.click()
    assert page.sheet.fields["title"].text() == "Ateliers des vacances"
    # What cannot be read stands on the page as it was written.
    assert page.sheet.fields["starts_on"].text() == "le 31 septembre"
    page.validate(follow=False)
    assert page.isVisible()
    page.sheet.fields["starts_on"].editor.setText("01/09/2026")
    with qtbot.waitSignal(page.left) as left:
        page.validate(follow=False)
    joined = context.read(attachments.rows, application_id=left.args[0])
    assert [x.filename for x in joined] == ["demande.pdf"]


def test_a_blank_form_and_a_form_over_a_typed_page_change_nothing(
    base_at: Callable[..., object], qtbot: QtBot, tmp_path: Path
) -> None:
    store, story = base_at("imported")
    page = EntryPage(desk.context(store, story.call_id))
    qtbot.addWidget(page)
    page.show()
    page.enter()
    page.pdf.take(form(tmp_path / "vierge.pdf", [Line("Nom - Dénomination"), Line("Intitulé")]))
    assert page.notice.waiting[0].lead.startswith("Ce formulaire est vierge")
    page.notice.clear()
    page.sheet.structure.fields["name"].editor.setText("Repair")
    page.pdf.take(form(tmp_path / "demande.pdf", [Line("Nom - Dénomination", "Autre"), Line("Intitulé", "X")]))
    page.pdf.panel.over.click()
    assert page.sheet.structure.fields["name"].text() == "Repair"
    message = page.notice.waiting[0]
    assert message.lead == "Une saisie est en cours."
    message.buttons[0][1]()
    assert page.sheet.structure.fields["name"].text() == "Autre"


def test_a_form_is_written_from_its_boxes_and_what_was_chosen_is_remembered(
    base_at: Callable[..., object], qtbot: QtBot, tmp_path: Path
) -> None:
    store, story = base_at("imported")
    context = desk.context(store, story.call_id)
    page = EntryPage(context)
    qtbot.addWidget(page)
    page.show()
    page.enter()
    lines = [Line("Nom - Dénomination", "Les Amis du Circé"), Line("Intitulé", "Ateliers"), Line("Cadre réservé", "vu"),
             Line("Sigle"), Line("Tampon", "reçu")]  # fmt: skip
    page.pdf.take(form(tmp_path / "demande.pdf", lines))
    panel = page.pdf.panel
    assert [line[0] for line in shown(panel)] == ["Nom - Dénomination", "Intitulé", "Cadre réservé", "Tampon"]
    panel.blanks.click()
    assert [line[3] for line in shown(panel)] == ["reconnu", "reconnu", "à choisir", "reconnu", "à choisir"]
    panel.choose("Champ 3", "extra")
    panel.choose("Champ 5", "")
    assert [line[2:4] for line in shown(panel)][2::2] == [
        ("Informations complémentaires", "choisi"), ("Ne pas reprendre", "ignoré"),
    ]  # fmt: skip
    with qtbot.waitSignal(page.left) as left:
        panel.make.click()
    record = context.read(form_queries.record, application_id=left.args[0])
    assert record is not None and record.values["extra"] == "vu"
    page.pdf.take(form(tmp_path / "autre.pdf", lines))
    assert [line[3] for line in shown(panel)] == ["reconnu", "reconnu", "mémorisé", "ignoré"]
    panel.forget.click()
    assert [line[3] for line in shown(panel)] == ["reconnu", "reconnu", "à choisir", "à choisir"]
    panel.give_up.click()
    assert not panel.isVisible() and page.sheet.isVisible()


def test_what_only_some_forms_fill_is_folded_until_something_stands_in_it(page: EntryPage, tmp_path: Path) -> None:
    part = page.sheet.structure
    assert not part.folded.isVisible() and not part.approvals.isVisible()
    page.pdf.take(form(tmp_path / "demande.pdf", WHOLE))
    page.pdf.panel.over.click()
    assert part.folded.isVisible()
    assert part.fields["local_court"].text() == "Tribunal d’instance de Saverne"
    assert part.fields["public_utility"].text() == "Oui"
    assert [a.label for a in part.approvals.values()] == ["Jeunesse et éducation populaire", "Centre social"]
    page.keep()
    kept = page.sheet.content()
    page.sheet.fill({})
    assert not part.folded.isVisible()
    page.sheet.fill(kept)
    assert part.folded.isVisible() and len(part.approvals.values()) == 2


def shown(panel: FormPanel) -> list[tuple[str, ...]]:
    model = panel.table.rows
    return [tuple(model.columns[place].text(row) for place in range(5)) for row in model.rows()]


@pytest.fixture
def page(base_at: Callable[..., object], qtbot: QtBot) -> EntryPage:
    store, story = base_at("imported")
    page = EntryPage(desk.context(store, story.call_id))
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    page.enter()
    return page


def typed(qtbot: QtBot, *texts: str) -> None:
    """Each text in what has the focus, then Entrée."""
    for text in texts:
        for key in (*text, Qt.Key.Key_Return):
            at = QApplication.focusWidget()
            assert at is not None
            qtbot.keyClicks(at, key) if isinstance(key, str) else qtbot.keyClick(at, key)


def test_indicators_are_typed_cell_after_cell_and_an_empty_line_ends_them(page: EntryPage, qtbot: QtBot) -> None:
    indicators = page.sheet.indicators
    indicators.table.setFocus()
    typed(qtbot, "Ateliers", "8", "ateliers", "Familles", "12", "")
    assert [(x.label, x.planned, x.unit) for x in indicators.values()] == [
        ("Ateliers", 8, "ateliers"),
        ("Familles", 12, ""),
    ]
    typed(qtbot, "")
    focus = QApplication.focusWidget()
    assert focus is not None and page.sheet.charges.isAncestorOf(focus)


def test_a_pasted_budget_has_no_empty_line_between_its_lines(page: EntryPage) -> None:
    page.paste("60 Achats\t1 200\t70 Vente\t200\n64 Personnel\t900\t74 Ville\t1 900\n")
    assert [row.account.text() for row in page.sheet.charges.rows] == ["60", "64", ""]
    assert [row.account.text() for row in page.sheet.produits.rows] == ["70", "74", ""]


def test_an_amount_in_words_is_said_under_the_lines(page: EntryPage, qtbot: QtBot) -> None:
    charges = page.sheet.charges
    charges.enter()
    typed(qtbot, "60", "quatre mille")
    assert charges.reason.isVisible() and charges.reason.text().startswith("«\u00a0quatre mille\u00a0»")
    charges.rows[0].amount.selectAll()
    typed(qtbot, "4 000")
    assert not charges.reason.isVisible()


def test_an_action_that_ends_before_it_begins_is_said(page: EntryPage) -> None:
    page.sheet.fields["starts_on"].editor.setText("1/9/26")
    page.sheet.fields["ends_on"].editor.setText("1/8/26")
    assert "L’action finit avant de commencer." in page.state.text()


def test_what_does_not_hold_of_a_structure_is_told_with_the_number_of_the_file(page: EntryPage) -> None:
    fields = page.sheet.structure.fields
    fields["name"].editor.setText("Les Modèles du Plateau")
    fields["employees"].editor.setText("deux")
    page.validate(follow=True)
    message = page.notice.waiting[0]
    assert message.lead == "Dossier FIA-2026-0040 gardé en brouillon."
    assert message.text.endswith("À vérifier sur la fiche de la structure\u00a0: Salariés «\u00a0deux\u00a0».")
    assert fields["name"].text() == "" and not fields["employees"].wrong


def test_a_wrong_iban_stays_in_its_field_with_its_sentence(page: EntryPage, qtbot: QtBot) -> None:
    """Nowhere else could it be kept: the page waits until it is corrected or emptied."""
    wrong = "FR76 3000 6000 0112 3456 7890 188"
    fields = page.sheet.structure.fields
    fields["name"].editor.setText("Les Modèles du Plateau")
    fields["iban"].editor.setText(wrong)
    page.validate(follow=True)
    assert fields["iban"].text() == wrong and fields["iban"].wrong
    assert fields["name"].text() == "Les Modèles du Plateau"
    # In what is set aside too, and when the structure is recognised afterwards.
    page.keep()
    kept = page.sheet.content()
    page.sheet.fill({})
    page.sheet.fill(kept)
    assert fields["iban"].text() == wrong and fields["iban"].wrong
    known = page._context.read(structures.rows)[0]
    page.sheet.structure.choose(known.id)
    assert fields["name"].text() == known.name
    assert fields["iban"].text() == wrong and fields["iban"].wrong
    fields["iban"].editor.clear()
    page.validate(follow=True)
    assert fields["name"].text() == ""


def test_the_justification_comes_under_its_tick(page: EntryPage, qtbot: QtBot) -> None:
    sheet = page.sheet
    sheet.outside.setFocus()
    qtbot.keyClick(sheet.outside, Qt.Key.Key_Space)
    reason = sheet.fields["outside_reason"]
    assert reason.editor.hasFocus()
    assert reason.mapTo(sheet, QPoint(0, 0)).y() > sheet.outside.mapTo(sheet, QPoint(0, 0)).y()
    typed(qtbot, "Poche")
    assert sheet.fields["beneficiaries"].editor.hasFocus()


def test_the_shares_of_a_consortium_are_checked_while_they_are_typed(page: EntryPage) -> None:
    page.sheet.fields["lead_share"].editor.setText("60")
    page.sheet.partners.written.emit((Partner("", "Les Voix Exemple", share=30_00),))
    assert page.sheet.partners.doubt.text() == "Les parts font 90\u00a0%\u00a0; il en manque 10."


def test_a_draft_says_that_it_is_one_and_what_it_lacks(page: EntryPage) -> None:
    page.sheet.structure.fields["name"].editor.setText("Incomplète Témoin")
    page.sheet.fields["title"].editor.setText("Jardin partagé")
    page.validate(follow=True)
    message = page.notice.waiting[0]
    assert message.lead.endswith(" gardé en brouillon.") and message.level == "info"
    assert message.text.endswith("Il manque le montant demandé et la date de réception.")


def test_a_draft_taken_up_again_goes_where_it_was_left(page: EntryPage, qtbot: QtBot) -> None:
    page.sheet.structure.fields["name"].editor.setText("Repair")
    page.sheet.fields["women"].setFocus()
    page.keep()
    again = EntryPage(page._context)
    qtbot.addWidget(again)
    again.show()
    again.activateWindow()
    again.enter()
    again.notice.waiting[0].buttons[0][1]()
    assert again.sheet.focusWidget() is again.sheet.fields["beneficiaries"].editor


def test_echap_leaves_an_empty_page_only(page: EntryPage, qtbot: QtBot) -> None:
    name = page.sheet.structure.fields["name"].editor
    name.setText("Repair")
    gone: list[str] = []
    page.left.connect(gone.append)
    qtbot.keyClick(page.close_button, Qt.Key.Key_Escape)
    assert not gone
    name.setText("")
    qtbot.keyClick(name, Qt.Key.Key_Escape)
    assert gone == [""]


def test_an_empty_budget_is_not_said_to_be_balanced(page: EntryPage) -> None:
    assert page.sheet.totals.text() == "Charges 0\u00a0€ · Produits 0\u00a0€"


def test_a_report_asks_what_it_does_not_say_then_shows_in_the_record(
    base_at: Callable[..., object], qtbot: QtBot, tmp_path: Path
) -> None:
    store, story = base_at("imported")
    context = desk.context(store, story.call_id)
    page = EntryPage(context)
    qtbot.addWidget(page)
    page.show()
    page.enter()
    lines = [
        Line("Nom - Dénomination", "Club Parlons-en"),
        Line("60 Achats", "1 000", name="p60", tip="60 Achats prévision"),
        Line("60 Achats", "1 125,50", name="r60", tip="60 Achats réalisation"),
        Line("Mise en œuvre", "Douze séances."),
    ]
    page.pdf.take(form(tmp_path / "bilan.pdf", lines, title="Cerfa n° 15059*02"))
    panel, target = page.pdf.panel, page.pdf.panel.target
    assert target.isVisible() and panel.make.text() == "Enregistrer le bilan" and not panel.over.isVisible()
    assert [line[2] for line in shown(panel)] == [
        "Structure › Nom", "Prévu › 60", "Réalisé › 60", "Mise en œuvre de l’action",
    ]  # fmt: skip
    panel.make.click()
    assert target.structure.wrong and "ni son SIRET ni son RNA" in target.structure._reason.text()
    qtbot.keyClicks(target.structure.editor, "club parlons")
    qtbot.keyClick(target.structure.editor, Qt.Key.Key_Return)
    assert target.structure.text() == "Club Parlons-en"
    assert "1\u00a0dossier" in target.note.text() or "Choisir…" in target.file.text()
    target.file.editor.setCurrentIndex(target.file.editor.findText("Aucun dossier de cette base"))
    target.file.commit()
    panel.make.click()
    assert target.year.wrong and "exercice" in target.year._reason.text()
    target.year.editor.setText("2025")
    target.year.commit()
    with qtbot.waitSignal(context.visit) as visited:
        panel.make.click()
    assert visited.args[:2] == ["structures", "reports"]
    screen = StructuresScreen(context)
    qtbot.addWidget(screen)
    screen.resize(1360, 800)
    screen.show()
    screen.open("reports", visited.args[2])
    tab = screen.view.reports
    assert tab.isVisible()
    cells = [
        [tab.lines.rows.index(row, column).data() for column in range(tab.lines.rows.columnCount())]
        for row in range(tab.lines.rows.rowCount())
    ]
    assert cells[0] == ["60", "Achats", "1\u00a0000", "1\u00a0125,50", "+125,50", "+12,6\u00a0%"]
    assert cells[1] == ["", "Total des charges", "1\u00a0000", "1\u00a0125,50", "+125,50", "+12,6\u00a0%"]
    assert "Douze séances." in tab.said.toPlainText()
    tab.remove_button.click()
    assert tab.table.rows.all_rows() == [] and not tab.below.isVisible()
    context.undo_last()
    assert [row.year for row in tab.table.rows.all_rows()] == [2025]
