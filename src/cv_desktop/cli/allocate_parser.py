"""What ``allocate`` takes. It reads no base: alone, it spares loading the other commands, a second or more."""

from __future__ import annotations

import argparse
from pathlib import Path

from cv_desktop.cli.allocate_command import allocate
from cv_desktop.cli.parsing import Parser, opening, positive, verb
from cv_desktop.domain.allocation_instance import RULES
from cv_desktop.domain.allocation_order import TIES


def alone() -> Parser:
    """The command line when it is known to be this command."""
    parser, verbs = opening()
    add(verbs)
    return parser


def add(verbs: argparse._SubParsersAction[Parser]) -> None:
    shared = verb(verbs, "allocate", "répartit une enveloppe entre des dossiers donnés par un fichier, sans base")
    shared.add_argument("file", type=Path, metavar="INSTANCE",
                        help="fichier json\u00a0: envelope_cents, step_cents, files (id, score, asked_cents, "
                        "minimum_cents, groups), caps, floors, locks. Un groupe par sorte peut donner des poids\u00a0: "
                        '{"quartier": {"Almont": 60, "Lorient": 40}}. '
                        "Poids\u00a0: neuf décimales au plus")  # fmt: skip
    shared.add_argument("--rule", required=True, choices=RULES,
                        help="stop\u00a0: ordre des notes, arrêt au premier qui ne tient pas\u00a0; skip\u00a0: il "
                        "est sauté\u00a0; best\u00a0: le plus de notes, puis le plus d’argent")  # fmt: skip
    shared.add_argument("--ties", choices=TIES, default="report",
                        help="stop et skip, à note égale\u00a0: report (par défaut) laisse à départager ce qui "
                        "ne tient pas tout entier, cheapest sert la plus petite demande d’abord, dearest la "
                        "plus grande")  # fmt: skip
    shared.add_argument("--seconds", type=positive, default=10, metavar="N",
                        help="temps donné à chaque étape, 10 par défaut\u00a0: calcul, égalités, "
                        "explications, manques")  # fmt: skip
    shared.set_defaults(run=allocate)
