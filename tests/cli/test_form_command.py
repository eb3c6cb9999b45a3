"""``import`` of a filled PDF form."""

from __future__ import annotations

from pathlib import Path

from cli.conftest import Line
from cv_desktop.db.store import Store
from cv_desktop.services import structures
from cv_desktop.services.demonstration import ACTOR
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


REPORT = [
    Box("Numéro SIRET", "993 904 879 00018"),
    Box("Intitulé", "Ateliers des vacances"),
    Box("Exercice", "2025"),
    Box("60 Achats", "1 000", name="p60", tip="60 Achats prévision"),
    Box("60 Achats", "1 125", name="r60", tip="60 Achats réalisation"),
]


def test_a_report_is_kept_with_its_structure_without_a_campaign(campaign: Line, tmp_path: Path) -> None:
    path = form(tmp_path / "bilan.pdf", REPORT, title="Cerfa n° 15059*02")
    unknown = campaign("import", path)
    assert unknown.code == 2
    assert "--structure, suivie d’un SIRET" in unknown.err
    with Store.open(campaign.base, actor=ACTOR) as store, store.write(ACTOR) as session:
        structures.create(session, name="Les Amis du Circé", values={"siret": "99390487900018"})
    said = campaign("import", path, "--dry-run", plain=True)
    assert said.out.splitlines()[0] == (
        "Bilan 2025 de «\u00a0Les Amis du Circé\u00a0», 1\u00a0125\u00a0€ réalisés pour 1\u00a0000\u00a0€ prévus "
        "(+12,5\u00a0%)\u00a0: simulation, rien n’est écrit."
    )
    written = campaign("import", path)
    assert (written.data["structure"], written.data["year"], written.data["budget_lines"]) == (
        "Les Amis du Circé", 2025, 1,
    )  # fmt: skip
    assert (written.data["planned_cents"], written.data["realised_cents"]) == (100_000, 112_500)
    again = campaign("import", path)
    assert again.code == 2 and "est déjà là" in again.err
    assert campaign("verify").code == 0


def test_a_report_that_may_be_about_two_files_asks_its_number(campaign: Line, tmp_path: Path) -> None:
    for title in ("Jardin", "Théâtre"):
        boxes = [*BOXES[:2], Box("Intitulé", title), *BOXES[3:5]]
        assert campaign("import", form(tmp_path / f"{title}.pdf", boxes), "--call", "FIA-2026").code == 0
    with Store.open(campaign.base, actor=ACTOR) as store, store.write(ACTOR) as session:
        session.connection().exec_driver_sql("UPDATE application SET status = 'deposited'")
        structures.record(session, verb="x", noun="application", noun_id="x", summary="Dépôts de l’essai")
    lines = [REPORT[0], Box("Exercice", "2026"), *REPORT[3:]]
    path = form(tmp_path / "bilan.pdf", lines, title="Cerfa n° 15059*02")
    asked = campaign("import", path)
    assert asked.code == 2
    assert "FIA-2026-0002, Théâtre ou FIA-2026-0001, Jardin" in asked.err and "--application" in asked.err
    assert campaign("import", path, "--application", "FIA-2026-0001").data["number"] == "FIA-2026-0001"
    other = form(tmp_path / "deux.pdf", [*lines, Box("Observations", "Rien.")], title="Cerfa n° 15059*02")
    assert campaign("import", other, "--application", "aucun").data["number"] == ""
    assert "Aucun dossier n’a le numéro" in campaign("import", other, "--application", "FIA-9").err
