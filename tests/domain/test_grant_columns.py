"""Lists of grants whose amounts stand in several columns: years, funders, kinds, proposals; and annexes of budgets."""

from __future__ import annotations

from collections import Counter

from cv_desktop.domain.past_grants import read_history
from cv_desktop.domain.sheets import Sheet, Span
from deposit_workbook import siret
from grant_lists import history, reasons, told, words


def test_a_programming_table_gives_one_grant_for_each_funder() -> None:
    rows = (
        ["Contrat de ville – Programmation 2024", "", "", "", "", "", ""],
        ["Pilier", "Porteur", "Action", "Montant sollicité", "État", "Ville", "EPCI"],
        ["Cohésion sociale", "Club Exemple", "Jeux", 8000, 4000, 2000, 1000],
        ["", "Amis Témoin", "Devoirs", 6000, 3000, 1500, ""],
        ["Total Cohésion sociale", "", "", 14000, 7000, 3500, 1000],
        ["Emploi", "Chorale Modèle", "Chant", 3000, 0, 500, ""],
        ["Total Emploi", "", "", 3000, 0, 500, 0],
        ["TOTAL GÉNÉRAL", "", "", 17000, 7000, 4000, 1000],
    )
    read = history(*rows, name="Programmation", merged=[Span(2, 0, 3, 0)])
    # 7 000 of the State, 4 000 of the town, 1 000 of the agglomeration.
    assert (read.accepted, read.amount_cents, told(read)) == (3, 12_000_00, [])
    assert reasons(read) == [(5, "total"), (7, "total"), (8, "total")]
    assert Counter((grant.funder, grant.year) for grant in read.grants) == {
        ("État", 2024): 2, ("Ville", 2024): 3, ("EPCI", 2024): 1,
    }  # fmt: skip


def test_funders_beside_their_total() -> None:
    head = ["Porteur", "Action", "Coût total", "Demandé", "Part Ville", "Part État", "Total accordé"]
    read = history(head, ["Club", "a", 10000, 5000, 1000, 2000, 3000], ["Amis", "b", 8000, 4000, 500, "", 500])
    assert (read.accepted, read.amount_cents) == (2, 3_500_00)
    assert [(g.funder, g.amount_cents) for g in read.grants] == [
        ("Part Ville", 1000_00), ("Part État", 2000_00), ("Part Ville", 500_00),
    ]  # fmt: skip
    # Parts that are not those of the total: the total is right.
    read = history(head, ["Club", "a", 10000, 5000, 1000, 2000, 4000], ["Amis", "b", 8000, 4000, 500, "", 900])
    assert [grant.amount_cents for grant in read.grants] == [4000_00, 900_00]


def test_funders_under_two_lines_of_headers() -> None:
    read = history(
        ["Porteur", "", "Action", "État", "", "Ville", "", "Total", ""],
        ["Nom", "SIRET", "", "Demandé", "Accordé", "Demandé", "Accordé", "Demandé", "Accordé"],
        ["Club", siret(1_234_567), "Foot", 5000, 4000, 3000, 2000, 8000, 6000],
        ["Amis", siret(7_654_321), "Devoirs", 3000, 1000, 1000, 1000, 4000, 2000],
        ["Total", "", "", 8000, 5000, 4000, 3000, 12000, 8000],
        merged=[Span(0, 0, 0, 1), Span(0, 2, 1, 2), Span(0, 3, 0, 4), Span(0, 5, 0, 6), Span(0, 7, 0, 8)],
    )
    assert (read.accepted, read.amount_cents, told(read)) == (2, 8_000_00, [])
    assert Counter(grant.funder for grant in read.grants) == {"État": 2, "Ville": 2}


def test_a_town_where_people_live_is_no_funder() -> None:
    read = history(["Association", "Ville", "Région", "Montant"], ["Club", "Melun", "Île-de-France", 100])
    assert [(grant.funder, grant.amount_cents) for grant in read.grants] == [("Ville Exemple", 100_00)]


def test_years_as_bare_headers_and_under_groups() -> None:
    read = history(
        ["Association", 2021, 2022, 2023], ["Club", 100, 200, 300], ["Amis", 50, "", 70], ["Total", 150, 200, 370],
        name="F",
    )  # fmt: skip
    assert (read.accepted, read.amount_cents, told(read)) == (2, 370_00, [])
    years = Counter[int | None]()
    for grant in read.grants:
        years[grant.year] += grant.amount_cents
    assert years == {2021: 150_00, 2022: 200_00, 2023: 370_00}
    read = history(
        ["Association", "2020", "", "2021", ""], ["", "Demandé", "Voté", "Demandé", "Voté"], ["A", 10, 9, 20, 18],
        name="F",
        merged=[Span(0, 0, 1, 0), Span(0, 1, 0, 2), Span(0, 3, 0, 4)],
    )  # fmt: skip
    assert read.amount_cents == 18_00
    assert [(grant.year, grant.amount_cents, grant.asked_cents) for grant in read.grants] == [
        (2021, 18_00, 20_00), (2020, 9_00, None),
    ]  # fmt: skip


