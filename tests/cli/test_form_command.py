"""``import`` of a filled PDF form."""

from __future__ import annotations

from pathlib import Path

from cli.conftest import Line
from filled_forms import Line as Box
from filled_forms import form

BOXES = [
    Box("Nom - Dénomination", "Les Amis du Circé"),
    Box("Numéro SIRET", "993 904 879 00018"),
    Box("Intitulé", "Ateliers des vacances"),
    Box("Subvention demandée", "1 200,50"),
    Box("60 Achats", "1 200,50"),
    Box("Cadre réservé", "vu"),
]


def test_a_request_is_told_then_written(campaign: Line, tmp_path: Path) -> None:
    path = form(tmp_path / "demande.pdf", BOXES)
    said = campaign("import", path, "--call", "FIA-2026", "--dry-run")
    assert said.code == 0
    assert (said.data["kind"], said.data["form"], said.data["number"]) == ("form", "12156", "")
    assert (said.data["accepted"], said.data["amount_total_cents"], said.data["budget_lines"]) == (1, 120_050, 1)
    assert said.data["identifiers"]["cleaned"] == 1
    assert [problem["column"] for problem in said.data["problems"]] == ["Cadre réservé"]
    assert campaign("check", "--call", "FIA-2026").data["checks"].get("no_cer", []) == []
    written = campaign("import", path, "--call", "FIA-2026")
    assert (written.data["number"], written.data["status"]) == ("FIA-2026-0001", "draft")
    assert campaign("verify").code == 0


def test_a_blank_form_a_printed_one_and_a_missing_campaign_exit_2(campaign: Line, tmp_path: Path) -> None:
    blank = form(tmp_path / "vierge.pdf", [Box("Nom - Dénomination"), Box("Intitulé")])
    said = campaign("import", blank, "--call", "FIA-2026")
    assert said.code == 2
    assert "Ce formulaire est vierge" in said.err
    printed = form(tmp_path / "imprime.pdf", [])
    assert "imprimé ou numérisé" in campaign("import", printed, "--call", "FIA-2026").err
    assert "--call" in campaign("import", form(tmp_path / "d.pdf", BOXES)).err
