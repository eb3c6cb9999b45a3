"""The sending of letters: how they left, when they arrived. A letter that left never changes again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.signatory import Dispatch
from cv_desktop.db.queries import calls
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.work import new_id, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import long_date, short_date
from cv_desktop.domain.delegations import SHOWN
from cv_desktop.domain.dispatches import CHANNELS, HAND, check_receipt, registered_number, reminder_on
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.text import NBSP
from cv_desktop.services import contents

_WHY = {
    "to_read": "n’est pas émis",
    "read": "n’est pas émis",
    "sent": "est déjà envoyé",
    "replaced": "est annulé et remplacé",
}


def send(
    session: Session,
    *,
    letter_ids: Sequence[str],
    channel: str,
    sent_on: date,
    registered: Mapping[str, str] = {},
    proof: Path | None = None,
) -> Changes:
    """Record that letters left, all by the same channel on the same day.

    ``registered`` gives the number of registered mail by key of letter, ``proof`` a file that proves the sending, kept
    by its content. What is handed over is received the same day. Raises UserError when a letter cannot leave (it says
    which and why), or on a day or a number that cannot be.
    """
    if channel not in CHANNELS:
        raise UserError("Choisissez comment ces courriers sont partis.", field="channel")
    if sent_on > today(session):
        raise UserError(f"Le {long_date(sent_on)} n’est pas encore venu.", field="sent_on")
    letters = outbox.to_sign(session, letter_ids)
    blocked = [f"{x.number or x.short} {_WHY[x.state]}" for x in letters if x.state in _WHY]
    if blocked:
        more = f" et {len(blocked) - SHOWN} autres" if len(blocked) > SHOWN else ""
        raise UserError(f"Rien n’est marqué{NBSP}: {', '.join(blocked[:SHOWN])}{more}.")
    kept = contents.receive(session, proof) if proof else None
    rules = _rules_of(session)
    files = set()
    for letter in letters:
        row = session.get_one(Letter, letter.id)
        files.add(row.application_id)
        if row.dated_on and sent_on < row.dated_on:
            raise UserError(
                f"{letter.number} est daté du {long_date(row.dated_on)}{NBSP}: il n’est pas parti avant.",
                field="sent_on",
            )
        received = sent_on if channel == HAND else None
        number = registered_number(registered.get(letter.id, ""))
        session.add(
            Dispatch(
                id=new_id(session),
                letter_id=letter.id,
                channel=channel,
                sent_on=sent_on,
                registered_number=number,
                proof_name=proof.name if proof else "",
                proof_sha256=kept.sha256 if kept else None,
                received_on=received,
                reminder_on=None if received else reminder_on(sent_on, rules(row.call_id)),
            )
        )
        session.flush()
        record(
            session,
            verb="dispatches.send",
            noun="letter",
            noun_id=letter.id,
            summary=f"Courrier {letter.number} envoyé le {long_date(sent_on)}{NBSP}: {CHANNELS[channel].lower()}"
            + (f", n°{NBSP}{number}" if number else ""),
            after={"channel": channel, "sent_on": sent_on.isoformat(), "registered_number": number,
                   "proof_sha256": kept.sha256 if kept else None},
        )  # fmt: skip
    return Changes.of("letter", *letter_ids) | Changes.of("application", *files)


def receive(session: Session, *, dates: Mapping[str, date | None]) -> Changes:
    """Write the day at which each letter (by key) was received, None to take one back; all of them or none.

    The delay to appeal runs from it. Raises UserError when a letter did not leave, or could not arrive that day.
    """
    before: dict[str, date | None] = {}
    rules, files = _rules_of(session), set()
    for key, day in dates.items():
        sent = session.scalars(select(Dispatch).where(Dispatch.letter_id == key)).one_or_none()
        letter = session.get_one(Letter, key)
        if sent is None:
            raise UserError(f"{letter.number or 'Ce courrier'} n’est pas marqué envoyé{NBSP}: marquez-le d’abord.")
        if day is not None:
            check_receipt(day, sent.sent_on, today(session))
        before[key] = sent.received_on
        sent.received_on = day
        sent.reminder_on = None if day else reminder_on(sent.sent_on, rules(letter.call_id))
        files.add(letter.application_id)
        session.flush()
        record(
            session,
            verb="dispatches.receive",
            noun="letter",
            noun_id=key,
            summary=f"Courrier {letter.number} reçu le {long_date(day)}" if day else f"Courrier {letter.number}{NBSP}: "
            "date de réception effacée",
            before=before[key] and short_date(before[key]),
            after=day and short_date(day),
        )  # fmt: skip
    touched = Changes.of("letter", *dates) | Changes.of("application", *files)
    return Changes(touched.touched, Step(receive, {"dates": before}))


def take_back(session: Session, *, letter_ids: Sequence[str], reason: str) -> Changes:
    """Take back « envoyé » from letters marked by mistake. Raises UserError without a reason of ten characters."""
    why = required_reason(reason)
    files = set()
    for sent in session.scalars(select(Dispatch).where(Dispatch.letter_id.in_(letter_ids))):
        letter = session.get_one(Letter, sent.letter_id)
        files.add(letter.application_id)
        record(
            session,
            verb="dispatches.take_back",
            noun="letter",
            noun_id=letter.id,
            summary=f"Courrier {letter.number}{NBSP}: n’est plus marqué envoyé",
            before={"channel": sent.channel, "sent_on": sent.sent_on.isoformat(),
                    "received_on": sent.received_on and sent.received_on.isoformat()},
            reason=why,
        )  # fmt: skip
        session.delete(sent)
    session.flush()
    return Changes.of("letter", *letter_ids) | Changes.of("application", *files)


def _rules_of(session: Session) -> Callable[[str], Rules]:
    """The règlement of a campaign, read once for all the letters of a batch."""
    return cache(lambda call_id: calls.rules(session, call_id))
