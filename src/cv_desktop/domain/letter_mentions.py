"""The mentions that the law wants in each kind of letter, with their source: a table, read by ``letter_law``.

CGCT: code général des collectivités territoriales. CRPA: code des relations entre le public et l’administration.
CJA: code de justice administrative. The delays of an appeal run only if they are stated (CJA R421-5); a letter signed
by hand may leave the name of who signs and of the agent to be written by hand: their absence only reminds.
"""

from __future__ import annotations

from cv_desktop.domain import convention_mentions, convocation_mentions
from cv_desktop.domain.mention import (
    ACCOUNTANT,
    ACT,
    APPEAL,
    COMMITMENT,
    CONTROL,
    GRANT,
    HEARD,
    PASSING,
    REASONS,
    RECEIPT,
    RULES,
    SIX_MONTHS,
    Mention,
)
from cv_desktop.domain.text import NBSP

_MENTIONS = {
    "act": Mention(
        "référence de l’acte",
        ACT,
        "Le courrier ne cite pas l’acte avec son numéro, sa date, sa transmission et sa publication.",
        ("acte.numero", "acte.du", "acte.transmis_le", "acte.publie_le"),
        ("transmise?", "publiee?"),
    ),
    "award_act": Mention(
        "acte d’attribution",
        REASONS,
        "Le courrier ne dit pas de quel acte, avec son numéro et sa date, il est question.",
        ("acte.numero", "acte.du"),
    ),
    "body": Mention("organe délibérant", ACT, "Le courrier ne dit pas quel organe a décidé.", ("acte.organe",)),
    "amount": Mention(
        "montant en chiffres et en lettres",
        ACCOUNTANT,
        "Le courrier ne dit pas le montant en chiffres et en lettres.",
        ("montant", "montant_lettres"),
    ),
    "purpose": Mention("action aidée", ACCOUNTANT, "Le courrier ne nomme pas l’action.", ("dossier.action",)),
    "payment": Mention(
        "délai de versement",
        f"loi n°{NBSP}2021-875 du 1er juillet 2021",
        "Le courrier ne dit pas en combien de jours l’aide est versée.",
        ("compte_fin", "delai_versement"),
    ),
    "report": Mention(
        "date du compte rendu",
        GRANT,
        "Le courrier ne dit pas quand remettre le compte rendu financier.",
        ("bilan_echeance",),
        ("compte rendu",),
    ),
    "refund": Mention(
        "remboursement de la part non utilisée",
        GRANT,
        "Le courrier ne dit pas que la part non utilisée est remboursée.",
        (),
        ("rembours",),
    ),
    "passing": Mention(
        "interdiction de reverser l’aide",
        CONTROL,
        "Le courrier ne dit pas que l’aide ne peut être reversée à un tiers.",
        (),
        (PASSING,),
    ),
    "control": Mention(
        "contrôle de l’emploi de l’aide",
        CONTROL,
        "Le courrier ne dit pas que l’emploi de l’aide peut être contrôlé.",
        (),
        (r"l\.? ?1611-4",),
    ),
    "commitment": Mention(
        "contrat d’engagement républicain",
        COMMITMENT,
        "Le courrier ne rappelle pas le contrat d’engagement républicain et sa date.",
        ("dossier.cer_le",),
        ("engagement republicain",),
    ),
    "support": Mention(
        "mention du soutien", RULES, "Le courrier ne demande pas de mentionner le soutien reçu.", (), ("mention",)
    ),
    "agreement": Mention(
        "convention",
        GRANT,
        "L’aide dépasse le seuil d’une convention et le courrier n’en parle pas.",
        (),
        ("convention",),
        frozenset({"above_convention_threshold"}),
    ),
    "copies": Mention(
        "deux exemplaires à signer",
        GRANT,
        "Le courrier ne demande pas de retourner signés deux exemplaires de la convention.",
        (),
        ("convention", "deux exemplaires", "retourner"),
    ),
    "after_signing": Mention(
        "versement après signature",
        GRANT,
        "Le courrier ne dit pas que l’aide est versée après la signature de la convention.",
        ("compte_fin",),
        ("(?:apres|suivant|a compter de) (?:la )?signature",),
    ),
    "open_data": Mention(
        "données essentielles",
        GRANT,
        "Le courrier ne dit pas que les données essentielles de la convention sont publiées.",
        (),
        ("donnees essentielles",),
    ),
    "appeal": Mention(
        "voies et délais de recours",
        APPEAL,
        "Le courrier ne dit pas les voies et délais de recours.",
        (),
        ("tribunal administratif", "deux mois", "recours gracieux", "recours contentieux"),
    ),
    "silent_appeal": Mention(
        "voies et délais de recours",
        RECEIPT,
        "L’accusé ne dit pas les voies et délais de recours contre un rejet implicite.",
        (),
        ("tribunal administratif", "deux mois", "recours gracieux", "recours contentieux"),
        frozenset({"silence_ahead", "silence_passed"}),
    ),
    "court": Mention(
        "voies et délais de recours",
        APPEAL,
        "Le courrier ne dit pas comment et dans quel délai saisir le tribunal.",
        (),
        ("tribunal administratif", "deux mois", "recours contentieux"),
        frozenset({"recourse_rejected"}),
    ),
    "quality": Mention(
        "qualité du signataire",
        "CRPA, article L. 212-1",
        "Le courrier ne porte pas la qualité de qui le signe.",
        ("signataire.qualite",),
    ),
    "signatory": Mention(
        "prénom et nom du signataire",
        "CRPA, article L. 212-1",
        "Le courrier ne porte pas le prénom et le nom de qui le signe.",
        ("signataire.nom",),
    ),
    "agent": Mention(
        "agent chargé du dossier",
        "CRPA, article L. 111-2",
        "Le courrier ne nomme pas l’agent chargé du dossier.",
        ("agent.nom",),
    ),
    "privacy": Mention(
        "protection des données",
        "RGPD, article 13",
        "Le courrier ne dit pas à quoi servent les données, quels sont les droits, ni le recours à la CNIL.",
        (),
        ("donnees", "droits?|acces", "cnil"),
    ),
    "received": Mention(
        "date de réception",
        RECEIPT,
        "L’accusé ne dit pas quand la demande est arrivée.",
        ("dossier.depose_le", "dossier.numero"),
    ),
    "service": Mention(
        "service chargé du dossier",
        RECEIPT,
        "L’accusé ne dit pas quel service suit la demande ni comment le joindre.",
        ("direction", "service.adresse", "contact"),
    ),
    "silence": Mention(
        "date du rejet implicite",
        f"{RECEIPT}, et article L. 231-4",
        "L’accusé ne dit pas à quelle date le silence vaut rejet.",
        ("date_rejet_implicite",),
        ("rejet",),
        frozenset({"silence_ahead", "silence_passed"}),
    ),
    "pieces": Mention(
        "liste des pièces", "CRPA, article L. 114-5", "Le courrier ne dit pas quelles pièces manquent.", ("pieces",)
    ),
    "pieces_until": Mention(
        "délai pour compléter",
        "CRPA, article L. 114-5",
        "Le courrier ne dit pas jusqu’à quand compléter la demande.",
        ("delai_completude",),
    ),
    "rules_broken": Mention(
        "règles non respectées", REASONS, "Le courrier ne dit pas quelles règles ne sont pas respectées.", ("motifs",)
    ),
    "motive": Mention("motif", RULES, "Le courrier ne dit pas le motif de la décision.", ("motif",)),
    "rank": Mention("rang", RULES, "Le courrier ne dit pas le rang du dossier.", ("decision.rang",), ("rang",)),
    "no_promise": Mention(
        "absence de promesse", RULES, "Le courrier ne dit pas que ce rang n’est pas une promesse.", (), ("promesse",)
    ),
    "reasons": Mention(
        "motifs de fait et de droit",
        REASONS,
        "Le courrier ne donne pas les motifs de fait et la règle appliquée.",
        ("donne.motifs", "donne.fondement"),
    ),
    "facts": Mention(
        "faits constatés",
        REASONS,
        "Le courrier ne dit pas quels faits sont constatés.",
        ("donne.faits",),
    ),
    "basis": Mention(
        "règle appliquée", REASONS, "Le courrier ne dit pas quelle règle n’est pas respectée.", ("donne.fondement",)
    ),
    "breach": Mention(
        "engagement non tenu",
        COMMITMENT,
        "Le courrier ne dit pas quel engagement du contrat n’est pas tenu.",
        ("donne.engagement",),
        ("engagement republicain", "10-1"),
    ),
    "may_answer": Mention(
        "observations possibles",
        HEARD,
        "Le courrier n’invite pas à présenter des observations.",
        (),
        ("observations ecrites", "orales", "assister|conseil"),
    ),
    "heard": Mention(
        "procédure contradictoire",
        HEARD,
        "Le courrier ne dit pas comment la structure a pu présenter ses observations.",
        ("donne.contradictoire_le", "donne.observations"),
        ("observations",),
    ),
    "heard_until": Mention(
        "délai des observations",
        HEARD,
        "Le courrier ne dit pas jusqu’à quand la structure pouvait présenter ses observations.",
        ("donne.observations_jusquau",),
    ),
    "asked": Mention(
        "ce qui est demandé",
        HEARD,
        "Le courrier ne dit pas ce que la structure doit faire, ni jusqu’à quand.",
        ("donne.obligation", "donne.delai_le"),
    ),
    "sum": Mention(
        "somme en chiffres et en lettres",
        ACCOUNTANT,
        "Le courrier ne dit pas la somme en chiffres et en lettres.",
        ("donne.montant", "donne.montant_lettres"),
    ),
    "computed": Mention(
        "calcul de la somme", REASONS, "Le courrier n’explique pas le calcul de la somme.", ("donne.calcul",)
    ),
    "give_back": Mention(
        "date de restitution",
        COMMITMENT,
        "Le courrier ne dit pas jusqu’à quand restituer la somme.",
        ("donne.restitution_le",),
        (SIX_MONTHS,),
    ),
    "title": Mention(
        "titre de recettes",
        "CGCT, article L. 1617-5",
        "Le courrier n’annonce pas le titre de recettes et comment le contester.",
        (),
        ("titre de recettes", r"l\.? ?1617-5"),
    ),
    "withdrawal_act": Mention(
        "acte du retrait",
        ACT,
        "Le courrier ne cite pas l’acte qui décide le retrait.",
        ("donne.acte", "donne.organe"),
    ),
    "dates": Mention(
        "anciennes et nouvelles dates",
        ACCOUNTANT,
        "Le courrier ne dit pas l’ancienne et la nouvelle date de fin.",
        ("donne.fin_ancienne", "donne.fin_nouvelle"),
    ),
    "paid": Mention(
        "date et bordereau",
        ACCOUNTANT,
        "Le courrier ne dit pas la date et le bordereau du versement.",
        ("donne.verse_le", "donne.bordereau"),
    ),
    "lifted": Mention(
        "levée de la réserve",
        ACCOUNTANT,
        "Le courrier ne dit pas quelle réserve est levée, quel jour et par quoi.",
        ("reserve.texte", "reserve.levee_le", "reserve.preuve"),
    ),
    "late": Mention(
        "suites d’un retard",
        GRANT,
        "Le courrier ne dit pas ce qui arrive sans compte rendu.",
        (),
        ("rembours|titre de recettes", "nouvelle (?:demande|subvention)"),
    ),
    "changes": Mention(
        "modifications de la convention",
        GRANT,
        "Le courrier ne dit pas ce que l’avenant modifie.",
        ("donne.convention", "donne.changements"),
        ("avenant", "deux exemplaires"),
    ),
    "return": Mention(
        "date de retour", GRANT, "Le courrier ne dit pas quand retourner les exemplaires.", ("donne.retour_le",)
    ),
    "sums": Mention("sommes versées", ACCOUNTANT, "L’attestation ne dit pas les sommes versées.", ("donne.sommes",)),
    "question": Mention(
        "question posée", RULES, "Le courrier ne dit pas ce qui est demandé.", ("donne.question", "donne.reponse_le")
    ),
    "recourse_seen": Mention(
        "recours auquel il est répondu",
        "CRPA, article L. 411-2",
        "Le courrier ne dit pas à quel recours il répond.",
        ("donne.recours_le",),
        ("recours gracieux",),
    ),
    "recourse_reasons": Mention(
        "motifs", REASONS, "Le courrier ne donne pas les motifs de la réponse.", ("donne.motifs",)
    ),
}
MENTIONS = {
    code: Mention(m.label, m.law, m.sentence, m.values, m.words, m.when, code)
    for code, m in (_MENTIONS | convention_mentions.MENTIONS | convocation_mentions.MENTIONS).items()
}
# What is completed by hand on the paper, or is only a good practice.
REMINDERS = (
    frozenset({"signatory", "agent", "motive", "support"})
    | convention_mentions.REMINDERS
    | convocation_mentions.REMINDERS
)