def test_the_budget_of_the_year_beside_what_was_paid_the_year_before() -> None:
    read = history(["Bénéficiaire", "BP 2023", "Réalisé 2023", "BP 2024"], ["Club", 1000, 900, 1100], name="F")
    assert read.amount_cents == 1_100_00
    assert [(grant.year, grant.amount_cents) for grant in read.grants] == [(2024, 1_100_00), (2023, 1_000_00)]


def test_a_proposal_stands_for_the_vote_and_is_to_verify() -> None:
    read = history(
        ["Associations", "Attribué 2023", "Demandé 2024", "Proposition 2024"], ["Club", 1000, 1500, 1200],
        ["Amis", 2000, 2500, 2500], name="Annexe",
    )  # fmt: skip
    assert read.amount_cents == 3_700_00
    assert [(g.year, g.amount_cents) for g in read.grants if g.name == "Club"] == [(2024, 1_200_00), (2023, 1_000_00)]
    assert [line for line, message in told(read) if "proposés" in message] == [1]
    read = history(["Association", "Demande 2024", "Proposition commission", "Vote du conseil"], ["Club", 15, 12, 11])
    assert (read.amount_cents, told(read)) == (11_00, [])


def test_an_annex_of_a_budget_prints_its_totals_above_the_lines_and_without_a_name() -> None:
    read = history(
        ["B1.7 – LISTE DES CONCOURS ATTRIBUÉS À DES TIERS", "", "", ""],
        ["Article (1)", "Objet (3)", "Nom de l'organisme", "Montant de la subvention"],
        ["INVESTISSEMENT", "", "", "0,00"],
        ["FONCTIONNEMENT", "", "", "36 400,00"],
        ["6574", "", "", "30 000,00"],
        ["6574", "Fonctionnement", "CLUB EXEMPLE", "10 000,00"],
        ["6574", "Fonctionnement", "AMIS TÉMOIN", "20 000,00"],
        ["65748", "", "", "6 400,00"],
        ["65748", "Fonctionnement", "CHORALE MODÈLE", "6 400,00"],
        ["(1) Indiquer l'article budgétaire.", "", "", ""],
    )
    assert (read.accepted, read.amount_cents, told(read)) == (3, 36_400_00, [])
    assert reasons(read) == [(3, "total"), (4, "total"), (5, "total"), (8, "total"), (10, "note")]
    assert [grant.name for grant in read.grants] == ["CLUB EXEMPLE", "AMIS TÉMOIN", "CHORALE MODÈLE"]


def test_help_in_kind_is_told_and_never_added() -> None:
    read = history(
        ["Organisme bénéficiaire", "Subventions en numéraire", "Prestations en nature"],
        ["Club", 12000, 3500],
        ["Chorale", "", 2200],
        ["TOTAL", 12000, 5700],
    )
    assert (read.accepted, read.amount_cents) == (1, 12_000_00)
    assert reasons(read) == [(3, "in kind"), (4, "total")]
    assert read.asides[0].message.replace("\u00a0", " ").endswith("« Prestations en nature » 2 200 €.")


def test_tables_side_by_side_are_read_one_under_the_other() -> None:
    read = history(
        ["Association", "Montant", "", "Association", "Montant"],
        ["Club", 100, "", "Chorale", 400],
        ["Amis", 200, "", "Photo", 500],
        ["Judo", 300, "", "", ""],
        ["", "", "", "TOTAL", 1500],
    )
    assert [(grant.line, grant.name, grant.amount_cents) for grant in read.grants] == [
        (2, "Club", 100_00), (3, "Amis", 200_00), (4, "Judo", 300_00), (2, "Chorale", 400_00), (3, "Photo", 500_00),
    ]  # fmt: skip
    assert (reasons(read), told(read)) == ([(5, "total")], [])


def test_headers_cut_over_two_lines() -> None:
    read = history(
        ["Nom de", "Objet de la", "Montant de la"],
        ["l'association", "subvention", "subvention (€)"],
        ["Club", "x", 100],
    )
    assert (read.header_line, read.amount_cents) == (2, 100_00)
    assert [match.header for match in read.mapping] == [
        "Nom de l'association", "Objet de la subvention", "Montant de la subvention (€)",
    ]  # fmt: skip


