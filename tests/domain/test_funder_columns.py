"""The columns of co-funders in a list as officers keep them: who, which amount, and what is no amount at all."""

from __future__ import annotations

from typing import Any

import pytest

from cv_desktop.domain.deposits import Intake, Sheet, read_deposits
from cv_desktop.domain.intake import TO_CHECK, FunderAmount
from deposit_workbook import WORDS

FUNDERS = {
    "ETAT": ["État, autres services", "État"],
    "ETAT-147": ["État, politique de la ville (BOP 147)", "BOP 147"],
    "REGION": ["Région Île-de-France", "région"],
    "DEPARTEMENT": ["Département de Seine-et-Marne", "CD77", "département"],
    "CAF": ["CAF de Seine-et-Marne", "CAF", "CAF 77"],
}
NBSP = "\u00a0"
BASE = ["Structure", "Action", "Montant demandé"]
LINE = ["Les Lianes", "Ateliers", "3 000 €"]


def read(headers: list[str], *lines: list[Any]) -> Intake:
    return read_deposits([Sheet("Liste", [BASE + headers, *(LINE + line for line in lines)])], WORDS, funders=FUNDERS)


def given(intake: Intake) -> list[tuple[str, str, int]]:
    (deposit,) = intake.deposits
    return [(one.code, one.name, one.cents) for one in deposit.fundings]


@pytest.mark.parametrize(
    ("header", "code", "name"),
    [
        ("État demandé", "ETAT", "asked_cents"),
        ("Montant sollicité BOP 147", "ETAT-147", "asked_cents"),
        ("CAF obtenu (€)", "CAF", "voted_cents"),
        ("Accordé CAF 77", "CAF", "voted_cents"),
        ("Subvention Région votée", "REGION", "voted_cents"),
        ("Proposition CD77", "DEPARTEMENT", "proposed_cents"),
        ("Département versé 2026", "DEPARTEMENT", "paid_cents"),
    ],
)
def test_a_header_says_who_and_which_amount(header: str, code: str, name: str) -> None:
    more = ["Département voté"] if name == "paid_cents" else []
    intake = read([header, *more], ["1 500,50 €", *(["2 000"] if more else [])])
    assert (code, name, 150_050) in given(intake)
    (match,) = [one for one in intake.mapping if one.field == f"funding:{code}:{name}"]
    assert match.header == header and match.label.startswith(FUNDERS[code][0])


def test_names_alone_are_what_is_asked_when_they_stand_together() -> None:
    intake = read(["État demandé", "CAF", "Région"], ["4 000", "1 200", ""])
    assert given(intake) == [("ETAT", "asked_cents", 400_000), ("CAF", "asked_cents", 120_000)]


def test_the_number_of_a_departement_is_no_request() -> None:
    assert given(read(["Département"], ["77"])) == []
    assert given(read(["Département", "CAF demandé"], ["77", "900"])) == [("CAF", "asked_cents", 90_000)]


def test_the_title_above_the_columns_says_the_amount() -> None:
    top = ["", "", "", "Demandé", "", "Obtenu", ""]
    rows = [top, [*BASE, "CAF", "Région", "CAF", "Région"], [*LINE, 900, 800, 700, None]]
    intake = read_deposits([Sheet("Liste", rows)], WORDS, funders=FUNDERS)
    found = {(one.code, one.name): one.cents for one in intake.deposits[0].fundings}
    assert found[("CAF", "asked_cents")] == 90_000 and found[("REGION", "asked_cents")] == 80_000


def test_what_cannot_be_is_told_and_left_out() -> None:
    intake = read(["CAF demandé", "CAF voté", "CAF payé"], ["mille", "500", "600"])
    assert intake.deposits[0].fundings == (FunderAmount("CAF", "voted_cents", 50_000),)
    messages = " ".join(problem.message for problem in intake.problems)
    assert "mille" in messages and "Plus de payé que de voté" in messages


def test_without_names_nothing_is_read() -> None:
    intake = read_deposits([Sheet("Liste", [[*BASE, "CAF demandé"], [*LINE, "900"]])], WORDS)
    assert intake.deposits[0].fundings == ()


def test_the_viable_minimum_has_its_column_and_never_exceeds_the_request() -> None:
    rows = [[*BASE, "Montant minimum"], [*LINE, "1 800"], ["Les Sentes", "Jardin", "1 000", "1 200"]]
    intake = read_deposits([Sheet("Liste", rows)], WORDS)
    assert [deposit.minimum_cents for deposit in intake.deposits] == [180_000, None]
    assert any("ne peut pas être le minimum viable d’une demande de 1\u00a0000" in x.message for x in intake.problems)


