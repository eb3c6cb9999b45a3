"""A filled PDF form, imported without a screen: what it says, what could not be taken, and where it went."""

from __future__ import annotations

import time
from argparse import Namespace
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, opened
from cv_desktop.db.queries import applications
from cv_desktop.domain import form_entry
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filled_form import unknown_sentence
from cv_desktop.domain.form_entry import REPORT
from cv_desktop.domain.identifiers import SiretState, judge_siret
from cv_desktop.domain.intake import TO_CHECK, Problem
from cv_desktop.domain.money import euros
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.services import filled_forms

FORM = "form"


def is_pdf(path: Path) -> bool:
    """Whether a file says by its first bytes that it is a PDF; its name may say anything."""
    try:
        # A pipe would wait for its other end.
        if not path.is_file():
            return False
        with path.open("rb") as handle:
            return b"%PDF-" in handle.read(1024)
    except OSError:
        # Absent, a folder, or closed to this account: the reader of any file says which.
        return False


def import_form(arguments: Namespace, path: Path) -> tuple[Answer, int]:
    """``import FORMULAIRE.pdf --call CODE``: a request makes a file, a report is joined to the one of its structure."""
    began = time.monotonic()
    if arguments.call is None:
        raise UserError("Ce formulaire est une demande ou un bilan\u00a0: indiquez sa campagne avec --call.")
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.read() as session:
            filled = filled_forms.read(session, path=path)
        entry, doubts = form_entry.entry(filled)
        number, status = "", ""
        if not arguments.dry_run:
            with store.write(ACTOR) as session:
                key = filled_forms.write(session, call_id=call, path=path, filled=filled)[1]
            with store.read() as session:
                row = applications.some(session, ids=[key])[0]
            number, status = row.number, row.status.value
    asked = int(entry.values.get("asked_cents") or 0)
    siret = Counter({judge_siret(entry.structure.siret_raw)[0].value: 1})
    data: dict[str, Any] = {
        "kind": FORM,
        "form": filled.kind.code,
        "file": path.name,
        "format": "pdf",
        "encoding": "",
        "header_line": 0,
        "rows_read": 1,
        "accepted": 1,
        "amount_total_cents": asked,
        "set_aside": [],
        "problems": [asdict(Problem(0, x.field, TO_CHECK, x.message, number, "", x.value)) for x in doubts],
        "identifiers": {state.value: siret[state.value] for state in SiretState},
        "fields": len(filled.values),
        "budget_lines": len(filled.budget.lines),
        "number": number,
        "status": status,
        "dry_run": arguments.dry_run,
        "seconds": round(time.monotonic() - began, 3),
    }
    what = "Bilan" if filled.kind.code == REPORT else "Demande"
    done = f"joint au dossier {number}" if filled.kind.code == REPORT else f"écrite sous le numéro {number}"
    lines = [
        f"{what} de {quote(entry.structure.name or 'structure sans nom')}, {euros(asked)} demandés{NBSP}: "
        + (f"{done}." if number else "simulation, rien n’est écrit.")
    ]
    lines += [f"  {x.field} (à vérifier){NBSP}: {x.message}" for x in doubts if x.message and x.value != ""]
    if unknown := unknown_sentence(filled.unknown):
        lines.append(f"  {unknown}")
    return Answer(data, tuple(lines)), 0
