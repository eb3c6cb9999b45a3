from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.budget import CHARGE, PRODUIT
from cv_desktop.domain.eligibility import CHECKS, Status, check, summary
from cv_desktop.domain.facts import FileFacts
from cv_desktop.domain.findings import share
from domain.samples import FIA, SOUND_BUDGET, WIDE, facts, judged, line, nb, parameter

FAIL, WARN, PASS, NA = Status.FAIL, Status.WARN, Status.PASS, Status.NA


def test_a_sound_file_passes_every_check() -> None:
    results = check(facts(), WIDE)
    assert {r.code for r in results} == set(CHECKS)
    assert {r.code: r.status for r in results if r.status is not PASS} == {
        "in_kind": NA,
        "over_structure_year": NA,
    }
    assert not any(r.blocks or r.sentence for r in results)


# Charges 5 000 €. 240 € too many on one side or the other.
TOO_MUCH = (*SOUND_BUDGET, line(PRODUIT, "75", 240, "Dons"))
TOO_LITTLE = (*SOUND_BUDGET, line(CHARGE, "61", 240, "Locations"))
IN_KIND = (*SOUND_BUDGET, line(CHARGE, "864", 1_200, "Personnel"), line(PRODUIT, "870", 1_000, "Bénévolat"))
# 4 300 € of public money on 5 000 €: 86 %.
TOO_PUBLIC = (
    line(CHARGE, "60", 5_000),
    line(PRODUIT, "74", 4_300, "Ville"),
    line(PRODUIT, "70", 700),
)
WITH_PENALTY = (*SOUND_BUDGET[1:], line(CHARGE, "60", 1_950, "Achats"), line(CHARGE, "671", 50, "Pénalités"))


