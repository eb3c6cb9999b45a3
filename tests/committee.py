"""A base with a campaign, its eligible files and a committee: what the meetings and the sheets start from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from cv_desktop.db.queries import applications as application_queries
from cv_desktop.db.queries import calls as call_queries
from cv_desktop.db.store import Store
from cv_desktop.documents.sheet_read import read_workbook
from cv_desktop.domain.deposits import read_deposits
from cv_desktop.paths import resource
from cv_desktop.services import applications, calls, imports, meetings, presence, reference, reviews, vocabulary
from cv_desktop.services import members as seats

ACTOR = "Camille Témoin"
NAMES = (
    ("Alix Exemple", "Ville de Melun"),
    ("Béatrice Témoin", "Ville du Mée-sur-Seine"),
    ("Charlie Modèle", "Ville de Dammarie-lès-Lys"),
    ("Dominique Modèle", "Caisse d’allocations familiales"),
    ("Élie Témoin", "État, délégué du préfet"),
    ("Fanny Exemple", "Habitante, conseil citoyen"),
)
# The member, and the rank among the eligible files of the one he or she must not see.
RECUSED_MEMBER, RECUSED_FILE = 0, 2


def clock() -> datetime.datetime:
    return datetime.datetime(2026, 4, 15, 8, 0, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Committee:
    """Keys of what the base holds; ``files`` are the eligible ones in the order of their numbers."""

    path: Path
    call: str
    members: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def recused(self) -> tuple[str, str]:
        return self.members[RECUSED_MEMBER], self.files[RECUSED_FILE]

    def open(self) -> Store:
        return Store.open(self.path, clock=clock)


def build(path: Path) -> Committee:
    """The demonstration workbook imported and examined, six members, one déport, no mark yet."""
    with Store.open(path, create=True, clock=clock) as store:
        with store.write(ACTOR) as session:
            reference.load(session)
            _, call = calls.create(session, code="FIA-2026", scheme="FIA", year=2026, envelope_cents=3_000_000)
        with store.read() as session:
            known = imports.known_quarters(session)
        intake = read_deposits(
            read_workbook(Path(str(resource("demo", "depots_fia_2026.xlsx")))), vocabulary.deposits(), known
        )
        with store.write(ACTOR) as session:
            imports.run(session, call_id=call, intake=intake, filename="depots_fia_2026.xlsx", sha256="x")
        with store.write(ACTOR) as session:
            applications.examine(session, call_id=call)
        with store.read() as session:
            rows = application_queries.rows(session, call_id=call)
        files = tuple(row.id for row in rows if row.status.label == "Recevable")
        with store.write(ACTOR) as session:
            members = tuple(seats.add(session, call_id=call, name=n, body=b)[1] for n, b in NAMES)
            meetings.declare_recusal(
                session,
                member_id=members[RECUSED_MEMBER],
                application_id=files[RECUSED_FILE],
                reason="Présidente de l’association.",
            )
    return Committee(path, call, members, files)


def mark_all(store: Store, committee: Committee, members: int = len(NAMES)) -> None:
    """Every sheet of the first ``members`` marked, commented where a sentence is due, and returned."""
    with store.read() as session:
        grid = call_queries.grid(session, committee.call).grid
    with store.write(ACTOR) as session:
        for m, member in enumerate(committee.members[:members]):
            for f, file in enumerate(committee.files):
                if (member, file) == committee.recused:
                    continue
                key = {"application_id": file, "member_id": member}
                for c, criterion in enumerate(grid.criteria):
                    level = max(0, min(3, 2 + (m * 3 + f * 5 + c * 2) % 4 - (f + c) % 3))
                    reviews.set_mark(session, **key, criterion=criterion.code, level=level)
                    if level in grid.comment_levels:
                        reviews.set_comment(session, **key, criterion=criterion.code, text="Phrase du membre.")
                reviews.hand_in(session, **key)


def meeting(store: Store, committee: Committee, *, revealed: bool = False) -> str:
    """A meeting prepared; or opened with everybody present and its sheets revealed."""
    with store.write(ACTOR) as session:
        _, key = meetings.create(
            session,
            call_id=committee.call,
            label="Comité FIA n°\u00a01",
            held_on=datetime.date(2026, 4, 16),
            place="Salle du conseil",
        )
    if revealed:
        with store.write(ACTOR) as session:
            for member in committee.members:
                presence.set_presence(session, meeting_id=key, member_id=member, present=True)
            meetings.open_meeting(session, meeting_id=key)
            meetings.reveal(session, meeting_id=key)
            # The opinions are given in the absence of the member with a déport.
            member, file = committee.recused
            presence.leave(session, meeting_id=key, member_id=member, application_id=file)
    return key
