"""An example campaign, from the deposit file to the letters: invented, on a fixed day, the same twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy.orm import Session

from cv_desktop.db.queries import applications as files
from cv_desktop.db.queries import calls as campaigns
from cv_desktop.db.queries import meetings as rooms
from cv_desktop.db.queries import presence as rooms_of
from cv_desktop.db.queries import scenarios, scores, suspicions
from cv_desktop.db.queries import signatories as registered
from cv_desktop.db.store import NAME, Store, require_closed
from cv_desktop.db.work import NewId, random_id
from cv_desktop.documents.sheet_read import read_workbook
from cv_desktop.domain.allocation import rounded_share
from cv_desktop.domain.deposits import read_deposits
from cv_desktop.domain.grid import Grid
from cv_desktop.domain.hours import moment_of
from cv_desktop.domain.letters import LetterContent
from cv_desktop.domain.states import DisplayedStatus, Opinion
from cv_desktop.domain.votes import Votes
from cv_desktop.services import (
    applications,
    calls,
    closing,
    decisions,
    imports,
    letters,
    links,
    meetings,
    presence,
    proposals,
    reference,
    reviews,
    settings,
    signatories,
    vocabulary,
)
from cv_desktop.services import members as committee_members
from cv_desktop.services import opinions as verdicts
from cv_desktop.services.import_plan import Plan

ACTOR = "Camille Témoin"
MOMENT = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
CODE, ENVELOPE_CENTS, RATE = "FIA-2026", 30_000_00, 80
MEETING_DAY, ACT_DAY, PUBLISHED_DAY = date(2026, 4, 9), date(2026, 4, 14), date(2026, 4, 15)
MEMBERS = (
    ("Alix Exemple", "Ville de Melun"),
    ("Bénédicte Témoin", "Ville du Mée-sur-Seine"),
    ("Charlie Modèle", "Ville de Dammarie-lès-Lys"),
    ("Dominique Témoin", "CAF 77"),
    ("Élie Modèle", "État, délégué du préfet"),
    ("Farida Exemple", "Représentante des habitants"),
)
SERVICE = {
    "agent_name": ACTOR,
    "agent_quality": "chargée de mission",
    "phone": "01 99 00 12 34",
    "email": "politique.ville@exemple.invalid",
    "dpo": "dpo@exemple.invalid",
}
SIGNATORY = "Dominique Exemple"
RECUSED = 2
MEETING_HOUR, AFTER_ALL = time(14, 0), 16  # ten minutes for each of the fifteen files, and ten more
PRESIDENT = "Alix Exemple"
RESERVES = "Le budget détaillé de l’action est remis avant le premier versement."
ASKED = "Un calendrier des séances et le nombre d’habitants du quartier attendus."
Render = Callable[[LetterContent], bytes]


@dataclass(slots=True)
class Story:
    """Where the demonstration stands: the keys of what it made."""

    call_id: str = ""
    member_ids: tuple[str, ...] = ()
    meeting_id: str = ""
    lot_id: str = ""


def clock() -> datetime:
    """The fixed moment of the demonstration: 15 April 2026, 10 h in Paris."""
    return MOMENT


def ids() -> NewId:
    """Keys in a fixed sequence, so that two runs make the same base."""
    numbers = count(1)
    return lambda: f"{next(numbers):032x}"


def open_base(folder: Path, new_id: NewId | None = None) -> Store:
    """A new base in ``folder``, on the fixed clock; the base of an earlier demonstration there is replaced.

    Raises Unavailable when that one is open.
    """
    if (folder / NAME).exists():
        require_closed(folder / NAME)
    clear(folder)
    folder.mkdir(parents=True, exist_ok=True)
    Store.open(folder / NAME, create=True).close()
    return reopen(folder, new_id or ids())


def clear(folder: Path) -> None:
    """Take away what a demonstration left in ``folder``."""
    for left in (*folder.glob(f"{Path(NAME).stem}.*"), *folder.glob(f"{letters.FOLDER}/*.pdf")):
        left.unlink()


def reopen(folder: Path, new_id: NewId = random_id) -> Store:
    """The base of a demonstration under way, its clock and its keys going on."""
    return Store.open(folder / NAME, clock=clock, new_id=new_id, station="Démonstration", actor=ACTOR)


def campaign(store: Store, story: Story) -> None:
    """Reference tables, the service, and the campaign « FIA 2026 » with its envelope."""
    with store.write(ACTOR) as session:
        reference.load(session)
        for key, value in SERVICE.items():
            settings.set_value(session, key=key, value=value)
        for first in registered.rows(session):
            signatories.change(session, signatory_id=first.id, values={"name": SIGNATORY})
        _changes, story.call_id = calls.create(
            session, code=CODE, scheme="FIA", year=2026, envelope_cents=ENVELOPE_CENTS, example=True
        )


def deposits(store: Store, story: Story, workbook: Path) -> Plan:
    """Read the deposit workbook and import it; gives what was planned."""
    with store.read() as session:
        known = imports.known_quarters(session)
    intake = read_deposits(read_workbook(workbook), vocabulary.deposits(), known)
    with store.read() as session:
        plan = imports.plan(session, call_id=story.call_id, intake=intake)
    digest = hashlib.sha256(workbook.read_bytes()).hexdigest()
    with store.write(ACTOR) as session:
        imports.run(session, call_id=story.call_id, intake=intake, filename=workbook.name, sha256=digest)
    return plan


def examine(store: Store, story: Story) -> None:
    """Make the passages that the checks dictate."""
    with store.write(ACTOR) as session:
        applications.examine(session, call_id=story.call_id)


def members(store: Store, story: Story) -> None:
    """Six members, and one déport on the third eligible file."""
    eligible = _eligible(store, story)
    with store.write(ACTOR) as session:
        story.member_ids = tuple(
            committee_members.add(session, call_id=story.call_id, name=name, body=body)[1] for name, body in MEMBERS
        )
        if len(eligible) > RECUSED:
            meetings.declare_recusal(
                session,
                member_id=story.member_ids[0],
                application_id=eligible[RECUSED].id,
                reason="Membre du bureau de l’association, lien déclaré.",
            )


def sheets(
    store: Store, story: Story, positions: Iterable[int], *, until: int | None = None, criteria: int = 0
) -> None:
    """The members at these positions mark and return the sheets they still have to.

    ``until`` stops after so many files of the queue; the next one then gets its first ``criteria`` marks only.
    """
    with store.read() as session:
        grid = campaigns.grid(session, story.call_id).grid
        queues = {
            position: rooms.queue(session, call_id=story.call_id, member_id=story.member_ids[position])[0]
            for position in positions
        }
    for position, queue in queues.items():
        with store.write(MEMBERS[position][0]) as session:
            for rank, row in enumerate(queue if until is None else queue[: until + 1]):
                if row.state == "returned":
                    continue
                codes = grid.codes[:criteria] if rank == until else grid.codes
                _mark(session, grid, row.application_id, row.number, story.member_ids[position], position, codes)
                if rank != until:
                    reviews.hand_in(session, application_id=row.application_id, member_id=story.member_ids[position])


def committee(store: Store, story: Story) -> None:
    """The members, and all their sheets."""
    members(store, story)
    sheets(store, story, range(len(MEMBERS)))


def convene(store: Store, story: Story) -> None:
    """The meeting, everybody present, the sheets revealed."""
    with store.write(ACTOR) as session:
        _changes, story.meeting_id = meetings.create(
            session,
            call_id=story.call_id,
            label="Comité FIA n° 1",
            held_on=MEETING_DAY,
            starts_at=MEETING_HOUR,
            place="Salle du conseil",
        )
        for name, value in (("president", PRESIDENT), ("secretary", ACTOR)):
            meetings.set_detail(session, meeting_id=story.meeting_id, name=name, value=value)
    with store.write(ACTOR) as session:
        for member in story.member_ids:
            presence.enter(session, meeting_id=story.meeting_id, member_id=member, at=_after(0))
        meetings.open_meeting(session, meeting_id=story.meeting_id)
        meetings.reveal(session, meeting_id=story.meeting_id)


def opinions(store: Store, story: Story, left: int = 0) -> None:
    """One collective opinion per file without one, the last ``left`` apart: its band's, the weakest file adjourned."""
    with store.read() as session:
        notes = scores.committees(session, call_id=story.call_id)
        step = campaigns.rules(session, story.call_id).cents("rounding_step") or 1
        agenda = rooms.agenda(session, meeting_id=story.meeting_id)
    weakest = min(agenda, key=lambda f: (notes[f.application_id].note or 0, f.number)) if len(agenda) > 1 else None
    with store.write(ACTOR) as session:
        for file in agenda[: len(agenda) - left]:
            if file.opinion is not None:
                continue
            band = notes[file.application_id].band
            opinion = next(o for o in Opinion if band is not None and o.band == band.expected)
            given = Opinion.ADJOURNED if file is weakest else opinion
            key = {"meeting_id": story.meeting_id, "application_id": file.application_id}
            away = rooms_of.room(session, **key).to_leave
            for seat in away:
                presence.leave(session, **key, member_id=seat.id, at=_after(file.position))
            verdicts.give(
                session,
                **key,
                opinion=given.value,
                amount_cents=rounded_share(file.asked_cents, RATE, step),
                votes=Votes(len(rooms_of.room(session, **key).voices), 0, 0),
                reserves=RESERVES if given is Opinion.RESERVED else None,
                asked=ASKED if given is Opinion.ADJOURNED else None,
            )
            for seat in away:
                presence.enter(session, meeting_id=story.meeting_id, member_id=seat.id, at=_after(file.position + 1))


