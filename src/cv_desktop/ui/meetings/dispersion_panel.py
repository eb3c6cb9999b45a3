"""After the revelation, beside the note and never inside: how far the sheets agree, how severe each member is."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cv_desktop.domain.fairness import Dispersion, Fairness
from cv_desktop.domain.notes import decimal
from cv_desktop.domain.scoring import CommitteeNote
from cv_desktop.domain.solidity import Solidity
from cv_desktop.ui import theme
from cv_desktop.ui.chip import Chip

NBSP = "\u00a0"


def dispersion_said(found: Dispersion) -> str:
    """« Moyenne des grilles 68,8, écart type 4,2, de 62,1 à 75,0. »"""
    if found.deviation is None:
        return "Une seule grille compte."
    deviation = decimal(Fraction(found.deviation))
    return (
        f"Moyenne des grilles {decimal(found.mean)}, écart type {deviation}, "
        f"de {decimal(found.lowest)} à {decimal(found.highest)}."
    )


class DispersionPanel(QWidget):
    """``put`` after the revelation, ``clear`` before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.solidity = Chip("", "neutral", title="Solidité")
        self.sheets, self.gaps, self.heading, self.members = QLabel(), QLabel(), QLabel(), QLabel()
        theme.set_type(self.heading, "secondary", "secondary", 500)
        for label in (self.sheets, self.gaps, self.members):
            theme.set_type(label, "secondary", "secondary")
            label.setWordWrap(True)
        self.heading.setText("Sévérité des membres, à côté de la note")
        self.heading.setToolTip("Sur les mêmes dossiers que les autres membres. La note n’en est jamais corrigée.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.solidity)
        for label in (self.sheets, self.gaps, self.heading, self.members):
            layout.addWidget(label)

    def put(
        self,
        application_id: str,
        note: CommitteeNote | None,
        firm: Solidity | None,
        fairness: Fairness,
        names: Mapping[str, str],
        markers: tuple[str, ...],
    ) -> None:
        """``markers`` are the members whose sheets count for the file, in the order of the committee."""
        found = fairness.files.get(application_id)
        self.setVisible(found is not None)
        if found is None:
            return
        if firm is not None:
            self.solidity.set_badge(*firm.state.value)
            self.solidity.setToolTip(firm.sentence)
            self.solidity.setAccessibleDescription(firm.sentence)
        self.solidity.setVisible(firm is not None)
        self.sheets.setText(dispersion_said(found))
        wide = note.wide if note else ()
        self.gaps.setText(f"Écarts de deux niveaux ou plus{NBSP}: {', '.join(wide)}." if wide else "")
        self.gaps.setVisible(bool(wide))
        lines = [
            f"{names[m]}{NBSP}: {fairness.members[m].sentence}."
            for m in markers
            if m in fairness.members and m in names
        ]
        self.members.setText("\n".join(lines))
        for label in (self.heading, self.members):
            label.setVisible(bool(lines))
