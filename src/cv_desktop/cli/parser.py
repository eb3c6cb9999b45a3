"""What may be typed, and its help in French."""

from __future__ import annotations

import argparse
from pathlib import Path

from cv_desktop.cli import (
    allocate_parser,
    calls_command,
    commands,
    conditions_command,
    exports_parser,
    import_command,
    letters_parser,
    marks_command,
    meetings_command,
    members_command,
    ranking_command,
    scans_command,
    sheets_command,
    signature_command,
    structures_command,
    templates_command,
)
from cv_desktop.cli.demo import demo
from cv_desktop.cli.parsing import Parser, campaign, day, euros, opening, percent, positive, verb
from cv_desktop.domain.bundle import MEDIA, WORKBOOK
from cv_desktop.domain.file_kinds import KINDS


def build() -> Parser:
    """The whole command line."""
    parser, verbs = opening()

    opened = verb(verbs, "gui", "ouvre l’application")
    opened.add_argument("base", type=Path, nargs="?", metavar="BASE", help="base à ouvrir, sinon la dernière ouverte")

    made = verb(verbs, "demo", "déroule une campagne d’exemple et en garde les courriers, les écrans et les comptes")
    made.add_argument("--out", type=Path, required=True, metavar="DOSSIER", help="où écrire")
    made.set_defaults(run=demo)

    call = verbs.add_parser("call", help="campagnes")
    of_call = call.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser)
    created = verb(of_call, "create", "crée une campagne, et la base si elle n’existe pas")
    created.add_argument("code", metavar="CODE", help="code de la campagne, par exemple FIA-2026")
    created.add_argument("--scheme", required=True, choices=("FIA", "AAP"), help="dispositif")
    created.add_argument("--year", required=True, type=int, metavar="ANNÉE", help="exercice")
    created.add_argument("--envelope", required=True, type=euros, metavar="EUROS", help="enveloppe, en euros")
    created.set_defaults(run=commands.create_call)
    _configurations(of_call)

    read = verb(verbs, "import", "importe un fichier\u00a0: dossiers d’une campagne, subventions passées, annuaire")
    read.add_argument("file", type=Path, metavar="FICHIER", help="classeur, CSV, JSON ou Cerfa rempli (PDF)")
    read.add_argument("--call", metavar="CODE", help="code de la campagne, pour des dossiers")
    read.add_argument("--as", dest="kind", choices=KINDS, help="ce que le fichier contient, sinon reconnu aux colonnes")
    read.add_argument("--source", metavar="NOM", help="d’où vient le fichier, dont les colonnes sont retenues")
    read.add_argument(
        "--year", type=int, metavar="ANNÉE", help="année des subventions ou d’un bilan, si le fichier ne la dit pas"
    )
    read.add_argument(
        "--deposited-on", type=day, metavar="DATE", help="date de dépôt des dossiers, si le fichier ne la dit pas"
    )
    read.add_argument("--structure", metavar="NUMÉRO", help="SIRET, SIREN ou RNA de la structure d’un bilan")
    read.add_argument("--application", metavar="NUMÉRO", help="dossier d’un bilan, ou «\u00a0aucun\u00a0»")
    read.add_argument("--dry-run", action="store_true", help="simule\u00a0: rien n’est écrit")
    read.set_defaults(run=import_command.import_file)

    checked = verb(verbs, "check", "contrôle les dossiers d’une campagne, article par article")
    campaign(checked)
    checked.set_defaults(run=commands.check)

    _marks(verbs)

    structures = verbs.add_parser("structures", help="structures")
    doubled = verb(structures.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser),
                    "duplicates", "cherche les structures inscrites deux fois, sans rien changer")  # fmt: skip
    doubled.set_defaults(run=structures_command.find_duplicates)

    letters_parser.add(verbs)

    _templates(verbs)

    scans = verbs.add_parser("scans", help="courriers signés qui reviennent sur papier")
    piled = verb(scans.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser),
                  "read", "lit une pile de scans et dit de quel courrier est chaque page")  # fmt: skip
    piled.add_argument("files", type=Path, nargs="+", metavar="FICHIER", help="PDF ou images")
    piled.add_argument("--file", action="store_true",
                       help="classe aussi les copies signées dans la base, et dit ce qui reste à classer")  # fmt: skip
    piled.add_argument(
        "--signatory",
        metavar="NOM",
        help="avec --file\u00a0: qui a signé\u00a0; sinon, la personne que nomme chaque courrier",
    )
    piled.add_argument("--signed-on", type=day, metavar="DATE", help="avec --signatory\u00a0: le jour de la signature")
    piled.set_defaults(run=scans_command.read)

    signature = verbs.add_parser("signature", help="signatures électroniques")
    verified = verb(signature.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser),
                     "verify", "dit qui a signé un PDF, quand, et ce que vaut chaque signature")  # fmt: skip
    verified.add_argument("file", type=Path, metavar="FICHIER", help="PDF à lire")
    verified.add_argument("--authority", type=Path, action="append", metavar="CERTIFICAT",
                          help="certificat d’une autorité reconnue (PEM ou DER)\u00a0; peut se répéter")  # fmt: skip
    verified.set_defaults(run=signature_command.verify)

    _sheets(verbs)
    allocate_parser.add(verbs)
    _meetings(verbs)
    _committee(verbs)

    _conditions(verbs)

    exports_parser.add(verbs)

    verified = verb(
        verbs, "verify", "recalcule la chaîne du journal, les empreintes des courriers et celles des pièces"
    )
    verified.set_defaults(run=commands.verify)

    saved = verb(verbs, "backup", "copie la base dans un fichier")
    saved.add_argument("file", type=Path, metavar="FICHIER", help="sauvegarde à écrire")
    saved.set_defaults(run=commands.backup)

    restored = verb(verbs, "restore", "remet une sauvegarde en place, dans un dossier sans base")
    restored.add_argument("file", type=Path, metavar="FICHIER", help="sauvegarde à lire")
    restored.set_defaults(run=commands.restore)

    tested = verb(verbs, "self-test", "vérifie que cette installation sait tout faire")
    tested.set_defaults(run=commands.self_test)
    return parser