def meeting(store: Store, story: Story) -> None:
    """The meeting from its opening to its closing."""
    convene(store, story)
    opinions(store, story)
    close(store, story)


def close(store: Store, story: Story) -> None:
    """The end of the meeting: everybody leaves, the notes are frozen."""
    with store.write(ACTOR) as session:
        for member in story.member_ids:
            presence.leave(session, meeting_id=story.meeting_id, member_id=member, at=_after(AFTER_ALL))
        closing.close(session, meeting_id=story.meeting_id)


def arbitration(store: Store, story: Story) -> None:
    """Each possible link is answered; then amounts in the strict order of the notes, skipping what does not fit."""
    with store.read() as session:
        possible = suspicions.rows(session, call_id=story.call_id)
    with store.write(ACTOR) as session:
        for row in possible:
            links.dismiss(
                session,
                member_id=row.member_id,
                structure_id=row.structure_id,
                reason="Homonyme\u00a0: seule l’initiale concorde, vérifié auprès du membre.",
                evidence=row.evidence,
            )
        scenario = scenarios.retained(session, call_id=story.call_id)
        proposals.propose(session, scenario_id=scenario, rate=RATE)


def vote(store: Store, story: Story) -> None:
    """The lot and its act: amounts become decisions."""
    with store.write(ACTOR) as session:
        scenario = scenarios.retained(session, call_id=story.call_id)
        _changes, story.lot_id = decisions.submit(session, scenario_id=scenario, label="Lot du 14 avril 2026")
        session.flush()
        decisions.record_act(
            session,
            lot_id=story.lot_id,
            body="Bureau communautaire",
            number="2026-B-014",
            act_on=ACT_DAY,
            sent_to_prefect_on=PUBLISHED_DAY,
            published_on=PUBLISHED_DAY,
        )


