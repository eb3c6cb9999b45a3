"""The sheet being filled: what is given goes to the base at once, and what is refused says why and the way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from cv_desktop.db.queries import application_records, scores, sheets
from cv_desktop.db.queries.application_records import ApplicationRecord
from cv_desktop.db.queries.sheets import SheetState
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Grid
from cv_desktop.domain.marks import Mark, check_mark, may_return
from cv_desktop.services import reviews
from cv_desktop.ui.context import Context
from cv_desktop.ui.message_bar import Message

NBSP = "\u00a0"


class Marking(QObject):
    """One member, one file. Its writes have the page as origin, which repaints only what changed."""

    written = Signal(str, str)  # code, what is said of it (empty for a mark)
    returned = Signal(bool)  # returned, or taken back
    sent_to = Signal(str)  # code of the criterion to complete

    def __init__(self, context: Context, page: QObject) -> None:
        super().__init__(page)
        self.context = context
        self._page = page
        self.member, self.file_id = "", ""
        self.grid: Grid | None = None
        self.file: ApplicationRecord | None = None
        self.sheet: dict[str, Mark] = {}
        self.state = SheetState(None, "", 0, 0)
        self._message: Message | None = None

    def load(self, grid: Grid, member: str, application_id: str) -> bool:
        """Reads the sheet and the file; False when there is none or when a déport hides it."""
        if (member, application_id) != (self.member, self.file_id):
            self.solved()
        self.grid, self.member, self.file_id = grid, member, application_id
        self.file = None
        if application_id:
            self.file = self.context.read(application_records.record, application_id=application_id, viewer=member)
        if self.file is None:
            return False
        self.sheet = self.context.read(scores.sheet, **self._key)
        self.state = self.context.read(sheets.state, **self._key)
        return True

    @property
    def locked(self) -> bool:
        return bool(self.state.revealed_in) or self.state.returned_at is not None

    @property
    def number(self) -> str:
        return self.file.row.number if self.file else ""

    def of(self, code: str) -> Mark:
        return self.sheet.get(code, Mark())

    def mark(self, code: str, level: int | None, away: bool = False) -> None:
        """A level, « sans objet », or neither to clear."""
        mark = self.of(code)
        if self._refused_by_lock() or (mark.level == level and mark.not_applicable == away):
            return
        if self.grid is not None:
            try:
                check_mark(self.grid, self.grid.criterion(code), level, away)
            except UserError as refusal:
                self._tell(refusal.message)  # until the next mark
                return
        key = {**self._key, "criterion": code, "level": level, "not_applicable": away}
        if self.context.do_from(self._page, f"note {code} ({self.number})", reviews.set_mark, **key):
            self._keep(code, replace(mark, level=level, not_applicable=away))

    def away(self, code: str) -> None:
        self.mark(code, None, not self.of(code).not_applicable)

    def dedicate(self, code: str) -> None:
        """« Action dédiée à cette priorité », on or off."""
        if self._refused_by_lock():
            return
        dedicated = not self.of(code).dedicated
        key = {**self._key, "criterion": code, "dedicated": dedicated}
        if self.context.do_from(self._page, f"action dédiée {code} ({self.number})", reviews.set_dedicated, **key):
            words = "action dédiée" if dedicated else "action non dédiée"
            self._keep(code, replace(self.of(code), dedicated=dedicated), words)

    def comment(self, code: str, text: str) -> None:
        if self.locked or self.file is None:
            return
        key = {**self._key, "criterion": code, "text": text}
        if self.context.do_from(self._page, f"phrase {code} ({self.number})", reviews.set_comment, **key):
            self._keep(code, replace(self.of(code), comment=text), "phrase enregistrée")

    def hand_in(self) -> None:
        """Returns the sheet, or says what is missing with the way there."""
        if self.grid is None or self.file is None or self._refused_by_lock():
            return
        try:
            may_return(self.grid, self.sheet)
        except UserError as refusal:
            code = refusal.field
            self._tell(refusal.message, (f"Aller à {code}", lambda: self.sent_to.emit(code)))
            return
        if self.context.do_from(self._page, f"grille rendue ({self.number})", reviews.hand_in, **self._key):
            self._moved(True)

    def take_back(self) -> None:
        if self.context.do_from(self._page, f"grille reprise ({self.number})", reviews.take_back, **self._key):
            self._moved(False)

    def solved(self) -> None:
        """The last refusal has nothing more to say."""
        if self._message:
            self.context.messages.close_message(self._message)
            self._message = None

    @property
    def _key(self) -> dict[str, str]:
        return {"application_id": self.file_id, "member_id": self.member}

    def _keep(self, code: str, mark: Mark, words: str = "") -> None:
        self.sheet[code] = mark
        self.solved()
        self.written.emit(code, words)

    def _moved(self, returned: bool) -> None:
        self.state = self.context.read(sheets.state, **self._key)
        self.solved()
        self.returned.emit(returned)

    def _refused_by_lock(self) -> bool:
        where = self.state.revealed_in
        if where:
            self._tell(f"Les grilles ont été révélées à «{NBSP}{where}{NBSP}»{NBSP}: elles ne changent plus.")
        elif self.state.returned_at is not None:
            self._tell(
                "Cette grille est rendue. Reprenez-la pour la modifier.", ("Reprendre cette grille", self.take_back)
            )
        return self.locked

    def _tell(self, text: str, *buttons: tuple[str, Callable[[], None]]) -> None:
        self.solved()
        lead, stop, rest = text.partition(". ")
        self._message = Message("warning", lead + stop.strip(), rest, buttons)
        self.context.messages.show_message(self._message)
        self.context.told.emit(text)
