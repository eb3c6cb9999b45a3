"""Workbooks with planted defects: exactly the planted ones come out, and the rest is read rightly."""

# Cells hold moments without a time zone.
# ruff: noqa: DTZ001

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cv_desktop.domain.deposits import Deposit, Intake, Sheet, read_deposits
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.intake import BLOCKING, SET_ASIDE, TO_CHECK, Problem
from deposit_workbook import ASKED, COST, DOSSIERS, KNOWN, QUARTER, SIRET, TITLE, WORDS, Book, siren, siret


def read(book: Book) -> Intake:
    return read_deposits(book.sheets(), WORDS, KNOWN)


def one(intake: Intake, number: str) -> Deposit:
    return next(deposit for deposit in intake.deposits if deposit.number == number)


def told(intake: Intake, *severities: str) -> list[tuple[str, str]]:
    """Numbers and columns of the problems, in order."""
    return [(p.number, p.column) for p in intake.problems if p.severity in (severities or (BLOCKING, TO_CHECK))]


def only(intake: Intake) -> Problem:
    (problem,) = [p for p in intake.problems if p.severity != SET_ASIDE]
    return problem


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_sound_workbook_has_no_problem(seed: int) -> None:
    book = Book(seed, 60)
    intake = read(book)
    assert intake.problems == ()
    assert intake.rows == len(intake.deposits) == 60
    assert intake.asked_cents == sum(book.asked.values())
    assert intake.cost_cents == 2 * intake.asked_cents
    assert [d.line for d in intake.deposits] == list(range(2, 62))
    assert all(d.structure.siret and d.structure.iban and d.structure.rna for d in intake.deposits)
    assert all(q.startswith("QN") for d in intake.deposits for q in d.quarters)
    for deposit in intake.deposits:
        charges = sum(e.amount_cents for e in deposit.budget if e.side == "charge")
        assert charges == sum(e.amount_cents for e in deposit.budget if e.side == "produit") == deposit.cost_cents


def test_what_a_deposit_holds() -> None:
    book = Book(4, 1)
    book.set(0, "Déposé le", datetime(2026, 7, 1, 0, 30))
    deposit = read(book).deposits[0]
    assert deposit.deposited_at == datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # a French summer clock
    assert deposit.documents == {"statuts": "statuts.pdf", "rib": "rib.pdf"}
    assert deposit.republican_contract is True
    assert deposit.description == "Une action.\nAvec les habitants."
    assert deposit.structure.legal_form == "9220"
    assert deposit.structure.commune_code == "77288"
    assert deposit.structure.created_on == date(2015, 3, 1)
    assert [(e.side, e.account, e.state) for e in deposit.budget] == [
        ("charge", "60", ""),
        ("charge", "64", ""),
        ("produit", "74", "sollicite"),
        ("produit", "70", "acquis"),
    ]


RUINS: list[Any] = [
    "2,43E+13", "1,00E+14", "9.9390487900018E13", 2.43e13, 1e14, "24300000000000", siren(99_390_487) + "00000",
    "99390487900081", "9939048790001", siren(99_390_487), "939", "inconnu", "", "993904879000181", 99390487900018.5,
]  # fmt: skip
MENDED: list[Any] = [
    "732 829 320 00074", "732\u00a0829\u00a0320\u00a000074", "732\u202f829\u202f320\u202f00074", "'73282932000074",
    "73282932000074'", "73282932000074’", "73282932000074.0", 73282932000074.0, 73282932000074,
]  # fmt: skip


def test_every_ruined_siret_is_listed_and_none_blocks() -> None:
    book = Book(5, 60)
    planted = [book.set(2 * at, SIRET, ruin) for at, ruin in enumerate(RUINS)]
    intake = read(book)
    assert len(intake.deposits) == 60
    assert told(intake) == [(number, SIRET) for number in planted]
    for number in planted:
        structure = one(intake, number).structure
        assert structure.siret is None
        assert structure.siren is not None  # from its own column
    assert one(intake, planted[0]).structure.siret_raw == "2,43E+13"
    assert intake.to_check == tuple(planted)


