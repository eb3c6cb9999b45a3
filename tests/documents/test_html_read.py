"""Tables of web pages, which portals name « .xls », and other files under a wrong name."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from cv_desktop.documents.csv_read import MAX_LINES
from cv_desktop.documents.sheet_read import open_list
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.sheets import Span


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        open_list(path)
    return caught.value.message.replace("\u00a0", " ")


def test_a_page_named_xls(tmp_path: Path) -> None:
    page = (
        "<html><head><style>td {color: red}</style></head><body><table><tr><th>B&eacute;n&eacute;ficiaire<th>Objet"
        "<th>Montant</tr><tr><td>Club &amp; Amis</td><td>Fête<br>du  quartier</td><td x:num='1000.5'>1&nbsp;000,50 €"
        "</td></tr><tr><td colspan=2>TOTAL</td><td>1 000,50</td></tr></table></body></html>"
    )
    (tmp_path / "export.xls").write_bytes(page.encode("cp1252"))
    opened = open_list(tmp_path / "export.xls")
    assert (opened.format, opened.encoding) == ("html", "cp1252")
    (sheet,) = opened.sheets
    assert [list(row) for row in sheet.rows] == [
        ["Bénéficiaire", "Objet", "Montant"], ["Club & Amis", "Fête\ndu quartier", 1000.5], ["TOTAL", "", "1 000,50"],
    ]  # fmt: skip
    assert sheet.merged == (Span(2, 0, 2, 1),)
    assert "page web" in opened.remarks[0].message


def test_a_cell_over_several_lines_keeps_the_columns_in_place(tmp_path: Path) -> None:
    page = "<table><tr><td rowspan=2>Club<td>a<td>1</tr><tr><td>b<td>2</tr><tr><td>Amis<td>c<td>3</tr></table>"
    (tmp_path / "a.xls").write_text(page, "utf-8")
    (sheet,) = open_list(tmp_path / "a.xls").sheets
    assert [list(row) for row in sheet.rows] == [["Club", "a", "1"], ["", "b", "2"], ["Amis", "c", "3"]]
    assert sheet.merged == (Span(0, 0, 1, 0),)


def test_a_table_inside_a_table_of_layout(tmp_path: Path) -> None:
    inner = "<table><tr><td>Association<td>Montant</tr><tr><td>Club<td>10</tr></table>"
    (tmp_path / "a.html").write_text(f"<div><table><tr><td>Menu</td><td>{inner}</td></tr></table></div>", "utf-8")
    (sheet,) = open_list(tmp_path / "a.html").sheets
    assert [list(row) for row in sheet.rows] == [["Association", "Montant"], ["Club", "10"]]


def test_pages_that_hold_no_list_or_too_much(tmp_path: Path) -> None:
    for name, page, said in (
        ("vide.xls", "<html><body>Votre session a expiré</body></html>", "Ce fichier n’est pas un tableur."),
        ("fond.xls", "<table><tr><td>" * 1_000, "Ce fichier n’est pas un tableur."),
        ("large.xls", "<table><tr><td colspan=99999>a</tr></table>", "Une feuille a plus de 500 colonnes"),
    ):
        (tmp_path / name).write_text(page, "utf-8")
        assert refusal(tmp_path / name).startswith(said)


@pytest.mark.parametrize(
    "start",
    [
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "MIME-Version: 1.0\nContent-Type: multipart/related\n",
    ],
)
def test_old_kinds_of_workbooks_say_what_to_do(tmp_path: Path, start: str) -> None:
    (tmp_path / "a.xls").write_text(start, "utf-8")
    assert refusal(tmp_path / "a.xls").endswith("Ouvrez-le dans le tableur et enregistrez-le en xlsx.")


def test_every_list_of_a_json_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        json.dumps({"aides": {"2020": [{"nom": "Club", "montant": 1}], "2021": [{"nom": "Club", "montant": 2}]}})
    )
    assert [(sheet.name, list(sheet.rows[1])) for sheet in open_list(tmp_path / "a.json").sheets] == [
        ("aides.2020", ["Club", 1]), ("aides.2021", ["Club", 2]),
    ]  # fmt: skip


def test_hidden_sheets_and_lines_are_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Association", "Montant"], ["Club", 1], ["Amis", 2], ["Judo", 3]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True
    hidden = book.create_sheet("Ancien")
    hidden.append(["Association", "Montant"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    opened = open_list(tmp_path / "a.xlsx")
    assert [len(sheet.rows) for sheet in opened.sheets] == [4]
    assert [(one.line, one.sheet, one.message.replace("\u00a0", " ")) for one in opened.remarks] == [
        (3, "Sheet", "À partir d’ici, le tableur masque ou filtre 2 lignes. Leur contenu est lu comme le reste."),
        (0, "Ancien", "La feuille masquée « Ancien » n’est pas lue : 1 ligne."),
    ]


def test_lines_that_were_put_whole_between_quotes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('"Association;Montant"\n"Club ""Exemple"";100"\n', "utf-8")
    rows = [list(row) for row in open_list(tmp_path / "a.csv").sheets[0].rows]
    assert rows == [["Association", "Montant"], ['Club "Exemple"', "100"]]


def test_more_lines_than_a_list_has(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Association;Montant\n" + "Club;1\n" * MAX_LINES, "utf-8")
    assert refusal(tmp_path / "a.csv").startswith("Ce fichier a trop de lignes pour être lu d’un coup.")
    (tmp_path / "b.csv").write_text("Association;Montant\n" + "Club;1\n" * (MAX_LINES - 1), "utf-8")
    assert len(open_list(tmp_path / "b.csv").sheets[0].rows) == MAX_LINES
