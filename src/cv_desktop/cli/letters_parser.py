"""What may be typed after ``letters``."""

from __future__ import annotations

import argparse
from pathlib import Path

from cv_desktop.cli import (
    letters_bench,
    letters_command,
    letters_parapheur,
    letters_prepare,
    letters_send,
    letters_sign,
)
from cv_desktop.cli.parsing import Parser, campaign, day, positive, verb
from cv_desktop.domain.dispatches import CHANNELS


def add(verbs: argparse._SubParsersAction[Parser]) -> None:
    """The commands of letters, beside those of the first level."""
    letters = verbs.add_parser("letters", help="courriers")
    of_letters = letters.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser)
    issued = verb(of_letters, "issue", "instruit les dossiers déposés et émet les courriers dus")
    campaign(issued)
    issued.add_argument("--out", type=Path, required=True, metavar="DOSSIER", help="où copier les PDF")
    issued.add_argument("--docx", action="store_true", help="y écrit aussi le texte modifiable des conventions")
    issued.add_argument("--kind", action="append", metavar="TYPE",
                        help="un type de courrier, ATT\u00a0; peut se répéter")  # fmt: skip
    issued.set_defaults(run=letters_command.issue)
    _prepare(of_letters)
    _sign(of_letters)
    _send(of_letters)
    _parapheur(of_letters)
    timed = verb(of_letters, "bench", "mesure combien de courriers cet ordinateur écrit par seconde")
    timed.add_argument("count", type=positive, metavar="N", help="nombre de courriers d’exemple")
    timed.add_argument("--out", type=Path, required=True, metavar="DOSSIER", help="où les écrire")
    timed.set_defaults(run=letters_bench.bench)


def _prepare(verbs: argparse._SubParsersAction[Parser]) -> None:
    made = verb(verbs, "prepare", "prépare les courriers dus d’une campagne, ou un courrier à la main pour un dossier")
    campaign(made)
    made.add_argument("--kind", metavar="TYPE", help="un seul type de courrier, VER")
    made.add_argument("--application", metavar="NUMÉRO", help="le dossier du courrier préparé à la main")
    made.add_argument("--given", type=Path, metavar="FICHIER",
                      help="fichier json des indications de ce courrier, un nom et une valeur chacune")  # fmt: skip
    made.add_argument("--reminders", action="store_true", help="les rappels de bilan dus à ce jour")
    made.set_defaults(run=letters_prepare.prepare)


def _sign(verbs: argparse._SubParsersAction[Parser]) -> None:
    signed = verb(verbs, "sign", "signe les courriers émis d’une campagne, dans la limite des délégations")
    campaign(signed)
    signed.add_argument("--signatory", required=True, metavar="NOM", help="qui signe, au registre des signataires")
    way = signed.add_mutually_exclusive_group(required=True)
    way.add_argument("--image", action="store_true", help="appose l’image de signature du registre")
    way.add_argument("--p12", type=Path, metavar="FICHIER", help="signe par un certificat (.p12 ou .pfx)")
    way.add_argument("--module", type=Path, metavar="MODULE", help="signe par une carte, avec son module PKCS#11")
    signed.add_argument(
        "--token", metavar="NOM", help="avec --module\u00a0: nom de la carte ou numéro de son lecteur, parmi plusieurs"
    )
    signed.add_argument("--passphrase-file", type=Path, metavar="FICHIER",
                        help="fichier dont la première ligne est le mot de passe du certificat")  # fmt: skip
    signed.add_argument("--pin-file", type=Path, metavar="FICHIER",
                        help="fichier dont la première ligne est le code de la carte")  # fmt: skip
    _choice(signed)
    signed.set_defaults(run=letters_sign.sign)

    undone = verb(
        verbs, "unsign", "retire l’exemplaire signé de courriers pas encore envoyés, qui attendent de nouveau"
    )
    campaign(undone)
    undone.add_argument("--number", action="append", required=True, metavar="NUMÉRO",
                        help="un courrier\u00a0; peut se répéter")  # fmt: skip
    undone.add_argument("--reason", required=True, metavar="MOTIF", help="pourquoi, écrit au journal")
    undone.set_defaults(run=letters_sign.unsign, kind=None)


def _send(verbs: argparse._SubParsersAction[Parser]) -> None:
    sent = verb(verbs, "send", "prépare l’envoi des courriers d’une campagne, ou les marque envoyés")
    campaign(sent)
    sent.add_argument("--channel", required=True, choices=tuple(CHANNELS), help="comment ils partent")
    sent.add_argument("--out", type=Path, metavar="DOSSIER",
                      help="où écrire les courriels (email), ou le bordereau de la poste")  # fmt: skip
    sent.add_argument(
        "--sent-on", type=day, metavar="DATE", help="jour d’envoi\u00a0: les courriers sont marqués envoyés"
    )
    sent.add_argument("--registered", type=Path, metavar="FICHIER",
                      help="recommandés, une ligne par courrier\u00a0: numéro, tabulation, recommandé")  # fmt: skip
    sent.add_argument("--proof", type=Path, metavar="FICHIER", help="preuve d’envoi, gardée par son contenu")
    _choice(sent)
    sent.set_defaults(run=letters_send.send)
    received = verb(verbs, "receive", "enregistre les dates de réception, d’où court le délai de recours")
    received.add_argument("file", type=Path, metavar="FICHIER",
                          help="une ligne par courrier\u00a0: numéro ou recommandé, tabulation, date")  # fmt: skip
    campaign(received)
    received.set_defaults(run=letters_send.receive)


def _parapheur(verbs: argparse._SubParsersAction[Parser]) -> None:
    given = verb(verbs, "export", "écrit les courriers pour le parapheur électronique, ou pour l’imprimante")
    campaign(given)
    given.add_argument("--for", dest="purpose", required=True, choices=("parapheur", "impression"),
                       help="parapheur\u00a0: PDF et index\u00a0; impression\u00a0: un seul fichier")  # fmt: skip
    given.add_argument("--out", type=Path, required=True, metavar="DOSSIER", help="où écrire")
    _choice(given)
    given.set_defaults(run=letters_parapheur.export)
    taken = verb(verbs, "take-back", "reprend les PDF signés dans le parapheur, chacun vérifié")
    taken.add_argument("files", type=Path, nargs="+", metavar="DOSSIER", help="dossier, ou fichiers PDF signés")
    taken.add_argument("--accept", metavar="MOTIF",
                       help="reprend aussi les signatures non reconnues faute d’autorité, ou dont la date est "
                       "douteuse\u00a0; le motif va au journal")  # fmt: skip
    taken.set_defaults(run=letters_parapheur.take_back)


def _choice(parser: Parser) -> None:
    parser.add_argument(
        "--kind", action="append", metavar="TYPE", help="un type de courrier, ATT\u00a0; peut se répéter"
    )
    parser.add_argument("--number", action="append", metavar="NUMÉRO", help="un seul courrier\u00a0; peut se répéter")