_PAGE = ("privacy", "quality", "signatory", "agent")
_AWARD = (
    "act",
    "body",
    "amount",
    "purpose",
    "report",
    "refund",
    "passing",
    "control",
    "commitment",
    "support",
    "appeal",
)
WANTED: dict[str, tuple[str, ...]] = {
    "AR": ("received", "service", "silence", "silent_appeal", *_PAGE),
    "AR-P": ("pieces", "pieces_until", *_PAGE),
    "IRR": ("rules_broken", "appeal", *_PAGE),
    "AJ": ("purpose", *_PAGE),
    "ATT": (*_AWARD, "payment", "agreement", *_PAGE),
    "ATT-P": (*_AWARD, "payment", "agreement", "motive", *_PAGE),
    "ATT-C": (*_AWARD, "copies", "after_signing", "open_data", *_PAGE),
    "REF": ("act", "body", "purpose", "motive", "appeal", *_PAGE),
    "ATTENTE": ("act", "body", "purpose", "rank", "no_promise", "appeal", *_PAGE),
    "AVE": ("changes", "return", "purpose", *_PAGE),
    "PRO": ("award_act", "dates", "report", "purpose", *_PAGE),
    "LEV": ("award_act", "body", "amount", "lifted", "payment", "purpose", "report", *_PAGE),
    "VER": ("award_act", "sum", "paid", "purpose", "report", *_PAGE),
    "REL-1": ("report", "late", "purpose", *_PAGE),
    "REL-2": ("report", "late", "purpose", *_PAGE),
    "MED": ("award_act", "asked", "facts", "basis", "may_answer", "purpose", *_PAGE),
    "REV": ("award_act", "sum", "computed", "reasons", "heard", "title", "purpose", "appeal", *_PAGE),
    "RET-CER": ("withdrawal_act", "award_act", "sum", "computed", "facts", "breach", "commitment", "heard",
                "heard_until", "give_back", "purpose", "appeal", *_PAGE),
    "RETRAIT": ("withdrawal_act", "award_act", "reasons", "heard", "purpose", "appeal", *_PAGE),
    "REC": ("award_act", "recourse_seen", "recourse_reasons", "purpose", "court", *_PAGE),
    "ATTEST": ("sums", *_PAGE),
    "AVIS": ("question", "purpose", *_PAGE),
    "CVQ": (*convocation_mentions.MENTIONS, *_PAGE),
    **convention_mentions.WANTED,
}  # fmt: skip
