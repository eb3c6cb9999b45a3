from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest

from cv_desktop.documents import archive, sheet_read
from cv_desktop.documents.sheet_read import read_workbook
from cv_desktop.domain.deposits import read_deposits
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.domain.intake import SET_ASIDE, TO_CHECK
from deposit_workbook import ASKED, DOSSIERS, KNOWN, WORDS, Book

EXAMPLE = Path(__file__).parents[2] / "resources" / "demo" / "depots_fia_2026.xlsx"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_workbook(path)
    return caught.value.message


def ods(path: Path, sheets: dict[str, list[list[object]]], manifest: str = "") -> Path:
    """A minimal OpenDocument spreadsheet."""
    tables = []
    for name, rows in sheets.items():
        lines = []
        for row in rows:
            cells = []
            for value in row:
                if isinstance(value, int | float):
                    cells.append(f'<table:table-cell office:value-type="float" office:value="{value}"/>')
                elif isinstance(value, date):
                    cells.append(f'<table:table-cell office:value-type="date" office:date-value="{value}"/>')
                else:
                    text = escape(str(value))
                    cells.append(
                        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
                    )
            lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
        tables.append(f'<table:table table:name="{escape(name)}">{"".join(lines)}</table:table>')
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml", f"<?xml version='1.0'?><office:document-content{names}>{body}</office:document-content>"
        )
        archive.writestr("META-INF/manifest.xml", manifest or "<manifest/>")
    return path


def test_the_example_workbook() -> None:
    intake = read_deposits(read_workbook(EXAMPLE), WORDS, KNOWN)
    assert intake.rows == 42
    assert len(intake.deposits) == 39
    assert intake.drafts == ("20170012", "20170014", "20170029")
    assert (intake.asked_cents, intake.cost_cents) == (100_000_00, 199_700_00)
    assert intake.duplicates == intake.refused == intake.others == ()
    checks = [p for p in intake.problems if p.severity != SET_ASIDE]
    assert [(p.number, p.line, p.sheet, p.severity) for p in checks] == [
        ("20170001", 3, "Etablissements", TO_CHECK),
        ("20170023", 25, "Etablissements", TO_CHECK),
    ]
    asked = {d.number: d.asked_cents for d in intake.deposits}
    assert [asked[number] for number in ("20170003", "20170019", "20170041")] == [220000, 300000, 125000]
    assert all(len(d.budget) == 6 for d in intake.deposits)
    unbalanced = [
        d.number
        for d in intake.deposits
        if sum(e.amount_cents if e.side == "charge" else -e.amount_cents for e in d.budget)
    ]
    assert unbalanced == ["20170005", "20170006", "20170027"]


def test_a_workbook_written_and_read_back(tmp_path: Path) -> None:
    book = Book(1, 50)
    assert read_deposits(read_workbook(book.save(tmp_path / "dépôts d’été.xlsx")), WORDS, KNOWN) == read_deposits(
        book.sheets(), WORDS, KNOWN
    )


def test_an_opendocument_workbook(tmp_path: Path) -> None:
    book = Book(2, 5)
    for at in range(5):
        book.set(at, "Déposé le", "28/02/2026 11:14")
    path = ods(tmp_path / "depots.ods", {sheet.name: list(map(list, sheet.rows)) for sheet in book.sheets()})
    intake = read_deposits(read_workbook(path), WORDS, KNOWN)
    assert intake.problems == ()
    assert intake.asked_cents == sum(book.asked.values())


def test_a_workbook_under_another_name_is_read_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "depots.csv"
    path.write_bytes(EXAMPLE.read_bytes())
    assert [sheet.name for sheet in read_workbook(path)][:2] == ["Dossiers", "Etablissements"]


def test_hidden_sheets_are_ignored(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = "Dossiers"
    workbook.active["A3"] = "ID"
    workbook.create_sheet("Listes").sheet_state = "hidden"
    workbook.save(tmp_path / "a.xlsx")
    (sheet,) = read_workbook(tmp_path / "a.xlsx")
    assert (sheet.name, len(sheet.rows)) == ("Dossiers", 3)  # empty lines above keep the numbering


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_in_every_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    book = Book(3, 6)
    rows = [one + other[1:] for one, other in zip(book.dossiers, book.establishments, strict=True)]
    for row in rows[1:]:
        row[DOSSIERS.index(ASKED)] = f"{row[DOSSIERS.index(ASKED)]:.2f} €".replace(".", ",")
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator).writerows(rows)
    path = tmp_path / "dossiers_fia.csv"
    path.write_bytes(written.getvalue().encode(encoding))
    intake = read_deposits(read_workbook(path), WORDS, KNOWN)
    assert intake.asked_cents == sum(book.asked.values())
    assert [d.title for d in intake.deposits] == [row[13] for row in rows[1:]]
    assert not [p for p in intake.problems if p.line]


