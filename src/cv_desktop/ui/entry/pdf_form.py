"""A filled PDF form put on the page of « Saisie rapide », where a person reads it over before it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filled_form import Filled, unknown_sentence
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.services import attachments, filled_forms
from cv_desktop.ui import icons, theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.message_bar import Message, MessageBar

PDFS = "Formulaires PDF (*.pdf)"


class PdfForm(QObject):
    """``read(content)`` gives the page what the form says; ``joined`` the file a report was joined to."""

    read = Signal(object)
    joined = Signal(str)

    def __init__(self, context: Context, notice: MessageBar, typed: Callable[[], bool], page: QWidget) -> None:
        """``typed`` says whether something stands on the page, which a form would replace."""
        super().__init__(page)
        self._context, self._notice, self._typed, self._page = context, notice, typed, page
        self._path: Path | None = None
        self.button = QPushButton("Remplir depuis un PDF…")
        self.button.setToolTip("Cerfa 12156 rempli à l’écran par l’association")
        icons.dress(self.button, "file-input", "text", 16)
        theme.set_kind(self.button, "secondary")
        self.button.clicked.connect(self._choose)

    def take(self, path: Path) -> None:
        """Reads a form onto the page; what is already typed there is asked about first."""
        try:
            filled = self._context.read(filled_forms.read, path=path)
        except UserError as refusal:
            self._notice.show_message(Message("warning", refusal.message))
            return
        if filled.kind.code == filled_forms.REPORT:
            self._join(path, filled)
        elif self._typed():
            self._notice.show_message(
                Message(
                    "warning",
                    "Une saisie est en cours.",
                    f"Le formulaire {path.name} la remplacerait.",
                    (("Remplacer la saisie", lambda: self._put(path, filled)),),
                )
            )
        else:
            self._put(path, filled)

    def join_to(self, application_id: str) -> None:
        """The PDF the page was filled from goes with the file that was written."""
        if self._path is not None and application_id:
            path, self._path = self._path, None
            self._context.do("formulaire joint", attachments.add, application_id=application_id, kind="", path=path)

    def forget(self) -> None:
        """The page was cleared: what is typed next has no PDF."""
        self._path = None

    def _put(self, path: Path, filled: Filled) -> None:
        content: dict[str, Any] = filled_forms.content(filled)
        self.read.emit(content)
        self._path = path
        doubts = [*filled.budget.doubts, unknown_sentence(filled.unknown)]
        words = " ".join(filter(None, doubts))
        self._notice.clear()
        self._notice.show_message(
            Message(
                "warning" if words else "info",
                f"Formulaire lu{NBSP}: {counted(len(filled.values), 'champ')}, "
                f"{counted(len(filled.budget.lines), 'ligne')} de budget. Relisez, puis validez.",
                words,
            )
        )

    def _join(self, path: Path, filled: Filled) -> None:
        call = self._context.calls.id
        if call is None:
            return
        changes = self._context.do("bilan joint", filled_forms.write, call_id=call, path=path, filled=filled)
        if changes is not None:
            self.joined.emit(next((id for noun, id in changes.touched if noun == "application"), ""))

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self._page, "Formulaire rempli", "", PDFS)
        if path:
            self.take(Path(path))
