"""The draws give way to the keys."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

import pytest

from cv_desktop.ui.arbitration.firmness import PAUSE_MS, drawn
from cv_desktop.ui.arbitration.screen import ArbitrationScreen
from cv_desktop.ui.jobs import Stopped, Token

Show = Callable[[str], ArbitrationScreen]


def test_draws_under_way_wait_for_the_keys_to_rest_and_end_when_nobody_wants_them(show: Show) -> None:
    screen = show("arbitrated")
    board, calm, found = screen._board, Event(), []
    assert board is not None
    inside = [r.row.application_id for r in board.ranked][:3]
    token = Token(lambda *_: None)
    store = screen.context.store
    worker = Thread(target=lambda: found.append(drawn(token, store, calm, board.call_id, inside)))
    worker.start()
    worker.join(0.5)
    assert worker.is_alive() and not found
    calm.set()
    worker.join(60)
    (call, files) = found[0]
    assert call == board.call_id and {*inside} <= {*files}
    calm.clear()
    token.cancel()
    with pytest.raises(Stopped):
        drawn(token, store, calm, board.call_id, inside)


def test_each_amount_puts_off_the_draws(show: Show) -> None:
    screen = show("arbitrated")
    firmness = screen.firmness
    for _ in range(3):
        line = next(x for x in screen.table.all_lines if x.open)
        screen.gestures.set_amount(line, line.amount_cents + 5_000)
        assert not firmness._calm.is_set()
        assert firmness._pause.isActive() and firmness._pause.remainingTime() > PAUSE_MS - 200
