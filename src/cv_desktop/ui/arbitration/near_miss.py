"""« Avec 1 350 € de plus, ce dossier entre au rang 32 », of what they are, and the trials that would find them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cv_desktop.domain.entry import listed
from cv_desktop.domain.envelopes import Node, parts
from cv_desktop.domain.money import euros, figures
from cv_desktop.domain.shares import least
from cv_desktop.domain.trials import ENVELOPE, Cut, Giver, Shortfall, Trial, shortfall, structure_group, trials
from cv_desktop.services.boards import Board
from cv_desktop.ui import icons, theme
from cv_desktop.ui.arbitration.lines import Line, Place, target
from cv_desktop.ui.arbitration.panel import paragraph

NOBODY = "Aucun autre dossier ne peut les céder sans être retiré."


class NearMiss(QWidget):
    """``put(line, board)`` hides itself when the file lacks nothing; ``tried(amounts)`` for « Essayer »."""

    tried = Signal(object)  # {key of the file: cents}

    def __init__(self) -> None:
        super().__init__()
        self.hint = paragraph("", "accent")
        self.bulb = QLabel()
        icons.dress(self.bulb, "lightbulb", "accent", 16)
        self.hint.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.title = paragraph("", "hint", "secondary")
        self.ways = QVBoxLayout()
        self.ways.setSpacing(4)
        box = QWidget()
        box.setProperty("surface", "soft")
        inside = QHBoxLayout(box)
        inside.setContentsMargins(10, 8, 10, 8)
        inside.setSpacing(8)
        inside.addWidget(self.bulb)
        inside.addWidget(self.hint, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(box)
        layout.addWidget(self.title)
        layout.addLayout(self.ways)

    def put(self, line: Line | None, board: Board | None) -> None:
        while (item := self.ways.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        short = missing(line, board) if line is not None and board is not None else None
        self.setVisible(short is not None and short.missing_cents > 0)
        if line is None or board is None or line.ranked is None or short is None or not short.missing_cents:
            return
        self.hint.setText(f"Avec {lacking(short, line, board.nodes)}, {entry(line, short)}.")
        found = trials(short, givers(board, line), step_cents=board.step_cents)
        self.title.setText(wanted(short, board.nodes) if found else NOBODY)
        for trial in found:
            self.ways.addWidget(self._way(trial, line, short))

    def _way(self, trial: Trial, line: Line, short: Shortfall) -> QWidget:
        words = QLabel(sentence(trial, last=short.lacks[0][0] == ENVELOPE and len(short.lacks) == 1))
        words.setToolTip("\n".join(given_up(cut) for cut in trial.cuts))
        words.setWordWrap(True)
        theme.set_type(words, "secondary", "text")
        button = QPushButton("Essayer")
        theme.set_kind(button, "secondary", small=True)
        button.setAccessibleName(f"Essayer : {words.text()}")
        amounts = {cut.id: cut.after_cents for cut in trial.cuts} | {line.id: short.target_cents}
        button.clicked.connect(lambda: self.tried.emit(amounts))
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(words, 1)
        row.addWidget(button)
        return whole


def missing(line: Line, board: Board) -> Shortfall | None:
    """What a waiting file lacks to be served; None when it is served or decided, out of bounds, or awaits a meeting."""
    if not line.open or line.place is not Place.WAITING or line.problem:
        return None  # out of bounds, no money would make it enter
    row = line.row
    own = row.amount_cents or 0
    if own:
        return shortfall(own, row.about.place, free_cents=own - line.missing_cents, left={})
    return shortfall(
        target(row, board.rules),
        row.about.place,
        free_cents=board.buckets.free_cents,
        left=board.left,
        structure=structure_group(row.about.structure_id),
    )


def givers(board: Board, line: Line) -> list[Giver]:
    """The served files whose amount may still be lowered, in the order of the ranks.

    None goes under the minimum that it declared, nor under that of the règlement.
    """
    return [
        Giver(
            row.application_id,
            row.structure,
            row.amount_cents or 0,
            min(
                row.amount_cents or 0,
                least(asked_cents=row.asked_cents, minimum_cents=row.minimum_cents, rules=board.rules),
            ),
            row.about.place,
            structure_group(row.about.structure_id),
        )
        for row in (r.row for r in board.ranked)
        if row.amount_cents and row.lot_id is None and not row.locked and row.application_id != line.id
    ]


def lacking(short: Shortfall, line: Line, nodes: Sequence[Node]) -> str:
    """« 1 350 € de plus pour le quartier « Almont » et 200 € de plus dans l’enveloppe »: every limit that lacks.

    The envelope alone needs no name. An action of several quarters also says for how much it counts in this one.
    """
    if not short.group and len(short.lacks) == 1:
        return f"{euros(short.missing_cents)} de plus"
    counted = parts(line.row.about.place, short.target_cents)
    said = []
    for group, cents in short.lacks:
        part = counted.get(group, short.target_cents)
        share = f" (il y compte pour {euros(part)})" if part < short.target_cents else ""
        said.append(f"{euros(cents)} de plus {where(group, nodes)}{share}")
    return listed(said)


def wanted(short: Shortfall, nodes: Sequence[Node]) -> str:
    """« Trouver 1 350 € », where they must come from when any file will not do."""
    if len(short.lacks) > 1:
        return "Trouver ces montants"
    place = f" {where(short.group, nodes)}" if short.group else ""
    return f"Trouver {euros(short.missing_cents)}{place}"


def where(group: str, nodes: Sequence[Node]) -> str:
    """« pour le volet « Cohésion » », « dans l’enveloppe » or « pour la structure »."""
    if group == ENVELOPE:
        return "dans l’enveloppe"
    node = next((n for n in nodes if n.group == group), None)
    return f"pour {node.named}" if node else "pour la structure (maximum de l’année)"


def entry(line: Line, short: Shortfall) -> str:
    """« ce dossier entre au rang 32 », with its amount when it is not its request."""
    assert line.ranked is not None
    rank = f"entre au rang {line.ranked.label}" if line.ranked.rank else "entre"
    part = "" if short.target_cents == line.row.asked_cents else f" à {euros(short.target_cents)}"
    return f"ce dossier {rank}{part}"


def sentence(trial: Trial, *, last: bool) -> str:
    """« Tremplin : 11 000 → 9 650 », or what several files give in all: the ``last`` ones, else those that can."""
    if len(trial.cuts) == 1:
        return given_up(trial.cuts[0])
    total = sum(cut.before_cents - cut.after_cents for cut in trial.cuts)
    who = f"Les {len(trial.cuts)} derniers retenus" if last else f"{len(trial.cuts)} dossiers"
    return f"{who}\u00a0: {euros(total)} de moins en tout"


def given_up(cut: Cut) -> str:
    """« Tremplin : 11 000 → 9 650 »."""
    return f"{cut.name}\u00a0: {figures(cut.before_cents)} → {figures(cut.after_cents)}"
