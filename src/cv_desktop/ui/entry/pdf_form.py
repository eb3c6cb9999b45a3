"""A PDF form chosen: read, shown box by box, then written at once or put on the page of « Saisie rapide »."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from cv_desktop.domain.errors import UserError
from cv_desktop.services import attachments, filled_forms
from cv_desktop.ui import icons, theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.entry.form_panel import FormPanel
from cv_desktop.ui.message_bar import Message, MessageBar

PDFS = "Formulaires PDF (*.pdf)"


class PdfForm(QObject):
    """``shown(on)`` when its panel opens or closes; ``read(content)`` gives the page what the form says;
    ``written(id)`` the file that was made of it. A report is then shown in the record of its structure."""

    shown = Signal(bool)
    read = Signal(object)
    written = Signal(str)

    def __init__(self, context: Context, notice: MessageBar, typed: Callable[[], bool], page: QWidget) -> None:
        """``typed`` says whether something stands on the page, which a form would replace."""
        super().__init__(page)
        self._context, self._notice, self._typed, self._page = context, notice, typed, page
        self._path: Path | None = None
        self.panel = FormPanel(context)
        self.panel.left.connect(lambda: self.shown.emit(False))
        self.panel.to_page.connect(self._to_page)
        self.panel.created.connect(self._created)
        self.panel.kept.connect(self._kept)
        self.button = QPushButton("Remplir depuis un PDF…")
        self.button.setToolTip("Cerfa 12156 ou 15059 rempli à l’écran par l’association")
        icons.dress(self.button, "file-input", "text", 16)
        theme.set_kind(self.button, "secondary")
        self.button.clicked.connect(self._choose)

    def take(self, path: Path) -> None:
        """Reads a form and shows its boxes; what it is not is said."""
        try:
            reading = self._context.read(filled_forms.reading, path=path)
        except UserError as refusal:
            self._notice.clear()
            self._notice.show_message(Message("warning", refusal.message))
            return
        self._notice.clear()
        self.shown.emit(True)
        self.panel.show_form(path, reading)

    def join_to(self, application_id: str) -> None:
        """The PDF the page was filled from goes with the file that was written."""
        if self._path is not None and application_id:
            path, self._path = self._path, None
            self._context.do("formulaire joint", attachments.add, application_id=application_id, kind="", path=path)

    def forget(self) -> None:
        """The page was cleared: what is typed next has no PDF."""
        self._path = None

    def _to_page(self, content: dict[str, Any]) -> None:
        if not self._typed():
            self._put(content)
            return
        self._notice.show_message(
            Message(
                "warning",
                "Une saisie est en cours.",
                f"Le formulaire {self.panel.path.name} la remplacerait.",
                (("Remplacer la saisie", lambda: self._put(content)),),
            )
        )

    def _put(self, content: dict[str, Any]) -> None:
        self._path = self.panel.path
        self._notice.clear()
        self.shown.emit(False)
        self.read.emit(content)
        self._notice.show_message(Message("info", "Formulaire repris dans la saisie.", "Relisez, puis validez."))

    def _created(self, application_id: str) -> None:
        self.shown.emit(False)
        self.written.emit(application_id)

    def _kept(self, structure_id: str) -> None:
        self.shown.emit(False)
        self._context.visit.emit("structures", "reports", structure_id)

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self._page, "Formulaire rempli", "", PDFS)
        if path:
            self.take(Path(path))
