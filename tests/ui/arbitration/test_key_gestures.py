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