def test_every_siret_that_can_be_cleaned_is() -> None:
    book = Book(6, 20)
    for at, written in enumerate(MENDED):
        book.set(at, SIRET, written)
        book.set(at, "Entreprise SIREN", "732829320")
    book.set(15, SIRET, siret(1_234_567)[1:])
    book.set(15, "Entreprise SIREN", siren(1_234_567)[1:])
    intake = read(book)
    assert intake.problems == ()
    assert {d.structure.siret for d in intake.deposits[: len(MENDED)]} == {"73282932000074"}
    assert intake.deposits[15].structure.siret == siret(1_234_567)


def test_a_bare_siren_is_kept_as_siren() -> None:
    book = Book(7, 3)
    number = book.set(1, SIRET, siren(99_390_487))
    book.set(1, "Entreprise SIREN", "")
    intake = read(book)
    assert told(intake) == [(number, SIRET)]
    assert one(intake, number).structure.siren == siren(99_390_487)


AMOUNTS = [
    ("2200,00 €", 220000), ("1.234,56", 123456), ("1\u00a0234,56\u00a0€", 123456), ("1\u202f500 €", 150000),
    ("1 500", 150000), ("1500.50", 150050), (" 900 euros ", 90000), ("900 EUR", 90000), (1234.56, 123456),
    (2999.9999999, 300000), (800, 80000),
]  # fmt: skip


def test_amounts_written_in_every_way_are_read_without_problem() -> None:
    book = Book(8, 20)
    for at, (written, _) in enumerate(AMOUNTS):
        book.set(at, ASKED, written)
    intake = read(book)
    assert intake.problems == ()
    assert [d.asked_cents for d in intake.deposits[: len(AMOUNTS)]] == [cents for _, cents in AMOUNTS]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        (TITLE, ""), (TITLE, "  \u00a0"), (TITLE, None), (TITLE, "-"),
        (ASKED, ""), (ASKED, None), (ASKED, 0.0), (ASKED, "quatre mille"), (ASKED, "-200"), (ASKED, -200.0),
        (ASKED, 99_390_487_900_018.0), (ASKED, "1,234.56"), (ASKED, "1.234"), (ASKED, datetime(2026, 5, 1)),
        (ASKED, True), (ASKED, "#REF!"), (ASKED, "12 000 000 000"), (COST, "mille"), (COST, -1.0),
    ],
)  # fmt: skip
def test_a_missing_title_or_an_unreadable_amount_refuses_the_line(header: str, value: Any) -> None:
    book = Book(9, 12)
    number = book.set(5, header, value)
    intake = read(book)
    problem = only(intake)
    assert (problem.severity, problem.number, problem.column) == (BLOCKING, number, header)
    assert (problem.line, problem.sheet) == (7, "Dossiers")
    assert intake.refused == (number,)
    assert len(intake.deposits) == 11
    assert number not in {d.number for d in intake.deposits}


def test_the_sentence_of_an_unreadable_amount() -> None:
    book = Book(9, 2)
    book.set(0, ASKED, "quatre mille")
    assert "quatre mille" in only(read(book)).message
    assert "n’est pas un montant" in only(read(book)).message


def test_a_name_is_missing_only_when_no_sheet_has_it() -> None:
    book = Book(10, 4)
    book.set(1, "Entreprise raison sociale", "")
    intake = read(book)
    assert intake.problems == ()
    assert intake.deposits[1].structure.name == "Association Témoin 1"
    for header in ("Entreprise raison sociale", "Association titre"):
        book.establishments[2][book.establishments[0].index(header)] = ""
    intake = read(book)
    assert told(intake) == [(book.numbers[1], "Entreprise raison sociale")]
    assert intake.refused == (book.numbers[1],)


