"""Who signed a letter that comes back on paper, as its page names it: held against the register of signatories."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import Letter
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.queries import signatories as register
from cv_desktop.domain.delegations import INSTRUCTION, TO_COMPLETE, Delegation, ToSign, name_of, outside, throughout

_SAY = "Dites qui l’a signé et quel jour, puis classez cette page."


@dataclass(frozen=True, slots=True)
class HandSigner:
    """Who is printed under a letter. ``signatory_id`` is None for an agent whom no register needs; ``why`` refuses."""

    name: str = ""
    signatory_id: str | None = None
    delegation: Delegation | None = None
    why: str = ""


def printed(session: Session, letter_ids: Collection[str], *, day: date) -> dict[str, HandSigner]:
    """Who may be held to have signed each of these letters, on a day between its own and ``day``.

    The person printed under it, when the register lets him or her sign it on every one of those days. A letter that
    decides nothing may be signed by an agent whom the register does not name.
    """
    people = [person for person in register.rows(session) if person.name.strip()]
    dates = dict(session.execute(select(Letter.id, Letter.dated_on).where(Letter.id.in_(letter_ids))).all())
    found = {}
    for letter in outbox.to_sign(session, list(letter_ids)):
        letter = unsent(letter)
        person = next((one for one in people if name_of(one.name) == name_of(letter.printed)), None)
        unnamed = letter.printed in ("", TO_COMPLETE)
        if unnamed and letter.kind not in INSTRUCTION:
            found[letter.id] = HandSigner(why=f"Le courrier {letter.number} ne nomme pas qui signe. {_SAY}")
        elif person is not None:
            delegation, why = throughout(person.power, letter, dates[letter.id] or day, day)
            found[letter.id] = HandSigner(letter.printed, person.id, delegation, f"{why} {_SAY}" if why else "")
        elif letter.kind in INSTRUCTION:
            found[letter.id] = HandSigner("" if unnamed else letter.printed)
        else:
            found[letter.id] = HandSigner(why=outside(letter.printed, None))
    return found


def unsent(letter: ToSign) -> ToSign:
    """The letter as it was when it was signed: its copy may come back once it has left."""
    return replace(letter, state="issued") if letter.state in ("sent", "signed") else letter
