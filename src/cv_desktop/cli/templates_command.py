"""The texts of letters without a screen: written in a file, taken from a file."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, may_write, opened
from cv_desktop.domain import letter_template_file
from cv_desktop.domain.text import counted, quote
from cv_desktop.services import configurations, letter_template_files, letters


def export(arguments: Namespace) -> tuple[Answer, int]:
    """``templates export``: the general texts, or those that ``--call`` uses."""
    out: Path = arguments.out.expanduser().absolute()
    may_write(out)
    with opened(arguments) as store:
        call = call_id(store, arguments.call) if arguments.call else ""
        with store.write(ACTOR) as session:
            given = letter_template_files.export(session, call_id=call)
    letters.write_file(out, letter_template_file.dump(given))
    data = {"file": str(out), "templates": [{"kind": x.kind, "version": x.version} for x in given]}
    return Answer(data, (f"{counted(len(given), 'modèle')} de courrier dans {out}.",)), 0


def take(arguments: Namespace) -> tuple[Answer, int]:
    """``templates import``: all the texts of a file or none, for every campaign or for ``--call`` alone."""
    path: Path = arguments.file.expanduser().absolute()
    given = letter_template_file.load(configurations.read_file(path), path.name)
    with opened(arguments) as store:
        call = call_id(store, arguments.call) if arguments.call else ""
        with store.write(ACTOR) as session:
            said = f"pris du fichier {quote(path.name)}"
            _changes, taken = letter_template_files.take(session, given=given, said=said, call_id=call)
    data = {
        "written": [{"label": label, "version": version} for label, version in taken.written],
        "same": list(taken.same),
    }
    return Answer(data, (taken.sentence,)), 0