def test_a_line_without_number_is_refused_and_named_by_its_line() -> None:
    book = Book(11, 5)
    book.set(2, "ID", "")
    intake = read(book)
    blocking = [p for p in intake.problems if p.severity == BLOCKING]
    assert [(p.line, p.column, p.message) for p in blocking] == [(4, "ID", "Le numéro de dossier manque.")]
    assert intake.refused == ("ligne\u00a04",)
    assert len(intake.deposits) == 4
    # Its establishment and budget lines have lost their application, and each says so.
    assert len(told(intake, TO_CHECK)) == 5


def test_drafts_are_set_aside_by_number() -> None:
    book = Book(12, 10)
    dated = book.set(1, "État du dossier", "Brouillon")
    undated = book.set(4, "Déposé le", "")
    plain_draft = book.set(6, "État du dossier", "BROUILLON ")
    book.set(6, "Déposé le", None)
    book.set(6, ASKED, "")  # an unfinished draft is no problem
    book.set(7, "État du dossier", "En construction")  # deposited and still editable: an application
    intake = read(book)
    assert intake.drafts == (dated, undated, plain_draft)
    assert told(intake) == []
    assert len(intake.deposits) == 7
    assert book.numbers[7] in {d.number for d in intake.deposits}
    assert told(intake, SET_ASIDE) == [(dated, ""), (undated, ""), (plain_draft, "")]


def test_exact_duplicates_are_announced_and_one_is_kept() -> None:
    book = Book(13, 10)
    book.dossiers += [list(book.dossiers[3]), list(book.dossiers[5]), list(book.dossiers[3])]
    book.establishments.append(list(book.establishments[3]))
    book.charges.append(list(book.charges[5]))
    intake = read(book)
    numbers = (book.numbers[2], book.numbers[4], book.numbers[2])
    assert intake.rows == 13
    assert intake.duplicates == numbers
    assert [(p.line, p.number, p.severity) for p in intake.problems if p.sheet == "Dossiers"] == [
        (12, numbers[0], SET_ASIDE),
        (13, numbers[1], SET_ASIDE),
        (14, numbers[2], SET_ASIDE),
    ]
    assert told(intake) == []
    assert len(intake.deposits) == 10
    assert len(one(intake, book.numbers[2]).budget) == 4


def test_the_same_number_with_another_content_is_refused() -> None:
    book = Book(14, 6)
    other = list(book.dossiers[2])
    other[DOSSIERS.index(TITLE)] = "Une autre action"
    book.dossiers.append(other)
    intake = read(book)
    problem = only(intake)
    assert (problem.severity, problem.line, problem.number) == (BLOCKING, 8, book.numbers[1])
    assert "ligne 3" in problem.message
    assert len(intake.deposits) == 6
    assert one(intake, book.numbers[1]).title != "Une autre action"


def test_quartiers_are_recognised_whatever_their_spelling() -> None:
    book = Book(15, 12)
    written = {
        "L’ALMONT": ("QN07712M",),
        "l'almont ": ("QN07712M",),
        "LES MEZEREAUX": ("QN07711M",),
        "La Plaine De Lys - Bernard De Poret": ("QN07708M",),
        "Plateau De Corbeil - Plein-ciel": ("QN07710M",),
        "Les Courtilleraie - Le Circé": ("QN07709M",),
        "L'Almont, Les Mézereaux": ("QN07712M", "QN07711M"),
        "Les Mézereaux ; Plateau de Corbeil - Plein Ciel\nL’Almont": ("QN07711M", "QN07710M", "QN07712M"),
        "QN07708M": ("QN07708M",),
        "L'Almont (Melun)": ("QN07712M",),
        "Hors quartier prioritaire (centre-ville, gare)": ("Hors quartier prioritaire (centre-ville, gare)",),
        "": (),
    }
    for at, text in enumerate(written):
        book.set(at, QUARTER, text)
    intake = read(book)
    assert intake.problems == ()
    assert [d.quarters for d in intake.deposits] == list(written.values())


