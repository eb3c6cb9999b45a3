"""The assistant on real stores: repairs in the row, remembered columns, differences, lines to take up again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cv_desktop.db.models.application import Application, Import
from cv_desktop.db.models.past_grant import PastGrant
from cv_desktop.db.store import Store
from cv_desktop.domain.repairs import Act, Point
from cv_desktop.services import form, mappings, structures
from cv_desktop.services.demonstration import Story
from cv_desktop.ui.transfer.cell_editor import CellEditor
from cv_desktop.ui.transfer.field_chooser import FieldChooser
from cv_desktop.ui.transfer.page import ImportPage
from deposit_workbook import ASKED, QUARTER, SIRET, TITLE, Book
from ui import desk
from ui.keys import press, type_text

# The offscreen platform has no popup windows of its own.
pytestmark = pytest.mark.qt_log_ignore("does not support raise", "does not support grabbing", extend=True)
REAL = Path(__file__).parents[2] / "data" / "subventions"


@pytest.fixture
def page(base_at: Callable[[str], tuple[Store, Story]], qtbot: QtBot) -> Iterator[ImportPage]:
    store, story = base_at("campaign")
    context = desk.context(store, story.call_id)
    qtbot.addWidget(context.messages)
    page = ImportPage(context)
    context.bus.changed.connect(lambda _changes, _origin: page.refresh())
    qtbot.addWidget(page)
    page.resize(1256, 790)
    page.show()
    page.refresh()
    yield page
    context.jobs.stop_all()


class Assistant:
    """What a person does on the page."""

    def __init__(self, page: ImportPage, qtbot: QtBot, folder: Path) -> None:
        self.page, self.qtbot, self.folder = page, qtbot, folder

    def open(self, book: Book, name: str = "depots.xlsx") -> None:
        self.page.reading = None
        self.page.read(str(book.save(self.folder / name)))
        self.wait()

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: self.page._job is None and self.page.reading is not None, timeout=20_000)

    def point(self, start: str) -> Point:
        rows: list[Point] = list(self.page.problems.table.rows.rows())
        return next(row for row in rows if _words(self.page, row).startswith(start))

    def press(self, start: str, label: str) -> None:
        point = self.point(start)
        key = next(key for key in ("first", "second") if _button(self.page, point, key) == label)
        self.page.problems.table.pressed.emit(point, key)

    def type(self, text: str) -> str:
        """Types in the open editor and validates; the refusal if it stays open."""
        editor = self.page.problems.findChildren(CellEditor)[-1]
        editor.line.selectAll()
        type_text(text, editor.line)
        press(editor.line, Qt.Key.Key_Return)
        refusal: str = editor.refusal.text()
        if not refusal:
            self.wait()
        return refusal

    def do_import(self) -> None:
        self.page.foot.primary.click()
        self.qtbot.waitUntil(lambda: bool(self.page._done), timeout=20_000)

    def figures(self) -> dict[str, int]:
        return {figure.label: int(figure.value) for figure in self.page.heading.figures._figures}

    def file(self, number: str) -> Application:
        with self.page._context.store.read() as session:
            found = session.scalars(select(Application).where(Application.external_id == number)).one()
            session.expunge(found)
            return found


@pytest.fixture
def assistant(page: ImportPage, qtbot: QtBot, tmp_path: Path) -> Assistant:
    return Assistant(page, qtbot, tmp_path)


def _words(page: ImportPage, point: Point) -> str:
    column = next(c for c in page.problems.table.rows.columns if c.key == "message")
    return column.text(point).replace("\u00a0", " ")


def _button(page: ImportPage, point: Point, key: str) -> str:
    column = next(c for c in page.problems.table.rows.columns if c.key == key)
    assert column.button is not None
    return column.button(point)


def test_an_amount_typed_in_the_row_makes_the_line_ready(assistant: Assistant) -> None:
    book = Book(1, 4)
    number = book.set(2, ASKED, "quatre mille")
    assistant.open(book)
    assert assistant.figures() == {"Lues": 4, "Prêtes": 3, "À vérifier": 0, "Refusées": 1, "Écartées": 0}
    assistant.press("Montant demandé", "Saisir le montant")
    assert assistant.type("quatre").replace("\u00a0", " ").startswith("« quatre » n’est pas un montant.")
    assert assistant.type("4 000") == ""
    assert assistant.figures() == {"Lues": 4, "Prêtes": 4, "À vérifier": 0, "Refusées": 0, "Écartées": 0}
    assert _words(assistant.page, assistant.page.problems.table.rows.row_at(0)) == (
        "Montant demandé : « quatre mille » remplacé par « 4 000 »."
    )
    assistant.do_import()
    assert assistant.file(number).asked_cents == 400_000
    with assistant.page._context.store.read() as session:
        told = session.scalars(select(Import)).one().report["repairs"]
    assert told == [f"Ligne 4, {ASKED}\u00a0: «\u00a0quatre mille\u00a0» remplacé par «\u00a04 000\u00a0»."]


def test_a_repair_is_undone_by_ctrl_z_and_done_again(assistant: Assistant) -> None:
    book = Book(2, 3)
    book.set(0, SIRET, "2,43E+13")
    assistant.open(book)
    right = Book(2, 3).get(0, SIRET)
    assistant.press("SIRET", "Saisir le SIRET")
    assistant.type(right)
    assert assistant.figures()["Prêtes"] == 3
    context = assistant.page._context
    assert context.undo.undo_label == "réparation de la ligne 2"
    context.undo_last()
    assistant.wait()
    assert assistant.figures()["À vérifier"] == 1
    context.redo_last()
    assistant.wait()
    assert assistant.figures()["Prêtes"] == 3
    assistant.press("SIRET", "Annuler")
    assistant.wait()
    assert assistant.figures()["À vérifier"] == 1


def test_repairs_survive_the_closing_of_the_file(assistant: Assistant) -> None:
    book = Book(3, 3)
    book.set(1, ASKED, "mille")
    assistant.open(book)
    assistant.press("Montant demandé", "Saisir le montant")
    assistant.type("1 000")
    assistant.page._leave()
    assistant.page.read(str(assistant.folder / "depots.xlsx"))
    assistant.wait()
    assert assistant.figures()["Refusées"] == 0
    message = assistant.page._context.messages.current
    assert message is not None
    assert message.lead == "1 réparation de ce fichier reprise."


def test_a_quarter_is_picked_in_the_list(assistant: Assistant, qtbot: QtBot) -> None:
    book = Book(4, 2)
    number = book.set(0, QUARTER, "Plateau Corbeil")
    assistant.open(book)
    assistant.press("Quartiers", "Choisir…")
    chooser = assistant.page.problems.findChildren(FieldChooser)[-1]
    type_text("corbeil", chooser.line)
    press(chooser.line, Qt.Key.Key_Return)
    assistant.wait()
    assert assistant.figures()["Prêtes"] == 2
    assistant.do_import()
    assert assistant.file(number).quarters_text == ""


def test_a_doubt_confirmed_lets_the_line_in_as_it_is(assistant: Assistant) -> None:
    book = Book(5, 2)
    number = book.set(0, SIRET, "2,43E+13")
    assistant.open(book)
    assistant.press("SIRET", "Confirmer")
    assistant.wait()
    assert assistant.figures()["Prêtes"] == 2
    assistant.do_import()
    assert assistant.file(number).siret_raw == "2,43E+13"


def test_a_structure_known_by_its_name_is_said_to_be_the_same(assistant: Assistant) -> None:
    context = assistant.page._context
    changes = context.do("structure", structures.create, name="Association Témoin 1")
    assert changes is not None
    book = Book(6, 3)
    assistant.open(book)
    assistant.press("Structure", "C’est la même")
    assistant.wait()
    assert assistant.figures()["Prêtes"] == 3
    assistant.do_import()
    (owner,) = (key for noun, key in changes.touched if noun == "structure")
    assert assistant.file(book.numbers[1]).structure_id == owner


def test_a_line_left_aside_waits_in_import_a_reprendre(assistant: Assistant) -> None:
    book = Book(7, 3)
    number = book.set(1, ASKED, "cher")
    assistant.open(book)
    assistant.press("Montant demandé", "Laisser de côté")
    assistant.wait()
    assert assistant.figures() == {"Lues": 3, "Prêtes": 2, "À vérifier": 0, "Refusées": 0, "Écartées": 1}
    assert "laissée de côté" in assistant.page.heading.aside.text()
    assistant.do_import()
    assistant.page._leave()
    row = assistant.page.start.pending.rows.row_at(0)
    assert (row.line, row.number, row.label) == (3, number, "Association Témoin 1")
    assistant.page.start.pending.pressed.emit(row, "resume")
    assistant.wait()
    assert assistant.page.heading.file.text().startswith("depots.xlsx")
    assistant.press("Montant demandé", "Saisir le montant")
    assistant.type("900")
    assert assistant.page.foot.primary.text() == "Importer 1 dossier"
    assistant.do_import()
    assert assistant.file(number).asked_cents == 90_000
    assert list(assistant.page.start.pending.rows.rows()) == []


def test_a_line_dismissed_waits_no_more_and_comes_back_with_ctrl_z(assistant: Assistant) -> None:
    book = Book(8, 2)
    book.set(1, ASKED, "cher")
    assistant.open(book)
    assistant.do_import()
    pending = assistant.page.start.pending
    pending.pressed.emit(pending.rows.row_at(0), "dismiss")
    assert list(pending.rows.rows()) == []
    assistant.page._context.undo_last()
    assert len(list(pending.rows.rows())) == 1


def test_columns_are_remembered_for_a_source_and_survive_a_revised_form(assistant: Assistant) -> None:
    book = Book(9, 3)
    at = book.dossiers[0].index("dont femmes")
    book.dossiers[0][at] = "Participantes prévues"
    assistant.open(book)
    assert _origin(assistant, "Participantes prévues") == "à choisir"
    assert _origin(assistant, "Instructeurs") == "ignoré"
    assistant.page.mapping.changed.emit("Participantes prévues", "women")
    assistant.wait()
    assert _origin(assistant, "Participantes prévues") == "choisi"
    assistant.do_import()
    with assistant.page._context.store.read() as session:
        kept = mappings.remembered(session, source="Démarche numérique", kind="applications")
    assert kept["participantes prevues"] == "women"
    later = Book(9, 4)
    later.dossiers[0][at] = "Participantes prévues"
    later.dossiers[0][later.dossiers[0].index("Téléphone")] = "Ligne directe"
    assistant.open(later, "plus_tard.xlsx")
    assert _origin(assistant, "Participantes prévues") == "mémorisé"
    assert _origin(assistant, "Ligne directe") == "à choisir"
    assert "telephone" in assistant.page.mapping.absent.text()
    assert "(Téléphone)" in assistant.page.mapping.absent.text()


def test_a_newer_export_updates_and_asks_about_the_rest(assistant: Assistant) -> None:
    book = Book(10, 4)
    assistant.open(book)
    assistant.do_import()
    context = assistant.page._context
    changed, updated = book.numbers[0], book.set(1, TITLE, "Verger de la Plaine")
    context.do("montant", form.set_field, application_id=assistant.file(changed).id, name="asked_cents", text="1 234")
    book.set(0, ASKED, 777.0)
    assistant.open(book, "plus_tard.xlsx")
    assert assistant.figures() == {"Lues": 4, "Prêtes": 1, "À vérifier": 1, "Refusées": 0, "Écartées": 2}
    assert assistant.page.foot.primary.text() == "Mettre à jour 1 dossier"
    assert _words(assistant.page, assistant.page.problems.table.rows.row_at(0)) == (
        "Demandé : le fichier dit 777 €, la base dit 1 234 €."
    )
    assistant.press("Demandé", "Prendre")
    assistant.wait()
    assert assistant.page.foot.primary.text() == "Mettre à jour 2 dossiers"
    assistant.do_import()
    assert assistant.file(changed).asked_cents == 77_700
    assert assistant.file(updated).title == "Verger de la Plaine"
    assistant.page.foot.undo.click()
    assert assistant.file(changed).asked_cents == 123_400
    assert context.undo.redo_label == "import de plus_tard.xlsx"


def test_an_import_is_not_undone_once_a_file_changed_and_says_which(assistant: Assistant) -> None:
    book = Book(11, 2)
    assistant.open(book)
    assistant.do_import()
    context = assistant.page._context
    file = assistant.file(book.numbers[1])
    context.do("titre", form.set_field, application_id=file.id, name="title", text="Autre")
    assistant.page.foot.undo.click()
    assert context.messages.current is not None
    assert context.messages.current.lead.replace("\u00a0", " ") == (
        f"1 dossier de cet import a changé depuis : {file.number}."
    )
    assert assistant.file(book.numbers[0]).external_id == book.numbers[0]


def test_past_grants_are_recognised_shown_and_brought_in(assistant: Assistant) -> None:
    page = assistant.page
    page.read(str(REAL / "montpellier_2012.csv"))
    assistant.wait()
    assert page.heading.kind.currentText() == "Historique des subventions"
    counts = assistant.figures()
    assert counts["Lues"] == sum(counts.values()) - counts["Lues"]
    assert page.foot.primary.text() == "Importer 616 subventions"
    assistant.do_import()
    assert page.foot.words.text() == "Import terminé\u00a0: 616 subventions passées dans l’historique."
    assert [(row.kind, row.records) for row in page.start.past.rows.rows()] == [("history", 616)]


def test_the_kind_may_be_changed_and_columns_given_by_hand(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Qui;Montant ville;Montant Etat\nClub Exemple;1200;300\nAmis Témoins;800;\n", "utf-8")
    page = assistant.page
    page.read(str(path))
    assistant.qtbot.waitUntil(lambda: page.pages.currentWidget() is page.refused)
    page.heading.kind_chosen.emit("history")
    assistant.wait()
    assert page.reading is not None
    assert "bénéficiaire" in page.reading.refusal
    assert not page.foot.primary.isEnabled()
    page.mapping.changed.emit("Qui", "name")
    assistant.wait()
    page.mapping.changed.emit("Montant Etat", "paid")
    assistant.wait()
    page.mapping.changed.emit("Montant ville", "granted")
    assistant.wait()
    assert page.foot.primary.text() == "Importer 2 subventions"
    assert page.reading.history is not None
    first = page.reading.history.history.grants[0]
    assert (first.name, first.granted_cents, first.paid_cents) == ("Club Exemple", 120_000, 30_000)


def test_the_report_as_pdf_names_what_is_not_ready(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    book = Book(12, 3)
    book.set(1, ASKED, "quatre mille")
    assistant.open(book)
    target = tmp_path / "rapport.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    assistant.page.foot.export.menu().actions()[1].trigger()
    text = pypdfium2.PdfDocument(target)[0].get_textpage().get_text_range().replace("\r\n", " ")
    assert "Rapport d’import" in text
    assert "3 lignes lues" in text.replace("\u00a0", " ")
    assert "Refusée" in text
    assert "Simulation" in text


def test_a_reading_stopped_leaves_the_page_as_it_was(assistant: Assistant, tmp_path: Path) -> None:
    page = assistant.page
    path = Book(13, 3).save(tmp_path / "long.xlsx")
    page.read(str(path))
    page._stop()
    assistant.qtbot.waitUntil(lambda: page._job is None)
    assert page.pages.currentWidget() is page.start


def test_every_act_has_a_word() -> None:
    assert all(act.label for act in Act)


def _origin(assistant: Assistant, header: str) -> str:
    reading = assistant.page.reading
    assert reading is not None
    return reading.origin(next(match for match in reading.mapping if match.header == header))


def test_the_year_that_no_line_says_is_given_on_the_screen(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Association;Montant voté\nClub Exemple;1200\nAmis Témoins;800\n", "utf-8")
    page = assistant.page
    page.read(str(path))
    assistant.wait()
    assert page.heading.kind.currentText() == "Historique des subventions"
    assert page.heading.year.isVisibleTo(page)
    page.heading.year.setText("2019")
    assistant.wait()
    assert page.reading is not None
    assert not [p for p in page.reading.points if "L’année des subventions" in p.problem.message]
    assert {line.quarters for line in page.reading.lines} == {"2019"}
    assert page.heading.year.text() == "2019"
    assistant.do_import()
    with page._context.store.read() as session:
        assert set(session.scalars(select(PastGrant.year))) == {2019}


def test_a_list_that_says_its_years_asks_for_none(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Association;Montant voté 2020\nClub Exemple;1200\n", "utf-8")
    assistant.page.read(str(path))
    assistant.wait()
    assert not assistant.page.heading.year.isVisibleTo(assistant.page)
