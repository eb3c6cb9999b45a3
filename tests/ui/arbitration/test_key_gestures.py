"""X gives back what it took; the keys serve all the files selected, and say which they could not."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, Qt

from cv_desktop.ui.arbitration.lines import Line, Place
from cv_desktop.ui.arbitration.screen import ArbitrationScreen
from ui.keys import press

NBSP = "\u00a0"
Show = Callable[[str], ArbitrationScreen]


def lines(screen: ArbitrationScreen, *ranks: int) -> list[Line]:
    files = [x for x in screen.table.lines.rows() if x.ranked]
    return [files[rank - 1] for rank in ranks]


def choose(screen: ArbitrationScreen, first: int, last: int) -> None:
    """The ranks from one to another, as Maj+↓ selects them."""
    screen.table.select_identity(lines(screen, first)[0].id, "amount")
    for rank in range(first + 1, last + 1):
        row = screen.table.lines.position_of(lines(screen, rank)[0].id)
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        screen.table.selectionModel().select(screen.table.lines.index(row, 0), flags)


def key(screen: ArbitrationScreen, letter: str) -> None:
    codes = {"+": Qt.Key.Key_Plus, "x": Qt.Key.Key_X, "l": Qt.Key.Key_L, "t": Qt.Key.Key_T, "p": Qt.Key.Key_P}
    press(screen.table, codes[letter], text=letter)


def states(screen: ArbitrationScreen, *ranks: int) -> list[tuple[int, bool]]:
    return [(x.amount_cents, x.row.locked) for x in lines(screen, *ranks)]


def test_x_again_gives_back_the_amount_and_the_lock(show: Show) -> None:
    screen = show("arbitrated")
    choose(screen, 1, 1)
    key(screen, "l")
    before = states(screen, 1)
    key(screen, "x")
    assert (states(screen, 1), lines(screen, 1)[0].place) == ([(0, True)], Place.EXCLUDED)
    key(screen, "x")
    assert states(screen, 1) == before
    key(screen, "x")
    screen.context.undo_last()
    assert states(screen, 1) == before


def test_a_file_without_amount_excluded_by_mistake_has_none_again(show: Show) -> None:
    screen = show("arbitrated")
    choose(screen, 1, 1)
    press(screen.table, Qt.Key.Key_Delete)
    assert lines(screen, 1)[0].row.amount_cents is None
    key(screen, "x")
    key(screen, "x")
    assert (lines(screen, 1)[0].row.amount_cents, lines(screen, 1)[0].row.locked) == (None, False)


def test_a_key_serves_all_the_files_selected_in_one_step(show: Show) -> None:
    screen = show("arbitrated")
    before = states(screen, 1, 2, 3, 4)
    choose(screen, 2, 4)
    key(screen, "x")
    assert screen.context.messages.past[-1].sentence == "3 dossiers écartés."
    assert states(screen, 1, 2, 3, 4) == [before[0], (0, True), (0, True), (0, True)]
    key(screen, "x")
    assert states(screen, 1, 2, 3, 4) == before
    key(screen, "t")
    assert [x.place for x in lines(screen, 2, 3, 4)] == [Place.RETAINED] * 3
    screen.context.undo_last()
    assert states(screen, 1, 2, 3, 4) == before


def test_what_a_key_cannot_do_of_several_files_is_said(show: Show) -> None:
    screen = show("arbitrated")
    choose(screen, 1, 1)
    key(screen, "l")
    choose(screen, 1, 3)
    first = lines(screen, 1)[0]
    key(screen, "+")
    said = screen.context.messages.past[-1].sentence
    assert said == (
        f"2 dossiers{NBSP}: un pas de plus. 1 n’a pas changé{NBSP}: {first.row.number} est verrouillé à "
        f"2{NBSP}400{NBSP}€{NBSP}: L pour le déverrouiller."
    )
    assert [amount for amount, _locked in states(screen, 1, 2, 3)] == [240_000, 245_000, 245_000]
    key(screen, "l")
    assert screen.context.messages.past[-1].sentence == "2 dossiers verrouillés."
    told: list[str] = []
    screen.context.told.connect(told.append)
    key(screen, "p")
    assert told[-1].startswith(f"3 n’ont pas changé{NBSP}: {first.row.number} est verrouillé à")


def test_a_right_click_offers_what_the_keys_do(show: Show) -> None:
    screen = show("arbitrated")
    choose(screen, 1, 2)
    menu = screen.table.gestures_menu()
    words = [action.text() for action in menu.actions() if action.text()]
    assert words[0] == "Un pas de plus\t+" and words[2] == "Toute la demande\tT"
    assert not next(x for x in menu.actions() if x.text() == "Ouvrir le dossier").isEnabled(), "of two files"
    next(x for x in menu.actions() if x.text().startswith("Toute la demande")).trigger()
    assert states(screen, 1, 2) == [(300_000, False), (300_000, False)]
    screen.context.undo_last()
    assert states(screen, 1, 2) == [(240_000, False), (240_000, False)]


def test_a_file_is_found_by_its_words_without_leaving_the_table(show: Show) -> None:
    screen = show("arbitrated")
    finder, before = screen.finder, [x.id for x in screen.table.lines.rows()]
    screen.commands()["filter"]()
    assert finder.isVisible()
    finder.line.setText("etoile")
    assert finder.counted.text() == "1 sur 2" and "Étoile" in str(screen.table.line() and screen.table.line().row)
    press(finder.line, Qt.Key.Key_Return)
    assert finder.counted.text() == "2 sur 2" and screen.table.line() == lines(screen, 15)[0]
    press(finder.line, Qt.Key.Key_Return)
    assert finder.counted.text() == "1 sur 2" and screen.table.line() == lines(screen, 2)[0]
    finder.line.setText("personne de ce nom")
    assert finder.counted.text() == "Aucun dossier trouvé." and screen.table.line() == lines(screen, 2)[0]
    press(finder.line, Qt.Key.Key_Escape)
    assert not finder.isVisible() and screen.table.hasFocus()
    assert [x.id for x in screen.table.lines.rows()] == before
    screen.band.compare.click()
    screen.commands()["filter"]()
    assert not finder.isVisible()
