"""What leaves with the letters: mails ready to be sent, and the list for the post office."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import LetterTemplate
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.reference import Setting
from cv_desktop.db.models.signatory import Dispatch
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.queries import settings
from cv_desktop.db.queries.letters import IssuedFile
from cv_desktop.db.refusals import explained
from cv_desktop.db.store import Store
from cv_desktop.db.work import record, today
from cv_desktop.documents import table_pdf
from cv_desktop.documents.csv_write import csv_bytes
from cv_desktop.documents.mail_file import Mail, write
from cv_desktop.documents.sheet_write import SheetColumn, decisions_workbook
from cv_desktop.documents.table_pdf import PdfColumn
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.dispatches import CHANNELS
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_json import content_from_json
from cv_desktop.domain.letters import LetterContent, plain
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.services.letter_files import Render, last_bytes
from cv_desktop.services.letters import write_file

TEXT = "courriel_envoi"
LIST_TITLE = "Bordereau d’envoi des courriers"
_COLUMNS = (
    ("Courrier", 24, 14),
    ("Destinataire", 62, 34),
    ("Adresse", 70, 40),
    ("Commune", 52, 28),
    ("Envoi", 26, 24),
    ("N° de recommandé", 35, 22),
)


@dataclass(frozen=True, slots=True)
class Left:
    """A letter that does not leave this way, and why."""

    number: str
    why: str


@dataclass(frozen=True, slots=True)
class Mailed:
    """The files written, the letters they carry, and those left out."""

    files: tuple[Path, ...]
    letter_ids: tuple[str, ...]
    left: tuple[Left, ...]


def mails(
    store: Store,
    *,
    actor: str,
    letter_ids: Sequence[str],
    out: Path,
    render: Render,
    progress: Callable[[int, int, str], bool] = lambda _done, _total, _name: True,
) -> Mailed:
    """Write one mail per letter into a folder, with the PDF attached, signed when the letter is to be.

    A letter whose structure has no address, that is not issued, replaced, or that still waits for its signature is
    left out, with why. Nothing is marked sent: the mail only leaves by the mail program of the person.
    """
    with explained(out / "x"):
        out.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    keys: list[str] = []
    left: list[Left] = []
    with store.read() as session:
        states = {letter.id: letter for letter in outbox.to_sign(session, letter_ids)}
        issued = {one.id: one for one in outbox.issued_files(session, letter_ids)}
        text = settings.text_in_force(session, TEXT, today(session))
        sender = (_setting(session, "direction"), _setting(session, "email"))
        authority = f"{_setting(session, 'authority_kind')} {_setting(session, 'authority')}".strip()
        whom = _addressees(session, letter_ids)
    for place, key in enumerate(letter_ids):
        letter, one = states.get(key), issued.get(key)
        if letter is None:
            continue
        name, address, by_agent, elsewhere = whom[key]
        why = _kept_back(letter.state, by_agent, name, address)
        if not why and elsewhere:
            why = f"ne s’adresse pas à {name}\u00a0: envoyez-le vous-même à son destinataire."
        if not why and one is not None and not by_agent and not one.signed_sha256:
            why = "est signé à la main\u00a0: classez le scan de sa copie signée, ou envoyez-le par la poste."
        if why or one is None:
            left.append(Left(letter.number or letter.short, why))
            continue
        if not progress(place, len(letter_ids), one.number):
            break
        content = content_from_json(dict(one.content))
        mail = Mail(
            sender=sender,
            to=(name, address),
            subject=f"{plain(content.object)} ({one.number})",
            text=_filled(text, content, one, authority),
            filename=one.signed_filename or one.filename,
            pdf=last_bytes(store.folder, one, render),
        )
        path = out / f"{Path(one.filename).stem}.eml"
        try:
            made = write(mail)
        except UserError as refusal:
            left.append(Left(one.number, refusal.message))
            continue
        write_file(path, made)
        files.append(path)
        keys.append(key)
    progress(len(letter_ids), len(letter_ids), "")
    if files:
        with store.write(actor) as session:
            record(
                session,
                verb="mailing.mails",
                noun="letter",
                noun_id=keys[0],
                summary=f"{counted(len(files), 'courriel')} à envoyer préparé{'s' if len(files) > 1 else ''}",
                after=[issued[key].number for key in keys],
                source="export",
            )
    return Mailed(tuple(files), tuple(keys), tuple(left))


def post_list(session: Session, *, letter_ids: Sequence[str], suffix: str) -> bytes:
    """The list for the post office as « .xlsx », « .pdf » or « .csv »: number, addressee, address, registered number.

    Raises UserError when none of these letters is issued.
    """
    rows = _post_rows(session, letter_ids)
    if not rows:
        raise UserError("Aucun de ces courriers n’est émis\u00a0: générez d’abord les PDF.")
    record(
        session,
        verb="mailing.post_list",
        noun="letter",
        noun_id=letter_ids[0],
        summary=f"{LIST_TITLE}{NBSP}: {counted(len(rows), 'courrier')}",
        after=[row[0] for row in rows],
        source="export",
    )
    titles = [title for title, _millimetres, _signs in _COLUMNS]
    if suffix == ".csv":
        return csv_bytes([titles, *rows])
    if suffix == ".pdf":
        columns = [PdfColumn(title, width) for title, width, _signs in _COLUMNS]
        told = f"Édité le {long_date(today(session))}. {counted(len(rows), 'courrier')}."
        return table_pdf.render(LIST_TITLE, [told], columns, rows, empty="Aucun courrier.")
    return decisions_workbook(
        [SheetColumn(title, width=signs) for title, _millimetres, signs in _COLUMNS], rows, title="Bordereau"
    )


def _post_rows(session: Session, letter_ids: Sequence[str]) -> list[list[str]]:
    sent = {row.letter_id: row for row in session.scalars(select(Dispatch).where(Dispatch.letter_id.in_(letter_ids)))}
    rows = []
    states = {letter.id: letter.state for letter in outbox.to_sign(session, letter_ids)}
    for one in outbox.issued_files(session, letter_ids):
        if states[one.id] == "replaced":
            continue
        name, *address = [plain(line) for line in content_from_json(dict(one.content)).addressee] or [""]
        gone = sent.get(one.id)
        rows.append(
            [
                one.number,
                name,
                "\n".join(address[:-1]),
                address[-1] if address else "",
                CHANNELS[gone.channel] if gone else "",
                gone.registered_number if gone else "",
            ]
        )
    return rows


def _kept_back(state: str, by_agent: bool, name: str, address: str) -> str:
    if state in ("to_read", "read"):
        return f"n’est pas émis{NBSP}: générez d’abord le PDF."
    if state == "replaced":
        return f"est annulé et remplacé{NBSP}: envoyez celui qui le remplace."
    if state == "issued" and not by_agent:
        return f"attend sa signature{NBSP}: signez-le d’abord."
    if not address.strip():
        return f"{name} n’a pas de courriel{NBSP}: complétez sa fiche, ou envoyez ce courrier par la poste."
    return ""


def _addressees(session: Session, letter_ids: Sequence[str]) -> dict[str, tuple[str, str, bool, bool]]:
    """Name and address of each letter's structure; whether the agent signs it; whether it goes to somebody else."""
    query = (
        select(Letter.id, Structure.name, Structure.email, LetterTemplate.content)
        .join(Application, Application.id == Letter.application_id)
        .join(Structure, Structure.id == Application.structure_id)
        .join(LetterTemplate, LetterTemplate.id == Letter.template_id)
        .where(Letter.id.in_(letter_ids))
    )
    return {
        key: (name, email or "", template.get("signatory") == "agent", "addressee" in template)
        for key, name, email, template in session.execute(query)
    }


def _filled(text: str, content: LetterContent, one: IssuedFile, authority: str) -> str:
    facts: dict[str, Any] = dict(content.facts)
    day = long_date(date.fromisoformat(content.dated_on)) if content.dated_on else ""
    words = {
        "{civilite}": plain(content.salutation).rstrip(", "),
        "{numero}": one.number,
        "{date}": day,
        "{dossier}": str(facts.get("dossier", "")),
        "{direction}": content.direction,
        "{autorite}": authority,
    }
    # Replaced and not formatted: a name may hold a brace.
    for token, word in words.items():
        text = text.replace(token, word)
    return text


def _setting(session: Session, key: str) -> str:
    kept = session.get(Setting, key)
    return str(kept.value or "") if kept else ""


def said(left: Sequence[Left]) -> str:
    """« CO-2026-0114 : attend sa signature… », each letter left out once."""
    by_why: dict[str, list[str]] = {}
    for one in left:
        by_why.setdefault(one.why, []).append(one.number)
    return " ".join(f"{', '.join(numbers)}{NBSP}: {why}" for why, numbers in by_why.items())
