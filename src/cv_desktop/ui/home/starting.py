"""« Pour commencer »: what a new base still lacks, until the first file comes in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QToolButton, QWidget

from cv_desktop.ui import icons, theme
from cv_desktop.ui.card import Card


@dataclass(frozen=True, slots=True)
class Beginning:
    """A line: what to set up, whether it is, and where."""

    label: str
    detail: str
    done: bool
    button: str
    key: str
    noun: str = ""
    target: str = ""


def beginnings(*, call_id: str, envelope: bool, members: int, to_validate: int, named: set[str]) -> list[Beginning]:
    """The lines in the order they are best done. ``named`` holds the settings that have a value."""
    has_call = bool(call_id)
    doubts = f"{to_validate} valeurs à confirmer" if to_validate > 1 else "Règlement, pièces et grille"
    return [
        Beginning("Créer une campagne", "Dispositif, année, enveloppe", has_call, "Créer une campagne", "calls", "new"),
        Beginning(
            "Saisir l’enveloppe", "Montant annuel du dispositif", has_call and envelope,
            "Saisir le montant", "calls", "envelope", call_id,
        ),
        Beginning(
            "Valider les valeurs livrées", doubts, has_call and not to_validate,
            "Voir ce qui reste", "calls", "phase", call_id,
        ),
        Beginning(
            "Nommer le service et l’agent", "Cités en tête des courriers", "agent_name" in named,
            "Saisir le nom", "preferences", "agent",
        ),
        Beginning(
            "Nommer le signataire", "Porté au pied des courriers", "signatory_name" in named,
            "Saisir le nom", "preferences", "signatory",
        ),
        Beginning(
            "Composer le comité", "Les membres qui noteront", members > 0,
            "Ajouter les membres", "calls", "committee", call_id,
        ),
        Beginning(
            "Importer les dossiers", "Fichier de Démarches simplifiées, classeur ou CSV", False,
            "Importer un fichier", "applications", "import",
        ),
    ]  # fmt: skip


class StartingCard(Card):
    """``asked(line)`` by a button; ``closed`` for ever."""

    asked = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Pour commencer", parent=parent)
        self.buttons: list[QPushButton] = []
        self.close_button = QToolButton()
        theme.set_kind(self.close_button, "tool", small=True)
        icons.dress(self.close_button, "x", "secondary", 16)
        self.close_button.setToolTip("Ne plus montrer cette liste")
        self.close_button.setAccessibleName("Ne plus montrer cette liste")
        self.close_button.clicked.connect(self.closed)
        self.add_action(self.close_button)
        self._holder: QWidget | None = None

    def put(self, lines: Sequence[Beginning]) -> None:
        if self._holder is not None:
            self._holder.hide()
            self._holder.deleteLater()
        done = sum(line.done for line in lines)
        self.set_title("Pour commencer", f"{done} sur {len(lines)}")
        self._holder, self.buttons = QWidget(), []
        grid = QGridLayout(self._holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(2, 1)
        blocked = not lines[0].done
        for row, line in enumerate(lines):
            mark, label, detail = QLabel(), QLabel(line.label), QLabel(line.detail)
            icons.dress(mark, "circle-check" if line.done else "circle", "success" if line.done else "field_border", 18)
            mark.setAccessibleName("Fait" if line.done else "À faire")
            theme.set_type(label, "body", "secondary" if line.done else "", 400 if line.done else 500)
            theme.set_type(detail, "secondary", "secondary")
            grid.addWidget(mark, row, 0)
            grid.addWidget(label, row, 1)
            grid.addWidget(detail, row, 2)
            button = QPushButton(line.button)
            theme.set_kind(button, "secondary", small=True)
            button.setAccessibleName(f"{line.label}\u00a0: {line.button}")
            button.clicked.connect(lambda _on=False, chosen=line: self.asked.emit(chosen))
            # Without a campaign there is nothing to set up but the service itself.
            button.setEnabled(row == 0 or not blocked or line.key == "preferences")
            button.setVisible(not line.done)
            grid.addWidget(button, row, 3, Qt.AlignmentFlag.AlignRight)
            grid.setRowMinimumHeight(row, theme.px(26))
            self.buttons.append(button)
        self.body.addWidget(self._holder)
