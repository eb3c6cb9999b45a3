"""A bad signed copy is taken off before the letter leaves: it waits for another signature, and both are kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db import pieces
from cv_desktop.db.models.convention import Convention
from cv_desktop.db.models.scan import ScanPage
from cv_desktop.db.models.signatory import Signature
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.refusals import explained
from cv_desktop.db.work import now, once_kept, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.text import NBSP
from cv_desktop.services.letters import FOLDER, write_file
from cv_desktop.services.scan_filing import take_away
from cv_desktop.services.signatures import WAYS

_LEFT = {
    "sent": f"est déjà parti{NBSP}: un courrier envoyé ne change plus. Annulez-le et remplacez-le.",
    "replaced": "est annulé et remplacé.",
}


def withdraw(session: Session, *, letter_ids: Sequence[str], reason: str) -> Changes:
    """Take the signed copy off letters that did not leave: they wait for a signature again.

    The copy stays in the base by its content; its fingerprint and who signed it, in the journal, with the reason. The
    next signature is another one, with its own fingerprint. Raises UserError without a reason of ten signs, when a
    letter left or was replaced or is not signed, or when a convention is recorded as signed by it.
    """
    why = required_reason(reason, "du remplacement")
    kept = {one.letter_id: one for one in session.scalars(select(Signature).where(Signature.letter_id.in_(letter_ids)))}
    back: list[dict[str, Any]] = []
    for letter in outbox.to_sign(session, letter_ids):
        signature = kept.get(letter.id)
        if left := _LEFT.get(letter.state, "" if signature else "n’a pas d’exemplaire signé."):
            raise UserError(f"{letter.number or letter.short} {left}")
        if session.scalars(select(Convention.id).where(Convention.letter_id == letter.id)).first():
            raise UserError(
                f"La convention {letter.number} est enregistrée comme signée{NBSP}: défaites d’abord cet "
                "enregistrement dans son dossier."
            )
        assert signature is not None
        back.append(_take_off(session, signature, letter.number, why))
    ids = [one["signature"]["letter_id"] for one in back]
    undo = Step(put_back, {"taken": back, "reason": why})
    return Changes((Changes.of("letter", *ids) | Changes.of("scan", "*")).touched, undo)


def put_back(session: Session, *, taken: Sequence[dict[str, Any]], reason: str) -> Changes:
    """Give letters back the signed copy that was taken off. Raises UserError when one was signed again since."""
    folder = pieces.folder_of(session)
    for one in taken:
        values = one["signature"]
        (letter,) = outbox.to_sign(session, [values["letter_id"]])
        if letter.state != "issued":
            raise UserError(
                f"{letter.number} a été signé de nouveau, ou est parti{NBSP}: l’ancien exemplaire reste retiré."
            )
        session.add(Signature(**values))
        for page in session.scalars(select(ScanPage).where(ScanPage.id.in_(one["pages"]))):
            page.state, page.letter_id, page.reason = "filed", letter.id, ""
        session.flush()
        if values["sha256"]:
            path = folder / FOLDER / values["filename"]
            with explained(path):
                path.parent.mkdir(exist_ok=True)
            once_kept(session, partial(write_file, path, pieces.place(folder, values["sha256"]).read_bytes()))
        record(
            session,
            verb="signed_copies.put_back",
            noun="letter",
            noun_id=letter.id,
            summary=f"Courrier {letter.number}{NBSP}: exemplaire signé rétabli, {values['signer']}",
            after={"signed_sha256": values["sha256"]},
        )
    ids = [one["signature"]["letter_id"] for one in taken]
    undo = Step(withdraw, {"letter_ids": ids, "reason": reason})
    return Changes((Changes.of("letter", *ids) | Changes.of("scan", "*")).touched, undo)


def _take_off(session: Session, signature: Signature, number: str, why: str) -> dict[str, Any]:
    values = {column.key: getattr(signature, column.key) for column in Signature.__table__.columns}
    pages = session.scalars(select(ScanPage).where(ScanPage.letter_id == signature.letter_id)).all()
    by_scan = signature.way == "hand"
    for page in pages if by_scan else ():
        page.state, page.letter_id, page.reason, page.settled_at = "dismissed", None, why, now(session)
    beside = pieces.folder_of(session) / FOLDER / signature.filename
    if signature.sha256:
        once_kept(session, partial(take_away, beside, signature.sha256))
    session.delete(signature)
    session.flush()
    record(
        session,
        verb="signed_copies.withdraw",
        noun="letter",
        noun_id=signature.letter_id,
        summary=f"Courrier {number}{NBSP}: exemplaire signé retiré ({WAYS[values['way']]}, {values['signer']})",
        before={
            "way": values["way"],
            "signer": values["signer"],
            "signed_at": values["signed_at"].isoformat(),
            "signed_sha256": values["sha256"],
        },
        reason=why,
    )
    return {"signature": values, "pages": [page.id for page in pages] if by_scan else []}