def test_an_unknown_quartier_is_kept_and_never_guessed() -> None:
    book = Book(16, 3)
    number = book.set(1, QUARTER, "L'Almont, Plateau Corbeil")
    intake = read(book)
    assert told(intake) == [(number, QUARTER)]
    assert "Plateau Corbeil" in only(intake).message
    assert one(intake, number).quarters == ("QN07712M", "Plateau Corbeil")


@pytest.mark.parametrize(
    "written",
    [
        "15/05/2026", "15.05.2026", "2026-05-15", "15 mai 2026", "vendredi 15 mai 2026", 46157.0, 46157, "46157",
        datetime(2026, 5, 15), date(2026, 5, 15), "15/05/2026 00:00",
    ],
)  # fmt: skip
def test_dates_in_every_form(written: Any) -> None:
    book = Book(17, 2)
    book.set(0, "Date de début", written)
    book.set(0, "Date de fin", "31/12/2026")
    intake = read(book)
    assert intake.problems == ()
    assert intake.deposits[0].starts_on == date(2026, 5, 15)


@pytest.mark.parametrize(
    "written",
    ["28/02/2026 11:14", "2026-02-28 11:14:00", "28/02/2026 à 11h14", "28 février 2026 à 11 h 14", 46081.468055555555,
     "2026-02-28T11:14:00+01:00", "2026-02-28 11:14:00 +0100", "2026-02-28T10:14:00Z", "2026-02-28 10:14:00 UTC"],
)  # fmt: skip
def test_moments_of_deposit_in_every_form(written: Any) -> None:
    book = Book(18, 1)
    book.set(0, "Déposé le", written)
    intake = read(book)
    assert intake.problems == ()
    assert intake.deposits[0].deposited_at == datetime(2026, 2, 28, 10, 14, tzinfo=UTC)


@pytest.mark.parametrize("written", ["31/02/2026", "printemps", "15/05/26", 12.0, 9e9, True, "2026-02-30T10:00:00Z"])
@pytest.mark.parametrize("header", ["Date de début", "Déposé le"])
def test_a_wrong_date_is_to_check_and_left_out(written: Any, header: str) -> None:
    book = Book(19, 3)
    number = book.set(1, header, written)
    intake = read(book)
    assert told(intake) == [(number, header)]
    deposit = one(intake, number)
    assert (deposit.starts_on if header == "Date de début" else deposit.deposited_at) is None


def test_a_late_deposit_is_no_problem_of_the_import() -> None:
    book = Book(20, 2)
    book.set(0, "Déposé le", datetime(2026, 4, 12, 23, 59))
    assert read(book).problems == ()


def test_an_action_that_ends_before_it_starts_is_to_check() -> None:
    book = Book(21, 3)
    number = book.set(1, "Date de fin", date(2026, 1, 1))
    assert told(read(book)) == [(number, "Date de fin")]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("IBAN", "FR7699999123377888003327246"),
        ("IBAN", "RIB joint"),
        ("Numéro RNA", "779999999"),
        ("Association RNA", "W77"),
        ("Entreprise SIREN", "123456789"),
        ("dont femmes", "une dizaine"),
        ("dont femmes", -3.0),
        ("dont femmes", 2.5),
        ("J'ai souscrit le contrat d'engagement républicain", "peut-être"),
        ("Association date de création", "jadis"),
        (COST, ""),
    ],
)
def test_what_is_to_check_without_blocking(header: str, value: Any) -> None:
    book = Book(22, 4)
    number = book.set(2, header, value)
    intake = read(book)
    assert told(intake) == [(number, header)]
    assert len(intake.deposits) == 4
    assert only(intake).severity == TO_CHECK


def test_a_wrong_iban_is_neither_kept_nor_repeated() -> None:
    book = Book(23, 2)
    number = book.set(0, "IBAN", "FR7699999123377888003327246")
    intake = read(book)
    assert one(intake, number).structure.iban is None
    assert "99999123377888" not in repr(intake)


