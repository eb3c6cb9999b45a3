"""Meetings without a screen: which there are, and their minutes as files."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, may_write, opened
from cv_desktop.db.queries import call_rows, meetings
from cv_desktop.db.queries.meetings import MeetingRow
from cv_desktop.db.store import Store
from cv_desktop.domain.dates import parse_date, short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import counted, fold, quote
from cv_desktop.services import letters, minutes_files

_STATES = {"prepared": "préparée", "open": "ouverte", "closed": "close"}


def show(arguments: Namespace) -> tuple[Answer, int]:
    with opened(arguments) as store:
        found = _rows(store, call_id(store, arguments.call) if arguments.call else None)
    data = [
        {
            "id": row.id,
            "call": code,
            "label": row.label,
            "held_on": row.held_on.isoformat(),
            "state": row.state,
            "revealed": row.revealed_at is not None,
            "files": row.files,
            "opinions": row.opinions,
        }
        for code, row in found
    ]
    lines = [
        f"{short_date(row.held_on)}  {code}  {row.label}  {_STATES[row.state]}, "
        f"{row.opinions} avis sur {counted(row.files, 'dossier')}  {row.id}"
        for code, row in found
    ]
    return Answer({"meetings": data}, tuple(lines) or ("Aucune séance.",)), 0


def minutes(arguments: Namespace) -> tuple[Answer, int]:
    out: Path = arguments.out.expanduser().absolute()
    kind = minutes_files.ANNEX if arguments.annex else out.suffix.lower()
    if kind not in minutes_files.KINDS or (arguments.annex and out.suffix.lower() != ".pdf"):
        raise UserError(
            f"{quote(out.name)} ne dit pas quelle forme écrire\u00a0: terminez par .pdf, .docx, .xlsx ou .json."
        )
    may_write(out)
    with opened(arguments) as store:
        row = _find(store, arguments.meeting)
        made = minutes_files.export(store, actor=ACTOR, meeting_id=row.id, kind=kind)
        with store.read() as session:
            said, _text, sha256 = minutes_files.content(session, meeting_id=row.id)
    letters.write_file(out, made)
    data: dict[str, Any] = {
        "meeting": row.id, "label": row.label, "file": str(out), "bytes": len(made),
        "version": said.version, "draft": said.draft, "sha256": sha256,
    }  # fmt: skip
    state = "Projet (la séance n’est pas close)" if said.draft else f"Version {said.version}, empreinte {sha256}"
    return Answer(data, (f"Relevé d’avis de {quote(row.label)} écrit dans {out}.", f"{state}.")), 0


def _rows(store: Store, call: str | None) -> list[tuple[str, MeetingRow]]:
    with store.read() as session:
        known = [row for row in call_rows.rows(session) if call in (None, row.id)]
        return [(row.code, m) for row in known for m in meetings.rows(session, call_id=row.id)]


def _find(store: Store, wanted: str) -> MeetingRow:
    """The meeting of that key, day or label. Raises UserError when none is, or several are."""
    rows = [row for _code, row in _rows(store, None)]
    try:
        day = parse_date(wanted)
    except UserError:
        day = None
    found = [row for row in rows if row.id == wanted] or [
        row for row in rows if row.held_on == day or fold(row.label) == fold(wanted)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(
            f"{quote(wanted)} désigne {len(found)} séances\u00a0: donnez l’identifiant que "
            f"{quote('meetings list')} affiche."
        )
    raise UserError(
        f"Aucune séance ne s’appelle {quote(wanted)}\u00a0: «\u00a0cv-desktop meetings list\u00a0» les montre toutes."
    )
