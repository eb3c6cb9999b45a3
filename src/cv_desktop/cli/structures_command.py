"""The registry of structures without a screen: the pairs that may be one structure, which are only read."""

from __future__ import annotations

from argparse import Namespace

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import opened
from cv_desktop.db.queries import duplicates as known
from cv_desktop.domain.text import counted
from cv_desktop.services import duplicates


def find_duplicates(arguments: Namespace) -> tuple[Answer, int]:
    with opened(arguments) as store, store.read() as session:
        names, pairs = known.names(session), duplicates.search(session)
    data = {
        "structures": len(names),
        "pairs": [
            {
                "first": {"id": pair.first, "name": names[pair.first]},
                "second": {"id": pair.second, "name": names[pair.second]},
                "score": pair.score,
                "evidence": list(pair.evidence),
            }
            for pair in pairs
        ],
    }
    lines = [f"{names[pair.first]} / {names[pair.second]} ({pair.score}) {' '.join(pair.evidence)}" for pair in pairs]
    total = f"{counted(len(pairs), 'paire')} à vérifier sur {counted(len(names), 'structure')}."
    return Answer(data, (*lines, total)), 0
