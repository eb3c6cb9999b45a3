"""« Sous-enveloppes »: what the scenario gives to each limited part, its floor as a tick, its cap once reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from cv_desktop.domain.envelopes import GROUPING, Node
from cv_desktop.domain.money import NBSP, euros, figures
from cv_desktop.ui import icons, look, theme

HEIGHT, TICK = 8, 14


class PartBar(QWidget):
    """A bar up to the limit, ochre when it is reached, framed in danger beyond; the floor is a dark tick."""

    def __init__(self) -> None:
        super().__init__()
        self._given, self._limit, self._floor = 0, 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def put(self, given: int, limit: int, floor: int) -> None:
        if (given, limit, floor) != (self._given, self._limit, self._floor):
            self._given, self._limit, self._floor = given, limit, floor
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, look.px(TICK))

    def paintEvent(self, event: QPaintEvent) -> None:
        c, painter = look.colors(), QPainter(self)
        scale = max(self._limit, self._floor, self._given, 1)
        width, middle = self.width(), self.height() / 2
        bar = QRectF(0, middle - look.px(HEIGHT) / 2, width, look.px(HEIGHT))
        painter.fillRect(bar, QColor(c.sunken))
        full = bool(self._limit) and self._given >= self._limit
        filled = QRectF(bar.x(), bar.y(), width * self._given / scale, bar.height())
        painter.fillRect(filled, QColor(c.tint("danger").text if self._over else c.second if full else c.accent))
        if self._floor:
            x = width * self._floor / scale
            painter.fillRect(QRectF(min(x, width - 2), 0, 2, self.height()), QColor(c.text))

    @property
    def _over(self) -> bool:
        return bool(self._limit) and self._given > self._limit


class _Name(QLabel):
    """A name that ends with « … » where there is no room for all of it."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def put(self, name: str) -> None:
        self._whole = name
        self.setToolTip(name)
        self._shorten()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()

    def _shorten(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width()))


class _Part(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.name, self.state, self.sums, self.bar = _Name(), QLabel(), QLabel(), PartBar()
        self.icon = QLabel()
        theme.set_type(self.name, "secondary", "text", 500)
        theme.set_type(self.sums, "secondary", "secondary")
        theme.set_type(self.state, "secondary", "warning", 600)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.name, 1)
        top.addWidget(self.icon)
        top.addWidget(self.state)
        top.addSpacing(4)
        top.addWidget(self.sums)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.bar)

    def put(self, node: Node, given: int) -> None:
        limit, floor = node.limit_cents or 0, node.floor_cents or 0
        word, tone, icon = state(given, node.limit_cents, floor)
        self.name.put(node.label)
        self.state.setText(word)
        self.state.setVisible(bool(word))
        self.icon.setVisible(bool(word))
        if word:
            theme.set_type(self.state, "secondary", tone, 600)
            icons.dress(self.icon, icon, tone, 13)
        self.sums.setText(f"{figures(given)} / {figures(limit)}" if limit else figures(given))
        self.bar.put(given, limit, floor)
        said = f"{node.kind.label} {node.label}{NBSP}: {euros(given)}"
        said += f" sur {euros(limit)}" if limit else ""
        said += f", plancher {euros(floor)}" if floor else ""
        self.setAccessibleName(f"{said}, {word}" if word else said)
        self.setToolTip(self.accessibleName())


def state(given: int, limit: int | None, floor: int) -> tuple[str, str, str]:
    """« plafond », « dépassé » or « sous plancher », with its tone and icon; nothing when the part is at ease."""
    if limit is not None and given > limit:
        return "dépassé", "danger", "triangle-alert"
    if limit is not None and given == limit:
        return "plafond", "warning", "lock"
    if given < floor:
        return "sous plancher", "warning", "arrow-down"
    return "", "", ""


class PartsCard(QWidget):
    """``put(nodes, given)``: only the parts that have a limit or a floor are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.none = QLabel("Aucune sous-enveloppe n’a de plafond ni de plancher.")
        self.none.setWordWrap(True)
        theme.set_type(self.none, "secondary", "secondary")
        self._parts: list[_Part] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._layout.addWidget(self.none)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, False)

    def put(self, nodes: Sequence[Node], given: Mapping[str, int]) -> None:
        shown = [n for n in nodes if n.kind in GROUPING and (n.limit_cents is not None or n.floor_cents)]
        self.none.setVisible(not shown)
        while len(self._parts) < len(shown):
            part = _Part()
            self._parts.append(part)
            self._layout.addWidget(part)
        for at, part in enumerate(self._parts):
            part.setVisible(at < len(shown))
            if at < len(shown):
                part.put(shown[at], given.get(shown[at].group, 0))

    def sentences(self) -> list[str]:
        """What each part shown says, for a screen reader and for the tests."""
        return [part.accessibleName() for part in self._parts if not part.isHidden()]
