"""The déports of the file on screen: who must leave the room before it, who may come back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from cv_desktop.domain.hours import spoken_moment
from cv_desktop.domain.presence import IN, RECUSAL, Move, Room, Seat
from cv_desktop.ui import icons, theme
from cv_desktop.ui.scoring.tinted import Tinted

NBSP = "\u00a0"


class RoomLine(QWidget):
    """``left`` and ``returned`` carry the seats of those whose exit or return is to be written now."""

    left = Signal(list)
    returned = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room: Room | None = None
        self.text = Tinted("pause", "eye-off")
        self.out, self.back = QPushButton("Noter la &sortie"), QPushButton("Noter le re&tour")
        for button, icon in ((self.out, "arrow-right"), (self.back, "arrow-left")):
            theme.set_kind(button, "secondary", small=True)
            icons.dress(button, icon, "text", 14)
        self.out.clicked.connect(lambda: self._room and self.left.emit(list(self._room.to_leave)))
        self.back.clicked.connect(lambda: self._room and self.returned.emit(list(self._room.to_return)))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.out)
        layout.addWidget(self.back)

    def show_room(self, room: Room, moves: Sequence[Move], application_id: str, *, locked: bool) -> None:
        """The room for a file, and the moves written so far."""
        self._room = room
        # A member already out for the déport of the file before is out for this one too.
        exits = {m.member_id: m for m in moves if m.why == RECUSAL and m.member_id in room.stepped_out & room.recused}
        exits |= {m.member_id: m for m in moves if m.application_id == application_id}
        own = [seat for seat in room.seats if seat.id in room.recused]
        sentences = []
        if own:
            s = "s" if len(own) > 1 else ""
            # A closed meeting is told as it was: the member has come back since.
            back_at = {x.id: _return(x, exits.get(x.id), moves) if locked else None for x in own}
            told = ", ".join(_said(x, room, exits.get(x.id), back_at[x.id]) for x in own)
            sentences.append(f"{len(own)} déport{s}{NBSP}: {told}.")
        if back := room.to_return:
            are = "sont" if len(back) > 1 else "est"
            names = ", ".join(seat.name for seat in back)
            sentences.append(f"{names} {are} hors de la salle depuis le déport précédent.")
        self.text.put(" ".join(sentences))
        self.out.setVisible(bool(room.to_leave) and not locked)
        self.back.setVisible(bool(room.to_return) and not locked)
        self.setVisible(bool(sentences))


def _return(seat: Seat, exit: Move | None, moves: Sequence[Move]) -> Move | None:
    """The entry that follows an exit."""
    if exit is None:
        return None
    later = (m for m in moves if m.member_id == seat.id and m.kind == IN and m.at >= exit.at)
    return next(later, None)


def _said(seat: Seat, room: Room, exit: Move | None, back: Move | None) -> str:
    if exit and back:
        return f"{seat.name}, hors de la salle de {spoken_moment(exit.at)} à {spoken_moment(back.at)}"
    if seat.id in room.inside:
        return f"{seat.name}, encore dans la salle"
    return f"{seat.name}, hors de la salle depuis {spoken_moment(exit.at)}" if exit else f"{seat.name}, absent·e"
