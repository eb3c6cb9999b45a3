"""Letters signed, then judged by other programs and by ourselves, also when somebody has touched them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from certificates import NOW, PASSPHRASE, made, stamper
from softhsm import PIN, plugged, put_on

import letter_samples as samples
from cv_desktop.documents import letter_pdf, signature_check, signing
from cv_desktop.documents.signature_check import Verdict
from cv_desktop.documents.signing_token import token_signer
from cv_desktop.domain.errors import UserError

LETTER = letter_pdf.render(replace(samples.GRANTED, dated_on="2026-03-03", facts=(("courrier", "CO-2026-0114"),)))


def signed(letter: bytes = LETTER) -> bytes:
    signer = signing.load_pkcs12(made().p12, PASSPHRASE, at=NOW)
    return signing.sign(letter, signer, at=NOW, reason="Attribution", place="Dammarie-lès-Lys")


def verdicts(pdf: bytes, *authorities: bytes) -> list[Verdict]:
    return [one.verdict for one in signature_check.check(pdf, authorities, at=NOW)]


def test_a_signed_letter_is_valid_for_whoever_knows_the_authority() -> None:
    (found,) = signature_check.check(signed(), (made().authority,), at=NOW)
    assert found.verdict is Verdict.VALID
    assert (found.signer, found.signed_at) == ("Dominique EXEMPLE", NOW)
    assert found.intact and found.covers_whole_document and found.trusted and not found.changed_after


def test_without_the_authority_it_is_valid_but_not_recognised() -> None:
    (found,) = signature_check.check(signed(), at=NOW)
    assert found.verdict is Verdict.UNKNOWN
    assert not found.trusted


def test_poppler_and_qpdf_agree(tmp_path: Path) -> None:
    path = tmp_path / "signe.pdf"
    path.write_bytes(signed())
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False).stdout
    assert "No syntax or stream encoding errors found" in checked


def test_signing_adds_after_the_letter_and_changes_no_byte_of_it() -> None:
    pdf = signed()
    assert pdf.startswith(LETTER)
    assert len(pdf) - len(LETTER) < 12_000


def test_the_page_says_who_signed_and_when(tmp_path: Path) -> None:
    path = tmp_path / "signe.pdf"
    path.write_bytes(signed())
    where = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True).stdout
    (place,) = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>électroniquement<', where)
    left, top = (float(measure) * 25.4 / 72 for measure in place)
    assert 115 < left < 190
    assert 231 < top < 250
    assert "15 avril 2026" in subprocess.run(
        ["pdftotext", path, "-"], capture_output=True, text=True, check=True
    ).stdout.replace("\u00a0", " ")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_one_changed_byte_is_never_valid(share: float) -> None:
    pdf = bytearray(signed())
    place = int(len(LETTER) * share)
    pdf[place] ^= 1
    assert not {Verdict.VALID, Verdict.UNKNOWN} & set(verdicts(bytes(pdf), made().authority) or [Verdict.ALTERED])


def test_what_is_added_after_the_signature_is_told() -> None:
    (found,) = signature_check.check(signed() + b"\n% ajout\n", (made().authority,), at=NOW)
    assert found.verdict is Verdict.PARTIAL
    assert found.changed_after and not found.covers_whole_document and not found.trusted


def test_a_range_that_leaves_more_than_the_signature_out_is_not_read() -> None:
    pdf = signed()
    found = re.search(rb"/ByteRange\[0 (\d+) (\d+) (\d+)\]", pdf)
    assert found
    first, second, last = (int(found[group]) for group in (1, 2, 3))
    wider = b"/ByteRange[0 %010d %010d %010d]" % (first - 400, second, last)
    assert verdicts(pdf.replace(found[0], wider), made().authority) == [Verdict.UNREADABLE]
    beyond = b"/ByteRange[0 %010d %010d %010d]" % (first, second, last + 9)
    assert verdicts(pdf.replace(found[0], beyond), made().authority) == [Verdict.UNREADABLE]
    elsewhere = b"/ByteRange[9 %010d %010d %010d]" % (first, second, last)
    assert verdicts(pdf.replace(found[0], elsewhere), made().authority) == [Verdict.UNREADABLE]


def test_a_letter_without_signature_has_none_and_no_pdf_is_told() -> None:
    assert signature_check.check(LETTER, at=NOW) == ()
    with pytest.raises(UserError, match="n’est pas un PDF"):
        signature_check.check(b"PK\x03\x04", at=NOW)


def test_a_wrong_passphrase_an_old_certificate_and_one_to_encrypt_are_refused() -> None:
    with pytest.raises(UserError, match="le mot de passe est faux"):
        signing.load_pkcs12(made().p12, "autre", at=NOW)
    with pytest.raises(UserError, match=r"Dominique EXEMPLE vaut du 11\smars 2025 au 14\savril 2026"):
        signing.load_pkcs12(made(expired=True).p12, PASSPHRASE, at=NOW)
    with pytest.raises(UserError, match="n’est pas fait pour signer"):
        signing.load_pkcs12(made(cipher=True).p12, PASSPHRASE, at=NOW)
    with pytest.raises(UserError, match="vaut du"):
        signing.load_pkcs12(made().p12, PASSPHRASE, at=NOW + timedelta(days=500))


def test_only_a_letter_as_it_was_issued_is_signed() -> None:
    with pytest.raises(UserError, match="tel qu’il a été émis"):
        signed(signed())
    with pytest.raises(UserError, match="tel qu’il a été émis"):
        signed(LETTER + b"\n")


def test_a_timestamp_authority_dates_the_signature_itself() -> None:
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    clock, dated = made(stamps=True), NOW + timedelta(minutes=2)
    signer = signing.load_pkcs12(made().p12, PASSPHRASE, at=NOW)
    pdf = signing.sign(
        LETTER, signer, at=NOW, reason="Attribution", place="Melun", timestamp=stamper(dated)
    )  # fmt: skip
    roots = [one for pem in (made().authority, clock.authority) for one in load_certs_from_pemder_data(pem)]
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=NOW + timedelta(hours=1))
    status = validate_pdf_signature(PdfFileReader(BytesIO(pdf)).embedded_signatures[0], context, context)
    assert status.bottom_line
    assert status.timestamp_validity.timestamp == dated
    later = NOW + timedelta(days=600)  # the certificate of the signatory has ended, that of the clock has not
    alone = signature_check.check(pdf, (made().authority,), at=later)[0]
    assert (alone.verdict, alone.dated_at) == (Verdict.UNKNOWN, None)
    assert "rien ne prouve que la signature est d’avant" in alone.why


@pytest.fixture
def cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Plugs cards of SoftHSM; gives their module."""
    monkeypatch.setenv("SOFTHSM2_CONF", "")
    return lambda **named: plugged(tmp_path, **named)


