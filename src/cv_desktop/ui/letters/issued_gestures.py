"""What is done with letters that have their number: signed, sent, received, replaced; in one list for the menus."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from cv_desktop.db.queries.letters import LetterRow
from cv_desktop.ui.context import Context
from cv_desktop.ui.letters.batch import Batch
from cv_desktop.ui.letters.entries import Entry
from cv_desktop.ui.letters.parapheur import ParapheurGestures
from cv_desktop.ui.letters.replacing import replace_letter, replace_signed
from cv_desktop.ui.letters.sending import SendingGestures
from cv_desktop.ui.letters.signing import Signing

# A gesture of the menus: its command, its words, its icon, what it does.
Other = tuple[str, str, str, Callable[[], None]]


class IssuedGestures:
    """``ticked`` gives the letters ticked, ``entry`` the one shown, ``rows`` all; ``shown`` brings one into view."""

    def __init__(
        self,
        context: Context,
        widget: QWidget,
        batch: Batch,
        *,
        ticked: Callable[[], Sequence[Entry]],
        entry: Callable[[], Entry | None],
        rows: Callable[[], Sequence[LetterRow]],
        shown: Callable[[str], None],
    ) -> None:
        self._context, self._widget = context, widget
        self._ticked, self._entry, self._rows, self._shown = ticked, entry, rows, shown
        self._signing = Signing(context, widget, batch)
        self._sending = SendingGestures(context, widget, batch)
        self._parapheur = ParapheurGestures(context, widget, batch)

    def sign(self) -> None:
        self._signing.ask(self._ticked())

    def send(self) -> None:
        self._sending.mark(self._ticked())

    def others(self) -> list[Other]:
        """Those of the button « Autres », which the menu of letters has too."""
        ticked, sending = self._ticked, self._sending
        return [
            ("email_letters", "Préparer les courriels…", "mail", lambda: sending.mails(ticked())),
            ("post_list", "Bordereau de la poste…", "table", lambda: sending.post_list(ticked())),
            ("export_parapheur", "Exporter pour le parapheur…", "upload", lambda: self._parapheur.export(ticked())),
            ("take_back", "Reprendre les PDF signés…", "download", self._parapheur.take_back),
            ("replace_signed", "Remplacer l’exemplaire signé…", "undo-2", self._replace_signed),
            ("replace_letter", "Annuler et remplacer…", "copy", self._replace),
            ("receive_letters", "Accusés de réception…", "check", lambda: sending.receive(ticked(), self._rows())),
            ("unmark_sent", "Ne plus marquer envoyé…", "undo-2", lambda: sending.unmark(ticked())),
        ]

    def _replace_signed(self) -> None:
        replace_signed(self._context, self._widget, self._ticked())

    def _replace(self) -> None:
        entry = self._entry()
        made = replace_letter(self._context, self._widget, entry) if entry is not None else ""
        if made:
            self._shown(made)
