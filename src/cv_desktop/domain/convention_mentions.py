"""What a convention and its amendments must say, with the text that wants it: the part of ``letter_mentions`` for two
parties.

A convention says the object, the amount, the terms of payment and the conditions of use of the grant (loi n° 2000-321,
article 10; décret n° 2001-495, article 1). What else stands here comes from the articles that it carries out, and from
the model of the circulaire of 29 September 2015, whose clauses keep a grant from being read as a public contract.
"""

from __future__ import annotations

from cv_desktop.domain.mention import ACT, CONTROL, GRANT, PASSING, SIX_MONTHS, Mention
from cv_desktop.domain.text import NBSP

_INITIATIVE = f"loi n°{NBSP}2000-321 du 12{NBSP}avril 2000, article 9-1"
_DECREE = f"décret n°{NBSP}2001-495 du 6{NBSP}juin 2001"
_DATA = f"décret n°{NBSP}2017-779 du 5{NBSP}mai 2017"
_MODEL = f"circulaire n°{NBSP}5811-SG du 29{NBSP}septembre 2015"
_ACCOUNTS = f"loi n°{NBSP}2000-321, article 10, et code de commerce, article L. 612-4"
_SIGNED = "CRPA, article L. 212-1"
_COURT = "CJA, article R. 221-3"

