"""One line of a table made an application: only a missing title, amount or name, or number of an export, refuses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from cv_desktop.domain import cells
from cv_desktop.domain.amounts import AmountColumn, scale_of
from cv_desktop.domain.application_identity import identity
from cv_desktop.domain.budget_columns import BudgetColumns
from cv_desktop.domain.dates import PARIS, short_date
from cv_desktop.domain.deposit_words import SourceStates
from cv_desktop.domain.entry import UNTITLED
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.funder_columns import FunderColumns
from cv_desktop.domain.intake import BLOCKING, INFORMATION, TO_CHECK, BudgetEntry, Deposit, Place
from cv_desktop.domain.merged_names import spread_names
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.quarters import KnownQuarters
from cv_desktop.domain.shares import wrong_minimum
from cv_desktop.domain.sheets import Row, Sheet, Table, plain
from cv_desktop.domain.structure_rows import name_of, read_structure
from cv_desktop.domain.text import NBSP, fold, quote

_DOCUMENTS = ("statuts", "rib", "bilan", "comptes", "rapport_activite", "dirigeants")
_NO_DOCUMENT = frozenset({"", "-", "–", "—", "non", "off", "neant"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """When the applications of a file that says nothing of it came: the day a person gives, else that of the import."""

    given: date | None = None
    today: date | None = None

    @property
    def moment(self) -> datetime | None:
        day = self.given or self.today
        return datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC) if day else None


@dataclass(frozen=True, slots=True)
class Companions:
    """What the other sheets say of the applications, by number; ``places`` is None when there is no such sheet."""

    places: Mapping[str, Row] | None
    budgets: Mapping[str, list[BudgetEntry]]


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that applications come from: who made it, when they came, the meaning of its states.

    ``numbered``: an export, which gives a number and a day of deposit to each application, and without which a line is
    none; else a list as an officer keeps one.
    """

    source: str
    arrival: Arrival
    states: SourceStates
    numbered: bool