def test_marks_of_pages_are_no_section_and_a_signature_no_grant() -> None:
    head = ["Association", "Objet", "Montant"]
    read = history(
        head, ["Club", "a", 100], ["Page 1 / 2", "", ""], head, ["Amis", "b", 200], ["Total", "", 300],
        ["Vu pour être annexé", "", "Le Maire,"],
    )  # fmt: skip
    assert (read.amount_cents, told(read)) == (300_00, [])
    assert reasons(read) == [(3, "note"), (4, "repeated header"), (6, "total"), (7, "note")]
    assert {grant.scheme for grant in read.grants} == {""}
    # Between two blocks, a line that cannot be read is a grant that someone must mend.
    read = history(head, ["Club", "a", 100], ["Total", "", 100], ["Photo", "b", "à voir"], ["Amis", "c", 200])
    assert (read.refused, [line for line, _ in told(read)]) == ((4,), [4])


def test_a_number_is_no_name() -> None:
    read = history(["Année", "Association", "Montant"], [2020, "Club", 1500], ["Judo", "900", 2020])
    assert (read.amount_cents, read.refused) == (1500_00, (3,))
    assert told(read)[0][1] == "« 900 » n’est pas un nom : les colonnes de cette ligne sont peut-être décalées."


def test_words_that_an_association_may_bear_alone() -> None:
    read = history(["Association", "Objet", "Montant"], ["Club", "a", 300], ["Ensemble", "Concert", 200])
    assert (read.accepted, read.amount_cents) == (2, 500_00)
    read = history(["Association", "Montant"], ["Club", 300], ["Amis", 200], ["Ensemble", 500])
    assert reasons(read) == [(4, "total")]


def test_identifiers_of_the_column_of_sirets() -> None:
    good = siret(1_234_567)
    written = [f"{good[:3]}.{good[3:6]}.{good[6:9]}.{good[9:]}", f"{good[:9]}-{good[9:]}", "w772001234"]
    read = history(["Association", "SIRET", "Montant"], *([f"Club {at}", one, 10] for at, one in enumerate(written)))
    assert [(grant.siret, grant.rna) for grant in read.grants] == [(good, None), (good, None), (None, "W772001234")]
    assert (read.identifiers["cleaned"], read.identifiers["empty"], told(read)) == (2, 1, [])
    # The code of a third party in the accounts is no SIRET.
    read = history(["Code tiers", "Nom du tiers", "Montant"], ["T01", "Club", 10], ["T02", "Amis", 20])
    assert (read.identifiers["ruined"], told(read)) == (0, [])


def test_footnotes_of_amounts_and_short_days() -> None:
    read = history(
        ["Association", "Date de décision", "Montant"],
        ["Club", "02/03/21", "12 500 €*"],
        ["Amis", "2.3.20", "800,00 (1)"],
        ["Judo", "2022-01-05", "2 000€50"],
        name="F",
    )
    assert [(grant.year, grant.amount_cents) for grant in read.grants] == [
        (2021, 12_500_00), (2020, 800_00), (2022, 2_000_50),
    ]  # fmt: skip


def test_a_pivot_and_an_export_of_payments() -> None:
    read = history(["Bénéficiaire", "Somme de Montant"], ["Club", 100], ["Amis", 200], ["Total général", 300])
    assert (read.accepted, read.amount_cents) == (2, 300_00)
    read = history(
        ["N° EJ", "Désignation fournisseur", "Montant payé", "Exercice"], ["2103000001", "CLUB", 4000, 2022],
        ["Résultat global", "", 4000, ""],
    )  # fmt: skip
    assert (read.accepted, reasons(read), read.grants[0].paid_cents) == (1, [(3, "total")], 4000_00)


def test_each_list_of_a_json_is_a_sheet() -> None:
    sheets = [
        Sheet("2020", [["beneficiaire", "montant"], ["Club", 100]], first=0),
        Sheet("2021", [["beneficiaire", "montant"], ["Club", 100], ["Amis", 80.5]], first=0),
    ]
    read = read_history(sheets, words())
    assert (read.accepted, read.amount_cents) == (3, 280_50)


def test_columns_given_by_hand_are_no_shares() -> None:
    rows = [["Qui", "Montant ville", "Montant État"], ["Club", 1200, 300]]
    hand = {"qui": "name", "montant ville": "granted", "montant etat": "paid"}
    (grant,) = read_history([Sheet("2023", rows)], words(), chosen=hand).grants
    assert (grant.granted_cents, grant.paid_cents) == (1200_00, 300_00)
    rows = [["Association", "Subvention 2022", "Subvention 2023"], ["Club", 100, 150]]
    (grant, *_others) = read_history([Sheet("F", rows)], words(), chosen={"subvention 2023": ""}).grants
    assert (grant.year, grant.granted_cents) == (2022, 100_00)


def test_a_number_of_a_million_figures_is_no_amount() -> None:
    read = history(["Association", "Montant"], ["Club", 100], ["Amis", "9" * 1_000_000])
    assert (read.amount_cents, read.refused) == (100_00, (3,))
    assert len(told(read)[0][1]) < 200
