"""The configuration of a campaign: exported, imported, taken over from one year to the next."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, may_write, opened
from cv_desktop.db.queries import call_rows, doubts
from cv_desktop.db.store import Store
from cv_desktop.domain import configuration
from cv_desktop.domain.dates import local
from cv_desktop.domain.text import counted
from cv_desktop.services import configurations, letters


def export(arguments: Namespace) -> tuple[Answer, int]:
    out: Path = arguments.out.expanduser().absolute()
    may_write(out)
    with opened(arguments) as store:
        call = call_id(store, arguments.code)
        with store.write(ACTOR) as session:
            raw = configuration.dump(configurations.of_call(session, call_id=call))
            configurations.export(session, call_id=call)
    letters.write_file(out, raw)
    data = {"call": arguments.code.upper(), "file": str(out), "bytes": len(raw)}
    return Answer(data, (f"Paramétrage de {arguments.code.upper()} écrit dans {out}.",)), 0


def import_file(arguments: Namespace) -> tuple[Answer, int]:
    path: Path = arguments.file.expanduser().absolute()
    wanted = configuration.load(configurations.read_file(path), path.name)
    with opened(arguments) as store:
        with store.write(ACTOR) as session:
            _changes, key = configurations.create(
                session, configuration=wanted, code=arguments.as_code or "", said=f"du fichier « {path.name} »"
            )
        return _created(store, key, "importée"), 0


def duplicate(arguments: Namespace) -> tuple[Answer, int]:
    with opened(arguments) as store:
        call = call_id(store, arguments.code)
        with store.write(ACTOR) as session:
            _changes, key = configurations.duplicate(
                session, call_id=call, code=arguments.new_code, year=arguments.year
            )
        return _created(store, key, f"créée d’après {arguments.code.upper()}"), 0


def _created(store: Store, key: str, done: str) -> Answer:
    with store.read() as session:
        row = call_rows.row(session, key)
        assert row is not None
        waiting = [d for d in doubts.rows(session, key, local(store.clock()).date()) if d.own]
    data = {
        "call": row.code,
        "id": key,
        "scheme": row.scheme,
        "year": row.year,
        "envelope_cents": row.envelope_cents,
        "to_validate": len(waiting),
        "to_validate_labels": [d.label for d in waiting],
    }
    return Answer(
        data, (f"Campagne {row.code} {done}. À valider avant l’ouverture : {counted(len(waiting), 'valeur')}.",)
    )
