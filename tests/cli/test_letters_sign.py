"""``letters sign``: a batch signed by a command, the refused letters named, secrets read from files."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "documents"))

from certificates import NOW, PASSPHRASE, made
from PIL import Image
from softhsm import plugged
from tests.cli.conftest import Line

from cv_desktop.db.queries import signatories as register
from cv_desktop.db.store import Store
from cv_desktop.documents import signing
from cv_desktop.services import demonstration, signatories
from cv_desktop.services.demonstration import ACTOR, Story

CALL = demonstration.CODE


@pytest.fixture
def told(line: Line, base_at: Callable[[str], tuple[Store, Story]], tmp_path: Path) -> Line:
    """The example campaign with its letters issued, its signatory with an image."""
    store, _story = base_at("told")
    image = tmp_path / "paraphe.png"
    Image.new("RGB", (900, 300), (20, 30, 120)).save(image)
    with store.read() as session:
        person = register.rows(session)[0]
    with store.write(ACTOR) as session:
        signatories.set_image(session, signatory_id=person.id, path=image)
    store.close()
    shutil.copytree(store.folder, line.folder, ignore=shutil.ignore_patterns("*.lock", "*.owner"))
    return line


def test_an_image_signs_the_letters_of_the_signatory_and_the_others_are_named(told: Line) -> None:
    said = told("letters", "sign", "--call", CALL, "--image", "--signatory", "dominique EXEMPLE")
    assert said.code == 1  # the acknowledgements are signed by the agent
    assert (said.data["way"], said.data["signatory"]) == ("image", "Dominique Exemple")
    assert len(said.data["signed"]) == 15 + 12  # the decisions, and the files that are « irrecevable »
    assert all(name.endswith("_signe.pdf") for name in said.data["signed"])
    assert sum(len(one["letters"]) for one in said.data["refused"]) == 39 + 12
    assert all(number.startswith("CO-2026-") for one in said.data["refused"] for number in one["letters"])
    assert told("verify").data["altered_letters"] == []
    given = ("letters", "sign", "--call", CALL, "--image", "--signatory", "Dominique Exemple", "--kind", "REF")
    again = told(*given)
    assert (again.code, again.data["signed"], again.data["refused"]) == (0, [], [])
    number = said.data["signed"][0].split("_")[1]
    undone = ("letters", "unsign", "--call", CALL, "--number", number, "--reason")
    assert (told(*undone, "bof").code, told(*undone, "Mauvais exemplaire signé").code) == (2, 0)
    refused = told(*undone, "Mauvais exemplaire signé")
    assert (refused.code, "n’a pas d’exemplaire signé" in refused.err) == (2, True)


def test_a_certificate_signs_with_its_passphrase_in_a_file(told: Line, tmp_path: Path) -> None:
    p12, secret = tmp_path / "d.p12", tmp_path / "secret.txt"
    p12.write_bytes(made().p12)
    secret.write_text(f"{PASSPHRASE}\r\nautre ligne\n", encoding="utf-8", newline="")
    given = ("letters", "sign", "--call", CALL, "--p12", p12, "--signatory", "Dominique Exemple", "--kind", "REF")
    for wrong, why in (
        (tmp_path, "est un dossier"),
        (tmp_path / "absent.p12", "n’est pas dans"),
        (secret, "ne s’ouvre pas"),
    ):
        refused = told(*given[:4], "--p12", wrong, *given[6:], "--passphrase-file", secret)
        assert (refused.code, why in refused.err) == (2, True), refused.err
    missing = told(*given)
    assert (missing.code, "--passphrase-file" in missing.err) == (2, True)
    said = told(*given, "--passphrase-file", secret)
    assert (said.code, said.data["signer"], said.data["refused"]) == (0, "Dominique EXEMPLE", [])
    signed = told.folder / "courriers" / said.data["signed"][0]
    authority = tmp_path / "autorite.pem"
    authority.write_bytes(made().authority)
    (one,) = told("signature", "verify", signed, "--authority", authority).data["signatures"]
    assert (one["verdict"], one["covers_whole_document"]) == ("valide", True)
    secret.write_text("faux", encoding="utf-8")
    wrong = told(*given, "--passphrase-file", secret)
    assert (wrong.code, "le mot de passe est faux" in wrong.err) == (2, True)


def test_a_card_signs_by_its_module_with_its_code_in_a_file(
    told: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", "")
    module, code = plugged(tmp_path, maire=made().p12, vieille=made(expired=True).p12), tmp_path / "code.txt"
    code.write_text("0000", encoding="utf-8")
    given = ("letters", "sign", "--call", CALL, "--module", module, "--signatory", "Dominique Exemple", "--kind", "REF")
    for more, why in (
        ((), "--pin-file"),
        (("--pin-file", tmp_path / "absent"), "ne se lit pas"),
        (("--pin-file", code), "Plusieurs cartes"),
        (("--pin-file", code, "--token", "maire"), "Le code de la carte est faux"),
        (("--pin-file", code, "--token", "autre"), "Aucune carte branchée"),
    ):
        refused = told(*given, *more)
        assert (refused.code, why in refused.err) == (2, True), refused.err
    code.write_text("1234\n", encoding="utf-8")
    old = told(*given, "--pin-file", code, "--token", "vieille")
    assert (old.code, "il ne peut pas signer" in old.err) == (2, True)
    (tmp_path / "faux.so").write_bytes(b"rien")
    wrong = told(*given[:4], "--module", tmp_path / "faux.so", *given[6:], "--pin-file", code)
    assert (wrong.code, "n’est pas le module PKCS#11" in wrong.err) == (2, True)
    said = told(*given, "--pin-file", code, "--token", "maire")
    assert (said.code, said.data["signer"], said.data["level"], len(said.data["signed"])) == (
        0, "Dominique EXEMPLE", "B-B", 1,
    )  # fmt: skip


def test_an_unknown_signatory_or_number_is_named(told: Line) -> None:
    said = told("letters", "sign", "--call", CALL, "--image", "--signatory", "Sacha Modèle")
    assert said.code == 2
    assert "n’est pas au registre des signataires, qui nomme\u00a0: Dominique Exemple" in said.err
    said = told(
        "letters", "sign", "--call", CALL, "--image", "--signatory", "Dominique Exemple", "--number", "CO-2031-0001"
    )
    assert (said.code, "CO-2031-0001" in said.err) == (2, True)


def test_a_batch_goes_to_the_parapheur_and_comes_back(told: Line, tmp_path: Path) -> None:
    out = tmp_path / "parapheur"
    said = told("letters", "export", "--call", CALL, "--for", "parapheur", "--out", out, "--kind", "REF")
    assert (said.code, len(said.data["letters"])) == (0, 1)
    assert said.data["files"][-2:] == ["index.csv", "index.json"]
    name = said.data["files"][0]
    signer = signing.load_pkcs12(made().p12, PASSPHRASE, at=NOW)
    back = tmp_path / "retour"
    back.mkdir()
    pdf = signing.sign((out / name).read_bytes(), signer, at=NOW, reason="Signature", place="Melun")
    (back / name).write_bytes(pdf)
    (back / "CO-2031-0001.pdf").write_bytes(b"%PDF-1.7")
    asked = told("letters", "take-back", back)
    assert (asked.code, asked.data["signed"]) == (1, [])
    (one,) = asked.data["doubtful"]
    assert (one["letter"], one["verdict"]) == (said.data["letters"][0], "valide mais non reconnue")
    assert "--accept MOTIF" in told("letters", "take-back", back, plain=True).out
    refused = told("letters", "take-back", back, "--accept", "court")
    assert (refused.code, "10 signes au moins" in refused.err) == (2, True)
    taken = told("letters", "take-back", back, "--accept", "Vérifiée dans le parapheur")
    assert taken.code == 1  # one of the files is of no letter of this base
    assert [(one["letter"], one["signer"]) for one in taken.data["signed"]] == [
        (said.data["letters"][0], "Dominique EXEMPLE")
    ]
    assert [one["file"] for one in taken.data["refused"]] == ["CO-2031-0001.pdf"]
    printed = told("letters", "export", "--call", CALL, "--for", "impression", "--out", out, "--kind", "REF")
    assert (printed.code, (out / "courriers-a-imprimer.pdf").exists()) == (0, True)
