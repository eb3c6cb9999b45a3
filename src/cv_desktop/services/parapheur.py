"""Letters to be signed elsewhere: a batch exported for the parapheur, with its index."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.refusals import explained
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.documents.csv_write import csv_bytes
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_json import content_from_json
from cv_desktop.domain.letters import plain
from cv_desktop.domain.text import counted
from cv_desktop.services.letter_files import Render, issued_bytes
from cv_desktop.services.letters import write_file

INDEX = (
    "numero",
    "fichier",
    "sha256",
    "octets",
    "type",
    "date",
    "objet",
    "destinataire",
    "signataire",
    "accorde_centimes",
)
_WAITS = {
    "to_read": "n’est pas émis",
    "read": "n’est pas émis",
    "signed": "est déjà signé",
    "sent": "est déjà envoyé",
    "replaced": "est annulé et remplacé",
}


@dataclass(frozen=True, slots=True)
class Exported:
    """``numbers`` are the letters written, ``left`` a sentence for each of the others."""

    files: tuple[Path, ...]
    numbers: tuple[str, ...]
    left: tuple[str, ...]


def export(store: Store, *, actor: str, letter_ids: Sequence[str], out: Path, render: Render) -> Exported:
    """Write the letters that wait for a signature into a folder, with ``index.csv`` and ``index.json``.

    The names are those of the issued PDFs, the same at each export. Raises UserError when none of them waits.
    """
    with store.read() as session:
        letters = outbox.to_sign(session, letter_ids)
        files = {one.id: one for one in outbox.issued_files(session, letter_ids)}
    waiting = [letter for letter in letters if letter.state == "issued"]
    left = tuple(f"{x.number or x.short} {_WAITS[x.state]}." for x in letters if x.state != "issued")
    if not waiting:
        raise UserError("Aucun de ces courriers n’attend une signature. Générez d’abord les PDF.")
    with explained(out / "x"):
        out.mkdir(parents=True, exist_ok=True)
    lines: list[dict[str, object]] = []
    written: list[Path] = []
    for letter in waiting:
        one = files[letter.id]
        pdf = issued_bytes(store.folder, one, render)
        content = content_from_json(dict(one.content))
        lines.append(
            dict(
                zip(
                    INDEX,
                    (
                        one.number,
                        one.filename,
                        one.sha256,
                        len(pdf),
                        letter.kind,
                        content.dated_on,
                        plain(content.object),
                        plain(content.addressee[0]) if content.addressee else "",
                        letter.printed,
                        letter.amount_cents,
                    ),
                    strict=True,
                )
            )
        )
        write_file(out / one.filename, pdf)
        written.append(out / one.filename)
    table: list[list[object]] = [list(INDEX), *([line[name] for name in INDEX] for line in lines)]
    whole = json.dumps({"format": "cv-desktop/parapheur/1", "courriers": lines}, ensure_ascii=False, indent=1)
    for name, data in (("index.csv", csv_bytes(table)), ("index.json", whole.encode())):
        write_file(out / name, data)
        written.append(out / name)
    with store.write(actor) as session:
        record(
            session,
            verb="parapheur.export",
            noun="letter",
            noun_id=waiting[0].id,
            summary=f"{counted(len(waiting), 'courrier exporté')} pour le parapheur",
            after=[{"number": line["numero"], "sha256": line["sha256"]} for line in lines],
            source="export",
        )
    return Exported(tuple(written), tuple(letter.number for letter in waiting), left)
