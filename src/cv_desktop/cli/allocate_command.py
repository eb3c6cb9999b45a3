"""The sharing of an envelope from a plain file, without a base."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable
from decimal import Decimal
from time import perf_counter
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.documents.given_file import given
from cv_desktop.domain import integer_program
from cv_desktop.domain.allocation_answer import left, value
from cv_desktop.domain.allocation_instance import Instance, group_words, read
from cv_desktop.domain.allocation_misses import Misses
from cv_desktop.domain.allocation_reasons import Reasons
from cv_desktop.domain.allocation_scores import coarser
from cv_desktop.domain.allocation_solve import solve
from cv_desktop.domain.allocation_ties import with_ties
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import NBSP, euros
from cv_desktop.domain.text import counted


def allocate(arguments: Namespace) -> tuple[Answer, int]:
    given_scores = instance = read(_document(arguments))
    if arguments.rule == "best":
        instance = coarser(given_scores)
        integer_program.load()
    began = perf_counter()
    solution = solve(instance, arguments.rule, ties=arguments.ties, stop=_after(arguments.seconds), name_ties=False)
    solved = perf_counter()
    if arguments.rule == "best":
        solution = with_ties(instance, solution, stop=_after(arguments.seconds))
    compared = perf_counter()
    reasons = Reasons(instance, solution, ties=arguments.ties, stop=_after(arguments.seconds))
    sentences = {file.id: reasons.sentence(file.id) for file in instance.files}
    explained = perf_counter()
    reasons.again.stop = _after(arguments.seconds)
    near = Misses(reasons.again)
    out = [file.id for file in instance.files if file.id not in solution.chosen]
    misses = {name: near.near_miss(name) for name in out}
    ended = perf_counter()
    data: dict[str, Any] = {
        "rule": arguments.rule,
        "chosen": {file.id: solution.chosen[file.id] for file in instance.files if file.id in solution.chosen},
        "left_cents": left(instance, solution),
        "value": _points(given_scores, value(given_scores, solution.chosen)),
        "ties": list(solution.ties),
        "ties_proved": solution.ties_proved,
        "unmet_floors": dict(solution.unmet or {}),
        "explanations": sentences,
        "near_miss_cents": {name: miss.cents for name, miss in misses.items()},
        "near_miss_unknown": [name for name, miss in misses.items() if not miss.known],
        "proved_optimal": solution.proved,
        "milliseconds": round((solved - began) * 1000, 3),
        "ties_milliseconds": round((compared - solved) * 1000, 3),
        "explanation_milliseconds": round((explained - compared) * 1000, 3),
        "near_miss_milliseconds": round((ended - explained) * 1000, 3),
    }
    served = len(solution.chosen)
    lines = [
        f"{counted(served, 'dossier servi')} sur {len(instance.files)}, {euros(solution.spent_cents)} donnés, "
        f"{euros(data['left_cents'])} restent.",
        *(f"  {name}{NBSP}: {_amount(solution.chosen.get(name))}{sentences[name]}" for name in sentences),
        *(
            f"Plancher {group_words(g)} non atteint{NBSP}: il manque {euros(c)}."
            for g, c in data["unmet_floors"].items()
        ),
    ]
    if not solution.proved:
        late = "Le temps donné est écoulé" if solved - began >= arguments.seconds else "Rien de mieux n’est exclu"
        lines.append(f"{late}{NBSP}: cette répartition est la meilleure rencontrée, sans preuve.")
    return Answer(data, tuple(lines)), 0


def _amount(cents: int | None) -> str:
    return f"{euros(cents)}, " if cents else ""


def _points(instance: Instance, units: int) -> int | float:
    points = Decimal(units) / instance.scale
    return int(points) if points == points.to_integral() else float(points)


def _after(seconds: float) -> Callable[[], bool]:
    end = perf_counter() + seconds
    return lambda: perf_counter() > end


def _document(arguments: Namespace) -> Any:
    path = arguments.file.expanduser()
    try:
        with given(path):
            text = path.read_text(encoding="utf-8-sig")
        return json.loads(text, parse_float=Decimal, parse_int=Decimal, object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise UserError(f"Le fichier {path.name} n’est pas du texte UTF-8. Enregistrez-le en UTF-8.") from None
    except json.JSONDecodeError as fault:
        raise UserError(
            f"Le fichier {path.name} n’est pas du JSON{NBSP}: ligne {fault.lineno}, colonne {fault.colno}. Corrigez-le."
        ) from None
    except RecursionError:
        raise UserError(
            f"Le fichier {path.name} emboîte trop de listes ou d’objets. Vérifiez que c’est une répartition."
        ) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are each written once: of two values nobody could say which is meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise UserError(f"La clé «{NBSP}{twice}{NBSP}» est donnée deux fois dans le même objet. Gardez-en une.")
    return found