@pytest.mark.parametrize(
    ("code", "changes", "status", "sentence", "value"),
    [
        (
            "over_ceiling",
            {"asked_cents": 340_000},
            FAIL,
            "3~400~€ dépasse le maximum du FIA, 3~000~€ (article~5).",
            "3~400~€",
        ),
        (
            "below_minimum",
            {"asked_cents": 40_000},
            WARN,
            "400~€ est sous le minimum du FIA, 500~€ (article~5).",
            "400~€",
        ),
        (
            "budget_ceiling",
            {"budget": (), "cost_cents": 1_200_050},
            WARN,
            "Le budget de l’action, 12~000,50~€, dépasse le maximum du FIA, 10~000~€ (article~5).",
            "12~000,50~€",
        ),
        (
            "unbalanced",
            {"budget": TOO_MUCH},
            FAIL,
            "Les produits dépassent les charges de 240~€ (article~6).",
            "+ 240~€",
        ),
        (
            "unbalanced",
            {"budget": TOO_LITTLE},
            FAIL,
            "Les charges dépassent les produits de 240~€ (article~6).",
            "− 240~€",
        ),
        (
            "in_kind",
            {"budget": IN_KIND},
            FAIL,
            "Les contributions volontaires 86 dépassent celles du 87 de 200~€ (article~6).",
            "200~€",
        ),
        (
            "rate",
            {"budget": TOO_PUBLIC},
            FAIL,
            "La part publique atteint 86~%~; le maximum est 80~% (article~7).",
            "86~%",
        ),
        (
            "period",
            {"starts_on": date(2025, 12, 31)},
            FAIL,
            "L’action commence avant l’ouverture de la campagne (1er~janvier 2026, article~8).",
            "31~déc.~2025",
        ),
        (
            "period",
            {"ends_on": date(2027, 1, 1)},
            FAIL,
            "L’action se termine après la fin de la campagne (31~décembre 2026, article~8).",
            "1er~janv.~2027",
        ),
        (
            "period",
            {"starts_on": date(2026, 5, 2), "ends_on": date(2026, 5, 1)},
            FAIL,
            "L’action se termine le 1er~mai 2026, avant de commencer le 2~mai 2026 (article~8).",
            "2~mai – 1er~mai",
        ),
        (
            "late",
            {"deposited_on": date(2026, 4, 2)},
            FAIL,
            "Le dossier a été déposé le 2~avril 2026, après la clôture du 31~mars 2026 (article~2).",
            "2~avr.~2026",
        ),
        (
            "one_per_year",
            {"earlier_applications": ("FIA-2026-0009",)},
            FAIL,
            "Cette structure a déjà un dossier FIA en 2026~: FIA-2026-0009 (article~4).",
            "FIA-2026-0009",
        ),
        (
            "missing_docs",
            {"documents": frozenset({"rib"})},
            FAIL,
            "Il manque une pièce~: statuts (article~9).",
            "1 sur 2",
        ),
        ("missing_docs", {"documents": frozenset()}, FAIL, "Il manque 2 pièces~: statuts, RIB (article~9).", "0 sur 2"),
        (
            "no_cer",
            {"republican_contract": False},
            FAIL,
            "Le contrat d’engagement républicain n’est pas souscrit (article~10).",
            "non souscrit",
        ),
        (
            "not_qpv",
            {"quarters": (), "outside_qpv": True},
            WARN,
            "L’action se déroule hors des quartiers prioritaires~: une justification est attendue (article~3).",
            "hors~QPV",
        ),
        (
            "qpv_share",
            {"qpv_residents": 59},
            WARN,
            "Le public des quartiers est de 49,2~%~; le minimum est 50~% (article~3).",
            "49,2~%",
        ),
        (
            "qpv_share",
            {"qpv_residents": 130},
            WARN,
            "130 habitants des quartiers pour 120 bénéficiaires~: à vérifier (article~3).",
            "130 sur 120",
        ),
        (
            "bad_siret",
            {"siret_raw": "2,43E+13"},
            WARN,
            "«~2,43E+13~» a été abîmé par le tableur. Le numéro ne peut pas être reconstitué (article~1).",
            "2,43E+13",
        ),
        (
            "bad_siret",
            {"siret_raw": "99993908500019"},
            WARN,
            "La clé de ce SIRET ne tombe pas juste~: un chiffre est inversé ou faux (article~1).",
            "99993908500019",
        ),
        (
            "bad_siret",
            {"siret_ok": False},
            WARN,
            "Le SIRET 999~939~085~00018 est à vérifier (article~1).",
            "999 939 085 00018",
        ),
        (
            "legal_form",
            {"legal_form": "5710"},
            FAIL,
            "La forme juridique 5710 n’est pas admise~; le règlement du FIA retient~: associations (article~1).",
            "5710",
        ),
        (
            "perimeter",
            {"commune_code": "75056", "commune_name": "Paris", "quarters": ()},
            FAIL,
            "Le siège est à Paris et l’action ne touche aucun quartier du contrat de ville (article~1).",
            "Paris",
        ),
        (
            "double_funding",
            {"funded_by_other_scheme": True, "other_application": "AAP-2026-0031"},
            FAIL,
            "La même action est déjà financée par un autre dispositif~: AAP-2026-0031 (article~11).",
            "AAP-2026-0031",
        ),
        (
            "missing_report",
            {"previous_award_without_report": True},
            FAIL,
            "Le bilan du dossier FIA-2025-0012 n’est pas remis (article~12).",
            "FIA-2025-0012",
        ),
        (
            "ineligible_expense",
            {"budget": WITH_PENALTY},
            WARN,
            "50~€ de dépenses ne sont pas éligibles~: 671 Pénalités~; la base éligible est de 4~950~€ (article~13).",
            "− 50~€",
        ),
    ],
)
def test_a_broken_rule_says_what_is_wrong_with_its_article(
    code: str, changes: dict[str, Any], status: Status, sentence: str, value: str
) -> None:
    result = judged(code, **changes)
    assert (result.status, result.sentence, result.value) == (status, nb(sentence), nb(value))
    assert result.blocks is (status is FAIL)
    assert result.remedy == FIA.by_check(code).remedy  # type: ignore[union-attr]


def test_a_blocking_fault_tells_that_the_file_may_still_be_kept() -> None:
    assert judged("over_ceiling", asked_cents=340_000).consequence == nb(
        "Le dossier reste enregistrable~; il ne pourra pas être déclaré recevable."
    )
    assert judged("qpv_share", qpv_residents=0).consequence == ""


