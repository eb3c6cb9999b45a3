"""Signed PDFs that the parapheur gives back, each one verified before it is kept.

A signature added by a parapheur follows the bytes that were exported: a PDF that does not begin with them is another
document, whatever it looks like.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import Letter
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.queries import signatories as register
from cv_desktop.db.queries.letters import IssuedFile
from cv_desktop.db.queries.signatories import SignatoryRow
from cv_desktop.db.refusals import explained, opened
from cv_desktop.db.store import Store
from cv_desktop.db.work import today
from cv_desktop.documents import signature_check
from cv_desktop.documents.signature_additions import only_signed_since
from cv_desktop.documents.signature_check import Signature, Verdict
from cv_desktop.documents.signature_trust import Lack
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.delegations import Delegation, Power, Refusal, ToSign, examine, outside
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, words
from cv_desktop.services import authorities
from cv_desktop.services.letter_files import Render, issued_bytes
from cv_desktop.services.letters import FOLDER, write_file
from cv_desktop.services.signatures import PARAPHEUR, keep, signed_name

_NUMBER = re.compile(r"CO-\d{4}-\d{4,}")
_SHORTEST = 10
_LARGEST = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: the letter it signs and who signed it, or why it is refused.

    ``doubt`` is what a person must accept, with a reason, before it is taken: it was not.
    """

    file: str
    letter_id: str = ""
    number: str = ""
    signer: str = ""
    verdict: str = ""
    why: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class TakenBack:
    changes: Changes
    files: tuple[Taken, ...]

    @property
    def signed(self) -> tuple[Taken, ...]:
        return tuple(one for one in self.files if not one.why and not one.doubt)

    @property
    def doubtful(self) -> tuple[Taken, ...]:
        return tuple(one for one in self.files if one.doubt)

    @property
    def refused(self) -> tuple[Taken, ...]:
        return tuple(one for one in self.files if one.why)


def take_back(
    store: Store,
    *,
    actor: str,
    paths: Sequence[Path],
    render: Render,
    accepting: str = "",
    progress: Callable[[int, int, str], bool] = lambda _done, _total, _name: True,
) -> TakenBack:
    """Take signed PDFs back, each found by the number in its name, else by its content; one refused stops no other.

    A PDF is refused when it does not extend the bytes exported, bears no signature or one that does not hold, or was
    signed by somebody whom the register does not let sign. What no authority vouches for, because none is given, and a
    date that only the signatory says, when the delegation depends on it, are doubts: such a PDF is taken only with
    ``accepting``, the reason of a person, written in the journal. ``progress`` answers False to stop: what is done is
    kept. Raises UserError on a reason of less than ten signs.
    """
    accepting = " ".join(accepting.split())
    if accepting and len(accepting) < _SHORTEST:
        raise UserError("Dites en quelques mots pourquoi ces signatures sont acceptées (10 signes au moins).")
    found: list[Taken] = []
    with store.read() as session:
        trusts = _Trusts(tuple(authorities.files(session)), authorities.recognising(session), accepting)
    for place, path in enumerate(paths):
        if not progress(place, len(paths), path.name):
            break
        try:
            found.append(_taken(store, actor, path, render, trusts))
        except UserError as refusal:
            found.append(Taken(path.name, why=refusal.message))
    progress(len(found), len(paths), "")
    changes = Changes.of("letter", *(one.letter_id for one in found if not one.why and not one.doubt))
    return TakenBack(changes, tuple(found))


@dataclass(frozen=True, slots=True)
class _Trusts:
    """What a signature is held against; ``accepting`` is the reason of a person who takes the doubtful ones."""

    files: tuple[bytes, ...]
    recognising: bool
    accepting: str


