"""The fields that an application file holds, and the headers under which they are found.

Headers are compared folded: case, accents, typographic apostrophes, spaces and line breaks do not matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cv_desktop.domain.text import fold


@dataclass(frozen=True, slots=True)
class Field:
    """``names`` are whole folded headers, the usual one first; ``starts`` are beginnings, tried afterwards."""

    key: str
    label: str
    names: tuple[str, ...]
    starts: tuple[str, ...] = ()
    required: bool = False


def _field(key: str, label: str, *names: str, starts: tuple[str, ...] = (), required: bool = False) -> Field:
    return Field(key, label, tuple(map(fold, names)), tuple(map(fold, starts)), required)


_NUMBER = ("Dossier ID", "ID dossier", "ID", "Numéro de dossier", "N° dossier", "N° de dossier", "Numéro dossier")

APPLICATION = (
    _field("number", "Numéro externe", "ID", *_NUMBER, required=True),
    _field("state", "État d’origine", "État du dossier", "État", "Statut du dossier", "Statut"),
    _field("deposited_at", "Date de dépôt", "Déposé le", "Date de dépôt", "Dépôt le", required=True),
    _field("name", "Structure", "Entreprise raison sociale", "Raison sociale", "Nom de l'association",
           "Nom de la structure", "Dénomination", "Association", "Structure", "Porteur"),
    _field("title", "Titre de l’action", "Intitulé de l'action", "Intitulé de votre action", "Titre de l'action",
           "Intitulé du projet", "Intitulé de votre projet", "Nom de l'action", "Titre du projet", "Intitulé",
           starts=("Intitulé de l'action", "Titre de l'action"), required=True),
    _field("theme", "Thématique", "Thématique principale", "Thématique", "Thème", "Volet",
           "Volet du contrat de ville", starts=("Thématique", "Volet du contrat")),
    _field("quarters", "Quartiers", "Quartier(s) prioritaire(s) concerné(s)", "Quartiers prioritaires concernés",
           "Quartier prioritaire concerné", "Quartiers concernés", "Quartier(s) concerné(s)", "Quartiers", "Quartier",
           "QPV", starts=("Quartier(s) prioritaire(s)", "Quartiers prioritaires", "Quartier(s)")),
    _field("description", "Description", "Description de l'action", "Description du projet", "Description",
           "Objectifs de l'action", starts=("Description de l'action", "Description de votre")),
    _field("beneficiaries", "Bénéficiaires", "Nombre de bénéficiaires attendus", "Nombre de bénéficiaires",
           "Bénéficiaires", "Public attendu", starts=("Nombre de bénéficiaires", "Nb de bénéficiaires")),
    _field("women", "Femmes", "dont femmes", "Nombre de femmes", "Femmes", "Nb de femmes",
           starts=("dont femmes", "Nombre de femmes", "Nb de femmes")),
    _field("qpv_residents", "Public QPV", "dont habitants des QPV", "Habitants des QPV", "Public QPV",
           starts=("dont habitants des quartiers", "dont habitants des QPV", "dont habitants QPV", "dont résidents")),
    _field("starts_on", "Début de l’action", "Date de début", "Date de début de l'action", "Début de l'action",
           "Début", starts=("Date de début",)),
    _field("ends_on", "Fin de l’action", "Date de fin", "Date de fin de l'action", "Fin de l'action", "Fin",
           starts=("Date de fin",)),
    _field("cost", "Budget de l’action", "Coût total de l'action", "Coût total du projet", "Coût de l'action",
           "Budget de l'action", "Budget total", "Coût total", starts=("Coût total", "Budget total")),
    _field("asked", "Montant demandé", "Montant demandé au titre du FIA", "Montant demandé", "Montant sollicité",
           "Subvention demandée", "Subvention sollicitée", "Montant de la subvention demandée",
           starts=("Montant demandé au titre", "Montant demandé", "Montant sollicité", "Montant de la subvention"),
           required=True),
    _field("equality", "Égalité femmes-hommes", "Égalité femmes-hommes", "Égalité entre les femmes et les hommes",
           starts=("Égalité",)),
    _field("participation", "Participation des habitants", "Participation des habitants",
           starts=("Participation des",)),
    _field("ecology", "Transition écologique", "Transition écologique", starts=("Transition écologique",)),
    _field("rna", "RNA", "Numéro RNA", "RNA", "N° RNA"),
    _field("iban", "IBAN", "IBAN", "Numéro IBAN", "Coordonnées bancaires (IBAN)"),
    _field("representative_name", "Représentant légal", "Nom du représentant légal", "Représentant légal",
           "Nom et prénom du représentant légal", starts=("Nom du représentant", "Nom de la représentante")),
    _field("representative_role", "Fonction du représentant", "Fonction du représentant légal", "Fonction",
           starts=("Fonction du représentant", "Qualité du représentant")),
    _field("phone", "Téléphone", "Téléphone", "Numéro de téléphone", "Tél.", starts=("Téléphone",)),
    _field("email", "Courriel", "Email", "E-mail", "Courriel", "Adresse électronique", "Adresse mail"),
    _field("statuts", "Pièce\u00a0: statuts", "Statuts", "Statuts de l'association", starts=("Statuts ",)),
    _field("rib", "Pièce\u00a0: RIB", "RIB", "Relevé d'identité bancaire", starts=("RIB ", "Relevé d'identité")),
    _field("bilan", "Pièce\u00a0: bilan", "Bilan de l'action précédente", "Bilan", starts=("Bilan de l'action",)),
    _field("comptes", "Pièce\u00a0: comptes", "Comptes", "Comptes annuels", "Derniers comptes approuvés",
           starts=("Comptes annuels", "Derniers comptes")),
    _field("rapport_activite", "Pièce\u00a0: rapport d’activité", "Rapport d'activité", starts=("Rapport d'activité",)),
    _field("dirigeants", "Pièce\u00a0: liste des dirigeants", "Liste des dirigeants", "Composition du bureau",
           starts=("Liste des dirigeants", "Liste des membres")),
    _field("republican_contract", "Contrat d’engagement républicain",
           "J'ai souscrit le contrat d'engagement républicain", "Contrat d'engagement républicain",
           starts=("J'ai souscrit", "Contrat d'engagement")),
)  # fmt: skip

ESTABLISHMENT = (
    _field("number", "Numéro externe", *_NUMBER, required=True),
    _field("siret", "SIRET", "Établissement SIRET", "SIRET", "Numéro SIRET", "N° SIRET"),
    _field("siren", "SIREN", "Entreprise SIREN", "SIREN", "Numéro SIREN"),
    _field("association_rna", "RNA", "Association RNA", "RNA", "Numéro RNA"),
    _field("legal_form", "Catégorie juridique", "Entreprise forme juridique code", "Catégorie juridique"),
    _field("address", "Adresse", "Établissement Adresse", "Adresse", "Adresse du siège"),
    _field("postal_code", "Code postal", "Établissement code postal", "Code postal"),
    _field("commune", "Commune", "Établissement localité", "Commune", "Localité", "Ville"),
    _field("commune_code", "Code commune", "Établissement code INSEE localité", "Code INSEE", "Code commune"),
    _field("company_name", "Structure", "Entreprise raison sociale", "Raison sociale"),
    _field("association_title", "Structure", "Association titre"),
    _field("association_created_on", "Date de création", "Association date de création"),
    _field("company_created_on", "Date de création", "Entreprise date de création", "Date de création"),
)

BUDGET = (
    _field("number", "Numéro externe", *_NUMBER, required=True),
    _field("rank", "Ligne", "Ligne", "N° ligne"),
    _field("account", "Compte", "Compte", "Numéro de compte", "N° compte", starts=("Compte",)),
    _field("label", "Intitulé", "Intitulé", "Financeur", "Libellé", "Nature", "Poste",
           starts=("Intitulé", "Financeur", "Nature")),
    _field("amount", "Montant", "Montant", "Montant en euros", "Montant (€)", starts=("Montant",), required=True),
    _field("state", "Acquis", "Acquis ?", "Acquis?", "Acquis", "État", "Statut", starts=("Acquis",)),
)  # fmt: skip


def match_headers(headers: Sequence[str], fields: Sequence[Field], chosen: Mapping[str, str]) -> dict[str, int]:
    """Column of each field recognised among the headers: chosen ones first, then whole names, then beginnings.

    A column serves one field, a field has one column.
    """
    folded = [fold(header) if len(header) < 200 else "" for header in headers]
    known = {field.key for field in fields}
    found: dict[str, int] = {}
    free: dict[int, str] = {}
    for position, header in enumerate(folded):
        if header not in chosen:
            free[position] = header
        elif chosen[header] in known:
            found.setdefault(chosen[header], position)
    for matches in (_is_named, _begins):
        for field in fields:
            if field.key in found:
                continue
            at = matches(field, free)
            if at is not None:
                found[field.key] = at
                del free[at]
    return found


def _is_named(field: Field, free: Mapping[int, str]) -> int | None:
    return next((at for name in field.names for at, header in free.items() if header == name), None)


def _begins(field: Field, free: Mapping[int, str]) -> int | None:
    # The beginning must stop at the end of a word: « RIB » is not the beginning of « Ribambelle ».
    for start in field.starts:
        for at, header in free.items():
            if header.startswith(start) and not header[len(start) : len(start) + 1].isalnum():
                return at
    return None