def _templates(verbs: argparse._SubParsersAction[Parser]) -> None:
    templates = verbs.add_parser("templates", help="modèles de courrier")
    actions = templates.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser)
    given = verb(actions, "export", "écrit les modèles de courrier dans un fichier")
    given.add_argument("--call", metavar="CODE", help="ceux qu’emploie une campagne, sinon les modèles généraux")
    given.add_argument("--out", type=Path, required=True, metavar="FICHIER", help="fichier json à écrire")
    given.set_defaults(run=templates_command.export)
    taken = verb(actions, "import", "prend les modèles d’un fichier, en version nouvelle s’ils ont servi")
    taken.add_argument("file", type=Path, metavar="FICHIER", help="fichier json exporté")
    taken.add_argument("--call", metavar="CODE", help="pour une seule campagne, sinon pour toutes")
    taken.set_defaults(run=templates_command.take)


def _meetings(verbs: argparse._SubParsersAction[Parser]) -> None:
    meetings = verbs.add_parser("meetings", help="séances")
    listed = verb(meetings.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser),
                   "list", "liste les séances, avec leur identifiant")  # fmt: skip
    listed.add_argument("--call", metavar="CODE", help="une seule campagne")
    listed.set_defaults(run=meetings_command.show)

    minutes = verb(
        verbs, "minutes", "écrit le procès-verbal et relevé d’avis d’une séance, ou son projet avant la clôture"
    )
    minutes.add_argument("--meeting", required=True, metavar="SÉANCE",
                         help="identifiant donné par meetings list, ou nom, ou date (16/04/2026) s’ils n’en désignent "
                         "qu’une")  # fmt: skip
    minutes.add_argument("--out", type=Path, required=True, metavar="FICHIER",
                         help="fichier à écrire, .pdf, .docx, .xlsx (annexe) ou .json (contenu figé)")  # fmt: skip
    minutes.add_argument(
        "--annex", action="store_true", help="l’annexe (tableau en paysage) au lieu du relevé, en .pdf"
    )
    minutes.set_defaults(run=meetings_command.minutes)


def _configurations(verbs: argparse._SubParsersAction[Parser]) -> None:
    exported = verb(verbs, "export", "écrit le paramétrage d’une campagne dans un fichier")
    exported.add_argument("code", metavar="CODE", help="code de la campagne")
    exported.add_argument("--out", type=Path, required=True, metavar="FICHIER", help="fichier json à écrire")
    exported.set_defaults(run=calls_command.export)

    imported = verb(verbs, "import", "crée une campagne d’après un paramétrage exporté")
    imported.add_argument("file", type=Path, metavar="FICHIER", help="fichier json exporté")
    imported.add_argument("--code", dest="as_code", metavar="CODE", help="code de la nouvelle campagne")
    imported.set_defaults(run=calls_command.import_file)

    doubled = verb(verbs, "duplicate", "crée la campagne d’une autre année d’après celle-ci")
    doubled.add_argument("code", metavar="CODE", help="campagne à dupliquer")
    doubled.add_argument("new_code", metavar="NOUVEAU_CODE", help="code de la nouvelle campagne")
    doubled.add_argument("--year", required=True, type=int, metavar="ANNÉE", help="exercice de la nouvelle campagne")
    doubled.set_defaults(run=calls_command.duplicate)


def _sheets(verbs: argparse._SubParsersAction[Parser]) -> None:
    parser = verbs.add_parser("sheets", help="grilles remises aux membres et rendues par eux")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser)
    handed = verb(actions, "export", "remet à chaque membre ses grilles, sans les dossiers de ses déports")
    campaign(handed)
    handed.add_argument("--as", dest="medium", choices=MEDIA, default=WORKBOOK, help="support, classeur par défaut")
    handed.add_argument("--member", action="append", metavar="NOM", help="un membre, sinon tous\u00a0; peut se répéter")
    handed.add_argument("--meeting", metavar="CLÉ", help="séance, sinon tous les dossiers recevables")
    handed.add_argument("--out", type=Path, required=True, metavar="DOSSIER", help="où écrire")
    handed.set_defaults(run=sheets_command.export)
    taken = verb(actions, "read", "lit des grilles rendues\u00a0: classeurs, PDF remplis, scans")
    taken.add_argument("files", type=Path, nargs="+", metavar="FICHIER", help="fichiers rendus")
    campaign(taken)
    taken.add_argument("--dry-run", action="store_true", help="simule\u00a0: rien n’est écrit")
    taken.add_argument("--replace", action="store_true", help="prend aussi les notes qui diffèrent de la base")
    taken.set_defaults(run=sheets_command.read)


