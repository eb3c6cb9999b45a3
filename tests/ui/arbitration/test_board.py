"""The board follows each edit line by line, and says what a board read afresh says."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from cv_desktop.domain.errors import UserError
from cv_desktop.services import boards, scenario_lines
from cv_desktop.services.boards import Board
from cv_desktop.ui.arbitration.lines import lines_of
from cv_desktop.ui.arbitration.screen import ArbitrationScreen

Show = Callable[[str], ArbitrationScreen]
GESTURES = ("up", "down", "full", "minimum", "exclude", "lock")


def fresh(screen: ArbitrationScreen) -> Board:
    shown = screen._board
    assert shown is not None
    wanted = {"call_id": shown.call_id, "wanted": shown.shown.id, "viewer": shown.viewer}
    return screen.context.read(boards.read, **wanted)


def same(screen: ArbitrationScreen) -> None:
    """The board, the sums of the parts and the lines of the table, against those of a whole reading."""
    shown, read = screen._board, fresh(screen)
    assert shown is not None
    assert shown.ranked == read.ranked
    assert (shown.buckets, shown.scenarios, shown.shown, shown.lots) == (
        read.buckets, read.scenarios, read.shown, read.lots,
    )  # fmt: skip
    assert {k: v for k, v in shown.given.items() if v} == {k: v for k, v in read.given.items() if v}
    assert shown.left == read.left
    told = [(x.id, x.place, x.reason, x.problem, x.missing_cents, x.band) for x in screen.table.all_lines]
    lines = lines_of(read.ranked, read.buckets.free_cents, read.rules, left=read.left)
    assert told == [(x.id, x.place, x.reason, x.problem, x.missing_cents, x.band) for x in lines]


def test_random_edits_and_their_way_back_leave_the_board_of_a_whole_reading(show: Show) -> None:
    screen, random = show("arbitrated"), Random(7)
    screen.tabs.add.click()
    keys = [row.id for row in fresh(screen).scenarios]
    assert len(keys) == 2
    for _ in range(60):
        open_lines = [x for x in screen.table.all_lines if x.open]
        line = random.choice(open_lines)
        match random.randrange(7):
            case 0 | 1:
                screen.keys.press([line], random.choice(GESTURES))
            case 2:
                screen.gestures.set_amount(line, random.choice([None, 0, 5_000 * random.randrange(90)]))
            case 3:
                screen.gestures.write_motive(line, f"Motif {random.random()}")
            case 4:
                screen.show_scenario(random.choice(keys))
            case 5:
                screen.context.undo_last()
            case 6:
                screen.context.redo_last()
        same(screen)


def test_an_edit_made_elsewhere_in_either_scenario_is_followed(show: Show) -> None:
    """Another window writes by the same bus, in the scenario shown or in another one."""
    screen = show("arbitrated")
    screen.tabs.add.click()
    for scenario in [row.id for row in fresh(screen).scenarios]:
        file = next(x.id for x in screen.table.all_lines if x.open)
        written = {"scenario_id": scenario, "application_id": file, "amount_cents": 35_000}
        screen.context.do("ailleurs", scenario_lines.set_amount, **written)
        same(screen)


def test_what_was_written_while_the_screen_was_hidden_is_all_there_when_it_comes_back(show: Show) -> None:
    screen = show("arbitrated")
    scenario = fresh(screen).shown.id
    files = [x.id for x in screen.table.all_lines if x.open]
    screen.hide()
    for place, file in enumerate(files):
        amounts = {"scenario_id": scenario, "amounts": {file: 10_000 * (place + 1)}}
        verb = scenario_lines.set_amounts if place % 2 else scenario_lines.restore_amounts
        screen.context.do("ailleurs", verb, **amounts)
    screen.show()
    assert screen._board is not None
    found = {r.row.application_id: r.row.amount_cents for r in screen._board.ranked}
    assert [found[file] for file in files] == [10_000 * (place + 1) for place in range(len(files))]
    same(screen)


def test_a_file_that_a_lot_holds_takes_no_amount(show: Show) -> None:
    screen = show("voted")
    written = {"scenario_id": fresh(screen).shown.id, "application_id": screen.table.all_lines[0].id}
    with pytest.raises(UserError, match="est dans le lot «"):
        screen.context.attempt("montant", scenario_lines.set_amount, **written, amount_cents=5_000)
