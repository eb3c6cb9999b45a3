"""Letters of each situation, as content: nothing here is merged from a base."""

from __future__ import annotations

from dataclasses import replace

from cv_desktop.domain.letters import (
    Amount,
    Bullets,
    Conditions,
    LetterContent,
    Line,
    Missing,
    Paragraph,
    Span,
)

RECOURSE = (
    "Voies et délais de recours. Si vous entendez contester la présente décision, vous disposez d’un délai de deux "
    "mois à compter de sa notification pour former un recours gracieux auprès du Président de la Communauté "
    "d’agglomération Melun Val de Seine, ou un recours contentieux devant le tribunal administratif de Melun, par "
    "courrier ou par l’application Télérecours citoyens (www.telerecours.fr). Le silence gardé pendant deux mois "
    "sur le recours gracieux vaut rejet ; vous disposez alors d’un nouveau délai de deux mois pour saisir le "
    "tribunal."
)


def line(text: str) -> Line:
    return (Span(text),)


def lines(*texts: str) -> tuple[Line, ...]:
    return tuple(line(text) for text in texts)


CONDITIONS = Conditions(
    (
        (
            "Versement",
            line(
                "en une fois, sur le compte se terminant par 3417, dans les soixante jours suivant la présente "
                "notification."
            ),
        ),
        (
            "Emploi",
            line(
                "pour cette seule action, menée du 15 mars au 30 novembre 2026. La somme ne peut être reversée à un "
                "autre organisme. Tout changement doit être signalé avant d’être engagé."
            ),
        ),
        (
            "Compte rendu",
            line(
                "compte rendu financier (Cerfa n° 15059) et bilan de l’action à remettre au plus tard le 28 février "
                "2027. La part non utilisée ou non justifiée devra être remboursée."
            ),
        ),
        (
            "Communication",
            line(
                "mention du soutien de la Communauté d’agglomération et du contrat de ville « Engagement Quartiers "
                "2030 » sur vos supports."
            ),
        ),
        (
            "Engagement",
            line(
                "contrat d’engagement républicain souscrit le 12 janvier 2026 ; son non-respect peut entraîner le "
                "retrait de la subvention."
            ),
        ),
    )
)

GRANTED = LetterContent(
    kind="ATT",
    number="CO-2026-0114",
    authority="Melun Val de Seine",
    authority_kind="Communauté d’agglomération",
    direction="Direction de la politique de la ville",
    agent=lines(
        "Dossier suivi par : Camille Témoin, chargée de mission",
        "Tél. : 01 99 00 12 34",
        "Courriel : politique.ville@exemple.fr",
    ),
    references=lines(
        "Nos réf. : FIA-2026-0009 · CO-2026-0114", "Vos réf. : demande du 12 janvier 2026", "Envoi : lettre simple"
    ),
    addressee=lines(
        "Association Cultivons le Circé",
        "Madame la Présidente",
        "Maison de quartier",
        "12 allée des Exemples",
        "77350 LE MÉE-SUR-SEINE",
    ),
    place_date=line("Dammarie-lès-Lys, le 3 mars 2026"),
    object=line("Fonds de soutien aux initiatives associatives (FIA) 2026, 1re session"),
    detail=line("Attribution d’une subvention pour l’action « Composter ensemble au pied des tours »"),
    salutation=line("Madame la Présidente,"),
    blocks=(
        Paragraph(
            line(
                "Par délibération n° 2026-B-014 du 26 février 2026, transmise au préfet de Seine-et-Marne et "
                "publiée le 27 février 2026, le Bureau communautaire a attribué à votre association une subvention "
                "de :"
            )
        ),
        Amount(line("2\u202f400 €"), line("deux mille quatre cents euros")),
        Paragraph(
            line(
                "Cette aide est accordée au titre de l’exercice 2026. Elle correspond à la totalité du montant "
                "demandé et à 62,3 % du budget de l’action (3 850 €). L’attribution est soumise aux conditions "
                "suivantes :"
            )
        ),
        CONDITIONS,
    ),
    closing=line("Je vous prie d’agréer, Madame la Présidente, l’expression de ma considération distinguée."),
    copies=lines("Ville du Mée-sur-Seine, référente du contrat de ville"),
    enclosures=lines("modèle de compte rendu financier"),
    signatory_quality=lines("Le Président de la Communauté d’agglomération Melun Val de Seine,"),
    signatory_name=line("Dominique EXEMPLE"),
    recourse=RECOURSE,
    footer=(
        "297 rue Rousseau Vaudran, CS 30187, 77198 Dammarie-lès-Lys Cedex",
        "Vos données servent à l’instruction et au suivi de la subvention. Droits d’accès et de rectification : "
        "dpo@exemple.fr",
    ),
    example=False,
    missing=(),
)