def _marks(verbs: argparse._SubParsersAction[Parser]) -> None:
    grid = verbs.add_parser("grid", help="grille de notation")
    of_grid = grid.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser)
    taken = verb(of_grid, "import", "prend la grille d’un fichier, en version nouvelle si l’actuelle a servi")
    taken.add_argument("file", type=Path, metavar="FICHIER", help="fichier json de la grille")
    campaign(taken)
    taken.set_defaults(run=marks_command.import_grid)
    given = verb(of_grid, "export", "écrit la grille d’une campagne dans un fichier")
    campaign(given)
    given.add_argument("--out", type=Path, required=True, metavar="FICHIER", help="fichier json à écrire")
    given.set_defaults(run=marks_command.export_grid)

    marks = verbs.add_parser("marks", help="notes des membres")
    of_marks = marks.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser)
    read = verb(
        of_marks, "import", "importe des notes\u00a0: une ligne par critère, avec numéro, membre, critère et niveau"
    )
    read.add_argument("file", type=Path, metavar="FICHIER", help="CSV ou classeur")
    campaign(read)
    read.add_argument("--partial", action="store_true", help="écrit les lignes bonnes même si d’autres sont refusées")
    read.add_argument("--dry-run", action="store_true", help="simule\u00a0: rien n’est écrit")
    read.set_defaults(run=marks_command.import_marks)
    back = verb(of_marks, "undo", "défait le dernier import de notes de la campagne, tant que rien n’est révélé")
    campaign(back)
    back.set_defaults(run=marks_command.undo_marks)
    empty = verb(of_marks, "template", "écrit le fichier à remplir, sans les dossiers des déports")
    campaign(empty)
    empty.add_argument(
        "--out", type=Path, required=True, metavar="FICHIER", help="CSV, ou classeur s’il finit par xlsx"
    )
    empty.set_defaults(run=marks_command.template)

    ranked = verb(verbs, "ranking", "classe les dossiers d’une campagne, avec dispersion et solidité")
    campaign(ranked)
    ranked.add_argument("--places", type=positive, metavar="N", help="solidité\u00a0: rester parmi les N premiers")
    ranked.add_argument("--draws", type=positive, metavar="N", help="solidité\u00a0: nombre de tirages")
    ranked.add_argument("--shake", type=percent, metavar="P", help="solidité\u00a0: poids à P\u00a0%% près")
    ranked.add_argument("--seed", type=int, metavar="N", help="solidité\u00a0: graine des tirages")
    ranked.set_defaults(run=ranking_command.ranking)


def _committee(verbs: argparse._SubParsersAction[Parser]) -> None:
    people = verbs.add_parser("members", help="membres du comité")
    listed = verb(people.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser),
                   "import", "ajoute les membres d’une liste\u00a0; ceux déjà là restent tels quels")  # fmt: skip
    listed.add_argument("file", type=Path, metavar="FICHIER", help="CSV ou classeur\u00a0: nom, institution, courriel…")
    campaign(listed)
    listed.set_defaults(run=members_command.import_members)

    recusals = verbs.add_parser("recusals", help="déports")
    kept = verb(recusals.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser),
                 "export", "écrit le registre des déports d’une année")  # fmt: skip
    kept.add_argument("--year", required=True, type=int, metavar="ANNÉE", help="année du registre")
    kept.add_argument("--out", type=Path, required=True, metavar="FICHIER", help="classeur xlsx ou pages pdf")
    kept.set_defaults(run=members_command.export_register)


def _conditions(verbs: argparse._SubParsersAction[Parser]) -> None:
    reserves = verbs.add_parser("conditions", help="réserves des subventions accordées sous réserve")
    actions = reserves.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser)
    listed = verb(actions, "list", "dit les réserves d’une campagne, à lever ou levées")
    campaign(listed)
    listed.set_defaults(run=conditions_command.list_all)
    lifted = verb(actions, "lift", "lève la réserve d’un dossier\u00a0: le jour, et ce qui la lève")
    put_back = verb(actions, "put-back", "remet une réserve levée par erreur")
    for one, run in ((lifted, conditions_command.lift), (put_back, conditions_command.put_back)):
        campaign(one)
        one.add_argument("--application", required=True, metavar="NUMÉRO", help="le dossier")
        one.set_defaults(run=run)
    lifted.add_argument("--on", type=day, required=True, metavar="DATE", help="jour de la levée")
    lifted.add_argument("--proof", required=True, metavar="TEXTE", help="la pièce reçue, qui l’a vérifiée")
    lifted.add_argument("--letter", action="store_true", help="prépare aussi le courrier qui l’annonce")
