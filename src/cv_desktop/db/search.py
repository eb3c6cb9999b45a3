"""The full-text index of Ctrl+K: files, structures, persons and letters. All of it is SQLite's own (FTS5).

The index is derived: triggers keep it true to the tables whatever writes them, and ``install`` makes it anew after
each step of the schema. Nothing else needs to know that it exists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from cv_desktop.domain.search import may_slip, terms

# A slip may lead to many words; the nearest few are enough.
_NEAREST = 12
# Words of one search that may each hold a slip.
_SLIPS = 2


@dataclass(frozen=True, slots=True)
class Source:
    """One noun of the index. ``words`` is an expression over ``{row}``, the row of its table."""

    noun: str
    words: str
    watched: tuple[str, ...]


def _digits(column: str) -> str:
    """A phone as it is dialled: no spaces nor dots, +33 as 0."""
    bare = f"coalesce({column}, '')"
    for sign in (" ", "\u00a0", ".", "-", "/", "(0)"):
        bare = f"replace({bare}, '{sign}', '')"
    return f"replace({bare}, '+33', '0')"


def _spelt(*columns: str) -> str:
    """Columns one after the other, their ligatures as two letters: the tokenizer only takes accents away."""
    text = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
    for sign, letters in (("œ", "oe"), ("Œ", "oe"), ("æ", "ae"), ("Æ", "ae")):
        text = f"replace({text}, '{sign}', '{letters}')"
    return text


_ALIASES = "(SELECT group_concat(a.value, ' ') FROM structure_alias a WHERE a.structure_id = {row}.id)"
_STRUCTURE_NAME = "(SELECT s.name FROM structure s WHERE s.id = {row}.structure_id)"
# What was granted, by each act that spoke of the file.
_GRANTED = (
    "(SELECT group_concat(d.amount_cents / 100, ' ') FROM decision d "
    "WHERE d.application_id = {row}.id AND d.amount_cents > 0)"
)
_SOURCES = (
    Source(
        "application",
        _spelt("{row}.number", "{row}.seq", "{row}.external_id", "{row}.title", _STRUCTURE_NAME)
        + f" || ' ' || ({{row}}.asked_cents / 100) || ' ' || coalesce({_GRANTED}, '')",
        ("number", "seq", "external_id", "title", "structure_id", "asked_cents"),
    ),
    Source(
        "structure",
        # A record merged into another is found no more; its names and numbers are aliases of the one that is kept.
        "CASE WHEN {row}.merged_into IS NULL THEN "
        + _spelt(
            "{row}.name", "{row}.acronym", "{row}.siren", "{row}.siret", "{row}.rna", "{row}.commune", "{row}.email"
        )
        + f" || ' ' || {_digits('{row}.phone')} || ' ' || coalesce({_spelt(_ALIASES)}, '') ELSE '' END",
        ("name", "acronym", "siren", "siret", "rna", "commune", "email", "phone", "merged_into"),
    ),
    Source(
        "mandate",
        _spelt("{row}.person_name", "{row}.email") + f" || ' ' || {_digits('{row}.phone')}",
        ("person_name", "email", "phone"),
    ),
    Source("letter", _spelt("{row}.number", "{row}.filename"), ("number", "filename")),
)


NOUNS = tuple(source.noun for source in _SOURCES)


def install(connection: Connection) -> None:
    """Make the index anew from what the base holds, with the triggers that keep it true."""
    for source in _SOURCES:
        for statement in _statements(source):
            connection.exec_driver_sql(statement)
    # A file is found under the name of its structure and by what it was granted, a structure under its aliases.
    _follow(connection, "structure_renamed", "UPDATE OF name ON structure", "application", "structure_id = new.id")
    for event, row in (("INSERT", "new"), ("DELETE", "old")):
        name, on = f"structure_alias_{event.lower()}", f"{event} ON structure_alias"
        _follow(connection, name, on, "structure", f"id = {row}.structure_id")
    for event, row in (("INSERT", "new"), ("DELETE", "old"), ("UPDATE OF amount_cents", "new")):
        name, on = f"decision_{event.split()[0].lower()}", f"{event} ON decision"
        _follow(connection, name, on, "application", f"id = {row}.application_id")


def release(connection: Connection) -> None:
    """Take the triggers away while tables are rebuilt: one that names a table gone for a moment forbids any step."""
    names = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%search\\_%' ESCAPE '\\'"
    for (name,) in connection.exec_driver_sql(names).all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


@contextmanager
def indexed_at_once(connection: Connection, *nouns: str) -> Iterator[None]:
    """Thousands of rows enter these nouns inside: their texts are written after them, in one statement each.

    One row after the other, the triggers take five times longer. Whatever fails inside undoes the whole transaction,
    the triggers with it.
    """
    sources = [source for source in _SOURCES if source.noun in nouns]
    last: dict[str, int] = {}
    for source in sources:
        texts = f"search_{source.noun}"
        last[texts] = connection.exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM {texts}").scalar_one()
        for name in (f"{source.noun}_put", f"{texts}_put"):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for source in sources:
        texts = f"search_{source.noun}"
        connection.exec_driver_sql(f"{_texts_of(source)} WHERE id NOT IN (SELECT key FROM {texts})")
        connection.exec_driver_sql(
            f"INSERT INTO {texts}_index (rowid, words) SELECT id, words FROM {texts} WHERE id > {last[texts]}"
        )
        for name, body in _triggers(source).items():
            if name.endswith("_put"):
                connection.exec_driver_sql(f"CREATE TRIGGER {name} {body}")


def _follow(connection: Connection, name: str, event: str, noun: str, which: str) -> None:
    """Write the texts of ``noun`` again when another table they are made from changes."""
    words = next(source.words for source in _SOURCES if source.noun == noun).format(row=noun)
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS search_{name}")
    connection.exec_driver_sql(
        f"CREATE TRIGGER search_{name} AFTER {event} BEGIN "
        f"UPDATE search_{noun} SET words = (SELECT {words} FROM {noun} WHERE {noun}.id = key) "
        f"WHERE key IN (SELECT id FROM {noun} WHERE {which}); END"
    )


def _statements(source: Source) -> Iterable[str]:
    """What makes the index of one noun: its texts, their words, the vocabulary, the triggers, what is there."""
    noun = source.noun
    texts, index, vocabulary = f"search_{noun}", f"search_{noun}_index", f"search_{noun}_word"
    for table in (vocabulary, index, texts):
        yield f"DROP TABLE IF EXISTS {table}"
    # The number of a text is its own: those of a table without one change when the base is copied.
    yield f"CREATE TABLE {texts} (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, words TEXT NOT NULL)"
    yield (
        f"CREATE VIRTUAL TABLE {index} USING fts5(words, content='{texts}', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 2', columnsize=0, detail=none)"
    )
    yield f"CREATE VIRTUAL TABLE {vocabulary} USING fts5vocab({index}, 'row')"
    yield _texts_of(source)
    yield f"INSERT INTO {index} ({index}) VALUES ('rebuild')"
    for name, body in _triggers(source).items():
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"CREATE TRIGGER {name} {body}"


def _texts_of(source: Source) -> str:
    """The statement that writes the texts of a noun from its table."""
    noun = source.noun
    return f"INSERT INTO search_{noun} (key, words) SELECT id, {source.words.format(row=noun)} FROM {noun}"


def _triggers(source: Source) -> dict[str, str]:
    """What keeps the index of one noun true to its table, by name."""
    noun, words = source.noun, source.words.format(row="new")
    texts, index = f"search_{noun}", f"search_{noun}_index"
    put = f"INSERT INTO {index} (rowid, words) VALUES (new.id, new.words);"
    take = f"INSERT INTO {index} ({index}, rowid, words) VALUES ('delete', old.id, old.words);"
    change = f"UPDATE {texts} SET words = {words} WHERE key = new.id;"
    columns = ", ".join(source.watched)
    return {
        f"{texts}_put": f"AFTER INSERT ON {texts} BEGIN {put} END",
        f"{texts}_taken": f"AFTER DELETE ON {texts} BEGIN {take} END",
        f"{texts}_changed": f"AFTER UPDATE ON {texts} BEGIN {take} {put} END",
        f"{noun}_put": f"AFTER INSERT ON {noun} BEGIN INSERT INTO {texts} (key, words) VALUES (new.id, {words}); END",
        f"{noun}_taken": f"AFTER DELETE ON {noun} BEGIN DELETE FROM {texts} WHERE key = old.id; END",
        f"{noun}_changed": f"AFTER UPDATE OF {columns} ON {noun} BEGIN {change} END",
    }


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the index, by length: what a slip may have meant. Read once, then again after writes."""

    by_length: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def load(cls, session: Session) -> Vocabulary:
        """Every word of the index that is no number."""
        found: dict[int, list[str]] = defaultdict(list)
        # Numbers come first in the order of the index and are the greater part of it.
        every = " UNION ".join(f"SELECT term FROM search_{noun}_word WHERE term >= 'a'" for noun in NOUNS)
        for (term,) in _driver(session, every):
            found[len(term)].append(term)
        return cls(dict(found))

    def near(self, term: str) -> list[str]:
        """The words at one slip of ``term``: a letter missing, added, wrong, or two exchanged."""
        found: list[str] = []
        for length in (len(term), len(term) - 1, len(term) + 1):
            words = self.by_length.get(length, [])
            found += [word for word, _, _ in extract(term, words, scorer=OSA.distance, score_cutoff=1, limit=_NEAREST)]
        return [word for word in found if word != term][:_NEAREST]