@pytest.mark.parametrize(
    ("code", "changes", "value"),
    [
        ("over_ceiling", {"asked_cents": 300_000}, "3~000~€"),  # the maximum itself
        ("below_minimum", {"asked_cents": 50_000}, "500~€"),  # the minimum itself
        ("budget_ceiling", {"budget": (), "cost_cents": 1_000_000}, "10~000~€"),
        ("rate", {}, "80~%"),  # 4 000 / 5 000
        ("qpv_share", {"beneficiaries": 100, "qpv_residents": 50}, "50~%"),
        ("period", {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}, "1er~janv. – 31~déc."),
        # 23:59 in Paris on 31 March 2026 (summer time since the 29th) is 21:59 UTC.
        ("late", {"deposited_on": datetime(2026, 3, 31, 21, 59, tzinfo=UTC)}, "31~mars~2026"),
        ("late", {"deposited_on": datetime(2026, 3, 31, 23, 59)}, "31~mars~2026"),  # noqa: DTZ001 - as a sheet gives it
        ("late", {"deposited_on": date(2026, 4, 10), "closes_on": date(2026, 4, 10)}, "10~avr.~2026"),
        ("legal_form", {"legal_form": "", "rna": "W779970239"}, "association (RNA)"),
        ("perimeter", {"commune_code": "75056", "quarters": ("QN07708M", "QN07710M")}, "2~QPV"),
        ("perimeter", {"quarters": ()}, "Melun"),
        ("no_cer", {}, "26~nov.~2025"),
        ("missing_report", {}, "14~janv.~2026"),
        ("bad_siret", {}, "999~939~085~00018"),
        ("missing_docs", {"documents": frozenset({"statuts", "rib", "comptes"})}, "2 sur 2"),
    ],
)
def test_the_bound_itself_passes(code: str, changes: dict[str, Any], value: str) -> None:
    result = judged(code, **changes)
    assert (result.status, result.sentence, result.value) == (PASS, "", nb(value))


ONE_CENT = replace(line(PRODUIT, "74", 0, "Ville"), amount_cents=1)


@pytest.mark.parametrize(
    ("code", "changes", "value"),
    [
        ("over_ceiling", {"asked_cents": 300_001}, "3~000,01~€"),
        # 4 000,01 / 5 000 = 80,0002 %: never written « 80 % » beside a maximum of 80 %.
        ("rate", {"budget": (*SOUND_BUDGET, ONE_CENT)}, "80,0002~%"),
        ("late", {"deposited_on": datetime(2026, 3, 31, 22, 0, tzinfo=UTC)}, "1er~avr.~2026"),  # midnight in Paris
    ],
)
def test_one_step_beyond_the_bound_does_not(code: str, changes: dict[str, Any], value: str) -> None:
    result = judged(code, **changes)
    assert (result.status, result.value) == (FAIL, nb(value))


UNKNOWN: dict[str, dict[str, Any]] = {
    "bad_siret": {"siret_raw": ""},
    "legal_form": {"legal_form": ""},
    "perimeter": {"commune_code": "", "quarters": ()},
    "late": {"deposited_on": None},
    "not_qpv": {"quarters": (), "outside_qpv": None},
    "qpv_share": {"beneficiaries": 0},
    "over_ceiling": {"asked_cents": None},
    "below_minimum": {"asked_cents": 0},
    "budget_ceiling": {"budget": (), "cost_cents": None},
    "unbalanced": {"budget": ()},
    "rate": {"budget": ()},
    "period": {"ends_on": None},
    "missing_docs": {"documents": None},
    "no_cer": {"republican_contract": None},
}


@pytest.mark.parametrize("code", UNKNOWN)
def test_what_is_not_given_is_said_and_never_passes(code: str) -> None:
    result = judged(code, **UNKNOWN[code])
    assert (result.status, result.value, result.unknown) == (WARN, nb("non~renseigné"), True)
    assert nb("non~renseigné (article~") in result.sentence
    assert result.blocks is (result.severity == "block")
    assert result.remedy == "complete"


