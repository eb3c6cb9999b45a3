"""Files made to hurt: refused with a sentence, in bounded time and memory; files merely odd are read."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cv_desktop.documents import archive
from cv_desktop.documents.sheet_read import open_list
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.sheets import Opened

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKBOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">'
    '<sheets><sheet name="Liste" sheetId="1" r:id="r1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
ROOT = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
TOO_BIG = "Ce fichier est trop grand une fois ouvert. Partagez-le en plusieurs fichiers."
TOO_WIDE = "Une feuille a plus de 500 colonnes"
BROKEN = "Ce fichier est incomplet ou abîmé."


def xlsx(path: Path, rows: str, *, before: str = "", after: str = "") -> Path:
    """A minimal workbook around the rows of its sheet."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", TYPES)
        parts.writestr("_rels/.rels", ROOT)
        parts.writestr("xl/workbook.xml", WORKBOOK)
        parts.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        sheet = f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'
        parts.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def ods(path: Path, table: str) -> Path:
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="F">{table}</table:table></office:spreadsheet>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", f"<office:document-content{names}>{body}</office:body></office:document-content>")
        parts.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def cell(reference: str, value: object = 1) -> str:
    return f'<c r="{reference}"><v>{value}</v></c>'


def letters(number: int) -> str:
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        open_list(path)
    return caught.value.message.replace("\u00a0", " ")


def test_a_bomb_of_zeros(tmp_path: Path) -> None:
    path = tmp_path / "bombe.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", WORKBOOK)
        parts.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        with parts.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(40):
                part.write(b" " * 10_000_000)
    assert path.stat().st_size < 1_000_000
    assert refusal(path) == TOO_BIG


