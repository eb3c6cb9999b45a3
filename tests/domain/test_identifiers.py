from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain import identifiers as ids
from cv_desktop.domain.errors import UserError
from deposit_workbook import iban, siren, siret

RUINED = "a été abîmé par le tableur. Le numéro ne peut pas être reconstitué."


@pytest.mark.parametrize(
    "written",
    [
        "73282932000074",
        "732 829 320 00074",
        "732\u00a0829\u00a0320\u202f00074",
        "'73282932000074",
        "73282932000074’",
        "73282932000074.0",
        " 73282932000074,00 ",
    ],
)
def test_a_siret_is_cleaned_of_what_spreadsheets_add(written: str) -> None:
    assert ids.parse_siret(written) == "73282932000074"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("2,43E+13", RUINED),
        ("1,00E+14", RUINED),
        ("9.94e13", RUINED),
        ("24300000000000", RUINED),
        ("100000000000000", RUINED),
        ("73282932000079", "un chiffre est inversé ou faux."),
        ("73282923000074", "un chiffre est inversé ou faux."),
        ("7328293200007", "Ce SIRET a 13 chiffres, il en faut 14. Un zéro a pu être perdu au début."),
        ("732829320000745", "Ce SIRET a 15 chiffres, il en faut 14."),
        ("732829320", "est un SIREN."),
        ("SIRET inconnu", "n’a que des chiffres."),
        ("7328293200007٤", "n’a que des chiffres."),
        ("00000000000000", "Le numéro ne peut pas être reconstitué."),
    ],
)
def test_a_siret_that_cannot_be_mended_says_why(written: str, sentence: str) -> None:
    with pytest.raises(UserError) as refusal:
        ids.parse_siret(written)
    assert refusal.value.message.endswith(sentence) or sentence in refusal.value.message


@given(st.integers(10_000_000, 99_999_999))
def test_a_truncated_siret_is_never_valid_even_when_its_key_is(stem: int) -> None:
    with pytest.raises(UserError):
        ids.parse_siret(siren(stem) + "00000")


@given(st.integers(0, 9_999_999), st.integers(1, 9_999))
def test_one_lost_zero_is_given_back(stem: int, establishment: int) -> None:
    whole = siret(stem, establishment)
    if whole.endswith("00000") or whole.startswith("00"):
        return
    assert ids.parse_siret(whole[1:]) == whole


def test_two_lost_zeros_are_not_guessed() -> None:
    with pytest.raises(UserError):
        ids.parse_siret(siret(123_456)[2:])


def test_la_poste_has_its_own_rule() -> None:
    assert ids.parse_siret("35600000000048") == "35600000000048"  # the seat follows Luhn
    assert ids.parse_siret("35600000049837") == "35600000049837"  # sum of the digits: 45
    with pytest.raises(UserError):
        ids.parse_siret("35600000049838")


def test_siren() -> None:
    assert ids.parse_siren("732 829 320") == "732829320"
    assert ids.parse_siren("732829320.0") == "732829320"
    assert ids.parse_siren(siren(1_234_567)[1:]) == siren(1_234_567)
    for wrong in ("732829321", "73282932", "7,3E+08", "000000000", ""):
        with pytest.raises(UserError):
            ids.parse_siren(wrong)


def test_a_siren_in_the_place_of_a_siret_is_recognised() -> None:
    assert ids.siren_in("732 829 320") == "732829320"
    assert ids.siren_in("732829321") is None
    assert ids.siren_in("2,43E+13") is None


@pytest.mark.parametrize("written", ["W779999999", "w779999999", "W 779 999 999", "W9T1002867", "W2A0001234"])
def test_rna(written: str) -> None:
    assert ids.parse_rna(written) == written.replace(" ", "").upper()


@pytest.mark.parametrize("written", ["W77999999", "779999999", "WA79999999", "W77A999999", "W7799999990", ""])
def test_a_malformed_rna_is_told(written: str) -> None:
    with pytest.raises(UserError) as refusal:
        ids.parse_rna(written)
    assert refusal.value.message == "Un RNA s’écrit W suivi de 9 caractères, par exemple W779999999."


def test_iban() -> None:
    sound = iban(1234567890)
    assert ids.parse_iban(" ".join(sound[i : i + 4] for i in range(0, 27, 4)).lower()) == sound
    assert ids.parse_iban("IBAN : " + sound) == sound
    assert ids.parse_iban("DE89 3704 0044 0532 0130 00") == "DE89370400440532013000"
    assert ids.parse_iban("FR14 2004 1010 0505 0001 3M02 606") == "FR1420041010050500013M02606"  # a letter inside


def test_a_wrong_iban_is_refused_without_being_repeated() -> None:
    sound = iban(1234567890)
    swapped = sound[:-2] + sound[-1] + sound[-2]
    for wrong in (swapped, sound[:-1], sound + "0", "RIB joint"):
        with pytest.raises(UserError) as refusal:
            ids.parse_iban(wrong)
        assert "RIB" in refusal.value.message
        assert wrong[5:15] not in refusal.value.message


def test_the_key_of_the_rib_counts_too() -> None:
    from stdnum.iban import calc_check_digits

    bban = iban(1234567890)[4:25] + "99"
    with pytest.raises(UserError, match="clé RIB"):
        ids.parse_iban(f"FR{calc_check_digits('FR00' + bban)}{bban}")


def test_how_people_see_them() -> None:
    assert ids.display_siret("73282932000074") == "732\u00a0829\u00a0320\u00a000074"
    assert ids.display_siren("732829320") == "732\u00a0829\u00a0320"
    assert ids.display_iban("FR7612345678") == "FR76\u00a01234\u00a05678"
    masked = ids.masked_iban(iban(1234567890))
    assert masked.startswith("FR") and masked.endswith(iban(1234567890)[-4:])
    assert len(masked.replace("\u00a0", "").replace("•", "")) == 8
    assert ids.masked_iban("FR7699999000011234567893417") == "FR76\u00a0••••\u00a03417"
    assert ids.masked_iban("1234") == "••••"
