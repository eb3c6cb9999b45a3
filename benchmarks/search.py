"""Ctrl+K on 100 000 structures and 20 000 files, against LIKE and against plain FTS5 in the same run.

Prints the 95th percentile and the median of each in milliseconds, and ratios. Targets: p95 of a search within 50 ms;
at most a tenth of LIKE without a slip of the keyboard, half of it with one.
"""

from __future__ import annotations

import random
import sqlite3
import string
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from cv_desktop.db import search
from cv_desktop.db.store import NAME
from cv_desktop.documents import letter_pdf
from cv_desktop.domain.text import fold
from cv_desktop.services import demonstration, example

STRUCTURES, FILES, QUERIES, SEED = 100_000, 20_000, 200, 2026
KINDS = ("Association", "Amicale", "Collectif", "Compagnie", "Maison", "Club", "Ateliers", "Réseau", "Cœur", "Union")
SYLLABLES = ("ba", "cé", "dro", "fi", "gla", "jou", "ki", "lan", "mè", "no", "pri", "que", "rou", "sœu", "ta", "vin")


def main() -> None:
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        example.create(folder, letter_pdf.render)
        names, titles = _fill(folder / NAME, chance)
        whole = [_words(chance, names if i % 2 else titles) for i in range(QUERIES)]
        slipped = [_slip(chance, text) for text in whole]
        with demonstration.reopen(folder) as store, store.read() as session:
            start = perf_counter()
            vocabulary = search.Vocabulary.load(session)
            print(f"vocabulary read once {(perf_counter() - start) * 1000:6.0f} ms")

            def ours(text: str) -> int:
                limits = dict.fromkeys(search.NOUNS, 8)
                found = search.find(session, text=text, vocabulary=vocabulary, limits=limits)
                return sum(map(len, found.values()))

            exact, forgiven = _timed(ours, whole), _timed(ours, slipped)
            missed = sum(not ours(text) for text in slipped)
            twice = [" ".join(_slip(chance, word) for word in text.split()) for text in whole]
            both, lost = _timed(ours, twice), sum(not ours(text) for text in twice)
        with closing(sqlite3.connect(folder / NAME)) as raw:
            _folded(raw, names, titles)
            like = _timed(lambda text: _like(raw, text), whole)
            plain = _timed(lambda text: _plain(raw, text), whole)
    print(f"{STRUCTURES} structures, {FILES} files, {QUERIES} searches of two words in four nouns; milliseconds")
    for label, times, target in (
        ("without a slip", exact, 0.1),
        ("with one slip", forgiven, 0.5),
        ("a slip in each", both, 0.5),
        ("plain FTS5", plain, None),
        ("LIKE", like, None),
    ):
        ratio = median(times) / median(like)
        said = f" (target {target})" if target else ""
        p95 = quantiles(times, n=20)[18]
        print(f"{label:16} median {median(times):7.2f}   p95 {p95:7.2f}   / LIKE {ratio:6.3f}{said}")
    print(f"slips not forgiven: {missed} of {QUERIES}; one in each word: {lost} of {QUERIES}")


def _fill(path: Path, chance: random.Random) -> tuple[list[str], list[str]]:
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(30_000)]
    names = [f"{chance.choice(KINDS)} {' '.join(chance.choices(words, k=2))}" for _ in range(STRUCTURES)]
    titles = [" ".join(chance.choices(words, k=3)) for _ in range(FILES)]
    with closing(sqlite3.connect(path)) as base, base:
        structure = _copied(base, "structure")
        file = _copied(base, "application")
        _insert(
            base,
            "structure",
            (
                structure
                | {"id": f"s{i}", "name": name, "folded_name": fold(name), "siren": f"{10**8 + i}"}
                | {"siret": f"{10**13 + i}", "rna": f"W{10**8 + i}", "phone": f"01 {i:08d}"}
                for i, name in enumerate(names)
            ),
        )
        _insert(
            base,
            "application",
            (
                file
                | {"id": f"f{i}", "seq": 1000 + i, "number": f"B-{i}", "external_id": f"x{i}", "title": title}
                | {"structure_id": f"s{i * 5}"}
                for i, title in enumerate(titles)
            ),
        )
    return names, titles


def _copied(base: sqlite3.Connection, table: str) -> dict[str, object]:
    found = base.execute(f"SELECT * FROM {table} LIMIT 1")
    return dict(zip((column[0] for column in found.description), found.fetchone(), strict=True))


def _insert(base: sqlite3.Connection, table: str, rows: object) -> None:
    start = perf_counter()
    first, *rest = rows  # type: ignore[misc]
    marks = ", ".join(f":{name}" for name in first)
    base.executemany(f"INSERT INTO {table} VALUES ({marks})", [first, *rest])
    seconds = perf_counter() - start
    print(f"{len(rest) + 1} rows into {table}, indexed as they come: {seconds:.1f} s")


def _words(chance: random.Random, texts: list[str]) -> str:
    return " ".join(chance.choice(texts).split()[-2:])


def _slip(chance: random.Random, text: str) -> str:
    words = text.split()
    word = fold(words[0])
    place = chance.randrange(len(word))
    letter = chance.choice(string.ascii_lowercase)
    slips = (
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + letter + word[place + 1 :],
        word[:place] + word[place + 1 : place + 2] + word[place : place + 1] + word[place + 2 :],
    )
    return " ".join([chance.choice(slips), *words[1:]])


def _timed(work: Callable[[str], object], texts: list[str]) -> list[float]:
    found = []
    for text in texts:
        start = perf_counter()
        work(text)
        found.append((perf_counter() - start) * 1000)
    return found


def _folded(raw: sqlite3.Connection, names: list[str], titles: list[str]) -> None:
    """The texts that LIKE looks through: those of the index, folded."""
    raw.execute("CREATE TEMP TABLE file_text (id, folded)")
    texts = ((f"f{i}", fold(f"B-{i} x{i} {names[i * 5]} {title}")) for i, title in enumerate(titles))
    raw.executemany("INSERT INTO file_text VALUES (?, ?)", texts)


def _like(raw: sqlite3.Connection, text: str) -> int:
    found = 0
    for table, column in (("structure", "folded_name"), ("file_text", "folded")):
        words = fold(text).split()
        where = " AND ".join(f"{column} LIKE ?" for _ in words)
        query = f"SELECT id FROM {table} WHERE {where} LIMIT 8"
        found += len(raw.execute(query, [f"%{word}%" for word in words]).fetchall())
    return found


def _plain(raw: sqlite3.Connection, text: str) -> int:
    match = " AND ".join(f'"{word}"*' for word in fold(text).split())
    found = 0
    for noun in search.NOUNS:
        query = f"SELECT rowid FROM search_{noun}_index WHERE search_{noun}_index MATCH ? ORDER BY rank LIMIT 8"
        found += len(raw.execute(query, [match]).fetchall())
    return found


if __name__ == "__main__":
    main()
