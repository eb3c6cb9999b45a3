from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from cv_desktop.db.queries import applications, imports
from cv_desktop.db.store import Store
from cv_desktop.services.demonstration import Story
from cv_desktop.ui.transfer.drop import FileDrop
from cv_desktop.ui.transfer.field_chooser import FieldChooser
from cv_desktop.ui.transfer.page import ImportPage
from ui import desk
from ui.keys import press, type_text


@pytest.fixture
def page(base_at: Callable[[str], tuple[Store, Story]], qtbot: QtBot) -> Iterator[ImportPage]:
    """The import page over a campaign without any file."""
    store, story = base_at("campaign")
    context = desk.context(store, story.call_id)
    qtbot.addWidget(context.messages)
    page = ImportPage(context)
    context.bus.changed.connect(lambda _changes, _origin: page.refresh())
    context.calls.changed.connect(page.refresh)
    qtbot.addWidget(page)
    page.resize(1256, 790)
    page.show()
    page.refresh()
    yield page
    context.jobs.stop_all()


def _read(page: ImportPage, path: Path, qtbot: QtBot) -> None:
    page.read(str(path))
    qtbot.waitUntil(lambda: page.reading is not None)


def _figures(page: ImportPage) -> dict[str, str]:
    return {figure.label: figure.value for figure in page.heading.figures._figures}


def _files(page: ImportPage) -> int:
    return page._context.read(applications.count, call_id=page._context.calls.id)


def test_a_file_is_read_without_writing_anything(page: ImportPage, workbook: Path, qtbot: QtBot) -> None:
    _read(page, workbook, qtbot)
    assert _figures(page) == {"Lues": "42", "Prêtes": "37", "À vérifier": "2", "Refusées": "0", "Écartées": "3"}
    assert page.heading.aside.text() == "Écartées\u00a0: 3 brouillons (20170012, 20170014, 20170029)"
    assert page.foot.words.text() == "Simulation\u00a0: rien n’est écrit dans la base."
    assert page.foot.primary.text() == "Importer 39 dossiers"
    assert _files(page) == 0


def test_what_is_read_adds_up(page: ImportPage, workbook: Path, qtbot: QtBot) -> None:
    _read(page, workbook, qtbot)
    counts = {label: int(value) for label, value in _figures(page).items()}
    read = counts.pop("Lues")
    assert sum(counts.values()) == read


def test_a_bad_cell_is_framed_and_its_problem_leads_to_it(page: ImportPage, workbook: Path, qtbot: QtBot) -> None:
    _read(page, workbook, qtbot)
    point = page.problems.table.rows.row_at(0)
    assert (point.problem.line, point.problem.column) == (3, "Établissement SIRET")
    page.preview.table.select_identity(9)
    page.problems.point_chosen.emit(point)
    line = page.preview.table.current_row()
    assert (line.line, line.siret) == (3, "1,00E+14")
    siret = next(c for c in page.preview.table.rows.columns if c.key == "siret")
    assert siret.mark is not None
    assert siret.mark(line) == "warning"


def test_the_segments_keep_one_kind_of_lines(page: ImportPage, workbook: Path, qtbot: QtBot) -> None:
    _read(page, workbook, qtbot)
    buttons = {button.text(): button for button in page.preview.segments.values() if not button.isHidden()}
    assert list(buttons) == ["Toutes 42", "Prêtes 37", "À vérifier 2", "Écartées 3"]
    buttons["À vérifier 2"].click()
    assert [row.line for row in page.preview.table.rows.rows()] == [3, 25]


def test_importing_writes_everything_once_and_can_be_taken_back(page: ImportPage, workbook: Path, qtbot: QtBot) -> None:
    _read(page, workbook, qtbot)
    page.foot.primary.click()
    qtbot.waitUntil(lambda: _files(page) == 39)
    qtbot.waitUntil(lambda: page.foot.primary.text() == "Voir les dossiers")
    assert page.foot.words.text() == "Import terminé\u00a0: 39 dossiers dans la campagne."
    kept = page._context.read(imports.rows, call_id=page._context.calls.id)
    assert [len(row.sha256) for row in kept] == [64]
    page.foot.undo.click()
    assert _files(page) == 0
    qtbot.waitUntil(lambda: page.foot.primary.text() == "Importer 39 dossiers")


def test_ctrl_z_takes_the_import_back_and_the_page_is_a_simulation_again(
    page: ImportPage, workbook: Path, qtbot: QtBot
) -> None:
    _read(page, workbook, qtbot)
    page.foot.primary.click()
    qtbot.waitUntil(lambda: page.foot.primary.text() == "Voir les dossiers")
    page._context.undo_last()
    assert _files(page) == 0
    qtbot.waitUntil(lambda: page.foot.primary.text() == "Importer 39 dossiers")


def test_the_same_file_again_brings_nothing(page: ImportPage, workbook: Path, qtbot: QtBot) -> None:
    _read(page, workbook, qtbot)
    page.foot.primary.click()
    qtbot.waitUntil(lambda: page.foot.primary.text() == "Voir les dossiers")
    page.reading = None
    _read(page, workbook, qtbot)
    assert not page.foot.primary.isEnabled()
    assert "39 déjà dans la campagne" in page.heading.aside.text()