def test_a_bomb_that_lies_about_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNFOLDED_BYTES", 2_000_000)
    path = xlsx(tmp_path / "menteur.xlsx", " " * 5_000_000)
    content = path.read_bytes()
    with zipfile.ZipFile(path) as parts:
        real = parts.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(content.replace(real.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    assert refusal(path) in (TOO_BIG, BROKEN + " Téléchargez-le de nouveau.")


def test_entities(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>'
    assert refusal(xlsx(tmp_path / "a.xlsx", rows, before=laughs)).startswith("Ce fichier contient des déclarations")


@pytest.mark.parametrize("before", range(1, 9))
def test_a_declaration_cut_in_two_by_the_reader_of_pieces(tmp_path: Path, before: int) -> None:
    """The sheet is read a mebibyte at a time; spaces push the declaration astride two of them."""
    pushed = " " * ((1 << 20) - before) + "<!DOCTYPE x>"
    assert refusal(xlsx(tmp_path / "a.xlsx", "", before=pushed)).startswith("Ce fichier contient des déclarations")


@pytest.mark.parametrize("width", [1_000, 16_384])
def test_too_many_columns(tmp_path: Path, width: int) -> None:
    row = "".join(cell(f"{letters(at)}1") for at in range(1, width + 1))
    assert refusal(xlsx(tmp_path / "large.xlsx", f'<row r="1">{row}</row>')).startswith(TOO_WIDE)
    (tmp_path / "large.csv").write_text(";".join(f"Colonne {at}" for at in range(width)) + "\n1;2\n", "utf-8")
    assert refusal(tmp_path / "large.csv").startswith(TOO_WIDE)
    (tmp_path / "large.json").write_text(json.dumps([{f"c{at}": at for at in range(width)}]))
    assert f"{width} valeurs" in refusal(tmp_path / "large.json")


def test_one_cell_far_away(tmp_path: Path) -> None:
    far = f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("XFD1048576")}</row>'
    assert refusal(xlsx(tmp_path / "a.xlsx", far)).startswith(TOO_WIDE)
    far = f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("CV1048576")}</row>'
    assert refusal(xlsx(tmp_path / "b.xlsx", far)) == TOO_BIG


def test_a_million_empty_rows_are_nothing(tmp_path: Path) -> None:
    rows = f'<row r="1">{cell("A1")}</row>' + "".join(
        f'<row r="{at}"><c r="A{at}" s="0"/></row>' for at in range(2, 1_048_577)
    )
    opened = open_list(xlsx(tmp_path / "vide.xlsx", rows))
    assert [len(sheet.rows) for sheet in opened.sheets] == [1]


def test_repeated_cells_of_a_document(tmp_path: Path) -> None:
    one = '<table:table-cell office:value-type="float" office:value="1"{}/>'
    many = one.format(' table:number-columns-repeated="16384"')
    assert refusal(ods(tmp_path / "a.ods", f"<table:table-row>{many}</table:table-row>")).startswith(TOO_WIDE)
    rows = f'<table:table-row table:number-rows-repeated="1048576">{one.format("") * 20}</table:table-row>'
    assert refusal(ods(tmp_path / "b.ods", rows)) == TOO_BIG
    tail = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    opened = open_list(ods(tmp_path / "c.ods", f"<table:table-row>{one.format('')}</table:table-row>{tail}"))
    assert opened.format == "ods"
    assert list(opened.sheets[0].rows[0]) == [1.0]


def test_formulas_give_the_value_they_were_saved_with(tmp_path: Path) -> None:
    row = (
        f'<row r="1">{cell("A1", 2)}<c r="B1"><f>A1*2</f><v>4</v></c><c r="C1"><f>A1*3</f></c>'
        '<c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    opened = open_list(xlsx(tmp_path / "a.xlsx", row))
    assert list(opened.sheets[0].rows[0]) == [2.0, 4.0, "", ""]
    assert [(one.line, one.column, one.sheet, one.message.split(".")[0]) for one in opened.remarks] == [
        (1, "C", "Liste", "La formule n’a pas de valeur enregistrée"),
        (1, "D", "Liste", "La formule donne une erreur (#REF!, #DIV/0!…)"),
    ]


def test_control_characters_are_taken_out_and_said(tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>Club_x0007_ Exemple</t></is></c></row>'
    opened = open_list(xlsx(tmp_path / "a.xlsx", row))
    assert opened.sheets[0].rows[0][0] == "Club Exemple"
    (tmp_path / "a.csv").write_bytes(b"Association;Montant\nClub\x1b[31m Exemple;10\n")
    (tmp_path / "a.json").write_text('[{"Association": "Club\\u0007 Exemple", "Montant": 10}]')
    said = [open_list(tmp_path / name) for name in ("a.csv", "a.json")]
    for one in (opened, *said):
        assert "contrôle" in one.remarks[0].message
    assert said[0].sheets[0].rows[1][0] == "Club[31m Exemple"
    assert [one.remarks[0].line for one in said] == [2, 1]


def test_nul_bytes_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"Association;Montant\nCl\0ub;10\n")
    assert refusal(tmp_path / "a.csv").startswith("Ce fichier n’est pas un tableur.")


def test_three_hundred_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "enorme.csv"
    with path.open("wb") as stream:
        stream.truncate(300_000_000)
    assert refusal(path) == "Ce fichier pèse 300 Mo, le maximum est 60 Mo."


def test_merges_over_everything_or_over_each_other(tmp_path: Path) -> None:
    merges = (
        '<mergeCells count="3"><mergeCell ref="A1:XFD1048576"/><mergeCell ref="A1:B2"/><mergeCell ref="B2:A1"/>'
        "</mergeCells>"
    )
    try:
        opened = open_list(xlsx(tmp_path / "a.xlsx", f'<row r="1">{cell("A1")}</row>', after=merges))
    except UserError as refused:
        assert refused.message.startswith(BROKEN)
    else:
        assert all(span.bottom == 0 and span.right == 0 for span in opened.sheets[0].merged)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[" * 100_000 + "]" * 100_000, "Ce fichier JSON est imbriqué trop profondément"),
        ('{"a":' * 5_000 + "1" + "}" * 5_000, "Ce fichier JSON est imbriqué trop profondément"),
        ("[" + "{}," * 400_000 + "{}]", "Ce fichier est trop grand une fois ouvert."),
        ('[{"Association": "Club",\n "Montant": 1', "Ce fichier JSON est incomplet ou abîmé, ligne 2"),
        ('{"nom": "rien", "liste": []}', "Ce fichier JSON ne contient aucune liste"),
        ("[1, 2, 3]", "Ce fichier JSON ne contient aucune liste"),
    ],
)
def test_json_that_is_no_list(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "a.json").write_text(content)
    assert refusal(tmp_path / "a.json").startswith(sentence)


