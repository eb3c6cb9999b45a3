"""Other sets of files of the best sum of scores, where they are too many to list: dearer ones, or that serve others.

Looked for by their scores, which shorten the search more than their money would. Small caps are only held one by one:
the files met may have to be given less.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cv_desktop.domain.allocation_instance import File
from cv_desktop.domain.allocation_sharing import Sharing
from cv_desktop.domain.integer_program import Row
from cv_desktop.domain.sharing_program import Program
from cv_desktop.domain.sharing_shape import Option


def dearer(sharing: Sharing, score: int, cents: int, but: Sequence[Sequence[File]]) -> tuple[list[File] | None, bool]:
    """Files that have this sum of scores, the best, may receive more than ``cents`` and are none of ``but``; whether
    that is certain.
    """
    program = _program(sharing, score)
    return _met(sharing, program, score, [_receives(sharing, program, cents // sharing.cents + 1)], but)


def otherwise(
    sharing: Sharing,
    score: int,
    cents: int,
    now: Collection[str],
    known: Collection[str],
    but: Sequence[Sequence[File]],
) -> tuple[list[File] | None, bool]:
    """Files as ``dearer`` finds them, that may receive ``cents``, and where a file that is not ``known`` yet is served
    though not ``now``, or the other way about; whether that is certain.
    """
    sign = [0 if file.id in known else -1 if file.id in now else 1 for file in sharing.files]

    def changes(option: Option) -> int:
        return sum([sign[j] for j in option.files])

    program = _program(sharing, score)
    rows = [_receives(sharing, program, cents // sharing.cents), program.at_least(changes, 0, 1 - sign.count(-1))]
    return _met(sharing, program, score, rows, but)


def _program(sharing: Sharing, score: int) -> Program:
    budget = sharing.loss(score)
    return Program(sharing.shape, sharing.narrowed(budget), budget)


def _receives(sharing: Sharing, program: Program, units: int) -> Row:
    return program.at_least(lambda option: sum([sharing.shape.least[j] for j in option.files]), 1, units)


def _met(
    sharing: Sharing, program: Program, score: int, rows: Sequence[Row], but: Sequence[Sequence[File]]
) -> tuple[list[File] | None, bool]:
    places = {file.id: j for j, file in enumerate(sharing.files)}
    others = [program.other_than(frozenset(places[file.id] for file in known)) for known in but]
    files, certain = program.maximise([*rows, *others], above=score - sharing.unit, enough=score, stop=sharing.stop)
    return None if files is None else [sharing.files[j] for j in files], certain
