"""An opinion taken back by mistake: undone, the retained scenario says again all that it said of the file."""

from __future__ import annotations

from collections.abc import Callable

from cv_desktop.db.models.decision import ScenarioLine
from cv_desktop.db.store import Store
from cv_desktop.services import closing, opinions, scenario_lines
from cv_desktop.services.demonstration import Story
from services.lot_desk import Desk, served

Opened = Callable[[str], tuple[Store, Story]]


def test_an_opinion_taken_back_by_mistake_gives_the_base_back_with_the_amount(base_at: Opened) -> None:
    desk = Desk(*base_at("arbitrated"))
    file, scenario = served(desk)[0], desk.retained()
    key = {"application_id": file.application_id}

    def line() -> tuple[int, int | None] | None:
        with desk.store.read() as session:
            found = session.get(ScenarioLine, (scenario, file.application_id))
            return (found.amount_cents, found.base_cents) if found else None

    meeting = {"meeting_id": desk.story.meeting_id}
    desk.do(closing.reopen, **meeting, reason="Un avis est à relire avec le comité.")
    desk.do(scenario_lines.set_base, scenario_id=scenario, **key, base_cents=2_000_00)
    before = line()
    assert before == (file.amount_cents, 2_000_00)
    taken = desk.do(opinions.withdraw, **meeting, **key)
    # Nothing is proposed any more; the base that somebody typed stays.
    assert line() == (0, 2_000_00)
    back = desk.do(lambda session: taken.undo(session))
    assert line() == before
    # Taken back again, then given again: the same both ways.
    again = desk.do(lambda session: back.undo(session))
    assert line() == (0, 2_000_00)
    desk.do(lambda session: again.undo(session))
    assert line() == before
    # Where nothing was typed beside the amount, nothing stays.
    bare = {"application_id": served(desk)[1].application_id}
    desk.do(opinions.withdraw, **meeting, **bare)
    with desk.store.read() as session:
        assert session.get(ScenarioLine, (scenario, bare["application_id"])) is None
