"""Letters signed in each way: only those that the register lets somebody sign, the PDF issued kept as it is."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import select

from cv_desktop.db import journal
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.queries import signatories as register
from cv_desktop.db.queries.letters import LetterRow
from cv_desktop.db.queries.signatories import SignatoryRow
from cv_desktop.db.store import Store
from cv_desktop.documents import letter_pdf, signature_check, signing_image
from cv_desktop.documents.signature_check import Verdict
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.services import (
    authorities,
    delegations,
    dispatches,
    letter_files,
    letters,
    seals,
    signatories,
    signatures,
    signed_copies,
)
from cv_desktop.services.demonstration import ACTOR, Story

sys.path.append(str(Path(__file__).parents[1] / "documents"))

from certificates import NOW, PASSPHRASE, made

Opened = Callable[[str], tuple[Store, Story]]


def ink(path: Path) -> Path:
    """A signature scanned: a dark stroke on a clear ground."""
    image = Image.new("RGBA", (900, 300), (255, 255, 255, 0))
    image.paste((20, 30, 120, 255), (100, 120, 800, 180))
    image.save(path)
    return path


def rows(store: Store, story: Story) -> list[LetterRow]:
    with store.read() as session:
        return outbox.rows(session, call_id=story.call_id)


def decided(store: Store, story: Story) -> list[LetterRow]:
    """The letters of the vote, under which the elected person is named."""
    return [row for row in rows(store, story) if row.lot_id]


def elected(store: Store) -> SignatoryRow:
    with store.read() as session:
        return register.rows(session)[0]


def put_image(store: Store, tmp_path: Path) -> None:
    with store.write(ACTOR) as session:
        signatories.set_image(session, signatory_id=elected(store).id, path=ink(tmp_path / "paraphe.png"))


def by_image(store: Store, ids: list[str], **kw: object) -> signatures.SignedBatch:
    with store.read() as session:
        seal = seals.of_image(session, elected(store))
    return signatures.sign(
        store, actor=ACTOR, letter_ids=ids, signatory_id=elected(store).id, seal=seal, render=letter_pdf.render,
        **kw,  # type: ignore[arg-type]
    )  # fmt: skip


def test_an_image_is_a_new_file_and_the_issued_one_stays(base_at: Opened, tmp_path: Path) -> None:
    store, story = base_at("told")
    put_image(store, tmp_path)
    chosen = decided(store, story)
    before = {row.id: (store.folder / letters.FOLDER / row.filename).read_bytes() for row in chosen}
    done = by_image(store, [row.id for row in chosen])
    assert (len(done.files), done.refused) == (len(chosen), ())
    for row in decided(store, story):
        assert row.state == "signed"
        assert row.signed is not None
        assert (row.signed.way, row.signed.signer) == ("image", elected(store).name)
        signed = (store.folder / letters.FOLDER / row.signed.filename).read_bytes()
        assert row.signed.filename == row.filename.replace(".pdf", "_signe.pdf")
        assert hashlib.sha256(signed).hexdigest() == row.signed.sha256
        assert signed.startswith(before[row.id])
        assert (store.folder / letters.FOLDER / row.filename).read_bytes() == before[row.id]
    with store.read() as session:
        assert journal.verify(session).sound
        assert letter_files.damages(session, letter_ids=[row.id for row in chosen]) == {}


def test_the_image_lies_in_its_zone_and_the_file_stays_an_archive(tmp_path: Path, base_at: Opened) -> None:
    store, story = base_at("told")
    put_image(store, tmp_path)
    (path,) = by_image(store, [decided(store, story)[0].id]).files
    with pikepdf.open(path) as pdf:
        page = pdf.pages[-1]
        assert len(page.Contents) == 2
        assert "SMask" not in str(page.Resources.XObject.Signature.keys())
        assert b"pdfaid:part>3<" in pdf.Root.Metadata.read_bytes()
        drawn = page.Contents[1].read_bytes().decode()
    wide, high, left, bottom = (float(drawn.split()[place]) / 72 * 25.4 for place in (3, 6, 7, 8))
    assert wide / high == pytest.approx(3, rel=0.02)
    assert left >= 115 and left + wide <= 190.1
    assert bottom >= 297 - 250.1 and bottom + high <= 297 - 230.9
    said = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False).stdout
    assert "No syntax or stream encoding errors found" in said
    assert signature_check.check(path.read_bytes(), at=NOW) == ()
    with pytest.raises(UserError, match="tel qu’il a été émis"):
        signing_image.stamp(path.read_bytes(), ink(tmp_path / "x.png").read_bytes())


def test_letters_outside_the_delegation_are_refused_by_number_and_the_others_signed(
    base_at: Opened, tmp_path: Path
) -> None:
    store, story = base_at("told")
    put_image(store, tmp_path)
    person, chosen = elected(store), decided(store, story)
    with store.write(ACTOR) as session:
        signatories.change(session, signatory_id=person.id, values={"own_power": False})
        act = {"reference": "arrêté n° 2026-12", "starts_on": date(2026, 1, 1), "ceiling_cents": 150_000}
        delegations.add(session, signatory_id=person.id, values=act)
    above = [row for row in chosen if (row.amount_cents or 0) > 150_000]
    agents = next(row for row in rows(store, story) if row.kind == "AR")
    assert 0 < len(above) < len(chosen)
    done = by_image(store, [agents.id, *(row.id for row in chosen)])
    assert len(done.files) == len(chosen) - len(above)
    other, ceiling = done.refused
    assert other.letters == (agents.number,)
    assert "porte un autre nom" in other.sentence
    assert ceiling.letters == tuple(row.number for row in above)
    assert "s’arrête à 1\u00a0500\u00a0€" in ceiling.sentence
    after = {row.id: row.state for row in rows(store, story)}
    assert {after[row.id] for row in above} == {"issued"}
    with store.look() as reading:
        written = reading.execute("SELECT summary FROM journal WHERE verb = 'signatures.refuse'").fetchall()
    assert len(written) == 1
    # Signed once: a second time says so, and nothing moves.
    again = by_image(store, [row.id for row in chosen if row not in above])
    assert again.files == ()
    assert "déjà signés" in again.refused[0].sentence


def test_stopping_keeps_what_is_signed(base_at: Opened, tmp_path: Path) -> None:
    store, story = base_at("told")
    put_image(store, tmp_path)
    chosen = [row.id for row in decided(store, story)]
    done = by_image(store, chosen, progress=lambda made, _total, _name: made < 3)
    assert (len(done.files), done.refused) == (3, ())
    assert sum(row.state == "signed" for row in decided(store, story)) == 3


def test_a_failure_keeps_what_was_signed_and_the_base_is_free_meanwhile(base_at: Opened) -> None:
    """A timestamp authority that stops answering at the third letter; then one so slow that the register changes."""
    store, story = base_at("told")
    person, chosen = elected(store), [row.id for row in decided(store, story)]
    count = 0

    def falters(pdf: bytes, _at: datetime, _reason: str) -> bytes:
        nonlocal count
        count += 1
        if count == 3:
            raise Unavailable("L’autorité d’horodatage ne répond pas.")
        return pdf + b"%"

    def slow(pdf: bytes, _at: datetime, _reason: str) -> bytes:
        with store.write(ACTOR) as session:
            signatories.change(session, signatory_id=person.id, values={"name": "Sacha Modèle"})
        return pdf + b"%"

    def sign(make: Callable[[bytes, datetime, str], bytes], ids: list[str]) -> signatures.SignedBatch:
        return signatures.sign(
            store, actor=ACTOR, letter_ids=ids, signatory_id=person.id, render=letter_pdf.render,
            seal=signatures.Seal("pades", person.name, make),
        )  # fmt: skip

    with pytest.raises(Unavailable, match="ne répond pas"):
        sign(falters, chosen)
    signed = [row for row in decided(store, story) if row.state == "signed"]
    assert [row.id for row in signed] == chosen[:2]
    assert all(row.signed and (store.folder / "courriers" / row.signed.filename).exists() for row in signed)
    done = sign(slow, [chosen[2]])
    assert done.files == ()
    assert "porte un autre nom" in done.refused[0].sentence
    assert sum(row.state == "signed" for row in decided(store, story)) == 2


def test_a_certificate_signs_for_its_owner_and_both_fingerprints_are_kept(base_at: Opened, tmp_path: Path) -> None:
    store, story = base_at("told")
    path = tmp_path / "dominique.p12"
    path.write_bytes(made().p12)
    person = elected(store)
    chosen = decided(store, story)[:2]
    seal = seals.of_certificate(store, person, path=path, passphrase=PASSPHRASE)
    done = signatures.sign(
        store, actor=ACTOR, letter_ids=[row.id for row in chosen], signatory_id=person.id, seal=seal,
        render=letter_pdf.render,
    )  # fmt: skip
    for signed in done.files:
        (found,) = signature_check.check(signed.read_bytes(), (made().authority,), at=NOW)
        assert (found.verdict, found.signer) == (Verdict.VALID, "Dominique EXEMPLE")
    (after, *_) = [row for row in rows(store, story) if row.id == chosen[0].id]
    assert after.signed is not None
    with store.look() as reading:
        ((kept,),) = reading.execute(
            "SELECT after FROM journal WHERE verb = 'signatures.sign' AND noun_id = ?", (chosen[0].id,)
        ).fetchall()
        everything = " ".join(str(row) for row in reading.execute("SELECT * FROM journal").fetchall())
    assert after.signed.sha256 in kept
    with store.read() as session:
        (issued,) = outbox.issued_files(session, [chosen[0].id])
    assert issued.sha256 in kept
    assert PASSPHRASE not in everything


def test_the_certificate_of_somebody_else_or_of_an_unknown_authority_is_refused_before_the_first_letter(
    base_at: Opened, tmp_path: Path
) -> None:
    store, _story = base_at("told")
    path = tmp_path / "dominique.p12"
    path.write_bytes(made().p12)
    person = elected(store)
    with store.write(ACTOR) as session:
        signatories.change(session, signatory_id=person.id, values={"name": "Sacha Modèle"})
    with pytest.raises(UserError, match="au nom de Dominique EXEMPLE, pas de Sacha Modèle"):
        seals.of_certificate(store, elected(store), path=path, passphrase=PASSPHRASE)
    with store.write(ACTOR) as session:
        signatories.change(session, signatory_id=person.id, values={"name": person.name})
    other = tmp_path / "autre.pem"
    other.write_bytes(made(stamps=True).authority)
    with store.write(ACTOR) as session:
        changes = authorities.add(session, path=other)
        with pytest.raises(UserError, match="déjà parmi"):
            authorities.add(session, path=other)
    with pytest.raises(UserError, match="ne vient d’aucune des autorités reconnues"):
        seals.of_certificate(store, person, path=path, passphrase=PASSPHRASE)
    good = tmp_path / "autorite.pem"
    good.write_bytes(made().authority)
    with store.write(ACTOR) as session:
        assert changes.undo is not None
        changes.undo(session)
        authorities.add(session, path=good)
    assert seals.of_certificate(store, person, path=path, passphrase=PASSPHRASE).signer == "Dominique EXEMPLE"
    with store.write(ACTOR) as session, pytest.raises(UserError, match="ni le certificat d’une autorité"):
        authorities.add(session, path=ink(tmp_path / "image.png"))


def test_a_revoked_certificate_does_not_sign(base_at: Opened, tmp_path: Path) -> None:
    store, _story = base_at("told")
    p12, authority, revocations = tmp_path / "d.p12", tmp_path / "autorite.pem", tmp_path / "liste.crl"
    p12.write_bytes(made().p12)
    authority.write_bytes(made().authority)
    revocations.write_bytes(made().revocations)
    with store.write(ACTOR) as session:
        authorities.add(session, path=authority)
        authorities.add(session, path=revocations)
    with pytest.raises(UserError, match=r"est révoqué depuis le 1er\savril 2026"):
        seals.of_certificate(store, elected(store), path=p12, passphrase=PASSPHRASE)


def test_without_an_image_or_with_one_lost_nothing_is_signed(base_at: Opened, tmp_path: Path) -> None:
    store, story = base_at("told")
    with store.read() as session, pytest.raises(UserError, match="n’a pas d’image"):
        seals.of_image(session, elected(store))
    put_image(store, tmp_path)
    image = elected(store).image_sha256
    (store.folder / "pieces" / image[:2] / image).write_bytes(b"x")
    with store.read() as session, pytest.raises(Unavailable, match="effacée ou modifiée"):
        seals.of_image(session, elected(store))
    assert not [row for row in rows(store, story) if row.signed]


def test_a_signature_by_hand_is_recorded_with_its_day_and_taken_back(base_at: Opened) -> None:
    store, story = base_at("told")
    chosen = [row.id for row in decided(store, story)][:3]
    given = {"letter_ids": chosen, "signatory_id": elected(store).id}
    day = rows(store, story)[0].dated_on
    assert day is not None
    with store.write(ACTOR) as session:
        issued_on = outbox.rows(session, call_id=story.call_id)
        today = max(row.dated_on for row in issued_on if row.dated_on)
        with pytest.raises(UserError, match="n’est pas encore venu"):
            signatures.by_hand(session, **given, signed_on=date(2031, 1, 1))
        with pytest.raises(UserError, match="ne se signe pas avant sa date"):
            signatures.by_hand(session, **given, signed_on=date(2026, 1, 2))
        changes = signatures.by_hand(session, **given, signed_on=today)
    assert [row.signed.way for row in decided(store, story) if row.signed] == ["hand"] * 3
    with store.write(ACTOR) as session:
        assert changes.undo is not None
        changes.undo(session)
    assert not [row for row in decided(store, story) if row.signed]


def test_a_bad_signed_copy_is_taken_off_before_the_letter_leaves(base_at: Opened, tmp_path: Path) -> None:
    store, story = base_at("told")
    put_image(store, tmp_path)
    person, row = elected(store), decided(store, story)[0]
    by_image(store, [row.id])
    first = decided(store, story)[0].signed
    assert first is not None
    path = store.folder / "courriers" / first.filename
    with pytest.raises(UserError, match="dix caractères"), store.write(ACTOR) as session:
        signed_copies.withdraw(session, letter_ids=[row.id], reason="vu")
    with store.write(ACTOR) as session:
        changes = signed_copies.withdraw(session, letter_ids=[row.id], reason="Mauvais exemplaire signé")
    assert (decided(store, story)[0].state, path.exists()) == ("issued", False)
    with store.write(ACTOR) as session:
        assert changes.undo is not None
        again = changes.undo(session)
    back = decided(store, story)[0]
    assert (back.state, back.signed, path.exists()) == ("signed", first, True)
    with store.write(ACTOR) as session:
        assert again.undo is not None
        again.undo(session)
    (tmp_path / "d.p12").write_bytes(made().p12)
    seal = seals.of_certificate(store, person, path=tmp_path / "d.p12", passphrase=PASSPHRASE)
    signatures.sign(
        store, actor=ACTOR, letter_ids=[row.id], signatory_id=person.id, seal=seal, render=letter_pdf.render
    )  # fmt: skip
    second = decided(store, story)[0].signed
    assert second is not None and (second.way, second.sha256 != first.sha256) == ("pades", True)
    with store.read() as session:
        lines = session.scalars(select(JournalEntry).where(JournalEntry.noun_id == row.id)).all()
        said = [(line.verb, line.reason) for line in lines if line.verb.startswith("signed_copies")]
        assert said[0] == ("signed_copies.withdraw", "Mauvais exemplaire signé")
        assert any(first.sha256 in str(line.before) for line in lines)
        assert any(second.sha256 in str(line.after) for line in lines)
    with pytest.raises(UserError, match="a été signé de nouveau"), store.write(ACTOR) as session:
        changes.undo(session)
    with store.write(ACTOR) as session:
        dispatches.send(session, letter_ids=[row.id], channel="post", sent_on=date(2026, 4, 15))
    with pytest.raises(UserError, match="est déjà parti"), store.write(ACTOR) as session:
        signed_copies.withdraw(session, letter_ids=[row.id], reason="Mauvais exemplaire signé")


def test_a_signed_file_lost_comes_back_as_it_was(base_at: Opened, tmp_path: Path) -> None:
    store, story = base_at("told")
    put_image(store, tmp_path)
    (path,) = by_image(store, [decided(store, story)[0].id]).files
    whole = path.read_bytes()
    path.unlink()
    letter_files.mend(store, actor=ACTOR, letter_ids=[decided(store, story)[0].id], render=letter_pdf.render)
    assert path.read_bytes() == whole


def test_an_image_that_is_none_is_told() -> None:
    with pytest.raises(UserError, match="La signature n’est pas une image"):
        signing_image.stamp(b"%PDF-1.7", BytesIO(b"rien").getvalue())


def test_the_file_for_the_printer_shows_the_signatures(base_at: Opened, tmp_path: Path) -> None:
    from cv_desktop.documents.print_run import merge
    from cv_desktop.services.printing import print_run

    store, story = base_at("told")
    put_image(store, tmp_path)
    first, second = (row.id for row in decided(store, story)[:2])
    by_image(store, [first])
    path = tmp_path / "dominique.p12"
    path.write_bytes(made().p12)
    seal = seals.of_certificate(store, elected(store), path=path, passphrase=PASSPHRASE)
    signatures.sign(
        store, actor=ACTOR, letter_ids=[second], signatory_id=elected(store).id, seal=seal, render=letter_pdf.render
    )
    run = print_run(store, actor=ACTOR, letter_ids=[first, second], render=letter_pdf.render, merge=merge)
    (tmp_path / "run.pdf").write_bytes(run)
    with pikepdf.open(BytesIO(run)) as pdf:
        assert len(pdf.pages) == 2
        assert "/Signature" in pdf.pages[0].Resources.XObject
        assert "/AcroForm" not in pdf.Root
    text = subprocess.run(["pdftotext", tmp_path / "run.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "Signé électroniquement par" in text
