"""What a file holds, recognised from its columns: applications, past grants, or a public register."""

from __future__ import annotations

from collections.abc import Sequence

from cv_desktop.domain.deposit_words import DepositWords
from cv_desktop.domain.directory import Registers
from cv_desktop.domain.grant_columns import Words, main_money, open_grants
from cv_desktop.domain.header import open_table
from cv_desktop.domain.sheets import Sheet, plain
from cv_desktop.domain.text import words

APPLICATIONS, HISTORY, DIRECTORY = "applications", "history", "directory"
KINDS = (APPLICATIONS, HISTORY, DIRECTORY)
_WITHIN = 20


def kind_of(sheets: Sequence[Sheet], deposits: DepositWords, grants: Words, registers: Registers) -> str:
    """One of KINDS, or nothing when no column says it.

    A workbook of a « démarche » has its sheet Dossiers; elsewhere a date of deposit with a number or a title makes
    applications, a name with an amount makes past grants.
    """
    if any(words(sheet.name) == "dossiers" for sheet in sheets):
        return APPLICATIONS
    for sheet in sheets:
        if any(registers.recognise([plain(cell) for cell in row]) for row in sheet.rows[:_WITHIN]):
            return DIRECTORY
    for sheet in sheets:
        found = open_table(sheet, deposits.one_table).positions
        if "deposited_at" in found and "asked" in found and ("number" in found or "title" in found):
            return APPLICATIONS
    for sheet in sheets:
        table = open_grants(sheet, grants)
        if "name" in table.positions and main_money(table):
            return HISTORY
    return ""


def is_request(sheets: Sequence[Sheet], grants: Words) -> bool:
    """Whether a list of names and amounts says what is asked, and nothing of what was granted or paid."""
    tables = [open_grants(sheet, grants) for sheet in sheets if sheet.rows]
    fit = [table for table in tables if "name" in table.positions and main_money(table)]
    return bool(fit) and all(main_money(table) == "asked" for table in fit)
