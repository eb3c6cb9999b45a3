"""Names of structures compared: their words whatever the order, a slip of the keyboard, an abbreviation, a sigle."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from cv_desktop.domain.phonetics import sound
from cv_desktop.domain.text import words

# Legal words and small words: they come and go in the name of one association.
_EMPTY_WORDS = """
association associations assoc asso ass assos asbl loi 1901 type ong reconnue utilite publique declaree statut le la les
l de du des d un une a au aux en et pour par sur dans chez avec sans que qui se s ce notre nos son sa ses mon ma mes
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
# Every form of a word is brought to one, so that « cult. » and « culturelles » meet.
_ONE_FORM = {
    "saint": "st ste sts sainte saints",
    "compagnie": "cie",
    "federation": "fed",
    "comite": "com",
    "centre": "ctre",
    "culturel": "cult culturelle culturelles culturels",
    "social": "soc sociale sociales sociaux",
    "national": "nat nationale nationaux",
    "international": "intern internationale",
    "departement": "dep dept departemental departementale",
    "region": "reg regional regionale",
    "syndicat": "synd",
    "etablissement": "etabl",
    "municipal": "mun municipale municipaux",
    "sport": "sportif sportive sportives sportifs sports",
    "jeune": "jnes jeunes jeunesse",
    "habitant": "hab habitants",
    "locataire": "loc locataires",
    "developpement": "dvpt devt dev",
    "francais": "fr fcse francaise francaises",
}
_ABBREVIATIONS = {form: word for word, forms in _ONE_FORM.items() for form in forms.split()}
_PLURAL = re.compile(r"(?<=\w{3})[sx]$")
_LEAST_TYPO = 5
_RARE = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared. ``tokens`` are the sounds of its words, in order; ``spelt`` the words themselves.

    ``initials`` are the sigles that it could have.
    """

    text: str
    spelt: tuple[str, ...]
    tokens: tuple[str, ...]
    initials: frozenset[str]


def read_name(text: str) -> Name:
    """The words that tell one structure from another, legal and small ones left out."""
    every = words(text.replace("&", " et ")).split()
    kept = [_ABBREVIATIONS.get(word, word) for word in every if not _empty(word)] or every
    spelt = tuple(_PLURAL.sub("", word) for word in kept)
    first = "".join(word[0] for word in kept)
    # « Association des jeunes de Melun » is known as AJM as often as JM; small words count in some sigles.
    initials = {first, f"a{first}", "".join(word[0] for word in every)}
    return Name(text, spelt, tuple(sound(word) for word in spelt), frozenset(i for i in initials if len(i) >= 3))


def _empty(word: str) -> bool:
    return word in _EMPTY or (len(word) >= 8 and OSA.distance(word, "association", score_cutoff=2) <= 2)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """How rare the words of a registry are, and which rare word is a slip for another one."""

    weights: Mapping[str, float]
    meant: Mapping[str, str]

    @classmethod
    def of(cls, names: Iterable[Name]) -> Lexicon:
        """Read every name once: a word seen in fewer names says more."""
        counts: Counter[str] = Counter()
        spellings: dict[str, Counter[str]] = defaultdict(Counter)
        total = 0
        for name in names:
            total += 1
            counts.update(set(name.tokens))
            for word, token in zip(name.spelt, name.tokens, strict=True):
                spellings[word][token] += 1
        meant = _slips({word: sum(found.values()) for word, found in spellings.items()})
        weights = {token: log(1 + total / count) for token, count in counts.items()}
        return cls(weights, {sound(slip): sound(word) for slip, word in meant.items() if sound(slip) != sound(word)})

    def canonical(self, name: Name) -> tuple[str, ...]:
        """The sounds of a name, slips mended, each once, in order of the alphabet."""
        return tuple(sorted({self.meant.get(token, token) for token in name.tokens}))

    def readings(self, name: Name) -> list[Key]:
        """The name with its slips mended, and as it stands when that differs: a mend may be wrong."""
        mended, plain = self.canonical(name), tuple(sorted(set(name.tokens)))
        return [Key.of(tokens, self) for tokens in dict.fromkeys((mended, plain)) if tokens]

    def weight(self, token: str) -> float:
        return self.weights.get(token, 1.0)


def _slips(counts: Mapping[str, int]) -> dict[str, str]:
    """Rare words at one slip of a word as frequent or more: a letter missing, added, wrong, or two exchanged.

    Two words at one slip share what is left when a letter of each is taken away: no pair is compared in vain.
    """
    near: dict[str, list[str]] = defaultdict(list)
    long_words = [word for word in counts if len(word) >= _LEAST_TYPO and word.isalpha()]
    for word in long_words:
        for left in {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}:
            near[left].append(word)
    found: dict[str, str] = {}
    for group in near.values():
        if len(group) < 2:
            continue
        for rare in group:
            if counts[rare] > _RARE:
                continue
            for other in group:
                better = (counts[other], other) > (counts[rare], rare)
                kept = found.get(rare)
                if not better or OSA.distance(rare, other, score_cutoff=1) > 1:
                    continue
                if kept is None or (counts[other], other) > (counts[kept], kept):
                    found[rare] = other
    # A slip of a slip leads to the same word.
    return {rare: found.get(other, other) for rare, other in found.items()}


@dataclass(frozen=True, slots=True)
class Key:
    """A name ready to be compared: its sounds in order of the alphabet, each once, and what they weigh together."""

    tokens: tuple[str, ...]
    joined: str
    weight: float
    numbered: bool

    @classmethod
    def of(cls, tokens: tuple[str, ...], lexicon: Lexicon) -> Key:
        weight = sum(map(lexicon.weight, tokens))
        return cls(tokens, " ".join(tokens), weight, any(token.isdigit() for token in tokens))


def alike(first: Key, second: Key, lexicon: Lexicon, least: float = 0.0) -> float:
    """How alike two names are, from 0 to 1: the share, by weight, of the words they have in common.

    A word near another one counts for its nearness; two numbers that differ are two structures. Names that spelt
    whole are less alike than ``least`` are not looked at word by word: 0.
    """
    if first.tokens == second.tokens:
        return 1.0
    if ratio(first.joined, second.joined, score_cutoff=100 * least) < 100 * least:
        return 0.0
    left = [t for t in first.tokens if t not in second.tokens]
    right = [t for t in second.tokens if t not in first.tokens]
    if first.numbered and second.numbered and any(map(str.isdigit, left)) and any(map(str.isdigit, right)):
        return 0.0
    weight = lexicon.weight
    matched = first.weight + second.weight - sum(map(weight, left)) - sum(map(weight, right))
    for token in left:
        nearness, best = max(((_near(token, other), other) for other in right), default=(0.0, ""))
        if nearness > 0:
            matched += nearness * (weight(token) + weight(best))
            right.remove(best)
    return matched / (first.weight + second.weight)


def _near(first: str, second: str) -> float:
    """How near two words are: an abbreviation, or one or two slips in a long word; 0 when they are two words."""
    if first.isdigit() or second.isdigit():
        return 0.0
    short, long = sorted((first, second), key=len)
    if len(short) >= 4 and long.startswith(short):
        return 0.85
    likeness = OSA.normalized_similarity(first, second, score_cutoff=0.72)
    return likeness if min(len(first), len(second)) >= 4 else 0.0
