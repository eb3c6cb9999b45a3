"""The pieces of the command line: a parser that speaks French, what many commands take, and what a value may be."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from cv_desktop import __version__, paths
from cv_desktop.domain.dates import parse_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import parse_amount

_ERRORS = (
    (r"the following arguments are required: (.*)", r"il manque : \1"),
    (r"one of the arguments (.*) is required", r"il manque l’un de : \1"),
    (r"unrecognized arguments: (.*)", r"inconnu : \1"),
    (r"argument (.*): expected one argument", r"\1 attend une valeur"),
    (r"argument (.*): invalid choice: '(.*?)' \(choose from (.*)\)", r"\1 : « \2 » n’existe pas (possibles : \3)"),
    (r"argument (.*): ignored explicit argument .*", r"\1 n’attend pas de valeur"),
    (r"argument (.*): invalid int value: '(.*)'", r"\1 : « \2 » n’est pas un nombre entier"),
    (r"argument (.*?): (.*)", r"\1 : \2"),
)


class Parser(argparse.ArgumentParser):
    """The standard parser, speaking French."""

    def __init__(self, *, prog: str | None = None, description: str = "", help: str = "") -> None:
        super().__init__(prog=prog, description=description or help, add_help=False, allow_abbrev=False)
        self._positionals.title = "Commandes et arguments\u00a0"
        self._optionals.title = "Options\u00a0"
        self.add_argument("-h", "--aide", "--help", action="help", help="affiche cette aide")

    def format_usage(self) -> str:
        formatter = self._get_formatter()
        formatter.add_usage(self.usage, self._actions, self._mutually_exclusive_groups, prefix="Utilisation : ")
        return formatter.format_help()

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "Utilisation : ", 1)

    def error(self, message: str) -> NoReturn:
        for pattern, french in _ERRORS:
            if re.fullmatch(pattern, message, re.DOTALL):
                message = re.sub(pattern, french, message, count=1, flags=re.DOTALL).replace("'", "")
                break
        self.exit(2, f"{self.format_usage()}{self.prog} : {message}\n")


class DataDir(argparse.Action):
    """Keeps the folder, and that it was named: without a name the window opens the last base."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        namespace.data_dir = namespace.named = values


def opening() -> tuple[Parser, argparse._SubParsersAction[Parser]]:
    """The command line before any command, and where commands are added."""
    parser = Parser(
        prog="cv-desktop",
        description="Subventions d’un contrat de ville, du dossier déposé au courrier. "
        "Sans commande, ouvre l’application.",
    )
    parser.add_argument("--version", action="version", version=f"CV Desktop {__version__}", help="affiche la version")
    common(parser, first=True)
    parser.set_defaults(base=None)
    verbs = parser.add_subparsers(dest="command", metavar="COMMANDE", parser_class=Parser)
    return parser, verbs


def verb(verbs: argparse._SubParsersAction[Parser], name: str, help: str) -> Parser:
    parser = verbs.add_parser(name, help=help)
    parser.description = help[:1].upper() + help[1:] + "."
    common(parser, first=False)
    return parser


def common(parser: Parser, *, first: bool) -> None:
    # Said before or after the command, with the same effect: only the first parser gives the default.
    data = paths.data_folder() if first else argparse.SUPPRESS
    parser.add_argument(
        "--data-dir", type=Path, default=data, action=DataDir, metavar="DOSSIER", help="dossier de la base"
    )
    if first:
        parser.set_defaults(named=None)
    parser.add_argument(
        "--json", action="store_true", default=False if first else argparse.SUPPRESS, help="répond en JSON"
    )


def campaign(parser: Parser) -> None:
    parser.add_argument("--call", required=True, metavar="CODE", help="code de la campagne")


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"«\u00a0{text}\u00a0» n’est pas un nombre à partir de 1")
    return int(text)


def percent(text: str) -> int:
    if not text.isdecimal() or int(text) > 90:
        raise argparse.ArgumentTypeError(f"«\u00a0{text}\u00a0» n’est pas un pourcentage de 0 à 90")
    return int(text)


def day(text: str) -> date:
    try:
        return parse_date(text)
    except UserError as refusal:
        raise argparse.ArgumentTypeError(refusal.message) from None


def euros(text: str) -> int:
    try:
        return parse_amount(text)
    except UserError as refusal:
        raise argparse.ArgumentTypeError(refusal.message) from None
