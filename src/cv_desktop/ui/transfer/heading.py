"""The head of the import page: title, file, four marks, counters, what was set aside."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QIntValidator, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cv_desktop.domain.file_kinds import APPLICATIONS, DIRECTORY, HISTORY
from cv_desktop.domain.text import counted
from cv_desktop.services.readings import Reading
from cv_desktop.ui import icons, theme
from cv_desktop.ui.elided_label import ElidedLabel
from cv_desktop.ui.key_figures import Figure, KeyFigures
from cv_desktop.ui.look import px
from cv_desktop.ui.transfer.marks import Mark, Marks

NAMED = 6
NARROW = 1080  # under it the marks leave their details to their tooltips
KINDS = {
    APPLICATIONS: "Dossiers de la campagne",
    HISTORY: "Historique des subventions",
    DIRECTORY: "Annuaire d’associations",
}
FIRST = (
    Mark("file", "Fichier", "à choisir", "now"),
    Mark("mapping", "Correspondance", "colonnes"),
    Mark("control", "Contrôle", "simulation"),
    Mark("report", "Rapport", "après l’import"),
)


class Heading(QFrame):
    """``kind_chosen(kind)`` and ``source_chosen(name)``: a person says what the file holds, or who made it."""

    choose_asked = Signal()
    close_asked = Signal()
    kind_chosen = Signal(str)
    source_chosen = Signal(str)
    year_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "window")
        title = QLabel("Importer un fichier")
        theme.set_type(title, "title", weight=600)
        self.file, self.aside = QLabel(), ElidedLabel()
        theme.set_type(self.file, "secondary", "secondary")
        theme.set_type(self.aside, "secondary", "secondary")
        self.choose = QPushButton("Changer de fichier")
        theme.set_kind(self.choose, "secondary")
        icons.dress(self.choose, "folder-open", "text", 16)
        self.choose.clicked.connect(self.choose_asked)
        self.close_button = QPushButton("Retour aux dossiers")
        theme.set_kind(self.close_button, "link")
        self.close_button.clicked.connect(self.close_asked)
        self.kind, self.source = QComboBox(), QComboBox()
        for key, name in KINDS.items():
            self.kind.addItem(name, key)
        self.kind.setAccessibleName("Contenu du fichier")
        self.kind.setToolTip("Ce que contient le fichier")
        self.kind.activated.connect(lambda place: self.kind_chosen.emit(self.kind.itemData(place)))
        self.source.setEditable(True)
        self.source.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.source.setAccessibleName("Source du fichier")
        self.source.setToolTip("Qui a produit le fichier\u00a0: ses colonnes sont mémorisées sous ce nom")
        self.source.setMinimumWidth(px(190))
        self.source.activated.connect(self._source_given)
        line = self.source.lineEdit()
        assert line is not None
        line.editingFinished.connect(self._source_given)
        self.year = QLineEdit()
        self.year.setAccessibleName("Année des subventions")
        self.year.setPlaceholderText("Année")
        self.year.setToolTip("L’année des subventions que le fichier ne date pas")
        self.year.setValidator(QIntValidator(1980, 2099, self.year))
        self.year.setFixedWidth(px(76))
        self.year.textChanged.connect(self._year_typed)
        self._source = ""
        self.marks = Marks(FIRST)
        self.figures = KeyFigures()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(title)
        words.addWidget(self.file)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addLayout(words, 1)
        top.addWidget(self.kind)
        top.addWidget(self.source)
        top.addWidget(self.year)
        top.addWidget(self.close_button)
        top.addWidget(self.choose)
        bottom = QHBoxLayout()
        bottom.setSpacing(16)
        bottom.addWidget(self.marks, 1)
        bottom.addWidget(self.figures)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 16, 8)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addLayout(bottom)
        layout.addWidget(self.aside)
        self.show_start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.marks.set_short(self.width() < px(NARROW))

    def show_start(self) -> None:
        self._show(False, "")
        self.marks.put(FIRST)

    def show_file(self, name: str) -> None:
        self._show(False, name)
        self.marks.put(FIRST)

    def show_refusal(self) -> None:
        self.choose.hide()
        self.source.hide()
        self.marks.put((Mark("file", "Fichier", "refusé", "warning"), *FIRST[1:]))

    def show_reading(self, reading: Reading, sources: Sequence[str], *, done: bool) -> None:
        ready, doubtful, refused, aside = reading.counts
        used = sum(bool(match.field) for match in reading.mapping)
        self._show(True, f"{reading.file.name} · empreinte SHA-256 {reading.file.sha256[:12]}…")
        self.kind.setCurrentIndex(self.kind.findData(reading.kind))
        self._source = reading.source
        self.source.clear()
        self.source.addItems(list(dict.fromkeys((reading.source, *sources))))
        self.source.setCurrentText(reading.source)
        if (line := self.source.lineEdit()) is not None:
            line.setCursorPosition(0)
        for choice in (self.kind, self.source, self.year):
            choice.setEnabled(not done)
        # The person may be typing: the same year is not written again.
        if not reading.undated or self.year.text() != str(reading.wanted.year or ""):
            with QSignalBlocker(self.year):
                self.year.setText(str(reading.wanted.year or ""))
        self.year.setVisible(reading.undated)
        sheets = len(reading.file.sheets)
        control = f"{doubtful} à vérifier, {refused} refusée{'s' if refused > 1 else ''}"
        columns = f"{used} colonnes sur {len(reading.mapping)}" if reading.mapping else "registre reconnu"
        lacking = bool(reading.to_choose or reading.refusal)
        self.marks.put(
            (
                Mark(
                    "file",
                    "Fichier",
                    f"{sheets} feuille{'s' if sheets > 1 else ''}, {counted(reading.rows, 'ligne')}",
                    "done",
                ),
                Mark("mapping", "Correspondance", columns, "warning" if lacking else "done"),
                Mark("control", "Contrôle", control, "done" if done else "warning" if refused else "now"),
                Mark("report", "Rapport", "prêt" if done else "après l’import", "now" if done else "next"),
            )
        )
        self.figures.set_figures(
            [
                Figure("Lues", str(reading.rows), icon="list"),
                Figure("Prêtes", str(ready), icon="check", status="success"),
                Figure("À vérifier", str(doubtful), icon="triangle-alert", status="warning"),
                Figure("Refusées", str(refused), icon="x", status="danger"),
                Figure("Écartées", str(aside), icon="minus", status="neutral"),
            ]
        )
        parts = [_named(words, names) for words, names in reading.asides]
        self.aside.setText(f"Écartées\u00a0: {' · '.join(parts)}" if parts else "")
        self.aside.setToolTip("\n".join(f"{words}\u00a0: {', '.join(names)}" for words, names in reading.asides))
        self.aside.setVisible(bool(parts))

    def _year_typed(self, text: str) -> None:
        if not text or self.year.hasAcceptableInput():
            self.year_chosen.emit(int(text) if text else None)

    def _source_given(self) -> None:
        name = " ".join(self.source.currentText().split())
        if name and name != self._source:
            self._source = name
            self.source_chosen.emit(name)

    def _show(self, reading: bool, file: str) -> None:
        self.file.setText(file)
        self.file.setVisible(bool(file))
        for widget in (self.choose, self.source):
            widget.setVisible(reading)
        self.kind.setVisible(bool(file))
        self.figures.setVisible(reading)
        self.year.hide()
        self.aside.setVisible(False)


def _named(words: str, names: tuple[str, ...]) -> str:
    """« 3 brouillons (20170039, 20170040, 20170041) »."""
    plural = {
        "brouillon": "brouillons", "doublon": "doublons", "autre ligne": "autres lignes",
        "laissée de côté": "laissées de côté", "ligne de total": "lignes de total", "note": "notes",
        "titre de partie": "titres de partie", "aide en nature": "aides en nature",
        "en-tête répété": "en-têtes répétés",
        "ligne orpheline": "lignes orphelines",
    }  # fmt: skip
    if len(names) == 1 and names[0].endswith(" lignes"):
        return f"{words}, {names[0]}"
    said = plural.get(words, words) if len(names) > 1 else words
    shown = ", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
    return f"{len(names)} {said} ({shown})"
