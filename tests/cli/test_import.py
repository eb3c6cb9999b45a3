"""``cv-desktop import``: any file in, its figures out, and nothing written in a simulation."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from deposit_workbook import siren, siret
from grant_lists import REAL

from .conftest import Line

COMMON = {
    "kind", "encoding", "header_line", "rows_read", "accepted", "amount_total_cents", "set_aside", "problems",
    "identifiers", "seconds",
}  # fmt: skip


def rows(base: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(base)) as connection:
        return list(connection.execute(query))


@pytest.mark.parametrize(
    ("name", "encoding", "read", "accepted", "cents"),
    [
        ("montpellier_2012.csv", "cp1252", 671, 616, 379_712_100),
        ("toulouse_2022.csv", "utf-8-sig", 396, 396, 8_878_935_648),
        ("scdl_valide.csv", "utf-8", 29, 29, 282_139_350),
        ("osiris_suivi_dossiers.xls", "", 2, 1, 300_000),
    ],
)
def test_real_lists_are_recognised_and_counted(
    line: Line, name: str, encoding: str, read: int, accepted: int, cents: int
) -> None:
    said = line("import", REAL / name, "--dry-run")
    assert said.code == 0
    assert set(said.data) >= COMMON
    assert (said.data["kind"], said.data["encoding"]) == ("history", encoding)
    assert (said.data["rows_read"], said.data["accepted"]) == (read, accepted)
    assert said.data["amount_total_cents"] == cents
    assert not line.base.exists()


def test_the_contract_is_found_in_a_list_of_the_whole_country(campaign: Line) -> None:
    said = campaign("import", REAL / "adultes_relais_2021.json", "--as", "history", "--source", "ANCT")
    assert said.code == 0
    assert said.data["contracts"]["CV277"] == {"rows": 22, "beneficiaries": 9, "amount_total_cents": 44_158_004}
    written = "SELECT count(*), sum(granted_cents), min(funder), max(year) FROM past_grant"
    assert rows(campaign.base, written) == [(222, said.data["amount_total_cents"], "ANCT", 2021)]


def test_a_list_is_written_once_kept_as_it_came_and_journaled(campaign: Line) -> None:
    path = REAL / "montpellier_2012.csv"
    assert campaign("import", path, "--source", "Ville de Montpellier").code == 0
    assert rows(campaign.base, "SELECT count(*), sum(granted_cents) FROM past_grant") == [(616, 379_712_100)]
    ((key, digest, kind, call),) = rows(campaign.base, "SELECT id, sha256, kind, call_id FROM import")
    assert (kind, call) == ("history", None)
    assert (campaign.folder / "pieces" / digest[:2] / digest).read_bytes() == path.read_bytes()
    said = rows(campaign.base, f"SELECT summary FROM journal WHERE noun_id = '{key}'")
    assert said == [
        ("Import de «\u00a0montpellier_2012.csv\u00a0»\u00a0: 616 subventions passées, 0 de structures connues",)
    ]
    again = campaign("import", path)
    assert again.code == 2
    assert "déjà dans la base" in again.err
    assert campaign("verify").code == 0


def test_a_simulation_writes_nothing(campaign: Line) -> None:
    before = campaign.base.read_bytes()
    said = campaign("import", REAL / "toulouse_2022.csv", "--dry-run")
    assert said.data["dry_run"] is True
    assert campaign.base.read_bytes() == before
    assert not (campaign.folder / "pieces").exists()


def test_applications_keep_their_figures_and_gain_those_of_every_file(campaign: Line, workbook: Path) -> None:
    said = campaign("import", workbook, "--call", "FIA-2026")
    assert set(said.data) >= COMMON
    assert (said.data["kind"], said.data["rows_read"], said.data["accepted"]) == ("applications", 42, 39)
    assert said.data["amount_total_cents"] == said.data["asked_total_cents"] == 10_000_000
    assert [(one["line"], one["reason"]) for one in said.data["set_aside"]] == [
        (14, "draft"), (16, "draft"), (31, "draft"),
    ]  # fmt: skip
    assert said.data["identifiers"]["ruined"] + said.data["identifiers"]["checksum"] == 2
    again = campaign("import", workbook, "--call", "FIA-2026", "--dry-run")
    assert Counter(one["reason"] for one in again.data["set_aside"]) == {"draft": 3, "already imported": 39}


def test_applications_ask_for_their_campaign(campaign: Line, workbook: Path) -> None:
    said = campaign("import", workbook)
    assert (said.code, said.err.strip().replace("\u00a0", " ")) == (
        2, "Ce fichier contient des dossiers : indiquez leur campagne avec --call.",
    )  # fmt: skip
    assert campaign("import", workbook, "--dry-run").data["applications"] == 39


def test_a_file_that_says_nothing_is_refused(campaign: Line, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("Bonjour;Monde\na;b\n", "utf-8")
    said = campaign("import", tmp_path / "notes.csv")
    assert said.code == 2
    assert said.err.startswith("Aucune colonne de ce fichier n’est reconnue.")


def test_a_file_shifted_on_every_line_is_refused_whole_with_its_line(campaign: Line, tmp_path: Path) -> None:
    path = tmp_path / "decale.csv"
    path.write_text("Association,Montant,Objet\nClub,24975,00,Fête\nAmis,1200,50,Gala\n", "utf-8")
    before = campaign.base.read_bytes()
    said = campaign("import", path)
    assert said.code == 2
    assert said.err.replace("\u00a0", " ").startswith("Ligne 2 : 4 valeurs pour 3 colonnes, une virgule décimale")
    assert campaign.base.read_bytes() == before


def test_one_shifted_line_is_refused_alone(campaign: Line, tmp_path: Path) -> None:
    path = tmp_path / "decale.csv"
    path.write_text('Association,Montant,Objet\nClub,24975,00,Fête\nAmis,"1200,50",Gala\n', "utf-8")
    said = campaign("import", path, "--as", "history", "--dry-run")
    assert (said.data["accepted"], said.data["amount_total_cents"], said.data["refused_lines"]) == (1, 120_050, [2])


def test_structures_are_linked_by_number_and_only_proposed_by_name(
    campaign: Line, workbook: Path, tmp_path: Path
) -> None:
    campaign("import", workbook, "--call", "FIA-2026")
    number, key = rows(campaign.base, "SELECT siren, id FROM structure WHERE siren IS NOT NULL LIMIT 1")[0]
    name = rows(campaign.base, f"SELECT name FROM structure WHERE id != '{key}' LIMIT 1")[0][0]
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (
        ["Subventions 2024"],
        ["Association", "SIREN", "Montant voté"],
        ["Autre nom", number, 500],
        [name, "", 300],
        ["Inconnue", siren(7_654_321), 200],
        ["Total", "", 1000],
    ):
        book.active.append(row)
    book.save(tmp_path / "liste.xlsx")
    said = campaign("import", tmp_path / "liste.xlsx")
    assert (said.data["linked"], said.data["proposed"]) == (1, 1)
    assert rows(campaign.base, "SELECT structure_id, year FROM past_grant WHERE structure_id IS NOT NULL") == [
        (key, 2024)
    ]


RNA = (
    "id;id_ex;siret;rup_mi;gestion;date_creat;date_decla;date_publi;date_disso;nature;groupement;titre;titre_court;"
    "objet;objet_social1;objet_social2;adrs_complement;adrs_numvoie;adrs_repetition;adrs_typevoie;adrs_libvoie;"
    "adrs_distrib;adrs_codeinsee;adrs_codepostal;adrs_libcommune;adrg_declarant;adrg_complemid;adrg_complemgeo;"
    "adrg_libvoie;adrg_distrib;adrg_codepostal;adrg_achemine;adrg_pays;dir_civilite;siteweb;publiweb;observation;"
    "position;maj_time"
)


def association(number: str, name: str, commune: str, position: str = "A") -> str:
    values = dict.fromkeys(RNA.split(";"), "")
    values |= {
        "id": number, "titre": name, "objet": "Animer le quartier", "date_creat": "2015-03-01",
        "date_disso": "0001-01-01", "adrs_numvoie": "1", "adrs_typevoie": "RUE", "adrs_libvoie": "de l'Exemple",
        "adrs_codeinsee": commune, "adrs_codepostal": "77000", "adrs_libcommune": "Melun", "position": position,
    }  # fmt: skip
    return ";".join(f'"{value}"' for value in values.values())


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_register_of_associations_is_kept_to_the_department(campaign: Line, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "rna_waldec_77.csv"
    lines = [
        RNA, association("W772001111", "CLUB EXEMPLE D'ÉTÉ", "77288"), association("W751002222", "AILLEURS", "75056"),
        association("W772003333", "DISSOUTE TÉMOIN", "77285", "D"),
    ]  # fmt: skip
    path.write_text("\n".join(lines) + "\n", encoding)
    said = campaign("import", path)
    assert (said.data["kind"], said.data["register"]) == ("directory", "rna")
    assert (said.data["rows_read"], said.data["accepted"], said.data["elsewhere"]) == (3, 2, 1)
    assert rows(campaign.base, "SELECT name, rna, address, active, created_on, closed_on FROM directory_entry") == [
        ("CLUB EXEMPLE D'ÉTÉ", "W772001111", "1 RUE de l'Exemple", 1, "2015-03-01", None),
        ("DISSOUTE TÉMOIN", "W772003333", "1 RUE de l'Exemple", 0, "2015-03-01", None),
    ]


def test_the_register_of_companies_is_kept_to_associations(campaign: Line, tmp_path: Path) -> None:
    path = tmp_path / "StockUniteLegale.csv"
    path.write_text(
        "siren,denominationUniteLegale,sigleUniteLegale,identifiantAssociationUniteLegale,categorieJuridiqueUniteLegale,"
        "nicSiegeUniteLegale,dateCreationUniteLegale,etatAdministratifUniteLegale\n"
        f"{siren(1_234_567)},CLUB EXEMPLE,CE,W772001111,9220,{siret(1_234_567)[9:]},2015-03-01,A\n"
        f"{siren(7_654_321)},SOCIETE TEMOIN,,,5710,00011,2015-03-01,A\n",
        "utf-8",
    )
    said = campaign("import", path, "--as", "directory")
    assert (said.data["register"], said.data["accepted"], said.data["other_bodies"]) == ("sirene", 1, 1)
    assert rows(campaign.base, "SELECT name, siret, rna, legal_form FROM directory_entry") == [
        ("CLUB EXEMPLE", siret(1_234_567), "W772001111", "9220")
    ]


def test_three_hundred_megabytes_are_refused_in_one_sentence(campaign: Line, tmp_path: Path) -> None:
    path = tmp_path / "enorme.csv"
    with path.open("wb") as stream:
        stream.truncate(300_000_000)
    for arguments in ([], ["--as", "directory"]):
        said = campaign("import", path, *arguments)
        assert said.code == 2
        assert said.err.replace("\u00a0", " ").startswith("Ce fichier pèse 300 Mo, le maximum est")