def test_an_empty_file_crashes_nothing_and_passes_nothing_but_the_count() -> None:
    results = check(FileFacts("FIA-2026-0001", 2026, "FIA"), FIA)
    assert [r.code for r in results if r.status is PASS] == ["one_per_year"]
    assert {r.code for r in results if r.status is NA} == {
        "double_funding",
        "missing_report",
        "in_kind",
        "ineligible_expense",
    }


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("amount_max", None, "over_ceiling"),
        ("amount_min", None, "below_minimum"),
        ("project_budget_max", None, "budget_ceiling"),
        ("public_rate_max", None, "rate"),
        ("projects_per_structure", None, "one_per_year"),
        ("republican_contract", False, "no_cer"),
        ("budget_balanced", False, "unbalanced"),
        ("documents", False, "missing_docs"),
        ("legal_forms", (), "legal_form"),
        ("deposit_closes", None, "late"),
    ],
)
def test_a_rule_without_limit_or_turned_off_is_without_object(key: str, value: Any, code: str) -> None:
    rules = FIA.replaced(replace(FIA[key], value=value))
    assert judged(code, rules, republican_contract=False, documents=frozenset()).status is NA


def test_severity_is_the_one_of_the_reglement() -> None:
    softer = FIA.replaced(replace(FIA["amount_max"], severity="warn"))
    assert judged("over_ceiling", softer, asked_cents=340_000).status is WARN
    silent = FIA.replaced(replace(FIA["amount_max"], severity="none"))
    assert judged("over_ceiling", silent, asked_cents=340_000).status is NA


def test_a_derogation_lifts_the_check_and_stays_written() -> None:
    result = judged("late", deposited_on=date(2026, 4, 2), derogations={"late": "panne du dépôt en ligne."})
    assert (result.status, result.blocks, result.value) == (PASS, False, "dérogation")
    assert result.sentence.endswith(nb("Dérogation~: panne du dépôt en ligne."))
    assert judged("late", derogations={"late": "inutile"}).derogation == ""


def test_a_check_of_a_later_version_is_shown_to_be_done_by_hand() -> None:
    rules = FIA.replaced(parameter("new", "16", "flag", True, "block refuse", "not_yet_written"))
    result = judged("not_yet_written", rules)
    assert (result.status, result.value) == (WARN, "à vérifier")
    assert "règle à vérifier à la main" in result.sentence


def test_results_come_fails_first_then_to_verify_passed_and_without_object() -> None:
    results = check(facts(asked_cents=340_000, qpv_residents=10, republican_contract=False), FIA)
    assert [r.code for r in results[:3]] == ["over_ceiling", "no_cer", "qpv_share"]
    assert results[-1].code == "in_kind"
    assert summary(results) == {FAIL: 2, WARN: 1, PASS: 15, NA: 1}


def test_the_scheme_is_named_with_its_article() -> None:
    assert "maximum de l’AAP, " in judged("over_ceiling", scheme="AAP", asked_cents=340_000).sentence


def test_admitted_legal_forms_are_named_once() -> None:
    wider = FIA.replaced(replace(FIA["legal_forms"], value=("92", "7331", "5546", "4140", "17")))
    assert judged("legal_form", wider, legal_form="5710").sentence.endswith(
        nb("associations, établissements publics locaux d’enseignement, bailleurs sociaux, catégorie 17 (article~1).")
    )
    assert judged("legal_form", wider, legal_form="7331").status is PASS


def test_several_files_are_counted_against_the_limit() -> None:
    two = FIA.replaced(replace(FIA["projects_per_structure"], value=2))
    assert judged("one_per_year", two, earlier_applications=("FIA-2026-0001",)).value == "2 sur 2"
    result = judged("one_per_year", two, earlier_applications=("FIA-2026-0001", "FIA-2026-0002"))
    assert result.sentence == nb(
        "Cette structure a déjà 2 dossiers FIA en 2026~: FIA-2026-0001, FIA-2026-0002 (article~4)."
    )


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_share_never_reads_like_the_limit_it_misses(part: int, whole: int) -> None:
    text = share(part, whole, 80)
    if part * 100 == 80 * whole:
        assert text == nb("80~%")
    elif abs(part * 100 - 80 * whole) * 10**6 > whole:
        assert text != nb("80~%")
