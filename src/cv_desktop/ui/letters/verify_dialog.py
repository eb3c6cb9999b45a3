"""« Vérifier une signature… »: any PDF, dropped or chosen; what each of its signatures is worth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.domain.errors import UserError
from cv_desktop.ui import icons, theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.dropped import Drop
from cv_desktop.ui.jobs import Token
from cv_desktop.ui.look import px

if TYPE_CHECKING:
    from cv_desktop.services.signature_reports import Line, Report

ICONS = {"success": "circle-check", "warning": "triangle-alert", "danger": "circle-alert"}
INVITE = "Déposez un PDF ici, ou choisissez-le. Rien n’est envoyé, rien n’est gardé."
NONE = "Ce PDF ne porte aucune signature électronique."
IMAGE = "Une image de signature sur la page n’en est pas une."


class VerifyDialog(QDialog):
    """``look(path)`` reads a file away from the window."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._name = ""
        self.setWindowTitle("Vérifier une signature")
        self.setMinimumSize(px(560), px(320))
        self.heading, self.file, self.known = QLabel("Vérifier une signature"), QLabel(INVITE), QLabel()
        theme.set_type(self.heading, "section", weight=600)
        for label, role in ((self.file, "secondary"), (self.known, "text")):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            theme.set_type(label, "body", role)
        self.choose, self.close_button = QPushButton("Choisir un PDF…"), QPushButton("Fermer")
        theme.set_kind(self.choose, "primary")
        theme.set_kind(self.close_button, "secondary")
        icons.dress(self.choose, "folder-open", "on_accent")
        self.choose.clicked.connect(self._choose)
        self.close_button.clicked.connect(self.accept)
        self.lines = QVBoxLayout()
        self.lines.setSpacing(8)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(8)
        for widget in (self.heading, self.file, self.known):
            layout.addWidget(widget)
        layout.addLayout(self.lines)
        layout.addStretch(1)
        layout.addLayout(foot)
        self.choose.setDefault(True)
        self.choose.setFocus()
        Drop(self, lambda _event: "", lambda paths, _kind: self._dropped(paths))

    def look(self, path: Path) -> None:
        self._clear()
        self._name = path.name
        self.file.setText(f"Lecture de {path.name}…")
        store = self._context.store

        def work(_token: Token) -> Report:
            from cv_desktop.services import signature_reports

            return signature_reports.report(store, path)

        self._context.jobs.run(
            "Vérification d’une signature", work, on_done=self.show_report, on_failed=self._failed, quiet=True
        )

    def show_report(self, report: Report) -> None:
        """What was found; a file without signature says so."""
        self._clear()
        self.file.setText(report.file)
        self.known.setText(report.known)
        self.known.setVisible(bool(report.known))
        for line in report.lines:
            self.lines.addWidget(_card(line))
        if not report.lines:
            self.known.setText(" ".join(x for x in (report.known, NONE, IMAGE) if x))
            self.known.show()
        said = [f"{line.verdict}, {line.who}. {' '.join(line.sentences)}" for line in report.lines]
        self.setAccessibleDescription(" ".join([report.file, self.known.text(), *said]))

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self._clear()
            self.file.setText(self._name)
            self.known.setText(error.message)
            self.known.show()

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "PDF à vérifier", str(Path.home()), "PDF (*.pdf);;Tous (*)")
        if chosen:
            self.look(Path(chosen))

    def _dropped(self, paths: Sequence[Path]) -> None:
        self.look(paths[0])

    def _clear(self) -> None:
        self.known.clear()
        while item := self.lines.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()


def _card(line: Line) -> QFrame:
    card = QFrame()
    card.setProperty("surface", "card")
    mark, verdict = QLabel(), QLabel(f"{line.verdict}\u00a0: {line.who}")
    icons.dress(mark, ICONS[line.level], line.level, 18)
    theme.set_type(verdict, "body", line.level, 600)
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(verdict)
    for sentence in line.sentences:
        told = QLabel(sentence)
        told.setTextFormat(Qt.TextFormat.PlainText)
        told.setWordWrap(True)
        theme.set_type(told, "secondary", "secondary")
        words.addWidget(told)
    verdict.setTextFormat(Qt.TextFormat.PlainText)
    verdict.setWordWrap(True)
    row = QHBoxLayout(card)
    row.setContentsMargins(12, 8, 12, 8)
    row.setSpacing(12)
    row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(words, 1)
    return card
