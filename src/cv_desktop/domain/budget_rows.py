"""The budget of the applications, read on the two repeated blocks « Charges » and « Produits »."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cv_desktop.domain import cells
from cv_desktop.domain.intake import HEADERS_AGAIN, SET_ASIDE, TO_CHECK, BudgetEntry
from cv_desktop.domain.money import euros
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.sheets import Cell, Row, Table
from cv_desktop.domain.structure_rows import number_of
from cv_desktop.domain.text import NBSP, quote, words
from cv_desktop.domain.totals import TotalWords

CHARGE = "charge"
INCOME = "produit"
_ACCOUNT = re.compile(r"(\d{2,6})(?!\d)")
_STATES = {
    **dict.fromkeys(("oui", "on", "acquis", "acquise", "accorde", "accordee", "obtenu"), "acquis"),
    **dict.fromkeys(("non", "off", "sollicite", "sollicitee", "en cours"), "sollicite"),
    **dict.fromkeys(("refuse", "refusee"), "refuse"),
    **dict.fromkeys(("demande", "demandee"), "demande"),
}


def read_budget(
    table: Table, side: str, known: frozenset[str], totals: TotalWords, log: ProblemLog
) -> dict[str, list[BudgetEntry]]:
    """The budget lines of each application number, in the order of the file.

    A line of an unknown application, of an unreadable or negative amount is left out and noted; a line of total
    is left out with a message and compared with its sum; an exact repetition of a numbered line is kept once.
    """
    budgets: dict[str, list[BudgetEntry]] = {}
    seen: set[tuple[Cell, ...]] = set()
    for row in table.rows():
        number = number_of(row)
        if row.repeats_headers:
            log.on_row(SET_ASIDE, HEADERS_AGAIN, row)
            continue
        if _is_total(row, totals):
            # Without a number it is the sum of the whole sheet, or of the file just above.
            entries = [budgets.get(number, [])] if number in known else [*budgets.values()]
            sums = (_sum(*entries), _sum(*entries[-1:]))
            _compare(row, number if number in known else "", sums, log)
            continue
        if number not in known:
            message = f"Aucun dossier ne porte le numéro {quote(number)}." if number else "Le numéro de dossier manque."
            log.on_row(TO_CHECK, message, row, "number")
            continue
        if row.text("rank") and (content := row.content()) in seen:
            log.on_row(SET_ASIDE, "Ligne de budget répétée à l’identique, gardée une fois.", row, "", number)
            continue
        if row.text("rank"):
            seen.add(content)
        entry = _entry(row, side, number, log)
        if entry:
            budgets.setdefault(number, []).append(entry)
    return budgets


def _entry(row: Row, side: str, number: str, log: ProblemLog) -> BudgetEntry | None:
    account = row.text("account")
    label = row.text("label")
    if cells.is_blank(row["amount"]):
        if account or label:
            log.on_row(TO_CHECK, "Le montant de cette ligne de budget manque.", row, "amount", number)
        return None
    amount = log.read(row, "amount", cells.cents, number)
    if amount is None:
        return None
    if found := _ACCOUNT.match(account):
        account = found.group(1)
    elif "account" in row.table.positions:
        message = f"{quote(account)} n’est pas un compte." if account else "Le compte de cette ligne de budget manque."
        log.on_row(TO_CHECK, f"{message} Exemple{NBSP}: 64.", row, "account", number)
    return BudgetEntry(side, account, label, amount, _state(row, number, log))


def _state(row: Row, number: str, log: ProblemLog) -> str:
    written = row.text("state")
    if not written or row.table.positions.get("state") is None:
        return ""
    state = _STATES.get(words(written), "")
    if not state:
        message = f"{quote(written)} ne dit pas si ce financement est acquis, sollicité ou refusé."
        log.on_row(TO_CHECK, message, row, "state", number)
    return state


def _is_total(row: Row, totals: TotalWords) -> bool:
    if row.text("account").isdigit():
        return False
    return any(totals.judge(row.text(key)) for key in ("number", "account", "label"))


def _sum(*budgets: Sequence[BudgetEntry]) -> int:
    return sum(entry.amount_cents for entries in budgets for entry in entries)


def _compare(row: Row, number: str, sums: Sequence[int], log: ProblemLog) -> None:
    printed = log.read(row, "amount", cells.cents, number)
    log.on_row(SET_ASIDE, "Ligne de total, laissée de côté.", row, "label", number)
    if printed is not None and printed not in sums:
        message = f"Le total écrit, {euros(printed)}, n’est pas la somme des lignes, {euros(sums[0])}."
        log.on_row(TO_CHECK, message, row, "amount", number)
