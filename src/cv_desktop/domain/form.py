"""The fields of a file that a person types, in the order of the Cerfa 12156: how each is read and shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Literal

from cv_desktop.domain.dates import PARIS, local, short_date, typed_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, parse_amount
from cv_desktop.domain.structure_fields import hundredths, parse_email, parse_hundredths, parse_phone
from cv_desktop.domain.text import NBSP, fold, quote

Kind = Literal["line", "long", "amount", "count", "hundredths", "day", "received", "answer", "choice"]
AID_FORMS = (("cash", "En numéraire"), ("in_kind", "En nature"))
PURPOSES = (("action", "Action"), ("running", "Fonctionnement global"))
_CONTACT = {"contact_email": parse_email, "contact_phone": parse_phone}


@dataclass(frozen=True, slots=True)
class FormField:
    """``yes`` and ``no`` are the words of an answer; ``choices`` the (value, words) of a choice."""

    name: str
    label: str
    kind: Kind
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    yes: str = "Oui"
    no: str = "Non"
    hint: str = ""

    @property
    def wide(self) -> bool:
        return self.kind == "long" or self.name in ("title", "place", "outside_reason", "other_aid")


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    fields: tuple[FormField, ...]


F = FormField
SECTIONS = (
    Section(
        "Demande",
        (
            F("deposited_at", "Reçu le", "received"),
            F("aid_form", "Forme de l’aide", "choice", choices=AID_FORMS),
            F("renewal", "Fréquence", "answer", yes="Renouvellement", no="Première demande"),
            F("purpose", "Objet", "choice", choices=PURPOSES),
            F("tranche", "Tranche de la convention pluriannuelle", "count", hint="Vide pour une demande annuelle."),
            F("tranches", "sur", "count"),
        ),
    ),
    Section(
        "Personne chargée du dossier",
        (
            F("contact_name", "Nom de la personne chargée du dossier", "line"),
            F("contact_role", "Fonction de cette personne", "line"),
            F("contact_phone", "Téléphone de cette personne", "line"),
            F("contact_email", "Courriel de cette personne", "line"),
        ),
    ),
    Section(
        "Action",
        (
            F("title", "Intitulé de l’action", "line", required=True),
            F("goals", "Objectifs", "long"),
            F("description", "Description", "long"),
            F("starts_on", "Début", "day"),
            F("ends_on", "Fin", "day"),
            F("place", "Lieux de réalisation", "line"),
        ),
    ),
    Section(
        "Public",
        (
            F("beneficiaries", "Bénéficiaires", "count"),
            F("quarter_residents", "dont habitants des QPV", "count"),
            F("women", "dont femmes", "count"),
            F("under_25", "dont moins de 25 ans", "count"),
            F("audience", "Caractéristiques du public", "long"),
            F("fee", "Participation financière demandée", "line"),
        ),
    ),
    Section(
        "Moyens",
        (
            F("means", "Moyens matériels et humains", "long"),
            F("volunteers", "Bénévoles", "count"),
            F("employees", "Personnes salariées", "count"),
            F("service_volunteers", "Volontaires", "count", hint="Service civique, volontariat associatif."),
            F("full_time", "Équivalents temps plein", "hundredths", hint="Exemple : 1,5".replace(" :", f"{NBSP}:")),
            F("recruitment", "Recrutement envisagé", "answer"),
        ),
    ),
    Section(
        "Évaluation",
        (F("evaluation", "Méthode d’évaluation", "long"), F("extra", "Informations complémentaires", "long")),
    ),
    Section(
        "Montants",
        (
            F("asked_cents", "Demandé", "amount", required=True),
            F("cost_cents", "Budget de l’action", "amount", required=True),
            F("minimum_cents", "Minimum viable", "amount",
              hint="Ce sans quoi l’action ne se fait pas ; vide si l’association ne le dit pas."),
        ),
    ),
    Section(
        "Priorités transversales",
        (
            F("equality", "Égalité femmes-hommes", "long"),
            F("participation", "Participation des habitants", "long"),
            F("ecology", "Transition écologique", "long"),
        ),
    ),
    Section(
        "Attestations",
        (
            F("republican_contract", "Contrat d’engagement républicain", "answer", yes="Souscrit", no="Non souscrit"),
            F("obligations_met", "À jour de ses obligations", "answer",
              hint="Administratives, comptables, sociales et fiscales."),
            F("sincere", "Informations exactes et sincères", "answer", yes="Attestées", no="Non attestées"),
            F("charter_kept", "Charte des engagements réciproques", "answer", yes="Respectée", no="Non respectée"),
            F("signatory_name", "Signataire", "line"),
            F("signatory_role", "Fonction du signataire ou de la signataire", "line"),
            F("signed_on", "Signé le", "day"),
            F("power_of_signature", "Pouvoir joint", "answer",
              hint="Si la personne n’est pas la représentante légale."),
            F("public_aid_above_limit", "Aides publiques sur trois exercices", "answer",
              yes="Au-dessus du seuil", no="Au seuil ou en dessous",
              hint="Seuil du règlement, comparé aux subventions connues."),
            F("other_aid", "Aides de minimis et autres aides publiques", "line"),
        ),
    ),
)  # fmt: skip
# Written beside the quarters, of which it says why there is none.
OUTSIDE = F("outside_reason", "Justification hors QPV", "line", hint="Poche de pauvreté, public venant d’un QPV…")
LEAD_SHARE = F("lead_share", "Part du chef de file (%)", "hundredths")
ALL: dict[str, FormField] = {f.name: f for s in SECTIONS for f in s.fields} | {f.name: f for f in (OUTSIDE, LEAD_SHARE)}
# Long texts: the journal says that they changed, and their values stand in before and after.
TEXTS = frozenset(name for name, f in ALL.items() if f.kind == "long")


def shown(name: str, value: Any) -> str:
    """A field as its editor shows it; empty for None."""
    if value is None:
        return ""
    shower = _SHOWN.get(ALL[name].kind)
    return str(shower(ALL[name], value) if shower else value)


def read(name: str, text: str) -> Any:
    """The value of a field as typed: cents, numbers, days, answers; None when it is empty and may be.

    Raises UserError when the text does not fit.
    """
    field, bare = ALL[name], text.strip()
    if field.required and not bare:
        raise UserError(f"Le champ « {field.label} » est obligatoire.", field=name)
    if field.kind == "long":
        return bare
    if not bare:
        return None if name not in _NEVER_NULL else ""
    if name in _CONTACT:
        try:
            return _CONTACT[name](bare)
        except UserError as refusal:
            raise UserError(refusal.message, field=name) from None
    reader = _READ.get(field.kind)
    return reader(field, bare) if reader else bare


def doubts(values: Mapping[str, Any]) -> tuple[str, ...]:
    """What cannot be right together on a form: a part larger than its whole, an end before its beginning, a tranche.

    ``values`` by name of field; what is missing is no doubt.
    """
    whole = values.get("beneficiaries")
    parts = (
        ("femmes", values.get("women")),
        ("moins de 25 ans", values.get("under_25")),
        ("habitants des QPV", values.get("quarter_residents")),
    )
    said = [
        f"{part} {words} pour {whole} bénéficiaires{NBSP}: la partie dépasse le tout."
        for words, part in parts
        if whole is not None and part is not None and part > whole
    ]
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if starts and ends and ends < starts:
        said.append("L’action finit avant de commencer.")
    if tranche := tranche_doubt(values.get("tranche"), values.get("tranches")):
        said.append(tranche)
    return tuple(said)


def tranche_doubt(tranche: int | None, tranches: int | None) -> str:
    """Why « tranche n sur m » cannot hold; empty when it does. Four years at most (circulaire of 29 September 2015)."""
    if tranche is None and tranches is None:
        return ""
    if tranche is None or tranches is None:
        return "Indiquez la tranche et le nombre de tranches, par exemple 2 sur 3."
    if tranche < 1 or tranche > tranches:
        return f"La tranche {tranche} n’existe pas dans une convention de {tranches} ans."
    if tranches > LONGEST:
        return f"Une convention pluriannuelle dure {LONGEST} ans au plus{NBSP}; {tranches} sont indiqués."
    return ""


LONGEST = 4
_NEVER_NULL = frozenset(
    ("title", "fee", "place", "outside_reason", "other_aid", "signatory_name", "signatory_role", "contact_name",
     "contact_role", "contact_phone", "contact_email")
)  # fmt: skip


def _amount(field: FormField, text: str) -> int:
    cents = parse_amount(text)
    if cents < 0:
        raise UserError(f"{quote(text)} est négatif. Exemple{NBSP}: 4{NBSP}000 ou 4{NBSP}000,50.", field=field.name)
    return cents


def _count(field: FormField, text: str) -> int:
    bare = re.sub(r"\s", "", text)
    if not (bare.isascii() and bare.isdecimal()) or len(bare) > 9:
        what = "un nombre" if field.name.startswith("tranche") else "un nombre de personnes"
        raise UserError(f"{quote(text)} n’est pas {what}. Exemple{NBSP}: 120.", field=field.name)
    return int(bare)


def _hundredths(field: FormField, text: str) -> int:
    try:
        return parse_hundredths(text.replace("%", ""))
    except UserError as refusal:
        raise UserError(refusal.message, field=field.name) from None


def _answer(field: FormField, text: str) -> bool:
    said = fold(text)
    if said in (fold(field.yes), "oui", "o"):
        return True
    if said in (fold(field.no), "non", "n"):
        return False
    raise UserError("Répondez par oui ou par non.", field=field.name)


def _choice(field: FormField, text: str) -> str:
    for value, words in field.choices:
        if fold(text) in (value, fold(words)):
            return value
    raise UserError(f"{quote(text)} n’est pas un choix proposé.", field=field.name)


def _received(_field: FormField, text: str) -> datetime:
    return datetime.combine(typed_date(text), time(12), PARIS)


def _words_of(field: FormField, value: Any) -> str:
    return dict(field.choices).get(str(value), str(value))


_READ: dict[str, Any] = {
    "amount": _amount,
    "count": _count,
    "hundredths": _hundredths,
    "answer": _answer,
    "choice": _choice,
    "received": _received,
    "day": lambda _field, text: typed_date(text),
}
_SHOWN: dict[str, Any] = {
    "amount": lambda _field, value: euros(value),
    "hundredths": lambda _field, value: hundredths(value),
    "answer": lambda field, value: field.yes if value else field.no,
    "choice": _words_of,
    "day": lambda _field, value: short_date(value),
    "received": lambda _field, value: short_date(local(value).date() if isinstance(value, datetime) else value),
}
