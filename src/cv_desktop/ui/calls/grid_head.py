"""What stands over a grid: the sum of its weights, its version and whether it still changes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from cv_desktop.db.queries.calls import GridRow
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.grid import TOTAL
from cv_desktop.ui import theme
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.elided_label import ElidedLabel

NBSP = "\u00a0"


class GridHead(QWidget):
    """``version_asked`` to go on from a grid that served; ``compare`` is checked while two versions are shown.

    ``locked`` and ``next`` stand in the line of the buttons, which are of no use to a grid that served.
    """

    version_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.total, self.version, self.locked = QLabel(), ElidedLabel(), QLabel()
        theme.set_type(self.total, "body", weight=600)
        theme.set_type(self.version, "secondary", "secondary")
        self.state = Chip("", "neutral", title="Grille")
        self.compare = QPushButton()
        theme.set_kind(self.compare, "link", small=True)
        self.compare.setCheckable(True)
        self.next = QPushButton()
        theme.set_kind(self.next, "secondary", small=True)
        self.next.clicked.connect(self.version_asked)
        self.locked.setWordWrap(True)
        top = QHBoxLayout(self)
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(10)
        top.addWidget(self.total, 1)
        top.addStretch()
        top.addWidget(self.compare)
        top.addWidget(self.version)
        top.addWidget(self.state)

    def put(self, newest: GridRow, former: GridRow | None, *, served: bool) -> None:
        problems = newest.grid.problems()
        # Alone it has one line; several sentences take the room there is.
        self.total.setWordWrap(bool(problems))
        self.total.setText(" ".join(problems) or f"Total des poids{NBSP}: {TOTAL}")
        theme.set_type(self.total, "body", "danger" if problems else "", 600)
        self.version.setText(f"Version {newest.version}, depuis le {long_date(newest.effective_from)}")
        self.locked.setText(
            f"Cette grille a servi. Créez une version {newest.version + 1} pour la modifier." if served else ""
        )
        self.locked.setVisible(served)
        self.next.setText(f"Créer la version {newest.version + 1}")
        self.next.setVisible(served)
        self.compare.setVisible(former is not None)
        if former is not None:
            checked = self.compare.isChecked()
            self.compare.setText("Revenir à la grille" if checked else f"Comparer avec la version {former.version}")
        else:
            self.compare.setChecked(False)
        self._say_state(newest, served)

    def _say_state(self, newest: GridRow, served: bool) -> None:
        if newest.frozen_at is not None:
            self.state.set_badge(f"Figée depuis le {long_date(local(newest.frozen_at).date())}", "neutral", "lock")
            self.state.setToolTip("Cette grille a servi : elle ne change plus.")
        elif served:
            self.state.set_badge("Figée par ses liasses", "neutral", "lock")
            self.state.setToolTip("Des grilles hors de l’ordinateur ont été sorties avec elle.")
        elif newest.to_validate:
            self.state.set_badge("À valider", "warning")
            self.state.setToolTip("Grille livrée avec l’application, à confirmer. La première note la fige.")
        else:
            self.state.set_badge("Modifiable", "info")
            self.state.setToolTip("La première note la fige.")