def test_huge_numbers_stay_text(tmp_path: Path) -> None:
    digits = "9" * 10_000
    (tmp_path / "a.json").write_text(f'[{{"Association": "Club", "Montant": {digits}, "x": 1e999, "y": NaN}}]')
    row = open_list(tmp_path / "a.json").sheets[0].rows[1]
    assert row[1] == digits
    assert row[3] == "NaN"


def records(opened: Opened) -> list[tuple[object, ...]]:
    return [tuple(row) for row in opened.sheets[0].rows]


@pytest.mark.parametrize(
    "content",
    [
        '[{"nom": "Club", "montant": 10}]',
        '{"total": 1, "resultats": {"records": [{"nom": "Club", "montant": 10}]}}',
        '{"records": [{"datasetid": "x", "fields": {"nom": "Club", "montant": 10}}]}',
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"coordinates": [1, 2]},'
        ' "properties": {"nom": "Club", "montant": 10}}]}',
        '[["nom", "montant"], ["Club", 10]]',
        '{"nom": "Club", "montant": 10}\n{"nom": "Amis", "montant": 20}',
    ],
)
def test_records_wherever_they_stand(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)
    assert records(open_list(tmp_path / "a.json"))[:2] == [("nom", "montant"), ("Club", 10)]


KINDS: dict[str, Callable[[Path], object]] = {
    "pdf": lambda path: path.write_bytes(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj;x\n"),
    "page": lambda path: path.write_text("<!DOCTYPE html>\n<html><table><tr><td>Association;Montant</td></tr></table>"),
    "program": lambda path: path.write_bytes(b"MZ" + bytes(300)),
    "gzip": lambda path: path.write_bytes(b"\x1f\x8b\x08" + bytes(300)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", ["csv", "xlsx", "json"])
def test_other_kinds_under_the_name_of_a_list(tmp_path: Path, kind: str, suffix: str) -> None:
    path = tmp_path / f"liste.{suffix}"
    KINDS[kind](path)
    assert refusal(path).startswith("Ce fichier n’est pas un tableur.")


def test_a_text_under_the_name_of_a_workbook_is_read(tmp_path: Path) -> None:
    (tmp_path / "liste.xls").write_text("Association\tMontant\nClub\t10\n")
    assert records(open_list(tmp_path / "liste.xls")) == [("Association", "Montant"), ("Club", "10")]


def test_xlsb_is_refused_by_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsb", "w") as parts:
        parts.writestr("xl/workbook.bin", b"x")
    assert refusal(tmp_path / "a.xlsb").startswith("Le format xlsb n’est pas lu.")


def test_an_encrypted_part(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", f'<row r="1">{cell("A1")}</row>')
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(content)
    assert refusal(path).startswith("Ce fichier est protégé par un mot de passe.")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes there")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tube.csv")
    assert refusal(tmp_path / "tube.csv").startswith("« tube.csv » n’est pas un fichier ordinaire.")


def test_json_made_to_hurt(tmp_path: Path) -> None:
    (tmp_path / "long.json").write_text(json.dumps([{"Association": "A" * 1_000_001, "Montant": 1}]))
    assert refusal(tmp_path / "long.json") == "Enregistrement 1 : une valeur dépasse un million de signes."
    (tmp_path / "large.json").write_text("[{" + ",".join(f'"c{at}":1' for at in range(120_000)) + "}]")
    assert refusal(tmp_path / "large.json").startswith(TOO_WIDE)
    # Half of a sign cannot be written anywhere.
    (tmp_path / "demi.json").write_text('[{"Association": "Club \\ud800 Exemple", "Montant": 100}]')
    opened = open_list(tmp_path / "demi.json")
    assert opened.sheets[0].rows[1][0] == "Club  Exemple"
    assert opened.remarks[0].line == 1


def test_more_lines_than_a_list_has_in_a_workbook(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{at}">{cell(f"A{at}")}{cell(f"B{at}")}</row>' for at in range(1, 120_002))
    assert refusal(xlsx(tmp_path / "a.xlsx", rows)).startswith("Ce fichier a trop de lignes pour être lu d’un coup.")
