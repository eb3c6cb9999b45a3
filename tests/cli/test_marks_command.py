"""cv-desktop grid, marks, ranking: a grid and marks made elsewhere come in, and the ranking says what they say."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import committee
from cv_desktop.documents.sheet_read import read_workbook

from .conftest import Line

GRID = {
    "scale": 10,
    "criteria": [
        {"code": "ORIG", "weight": 40, "admitted": list(range(1, 11))},
        {"code": "CLAR", "weight": 60, "admitted": [1, 3, 5, 6, 8, 10]},
        {"code": "CONF", "counted": False, "scale": 5},
    ],
}
FILES = "Dossier ID;Structure;Intitulé de l’action;Montant demandé;Budget total\n" + "".join(
    f"P{i};Association Exemple {i};Action {i};1000;2000\n" for i in range(1, 5)
)
HEAD = "number;member;criterion;level;comment\n"
# P1: ORIG 7 and 8, CLAR 6 and 10, so 15/2 and 8: 40 x 0,75 + 60 x 0,8 = 78. P2: ORIG 3 alone, 30. P3: only shown.
MARKS = (
    HEAD
    + "P1;Alix Exemple;ORIG;7;Clair\nP1;Alix Exemple;CLAR;6\nP1;Béatrice Témoin;ORIG;8: Good paper\n"
    + "P1;Beatrice TEMOIN;CLAR;10\nP2;Alix Exemple;orig;3,0\nP2;Alix Exemple;CLAR;sans objet\nP3;Alix Exemple;CONF;5\n"
    + "P4;Alix Exemple;ORIG;\n"
)


@pytest.fixture
def reviewed(campaign: Line, tmp_path: Path) -> Line:
    (tmp_path / "grille.json").write_text(json.dumps(GRID), encoding="utf-8")
    (tmp_path / "depots.csv").write_text(FILES, encoding="utf-8")
    assert campaign("grid", "import", tmp_path / "grille.json", "--call", "FIA-2026").data["version"] == 1
    assert campaign("import", tmp_path / "depots.csv", "--call", "FIA-2026").data["accepted"] == 4
    return campaign


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return committee.build(tmp_path_factory.mktemp("comite") / "base.sqlite").path


@pytest.fixture
def held(line: Line, built: Path) -> Line:
    """A base with its committee: Alix Exemple has a déport on FIA-2026-0013."""
    line.folder.mkdir()
    shutil.copy(built, line.base)
    return line


def given(line: Line, folder: Path, text: str, *options: str, encoding: str = "utf-8"):  # type: ignore[no-untyped-def]
    path = folder / "notes.csv"
    path.write_bytes(text.encode(encoding))
    return line("marks", "import", path, "--call", "FIA-2026", *options)


def ranked(line: Line) -> dict[str, dict[str, object]]:
    said = line("ranking", "--call", "FIA-2026")
    assert said.code == 0
    return {file["external_number"]: file for file in said.data["files"]}


def test_marks_made_elsewhere_are_ranked_exactly(reviewed: Line, tmp_path: Path) -> None:
    said = given(reviewed, tmp_path, MARKS)
    assert (said.code, said.data["written"], said.data["marks"], said.data["sheets"], said.data["empty"]) == (
        0, True, 7, 4, 1,
    )  # fmt: skip
    assert said.data["members_created"] == ["Alix Exemple", "Béatrice Témoin"]
    files = ranked(reviewed)
    first = files["P1"]
    assert (first["rank"], first["note"], first["note_exact"], first["band"], first["markers"]) == (
        1, 78.0, "78", "favorable", 2,
    )  # fmt: skip
    # Alix: 70 x 0,4 + 60 x 0,6 = 64; Béatrice: 80 x 0,4 + 100 x 0,6 = 92.
    assert (first["standard_deviation"], first["spread"], first["below_minimum"]) == (14.0, 28.0, True)
    assert first["criteria"]["ORIG"] == {"mean": 7.5, "mean_exact": "15/2", "markers": 2, "gap": 1}  # type: ignore[index]
    assert (files["P2"]["note"], files["P2"]["solidity"]["state"]) == (30.0, "fragile")  # type: ignore[index]
    for none in ("P3", "P4"):
        assert (files[none]["note"], files[none]["rank"], files[none]["reason"]) == (None, None, "Aucune note.")
    assert reviewed("verify").code == 0


def test_the_same_file_again_adds_nothing(reviewed: Line, tmp_path: Path) -> None:
    given(reviewed, tmp_path, MARKS)
    again = given(reviewed, tmp_path, MARKS, encoding="cp1252")
    assert (again.code, again.data["written"], again.data["identical"], again.data["refused"]) == (0, False, 7, [])


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("P9;Alix Exemple;ORIG;7", "numéro", "le dossier « P9 » n’existe pas dans cette campagne."),
        ("P4;Alix Exemple;STYLE;7", "critère", "le critère « STYLE » n’est pas dans la grille de ce dossier (ORIG,"),
        ("P4;Alix Exemple;ORIG;0", "niveau", "le niveau 0 n’existe pas pour ORIG : les niveaux vont de 1 à 10."),
        ("P4;Alix Exemple;CLAR;4", "niveau", "le niveau 4 n’existe pas pour CLAR : les niveaux sont 1, 3, 5, 6, 8 et"),
        ("P4;Alix Exemple;ORIG;6.5", "niveau", "« 6.5 » n’est pas un niveau : un niveau est un nombre entier."),
        ("P4;;ORIG;6", "membre", "il est vide."),
        ("P1;Alix Exemple;ORIG;9", "niveau", "Alix Exemple a déjà noté ORIG autrement pour FIA-2026-0001."),
        ("P1;Alix Exemple;CONF;3", "membre", "la grille de Alix Exemple sur FIA-2026-0001 est rendue : elle ne"),
        ("P4;Zoé Modèle;ORIG;2\nP4;Zoé Modèle;ORIG;3", "niveau", "ORIG est déjà noté 2 à la ligne 2, pour ce membre."),
    ],
)
def test_a_line_that_does_not_fit_is_refused_and_nothing_is_written(
    reviewed: Line, tmp_path: Path, row: str, column: str, message: str
) -> None:
    given(reviewed, tmp_path, MARKS)
    before = ranked(reviewed)
    said = given(reviewed, tmp_path, f"{HEAD}{row}\nP4;Zoé Modèle;CLAR;8\n")
    assert (said.code, said.data["written"], said.data["members_created"]) == (2, False, [])
    (refusal,) = said.data["refused"]
    assert (refusal["line"], refusal["column"]) == (2 + row.count("\n"), column)
    assert refusal["message"].replace("\u00a0", " ").startswith(message)
    assert ranked(reviewed) == before
    partial = given(reviewed, tmp_path, f"{HEAD}{row}\nP4;Zoé Modèle;CLAR;8\n", "--partial")
    assert (partial.code, partial.data["written"], len(partial.data["refused"])) == (0, True, 1)
    assert ranked(reviewed)["P4"]["markers"] == 1


def test_a_file_without_the_columns_says_which(reviewed: Line, tmp_path: Path) -> None:
    said = given(reviewed, tmp_path, "number;member;avis\nP1;Alix Exemple;7\n")
    assert said.code == 2
    assert "Il manque des colonnes : « critère », « niveau »." in said.err.replace("\u00a0", " ")


def test_a_grid_that_served_keeps_its_marks_and_another_version_is_added(reviewed: Line, tmp_path: Path) -> None:
    given(reviewed, tmp_path, MARKS)
    before = ranked(reviewed)
    other = {"scale": 3, "criteria": [{"code": "NEUF", "weight": 100}]}
    (tmp_path / "autre.json").write_text(json.dumps(other), encoding="utf-8")
    assert reviewed("grid", "import", tmp_path / "autre.json", "--call", "FIA-2026").data["version"] == 2
    assert ranked(reviewed) == before
    assert given(reviewed, tmp_path, f"{HEAD}P4;Alix Exemple;NEUF;3\n").code == 0
    assert given(reviewed, tmp_path, f"{HEAD}P1;Zoé Modèle;NEUF;3\n").data["refused"][0]["column"] == "critère"
    assert given(reviewed, tmp_path, f"{HEAD}P1;Zoé Modèle;ORIG;8\n").code == 0
    after = ranked(reviewed)
    assert (after["P4"]["note"], after["P1"]["markers"], after["P2"]) == (100.0, 3, {**before["P2"], "rank": 3})


def test_a_grid_goes_out_and_comes_back(campaign: Line, tmp_path: Path) -> None:
    out = tmp_path / "grille.json"
    assert campaign("grid", "export", "--call", "FIA-2026", "--out", out).code == 0
    said = campaign("grid", "import", out, "--call", "FIA-2026")
    assert (said.code, said.data["version"], said.data["texts_to_write"], len(said.data["criteria"])) == (0, 1, [], 9)
    bad = campaign("grid", "import", tmp_path / "absent.json", "--call", "FIA-2026")
    assert bad.code == 2 and "est introuvable" in bad.err


def test_the_template_leaves_deports_out_and_comes_back_filled(tmp_path: Path, line: Line) -> None:
    line.folder.mkdir()
    base = committee.build(line.base)
    for name in ("notes.csv", "notes.xlsx"):
        out = tmp_path / name
        said = line("marks", "template", "--call", "FIA-2026", "--out", out)
        assert said.data["lines"] == (len(base.files) * len(base.members) - 1) * 9
        (sheet,) = read_workbook(out)
        assert tuple(sheet.rows[0][:5]) == ("numéro", "membre", "critère", "niveau", "commentaire")
        assert all(not row[3] for row in sheet.rows[1:])
    text = (tmp_path / "notes.csv").read_text(encoding="utf-8-sig").splitlines()
    rows = [row.split(";") for row in text[1:] if row.split(";")[1] == "Béatrice Témoin"]
    filled = [";".join([*row[:3], "2", *row[4:]]) for row in rows]
    (tmp_path / "rempli.csv").write_text("\n".join([text[0], *filled]), encoding="utf-8-sig")
    said = line("marks", "import", tmp_path / "rempli.csv", "--call", "FIA-2026")
    assert (said.code, said.data["marks"], said.data["members_created"]) == (0, len(base.files) * 9, [])


def test_a_deport_refuses_its_line_and_nothing_is_ranked_before_the_revelation(tmp_path: Path, line: Line) -> None:
    line.folder.mkdir()
    base = committee.build(line.base)
    with base.open() as store:
        committee.mark_all(store, base)
        committee.meeting(store, base)
        with store.read() as session:
            from cv_desktop.db.queries import applications

            numbers = {row.id: row.number for row in applications.rows(session, call_id=base.call)}
    number = numbers[base.recused[1]]
    path = tmp_path / "notes.csv"
    path.write_text(f"{HEAD}{number};Alix Exemple;PERT;2\n", encoding="utf-8")
    said = line("marks", "import", path, "--call", "FIA-2026")
    assert said.data["refused"][0]["message"] == f"un déport écarte Alix Exemple du dossier {number}."
    answer = line("ranking", "--call", "FIA-2026")
    marked = {f["number"]: f for f in answer.data["files"] if f["number"] in {numbers[key] for key in base.files}}
    assert {(f["note"], f["reason"], f["markers"]) for f in marked.values()} == {(None, "Notes non révélées.", 0)}
    assert answer.data["members"] == []


def test_an_import_of_marks_is_undone_and_done_again(reviewed: Line, tmp_path: Path) -> None:
    assert reviewed("marks", "undo", "--call", "FIA-2026").code == 2
    before = ranked(reviewed)
    assert given(reviewed, tmp_path, HEAD + "P4;Charlie Modèle;ORIG;7\n").data["written"]
    first = ranked(reviewed)
    assert given(reviewed, tmp_path, MARKS).data["written"]
    whole = ranked(reviewed)
    assert (whole["P1"]["note"], first["P1"]["note"]) == (78.0, None)
    assert reviewed("marks", "undo", "--call", "FIA-2026").code == 0
    assert ranked(reviewed) == first
    assert reviewed("marks", "undo", "--call", "FIA-2026").code == 0
    assert ranked(reviewed) == before
    said = reviewed("marks", "undo", "--call", "FIA-2026")
    assert said.code == 2 and said.data["error"] == "Aucun import de notes à défaire dans cette campagne."
    # The members it made went with it: they are made again.
    again = given(reviewed, tmp_path, MARKS)
    assert again.data["members_created"] == ["Alix Exemple", "Béatrice Témoin"]
    assert [ranked(reviewed)[x]["note"] for x in ("P1", "P4")] == [78.0, None]


@pytest.mark.parametrize("name", ["Exemple Alix", "Alix  Exmple", "ALIX EXEMPLES"])
def test_another_spelling_of_a_member_does_not_pass_by_a_deport(tmp_path: Path, held: Line, name: str) -> None:
    said = given(held, tmp_path, f"{HEAD}FIA-2026-0013;{name};PERT;2\n")
    (refusal,) = said.data["refused"]
    assert (said.code, refusal["column"], said.data["members_to_create"]) == (2, "membre", [])
    assert refusal["message"].replace("\u00a0", " ") == (
        f"« {name} » ressemble à Alix Exemple, membre du comité : écrivez son nom comme au comité. "
        "Si c’est une autre personne, ajoutez-la d’abord au comité."
    )


def test_other_people_and_numbered_readers_are_still_created(tmp_path: Path, held: Line) -> None:
    lines = "".join(f"FIA-2026-0010;{name};PERT;2\n" for name in ("Relecteur 1", "Relecteur 2", "Zoé Modèle"))
    said = given(held, tmp_path, HEAD + lines, "--dry-run")
    assert (said.data["refused"], len(said.data["members_to_create"])) == ([], 3)


def test_no_sentence_of_a_file_is_dropped_in_silence(tmp_path: Path, held: Line) -> None:
    text = (
        f"{HEAD}FIA-2026-0010;Fanny Exemple;PERT;0;\nFIA-2026-0010;Fanny Exemple;PERT;0;Arrive ensuite\n"
        "FIA-2026-0010;Fanny Exemple;PERT;0;Une autre\nFIA-2026-0012;Fanny Exemple;PERT;0;\n"
    )
    said = given(held, tmp_path, text, "--partial")
    (refusal,) = said.data["refused"]
    assert (refusal["line"], refusal["column"]) == (4, "commentaire")
    assert refusal["message"].startswith("PERT a déjà une autre phrase à la ligne 2")
    # Level 0 asks a sentence: the one of 0012 is said to be missing, that of 0010 came with its second line.
    assert (said.data["marks"], said.data["without_sentence"]) == (2, 1)
    again = given(held, tmp_path, f"{HEAD}FIA-2026-0012;Fanny Exemple;PERT;0;Trop tard\n")
    (refusal,) = again.data["refused"]
    assert (refusal["column"], again.data["identical"]) == ("commentaire", 0)
    assert "Rien n’est écrasé" in refusal["message"]
    same = given(held, tmp_path, f"{HEAD}FIA-2026-0010;Fanny Exemple;PERT;0;Arrive ensuite\n")
    assert (same.code, same.data["identical"]) == (0, 1)


def test_a_file_marked_utf8_but_written_in_cp1252_is_read(tmp_path: Path, held: Line) -> None:
    text = "numéro;membre;critère;niveau;commentaire\nFIA-2026-0010;Élie Témoin;PERT;2;À voir\n"
    (tmp_path / "notes.csv").write_bytes(b"\xef\xbb\xbf" + text.encode("cp1252"))
    said = held("marks", "import", tmp_path / "notes.csv", "--call", "FIA-2026", "--dry-run")
    assert (said.code, said.data["marks"], said.data["members_to_create"]) == (0, 1, [])


def test_a_file_that_is_no_sheet_does_not_hide_what_the_others_say(tmp_path: Path, held: Line) -> None:
    (tmp_path / "x.txt").write_text("pas une grille", encoding="utf-8")
    held("sheets", "export", "--call", "FIA-2026", "--member", "Alix Exemple", "--out", tmp_path)
    (book,) = tmp_path.glob("*.xlsx")
    said = held("sheets", "read", tmp_path / "x.txt", book, "--call", "FIA-2026")
    assert said.code == 0
    refused, read = said.data["files"]
    assert "n’est pas un scan lisible" in refused["refused_whole"]
    assert (read["member"], read["refused_whole"]) == ("Alix Exemple", "")
    assert held("sheets", "read", tmp_path / "x.txt", "--call", "FIA-2026").code == 2
