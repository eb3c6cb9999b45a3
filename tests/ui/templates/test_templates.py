"""Réglages › Modèles de courrier: fields as one sign, the text written as one types, the page beside, drafts."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from cv_desktop.db.queries import letter_templates as queries
from cv_desktop.db.queries.settings import text_in_force
from cv_desktop.db.store import Store
from cv_desktop.domain import letter_template_file
from cv_desktop.domain.letter_template import Known, Vocabulary
from cv_desktop.services import letter_template_files, letters
from cv_desktop.services import settings as institution
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.services.letter_templates import shipped
from cv_desktop.ui.templates.import_question import ImportQuestion
from cv_desktop.ui.templates.page import TemplatesPage
from cv_desktop.ui.templates.token_edit import TokenEdit
from ui import desk

Opened = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"
WORDS = Vocabulary(
    {
        name: Known(name, label, "application", example)
        for name, label, example in (
            ("structure.nom", "nom de la structure", "Cultivons l’Exemple"),
            ("montant", "montant accordé", "2 400 €"),
            ("dossier.demande", "montant demandé", "3 000 €"),
        )
    },
    {},
)


@pytest.fixture
def edit(qtbot: QtBot) -> TokenEdit:
    made = TokenEdit("Texte")
    qtbot.addWidget(made)
    made.set_words(WORDS)
    made.resize(400, 60)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    return made


def go(edit: TokenEdit, position: int) -> None:
    cursor = edit.textCursor()
    cursor.setPosition(position)
    edit.setTextCursor(cursor)


def test_a_text_comes_back_to_the_letter_and_a_field_is_never_half_deleted(edit: TokenEdit) -> None:
    text = f"À {{structure.nom}}{{structure.nom}}{NBSP}: <Les Amis> & Cie, {{inconnu}} d’ici"
    edit.put(text)
    assert edit.written() == text
    go(edit, 3)  # after « À » , a space and one field
    QTest.keyClick(edit, Qt.Key.Key_Backspace)
    assert edit.written() == text.replace("{structure.nom}", "", 1)
    edit.undo()
    assert edit.written() == text
    assert "[nom de la structure][nom de la structure]" in edit.accessibleDescription()


def test_an_accolade_proposes_the_fields_and_entree_puts_one(edit: TokenEdit) -> None:
    edit.put("Une aide de ")
    edit.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(edit, "{montant")
    assert [edit.list.item(i).text().split("   ")[0] for i in range(edit.list.count())] == [
        "montant accordé", "montant demandé",
    ]  # fmt: skip
    QTest.keyClick(edit, Qt.Key.Key_Down)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClicks(edit, " et {structure.nom}, {rien}")
    assert edit.written() == "Une aide de {dossier.demande} et {structure.nom}, {rien}"
    assert not edit.list.isVisible()
    QTest.keyClicks(edit, " {nom")
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert not edit.list.isVisible()
    assert edit.written().endswith("{rien} {nom")


def test_typography_is_put_right_when_the_text_is_left(edit: TokenEdit, qtbot: QtBot) -> None:
    edit.put("")
    QTest.keyClicks(edit, "l'aide de {montant} ; voici :")
    edit.clearFocus()
    assert edit.written() == f"l’aide de {{montant}}{NBSP}; voici{NBSP}:"
    edit.undo()
    assert edit.written() == "l'aide de {montant} ; voici :"


def test_an_accolade_given_up_leaves_nothing_and_a_button_opens_the_list(edit: TokenEdit, qtbot: QtBot) -> None:
    edit.put("Bonjour")
    edit.moveCursor(QTextCursor.MoveOperation.End)
    edit.open_list()
    assert edit.list.count() == len(WORDS.fields)
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert edit.written() == "Bonjour"


def test_a_copied_text_has_its_accolades_and_a_pasted_one_its_fields(edit: TokenEdit) -> None:
    edit.put("À {structure.nom},")
    edit.selectAll()
    assert edit.createMimeDataFromSelection().text() == "À {structure.nom},"
    given = QMimeData()
    given.setText("Deux\nlignes {montant} <b>&")
    edit.insertFromMimeData(given)
    assert edit.written() == "Deux lignes {montant} <b>&"
    go(edit, 13)
    QTest.keyClick(edit, Qt.Key.Key_Backspace)
    assert edit.written() == "Deux lignes  <b>&"


Show = Callable[[], tuple[TemplatesPage, Store, Story]]


@pytest.fixture
def show(base_at: Opened, qtbot: QtBot) -> Iterator[Show]:
    opened: list[TemplatesPage] = []

    def at() -> tuple[TemplatesPage, Store, Story]:
        store, story = base_at("voted")
        with store.write(ACTOR) as session:
            letters.prepare(session, call_id=story.call_id)
        return page_on(store, story, qtbot, opened), store, story

    yield at
    for page in opened:
        page._context.jobs.stop_all()


def page_on(store: Store, story: Story, qtbot: QtBot, opened: list[TemplatesPage]) -> TemplatesPage:
    context = desk.context(store, story.call_id)
    qtbot.addWidget(context.messages)
    page = TemplatesPage(context)
    context.bus.changed.connect(lambda _changes, _origin: page.refresh())
    qtbot.addWidget(page)
    page.resize(1000, 640)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.refresh()
    opened.append(page)
    return page


def drawn(page: TemplatesPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page.writing.trial.busy and bool(page.writing.trial.pages.sheets))


def row(store: Store, kind: str, call_id: str = "") -> queries.TemplateRow:
    with store.read() as session:
        found = queries.rows(session, day=store.clock().date())
    return next(x for x in found if (x.kind, x.call_id) == (kind, call_id))


def test_the_list_names_each_kind_its_version_and_what_uses_it(show: Show) -> None:
    page, _store, _story = show()
    table = page.list.table
    said = {
        x.kind: [column.text(x) for column in table.rows.columns if column.key in ("label", "call", "version", "used")]
        for x in table.rows.rows()
    }
    assert said["AR"] == ["Accusé de réception", "Toutes", "1", "39 émis"]
    assert said["ATT-P"][3] == "13 à émettre"
    assert [column.text(table.rows.rows()[0]) for column in table.rows.columns if column.key == "state"] == [
        "à valider"
    ]


def test_what_is_typed_is_drawn_then_written_then_undone(show: Show, qtbot: QtBot) -> None:
    page, store, _story = show()
    page.open_kind("ATT-P")
    drawn(page, qtbot)
    assert page.writing.insert.isEnabled()  # the cursor is in the object
    first = page.writing.trial.pages.sheets[0]
    text = page.writing.editor.texts["closing"]
    text.setFocus()
    text.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(text, " Cordialement.")
    assert page.writing.trial.pages.sheets[0] is first  # kept until the next one is ready
    qtbot.waitUntil(lambda: page.writing.trial.pages.sheets[0] is not first)
    qtbot.waitUntil(lambda: row(store, "ATT-P").version == 2)
    assert row(store, "ATT-P").content["closing"].endswith("distinguée. Cordialement.")
    assert "13 courriers à émettre" in page.writing.state.text()
    page._context.undo_last()
    assert row(store, "ATT-P").version == 1
    assert text.written().endswith("distinguée.")


def test_a_faulty_text_is_marked_kept_aside_and_offered_back(show: Show, qtbot: QtBot) -> None:
    page, store, story = show()
    page.open_kind("ATT-P")
    card = page.writing.editor.blocks.cards[3]
    card.body.text.setFocus()
    card.body.text.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(card.body.text, " {inconnu}")
    assert "le champ {inconnu} n’existe pas" in card.fault.text()
    assert page.writing.state.text().startswith(f"Pas encore écrit{NBSP}: 1 point à revoir.")
    QTest.keyClick(card.body.text, Qt.Key.Key_Escape)
    assert page.currentWidget() is page.list
    assert row(store, "ATT-P").version == 1
    page.open_kind("ATT-P")
    assert page.writing.editor.blocks.cards[3].body.text.written().endswith("{inconnu}")
    assert "Brouillon repris du" in page.writing.state.text()
    page.writing.discard.click()
    assert page.writing.editor.content() == row(store, "ATT-P").content
    assert not page.writing.discard.isVisible()
    assert story.call_id


def test_blocks_are_added_split_moved_doubled_and_a_protected_one_stays(show: Show, qtbot: QtBot) -> None:
    page, _store, _story = show()
    page.open_kind("ATT-P")
    blocks = page.writing.editor.blocks
    assert [card.remove.isEnabled() for card in blocks.cards[:3]] == [False, False, True]  # act, amount, …
    assert "il ne se supprime pas" in blocks.cards[1].remove.toolTip()
    text = blocks.cards[3].body.text
    text.put("Avant. Après.")
    text.setFocus()
    go(text, 7)
    QTest.keyClick(text, Qt.Key.Key_Return)
    assert [block.get("text") for block in blocks.blocks()[3:5]] == ["Avant. ", "Après."]
    second = blocks.cards[4]
    QTest.keyClick(second.body.text, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [block.get("text") for block in blocks.blocks()[3:5]] == ["Après.", "Avant. "]
    second.copy.click()
    assert [block.get("text") for block in blocks.blocks()[3:6]] == ["Après.", "Après.", "Avant. "]
    second.remove.click()
    blocks.append("table")
    blocks.append("list")
    assert [block["type"] for block in blocks.blocks()].count("table") == 1
    assert blocks.cards[0].accessibleName() == "Bloc 1, paragraphe"
    # A copy of the amount: neither is the only one any more.
    blocks.cards[1].copy.click()
    assert blocks.cards[1].remove.isEnabled()


def test_the_rows_of_conditions_and_of_a_table_come_back_as_written(show: Show) -> None:
    page, _store, _story = show()
    page.open_kind("ATT-P")
    blocks = page.writing.editor.blocks
    given = [
        {"type": "conditions", "items": [["Versement", "en une fois"], ["Emploi", "pour {dossier.action}"]]},
        {"type": "table", "head": ["Date", "Montant"], "rows": [["le {bilan_echeance}", "{montant}"], ["", ""]]},
        {"type": "list", "items": ["un ;", "deux {montant}."]},
        {"type": "list", "field": "pieces", "when": "consortium"},
        {"type": "heading", "text": "Article 1er"},
    ]
    blocks.put(copy.deepcopy(given), page.writing.words, frozenset())
    assert blocks.blocks() == given
    blocks.cards[1].body.titles.setText("Date | Objet | Montant")
    blocks.cards[1].body.titles.textEdited.emit("")
    assert blocks.blocks()[1]["rows"][0] == ["le {bilan_echeance}", "{montant}", ""]


def test_a_real_file_is_tried_with_what_it_lacks_and_the_blocks_left_out(show: Show, qtbot: QtBot) -> None:
    page, store, _story = show()
    with store.write(ACTOR) as session:
        institution.set_value(session, key="sending", value="")
    page.open_kind("AR")
    trial = page.writing.trial
    assert trial.files.count() > 30
    trial.files.setCurrentIndex(1)
    trial.files.activated.emit(1)
    drawn(page, qtbot)
    qtbot.waitUntil(lambda: trial.bar.isVisible())
    assert "mode d’envoi" in trial.bar.lead.text()
    shown = [card.unseen.isVisible() for card in page.writing.editor.blocks.cards]
    assert shown.count(True) >= 1
    left_out = page.writing.editor.blocks.cards[shown.index(True)]
    assert left_out.unseen.text().startswith(f"Absent de la page{NBSP}: «{NBSP}")


def test_what_the_law_wants_and_the_text_does_not_say_is_named_over_the_page(show: Show, qtbot: QtBot) -> None:
    page, _store, _story = show()
    page.open_kind("ATT")
    drawn(page, qtbot)
    assert not page.writing.trial.bar.isVisible()
    blocks = page.writing.editor.blocks
    blocks.put([b for b in blocks.blocks() if b["type"] != "conditions"], page.writing.words, frozenset())
    page.writing._draw()
    qtbot.waitUntil(lambda: page.writing.trial.bar.isVisible())
    assert f"(loi n°{NBSP}2000-321 du 12 avril 2000, article 10)" in page.writing.trial.bar.lead.text()
    page.writing.trial.bar.button.click()
    assert blocks.add.hasFocus()


def test_a_campaign_has_its_own_text_and_two_versions_are_compared(show: Show, qtbot: QtBot) -> None:
    page, store, story = show()
    page.list.table.select_identity(row(store, "REF").id)
    page.list.own.click()
    assert page.currentWidget() is page.writing
    own = row(store, "REF", story.call_id)
    assert page.writing.title.text() == f"Refus · {own.call}"
    page.writing.editor.texts["detail"].put("Réponse à votre demande")
    page.writing.editor.edited.emit()
    page.writing.keeper.settle()
    assert row(store, "REF", story.call_id).content["detail"] == "Réponse à votre demande"
    assert row(store, "REF").content["detail"].startswith("Suite donnée")
    page.writing.back.click()
    page.list.table.select_identity(row(store, "REF", story.call_id).id)
    page.list.drop.click()
    with store.read() as session:
        assert {x.call_id for x in queries.rows(session, day=store.clock().date()) if x.kind == "REF"} == {""}
    page.open_kind("REF")
    page.writing.editor.texts["object"].put("Autre objet")
    page.writing.editor.edited.emit()
    page.writing.keeper.settle()
    page.writing.compare.click()
    assert page.comparison.words.text() == f"De la version 1 à la version 2{NBSP}: 1 ligne changée"
    QTest.keyClick(page.comparison.table, Qt.Key.Key_Escape)
    assert page.currentWidget() is page.writing
    page.writing.shipped.click()
    assert page.writing.editor.texts["object"].written() == "{campagne.libelle}"
    assert page.writing.chip.isVisible()
    page.writing.validate.click()
    assert not page.writing.chip.isVisible()


def test_the_texts_leave_in_a_file_and_come_back(show: Show, tmp_path: Path) -> None:
    page, store, _story = show()
    page.export_to(tmp_path / "modeles.json")
    assert page._context.messages.past[-1].sentence.startswith(f"{len(shipped())} modèles de courrier écrits.")
    page.import_from(tmp_path / "modeles.json")
    assert page._context.messages.past[-1].sentence.startswith(
        f"Aucun modèle à prendre. {len(shipped())} modèles identiques."
    )
    spoilt = (tmp_path / "modeles.json").read_bytes().replace("distinguée".encode(), b"polie")
    (tmp_path / "autre.json").write_bytes(spoilt)
    page.import_from(tmp_path / "autre.json")
    assert "son empreinte ne correspond plus" in page._context.messages.past[-1].sentence
    assert row(store, "AR").version == 1


def test_the_texts_of_a_file_are_taken_for_the_campaign_that_the_officer_chooses(
    show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, store, story = show()
    path = tmp_path / "modeles.json"
    with store.write(ACTOR) as session:
        kept = letter_template_files.export(session, kinds=["REF"])
    (one,) = kept
    path.write_bytes(letter_template_file.dump((replace(one, content={**one.content, "detail": "Réponse"}),)))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: (str(path), ""))
    offered: list[list[str]] = []

    def answer(question: ImportQuestion) -> int:
        offered.append([question.choice.itemText(i) for i in range(question.choice.count())])
        question.choice.setCurrentIndex(question.choice.findData(story.call_id))
        return question.DialogCode.Accepted

    monkeypatch.setattr(ImportQuestion, "exec", answer)
    page.list.take.click()
    assert offered == [["Toutes les campagnes", "FIA 2026"]]
    assert row(store, "REF", story.call_id).content["detail"] == "Réponse"
    assert row(store, "REF").version == 1
    page._context.undo_last()
    monkeypatch.setattr(ImportQuestion, "exec", lambda question: question.DialogCode.Rejected)
    page.list.take.click()
    with store.read() as session:
        assert [x.call_id for x in queries.rows(session, day=store.clock().date()) if x.kind == "REF"] == [""]


def test_a_legal_mention_changes_from_today_and_the_issued_letters_keep_theirs(show: Show) -> None:
    page, store, _story = show()
    page.list.mentions.click()
    mentions = page.mentions
    assert [x.group for x in mentions.table.rows.rows()][:2] == [
        "Voies et délais de recours", "Recours, dans l’accusé de réception",
    ]  # fmt: skip
    mentions.text.editor.setPlainText("Deux mois pour saisir le tribunal administratif de Melun.")
    assert mentions.text.commit()
    with store.read() as session:
        texts = queries.recourses(session, day=store.clock().date())
        before = queries.recourses(session, day=store.clock().date().replace(month=1))
    assert texts[0].text == "Deux mois pour saisir le tribunal administratif de Melun."
    assert before[0].text.startswith("Si vous entendez contester")
    mentions.text.editor.setPlainText("Le {inventé} est de deux mois.")
    assert not mentions.text.commit()
    assert mentions.text.wrong


def test_a_mention_holds_from_a_day_past_or_to_come(show: Show) -> None:
    page, store, _story = show()
    page.list.mentions.click()
    mentions = page.mentions
    first = mentions.table.current_row()
    assert first is not None and first.state == "en vigueur"
    mentions.day.editor.setText("01/06/2026")
    assert not mentions.day.commit()  # nothing would hold today
    assert "ne serait plus en vigueur" in mentions.day._reason.text()
    mentions.day.replace(first.effective_from)
    mentions.new.click()
    new = mentions.table.current_row()
    assert new is not None and (new.key, new.state) == (first.key, "à venir")
    mentions.day.editor.setText("01/06/2026")
    assert mentions.day.commit()
    mentions.text.editor.setPlainText("Trois mois pour saisir le tribunal administratif de Melun.")
    assert mentions.text.commit()
    with store.read() as session:
        before, after = (text_in_force(session, first.key, date(2026, month, day)) for month, day in ((5, 31), (6, 1)))
    assert (before, after) == (first.text, "Trois mois pour saisir le tribunal administratif de Melun.")
    states = [row.state for row in mentions.table.rows.rows() if row.key == first.key]
    assert states == ["à venir", "en vigueur"]
    mentions.drop.click()
    assert [row.state for row in mentions.table.rows.rows() if row.key == first.key] == ["en vigueur"]
    page._context.undo_last()
    assert [row.state for row in mentions.table.rows.rows() if row.key == first.key] == ["à venir", "en vigueur"]
