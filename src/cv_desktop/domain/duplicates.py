"""Structures that may be one and the same: found over a whole registry, each pair with the evidence for it.

Pure and quick: records are compared only when they share something that few have (a sound, two words, a phone, a
person, an address, a sigle). Nothing is ever merged here: a person decides, pair by pair.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from cv_desktop.domain.duplicate_names import Key, Lexicon, Name, alike, read_name
from cv_desktop.domain.phonetics import sound
from cv_desktop.domain.text import NBSP, fold, quote, words

# Blocks larger than this say nothing: a house of associations, a call centre, « club de sport ».
_MOST_IN_BLOCK = 24
_STEP = 2_000
_SAME, _CLOSE, _RELATED = 0.9, 0.72, 0.5
_STREET_WORDS = """
rue r avenue av ave boulevard bd bvd place pl allee all chemin ch impasse imp square sq route rte quai cours residence
res batiment bat appartement apt appt esc escalier cedex bp chez mairie
"""
_STREETS = frozenset(_STREET_WORDS.split())
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Identity:
    """What is compared of a structure. ``names`` has its name first, then former ones; persons are full names."""

    id: str
    names: tuple[str, ...]
    acronyms: tuple[str, ...] = ()
    siren: str = ""
    rna: str = ""
    address: str = ""
    postal_code: str = ""
    commune: str = ""
    email: str = ""
    phones: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two structures that may be one. ``score`` 0 to 100 orders them; ``evidence`` are sentences to read."""

    first: str
    second: str
    score: int
    evidence: tuple[str, ...]


@dataclass(slots=True)
class _Prepared:
    identity: Identity
    names: list[Name]
    keys: list[Key] = field(default_factory=list)
    acronyms: frozenset[str] = frozenset()
    initials: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()
    postal: str = ""
    town: str = ""


def find_pairs(
    identities: Sequence[Identity], *, distinct: Iterable[tuple[str, str]] = (), tell: Tell | None = None
) -> list[Pair]:
    """Every pair that may be one structure, the surest first. ``distinct``: pairs that a person said are two.

    ``tell`` is called with (done, total) as the records are read, then as the pairs are judged; it stops the work by
    raising. 20 000 structures take
    less than five seconds.
    """
    prepared = []
    for done, identity in enumerate(identities):
        if tell is not None and done % _STEP == 0:
            tell(done, len(identities))
        prepared.append(_prepare(identity))
    lexicon = Lexicon.of(name for p in prepared for name in p.names)
    for p in prepared:
        p.keys = [key for name in p.names for key in lexicon.readings(name)]
    candidates = _candidates(prepared, lexicon)
    bearers: dict[tuple[str, ...], int] = defaultdict(int)
    for p in prepared:
        for tokens in {key.tokens for key in p.keys}:
            bearers[tokens] += 1
    apart = {tuple(sorted(pair)) for pair in distinct}
    found = []
    for done, (i, j) in enumerate(candidates):
        if tell is not None and done % _STEP == 0:
            tell(done, len(candidates))
        first, second = prepared[i], prepared[j]
        if apart and tuple(sorted((first.identity.id, second.identity.id))) in apart:
            continue
        if (pair := _judge(first, second, lexicon, bearers)) is not None:
            found.append(pair)
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))


@dataclass(frozen=True, slots=True)
class NameBook:
    """The names of a registry read once, to propose the known ones while a new one is typed."""

    entries: tuple[tuple[Identity, tuple[Key, ...], frozenset[str]], ...]
    lexicon: Lexicon

    @classmethod
    def of(cls, identities: Sequence[Identity]) -> NameBook:
        """Read every name and sigle: about a second for 20 000 structures."""
        prepared = [_prepare(identity) for identity in identities]
        lexicon = Lexicon.of(name for p in prepared for name in p.names)
        return cls(
            tuple(
                (p.identity, tuple(k for n in p.names for k in lexicon.readings(n)), p.acronyms | p.initials)
                for p in prepared
            ),
            lexicon,
        )

    def near(self, text: str, limit: int = 5) -> list[Identity]:
        """The structures whose name or sigle is like ``text``, the nearest first; none below three letters."""
        bare = words(text).replace(" ", "")
        if len(bare) < 3:
            return []
        keys = self.lexicon.readings(read_name(text))
        scored = []
        for identity, theirs, sigles in self.entries:
            score = max((alike(a, b, self.lexicon, 0.55) for a in keys for b in theirs), default=0.0)
            if bare in sigles:
                score = max(score, 0.85)
            if score >= _CLOSE:
                scored.append((-score, identity.names[0], identity))
        return [identity for _score, _name, identity in sorted(scored, key=lambda s: s[:2])[:limit]]


