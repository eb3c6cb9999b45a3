"""Every command: its figures in JSON, its sentences in French."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from cv_desktop import __version__
from cv_desktop.cli import main
from cv_desktop.db.store import Store
from cv_desktop.paths import resource
from cv_desktop.services import structures

from .conftest import Line

EXPECTED = {
    "bad_siret": ["20170001", "20170023"],
    "unbalanced": ["20170005", "20170006", "20170027"],
    "over_ceiling": ["20170005", "20170015", "20170021", "20170022"],
    "no_cer": ["20170001", "20170017", "20170028", "20170041"],
    "missing_docs": ["20170017", "20170024", "20170026", "20170033", "20170041"],
    "not_qpv": ["20170003", "20170019", "20170031", "20170036", "20170039", "20170040"],
}
BEFORE_MEETING = {"AR": 39, "AR-P": 12, "IRR": 12}


@pytest.fixture
def imported(campaign: Line, workbook: Path) -> Line:
    assert campaign("import", workbook, "--call", "FIA-2026").code == 0
    return campaign


def test_a_campaign_is_created_with_its_envelope(line: Line) -> None:
    said = line("call", "create", "fia-2026", "--scheme", "FIA", "--year", "2026", "--envelope", "30 000,50")
    assert said.code == 0
    assert (said.data["call"], said.data["envelope_cents"]) == ("FIA-2026", 3_000_050)
    again = line("call", "create", "AAP 2026", "--scheme", "AAP", "--year", "2026", "--envelope", "420000", plain=True)
    assert again.out.strip() == "Campagne AAP-2026 créée, enveloppe 420 000 €."


def test_an_import_gives_its_figures(campaign: Line, workbook: Path) -> None:
    said = campaign("import", workbook, "--call", "fia-2026")
    assert said.code == 0
    figures = {
        key: said.data[key]
        for key in ("rows", "drafts", "draft_numbers", "applications", "asked_total_cents", "cost_total_cents")
    }
    assert figures == {
        "rows": 42,
        "drafts": 3,
        "draft_numbers": ["20170012", "20170014", "20170029"],
        "applications": 39,
        "asked_total_cents": 10_000_000,
        "cost_total_cents": 19_970_000,
    }
    assert said.data["dry_run"] is False
    problem = next(p for p in said.data["problems"] if p["number"] == "20170001")
    assert problem == {
        "line": 3,
        "column": "Établissement SIRET",
        "severity": "a_verifier",
        "message": "« 1,00E+14 » a été abîmé par le tableur. Le numéro ne peut pas être reconstitué.",
        "number": "20170001",
        "sheet": "Etablissements",
        "value": "1,00E+14",
    }
    assert all(isinstance(number, str) for number in said.data["draft_numbers"])


def test_a_dry_run_gives_the_same_figures_and_writes_nothing(campaign: Line, workbook: Path) -> None:
    before = campaign.base.read_bytes()
    dry = campaign("import", workbook, "--call", "FIA-2026", "--dry-run")
    assert campaign.base.read_bytes() == before
    assert campaign("check", "--call", "FIA-2026").data["applications"] == 0
    real = campaign("import", workbook, "--call", "FIA-2026")
    told = {"dry_run": False, "seconds": 0}
    assert dry.data | told == real.data | told


def test_an_import_says_its_figures_in_french(campaign: Line, workbook: Path) -> None:
    said = campaign("import", workbook, "--call", "FIA-2026", "--dry-run", plain=True)
    first, drafts, *problems = said.out.splitlines()
    assert first == ("Simulation : rien n’est écrit. 42 lignes, 39 dossiers, 100 000 € demandés, 199 700 € de budgets.")
    assert drafts == "Brouillons écartés : 20170012, 20170014, 20170029."
    assert "  Dossiers, ligne 14 (écartée) : Brouillon : mis de côté." in problems


def test_a_second_import_of_the_same_file_says_so_and_changes_nothing(imported: Line, workbook: Path) -> None:
    before = imported("verify").data["journal_entries"]
    said = imported("import", workbook, "--call", "FIA-2026")
    assert said.code == 2
    assert said.err.strip() == (f"Rien de nouveau dans « {workbook.name} » : 39 dossiers déjà dans la campagne.")
    assert said.data == {"error": said.err.strip()}
    assert imported("verify").data["journal_entries"] == before


def test_the_checks_find_exactly_the_planted_files(imported: Line) -> None:
    said = imported("check", "--call", "FIA-2026")
    assert said.code == 0
    assert {code: said.data["checks"][code] for code in EXPECTED} == EXPECTED
    assert said.data["applications"] == 39
    plain = imported("check", "--call", "FIA-2026", plain=True)
    assert plain.out.startswith("39 dossiers contrôlés.\n")
    assert "(article 5, over_ceiling) : 4 dossiers, 20170005, 20170015, 20170021, 20170022\n" in plain.out
    assert "(article 5, below_minimum) : 1 dossier, 20170036\n" in plain.out


def test_letters_are_issued_once(imported: Line, tmp_path: Path) -> None:
    out = tmp_path / "courriers à poster"
    said = imported("letters", "issue", "--call", "FIA-2026", "--out", out)
    assert said.code == 0
    assert said.data["letters"] == BEFORE_MEETING
    assert said.data["blocked"] == []
    assert said.data["numbers"] == [f"CO-2026-{rank:04d}" for rank in range(1, 64)] or len(said.data["numbers"]) == 63
    assert sorted(path.name for path in out.iterdir()) == sorted(said.data["files"])
    first = PdfReader(out / said.data["files"][0])
    assert said.data["numbers"][0] in first.pages[0].extract_text()
    again = imported("letters", "issue", "--call", "FIA-2026", "--out", out)
    assert (again.code, again.data["letters"], again.data["numbers"]) == (0, {}, [])


def test_decisions_are_exported(imported: Line, tmp_path: Path) -> None:
    out = tmp_path / "decisions.xlsx"
    said = imported("export", "decisions", "--call", "FIA-2026", "--out", out)
    assert (said.code, said.data["bytes"]) == (0, out.stat().st_size)
    page = openpyxl.load_workbook(io.BytesIO(out.read_bytes())).active
    assert page is not None
    assert page.max_row >= 40
    # The same cells in the other format; a name that tells another one is refused, and nothing is written.
    text = tmp_path / "decisions.csv"
    assert imported("export", "decisions", "--call", "FIA-2026", "--out", text).code == 0
    titles, *told = list(csv.reader(text.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    by_title = [dict(zip(titles, line, strict=True)) for line in told]
    assert len(told) == page.max_row - 1
    asked = titles.index("Demandé") + 1
    assert by_title[0]["Demandé"] == f"{page.cell(2, asked).value:.2f}".replace(".", ",")
    for kind, name, ways in (
        ("decisions", "d.pdf", ".xlsx ou .csv"),
        ("programme", "p.csv", ".xlsx ou .pdf"),
        ("concordance", "c.pdf", ".xlsx"),
        ("envelope", "e.pdf", ".xlsx"),
        ("comparison", "c.csv", ".xlsx"),
    ):
        refused = imported("export", kind, "--call", "FIA-2026", "--out", tmp_path / name, plain=True)
        assert refused.code == 2 and not (tmp_path / name).exists()
        assert f"terminez --out par {ways}." in refused.err


def test_the_journal_is_verified(imported: Line) -> None:
    said = imported("verify")
    assert said.code == 0
    assert said.data["sound"] is True
    assert said.data["first_bad_entry"] is None
    assert said.data["altered_letters"] == []
    count = said.data["journal_entries"]
    assert imported("verify", plain=True).out.strip() == f"Journal : {count} écritures, chaîne intacte."


def test_a_tampered_journal_is_bad_news(imported: Line) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(imported.base)) as base:
        base.execute("DROP TRIGGER journal_no_update")
        base.execute("UPDATE journal SET summary = 'Rien' WHERE seq = 5")
        base.commit()
    said = imported("verify")
    assert (said.code, said.data["sound"], said.data["first_bad_entry"]) == (1, False, 5)
    assert said.data["why"] == "L’écriture 5 du journal a été modifiée après coup."
    assert imported("verify", plain=True).out.strip() == said.data["why"]


def test_an_altered_letter_is_named_and_a_lost_one_made_again(imported: Line, tmp_path: Path) -> None:
    said = imported("letters", "issue", "--call", "FIA-2026", "--out", tmp_path / "out")
    lost, altered = (imported.folder / "courriers" / name for name in said.data["files"][:2])
    before = lost.read_bytes()
    lost.unlink()
    altered.write_bytes(altered.read_bytes() + b"%")
    verified = imported("verify")
    assert (verified.code, verified.data["altered_letters"]) == (1, [said.data["numbers"][1]])
    assert lost.read_bytes() == before


def test_a_backup_is_restored_elsewhere_with_its_letters(imported: Line, tmp_path: Path) -> None:
    issued = imported("letters", "issue", "--call", "FIA-2026", "--out", tmp_path / "out")
    copy = tmp_path / "copie.sqlite"
    said = imported("backup", copy)
    assert said.code == 0
    assert (said.data["applications"], said.data["letters"], said.data["version"]) == (39, 63, __version__)
    other = Line(tmp_path / "autre", imported.read)
    restored = other("restore", copy)
    assert (restored.code, restored.data["journal_sound"]) == (0, True)
    assert other("verify").data["journal_entries"] == imported("verify").data["journal_entries"]
    there = {path.name: path.read_bytes() for path in (other.folder / "courriers").iterdir()}
    here = {path.name: path.read_bytes() for path in (imported.folder / "courriers").iterdir()}
    assert there == here
    assert len(there) == len(issued.data["files"])
    again = other("restore", copy)
    assert again.code == 2
    assert again.err.startswith("Une base existe déjà dans")


def test_the_self_test_walks_the_example(line: Line) -> None:
    said = line("self-test")
    assert (said.code, said.data["sound"]) == (0, True)
    assert len(said.data["checks"]) >= 8
    assert not line.folder.exists()


def test_the_demonstration_gives_its_figures(line: Line, tmp_path: Path) -> None:
    out = tmp_path / "demo"
    said = line("demo", "--out", out)
    assert said.code == 0
    wanted = {
        "rows", "drafts", "draft_numbers", "applications", "asked_total_cents", "cost_total_cents", "checks",
        "awarded_total_cents", "envelope_cents", "letters", "journal_entries", "seconds",
    }  # fmt: skip
    assert wanted <= said.data.keys()
    assert {code: said.data["checks"][code] for code in EXPECTED} == EXPECTED
    assert said.data["envelope_cents"] == 3_000_000
    assert 0 < said.data["awarded_total_cents"] <= said.data["envelope_cents"]
    assert said.data["letters"].items() >= BEFORE_MEETING.items()
    assert said.data["letters"]["AJ"] == 1
    assert said.data["statuses"]["Ajourné"] == 1
    assert len(list((out / "courriers").glob("*.pdf"))) == sum(said.data["letters"].values())
    assert len(PdfReader(out / "synthese.pdf").pages) == 1
    assert (out / "decisions.xlsx").is_file()
    assert len(PdfReader(out / "courriers_a_imprimer.pdf").pages) >= sum(said.data["letters"].values())


def test_the_demonstration_twice_gives_the_same_letters(line: Line, tmp_path: Path) -> None:
    runs = []
    for _ in range(2):
        figures = line("demo", "--out", tmp_path / "demo").data
        figures.pop("seconds")
        letters = {path.name: path.read_bytes() for path in (tmp_path / "demo" / "courriers").iterdir()}
        runs.append((figures, letters))
    assert runs[0] == runs[1]


def test_the_help_is_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--aide"], ["-h"], ["import", "--help"], ["call", "create", "-h"]):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == 0
        said = capsys.readouterr().out
        assert said.startswith("Utilisation : cv-desktop")
        for english in ("usage", "optional", "positional", "show this", "exit"):
            assert english not in said


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.strip() == f"CV Desktop {__version__}"


def test_the_folder_may_be_named_before_or_after_the_command(
    imported: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (
        ["--data-dir", str(imported.folder), "--json", "verify"],
        ["verify", "--json", "--data-dir", str(imported.folder)],
    ):
        assert main(arguments) == 0
        assert json.loads(capsys.readouterr().out)["sound"] is True


def test_the_example_workbook_ships_with_the_program(workbook: Path) -> None:
    assert resource("demo", "depots_fia_2026.xlsx").read_bytes() == workbook.read_bytes()


def test_duplicates_are_listed_with_their_evidence(imported: Line) -> None:
    assert imported("structures", "duplicates").data == {"structures": 30, "pairs": []}
    with Store.open(imported.base) as store, store.write("Camille Témoin") as session:
        structures.create(session, name="ASSOC. CLUB PARLONS EN", values={"commune": "Melun"}, despite_name=True)
    said = imported("structures", "duplicates")
    (pair,) = said.data["pairs"]
    assert {pair["first"]["name"], pair["second"]["name"]} == {"Club Parlons-en", "ASSOC. CLUB PARLONS EN"}
    assert pair["evidence"][0].startswith("Mêmes mots, écrits autrement")
    plain = imported("structures", "duplicates", plain=True)
    assert plain.out.strip().endswith("1 paire à vérifier sur 31 structures.")
