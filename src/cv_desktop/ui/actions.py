"""Every action of the window in one list: the menus are made of it, and it is the list of the shortcuts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from cv_desktop.ui import icons
from cv_desktop.ui.undo_reach import UndoReach

# The letter after & opens the menu with Alt; each letter once, none that needs Maj on a French keyboard.
MENUS = {
    "Fichier": "&Fichier",
    "Édition": "É&dition",
    "Affichage": "&Affichage",
    "Aller": "A&ller",
    "Dossier": "D&ossier",
    "Séance": "&Séance",
    "Courrier": "&Courrier",
    "Outils": "O&utils",
    "Aide": "A&ide",
}


@dataclass(frozen=True, slots=True)
class Spec:
    """``window`` actions always work; the others are offered by the current screen (``Screen.commands``)."""

    key: str
    menu: str
    text: str
    shortcut: str = ""
    icon: str = ""
    window: bool = False
    gap: bool = False  # a line above it in the menu


SPECS: tuple[Spec, ...] = (
    Spec("new", "Fichier", "Nouveau", "Ctrl+N", "plus"),
    Spec("new_file", "Dossier", "Nouveau dossier", "", "plus", window=True),
    Spec("quick_entry", "Dossier", "Saisie rapide", "Ctrl+Shift+N", "pencil", window=True),
    Spec("import_file", "Fichier", "Importer un fichier…", "Ctrl+I", "upload", window=True),
    Spec("export_file", "Fichier", "Exporter…", "", "download"),
    Spec("print", "Fichier", "Imprimer…", "Ctrl+P", "printer"),
    Spec("open_base", "Fichier", "Ouvrir une autre base…", "Ctrl+O", "folder-open", window=True, gap=True),
    Spec("back_up", "Fichier", "Sauvegarder maintenant", "Ctrl+Shift+S", "save", window=True),
    Spec("quit", "Fichier", "Quitter", "Ctrl+Q", "log-out", window=True, gap=True),
    Spec("undo", "Édition", "Annuler", "Ctrl+Z", "undo-2", window=True),
    Spec("redo", "Édition", "Rétablir", "Ctrl+Y", "redo-2", window=True),
    Spec("filter", "Édition", "Filtrer ou trouver", "Ctrl+F", "list-filter", gap=True),
    Spec("narrow", "Affichage", "Navigation étroite", "Ctrl+Shift+B", "panel-left", window=True),
    Spec("full_table", "Affichage", "Tableau complet", "Ctrl+Shift+L", "table"),
    Spec("reading_pane", "Affichage", "Volet de lecture", "F4", "panel-right"),
    Spec("beside", "Affichage", "Ouvrir dans une autre fenêtre", "Ctrl+Return", "copy"),
    Spec("recalculate", "Affichage", "Recalculer", "F5", "refresh-cw"),
    Spec("messages", "Affichage", "Messages", "F8", "message-square", window=True),
    Spec("larger", "Affichage", "Texte plus grand", "Ctrl++", "zoom-in", window=True, gap=True),
    Spec("smaller", "Affichage", "Texte plus petit", "Ctrl+-", "zoom-out", window=True),
    Spec("full_screen", "Affichage", "Plein écran", "F11", "maximize", window=True),
    Spec("search", "Aller", "Rechercher…", "Ctrl+K", "search", window=True),
    Spec("back", "Aller", "Page précédente", "Alt+Left", "arrow-left", window=True, gap=True),
    Spec("forward", "Aller", "Page suivante", "Alt+Right", "arrow-right", window=True),
    Spec("next_record", "Aller", "Dossier suivant de la liste", "Ctrl+Down", "chevron-down"),
    Spec("previous_record", "Aller", "Dossier précédent de la liste", "Ctrl+Up", "chevron-up"),
    Spec("next_region", "Aller", "Zone suivante", "F6", window=True, gap=True),
    Spec("previous_region", "Aller", "Zone précédente", "Shift+F6", window=True),
    Spec("duplicates", "Outils", "Chercher les doublons de structures", "", "copy"),
    Spec("project", "Séance", "Projeter la séance", "", "presentation"),
    Spec("prepare_letters", "Courrier", "Préparer les courriers", "", "mail-plus"),
    Spec("prepare_by_hand", "Courrier", "Préparer un courrier…", "", "pencil"),
    Spec("remind_reports", "Courrier", "Préparer les rappels de bilan dus", "", "clock"),
    Spec("complete_letter", "Courrier", "Compléter les indications de ce courrier…", "", "pencil"),
    Spec("remove_letter", "Courrier", "Supprimer ce courrier", "", "trash"),
    Spec("edit_letter", "Courrier", "Modifier le texte de ce courrier", "Ctrl+E", "pencil"),
    Spec("mark_read", "Courrier", "Marquer relu, courrier suivant", "Ctrl+R", "check"),
    Spec("mark_unread", "Courrier", "Remettre à relire", "Ctrl+Shift+R", "eye"),
    Spec("issue_letters", "Courrier", "Générer les PDF…", "", "file-down"),
    Spec("sign_letters", "Courrier", "Apposer la signature…", "", "pencil"),
    Spec("export_parapheur", "Courrier", "Exporter pour le parapheur…", "", "upload"),
    Spec("take_back", "Courrier", "Reprendre les PDF signés…", "", "download"),
    Spec("mark_sent", "Courrier", "Marquer envoyés…", "", "mail"),
    Spec("email_letters", "Courrier", "Préparer les courriels…", "", "mail"),
    Spec("post_list", "Courrier", "Bordereau de la poste…", "", "table"),
    Spec("replace_signed", "Courrier", "Remplacer l’exemplaire signé…", "", "undo-2"),
    Spec("replace_letter", "Courrier", "Annuler et remplacer…", "", "copy"),
    Spec("receive_letters", "Courrier", "Accusés de réception…", "", "check"),
    Spec("unmark_sent", "Courrier", "Ne plus marquer envoyé…", "", "undo-2"),
    Spec("verify_signature", "Courrier", "Vérifier une signature…", "", "shield-check", window=True, gap=True),
    Spec("shortcuts", "Aide", "Raccourcis clavier", "Ctrl+F1", "keyboard", window=True),
    Spec("about", "Aide", "À propos de CV Desktop", "", "info", window=True),
)


class Actions(QObject):
    """The QAction of every Spec; ``bind`` says what a window action does, ``offer`` what the current screen does."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._all: dict[str, QAction] = {}
        self._screen: dict[str, Callable[[], object]] = {}
        self._window: dict[str, Callable[[], object]] = {}
        UndoReach(self)
        for spec in SPECS:
            action = QAction(spec.text, self)
            action.setObjectName(spec.key)
            if spec.shortcut:
                action.setShortcut(QKeySequence(spec.shortcut))
                action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setEnabled(False)
            action.triggered.connect(self._triggered)
            self._all[spec.key] = action

    def draw(self, *keys: str) -> None:
        """The icons of these actions, by default of all.

        Thirty drawings that only a menu or the palette shows: the window is painted before them.
        """
        for spec in SPECS:
            if spec.icon and (not keys or spec.key in keys):
                icons.dress(self._all[spec.key], spec.icon)

    def __getitem__(self, key: str) -> QAction:
        return self._all[key]

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Makes the menus, one per word of MENUS that has an action, plus « Aller » for the destinations."""
        menus: dict[str, QMenu] = {}
        for word, text in MENUS.items():
            specs = [spec for spec in SPECS if spec.menu == word]
            if not specs:
                continue
            menus[word] = bar.addMenu(text)
            for spec in specs:
                if spec.gap:
                    menus[word].addSeparator()
                menus[word].addAction(self._all[spec.key])
        return menus

    def bind(self, key: str, function: Callable[[], object]) -> None:
        self._window[key] = function
        self._all[key].setEnabled(True)

    def offer(self, commands: dict[str, Callable[[], object]]) -> None:
        """The commands of the screen now shown; every other action of the screens is disabled."""
        self._screen = commands
        for spec in SPECS:
            if not spec.window:
                self._all[spec.key].setEnabled(spec.key in commands)

    def usable(self) -> list[tuple[Spec, QAction]]:
        """What can be done now, for the palette."""
        return [(spec, self._all[spec.key]) for spec in SPECS if self._all[spec.key].isEnabled()]

    def _triggered(self) -> None:
        key = self.sender().objectName()
        # A screen may have its own sense of a key of the window: F11 projects a meeting.
        function = self._screen.get(key) or self._window.get(key)
        if function:
            function()