def _prepare(identity: Identity) -> _Prepared:
    names = [read_name(name) for name in dict.fromkeys(identity.names) if name]
    # « A.J.M. » or « AJM » written where a name is expected is a sigle.
    lone = {n.text for n in names if n.text.isupper() and len(n.text.replace(".", "").split()) == 1}
    acronyms = {words(a).replace(" ", "") for a in (*identity.acronyms, *lone)}
    contacts = {f"p:{p}" for p in map(_phone, identity.phones) if p}
    contacts |= {f"h:{p}" for p in map(_person, identity.persons) if p}
    if identity.email:
        contacts.add(f"m:{fold(identity.email)}")
    if address := _address(identity):
        contacts.add(f"a:{address}")
    return _Prepared(
        identity=identity,
        names=names,
        acronyms=frozenset(a for a in acronyms if 3 <= len(a) <= 8),
        initials=frozenset().union(*(n.initials for n in names if len(n.tokens) >= 2)),
        contacts=frozenset(contacts),
        postal=identity.postal_code,
        town=" ".join(map(sound, words(identity.commune).split())),
    )


def _candidates(prepared: Sequence[_Prepared], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Pairs of places that share a key which few records have."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for place, p in enumerate(prepared):
        keys: set[str] = set(p.contacts)
        for key in p.keys:
            keys.add(f"n:{key.joined}")
            keys.update(f"t:{token}" for token in key.tokens if len(token) >= 3)
            # The rarest words two by two: the common ones are many.
            rarest = sorted(sorted(key.tokens, key=lexicon.weight, reverse=True)[:3])
            keys.update(f"w:{a} {b}" for a, b in combinations(rarest, 2))
        for block in keys:
            blocks[block].append(place)
    pairs: set[tuple[int, int]] = set()
    for members in blocks.values():
        if 2 <= len(members) <= _MOST_IN_BLOCK:
            pairs.update(combinations(members, 2))
    return sorted(pairs | _by_sigle(prepared))


def _by_sigle(prepared: Sequence[_Prepared]) -> set[tuple[int, int]]:
    """A record known by a sigle, and those whose words begin with its letters: of its town, or few of all."""
    bearers: dict[str, list[int]] = defaultdict(list)
    for place, p in enumerate(prepared):
        for sigle in p.acronyms | p.initials:
            bearers[sigle].append(place)
            bearers[f"{sigle} {p.town or p.postal}"].append(place)
    pairs: set[tuple[int, int]] = set()
    for place, p in enumerate(prepared):
        for sigle in p.acronyms:
            for members in (bearers[sigle], bearers[f"{sigle} {p.town or p.postal}"]):
                if len(members) <= _MOST_IN_BLOCK:
                    pairs.update((min(place, m), max(place, m)) for m in members if m != place)
    return pairs


def _judge(first: _Prepared, second: _Prepared, lexicon: Lexicon, bearers: dict[tuple[str, ...], int]) -> Pair | None:
    """The pair with its evidence, or None when it is not enough."""
    common = first.contacts & second.contacts
    sigle = (first.acronyms & (second.acronyms | second.initials)) | (second.acronyms & first.initials)
    likeness, tokens = 0.0, first.keys[0].tokens if first.keys else ()
    # Without anything else in common, only names that are nearly one can be enough.
    least = 0.45 if common or sigle else 0.7
    for a in first.keys:
        for b in second.keys:
            if (score := alike(a, b, lexicon, least)) > likeness:
                likeness, tokens = score, a.tokens
    if likeness < _RELATED and not sigle:
        return None
    one, other = first.identity, second.identity
    apart = _differ(one.siren, other.siren) + _differ(one.rna, other.rna)
    same_town = _same_town(first, second)
    # A phone and a person of each are two things in common, two phones are one.
    strong = len({contact[0] for contact in common})
    if likeness >= _SAME:
        # Alone in another town, a name must be one that nobody else bears.
        enough = (
            bool(strong)
            or same_town is not False
            or (likeness == 1.0 and bearers[tokens] <= 2 and _telling(tokens, lexicon))
        )
    elif likeness >= _CLOSE:
        enough = strong >= 1
    else:
        enough = likeness >= _RELATED and strong >= 2
    if sigle and not enough:
        enough = strong >= 1 or same_town is True
    if not enough or (apart and not (likeness >= _SAME and strong >= 1 + apart)):
        return None
    shared = _shared(one, other, common)
    evidence = [*_of_names(first, second, likeness, sigle), *shared]
    if apart:
        evidence.append("Mais leurs numéros officiels diffèrent.")
    elif same_town is False:
        evidence.append(
            f"Mais l’une est à {one.commune or one.postal_code}, l’autre à {other.commune or other.postal_code}."
        )
    score = round(
        60 * max(likeness, 0.8 if sigle else 0.0) + 15 * min(strong, 2) + 10 * (same_town is not False) - 30 * apart
    )
    low, high = sorted((one.id, other.id))
    return Pair(low, high, max(1, min(100, score)), tuple(evidence))


def _same_town(first: _Prepared, second: _Prepared) -> bool | None:
    """Whether both are of one town; None when nothing says it of one of them."""
    if first.town and second.town:
        return first.town == second.town
    return first.postal == second.postal if first.postal and second.postal else None


def _telling(tokens: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Whether a name says enough by itself: two words at least, one of which is rare."""
    return len(tokens) >= 2 and max(map(lexicon.weight, tokens)) >= 4.0


def _of_names(first: _Prepared, second: _Prepared, likeness: float, sigle: frozenset[str]) -> list[str]:
    one, other = first.identity.names[0], second.identity.names[0]
    if fold(one) == fold(other):
        return [f"Même nom{NBSP}: {quote(one)}."]
    if sigle and likeness < _CLOSE:
        return [f"Le sigle {quote(min(sigle).upper())} est celui des deux{NBSP}: {quote(one)}, {quote(other)}."]
    if likeness == 1.0:
        return [f"Mêmes mots, écrits autrement{NBSP}: {quote(one)}, {quote(other)}."]
    if likeness >= _RELATED:
        return [f"Noms proches{NBSP}: {quote(one)}, {quote(other)}."]
    return []


def _shared(one: Identity, other: Identity, common: frozenset[str]) -> list[str]:
    """What two records have in common besides their names, as sentences."""
    found = []
    if phone := next((p for p in one.phones if f"p:{_phone(p)}" in common), ""):
        found.append(f"Même téléphone{NBSP}: {phone}.")
    if f"m:{fold(one.email)}" in common:
        found.append(f"Même courriel{NBSP}: {one.email}.")
    if person := next((p for p in one.persons if f"h:{_person(p)}" in common), ""):
        found.append(f"Même personne{NBSP}: {person}.")
    if f"a:{_address(one)}" in common:
        found.append(f"Même adresse{NBSP}: {' '.join(x for x in (one.address, other.commune) if x)}.")
    return found


def _differ(first: str, second: str) -> int:
    return int(bool(first and second and first != second))


def _phone(text: str) -> str:
    """The last nine digits: +33 1 and 01 are one."""
    digits = re.sub(r"\D", "", text)
    return digits[-9:] if len(digits) >= 9 else ""


def _person(text: str) -> str:
    """The sounds of first name and surname, in order of the alphabet: a surname may come first."""
    parts = [w for w in words(text).split() if len(w) > 1 and w not in ("mme", "mlle", "monsieur", "madame")]
    return " ".join(sorted(map(sound, parts))) if len(parts) >= 2 else ""


def _address(identity: Identity) -> str:
    """Number, words of the street and postal code; empty without a number, which too many addresses share."""
    parts = [w for w in words(identity.address).split() if (w not in _STREETS and len(w) > 1) or w.isdigit()]
    if not any(part.isdigit() for part in parts) or len(parts) < 2:
        return ""
    spelt = " ".join(sorted(sound(part) for part in parts if part != identity.postal_code))
    return f"{spelt} {identity.postal_code}"
