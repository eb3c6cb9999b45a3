"""What a letter must say before it is re-read or issued: one mention, the law that wants it, the kinds it binds.

A mention is held twice: what it needs must be known (« La délibération n’a pas de date de transmission. »), and the
merged text must say it, so that a template from which the ways of appeal were deleted is refused too. Nothing here
reads a base: the values come as they are printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cv_desktop.domain.letter_facts import FACTS
from cv_desktop.domain.letter_mentions import MENTIONS, REMINDERS, WANTED
from cv_desktop.domain.letters import Missing
from cv_desktop.domain.mention import Mention
from cv_desktop.domain.money import number_in_words
from cv_desktop.domain.text import fold

# « 60 jours », « 3 mois ».
_LENGTH = re.compile(r"(\d{1,3}) (jours?|mois)")
Values = Mapping[str, "str | tuple[str, ...] | None"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """``blocks`` keep a letter from being re-read and issued; ``reminds`` are completed by hand on the paper."""

    blocks: tuple[Missing, ...] = ()
    reminds: tuple[Missing, ...] = ()


def examine(kind: str, *, text: str, values: Values, flags: frozenset[str] = frozenset()) -> Ruling:
    """What a letter of this kind lacks.

    ``text`` is all that its pages say, ``values`` what each fact prints (empty when nobody knows it), ``flags`` what
    is true of its file. A kind that no law knows lacks nothing.
    """
    said = fold(text)
    blocks: dict[str, Missing] = {}
    reminds: dict[str, Missing] = {}
    for code in WANTED.get(kind, ()):
        mention = MENTIONS[code]
        if mention.when and not mention.when & flags:
            continue
        for missing in _lacking(mention, said, values):
            (reminds if code in REMINDERS else blocks).setdefault(missing.name, missing)
    return Ruling(tuple(blocks.values()), tuple(reminds.values()))


def joined(empty: Sequence[Missing], blocks: Sequence[Missing]) -> tuple[Missing, ...]:
    """The empty fields of a page and what the law finds, each thing said once, by the one that says why."""
    parts = {part for missing in blocks if missing.name in FACTS for part in FACTS[missing.name].part_of}
    known = {missing.name for missing in blocks} | parts
    return (*(missing for missing in empty if missing.name not in known), *blocks)


def _lacking(mention: Mention, said: str, values: Values) -> Iterable[Missing]:
    unknown = [name for name in mention.values if not _parts(values, name)]
    if unknown:
        nature = next(iter(_parts(values, "acte.nature")), "délibération")
        for name in unknown:
            fact = FACTS[name]
            yield Missing(name, fact.label, fact.source, fact.sentence.replace("{nature}", nature), mention.law)
        return
    printed = all(_printed(part, said) for name in mention.values for part in _parts(values, name))
    if not printed or not all(re.search(words, said) for words in mention.words):
        yield Missing(f"mention.{mention.code}", mention.label, "template", mention.sentence, mention.law)


def _parts(values: Values, name: str) -> tuple[str, ...]:
    """The lines of a value; none when nobody knows it."""
    value = values.get(name) or ()
    return tuple(part for part in ((value,) if isinstance(value, str) else value) if part.strip())


def _printed(value: str, said: str) -> bool:
    """Whether the text says a value; « 3 000 € » is not said by « 13 000 € », nor « 500 € » by « 2 500 € ».

    A length of time is said by its figure, by its words, or by both: « soixante (60) jours ».
    """
    bare = fold(value)
    if length := _LENGTH.fullmatch(bare):
        number = f"(?:{length[1]}|{re.escape(fold(number_in_words(int(length[1]))))})"
        return re.search(rf"(?<![\w-])(?<!\d ){number}(?: ?\({number}\))? {length[2]}\b", said) is not None
    before = r"(?<![\w-])(?<!\d )" if bare[:1].isdigit() else r"(?<![\w-])" if bare[:1].isalnum() else ""
    after = r"(?!\w)" if bare[-1:].isalnum() else ""
    return re.search(f"{before}{re.escape(bare)}{after}", said) is not None
