"""``letters sign``: a batch signed without a screen, by an image or by a certificate."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, opened
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.queries import signatories
from cv_desktop.db.queries.letters import LetterRow
from cv_desktop.db.queries.signatories import SignatoryRow
from cv_desktop.db.store import Store
from cv_desktop.domain.delegations import name_of
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import seals, signatures, signed_copies
from cv_desktop.services.signatures import Seal


def sign(arguments: Namespace) -> tuple[Answer, int]:
    """The letters issued and not signed yet, of the kinds or numbers asked; 1 when one of them is refused."""
    from cv_desktop.documents import letter_pdf

    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.read() as session:
            person = signatory(signatories.rows(session), arguments.signatory)
            chosen = chosen_letters(outbox.rows(session, call_id=call), arguments, "issued")
        with _seal(store, person, arguments) as seal:
            done = signatures.sign(
                store, actor=ACTOR, letter_ids=chosen, signatory_id=person.id, seal=seal, render=letter_pdf.render
            )
    data = {
        "signatory": person.name,
        "way": seal.way,
        "signer": seal.signer,
        "level": seal.level,
        "note": seal.note,
        "signed": [path.name for path in done.files],
        "refused": [{"letters": list(one.letters), "why": one.sentence} for one in done.refused],
    }
    lines = [f"{counted(len(done.files), 'courrier signé')} par {seal.signer} ({signatures.WAYS[seal.way]})."]
    if seal.way == signatures.IMAGE:
        lines.append(signatures.NOT_ELECTRONIC)
    if seal.level:
        lines.append(f"Signature PAdES de niveau {seal.level}. {seal.note}".strip())
    lines += [f"  Refusé{NBSP}: {one.sentence}" for one in done.refused]
    return Answer(data, tuple(lines)), 1 if done.refused else 0


def unsign(arguments: Namespace) -> tuple[Answer, int]:
    """Take the signed copy off letters that did not leave, with a reason."""
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.read() as session:
            chosen = chosen_letters(outbox.rows(session, call_id=call), arguments)
        with store.write(ACTOR) as session:
            signed_copies.withdraw(session, letter_ids=chosen, reason=arguments.reason)
    told = f"{counted(len(chosen), 'courrier')} à signer de nouveau."
    return Answer({"unsigned": sorted(arguments.number)}, (told,)), 0


def signatory(known: list[SignatoryRow], name: str) -> SignatoryRow:
    """The person of the register who has this name. Raises UserError when nobody has."""
    found = [person for person in known if name_of(person.name) == name_of(name)]
    if not found:
        listed = ", ".join(person.name for person in known if person.name) or "personne"
        raise UserError(f"{quote(name)} n’est pas au registre des signataires, qui nomme{NBSP}: {listed}.")
    return found[0]


def chosen_letters(rows: list[LetterRow], arguments: Namespace, *states: str) -> list[str]:
    """The letters named by ``--number`` whatever their state, else those in these states, of the kinds asked.

    Raises UserError on a number or a kind that no letter of the campaign has.
    """
    numbers, kinds = arguments.number or (), {kind.upper() for kind in arguments.kind or ()}
    present = {row.kind.upper() for row in rows}
    if absent := sorted(kinds - present):
        known = ", ".join(sorted(present)) or "aucun"
        raise UserError(
            f"Aucun courrier de type {', '.join(absent)} dans cette campagne. Types présents\u00a0: {known}."
        )
    unknown = [number for number in numbers if number not in {row.number for row in rows}]
    if unknown:
        raise UserError(f"Aucun courrier de cette campagne ne porte le numéro {', '.join(unknown)}.")
    return [
        row.id
        for row in rows
        if (row.number in numbers if numbers else row.state in states) and (not kinds or row.kind.upper() in kinds)
    ]


@contextmanager
def _seal(store: Store, person: SignatoryRow, arguments: Namespace) -> Iterator[Seal]:
    if arguments.image:
        with store.read() as session:
            seal = seals.of_image(session, person)
        yield seal
    elif arguments.p12:
        secret = _first_line(arguments.passphrase_file, "--passphrase-file")
        yield seals.of_certificate(store, person, path=arguments.p12.expanduser(), passphrase=secret)
    else:
        secret = _first_line(arguments.pin_file, "--pin-file")
        with seals.of_token(
            store, person, module=arguments.module.expanduser(), pin=secret, label=arguments.token or ""
        ) as seal:
            yield seal


def _first_line(path: Path | None, option: str) -> str:
    """A secret is read from a file: on the command line every user of the computer would see it."""
    if path is None:
        raise UserError(f"Donnez le mot de passe dans un fichier{NBSP}: {option} FICHIER.")
    try:
        return path.expanduser().read_text(encoding="utf-8").split("\n", 1)[0].removesuffix("\r")
    except (OSError, UnicodeDecodeError):
        raise UserError(f"Le fichier {quote(str(path))} ne se lit pas{NBSP}: vérifiez son nom et vos droits.") from None