def find(session: Session, *, text: str, vocabulary: Vocabulary, limits: Mapping[str, int]) -> dict[str, list[str]]:
    """Keys by noun of what holds all the words of ``text``, the last one perhaps not whole; so many of each noun.

    Whole words come before beginnings, the newest first. Where nothing at all is found, slips are forgiven.
    """
    wanted = terms(text)
    if not wanted:
        return {}
    *before, last = (f'"{term}"' for term in wanted)
    found = {}
    for noun, limit in limits.items():
        keys = _matching(session, noun, [*before, last], limit)
        if len(keys) < limit:
            keys += [key for key in _matching(session, noun, [*before, f"{last}*"], limit) if key not in keys]
        found[noun] = keys[:limit]
    return found if any(found.values()) else _forgiven(session, wanted, vocabulary, limits)


def _forgiven(
    session: Session, wanted: Sequence[str], vocabulary: Vocabulary, limits: Mapping[str, int]
) -> dict[str, list[str]]:
    """What is found when a word is taken for its nearest ones, the unknown word or each in turn; else two words.

    Each word bears one slip, and no more than two words do.
    """
    places = range(len(wanted))
    unknown = tuple(place for place in places if not _known(session, wanted[place]))
    found: dict[str, dict[str, None]] = {noun: {} for noun in limits}
    nearest: dict[int, list[str]] = {}
    for slips in range(max(1, len(unknown)), _SLIPS + 1):
        for slipped in combinations(places, slips):
            if not set(unknown) <= set(slipped):
                continue
            query = [f'"{term}"*' if place == places[-1] else f'"{term}"' for place, term in enumerate(wanted)]
            for place in slipped:
                if place not in nearest:
                    nearest[place] = vocabulary.near(wanted[place]) if may_slip(wanted[place]) else []
                query[place] = "(" + " OR ".join(f'"{word}"' for word in nearest[place]) + ")"
            if all(nearest[place] for place in slipped):
                for noun, limit in limits.items():
                    found[noun] |= dict.fromkeys(_matching(session, noun, query, limit))
        if any(found.values()):
            break
    return {noun: list(keys)[: limits[noun]] for noun, keys in found.items()}


def _known(session: Session, term: str) -> bool:
    """Whether some word of the index begins so."""
    query = "SELECT 1 FROM search_{}_word WHERE term >= ? AND term < ? LIMIT 1"
    return any(_driver(session, query.format(noun), term, term + "\U0010ffff") for noun in NOUNS)


def _matching(session: Session, noun: str, query: Sequence[str], limit: int) -> list[str]:
    index = f"search_{noun}_index"
    rows = _driver(
        session,
        f"SELECT key FROM search_{noun} WHERE id IN "
        f"(SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY rowid DESC LIMIT ?) ORDER BY id DESC",
        " AND ".join(query),
        limit,
    )
    return [key for (key,) in rows]


def _driver(session: Session, query: str, *values: object) -> Sequence[tuple[str, ...]]:
    return session.connection().exec_driver_sql(query, values).all()
