"""Budgets copied from Excel: the text is what the clipboard holds, tabs and narrow spaces included."""

from __future__ import annotations

import json

import pytest

from cv_desktop.domain import budget
from cv_desktop.domain.accounts import Accounts
from cv_desktop.domain.budget import CHARGE, PRODUIT, BudgetLine, Funding
from cv_desktop.domain.budget_paste import Pasted, read
from cv_desktop.domain.errors import UserError
from cv_desktop.paths import resource

ACCOUNTS = Accounts.from_json(json.loads(resource("reference", "comptes.json").read_bytes()))

CERFA = (
    "CHARGES\tMontant\tPRODUITS\tMontant\r\n"
    "CHARGES DIRECTES\t\tRESSOURCES DIRECTES\t\r\n"
    "60 - Achats\t4 660,00 €\t70 – Vente de produits finis, de marchandises, prestations de services\t1 100 €\r\n"
    "Prestations de services\t3\u202f200,00 €\t73 – Dotations et produits de tarification\t\r\n"
    "Achats matières et fournitures\t\t74- Subventions d’exploitation\t19\u00a0000,00 €\r\n"
    "Autres fournitures\t1 460,00 €\tÉtat : préciser le(s) ministère(s) sollicité(s)\t\r\n"
    "61 - Services extérieurs\t1 210\tBOP 147 (sollicité)\t5 000,00\r\n"
    "Locations\t900\tConseil-s Régional(aux)\t\r\n"
    "Assurance\t310\tCAMVS – AAP 2026\t8 500\r\n"
    "62 - Autres services extérieurs\t6 830\tVille de Dammarie-lès-Lys (acquis)\t3 000\r\n"
    "Rémunérations intermédiaires et honoraires\t5 200\tCAF 77 - REAAP (refusé)\t2 500\r\n"
    "Publicité, publication\t650\t75 - Autres produits de gestion courante\t640\r\n"
    "Déplacements, missions\t980\t756. Cotisations\t640\r\n"
    "64 - Charges de personnel\t8 460\t78 – Reprises sur amortissements, dépréciations, provisions\t660\r\n"
    "Rémunération des personnels\t6 100\t79 - Transfert de charges\t\r\n"
    "Charges sociales\t2 360\t\t\r\n"
    "CHARGES INDIRECTES RÉPARTIES AFFECTÉES AU PROJET\t\tRESSOURCES PROPRES AFFECTÉES AU PROJET\t\r\n"
    "Charges fixes de fonctionnement\t240\t\t\r\n"
    "Frais financiers\t-\t\t\r\n"
    "TOTAL DES CHARGES\t21 400,00 €\tTOTAL DES PRODUITS\t21 400,00 €\r\n"
    "Excédent prévisionnel (bénéfice)\t\tInsuffisance prévisionnelle (déficit)\t\r\n"
    "CONTRIBUTIONS VOLONTAIRES EN NATURE\t\t\t\r\n"
    "86 - Emplois des contributions volontaires en nature\t4 800\t87 - Contributions volontaires en nature\t4 800\r\n"
    "860 - Secours en nature\t\t870 - Bénévolat\t4 800\r\n"
    "864 - Personnel bénévole\t4 800\t871 - Prestations en nature\t\r\n"
    "TOTAL\t4 800\tTOTAL\t4 800\r\n"
)


def of(pasted: Pasted, side: budget.Side) -> list[tuple[str, str, int]]:
    return [(x.account, x.label, x.amount_cents) for x in pasted.lines if x.side == side]


def test_the_two_blocks_of_the_cerfa_are_read_and_no_total_is_added() -> None:
    pasted = read(CERFA, ACCOUNTS)
    assert budget.charges(pasted.lines) == 21_400_00
    assert budget.produits(pasted.lines) == 21_400_00
    assert budget.volunteer_totals(pasted.lines) == (4_800_00, 4_800_00)
    assert of(pasted, CHARGE) == [
        ("604", "Prestations de services", 3_200_00),
        ("606", "Autres fournitures", 1_460_00),
        ("613", "Locations", 900_00),
        ("616", "Assurance", 310_00),
        ("622", "Rémunérations intermédiaires et honoraires", 5_200_00),
        ("623", "Publicité, publication", 650_00),
        ("625", "Déplacements, missions", 980_00),
        ("641", "Rémunération des personnels", 6_100_00),
        ("645", "Charges sociales", 2_360_00),
        ("", "Charges fixes de fonctionnement", 240_00),
        ("864", "Personnel bénévole", 4_800_00),
    ]
    assert pasted.doubts == ()
    assert "TOTAL DES CHARGES, 21\u00a0400\u00a0€\u00a0: retrouvé, non ajouté." in pasted.aside
    assert "60 Achats, 4\u00a0660\u00a0€\u00a0: total de ses lignes." in pasted.aside


