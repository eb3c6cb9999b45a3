"""SIREN, SIRET, RNA and IBAN: cleaned of what spreadsheets add, checked, and shown to people.

Nothing is guessed: only spaces, apostrophes, signs between groups, a « .0 » and one lost leading zero are mended, the
last one when the result passes its checks. All the rest is a UserError that says what is wrong.
"""

from __future__ import annotations

import re
from enum import StrEnum

from stdnum import bic as stdnum_bic
from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, quote

_BLANKS = re.compile(r"[\s'’‘ʼ´`\u200b-\u200f\u2060\ufeff]")
# « 732.829.320.00074 », « 732829320-00074 »: signs that part the figures where the number is printed in groups.
_GROUPED = re.compile(r"(\d{3})[.\-/](\d{3})[.\-/](\d{3})(?:[.\-/](\d{5}))?|(\d{9})[.\-/](\d{5})")
_ZERO_DECIMALS = re.compile(r"[.,]0+$")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_RNA = re.compile(r"W\d[A-Z\d]\d{7}")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z\d]{6,30}")
# As the codes of their signs: each digit, and the digits of its double added up.
_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")
_ZERO = ord("0")
# Letters of an account number as the RIB key counts them: A and J are 1, B, K and S are 2…
_RIB_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


def parse_siren(text: str) -> str:
    """The nine digits of a SIREN. Raises UserError when it cannot be one."""
    digits = _digits(text, "SIREN")
    if len(digits) == 8 and stdnum_siren.is_valid("0" + digits):
        return "0" + digits
    if len(digits) != 9:
        raise UserError(f"Ce SIREN a {len(digits)} chiffres, il en faut 9.")
    if not stdnum_siren.is_valid(digits) or digits == "0" * 9:
        raise UserError(f"La clé de ce SIREN ne tombe pas juste{NBSP}: un chiffre est inversé ou faux.")
    return digits


def parse_siret(text: str) -> str:
    """The fourteen digits of a SIRET: both Luhn keys, or the rule of La Poste, and a NIC that is not 00000.

    Raises UserError when it cannot be one; a bare SIREN is refused as well, under its name.
    """
    digits = _digits(text, "SIRET")
    if len(digits) == 13 and _is_siret("0" + digits):
        return "0" + digits
    if len(digits) in (14, 15) and digits.endswith("00000"):
        # A number cut by a spreadsheet passes the Luhn check by chance, but no establishment has the NIC 00000.
        raise _ruined(text)
    if len(digits) == 9 and stdnum_siren.is_valid(digits):
        raise UserError(f"{quote(digits)} est un SIREN. Le SIRET en a 5 de plus, 14 chiffres en tout.")
    if len(digits) != 14:
        hint = " Un zéro a pu être perdu au début." if len(digits) == 13 else ""
        raise UserError(f"Ce SIRET a {len(digits)} chiffres, il en faut 14.{hint}")
    if not _is_siret(digits):
        raise UserError(f"La clé de ce SIRET ne tombe pas juste{NBSP}: un chiffre est inversé ou faux.")
    return digits


class SiretState(StrEnum):
    """What becomes of the text found where a SIRET is expected."""

    VALID = "valid"
    CLEANED = "cleaned"
    RUINED = "ruined"
    CHECKSUM = "checksum"
    SIREN_ONLY = "siren_only"
    EMPTY = "empty"


def judge_siret(text: str) -> tuple[SiretState, str | None, str]:
    """(state, number, refusal) of what a file writes as SIRET: the number is a SIRET, or a SIREN when alone.

    « cleaned »: spaces, apostrophe, « .0 » or one leading zero were mended. « ruined »: scientific notation, NIC 00000,
    digits lost or no number at all. « checksum »: fourteen digits whose keys do not hold.
    """
    bare = text.strip()
    if not bare or bare in ("-", "–", "—"):
        return SiretState.EMPTY, None, ""
    try:
        number = parse_siret(bare)
    except UserError as refusal:
        if siren := siren_in(bare):
            return SiretState.SIREN_ONLY, siren, refusal.message
        digits = _bare_digits(_BLANKS.sub("", bare))
        whole = len(digits) == 14 and _ascii_digits(digits) and not digits.endswith("00000")
        return SiretState.CHECKSUM if whole else SiretState.RUINED, None, refusal.message
    return SiretState.VALID if number == bare else SiretState.CLEANED, number, ""


def siren_in(text: str) -> str | None:
    """The SIREN that somebody wrote where a SIRET was expected, if it is one."""
    digits = _bare_digits(_BLANKS.sub("", text))
    return digits if len(digits) == 9 and _ascii_digits(digits) and stdnum_siren.is_valid(digits) else None


