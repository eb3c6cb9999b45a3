"""What the minutes of a meeting say, as plain values: same content, same pages, same fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Any

from cv_desktop.domain.dates import long_date
from cv_desktop.domain.hours import spoken
from cv_desktop.domain.states import Opinion
from cv_desktop.domain.votes import Votes

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class TimeInRoom:
    """Hours « 14:02 » on a French clock; ``left`` empty until the end. ``number`` is the file of a déport."""

    entered: str
    left: str = ""
    number: str = ""

    @property
    def words(self) -> str:
        """« de 14 h 02 à 14 h 52 (déport, FIA-2026-0004) », « à partir de 15 h 05 »."""
        if not self.left:
            return f"à partir de {said(self.entered)}"
        why = f" (déport, {self.number})" if self.number else ""
        return f"de {said(self.entered)} à {said(self.left)}{why}"


@dataclass(frozen=True, slots=True)
class Attendee:
    """A member: ``title`` says who he or she stands for, or that he or she has no vote."""

    name: str
    body: str
    title: str
    times: tuple[TimeInRoom, ...]

    @property
    def words(self) -> str:
        """The times in the room, « absent·e » without any."""
        text = f"{NBSP}; ".join(stay.words for stay in self.times)
        return text[:1].upper() + text[1:] if text else "Absent·e"


@dataclass(frozen=True, slots=True)
class QuorumEvent:
    """The quorum reached or lost at an hour, with the voices present then."""

    at: str
    reached: bool
    counted: int


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A déport on a file: the hours are empty when the member was not in the room at all."""

    name: str
    left: str
    returned: str

    @property
    def words(self) -> str:
        """« Alix Exemple, hors de la salle de 14 h 52 à 15 h 05 »."""
        if not self.left:
            return f"{self.name}, hors de la salle"
        until = f"de {said(self.left)} à {said(self.returned)}" if self.returned else f"à partir de {said(self.left)}"
        return f"{self.name}, hors de la salle {until}"


@dataclass(frozen=True, slots=True)
class Heard:
    """A file and the opinion given on it. Amounts in cents; ``note`` as shown, ``exact`` its fraction."""

    rank: int
    number: str
    structure: str
    title: str
    asked_cents: int
    cost_cents: int
    note: str
    exact: tuple[int, int] | None
    band: str
    sheets: int
    heard_at: str
    opinion: str
    amount_cents: int
    votes: tuple[int, int, int] | None
    voices: int
    present: int
    counted: int
    needed: int
    reserves: str
    asked: str
    reason: str
    departs: bool  # from the band of the note
    remark: str
    before: str
    withdrawals: tuple[Withdrawal, ...]

    @property
    def opinion_words(self) -> str:
        """« Favorable, 5 voix pour, 1 contre », « Favorable, sans vote »; « À rendre » before."""
        if not self.opinion:
            return "À rendre"
        label = Opinion(self.opinion).label
        return f"{label}, {Votes(*self.votes).words}" if self.votes else f"{label}, sans vote"


@dataclass(frozen=True, slots=True)
class Reopening:
    """An earlier version of the minutes, and why it was reopened."""

    version: int
    sha256: str
    closed_on: str
    reopened_on: str
    reason: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """A mark changed after the revelation. Levels None: sans objet. ``member`` is kept, and not printed."""

    number: str
    criterion: str
    before: int | None
    after: int | None
    reason: str
    at: str
    member: str

    @property
    def words(self) -> str:
        """« 2 → 3 », « 2 → sans objet »."""
        return " → ".join("sans objet" if level is None else str(level) for level in (self.before, self.after))


@dataclass(frozen=True, slots=True)
class Minutes:
    """A meeting as its minutes say it; ``version`` 0 is a draft, before any closing. Days are ISO."""

    version: int
    meeting: str
    call: str
    call_code: str
    authority: str
    authority_kind: str
    direction: str
    held_on: str
    place: str
    begins: str
    ends: str
    president: str
    secretary: str
    convened_on: str
    needed: int
    attendees: tuple[Attendee, ...]
    quorum: tuple[QuorumEvent, ...]
    files: tuple[Heard, ...]
    reopenings: tuple[Reopening, ...]
    sheets: tuple[dict[str, Any], ...]  # every counted mark: file, member, criterion, level, sentence
    recusal_law: str
    follow_up: str
    example: bool
    corrections: tuple[Corrected, ...] = ()

    @property
    def day(self) -> str:
        return long_date(date.fromisoformat(self.held_on), weekday=True)

    @property
    def draft(self) -> bool:
        return self.version == 0

    @property
    def proposed_cents(self) -> int:
        return sum(file.amount_cents for file in self.files)

    @property
    def asked_cents(self) -> int:
        return sum(file.asked_cents for file in self.files)

    def count(self, opinion: Opinion) -> int:
        """How many files received this opinion."""
        return sum(file.opinion == opinion.value for file in self.files)

    @property
    def quorum_words(self) -> str:
        """When the quorum was reached, lost and found again."""
        sentences = [f"Le quorum est de {self.needed} voix."]
        for event in self.quorum:
            voices = f"{event.counted} voix présente{'s' if event.counted > 1 else ''}"
            if event.reached:
                again = "de nouveau " if sentences[1:] else ""
                sentences.append(f"Il est {again}atteint à {said(event.at)} ({voices}).")
            elif not event.counted:
                sentences.append(f"La séance est interrompue à {said(event.at)}.")
            else:
                sentences.append(
                    f"Il est perdu à {said(event.at)} ({voices}){NBSP}: aucun avis n’est rendu jusqu’à son retour."
                )
        return " ".join(sentences)


def said(hour: str) -> str:
    """« 14 h 02 » of « 14:02 »."""
    return spoken(time.fromisoformat(hour))


def canonical(minutes: Minutes) -> str:
    """The content as JSON: keys in order, no space, so that the same content is always the same text."""
    return json.dumps(asdict(minutes), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(text: str) -> str:
    """The SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def from_json(text: str) -> Minutes:
    """The content that :func:`canonical` wrote."""
    data: dict[str, Any] = json.loads(text)
    return Minutes(
        **data
        | {
            "attendees": tuple(_attendee(x) for x in data["attendees"]),
            "quorum": tuple(QuorumEvent(**x) for x in data["quorum"]),
            "files": tuple(_heard(x) for x in data["files"]),
            "reopenings": tuple(Reopening(**x) for x in data["reopenings"]),
            "sheets": tuple(data["sheets"]),
            "corrections": tuple(Corrected(**x) for x in data.get("corrections", ())),
        }
    )


def _attendee(data: Mapping[str, Any]) -> Attendee:
    return Attendee(**{**data, "times": tuple(TimeInRoom(**x) for x in data["times"])})


def _heard(data: Mapping[str, Any]) -> Heard:
    pair, votes = data["exact"], data["votes"]
    return Heard(
        **{
            **data,
            "exact": (pair[0], pair[1]) if pair else None,
            "votes": (votes[0], votes[1], votes[2]) if votes else None,
            "withdrawals": tuple(Withdrawal(**x) for x in data["withdrawals"]),
        }
    )
