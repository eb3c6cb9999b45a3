"""The line of the déports: told as it is while the meeting is held, and as it was once it is closed."""

from __future__ import annotations

from datetime import UTC, datetime

from pytestqt.qtbot import QtBot

from cv_desktop.domain.presence import IN, OUT, Move, QuorumRule, Seat, room
from cv_desktop.ui.meetings.room_line import RoomLine


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 4, 16, hour - 2, minute, tzinfo=UTC)


def test_a_closed_meeting_says_when_the_member_came_back(qtbot: QtBot) -> None:
    line = RoomLine()
    qtbot.addWidget(line)
    moves = [
        Move("a", at(14, 0), IN, "arrival", None, "1"),
        Move("a", at(14, 52), OUT, "recusal", "f", "2"),
        Move("a", at(15, 2), IN, "return", None, "3"),
        Move("a", at(16, 30), OUT, "departure", None, "4"),
    ]
    then = room([Seat("a", "Alix Exemple", "Ville de Melun", True, None)], moves, QuorumRule(), ["a"])
    line.show_room(then, moves, "f", locked=True)
    said = line.text.text.text().replace("\u00a0", " ")
    assert said == "1 déport : Alix Exemple, hors de la salle de 14 h 52 à 15 h 02."
    line.show_room(then, moves[:2], "f", locked=False)
    assert "depuis 14 h 52" in line.text.text.text().replace("\u00a0", " ")
    # The next file has the same déport: out since the one before, and not absent.
    line.show_room(room(then.seats, moves[:2], QuorumRule(), ["a"]), moves[:2], "g", locked=False)
    said = line.text.text.text().replace("\u00a0", " ")
    assert said == "1 déport : Alix Exemple, hors de la salle depuis 14 h 52."