MISSING = replace(
    GRANTED,
    number="",
    blocks=(
        *GRANTED.blocks[:3],
        Conditions(
            (
                (
                    "Versement",
                    (
                        Span("en une fois, sur le compte "),
                        Span("[compte bancaire]", missing=True),
                        Span(", dans les soixante jours suivant la présente notification."),
                    ),
                ),
                *CONDITIONS.items[1:],
            )
        ),
    ),
    missing=(Missing("compte_fin", "compte bancaire", "structure"),),
)

REFUSED = replace(
    GRANTED,
    kind="REF",
    detail=line("Suite donnée à votre demande pour l’action « Tournoi d’été »"),
    blocks=(
        Paragraph(
            line(
                "Par délibération n° 2026-B-014 du 26 février 2026, le Bureau communautaire n’a pas retenu votre "
                "demande de 3 000 € pour l’action « Tournoi d’été »."
            )
        ),
        Paragraph(line("Cette décision est motivée ainsi :")),
        Bullets(
            lines(
                "l’action se déroule hors des quartiers prioritaires de la politique de la ville et rien ne montre que "
                "leurs habitants y prendraient part (article 3 du règlement) ;",
                "le budget présenté ne distingue pas l’action du fonctionnement habituel de l’association.",
            )
        ),
        Paragraph(line("Le service se tient à votre disposition pour préparer une nouvelle demande.")),
    ),
    copies=(),
    enclosures=(),
)

RECEIVED = replace(
    GRANTED,
    kind="AR",
    detail=line("Accusé de réception de votre demande pour l’action « Composter ensemble au pied des tours »"),
    blocks=(
        Paragraph(line("Votre demande, reçue le 12 janvier 2026, porte le numéro FIA-2026-0009. Elle est complète.")),
        Paragraph(line("Sans décision notifiée avant le 12 mars 2026, elle sera réputée rejetée.")),
    ),
    copies=(),
    enclosures=(),
    signatory_quality=(),
    signatory_name=(),
)

PIECES = replace(
    GRANTED,
    kind="AR-P",
    detail=line("Demande de pièces pour l’action « Composter ensemble au pied des tours »"),
    blocks=(
        Paragraph(line("Pour être instruite, votre demande doit être complétée avant le 1er avril 2026 par :")),
        Bullets(
            lines("le relevé d’identité bancaire de l’association ;", "les statuts signés ;", "le budget équilibré.")
        ),
    ),
    recourse="",
    enclosures=(),
)

LONG = replace(
    GRANTED,
    blocks=(
        *GRANTED.blocks,
        *(
            Paragraph(
                line(
                    f"Point {i}. Le Bureau communautaire rappelle que l’association tient une comptabilité conforme "
                    "au plan comptable associatif, qu’elle facilite à tout moment le contrôle de l’emploi de la "
                    "subvention et qu’elle informe sans délai la Communauté d’agglomération de tout changement de "
                    "ses statuts ou de ses dirigeants."
                )
            )
            for i in range(1, 6)
        ),
    ),
)

HOSTILE = replace(
    GRANTED,
    example=True,
    addressee=lines(
        "Association <association> & Cie pour le développement des initiatives solidaires et citoyennes des quartiers",
        "Monsieur le Coprésident et Madame la Coprésidente",
        "Maison des associations et de la vie de quartier Nelson-Mandela",
        "Bâtiment C, escalier 12, boîte aux lettres numéro 114",
        "1234 avenue du Général-de-Division-Exemple-Témoin prolongée",
        "77350 LE MÉE-SUR-SEINE CEDEX",
    ),
    detail=line("Attribution d’une subvention à <association> & Cie pour l’action « <b>Lire & dire</b> » " + "x" * 150),
)

SITUATIONS = {
    "attribution": GRANTED,
    "champ_vide": MISSING,
    "refus": REFUSED,
    "accuse": RECEIVED,
    "pieces": PIECES,
    "longue": LONG,
    "hostile": HOSTILE,
}