def test_an_unquoted_decimal_comma_refuses_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    header = "ID,Déposé le,Entreprise raison sociale,Intitulé de l'action,Montant demandé,Notes\n"
    path.write_text(header + "1,2026-01-05,Témoin,Jardin,2200,a\n2,2026-01-05,Témoin,Jardin,24975,00,b\n", "utf-8")
    intake = read_deposits(read_workbook(path), WORDS)
    assert [d.number for d in intake.deposits] == ["1"]
    assert intake.refused == ("2",)
    problem = intake.problems[0]
    assert (problem.line, problem.message) == (
        3,
        "7 valeurs pour 6 colonnes, une virgule décimale n’est pas entre guillemets.",
    )


def test_csv_that_cannot_be_read_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"ID;Nom\n1;T\xc3\xa9moin\n2;\x81\x8d\n")
    assert refusal(path).startswith("Ligne 3\u00a0: des caractères sont illisibles.")
    path.write_text('ID;Nom\n1;"Témoin\n2;Exemple\n', "utf-8")
    assert refusal(path).startswith("Ligne 2\u00a0: un guillemet n’est pas à sa place.")


@pytest.mark.parametrize("name", ["photo.xlsx", "photo.csv", "photo.ods"])
def test_a_picture_is_no_spreadsheet(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(200))
    assert refusal(path).startswith("Ce fichier n’est pas un tableur.")


def test_a_letter_or_a_page_is_no_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "lettre.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert refusal(path).startswith("Ce fichier n’est pas un tableur.")
    path.write_text("<html><table><tr><td>ID</td></tr></table></html>", "utf-8")
    assert refusal(path).startswith("Ce fichier n’est pas un tableur.")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_workbook(tmp_path: Path, share: float) -> None:
    path = tmp_path / "coupe.xlsx"
    content = EXAMPLE.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert refusal(path) == "Ce fichier est incomplet ou abîmé. Téléchargez-le de nouveau."


def test_a_workbook_whose_inside_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "abime.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")
    assert refusal(path).startswith("Ce fichier est incomplet ou abîmé.")
    path.write_bytes(OLE + bytes(3000))
    assert refusal(path).startswith("Ce fichier est incomplet ou abîmé.")
    content = bytearray(EXAMPLE.read_bytes())
    content[2000:6000] = bytes(4000)
    path.write_bytes(content)
    assert refusal(path).startswith("Ce fichier est incomplet ou abîmé.")


def test_a_protected_workbook(tmp_path: Path) -> None:
    path = tmp_path / "protege.xlsx"
    path.write_bytes(OLE + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(1000))
    assert refusal(path).startswith("Ce fichier est protégé par un mot de passe.")
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    assert refusal(ods(tmp_path / "protege.ods", {"Dossiers": []}, manifest)).startswith("Ce fichier est protégé")


def test_missing_empty_and_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "absent.xlsx").startswith("Le fichier «\u00a0absent.xlsx\u00a0» est introuvable.")
    assert refusal(tmp_path).endswith("est un dossier. Choisissez un fichier.")
    for name, content in (("a.xlsx", b""), ("a.csv", b""), ("b.csv", b" \r\n\n"), ("c.csv", b"\xef\xbb\xbf\n")):
        (tmp_path / name).write_bytes(content)
        assert refusal(tmp_path / name) == "Ce fichier est vide."
    openpyxl.Workbook().save(tmp_path / "vide.xlsx")
    assert refusal(tmp_path / "vide.xlsx") == "Ce fichier est vide."


def test_a_file_that_the_machine_does_not_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(self: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", locked)
    with pytest.raises(Unavailable, match="ne peut pas être lu"):
        read_workbook(EXAMPLE)


def test_files_too_big_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNFOLDED_BYTES", 10_000)
    assert refusal(EXAMPLE).startswith("Ce fichier est trop grand une fois ouvert.")
    monkeypatch.setattr(sheet_read, "MAX_BYTES", 10_000)
    assert refusal(EXAMPLE).startswith("Ce fichier pèse")
