"""Letters that an officer prepares one by one, and the reminders of reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtWidgets import QWidget

from cv_desktop.db.queries import applications
from cv_desktop.services import hand_letters
from cv_desktop.ui.context import Context
from cv_desktop.ui.letters.entries import Entry
from cv_desktop.ui.letters.entries import letters as counted
from cv_desktop.ui.letters.hand_letter_dialog import FileChoice, HandLetterDialog
from cv_desktop.ui.message_bar import Message


class ByHand:
    """The gestures; each says what it did."""

    def __init__(self, context: Context, widget: QWidget) -> None:
        self._context, self._widget = context, widget

    def prepare(self, call_id: str, application_id: str) -> str:
        """Asks for which file and which letter; the key of the letter prepared, empty when one went back."""
        rows = self._context.read(applications.rows, call_id=call_id, viewer=self._context.viewer)
        files = [FileChoice(row.id, f"{row.number} · {row.structure}") for row in rows]
        if not files:
            self._say("info", "Aucun dossier dans cette campagne.", "Saisissez ou importez un dossier d’abord.")
            return ""
        dialog = HandLetterDialog(self._widget, self._context, files, current=application_id)
        return dialog.letter_id if dialog.exec() == dialog.DialogCode.Accepted else ""

    def complete(self, entry: Entry) -> None:
        """The answers of a letter prepared by hand, written again as long as it is not issued."""
        words = f"{entry.row.label}, {entry.row.application_number}"
        HandLetterDialog(self._widget, self._context, (), editing=(entry.id, entry.row.kind, words)).exec()

    def remove(self, entry: Entry) -> None:
        """Delete a letter prepared by hand; « Annuler » gives it back."""
        if self._context.do(f"courrier {entry.short} supprimé", hand_letters.remove, letter_id=entry.id) is not None:
            what = f"Courrier supprimé\u00a0: {entry.row.label.lower()}, {entry.row.application_number}."
            self._say("success", what, "", (("Annuler", self._context.undo_last),))

    def remind(self, call_id: str) -> None:
        """The reminders of reports due today."""
        changes = self._context.do("rappels de bilan préparés", hand_letters.remind, call_id=call_id)
        if changes is None:
            return
        count = len(changes.touched)
        if count:
            self._say(
                "success", f"{counted(count, 'rappel')} de bilan à relire.", "", (("Annuler", self._context.undo_last),)
            )
        else:
            self._say("info", "Aucun rappel de bilan n’est dû aujourd’hui.", "Les jours sont ceux du règlement.")

    def _say(
        self,
        level: Literal["info", "success"],
        lead: str,
        text: str,
        buttons: tuple[tuple[str, Callable[[], None]], ...] = (),
    ) -> None:
        self._context.messages.show_message(Message(level, lead, text, buttons))
