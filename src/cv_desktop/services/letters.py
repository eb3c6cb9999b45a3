"""Letters: which are due, what they say, their number, their file."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import LetterTemplate
from cv_desktop.db.models.completion import Completion
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.once import kept
from cv_desktop.db.queries import calls, silences
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.refusals import explained
from cv_desktop.db.store import Store
from cv_desktop.db.work import new_id, now, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.completion import due_on as completion_ends
from cv_desktop.domain.completion import points
from cv_desktop.domain.conventions import CONVENTION
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filing import mark_of
from cv_desktop.domain.letter_forms import FORMS
from cv_desktop.domain.letter_json import content_from_json, content_to_json
from cv_desktop.domain.letters import OF_OUTCOME, WITH_CONVENTION, LetterContent, Missing, told
from cv_desktop.domain.text import counted, fold, quote
from cv_desktop.services import letters_due, requests
from cv_desktop.services.applications import checks_of
from cv_desktop.services.letter_batches import foresee
from cv_desktop.services.letter_content import content_of
from cv_desktop.services.letterheads import drawn
from cv_desktop.services.letters_due import REQUEST

FOLDER = "courriers"
BEFORE_MEETING = ("AR", REQUEST, "IRR")
# What the state of a file calls for by itself; any other kind is prepared by hand and waits for nobody's leave.
_CALLED_FOR = (*BEFORE_MEETING, *OF_OUTCOME.values(), WITH_CONVENTION, CONVENTION)
# In what is given to a letter: somebody wanted it though nothing calls for it.
BY_CHOICE = "by_choice"
_BATCH = 20


@dataclass(frozen=True, slots=True)
class Issued:
    """A letter with its number and the file written for it."""

    id: str
    kind: str
    number: str
    path: Path


def prepare(session: Session, *, call_id: str, kinds: Sequence[str] = ()) -> Changes:
    """Prepare every letter that the files of a campaign call for and do not have yet.

    An acknowledgement for each deposited file, a request for what is « à compléter », a notice for
    what is « irrecevable », and one letter per decision. ``kinds`` limits them. A letter prepared
    and not issued that its file no longer calls for is put away.
    """
    due = letters_due.of_call(session, call_id)
    if kinds:
        due = {key: cause for key, cause in due.items() if key[1] in kinds}
    asked = select(Completion).join(Application, Application.id == Completion.application_id)
    causes = {row.id: row for row in session.scalars(asked.where(Application.call_id == call_id))}
    told = {row.letter_id: row.id for row in causes.values() if row.letter_id}
    present = {
        (letter.application_id, letter.kind, letter.decision_id or told.get(letter.id)): letter
        for letter in session.scalars(select(Letter).where(Letter.call_id == call_id, ~outbox.replaced()))
    }
    made: dict[tuple[str, str], Letter] = {}
    put_away: set[str] = set()
    for (application_id, kind), cause in due.items():
        if (application_id, kind, cause) in present:
            continue
        letter = Letter(
            id=new_id(session),
            call_id=call_id,
            application_id=application_id,
            decision_id=None if kind == REQUEST else cause,
            template_id=template(session, kind, call_id).id,
            kind=kind,
            state="to_read",
            prepared_at=now(session),
        )
        session.add(letter)
        made[application_id, kind] = letter
        if kind == REQUEST and cause is not None:
            session.flush()
            causes[cause].letter_id = letter.id
    for (application_id, kind, cause), letter in present.items():
        asked_for = kind not in _CALLED_FOR or (letter.given or {}).get(BY_CHOICE)
        stale = (not kinds or kind in kinds) and due.get((application_id, kind), "") != cause
        if letter.number is None and stale and not asked_for:
            put_away.add(letter.id)
            _put_away(session, letter, made.get((application_id, kind)))
    if made or put_away:
        said = (counted(len(made), "courrier préparé"), counted(len(put_away), "courrier retiré") if put_away else "")
        record(
            session,
            verb="letters.prepare",
            noun="letter",
            noun_id=call_id,
            summary=", ".join(words for words in said if words),
            source="calcul",
        )
    return Changes.of("letter", *(letter.id for letter in made.values()), *put_away)


def _put_away(session: Session, letter: Letter, following: Letter | None) -> None:
    """Delete a letter that its file no longer calls for.

    What was typed for it goes to the letter of the same kind that takes its place, else it stays in the journal.
    """
    typed, followed = letter.given, following is not None
    if following is not None and typed:
        following.given = dict(typed)
    if typed:
        file = session.get_one(Application, letter.application_id)
        label = session.get_one(LetterTemplate, letter.template_id).label
        where = "son texte passe au nouveau courrier" if followed else "son texte propre est gardé ici"
        record(
            session,
            verb="letters.put_away",
            noun="letter",
            noun_id=letter.id,
            summary=f"Courrier {quote(label)} de {file.number} retiré, son dossier ne le demande plus\u00a0: {where}",
            before=typed,
            source="calcul",
        )
    session.delete(letter)


def remaining(session: Session, *, letter_ids: Iterable[str]) -> dict[str, bool]:
    """Those of these letters that still exist: made, not put away; whether something was typed for each."""
    found = session.execute(select(Letter.id, Letter.given).where(Letter.id.in_(list(letter_ids))))
    return {key: bool(given) for key, given in found}


def not_issued(session: Session, *, call_id: str, kinds: Sequence[str] = ()) -> list[str]:
    """Keys of the letters prepared and not issued, by kind then in the order of the files; ``kinds`` limits them."""
    query = (
        select(Letter.id, Letter.kind)
        .join(Application, Application.id == Letter.application_id)
        .where(Letter.call_id == call_id, Letter.number.is_(None))
        .order_by(Application.seq)
    )
    if kinds:
        query = query.where(Letter.kind.in_(kinds))
    order = {kind: rank for rank, kind in enumerate((*_CALLED_FOR, *FORMS))}
    return [key for key, kind in sorted(session.execute(query), key=lambda row: order.get(row[1], len(order)))]


def named_kinds(session: Session, typed: Iterable[str]) -> list[str]:
    """Kinds as the templates write them, typed in any case. Raises UserError on one that no template has."""
    known = {kind.upper(): kind for kind in session.scalars(select(LetterTemplate.kind).distinct())}
    found = []
    for kind in typed:
        if kind.upper() not in known:
            raise UserError(f"Aucun courrier de type {quote(kind)}. Types connus\u00a0: {', '.join(sorted(known))}.")
        found.append(known[kind.upper()])
    return found


def compose(session: Session, *, letter_id: str, day: date | None = None) -> LetterContent:
    """What a letter says: the kept content of an issued one, else its template merged today (or on ``day``).

    Raises UserError when the letter was put away meanwhile.
    """
    letter = session.get(Letter, letter_id)
    if letter is None:
        raise UserError("Ce courrier n’existe plus : son dossier ne le demande plus.")
    if letter.content is not None:
        return content_from_json(letter.content)
    return content_of(session, letter, number="", day=day or today(session))


def missing(session: Session, *, letter_ids: Sequence[str]) -> dict[str, tuple[Missing, ...]]:
    """The empty fields of each of these letters, as they would be issued today; none for an issued one."""
    found = session.scalars(select(Letter).where(Letter.id.in_(letter_ids), Letter.number.is_(None))).all()
    day = today(session)
    with kept(session):
        rows = foresee(session, found)
        silences.foresee(session, application_ids={letter.application_id for letter in found}, day=day)
        lacking = {letter.id: content_of(session, letter, number="", day=day).missing for letter in found}
        del rows
    return lacking


def mark_read(session: Session, *, letter_id: str) -> Changes:
    """Say that a letter was re-read. Raises UserError when a field is empty: it names it and its source."""
    return mark_all(session, letter_ids=[letter_id], read=True)


def mark_all(session: Session, *, letter_ids: Sequence[str], read: bool) -> Changes:
    """Mark several letters re-read, or back to re-read. Raises UserError when one has an empty field or is issued."""
    done = "read" if read else "to_read"
    # Read as one: letters asked one by one are a question to the base each.
    known = {x.id: x for x in session.scalars(select(Letter).where(Letter.id.in_(letter_ids)))}
    moved = [key for key in letter_ids if _open(session, key).state != done]
    lacking = missing(session, letter_ids=moved) if read else {}
    for key in moved:
        if lacking.get(key):
            raise UserError(told(lacking[key]))
        _set_state(session, known[key], done)
    undo = Step(mark_all, {"letter_ids": moved, "read": not read}) if moved else None
    return Changes.of("letter", *moved, undo=undo)


def mark_unread(session: Session, *, letter_id: str) -> Changes:
    """Put a letter back among those to re-read."""
    return _set_state(session, _open(session, letter_id), "to_read")


def issue(
    store: Store,
    *,
    actor: str,
    letter_ids: Sequence[str],
    render: Callable[[LetterContent], bytes],
    progress: Callable[[int, int, str], bool] = lambda _done, _total, _name: True,
    only_read: bool = False,
) -> tuple[Changes, list[Issued]]:
    """Number, render, keep and write the letters, some twenty at a time.

    Each batch is confirmed in the base, with the content and the fingerprint of every page, before
    its files are written; a file lost in between is written again, byte for byte, by ``restore_files``.
    ``progress`` is told before each letter how many are made, and the last one; it answers False to stop:
    what is done is kept. Raises UserError when a letter has an empty field, or with ``only_read`` when nobody
    re-read it (none of its batch is then issued).
    """
    done: list[Issued] = []
    folder = store.folder / FOLDER
    with explained(folder / "x"):
        folder.mkdir(parents=True, exist_ok=True)
    name, going, files = "", True, set()
    for start in range(0, len(letter_ids), _BATCH):
        batch: list[tuple[Issued, bytes]] = []
        with store.write(actor) as session, kept(session):
            ahead = select(Letter).where(Letter.id.in_(letter_ids[start : start + _BATCH]))
            rows = foresee(session, session.scalars(ahead).all())
            for place, letter_id in enumerate(letter_ids[start : start + _BATCH], start):
                going = progress(place, len(letter_ids), name)
                if not going:
                    break
                letter = session.get_one(Letter, letter_id)
                if only_read and letter.state == "to_read":
                    raise UserError("Un de ces courriers est revenu « à relire ». Relisez-le avant de l’émettre.")
                batch.append(_issue(session, letter, folder, render))
                files.add(letter.application_id)
                name = batch[-1][0].path.name
            del rows
        for issued, pdf in batch:
            write_file(issued.path, pdf)
            done.append(issued)
        if not going:
            break
    progress(len(done), len(letter_ids), name)
    return Changes.of("letter", *(i.id for i in done)) | Changes.of("application", *files), done


def restore_files(store: Store, render: Callable[[LetterContent], bytes]) -> list[str]:
    """Write again the issued letters whose file is absent; clear what an interrupted writing left.

    Gives the numbers of the letters whose file does not hold what was issued: it was altered, or
    this program renders it otherwise.
    """
    folder = store.folder / FOLDER
    altered = []
    query = select(Letter.number, Letter.filename, Letter.sha256, Letter.content)
    with store.read() as session:
        issued = session.execute(query.where(Letter.number.is_not(None)).order_by(Letter.number)).all()
    with explained(folder / "x"):
        if issued:
            folder.mkdir(exist_ok=True)
        for partial in folder.glob("*.part"):
            partial.unlink()
    for number, filename, sha256, content in issued:
        path = folder / str(filename)
        if path.exists():
            found = path.read_bytes()
        else:
            found = drawn(store.folder, content_from_json(content or {}), render)
            if hashlib.sha256(found).hexdigest() == sha256:
                write_file(path, found)
        if hashlib.sha256(found).hexdigest() != sha256:
            altered.append(str(number))
    return altered


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a temporary name, synchronised, then put in place."""
    partial = path.with_name(path.name + ".part")
    with explained(path):
        try:
            with partial.open("wb") as handle:
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
            partial.replace(path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise


def template(session: Session, kind: str, call_id: str) -> LetterTemplate:
    """The text of a kind of letter in a campaign: its own if it has one, else the general one; the newest version.

    Raises UserError when the base has no text of that kind.
    """
    own = LetterTemplate.call_id == call_id
    found = session.scalars(
        select(LetterTemplate)
        .where(LetterTemplate.kind == kind, own | LetterTemplate.call_id.is_(None))
        .order_by(own.desc().nulls_last(), LetterTemplate.version.desc())
        .limit(1)
    ).first()
    if found is None:
        raise UserError(f"Aucun modèle de courrier «\u00a0{kind}\u00a0» dans cette base. Rédigez-le dans les réglages.")
    return found


def _open(session: Session, letter_id: str) -> Letter:
    letter = session.get_one(Letter, letter_id)
    if letter.number is not None:
        raise UserError(f"Le courrier {letter.number} est émis : il ne change plus.")
    return letter


def _set_state(session: Session, letter: Letter, state: str) -> Changes:
    before, letter.state = letter.state, state
    words = {"read": "relu", "to_read": "à relire"}
    record(
        session,
        verb="letters.set_state",
        noun="letter",
        noun_id=letter.id,
        summary=f"Courrier {letter.kind} : {words[state]}",
        before=before,
        after=state,
    )
    verb = mark_read if before == "read" else mark_unread
    return Changes.of("letter", letter.id, undo=Step(verb, {"letter_id": letter.id}))


def _issue(
    session: Session, letter: Letter, folder: Path, render: Callable[[LetterContent], bytes]
) -> tuple[Issued, bytes]:
    if letter.number is not None:
        raise UserError(f"Le courrier {letter.number} est déjà émis.")
    day = today(session)
    seq = (session.scalar(select(func.max(Letter.seq)).where(Letter.year == day.year)) or 0) + 1
    number = f"CO-{day.year}-{seq:04d}"
    content = content_of(session, letter, number=number, day=day)
    content = replace(content, mark=mark_of(letter.id, number, content.dated_on))
    if not content.complete:
        raise UserError(f"{told(content.missing)} Aucun courrier de ce groupe n’est émis.")
    pdf = drawn(folder.parent, content, render)
    file = session.get_one(Application, letter.application_id)
    letter.state, letter.year, letter.seq, letter.number = "issued", day.year, seq, number
    letter.dated_on, letter.issued_at = day, now(session)
    letter.content = content_to_json(content)
    letter.sha256 = hashlib.sha256(pdf).hexdigest()
    label = _slug(session.get_one(LetterTemplate, letter.template_id).label)
    letter.filename = (
        f"{day.isoformat()}_{number}_{label}_{_slug(session.get_one(Structure, file.structure_id).name)}.pdf"
    )
    if letter.kind == REQUEST:
        asked = points(checks_of(session, application_id=file.id))
        due_on = completion_ends(day, calls.rules(session, file.call_id))
        requests.send(session, letter.id, day=day, due_on=due_on, points=asked)
    session.flush()
    record(
        session,
        verb="letters.issue",
        noun="letter",
        noun_id=letter.id,
        summary=f"Courrier {number} ({letter.kind}) émis pour {file.number}",
        after={"number": number, "sha256": letter.sha256, "template": letter.template_id},
    )
    return Issued(letter.id, letter.kind, number, folder / letter.filename), pdf


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:40].rstrip("-")
