"""Who stood behind the opinions of a lot: the quorum, the déports, and the links that nobody answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.models.meeting import Meeting, Member
from cv_desktop.db.queries import opinions, presence, suspicions
from cv_desktop.db.queries.opinions import GivenRow
from cv_desktop.db.queries.tuples import tuples
from cv_desktop.db.queries.visibility import kept_out
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.hours import spoken_moment
from cv_desktop.domain.presence import Evidence, Move, Seat
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.text import NBSP, counted, quote

WHERE = f"Séances, {quote('Liens et déports')}"


Code = Literal[
    "sum",
    "parts",
    "amounts",
    "minimum",
    "opinions",
    "quorum",
    "recusals",
    "links",
    "motives",
    "convention",
    "agreements",
]


@dataclass(frozen=True, slots=True)
class Guard:
    """One thing checked before a lot: ``state`` is "pass", "warn" (it may go) or "block".

    ``excusable``: a reason of the officer lets the lot go in spite of it. ``facts`` are what was found, a sentence for
    each file, without what to do about it.
    """

    code: Code
    state: Literal["pass", "warn", "block"]
    label: str
    details: tuple[str, ...] = ()
    excusable: bool = False
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Room:
    """An opinion and its room as the entries and exits say it today; ``then`` None when the room was not kept.

    ``typed_at`` is None for an opinion typed on another day than its meeting.
    """

    given: GivenRow
    then: Evidence | None = None
    moves: Sequence[Move] = ()
    typed_at: datetime | None = None


def judged(session: Session, *, call_id: str, rules: Rules, files: Collection[str]) -> tuple[Guard, Guard, Guard]:
    """The quorum, the déports and the links of the last opinions on these files, by the facts of today."""
    rooms = _rooms(session, call_id, files)
    return (
        _quorum(session, call_id, rules, rooms),
        _recusals(session, call_id, files, rooms),
        _links(session, call_id, files),
    )


def listed(numbers: Sequence[str]) -> str:
    """The first six numbers, and how many more."""
    shown = ", ".join(numbers[:6])
    return f"{shown} et {counted(len(numbers) - 6, 'autre')}" if len(numbers) > 6 else shown


def numbers_of(facts: Sequence[str]) -> str:
    """The files of the sentences, each once."""
    return listed(list(dict.fromkeys(fact.partition(NBSP)[0] for fact in facts)))


def enrolled(facts: Sequence[str]) -> str:
    """How a link of a signatory is answered: he or she is on no committee."""
    signs = any("(signataire)" in fact for fact in facts)
    return f"{NBSP}; un signataire, une fois inscrit parmi les agents" if signs else ""


def _rooms(session: Session, call_id: str, files: Collection[str]) -> list[_Room]:
    moves: dict[str, list[Move]] = {}
    seats: dict[date, list[Seat]] = {}
    corrections: dict[str, list[tuple[str, datetime]]] = {}
    found = []
    for row in opinions.given(session, call_id=call_id, files=files):
        if row.evidence is None or row.given_at is None:
            found.append(_Room(row))
            continue
        if row.meeting_id not in moves:
            moves[row.meeting_id] = presence.moves(session, meeting_id=row.meeting_id)
        if row.held_on not in seats:
            seats[row.held_on] = presence.seats(session, call_id=call_id, on=row.held_on)
        if row.meeting_id not in corrections:
            corrections[row.meeting_id] = _corrections(session, row.meeting_id, moves[row.meeting_id])
        typed_at = row.given_at if local(row.given_at).date() == row.held_on else None
        mended = {key for key, at in corrections[row.meeting_id] if at > row.given_at}
        then = row.evidence.as_moved(
            seats[row.held_on],
            moves[row.meeting_id],
            file=row.application_id,
            given_at=typed_at,
            corrected=mended,
        )
        found.append(_Room(row, then, moves[row.meeting_id], typed_at))
    return found


def _corrections(session: Session, meeting_id: str, moves: Sequence[Move]) -> list[tuple[str, datetime]]:
    """The members whose hours of today were corrected, and when, in a meeting opened here before those hours.

    Opened later, it was held on paper: the hour at which its opinions were typed is not that of the votes.
    """
    opened = session.get_one(Meeting, meeting_id).opened_at
    query = select(JournalEntry).where(JournalEntry.verb == "presence.correct", JournalEntry.noun_id == meeting_id)
    written = list(session.scalars(query))
    if not written or opened is None:
        return []
    name_of = dict(tuples(session, select(Member.id, Member.name).where(Member.id.in_({x.member_id for x in moves}))))
    return [
        (move.member_id, entry.at)
        for entry in written
        for move in moves
        if _of_move(entry, move, name_of[move.member_id]) and move.at >= opened
    ]


def _of_move(entry: JournalEntry, move: Move, name: str) -> bool:
    """Whether a correction gave an entry or an exit its hour of today.

    The oldest ones name the member in their sentence only.
    """
    told = entry.after
    if isinstance(told, dict):
        return told["member"] == move.member_id and datetime.fromisoformat(told["at"]) == move.at
    return entry.summary.startswith(f"{name} ") and datetime.fromisoformat(str(told)) == move.at


def _quorum(session: Session, call_id: str, rules: Rules, rooms: Sequence[_Room]) -> Guard:
    unknown = [room.given.number for room in rooms if room.then is None]
    short, doubtful = [], []
    for room in rooms:
        given, then = room.given, room.then
        if then is None:
            continue
        if then.counted < then.needed:
            voices = counted(then.counted, "voix présente")
            where = f"{quote(given.meeting)} du {long_date(given.held_on)}"
            short.append(f"{given.number}{NBSP}: {voices} à {where}, il en fallait {then.needed}.")
        elif (left := then.left_early(room.moves, room.typed_at)) and then.counted - len(left) < then.needed:
            names = _names(session, call_id, given.held_on)
            who = ", ".join(f"{names[x.entered.member_id]} ({spoken_moment(x.left.at)})" for x in left if x.left)
            doubtful.append(f"{given.number}{NBSP}: l’heure de l’avis n’est pas connue, et sont partis {who}.")
    if short:
        excusable = "quorum_excused" in rules and rules.flag("quorum_excused")
        way = (
            "Indiquez le motif pour lequel le lot les porte."
            if excusable
            else f"Rouvrez la séance et reprenez l’avis avec le quorum, ou retirez-le{NBSP}: le lot se fera sans lui."
        )
        label = f"{_sitting_opinions(len(short))} sans quorum{NBSP}: {numbers_of(short)}"
        return Guard("quorum", "block", label, (way, *short), excusable, tuple(short))
    if doubtful:
        label = f"{_sitting_opinions(len(doubtful))} dont le quorum dépend de l’heure des départs"
        return Guard("quorum", "warn", label, tuple(doubtful))
    if unknown:
        label = f"{_sitting_opinions(len(unknown))} dont les présents ne sont pas connus"
        return Guard("quorum", "warn", label, (f"Le quorum n’y est pas vérifié{NBSP}: {listed(unknown)}.",))
    return Guard("quorum", "pass", "Chaque avis a été rendu avec le quorum")


def _recusals(session: Session, call_id: str, files: Collection[str], rooms: Sequence[_Room]) -> Guard:
    """Members in the room for an opinion whom a déport keeps out today, or who declared a link not decided yet.

    Source: CGCT L2131-11.
    """
    pairs = {(application, member) for application, member in session.execute(kept_out())}
    told: set[tuple[str, str]] = set()
    structures = select(Application.id, Application.structure_id).where(Application.id.in_(files))
    own = dict(tuples(session, structures))
    for link in suspicions.unsettled(session, call_id=call_id):
        for file in files:
            if file == link.application_id or (link.whole and own[file] == link.structure_id):
                told.add((file, link.member_id))
    found = []
    for room in rooms:
        given = room.given
        for member in room.then.present if room.then else ():
            key = (given.application_id, member)
            if key not in pairs | told:
                continue
            name = _names(session, call_id, given.held_on).get(member, "un membre")
            why = "aujourd’hui en déport" if key in pairs else "qui y déclare un lien encore à confirmer"
            found.append(f"{given.number}{NBSP}: {name}, {why}, était dans la salle.")
    if not found:
        return Guard("recusals", "pass", "Aucun membre déporté n’était présent pour un avis")
    label = f"Avis rendu devant un membre à écarter{NBSP}: {numbers_of(sorted(set(found)))}"
    way = f"Rouvrez la séance et reprenez l’avis sans lui, ou décidez du lien ({WHERE}\u00a0; CGCT L2131-11)."
    return Guard("recusals", "block", label, (way, *found), facts=tuple(found))


def _links(session: Session, call_id: str, files: Collection[str]) -> Guard:
    """Links found between who instructs, advises or signs and the structures of these files, that nobody answered.

    Source: CGCT L2131-11 and L1111-6, code pénal 432-12.
    """
    found = [
        f"{x.number}{NBSP}: {x.who} et {quote(x.structure)}. {' '.join(x.evidence)}"
        for x in suspicions.unanswered(session, call_id=call_id, files=files)
    ]
    if not found:
        return Guard("links", "pass", "Aucun lien possible ne reste sans réponse")
    label = f"{counted(len(found), 'lien possible')} sans réponse{NBSP}: {numbers_of(found)}"
    way = (
        f"Confirmez ou écartez chacun ({WHERE}{enrolled(found)}), ou indiquez le motif pour lequel le lot part sans "
        "réponse (CGCT L2131-11, code pénal 432-12)."
    )
    return Guard("links", "block", label, (way, *found), True, tuple(found))


def _sitting_opinions(count: int) -> str:
    return f"{count} avis rendu{'s' if count > 1 else ''}"


def _names(session: Session, call_id: str, day: date) -> dict[str, str]:
    return {seat.id: seat.name for seat in presence.seats(session, call_id=call_id, on=day)}
