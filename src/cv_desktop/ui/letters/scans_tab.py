"""« Scans à classer »: signed letters that come back on paper, read, and the pages that a person must file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import scans as queries
from cv_desktop.db.queries import signatories as register
from cv_desktop.db.queries.scans import PileRow, QueueRow
from cv_desktop.domain.dates import local
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import scan_filing, scan_prints, scans
from cv_desktop.ui import dialogs, icons, theme
from cv_desktop.ui.card import rule
from cv_desktop.ui.context import Context
from cv_desktop.ui.dropped import Drop
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import ChoiceField, TextField
from cv_desktop.ui.letters.scan_picture import ScanPicture
from cv_desktop.ui.letters.scan_reading import ScanReading
from cv_desktop.ui.progress_panel import ProgressPanel
from cv_desktop.ui.tables.arrangement import Memory
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

PRINTED = "La personne nommée sur le courrier"
KEY, WORD = "scans", "Scans à classer"
KINDS = "Scans (*.pdf *.tif *.tiff *.png *.jpg *.jpeg)"
NOTHING = "Aucune page à classer. Déposez ici les scans des courriers signés, dans n’importe quel ordre."
REASONS = ("Page blanche", "Page sans signature", "Page d’un autre document", "Scan à refaire")


class ScansTab(QWidget):
    """``refresh`` when the base changed; ``told`` says how many pages wait. ``side`` is what stands at the right."""

    told = Signal(int)

    def __init__(self, context: Context, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._unfinished: list[PileRow] = []
        model: RowsModel[QueueRow] = RowsModel(
            [
                Column("reason", "Pourquoi", lambda r: r.reason, width=300, stretch=True),
                Column("letter", "Courrier", _letter, width=128),
                Column("page", "Page", _page, width=60, align="right"),
                Column("file", "Scan", lambda r: r.page.filename, width=110, tone="secondary"),
                Column("place", "Feuille", lambda r: str(r.page.place), sort=lambda r: r.page.place, width=64,
                       align="right", tooltip="Place de la page dans le scan"),
            ],
            identity=lambda r: r.page.id,
        )  # fmt: skip
        self.table = TableView(
            model,
            name=WORD,
            memory=memory,
            empty=NOTHING,
            empty_button="Lire des scans…",
            no_match="Aucune page ne correspond aux filtres.",
        )
        self.side = ScanPicture(context)
        self.work = ProgressPanel("Vous pouvez continuer. Ce qui est déjà classé est gardé.")
        self.reading = ScanReading(context, self.work, self)
        self.choose = QPushButton("Lire des scans…")
        self.stopped, self.resume, self.give_up = QLabel(), QPushButton("Reprendre"), QPushButton("Retirer la pile")
        self.number = TextField("N° du courrier de ces pages", placeholder="CO-2026-0114 ou 114")
        self.signer = ChoiceField("Signé par", [("", PRINTED)])
        self.day = DateField("Signé le", required=True, today=self._today)
        self.day.set_value(self._today())
        self.file, self.dismiss = QPushButton("Classer"), QPushButton("Écarter…")
        self.keep = QPushButton("Garder comme copie papier")
        self.bar, self.form = QFrame(), QFrame()
        self._lay_out()
        self.choose.clicked.connect(self._choose)
        self.table.empty_pressed.connect(self._choose)
        self.resume.clicked.connect(lambda: self.reading.read([pile.id for pile in self._unfinished[:1]]))
        self.give_up.clicked.connect(self._withdraw)
        self.file.clicked.connect(self._file)
        self.dismiss.clicked.connect(self._dismiss)
        self.keep.clicked.connect(self._keep)
        self.number.submits_with(self.file)
        self.signer.committed.connect(lambda _who: self._signer_chosen())
        self.table.current_row_changed.connect(lambda _row: self._chosen())
        self.table.selection_changed.connect(lambda _rows: self._chosen())
        self.table.opened.connect(lambda _row: self.number.editor.setFocus())
        self.reading.advanced.connect(self.refresh)
        self._drop = Drop(self, lambda _event: "", lambda paths, _kind: self.read(paths))

    def read(self, paths: Sequence[Path]) -> None:
        """Reads these scans, away from the window."""
        self.reading.read(paths)

    def refresh(self) -> None:
        """The pages that wait now."""
        rows = self._context.read(queries.queue, day=self._today(), viewer=self._context.viewer)
        self._unfinished = self._context.read(queries.unfinished)
        self.table.set_rows(rows)
        if self.table.current_row() is None and rows:
            self.table.step(0)
        pile = next(iter(self._unfinished), None)
        self.bar.setVisible(pile is not None and not self.reading.busy)
        if pile is not None:
            self.stopped.setText(
                f"{quote(pile.filename)}{NBSP}: {counted(pile.done, 'page lue')} sur {pile.count}. "
                "Ce qui est lu est gardé."
            )
        self._offer_signers()
        self.told.emit(len(rows))
        self._chosen()

    def _offer_signers(self) -> None:
        people = [(one.id, one.name) for one in self._context.read(register.rows) if one.active and one.name]
        self.signer.offer([("", PRINTED), *people])
        self._signer_chosen()

    def _rows(self) -> list[QueueRow]:
        chosen: list[QueueRow] = self.table.selected_rows()
        current = self.table.current_row()
        return chosen or ([current] if current is not None else [])

    def _chosen(self) -> None:
        rows = self._rows()
        self.form.setVisible(bool(self.table.rows.all_rows()))
        self.side.show_row(self.table.current_row())
        self.file.setText(f"Classer {counted(len(rows), 'page')}" if rows else "Classer")
        self.dismiss.setText(f"Écarter {counted(len(rows), 'page')}…" if rows else "Écarter…")
        for button in (self.file, self.dismiss):
            button.setEnabled(bool(rows))
        self.keep.setVisible(bool(rows) and all(row.printed for row in rows))

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, "Scans des courriers signés", str(Path.home()), KINDS)
        self.read([Path(path) for path in chosen])

    def _withdraw(self) -> None:
        pile = self._unfinished[0]
        self._context.do(f"pile {quote(pile.filename)} retirée", scans.withdraw, pile_id=pile.id)

    def _file(self) -> None:
        rows = self._rows()
        number, who = str(self.number.value()), str(self.signer.value() or "")
        if not number and any(row.page.label is None for row in rows):
            self.number.refuse("Écrivez le numéro imprimé sur le courrier, ou ses derniers chiffres.")
            self.number.editor.setFocus()
            return
        if who and self.day.value() is None:
            self.day.refuse("Écrivez le jour de la signature.")
            return
        ids = [row.page.id for row in rows]
        label = counted(len(ids), "page classée") + (f", courrier {number}" if number else "")
        given = {"page_ids": ids, "number": number, "signatory_id": who, "signed_on": self.day.value() if who else None}
        if self._context.do(label, scan_filing.file_by_hand, **given) is not None:
            self.number.set_value("")
            self.table.setFocus()

    def _signer_chosen(self) -> None:
        self.day.setVisible(bool(self.signer.value()))

    def _today(self) -> date:
        return local(self._context.clock()).date()

    def _keep(self) -> None:
        ids = [row.page.id for row in self._rows()]
        told = f"{counted(len(ids), 'page gardée')} comme copie papier"
        if self._context.do(told, scan_prints.keep, page_ids=ids) is not None:
            self.table.setFocus()

    def _dismiss(self) -> None:
        rows = self._rows()
        told = counted(len(rows), "page")
        sentences = ["Une page écartée ne revient pas dans cette liste. Le scan reste gardé dans la base."]
        reason = dialogs.ask_reason(self, f"Écarter {told} ?", sentences, f"Écarter {told}", reasons=REASONS)
        if reason is not None:
            ids = [row.page.id for row in rows]
            self._context.do(f"{counted(len(ids), 'page écartée')}", scan_filing.dismiss, page_ids=ids, reason=reason)

    def _lay_out(self) -> None:
        theme.set_kind(self.choose, "primary")
        icons.dress(self.choose, "scan-line", "on_accent", 16)
        for button in (self.resume, self.give_up):
            theme.set_kind(button, "secondary", small=True)
        theme.set_kind(self.file, "primary")
        for button in (self.keep, self.dismiss):
            theme.set_kind(button, "secondary")
        theme.set_type(self.stopped, "body", "secondary")
        self.stopped.setWordWrap(True)
        for field, width in ((self.number, 180), (self.signer, 270), (self.day, 140)):
            field.setFixedWidth(theme.px(width))
        top = QFrame()
        top.setProperty("surface", "chrome")
        line = QHBoxLayout(top)
        line.setContentsMargins(18, 7, 18, 7)
        about = QLabel("PDF ou images, dans n’importe quel ordre. Vous pouvez aussi les déposer ici.")
        theme.set_type(about, "secondary", "secondary")
        about.setWordWrap(True)
        line.addWidget(about, 1)
        line.addWidget(self.choose)
        for frame in (self.bar, self.form):
            frame.setProperty("surface", "chrome")
        stopped = QHBoxLayout(self.bar)
        stopped.setContentsMargins(18, 6, 18, 6)
        stopped.addWidget(self.stopped, 1)
        stopped.addWidget(self.give_up)
        stopped.addWidget(self.resume)
        form = QVBoxLayout(self.form)
        form.setContentsMargins(18, 8, 18, 10)
        form.setSpacing(8)
        fields, verbs = QHBoxLayout(), QHBoxLayout()
        for row in (fields, verbs):
            row.setSpacing(8)
            form.addLayout(row)
        for field in (self.number, self.signer, self.day):
            fields.addWidget(field)
        fields.addStretch(1)
        for button in (self.file, self.keep, self.dismiss):
            verbs.addWidget(button)
        verbs.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (top, rule(), self.bar):
            layout.addWidget(widget)
        layout.addWidget(self.table, 1)
        layout.addWidget(rule())
        layout.addWidget(self.work)
        layout.addWidget(self.form)


def _letter(row: QueueRow) -> str:
    return row.page.label.letter if row.page.label else "Inconnu"


def _page(row: QueueRow) -> str:
    return f"{row.page.label.page}/{row.page.label.pages}" if row.page.label else ""
