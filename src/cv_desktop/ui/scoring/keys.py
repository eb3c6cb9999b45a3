"""What each key means in the grid, and the strip and the panel that say so."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from cv_desktop.ui import theme
from cv_desktop.ui.look import px

# The unshifted row of a French keyboard, in the order of the digits above it.
_AZERTY = "à&é\"'(-è_ç"

STRIP = (
    (("0", "1", "2", "3"), "noter"),
    (("N",), "sans objet"),
    (("Entrée",), "critère suivant"),
    (("Maj Entrée",), "précédent"),
    (("Ctrl ↓",), "dossier suivant"),
    (("?",), "toutes les touches"),
)
ALL = (
    ("0 1 2 3", 'donner le niveau (les touches à & é " et le pavé aussi)'),
    ("N", "sans objet : le critère sort du calcul"),
    ("Suppr", "effacer la note"),
    ("D", "action dédiée à cette priorité"),
    ("C", "écrire la phrase ; Échap revient aux niveaux"),
    ("Entrée", "critère suivant"),
    ("Maj Entrée", "critère précédent"),
    ("Origine, Fin", "premier, dernier critère"),
    ("Ctrl ↓, Ctrl ↑", "dossier suivant, précédent"),
    ("Ctrl Entrée", "rendre la grille"),
    ("F4", "montrer ou cacher le volet de lecture"),
    ("Ctrl Z", "annuler la dernière note"),
)


def level_of(text: str) -> int | None:
    """The level typed: « 2 », « é » or the 2 of the keypad. The text is read, not the key code, which has no digit."""
    if len(text) != 1:
        return None
    if text in "0123456789":
        return int(text)
    place = _AZERTY.find(text)
    return place if place >= 0 else None


def key_cap(text: str) -> QLabel:
    """A key as it is drawn in a strip."""
    label = QLabel(text)
    label.setProperty("key", True)
    theme.set_font(label, "meta")
    label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return label


class KeyStrip(QWidget):
    """The main keys on one line; those that do not fit give way from the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Touches : 0 à 3 noter, N sans objet, Entrée critère suivant, ? toutes les touches")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        self._groups = [self._group(caps, word) for caps, word in STRIP]
        for group in self._groups:
            layout.addWidget(group)
        layout.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        # The page never widens for them: ``fit`` hides those that have no room.
        return QSize(0, super().minimumSizeHint().height())

    def fit(self, width: int) -> None:
        """Shows what fits in ``width``; « ? », which lists all the keys, is the last to give way."""
        used = 0
        for group in (self._groups[-1], *self._groups[:-1]):
            used += group.sizeHint().width() + 14
            group.setVisible(used <= width)

    @staticmethod
    def _group(caps: tuple[str, ...], word: str) -> QWidget:
        group, label = QWidget(), QLabel(word)
        theme.set_type(label, "meta", "secondary")
        line = QHBoxLayout(group)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        for cap in caps:
            line.addWidget(key_cap(cap))
        line.addWidget(label)
        return group


class KeyPanel(QFrame):
    """Every key, over the page; any key or click puts it away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setProperty("card", True)
        self.setAccessibleName("Touches de la grille. " + ". ".join(f"{key} : {words}" for key, words in ALL))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._back: QWidget | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 20)
        title = QLabel("Touches de la grille")
        theme.set_type(title, "section", weight=600)
        layout.addWidget(title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        for row, (key, words) in enumerate(ALL):
            grid.addWidget(key_cap(key), row, 0, Qt.AlignmentFlag.AlignLeft)
            label = QLabel(words)
            theme.set_type(label, "body")
            grid.addWidget(label, row, 1)
        layout.addLayout(grid)
        note = QLabel("Une touche referme cette liste.")
        theme.set_type(note, "secondary", "hint")
        layout.addWidget(note)
        self.hide()

    def open(self, back: QWidget) -> None:
        """Centred on its parent; the focus then goes back to ``back``."""
        self._back = back
        self.adjustSize()
        area = self._over.rect()
        self.move((area.width() - self.width()) // 2, max(px(16), (area.height() - self.height()) // 2))
        self.show()
        self.raise_()
        self.setFocus()

    def close_panel(self) -> None:
        self.hide()
        if self._back:
            self._back.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.close_panel()

    def mousePressEvent(self, event: object) -> None:
        self.close_panel()
