"""The fields of a structure's record: what each is called, how it is read as typed and how it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cv_desktop.domain.dates import short_date, typed_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import display_siret, parse_rna, parse_siret
from cv_desktop.domain.money import euros, figures, parse_amount
from cv_desktop.domain.text import NBSP, fold, quote

_POSTAL = re.compile(r"\d{5}")
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class RecordField:
    """``parse`` reads what is typed and raises UserError; ``show`` gives back a text that ``parse`` reads.

    ``answer``: it is answered by yes or no.
    """

    label: str
    parse: Callable[[str], Any] = str.strip
    show: Callable[[Any], str] = str
    required: bool = False
    answer: bool = False

    def read(self, text: str) -> Any:
        """The value typed; None when empty. Raises UserError when it does not hold or is missing."""
        bare = text.strip()
        if not bare:
            if self.required:
                raise UserError(f"{quote(self.label)} est obligatoire.")
            return None
        return self.parse(bare)

    def shown(self, value: Any) -> str:
        """The value as a person reads it; empty when there is none."""
        return "" if value is None or value == "" else self.show(value)


def parse_count(text: str) -> int:
    """A number of persons, « 1 200 ». Raises UserError when it is not a whole number, or is out of reason."""
    bare = "".join(text.split()).replace(NBSP, "")
    if not (bare.isascii() and bare.isdigit()):
        raise UserError(f"{quote(text.strip())} n’est pas un nombre entier. Exemple{NBSP}: 12.")
    if int(bare) > _MOST:
        raise UserError(f"{quote(text.strip())} est hors de portée. Vérifiez le nombre de chiffres.")
    return int(bare)


def parse_positive_amount(text: str) -> int:
    """An amount in cents, never negative. Raises UserError."""
    cents = parse_amount(text)
    if cents < 0:
        raise UserError(f"{euros(cents)} est négatif{NBSP}; un montant positif est attendu.")
    return cents


def parse_email(text: str) -> str:
    """An address with one @ and a domain. Raises UserError; nothing is mended."""
    bare = text.strip()
    name, at, domain = bare.partition("@")
    if not name or not at or "." not in domain.strip(".") or "@" in domain or any(c.isspace() for c in bare):
        raise UserError(f"{quote(bare)} n’est pas une adresse de courriel. Exemple{NBSP}: contact@exemple.fr.")
    return bare


def parse_phone(text: str) -> str:
    """A phone number as one writes it; a French one of ten digits is grouped by two.

    Raises UserError when there are not enough digits, or signs that no number has.
    """
    bare = text.strip()
    digits = re.sub(r"[\s.\-/()\u00a0]", "", bare)
    plus = digits.startswith("+")
    digits = digits.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()) or not 9 <= len(digits) <= 15:
        raise UserError(f"{quote(bare)} n’est pas un numéro de téléphone. Exemple{NBSP}: 01 99 00 12 34.")
    if plus and digits.startswith("33") and len(digits) == 11:
        plus, digits = False, f"0{digits[2:]}"
    if not plus and len(digits) == 10:
        return " ".join(digits[i : i + 2] for i in range(0, 10, 2))
    return f"+{digits}" if plus else digits


def parse_postal_code(text: str) -> str:
    """Five digits. Raises UserError."""
    bare = "".join(text.split())
    if not (bare.isascii() and _POSTAL.fullmatch(bare)):
        raise UserError(f"{quote(text.strip())} n’est pas un code postal{NBSP}: il en faut cinq chiffres.")
    return bare


def parse_answer(text: str) -> bool:
    """« oui » or « non ». Raises UserError."""
    said = fold(text)
    if said in ("oui", "o", "non", "n"):
        return said.startswith("o")
    raise UserError("Répondez par oui ou par non.")


def parse_hundredths(text: str) -> int:
    """A number with two decimals at most, « 1,5 », in hundredths. Raises UserError."""
    bare = re.sub(r"\s", "", text).replace(",", ".")
    if not re.fullmatch(r"\d{1,6}(\.\d{1,2})?", bare):
        raise UserError(f"{quote(text.strip())} n’est pas un nombre à deux décimales au plus. Exemple{NBSP}: 1,5.")
    return int(Decimal(bare) * 100)


def hundredths(value: int) -> str:
    """« 1,5 » of 150, « 33,33 » of 3333, « 2 » of 200."""
    return f"{Decimal(value) / 100:f}".rstrip("0").rstrip(".").replace(".", ",") if value % 100 else str(value // 100)


def day_text(day: date | str) -> str:
    return short_date(day) if isinstance(day, date) else day


def _answer(label: str) -> RecordField:
    return RecordField(label, parse_answer, lambda value: "oui" if value else "non", answer=True)


FIELDS: dict[str, RecordField] = {
    "name": RecordField("Nom", required=True),
    "acronym": RecordField("Sigle"),
    "siret": RecordField("SIRET", parse_siret, display_siret),
    "rna": RecordField("RNA", parse_rna),
    "legal_form": RecordField("Forme juridique"),
    "purpose": RecordField("Objet"),
    "address": RecordField("Adresse du siège"),
    "postal_code": RecordField("Code postal", parse_postal_code),
    "commune": RecordField("Commune"),
    "email": RecordField("Courriel", parse_email),
    "phone": RecordField("Téléphone", parse_phone),
    "website": RecordField("Site internet"),
    "employees": RecordField("Salariés", parse_count),
    "volunteers": RecordField("Bénévoles", parse_count),
    "members": RecordField("Adhérents", parse_count),
    "budget_cents": RecordField("Budget annuel", parse_positive_amount, figures),
    "mail_address": RecordField("Adresse de gestion, si différente"),
    "delegated_commune": RecordField("Commune déléguée"),
    "local_court": RecordField("Tribunal d’inscription"),
    "local_registered_on": RecordField("Inscrite au registre le", typed_date, day_text),
    "local_volume": RecordField("Volume"),
    "local_folio": RecordField("Folio"),
    "public_utility": _answer("Reconnue d’utilité publique"),
    "public_utility_on": RecordField("Publiée au Journal officiel le", typed_date, day_text),
    "taxed": _answer("Assujettie aux impôts commerciaux"),
    "networks": RecordField("Réseau, union ou fédération"),
    "member_bodies": RecordField("Personnes morales adhérentes"),
    "service_volunteers": RecordField("Volontaires", parse_count),
    "aided_jobs": RecordField("dont emplois aidés", parse_count),
    "full_time": RecordField("Salariés en équivalent temps plein", parse_hundredths, hundredths),
    "seconded": RecordField("Personnel mis à disposition ou détaché", parse_count),
    "member_women": RecordField("dont adhérentes", parse_count),
    "member_men": RecordField("dont adhérents", parse_count),
    "exercise_starts_on": RecordField("Exercice, du", typed_date, day_text),
    "exercise_ends_on": RecordField("Exercice, au", typed_date, day_text),
    "income_cents": RecordField("Produits de l’exercice", parse_positive_amount, figures),
    "created_on": RecordField("Créée le", typed_date, day_text),
    "dissolved_on": RecordField("Dissoute le", typed_date, day_text),
}
