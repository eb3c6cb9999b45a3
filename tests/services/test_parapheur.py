"""A batch for the parapheur, and what comes back: only what extends the exported bytes, rightly signed, is taken."""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import pem
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from sqlalchemy import select

from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.queries import signatories as register
from cv_desktop.db.queries.letters import LetterRow
from cv_desktop.db.store import Store
from cv_desktop.documents import letter_pdf, signature_check, signing
from cv_desktop.documents.signing import Timestamp
from cv_desktop.domain.errors import UserError
from cv_desktop.services import authorities, delegations, letter_files, parapheur, parapheur_returns, signatories
from cv_desktop.services.demonstration import ACTOR, Story

sys.path.append(str(Path(__file__).parents[1] / "documents"))

from certificates import NOW, PASSPHRASE, archived, clock, made, stamper, under_another

WHY = "Vérifiée dans le parapheur"


@dataclass
class Case:
    """The letters of the vote, exported into a folder."""

    store: Store
    story: Story
    out: Path

    def rows(self) -> list[LetterRow]:
        with self.store.read() as session:
            return [row for row in outbox.rows(session, call_id=self.story.call_id) if row.lot_id]

    def signed(self, row: LetterRow, name: str = "", at: datetime = NOW, timestamp: Timestamp | None = None) -> Path:
        """What the parapheur gives back for a letter."""
        signer = signing.load_pkcs12(made().p12, PASSPHRASE, at=NOW)
        pdf = signing.sign(
            (self.out / row.filename).read_bytes(), signer, at=at, reason="Visa", place="Melun", timestamp=timestamp
        )
        path = self.out / "retour" / (name or row.filename)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(pdf)
        return path

    def take(self, *paths: Path, accepting: str = WHY) -> parapheur_returns.TakenBack:
        return parapheur_returns.take_back(
            self.store, actor=ACTOR, paths=paths, render=letter_pdf.render, accepting=accepting
        )

    def refusal(self, path: Path) -> str:
        (one,) = self.take(path).refused
        return one.why


@pytest.fixture
def case(base_at: Callable[[str], tuple[Store, Story]], tmp_path: Path) -> Case:
    store, story = base_at("told")
    made_case = Case(store, story, tmp_path / "parapheur")
    ids = [row.id for row in made_case.rows()]
    parapheur.export(store, actor=ACTOR, letter_ids=ids, out=made_case.out, render=letter_pdf.render)
    return made_case


def test_the_export_has_its_index_and_the_same_names_each_time(case: Case, tmp_path: Path) -> None:
    rows = case.rows()
    whole = json.loads((case.out / "index.json").read_text(encoding="utf-8"))
    assert [line["numero"] for line in whole["courriers"]] == [row.number for row in rows]
    table = list(csv.DictReader(StringIO((case.out / "index.csv").read_text(encoding="utf-8-sig")), delimiter=";"))
    for row, line, listed in zip(rows, whole["courriers"], table, strict=True):
        pdf = (case.out / row.filename).read_bytes()
        assert (line["fichier"], listed["fichier"]) == (row.filename, row.filename)
        assert line["sha256"] == listed["sha256"] == hashlib.sha256(pdf).hexdigest()
        assert line["accorde_centimes"] == (row.amount_cents or 0)
        assert line["signataire"] == "Dominique EXEMPLE"
    again = parapheur.export(
        case.store, actor=ACTOR, letter_ids=[row.id for row in rows], out=tmp_path / "encore", render=letter_pdf.render
    )
    for path in again.files:
        assert path.read_bytes() == (case.out / path.name).read_bytes()


def test_what_comes_back_signed_is_verified_and_kept(case: Case) -> None:
    first, second = case.rows()[:2]
    # The second comes back under a name of the parapheur's own: it is known by its content.
    paths = [case.signed(first), case.signed(second, "document_1.pdf")]
    done = case.take(*paths)
    assert done.refused == ()
    assert [(one.number, one.signer, one.verdict) for one in done.signed] == [
        (first.number, "Dominique EXEMPLE", "valide mais non reconnue"),
        (second.number, "Dominique EXEMPLE", "valide mais non reconnue"),
    ]
    after = {row.id: row for row in case.rows()}
    for row, path in zip((first, second), paths, strict=True):
        kept = after[row.id].signed
        assert kept is not None
        assert (kept.way, kept.at, kept.sha256) == ("parapheur", NOW, hashlib.sha256(path.read_bytes()).hexdigest())
        assert (case.store.folder / "courriers" / kept.filename).read_bytes() == path.read_bytes()
    with case.store.read() as session:
        assert letter_files.damages(session, letter_ids=list(after)) == {}
    assert case.refusal(paths[0]) == (f"1 courrier est déjà signé\u00a0: {first.application_number[-4:]}.")
    with pytest.raises(UserError, match="n’attend une signature"):
        parapheur.export(case.store, actor=ACTOR, letter_ids=[first.id], out=case.out / "x", render=letter_pdf.render)


