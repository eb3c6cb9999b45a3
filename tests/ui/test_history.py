"""Alt+← and Alt+→."""

from __future__ import annotations

from cv_desktop.ui.history import History, Place


def test_back_forward_and_a_new_way() -> None:
    history = History()
    for key in ("home", "applications", "letters"):
        history.arrive(Place(key))
    assert history.back() == Place("applications")
    history.leave(Place("applications", "application", "31"))
    assert history.back() == Place("home")
    assert history.back() is None
    assert history.forward() == Place("applications", "application", "31")
    history.arrive(Place("settings"))
    assert not history.can_forward
    assert history.back() == Place("applications", "application", "31")


def test_arriving_where_one_is_adds_nothing() -> None:
    history = History()
    history.arrive(Place("home"))
    history.arrive(Place("home"))
    assert not history.can_back
