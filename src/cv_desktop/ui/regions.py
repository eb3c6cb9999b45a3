"""F6: from one region of the window to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def step(regions: Sequence[QWidget], direction: int) -> None:
    """Puts the focus in the region after (1) or before (-1) the one that has it."""
    shown = [region for region in regions if region.isVisible()]
    focus = QApplication.focusWidget()
    here = next((i for i, x in enumerate(shown) if x is focus or (focus is not None and x.isAncestorOf(focus))), -1)
    if here < 0 and direction < 0:
        here = 0
    for distance in range(1, len(shown) + 1):
        if enter(shown[(here + direction * distance) % len(shown)]):
            return


def enter(region: QWidget) -> bool:
    """Gives the focus to ``region`` or to the first thing in it that takes it. False when nothing does."""
    target: QWidget | None = region
    while target is not None and not _takes(target):
        target = target.nextInFocusChain()
        if target is region or (target is not None and not region.isAncestorOf(target)):
            target = next((x for x in region.findChildren(QWidget) if _takes(x)), None)
            break
    if target is None:
        return False
    target.setFocus(Qt.FocusReason.TabFocusReason)
    return True


def _takes(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isVisible() and widget.isEnabled()