def test_a_pdf_that_does_not_extend_the_exported_one_is_refused(case: Case) -> None:
    first, second = case.rows()[:2]
    # Rewritten by a program that signs « another way »: the same page, other bytes.
    rewritten = case.out / first.filename.replace(".pdf", "-reecrit.pdf")
    with pikepdf.open(case.out / first.filename) as pdf:
        pdf.save(rewritten)
    assert case.refusal(rewritten).startswith(f"Ce PDF ne prolonge pas celui qui a été exporté pour {first.number}")
    # The signed PDF of another letter, under the name of this one.
    other = case.signed(second, first.filename)
    assert "ne prolonge pas" in case.refusal(other)
    assert "sans signature" in case.refusal(case.out / first.filename)
    unknown = case.out / "CO-2031-0001.pdf"
    unknown.write_bytes(b"%PDF-1.7")
    assert case.refusal(unknown) == "Aucun courrier de cette base ne porte le numéro CO-2031-0001."
    nothing = case.out / "note.pdf"
    nothing.write_bytes(b"%PDF-1.7")
    assert "n’est aucun des courriers exportés" in case.refusal(nothing)
    bare = case.out / "retour" / first.filename
    bare.write_bytes((case.out / first.filename).read_bytes() + b"\n% vu\n")
    assert "ne porte aucune signature" in case.refusal(bare)
    assert {row.state for row in case.rows()} == {"issued"}


def test_a_signature_touched_since_is_refused(case: Case) -> None:
    row = case.rows()[0]
    path = case.signed(row)
    whole = path.read_bytes()
    path.write_bytes(whole + b"\n% ajout\n")
    assert case.refusal(path).startswith("Sa signature ne vaut pas (partielle).")
    place = whole.rindex(b"Reason") + 20
    path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    assert case.refusal(path).startswith("Sa signature ne vaut pas (altérée).")
    path.write_bytes(whole)
    assert case.take(path).refused == ()


def test_the_register_judges_who_signed(case: Case) -> None:
    with case.store.read() as session:
        person = register.rows(session)[0]
    granted = next(row for row in case.rows() if (row.amount_cents or 0) > 150_000)
    path = case.signed(granted)
    with case.store.write(ACTOR) as session:
        signatories.change(session, signatory_id=person.id, values={"name": "Sacha Modèle"})
    assert case.refusal(path).startswith("Dominique EXEMPLE n’est pas au registre des signataires.")
    with case.store.write(ACTOR) as session:
        signatories.change(session, signatory_id=person.id, values={"name": person.name, "own_power": False})
        act = {"reference": "arrêté n° 2026-12", "starts_on": date(2026, 1, 1), "ceiling_cents": 150_000}
        delegations.add(session, signatory_id=person.id, values=act)
    assert "s’arrête à 1\u00a0500\u00a0€" in case.refusal(path)


def test_with_authorities_given_a_signature_of_another_is_refused(case: Case, tmp_path: Path) -> None:
    path = case.signed(case.rows()[0])
    other, own = tmp_path / "autre.pem", tmp_path / "la-sienne.pem"
    other.write_bytes(made(stamps=True).authority)
    own.write_bytes(made().authority)
    with case.store.write(ACTOR) as session:
        authorities.add(session, path=other)
    assert case.refusal(path).startswith("La signature de Dominique EXEMPLE n’est pas reconnue.")
    with case.store.write(ACTOR) as session:
        authorities.add(session, path=own)
    (one,) = case.take(path).signed
    assert one.verdict == "valide"


def test_without_any_authority_a_person_says_why_a_signature_is_taken(case: Case) -> None:
    row = case.rows()[0]
    path = case.signed(row)
    asked = case.take(path, accepting="")
    assert (asked.signed, asked.refused, asked.changes.touched) == ((), (), frozenset())
    (one,) = asked.doubtful
    assert (one.number, one.signer, one.verdict) == (row.number, "Dominique EXEMPLE", "valide mais non reconnue")
    assert one.doubt == "L’autorité qui a délivré le certificat n’est pas de celles qui sont reconnues."
    assert case.rows()[0].state == "issued"
    with pytest.raises(UserError, match="10 signes au moins"):
        case.take(path, accepting="vu  vu ")
    assert [found.number for found in case.take(path).signed] == [row.number]
    with case.store.read() as session:
        written = session.scalars(select(JournalEntry).where(JournalEntry.verb == "signatures.sign")).one()
        assert (written.reason, one.doubt in str(written.after)) == (WHY, True)


def test_a_page_changed_before_it_was_signed_is_not_the_letter_given_to_sign(case: Case) -> None:
    row = case.rows()[0]
    writer = IncrementalPdfFileWriter(BytesIO((case.out / row.filename).read_bytes()))
    pages = writer.root["/Pages"]["/Kids"]
    pages[0]["/Rotate"] = generic.NumberObject(180)
    writer.mark_update(pages.raw_get(0))
    path, out = case.out / "retour" / row.filename, BytesIO()
    meta = signers.PdfSignatureMetadata(field_name="Visa", subfilter=fields.SigSeedSubFilter.PADES)
    stock = signers.SimpleSigner.load_pkcs12_data(made().p12, None, PASSPHRASE.encode())
    signers.PdfSigner(meta, signer=stock).sign_pdf(writer, output=out)
    path.parent.mkdir()
    path.write_bytes(out.getvalue())
    (found,) = signature_check.check(out.getvalue(), (made().authority,), at=NOW)
    assert found.verdict.value == "valide"  # it covers the whole file: it is the file that is another one
    assert case.refusal(path).startswith("Entre l’export et la signature, autre chose qu’une signature a été ajouté")


