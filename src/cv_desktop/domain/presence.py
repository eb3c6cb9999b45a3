"""Who is in the room: arrivals, departures, and the exits of déports, each with its hour."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cv_desktop.domain.rules import Rules
from cv_desktop.domain.text import counted

NBSP = "\u00a0"
IN, OUT = "in", "out"
ARRIVAL, DEPARTURE, RECUSAL, RETURN = "arrival", "departure", "recusal", "return"


@dataclass(frozen=True, slots=True)
class Seat:
    """A member of the committee; a substitute votes only while ``substitute_of`` is absent."""

    id: str
    name: str
    body: str = ""
    voice: bool = True
    substitute_of: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A member enters (``kind`` "in") or leaves; ``why`` is "arrival", "departure", "recusal" or "return"."""

    member_id: str
    at: datetime
    kind: str
    why: str
    application_id: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """From an entry to the exit that follows it; ``left`` None while the member is in the room."""

    entered: Move
    left: Move | None


@dataclass(frozen=True, slots=True)
class QuorumRule:
    """What the règlement says. ``least`` None: more than half of the voices. ``recused``: do déports count?"""

    least: int | None = None
    recused: bool = False

    @classmethod
    def of(cls, rules: Rules) -> QuorumRule:
        """The rule of a campaign; one made before these parameters has the default."""
        if "quorum" not in rules:
            return cls()
        return cls(rules.count("quorum"), rules.flag("quorum_counts_recused"))

    def needed(self, seats: Iterable[Seat]) -> int:
        """Voices that must be present; substitutes share the voice of the member they stand for."""
        voices = sum(seat.voice and seat.substitute_of is None for seat in seats)
        return self.least if self.least is not None else voices // 2 + 1


