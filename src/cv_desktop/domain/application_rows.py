"""The lines of the sheet Dossiers, sorted into applications, drafts, duplicates, refused lines and others."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from cv_desktop.domain import cells
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.intake import (
    BLOCKING,
    DRAFT,
    DUPLICATE,
    HEADERS_AGAIN,
    LEFT,
    NOTE,
    REPEATED,
    SET_ASIDE,
    TO_CHECK,
    TOTAL,
    Aside,
    BudgetEntry,
    Deposit,
)
from cv_desktop.domain.money import euros
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.quarters import KnownQuarters
from cv_desktop.domain.sheets import Cell, Row, plain
from cv_desktop.domain.structure_rows import name_of, number_of, read_structure
from cv_desktop.domain.text import NBSP, fold, quote

_DOCUMENTS = ("statuts", "rib", "bilan", "comptes", "rapport_activite", "dirigeants")
_NO_DOCUMENT = frozenset({"", "-", "–", "—", "non", "off", "neant"})
_TOTAL = re.compile(r"(?:sous )?tota(?:l|ux)\b|consolidation\b")
_DRAFT = "brouillon"


class ApplicationRows:
    """Reads lines one after the other; the lists hold the result, in the order of the file.

    ``places`` are the establishments by application number, None when the file has no such sheet; ``left`` are the
    lines that a person leaves aside.
    """

    def __init__(
        self,
        places: Mapping[str, Row] | None,
        budgets: Mapping[str, list[BudgetEntry]],
        quarters: KnownQuarters | None,
        log: ProblemLog,
        left: Collection[int] = (),
    ) -> None:
        self.deposits: list[Deposit] = []
        self.drafts: list[str] = []
        self.duplicates: list[str] = []
        self.refused: list[str] = []
        self.others: list[int] = []
        self.asides: list[Aside] = []
        self.left: dict[int, str] = {}
        self.names: dict[int, str] = {}
        self._to_leave = left
        self._places = places
        self._budgets = budgets
        self._quarters = quarters
        self._log = log
        self._seen: dict[tuple[Cell, ...], int] = {}
        self._claimed: dict[str, int] = {}
        self._asked_everywhere = 0

    def read(self, row: Row) -> None:
        """Sorts one line and notes its problems."""
        number = number_of(row)
        shown = number or f"ligne{NBSP}{row.line}"
        if row.line in self._to_leave:
            self._aside(LEFT, "Laissée de côté à la main.", row, number)
            self.left[row.line] = number
            self._name(row, number)
            return
        if row.surplus:
            message = (
                f"{len(row.cells)} valeurs pour {len(row.table.headers)} colonnes, "
                "une virgule décimale n’est pas entre guillemets."
            )
            self._refuse(row, "", message, number)
            return
        if row.repeats_headers:
            self._aside(REPEATED, HEADERS_AGAIN, row)
            self.others.append(row.line)
            return
        if self._is_no_application(row):
            self.others.append(row.line)
            return
        content = row.content()
        if number and content in self._seen:
            message = f"Ligne répétée à l’identique de la ligne {self._seen[content]}, gardée une fois."
            self._aside(DUPLICATE, message, row, number)
            self.duplicates.append(number)
            return
        self._seen[content] = row.line
        if fold(row.text("state")) == _DRAFT or cells.is_blank(row["deposited_at"]):
            why = "Brouillon" if fold(row.text("state")) == _DRAFT else "Pas de date de dépôt"
            self._aside(DRAFT, f"{why}{NBSP}: mis de côté.", row, number)
            self.drafts.append(shown)
            return
        if number in self._claimed:
            message = f"Le numéro {number} est déjà celui de la ligne {self._claimed[number]}, dont le contenu diffère."
            self._refuse(row, "number", message, number)
            return
        if number:
            self._claimed[number] = row.line
        self._application(row, number)

    def _application(self, row: Row, number: str) -> None:
        place = (self._places or {}).get(number) or (row if "siret" in row.table.positions else None)
        refusals: list[tuple[str, str]] = []
        if not number:
            refusals.append(("number", "Le numéro de dossier manque."))
        title = row.text("title")
        if title in cells.DASHES:
            refusals.append(("title", "Le titre de l’action manque."))
        if name_of(row, place) in cells.DASHES:
            refusals.append(("name", "Le nom de la structure manque."))
        asked = cost = None
        try:
            asked = cells.cents(row["asked"])
            if not asked:
                # The export writes 0 where nothing was typed; and nobody asks for nothing.
                refusals.append(("asked", "Le montant demandé manque."))
        except UserError as refusal:
            refusals.append(("asked", refusal.message))
        try:
            cost = cells.cents(row["cost"])
        except UserError as refusal:
            refusals.append(("cost", refusal.message))
        self._asked_everywhere += asked or 0
        if refusals or not asked:
            for key, message in refusals:
                self._log.on_row(BLOCKING, message, row, key, number)
            self._name(row, number)
            self.refused.append(number or f"ligne{NBSP}{row.line}")
            return
        if not cost and "cost" in row.table.positions:
            self._log.on_row(TO_CHECK, "Le coût de l’action manque.", row, "cost", number)
        if place is None and self._places is not None:
            message = f"Le SIRET manque{NBSP}: aucun établissement n’est joint à ce dossier."
            self._log.on_row(TO_CHECK, message, row, "", number)
        self.deposits.append(self._deposit(row, place, number, title, cost or None, asked))

    def _deposit(self, row: Row, place: Row | None, number: str, title: str, cost: int | None, asked: int) -> Deposit:
        read = self._log.read
        starts_on = read(row, "starts_on", cells.day, number)
        ends_on = read(row, "ends_on", cells.day, number)
        if starts_on and ends_on and ends_on < starts_on:
            self._log.on_row(TO_CHECK, "L’action finit avant d’avoir commencé.", row, "ends_on", number)
        return Deposit(
            line=row.line,
            number=number,
            source_state=row.text("state"),
            deposited_at=read(row, "deposited_at", cells.moment, number),
            structure=read_structure(row, place, number, self._log),
            title=title,
            theme_label=row.text("theme"),
            quarters=self._read_quarters(row, number),
            description=_long_text(row, "description"),
            beneficiaries=read(row, "beneficiaries", cells.count, number),
            women=read(row, "women", cells.count, number),
            qpv_residents=read(row, "qpv_residents", cells.count, number),
            starts_on=starts_on,
            ends_on=ends_on,
            cost_cents=cost,
            asked_cents=asked,
            equality=_long_text(row, "equality"),
            participation=_long_text(row, "participation"),
            ecology=_long_text(row, "ecology"),
            documents={kind: row.text(kind) for kind in _DOCUMENTS if fold(row.text(kind)) not in _NO_DOCUMENT},
            republican_contract=read(row, "republican_contract", cells.flag, number),
            budget=tuple(self._budgets.get(number, ())),
        )

    def _read_quarters(self, row: Row, number: str) -> tuple[str, ...]:
        known = self._quarters or KnownQuarters({})
        found, unknown = known.read(plain(row["quarters"]))
        if self._quarters:
            for text in unknown:
                message = f"{quote(text)} n’est pas un quartier connu. Choisissez-le dans la liste."
                self._log.on_row(TO_CHECK, message, row, "quarters", number)
        return found

    def _name(self, row: Row, number: str) -> None:
        self.names[row.line] = name_of(row, (self._places or {}).get(number))

    def _refuse(self, row: Row, key: str, message: str, number: str) -> None:
        self._log.on_row(BLOCKING, message, row, key, number)
        self._name(row, number)
        self.refused.append(number or f"ligne{NBSP}{row.line}")

    def _aside(self, reason: str, message: str, row: Row, number: str = "") -> None:
        self.asides.append(Aside(row.line, reason, message, row.table.name))
        self._log.on_row(SET_ASIDE, message, row, "", number)

    def _is_no_application(self, row: Row) -> bool:
        """A line of total, or a footnote: a single text where a file has many cells."""
        if row.text("title") not in cells.DASHES and number_of(row):
            return False
        texts = [text for text in map(plain, row.cells) if text]
        if row.text("title") in cells.DASHES and _TOTAL.match(fold(texts[0]).replace("-", " ")):
            self._compare_total(row)
            return True
        if len(texts) == sum(not cells.is_blank(row[key]) for key in ("asked", "cost")):
            # Amounts and not a word beside them: the sum of the column, whose label was lost.
            self._compare_total(row)
            return True
        if len(texts) == 1 and not texts[0].isdigit() and len(row.table.positions) > 3:
            self._aside(NOTE, f"{quote(texts[0][:80])}{NBSP}: note, laissée de côté.", row)
            return True
        return False

    def _compare_total(self, row: Row) -> None:
        self._aside(TOTAL, "Ligne de total, laissée de côté.", row)
        printed = self._log.read(row, "asked", cells.cents, "")
        kept = sum(deposit.asked_cents for deposit in self.deposits)
        if printed is not None and printed not in (kept, self._asked_everywhere):
            message = f"Le total écrit, {euros(printed)}, n’est pas la somme des dossiers lus, {euros(kept)}."
            self._log.on_row(TO_CHECK, message, row, "asked")


def _long_text(row: Row, key: str) -> str:
    """A text of several lines, with its line breaks and without the marks that spreadsheets leave in them."""
    return plain(row[key]).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
