"""Sessions: the rounds of a rolling fund, their deposit, their committee and their share of the envelope."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from cv_desktop.db.queries import rounds as queries
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.rounds import Round
from cv_desktop.services import rounds
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.calls.round_files import RoundFiles
from cv_desktop.ui.calls.tab import Tab
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

PROPOSE = "Proposer les sessions de l’année"


class RoundsTab(Tab):
    """A campaign without rounds has one deposit, the one of its calendar."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._known: list[queries.RoundFile] = []
        self.words = QLabel()
        self.words.setWordWrap(True)
        theme.set_type(self.words, "secondary", "secondary")
        self.closes = DateField("Fin du dépôt", today=self._today)
        self.closes.setMaximumWidth(px(160))
        self.add = QPushButton("Ajouter une session")
        self.close_round, self.remove = QPushButton("Clore la session"), QPushButton("Supprimer la session")
        icons.dress(self.add, "plus", "text", 14)
        for button in (self.add, self.close_round, self.remove):
            theme.set_kind(button, "secondary", small=True)
        self.add.clicked.connect(self._add)
        self.closes.submits_with(self.add)
        self.close_round.clicked.connect(self._close)
        self.remove.clicked.connect(self._remove)
        self.model: RowsModel[Round] = RowsModel(self._columns())
        self.table = TableView(
            self.model,
            name="Sessions",
            memory=context.settings.memory("campagnes.sessions"),
            empty="Aucune session : un seul dépôt, aux dates du calendrier.",
            empty_button=PROPOSE,
        )
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.empty_pressed.connect(self._propose)
        self.table.refused.connect(context.told)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.closes)
        line.addWidget(self.add, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        for button in (self.close_round, self.remove):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        self.column.addWidget(self.words)
        self.column.addLayout(line)
        self.files = RoundFiles(context)
        self.table.current_row_changed.connect(self._selected)
        self.column.addWidget(self.table, 2)
        self.column.addWidget(self.files, 3)

    def refresh(self) -> None:
        if self.row is None:
            return
        rows = self.context.read(queries.rows, self.row.id, self.context.viewer)
        self.table.set_rows(rows)
        if self.table.current_row() is None and rows:
            self.table.select_identity(rows[0].id)
        shares = sum(r.share_cents or 0 for r in rows)
        gap = shares - self.row.envelope_cents
        wrong = bool(rows) and shares and gap
        self.words.setText(
            self._sum(shares, gap) if rows else "Chaque session a sa fin de dépôt, son comité et sa part."
        )
        theme.set_type(self.words, "secondary", "danger" if wrong and gap > 0 else "secondary")
        self._known = self.context.read(queries.files, self.row.id, self.context.viewer) if rows else []
        self._selected(self.table.current_row())

    def _sum(self, shares: int, gap: int) -> str:
        if not shares:
            return "Aucune session n’a encore sa part de l’enveloppe."
        if not gap:
            return f"Les parts font l’enveloppe, {euros(shares)}."
        word = "de plus que l’enveloppe" if gap > 0 else "de moins que l’enveloppe"
        return f"Les parts font {euros(shares)}, {euros(abs(gap))} {word}."

    def _selected(self, row: Round | None) -> None:
        self.files.show_files(self._known, self.model.rows(), row)
        for button in (self.close_round, self.remove):
            button.setVisible(row is not None)
        if row is None:
            return
        closed = row.closed_on is not None
        self.close_round.setText("Rouvrir la session" if closed else "Clore la session")
        waits = not closed and self._today() <= row.deposit_closes
        self.close_round.setEnabled(not waits)
        self.close_round.setToolTip(
            f"Le dépôt est ouvert jusqu’au {short_date(row.deposit_closes)}." if waits
            else "" if closed
            else f"Le reste, {euros(max(row.left_cents, 0))}, ira à la session suivante." if row.rolls_over
            else "Le reste ne sera pas reporté."
        )  # fmt: skip
        self.remove.setEnabled(not closed)

    def _today(self) -> date:
        return local(self.context.clock()).date()

    def _add(self) -> None:
        if self.row is None or not self.closes.commit():
            return
        day = self.closes.value()
        if day is None:
            self.closes.refuse("Indiquez la fin du dépôt de la session.")
            self.closes.setFocus()
            return
        try:
            self.context.attempt(
                f"session ajoutée, dépôt jusqu’au {short_date(day)}",
                rounds.create,
                call_id=self.row.id,
                deposit_closes=day,
            )
        except UserError as refusal:
            self.closes.refuse(refusal.message)
            self.closes.setFocus()
            return
        self.closes.set_value(None)

    def _propose(self) -> None:
        if self.row is not None:
            self.context.do("sessions de l’année proposées", rounds.propose, call_id=self.row.id)

    def _close(self) -> None:
        row: Round | None = self.table.current_row()
        if row is None:
            return
        if row.closed_on is not None:
            self.context.do(f"« {row.label} » rouverte", rounds.reopen, round_id=row.id)
        else:
            self.context.do(f"« {row.label} » close", rounds.close, round_id=row.id)

    def _remove(self) -> None:
        row: Round | None = self.table.current_row()
        if row is not None:
            self.context.do(f"« {row.label} » supprimée", rounds.remove, round_id=row.id)

    def _columns(self) -> list[Column[Round]]:
        def written(key: str, title: str, text: Any, width: int, **more: Any) -> Column[Round]:
            return Column(
                key,
                title,
                text,
                width=width,
                edit=lambda r, typed: self._write(r, key, typed),
                editable=lambda r: r.closed_on is None,
                **more,
            )

        def amount(key: str, title: str, cents: Any) -> Column[Round]:
            return Column(
                key, title, lambda r: euros(cents(r)), sort=cents, width=86, align="right", hidden=key == "asked"
            )

        return [
            written("label", "Session", lambda r: r.label, 84, stretch=True, weight=500),
            written(
                "deposit_closes",
                "Dépôt jusqu’au",
                lambda r: short_date(r.deposit_closes),
                106,
                sort=lambda r: r.deposit_closes,
            ),
            written("committee_on", "Comité", lambda r: short_date(r.committee_on) or "–", 100,
                    edit_text=lambda r: short_date(r.committee_on), sort=lambda r: r.committee_on),
            written("share_cents", "Part", lambda r: euros(r.share_cents) if r.share_cents is not None else "–", 84,
                    edit_text=lambda r: euros(r.share_cents) if r.share_cents is not None else "",
                    sort=lambda r: r.share_cents, align="right"),
            written("rolls_over", "Report", lambda r: "oui" if r.rolls_over else "non", 64,
                    tooltip="Le reste de la part va à la session suivante, une fois celle-ci close"),
            amount("carried", "Reporté", lambda r: r.carried_cents),
            Column("files", "Dossiers", lambda r: str(r.files), sort=lambda r: r.files, width=72, align="right"),
            amount("asked", "Demandé", lambda r: r.asked_cents),
            amount("granted", "Accordé", lambda r: r.granted_cents),
            Column("left", "Reste", lambda r: euros(r.left_cents), sort=lambda r: r.left_cents, width=96,
                   align="right", mark=lambda r: "danger" if r.left_cents < 0 else "",
                   tooltip="Part et report, moins ce qui est accordé, soumis au vote ou proposé"),
            Column("state", "État", lambda r: self._state(r).word, width=112, badge=self._state),
        ]  # fmt: skip

    def _state(self, row: Round) -> Badge:
        if row.closed_on is not None:
            return Badge("close", "neutral", "lock")
        if self._today() <= row.deposit_closes:
            return Badge("dépôt ouvert", "info", "circle-dot-dashed")
        return Badge("à décider", "warning", "clock")

    def _write(self, row: Round, name: str, text: str) -> None:
        bare = "" if text.strip() == "–" else text
        self.context.attempt(
            f"{row.label}, {rounds.FIELDS[name]} {bare.strip() or 'vide'}",
            rounds.set_field,
            round_id=row.id,
            name=name,
            text=bare,
        )