def _taken(store: Store, actor: str, path: Path, render: Render, trusts: _Trusts) -> Taken:
    with opened(path):
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
    judged = _judged(signature_check.check(pdf, trusts.files, at=store.clock()), recognising=trusts.recognising)
    if not only_signed_since(pdf, len(issued)):
        raise UserError(
            f"Entre l’export et la signature, autre chose qu’une signature a été ajouté à {one.number}{NBSP}: ce n’est "
            "plus le courrier qui a été donné à signer."
        )
    with store.write(actor) as session:
        person = _person(register.rows(session), judged.signer)
        if why := outside(judged.signer, person.power if person else None):
            raise UserError(why)
        assert person is not None
        delegation, undated = _delegation(session, person.power, one, judged)
        doubts = [judged.why] * (judged.verdict is Verdict.UNKNOWN) + [undated] * bool(undated)
        if doubts and not trusts.accepting:
            return Taken(
                path.name, one.id, one.number, judged.signer, judged.verdict.value, doubt=" ".join(doubts)
            )  # fmt: skip
        (letter,) = outbox.to_sign(session, [one.id])
        keep(
            session, letter, one, person, delegation, way=PARAPHEUR, signer=judged.signer, signed=pdf,
            at=judged.dated_at or judged.signed_at, accepted=(*doubts, trusts.accepting) if doubts else (),
        )  # fmt: skip
    folder = store.folder / FOLDER
    with explained(folder / "x"):
        folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / signed_name(one), pdf)
    return Taken(path.name, one.id, one.number, judged.signer, judged.verdict.value)


def _delegation(session: Session, power: Power, one: IssuedFile, judged: Signature) -> tuple[Delegation | None, str]:
    """By which delegation a signature was made, and what is doubtful of its date.

    The date of a recognised timestamp is that of the signature. Without one it is what the signatory says: any day from
    that of the letter to today may be the true one. Raises UserError when the register does not let sign that day.
    """
    said = judged.dated_at or judged.signed_at
    day, now_day = local(said).date() if said else today(session), today(session)
    written = session.get_one(Letter, one.id).dated_on
    if day > now_day or (written is not None and day < written):
        raise UserError(
            f"La signature de {one.number} se dit du {long_date(day)}{NBSP}: ce jour précède le courrier, ou n’est "
            "pas venu. Vérifiez l’horloge du poste qui a signé, et faites signer de nouveau."
        )
    letters = outbox.to_sign(session, [one.id])
    delegation = _granted(power, letters, day)
    if judged.dated_at is not None or delegation is None:
        return delegation, ""
    first = written or day
    if all(delegation.running(bound) for bound in (first, now_day)):
        return delegation, ""
    told = f"le {long_date(day)}" if said else "un jour que la signature ne dit pas"
    return delegation, (
        f"Seul le signataire dit avoir signé {told}{NBSP}: aucune autorité d’horodatage ne l’atteste, et la délégation "
        f"({delegation.reference}) ne couvre pas tous les jours du {long_date(first)} au {long_date(now_day)}."
    )


def _granted(power: Power, letters: Sequence[ToSign], day: date) -> Delegation | None:
    ruled = examine(power, letters, day)
    if ruled.refused:
        raise UserError(_said(ruled.refused))
    ((_letter, delegation),) = ruled.granted
    return delegation


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
    for one in found:
        # A signature is no longer that of the whole file once another one follows it: that is lawful, nothing else is.
        before = one.followed and one is not found[-1]
        if not before and one.verdict not in (Verdict.VALID, Verdict.UNKNOWN):
            raise UserError(f"Sa signature ne vaut pas ({one.verdict.value}). {one.why}")
        if one.lack is not None and (recognising or one.lack is Lack.REVOKED):
            raise UserError(f"La signature de {one.signer} n’est pas reconnue. {one.why}")
    return found[-1]


def _person(known: Sequence[SignatoryRow], signer: str) -> SignatoryRow | None:
    """Whoever of the register a certificate names; it may hold a number beside the name."""
    said = set(words(signer).split())
    found = [one for one in known if one.name and set(words(one.name).split()) <= said]
    return max(found, key=lambda one: len(one.name), default=None)


def _said(refused: Sequence[Refusal]) -> str:
    return " ".join(one.sentence for one in refused)