def test_a_column_of_another_year_says_nothing_of_this_one() -> None:
    rows = [[*BASE, "CAF obtenu 2025", "CAF demandé 2026", "Région demandé"], [*LINE, "5 000", "6 000", "700"]]
    intake = read_deposits([Sheet("Liste", rows)], WORDS, funders=FUNDERS, year=2026)
    assert given(intake) == [("CAF", "asked_cents", 600_000), ("REGION", "asked_cents", 70_000)]
    before = read_deposits([Sheet("Liste", rows)], WORDS, funders=FUNDERS, year=2025)
    assert given(before) == [("CAF", "voted_cents", 500_000), ("REGION", "asked_cents", 70_000)]


def test_a_name_alone_that_says_the_same_on_every_line_is_no_request() -> None:
    rows = [
        [*BASE, "Département", "CAF demandé"],
        [*LINE, 77000, 900],
        ["Les Sentes", "Jardin", "1 000", 77000, 800],
    ]
    intake = read_deposits([Sheet("Liste", rows)], WORDS, funders=FUNDERS)
    assert [[(one.code, one.cents) for one in deposit.fundings] for deposit in intake.deposits] == [
        [("CAF", 90_000)],
        [("CAF", 80_000)],
    ]


@pytest.mark.parametrize(
    "said",
    [
        [77000],  # the code of a place on a list of one line
        [77000.0],
        ["77"],
        [75, 971, 77],  # codes of départements, one of them overseas
        ["77000", "77190", "77350"],
    ],
)
def test_a_name_alone_over_codes_of_places_is_no_request(said: list[Any]) -> None:
    rows = [[*BASE, "Département", "CAF demandé"]]
    rows += [[f"Les Lianes {n}", f"Action {n}", 1500, code, 900 + n] for n, code in enumerate(said)]
    intake = read_deposits([Sheet("Liste", rows)], WORDS, funders=FUNDERS)
    assert [one.code for deposit in intake.deposits for one in deposit.fundings] == ["CAF"] * len(said)
    # What may have been money is never left out in silence.
    told = [problem.message for problem in intake.problems if "Département" in problem.message]
    assert [f"nommez-la «{NBSP}Département (€){NBSP}»" in message for message in told] == [True] * (said != ["77"])


@pytest.mark.parametrize(
    ("header", "said", "cents"),
    [
        ("Région", [12000], [1_200_000]),  # five digits are no code under a name that is no place
        ("Région", [12000.0, None], [1_200_000]),
        ("Région", ["10000", "10800"], [1_000_000, 1_080_000]),
        ("Région (k€)", [20], [2_000_000]),
        ("Région (k€)", ["12", "40"], [1_200_000, 4_000_000]),
        ("Région (k€)", [20, 20], [2_000_000, 2_000_000]),
        ("Département (k€)", ["15"], [1_500_000]),
        ("Département (en milliers d’euros)", ["15"], [1_500_000]),
        ("Département (€)", [77000], [7_700_000]),
    ],
)
def test_amounts_that_look_like_codes_are_read_where_the_header_is_no_place_or_says_its_unit(
    header: str, said: list[Any], cents: list[int]
) -> None:
    rows = [[*BASE, header, "CAF demandé"]]
    rows += [[f"Les Lianes {n}", f"Action {n}", 1500, cell, 900 + n] for n, cell in enumerate(said)]
    intake = read_deposits([Sheet("Liste", rows)], WORDS, funders=FUNDERS)
    read_cents = [one.cents for deposit in intake.deposits for one in deposit.fundings if one.code != "CAF"]
    assert read_cents == cents
    assert not [problem for problem in intake.problems if "n’est pas reprise" in problem.message]


def test_amounts_of_a_place_that_may_be_its_codes_are_a_doubt_on_the_line_of_headers() -> None:
    rows = [[*BASE, "Département", "CAF demandé"], [*LINE, 10000, 900], ["Les Sentes", "Jardin", "1 000", 10800, 800]]
    intake = read_deposits([Sheet("Liste", rows)], WORDS, funders=FUNDERS)
    assert [one.code for deposit in intake.deposits for one in deposit.fundings] == ["CAF", "CAF"]
    (told,) = [problem for problem in intake.problems if "n’est pas reprise" in problem.message]
    assert (told.line, told.column, told.severity) == (1, "Département", TO_CHECK)


@pytest.mark.parametrize(("said", "cents"), [("77 000 €", 7_700_000), (1500, 150_000), ("15 000,00", 1_500_000)])
def test_a_name_alone_on_a_list_of_one_line_is_a_request_when_it_can_be_no_code(said: Any, cents: int) -> None:
    assert given(read(["Département", "CAF demandé"], [said, 900])) == [
        ("DEPARTEMENT", "asked_cents", cents),
        ("CAF", "asked_cents", 90_000),
    ]


def test_a_column_called_etat_over_amounts_is_what_the_state_is_asked() -> None:
    intake = read(["État", "Région"], ["2 000 €", 500])
    assert given(intake) == [("ETAT", "asked_cents", 200_000), ("REGION", "asked_cents", 50_000)]
    (words,) = read(["État", "Région"], ["Déposé", 500]).mapping[3:4]
    assert words.field == "state"