def test_a_column_given_to_another_field_is_read_again_at_once(page: ImportPage, workbook: Path, qtbot: QtBot) -> None:
    _read(page, workbook, qtbot)
    page.mapping.changed.emit("Téléphone", "")

    def ignored() -> bool:
        assert page.reading is not None
        return any(m.header == "Téléphone" and not m.field for m in page.reading.intake.mapping)

    qtbot.waitUntil(ignored)
    assert all(not deposit.structure.phone for deposit in page.reading.intake.deposits)  # type: ignore[union-attr]


def test_the_list_of_fields_is_filtered_by_typing(page: ImportPage, qtbot: QtBot) -> None:
    chooser = FieldChooser([("rna", "RNA"), ("starts_on", "Début de l’action"), ("ends_on", "Fin")], "rna", page)
    chosen: list[str] = []
    chooser.chosen.connect(chosen.append)
    assert chooser.list.currentItem().text() == "RNA"
    type_text("debut", chooser.line)
    press(chooser.line, Qt.Key.Key_Return)
    assert chosen == ["starts_on"]


def test_a_required_column_given_up_is_refused_and_given_back(page: ImportPage, workbook: Path, qtbot: QtBot) -> None:
    _read(page, workbook, qtbot)
    page.mapping.changed.emit("ID", "")
    messages = page._context.messages
    qtbot.waitUntil(lambda: messages.current is not None)
    assert messages.current is not None
    assert "est absente de la feuille" in messages.current.lead
    assert page.foot.primary.text() == "Importer 39 dossiers"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Ce fichier est vide."),
        (b"\x89PNG\r\n\x1a\n0000", "n’est pas un tableur"),
        (b"PK\x03\x04 truncated", "incomplet ou abîmé"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_offers_another(
    page: ImportPage, tmp_path: Path, qtbot: QtBot, content: bytes, sentence: str
) -> None:
    path = tmp_path / "depots.xlsx"
    path.write_bytes(content)
    page.read(str(path))
    qtbot.waitUntil(lambda: page.pages.currentWidget() is page.refused)
    assert sentence in page.refused.sentence.text()
    assert page.refused.button.text() == "Choisir un autre fichier…"
    assert page.foot.isHidden()


def test_a_workbook_without_its_sheet_is_named(page: ImportPage, tmp_path: Path, qtbot: QtBot) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Autre"
    book.active.append(["rien", "à", "voir"])
    book.create_sheet("Encore").append(["x"])
    book.save(tmp_path / "autre.xlsx")
    page.read(str(tmp_path / "autre.xlsx"))
    qtbot.waitUntil(lambda: page.pages.currentWidget() is page.refused)
    assert page.refused.sentence.text() == "La feuille «\u00a0Dossiers\u00a0» est absente."


def test_without_a_campaign_the_page_says_so(page: ImportPage, workbook: Path) -> None:
    page._context.calls.select(None)
    page.read(str(workbook))
    assert page.pages.currentWidget() is page.no_call
    assert page.no_call.button.text() == "Ouvrir les campagnes"


def test_the_report_lists_every_line(
    page: ImportPage, workbook: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _read(page, workbook, qtbot)
    target = tmp_path / "rapport.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    page.foot.export.menu().actions()[0].trigger()
    rows = list(openpyxl.load_workbook(target).active.iter_rows(values_only=True))
    assert len(rows) == 43
    assert rows[2][:3] == (3, "À vérifier", "20170001")
    assert "a été abîmé par le tableur" in rows[2][6]


def test_a_file_dropped_on_the_window_is_imported(page: ImportPage, workbook: Path, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    drop = FileDrop(window, page._context)
    asked: list[tuple[str, str, str]] = []
    page._context.visit.connect(lambda *place: asked.append(place))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(workbook))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    # Qt gives a drop only to the target of a real drag: the filter is asked as it would be.
    assert drop.eventFilter(window, event)
    assert asked == [("applications", "import", str(workbook))]


def test_every_counter_is_seen_and_a_total_line_is_called_so(page: ImportPage, tmp_path: Path, qtbot: QtBot) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["ID", "Structure", "Titre de l'action", "Montant demandé", "Budget de l'action", "Observations"])
    sheet.append(["A1", "Les Voix Exemple", "Chorale", 1500, 3000, "x"])
    sheet.append(["A2", "Les Ateliers Exemple", "Récup", 1200, 2400, ""])
    sheet.append(["TOTAL", "", "", 2700, "", ""])
    book.save(tmp_path / "depots.xlsx")
    _read(page, tmp_path / "depots.xlsx", qtbot)
    assert page.heading.aside.text() == "Écartées\u00a0: 1 ligne de total (ligne 4)"
    assert not any(cell.isHidden() for cell in page.heading.figures._cells)
    line = page.mapping.table.current_row()
    # The keyboard begins on the first column that waits for a field.
    assert (line.header, page.reading.origin(line)) == ("ID", "à choisir")


def test_a_search_that_finds_no_field_says_so(page: ImportPage) -> None:
    chooser = FieldChooser([("rna", "RNA"), ("ends_on", "Fin")], "rna", page)
    chosen: list[str] = []
    chooser.chosen.connect(chosen.append)
    chooser.line.setText("zzz")
    assert chooser.list.item(0).text() == "Rien ne correspond à «\u00a0zzz\u00a0»."
    press(chooser.line, Qt.Key.Key_Return)
    assert not chosen
    chooser.line.setText("fin")
    press(chooser.line, Qt.Key.Key_Return)
    assert chosen == ["ends_on"]
