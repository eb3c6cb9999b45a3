"""The envelope of a campaign, in words and as a workbook."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, may_write, opened, require_suffix
from cv_desktop.domain.money import euros
from cv_desktop.domain.text import counted
from cv_desktop.services import letters


def export(arguments: Namespace) -> tuple[Answer, int]:
    from cv_desktop.services import envelope_files

    out: Path = arguments.out.expanduser().absolute()
    require_suffix(out, ".xlsx")
    may_write(out)
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.read() as session:
            found = envelope_files.read(session, call_id=call)
        made = envelope_files.xlsx(store, call_id=call, actor=ACTOR)
    letters.write_file(out, made)
    data = {
        "call": arguments.call.upper(),
        "file": str(out),
        "bytes": len(made),
        "cents": {**asdict(found.held), "free_cents": found.held.free_cents, "promised_cents": found.promised_cents},
        "parts": [
            {
                "kind": part.node.kind.value,
                "key": part.node.key,
                "label": part.node.label,
                "amount_cents": part.node.amount_cents,
                "floor_cents": part.node.floor_cents,
                "cap_cents": part.node.cap_cents,
                "marked_cents": part.marked_cents,
                "submitted_cents": part.submitted_cents,
                "decided_cents": part.decided_cents,
                "left_cents": part.left_cents,
                "files": part.files,
            }
            for part in found.parts
        ],
        "movements": len(found.movements),
    }
    lines = [f"{label}\u00a0: {euros(cents)}" for label, cents in found.buckets]
    told = f"Enveloppe écrite dans {out}, avec {counted(len(found.movements), 'mouvement')}."
    return Answer(data, (*lines, told)), 0
