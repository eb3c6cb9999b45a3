"""« Vérifier une signature… »: told in French, green only when the whole file is covered by one that is recognised."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.queries import signatories as register
from cv_desktop.db.store import Store
from cv_desktop.documents import letter_pdf
from cv_desktop.domain.errors import UserError
from cv_desktop.services import authorities, letters, seals, signature_reports, signatures
from cv_desktop.services.demonstration import ACTOR, Story

sys.path.append(str(Path(__file__).parents[1] / "documents"))

from certificates import PASSPHRASE, made

Opened = Callable[[str], tuple[Store, Story]]


def test_a_letter_signed_here_is_told_and_named(base_at: Opened, tmp_path: Path) -> None:
    store, story = base_at("told")
    p12, authority = tmp_path / "d.p12", tmp_path / "autorite.pem"
    p12.write_bytes(made().p12)
    authority.write_bytes(made().authority)
    with store.read() as session:
        person = register.rows(session)[0]
        row = next(x for x in outbox.rows(session, call_id=story.call_id) if x.lot_id)
    seal = seals.of_certificate(store, person, path=p12, passphrase=PASSPHRASE)
    (path,) = signatures.sign(
        store, actor=ACTOR, letter_ids=[row.id], signatory_id=person.id, seal=seal, render=letter_pdf.render
    ).files
    found = signature_reports.report(store, path)
    assert found.known == f"C’est le courrier {row.number}, tel qu’il a été signé."
    assert (found.level, found.lines[0].who) == ("warning", "Dominique EXEMPLE")
    assert found.lines[0].verdict == "Signature valide mais non reconnue"
    assert "Ajoutez son autorité" in found.lines[0].sentences[-1]
    with store.write(ACTOR) as session:
        authorities.add(session, path=authority)
    green = signature_reports.report(store, path)
    assert (green.level, green.lines[0].verdict) == ("success", "Signature valide")
    assert green.lines[0].sentences[0].startswith("Le 15\u00a0avril 2026 à 10\u00a0h")
    issued = signature_reports.report(store, store.folder / letters.FOLDER / row.filename)
    assert issued.lines == ()
    assert issued.known == f"C’est le courrier {row.number}, tel qu’il a été émis, avant sa signature."
    # Bytes added after it: never green, and no longer one of ours.
    touched = tmp_path / "touche.pdf"
    touched.write_bytes(path.read_bytes() + b"\n% ajout\n")
    found = signature_reports.report(store, touched)
    assert (found.level, found.known, found.lines[0].verdict) == ("danger", "", "Signature partielle")
    assert "Une partie du fichier n’est pas couverte." in found.lines[0].sentences
    place = path.read_bytes().index(b"/Contents") // 3
    broken = bytearray(path.read_bytes())
    broken[place] ^= 1
    touched.write_bytes(broken)
    assert signature_reports.report(store, touched).level == "danger"
    touched.write_bytes(b"GIF89a")
    with pytest.raises(UserError, match="n’est pas un PDF"):
        signature_reports.report(store, touched)
