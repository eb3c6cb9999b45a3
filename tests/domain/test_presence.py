"""Who is in the room, who may vote, and when the quorum is there: the cases of a real meeting, by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.presence import (
    ARRIVAL,
    DEPARTURE,
    IN,
    OUT,
    RECUSAL,
    RETURN,
    Evidence,
    Move,
    QuorumRule,
    Seat,
    follows,
    room,
    stays,
)
from cv_desktop.domain.votes import Votes, check

SEATS = [Seat(x, x) for x in "ABCDEFGH"]
MAJORITY = QuorumRule()


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 4, 16, hour, minute, tzinfo=UTC)


def come(*names: str) -> list[Move]:
    return [Move(name, at(12, 0), IN, ARRIVAL) for name in names]


def test_more_than_half_of_the_voices_is_the_quorum() -> None:
    assert MAJORITY.needed(SEATS) == 5
    found = room(SEATS, come(*"ABCDEFG"), MAJORITY)
    assert found.words == "7 présents sur 8, quorum 5\u00a0: atteint"
    assert room(SEATS, come(*"ABCD"), MAJORITY).words == "4 présents sur 8, quorum 5\u00a0: non atteint"


def test_a_deport_takes_a_voice_from_the_quorum_unless_the_rules_count_it() -> None:
    moves = [*come(*"ABCDE"), Move("A", at(12, 50), OUT, RECUSAL, "f")]
    assert not room(SEATS, moves, MAJORITY, recused="A").reached
    counted = room(SEATS, moves, QuorumRule(None, True), recused="A")
    assert (counted.counted, len(counted.voices)) == (5, 4)
    assert counted.reached


def test_a_deport_still_in_the_room_must_leave_and_never_votes() -> None:
    found = room(SEATS, come(*"ABCDEF"), MAJORITY, recused="AH")
    assert [seat.id for seat in found.to_leave] == ["A"]
    assert [seat.id for seat in found.voices] == ["B", "C", "D", "E", "F"]


def test_who_went_out_for_another_file_may_come_back() -> None:
    moves = [*come("A", "B"), Move("A", at(12, 50), OUT, RECUSAL, "f")]
    assert [seat.id for seat in room(SEATS, moves, MAJORITY).to_return] == ["A"]
    moves.append(Move("A", at(13, 0), IN, RETURN))
    assert room(SEATS, moves, MAJORITY).to_return == ()
    assert [(s.entered.why, s.left.why if s.left else "") for s in stays(moves)["A"]] == [
        (ARRIVAL, RECUSAL),
        (RETURN, ""),
    ]


def test_a_substitute_votes_only_while_the_titular_is_absent() -> None:
    seats = [Seat("T", "T"), Seat("S", "S", substitute_of="T"), Seat("O", "O", voice=False), Seat("U", "U")]
    assert MAJORITY.needed(seats) == 2
    both = room(seats, come("T", "S", "O", "U"), MAJORITY)
    assert [seat.id for seat in both.voices] == ["T", "U"]
    alone = room(seats, come("S", "O", "U"), MAJORITY)
    assert [seat.id for seat in alone.voices] == ["S", "U"]
    # A titular outside for a déport came: the substitute does not take the voice.
    out = room(seats, [*come("T", "S", "U"), Move("T", at(12, 30), OUT, RECUSAL, "f")], MAJORITY, recused="T")
    assert [seat.id for seat in out.voices] == ["U"]


def test_one_enters_then_leaves() -> None:
    assert follows([*come("A"), Move("A", at(13, 0), OUT, DEPARTURE)])
    assert not follows([*come("A"), Move("A", at(13, 0), IN, ARRIVAL)])
    assert not follows([Move("A", at(11, 0), OUT, DEPARTURE), *come("A")])


def test_voices_are_bounded_by_those_who_may_vote() -> None:
    check(Votes(4, 1, 1), 6)
    assert Votes(4, 1, 2).words == "4 voix pour, 1 contre, 2 abstentions"
    with pytest.raises(UserError) as refusal:
        check(Votes(5, 1, 1), 6)
    assert refusal.value.message.startswith("7 voix pour 6 membres qui peuvent voter")
    with pytest.raises(UserError, match="n’est pas adopté"):
        check(Votes(2, 3, 0), 6)
    check(Votes(3, 3, 0), 6)  # the president's voice may settle a tie


def test_the_room_kept_is_changed_only_by_what_the_hours_surely_say() -> None:
    """Five voices kept with an opinion typed at 15 h; S stands for A, and was in the room without a voice."""
    seats = [*SEATS, Seat("S", "S", substitute_of="A")]
    kept = Evidence(tuple("ABCDES"), tuple("ABCDE"), 5, 5)
    typed = {"file": "f", "given_at": at(15, 0)}
    there = come(*"ABCDES")
    left = [*there, *(Move(x, at(14, 40), OUT, DEPARTURE) for x in "ABCDES")]
    assert kept.as_moved(seats, left, **typed) == kept
    # Corrected afterwards, A had left, and S has the voice; the same minute as the opinion, A was there.
    assert kept.as_moved(seats, left, **typed, corrected="A").voices == tuple("BCDES")
    same = [*there, Move("A", at(15, 0), OUT, DEPARTURE)]
    assert kept.as_moved(seats, same, file="f", given_at=at(15, 0).replace(second=40), corrected="A") == kept
    # No entry before the opinion, or an exit for this very file: not there.
    late = [*come(*"ACDES"), Move("B", at(15, 1), IN, ARRIVAL)]
    assert kept.as_moved(seats, late, **typed).voices == tuple("ACDE")
    # B and C had left before E came: four voices at most were there together, whichever they were.
    early = [*come(*"ABCDS"), *(Move(x, at(12, 5), OUT, DEPARTURE) for x in "BC"), Move("E", at(12, 10), IN, ARRIVAL)]
    found = kept.as_moved(seats, early, file="f", given_at=None)
    assert (found.counted, found.present) == (4, kept.present)
    out = [*there, Move("C", at(12, 20), OUT, RECUSAL, "f"), Move("C", at(12, 30), IN, RETURN)]
    assert kept.as_moved(seats, out, **typed).present == tuple("ABDES")
    assert kept.as_moved(seats, out, file="g", given_at=at(15, 0)) == kept
