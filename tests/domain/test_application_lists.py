"""Applications from any source: exports of other platforms, and lists as officers keep them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cv_desktop.domain.deposits import Intake, Sheet, read_deposits
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.intake import BLOCKING, DRAFT, DUPLICATE, INFORMATION, NOTE, TO_CHECK, TOTAL
from cv_desktop.domain.sheets import Span
from deposit_workbook import KNOWN, WORDS, siren, siret

TODAY = date(2026, 3, 9)
HEADERS = ("Association", "SIRET", "Action", "Montant demandé")


def read(*rows: Sequence[Any], commas: bool = False, merged: tuple[Span, ...] = (), **options: Any) -> Intake:
    options = {"today": TODAY, "source": "Liste de Camille", **options}
    return read_deposits([Sheet("Feuil1", rows, merged, commas=commas)], WORDS, KNOWN, **options)


def told(intake: Intake, *severities: str, line: int = 0) -> list[tuple[int, str]]:
    """Lines and messages, no-break spaces made plain; only those of ``line`` when it is given."""
    wanted = severities or (BLOCKING, TO_CHECK)
    found = [(p.line, p.message.replace("\u00a0", " ")) for p in intake.problems if p.severity in wanted]
    return [one for one in found if not line or one[0] == line]


def line(rank: int, title: str = "Fête du quartier", asked: Any = 1500) -> list[Any]:
    return [f"Association Exemple {rank}", siret(rank), title, asked]


def test_an_officers_list_with_its_titles_above_and_its_total_below() -> None:
    intake = read(
        ["Appel à projets 2026", "", "", ""],
        ["", "", "", ""],
        HEADERS,
        line(1),
        line(2, "Ateliers d’écriture", "2 200,50 €"),
        ["TOTAL", "", "", 3700.5],
        ["", "", "", ""],
        ["* liste arrêtée au 2 mars", "", "", ""],
    )
    assert (intake.header_line, intake.rows, intake.asked_cents) == (3, 4, 370_050)
    assert [(d.line, d.title, d.asked_cents) for d in intake.deposits] == [
        (4, "Fête du quartier", 150_000),
        (5, "Ateliers d’écriture", 220_050),
    ]
    assert [d.structure.siret for d in intake.deposits] == [siret(1), siret(2)]
    assert [(a.line, a.reason) for a in intake.asides] == [(6, TOTAL), (8, NOTE)]
    assert not intake.refused


def test_a_total_that_lies_is_told_and_one_per_block_is_checked_on_its_block() -> None:
    rows = [HEADERS, line(1), line(2), ["Sous-total", "", "", 3000], line(3), ["Sous-total", "", "", 1500]]
    assert [m for _, m in told(read(*rows, ["Total général", "", "", 4500])) if "total" in m.lower()] == []
    wrong = told(read(*rows, ["Total général", "", "", 4501]), line=7)
    assert wrong == [(7, "Le total écrit, 4 501 €, n’est pas la somme des dossiers lus, 4 500 €.")]


def test_an_association_called_total_is_no_total() -> None:
    intake = read(HEADERS, ["Total Danse", siret(1), "Stage", 900], ["Ensemble", "", "Repas partagés", 500])
    assert [d.structure.name for d in intake.deposits] == ["Total Danse", "Ensemble"]


def test_only_a_missing_title_amount_or_name_refuses_a_line() -> None:
    intake = read(
        HEADERS,
        ["Association Exemple", "2,43E+13", "Sortie en forêt", 800],
        ["Association Témoin", siret(2), "", 900],
        ["Association Modèle", siret(3), "Concert", ""],
        ["", siret(4), "Tournoi", 700],
        ["Association Exemple 5", siret(5), "Fresque", -10],
    )
    assert [d.title for d in intake.deposits] == ["Sortie en forêt"]
    assert told(intake, BLOCKING) == [
        (3, "Le titre de l’action manque."),
        (4, "Le montant demandé manque."),
        (5, "Le nom de la structure manque."),
        (6, "« -10 » est un montant négatif."),
    ]
    assert intake.refused == tuple(f"ligne\u00a0{number}" for number in (3, 4, 5, 6))


def test_a_file_without_any_title_enters_untitled_and_to_check() -> None:
    intake = read(("Structure", "Montant demandé", "Thème"), ["Association Exemple", 800, "Culture"])
    (deposit,) = intake.deposits
    assert deposit.title == "Action sans intitulé"
    assert deposit.number in intake.to_check
    assert (2, "Aucune colonne ne donne de titre : « Action sans intitulé ».") in told(intake)


def test_without_a_day_of_deposit_the_day_of_the_import_is_told() -> None:
    intake = read(HEADERS, line(1))
    (deposit,) = intake.deposits
    assert deposit.deposited_at == datetime(2026, 3, 8, 23, 0, tzinfo=UTC)  # midnight on a French clock
    assert told(intake, line=2) == [(2, "La date de dépôt manque : celle de l’import est prise, 09/03/2026.")]
    given = read(HEADERS, line(1), deposited_on=date(2026, 2, 27))
    assert given.deposits[0].deposited_at == datetime(2026, 2, 26, 23, 0, tzinfo=UTC)
    assert told(given, line=2) == []
    assert told(given, INFORMATION) == [
        (1, "Aucune colonne ne donne la date de dépôt : le 27 février 2026 est pris, comme demandé.")
    ]


def test_a_second_reading_knows_the_same_files_whatever_their_order() -> None:
    first = read(HEADERS, line(1), line(2), line(1, "Autre action"))
    second = read(HEADERS, line(1, "AUTRE  ACTION"), line(2), line(1), line(3))
    numbers = {d.number for d in first.deposits}
    assert len(numbers) == 3
    assert numbers < {d.number for d in second.deposits}
    assert not numbers & {d.number for d in read(HEADERS, line(1, asked=1501)).deposits}
    assert not numbers & {d.number for d in read(HEADERS, line(1), source="Une autre").deposits}


def test_the_name_may_change_where_the_siren_stays() -> None:
    one, other = (read(HEADERS, [name, siret(7), "Bal", 900]) for name in ("Les Amis", "Association des Amis du Mée"))
    assert one.deposits[0].number == other.deposits[0].number


def test_two_files_alike_but_for_another_column_are_both_kept_and_told() -> None:
    headers = (*HEADERS, "Lieu")
    intake = read(headers, [*line(1), "Melun"], [*line(1), "Le Mée"], [*line(1), "Melun"])
    assert len({d.number for d in intake.deposits}) == 2
    assert [(a.line, a.reason) for a in intake.asides] == [(4, DUPLICATE)]
    assert any("que la ligne 2" in message for _, message in told(intake, line=3))


def test_columns_of_accounts_become_the_budget() -> None:
    intake = read(
        ("Association", "Action", "Demandé", 60, 61, "64 - Personnel", 70, "74 CAMVS", "74 Département", "Dons (75)"),
        ["Association Exemple", "Bal", 900, 400, "", "1 100,00", 100, 900, 500, 0],
    )
    (deposit,) = intake.deposits
    assert intake.header_line == 1
    assert [(e.side, e.account, e.label, e.amount_cents) for e in deposit.budget] == [
        ("charge", "60", "", 40_000),
        ("charge", "64", "Personnel", 110_000),
        ("produit", "70", "", 10_000),
        ("produit", "74", "CAMVS", 90_000),
        ("produit", "74", "Département", 50_000),
    ]
    assert deposit.cost_cents == 150_000
    assert {m.header: m.field for m in intake.mapping}["64 - Personnel"] == "amount"
    assert not any("budget" in message for _, message in told(intake))


def test_a_total_of_charges_is_held_to_its_accounts_and_a_bad_cell_is_told_where_it_stands() -> None:
    headers = ("Association", "Action", "Demandé", "60", "64", "Total produits", "70", "74")
    intake = read(headers, ["Association Exemple", "Bal", 900, "beaucoup", 500, 1000, 100, 400])
    assert [e.amount_cents for e in intake.deposits[0].budget] == [50_000, 10_000, 40_000]
    where = {p.column: p.message.replace("\u00a0", " ") for p in intake.problems if p.number and p.column}
    assert where["60"].startswith("« beaucoup » n’est pas un montant.")
    assert where["Total produits"] == "Le total écrit, 1 000 €, n’est pas la somme des produits, 500 €."


def test_an_age_is_no_account() -> None:
    intake = read(("Association", "Action", "Demandé", "60 ans et plus"), ["Association Exemple", "Bal", 900, 12])
    assert intake.deposits[0].budget == ()


def test_an_export_of_dauphin() -> None:
    headers = ("Référence administrative", "Statut", "Date de demande", "SIRET complet du demandeur",
               "Raison sociale", "Intitulé du projet", "Montant demandé")  # fmt: skip
    intake = read(
        headers,
        ["DA00123456", "Transmise", "02/03/2026", siret(1), "Association Exemple", "Bal", "1 000,00"],
        ["da 00123457", "Recevable", "", siret(2), "Association Témoin", "Jeux", "500,00"],
        ["DA00123458", "En cours de saisie", "03/03/2026", siret(3), "Association Modèle", "Stage", "700,00"],
        ["DA00123459-2", "Rejetée", "03/03/2026", siret(4), "Association Exemple", "Cirque", "800,00"],
        source="DAUPHIN",
    )
    assert [d.number for d in intake.deposits] == ["DA00123456", "DA00123457", "DA00123459-2"]
    assert [d.source_state for d in intake.deposits] == ["Transmise", "Recevable", "Rejetée"]
    assert [(a.line, a.reason, a.message) for a in intake.asides] == [
        (4, DRAFT, "«\u00a0En cours de saisie\u00a0»\u00a0: mis de côté.")
    ]
    assert (3, "La date de dépôt manque : celle de l’import est prise, 09/03/2026.") in told(intake)
    assert told(intake, INFORMATION, line=5)[0][1].startswith("« Rejetée » dans le fichier : demande refusée")


def test_two_lines_of_headers_with_their_groups() -> None:
    intake = read(
        ["Dossier", "", "Association", "", "", "Montants", "", "Budget", ""],
        ["N° Dossier Osiris", "Etat Dossier", "N° Siret", "Nom", "Intitulé", "Coût (Total des Charges)", "Demandé",
         "60", "70"],
        ["DD77-26-0001", "A instruire", siret(1), "Association Exemple", "Bal", 2000, "1000", 2000, 2000],
        ["1", "Consolidation", "", "", "", 2000, 1000, "", ""],
    )  # fmt: skip
    (deposit,) = intake.deposits
    assert (deposit.number, deposit.title, deposit.cost_cents, deposit.asked_cents) == (
        "DD77-26-0001", "Bal", 200_000, 100_000,
    )  # fmt: skip
    assert {m.field: m.header for m in intake.mapping}["siret"] == "Association > N° Siret"
    assert [(a.line, a.reason) for a in intake.asides] == [(4, TOTAL)]


def test_headers_repeated_with_their_columns_moved() -> None:
    moved = [HEADERS[2], HEADERS[0], HEADERS[3], HEADERS[1]]
    intake = read(HEADERS, line(1), moved, ["Bal", "Association Témoin", 700, siret(2)])
    assert [(d.structure.name, d.title, d.asked_cents) for d in intake.deposits] == [
        ("Association Exemple 1", "Fête du quartier", 150_000),
        ("Association Témoin", "Bal", 70_000),
    ]
    assert intake.others == (3,)


def test_a_name_merged_over_its_actions_and_thousands_of_euros() -> None:
    intake = read(
        ("Association", "Action", "Montant demandé (k€)"),
        ["Association Exemple", "Bal", 1.5],
        ["", "Cirque", "2"],
        merged=(Span(1, 0, 2, 0),),
    )
    assert [(d.structure.name, d.asked_cents) for d in intake.deposits] == [
        ("Association Exemple", 150_000),
        ("Association Exemple", 200_000),
    ]


def test_an_unquoted_decimal_comma_refuses_its_line() -> None:
    headers = ("Association", "Action", "Montant demandé", "Quartiers")
    intake = read(headers, ["A", "Bal", "1000", "L'Almont"], ["B", "Jeux", "24975", "00", "L'Almont"], commas=True)
    assert len(intake.deposits) == 1
    assert intake.refused == ("ligne\u00a03",)
    assert "virgule décimale" in told(intake, BLOCKING)[0][1]


def test_the_table_may_stand_on_another_sheet_and_what_is_not_read_is_told() -> None:
    pivot = Sheet("Synthèse", [["Thème", "Total"], ["Culture", 3000]])
    data = Sheet("Demandes", [HEADERS, line(1), line(2)])
    old = Sheet("Demandes 2025", [HEADERS, line(3)])
    intake = read_deposits([pivot, data, old], WORDS, KNOWN, today=TODAY)
    assert len(intake.deposits) == 2
    unread = [p.message.replace("\u00a0", " ") for p in intake.problems if p.sheet == "Demandes 2025"]
    assert unread == [
        "La feuille « Demandes 2025 » n’est pas lue : elle est de 2025, la feuille « Demandes » ne le dit pas."
    ]


def test_the_last_year_is_the_one_that_is_asked_for() -> None:
    intake = read(("Association", "Action", "Demandé 2025", "Demandé 2026"), ["A", "Bal", 100, 200])
    assert intake.asked_cents == 20_000


def test_a_list_without_names_or_amounts_is_refused_whole() -> None:
    with pytest.raises(UserError, match="Aucune colonne de montant demandé"):
        read(("Association", "Action", "Thème"), ["A", "Bal", "Culture"])
    with pytest.raises(UserError, match="Aucune colonne de nom de structure"):
        read(("Action", "Montant demandé"), ["Bal", 100])


def test_structures_by_siren_where_the_siret_is_ruined() -> None:
    one = read((*HEADERS, "SIREN"), ["A", "2,43E+13", "Bal", 100, siren(3)])
    other = read((*HEADERS, "SIREN"), ["A, nouveau nom", siret(3), "Bal", 100, siren(3)])
    assert one.deposits[0].structure.siren == siren(3)
    assert one.deposits[0].number == other.deposits[0].number


def volets(*, last: str = "Santé") -> list[Sheet]:
    head = ["N° d’ordre", "Structure", "Action", "Montant demandé"]
    return [
        Sheet("Synthèse", [["Volet", "Nombre", "Somme"], ["Éducation", 2, 3000], ["Santé", 1, 2000]]),
        Sheet(
            "Éducation",
            [["Volet éducation"], head, [1, "Club", "a", 1000], [2, "Amis", "b", 2000], ["Total", None, None, 3000]],
        ),
        Sheet(last, [head, [1, "Foyer", "f", 2000], [2, "Judo", "", 50], ["Total", None, None, 2000]]),
    ]


def test_one_list_for_each_volet() -> None:
    intake = read_deposits(volets(), WORDS)
    assert [(one.sheet, one.line, one.title, one.asked_cents) for one in intake.deposits] == [
        ("Éducation", 3, "a", 1000_00), ("Éducation", 4, "b", 2000_00), ("Santé", 2, "f", 2000_00),
    ]  # fmt: skip
    assert (intake.lists, intake.rows) == (("Éducation", "Santé"), 6)
    assert [(one.sheet, one.line, one.reason) for one in intake.asides] == [
        ("Éducation", 5, "total"), ("Santé", 4, "total"),
    ]  # fmt: skip
    assert [(p.sheet, p.line) for p in intake.problems if p.severity == "bloquant"] == [("Santé", 3)]
    said = [p.message.replace("\u00a0", " ") for p in intake.problems if "n’est pas lue" in p.message]
    assert said == [
        "La feuille « Synthèse » n’est pas lue : 2 lignes, sans colonne de structure et de montant demandé."
    ]


def test_a_line_left_aside_is_that_of_its_sheet() -> None:
    intake = read_deposits(volets(), WORDS, left={("Santé", 2)})
    assert [one.title for one in intake.deposits] == ["a", "b"]
    assert list(intake.left) == [("Santé", 2)]


def test_a_list_of_another_year_or_that_says_the_same_is_left_out() -> None:
    sheets = volets(last="AAP 2025")
    sheets[1] = Sheet("AAP 2026", sheets[1].rows)
    intake = read_deposits(sheets, WORDS)
    assert intake.lists == ("AAP 2026",)
    said = [p.message.replace("\u00a0", " ") for p in intake.problems if "AAP 2025" in p.message]
    assert said == ["La feuille « AAP 2025 » n’est pas lue : elle est de 2025, la feuille « AAP 2026 » de 2026."]
    first = volets()[1]
    again = Sheet("Toutes", [["Structure", "Action", "Montant demandé"], *(row[1:] for row in first.rows[2:4])])
    intake = read_deposits([first, again], WORDS)
    assert len(intake.deposits) == 2
    assert any("répète des lignes déjà lues" in p.message for p in intake.problems)
