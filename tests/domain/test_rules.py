from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.rules import Parameter, Rules
from domain.samples import FIA, nb, parameter


def test_values_come_out_in_their_unit() -> None:
    assert FIA.cents("amount_max") == 300_000
    assert FIA.percent("public_rate_max") == 80
    assert FIA.count("reviews_minimum") == 3
    assert FIA.flag("republican_contract") is True
    assert FIA.list("communes") == ("77288", "77285", "77152")
    assert FIA.cents("amount_max") is not None


def test_no_limit_is_none_and_an_empty_list_is_empty() -> None:
    rules = FIA.replaced(replace(FIA["amount_max"], value=None)).replaced(replace(FIA["communes"], value=None))
    assert rules.cents("amount_max") is None
    assert rules.list("communes") == ()
    assert FIA.cents("amount_max") == 300_000  # the first rules have not moved


def test_reading_a_value_in_another_unit_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="amount_max is in cents"):
        FIA.percent("amount_max")
    with pytest.raises(KeyError):
        FIA.cents("unheard_of")


@pytest.mark.parametrize(
    ("value", "year", "expected"),
    [
        ("03-31", 2026, date(2026, 3, 31)),
        ("-1:10-01", 2026, date(2025, 10, 1)),
        ("+1:06-30", 2026, date(2027, 6, 30)),
        ("02-29", 2026, date(2026, 2, 28)),
        ("02-29", 2028, date(2028, 2, 29)),
        (None, 2026, None),
    ],
)
def test_a_day_of_the_year_is_resolved_for_the_campaign(value: str | None, year: int, expected: date | None) -> None:
    assert Rules([parameter("day", "2", "month_day", value)]).day("day", year) == expected


def test_a_full_date_stays_what_it_is() -> None:
    assert Rules([parameter("day", "2", "date", "2026-04-15")]).day("day", 2030) == date(2026, 4, 15)


def test_json_goes_and_comes_back() -> None:
    assert Rules.from_json(FIA.to_json(), [d.to_json() for d in FIA.documents]) == FIA
    read = Parameter.from_json({"key": "k", "article": 5, "label": "Montant", "unit": "list", "value": ["a", "b"]})
    assert (read.article, read.value, read.severity, read.check, read.to_validate) == (
        "5",
        ("a", "b"),
        "none",
        None,
        True,
    )


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("cents", "3000"),
        ("cents", True),
        ("percent", -1),
        ("flag", 1),
        ("list", [1]),
        ("month_day", "31/03"),
        ("month_day", "02-30"),
        ("date", "hier"),
        ("text", 3),
    ],
)
def test_a_reference_file_with_a_wrong_value_is_refused(unit: str, value: object) -> None:
    with pytest.raises(ValueError):
        Parameter.from_json({"key": "k", "article": "5", "label": "x", "unit": unit, "value": value})


def test_a_typed_value_replaces_the_old_one() -> None:
    dearer = FIA["amount_max"].with_text("3 500 €")
    assert (dearer.value, dearer.shown, FIA["amount_max"].shown) == (350_000, nb("3~500~€"), nb("3~000~€"))
    with pytest.raises(UserError):
        FIA["amount_max"].with_text("beaucoup")


def test_changes_between_two_versions_are_listed() -> None:
    newer = FIA.replaced(FIA["amount_max"].with_text("3 500"))
    assert [(old.shown, new.shown) for old, new in FIA.changes(newer)] == [(nb("3~000~€"), nb("3~500~€"))]
    assert FIA.changes(FIA) == ()


def test_a_parameter_is_frozen_and_found_by_its_check() -> None:
    with pytest.raises(FrozenInstanceError):
        FIA["amount_max"].value = 1  # type: ignore[misc]
    assert FIA.by_check("rate") is FIA["public_rate_max"]
    assert FIA.by_check("unheard_of") is None
    assert (FIA["amount_max"].reference, FIA["reviews_minimum"].reference) == (nb("article~5"), "grille")
