"""A financial report: its table read from the boxes of the Cerfa 15059, its gaps, the file it is about."""

from __future__ import annotations

import json

import pytest

from cv_desktop.domain import form_entry, report, report_entry, report_table
from cv_desktop.domain.accounts import Accounts
from cv_desktop.domain.filled_form import Box, FormKind
from cv_desktop.domain.intake import StructureRead
from cv_desktop.domain.report import Reported, ReportLine, ReportRead
from cv_desktop.paths import resource


def table(name: str) -> dict[str, object]:
    return json.loads(resource("reference", name).read_text(encoding="utf-8"))


KIND = FormKind.from_json(table("formulaires.json")["forms"][1])  # type: ignore[index]
ACCOUNTS = Accounts.from_json(table("comptes.json"))
HEAD = [Box("Champ 1", beside="Numéro SIRET", value="99390487900018"), Box("Champ 2", beside="Exercice", value="2025")]


def cells(*boxes: Box, chosen: dict[str, str] | None = None) -> list[tuple[str, str, int | None, int | None]]:
    filled = report_table.read(KIND, [*HEAD, *boxes], ACCOUNTS, chosen)
    return [(x.account, x.label, x.planned_cents, x.realised_cents) for x in filled.report]


def test_the_words_of_a_box_say_its_column() -> None:
    found = cells(
        Box("a", label="60 Achats - prévision", value="1 000,00"),
        Box("b", label="60 Achats - réalisation", value="850"),
        Box("c", label="60 Achats - %", value="85"),
        Box("d", label="74 - État (réalisé)", value="500"),
        Box("e", label="74 - État (prévu)", value=""),
    )
    assert found == [("60", "Achats", 100_000, 85_000), ("74", "État", None, 50_000)]


def test_two_boxes_of_one_line_are_its_forecast_then_what_was_done() -> None:
    """On the printed form both have the same words on their left; an empty first box keeps its place."""
    found = cells(
        Box("Champ 61", beside="61 - Services extérieurs", value=""),
        Box("Champ 62", beside="61 - Services extérieurs", value="320"),
        Box("Champ 63", beside="61 - Services extérieurs", value=""),
        Box("Champ 64", beside="70 - Vente de produits finis", value="900"),
        Box("Champ 65", beside="70 - Vente de produits finis", value="720,50"),
    )
    assert found == [("61", "Services extérieurs", None, 32_000), ("70", "Vente de produits finis", 90_000, 72_050)]


def test_one_box_alone_without_a_word_is_left_to_a_person() -> None:
    boxes = [*HEAD, Box("Champ 60", beside="64 - Charges de personnel", value="400")]
    filled = report_table.read(KIND, boxes, ACCOUNTS)
    assert filled.report == ()
    assert [box.name for box in filled.unknown] == ["Champ 60"]
    chosen = report_table.read(KIND, boxes, ACCOUNTS, {"Champ 60": "realised.64"})
    assert [(x.account, x.planned_cents, x.realised_cents) for x in chosen.report] == [("64", None, 40_000)]
    assert chosen.unknown == ()
    assert form_entry.label(KIND, "realised.64") == "Réalisé › 64"


def test_a_printed_total_that_its_lines_do_not_make_is_said() -> None:
    boxes = [
        Box("a", label="60 Achats prévision", value="1 000"),
        Box("b", label="62 Déplacements prévision", value="200"),
        Box("c", label="86 Emplois des contributions volontaires prévision", value="300"),
        Box("t", label="Total des charges prévision", value="1 500"),
        Box("u", label="TOTAL DES PRODUITS réalisation", value="12"),
        Box("v", label="70 Ventes réalisation", value="dix"),
    ]
    filled = report_table.read(KIND, [*HEAD, *boxes], ACCOUNTS)
    _, doubts = report_entry.entry(filled)
    said = [doubt.message for doubt in doubts if doubt.field == "Tableau"]
    # 1 000 + 200 + 300 in kind: the total may count them.
    assert said == [
        "70 Ventes, réalisé\u00a0: «\u00a0dix\u00a0» n’est pas un montant. Exemple\u00a0: 4\u00a0000 ou 4\u00a0000,50.",
        "Total des produits, réalisé\u00a0: le formulaire écrit 12\u00a0€, ses lignes font 0\u00a0€.",
    ]


def test_produits_done_that_are_not_the_charges_done_are_said() -> None:
    boxes = [
        Box("a", label="60 Achats réalisation", value="1 000"),
        Box("b", label="70 Ventes réalisation", value="1 250,40"),
    ]
    _, doubts = report_entry.entry(report_table.read(KIND, [*HEAD, *boxes], ACCOUNTS))
    assert [doubt.message for doubt in doubts] == ["Les produits réalisés dépassent les charges de 250,40\u00a0€."]


@pytest.mark.parametrize(
    ("planned", "realised", "hundredths", "words"),
    [
        (100_000, 112_500, 1250, "+12,5\u00a0%"),
        (90_000, 72_050, -1994, "−19,9\u00a0%"),
        (100_000, 100_000, 0, "0\u00a0%"),
        (0, 5_000, None, ""),
        (5_000, None, None, ""),
    ],
)
def test_the_gap_is_a_share_of_what_was_foreseen(
    planned: int, realised: int | None, hundredths: int | None, words: str
) -> None:
    assert report.gap(planned, realised) == hundredths
    assert report.gap_text(planned, realised) == words


def test_the_subsidy_is_a_share_of_the_produits_done() -> None:
    lines = [
        ReportLine("produit", "74", "CAMVS", 150_000, 150_000),
        ReportLine("produit", "70", "Ventes", 50_000, 204_610),
        ReportLine("produit", "87", "Bénévolat", 0, 900_000),
    ]
    # 150 000 / 354 610 = 42,3 %; the help in kind is not counted.
    said = report.subsidy_sentence("1\u00a0500\u00a0€", 150_000, lines)
    assert said == "La subvention de 1\u00a0500\u00a0€ représente 42,3\u00a0% du total des produits."


@pytest.mark.parametrize(
    ("text", "year"),
    [("2025", 2025), ("Exercice 2025", 2025), ("25", 2025), ("20 25", 2025), ("2024-2025", None), ("", None)],
)
def test_the_exercise_is_one_year(text: str, year: int | None) -> None:
    assert report.year_of(text) == year


FILES = (
    Reported("a", "FIA-2025-0012", "Paroles d’été", 2025),
    Reported("b", "AAP-2025-0003", "Jardin partagé", 2025),
    Reported("c", "FIA-2024-0001", "Paroles d'été", 2024),
)


def read(title: str = "", year: int | None = None, **answers: str) -> ReportRead:
    return ReportRead(StructureRead("Club Modèle"), title, year, answers=answers)


def test_a_report_is_about_the_file_that_its_number_title_or_year_says() -> None:
    assert report.about(read("Bilan FIA-2024-0001", 2025), FILES) == (FILES[2], ())
    assert report.about(read("PAROLES D’ETE", 2025), FILES) == (FILES[0], ())
    assert report.about(read("", 2024), FILES) == (FILES[2], ())


def test_when_nothing_tells_it_a_person_chooses() -> None:
    assert report.about(read("", 2025), FILES) == (None, FILES[:2])
    assert report.about(read("Autre action", 2024), FILES) == (None, FILES[2:])
    assert report.about(read("Paroles d’été"), FILES) == (None, (FILES[0], FILES[2]))
    # No file of that year here: nothing to choose, the report goes with its structure.
    assert report.about(read("Paroles d’été", 2022), FILES) == (None, ())
