"""20 000 invented structures with planted duplicates: how many are found, how many alerts are false, how long.

Run: python benchmarks/duplicates.py [seed]. Prints recall by kind of change, precision and seconds.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter, process_time

from cv_desktop.domain.duplicates import Identity, find_pairs

COUNT, PLANTED = 20_000, 1_000
LEAST_RECALL, MOST_SECONDS = 95.0, 5.0
KINDS = (
    "Amicale",
    "Club",
    "Comité",
    "Union",
    "Cercle",
    "Atelier",
    "Maison",
    "Collectif",
    "Compagnie",
    "Foyer",
    "Société",
    "Centre",
    "Groupe",
    "Ligue",
    "Ensemble",
    "Théâtre",
    "École",
    "Espace",
    "Réseau",
    "Fédération",
)
THEMES = (
    "sportive",
    "laïque",
    "culturelle",
    "musicale",
    "bouliste",
    "nautique",
    "historique",
    "artistique",
    "des locataires",
    "des parents",
    "des jeunes",
    "des anciens",
    "des jardins",
    "des habitants",
    "de quartier",
    "de danse",
    "de judo",
    "de football",
    "d’échecs",
    "de lecture",
    "de théâtre",
    "de couture",
    "de chorale",
    "d’entraide",
    "de solidarité",
    "d’insertion",
    "de prévention",
    "de médiation",
    "numérique",
    "d’alphabétisation",
)
SYLLABLES = (
    "ba",
    "bel",
    "bri",
    "ca",
    "char",
    "cour",
    "da",
    "dou",
    "fa",
    "fleu",
    "ga",
    "gran",
    "jo",
    "la",
    "li",
    "lou",
    "ma",
    "mon",
    "mar",
    "na",
    "no",
    "or",
    "pa",
    "pier",
    "ra",
    "ri",
    "ro",
    "sa",
    "sol",
    "ta",
    "tour",
    "va",
    "ver",
    "vi",
    "zan",
)
ENDS = (
    "ville",
    "mont",
    "court",
    "gny",
    "lles",
    "ne",
    "nais",
    "tte",
    "rives",
    "val",
    "champs",
    "noy",
    "lin",
    "ret",
    "don",
)
FIRST_NAMES = (
    "Camille",
    "Dominique",
    "Élie",
    "Alix",
    "Charlie",
    "Farida",
    "Noé",
    "Inès",
    "Hugo",
    "Zoé",
    "Léa",
    "Malik",
    "Sarah",
    "Yanis",
    "Jeanne",
    "Omar",
    "Lucie",
    "Théo",
    "Nadia",
    "Paul",
)
STREETS = ("rue", "avenue", "place", "allée", "boulevard", "impasse", "chemin")


def word(draw: random.Random) -> str:
    return "".join(draw.choice(SYLLABLES) for _ in range(draw.choice((1, 2, 2)))) + draw.choice(ENDS)


def registry(draw: random.Random, count: int) -> list[Identity]:
    """Invented structures: some share a kind and a theme, a town, a street, a president of two associations."""
    towns = [(f"77{n:03d}", word(draw).capitalize()) for n in range(0, 600, 2)]
    surnames = [word(draw).capitalize() for _ in range(3_000)]
    places = [word(draw).capitalize() for _ in range(2_500)]
    found = []
    for number in range(count):
        code, town = draw.choice(towns)
        kind, theme = draw.choice(KINDS), draw.choice(THEMES)
        own = draw.choice(
            (draw.choice(places), draw.choice(places), f"{draw.choice(places)} {draw.choice(places)}", town)
        )
        name = draw.choice(
            (
                f"{kind} {theme} {own}",
                f"{own} {kind} {theme}",
                f"Association {kind} {theme} de {own}",
                f"{kind} {theme} {own}",
            )
        )
        found.append(
            Identity(
                id=f"{number:06d}",
                names=(name,),
                siren=f"99{number:07d}" if draw.random() < 0.6 else "",
                address=f"{draw.randrange(1, 120)} {draw.choice(STREETS)} {draw.choice(places)}",
                postal_code=code,
                commune=town,
                phones=(f"01 99 {draw.randrange(100):02d} {draw.randrange(100):02d} {draw.randrange(100):02d}",)
                if draw.random() < 0.7 else (),
                persons=(f"{draw.choice(FIRST_NAMES)} {draw.choice(surnames)}",) if draw.random() < 0.8 else (),
            )
        )  # fmt: skip
    return found


def typo(draw: random.Random, name: str) -> str:
    """One slip in the longest word."""
    longest = max(name.split(), key=len)
    place = draw.randrange(1, len(longest) - 1)
    letters = list(longest)
    match draw.randrange(4):
        case 0:
            del letters[place]
        case 1:
            letters.insert(place, draw.choice("aeinrst"))
        case 2:
            letters[place] = draw.choice("aeinrstlo")
        case _:
            letters[place], letters[place - 1] = letters[place - 1], letters[place]
    return name.replace(longest, "".join(letters), 1)


def order(draw: random.Random, name: str) -> str:
    parts = name.split()
    draw.shuffle(parts)
    return " ".join(parts)


def abbreviated(draw: random.Random, name: str) -> str:
    bare = name.removeprefix("Association ")
    return draw.choice(("Assoc. ", "Ass. ", "ASSO ", "Assoc ")) + bare


def legal(draw: random.Random, name: str) -> str:
    return draw.choice((f"{name} (association loi 1901)", f"L’association {name}", f"{name.upper()} ASSO LOI 1901"))


def sigle(_draw: random.Random, name: str) -> str:
    small = ("de", "des", "du", "la", "le")
    return "".join(w.replace("d’", "")[0] for w in name.split() if w not in small).upper()


CHANGES: dict[str, Callable[[random.Random, str], str]] = {
    "faute de frappe": typo,
    "ordre des mots": order,
    "abréviation": abbreviated,
    "mots juridiques": legal,
    "sigle": sigle,
    "adresse déménagée": lambda _draw, name: name,
}


def plant(draw: random.Random, base: list[Identity]) -> tuple[list[Identity], dict[tuple[str, str], str]]:
    """The registry with copies of some of its records, and what was changed in each."""
    planted, copies = {}, []
    for number, source in enumerate(draw.sample(base, PLANTED)):
        change = list(CHANGES)[number % len(CHANGES)]
        copy = replace(source, id=f"z{number:05d}", siren="", names=(CHANGES[change](draw, source.names[0]),))
        if change == "adresse déménagée":
            other = draw.choice(base)
            copy = replace(copy, address=other.address, postal_code=other.postal_code, commune=other.commune, phones=())
        elif draw.random() < 0.5:
            copy = replace(copy, address="", phones=() if draw.random() < 0.5 else copy.phones)
        else:
            copy = replace(copy, persons=())
        copies.append(copy)
        planted[source.id, copy.id] = change
    return [*base, *copies], planted


def main() -> int:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 2026
    draw = random.Random(seed)
    everything, planted = plant(draw, registry(draw, COUNT))
    draw.shuffle(everything)
    steps: list[int] = []
    start, own = perf_counter(), process_time()
    pairs = find_pairs(everything, tell=lambda done, _total: steps.append(done))
    seconds, own = perf_counter() - start, process_time() - own
    found = {(pair.first, pair.second) for pair in pairs}
    hits = Counter(kind for pair, kind in planted.items() if pair in found)
    sown = Counter(planted.values())
    for kind, count in sown.items():
        print(f"{kind:<24}{hits[kind]:>5} sur {count}")
    recall = 100 * sum(hits.values()) / len(planted)
    precision = 100 * sum(hits.values()) / len(found)
    print(f"{len(everything)} fiches, graine {seed} : rappel {recall:.1f} %, précision {precision:.1f} %, "
          f"{seconds:.1f} s ({own:.1f} s de calcul), {len(steps)} nouvelles de l’avancement")  # fmt: skip
    return int(recall < LEAST_RECALL or seconds > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
