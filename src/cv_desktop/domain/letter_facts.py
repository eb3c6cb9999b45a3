"""The facts that mentions of a letter print: their names for people, where one fills each, what is said without."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """What a mention prints: its name for people, where one fills it, what is said when it is unknown.

    ``part_of`` are the merge fields that hold it with others.
    """

    label: str
    source: str
    sentence: str
    part_of: tuple[str, ...] = ()


def _typed(label: str, sentence: str) -> Fact:
    return Fact(label, "letter", sentence)


_NAMED = ("acte.reference", "acte.bref")
FACTS = {
    "acte.numero": Fact("numéro de l’acte", "act", "La {nature} n’a pas de numéro.", _NAMED),
    "acte.du": Fact("date de l’acte", "act", "La {nature} n’a pas de date.", _NAMED),
    "acte.transmis_le": Fact(
        "date de transmission de l’acte", "act", "La {nature} n’a pas de date de transmission.", ("acte.reference",)
    ),
    "acte.publie_le": Fact(
        "date de publication de l’acte", "act", "La {nature} n’a pas de date de publication.", ("acte.reference",)
    ),
    "acte.organe": Fact("organe délibérant", "act", "L’acte ne dit pas quel organe a décidé."),
    "decision.rang": Fact("rang sur la liste d’attente", "act", "Le rang de ce dossier sur la liste n’est pas connu."),
    "montant": Fact("montant accordé", "act", "La décision ne porte aucun montant."),
    "montant_lettres": Fact("montant en lettres", "act", "La décision ne porte aucun montant à écrire en lettres."),
    "reserve.texte": Fact("réserve", "application", "La décision en vigueur n’a pas de réserve."),
    "reserve.levee_le": Fact("date de levée de la réserve", "application", "La réserve n’est pas levée."),
    "reserve.preuve": Fact("ce qui lève la réserve", "application", "Ce qui lève la réserve n’est pas dit."),
    "motif": Fact("motif", "act", "La décision n’a pas de motif."),
    "dossier.depose_le": Fact("date de dépôt", "application", "Le dossier n’a pas de date de dépôt."),
    "dossier.numero": Fact("numéro du dossier", "application", "Le dossier n’a pas de numéro."),
    "dossier.action": Fact("intitulé de l’action", "application", "L’action n’a pas d’intitulé."),
    "dossier.cer_le": Fact(
        "contrat d’engagement républicain",
        "application",
        "Le contrat d’engagement républicain n’est pas souscrit au dossier.",
    ),
    "date_rejet_implicite": Fact(
        "date du rejet implicite", "application", "La date à laquelle le silence vaut rejet n’est pas connue."
    ),
    "pieces": Fact("pièces attendues", "application", "Aucune pièce n’est demandée."),
    "motifs": Fact("règles non respectées", "application", "Aucune règle non respectée n’est constatée."),
    "delai_completude": Fact("délai de réponse", "call", "Le délai pour compléter le dossier n’est pas connu."),
    "bilan_echeance": Fact("date du bilan", "call", "La date de remise du bilan n’est pas connue."),
    "compte_fin": Fact("compte bancaire", "structure", "La structure n’a pas de compte bancaire en vigueur."),
    "direction": Fact("direction", "settings", "Le service chargé du dossier n’a pas de nom."),
    "service.adresse": Fact("adresse du service", "settings", "Le service n’a pas d’adresse postale."),
    "contact": Fact("agent chargé du dossier", "settings", "Le service n’a ni téléphone ni courriel ni adresse."),
    "signataire.qualite": Fact("qualité du signataire", "signatories", "Le signataire n’a pas de qualité."),
    "signataire.nom": Fact("nom du signataire", "signatories", "Le signataire n’a pas de nom."),
    "agent.nom": Fact("nom de l’agent", "settings", "L’agent chargé du dossier n’a pas de nom."),
    "donne.recours_le": _typed("date du recours gracieux", "La date du recours gracieux n’est pas saisie."),
    "donne.montant": _typed("somme", "La somme n’est pas saisie."),
    "donne.montant_lettres": _typed("somme en lettres", "La somme à écrire en lettres n’est pas saisie."),
    "donne.calcul": _typed("calcul de la somme", "Le calcul de la somme n’est pas expliqué."),
    "donne.motifs": _typed("motifs", "Les motifs ne sont pas écrits."),
    "donne.faits": _typed("faits constatés", "Les faits et leurs dates ne sont pas écrits."),
    "donne.fondement": _typed("fondement en droit", "La règle sur laquelle la décision se fonde n’est pas écrite."),
    "donne.engagement": _typed("engagement du contrat", "L’engagement du contrat qui n’est pas tenu n’est pas choisi."),
    "donne.contradictoire_le": _typed(
        "date de la lettre contradictoire", "La lettre qui invitait à présenter des observations n’a pas de date."
    ),
    "donne.observations_jusquau": _typed(
        "délai des observations", "Le dernier jour pour présenter des observations n’est pas saisi."
    ),
    "donne.observations": _typed("suite des observations", "La suite donnée aux observations n’est pas écrite."),
    "donne.acte": _typed("acte du retrait", "L’acte du retrait n’a pas ses numéro, date, transmission et publication."),
    "donne.organe": _typed("organe du retrait", "L’organe qui a décidé le retrait n’est pas saisi."),
    "donne.delai_le": _typed("délai de la mise en demeure", "Le dernier jour pour répondre n’est pas saisi."),
    "donne.restitution_le": _typed("date de restitution", "Le dernier jour pour restituer la somme n’est pas saisi."),
    "donne.obligation": _typed("ce qui est demandé", "Ce que la structure doit faire n’est pas écrit."),
    "donne.fin_ancienne": _typed("ancienne date de fin", "La date de fin prévue n’est pas connue."),
    "donne.fin_nouvelle": _typed("nouvelle date de fin", "La nouvelle date de fin n’est pas saisie."),
    "donne.verse_le": _typed("date du versement", "La date du versement n’est pas saisie."),
    "donne.bordereau": _typed("bordereau", "Le numéro du bordereau n’est pas saisi."),
    "donne.convention": _typed("convention", "La convention modifiée n’est pas désignée."),
    "donne.changements": _typed("modifications", "Les modifications de la convention ne sont pas écrites."),
    "donne.retour_le": _typed("date de retour", "La date de retour des exemplaires n’est pas saisie."),
    "donne.sommes": _typed("sommes versées", "Aucune somme versée n’est saisie."),
    "donne.question": _typed("question posée", "La question posée n’est pas écrite."),
    "donne.reponse_le": _typed("date de réponse", "La date de réponse attendue n’est pas saisie."),
    "structure.nom": Fact("nom de la structure", "structure", "La structure n’a pas de nom."),
    "dossier.periode": Fact("dates de l’action", "application", "L’action n’a pas ses deux dates."),
    "dossier.budget": Fact("budget de l’action", "application", "Le budget de l’action n’est pas connu."),
    "versement_modalites": Fact("modalités de versement", "call", "Les modalités de versement ne sont pas connues."),
    "convention.autorite": Fact("collectivité", "settings", "La collectivité n’a pas de nom."),
    "convention.autorite_siege": Fact("adresse du service", "settings", "La collectivité n’a pas d’adresse."),
    "convention.signataire": Fact(
        "signataire de la collectivité", "settings", "Personne ne signe pour la collectivité."
    ),
    "convention.siege": Fact("adresse du siège", "structure", "La structure n’a pas d’adresse, ou pas de commune."),
    "convention.numeros": Fact("SIRET ou RNA", "structure", "La structure n’a ni SIRET ni numéro RNA."),
    "convention.representant": Fact(
        "représentant de la structure", "structure", "Personne ne représente la structure."
    ),
    "convention.personne": Fact("représentant de la structure", "structure", "Personne ne signe pour la structure."),
    "convention.qualite": Fact(
        "fonction du représentant", "structure", "La fonction de qui représente la structure n’est pas connue."
    ),
    "delai_versement": Fact("délai de versement", "call", "Le règlement ne donne pas de délai de versement."),
    "convention.delai_versement": Fact(
        "délai de versement", "call", "Le règlement ne donne pas de délai de versement."
    ),
    "convention.publication": Fact(
        "délai de publication", "call", "Le délai de publication des données essentielles n’est pas connu."
    ),
    "convention.iban": Fact("compte bancaire", "structure", "La structure n’a pas de compte bancaire."),
    "avenant.convention": _typed("convention modifiée", "La convention modifiée n’est pas désignée."),
    "avenant.convention_du": _typed("date de la convention", "La convention modifiée n’a pas de date."),
    "avenant.cause": _typed("cause de l’avenant", "La cause de l’avenant n’est pas écrite."),
    "avenant.changements": _typed("changements", "L’avenant ne change rien."),
    "seance.date": Fact("date de la séance", "meeting", "La séance n’a pas de date."),
    "seance.heure": Fact("heure de début", "meeting", "La séance n’a pas d’heure de début."),
    "seance.lieu": Fact("lieu", "meeting", "La séance n’a pas de lieu."),
    "seance.quorum": Fact("quorum", "call", "Le quorum de la séance n’est pas connu."),
    "dossiers": Fact("dossiers", "meeting", "L’ordre du jour est vide."),
    "deports": Fact("déports", "meeting", "Les déports de ce membre ne sont pas connus."),
}