class DepositRows:
    """Reads the applications of a table, lines of totals and the like having been set aside."""

    def __init__(
        self,
        sheet: Sheet,
        table: Table,
        origin: Origin,
        companions: Companions,
        budget: BudgetColumns,
        funders: FunderColumns,
        quarters: KnownQuarters | None,
        log: ProblemLog,
    ) -> None:
        self._origin = origin
        self._companions = companions
        self._budget, self._funders = budget, funders
        self._quarters = quarters
        self._log = log
        self._documents = [kind for kind in _DOCUMENTS if kind in table.positions]
        self._named = quarters or KnownQuarters({})
        self._names = dict(spread_names(table, sheet))
        self._amounts = {key: _amount_column(table, key) for key in ("asked", "cost", "minimum")}

    def name(self, row: Row, place: Row | None) -> str:
        """The name of the structure: of the line, of its establishment, or of the merged cells it stands under."""
        return name_of(row, place) or self._names.get(row.line, "")

    def name_of(self, row: Row, number: str) -> str:
        """The name of the structure of a line that has that number."""
        return self.name(row, (self._companions.places or {}).get(number))

    def amount(self, row: Row, key: str) -> int | None:
        """Cents of a cell of money. Raises UserError when it cannot be read or is negative."""
        cell = row[key]
        column = self._amounts[key]
        # A column in thousands of euros says so in its header.
        cents = cells.cents(cell) if column is None else column.read(cell)
        if cents is not None and cents < 0:
            raise UserError(f"{quote(plain(cell))} est un montant négatif.")
        return cents

    def attempt(self, row: Row) -> int | None:
        """What a line asks, in cents; None when it cannot be read."""
        try:
            return self.amount(row, "asked")
        except UserError:
            return None

    def read(self, row: Row, number: str, claimed: dict[str, Place]) -> Deposit | None:
        """The application of a line; None when it is refused, told as blocking problems.

        ``claimed`` gives the line of each number already met: a line without one takes its own there.
        """
        places = self._companions.places
        place = (places or {}).get(number) or (row if "siret" in row.table.positions else None)
        refusals: list[tuple[str, str]] = []
        if not number and self._origin.numbered:
            refusals.append(("number", "Le numéro de dossier manque."))
        title = row.text("title") if "title" in row.table.positions else UNTITLED
        if title in cells.DASHES:
            refusals.append(("title", "Le titre de l’action manque."))
        name = self.name(row, place)
        if name in cells.DASHES:
            refusals.append(("name", "Le nom de la structure manque."))
        asked = cost = None
        try:
            asked = self.amount(row, "asked")
            if not asked:
                # The export writes 0 where nothing was typed; and nobody asks for nothing.
                refusals.append(("asked", "Le montant demandé manque."))
        except UserError as refusal:
            refusals.append(("asked", refusal.message))
        try:
            cost = self.amount(row, "cost")
        except UserError as refusal:
            if self._origin.numbered:
                refusals.append(("cost", refusal.message))
            elif not refusals:
                self._log.on_row(TO_CHECK, refusal.message, row, "cost", number)
        if refusals or not asked:
            for key, message in refusals:
                self._log.on_row(BLOCKING, message, row, key, number)
            return None
        if not number:
            number = self._identify(row, place, name, title, asked, claimed)
        if title == UNTITLED:
            self._log.on_row(TO_CHECK, f"Aucune colonne ne donne de titre{NBSP}: {quote(UNTITLED)}.", row, "", number)
        if not cost and "cost" in row.table.positions:
            self._log.on_row(TO_CHECK, "Le coût de l’action manque.", row, "cost", number)
        if place is None and places is not None:
            message = f"Le SIRET manque{NBSP}: aucun établissement n’est joint à ce dossier."
            self._log.on_row(TO_CHECK, message, row, "", number)
        self._tell_decided(row, number)
        return self._deposit(row, place, number, name, title, cost or None, asked)

    def _identify(
        self, row: Row, place: Row | None, name: str, title: str, asked: int, claimed: dict[str, Place]
    ) -> str:
        """The number of a line that has none."""
        if "number" in row.table.positions:
            self._log.on_row(TO_CHECK, "Le numéro de dossier manque.", row, "number")
        first = number = identity(self._origin.source, row, place, name, title, asked)
        rank = 1
        while number in claimed:
            rank += 1
            number = f"{first}-{rank}"
        claimed[number] = row.place
        if rank > 1:
            message = (
                f"Même structure, même action et même montant que la {said_from(row, claimed[first])}, mais une autre "
                "colonne diffère. Les deux sont gardées."
            )
            self._log.on_row(TO_CHECK, message, row, "", number)
        return number

    def _deposit(
        self, row: Row, place: Row | None, number: str, name: str, title: str, cost: int | None, asked: int
    ) -> Deposit:
        read = self._log.read
        starts_on = read(row, "starts_on", cells.day, number)
        ends_on = read(row, "ends_on", cells.day, number)
        if starts_on and ends_on and ends_on < starts_on:
            self._log.on_row(TO_CHECK, "L’action finit avant d’avoir commencé.", row, "ends_on", number)
        budget = [*self._companions.budgets.get(number, ())]
        if self._budget.columns:
            budget += self._budget.read(row, number, self._log)
        if cost is None and "cost" not in row.table.positions:
            cost = sum(entry.amount_cents for entry in budget if entry.side == "charge") or None
        return Deposit(
            sheet=row.table.name,
            line=row.line,
            number=number,
            source_state=row.text("state"),
            deposited_at=self._deposited_at(row, number),
            structure=read_structure(row, place, name, number, self._log),
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
            documents={kind: name for kind in self._documents if fold(name := row.text(kind)) not in _NO_DOCUMENT},
            republican_contract=read(row, "republican_contract", cells.flag, number),
            budget=tuple(budget),
            minimum_cents=self._minimum(row, number, asked),
            fundings=tuple(self._funders.read(row, number, self._log)),
        )

    def _deposited_at(self, row: Row, number: str) -> datetime | None:
        if "deposited_at" in row.table.positions and not cells.is_blank(row["deposited_at"]):
            return self._log.read(row, "deposited_at", cells.moment, number)
        if not self._origin.arrival.given:
            day = short_date(self._origin.arrival.today)
            kept = f"{NBSP}: celle de l’import est prise, {day}." if day else "."
            self._log.on_row(TO_CHECK, f"La date de dépôt manque{kept}", row, "", number)
        return self._origin.arrival.moment

    def _minimum(self, row: Row, number: str, asked: int) -> int | None:
        """The viable minimum of a line; one that cannot be is told and left out."""
        if "minimum" not in row.table.positions:
            return None
        found = self._log.read(row, "minimum", lambda _cell: self.amount(row, "minimum"), number)
        if wrong := wrong_minimum(found, asked):
            self._log.on_row(TO_CHECK, wrong, row, "minimum", number)
            return None
        return found

    def _tell_decided(self, row: Row, number: str) -> None:
        state = row.text("state")
        if state and (decision := self._origin.states.decision(state)):
            message = (
                f"{quote(state)} dans le fichier{NBSP}: demande {decision} par la source. "
                "Le dossier entre comme déposé, rien n’est décidé ici."
            )
            self._log.on_row(INFORMATION, message, row, "state", number)

    def _read_quarters(self, row: Row, number: str) -> tuple[str, ...]:
        found, unknown = self._named.read(plain(row["quarters"]))
        if self._quarters:
            for text in unknown:
                message = f"{quote(text)} n’est pas un quartier connu. Choisissez-le dans la liste."
                self._log.on_row(TO_CHECK, message, row, "quarters", number)
        return found


def said_from(row: Row, place: Place) -> str:
    """« ligne 12 », with its sheet when it is another one than that of ``row``."""
    sheet, line = place
    return f"ligne {line}" if sheet == row.table.name else f"ligne {line} de la feuille {quote(sheet)}"


def _amount_column(table: Table, key: str) -> AmountColumn | None:
    at = table.positions.get(key)
    scale = scale_of(table.label(at)) if at is not None else 1
    if at is None or scale == 1:
        return None
    return AmountColumn((row[at] for row in table.body if at < len(row)), scale)


def _long_text(row: Row, key: str) -> str:
    """A text of several lines, with its line breaks and without the marks that spreadsheets leave in them."""
    return plain(row[key]).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
