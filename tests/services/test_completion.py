"""A request for documents from its letter to the last document, with the day of silence at each step."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.queries import application_records, completions, derogations, silences, tasks
from cv_desktop.db.queries import applications as files
from cv_desktop.db.store import Store
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.eligibility import Result, Status
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_json import content_to_json
from cv_desktop.domain.states import ApplicationStatus
from cv_desktop.services import applications, completion, documents, form, letters
from cv_desktop.services import derogations as setting_aside
from cv_desktop.services.demonstration import ACTOR, Story

Base = Callable[[str], tuple[Store, Story]]


@dataclass
class Desk:
    """A base whose clock the test moves, and one file received on 3 March 2026 that lacks its RIB only."""

    store: Store
    story: Story
    file: str
    moment: datetime

    def on(self, day: str) -> Desk:
        self.moment = datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=UTC)
        return self

    def do(self, verb: Callable[..., Changes], **more: object) -> Changes:
        with self.store.write(ACTOR) as session:
            return verb(session, application_id=self.file, **more)

    def undo(self, changes: Changes) -> Changes:
        assert changes.undo is not None
        with self.store.write(ACTOR) as session:
            return changes.undo(session)

    def issue(self) -> str:
        """Sends the request prepared; gives what it asks."""
        with self.store.read() as session:
            key = session.scalars(
                select(Letter.id).where(
                    Letter.application_id == self.file, Letter.kind == "AR-P", Letter.number.is_(None)
                )
            ).one()
            content = letters.compose(session, letter_id=key)
        letters.issue(self.store, actor=ACTOR, letter_ids=[key], render=lambda _content: b"%PDF-1.4")
        return json.dumps(content_to_json(content), ensure_ascii=False)

    def rejects_on(self) -> date:
        with self.store.read() as session:
            found = silences.of_file(session, application_id=self.file, day=self.moment.date())
        assert found is not None
        return found.rejects_on

    def asked(self) -> list[completions.CompletionRow]:
        with self.store.read() as session:
            return completions.of_file(session, application_id=self.file)

    def status(self) -> ApplicationStatus:
        with self.store.read() as session:
            return files.some(session, ids=[self.file])[0].progress.status

    def result(self, code: str) -> Result:
        with self.store.read() as session:
            return next(r for r in applications.checks_of(session, application_id=self.file) if r.code == code)


@pytest.fixture
def desk(base_at: Base) -> Iterator[Desk]:
    first, story = base_at("imported")
    path = first.path
    first.close()
    start = datetime(2026, 3, 10, 9, tzinfo=UTC)
    made: list[Desk] = []
    store = Store.open(path, clock=lambda: made[0].moment if made else start, actor=ACTOR)
    desk = Desk(store, story, "", start)
    made.append(desk)
    with store.read() as session:
        desk.file = next(r.id for r in files.rows(session, call_id=story.call_id) if r.number.endswith("0010"))
    with store.write(ACTOR) as session:
        session.get_one(Application, desk.file).deposited_at = datetime(2026, 3, 3, 9, tzinfo=UTC)
        documents.remove(session, application_id=desk.file, kind="rib")
    yield desk
    store.close()


def test_the_delay_stops_when_the_letter_leaves_and_runs_again_when_the_document_comes(desk: Desk) -> None:
    assert desk.rejects_on() == date(2026, 5, 3)
    desk.do(completion.ask)
    assert desk.status() is ApplicationStatus.INCOMPLETE
    # Prepared is not sent: nothing is suspended yet.
    assert desk.rejects_on() == date(2026, 5, 3)
    (prepared,) = desk.asked()
    assert (prepared.asked_on, prepared.prepared, [p.text for p in prepared.points]) == (None, True, ["RIB"])
    said = desk.issue()
    assert "RIB (article\u00a09)." in said
    assert "3\u00a0mai 2026" in said and "25\u00a0mars 2026" in said
    (sent,) = desk.asked()
    assert (sent.asked_on, sent.due_on, sent.letter) == (date(2026, 3, 10), date(2026, 3, 25), "CO-2026-0001")
    assert desk.rejects_on() == date(2026, 5, 18)  # 3 May + 15 days if nothing comes
    came = desk.on("2026-03-19").do(documents.receive, kind="rib")
    assert desk.asked()[0].closed_on == date(2026, 3, 19)
    assert desk.rejects_on() == date(2026, 5, 12)  # 3 May + 9 days
    assert desk.result("missing_docs").status is Status.PASS
    desk.undo(came)
    assert (desk.asked()[0].closed_on, desk.rejects_on()) == (None, date(2026, 5, 18))
    # Typed two days later: the day it came is the one that counts.
    desk.on("2026-03-21").do(documents.receive, kind="rib", on=date(2026, 3, 19))
    assert desk.rejects_on() == date(2026, 5, 12)
    desk.do(applications.declare_eligible)
    assert desk.rejects_on() == date(2026, 5, 12)


def test_a_document_found_wrong_is_asked_again_and_the_two_requests_add_up(desk: Desk) -> None:
    desk.do(completion.ask)
    desk.issue()
    desk.on("2026-03-19").do(documents.receive, kind="rib")
    desk.do(documents.reject, kind="rib", reason="Le titulaire n’est pas l’association.")
    assert desk.result("missing_docs").sentence == (
        "Une pièce n’est pas conforme\u00a0: RIB (Le titulaire n’est pas l’association) (article\u00a09)."
    )
    desk.on("2026-04-01").do(completion.ask)
    assert "RIB, l’exemplaire reçu n’étant pas conforme\u00a0: Le titulaire n’est pas l’association" in desk.issue()
    assert [row.letter for row in desk.asked()] == ["CO-2026-0001", "CO-2026-0002"]
    desk.on("2026-04-05").do(documents.receive, kind="rib")
    assert desk.rejects_on() == date(2026, 5, 16)  # 3 May + 9 + 4 days
    desk.do(documents.accept, kind="rib")
    with desk.store.read() as session:
        record = application_records.record(session, application_id=desk.file)
    assert record is not None
    assert (record.documents["rib"].state.word, record.documents["rib"].reason) == ("Conforme", "")


def test_a_request_never_sent_forbids_to_refuse_the_file_and_goes_with_its_passage(desk: Desk) -> None:
    asked = desk.do(completion.ask)
    with pytest.raises(UserError) as refusal:
        desk.do(applications.declare_ineligible)
    assert refusal.value.message == "La demande de pièces n’est pas partie\u00a0: émettez d’abord son courrier."
    desk.undo(asked)
    assert (desk.asked(), desk.status()) == ([], ApplicationStatus.DEPOSITED)
    desk.do(completion.ask)
    desk.issue()
    with pytest.raises(UserError, match="jusqu’au 25\u00a0mars 2026"):
        desk.on("2026-03-25").do(applications.declare_ineligible)
    desk.on("2026-03-26").do(applications.declare_ineligible)
    assert desk.status() is ApplicationStatus.INELIGIBLE


def test_a_request_is_closed_by_hand_when_a_point_and_not_a_document_was_asked(desk: Desk) -> None:
    with desk.store.write(ACTOR) as session:
        form.set_field(session, application_id=desk.file, name="republican_contract", text="non")
    desk.do(completion.ask)
    desk.issue()
    assert [(p.code, p.item) for p in desk.asked()[0].points] == [("missing_docs", "rib"), ("no_cer", "")]
    desk.on("2026-03-19").do(documents.receive, kind="rib")
    assert desk.asked()[0].closed_on is None  # the contract is still missing
    for wrong in (date(2026, 3, 9), date(2026, 3, 20)):
        with pytest.raises(UserError, match="entre la demande, le 10\u00a0mars 2026, et aujourd’hui"):
            desk.do(completion.close, on=wrong)
    closed = desk.do(completion.close, on=date(2026, 3, 18))
    assert desk.rejects_on() == date(2026, 5, 11)
    desk.undo(closed)
    assert desk.rejects_on() == date(2026, 5, 18)
    with pytest.raises(UserError, match="Aucune demande de pièces n’est en cours"):
        desk.do(completion.close)
        desk.do(completion.close)


def test_the_home_screen_recalls_the_end_of_the_delay_when_it_is_near(desk: Desk) -> None:
    def recalled(session: Session) -> list[tuple[str, date | None]]:
        found = tasks.rows(session, day=desk.moment.date(), call_id=desk.story.call_id)
        return [(t.kind, t.due) for t in found if t.kind == "silence" and t.target == desk.file]

    with desk.store.write(ACTOR) as session:
        for file in session.scalars(select(Application).where(Application.id != desk.file)):
            file.deposited_at = datetime(2025, 1, 1, tzinfo=UTC)
        form.set_field(session, application_id=desk.file, name="beneficiaries", text="50")
    for day, told in (("2026-04-17", []), ("2026-04-18", [("silence", date(2026, 5, 3))]), ("2026-05-04", [])):
        with desk.on(day).store.read() as session:
            assert recalled(session) == told


def test_a_derogation_names_its_author_and_reason_is_lifted_and_undone(desk: Desk) -> None:
    with pytest.raises(UserError, match="dix caractères au moins"):
        desk.do(setting_aside.give, code="missing_docs", reason="trop peu")
    with pytest.raises(UserError, match="Cette règle est respectée"):
        desk.do(setting_aside.give, code="no_cer", reason="Sans raison valable")
    with pytest.raises(
        UserError, match="La pièce « statuts » ne manque pas".replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    ):
        desk.do(setting_aside.give, code="missing_docs", item="statuts", reason="Déjà remis en mairie")
    given = desk.do(setting_aside.give, code="missing_docs", item="rib", reason="Déjà remis en mairie")
    assert desk.result("missing_docs").value == "1 sur 1"
    with desk.store.read() as session:
        (row,) = derogations.rows(session, application_id=desk.file)
        last = application_records.journal(session, application_id=desk.file)[0]
    assert (row.author, row.reason, row.lifted_at) == (ACTOR, "Déjà remis en mairie", None)
    assert last.summary.endswith("dérogation, pièce «\u00a0RIB\u00a0»") and last.reason == "Déjà remis en mairie"
    back = desk.undo(given)
    assert desk.result("missing_docs").status is Status.FAIL
    desk.undo(back)
    with desk.store.write(ACTOR) as session:
        lifted = setting_aside.lift(session, derogation_id=row.id)
    assert desk.result("missing_docs").status is Status.FAIL
    with desk.store.read() as session:
        (kept,) = derogations.rows(session, application_id=desk.file)
    assert (kept.lifted_by, kept.reason) == (ACTOR, "Déjà remis en mairie")
    desk.undo(lifted)
    assert desk.result("missing_docs").status is Status.PASS
    desk.do(applications.declare_eligible)
    with pytest.raises(UserError, match="rouvrez-le"):
        desk.undo(given)


def test_a_document_has_a_day_that_is_past_and_a_reason_when_it_is_refused(desk: Desk) -> None:
    with pytest.raises(UserError, match="Le 11\u00a0mars 2026 n’est pas encore passé"):
        desk.do(documents.receive, kind="rib", on=date(2026, 3, 11))
    with pytest.raises(UserError, match="n’est pas arrivée"):
        desk.do(documents.accept, kind="rib")
    with pytest.raises(UserError, match="dix caractères"):
        desk.do(documents.reject, kind="statuts", reason="non")
    dated = desk.do(documents.set_day, kind="statuts", name="dated_on", text="01/02/2020")
    with desk.store.read() as session:
        record = application_records.record(session, application_id=desk.file)
    assert record is not None and record.documents["statuts"].dated_on == date(2020, 2, 1)
    desk.undo(dated)
    desk.do(documents.set_day, kind="rib", name="received_on", text="09/03/2026")
    with desk.store.read() as session:
        record = application_records.record(session, application_id=desk.file)
    assert record is not None
    assert (record.documents["statuts"].dated_on, record.documents["rib"].received_on) == (None, date(2026, 3, 9))
