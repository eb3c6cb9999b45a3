"""The documents themselves: joined, seen, opened by the system's viewer, never executed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QImage, QImageReader, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QScrollArea, QWidget

from cv_desktop.db.queries import attachments as queries
from cv_desktop.db.queries.attachments import AttachmentRow
from cv_desktop.domain import media
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import group
from cv_desktop.domain.text import NBSP
from cv_desktop.services import attachments
from cv_desktop.ui import theme
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job
from cv_desktop.ui.look import px
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NOTHING = "Aucune pièce jointe. Déposez un fichier sur une ligne, ou joignez-le."
ALL_FILES = "Pièces (*.pdf *.png *.jpg *.jpeg *.docx *.xlsx *.odt *.ods);;Tous les fichiers (*)"
Picture = tuple[int, int, bytes, int]  # width, height, RGBA, pages


class Attachments(Card):
    """``target()`` names the expected document that « Joindre » answers, empty for none."""

    def __init__(self, context: Context, target: Callable[[], tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__("Pièces jointes", flush=True, parent=parent)
        self._context, self._target = context, target
        self._dossier: Dossier | None = None
        self._job: Job | None = None
        self._page = 0
        model: RowsModel[AttachmentRow] = RowsModel(
            [
                Column("filename", "Fichier", lambda r: r.filename, width=180, stretch=True, weight=500),
                Column("type", "Type", lambda r: media.of_type(r.media_type).words, width=96, filterable=False),
                Column("size", "Taille", _size, sort=lambda r: r.size, width=76, align="right", filterable=False),
                Column("fault", "Contenu", lambda r: _badge(r).word, width=96, badge=_badge, filterable=False),
            ]
        )
        self.table = TableView(model, name="Pièces jointes", density="compact", empty=NOTHING)
        self.table.setMinimumHeight(px(120))
        self.table.current_row_changed.connect(lambda _row: self._preview(0))
        self.table.opened.connect(self.open_row)
        self.join, self.open, self.save, self.remove = (
            QPushButton(words) for words in ("&Joindre…", "&Ouvrir", "&Enregistrer une copie…", "Re&tirer")
        )
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 6, 12, 6)
        buttons.setSpacing(6)
        for button, run in (
            (self.join, self.choose),
            (self.open, lambda: self._on_current(self.open_row)),
            (self.save, lambda: self._on_current(self._save)),
            (self.remove, lambda: self._on_current(self._remove)),
        ):
            theme.set_kind(button, "secondary", small=True)
            button.clicked.connect(lambda _on=False, act=run: act())
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.picture.setWordWrap(True)
        theme.set_type(self.picture, "secondary", "secondary")
        self.pane = QScrollArea()
        self.pane.setWidget(self.picture)
        self.pane.setWidgetResizable(True)
        self.pane.setMinimumHeight(px(160))
        self.pane.setAccessibleName("Aperçu de la pièce")
        self.back, self.forward, self.pages = QPushButton("Page précédente"), QPushButton("Page suivante"), QLabel()
        theme.set_type(self.pages, "secondary", "secondary")
        turn = QHBoxLayout()
        turn.setContentsMargins(12, 4, 12, 6)
        for button, step in ((self.back, -1), (self.forward, 1)):
            theme.set_kind(button, "link", small=True)
            button.clicked.connect(lambda _on=False, by=step: self._preview(self._page + by))
        for widget in (self.back, self.pages, self.forward):
            turn.addWidget(widget)
        turn.addStretch(1)
        self.body.setSpacing(0)
        self.add(self.table, 1)
        self.body.addLayout(buttons)
        self.add(self.pane, 2)
        self.body.addLayout(turn)
        Drop(self, lambda _at: "", self.add_files)

    def show_dossier(self, dossier: Dossier) -> None:
        other = self._dossier is None or self._dossier.id != dossier.id
        self._dossier = dossier
        rows = self._context.read(queries.rows, application_id=dossier.id)
        self.table.set_rows(rows)
        for row in rows:
            if other and (row.missing or row.altered):
                self._context.messages.show_message(
                    Message("danger", queries.sentence(f"«{NBSP}{row.filename}{NBSP}»", row.altered))
                )
        if rows and self.table.current_row() is None:
            self.table.step(0)
        self._preview(0 if other else self._page)

    def choose(self) -> None:
        """« Joindre… »: files chosen for the expected document selected."""
        _kind, words = self._target()
        title = f"Joindre{NBSP}: {words}" if words else "Joindre une pièce"
        chosen, _filter = QFileDialog.getOpenFileNames(self, title, "", ALL_FILES)
        self.add_files([Path(x) for x in chosen], self._target()[0])

    def add_files(self, paths: Sequence[Path], kind: str) -> None:
        """Each file is joined by itself; one that is refused does not keep the others out."""
        dossier = self._dossier
        if dossier is None:
            return
        for path in paths:
            self._context.do(
                f"pièce jointe {path.name} ({dossier.record.row.number})",
                attachments.add,
                application_id=dossier.id,
                kind=kind,
                path=path,
            )

    def open_row(self, row: AttachmentRow) -> None:
        """A copy, in the viewer of the system."""
        try:
            copy = self._context.read(attachments.openable, attachment_id=row.id)
        except UserError as refusal:
            self._context.refuse(refusal)
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy)))
        self._context.told.emit(f"Pièce ouverte{NBSP}: {row.filename}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if abs(event.size().width() - event.oldSize().width()) > px(24) and self._dossier is not None:
            self._preview(self._page)

    def _on_current(self, act: Callable[[AttachmentRow], None]) -> None:
        row = self.table.current_row()
        if row is not None:
            act(row)

    def _save(self, row: AttachmentRow) -> None:
        target, _filter = QFileDialog.getSaveFileName(self, "Enregistrer une copie", row.filename)
        if target:
            try:
                self._context.read(attachments.save_copy, attachment_id=row.id, target=Path(target))
            except UserError as refusal:
                self._context.refuse(refusal)

    def _remove(self, row: AttachmentRow) -> None:
        self._context.do(f"pièce {row.filename} retirée", attachments.remove, attachment_id=row.id)

    def _preview(self, page: int) -> None:
        """The page asked, drawn away from the window; a kind that is not shown says so."""
        if self._job:
            self._job.cancel()
        row = self.table.current_row()
        for button in (self.open, self.save, self.remove):
            button.setEnabled(row is not None)
        self.back.hide()
        self.forward.hide()
        self.pages.clear()
        self.picture.setPixmap(QPixmap())
        if row is None:
            self.picture.setText("")
            return
        known = media.of_type(row.media_type)
        if row.missing or row.altered:
            self.picture.setText(queries.sentence("Aperçu impossible", row.altered))
            return
        if not known.preview:
            self.picture.setText(f"{known.words}{NBSP}: pas d’aperçu ici. Ouvrez la pièce pour la lire.")
            return
        self.picture.setText("Lecture…")
        path = self._context.read(queries.content, sha256=row.sha256)
        width = max(200, int((self.pane.viewport().width() - 16) * self.devicePixelRatioF()))
        self._page = max(0, page)
        draw = _pdf if known is media.PDF else _image
        self._job = self._context.jobs.run(
            "Aperçu",
            lambda _token: draw(path, max(0, page), width),
            on_done=partial(self._drawn, row.id),
            quiet=True,
        )

    def _drawn(self, of: str, made: Picture | None) -> None:
        row = self.table.current_row()
        if row is None or row.id != of:
            return
        if made is None:
            self.picture.setText("Cette pièce ne peut pas être montrée ici. Ouvrez-la pour la lire.")
            return
        width, height, data, pages = made
        image = QImage(data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self.picture.setPixmap(pixmap)
        self.picture.setAccessibleName(f"Aperçu de {row.filename}, page {self._page + 1} sur {pages}")
        self.back.setVisible(self._page > 0)
        self.forward.setVisible(self._page + 1 < pages)
        self.pages.setText(f"Page {self._page + 1} sur {pages}" if pages > 1 else "")


class Drop(QObject):
    """Files dropped on a widget: ``kind_at(event)`` says which expected document they answer."""

    def __init__(
        self, widget: QWidget, kind_at: Callable[[QDropEvent], str], take: Callable[[Sequence[Path], str], None]
    ) -> None:
        super().__init__(widget)
        self._kind_at, self._take = kind_at, take
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent) and _files(event):
            event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent) and (paths := _files(event)):
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self._take(paths, self._kind_at(event))
            return True
        return super().eventFilter(watched, event)


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _pdf(path: Path, page: int, width: int) -> Picture | None:
    from pypdfium2 import PdfiumError

    from cv_desktop.documents import pages

    try:
        content = path.read_bytes()
        count = pages.page_count(content)
        # A page of A4 is 595 points wide.
        wide, high, data = pages.picture(content, min(page, count - 1), width / 595)
    except (OSError, PdfiumError, IndexError):
        return None
    return wide, high, data, count


def _image(path: Path, _page: int, width: int) -> Picture | None:
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and size.width() > width:
        reader.setScaledSize(QSize(width, max(1, size.height() * width // size.width())))
    image = reader.read().convertToFormat(QImage.Format.Format_RGBA8888)
    if image.isNull():
        return None
    return image.width(), image.height(), bytes(image.constBits())[: image.sizeInBytes()], 1


def _size(row: AttachmentRow) -> str:
    if row.size >= 1_000_000:
        return f"{row.size / 1_000_000:.1f}".replace(".", ",") + f"{NBSP}Mo"
    return f"{group(max(1, row.size // 1000))}{NBSP}ko"


def _badge(row: AttachmentRow) -> Badge:
    if row.missing:
        return Badge("Absente", "danger", "x")
    return Badge("Modifiée", "danger", "triangle-alert") if row.altered else Badge("Intacte", "success", "check")
