"""The right dock: the file selected, the rules in force, the lots."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.envelopes import LotRow
from cv_desktop.domain.dates import short_date
from cv_desktop.domain.envelopes import reserve_cents
from cv_desktop.domain.money import euros
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.scenarios import rule_words
from cv_desktop.domain.text import stopped
from cv_desktop.services.boards import Board
from cv_desktop.services.versions import Promotion
from cv_desktop.ui import theme
from cv_desktop.ui.arbitration.ballot_panel import files
from cv_desktop.ui.arbitration.columns import rate
from cv_desktop.ui.arbitration.lines import ENDED, Line, Place
from cv_desktop.ui.arbitration.near_miss import NearMiss
from cv_desktop.ui.arbitration.panel import paragraph, scrolled
from cv_desktop.ui.arbitration.parts_card import PartsCard
from cv_desktop.ui.card import rule
from cv_desktop.ui.chip import Chip

KEYS = "Un chiffre écrit le montant\u00a0; clic droit sur le dossier\u00a0: ce que font + − T P X L."
STATES = {
    "submitted": ("Soumis", "info", "vote"),
    "voted": ("Voté", "success", "check"),
    "returned": ("Retourné", "neutral", "undo-2"),
}


class Dock(QWidget):
    """``show_line``, ``show_rules`` and ``show_lots``; each button tells what is wanted."""

    file_wanted = Signal(str)
    vote_wanted = Signal(object)  # LotRow
    dates_wanted = Signal(object)
    return_wanted = Signal(object)
    lot_wanted = Signal(object)
    promotion_wanted = Signal()
    tried = Signal(object)  # {key of a file: cents}
    rules_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "chrome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Dossier sélectionné, règles et lots")
        self._id = ""
        self.name = paragraph("", "text", "section", 600)
        self.action = paragraph("", "secondary", "secondary")
        self.place = Chip("", "neutral", "minus")
        self.why, self.problem = paragraph("", "text"), paragraph("", "danger")
        self.near, self.parts = NearMiss(), PartsCard()
        self.near.tried.connect(self.tried)
        self.open = QPushButton("Ouvrir le dossier")
        theme.set_kind(self.open, "link", small=True)
        theme.set_flush(self.open)
        self.open.clicked.connect(lambda: self.file_wanted.emit(self._id))
        self.rules, self._lots = paragraph(""), QVBoxLayout()
        self._lots.setSpacing(10)
        inner = QWidget()
        inner.setProperty("surface", "chrome")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(_title("Dossier sélectionné"))
        for widget in (self.name, self.action):
            layout.addWidget(widget)
        layout.addWidget(self.place)
        layout.addWidget(self.why)
        layout.addWidget(self.problem)
        layout.addWidget(self.near)
        layout.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        self.keys = paragraph(KEYS, "hint", "secondary")
        layout.addWidget(self.keys)
        layout.addSpacing(4)
        layout.addWidget(rule())
        layout.addSpacing(4)
        head = QHBoxLayout()
        head.addWidget(_title("Sous-enveloppes"), 1)
        self.tick = QLabel("❙ plancher")
        theme.set_type(self.tick, "secondary", "hint")
        head.addWidget(self.tick)
        layout.addLayout(head)
        layout.addWidget(self.parts)
        layout.addSpacing(4)
        layout.addWidget(rule())
        layout.addSpacing(4)
        layout.addWidget(_title("Règles en vigueur"))
        layout.addWidget(self.rules)
        self.others = QPushButton("Essayer d’autres règles…")
        theme.set_kind(self.others, "link", small=True)
        theme.set_flush(self.others)
        self.others.clicked.connect(self.rules_wanted)
        layout.addWidget(self.others, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(4)
        layout.addWidget(rule())
        layout.addSpacing(4)
        self.waiting, self.promote = paragraph(""), QPushButton("Promouvoir…")
        theme.set_kind(self.promote, "secondary", small=True)
        self.promote.clicked.connect(self.promotion_wanted)
        layout.addWidget(_title("Concordance"))
        self.agreement = QVBoxLayout()
        layout.addLayout(self.agreement)
        layout.addSpacing(4)
        layout.addWidget(rule())
        layout.addSpacing(4)
        layout.addWidget(_title("Lots"))
        layout.addWidget(self.waiting)
        layout.addWidget(self.promote)
        layout.addLayout(self._lots)
        layout.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inner))
        self.show_line(None, None)

    def show_parts(self, board: Board | None) -> None:
        """What the scenario gives to each limited part of the envelope."""
        nodes = board.parts if board else []
        self.parts.put(nodes, board.given if board else {})
        self.tick.setVisible(any(n.floor_cents for n in nodes))

    def show_line(self, line: Line | None, board: Board | None) -> None:
        """Why this file is in or out, what it lacks, and where it could be found."""
        shown = line is not None and line.ranked is not None and line.place is not None
        for widget in (self.action, self.place, self.why, self.open):
            widget.setVisible(shown)
        self.keys.setVisible(shown and bool(line and line.open))
        self.problem.setVisible(shown and bool(line and line.problem))
        self.near.put(line, board)
        if line is None or line.ranked is None or line.place is None:
            self.name.setText("Aucun dossier sélectionné")
            return
        row = line.row
        self._id = row.application_id
        self.name.setText(row.structure)
        self.action.setText(f"{row.number} · {row.title}")
        badge = line.place.badge
        self.place.set_badge(badge.word, badge.status, badge.icon)
        self.why.setText(
            why(line, board.buckets.free_cents if board else 0, reserve_cents(board.nodes) if board else 0)
        )
        self.problem.setText(line.problem)

    def show_rules(self, rules: Rules, proposed: str) -> None:
        """The rules of the règlement, and the one by which the amounts of the scenario were proposed, if any."""
        said = rule_words(proposed)
        self.rules.setText("\n".join([*sentences(rules), *([f"Proposé au départ par : {said}."] if said else [])]))

    def show_lots(self, lots: Sequence[LotRow]) -> None:
        while (item := self._lots.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for lot in lots:
            self._lots.addWidget(self._lot(lot))
        if not lots:
            self._lots.addWidget(paragraph("Aucun lot soumis pour l’instant."))

    def show_waiting(self, proposed: Sequence[Promotion], free_cents: int) -> None:
        """The waiting list, and how many of it what is free could serve now, or what the officer is to choose."""
        fit = [one for one in proposed if one.cents]
        self.waiting.setVisible(bool(proposed))
        self.promote.setVisible(bool(proposed) and free_cents > 0)
        words = f"Liste d’attente : {files(len(proposed))}."
        if fit:
            words += f" {len(fit)} {'peuvent' if len(fit) > 1 else 'peut'} entrer, {euros(sum(x.cents for x in fit))}."
        elif proposed:
            words += f" {proposed[0].row.number} : {proposed[0].words[:1].lower()}{proposed[0].words[1:]}"
        self.waiting.setText(words)

    def _lot(self, lot: LotRow) -> QWidget:
        whole = QFrame()
        whole.setAccessibleName(f"Lot {lot.label}")
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        name = paragraph(lot.label, "text", weight=600)
        top = QHBoxLayout()
        top.addWidget(name, 1)
        top.addWidget(Chip(*STATES[lot.state]), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(top)
        layout.addWidget(paragraph(f"{files(lot.files)}, {euros(lot.total_cents)}"))
        self._button(layout, "Ouvrir le lot", lot, self.lot_wanted)
        if lot.state == "voted":
            layout.addWidget(paragraph(act_of(lot)))
            dated = lot.sent_to_prefect_on and lot.published_on
            self._button(layout, "Corriger les dates…" if dated else "Compléter l’acte…", lot, self.dates_wanted)
        elif lot.state == "submitted":
            self._button(layout, "Enregistrer le vote…", lot, self.vote_wanted)
            self._button(layout, "Retourner le lot…", lot, self.return_wanted)
        return whole

    @staticmethod
    def _button(layout: QVBoxLayout, words: str, lot: LotRow, signal: object) -> None:
        button = QPushButton(words)
        theme.set_kind(button, "secondary", small=True)
        button.setAccessibleName(f"{words} {lot.label}")
        button.clicked.connect(lambda: signal.emit(lot))  # type: ignore[attr-defined]
        layout.addWidget(button)


def why(line: Line, free_cents: int, kept_cents: int) -> str:
    """« Retenu à 82 % de sa demande, 8 500 €. » ``kept_cents`` is the reserve of the envelope."""
    row, asked = line.row, euros(line.row.asked_cents)
    if line.reason == ENDED:
        why = f" Motif\u00a0: {stopped(row.lot_motive)}" if row.lot_motive else ""
        return f"{ENDED}, retirée ou abandonnée\u00a0: rien n’est plus accordé sur {asked} demandés.{why}"
    if row.lot_state:
        done = "voté" if row.lot_state == "voted" else "soumis au vote"
        return f"{euros(line.amount_cents)} pour {asked} demandés, {done}."
    if line.place is Place.RETAINED:
        return f"Retenu pour toute sa demande, {asked}."
    if line.place is Place.PARTIAL:
        told = f"Retenu à {rate(line)} de sa demande : {euros(line.amount_cents)} sur {asked}."
        return f"{told} {row.cut}".strip()
    if line.place is Place.ADJOURNED:
        return "La séance l’a ajourné : il ira au vote sans montant, et sera réexaminé."
    if line.place is Place.EXCLUDED:
        given = (
            "La séance a donné un avis défavorable" if not row.locked else "Écarté à l’arbitrage (X pour le reprendre)"
        )
        return f"{given}. Il ira au vote comme un refus."
    if line.amount_cents:
        return f"Sous la fin de l’enveloppe : {euros(line.amount_cents)} sont proposés."
    needed = f"il demande {asked}"
    if row.minimum_cents is not None:
        needed = f"le minimum viable déclaré par l’association est de {euros(row.minimum_cents)}"
    kept = min(kept_cents, max(0, free_cents))
    left = f"l reste {euros(max(0, free_cents))}{f', dont {euros(kept)} de réserve' if kept else ''}\u00a0; {needed}."
    # What the proposal said stays what it said; amounts may have changed since.
    return f"{row.cut} À présent, i{left}" if row.cut else f"I{left}"


def sentences(rules: Rules) -> list[str]:
    """The rules an amount must respect, each with its article."""
    found = []
    if "rounding_step" in rules and (step := rules.cents("rounding_step")):
        found.append(f"Arrondi à {euros(step)} ({rules['rounding_step'].reference}).")
    if "amount_max" in rules and (maximum := rules.cents("amount_max")):
        found.append(f"{euros(maximum)} au plus par dossier ({rules['amount_max'].reference}).")
    if "amount_min" in rules and (least := rules.cents("amount_min")):
        found.append(f"{euros(least)} au moins ({rules['amount_min'].reference}).")
    return found or ["Aucune règle de montant."]


def act_of(lot: LotRow) -> str:
    """« Bureau communautaire, acte n° 2026-B-014 du 10/04/2026. Transmission : à compléter. »"""
    # A number is never cut at its hyphens.
    number = lot.act_number.replace("-", "\u2060-\u2060")
    sent, published = short_date(lot.sent_to_prefect_on), short_date(lot.published_on)
    return (
        f"{lot.body}, acte n° {number} du {short_date(lot.act_on)}. "
        f"Transmission : {sent or 'à compléter'}. Publication : {published or 'à compléter'}."
    )


def _title(text: str) -> QLabel:
    label = QLabel(text)
    theme.set_type(label, "secondary", "hint", 500)
    return label