def test_the_state_of_each_co_funding_is_read_in_its_label() -> None:
    lines = {x.label: x for x in read(CERFA, ACCOUNTS).lines if x.account == "74"}
    assert {label: line.state for label, line in lines.items()} == {
        "BOP 147": Funding.ASKED,
        "CAMVS – AAP 2026": Funding.NONE,
        "Ville de Dammarie-lès-Lys": Funding.ACQUIRED,
        "CAF 77 - REAAP": Funding.REFUSED,
    }


def test_a_list_of_charges_then_produits_is_read_too() -> None:
    pasted = read(
        "Compte\tIntitulé\tMontant prévu\nCharges\n606\tFournitures\t1 234,56 €\n613\tLocation de salle\t500\n"
        "Total charges\t\t1 734,56 €\nProduits\n74\tCAMVS\t1500\tdemandé\n74\tVille de Melun\t234,56\tacquis\n"
        "Total produits\t\t1 734,56\n",
        ACCOUNTS,
    )
    assert pasted.lines == (
        BudgetLine(CHARGE, "606", "Fournitures", 123_456),
        BudgetLine(CHARGE, "613", "Location de salle", 50_000),
        BudgetLine(PRODUIT, "74", "CAMVS", 150_000, Funding.OURS),
        BudgetLine(PRODUIT, "74", "Ville de Melun", 23_456, Funding.ACQUIRED),
    )
    assert pasted.doubts == ()
    assert len(pasted.aside) == 2


def test_what_cannot_be_read_is_told_with_its_line_and_the_total_that_no_longer_holds() -> None:
    pasted = read(
        "Compte\tCharges\tMontant\tCompte\tProduits\tMontant\n60\tAchats\t1000\t70\tParticipation des usagers\t100\n"
        "61\tServices extérieurs\t200\t74\tCAMVS FIA\t900\n62\tHonoraires\tenv. 300\t74\tVille de Melun\t500\n"
        "\tTotal\t1500\t\tTotal\t1500\n",
        ACCOUNTS,
    )
    assert budget.charges(pasted.lines) == 1_200_00
    assert budget.produits(pasted.lines) == 1_500_00
    assert pasted.doubts == (
        "Ligne 4, Honoraires\u00a0: «\u00a0env. 300\u00a0» n’est pas un montant. À saisir.",
        "Ligne 5\u00a0: Total, 1\u00a0500\u00a0€, mais les lignes font 1\u00a0200\u00a0€.",
    )


def test_an_account_whose_lines_do_not_make_its_amount_is_not_added_and_is_told() -> None:
    pasted = read("60 Achats\t1 000\n606 Fournitures\t700\n604 Prestations\t200\nTotal charges\t900\n", ACCOUNTS)
    assert of(pasted, CHARGE) == [("606", "Fournitures", 700_00), ("604", "Prestations", 200_00)]
    assert pasted.doubts == (
        "Ligne 1\u00a0: 60 Achats annonce 1\u00a0000\u00a0€, ses lignes font 900\u00a0€. Les lignes sont gardées.",
    )


def test_the_printed_total_tells_that_an_account_adds_to_its_lines() -> None:
    pasted = read("60 Achats\t1 000\n606 Fournitures\t700\nTotal charges\t1 700\n", ACCOUNTS)
    assert budget.charges(pasted.lines) == 1_700_00
    assert pasted.doubts == ()


def test_negative_amounts_and_several_columns_of_amounts_are_told() -> None:
    pasted = read("606\tFournitures\t-50\n613\tLocations\t100\t90\n", ACCOUNTS)
    assert of(pasted, CHARGE) == [("613", "Locations", 100_00)]
    assert "est négatif" in pasted.doubts[0]
    assert pasted.doubts[1].startswith("Plusieurs colonnes de montants")


@pytest.mark.parametrize("text", ["", "bonjour", "\t\t\n", "Madame, Monsieur,\nVoici le budget."])
def test_a_text_without_a_budget_is_refused_with_what_to_copy(text: str) -> None:
    with pytest.raises(UserError) as refusal:
        read(text, ACCOUNTS)
    assert refusal.value.message.startswith("Le presse-papiers ne contient aucune ligne de budget.")


def test_an_account_is_proposed_by_its_number_or_by_any_word() -> None:
    assert [x.code for x in ACCOUNTS.proposals("62", CHARGE)][:2] == ["62", "622"]
    assert "606" in [x.code for x in ACCOUNTS.proposals("fourn", CHARGE)]
    assert [x.code for x in ACCOUNTS.proposals("benevolat", PRODUIT)] == ["870"]
    assert ACCOUNTS.label("6061") == "Autres fournitures"


def test_words_in_the_column_of_amounts_are_told_never_dropped() -> None:
    pasted = read("60 - Achats\t1 200\n62 - Autres services\tà préciser\n64 - Personnel\t900\n", ACCOUNTS)
    assert [x.account for x in pasted.lines] == ["60", "64"]
    assert pasted.doubts == (
        "Ligne 2, Autres services\u00a0: «\u00a0à préciser\u00a0» n’est pas un montant. À saisir.",
    )
