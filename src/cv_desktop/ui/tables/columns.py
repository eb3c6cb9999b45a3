"""What a column of a table says about a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from cv_desktop.ui.badges import Badge

R = TypeVar("R")
Align = Literal["left", "right", "center"]
# Amounts are read and pasted with or without these.
_SPOKEN = {"€": "euros", "%": "pour cent", "–": "sans objet"}


@dataclass(frozen=True, slots=True)
class Band:
    """A row that is no record: group title, folded ranks, end of the envelope. Spans the whole width."""

    text: str
    detail: str = ""
    icon: str = ""
    status: str = ""
    dark: bool = False


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column over rows of type R. Only ``key``, ``title`` and ``text`` are required.

    ``sort`` gives a comparable or None (always last); the folded text when absent.
    ``edit`` writes the typed text and raises UserError when it cannot; ``edit_text`` is what the editor starts with.
    ``second`` is a second line under the text. ``badge`` paints icon and word instead of the text, ``icon`` an icon
    before it. ``mark`` frames the cell with a status (« danger », « warning »). ``progress`` paints a share 0 to 1.
    ``button`` paints a small button whose click or Entrée emits ``TableView.pressed``. ``checked`` paints a box, that
    ``toggle`` changes. ``accessible`` is the sentence a screen reader says; title and text when absent.
    ``yields`` is not 0 for a column that gives its room to the one that stretches, the lowest first; ``grows`` is the
    width that it takes where that one has more than it needs.
    ``strong`` says which rows are subtotals: heavier, on a tint. ``wrap`` makes its row as high as its words ask.
    """

    key: str
    title: str
    text: Callable[[R], str]
    sort: Callable[[R], Any] | None = None
    width: int = 120
    align: Align = "left"
    stretch: bool = False
    yields: int = 0
    grows: int = 0
    wrap: bool = False
    edit: Callable[[R, str], None] | None = None
    edit_text: Callable[[R], str] | None = None
    editable: Callable[[R], bool] | None = None
    second: Callable[[R], str] | None = None
    badge: Callable[[R], Badge | None] | None = None
    icon: Callable[[R], str] | None = None
    mark: Callable[[R], str] | None = None
    progress: Callable[[R], float | None] | None = None
    button: Callable[[R], str] | None = None
    checked: Callable[[R], bool] | None = None
    toggle: Callable[[R, bool], None] | None = None
    accessible: Callable[[R], str] | None = None
    strong: Callable[[R], bool] | None = None
    tooltip: str = ""
    tone: str = "text"
    weight: int = 400
    hidden: bool = False
    filterable: bool = True

    def can_edit(self, row: R) -> bool:
        return self.edit is not None and (self.editable is None or self.editable(row))

    def sentence(self, row: R) -> str:
        """What a screen reader says of the cell: « Proposé : 7 000 euros »."""
        if self.accessible is not None:
            return self.accessible(row)
        said = self.text(row).strip()
        if self.second is not None:
            said = f"{said}, {self.second(row)}"
        if self.checked is not None:
            said = "coché" if self.checked(row) else "non coché"
        for sign, word in _SPOKEN.items():
            said = said.replace(sign, word)
        return f"{self.title}\u00a0: {said or 'vide'}" if self.title else said
