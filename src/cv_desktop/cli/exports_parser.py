"""What may be typed after « export », and its help in French."""

from __future__ import annotations

import argparse
from pathlib import Path

from cv_desktop.cli import commands, comparison_command, concordance_command, envelope_command
from cv_desktop.cli.parsing import Parser, campaign, verb


def add(verbs: argparse._SubParsersAction[Parser]) -> None:
    """« export decisions », « concordance », « programme », « envelope » and « comparison »."""
    export = verbs.add_parser("export", help="exports")
    actions = export.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser)
    for name, said, file, run in (
        (
            "decisions",
            "écrit les décisions d’une campagne, en classeur ou en CSV",
            "classeur xlsx ou csv à écrire",
            commands.export_decisions,
        ),
        (
            "concordance",
            "compare relevés d’avis, décisions, enveloppe et courriers d’une campagne",
            "classeur xlsx à écrire",
            concordance_command.export,
        ),
        (
            "programme",
            "écrit le tableau de programmation du scénario retenu",
            "classeur xlsx à écrire, ou pdf en A3",
            commands.export_programme,
        ),
        (
            "envelope",
            "écrit l’enveloppe d’une campagne, ses parts et tous ses mouvements",
            "classeur xlsx à écrire",
            envelope_command.export,
        ),
        (
            "comparison",
            "compare deux ou trois scénarios d’une campagne",
            "classeur xlsx à écrire",
            comparison_command.export,
        ),
    ):
        made = verb(actions, name, said)
        campaign(made)
        made.add_argument("--out", type=Path, required=True, metavar="FICHIER", help=file)
        made.set_defaults(run=run)
        if name == "comparison":
            made.add_argument(
                "--scenario", action="append", default=[], metavar="NOM",
                help="un scénario à comparer, deux ou trois fois\u00a0; tous sinon, s’ils sont deux ou trois",
            )  # fmt: skip