def parse_rna(text: str) -> str:
    """A RNA number, « W779999999 »; Corsica (W2A…) and overseas (W9T…) have a letter. Raises UserError."""
    number = _BLANKS.sub("", text).upper()
    if not number.isascii() or not _RNA.fullmatch(number):
        raise UserError("Un RNA s’écrit W suivi de 9 caractères, par exemple W779999999.")
    return number


def is_rna(text: str) -> bool:
    """Whether a text is a RNA number, whatever its case and its spaces."""
    return not text.isdigit() and bool(_RNA.fullmatch(_BLANKS.sub("", text).upper()))


def parse_iban(text: str) -> str:
    """An IBAN in capitals without spaces; a French one must also hold the key of its RIB.

    Raises UserError; the message never repeats the number.
    """
    number = _BLANKS.sub("", text).upper().removeprefix("IBAN").lstrip(":")
    number = number.replace("-", "").replace(".", "")
    if not number.isascii() or not _IBAN.fullmatch(number):
        raise UserError(
            "Un IBAN s’écrit avec deux lettres puis des chiffres, 27 caractères en France. Vérifiez le RIB."
        )
    if number.startswith("FR") and len(number) != 27:
        raise UserError(f"Cet IBAN a {len(number)} caractères, il en faut 27 en France. Vérifiez le RIB.")
    try:
        stdnum_iban.validate(number)
    except ValidationError:
        raise UserError("La clé de cet IBAN ne tombe pas juste. Vérifiez le RIB.") from None
    if number.startswith("FR") and not _rib_key_holds(number[4:]):
        raise UserError("La clé RIB de cet IBAN ne tombe pas juste. Vérifiez le RIB.")
    return number


def parse_bic(text: str) -> str:
    """A BIC of 8 or 11 characters, in capitals: bank, country, place, branch. Raises UserError."""
    code = _BLANKS.sub("", text).upper()
    if not stdnum_bic.is_valid(code):
        raise UserError(f"{quote(text.strip())} n’est pas un BIC{NBSP}: il a 8 ou 11 caractères, comme sur le RIB.")
    return code


def display_siren(siren: str) -> str:
    """« 732 829 320 » with no-break spaces."""
    return NBSP.join((siren[:3], siren[3:6], siren[6:]))


def display_siret(siret: str) -> str:
    """« 732 829 320 00074 » with no-break spaces."""
    return NBSP.join((siret[:3], siret[3:6], siret[6:9], siret[9:]))


def display_iban(iban: str) -> str:
    """The IBAN in groups of four, with no-break spaces."""
    return NBSP.join(iban[i : i + 4] for i in range(0, len(iban), 4))


def masked_iban(iban: str) -> str:
    """« FR76 •••• 3417 »: enough to recognise an account, not enough to use it."""
    return NBSP.join((iban[:4], "••••", iban[-4:])) if len(iban) >= 15 else "••••"


def _digits(text: str, kind: str) -> str:
    if _ascii_digits(text):
        return text
    bare = _BLANKS.sub("", text)
    if _SCIENTIFIC.fullmatch(bare):
        raise _ruined(text)
    digits = _bare_digits(bare)
    if not _ascii_digits(digits):
        raise UserError(f"{quote(text.strip())} n’est pas un {kind}{NBSP}: un {kind} n’a que des chiffres.")
    return digits


def _bare_digits(bare: str) -> str:
    if grouped := _GROUPED.fullmatch(bare):
        return "".join(filter(None, grouped.groups()))
    return _ZERO_DECIMALS.sub("", bare)


def _ascii_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _ruined(text: str) -> UserError:
    return UserError(f"{quote(text.strip())} a été abîmé par le tableur. Le numéro ne peut pas être reconstitué.")


def _is_siret(digits: str) -> bool:
    if digits.endswith("00000") or digits[:9] == "0" * 9:
        return False
    # Lists hold thousands: both Luhn keys are counted at once, and the library knows the exceptions (La Poste).
    return (_luhn_holds(digits) and _luhn_holds(digits[:9])) or stdnum_siret.is_valid(digits)


def _luhn_holds(digits: str) -> bool:
    signs = digits.encode()
    return (sum(signs[-1::-2]) + sum(signs[-2::-2].translate(_DOUBLED)) - _ZERO * len(signs)) % 10 == 0


def _rib_key_holds(bban: str) -> bool:
    bank, branch, account, key = bban[:5], bban[5:10], bban[10:21], bban[21:]
    total = 89 * int(bank) + 15 * int(branch) + 3 * int(account.translate(_RIB_LETTERS))
    return int(key) == 97 - total % 97