def test_the_rna_comes_from_either_sheet() -> None:
    book = Book(24, 3)
    book.set(0, "Association RNA", "")
    number = book.set(1, "Association RNA", "W2A0001234")
    intake = read(book)
    assert intake.deposits[0].structure.rna == book.get(0, "Numéro RNA")
    assert told(intake) == [(number, "Numéro RNA")]  # two valid numbers that differ


def test_budget_lines_that_cannot_be_used_are_told() -> None:
    book = Book(25, 4)
    book.charges.append([12345.0, 1.0, "60", "Achats", 10.0])
    book.charges[1][4] = "cent euros"
    book.incomes[1][5] = "on verra"
    book.incomes[3][4] = -5.0
    book.incomes[5][2] = ""
    intake = read(book)
    assert told(intake) == [
        (book.numbers[0], "Montant"),
        ("", "Dossier ID"),
        (book.numbers[0], "Acquis ?"),
        (book.numbers[1], "Montant"),
        (book.numbers[2], "Compte"),
    ]
    assert "12345" in next(p.message for p in intake.problems if p.column == "Dossier ID")
    assert [len(d.budget) for d in intake.deposits] == [3, 3, 4, 4]


def test_totals_and_footnotes_are_left_out_with_a_message_and_checked() -> None:
    book = Book(26, 5)
    total = ["", "", "", "TOTAL"] + [""] * 32
    total[DOSSIERS.index(ASKED)] = sum(book.asked.values()) / 100
    book.dossiers += [total, ["* Export du 3 mars 2026"] + [""] * 35]
    number = float(book.numbers[4])
    book.charges.append([number, "", "", "Total des charges", book.charges[-1][4] * 2])
    intake = read(book)
    assert told(intake) == []
    assert (intake.rows, len(intake.deposits), intake.others) == (7, 5, (7, 8))
    assert len(told(intake, SET_ASIDE)) == 3
    assert len(intake.deposits[4].budget) == 4
    total[DOSSIERS.index(ASKED)] += 1
    assert told(read(book)) == [("", ASKED)]


def test_a_sum_of_the_sheet_is_known_without_its_label_and_checked() -> None:
    book = Book(26, 5)
    bare = [""] * 36
    bare[DOSSIERS.index(ASKED)] = sum(book.asked.values()) / 100
    book.dossiers.append(bare)
    book.charges.append(["Total", "", "", "", sum(row[4] for row in book.charges[1:])])
    above = sum(row[4] for row in book.incomes[-2:])
    book.incomes.append(["", "", "", "Sous-total", above, ""])
    intake = read(book)
    assert (intake.drafts, intake.others) == ((), (7,))
    assert [p.message for p in intake.problems] == ["Ligne de total, laissée de côté."] * 3
    book.charges[-1][4] += 1
    wrong = only(read(book))
    assert (wrong.sheet, wrong.line, wrong.column) == ("Charges de l'action", 12, "Montant")


def test_headers_repeated_among_the_lines_are_no_application() -> None:
    book = Book(35, 4)
    for table in (book.dossiers, book.establishments, book.charges, book.incomes):
        table.insert(3, list(table[0]))
    intake = read(book)
    assert (len(intake.deposits), intake.refused, intake.others) == (4, (), (4,))
    assert [(p.line, p.severity, p.message) for p in intake.problems] == [
        (4, SET_ASIDE, "Ligne d’en-têtes répétée, laissée de côté.")
    ] * 4


def test_a_column_that_the_checks_need_is_missed_aloud() -> None:
    book = Book(36, 3)
    at = DOSSIERS.index("RIB")
    for row in book.dossiers:
        del row[at]
    message = (
        "La colonne «\u00a0Pièce\u00a0: RIB\u00a0» est absente\u00a0: ce renseignement manque à tous les dossiers."
    )
    assert only(read(book)).message == message


def test_two_columns_of_one_name_are_told_when_they_differ() -> None:
    book = Book(37, 3)
    for row in book.dossiers:
        row.append(row[DOSSIERS.index(ASKED)])
    assert read(book).problems == ()
    book.dossiers[2][-1] = 1.0
    problem = only(read(book))
    assert (problem.line, problem.column, problem.number) == (3, ASKED, book.numbers[1])
    assert "Deux colonnes" in problem.message


