"""Lists of grants as authorities print them: totals known by hand, every line accounted for."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from cv_desktop.documents.sheet_read import open_list
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.past_grants import History, read_history
from cv_desktop.domain.sheets import Sheet, Span
from deposit_workbook import siren, siret
from grant_lists import REAL, history, reasons, told, words


def real(name: str) -> History:
    return read_history(open_list(REAL / name).sheets, words(), filename=name)


def counted(read: History) -> bool:
    return read.rows == read.accepted + len(read.refused) + len(read.asides)


def test_montpellier() -> None:
    read = real("montpellier_2012.csv")
    assert (read.header_line, read.rows, read.accepted, read.amount_cents) == (1, 671, 616, 3_797_121_00)
    assert Counter(aside.reason for aside in read.asides) == {"total": 22, "repeated header": 21, "orphan": 12}
    orphans = [message for _line, message in told(read) if "LC" in message]
    assert len(orphans) == 12
    assert sum("LC 18891" in message for message in orphans) == 10
    # The printed total of the block counts an identical line twice: both are grants, and it is said.
    assert [line for line, message in told(read) if "identique" in message] == [153]
    assert {grant.year for grant in read.grants} == {2012}
    assert {grant.scheme for grant in read.grants} >= {"handicap", "santé", "culture", "sport solidaire"}
    assert counted(read)


def test_toulouse() -> None:
    read = real("toulouse_2022.csv")
    assert (read.rows, read.accepted, read.amount_cents) == (396, 396, 88_789_356_48)
    assert (read.identifiers["ruined"], read.identifiers["empty"], read.identifiers["valid"]) == (386, 10, 0)
    assert all(grant.siret is None and grant.siren is None for grant in read.grants)
    assert {grant.year for grant in read.grants} == {2022}
    own = [p for p in read.problems if p.column == "idAttribuant" and "abîmé" in p.message]
    assert len(own) == 396


def test_scdl_valid() -> None:
    read = real("scdl_valide.csv")
    assert (read.accepted, read.amount_cents, read.schema_breaches) == (29, 2_821_393_50, 0)
    assert read.problems == ()


def test_scdl_invalid() -> None:
    read = real("scdl_invalide.csv")
    assert read.schema_breaches == 65
    errors = [p for p in read.problems if p.severity in ("bloquant", "a_verifier")]
    assert len(errors) == 65
    cells = Counter((p.line, p.column) for p in errors if p.column)
    assert len(cells) == 63
    assert [cell for cell, count in cells.items() if count == 2] == [(7, "idAttribuant")]
    assert [p.line for p in errors if not p.column] == [9]
    assert {p.line for p in errors} == set(range(2, 31))
    (absent,) = [p for p in read.problems if "dispositifAide" in p.message]
    assert (absent.line, absent.severity) == (1, "information")
    assert read.refused == (10,)


def test_adult_relays_of_the_contract() -> None:
    read = real("adultes_relais_2021.json")
    ours = [grant for grant in read.grants if grant.contract == "CV277"]
    assert len(ours) == 22
    assert len({grant.siret for grant in ours}) == 9
    assert sum(grant.amount_cents for grant in ours) == 441_580_04


def test_osiris() -> None:
    read = real("osiris_suivi_dossiers.xls")
    assert (read.header_line, read.rows, read.accepted) == (2, 2, 1)
    assert reasons(read) == [(4, "total")]
    labels = {match.header: match.field for match in read.mapping}
    assert labels["Association > N° Siret"] == "siret"
    assert labels["Association > Nom"] == "name"
    assert labels["Représentant légal > Nom"] == ""
    assert labels["Montants > Accordé"] == "granted"
    grant = read.grants[0]
    assert (grant.asked_cents, grant.granted_cents, grant.year) == (3000_00, 3000_00, 2021)


HEAD = ["Bénéficiaire", "Objet", "Montant voté"]


def test_titles_totals_notes_and_blank_tails() -> None:
    read = history(
        ["Ville Exemple", "", ""],
        ["Subventions aux associations – exercice 2023", "", ""],
        ["", "", ""],
        HEAD,
        ["Club Exemple", "Fonctionnement", 1500.0],
        ["Amis Témoin", "Fête", "2 000,50 €"],
        ["Sous-total sport", "", 3500.5],
        ["Chorale Modèle", "Concert", 400],
        ["Total culture", "", 400],
        ["TOTAL GÉNÉRAL", "", "3 900,50"],
        ["(1) sous réserve de la convention", "", ""],
        ["", "", ""],
    )
    assert (read.header_line, read.accepted, read.amount_cents) == (4, 3, 3_900_50)
    assert reasons(read) == [(7, "total"), (9, "total"), (10, "total"), (11, "note")]
    assert told(read) == []
    assert {grant.year for grant in read.grants} == {2023}
    assert counted(read)


def test_a_printed_total_that_is_not_the_sum_is_told() -> None:
    read = history(HEAD, ["Club Exemple", "", 1500], ["Amis Témoin", "", 500], ["Total", "", 2100])
    assert read.amount_cents == 2000_00
    assert told(read) == [
        (4, "Le total imprimé, 2 100 €, n’est pas la somme des lignes lues, 2 000 € : écart de 100 €.")
    ]


def test_an_association_may_be_named_total() -> None:
    named = ["Total Danse Exemple", "Gala", 300]
    read = history(HEAD, ["Club Exemple", "Tournoi", 1500], named, ["Ensemble vocal Témoin", "Concert", 200])
    assert (read.accepted, read.amount_cents) == (3, 2000_00)
    read = history(["Association", "Montant"], ["Club", 1500], ["Total Danse", 300], ["Total", 1800])
    assert (read.accepted, read.amount_cents, told(read)) == (2, 1800_00, [])


def test_a_total_above_its_lines_or_without_a_word() -> None:
    read = history(HEAD, ["TOTAL", "", 2000], ["Club", "a", 1500], ["Amis", "b", 500])
    assert (read.accepted, read.amount_cents, told(read)) == (2, 2000_00, [])
    read = history(HEAD, ["Club", "a", 1500], ["Amis", "b", 500], ["", "", 2000])
    assert (read.accepted, read.amount_cents) == (2, 2000_00)
    assert reasons(read) == [(4, "total")]
    read = history(HEAD, ["Club", "a", 1500], ["Amis", "b", 500], ["", "", 77])
    assert reasons(read) == [(4, "orphan")]
    assert [line for line, _ in told(read)] == [4]


def test_exact_repeats_are_kept_once_and_announced() -> None:
    line = ["Club Exemple", "Fonctionnement", 1500]
    read = history(HEAD, line, ["Amis", "b", 500], list(line))
    assert (read.accepted, read.amount_cents) == (2, 2000_00)
    assert reasons(read) == [(4, "duplicate")]
    assert "ligne 2" in read.asides[0].message


def test_names_under_merged_cells() -> None:
    rows = (HEAD, ["Club Exemple", "Tournoi", 1500], ["", "Stage", 500], ["", "Gala", 100], ["Amis", "Fête", 50])
    read = history(*rows, merged=[Span(1, 0, 3, 0)])
    assert [grant.name for grant in read.grants] == ["Club Exemple"] * 3 + ["Amis"]
    assert (read.amount_cents, told(read)) == (2150_00, [])
    # Without the merge the same name is taken, and said.
    read = history(*rows)
    assert [grant.name for grant in read.grants] == ["Club Exemple"] * 3 + ["Amis"]
    assert [line for line, _ in told(read)] == [3, 4]


def test_sections_name_the_theme() -> None:
    read = history(HEAD, ["CULTURE", "", ""], ["Chorale", "a", 100], ["SPORT", "", ""], ["Club", "b", 200])
    assert [(grant.name, grant.scheme) for grant in read.grants] == [("Chorale", "CULTURE"), ("Club", "SPORT")]
    assert reasons(read) == [(2, "section"), (4, "section")]


def test_blocks_whose_columns_move() -> None:
    read = history(
        ["Association", "Montant voté", ""],
        ["Chorale", 100, ""],
        ["Total", 100, ""],
        ["SIRET", "Association", "Montant voté"],
        [siret(1_234_567), "Club", 200],
        ["", "Total", 200],
    )
    assert [(grant.name, grant.amount_cents) for grant in read.grants] == [("Chorale", 100_00), ("Club", 200_00)]
    assert read.grants[1].siret == siret(1_234_567)
    assert told(read) == []


def test_two_lines_of_headers() -> None:
    rows = (
        ["Association", "", "Montants", "", "", "Observations"],
        ["Nom", "N° SIRET", "Demandé", "Voté", "Versé", ""],
        ["Club Exemple", siret(1_234_567), 3000, 2500, 2000, "ok"],
        ["Total", "", 3000, 2500, 2000, ""],
    )
    read = history(*rows)
    grant = read.grants[0]
    assert (grant.asked_cents, grant.granted_cents, grant.paid_cents) == (3000_00, 2500_00, 2000_00)
    assert (read.header_line, read.amount_cents, told(read)) == (2, 2500_00, [])
    # Labels merged over both lines.
    read = history(
        ["Bénéficiaire", "SIRET", "Subvention", "", "Objet"],
        ["", "", "Demandée", "Votée", ""],
        ["Club", siret(1_234_567), 10, 9, "Stage"],
        merged=[Span(0, 0, 1, 0), Span(0, 1, 1, 1), Span(0, 2, 0, 3), Span(0, 4, 1, 4)],
    )
    grant = read.grants[0]
    assert (grant.name, grant.asked_cents, grant.granted_cents, grant.title) == ("Club", 10_00, 9_00, "Stage")


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("16\u00a0000\u00a0€", 1_600_000), ("16\u202f000,5", 1_600_050), ("1.234,56", 123_456), ("1,234.56", 123_456),
        ("1'500", 150_000), ("1 500 EUR", 150_000), ("€ 300", 30_000), ("12 k€", 1_200_000), ("(250,00)", -25_000),
        ("-250", -25_000), ("250-", -25_000), ("299.67", 29_967), ("12345.6789", 1_234_568), (299.67, 29_967),
        ("0,5", 50), ("1500 euros", 150_000),
    ],
)  # fmt: skip
def test_amounts(written: Any, cents: int) -> None:
    assert history(HEAD, ["Club", "a", written]).grants[0].amount_cents == cents


def test_a_point_before_three_figures_is_read_as_its_column_shows() -> None:
    read = history(HEAD, ["Club", "a", "1.500"], ["Amis", "b", "12.300,50"])
    assert read.amount_cents == 13_800_50
    read = history(HEAD, ["Club", "a", "1.500"], ["Amis", "b", "12.5"])
    assert read.amount_cents == 14_00
    read = history(HEAD, ["Club", "a", "1.500"], ["Amis", "b", "300"])
    assert read.refused == (2,)
    assert "deux façons" in told(read)[0][1]


@pytest.mark.parametrize(
    "header", ["Montant (k€)", "Montant en K€", "Montant (en milliers d'euros)", "Montant en k euros"]
)
def test_amounts_in_thousands(header: str) -> None:
    read = history(["Association", header], ["Club", "12,5"], ["Amis", 3], ["Total", "15,5"])
    assert (read.amount_cents, told(read)) == (15_500_00, [])


def test_thousands_said_by_the_title_are_to_verify() -> None:
    read = history(["Subventions 2023 (montants en k€)", ""], ["Association", "Montant"], ["Club", 12.5])
    assert read.amount_cents == 12_500_00
    assert "milliers" in told(read)[0][1]


def test_sheets_by_year_are_all_read() -> None:
    sheets = [
        Sheet("Synthèse", [["Étiquettes de lignes", "Somme de Montant"], ["Culture", 300], ["Total général", 300]]),
        Sheet("2022", [["Association", "Objet", "Montant"], ["Club", "a", 100], ["Amis", "b", 50], ["Total", "", 150]]),
        Sheet("2023", [["Association", "Objet", "Montant"], ["Club", "a", 100], ["Amis", "b", 50], ["Total", "", 150]]),
    ]
    read = read_history(sheets, words())
    assert (read.accepted, read.amount_cents) == (4, 300_00)
    assert Counter(grant.year for grant in read.grants) == {2022: 2, 2023: 2}


def test_a_sheet_that_repeats_another_is_left_aside() -> None:
    rows = [["Association", "Objet", "Montant"], ["Club", "a", 100], ["Chorale", "b", 50], ["Amis", "c", 70]]
    detail = [["Association", "Objet", "Montant"], ["Chorale", "b", 50]]
    read = read_history([Sheet("Toutes", rows), Sheet("Culture", detail)], words())
    assert (read.accepted, read.amount_cents) == (3, 220_00)
    assert any("répète" in message for _line, message in told(read, "information"))


def test_years_side_by_side() -> None:
    read = history(
        ["Association", "Subvention 2022", "Subvention 2023"], ["Club", 100, 150], ["Amis", 70, ""],
        ["Total", 170, 150],
        name="Feuil1",
    )  # fmt: skip
    assert (read.accepted, read.amount_cents, told(read)) == (2, 150_00, [])
    assert Counter((g.name, g.year, g.amount_cents) for g in read.grants) == {
        ("Club", 2023, 150_00): 1, ("Club", 2022, 100_00): 1, ("Amis", 2022, 70_00): 1,
    }  # fmt: skip


def test_two_columns_of_the_same_name() -> None:
    read = history(["Association", "Montant", "Montant"], ["Club", 100, 100], ["Amis", 50, 60])
    assert read.amount_cents == 150_00
    ((line, message),) = told(read)
    assert line == 1
    assert "deux fois" in message
    assert "ligne 3" in message
    assert told(history(["Association", "Montant", "Montant"], ["Club", 100, 100])) == []


def test_identifiers() -> None:
    good = siret(1_234_567)
    written = [
        good, f"{good[:3]} {good[3:6]} {good[6:9]} {good[9:]}", f"'{good}", f"{good}.0", float(good), good.lstrip("0"),
        "2,43E+13", good[:9] + "00000", "24300000000000", good[:13] + str((int(good[13]) + 1) % 10), siren(1_234_567),
        "", "inconnu", good[:12],
    ]  # fmt: skip
    rows = [[f"Club {at}", value, 10 + at] for at, value in enumerate(written)]
    read = history(["Association", "SIRET", "Montant"], *rows)
    assert read.identifiers == {
        "valid": 1, "cleaned": 5, "ruined": 5, "checksum": 1, "siren_only": 1, "empty": 1,
    }  # fmt: skip
    kept = [grant.siret for grant in read.grants if grant.siret]
    assert kept == [good] * 6
    assert [line for line, _ in told(read)] == [8, 9, 10, 11, 12, 14, 15]
    assert read.grants[10].siren == siren(1_234_567)


def test_a_siren_and_its_nic_in_two_columns() -> None:
    good = siret(1_234_567)
    read = history(["Association", "SIREN", "NIC", "Montant"], ["Club", good[:9], good[9:].lstrip("0"), 10])
    assert read.grants[0].siret == good


def test_rna_with_letters() -> None:
    read = history(["Association", "RNA", "Montant"], ["Club", "W9T1002867", 10], ["Amis", "W2A", 20])
    assert read.grants[0].rna == "W9T1002867"
    assert [line for line, _ in told(read)] == [3]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["Bonjour", "Monde"], ["a", "b"]], "Aucune colonne de bénéficiaire n’est reconnue."),
        ([["Association", "Objet"], ["Club", "b"]], "Aucune colonne de montant n’est reconnue."),
        ([["Association", "Montant"]], "Aucune subvention dans ce fichier."),
        ([["Association", "Montant"], ["Club", "beaucoup"]],
         "Ligne 2, colonne « Montant » : « beaucoup » n’est pas un montant."),
    ],
)  # fmt: skip
def test_a_file_refused_whole(rows: list[list[Any]], sentence: str) -> None:
    with pytest.raises(UserError) as refusal:
        history(*rows)
    assert refusal.value.message.replace("\u00a0", " ").startswith(sentence)


@pytest.mark.parametrize(
    "headers",
    [
        ["Numéro de dossier", "Année budgétaire", "Collectivité", "Nom Bénéficiaire", "Numéro Siret",
         "Objet du dossier", "Montant voté", "Direction", "Nature de la subvention"],
        ["numero_de_dossier", "annee_budgetaire", "collectivite", "nom_beneficiaire", "numero_siret",
         "objet_du_dossier", "montant_vote", "direction", "nature_de_la_subvention"],
        ["REFERENCE", "EXERCICE", "FINANCEUR", "RAISON SOCIALE", "N° SIRET", "LIBELLE", "MONTANT ATTRIBUE", "X", "Y"],
        ["N°", "Année", "Ministère", "Dénomination", "SIRET", "Objet", "Montant (€)", "Programme", "Z"],
        ["Dossier", "Exercice", "Entité", "Nom de l'association", "SIRET de l'association", "Intitulé de l'action",
         "Montant de la subvention votée", "Direction", "Canton"],
    ],
)  # fmt: skip
def test_headers_of_many_authorities(headers: list[str]) -> None:
    read = history(headers, ["A1", 2021, "Paris", "Club Exemple", siret(1_234_567), "Fête", 1500, "d", "n"], name="F")
    grant = read.grants[0]
    assert (grant.year, grant.name, grant.siret, grant.title, grant.amount_cents) == (
        2021, "Club Exemple", siret(1_234_567), "Fête", 150_000,
    )  # fmt: skip


def test_headings_that_hold_the_total_of_their_lines() -> None:
    lines = (["CULTURE", 300], ["Chorale", 100], ["Théâtre", 200], ["SPORT", 150], ["Club", 50], ["Judo", 100])
    read = history(["Association", "Montant"], *lines, ["TOTAL", 450])
    assert (read.accepted, read.amount_cents, told(read)) == (4, 450_00, [])
    assert sorted(reasons(read)) == [(2, "total"), (5, "total"), (8, "total")]
    # Without a printed total, two such lines may be chance.
    assert history(["Association", "Montant"], *lines).accepted == 6


def test_kinds_of_grants_side_by_side_are_added_up() -> None:
    read = history(
        ["Association", "Subvention de fonctionnement", "Subvention exceptionnelle"],
        ["Club", 100, 50],
        ["Amis", 10, ""],
        ["Judo", "", 20],
        ["Total", 110, 70],
    )
    assert (read.accepted, read.amount_cents, told(read)) == (3, 180_00, [])
    assert [(grant.name, grant.scheme, grant.amount_cents) for grant in read.grants] == [
        ("Club", "", 100_00), ("Club", "Subvention exceptionnelle", 50_00), ("Amis", "", 10_00),
        ("Judo", "Subvention exceptionnelle", 20_00),
    ]  # fmt: skip
    assert "additionnées" in told(read, "information")[0][1]
    read = history(
        ["Association", "Subvention de fonctionnement", "Subvention exceptionnelle", "Total"], ["Club", 100, 50, 150]
    )
    assert read.amount_cents == 150_00


def test_other_columns_of_amounts_are_said() -> None:
    read = history(["Association", "Subvention", "Aide du comité"], ["Club", 100, 50], ["Amis", 10, 5])
    assert read.amount_cents == 110_00
    assert next(message for _line, message in told(read)).startswith("La colonne « Aide du comité »")


def test_an_amount_cut_at_its_comma_without_another_value_too_many() -> None:
    rows = [["Association", "Montant", "Objet", "Note"], ["Club", "24975", "00", "Fête"], ["Amis", "1200", "Gala", "x"]]
    read = read_history([Sheet("2023", rows, commas=True)], words())
    assert (read.amount_cents, read.refused) == (1200_00, (2,))
    assert told(read)[0][1].startswith("« 24975,00 » est coupé en deux colonnes")


def test_the_year_of_the_column_comes_before_that_of_the_sheet() -> None:
    assert history(["Association", "Montant 2022"], ["Club", 10], name="Conseil 2023").grants[0].year == 2022