def correspondence(store: Store, story: Story, render: Render) -> list[letters.Issued]:
    """Prepare and issue every letter the campaign calls for at this moment."""
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id)
    with store.read() as session:
        ready = letters.not_issued(session, call_id=story.call_id)
    return letters.issue(store, actor=ACTOR, letter_ids=ready, render=render)[1]


def _after(files: int) -> datetime:
    """The hour at which so many files have been heard."""
    return moment_of(MEETING_DAY, MEETING_HOUR) + timedelta(minutes=10 * files)


def _eligible(store: Store, story: Story) -> list[files.ApplicationRow]:
    with store.read() as session:
        rows = files.rows(session, call_id=story.call_id)
    return [r for r in rows if r.status in (DisplayedStatus.ELIGIBLE, DisplayedStatus.IN_MEETING)]


def _mark(
    session: Session,
    grid: Grid,
    application_id: str,
    number: str,
    member_id: str,
    position: int,
    codes: Sequence[str],
) -> None:
    """Marks drawn from the file's number: the same file always gets the same ones, around a quality of its own."""
    quality = 5 + _draw(number) % 4  # in quarters of a level, so that notes lie between 45 and 85
    for criterion in grid.criteria:
        if criterion.code not in codes:
            continue
        lean = (_draw(number, criterion.code) % 3) + (_draw(number, criterion.code, str(position)) % 3)
        level = max(1, min(grid.scale, (quality + lean) // 4))
        reviews.set_mark(
            session, application_id=application_id, member_id=member_id, criterion=criterion.code, level=level
        )
        if level in grid.comment_levels:
            reviews.set_comment(
                session,
                application_id=application_id,
                member_id=member_id,
                criterion=criterion.code,
                text=next((x.text for x in criterion.levels if x.value == level), criterion.label),
            )


def _draw(*parts: str) -> int:
    return hashlib.sha256("/".join(parts).encode()).digest()[0]