def test_half_a_budget_refuses_the_file_and_sheets_that_are_not_read_are_told() -> None:
    book = Book(38, 3)
    sheets = book.sheets()
    with pytest.raises(UserError, match=r"La feuille «\u00a0Produits de l’action\u00a0» est absente\."):
        read_deposits(sheets[:4], WORDS, KNOWN)
    sheets[2].rows.append([float(book.numbers[0]), "Pourquoi ?", "Parce que.", "", ""])
    intake = read_deposits([*sheets, Sheet("Dossiers (2)", book.dossiers)], WORDS, KNOWN)
    assert [(p.sheet, p.message) for p in intake.problems] == [
        ("Avis", "La feuille «\u00a0Avis\u00a0» n’est pas lue\u00a0: 1 ligne."),
        ("Dossiers (2)", "La feuille «\u00a0Dossiers (2)\u00a0» n’est pas lue\u00a0: 3 lignes."),
    ]


def test_a_number_grouped_by_a_spreadsheet_still_joins_its_sheets() -> None:
    book = Book(39, 2)
    book.dossiers[1][0] = "30\u00a0000 000"
    intake = read(book)
    assert intake.problems == ()
    assert intake.deposits[0].number == "30000000"


def test_headers_may_be_anywhere_in_any_order_and_spelling() -> None:
    book = Book(27, 15)
    expected = read(book)
    order = list(range(len(DOSSIERS)))
    order = order[20:] + order[:20][::-1]
    book.dossiers = [[row[at] for at in order] + ["", "à moi"] for row in book.dossiers]
    book.dossiers[0] = ["  " + str(h).replace("'", "’").upper().replace(" ", "\u00a0\n", 1) for h in book.dossiers[0]]
    book.dossiers[0][-2:] = ["Montant demandé à la Ville", "Annotation privée"]
    width = len(book.dossiers[0])
    book.dossiers = [["Fonds de soutien 2026"] + [""] * (width - 1), [""] * width, *book.dossiers]
    book.establishments[0] = [h.replace("É", "E").replace("é", "e") for h in book.establishments[0]]
    intake = read(book)
    assert intake.problems == ()
    assert [replace(d, line=0) for d in intake.deposits] == [replace(d, line=0) for d in expected.deposits]
    assert intake.asked_cents == expected.asked_cents
    assert intake.cost_cents == expected.cost_cents
    assert [d.line for d in intake.deposits] == list(range(4, 19))


def test_empty_lines_do_not_count_and_do_not_shift_the_others() -> None:
    book = Book(28, 4)
    book.dossiers[2:2] = [[""] * 36, [None] * 36]
    intake = read(book)
    assert intake.rows == 4
    assert [d.line for d in intake.deposits] == [2, 5, 6, 7]


def test_a_missing_sheet_or_column_is_named() -> None:
    book = Book(29, 3)
    with pytest.raises(UserError, match=r"La feuille «\u00a0Dossiers\u00a0» est absente\."):
        read_deposits(book.sheets()[1:], WORDS, KNOWN)
    with pytest.raises(UserError, match=r"est absente\."):
        read_deposits([], WORDS, KNOWN)
    with pytest.raises(
        UserError, match=r"est absente\. «\u00a0Feuil1\u00a0» n’a aucune de ses colonnes\u00a0: «\u00a0ID\u00a0», "
    ):
        read_deposits([Sheet("Feuil1", [["nom", "prix"], ["a", 1]])], WORDS, KNOWN)
    for header in ("ID", "Déposé le", TITLE, ASKED):
        table = copy.deepcopy(book.dossiers)
        table[0][table[0].index(header)] = "Sans nom"
        with pytest.raises(UserError) as refusal:
            read_deposits([Sheet("Dossiers", table), *book.sheets()[1:]], WORDS, KNOWN)
        said = header.replace("'", "’")
        assert refusal.value.message == (
            f"La colonne «\u00a0{said}\u00a0» est absente de la feuille «\u00a0Dossiers\u00a0»."
        )
    with pytest.raises(UserError):
        read_deposits([Sheet("Dossiers", [])], WORDS, KNOWN)


