"""The first window: an example, a new base, a backup to restore, or a base that exists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cv_desktop.domain.errors import UserError
from cv_desktop.ui import icons, look, theme
from cv_desktop.ui.first_start_cards import ClosedBase, DropZone, StartCard, labelled
from cv_desktop.ui.progress_panel import ProgressPanel

WIDTH, HEIGHT = 880, 560
NETWORK = (
    "Ce dossier est sur un partage réseau. La base doit être sur ce poste pour ne pas être abîmée ; "
    "les sauvegardes peuvent aller sur le partage."
)
SCHEMES = (("Fonds de soutien (FIA)", "FIA"), ("Appel à projets (AAP)", "AAP"), ("Plus tard", ""))


@dataclass(frozen=True, slots=True)
class NewBase:
    """``scheme`` is the first campaign to create, empty for none."""

    service: str
    city: str
    folder: Path
    scheme: str


@dataclass(frozen=True, slots=True)
class Restoration:
    backup: Path
    folder: Path


class FirstStart(QWidget):
    """Says what was chosen; who listens creates, restores or opens."""

    example_chosen = Signal()
    new_chosen = Signal(object)
    restoration_chosen = Signal(object)
    base_chosen = Signal(object)
    stop_asked = Signal()

    def __init__(
        self,
        folder: Path,
        *,
        on_network: Callable[[Path], bool],
        describe: Callable[[Path], list[str]],
        with_example: bool = True,
    ) -> None:
        """``describe`` gives the lines that tell what a backup holds, or raises UserError."""
        super().__init__()
        self._on_network = on_network
        self._describe = describe
        self._default = folder
        self._backup: Path | None = None
        self.setWindowTitle("CV Desktop – Premier démarrage")
        self.setFixedSize(look.px(WIDTH), look.px(HEIGHT))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(8)
        title = QLabel("Bienvenue dans CV Desktop")
        theme.set_type(title, "title", weight=600)
        subtitle = QLabel("Les subventions du contrat de ville, du dossier au courrier. Tout reste sur ce poste.")
        theme.set_type(subtitle, "body", "secondary")
        self.closed = ClosedBase()
        self.closed.again.connect(self.base_chosen)
        self.closed.another.connect(self._choose_base)
        self._ways = QWidget()
        cards = QHBoxLayout(self._ways)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(16)
        for card in ([self._example()] if with_example else []) + [self._new(), self._restore()]:
            cards.addWidget(card, 1)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        theme.set_type(self.sentence, "body", "danger")
        self._elsewhere = QPushButton("Choisir un autre dossier")
        theme.set_kind(self._elsewhere, "secondary")
        self._elsewhere.clicked.connect(self._choose_folder)
        self._elsewhere.hide()
        self._open = QPushButton("Ouvrir une base existante…")
        theme.set_kind(self._open, "link")
        self._open.clicked.connect(self._choose_base)
        self.progress = ProgressPanel()
        self.progress.stop_asked.connect(self.stop_asked)
        bottom = QHBoxLayout()
        bottom.addWidget(self._open)
        bottom.addWidget(self.sentence, 1)
        bottom.addWidget(self._elsewhere)
        layout.addWidget(title)
        layout.addWidget(subtitle)
        layout.addWidget(self.closed)
        layout.addSpacing(8)
        layout.addWidget(self._ways, 1)
        layout.addWidget(self.progress)
        layout.addLayout(bottom)

    def explain(self, base: Path, message: str) -> None:
        """Why a base did not open: it can be tried again, or another one chosen."""
        self.closed.tell(base, message)
        self.setFixedHeight(look.px(HEIGHT) + self.closed.sizeHint().height() + 8)

    def refuse(self, message: str, role: str = "danger") -> None:
        """What stood in the way; everything can be tried again."""
        self._rest()
        theme.set_type(self.sentence, "body", role)
        self.sentence.setText(message)
        self.sentence.setAccessibleName(message)

    def busy(self, message: str, *, stops: bool = False) -> None:
        """While the base is made; ``stops`` when the work can be stopped."""
        self.sentence.clear()
        for widget in (self._ways, self.closed, self._open, self._elsewhere):
            widget.setEnabled(False)
        self.progress.stop.setVisible(stops)
        self.progress.start(message)

    def _rest(self) -> None:
        self.progress.finish()
        for widget in (self._ways, self.closed, self._open, self._elsewhere):
            widget.setEnabled(True)

    def choose_backup(self, path: Path) -> None:
        """Reads a backup and tells what it holds before anything is written."""
        self.sentence.clear()
        try:
            lines = self._describe(path)
        except UserError as refusal:
            self._backup = None
            self._restore_button.setEnabled(False)
            self.refuse(refusal.message)
            return
        self._backup = path
        self.drop.tell(path.name, lines)
        self._restore_button.setEnabled(True)

    def _example(self) -> StartCard:
        card = StartCard(
            "sparkles",
            "Découvrir avec un exemple",
            [
                "Un FIA et un appel à projets remplis de données inventées, de la demande au courrier.",
                "Marqué « EXEMPLE » dans le titre et sur chaque page. Se retire d’un geste.",
            ],
        )
        self.example_button = QPushButton("Ouvrir l’exemple")
        theme.set_kind(self.example_button, "secondary")
        self.example_button.clicked.connect(self.example_chosen)
        card.finish(self.example_button)
        return card

    def _new(self) -> StartCard:
        card = StartCard("file-plus", "Commencer une nouvelle base", [])
        self.service = QLineEdit()
        self.service.setPlaceholderText("Direction de la politique de la ville")
        self.city = QLineEdit()
        self.city.setPlaceholderText("Dammarie-lès-Lys")
        self.folder = QLineEdit(str(self._default))
        self.folder.setCursorPosition(0)
        self.folder.editingFinished.connect(self._check_folder)
        browse = QPushButton()
        icons.dress(browse, "folder-open", "text", 16)
        browse.setToolTip("Choisir le dossier…")
        browse.setAccessibleName("Choisir le dossier de la base")
        browse.clicked.connect(self._choose_folder)
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.folder, 1)
        line.addWidget(browse)
        self.scheme = QComboBox()
        for label, code in SCHEMES:
            self.scheme.addItem(label, code)
        card.add(labelled("Nom du &service", self.service))
        card.add(labelled("&Commune du siège", self.city))
        card.add(labelled("&Dossier de la base", self.folder, line))
        card.add(labelled("&Première campagne", self.scheme))
        self.create_button = QPushButton("Créer la base")
        theme.set_kind(self.create_button, "primary")
        self.create_button.clicked.connect(self._create)
        card.finish(self.create_button)
        return card

    def _restore(self) -> StartCard:
        card = StartCard(
            "archive-restore", "Restaurer une sauvegarde", ["La sauvegarde est placée dans une base neuve."]
        )
        self.drop = DropZone()
        self.drop.dropped.connect(self.choose_backup)
        self.drop.asked.connect(self._choose_backup_file)
        card.add(self.drop, stretch=1)
        self._restore_button = QPushButton("Restaurer…")
        theme.set_kind(self._restore_button, "secondary")
        self._restore_button.setEnabled(False)
        self._restore_button.clicked.connect(self._restore_there)
        card.finish(self._restore_button)
        return card

    def _check_folder(self) -> bool:
        network = self._on_network(Path(self.folder.text()))
        self._elsewhere.setVisible(network)
        if network:
            self.refuse(NETWORK)
        else:
            self.sentence.clear()
        return not network

    def _create(self) -> None:
        folder = self.folder.text().strip()
        if not folder:
            self.refuse("Indiquez le dossier où mettre la base.")
            self.folder.setFocus()
        elif self._check_folder():
            self.new_chosen.emit(
                NewBase(
                    self.service.text().strip(), self.city.text().strip(), Path(folder), self.scheme.currentData() or ""
                )
            )

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Dossier de la base", self.folder.text())
        if chosen:
            self.folder.setText(chosen)
            self._check_folder()

    def _choose_backup_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Sauvegarde à restaurer", "", "Sauvegardes (*.sqlite)")
        if chosen:
            self.choose_backup(Path(chosen))

    def _restore_there(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Dossier de la base restaurée", str(self._default.parent))
        if not chosen or self._backup is None:
            return
        if self._on_network(Path(chosen)):
            self.refuse(NETWORK)
        else:
            self.restoration_chosen.emit(Restoration(self._backup, Path(chosen)))

    def _choose_base(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Base à ouvrir", str(self._default.parent), "Base de CV Desktop (*.sqlite)"
        )
        if chosen:
            self.base_chosen.emit(Path(chosen))
