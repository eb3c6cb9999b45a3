"""The register of signatories: who signs, under which quality, with which image."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.signatory import Delegation, Signatory, Signature
from cv_desktop.db.work import new_id, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP
from cv_desktop.services import contents

# What a new base prints until somebody names the signatory; « à valider » on screen.
FIRST_QUALITY = "Le Président de la Communauté\nd’agglomération Melun Val de Seine,"
LABELS = {
    "name": "prénom et nom",
    "quality": "qualité",
    "own_power": "signe sans délégation",
    "active": "signe encore",
    "position": "rang",
}


def begin(session: Session) -> None:
    """The first line of a register that has none: a quality without a name."""
    if session.scalar(select(Signatory.id).limit(1)) is None:
        first = _new(session, name="", quality=FIRST_QUALITY, own_power=True)
        session.add(Signatory(**first))


def add(session: Session) -> tuple[Changes, str]:
    """Somebody who signs, still to be named: nothing prints an invented name. Gives the key."""
    whole = _new(session, name="", quality=FIRST_QUALITY, own_power=False)
    return _restore(session, values=whole), str(whole["id"])


def change(session: Session, *, signatory_id: str, values: Mapping[str, Any]) -> Changes:
    """Write the name, the quality, the power of one's own, or whether he or she still signs.

    Raises UserError on an empty name or quality, and when nobody would sign any more.
    """
    person = session.get_one(Signatory, signatory_id)
    read = _read(values)
    before = {key: getattr(person, key) for key in read}
    for key, value in read.items():
        setattr(person, key, value)
    session.flush()
    if not session.scalar(select(Signatory.id).where(Signatory.active).limit(1)):
        raise UserError(f"Il faut une personne qui signe{NBSP}: ajoutez-en une autre avant de retirer {person.name}.")
    changed = ", ".join(LABELS[key] for key in read if before[key] != read[key])
    record(
        session,
        verb="signatories.change",
        noun="signatory",
        noun_id=signatory_id,
        summary=f"Signataire {person.name or 'sans nom'}{NBSP}: {changed or 'inchangé'}",
        before=before,
        after=read,
    )
    return _touched(signatory_id, Step(change, {"signatory_id": signatory_id, "values": before}))


def put_first(session: Session, *, signatory_id: str) -> Changes:
    """The letters to come print this person: he or she comes first in the register. Raises UserError without a name."""
    if not session.get_one(Signatory, signatory_id).name:
        raise UserError("Écrivez d’abord le prénom et le nom de cette personne.", field="name")
    first = session.scalar(select(func.min(Signatory.position))) or 0
    return change(session, signatory_id=signatory_id, values={"position": first - 1, "active": True})


def set_image(session: Session, *, signatory_id: str, path: Path) -> Changes:
    """Keep the image of a signature. Raises UserError when it is no PNG or JPEG, or weighs more than 5 MB."""
    kept = contents.receive_image(session, path, "la signature")
    return _put_image(session, signatory_id=signatory_id, name=path.name, sha256=kept.sha256)


def clear_image(session: Session, *, signatory_id: str) -> Changes:
    """Take the image off; the letters signed with it keep theirs."""
    return _put_image(session, signatory_id=signatory_id, name="", sha256=None)


def remove(session: Session, *, signatory_id: str) -> Changes:
    """Take somebody out of the register. Raises UserError once a letter or a delegation names him or her."""
    person = session.get_one(Signatory, signatory_id)
    if session.scalar(select(Signature.id).where(Signature.signatory_id == signatory_id).limit(1)):
        raise UserError(f"{person.name} a signé des courriers{NBSP}: décochez «{NBSP}Signe encore{NBSP}» plutôt que de "
                        "retirer la personne.")  # fmt: skip
    if session.scalar(select(Delegation.id).where(Delegation.signatory_id == signatory_id).limit(1)):
        raise UserError(f"{person.name} a une délégation{NBSP}: retirez-la d’abord.")
    others = select(Signatory.id).where(Signatory.active, Signatory.id != signatory_id).limit(1)
    if session.scalar(others) is None:
        raise UserError(f"Il faut une personne qui signe{NBSP}: ajoutez-en une autre avant de retirer {person.name}.")
    kept = {column.key: getattr(person, column.key) for column in Signatory.__table__.columns}
    session.delete(person)
    session.flush()
    record(
        session,
        verb="signatories.remove",
        noun="signatory",
        noun_id=signatory_id,
        summary=f"Signataire {person.name} retiré du registre",
        before=kept,
    )
    return _touched(signatory_id, Step(_restore, {"values": kept}))


def _restore(session: Session, *, values: dict[str, Any]) -> Changes:
    session.add(Signatory(**values))
    session.flush()
    record(
        session,
        verb="signatories.add",
        noun="signatory",
        noun_id=values["id"],
        summary=f"Signataire {values['name']} au registre",
        after=values,
    )
    return _touched(values["id"], Step(remove, {"signatory_id": values["id"]}))


def _put_image(session: Session, *, signatory_id: str, name: str, sha256: str | None) -> Changes:
    person = session.get_one(Signatory, signatory_id)
    before = {"name": person.image_name, "sha256": person.image_sha256}
    person.image_name, person.image_sha256 = name, sha256
    record(
        session,
        verb="signatories.set_image",
        noun="signatory",
        noun_id=signatory_id,
        summary=f"Signataire {person.name}{NBSP}: image de signature {'choisie' if sha256 else 'retirée'}",
        before=before,
        after={"name": name, "sha256": sha256},
    )
    return _touched(signatory_id, Step(_put_image, {"signatory_id": signatory_id, **before}))


def _new(session: Session, **values: Any) -> dict[str, Any]:
    last = session.scalar(select(func.max(Signatory.position)))
    return {
        "id": new_id(session),
        "position": 0 if last is None else last + 1,
        "active": True,
        "image_name": "",
        "image_sha256": None,
        **values,
    }


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    read = dict(values)
    if "name" in read:
        read["name"] = " ".join(str(read["name"]).split())
        if " " not in read["name"]:
            raise UserError("Écrivez le prénom puis le nom, par exemple Dominique Exemple.", field="name")
    if "quality" in read:
        lines = [" ".join(line.split()) for line in str(read["quality"]).splitlines()]
        read["quality"] = "\n".join(line for line in lines if line)
        if not read["quality"]:
            raise UserError("Écrivez la qualité telle qu’elle est imprimée, par exemple «\u00a0Le Président,\u00a0».",
                            field="quality")  # fmt: skip
    return read


def _touched(signatory_id: str, undo: Step) -> Changes:
    # The letters print the first of them: what they say is asked again.
    touched = Changes.of("signatory", signatory_id) | Changes.of("settings", "signatory_name")
    return Changes(touched.touched, undo)