MENTIONS = {
    "party_authority": Mention(
        "collectivité et son représentant",
        _SIGNED,
        "La convention ne dit pas qui représente la collectivité, ni à quel titre.",
        ("convention.autorite", "convention.autorite_siege", "convention.signataire"),
        ("represent",),
    ),
    "party_structure": Mention(
        "structure et son représentant",
        _SIGNED,
        "La convention ne dit pas qui est la structure, ni qui la représente.",
        ("structure.nom", "convention.siege", "convention.numeros", "convention.representant"),
        ("represent",),
    ),
    "counterpart": Mention(
        "signature de la structure",
        _SIGNED,
        "La convention ne porte pas la qualité et le nom de qui signe pour la structure.",
        ("convention.qualite", "convention.personne"),
    ),
    "convention_law": Mention(
        "textes appliqués",
        GRANT,
        f"La convention ne vise pas la loi n°{NBSP}2000-321 et le décret n°{NBSP}2001-495.",
        (),
        ("2000-321", "2001-495"),
    ),
    "initiative": Mention(
        "initiative de l’action",
        _INITIATIVE,
        "La convention ne dit pas que l’action est à l’initiative de la structure.",
        (),
        ("a (?:son|l'|sa propre) ?initiative",),
    ),
    "convention_object": Mention(
        "objet de la convention",
        GRANT,
        "La convention n’a pas d’article sur son objet.",
        ("dossier.action",),
        ("objet",),
    ),
    "duration": Mention(
        "durée", _MODEL, "La convention ne dit pas sa durée.", ("dossier.periode",), ("duree", "prend effet")
    ),
    "budget": Mention(
        "budget de l’action",
        _MODEL,
        "La convention ne dit pas le budget de l’action.",
        ("dossier.budget",),
        ("budget",),
    ),
    "terms": Mention(
        "modalités de versement",
        GRANT,
        "La convention ne dit pas comment et quand l’aide est versée, après les deux signatures.",
        ("versement_modalites", "convention.delai_versement"),
        (r"\bvers(?:ement|ee?)", "signature de la (?:presente )?convention"),
    ),
    "bank": Mention(
        "compte bancaire",
        "CGCT, annexe I, rubrique 721",
        "La convention ne désigne pas le compte.",
        ("convention.iban",),
    ),
    "convention_report": Mention(
        "compte rendu financier",
        GRANT,
        "La convention ne demande pas le compte rendu financier dans les six mois de la fin de l’exercice.",
        ("bilan_echeance",),
        ("compte rendu financier", SIX_MONTHS),
    ),
    "accounts": Mention(
        "comptes annuels", _ACCOUNTS, "La convention ne demande pas les comptes annuels.", (), ("comptes annuels",)
    ),
    "convention_control": Mention(
        "contrôle de l’emploi de l’aide",
        CONTROL,
        "La convention ne dit pas que l’emploi de l’aide est contrôlé, ni ce que la structure fournit.",
        (),
        ("controle", "copie certifiee", r"l\.? ?1611-4"),
    ),
    "evaluation": Mention(
        "évaluation",
        _MODEL,
        "La convention ne dit pas comment l’action est évaluée.",
        (),
        ("evaluation", "indicateurs"),
    ),
    "convention_passing": Mention(
        "reversement à un tiers",
        CONTROL,
        "La convention n’interdit pas de reverser l’aide, hors des partenaires qu’elle nomme.",
        (),
        (PASSING,),
    ),
    "restitution": Mention(
        "restitution",
        GRANT,
        "La convention ne dit pas que la part non employée ou non justifiée est restituée.",
        (),
        (r"restitu|rembours|(?:exig|demand|ordonn)\w*\b[^.;|]{0,40}\breversement", "observations|entendu"),
    ),
    "convention_data": Mention(
        "données essentielles et pièces communicables",
        f"{GRANT}, et {_DATA}",
        "La convention ne dit pas ce qui est communicable, ni quand ses données essentielles sont publiées.",
        ("convention.publication",),
        ("donnees essentielles", "communicable"),
    ),
    "later_changes": Mention("avenant", _MODEL, "La convention ne dit pas comment elle se modifie.", (), ("avenant",)),
    "termination": Mention(
        "résiliation", _MODEL, "La convention ne dit pas comment elle se résilie.", (), ("resili", "mise en demeure")
    ),
    "dispute": Mention(
        "litiges",
        _COURT,
        "La convention ne dit pas devant quel tribunal vont les litiges.",
        (),
        ("tribunal administratif",),
    ),
    "annexes": Mention(
        "annexes",
        _DECREE,
        "La convention n’a pas en annexe l’action, son budget et ses indicateurs.",
        (),
        ("annexes?", "partie (?:integrante )?de la (?:presente )?convention"),
    ),
    "amended": Mention(
        "convention modifiée",
        GRANT,
        "L’avenant ne dit pas quelle convention il modifie.",
        ("avenant.convention", "avenant.convention_du"),
    ),
    "amendments": Mention(
        "modifications et leur cause",
        GRANT,
        "L’avenant ne dit pas ce qu’il change, ni pourquoi.",
        ("avenant.cause", "avenant.changements"),
    ),
    "amendment_effect": Mention(
        "effet de l’avenant",
        _MODEL,
        "L’avenant ne dit pas quand il prend effet, ni que les autres clauses demeurent.",
        (),
        ("prend effet", "autres clauses"),
    ),
    "convention_act": Mention(
        "acte qui attribue l’aide",
        ACT,
        "La convention ne cite pas l’acte avec son numéro, sa date, sa transmission et sa publication.",
        ("acte.numero", "acte.du", "acte.transmis_le", "acte.publie_le"),
    ),
}

# The model of the circulaire counsels these clauses, no text commands them: a convention without one is reminded of it.
REMINDERS = frozenset(code for code, mention in MENTIONS.items() if mention.law == _MODEL)
_SIGNATURES = ("party_authority", "party_structure", "counterpart", "convention_act", "convention_law", "privacy",
               "quality", "signatory")  # fmt: skip
WANTED: dict[str, tuple[str, ...]] = {
    "CONV": (*_SIGNATURES, "initiative", "convention_object", "duration", "budget", "amount", "terms", "bank",
             "convention_report", "accounts", "convention_control", "evaluation", "support", "commitment",
             "convention_passing", "restitution", "convention_data", "later_changes", "termination", "dispute",
             "annexes"),
    "CONV-A": (*_SIGNATURES, "amended", "amendments", "amendment_effect"),
}  # fmt: skip
