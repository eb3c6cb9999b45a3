"""Bad input: one sentence, exit code 2, and nothing written."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from cv_desktop.cli import main
from cv_desktop.db.store import NAME, Store
from deposit_workbook import ASKED, Book
from unprivileged import command

from .conftest import Line

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 2000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600


def truncated(path: Path, workbook: Path) -> None:
    path.write_bytes(workbook.read_bytes()[:5000])


def without_sheet(path: Path, _workbook: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Notes"
    book.active.append(["Bonjour", "Monde"])
    book.save(path)


def without_column(path: Path, _workbook: Path) -> None:
    book = Book(1, 5)
    at = book.dossiers[0].index(ASKED)
    for row in book.dossiers:
        del row[at]
    book.save(path)


def header_only(path: Path, _workbook: Path) -> None:
    Book(1, 0).save(path)


CASES: dict[str, tuple[Callable[[Path, Path], object], str]] = {
    "missing": (lambda path, _w: None, "Le fichier « depots.xlsx » est introuvable. A-t-il été déplacé ?"),
    "folder": (lambda path, _w: path.mkdir(), "« depots.xlsx » est un dossier. Choisissez un fichier."),
    "password": (
        lambda path, _w: path.write_bytes(OLE),
        "Ce fichier est protégé par un mot de passe. Retirez le mot de passe dans le tableur, puis recommencez.",
    ),
    "truncated": (truncated, "Ce fichier est incomplet ou abîmé. Téléchargez-le de nouveau."),
    "picture": (
        lambda path, _w: path.write_bytes(PNG),
        "Ce fichier n’est pas un tableur. Choisissez un fichier xlsx, xls, ods ou csv.",
    ),
    "empty": (lambda path, _w: path.write_bytes(b""), "Ce fichier est vide."),
    "sheet": (without_sheet, "La feuille « Dossiers » est absente."),
    "column": (without_column, f"La colonne « {ASKED} » est absente de la feuille « Dossiers »."),
    "header": (header_only, "Aucun dossier déposé dans « depots.xlsx ». Rien n’a été importé."),
}


@pytest.mark.parametrize("case", CASES)
def test_a_workbook_that_cannot_be_read_is_refused_in_one_sentence(
    campaign: Line, tmp_path: Path, workbook: Path, case: str
) -> None:
    make, sentence = CASES[case]
    path = tmp_path / "depots.xlsx"
    make(path, workbook)
    before = campaign.base.read_bytes()
    said = campaign("import", path, "--call", "FIA-2026")
    assert said.code == 2
    assert said.err.strip().startswith(sentence)
    assert "Traceback" not in said.err
    assert said.data == {"error": said.err.strip()}
    assert campaign.base.read_bytes() == before


def test_an_unknown_campaign_is_named_with_those_that_exist(campaign: Line, workbook: Path, tmp_path: Path) -> None:
    sentence = "La campagne « FIA-2031 » n’existe pas. Campagnes de cette base : FIA-2026."
    for arguments in (
        ["import", workbook, "--call", "FIA-2031"],
        ["check", "--call", "FIA-2031"],
        ["letters", "issue", "--call", "FIA-2031", "--out", tmp_path / "out"],
        ["export", "decisions", "--call", "FIA-2031", "--out", tmp_path / "d.xlsx"],
    ):
        before = campaign.base.read_bytes()
        said = campaign(*arguments)
        assert (said.code, said.err.strip()) == (2, sentence)
        assert campaign.base.read_bytes() == before
    assert not (tmp_path / "d.xlsx").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["FIA/2026", "--scheme", "FIA", "--year", "2026", "--envelope", "1"],
         "« FIA/2026 » n’est pas un code de campagne. Exemple : FIA-2026."),
        (["FIA-1815", "--scheme", "FIA", "--year", "1815", "--envelope", "1"],
         "L’année 1815 est hors de portée : entre 2015 et 2050."),
        (["FIA-2026", "--scheme", "FIA", "--year", "2026", "--envelope", "-5"],
         "L’enveloppe ne peut pas être négative : −5 €."),
    ],
)  # fmt: skip
def test_a_campaign_that_is_refused_leaves_no_base_behind(line: Line, arguments: list[str], sentence: str) -> None:
    said = line("call", "create", *arguments)
    assert (said.code, said.err.strip()) == (2, sentence)
    assert not line.folder.exists() or list(line.folder.iterdir()) == []


def test_a_campaign_that_exists_is_not_made_again(campaign: Line) -> None:
    before = campaign.base.read_bytes()
    said = campaign("call", "create", "fia-2026", "--scheme", "FIA", "--year", "2026", "--envelope", "1")
    assert said.code == 2
    assert said.err.strip() == "La campagne « FIA-2026 » existe déjà. Ouvrez-la, ou choisissez un autre code."
    assert campaign.base.read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [["verify"], ["check", "--call", "X"], ["import", "f.xlsx", "--call", "X"], ["backup", "copie.sqlite"]],
)
def test_without_a_base_nothing_is_made(line: Line, arguments: list[str]) -> None:
    said = line(*arguments)
    assert said.code == 2
    assert said.err.strip() == f"Aucune base dans « {line.folder} ». Créez-la, ou choisissez un autre dossier."
    assert not line.folder.exists()


def test_a_base_of_a_later_version_is_refused(campaign: Line, workbook: Path) -> None:
    with closing(sqlite3.connect(campaign.base)) as base:
        base.execute("UPDATE alembic_version SET version_num = '0999'")
        base.execute("UPDATE setting SET value = '\"1.4\"' WHERE key = 'app_version'")
        base.commit()
    before = campaign.base.read_bytes()
    for arguments in (["verify"], ["import", workbook, "--call", "FIA-2026"], ["backup", "copie.sqlite"]):
        said = campaign(*arguments)
        assert (said.code, said.err.strip()) == (
            2,
            "Cette base vient d’une version plus récente (1.4). Mettez l’application à jour ; rien n’a été modifié.",
        )
    assert campaign.base.read_bytes() == before


def test_a_second_instance_is_refused(campaign: Line, workbook: Path) -> None:
    with Store.open(campaign.base, actor="Camille Témoin"):
        said = campaign("import", workbook, "--call", "FIA-2026")
    assert said.code == 2
    assert said.err.startswith("La base est déjà ouverte sur ce poste par Camille Témoin depuis ")
    assert campaign("check", "--call", "FIA-2026").data["applications"] == 0


def test_a_damaged_base_is_refused(line: Line) -> None:
    line.folder.mkdir()
    line.base.write_bytes(b"Bonjour" * 1000)
    said = line("verify")
    assert said.code == 2
    assert said.err.startswith(f"Le fichier « {NAME} » n’est pas une base de CV Desktop, ou il est abîmé.")


def test_an_unsound_backup_is_not_restored(line: Line, tmp_path: Path) -> None:
    copy = tmp_path / "copie.sqlite"
    copy.write_bytes(b"x" * 100)
    assert line("restore", copy).code == 2
    assert line("restore", tmp_path / "absente.sqlite").err.strip() == "Le fichier « absente.sqlite » n’existe pas."
    assert not line.folder.exists()


def test_the_base_is_not_its_own_backup(campaign: Line) -> None:
    before = campaign.base.read_bytes()
    said = campaign("backup", campaign.base)
    assert said.err.strip() == "La sauvegarde prendrait la place de la base. Choisissez un autre nom de fichier."
    assert campaign.base.read_bytes() == before


def test_folders_without_rights_are_refused_and_no_letter_takes_a_number(
    campaign: Line, workbook: Path, tmp_path: Path
) -> None:
    campaign("import", workbook, "--call", "FIA-2026")
    closed = tmp_path / "fermé"
    closed.mkdir()
    base = tmp_path / "ouverte"
    shutil.copytree(campaign.folder, base, ignore=shutil.ignore_patterns("*.lock", "*.owner"))
    closed.chmod(0o555)
    sentence = f"Le dossier « {closed} » ne peut pas être modifié. Choisissez un autre dossier ou demandez les droits."
    for arguments in (
        ("letters", "issue", "--call", "FIA-2026", "--out", closed),
        ("export", "decisions", "--call", "FIA-2026", "--out", closed / "d.xlsx"),
        ("demo", "--out", closed),
    ):
        run = command(*arguments, "--data-dir", base)
        assert (run.returncode, run.stderr.strip()) == (2, sentence), arguments
    run = command("backup", closed / "copie.sqlite", "--data-dir", base)
    assert (run.returncode, run.stderr.strip()) == (2, sentence)
    assert list(closed.iterdir()) == []
    with closing(sqlite3.connect(base / NAME)) as raw:
        assert raw.execute("SELECT count(*) FROM letter WHERE number IS NOT NULL").fetchone() == (0,)


def test_a_workbook_that_may_not_be_read_is_refused(campaign: Line, workbook: Path, tmp_path: Path) -> None:
    closed = tmp_path / "ferme.xlsx"
    shutil.copyfile(workbook, closed)
    closed.chmod(0)
    run = command("import", closed, "--call", "FIA-2026", "--data-dir", campaign.folder)
    assert run.returncode == 2
    assert "ne peut pas être lu" in run.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["danse"], "COMMANDE : « danse » n’existe pas (possibles :"),
        (["call"], "il manque : ACTION"),
        (["import"], "il manque : FICHIER"),
        (["import", "f.xlsx", "--call"], "--call attend une valeur"),
        (["check", "--call", "X", "--bruit"], "inconnu : --bruit"),
        (["call", "create", "X", "--year", "2026", "--envelope", "1", "--scheme", "ZZZ"],
         "--scheme : « ZZZ » n’existe pas (possibles : FIA, AAP)"),
        (["call", "create", "X", "--scheme", "FIA", "--envelope", "1", "--year", "deux"],
         "« deux » n’est pas un nombre"),
        (["call", "create", "X", "--scheme", "FIA", "--year", "2026", "--envelope", "beaucoup"],
         "--envelope : « beaucoup » n’est pas un montant. Exemple : 4 000 ou 4 000,50."),
        (["verify", "--json=oui"], "--json n’attend pas de valeur"),
    ],
)  # fmt: skip
def test_what_is_badly_typed_is_said_in_french(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("Utilisation : cv-desktop")
    assert words in said
    for english in ("argument", "invalid", "choose", "required", "expected", "error"):
        assert english not in said.replace("Arguments", "").replace("arguments", "")
