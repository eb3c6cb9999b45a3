"""The fields that an application file holds, and the headers under which they are found.

Headers are compared by their words: case, accents, apostrophes, hyphens, small words (« de », « du ») and units
do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cv_desktop.domain.text import fold, words

# Nobody writes a longer header: it is a paragraph of explanation.
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Field:
    """``names`` are whole headers, the usual one first; ``starts`` are beginnings, tried afterwards.

    Both are kept as ``header_key`` gives them; names without their spaces. ``required``: no reading without it;
    ``judged``: a check of the règlement asks for it.
    """

    key: str
    label: str
    names: tuple[str, ...]
    starts: tuple[str, ...] = ()
    required: bool = False
    judged: bool = False


_EMPTY_WORDS = frozenset(("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "par"))
_UNITS = re.compile(r"\((?:en |eur|k|m)?[^()]{0,12}(?:€|euros?|eur|ttc)[^()]{0,6}\)|€|\beuros?\b", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-zé])(?=[A-Z])")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def header_key(header: str) -> str:
    """A header for comparison: « Nom du bénéficiaire », « NOM_BENEFICIAIRE » and « nomBeneficiaire » are the same."""
    text = words(_CAMEL.sub(" ", _UNITS.sub(" ", header)) or header)
    kept = [word for word in text.split() if word not in _EMPTY_WORDS]
    return " ".join(kept) or text


def year_in(header: str) -> int | None:
    """The only year that a text holds, if any."""
    found = set(_YEAR.findall(header))
    return int(found.pop()) if len(found) == 1 else None


def field(
    key: str, label: str, *names: str, starts: Iterable[str] = (), required: bool = False, judged: bool = False
) -> Field:
    """A field found under ``names``, or under headers that begin with one of ``starts``."""
    whole = (" > ".join(map(header_key, name.split(" > "))) for name in names)
    bare = tuple(name.replace(" ", "") for name in whole)
    return Field(key, label, bare, tuple(map(header_key, starts)), required, judged)


def fields_from(data: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    """The fields of one kind of file, as the reference table of columns writes them."""
    return tuple(
        field(
            one["key"], one["label"], *one["names"], starts=one.get("starts", ()), required=one.get("required", False)
        )
        for one in data
    )


_NUMBER = ("Dossier ID", "ID dossier", "ID", "Numéro de dossier", "N° dossier", "N° de dossier", "Numéro dossier")

APPLICATION = (
    field("number", "Numéro externe", "ID", *_NUMBER, required=True),
    field("state", "État d’origine", "État du dossier", "État", "Statut du dossier", "Statut"),
    field("deposited_at", "Date de dépôt", "Déposé le", "Date de dépôt", "Dépôt le", required=True),
    field("name", "Structure", "Entreprise raison sociale", "Raison sociale", "Nom de l'association",
           "Nom de la structure", "Dénomination", "Association", "Structure", "Porteur"),
    field("title", "Titre de l’action", "Intitulé de l'action", "Intitulé de votre action", "Titre de l'action",
           "Intitulé du projet", "Intitulé de votre projet", "Nom de l'action", "Titre du projet", "Intitulé",
           starts=("Intitulé de l'action", "Titre de l'action"), required=True),
    field("theme", "Thématique", "Thématique principale", "Thématique", "Thème", "Volet",
           "Volet du contrat de ville", starts=("Thématique", "Volet du contrat")),
    field("quarters", "Quartiers", "Quartier(s) prioritaire(s) concerné(s)", "Quartiers prioritaires concernés",
           "Quartier prioritaire concerné", "Quartiers concernés", "Quartier(s) concerné(s)", "Quartiers", "Quartier",
           "QPV", starts=("Quartier(s) prioritaire(s)", "Quartiers prioritaires", "Quartier(s)"), judged=True),
    field("description", "Description", "Description de l'action", "Description du projet", "Description",
           "Objectifs de l'action", starts=("Description de l'action", "Description de votre")),
    field("beneficiaries", "Bénéficiaires", "Nombre de bénéficiaires attendus", "Nombre de bénéficiaires",
           "Bénéficiaires", "Public attendu", starts=("Nombre de bénéficiaires", "Nb de bénéficiaires"), judged=True),
    field("women", "Femmes", "dont femmes", "Nombre de femmes", "Femmes", "Nb de femmes",
           starts=("dont femmes", "Nombre de femmes", "Nb de femmes")),
    field("qpv_residents", "Public QPV", "dont habitants des QPV", "Habitants des QPV", "Public QPV",
           starts=("dont habitants des quartiers", "dont habitants des QPV", "dont habitants QPV", "dont résidents"),
          judged=True),
    field("starts_on", "Début de l’action", "Date de début", "Date de début de l'action", "Début de l'action",
           "Début", starts=("Date de début",), judged=True),
    field("ends_on", "Fin de l’action", "Date de fin", "Date de fin de l'action", "Fin de l'action", "Fin",
           starts=("Date de fin",), judged=True),
    field("cost", "Budget de l’action", "Coût total de l'action", "Coût total du projet", "Coût de l'action",
           "Budget de l'action", "Budget total", "Coût total", starts=("Coût total", "Budget total"), judged=True),
    field("asked", "Montant demandé", "Montant demandé au titre du FIA", "Montant demandé", "Montant sollicité",
           "Subvention demandée", "Subvention sollicitée", "Montant de la subvention demandée",
           starts=("Montant demandé au titre", "Montant demandé", "Montant sollicité", "Montant de la subvention"),
           required=True),
    field("equality", "Égalité femmes-hommes", "Égalité femmes-hommes", "Égalité entre les femmes et les hommes",
           starts=("Égalité",)),
    field("participation", "Participation des habitants", "Participation des habitants",
           starts=("Participation des",)),
    field("ecology", "Transition écologique", "Transition écologique", starts=("Transition écologique",)),
    field("rna", "RNA", "Numéro RNA", "RNA", "N° RNA"),
    field("iban", "IBAN", "IBAN", "Numéro IBAN", "Coordonnées bancaires (IBAN)"),
    field("representative_name", "Représentant légal", "Nom du représentant légal", "Représentant légal",
           "Nom et prénom du représentant légal", starts=("Nom du représentant", "Nom de la représentante")),
    field("representative_role", "Fonction du représentant", "Fonction du représentant légal", "Fonction",
           starts=("Fonction du représentant", "Qualité du représentant")),
    field("phone", "Téléphone", "Téléphone", "Numéro de téléphone", "Tél.", starts=("Téléphone",)),
    field("email", "Courriel", "Email", "E-mail", "Courriel", "Adresse électronique", "Adresse mail"),
    field("statuts", "Pièce\u00a0: statuts", "Statuts", "Statuts de l'association", starts=("Statuts ",), judged=True),
    field("rib", "Pièce\u00a0: RIB", "RIB", "Relevé d'identité bancaire", starts=("RIB ", "Relevé d'identité"),
          judged=True),
    field("bilan", "Pièce\u00a0: bilan", "Bilan de l'action précédente", "Bilan", starts=("Bilan de l'action",)),
    field("comptes", "Pièce\u00a0: comptes", "Comptes", "Comptes annuels", "Derniers comptes approuvés",
           starts=("Comptes annuels", "Derniers comptes")),
    field("rapport_activite", "Pièce\u00a0: rapport d’activité", "Rapport d'activité", starts=("Rapport d'activité",)),
    field("dirigeants", "Pièce\u00a0: liste des dirigeants", "Liste des dirigeants", "Composition du bureau",
           starts=("Liste des dirigeants", "Liste des membres")),
    field("republican_contract", "Contrat d’engagement républicain",
           "J'ai souscrit le contrat d'engagement républicain", "Contrat d'engagement républicain",
           starts=("J'ai souscrit", "Contrat d'engagement"), judged=True),
)  # fmt: skip

ESTABLISHMENT = (
    field("number", "Numéro externe", *_NUMBER, required=True),
    field("siret", "SIRET", "Établissement SIRET", "SIRET", "Numéro SIRET", "N° SIRET"),
    field("siren", "SIREN", "Entreprise SIREN", "SIREN", "Numéro SIREN"),
    field("association_rna", "RNA", "Association RNA", "RNA", "Numéro RNA"),
    field("legal_form", "Catégorie juridique", "Entreprise forme juridique code", "Catégorie juridique"),
    field("address", "Adresse", "Établissement Adresse", "Adresse", "Adresse du siège"),
    field("postal_code", "Code postal", "Établissement code postal", "Code postal"),
    field("commune", "Commune", "Établissement localité", "Commune", "Localité", "Ville"),
    field("commune_code", "Code commune", "Établissement code INSEE localité", "Code INSEE", "Code commune"),
    field("company_name", "Structure", "Entreprise raison sociale", "Raison sociale"),
    field("association_title", "Structure", "Association titre"),
    field("association_created_on", "Date de création", "Association date de création"),
    field("company_created_on", "Date de création", "Entreprise date de création", "Date de création"),
)

BUDGET = (
    field("number", "Numéro externe", *_NUMBER, required=True),
    field("rank", "Ligne", "Ligne", "N° ligne"),
    field("account", "Compte", "Compte", "Numéro de compte", "N° compte", starts=("Compte",)),
    field("label", "Intitulé", "Intitulé", "Financeur", "Libellé", "Nature", "Poste",
           starts=("Intitulé", "Financeur", "Nature")),
    field("amount", "Montant", "Montant", "Montant en euros", "Montant (€)", starts=("Montant",), required=True),
    field("state", "Acquis", "Acquis ?", "Acquis?", "Acquis", "État", "Statut", starts=("Acquis",)),
)  # fmt: skip


def match_headers(
    headers: Sequence[str], fields: Sequence[Field], chosen: Mapping[str, str], groups: Sequence[str] = ()
) -> dict[str, int]:
    """Column of each field recognised among the headers: chosen ones first, then whole names, then beginnings.

    A name under its group (« Association > Nom ») comes before the name alone. A column serves one field, a field
    has one column.
    """
    known = {field.key for field in fields}
    found: dict[str, int] = {}
    free: dict[int, str] = {}
    grouped: dict[int, str] = {}
    for position, header in enumerate(headers):
        if len(header) >= _LONGEST:
            free[position] = ""
            continue
        folded = fold(header)
        group = groups[position] if position < len(groups) else ""
        if group and (whole := fold(f"{group} > {header}")) in chosen:
            folded = whole
        if folded not in chosen:
            free[position] = header_key(header)
            if group:
                grouped[position] = f"{header_key(group)} > {free[position]}"
        elif chosen[folded] in known:
            found.setdefault(chosen[folded], position)
    undated = {at: header_key(_YEAR.sub(" ", headers[at])) for at in free if _YEAR.search(headers[at])}
    for names in (grouped, free, undated):
        places = {header.replace(" ", ""): column for column, header in reversed(names.items()) if header}
        for field in fields:
            if field.key in found:
                continue
            place = next((places[name] for name in field.names if places.get(name) in free), None)
            if place is not None:
                found[field.key] = place
                del free[place]
    for field in fields:
        if field.key not in found and (at := _begins(field, free)) is not None:
            found[field.key] = at
            del free[at]
    return found


def _begins(field: Field, free: Mapping[int, str]) -> int | None:
    # The beginning must stop at the end of a word: « RIB » is not the beginning of « Ribambelle ».
    for start in field.starts:
        for at, header in free.items():
            if header.startswith(start) and not header[len(start) : len(start) + 1].isalnum():
                return at
    return None
