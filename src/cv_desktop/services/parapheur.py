"""Letters signed elsewhere: a batch exported with its index, then the signed PDFs taken back, each one verified.

A signature added by a parapheur follows the bytes that were exported: a PDF that does not begin with them is another
document, whatever it looks like.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import Letter
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.queries import signatories as register
from cv_desktop.db.queries.letters import IssuedFile
from cv_desktop.db.queries.signatories import SignatoryRow
from cv_desktop.db.refusals import explained
from cv_desktop.db.store import Store
from cv_desktop.db.work import record, today
from cv_desktop.documents import signature_check
from cv_desktop.documents.csv_write import csv_bytes
from cv_desktop.documents.signature_check import Signature, Verdict
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.delegations import Refusal, examine, outside
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_json import content_from_json
from cv_desktop.domain.letters import plain
from cv_desktop.domain.text import NBSP, counted, words
from cv_desktop.services import authorities
from cv_desktop.services.letter_files import Render, issued_bytes
from cv_desktop.services.letters import FOLDER, write_file
from cv_desktop.services.signatures import PARAPHEUR, keep, signed_name

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
_NUMBER = re.compile(r"CO-\d{4}-\d{4,}")
_LARGEST = 50 * 1024 * 1024
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


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: the letter it signs and who signed it, or why it is refused."""

    file: str
    letter_id: str = ""
    number: str = ""
    signer: str = ""
    verdict: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class TakenBack:
    changes: Changes
    files: tuple[Taken, ...]

    @property
    def signed(self) -> tuple[Taken, ...]:
        return tuple(one for one in self.files if not one.why)

    @property
    def refused(self) -> tuple[Taken, ...]:
        return tuple(one for one in self.files if one.why)


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


def take_back(
    store: Store,
    *,
    actor: str,
    paths: Sequence[Path],
    render: Render,
    progress: Callable[[int, int, str], bool] = lambda _done, _total, _name: True,
) -> TakenBack:
    """Take signed PDFs back, each found by the number in its name, else by its content; one refused stops no other.

    A PDF is refused when it does not extend the bytes exported, bears no signature or one that does not hold, or was
    signed by somebody whom the register does not let sign. ``progress`` answers False to stop: what is done is kept.
    """
    found: list[Taken] = []
    with store.read() as session:
        trusted = authorities.files(session)
    for place, path in enumerate(paths):
        if not progress(place, len(paths), path.name):
            break
        try:
            found.append(_taken(store, actor, path, render, trusted))
        except UserError as refusal:
            found.append(Taken(path.name, why=refusal.message))
    progress(len(found), len(paths), "")
    changes = Changes.of("letter", *(one.letter_id for one in found if not one.why))
    return TakenBack(changes, tuple(found))


def _taken(store: Store, actor: str, path: Path, render: Render, trusted: Sequence[bytes]) -> Taken:
    with explained(path):
        if path.stat().st_size > _LARGEST:
            raise UserError(f"Ce fichier pèse plus de 50{NBSP}Mo{NBSP}: ce n’est pas un courrier signé.")
        pdf = path.read_bytes()
    with store.read() as session:
        one = _letter(store, session, path.name, pdf, render)
    issued = issued_bytes(store.folder, one, render)
    if pdf == issued:
        raise UserError(
            f"C’est le PDF exporté de {one.number}, sans signature{NBSP}: prenez celui que le parapheur rend."
        )
    if not pdf.startswith(issued):
        raise UserError(
            f"Ce PDF ne prolonge pas celui qui a été exporté pour {one.number}{NBSP}: son contenu a changé. Demandez "
            "au parapheur une signature PAdES, qui s’ajoute au fichier sans le réécrire."
        )
    judged = _judged(signature_check.check(pdf, trusted, at=store.clock()), recognising=bool(trusted))
    with store.write(actor) as session:
        person = _person(register.rows(session), judged.signer)
        if why := outside(judged.signer, person.power if person else None):
            raise UserError(why)
        assert person is not None
        day = local(judged.signed_at or store.clock()).date()
        written = session.get_one(Letter, one.id).dated_on
        if day > today(session) or (written is not None and day < written):
            raise UserError(
                f"La signature de {one.number} se dit du {long_date(day)}\u00a0: ce jour précède le courrier, ou n’est "
                "pas venu. Vérifiez l’horloge du poste qui a signé, et faites signer de nouveau."
            )
        ruled = examine(person.power, outbox.to_sign(session, [one.id]), day)
        if ruled.refused:
            raise UserError(_said(ruled.refused))
        ((letter, delegation),) = ruled.granted
        keep(
            session, letter, one, person, delegation, way=PARAPHEUR, signer=judged.signer, signed=pdf,
            at=judged.signed_at,
        )  # fmt: skip
    folder = store.folder / FOLDER
    with explained(folder / "x"):
        folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / signed_name(one), pdf)
    return Taken(path.name, one.id, one.number, judged.signer, judged.verdict.value)


def _letter(store: Store, session: Session, name: str, pdf: bytes, render: Render) -> IssuedFile:
    """The letter that a file signs: by the number in its name, else the one whose bytes it begins with."""
    if number := _NUMBER.search(name.upper()):
        key = session.scalars(select(Letter.id).where(Letter.number == number[0])).one_or_none()
        if key is None:
            raise UserError(f"Aucun courrier de cette base ne porte le numéro {number[0]}.")
        return outbox.issued_files(session, [key])[0]
    waiting = session.scalars(select(Letter.id).where(Letter.number.is_not(None))).all()
    # The length of each is known only once its file is read: hashed piece by piece, in the order of the lengths.
    for one in outbox.issued_files(session, waiting):
        path = store.folder / FOLDER / one.filename
        size = path.stat().st_size if path.is_file() else len(issued_bytes(store.folder, one, render))
        if size <= len(pdf) and hashlib.sha256(pdf[:size]).hexdigest() == one.sha256:
            return one
    raise UserError("Ce PDF n’est aucun des courriers exportés, et son nom ne dit pas leur numéro (CO-2026-0114).")


def _judged(found: Sequence[Signature], *, recognising: bool) -> Signature:
    """The last signature, when all of them hold. Raises UserError when one does not."""
    if not found:
        raise UserError("Ce PDF ne porte aucune signature électronique.")
    last = found[-1]
    before = [one for one in found[:-1] if not one.intact]
    wrong = before[0] if before else last
    if before or last.verdict in (Verdict.ALTERED, Verdict.PARTIAL, Verdict.UNREADABLE):
        raise UserError(f"Sa signature ne vaut pas ({wrong.verdict.value}). {wrong.why}")
    if last.verdict is Verdict.UNKNOWN and recognising:
        raise UserError(f"La signature de {last.signer} n’est pas reconnue. {last.why}")
    return last


def _person(known: Sequence[SignatoryRow], signer: str) -> SignatoryRow | None:
    """Whoever of the register a certificate names; it may hold a number beside the name."""
    said = set(words(signer).split())
    found = [one for one in known if one.name and set(words(one.name).split()) <= said]
    return max(found, key=lambda one: len(one.name), default=None)


def _said(refused: Sequence[Refusal]) -> str:
    return " ".join(one.sentence for one in refused)
