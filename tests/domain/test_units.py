from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.units import MonthDay, Unit, Value, checked, parse_value, show_value
from domain.samples import nb


@pytest.mark.parametrize(
    ("unit", "typed", "value", "shown"),
    [
        ("cents", "3 000 €", 300_000, "3~000~€"),
        ("cents", "4000,50", 400_050, "4~000,50~€"),
        ("cents", "", None, "sans~limite"),
        ("cents", "sans limite", None, "sans~limite"),
        ("percent", "80 %", 80, "80~%"),
        ("percent", "0", 0, "0~%"),
        ("percent", "100%", 100, "100~%"),
        ("days", "15 jours", 15, "15~jours"),
        ("days", "1", 1, "1~jour"),
        ("months", "3 mois", 3, "3~mois"),
        ("count", "1", 1, "1"),
        ("count", "aucune", None, "sans~limite"),
        ("flag", "Oui", True, "oui"),
        ("flag", "non", False, "non"),
        ("month_day", "31/03", "03-31", "31/03"),
        ("month_day", "31 mars", "03-31", "31/03"),
        ("month_day", "1er octobre N-1", "-1:10-01", "01/10 N−1"),
        ("month_day", "01/10 N−1", "-1:10-01", "01/10 N−1"),
        ("month_day", "30/6 (n + 1)", "+1:06-30", "30/06 N+1"),
        ("month_day", "29/02", "02-29", "29/02"),
        ("month_day", "", None, ""),
        ("date", "31/03/2026", "2026-03-31", "31/03/2026"),
        ("date", " ", None, ""),
        ("list", "statuts, rib ; comptes", ("statuts", "rib", "comptes"), "statuts, rib, comptes"),
        ("list", " ", (), ""),
        ("text", "  une   phrase ", "une phrase", "une phrase"),
    ],
)
def test_a_value_is_typed_kept_and_shown(unit: Unit, typed: str, value: Value, shown: str) -> None:
    assert parse_value(unit, typed) == value
    assert show_value(unit, value) == nb(shown)
    assert parse_value(unit, show_value(unit, value)) == value


@pytest.mark.parametrize(
    ("unit", "typed", "sentence"),
    [
        ("cents", "quatre mille", "«~quatre mille~» n’est pas un montant. Exemple~: 4~000 ou 4~000,50."),
        ("cents", "-3", "−3~€ est un montant négatif. Exemple~: 3~000."),
        ("percent", "120 %", "120~% dépasse 100~%. Exemple~: 80~%."),
        ("percent", "62,5 %", "«~62,5 %~» n’est pas un nombre entier. Exemple~: 80~%."),
        ("days", "quinze", "«~quinze~» n’est pas un nombre entier. Exemple~: 15~jours."),
        ("flag", "peut-être", "«~peut-être~» n’est pas une réponse. Écrivez oui ou non."),
        ("month_day", "fin mars", "«~fin mars~» n’est pas un jour de l’année. Exemple~: 31/03, ou 01/10 N−1."),
        ("month_day", "31/02", "Le 31/02 n’existe pas."),
        ("date", "31/02/2026", "31/02/2026 n’existe pas."),
    ],
)
def test_what_does_not_fit_is_refused_with_an_example(unit: Unit, typed: str, sentence: str) -> None:
    with pytest.raises(UserError) as refusal:
        parse_value(unit, typed)
    assert refusal.value.message == nb(sentence)


@given(st.integers(1, 12), st.integers(1, 28), st.integers(-1, 1))
def test_a_day_of_the_year_reads_back(month: int, day: int, offset: int) -> None:
    made = MonthDay(month, day, offset)
    assert MonthDay.of(made.stored) == made
    assert parse_value("month_day", made.shown) == made.stored


@pytest.mark.parametrize(
    ("unit", "text", "stored", "shown"),
    [
        ("method", "cerfa", "cerfa", "Cerfa (produits)"),
        ("method", "F", "fia", "FIA (charges)"),
        ("caps", "623 ≤ 10 %; 2: 500 €", ("623:10%", "2:50000"), "623 ≤ 10~%, 2 ≤ 500~€"),
        ("caps", "625 1 500,50", ("625:150050",), "625 ≤ 1~500,50~€"),
        ("offsets", "J-30, J+1 ; 30", ("-30", "1", "30"), "J−30, J+1, J+30"),
    ],
)
def test_methods_ceilings_and_reminders_are_typed_and_shown(unit: Unit, text: str, stored: Value, shown: str) -> None:
    assert parse_value(unit, text) == stored
    assert checked(unit, stored) == stored
    assert show_value(unit, stored) == nb(shown)


@pytest.mark.parametrize(
    ("unit", "text"), [("method", "autre"), ("caps", "communication 10 %"), ("caps", "623 120 %"), ("offsets", "J+")]
)
def test_what_is_no_method_ceiling_or_reminder_is_refused(unit: Unit, text: str) -> None:
    with pytest.raises(UserError):
        parse_value(unit, text)


@pytest.mark.parametrize(
    ("unit", "value"), [("method", "autre"), ("caps", ("623:beaucoup",)), ("offsets", ("demain",)), ("offsets", "1")]
)
def test_a_stored_value_that_is_no_method_ceiling_or_reminder_is_refused(unit: Unit, value: Value) -> None:
    with pytest.raises(ValueError):
        checked(unit, value)
