"""The rules that a règlement may add: year, structure, documents and their validity, expenses, derogations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cv_desktop.domain.budget import CHARGE, PRODUIT, BudgetLine, Funding
from cv_desktop.domain.completion import Point, left, points
from cv_desktop.domain.eligibility import Result, Status, check
from cv_desktop.domain.facts import YearAmount
from cv_desktop.domain.rules import Rules
from domain.samples import SOUND_BUDGET, WIDE, facts, judged, line, nb

FAIL, WARN, PASS, NA = Status.FAIL, Status.WARN, Status.PASS, Status.NA


def wide(code: str, rules: Rules = WIDE, **changes: Any) -> Result:
    return judged(code, rules, **changes)


def given(key: str, value: Any, **more: Any) -> Rules:
    return WIDE.replaced(replace(WIDE[key], value=value, **more))


# The structure also has 10 000 € awarded by the AAP and asks 1 500 € to the FIA in another file.
AWARDED = YearAmount("AAP-2026-0003", "AAP", 1_000_000, granted=True)
ASKED = YearAmount("FIA-2026-0009", "FIA", 150_000, granted=False, earlier=True)
OF_THE_STATE = YearAmount("État (FDVA)", "", 13_000_000, granted=True, ours=False, file=False)
OF_THE_HOUSE = YearAmount("CAMVS 2026", "", 2_000_000, granted=True, file=False)


@pytest.mark.parametrize(
    ("code", "changes", "status", "sentence", "value"),
    [
        (
            "over_structure_year",
            {"year_amounts": (ASKED, AWARDED)},
            FAIL,
            "Cette structure atteint 14~000~€ en 2026~: 2~500~€ demandés ici, 1~500~€ demandés (FIA-2026-0009), "
            "10~000~€ accordés (AAP-2026-0003)~; le maximum est 5~000~€ (article~5).",
            "14~000~€",
        ),
        (
            "convention_threshold",
            {"asked_cents": 2_000_000, "year_amounts": (AWARDED, OF_THE_STATE)},
            WARN,
            "30~000~€ en 2026 dépassent le seuil de 23~000~€~: 20~000~€ demandés ici, 10~000~€ accordés "
            "(AAP-2026-0003)~; une convention est à signer et les données essentielles à publier (seuils).",
            "30~000~€",
        ),
        (
            "annex_threshold",
            {"asked_cents": 6_000_000, "year_amounts": (OF_THE_HOUSE,)},
            WARN,
            "80~000~€ en 2026 dépassent le seuil de 75~000~€~: 60~000~€ demandés ici, 20~000~€ accordés (CAMVS 2026)~; "
            "comptes certifiés à recevoir, aide à porter en annexe du budget (seuils).",
            "80~000~€",
        ),
        (
            "audit_threshold",
            {"asked_cents": 2_000_000, "year_amounts": (AWARDED, OF_THE_STATE)},
            WARN,
            "160~000~€ de subventions publiques connues en 2026, pour un seuil de 153~000~€~: 20~000~€ demandés ici, "
            "10~000~€ accordés (AAP-2026-0003), 130~000~€ accordés (État (FDVA))~; commissaire aux comptes et "
            "publication des comptes à vérifier (seuils).",
            "160~000~€",
        ),
        (
            "too_young",
            {"structure_created_on": date(2025, 7, 1)},
            FAIL,
            "La structure a été créée le 1er~juillet 2025~; il faut 12~mois d’existence au dépôt, soit au plus tôt le "
            "1er~juillet 2026 (article~1).",
            "7~mois",
        ),
        (
            "not_small",
            {"employees": 5, "structure_budget_cents": 9_000_000},
            WARN,
            "Cette structure n’est pas une petite association~: 5 salariés pour 2 au plus et un budget de 90~000~€ "
            "pour 75~000~€ au plus (article~1).",
            "5 salariés",
        ),
        (
            "one_per_round",
            {"round_applications": ("FIA-2026-0009",)},
            FAIL,
            "Cette structure a déjà déposé dans cette session~: FIA-2026-0009 (article~4).",
            "FIA-2026-0009",
        ),
        (
            "late_start",
            {"starts_on": date(2026, 10, 1)},
            FAIL,
            "L’action commence le 1er~octobre 2026, après le 30~septembre 2026 (article~8).",
            "1er~oct.~2026",
        ),
        (
            "own_funds",
            # 4 300 € of public money on 5 000 € of produits leave 700 €: 14 %.
            {"budget": (line(CHARGE, "60", 5_000), line(PRODUIT, "74", 4_300, "Ville"), line(PRODUIT, "70", 700))},
            WARN,
            "Les autres ressources, 700~€, font 14~% des produits~; le minimum est 20~% (article~7).",
            "14~%",
        ),
        (
            "request_line",
            {"asked_cents": 240_000},
            WARN,
            "Aucune ligne du compte 74 ne porte les 2~400~€ demandés (article~6).",
            "absente",
        ),
        (
            "request_line",
            {
                "asked_cents": 240_000,
                "budget": (*SOUND_BUDGET[:2], BudgetLine(PRODUIT, "74", "FIA", 250_000, Funding.OURS)),
            },
            WARN,
            "La demande est de 2~400~€, la ligne du budget de 2~500~€ (article~6).",
            "2~500~€",
        ),
        (
            "expense_cap",
            # 3 100 of 5 000 € is 62 %.
            {"budget": (line(CHARGE, "64", 3_100), line(CHARGE, "60", 1_300), line(CHARGE, "218", 600))},
            WARN,
            "2 comptes dépassent leur plafond~: 64, 3~100~€ soit 62~% pour 60~%~; 2, 600~€ pour 500~€ (article~13).",
            "2 sur 2",
        ),
        (
            "spoken_expense",
            {"budget": (*SOUND_BUDGET, line(CHARGE, "6257", 80, "Boissons (Alcools)"))},
            WARN,
            "Dépenses à vérifier~: 6257 Boissons (Alcools) (80~€) (article~13).",
            "1 à vérifier",
        ),
        (
            "missing_docs",
            {"documents": frozenset({"statuts", "comptes"}), "rejected": {"rib": "Le titulaire est une personne."}},
            FAIL,
            "Une pièce n’est pas conforme~: RIB (Le titulaire est une personne) (article~9).",
            "2 sur 3",
        ),
        (
            "missing_docs",
            {"documents": frozenset({"comptes"}), "rejected": {"rib": "Le titulaire est une personne."}},
            FAIL,
            "Il manque une pièce~: statuts. Une pièce n’est pas conforme~: RIB (Le titulaire est une personne) "
            "(article~9).",
            "1 sur 3",
        ),
        (
            "missing_docs",
            {"asked_cents": 2_300_001},
            FAIL,
            "Il manque une pièce~: budget de la structure (article~9).",
            "3 sur 4",
        ),
        (
            "wanted_docs",
            {"documents": frozenset({"statuts", "rib", "comptes"})},
            WARN,
            "Il manque une pièce~: récépissé de déclaration (article~9).",
            "0 sur 1",
        ),
        (
            # Deposited on 28 February 2026: eighteen months before is 28 August 2024.
            "outdated_docs",
            {"dated": {"comptes": date(2024, 8, 27)}},
            FAIL,
            "Une pièce est périmée~: comptes de l’exercice clos du 27/08/2024, valable 18~mois (article~9).",
            "1 sur 1",
        ),
        (
            "outdated_docs",
            {"dated": {}},
            WARN,
            "Date à relever sur~: comptes de l’exercice clos (article~9).",
            "à vérifier",
        ),
        (
            # 500 000 € of the year and of the two before, one cent more.
            "public_aid",
            {"year_amounts": (AWARDED, ASKED), "granted_before_cents": 49_000_001},
            WARN,
            "La structure atteste 500~000~€ au plus d’aides publiques sur trois exercices~; 500~000,01~€ de "
            "subventions sont connues de 2024 à 2026 (seuils).",
            "500~000,01~€",
        ),
        (
            "public_aid",
            {"public_aid_above": True},
            WARN,
            "La structure atteste plus de 500~000~€ d’aides publiques sur trois exercices~: les aides reçues sont à "
            "indiquer, partie 8 du formulaire (seuils).",
            "au-dessus",
        ),
        (
            "public_aid",
            {"public_aid_above": None, "granted_before_cents": 60_000_000},
            WARN,
            "600~000~€ de subventions connues de 2024 à 2026~: le formulaire n’atteste rien du total des "
            "aides (seuils).",
            "600~000~€",
        ),
        (
            "double_funding",
            {"other_request": "AAP-2026-0031"},
            WARN,
            "La même action est aussi demandée à un autre dispositif~: AAP-2026-0031 (article~11).",
            "AAP-2026-0031",
        ),
    ],
)
def test_each_added_rule_says_what_is_wrong_with_its_figures_and_its_article(
    code: str, changes: dict[str, Any], status: Status, sentence: str, value: str
) -> None:
    result = wide(code, **changes)
    assert (result.status, result.sentence, result.value) == (status, nb(sentence), nb(value))
    assert result.blocks is (status is FAIL)


@pytest.mark.parametrize(
    ("code", "changes", "value"),
    [
        ("over_structure_year", {"year_amounts": (replace(AWARDED, cents=250_000),)}, "5~000~€"),  # the maximum itself
        ("convention_threshold", {"asked_cents": 1_300_000, "year_amounts": (AWARDED,)}, "23~000~€"),
        ("annex_threshold", {"asked_cents": 7_500_000}, "75~000~€"),
        ("audit_threshold", {"asked_cents": 15_299_999}, "152~999,99~€"),
        ("public_aid", {"granted_before_cents": 50_000_000}, "au seuil ou en dessous"),
        ("public_aid", {"public_aid_above": True, "other_aid": "FSE 2024"}, "au-dessus, aides indiquées"),
        ("too_young", {"structure_created_on": date(2025, 2, 28)}, "12~mois"),
        ("not_small", {"employees": 2, "structure_budget_cents": 7_500_000}, "2 salariés"),
        ("late_start", {"starts_on": date(2026, 9, 30)}, "30~sept.~2026"),
        ("own_funds", {}, "20~%"),
        (
            "expense_cap",
            {"budget": (line(CHARGE, "64", 600), line(CHARGE, "60", 400), line(CHARGE, "2", 0))},
            "2 sur 2",
        ),
        ("outdated_docs", {"dated": {"comptes": date(2024, 8, 28)}}, "1 sur 1"),
        ("wanted_docs", {"documents": frozenset({"recepisse"})}, "1 sur 1"),
        ("missing_docs", {"asked_cents": 2_300_000}, "3 sur 3"),
        ("not_qpv", {"quarters": (), "outside_qpv": True, "outside_reason": "Poche de pauvreté"}, "hors~QPV, justifié"),
    ],
)
def test_the_bound_of_an_added_rule_passes(code: str, changes: dict[str, Any], value: str) -> None:
    result = wide(code, **changes)
    assert (result.status, result.sentence, result.value) == (PASS, "", nb(value))


def test_the_auditor_is_called_from_the_threshold_itself_and_acquired_public_money_counts() -> None:
    assert wide("audit_threshold", asked_cents=15_300_000).status is WARN
    acquired = BudgetLine(PRODUIT, "74", "Département", 300_000, Funding.ACQUIRED)
    asked = replace(acquired, state=Funding.ASKED)
    assert wide("audit_threshold", asked_cents=15_000_000, budget=(asked,)).status is PASS
    found = wide("audit_threshold", asked_cents=15_000_000, budget=(acquired,))
    assert nb("150~000~€ demandés ici, 3~000~€ acquis d’autres financeurs publics pour cette action") in found.sentence


def test_the_rate_is_the_one_of_the_method_chosen() -> None:
    # The Cerfa asks 2 500 of 5 000 € of produits, 50 %; the FIA counts 4 000 € of public money on 5 000 €, 80 %.
    assert wide("rate").value == nb("80~%")
    cerfa = given("rate_method", "cerfa")
    assert wide("rate", cerfa).value == nb("50~%")
    strict = cerfa.replaced(replace(cerfa["public_rate_max"], value=40))
    assert wide("rate", strict).sentence == nb(
        "2~500~€ demandés font 50~% des produits, 5~000~€~; le maximum est 40~% (article~7)."
    )
    # With 5 000 € of volunteering on both sides, 4 000 of 10 000 €, or 2 500 of 10 000 €.
    gifts = (*SOUND_BUDGET, line(CHARGE, "864", 5_000), line(PRODUIT, "870", 5_000))
    counted = given("in_kind_counted", True)
    assert wide("rate", budget=gifts).value == nb("80~%")
    assert wide("rate", counted, budget=gifts).value == nb("40~%")
    both = counted.replaced(replace(counted["rate_method"], value="cerfa"))
    assert wide("rate", both, budget=gifts).value == nb("25~%")


def test_the_year_of_a_structure_may_leave_the_other_schemes_out() -> None:
    own = given("structure_amount_all", False)
    assert wide("over_structure_year", own, year_amounts=(AWARDED, ASKED)).value == nb("4~000~€")
    # What was asked after this file does not count against it, what was awarded does.
    assert wide("over_structure_year", year_amounts=(replace(ASKED, earlier=False),)).status is NA
    assert wide("over_structure_year", year_amounts=(replace(AWARDED, earlier=False),)).status is FAIL
    # A past grant that no file holds is no request to this scheme.
    assert wide("over_structure_year", year_amounts=(OF_THE_HOUSE,)).value == "un seul dossier"


def test_one_file_alone_above_the_year_is_told_by_the_maximum_of_a_grant_when_there_is_one() -> None:
    assert wide("over_structure_year", asked_cents=600_000).value == "un seul dossier"
    without = WIDE.replaced(replace(WIDE["amount_max"], value=None))
    assert wide("over_structure_year", without, asked_cents=600_000).status is FAIL


def test_what_is_not_known_of_the_structure_is_asked_only_where_it_decides() -> None:
    assert wide("not_small", employees=None).status is NA
    strict = given("small_only", True, severity="block")
    assert wide("not_small", strict, employees=None).unknown
    assert wide("too_young", structure_created_on=None).blocks
    assert wide("too_young", given("association_age_min", 0), structure_created_on=None).status is NA


def test_a_document_one_is_dispensed_of_is_not_missing() -> None:
    assert wide(
        "missing_docs", documents=frozenset({"statuts", "comptes"}), waived={"rib": "Déjà chez nous"}
    ).value == ("2 sur 2")
    assert wide("outdated_docs", dated={"comptes": date(2020, 1, 1)}, waived={"comptes": "Neuve"}).status is NA


def test_the_request_lists_each_document_and_each_point_that_fails_and_nothing_else() -> None:
    results = check(
        facts(
            documents=frozenset({"comptes"}),
            rejected={"rib": "Le titulaire est une personne."},
            dated={"comptes": date(2024, 1, 31)},
            republican_contract=False,
            qpv_residents=10,
            asked_cents=340_000,
        ),
        WIDE,
    )
    asked = points(results)
    assert [(p.code, p.item, p.text) for p in asked if p.code != "request_line"] == [
        ("missing_docs", "statuts", "statuts"),
        ("missing_docs", "rib", nb("RIB, l’exemplaire reçu n’étant pas conforme~: Le titulaire est une personne")),
        (
            "outdated_docs",
            "comptes",
            nb("comptes de l’exercice clos de moins de 18~mois, celle reçue est du 31/01/2024"),
        ),
        ("no_cer", "", nb("Le contrat d’engagement républicain n’est pas souscrit (article~10).")),
        ("wanted_docs", "recepisse", "récépissé de déclaration"),
    ]
    # Over the ceiling and few residents: nothing that a document mends.
    assert not {p.code for p in asked} & {"over_ceiling", "qpv_share"}
    after = check(facts(republican_contract=False), WIDE)
    assert [p.code for p in left(asked, after)] == ["no_cer"]
    assert Point.from_json(asked[0].to_json()) == asked[0]


def test_results_come_back_whole_from_their_frozen_form() -> None:
    from dataclasses import asdict

    for result in check(facts(documents=frozenset(), derogations={"no_cer": "dix caractères"}), WIDE):
        assert Result.from_json(asdict(result)) == result