def test_a_token_signs_without_giving_its_key(cards: Callable[..., Path]) -> None:
    token = cards(carte=made().p12)
    with token_signer(token, PIN, at=NOW) as signer:
        pdf = signing.sign(LETTER, signer, at=NOW, reason="Attribution", place="Melun")
    (found,) = signature_check.check(pdf, (made().authority,), at=NOW)
    assert (found.verdict, found.signer) == (Verdict.VALID, "Dominique EXEMPLE")
    for pin, label, later, why in (
        ("9999", "", 0, "Le code de la carte est faux"),
        ("", "", 0, "Le code de la carte est faux"),
        (
            PIN,
            "autre",
            0,
            "Aucune carte branchée ne s’appelle «\u00a0autre\u00a0». Sont branchées\u00a0: «\u00a0carte\u00a0».",
        ),
        (PIN, "", 999, "vaut du"),
    ):
        at = NOW + timedelta(days=later)
        with pytest.raises(UserError, match=re.escape(why)), token_signer(token, pin, at=at, label=label):
            pass


def test_among_several_cards_the_one_that_is_named_signs(cards: Callable[..., Path]) -> None:
    token = cards(maire=made().p12, vide=None)
    with (
        pytest.raises(UserError, match="Plusieurs cartes de signature sont branchées"),
        token_signer(token, PIN, at=NOW),
    ):
        pass
    with token_signer(token, PIN, at=NOW, label="maire") as signer:
        assert signer.certificate.name == "Dominique EXEMPLE"
    nothing = "Cette carte n’a pas de certificat qui signe"
    with pytest.raises(UserError, match=nothing), token_signer(token, PIN, at=NOW, label="vide"):
        pass


def test_an_old_certificate_beside_the_new_one_is_left_alone(cards: Callable[..., Path]) -> None:
    token = cards(carte=made(expired=True).p12)
    with pytest.raises(UserError, match="vaut du"), token_signer(token, PIN, at=NOW):
        pass
    put_on(token, "carte", made().p12)
    with token_signer(token, PIN, at=NOW) as signer:
        assert signer.certificate.valid_until > NOW


def test_no_card_at_all_is_told(cards: Callable[..., Path]) -> None:
    with pytest.raises(UserError, match="branchez-la et recommencez"), token_signer(cards(), PIN, at=NOW):
        pass


def test_a_module_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "carte.so").write_bytes(b"")
    with (
        pytest.raises(UserError, match="n’est pas le module PKCS#11"),
        token_signer(tmp_path / "carte.so", "1", at=NOW),
    ):
        pass
