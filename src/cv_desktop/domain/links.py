"""Links that may tie a member of a committee to a structure: found by comparing what both are known by.

Each suspicion carries its evidence as sentences to read. Nothing is decided here: a person confirms or dismisses.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from cv_desktop.domain.duplicate_names import Lexicon, alike, read_name
from cv_desktop.domain.phonetics import sound
from cv_desktop.domain.text import NBSP, fold, quote, words

_TITLES = frozenset({"m", "mme", "mlle", "monsieur", "madame", "mademoiselle", "dr", "docteur", "maitre"})
_STREET_WORDS = """
rue r avenue av ave boulevard bd bvd place pl allee all chemin ch impasse imp square sq route rte quai cours de du des
la le les l d
"""
_STREETS = frozenset(_STREET_WORDS.split())
# Where anybody has an address: two persons of the same provider are not of the same house.
_PROVIDER_NAMES = """
gmail.com googlemail.com orange.fr wanadoo.fr free.fr sfr.fr neuf.fr laposte.net yahoo.fr yahoo.com hotmail.fr
hotmail.com outlook.fr outlook.com live.fr live.com icloud.com me.com protonmail.com proton.me bbox.fr gmx.fr
numericable.fr club-internet.fr aol.com
"""
_PROVIDERS = frozenset(_PROVIDER_NAMES.split())
_SAME_BODY = 0.88
_NEAR_NAME = 80
_FEW = 2  # bearers of a surname over which it says nothing by itself
_POSTAL = re.compile(r"\b\d{5}\b")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known to a structure, and what he or she does there (« présidente »)."""

    name: str
    role: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """A member as compared. ``former``: sentences on links confirmed in another campaign, by structure."""

    id: str
    name: str
    body: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    former: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """A structure as compared; ``names`` has its name first, then former ones and sigles."""

    id: str
    names: tuple[str, ...]
    persons: tuple[Person, ...] = ()
    address: str = ""
    postal_code: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A member and a structure that may be linked. ``score`` 0 to 100 orders them."""

    member_id: str
    structure_id: str
    score: int
    evidence: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    score: int = 0
    evidence: list[str] = field(default_factory=list)

    def add(self, score: int, sentence: str) -> None:
        if sentence not in self.evidence:
            self.score = min(100, self.score + score)
            self.evidence.append(sentence)


@dataclass(slots=True)
class _Index:
    """What the structures are known by, each value with the places that have it."""

    persons: list[tuple[int, Person]] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    sounds: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    surnames: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    contacts: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    places: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    streets: list[str] = field(default_factory=list)


def find_links(
    seats: Sequence[Seat], bodies: Sequence[Body], *, settled: Collection[tuple[str, str]] = ()
) -> list[Suspicion]:
    """Pairs (member, structure) that may be linked, the surest first; ``settled`` pairs are not asked again.

    2 000 structures and 10 members take well under a second.
    """
    index = _read(bodies)
    lexicon = Lexicon.of(read_name(name) for body in bodies for name in body.names)
    keys = [tuple(k for name in b.names for k in lexicon.readings(read_name(name))) for b in bodies]
    result = []
    for seat in seats:
        found: dict[int, _Found] = defaultdict(_Found)
        _by_name(seat, bodies, index, found)
        _by_contact(seat, bodies, index, found)
        for own in lexicon.readings(read_name(seat.body)) if words(seat.body) else ():
            for place, theirs in enumerate(keys):
                if any(alike(own, key, lexicon, 0.7) >= _SAME_BODY for key in theirs):
                    found[place].add(60, f"Le membre siège pour {quote(seat.body)}.")
        known = {body.id: place for place, body in enumerate(bodies)} if seat.former else {}
        for structure, sentence in seat.former:
            if structure in known:
                found[known[structure]].add(80, sentence)
        result += [
            Suspicion(seat.id, bodies[place].id, x.score, tuple(x.evidence))
            for place, x in found.items()
            if x.score and (seat.id, bodies[place].id) not in settled
        ]
    return sorted(result, key=lambda x: (-x.score, x.member_id, x.structure_id))


def _read(bodies: Sequence[Body]) -> _Index:
    index = _Index()
    for place, body in enumerate(bodies):
        for person in body.persons:
            parts = _parts(person.name)
            if len(parts) < 2:
                continue
            rank = len(index.persons)
            index.persons.append((place, person))
            index.joined.append(" ".join(sorted(parts)))
            index.sounds[_sounds(parts)].append(rank)
            for surname in _surnames(person.name):
                index.surnames[surname].append(rank)
        who = [(body.email, body.phone, "de la structure"), *((p.email, p.phone, f"de {p.name}") for p in body.persons)]
        for email, phone, of_whom in who:
            for key in _contacts(email, phone):
                index.contacts[key].append((place, of_whom))
        if site := re.sub(r"^(?:https?://)?(?:www\.)?|/.*$", "", fold(body.website)):
            index.contacts[f"domaine {site}"].append((place, "du site"))
        index.streets.append(_street(body.address, body.postal_code))
        if door := _door(body.address, body.postal_code):
            index.places[door].append(place)
    return index


def _by_name(seat: Seat, bodies: Sequence[Body], index: _Index, found: dict[int, _Found]) -> None:
    parts = _parts(seat.name)
    if len(parts) < 2:
        return
    same = set(index.sounds.get(_sounds(parts), ()))
    close = process.extract(
        " ".join(sorted(parts)), index.joined, scorer=ratio, score_cutoff=_NEAR_NAME, limit=None, processor=None
    )
    near = {rank for _text, _score, rank in close if rank not in same and _one_slip(parts, _parts(_name(index, rank)))}
    for ranks, score, words_ in ((same, 70, "Même nom"), (near, 45, "Nom proche")):
        for rank in sorted(ranks):
            place, person = index.persons[rank]
            found[place].add(score, f"{words_}{NBSP}: {_said(person)}.")
    street = _street(*_split(seat.address))
    for surname in _surnames(seat.name):
        bearers = [rank for rank in index.surnames.get(surname, ()) if rank not in same and rank not in near]
        houses = {index.persons[rank][0] for rank in index.surnames.get(surname, ())}
        for rank in bearers:
            place, person = index.persons[rank]
            if street and index.streets[place] == street:
                found[place].add(50, f"Même nom de famille{NBSP}: {_said(person)}, et même rue.")
            elif len(houses) <= _FEW:
                found[place].add(20, f"Même nom de famille, rare dans la base{NBSP}: {_said(person)}.")


def _by_contact(seat: Seat, bodies: Sequence[Body], index: _Index, found: dict[int, _Found]) -> None:
    for key in _contacts(seat.email, seat.phone):
        kind, _space, value = key.partition(" ")
        for place, of_whom in index.contacts.get(key, ()):
            if kind == "domaine":
                found[place].add(30, f"Même domaine de courriel{NBSP}: {value}.")
            else:
                found[place].add(60, f"Même {kind} que celui {of_whom}.")
    if door := _door(*_split(seat.address)):
        for place in index.places.get(door, ()):
            found[place].add(55, f"Même adresse{NBSP}: {bodies[place].address}.")


def _name(index: _Index, rank: int) -> str:
    return index.persons[rank][1].name


def _said(person: Person) -> str:
    return f"{person.name}, {person.role.lower()}" if person.role else person.name


def _parts(name: str) -> list[str]:
    return [w for w in words(name).split() if w not in _TITLES]


def _sounds(parts: Iterable[str]) -> str:
    return " ".join(sorted(map(sound, parts)))


def _surnames(name: str) -> set[str]:
    """Sounds of the surname: what is in capitals when something is, else the last word."""
    spelt = [w for w in re.split(r"[\s]+", name.strip()) if words(w) and words(w) not in _TITLES]
    upper = [w for w in spelt if w.isupper() and len(w) > 2]
    kept = upper if upper and len(upper) < len(spelt) else spelt[-1:]
    return {sound(part) for w in kept for part in words(w).split() if len(part) > 2}


def _one_slip(first: Sequence[str], second: Sequence[str]) -> bool:
    """Are two names the same but for a slip in a word, or a first name cut to its initial?"""
    if len(first) != len(second):
        return False
    left, right = sorted(first), sorted(second)
    if len(left) == 2 and min(map(_distance, left, right)) > 0:
        right = right if sum(map(_distance, left, right)) <= sum(map(_distance, left, right[::-1])) else right[::-1]
    gaps = [0 if a == b or sound(a) == sound(b) else 1 if _alike(a, b) else 9 for a, b in zip(left, right, strict=True)]
    return sum(gaps) <= 1


def _distance(first: str, second: str) -> int:
    return int(OSA.distance(first, second))


def _alike(first: str, second: str) -> bool:
    short, long = sorted((first, second), key=len)
    if len(short) == 1:
        return long.startswith(short)
    return len(short) >= 4 and _distance(first, second) <= (2 if len(short) >= 8 else 1)


def _contacts(email: str, phone: str) -> list[str]:
    digits = re.sub(r"\D", "", phone)
    keys = [f"téléphone {digits[-9:]}"] if len(digits) >= 9 else []
    address = fold(email).strip()
    _user, at, domain = address.partition("@")
    if at:
        keys.append(f"courriel {address}")
        if domain and domain not in _PROVIDERS:
            keys.append(f"domaine {domain}")
    return keys


def _split(address: str) -> tuple[str, str]:
    """Street and postal code of an address written on one line."""
    found = _POSTAL.search(address)
    return (address[: found.start()], found[0]) if found else (address, "")


def _street(address: str, postal: str) -> str:
    """Sounds of the words of a street, and its postal code; empty when one of them is missing."""
    parts = [w for w in words(address).split() if w not in _STREETS and w.isalpha() and len(w) > 1]
    return f"{' '.join(sorted(map(sound, parts)))} {postal}" if parts and postal else ""


def _door(address: str, postal: str) -> str:
    number = re.match(r"\s*(\d+)", address)
    street = _street(address, postal)
    return f"{number[1]} {street}" if number and street else ""
