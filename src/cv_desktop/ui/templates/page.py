"""Réglages › Modèles de courrier: the list, one text being written, two versions compared, the legal mentions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cv_desktop.db.queries import letter_templates as queries
from cv_desktop.db.queries.letter_templates import TemplateRow, VersionRow
from cv_desktop.domain import letter_template_comparison, letter_template_file
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_template_file import GivenTemplate
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import configurations, letter_template_files
from cv_desktop.services.letters import write_file
from cv_desktop.ui import icons, theme
from cv_desktop.ui.calls.comparison_view import ComparisonView
from cv_desktop.ui.context import Context
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.templates.import_question import ImportQuestion
from cv_desktop.ui.templates.list_page import ListPage
from cv_desktop.ui.templates.mentions_page import MentionsPage
from cv_desktop.ui.templates.writing_page import WritingPage

FILES = "Modèles de courrier (*.json)"


class TemplatesPage(QStackedWidget):
    """Échap goes back from each of its pages to the list."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._versions: list[VersionRow] = []
        self.list, self.writing = ListPage(context), WritingPage(context)
        self.mentions = MentionsPage(context)
        self.comparison = ComparisonView("d’un modèle", place="Partie", thing="Ce qui est dit")
        self._compared = _with_back(self.comparison, self._leave_comparison)
        for page in (self.list, self.writing, self._compared, self.mentions):
            self.addWidget(page)
        self.list.opened.connect(self.open_template)
        self.list.export_wanted.connect(self._export)
        self.list.import_wanted.connect(self._import)
        self.list.mentions_wanted.connect(lambda: self._go(self.mentions))
        self.writing.back_wanted.connect(lambda: self._go(self.list))
        self.writing.compared.connect(self._compare)
        self.mentions.back_wanted.connect(lambda: self._go(self.list))
        self.comparison.older_chosen.connect(self._compare_with)

    def refresh(self) -> None:
        """What is shown is read again."""
        shown = self.currentWidget()
        if shown is self.list:
            self.list.refresh()
        elif shown is self.writing:
            self.writing.refresh()
        elif shown is self.mentions:
            self.mentions.refresh()

    def open_template(self, row: TemplateRow) -> None:
        """Write a text."""
        self.setCurrentWidget(self.writing)
        self.writing.show_template(row)
        self.writing.editor.texts["object"].setFocus(Qt.FocusReason.OtherFocusReason)

    def open_kind(self, kind: str) -> None:
        """The text of a kind, from where it is shown; the one of the campaign chosen if it has its own."""
        self._go(self.list)
        rows = [row for row in self.list.table.rows.rows() if row.kind == kind]
        campaign = self._context.calls.id
        found = next((row for row in rows if campaign and row.call_id == campaign), rows[0] if rows else None)
        if found is not None:
            self.list.table.select_identity(found.id)
            self.open_template(found)

    def export_to(self, path: Path) -> None:
        """Writes the texts that the campaign chosen uses in a file, and says where."""
        given: list[tuple[GivenTemplate, ...]] = []

        def told(session: Any) -> Changes:
            given.append(letter_template_files.export(session, call_id=self._context.calls.id or ""))
            return Changes()

        try:
            self._context.attempt("modèles exportés", told)
            write_file(path, letter_template_file.dump(given[0]))
        except UserError as refusal:
            self._context.refuse(refusal)
            return
        said = f"{counted(len(given[0]), 'modèle')} de courrier écrit{'s' if len(given[0]) > 1 else ''}."
        self._context.messages.show_message(Message("success", said, str(path)))

    def import_from(self, path: Path, call_id: str = "") -> None:
        """Takes the texts of a file for every campaign, or for one; those that are the same stay."""
        taken: list[letter_template_files.Taken] = []

        def take(session: Any) -> Changes:
            changes, what = letter_template_files.take(
                session,
                given=given,
                said=f"pris du fichier {quote(path.name)}",
                call_id=call_id,
            )
            taken.append(what)
            return changes

        try:
            given = letter_template_file.load(configurations.read_file(path), path.name)
            self._context.attempt(f"modèles du fichier {quote(path.name)}", take)
        except UserError as refusal:
            self._context.refuse(refusal)
            return
        self._context.messages.show_message(Message("success", taken[0].sentence, path.name))
        self.list.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.currentWidget() is self._compared:
            self._leave_comparison()
            return
        super().keyPressEvent(event)

    def _go(self, page: QWidget) -> None:
        self.setCurrentWidget(page)
        self.refresh()
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        if page is self.list:
            self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _compare(self, row: TemplateRow) -> None:
        self._versions = self._context.read(queries.versions, kind=row.kind, call_id=row.call_id)
        if len(self._versions) < 2:
            self._context.told.emit(f"Ce modèle n’a qu’une version{NBSP}: il n’y a rien à comparer.")
            return
        self.comparison.offer([(one.id, one.version) for one in self._versions[1:]])
        self._compare_with(self._versions[1].id)
        self.setCurrentWidget(self._compared)
        self.comparison.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _compare_with(self, key: str) -> None:
        newest = self._versions[0]
        older = next(one for one in self._versions if one.id == key)
        lines = letter_template_comparison.lines(older.content, newest.content, self.writing.words.conditions)
        self.comparison.show_versions(older.version, newest.version, lines)

    def _leave_comparison(self) -> None:
        self._go(self.writing)

    def _export(self) -> None:
        start = str(Path.home() / "modeles-de-courrier.json")
        chosen, _ = QFileDialog.getSaveFileName(self, "Exporter les modèles", start, FILES)
        if chosen:
            self.export_to(Path(chosen))

    def _import(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Importer des modèles", str(Path.home()), FILES)
        if not chosen:
            return
        path, calls = Path(chosen), self._context.calls
        question = ImportQuestion(self, path.name, calls.choices, calls.id or "")
        if question.exec() == question.DialogCode.Accepted:
            self.import_from(path, question.call_id)


def _with_back(page: QWidget, back: object) -> QWidget:
    button = QPushButton("Retour au texte")
    theme.set_kind(button, "link", small=True)
    icons.dress(button, "arrow-left", "accent", 14)
    button.clicked.connect(back)
    whole = QWidget()
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(16, 10, 16, 16)
    layout.setSpacing(8)
    layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    layout.addWidget(page, 1)
    return whole