@dataclass(frozen=True, slots=True)
class Room:
    """The room at one moment, for one file: ``recused`` are the members with a déport on it."""

    seats: Sequence[Seat]
    rule: QuorumRule
    inside: frozenset[str] = frozenset()
    stepped_out: frozenset[str] = frozenset()  # outside because of a déport
    recused: frozenset[str] = frozenset()

    @property
    def attending(self) -> frozenset[str]:
        """Those who came and have not left for good: in the room, or outside for a déport."""
        return self.inside | self.stepped_out

    @property
    def voices(self) -> tuple[Seat, ...]:
        """Who may vote on the file: in the room, with a voice, without déport, the titular before the substitute."""
        return tuple(seat for seat in self._holders if seat.id in self.inside and seat.id not in self.recused)

    @property
    def counted(self) -> int:
        """Voices that count for the quorum: those who may vote, and the déports when the règlement counts them."""
        if not self.rule.recused:
            return len(self.voices)
        away = self.recused & self.attending
        return len(self.voices) + sum(seat.id in away for seat in self._holders)

    @property
    def needed(self) -> int:
        return self.rule.needed(self.seats)

    @property
    def reached(self) -> bool:
        return self.counted >= self.needed

    @property
    def to_leave(self) -> tuple[Seat, ...]:
        """Members in the room who must leave it for this file."""
        return tuple(seat for seat in self.seats if seat.id in self.inside & self.recused)

    @property
    def to_return(self) -> tuple[Seat, ...]:
        """Members outside for another file's déport, who may come back for this one."""
        return tuple(seat for seat in self.seats if seat.id in self.stepped_out - self.recused)

    @property
    def words(self) -> str:
        """« 7 présents sur 8, quorum 5 : atteint »."""
        total = sum(seat.voice and seat.substitute_of is None for seat in self.seats)
        state = "atteint" if self.reached else "non atteint"
        return f"{counted(self.counted, 'présent')} sur {total}, quorum {self.needed}{NBSP}: {state}"

    @property
    def _holders(self) -> list[Seat]:
        return [
            seat
            for seat in self.seats
            if seat.voice and (seat.substitute_of is None or seat.substitute_of not in self.attending)
        ]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The room kept with an opinion: who was in it, whose voice counted, how many voices, how many it took.

    ``recused``: the members with a déport on the file then.
    """

    present: tuple[str, ...]
    voices: tuple[str, ...]
    counted: int
    needed: int
    recused: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Evidence | None:
        """What an opinion keeps; None for one given before the room was kept with it."""
        if not kept or "needed" not in kept:
            return None
        present, voices, recused = (tuple(kept.get(name, ())) for name in ("present", "voices", "recused"))
        return cls(present, voices, kept["counted"], kept["needed"], recused)

    def as_moved(
        self,
        seats: Sequence[Seat],
        moves: Sequence[Move],
        *,
        file: str,
        given_at: datetime | None,
        corrected: Collection[str] = (),
    ) -> Evidence:
        """The room kept, changed only by what the entries and exits of today surely say of it.

        ``given_at``: when the opinion was typed, None on another day than its meeting: never earlier than the vote,
        often later. So nobody is gone for an exit before it, but the members ``corrected``, whose hours were mended
        afterwards in a meeting held with the program. Were surely not there: those of whom no entry before it remains,
        or who left for this very file. The voices are no more than were in the room together at one moment.
        """
        known = [x for x in moves if given_at is None or x.at <= given_at]
        came = {x.member_id for x in known if x.kind == IN}
        left = {x.member_id for x in known if x.kind == OUT and x.why == RECUSAL and x.application_id == file}
        gone = {key for key in self.present if key not in came or key in left}
        added: set[str] = set()
        if given_at is not None:
            minute = given_at.replace(second=0, microsecond=0)
            then = {x.member_id: x.kind for x in ordered(known) if x.kind == IN or x.at < minute}
            gone |= {key for key in corrected if key in self.present and then.get(key) != IN}
            added = {key for key in corrected if key not in self.present and key not in left and then.get(key) == IN}
        present = (*(key for key in self.present if key not in gone), *sorted(added))
        voices = [key for key in self.voices if key not in gone]
        for seat in seats:
            free = seat.substitute_of in gone if seat.substitute_of else seat.id in added
            if seat.voice and free and seat.id in present and seat.id not in (*voices, *self.recused):
                voices.append(seat.id)
        times = stays(known)
        most = max(
            (
                sum(any(_there(stay, x.at) for stay in times.get(key, ())) for key in voices)
                for x in known
                if x.kind == IN
            ),
            default=0,
        )
        return replace(self, present=present, voices=tuple(voices), counted=self.counted + most - len(self.voices))

    def left_early(self, moves: Sequence[Move], given_at: datetime | None) -> tuple[Stay, ...]:
        """The last times in the room of those whose voice counted and who left before the end, as far as it is known.

        Whoever leaves at the last hour written, or once nobody stays, leaves with the others; who left once the
        opinion was typed, ``given_at``, was there.
        """
        last = {key: own[-1] for key, own in stays(moves).items()}
        ends = [x.left.at for x in last.values() if x.left is not None]
        end = max(ends, default=None) if len(ends) == len(last) else None
        return tuple(
            stay
            for key in self.voices
            if (stay := last.get(key))
            and stay.left
            and stay.left.why == DEPARTURE
            and stay.left.at != end
            and (given_at is None or stay.left.at < given_at.replace(second=0, microsecond=0))
        )


def ordered(moves: Iterable[Move]) -> list[Move]:
    """The moves by hour; at the same minute, those of one member as they were written."""
    return sorted(moves, key=lambda move: move.at)


def room(seats: Sequence[Seat], moves: Iterable[Move], rule: QuorumRule, recused: Iterable[str] = ()) -> Room:
    """The room after all these moves, seen for a file on which ``recused`` have a déport."""
    last = {move.member_id: move for move in ordered(moves)}
    return Room(
        seats,
        rule,
        frozenset(key for key, move in last.items() if move.kind == IN),
        frozenset(key for key, move in last.items() if move.kind == OUT and move.why == RECUSAL),
        frozenset(recused),
    )


def stays(moves: Iterable[Move]) -> dict[str, list[Stay]]:
    """Per member, each time in the room."""
    found: dict[str, list[Stay]] = {}
    for move in ordered(moves):
        own = found.setdefault(move.member_id, [])
        if move.kind == IN:
            own.append(Stay(move, None))
        elif own and own[-1].left is None:
            own[-1] = Stay(own[-1].entered, move)
    return found


def _there(stay: Stay, at: datetime) -> bool:
    return stay.entered.at <= at and (stay.left is None or stay.left.at >= at)


def follows(moves: Iterable[Move]) -> bool:
    """Whether each member enters, leaves, enters again: never twice the same way in a row."""
    state: dict[str, str] = {}
    for move in ordered(moves):
        if state.get(move.member_id, OUT) == move.kind:
            return False
        state[move.member_id] = move.kind
    return True
