"""How fast this computer makes letters: as many invented ones as asked, each its own file."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import may_write
from cv_desktop.db.refusals import explained
from cv_desktop.domain.letters import Field, LetterContent, Merge, fields_of, merge_blocks
from cv_desktop.domain.money import euros, in_words
from cv_desktop.domain.text import counted
from cv_desktop.paths import resource

_DAY = date(2026, 4, 15)


def bench(arguments: Namespace) -> tuple[Answer, int]:
    """``letters bench N``: the shipped letter of a grant, N times, as files of ``--out``."""
    from cv_desktop.documents import letter_pdf

    out: Path = arguments.out.expanduser().absolute()
    with explained(out / "x"):
        out.mkdir(parents=True, exist_ok=True)
    may_write(out / "x")
    contents = list(_contents(arguments.count))
    size = 0
    start = time.perf_counter()
    with explained(out / "x"):
        for content in contents:
            pdf = letter_pdf.render(content)
            size += len(pdf)
            (out / f"{content.number}.pdf").write_bytes(pdf)
    seconds = time.perf_counter() - start
    rate = len(contents) / seconds
    data: dict[str, Any] = {
        "letters": len(contents),
        "seconds": round(seconds, 3),
        "letters_per_second": round(rate, 1),
        "bytes_each": size // len(contents),
    }
    spent = f"{seconds:.1f}".replace(".", ",")
    said = f"{counted(len(contents), 'courrier')} en {spent}\u00a0s, soit {rate:.0f} par seconde, dans {out}."
    return Answer(data, (said,)), 0


def _contents(count: int) -> Iterator[LetterContent]:
    shipped = json.loads(resource("reference", "courriers.json").read_bytes())
    template = next(one for one in shipped["templates"] if one["kind"] == "ATT")
    names = fields_of(template)
    for place in range(1, count + 1):
        cents = 50_000 + place * 1_700
        number = f"CO-2026-{place:04d}"
        said = dict.fromkeys(names, f"exemple {place}")
        said |= {"montant": euros(cents), "montant_lettres": in_words(cents), "civilite": "Madame la Présidente"}
        merge = Merge({name: Field(name, value) for name, value in said.items()})
        line = merge.line
        yield LetterContent(
            kind="ATT",
            number=number,
            authority="Collectivité d’exemple",
            authority_kind="Communauté d’agglomération",
            direction="Direction de la politique de la ville",
            agent=(line("Dossier suivi par\u00a0: Camille Témoin"), line("Tél.\u00a0: 01 99 00 12 34")),
            references=(line(f"Nos réf.\u00a0: FIA-2026-{place:04d} · {number}"), line("Envoi\u00a0: lettre simple")),
            addressee=tuple(map(line, (f"Association Exemple {place}", "Madame la Présidente", "12 allée des Exemples",
                                       "77350 LE MÉE-SUR-SEINE"))),
            place_date=line("Dammarie-lès-Lys, le 15 avril 2026"),
            object=line(template["object"]),
            detail=line(template["detail"]),
            salutation=line(template["salutation"]),
            blocks=merge_blocks(template["blocks"], merge, frozenset()),
            closing=line(template["closing"]),
            copies=tuple(map(line, template["copies"])),
            enclosures=tuple(map(line, template["enclosures"])),
            signatory_quality=(line("Le Président,"),),
            signatory_name=line("Dominique EXEMPLE"),
            recourse=next((one["text"] for one in shipped["legal"] if one["key"] == template["recourse"]), ""),
            footer=("12 rue des Exemples, 77000 Melun", "Vos données servent à l’instruction de la subvention."),
            example=False,
            missing=(),
            dated_on=_DAY.isoformat(),
            facts=(("courrier", number), ("accorde_centimes", cents)),
        )  # fmt: skip
