"""The committee without a screen: its members from a list, the register of déports of a year."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, may_write, opened
from cv_desktop.documents.sheet_read import open_list
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.member_list import read_members
from cv_desktop.domain.text import counted
from cv_desktop.services import letters, members, register

_SUFFIXES = (".xlsx", ".pdf")


def import_members(arguments: Namespace) -> tuple[Answer, int]:
    people = read_members(open_list(arguments.file.expanduser().absolute()).sheets[0])
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        added = 0
        if people:
            with store.write(ACTOR) as session:
                _changes, added = members.add_all(session, call_id=call, people=people)
    there = len(people) - added
    words = f"{counted(added, 'membre ajouté')}, {there} déjà au comité."
    return Answer({"call": arguments.call.upper(), "added": added, "already_there": there}, (words,)), 0


def export_register(arguments: Namespace) -> tuple[Answer, int]:
    out: Path = arguments.out.expanduser().absolute()
    if out.suffix.lower() not in _SUFFIXES:
        raise UserError("Le registre s’écrit en classeur (.xlsx) ou en pages (.pdf)\u00a0: terminez --out ainsi.")
    may_write(out)
    with opened(arguments) as store, store.write(ACTOR) as session:
        _changes, made = register.export(session, year=arguments.year, suffix=out.suffix)
    letters.write_file(out, made)
    data = {"year": arguments.year, "file": str(out), "bytes": len(made)}
    return Answer(data, (f"Registre des déports de {arguments.year} écrit dans {out}.",)), 0
