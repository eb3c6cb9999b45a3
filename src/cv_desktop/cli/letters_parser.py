"""What may be typed after ``letters``."""

from __future__ import annotations

import argparse
from pathlib import Path

from cv_desktop.cli import letters_bench, letters_command, letters_sign
from cv_desktop.cli.parsing import Parser, campaign, positive, verb


def add(verbs: argparse._SubParsersAction[Parser]) -> None:
    """The commands of letters, beside those of the first level."""
    letters = verbs.add_parser("letters", help="courriers")
    of_letters = letters.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser)
    issued = verb(of_letters, "issue", "instruit les dossiers déposés et émet les courriers dus")
    campaign(issued)
    issued.add_argument("--out", type=Path, required=True, metavar="DOSSIER", help="où copier les PDF")
    issued.set_defaults(run=letters_command.issue)
    _sign(of_letters)
    timed = verb(of_letters, "bench", "mesure combien de courriers cet ordinateur écrit par seconde")
    timed.add_argument("count", type=positive, metavar="N", help="nombre de courriers d’exemple")
    timed.add_argument("--out", type=Path, required=True, metavar="DOSSIER", help="où les écrire")
    timed.set_defaults(run=letters_bench.bench)


def _sign(verbs: argparse._SubParsersAction[Parser]) -> None:
    signed = verb(verbs, "sign", "signe les courriers émis d’une campagne, dans la limite des délégations")
    campaign(signed)
    signed.add_argument("--signatory", required=True, metavar="NOM", help="qui signe, au registre des signataires")
    way = signed.add_mutually_exclusive_group(required=True)
    way.add_argument("--image", action="store_true", help="appose l’image de signature du registre")
    way.add_argument("--p12", type=Path, metavar="FICHIER", help="signe par un certificat (.p12 ou .pfx)")
    way.add_argument("--module", type=Path, metavar="MODULE", help="signe par une carte, avec son module PKCS#11")
    signed.add_argument("--passphrase-file", type=Path, metavar="FICHIER",
                        help="fichier dont la première ligne est le mot de passe du certificat")  # fmt: skip
    signed.add_argument("--pin-file", type=Path, metavar="FICHIER",
                        help="fichier dont la première ligne est le code de la carte")  # fmt: skip
    signed.add_argument("--kind", action="append", metavar="TYPE", help="un type de courrier, ATT ; peut se répéter")
    signed.add_argument("--number", action="append", metavar="NUMÉRO", help="un seul courrier ; peut se répéter")
    signed.set_defaults(run=letters_sign.sign)