def test_missing_secondary_sheets_are_told_once_and_do_not_refuse() -> None:
    book = Book(30, 8)
    intake = read_deposits(book.sheets()[:1], WORDS, KNOWN)
    assert len(intake.deposits) == 8
    assert [(p.severity, p.line) for p in intake.problems] == [(TO_CHECK, 0)] * 3
    assert intake.deposits[0].structure.rna == book.get(0, "Numéro RNA")
    assert intake.to_check == ()


def test_an_application_without_establishment_is_to_check() -> None:
    book = Book(31, 3)
    del book.establishments[2]
    intake = read(book)
    assert told(intake) == [(book.numbers[1], "")]
    assert "SIRET" in only(intake).message


def test_a_single_table_holds_the_columns_of_the_establishment() -> None:
    book = Book(32, 5)
    rows = [one + other[1:] for one, other in zip(book.dossiers, book.establishments, strict=True)]
    intake = read_deposits([Sheet("dossiers_fia_2026-03-01", rows)], WORDS, KNOWN)
    assert [d.structure.siret for d in intake.deposits] == [book.get(at, SIRET) for at in range(5)]
    assert all("Produits" in p.message or "Charges" in p.message for p in intake.problems)


def test_a_line_longer_than_the_headers_is_refused() -> None:
    book = Book(33, 3)
    book.dossiers[2].insert(24, "00")
    intake = read(book)
    assert only(intake).message == "37 valeurs pour 36 colonnes, une virgule décimale n’est pas entre guillemets."
    assert intake.refused == (book.numbers[1],)


def test_a_person_may_choose_the_field_of_a_column() -> None:
    book = Book(34, 3)
    book.dossiers[0][DOSSIERS.index(ASKED)] = "Combien ?"
    intake = read_deposits(book.sheets(), WORDS, KNOWN, chosen={"combien ?": "asked", "rib": ""})
    assert intake.asked_cents == sum(book.asked.values())
    matches = {m.header: (m.field, m.origin) for m in intake.mapping}
    assert matches["Combien ?"] == ("asked", "memorise")
    assert matches["RIB"] == ("", "memorise")
    assert matches[TITLE] == ("title", "reconnu")
    assert matches["Instructeurs"] == ("", "ignore")
    assert "rib" not in intake.deposits[0].documents


def test_the_mapping_shows_an_example_but_no_account() -> None:
    book = Book(35, 2)
    examples = {m.header: m.example for m in read(book).mapping if m.sheet == "Dossiers"}
    assert examples["ID"] == book.numbers[0]
    assert "••••" in examples["IBAN"]


def test_every_line_is_accounted_for() -> None:
    book = Book(36, 200)
    for at in range(0, 200, 7):
        book.set(at, SIRET, "2,43E+13")
    for at in range(3, 200, 11):
        book.set(at, "Déposé le", "")
    for at in range(5, 200, 13):
        book.set(at, TITLE, "")
    book.dossiers += [list(row) for row in book.dossiers[1:30]]
    intake = read(book)
    parts = (intake.deposits, intake.drafts, intake.duplicates, intake.refused, intake.others)
    assert intake.rows == 229 == sum(map(len, parts))
    drafts = {book.numbers[at] for at in range(3, 200, 11)}
    refused = {book.numbers[at] for at in range(5, 200, 13)} - drafts
    assert set(intake.drafts) == drafts
    assert set(intake.refused) == refused
    ruined = {book.numbers[at] for at in range(0, 200, 7)} - drafts - refused
    assert set(intake.to_check) == ruined
    assert [p.severity for p in intake.problems] == sorted(
        (p.severity for p in intake.problems), key=[BLOCKING, TO_CHECK, SET_ASIDE].index
    )
