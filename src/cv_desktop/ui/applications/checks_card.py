"""« Recevabilité »: every check with its article, and the passage they allow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.domain.dates import long_date
from cv_desktop.domain.eligibility import Result, Status, summary
from cv_desktop.domain.rules import COMPLETE
from cv_desktop.ui import icons, theme
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.card import Card, rule
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.elided_button import ElidedButton
from cv_desktop.ui.look import colors, px


class CheckRow(QFrame):
    """One check: icon on its tint, title, short value or article, the sentence of what is wrong and the ways out."""

    request_asked = Signal()
    derogation_asked = Signal(object)  # the result to set aside, or whose derogation is to be lifted

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.result: Result | None = None
        self._status = Status.NA
        self._icon, self.title, self.value, self.sentence = QLabel(), QLabel(), QLabel(), QLabel()
        theme.set_type(self.value, "meta", "secondary")
        theme.set_type(self.sentence, "secondary", "secondary")
        # A long title takes two lines rather than pushing its value out of sight.
        self.title.setWordWrap(True)
        self.sentence.setWordWrap(True)
        self._icon.setFixedSize(px(20), px(20))
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.title, 1)
        line.addWidget(self.value)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addLayout(line)
        words.addWidget(self.sentence)
        self.request, self.derogate = QPushButton(), QPushButton()
        self.request.clicked.connect(self.request_asked)
        self.derogate.clicked.connect(lambda: self.derogation_asked.emit(self.result))
        ways = QHBoxLayout()
        ways.setSpacing(12)
        for button in (self.request, self.derogate):
            theme.set_kind(button, "link", small=True)
            ways.addWidget(button)
        ways.addStretch(1)
        words.addLayout(ways)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 7)
        layout.setSpacing(8)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)

    def show_result(self, result: Result, *, open: bool = False) -> None:
        self.result = result
        wrong = result.status in (Status.FAIL, Status.WARN)
        said = wrong or bool(result.derogation)
        self._status = result.status
        icons.dress(self._icon, result.status.icon, result.status.tint, 13)
        theme.set_type(self.title, "body", weight=500 if wrong else 400)
        self.title.setText(result.title)
        self.value.setText(result.reference if wrong else result.value)
        self.sentence.setText(result.sentence)
        self.sentence.setVisible(said and bool(result.sentence))
        self.setAccessibleName(
            f"{result.title}\u00a0: {result.status.label}. {result.sentence or result.value}. {result.reference}"
        )
        self.title.setToolTip(f"{result.status.label}, {result.reference}")
        document = "la pièce" if len(result.items) == 1 else "les pièces" if result.items else "le complément"
        self.request.setText(f"Demander {document}")
        self.request.setVisible(open and wrong and result.remedy == COMPLETE)
        self.derogate.setText("Lever la dérogation" if result.derogation else "Déroger…")
        self.derogate.setVisible(open and (result.blocks or bool(result.derogation)))
        for button in (self.request, self.derogate):
            button.setAccessibleName(f"{button.text()}, {result.title}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        tint = c.tint(self._status.tint)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._status in (Status.FAIL, Status.WARN):
            ground = QColor(tint.fill)
            ground.setAlpha(140)
            painter.fillRect(self.rect(), ground)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(c.line))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tint.fill))
        painter.drawRoundedRect(QRectF(self._icon.geometry()), 3, 3)
        painter.end()


class ChecksCard(Card):
    """The checks in their order; below, « Déclarer recevable » with what forbids it, and « Déclarer irrecevable… »."""

    eligible_asked = Signal()
    request_asked = Signal()
    derogation_asked = Signal(object)
    ineligible_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Recevabilité", flush=True, parent=parent)
        self.chips = {
            status: Chip("0", status.tint, status.icon, title=status.label)
            for status in (Status.FAIL, Status.WARN, Status.PASS)
        }
        for chip in self.chips.values():
            self.add_action(chip)
        self.rows: list[CheckRow] = []
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName("Contrôles de recevabilité")
        inner.setProperty("surface", "surface")
        self.area.setWidget(inner)
        self.eligible = ElidedButton("Déclarer recevable")
        theme.set_kind(self.eligible, "secondary")
        self.eligible.clicked.connect(self.eligible_asked)
        self.ineligible = ElidedButton("Déclarer irrecevable…")
        theme.set_kind(self.ineligible, "danger")
        self.ineligible.clicked.connect(self.ineligible_asked)
        self.why = QLabel()
        self.why.setWordWrap(True)
        theme.set_type(self.why, "meta", "secondary")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.eligible)
        buttons.addWidget(self.ineligible)
        buttons.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 8, 12, 10)
        foot.setSpacing(6)
        foot.addLayout(buttons)
        foot.addWidget(self.why)
        self.body.setSpacing(0)
        self.add(self.area, 1)
        self.add(rule())
        self.body.addLayout(foot)

    def show_dossier(self, dossier: Dossier) -> None:
        self._show_results(dossier.results, open=dossier.open)
        version = dossier.version
        # The first règlement goes without saying.
        said = version is not None and (version.number > 1 or not version.current)
        self.detail.setText(f"version {version.number}" if version and said else "")
        since = f"appliquée depuis le {long_date(version.effective_from)}" if version else ""
        self.detail.setToolTip(f"Jugé avec la version {version.number} du règlement, {since}" if version else "")
        counts = summary(dossier.results)
        for status, chip in self.chips.items():
            chip.set_badge(str(counts[status]), status.tint, status.icon)
            chip.setVisible(bool(counts[status]))
        for button, reason in (
            (self.eligible, dossier.why_not_eligible),
            (self.ineligible, dossier.why_not_ineligible),
        ):
            button.setEnabled(not reason)
            button.setToolTip(reason or button.text())
            button.setAccessibleDescription(reason)
        self.why.setText(dossier.why_not_eligible)
        self.why.setVisible(bool(dossier.why_not_eligible))

    def _show_results(self, results: Sequence[Result], *, open: bool) -> None:
        while len(self.rows) < len(results):
            row = CheckRow()
            row.request_asked.connect(self.request_asked)
            row.derogation_asked.connect(self.derogation_asked)
            self.rows.append(row)
            self._list.insertWidget(self._list.count() - 1, row)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(results))
            if place < len(results):
                row.show_result(results[place], open=open)
