"""``letters send`` and ``letters receive``: mails and lists made ready, letters marked sent, then received."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, may_write, opened
from cv_desktop.cli.letters_sign import chosen_letters
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.refusals import explained
from cv_desktop.db.store import Store
from cv_desktop.domain import dispatches as rules
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import dispatches, letters, mailing

LISTS = ("bordereau.xlsx", "bordereau.pdf", "bordereau.csv")


def send(arguments: Namespace) -> tuple[Answer, int]:
    """Mails in ``--out`` (or the list of the post office); with ``--sent-on`` the letters are marked sent."""
    if arguments.out is None and arguments.sent_on is None:
        raise UserError("Donnez --out DOSSIER pour préparer l’envoi, ou --sent-on DATE pour le marquer fait.")
    if arguments.out is None and arguments.channel == rules.EMAIL:
        raise UserError("Donnez --out DOSSIER, où écrire les courriels.")
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.read() as session:
            rows = outbox.rows(session, call_id=call)
        keys = chosen_letters(rows, arguments, "issued", "signed")
        numbers = {row.id: row.number for row in rows}
        files: list[str] = []
        left: list[mailing.Left] = []
        if arguments.out is not None:
            files, keys, left = _prepared(store, keys, arguments)
        if arguments.sent_on is not None and keys:
            _marked(store, keys, numbers, arguments)
    marked = [numbers[key] for key in keys] if arguments.sent_on is not None else []
    data: dict[str, Any] = {
        "channel": arguments.channel,
        "files": files,
        "letters": [numbers[key] for key in keys],
        "sent": marked,
        "left": [{"letter": one.number, "why": one.why} for one in left],
    }
    lines = [f"{counted(len(files), 'fichier écrit')} dans {arguments.out}."] if arguments.out is not None else []
    if marked:
        lines.append(f"{counted(len(marked), 'courrier marqué')} envoyé le {long_date(arguments.sent_on)}.")
    if left:
        lines.append(f"  Laissés{NBSP}: {mailing.said(left)}")
    return Answer(data, tuple(lines)), 1 if left else 0


def receive(arguments: Namespace) -> tuple[Answer, int]:
    """The days of receipt of a file; 1 when a line is not taken."""
    text = _text(arguments.file)
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.read() as session:
            rows = outbox.rows(session, call_id=call)
        sent = {row.number: (row.sent.on, row.sent.registered_number) for row in rows if row.sent}
        pasted = rules.receipts(text, sent, local(store.clock()).date())
        keys = {row.number: row.id for row in rows}
        if pasted.dates:
            with store.write(ACTOR) as session:
                dispatches.receive(session, dates={keys[number]: day for number, day in pasted.dates.items()})
    data = {
        "received": {number: day.isoformat() for number, day in pasted.dates.items()},
        "refused": [{"line": fault.line, "why": fault.sentence} for fault in pasted.faults],
    }
    lines = [f"{counted(len(pasted.dates), 'date')} de réception."]
    lines += [f"  Ligne {fault.line}{NBSP}: {fault.sentence}" for fault in pasted.faults]
    return Answer(data, tuple(lines)), 1 if pasted.faults else 0


def _prepared(store: Store, keys: list[str], arguments: Namespace) -> tuple[list[str], list[str], list[mailing.Left]]:
    out: Path = arguments.out.expanduser().absolute()
    with explained(out / "x"):
        out.mkdir(parents=True, exist_ok=True)
    may_write(out / "x")
    if arguments.channel == rules.EMAIL:
        from cv_desktop.documents import letter_pdf

        made = mailing.mails(store, actor=ACTOR, letter_ids=keys, out=out, render=letter_pdf.render)
        return [path.name for path in made.files], list(made.letter_ids), list(made.left)
    for name in LISTS:
        with store.write(ACTOR) as session:
            whole = mailing.post_list(session, letter_ids=keys, suffix=Path(name).suffix)
        letters.write_file(out / name, whole)
    return list(LISTS), keys, []


def _marked(store: Store, keys: list[str], numbers: dict[str, str], arguments: Namespace) -> None:
    registered: dict[str, str] = {}
    if arguments.registered is not None:
        found, faults = rules.registered_numbers(_text(arguments.registered), [numbers[key] for key in keys])
        if faults:
            raise UserError(" ".join(f"Ligne {fault.line}{NBSP}: {fault.sentence}" for fault in faults))
        registered = {key: found[numbers[key]] for key in keys if numbers[key] in found}
    with store.write(ACTOR) as session:
        dispatches.send(
            session, letter_ids=keys, channel=arguments.channel, sent_on=arguments.sent_on, registered=registered,
            proof=arguments.proof.expanduser() if arguments.proof else None,
        )  # fmt: skip


def _text(path: Path) -> str:
    try:
        return path.expanduser().read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UserError(f"Le fichier {quote(str(path))} ne se lit pas{NBSP}: vérifiez son nom et vos droits.") from None
