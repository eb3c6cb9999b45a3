"""Réglages: sections on the left, one page at a time."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.ui import look, theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.preferences import letters_page
from cv_desktop.ui.preferences.appearance import Appearance
from cv_desktop.ui.preferences.backups import Backups
from cv_desktop.ui.preferences.institution import SERVICE, InstitutionForm
from cv_desktop.ui.preferences.journal import JournalPage
from cv_desktop.ui.preferences.letters_page import LettersPage
from cv_desktop.ui.preferences.reference_page import ReferencePage
from cv_desktop.ui.preferences.signatories_page import SignatoriesPage
from cv_desktop.ui.screen import Screen
from cv_desktop.ui.templates.page import TemplatesPage

LIST = 220
TEMPLATES, REFERENCE = 2, 4


class PreferencesScreen(Screen):
    """Changes apply at once; those of the institution can be undone and are journaled."""

    title = "Réglages"
    nouns = frozenset({"settings", "reference", "form_kind", "signatory", "delegation", "letter_template"})
    follows_call = False

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.sections = QListWidget()
        self.sections.setAccessibleName("Sections des réglages")
        self.sections.setFixedWidth(look.px(LIST))
        self.pages = QStackedWidget()
        self.service = InstitutionForm(context, SERVICE)
        self.signatories = SignatoriesPage(context)
        self.templates = TemplatesPage(context)
        self.letters = LettersPage(context)
        self.reference = ReferencePage(context)
        self.journal = JournalPage(context)
        for name, sentence, page in (
            ("Service et en-tête", "Ce que portent l’en-tête et le pied des courriers.", self.service),
            ("Signataires et délégations", "Qui signe les courriers, et par quel arrêté.", self.signatories),
            ("Modèles de courrier", "", self.templates),
            (letters_page.NAME, letters_page.SENTENCE, self.letters),
            ("Référentiels", "Les listes du service\u00a0: rien de ce qui sert n’est supprimé.", self.reference),
            ("Apparence", "Sur ce poste seulement.", Appearance(context)),
            ("Sauvegardes", "Une base perdue se retrouve dans sa dernière sauvegarde.", Backups(context)),
            ("Journal", "Chaque écriture, enchaînée à la précédente.", self.journal),
        ):
            section = QListWidgetItem(name, self.sections)
            section.setSizeHint(QSize(0, look.px(34)))
            # The texts of letters take all the room: their pages have headings of their own.
            self.pages.addWidget(_page(name, sentence, page) if sentence else page)
        self.sections.currentRowChanged.connect(self._shown)
        left = QVBoxLayout()
        left.setContentsMargins(0, 16, 0, 0)
        heading = QLabel(self.title)
        heading.setContentsMargins(12, 0, 0, 8)
        theme.set_type(heading, "section", weight=600)
        left.addWidget(heading)
        left.addWidget(self.sections, 1)
        panel = QFrame()
        panel.setProperty("surface", "surface")
        panel.setLayout(left)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(panel)
        layout.addWidget(self.pages, 1)
        self.sections.setCurrentRow(0)

    def refresh(self) -> None:
        self.service.refresh()
        self.signatories.refresh()
        self.letters.refresh()
        self._shown(self.sections.currentRow())

    def regions(self) -> list[QWidget]:
        return [self.sections, self.pages]

    def open(self, noun: str, id: str) -> None:
        """« agent » or « signatory »: the field of that name, from a task of Accueil; « reference »: a list."""
        if noun == "reference":
            self.sections.setCurrentRow(REFERENCE)
            self.reference.show_list(id)
            return
        if noun == "letter_template":
            self.sections.setCurrentRow(TEMPLATES)
            self.templates.open_kind(id)
            return
        if noun == "agent":
            self.sections.setCurrentRow(0)
            self.service.inputs["agent_name"].setFocus()
        elif noun in ("signatory", "delegation"):
            self.sections.setCurrentRow(1)
            self.signatories.name_first()

    def _shown(self, row: int) -> None:
        self.pages.setCurrentIndex(row)
        if row == self.pages.count() - 1:
            self.journal.refresh()
        elif row == TEMPLATES:
            self.templates.refresh()
        elif row == REFERENCE:
            self.reference.refresh()


def _page(name: str, sentence: str, page: QWidget) -> QWidget:
    whole = QWidget()
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(24, 24, 24, 24)
    layout.setSpacing(4)
    title = QLabel(name)
    theme.set_type(title, "title", weight=600)
    words = QLabel(sentence)
    theme.set_type(words, "body", "secondary")
    layout.addWidget(title)
    layout.addWidget(words)
    layout.addSpacing(12)
    layout.addWidget(page, 1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(whole)
    return area
