"""Letters that left: locked, their receipt, the delay to appeal; the mails and the list of the post office."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pypdf
import pytest
from sqlalchemy import select

from cv_desktop.db import pieces
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.signatory import Dispatch, Signature
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import applications, outcomes
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.queries import signatories as register
from cv_desktop.db.queries.letters import LetterRow
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.documents import letter_pdf
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.states import DisplayedStatus
from cv_desktop.services import contents, dispatches, endings, letters, mailing, signatures
from cv_desktop.services.demonstration import ACTOR, Story

Opened = Callable[[str], tuple[Store, Story]]


def decided(store: Store, story: Story) -> list[LetterRow]:
    with store.read() as session:
        return [row for row in outbox.rows(session, call_id=story.call_id) if row.lot_id]


def sent(store: Store, rows: list[LetterRow], **given: object) -> None:
    day = rows[0].dated_on
    with store.write(ACTOR) as session:
        dispatches.send(
            session, letter_ids=[row.id for row in rows],
            **{"channel": "lrar", "sent_on": day, **given},  # type: ignore[arg-type]
        )  # fmt: skip


def test_a_letter_that_left_is_locked_and_its_file_is_notified(base_at: Opened, tmp_path: Path) -> None:
    store, story = base_at("told")
    granted = next(row for row in decided(store, story) if row.amount_cents)
    proof = tmp_path / "depot.pdf"
    proof.write_bytes(b"%PDF-1.4 bordereau")
    sent(store, [granted], registered={granted.id: "1A 001 234 5678 9"}, proof=proof)
    after = next(row for row in decided(store, story) if row.id == granted.id)
    assert (after.state, after.sent and after.sent.registered_number) == ("sent", "1A00123456789")
    assert after.sent and after.dated_on
    assert after.sent.reminder_on == after.sent.on + timedelta(days=30)
    with store.read() as session:
        kept = session.scalars(select(Dispatch)).one()
        assert pieces.sound(pieces.place(store.folder, kept.proof_sha256 or ""), kept.proof_sha256 or "")
        status = {row.id: row.status for row in applications.rows(session, call_id=story.call_id)}
    assert status[granted.application_id] is DisplayedStatus.NOTIFIED
    with pytest.raises(UserError, match=f"Rien n’est marqué\u00a0: {granted.number} est déjà envoyé"):
        sent(store, [granted])
    with store.write(ACTOR) as session:
        person = register.rows(session)[0].id
        with pytest.raises(UserError, match="déjà parti"):
            signatures.by_hand(session, letter_ids=[granted.id], signatory_id=person, signed_on=after.dated_on)


def test_days_and_numbers_that_cannot_be_are_refused(base_at: Opened) -> None:
    store, story = base_at("told")
    rows = decided(store, story)[:2]
    for given, words in (
        ({"sent_on": date(2031, 1, 1)}, "n’est pas encore venu"),
        ({"sent_on": date(2026, 1, 5)}, "il n’est pas parti avant"),
        ({"registered": {rows[1].id: "abc"}}, "n’est pas un numéro de recommandé"),
        ({"channel": "pigeon"}, "Choisissez comment"),
    ):
        with pytest.raises(UserError, match=words):
            sent(store, rows, **given)
    assert {row.state for row in decided(store, story)} == {"issued"}
    with store.write(ACTOR) as session, pytest.raises(UserError, match="n’est pas marqué envoyé"):
        dispatches.receive(session, dates={rows[0].id: date(2026, 4, 15)})


def test_the_delay_to_appeal_runs_from_the_recorded_receipt(base_at: Opened) -> None:
    store, story = base_at("told")
    row = next(row for row in decided(store, story) if row.kind == "REF")
    sent(store, [row])
    day = row.dated_on
    assert day is not None
    with store.write(ACTOR) as session:
        changes = dispatches.receive(session, dates={row.id: day})
    after = next(x for x in decided(store, story) if x.id == row.id)
    assert after.sent and (after.sent.received_on, after.sent.reminder_on) == (day, None)
    with store.read() as session:
        (decision,) = outcomes.of_application(session, application_id=row.application_id).decisions
    assert decision.notified_on == day
    with store.write(ACTOR) as session:
        endings.file_recourse(session, decision_id=decision.id, kind="gracious", filed_on=day)
    with store.read() as session:
        (kept,) = outcomes.of_application(session, application_id=row.application_id).recourses
    # Two months from 15 April.
    assert (kept.recourse.notified_on, kept.recourse.last_day) == (date(2026, 4, 15), date(2026, 6, 16))
    with store.write(ACTOR) as session:
        assert changes.undo is not None
        changes.undo(session)
    after = next(x for x in decided(store, story) if x.id == row.id)
    assert after.sent and (after.sent.received_on, after.sent.reminder_on) == (None, day + timedelta(days=30))


def test_handed_over_is_received_the_same_day_and_a_mistake_is_taken_back_with_a_reason(base_at: Opened) -> None:
    store, story = base_at("told")
    row = decided(store, story)[0]
    sent(store, [row], channel="hand")
    after = decided(store, story)[0]
    assert after.sent and (after.sent.received_on, after.sent.reminder_on) == (row.dated_on, None)
    with store.write(ACTOR) as session:
        with pytest.raises(UserError, match="dix caractères"):
            dispatches.take_back(session, letter_ids=[row.id], reason="erreur")
        dispatches.take_back(session, letter_ids=[row.id], reason="marqué par erreur")
    assert decided(store, story)[0].state == "issued"


def test_a_mail_carries_the_pdf_and_letters_without_address_are_named(base_at: Opened, tmp_path: Path) -> None:
    store, story = base_at("told")
    rows = decided(store, story)[:4]
    signed, bare, unsigned, odd = rows
    with store.write(ACTOR) as session:
        for row in rows:
            structure = session.get_one(Structure, session.get_one(Application, row.application_id).structure_id)
            structure.email = "contact@exemple.invalid"
            structure.name = "Élan « d’Été »; Cœur"
            if row is bare:
                structure.email = ""
            if row is odd:
                structure.email = "pas une adresse"
        signatures.by_hand(
            session, letter_ids=[signed.id, bare.id, odd.id], signatory_id=register.rows(session)[0].id,
            signed_on=signed.dated_on or date.min,
        )  # fmt: skip
        # Their scanned copies came back.
        for row in (signed, bare, odd):
            copy = (store.folder / letters.FOLDER / row.filename).read_bytes() + b"% scan"
            kept = session.scalars(select(Signature).where(Signature.letter_id == row.id)).one()
            kept.sha256 = contents.keep_bytes(session, copy).sha256
            kept.filename = f"{Path(row.filename).stem}_signe.pdf"
    done = mailing.mails(
        store, actor=ACTOR, letter_ids=[row.id for row in rows], out=tmp_path / "courriels", render=letter_pdf.render
    )
    (path,) = done.files
    raw = path.read_bytes()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert str(mail["To"]) == '"Élan « d’Été »; Cœur" <contact@exemple.invalid>'
    assert str(mail["From"]).endswith("<politique.ville@exemple.invalid>")
    assert signed.number in str(mail["Subject"])
    assert "Fonds de soutien aux initiatives associatives" in str(mail["Subject"])
    assert mail["X-Unsent"] == "1"
    body = mail.get_body()
    assert body is not None
    text = body.get_content()
    assert f"le courrier {signed.number} du 15\u00a0avril 2026" in text
    assert "{" not in text
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == f"{Path(signed.filename).stem}_signe.pdf"
    assert attached.get_content() == (store.folder / letters.FOLDER / signed.filename).read_bytes() + b"% scan"
    why = {one.number: one.why for one in done.left}
    assert set(why) == {bare.number, unsigned.number, odd.number}
    assert "n’a pas de courriel" in why[bare.number]
    assert "attend sa signature" in why[unsigned.number]
    assert "n’est pas une adresse" in why[odd.number]
    again = mailing.mails(
        store, actor=ACTOR, letter_ids=[signed.id], out=tmp_path / "courriels", render=letter_pdf.render
    )
    assert again.files[0].read_bytes() == raw
    assert decided(store, story)[0].state == "signed"


def test_the_list_of_the_post_office_names_each_letter(base_at: Opened) -> None:
    store, story = base_at("told")
    rows = decided(store, story)[:3]
    sent(store, rows[:1], registered={rows[0].id: "1A 001 234 5678 9"})
    with store.write(ACTOR) as session:
        given = {"letter_ids": [row.id for row in rows]}
        made = {suffix: mailing.post_list(session, **given, suffix=suffix) for suffix in (".xlsx", ".pdf", ".csv")}
    lines = list(openpyxl.load_workbook(BytesIO(made[".xlsx"])).active.values)  # type: ignore[union-attr]
    assert [line[0] for line in lines] == ["Courrier", *(row.number for row in rows)]
    assert lines[1][1] == rows[0].structure
    assert lines[1][4:6] == ("Recommandé avec accusé de réception", "1A00123456789")
    assert str(lines[1][3]).startswith("77")
    text = pypdf.PdfReader(BytesIO(made[".pdf"])).pages[0].extract_text()
    assert "Bordereau d’envoi des courriers" in text
    assert all(row.number in text for row in rows)
    csv = made[".csv"].decode("utf-8-sig").split("\r\n")
    assert csv[0] == "Courrier;Destinataire;Adresse;Commune;Envoi;N° de recommandé"
    assert csv[1].startswith(f"{rows[0].number};")


def test_a_letter_that_follows_the_decision_opens_no_delay(base_at: Opened) -> None:
    """A notice of payment received later leaves the delay where the decision was received."""
    store, story = base_at("told")
    row = next(row for row in decided(store, story) if row.kind == "ATT-P")
    sent(store, [row])
    with store.write(ACTOR) as session:
        dispatches.receive(session, dates={row.id: row.dated_on})
        first = session.get_one(Letter, row.id)
        later = Letter(
            id="avis", call_id=first.call_id, application_id=first.application_id, decision_id=first.decision_id,
            template_id=first.template_id, kind="VER", state="issued", prepared_at=first.prepared_at, year=2026,
            seq=9000, number="CO-2026-9000", dated_on=first.dated_on, content=first.content,
            filename="avis.pdf", sha256=first.sha256,
        )  # fmt: skip
        session.add(later)
        session.flush()
        session.add(
            Dispatch(
                id="envoi", letter_id="avis", channel="post", sent_on=date(2026, 6, 1), registered_number="",
                proof_name="", proof_sha256=None, received_on=date(2026, 6, 10), reminder_on=None,
            )
        )  # fmt: skip
        record(session, verb="test", noun="letter", noun_id="avis", summary="Avis de versement")
    with store.read() as session:
        (decision,) = outcomes.of_application(session, application_id=row.application_id).decisions
    assert decision.notified_on == row.dated_on


def test_a_letter_signed_on_paper_does_not_leave_unsigned_by_mail(base_at: Opened, tmp_path: Path) -> None:
    store, story = base_at("told")
    row = decided(store, story)[0]
    with store.write(ACTOR) as session:
        signatures.by_hand(
            session, letter_ids=[row.id], signatory_id=register.rows(session)[0].id, signed_on=row.dated_on or date.min
        )
    done = mailing.mails(store, actor=ACTOR, letter_ids=[row.id], out=tmp_path, render=letter_pdf.render)
    assert done.files == ()
    assert "classez le scan de sa copie signée" in done.left[0].why
