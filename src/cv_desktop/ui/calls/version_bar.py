"""Which version of the règlement applies, since when, and the way to compare it with the one before."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from cv_desktop.db.queries import rules as queries
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import counted
from cv_desktop.services import rules, rules_versions
from cv_desktop.ui import theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.look import px

NBSP = "\u00a0"


class VersionBar(QFrame):
    """``compared(older, newer)`` with two keys of versions; empty keys when the comparison is left."""

    compared = Signal(str, str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._call = ""
        self.versions: list[queries.VersionRow] = []
        self.setProperty("card", True)
        self.words, self.lacking = QLabel(), QLabel()
        theme.set_type(self.words, "body", weight=600)
        theme.set_type(self.lacking, "secondary", "secondary")
        self.lacking.setWordWrap(True)
        self.since = DateField("Appliquée depuis le", today=lambda: local(context.clock()).date())
        self.since.label.hide()
        self.since.editor.setMaximumWidth(px(150))
        self.since.editor.installEventFilter(self)
        self.since.setToolTip("Date d’effet de la version en cours")
        self.since.committed.connect(self._write_since)
        self.since.hide()
        self.redate = QPushButton("Changer la date")
        theme.set_kind(self.redate, "link", small=True)
        self.redate.clicked.connect(self._ask_since)
        self.compare = QPushButton()
        theme.set_kind(self.compare, "link", small=True)
        self.compare.setCheckable(True)
        self.compare.toggled.connect(self._toggle)
        self.complete = QPushButton("Ajouter ces paramètres")
        theme.set_kind(self.complete, "secondary", small=True)
        self.complete.clicked.connect(self._complete)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(10)
        layout.addWidget(self.words)
        layout.addWidget(self.since)
        layout.addWidget(self.redate)
        layout.addWidget(self.compare)
        layout.addStretch(1)
        layout.addWidget(self.lacking)
        layout.addWidget(self.complete)

    def show_call(self, call_id: str) -> None:
        if call_id != self._call:
            self._call = call_id
            self._leave_since()
            self.compare.setChecked(False)
        self.versions = self.context.read(queries.versions, call_id)
        newest = self.versions[0]
        judged = f"{counted(newest.files, 'dossier')} contrôlé{'s' if newest.files > 1 else ''}"
        self.words.setText(f"Version {newest.number}, appliquée depuis le {long_date(newest.effective_from)}")
        self.words.setToolTip(
            f"{judged} avec cette version. Changer une valeur ouvrira la version {newest.number + 1}."
            if newest.files
            else "Aucun dossier n’a été contrôlé avec cette version : elle se modifie librement."
        )
        self.since.set_value(newest.effective_from)
        self.compare.setVisible(len(self.versions) > 1)
        if len(self.versions) > 1:
            former = f"la version {self.versions[1].number}"
            self.compare.setText("Revenir au règlement" if self.compare.isChecked() else f"Comparer avec {former}")
            if self.compare.isChecked():
                self.compared.emit(self.versions[1].id, newest.id)
        elif self.compare.isChecked():
            self.compare.setChecked(False)
        missing = self.context.read(queries.missing_labels, call_id)
        self.lacking.setText(f"{counted(len(missing), 'paramètre')} du dispositif à ajouter" if missing else "")
        self.lacking.setToolTip(", ".join(missing))
        self.complete.setVisible(bool(missing))

    def _toggle(self, on: bool) -> None:
        if on and len(self.versions) > 1:
            self.compare.setText("Revenir au règlement")
            self.compared.emit(self.versions[1].id, self.versions[0].id)
            return
        if len(self.versions) > 1:
            self.compare.setText(f"Comparer avec la version {self.versions[1].number}")
        self.compared.emit("", "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Échap, and going elsewhere without a word, leave the date as it is."""
        done = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self._leave_since()
            self.redate.setFocus()
            return True
        if event.type() == QEvent.Type.FocusOut and not (self.since.dirty or self.since.wrong):
            self._leave_since()
        return done

    def _leave_since(self) -> None:
        if self.versions:
            self.since.replace(self.versions[0].effective_from)
        self.since.hide()
        self.redate.show()

    def _ask_since(self) -> None:
        self.redate.hide()
        self.since.show()
        self.since.setFocus()

    def _write_since(self, day: date | None) -> None:
        if day is None:
            self.since.set_value(self.versions[0].effective_from)
            return
        try:
            self.context.attempt(
                f"version {self.versions[0].number}, appliquée depuis le {long_date(day)}",
                rules_versions.set_effective,
                call_id=self._call,
                day=day,
            )
        except UserError as refusal:
            self.since.refuse(refusal.message)
            return
        self._leave_since()

    def _complete(self) -> None:
        self.context.do("paramètres du dispositif ajoutés", rules.complete, call_id=self._call)
