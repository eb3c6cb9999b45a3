"""The projected meeting: what the room sees, what it must never see, and the operator's keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

import committee
from cv_desktop.db.queries import meetings as meeting_queries
from cv_desktop.db.queries import projection as queries
from cv_desktop.domain.countdown import Countdown
from cv_desktop.domain.states import Opinion
from cv_desktop.services import opinions, presence
from cv_desktop.ui.meetings.projection import picture
from cv_desktop.ui.meetings.projection.projection import Projection
from cv_desktop.ui.meetings.screen import MeetingsScreen
from ui.meetings.conftest import Opened, committees, opened

__all__ = ["committees", "opened"]


Shown = tuple[MeetingsScreen, Projection]


@pytest.fixture
def projected(opened: Callable[[str], Opened]) -> Iterator[Shown]:
    """A revealed meeting with everybody in the room, projected."""
    screen, base = opened("revealed")
    projection = screen.record.projection
    assert projection.meeting is not None
    screen.context.do("retour", presence.enter, meeting_id=projection.meeting.id, member_id=base.recused[0])
    projection.open()
    yield screen, projection
    projection.close()


def _scene(projection: Projection) -> picture.Scene:
    projection.refresh()
    assert projection.window is not None
    scene = projection.window.scene
    assert scene is not None
    return scene


def _to(projection: Projection, place: int) -> None:
    """Files called one after another, exits written as they come."""
    for _ in range(place):
        projection.call_next()
        if projection.waiting is not None:
            projection.write_exits()


def test_it_begins_with_a_page_that_names_no_file(projected: Shown) -> None:
    _screen, projection = projected
    scene = _scene(projection)
    assert scene.file is None
    assert scene.detail == ("Le premier dossier va être appelé.",)
    assert (scene.room.present, scene.room.reached) == (6, True)


def test_the_file_called_shows_its_marks_without_a_name(projected: Shown) -> None:
    _screen, projection = projected
    QTest.keyClick(projection.window, Qt.Key.Key_PageDown)
    scene = _scene(projection)
    assert scene.file is not None
    assert scene.file.rank == 1
    assert len(scene.file.criteria) == 9
    assert len(scene.file.criteria[0].levels) == 6
    assert scene.time.startswith("reste ")
    said = str(asdict(scene.file))
    assert not any(name in said for name, _body in committee.NAMES)
    assert scene.file.note in picture.sentence(scene)


def test_a_file_with_a_deport_waits_until_the_member_is_out(projected: Shown) -> None:
    screen, projection = projected
    _to(projection, committee.RECUSED_FILE)
    projection.call_next()
    meeting = projection.meeting
    assert meeting is not None
    rows = screen.context.read(meeting_queries.agenda, meeting_id=meeting.id)
    conflicted = rows[committee.RECUSED_FILE]
    scene = _scene(projection)
    assert scene.file is None
    assert scene.pause == "Dossier suivant\u00a0: appel des déports"
    assert scene.detail[0] == "Sortent de la salle\u00a0: Ville de Melun."
    assert conflicted.title not in str(asdict(scene))
    assert conflicted.structure not in str(asdict(scene))
    # Nor by the read model, whoever asks.
    assert screen.context.read(queries.file, meeting_id=meeting.id, application_id=conflicted.application_id) is None
    QTest.keyClick(projection.window, Qt.Key.Key_Return)
    scene = _scene(projection)
    assert scene.file is not None
    assert scene.file.title == conflicted.title
    assert [body for body, _at in scene.file.exits] == ["Ville de Melun"]
    assert len(scene.file.criteria[0].levels) == 5
    assert screen.record.opinions.row.application_id == conflicted.application_id
    # He or she comes back for the next one.
    projection.call_next()
    assert _scene(projection).detail[0] == "Peuvent revenir\u00a0: Ville de Melun."
    projection.write_exits()
    assert _scene(projection).room.present == 6


def test_a_member_who_comes_back_too_soon_makes_the_file_disappear(projected: Shown) -> None:
    screen, projection = projected
    _to(projection, committee.RECUSED_FILE + 1)
    assert _scene(projection).file is not None
    meeting = projection.meeting
    assert meeting is not None
    room = screen.context.read(presence.presence.room, meeting_id=meeting.id, application_id=projection.file)
    (away,) = room.recused
    screen.context.do("retour", presence.enter, meeting_id=meeting.id, member_id=away)
    scene = _scene(projection)
    assert scene.file is None
    assert scene.pause == "Appel des déports"


def test_the_keys_give_the_opinion_and_the_amount(projected: Shown) -> None:
    screen, projection = projected
    projection.call_next()
    window = projection.window
    assert window is not None
    band = _scene(projection).file
    assert band is not None
    key = {"favorable": "f", "reserve": "r", "defavorable": "d"}[band.band_opinion]
    projection.press(key)
    if key == "d":
        assert _scene(projection).file.opinion is Opinion.UNFAVORABLE  # type: ignore[union-attr]
        return
    assert window.prompt.question.text() == "Montant proposé, en euros"
    window.prompt.editor.setText("quatre mille")
    window.prompt.editor.returnPressed.emit()
    assert "n’est pas un montant" in window.prompt.refusal.text()
    window.prompt.editor.setText("1 200")
    window.prompt.editor.returnPressed.emit()
    file = _scene(projection).file
    assert file is not None
    assert file.amount_cents == 120_000
    assert file.opinion in (Opinion.FAVORABLE, Opinion.RESERVED)
    screen.context.undo_last()
    file = _scene(projection).file
    assert file is not None
    assert file.opinion is None


def test_an_adjournment_asks_at_once_what_is_wanted(projected: Shown, qtbot: QtBot) -> None:
    screen, projection = projected
    projection.call_next()
    window = projection.window
    assert window is not None
    projection.press("a")
    qtbot.waitUntil(window.prompt.isVisible)
    assert window.prompt.question.text() == "Ce qui est demandé à l’association"
    window.prompt.editor.setText("Un budget détaillé.")
    window.prompt.editor.returnPressed.emit()
    assert screen.record.opinions.row.asked == "Un budget détaillé."
    projection.press("a")
    QTest.qWait(20)
    assert not window.prompt.isVisible()


def test_it_opens_lit_on_the_last_file_that_was_heard(projected: Shown) -> None:
    screen, projection = projected
    projection.call_next()
    projection.press("b")
    projection.close()
    fourth = projection._rows()[3].application_id
    assert projection.meeting is not None
    given = {"application_id": fourth, "opinion": "adjourned", "asked": "Un budget."}
    screen.context.do("avis", opinions.give, meeting_id=projection.meeting.id, **given)
    projection.open()
    scene = _scene(projection)
    assert not scene.black and scene.file is not None and scene.file.rank == 4


def test_an_opinion_against_the_band_asks_its_reason_first(projected: Shown) -> None:
    _screen, projection = projected
    projection.call_next()
    window, file = projection.window, _scene(projection).file
    assert window is not None
    assert file is not None
    projection.press("f" if file.band_opinion == "defavorable" else "d")
    assert window.prompt.question.text().startswith("Motif de l’avis")
    window.prompt.editor.setText("court")
    window.prompt.editor.returnPressed.emit()
    assert window.prompt.refusal.text() == "Dix caractères au moins\u00a0: ce motif va au relevé."
    QTest.keyClick(window.prompt.editor, Qt.Key.Key_Escape)


def test_without_quorum_no_opinion_and_the_band_says_so(projected: Shown) -> None:
    screen, projection = projected
    projection.call_next()
    meeting = projection.meeting
    assert meeting is not None
    for seat in screen.context.read(presence.presence.rows, meeting_id=meeting.id)[1:5]:
        screen.context.do("départ", presence.leave, meeting_id=meeting.id, member_id=seat.seat.id)
    assert not _scene(projection).room.reached
    projection.press("d")
    window = projection.window
    assert window is not None
    if window.prompt.isVisible():
        window.prompt.editor.setText("Motif assez long pour passer.")
        window.prompt.editor.returnPressed.emit()
        assert window.prompt.refusal.text().startswith("Quorum non atteint")
    else:
        assert screen.context.messages.waiting[-1].sentence.startswith("Quorum non atteint")


def test_black_screen_time_and_end(projected: Shown) -> None:
    screen, projection = projected
    projection.call_next()
    QTest.keyClick(projection.window, Qt.Key.Key_B)
    assert _scene(projection).black
    assert picture.sentence(_scene(projection)) == "Écran noir"
    QTest.keyClick(projection.window, Qt.Key.Key_B)
    QTest.keyClick(projection.window, Qt.Key.Key_Space)
    assert projection.countdown.since is None
    assert screen.record.desk_line.timer.text() == "Reprendre le temps"
    window = projection.window
    assert window is not None
    window.resize(1440, 900)
    assert not window.grab().isNull()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not projection.on
    assert screen.record.desk_line.project.isVisibleTo(screen.record.desk_line)


def test_before_the_opening_there_is_only_a_page_of_waiting(opened: Callable[[str], Opened]) -> None:
    screen, base = opened("prepared")
    with screen.context.store.read() as session:
        (row,) = meeting_queries.rows(session, call_id=base.call)
    assert row.state == "prepared"
    screen.record.projection.open()
    assert _scene(screen.record.projection).detail == ("La séance va commencer.",)
    screen.record.projection.call_next()
    said = screen.context.messages.waiting[-1].sentence
    screen.record.projection.close()
    assert said == "La séance n’est pas ouverte."


def test_on_one_screen_a_refusal_is_read_where_the_operator_looks(projected: Shown) -> None:
    _screen, projection = projected
    assert projection.window is not None
    assert projection.window.alone
    projection.press("m")  # nothing is called yet
    assert projection.window.notice.isHidden()
    projection.call_next()
    projection.press("m")
    assert projection.window.notice.isVisible()
    assert projection.window.notice.text() == "Choisissez d’abord un avis favorable (F) ou avec réserves (R)."
    assert projection.face is projection.window


def test_the_time_passes_without_asking_the_base_again(projected: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    screen, projection = projected
    projection.call_next()
    assert projection.window is not None
    before = projection.window.scene
    asked: list[object] = []
    monkeypatch.setattr(screen.context, "read", lambda *args, **kw: asked.append(args))
    projection.countdown = Countdown(600, spent=601)
    projection._tick()
    after = projection.window.scene
    assert asked == []
    assert before is not None and after is not None
    assert (after.time, after.late, after.file) == ("dépassé de 0:01", True, before.file)