def test_the_date_of_the_signatory_alone_does_not_stretch_a_delegation(case: Case, tmp_path: Path) -> None:
    root, hours = tmp_path / "autorite.pem", tmp_path / "horloge.pem"
    root.write_bytes(made().authority)
    hours.write_bytes(made(stamps=True).authority)
    with case.store.write(ACTOR) as session:
        person = register.rows(session)[0]
        signatories.change(session, signatory_id=person.id, values={"own_power": False})
        act = {"reference": "arrêté n° 2026-12", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 4, 20)}
        delegations.add(session, signatory_id=person.id, values=act)
        for path in (root, hours):
            authorities.add(session, path=path)
    first, second = case.rows()[:2]
    case.store.clock = lambda: NOW + timedelta(days=30)
    (one,) = case.take(case.signed(first), accepting="").doubtful
    assert (one.verdict, one.doubt) == (
        "valide",
        "Seul le signataire dit avoir signé le 15\u00a0avril 2026\u00a0: aucune autorité d’horodatage ne l’atteste, et "
        "la délégation (arrêté n° 2026-12) ne couvre pas tous les jours du 15\u00a0avril 2026 au 15\u00a0mai 2026.",
    )
    dated = case.signed(second, timestamp=stamper(NOW + timedelta(days=2)))
    assert [found.verdict for found in case.take(dated, accepting="").signed] == ["valide"]
    kept = case.rows()[1].signed
    assert kept is not None and kept.at == NOW + timedelta(days=2)
    late = case.signed(first, timestamp=stamper(NOW + timedelta(days=9)))
    assert "a pris fin le 20\u00a0avril 2026" in case.refusal(late)


def test_data_for_the_archive_added_by_the_parapheur_is_taken(case: Case, tmp_path: Path) -> None:
    row = case.rows()[0]
    path = case.signed(row)
    path.write_bytes(archived(path.read_bytes()))
    (one,) = case.take(path).signed
    assert (one.number, one.verdict) == (row.number, "valide mais non reconnue")


def visa(pdf: bytes, p12: bytes, name: str) -> bytes:
    """A further signature, dated, with the authorities of its certificate beside it."""
    stock, out = signers.SimpleSigner.load_pkcs12_data(p12, None, PASSPHRASE.encode()), BytesIO()
    meta = signers.PdfSignatureMetadata(field_name=name, subfilter=fields.SigSeedSubFilter.PADES)
    signer = signers.PdfSigner(meta, signer=stock, timestamper=clock(NOW))
    signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=out)
    return out.getvalue()


def test_each_signature_before_the_last_one_must_hold_too(case: Case, tmp_path: Path) -> None:
    """A visa, then the signature: the visa no longer covers the whole file, and that alone is lawful."""
    given = {"lui.pem": made().authority, "racine.pem": under_another().authority, "liste": under_another().revocations}
    given["horloge.pem"] = made(stamps=True).authority
    with case.store.write(ACTOR) as session:
        for name, content in given.items():
            (tmp_path / name).write_bytes(content)
            authorities.add(session, path=tmp_path / name)
    first, second, third = case.rows()[:3]
    path = case.out / "retour" / first.filename
    path.parent.mkdir()

    def twice(row: LetterRow, p12: bytes) -> bytes:
        return visa(visa((case.out / row.filename).read_bytes(), p12, "Visa"), made().p12, "Signature")

    path.write_bytes(twice(first, made().p12))
    assert [one.verdict for one in case.take(path).signed] == ["valide"]
    path = case.out / "retour" / second.filename
    path.write_bytes(twice(second, under_another().p12))
    assert case.refusal(path) == (
        "La signature de Dominique EXEMPLE n’est pas reconnue. Une autre signature a été ajoutée au fichier après "
        "celle-ci. L’autorité «\u00a0Autorité du milieu\u00a0», qui répond du certificat, est révoquée depuis le "
        "1er\u00a0avril 2026."
    )
    path = case.out / "retour" / third.filename
    whole = visa((case.out / third.filename).read_bytes(), made().p12, "Visa")
    # A certificate carried beside the visa is touched, then somebody signs over it: its own bytes are intact.
    root = pem.unarmor(made().authority)[2].hex().encode()
    place = whole.lower().rindex(root) + len(root) - 2
    other = b"00" if whole[place : place + 2] != b"00" else b"11"
    path.write_bytes(visa(whole[:place] + other + whole[place + 2 :], made().p12, "Signature"))
    assert case.refusal(path).startswith("Sa signature ne vaut pas (altérée).")
