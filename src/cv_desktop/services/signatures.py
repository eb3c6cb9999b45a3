"""The signature of letters: by whom the register lets, in one of the ways there are, each kept beside the letter.

The PDF issued stays as it is; what is signed is another file, kept by its content and written beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.signatory import Signature
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.queries import signatories
from cv_desktop.db.queries.letters import IssuedFile
from cv_desktop.db.queries.signatories import SignatoryRow
from cv_desktop.db.refusals import explained
from cv_desktop.db.store import Store
from cv_desktop.db.work import new_id, now, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.delegations import TO_COMPLETE, Delegation, Refusal, Ruling, ToSign, examine
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.services import contents
from cv_desktop.services.letter_files import Render, issued_bytes
from cv_desktop.services.letters import FOLDER, write_file

IMAGE, PADES, PARAPHEUR, HAND = "image", "pades", "parapheur", "hand"
WAYS = {
    IMAGE: "image de signature",
    PADES: "signature électronique",
    PARAPHEUR: "parapheur électronique",
    HAND: "signé à la main",
}
NOT_ELECTRONIC = "Une image de signature n’est pas une signature électronique."
_BATCH = 20


@dataclass(frozen=True, slots=True)
class Seal:
    """How a batch is signed: the way, who the signature names, and what makes the signed file of a letter.

    ``make`` receives the PDF issued, the moment, and the reason: « Attribution CO-2026-0114 ». ``level`` is that of an
    electronic signature (B-B, B-T or B-LTA), ``note`` what to know of it.
    """

    way: str
    signer: str
    make: Callable[[bytes, datetime, str], bytes]
    level: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SignedBatch:
    """What a batch gave: the files written, and the letters refused with why."""

    changes: Changes
    files: tuple[Path, ...]
    refused: tuple[Refusal, ...]


def ruling(session: Session, *, signatory_id: str, letter_ids: Sequence[str], day: date | None = None) -> Ruling:
    """Which of these letters somebody may sign today (or on ``day``), by which delegation, and why not the others.

    Raises UserError when the person is no longer in the register.
    """
    person = _person(session, signatory_id)
    return examine(person.power, outbox.to_sign(session, letter_ids), day or today(session))


def sign(
    store: Store,
    *,
    actor: str,
    letter_ids: Sequence[str],
    signatory_id: str,
    seal: Seal,
    render: Render,
    progress: Callable[[int, int, str], bool] = lambda _done, _total, _name: True,
) -> SignedBatch:
    """Sign the letters of a batch that the register lets this person sign, some twenty at a time.

    The register is asked before a group is signed and again when it is kept. Each is confirmed in the base, with the
    fingerprints of the PDF issued and of the signed one, before its files are written. ``progress`` answers False to
    stop: what is done is kept. Raises UserError when the person is gone, or a PDF can no longer be found as it was
    issued, Unavailable when a card or an authority fails: what was signed before is kept.
    """
    folder = store.folder / FOLDER
    with explained(folder / "x"):
        folder.mkdir(parents=True, exist_ok=True)
    done: dict[str, Path] = {}
    left: list[str] = []
    name, going = "", True
    for start in range(0, len(letter_ids), _BATCH):
        some = list(letter_ids[start : start + _BATCH])
        with store.read() as session:
            person = _person(session, signatory_id)
            ruled = examine(person.power, outbox.to_sign(session, some), local(store.clock()).date())
            files = {one.id: one for one in outbox.issued_files(session, some)}
        made: list[_Made] = []
        failed: UserError | Unavailable | None = None
        for letter, _by in ruled.granted:
            going = progress(len(done) + len(made), len(letter_ids), name)
            if not going:
                break
            one, at = files[letter.id], store.clock()
            try:
                # A card or a timestamp authority may take seconds: nobody waits for the base meanwhile.
                pdf = seal.make(issued_bytes(store.folder, one, render), at, f"{letter.label} {letter.number}")
            except (UserError, Unavailable) as refusal:
                # What was signed before it is kept first.
                failed = refusal
                break
            name = signed_name(one)
            made.append(_Made(one, at, pdf))
        kept = _keep_made(store, actor, signatory_id, seal, made) if made else []
        for each in kept:
            path = folder / signed_name(each.issued)
            write_file(path, each.pdf)
            done[each.issued.id] = path
        if failed is not None:
            raise failed
        tried = {letter.id for letter, _by in ruled.granted} - {each.issued.id for each in made}
        left += [one for one in some if one not in done and one not in tried]
        if not going:
            break
    progress(len(done), len(letter_ids), name)
    refused = _refuse(store, actor, signatory_id, left) if left else ()
    return SignedBatch(Changes.of("letter", *done), tuple(done.values()), refused)


@dataclass(frozen=True, slots=True)
class _Made:
    """A signed PDF that the base does not know yet, the one that it signs, and when."""

    issued: IssuedFile
    at: datetime
    pdf: bytes


def _keep_made(store: Store, actor: str, signatory_id: str, seal: Seal, made: Sequence[_Made]) -> list[_Made]:
    """Keep the signed PDFs of a group that the register, asked again, still lets this person sign."""
    with store.write(actor) as session:
        person, keys = _person(session, signatory_id), [one.issued.id for one in made]
        granted = examine(person.power, outbox.to_sign(session, keys), today(session)).granted
        issued = {one.id: one.sha256 for one in outbox.issued_files(session, keys)}
        let = {letter.id: (letter, by) for letter, by in granted}
        kept = [one for one in made if one.issued.id in let and issued[one.issued.id] == one.issued.sha256]
        for one in kept:
            letter, delegation = let[one.issued.id]
            keep(
                session, letter, one.issued, person, delegation, way=seal.way, signer=seal.signer, signed=one.pdf,
                at=one.at,
            )  # fmt: skip
    return kept


def by_hand(session: Session, *, letter_ids: Sequence[str], signatory_id: str, signed_on: date) -> Changes:
    """Record that letters were signed on paper.

    Raises UserError, with the letters by number, when the register does not let this person sign one of them that
    day, or the day is still to come or precedes a letter.
    """
    if signed_on > today(session):
        raise UserError(f"Le {long_date(signed_on)} n’est pas encore venu.", field="signed_on")
    letters = outbox.to_sign(session, letter_ids)
    early = [x.number for x in letters if (day := session.get_one(Letter, x.id).dated_on) and day > signed_on]
    if early:
        raise UserError(f"{', '.join(early)}{NBSP}: un courrier ne se signe pas avant sa date.", field="signed_on")
    person = _person(session, signatory_id)
    # A name left to complete by hand was completed with the one of who signed.
    letters = [replace(x, printed="") if x.printed == TO_COMPLETE else x for x in letters]
    ruled = examine(person.power, letters, signed_on)
    if ruled.refused:
        raise UserError(" ".join(refusal.sentence for refusal in ruled.refused))
    files = {one.id: one for one in outbox.issued_files(session, letter_ids)}
    moment = datetime.combine(signed_on, time(12), tzinfo=UTC)
    for letter, delegation in ruled.granted:
        keep(session, letter, files[letter.id], person, delegation, way=HAND, signer=person.name, at=moment)
    return Changes.of("letter", *letter_ids, undo=Step(take_back_hand, {"letter_ids": list(letter_ids)}))


def take_back_hand(session: Session, *, letter_ids: Sequence[str]) -> Changes:
    """Take back what was recorded of a signature on paper. Raises UserError once a letter left or has a signed file."""
    for letter in outbox.to_sign(session, letter_ids):
        kept = session.scalars(select(Signature).where(Signature.letter_id == letter.id)).one_or_none()
        if kept is None or kept.way != HAND or kept.sha256 or letter.state != "signed":
            raise UserError(f"La signature du courrier {letter.number} ne se défait plus.")
        session.delete(kept)
        record(
            session,
            verb="signatures.take_back_hand",
            noun="letter",
            noun_id=letter.id,
            summary=f"Courrier {letter.number}{NBSP}: signature à la main effacée",
            before={"signer": kept.signer, "signed_at": kept.signed_at.isoformat()},
        )
    session.flush()
    return Changes.of("letter", *letter_ids)


def keep(
    session: Session,
    letter: ToSign,
    issued: IssuedFile,
    person: SignatoryRow,
    delegation: Delegation | None,
    *,
    way: str,
    signer: str,
    signed: bytes | None = None,
    at: datetime | None = None,
    accepted: Sequence[str] = (),
) -> None:
    """Write the signature of a letter that the register lets this person sign, with its file if it has one.

    ``accepted`` are the doubts that somebody took upon himself or herself, then the reason given.
    """
    sha256 = contents.keep_bytes(session, signed).sha256 if signed is not None else None
    session.add(
        Signature(
            id=new_id(session),
            letter_id=letter.id,
            way=way,
            signatory_id=person.id,
            delegation_id=delegation.id if delegation else None,
            signer=signer,
            signed_at=at or now(session),
            filename=signed_name(issued) if signed is not None else "",
            sha256=sha256,
        )
    )
    session.flush()
    by = f", {delegation.reference}" if delegation else ""
    record(
        session,
        verb="signatures.sign",
        noun="letter",
        noun_id=letter.id,
        summary=f"Courrier {letter.number}{NBSP}: {WAYS[way]}, {signer}{by}",
        after={
            "way": way,
            "signer": signer,
            "issued_sha256": issued.sha256,
            "signed_sha256": sha256,
            **({"doubts": list(accepted[:-1])} if accepted else {}),
        },
        reason=accepted[-1] if accepted else "",
    )


def signed_name(issued: IssuedFile) -> str:
    """« …_signe.pdf », beside the PDF issued."""
    return f"{Path(issued.filename).stem}_signe.pdf"


def _person(session: Session, signatory_id: str) -> SignatoryRow:
    person = signatories.row(session, signatory_id)
    if person is None:
        raise UserError("Cette personne n’est plus au registre des signataires.")
    return person


def _refuse(store: Store, actor: str, signatory_id: str, letter_ids: Sequence[str]) -> tuple[Refusal, ...]:
    """Why the rest of a batch was not signed, written in the journal: somebody tried."""
    with store.write(actor) as session:
        person = _person(session, signatory_id)
        refused = examine(person.power, outbox.to_sign(session, letter_ids), today(session)).refused
        if refused:
            count = sum(len(refusal.letters) for refusal in refused)
            record(
                session,
                verb="signatures.refuse",
                noun="signatory",
                noun_id=signatory_id,
                summary=f"Signature refusée à {person.name}{NBSP}: {counted(count, 'courrier')}",
                after=[refusal.sentence for refusal in refused],
            )
    return refused
