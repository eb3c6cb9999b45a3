"""What is to be said of the columns of a list of grants, before its lines: twins, shares, amounts left unread."""

from __future__ import annotations

from collections.abc import Collection

from cv_desktop.domain.amounts import AmountColumn, scale_of
from cv_desktop.domain.columns import header_key
from cv_desktop.domain.grant_columns import FUNDER, KIND, Words, is_proposed
from cv_desktop.domain.intake import INFORMATION, TO_CHECK
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.sheets import Cell, Row, Table, plain
from cv_desktop.domain.text import NBSP, quote

_MONEY_WORDS = frozenset({"montant", "montants", "subvention", "subventions", "aide", "aides", "exceptionnelle"})
_NO_MONEY_WORDS = frozenset(
    {
        "pourcentage",
        "taux",
        "nombre",
        "nb",
        "n",
        "nature",
        "type",
        "objet",
        "date",
        "numero",
        "id",
        "code",
        "part",
        "annee",
    }
)


def tell_columns(table: Table, known: Words, in_kind: Collection[str], log: ProblemLog) -> None:
    """Notes how the columns were understood; ``in_kind`` are the labels of those that hold no money."""
    _tell_twins(table, log)
    _tell_shares(table, known, log)
    for label in in_kind:
        message = f"La colonne {quote(label)} compte des aides en nature{NBSP}: elles ne sont pas additionnées."
        log.on_table(INFORMATION, message, table, label)
    _tell_other_money(table, in_kind, log)


def _tell_twins(table: Table, log: ProblemLog) -> None:
    """Two columns of the same name: the first is read, and it is said when they differ."""
    labels = [table.label(at) for at in range(len(table.headers))]
    read = set(table.positions.values())
    for at in sorted(read):
        twins = [
            other for other in range(len(labels)) if other not in read and labels[other] and labels[other] == labels[at]
        ]
        for twin in twins:
            differs = next((row for row in table.rows() if cell_at(row, at) != cell_at(row, twin)), None)
            if differs is None:
                continue
            message = (
                f"La colonne {quote(labels[at])} existe deux fois, avec des valeurs différentes dès la ligne "
                f"{differs.line}. La première est lue, la suivante contient {quote(plain(cell_at(differs, twin)))}."
            )
            log.on_table(TO_CHECK, message, table, labels[at])


def _tell_shares(table: Table, known: Words, log: ProblemLog) -> None:
    """How the columns that count were understood, where another person could read them otherwise."""
    if is_proposed(table, known):
        message = (
            f"Aucune colonne ne dit ce qui a été voté{NBSP}: les montants proposés sont pris à la place. Vérifiez."
        )
        log.on_table(TO_CHECK, message, table, table.header("granted"))
    for mark, told in (
        (FUNDER, "Une subvention par financeur est lue dans les colonnes"),
        (KIND, "Ces colonnes sont lues comme des subventions de plus, et additionnées"),
    ):
        labels = [table.header(key) for key in table.positions if key.startswith(f"granted@{mark}")]
        if labels:
            message = f"{told}{NBSP}: {', '.join(map(quote, labels))}."
            log.on_table(INFORMATION, message, table)


def _tell_other_money(table: Table, in_kind: Collection[str], log: ProblemLog) -> None:
    """Columns of amounts that no field takes: what they hold is said, so that no grant is missed in silence."""
    read = set(table.positions.values())
    labels = {table.label(at) for at in read}
    for at, header in enumerate(table.headers):
        label = table.label(at)
        said = set(header_key(header).split())
        if at in read or label in labels or label in in_kind or not _MONEY_WORDS & said or _NO_MONEY_WORDS & said:
            continue
        column = AmountColumn((row[at] for row in table.body if at < len(row)), scale_of(label))
        filled = [row.cells[at] for row in table.rows() if at < len(row.cells) and plain(row.cells[at])]
        amounts = [cents for cents in map(column.attempt, filled) if cents]
        if len(amounts) * 2 > len(filled):
            message = (
                f"La colonne {quote(label)} contient aussi des montants, qui ne sont pas repris. Si c’est elle qui "
                "compte, choisissez-la dans la correspondance des colonnes."
            )
            log.on_table(TO_CHECK, message, table, label)


def cell_at(row: Row, position: int) -> Cell:
    """The cell of a column, None beyond the end of the line."""
    return row.cells[position] if position < len(row.cells) else None
