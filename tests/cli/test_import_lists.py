"""Applications imported from files of other sources than a « démarche numérique »."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl

from deposit_workbook import siret
from grant_lists import REAL

from .conftest import Line

OFFICERS = (
    ["Fonds d’initiatives associatives 2026", None, None, None, None, None, None],
    [None] * 7,
    ["Association", "SIRET", "Action", "Montant demandé", 60, 64, 74],
    ["Association Exemple", siret(1), "Bal", 900, 400, 700, 900],
    ["Association Témoin", siret(2), "Cirque", 1200, 1500, None, 1500],
    ["TOTAL", None, None, 2100, 1900, 700, 2400],
)


def officers_list(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in OFFICERS:
        book.active.append(row)
    book.save(path)
    return path


def test_an_osiris_export_becomes_applications(campaign: Line) -> None:
    said = campaign("import", REAL / "osiris_suivi_dossiers.xls", "--call", "FIA-2026", "--as", "applications",
                    "--source", "Le Compte Asso")  # fmt: skip
    assert said.code == 0, said.err
    assert (said.data["kind"], said.data["header_line"], said.data["rows_read"]) == ("applications", 2, 2)
    assert (said.data["accepted"], said.data["amount_total_cents"]) == (1, 300_000)
    assert [(a["line"], a["reason"]) for a in said.data["set_aside"]] == [(4, "total")]
    assert {p["column"] for p in said.data["problems"] if p["number"]} >= {"Association > N° Siret"}


def test_an_officers_list_enters_once(campaign: Line, tmp_path: Path) -> None:
    path = officers_list(tmp_path / "suivi.xlsx")
    words = ("import", path, "--call", "FIA-2026", "--as", "applications", "--source", "Suivi", "--deposited-on",
             "27/02/2026")  # fmt: skip
    said = campaign(*words)
    assert said.code == 0, said.err
    assert (said.data["header_line"], said.data["rows_read"], said.data["accepted"]) == (3, 3, 2)
    assert (said.data["amount_total_cents"], said.data["cost_total_cents"]) == (210_000, 260_000)
    again = campaign(*words)
    assert again.data.get("applications", 0) == 0
    assert again.code == 2 and "Rien de nouveau" in again.err
    checks = campaign("check", "--call", "FIA-2026").data
    assert len(checks["checks"]["unbalanced"]) == 1
    assert "late" not in checks["checks"] or not checks["checks"]["late"]


def test_a_campaign_named_makes_applications_of_a_list_of_requests(campaign: Line, tmp_path: Path) -> None:
    path = tmp_path / "demandes.csv"
    path.write_bytes(
        "Association;Intitulé du projet;Montant demandé\nAssociation Exemple;Fête;1 500,00 €\n".encode("cp1252")
    )
    said = campaign("import", path, "--call", "FIA-2026", "--dry-run")
    assert (said.data["kind"], said.data["encoding"], said.data["amount_total_cents"]) == (
        "applications", "cp1252", 150_000,
    )  # fmt: skip
    assert campaign("import", path, "--dry-run").data["kind"] == "history"


def test_a_json_of_dauphin_and_its_states(campaign: Line, tmp_path: Path) -> None:
    path = tmp_path / "dauphin.json"
    keys = ("Référence administrative", "Statut", "Date de demande", "SIRET complet", "Raison sociale",
            "Intitulé du projet", "Montant demandé")  # fmt: skip
    rows = (
        ("DA01234567", "Transmise", "2026-03-02", siret(1), "Association Exemple", "Bal", 900),
        ("DA01234568", "En cours de saisie", "2026-03-02", siret(2), "Association Témoin", "Jeux", 700),
    )
    path.write_text(json.dumps([dict(zip(keys, row, strict=True)) for row in rows]), encoding="utf-8")
    said = campaign("import", path, "--call", "FIA-2026", "--as", "applications", "--source", "DAUPHIN")
    assert said.code == 0, said.err
    assert (said.data["applications"], said.data["draft_numbers"]) == (1, ["DA01234568"])


def test_a_list_without_a_title_is_refused_by_its_line_and_a_bad_day_at_once(campaign: Line, tmp_path: Path) -> None:
    path = tmp_path / "demandes.csv"
    path.write_text(
        "Association;Action;Montant demandé\nAssociation Exemple;;900\nAssociation Témoin;Bal;800\n", "utf-8"
    )
    said = campaign("import", path, "--call", "FIA-2026", "--as", "applications")
    assert said.data["refused_numbers"] == ["ligne\u00a02"]
    assert said.data["accepted"] == 1
    refused = campaign("import", path, "--call", "FIA-2026", "--deposited-on", "hier")
    assert refused.code == 2
    assert "n’est pas une date" in refused.err
