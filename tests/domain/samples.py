"""A règlement, a file and a grid to vary in the cases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from cv_desktop.domain.budget import CHARGE, PRODUIT, BudgetLine, Side
from cv_desktop.domain.eligibility import FileFacts, Result, check
from cv_desktop.domain.expected_documents import ExpectedDocument
from cv_desktop.domain.grid import Band, Criterion, Grid, Level
from cv_desktop.domain.rules import Parameter, Rules

NBSP = "\u00a0"


def parameter(key: str, article: str, unit: Any, value: Any, verdict: str = "none none", check: str = "") -> Parameter:
    severity, remedy = verdict.split()
    return Parameter(key, article, key, unit, value, severity, remedy, check or None)


FIA = Rules(
    [
        parameter("legal_forms", "1", "list", ("92",), "block refuse", "legal_form"),
        parameter("communes", "1", "list", ("77288", "77285", "77152"), "block refuse", "perimeter"),
        parameter("siret_valid", "1", "flag", True, "warn complete", "bad_siret"),
        parameter("deposit_closes", "2", "month_day", "03-31", "block refuse", "late"),
        parameter("qpv_share_min", "3", "percent", 50, "warn none", "qpv_share"),
        parameter("outside_qpv", "3", "flag", True, "warn none", "not_qpv"),
        parameter("projects_per_structure", "4", "count", 1, "block refuse", "one_per_year"),
        parameter("amount_max", "5", "cents", 300_000, "block refuse", "over_ceiling"),
        parameter("amount_min", "5", "cents", 50_000, "warn none", "below_minimum"),
        parameter("project_budget_max", "5", "cents", 1_000_000, "warn none", "budget_ceiling"),
        parameter("budget_balanced", "6", "flag", True, "block complete", "unbalanced"),
        parameter("in_kind_balanced", "6", "flag", True, "block complete", "in_kind"),
        parameter("public_rate_max", "7", "percent", 80, "block complete", "rate"),
        parameter("period_starts", "8", "month_day", "01-01"),
        parameter("period_ends", "8", "month_day", "12-31", "block complete", "period"),
        parameter("documents", "9", "flag", True, "block complete", "missing_docs"),
        parameter("republican_contract", "10", "flag", True, "block complete", "no_cer"),
        parameter("other_scheme_excluded", "11", "flag", True, "block refuse", "double_funding"),
        parameter("previous_report", "12", "flag", True, "block complete", "missing_report"),
        parameter("ineligible_accounts", "13", "list", ("67", "69"), "warn none", "ineligible_expense"),
        parameter("rounding_step", "14", "cents", 5_000),
        parameter("reviews_minimum", "grille", "count", 3),
        parameter("report_due", "15", "month_day", "+1:06-30"),
        parameter("deposit_opens", "2", "month_day", "-1:10-01"),
    ],
    [ExpectedDocument("statuts", "statuts"), ExpectedDocument("rib", "RIB")],
)


# The same with every rule that a règlement may hold.
WIDE = Rules(
    [
        *FIA.values(),
        parameter("association_age_min", "1", "months", 12, "block refuse", "too_young"),
        parameter("small_only", "1", "flag", True, "warn none", "not_small"),
        parameter("small_employees_max", "1", "count", 2),
        parameter("small_budget_max", "1", "cents", 7_500_000),
        parameter("projects_per_round", "4", "count", 1, "block refuse", "one_per_round"),
        parameter("structure_amount_max", "5", "cents", 500_000, "block refuse", "over_structure_year"),
        parameter("structure_amount_all", "5", "flag", True),
        parameter("request_written", "6", "flag", True, "warn complete", "request_line"),
        parameter("rate_method", "7", "method", "fia"),
        parameter("own_funds_min", "7", "percent", 20, "warn complete", "own_funds"),
        parameter("in_kind_counted", "7", "flag", False),
        parameter("latest_start", "8", "month_day", "09-30", "block complete", "late_start"),
        parameter("documents_wanted", "9", "flag", True, "warn complete", "wanted_docs"),
        parameter("documents_valid", "9", "flag", True, "block complete", "outdated_docs"),
        parameter("ineligible_words", "13", "list", ("alcool", "amende"), "warn none", "spoken_expense"),
        parameter("expense_caps", "13", "caps", ("64:60%", "2:50000"), "warn complete", "expense_cap"),
        parameter("convention_threshold", "seuils", "cents", 2_300_000, "warn none", "convention_threshold"),
        parameter("annex_threshold", "seuils", "cents", 7_500_000, "warn none", "annex_threshold"),
        parameter("audit_threshold", "seuils", "cents", 15_300_000, "warn none", "audit_threshold"),
        parameter("attestation_threshold", "seuils", "cents", 50_000_000, "warn complete", "public_aid"),
    ],
    [
        *FIA.documents,
        ExpectedDocument("comptes", "comptes de l’exercice clos", validity_months=18),
        ExpectedDocument("recepisse", "récépissé de déclaration", "first_request", severity="warn"),
        ExpectedDocument("budget_structure", "budget de la structure", "above", 2_300_000),
        ExpectedDocument("assurance", "attestation d’assurance", due="payment"),
    ],
)


def line(side: Side, account: str, euros: int, label: str = "") -> BudgetLine:
    return BudgetLine(side, account, label, euros * 100)


# Charges 5 000 €; public money 2 500 + 1 500 = 4 000 €, exactly 80 %.
SOUND_BUDGET = (
    line(CHARGE, "60", 2_000, "Achats"),
    line(CHARGE, "64", 3_000, "Charges de personnel"),
    line(PRODUIT, "74", 2_500, "CAMVS - FIA"),
    line(PRODUIT, "74", 1_500, "Ville"),
    line(PRODUIT, "70", 1_000, "Participation des usagers"),
)


def facts(**changes: Any) -> FileFacts:
    """A file that respects every rule, but for what is changed."""
    sound: dict[str, Any] = {
        "number": "FIA-2026-0042",
        "year": 2026,
        "scheme": "FIA",
        "siret_raw": "999 939 085 00018",
        "legal_form": "9220",
        "commune_code": "77288",
        "commune_name": "Melun",
        "asked_cents": 250_000,
        "cost_cents": 500_000,
        "public_aid_above": False,
        "deposited_on": datetime(2026, 2, 28, 11, 14, tzinfo=UTC),
        "starts_on": date(2026, 2, 2),
        "ends_on": date(2026, 12, 18),
        "beneficiaries": 120,
        "qpv_residents": 102,
        "quarters": ("QN07708M",),
        "outside_qpv": False,
        "documents": frozenset({"statuts", "rib", "comptes", "recepisse"}),
        "dated": {"comptes": date(2025, 3, 31)},
        "structure_created_on": date(2015, 9, 1),
        "employees": 1,
        "structure_budget_cents": 4_000_000,
        "republican_contract": True,
        "republican_contract_on": date(2025, 11, 26),
        "budget": SOUND_BUDGET,
        "funded_by_other_scheme": False,
        "previous_award": "FIA-2025-0012",
        "previous_award_without_report": False,
        "previous_report_on": date(2026, 1, 14),
    }
    return FileFacts(**(sound | changes))


def judged(code: str, rules: Rules = FIA, **changes: Any) -> Result:
    """The result of one check on a file that differs from the sound one."""
    return next(r for r in check(facts(**changes), rules) if r.code == code)


def nb(text: str) -> str:
    """The text with « ~ » read as a no-break space, to keep the expected sentences legible."""
    return text.replace("~", NBSP)


AAP_WEIGHTS = {"PERT": 15, "PUBL": 15, "FAIS": 10, "PART": 10, "BUDG": 10, "EVAL": 10, "EFH": 10, "PAR": 10, "TED": 10}


def grid(weights: dict[str, int] | None = None, method: str = "mean") -> Grid:
    """The default grid of nine criteria, from 0 to 3."""
    levels = tuple(Level(v, f"Niveau {v}", f"Ce que vaut le niveau {v}") for v in range(4))
    criteria = tuple(
        Criterion(
            code,
            f"Critère {code}",
            weight,
            levels,
            axis="transversal" if code in ("EFH", "PAR", "TED") else "merit",
            eliminatory=code in ("PERT", "PUBL"),
            na_allowed=code not in ("PERT", "PUBL"),
        )
        for code, weight in (weights or AAP_WEIGHTS).items()
    )
    bands = (Band("favorable", "Favorable", 60), Band("reserve", "Réservé", 40), Band("defavorable", "Défavorable", 0))
    return Grid(criteria, bands, 3, frozenset({0, 1, 3}), method)
