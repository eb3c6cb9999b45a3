"""The reference lists of the service: what each is called, its fields as they are typed and shown, what may be added.

A line that something uses is never deleted: it is closed on a day, and no longer proposed from then on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cv_desktop.domain.dates import typed_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, parse_amount
from cv_desktop.domain.structure_fields import RecordField, day_text, parse_answer
from cv_desktop.domain.text import NBSP, counted, fold, quote, words

THEME, STAKE, OBJECTIVE, QUARTER, FUNDER = "theme", "stake", "objective", "quarter", "funder"
DOCUMENT_KIND, LEGAL_FORM, MOTIVE, FORM_WORDS = "document_kind", "legal_form", "motive", "form_words"
MENTION = "mention"
ALWAYS, NEVER, UNLIMITED = "toujours", "si la structure en a", f"sans{NBSP}limite"
_ABOVE = re.compile(r"(?:si )?(?:plus de|au dela de|>)\s*([\d\s.,]+)\s*(?:€|euros?)?")
_FIELD = re.compile(r"\{([^}]*)\}")


def parse_months(text: str) -> int | None:
    """A validity in months; None for « sans limite ». Raises UserError."""
    bare = fold(text)
    if bare in ("-", "sans limite", "aucune"):
        return None
    found = re.fullmatch(r"(\d{1,3})(?: mois)?", bare)
    if found is None or not int(found[1]):
        raise UserError(f"{quote(text.strip())} n’est pas un nombre de mois. Exemple{NBSP}: 12, ou sans limite.")
    return int(found[1])


def parse_needed(text: str) -> tuple[bool, int | None]:
    """(awaited, above how much of grants in the year) of « toujours », « si plus de 153 000 € »… Raises UserError."""
    bare = fold(text)
    if found := _ABOVE.fullmatch(bare):
        return True, parse_amount(found[1])
    if bare and fold(ALWAYS).startswith(bare):
        return True, None
    if bare == "jamais" or (bare and fold(NEVER).startswith(bare)):
        return False, None
    raise UserError(
        f"{quote(text.strip())} n’est pas une condition. Écrivez {ALWAYS}, {NEVER}, "
        f"ou si plus de 153{NBSP}000{NBSP}€ de subventions dans l’année."
    )


def show_needed(value: tuple[bool, int | None]) -> str:
    """« toujours », « si la structure en a », « si plus de 153 000 € »."""
    awaited, threshold = value
    if not awaited:
        return NEVER
    return ALWAYS if threshold is None else f"si plus de {euros(threshold)}"


def parse_names(text: str) -> list[str]:
    """Names between commas, without repeats."""
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def parse_quarter(text: str) -> str:
    """The code of a priority quarter of 2024, « QN07708M ». Raises UserError."""
    bare = "".join(text.split()).upper()
    if not re.fullmatch(r"QN[0-9A-Z]{3}[0-9]{2}[A-Z]", bare):
        raise UserError(f"{quote(text.strip())} n’est pas un code de quartier prioritaire. Exemple{NBSP}: QN07708M.")
    return bare


def parse_legal_form(text: str) -> str:
    """A legal category of four figures (INSEE, niveau III). Raises UserError."""
    bare = "".join(text.split())
    if not (bare.isascii() and bare.isdigit() and len(bare) == 4):
        raise UserError(f"{quote(text.strip())} n’est pas une catégorie juridique{NBSP}: il en faut quatre chiffres.")
    return bare


def parse_account(text: str) -> str:
    """An account of class 7. Raises UserError."""
    bare = "".join(text.split())
    if not re.fullmatch(r"7\d{1,4}", bare):
        raise UserError(f"{quote(text.strip())} n’est pas un compte de produits. Exemple{NBSP}: 7478.")
    return bare


def parse_code(text: str) -> str:
    """The code of an objective, « EMP.1.3 ». Raises UserError."""
    bare = "".join(text.split()).upper()
    if not re.fullmatch(r"[A-Z0-9]+(\.[A-Z0-9]+)*", bare):
        raise UserError(f"{quote(text.strip())} n’est pas un code. Exemple{NBSP}: EMP.1.3.")
    return bare


def keep_fields(text: str, before: str) -> str:
    """The text, if it asks no other field than the one it replaces, « {article} ». Raises UserError."""
    known, asked = set(_FIELD.findall(before)), set(_FIELD.findall(text))
    if unknown := asked - known:
        allowed = ", ".join(f"{{{name}}}" for name in sorted(known)) or "aucun"
        raise UserError(
            f"{{{sorted(unknown)[0]}}} ne peut pas être rempli dans ce texte. Champs possibles{NBSP}: {allowed}."
        )
    return text


_CLOSED = RecordField("Clos le", typed_date, day_text)
_LABEL = RecordField("Intitulé", required=True)
_PUBLIC = RecordField("Financeur public", parse_answer, lambda value: "oui" if value else "non", answer=True)
_NAMES = RecordField("Noms reconnus", parse_names, ", ".join)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """``fields`` are edited in the table, ``asked`` those of a new line (none: nothing may be added).

    ``users`` names what uses a line, « dossier ».
    """

    key: str
    title: str
    sentence: str
    thing: str
    fields: Mapping[str, RecordField]
    asked: Mapping[str, RecordField] = field(default_factory=dict)
    users: str = "dossier"
    closes: bool = True

    def used(self, number: int) -> str:
        """« utilisé par 12 dossiers »; empty when nothing does."""
        return f"utilisé par {counted(number, self.users)}" if number else ""


CATALOGUES: dict[str, Catalogue] = {
    made.key: made
    for made in (
        Catalogue(
            THEME,
            "Volets",
            "Les axes du contrat de ville. Un volet clos n’est plus proposé aux nouveaux dossiers.",
            "volet",
            {"label": _LABEL, "closed_on": _CLOSED},
        ),
        Catalogue(
            STAKE,
            "Enjeux",
            "Les enjeux de chaque volet, sous lesquels sont rangés les objectifs.",
            "enjeu",
            {"label": _LABEL, "closed_on": _CLOSED},
        ),
        Catalogue(
            OBJECTIVE,
            "Objectifs",
            "Les objectifs du plan d’action. Le début du code est celui de l’enjeu.",
            "objectif",
            {"label": _LABEL, "closed_on": _CLOSED},
            {"code": RecordField("Code", parse_code, required=True), "label": _LABEL},
        ),
        Catalogue(
            QUARTER,
            "Quartiers",
            "Les quartiers prioritaires et les noms sous lesquels le service les écrit.",
            "quartier",
            {"name": RecordField("Nom", required=True), "closed_on": _CLOSED},
            {
                "code": RecordField("Code du quartier", parse_quarter, required=True),
                "name": RecordField("Nom", required=True),
            },
        ),
        Catalogue(
            FUNDER,
            "Cofinanceurs",
            "Public ou privé compte dans le taux de financement public\u00a0; les noms reconnus s’écrivent entre "
            "virgules.",
            "cofinanceur",
            {
                "label": _LABEL,
                "account": RecordField("Compte", parse_account, required=True),
                "public": _PUBLIC,
                "synonyms": _NAMES,
                "closed_on": _CLOSED,
            },
            {
                "label": _LABEL,
                "account": RecordField("Compte", parse_account, required=True),
                "public": _PUBLIC,
                "synonyms": _NAMES,
            },
        ),
        Catalogue(
            DOCUMENT_KIND,
            "Pièces des structures",
            "Les pièces qu’une structure remet une fois pour tous ses dossiers. «\u00a0Si plus de\u00a0» compare aux "
            "subventions accordées dans l’année. Une durée changée vaut pour les pièces reçues ensuite.",
            "pièce",
            {
                "label": _LABEL,
                "validity_months": RecordField("Validité", parse_months, lambda value: f"{value}{NBSP}mois"),
                "needed": RecordField("Demandée", parse_needed, show_needed, required=True),
                "closed_on": _CLOSED,
            },
            {
                "label": _LABEL,
                "validity_months": RecordField("Validité en mois", parse_months),
                "needed": RecordField("Demandée", parse_needed, show_needed),
            },
            users="pièce reçue",
        ),
        Catalogue(
            LEGAL_FORM,
            "Formes juridiques",
            "Catégories de l’Insee, niveau III. Un intitulé changé vaut à partir d’aujourd’hui.",
            "forme juridique",
            {"text": _LABEL, "closed_on": _CLOSED},
            {"code": RecordField("Catégorie", parse_legal_form, required=True), "text": _LABEL},
            users="structure",
        ),
        Catalogue(
            MOTIVE,
            "Motifs et phrases",
            "Les motifs des décisions, les phrases des demandes de pièces, et les motifs que proposent les questions, "
            "entre points-virgules. Un texte changé vaut à partir d’aujourd’hui\u00a0; les courriers émis gardent le "
            "leur.",
            "motif",
            {"text": RecordField("Texte", required=True)},
            closes=False,
        ),
        Catalogue(
            MENTION,
            "Mentions légales",
            "Ce que plusieurs courriers impriment. Un courrier prend la version en vigueur à sa date\u00a0; une fois "
            "émis, il la garde. Un texte en vigueur que l’on change vaut à partir d’aujourd’hui.",
            "mention",
            {"text": RecordField("Texte", required=True)},
            closes=False,
        ),
        Catalogue(
            FORM_WORDS,
            "Formulaires PDF",
            "Les mots, entre virgules, auxquels se reconnaissent les champs d’un Cerfa rempli à l’écran.",
            "champ",
            {"names": RecordField("Mots reconnus", parse_names, ", ".join, required=True)},
            closes=False,
        ),
    )
}


def slug(label: str) -> str:
    """A key made of a label: « Fondation du Modèle » gives « fondation_du_modele »."""
    return "_".join(words(label).split())
