"""Grilles: who has returned what, never a mark; sheets handed out, and those that come back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import bundles, grids, meetings, scores, sheets, usual_reasons
from cv_desktop.db.queries.meetings import MemberRow
from cv_desktop.db.queries.sheets import MatrixRow
from cv_desktop.services import corrections
from cv_desktop.ui import dialogs, icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.context import Context
from cv_desktop.ui.meetings.correct_mark import CorrectMark
from cv_desktop.ui.meetings.doubts import Doubts
from cv_desktop.ui.meetings.hand_out import HandOut
from cv_desktop.ui.meetings.returns import Returns
from cv_desktop.ui.meetings.tab import Tab
from cv_desktop.ui.progress_panel import ProgressPanel
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

FILES = "Grilles rendues (*.xlsx *.pdf *.png *.jpg *.jpeg *.tif *.tiff);;Tous les fichiers (*)"
NBSP = "\u00a0"
_STATES = {
    sheets.RETURNED: ("Rendue", "success", "circle-check"),
    sheets.STARTED: ("En cours", "info", "circle-dot"),
    sheets.RECUSED: ("Déport", "pause", "eye-off"),
    sheets.ABSENT: ("Absente", "neutral", "circle"),
    sheets.OUTSIDE: ("Hors périmètre", "neutral", "minus"),
    sheets.OPTIONAL: ("Non attendue", "neutral", "minus"),
}


def _badge(row: MatrixRow, member: str) -> Badge:
    word, status, icon = _STATES[row.states[member]]
    return Badge(word, status, icon)


def _member_column(member: MemberRow) -> Column[MatrixRow]:
    key = member.id
    return Column(
        key,
        member.name,
        lambda row: _badge(row, key).word,
        width=104,
        badge=lambda row: _badge(row, key),
        accessible=lambda row: f"{member.name}, {row.number} : {_badge(row, key).word.lower()}",
        tooltip=f"{member.name}, {member.body}" if member.body else member.name,
    )


def _columns(members: list[MemberRow]) -> tuple[Column[MatrixRow], ...]:
    return (
        Column("number", "N°", lambda row: row.number, width=128),
        Column("structure", "Structure", lambda row: row.structure, width=150, stretch=True),
        Column(
            "count",
            "Rendues",
            lambda row: f"{row.returned} sur {row.expected}",
            sort=lambda row: row.returned,
            width=84,
            align="right",
            weight=600,
        ),
        *(_member_column(member) for member in members),
    )


class SheetsTab(Tab):
    """``marking_asked(member, file)``: « Noter en tant que »."""

    marking_asked = Signal(str, str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._members: list[MemberRow] = []
        self._matrix_shown = True
        self.view: TableView | None = None
        label = QLabel("&Noter en tant que")
        theme.set_type(label, "secondary", "secondary", 500)
        self.member = QComboBox()
        self.member.setAccessibleName("Noter en tant que")
        self.member.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        label.setBuddy(self.member)
        self.mark = QPushButton("&Ouvrir ses grilles")
        theme.set_kind(self.mark, "secondary")
        icons.dress(self.mark, "clipboard-list", "text", 16)
        self.mark.clicked.connect(lambda: self.marking_asked.emit(self.member.currentData() or "", ""))
        self.hand_out_button, self.return_button = QPushButton("&Remettre des grilles…"), QPushButton("Ré&cupérer…")
        self.doubts_button, self.correct_button = QPushButton(), QPushButton("&Modifier une note…")
        self.correct_button.setToolTip("Sur le dossier choisi, pour le membre choisi ; un motif est demandé")
        self.correct_button.clicked.connect(self.correct)
        for button, icon in (
            (self.hand_out_button, "file-down"),
            (self.return_button, "file-up"),
            (self.doubts_button, "scan-line"),
            (self.correct_button, "pencil"),
        ):
            theme.set_kind(button, "secondary")
            icons.dress(button, icon, "text", 16)
        self.return_button.setToolTip("Classeurs, PDF remplis ou scans rendus par les membres")
        self.hand_out_button.clicked.connect(self._hand_out)
        self.return_button.clicked.connect(self._choose_returned)
        self.doubts_button.clicked.connect(self._read_doubts)
        self.panel = ProgressPanel("Rien n’est écrit avant votre accord.")
        self.hand_out = HandOut(context, self.panel)
        self.returns, self.doubts = Returns(context, self.panel), Doubts(context)
        for page in (self.hand_out, self.returns, self.doubts):
            page.left.connect(self._matrix_again)
        self.returns.taken.connect(self._taken)
        self.setAcceptDrops(True)
        self.count = QLabel()
        theme.set_type(self.count, "secondary", "secondary")
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(label)
        bar.addWidget(self.member)
        bar.addWidget(self.mark)
        bar.addStretch(1)
        bar.addWidget(self.count)
        # A line of their own: at 130 % beside the others they would push the window past 1280.
        away = QHBoxLayout()
        away.setSpacing(8)
        for button in (self.hand_out_button, self.return_button, self.doubts_button, self.correct_button):
            away.addWidget(button)
        away.addStretch(1)
        self._place = QVBoxLayout()
        self.note = QLabel(
            "Les notes restent masquées jusqu’à la révélation. Entrée ouvre la grille de la colonne choisie."
        )
        theme.set_type(self.note, "meta", "hint")
        self.column.addLayout(bar)
        self.column.addLayout(away)
        self.column.addWidget(self.hand_out)
        self.column.addLayout(self._place, 1)
        self.column.addWidget(self.returns, 1)
        self.column.addWidget(self.doubts, 1)
        self.column.addWidget(self.panel)
        self.column.addWidget(self.note)

    def refresh(self) -> None:
        members = self.context.read(meetings.members, call_id=self.call)
        if members != self._members or self.view is None:
            self._build(members)
        rows = self.context.read(
            sheets.matrix,
            call_id=self.call,
            meeting_id=self.meeting.id if self.meeting else None,
            viewer=self.context.viewer,
        )
        if self.view is not None:
            self.view.set_rows(rows)
        waiting = len(self.context.read(bundles.doubts, call_id=self.call, viewer=self.context.viewer))
        self.doubts_button.setText(f"{waiting} image{'s' if waiting > 1 else ''} à relire")
        self.doubts_button.setVisible(bool(waiting))
        revealed = self.meeting is not None and self.meeting.revealed_at is not None
        self.correct_button.setVisible(revealed and not self.closed)
        self.hand_out_button.setVisible(not revealed)
        self.hand_out_button.setEnabled(bool(members) and bool(rows) and not revealed)
        self.hand_out_button.setToolTip("Les grilles de cette séance sont révélées." if revealed else "")
        done, wanted = sum(row.returned for row in rows), sum(row.expected for row in rows)
        s = "s" if done > 1 else ""
        self.count.setText(f"{done} grille{s} rendue{s} sur {wanted}")

    def correct(self) -> None:
        """After the revelation a mark changes with a reason; both stay in the journal."""
        row = self.view.current_row() if self.view else None
        member, name = self.member.currentData(), self.member.currentText()
        if self.meeting is None or row is None or not member:
            self.context.told.emit("Choisissez d’abord un dossier et un membre.")
            return
        if row.states.get(member) != sheets.RETURNED:
            self.context.told.emit(f"{name} n’a pas de grille qui compte pour {row.number}.")
            return
        key = {"application_id": row.application_id}
        question = CorrectMark(
            self,
            f"Modifier une note de {name}{NBSP}?",
            [
                f"{row.number}, {row.structure}.",
                f"Les notes sont révélées{NBSP}: l’ancienne et la nouvelle restent au journal.",
            ],
            self.context.read(grids.of_file, **key).grid,
            self.context.read(scores.sheet, **key, member_id=member),
            self.context.read(usual_reasons.of_gesture, "note_modifiee"),
        )
        if question.exec() == CorrectMark.DialogCode.Accepted:
            self.context.do(
                "note modifiée",
                corrections.correct,
                **key,
                meeting_id=self.meeting.id,
                member_id=member,
                criterion=question.criterion,
                level=question.level,
                not_applicable=question.level is None,
                reason=dialogs.joined(*question.motive()),
            )

    def read_files(self, files: Sequence[Path]) -> None:
        """Reads sheets that came back, whatever their kind."""
        self.hand_out.hide()
        self.doubts.hide()
        self.returns.read(self.call, files)
        self._show_matrix(False)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.read_files(files)

    def _hand_out(self) -> None:
        self._matrix_again()
        self.hand_out.start(self.call, self.meeting.id if self.meeting else "", self._members)

    def _choose_returned(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, "Grilles rendues", str(Path.home()), FILES)
        if chosen:
            self.read_files([Path(one) for one in chosen])

    def _read_doubts(self) -> None:
        self.hand_out.hide()
        self.returns.hide()
        self._show_matrix(False)
        self.doubts.show_doubts(self.call)

    def _taken(self) -> None:
        self.returns.hide()
        self._show_matrix(False)
        # Closes by itself, and the matrix comes back, when nothing waits.
        self.doubts.show_doubts(self.call)

    def _matrix_again(self) -> None:
        for page in (self.hand_out, self.returns, self.doubts):
            page.hide()
        self._show_matrix(True)
        self.refresh()

    def _show_matrix(self, shown: bool) -> None:
        self._matrix_shown = shown
        self.note.setVisible(shown)
        if self.view is not None:
            self.view.setVisible(shown)

    def _build(self, members: list[MemberRow]) -> None:
        self._members = members
        chosen = self.member.currentData()
        self.member.clear()
        for row in members:
            self.member.addItem(row.name, row.id)
        self.member.setCurrentIndex(max(0, self.member.findData(chosen)) if members else -1)
        self.mark.setEnabled(bool(members))
        if self.view is not None:
            self._place.removeWidget(self.view)
            self.view.hide()
            self.view.deleteLater()
        model: RowsModel[MatrixRow] = RowsModel(_columns(members), identity=lambda row: row.application_id)
        self.view = TableView(model, name="Grilles par dossier et par membre", empty="Aucun dossier à noter.")
        self.view.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.view.opened.connect(self._opened)
        self._place.addWidget(self.view)
        self.view.setVisible(self._matrix_shown)

    def _opened(self, row: MatrixRow) -> None:
        if self.view is None:
            return
        key = self.view.rows.columns[self.view.currentIndex().column()].key
        member = key if key in row.states else self.member.currentData() or ""
        self.marking_asked.emit(member, row.application_id)
