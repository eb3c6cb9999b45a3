"""A received document as it looks, page by page: drawn away from the window, on the content itself."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.db.queries import attachments as queries
from cv_desktop.domain import media
from cv_desktop.domain.text import NBSP
from cv_desktop.ui import theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job
from cv_desktop.ui.look import px

Picture = tuple[int, int, bytes, int]  # width, height, RGBA, pages
UNSHOWN = "Cette pièce ne peut pas être montrée ici. Ouvrez-la pour la lire."


class Document(Protocol):
    """A row that names a content."""

    @property
    def id(self) -> str: ...
    @property
    def filename(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def missing(self) -> bool: ...
    @property
    def altered(self) -> bool: ...


class DocumentPreview(QWidget):
    """``show_content`` draws the first page of another document, the page in view of the same one."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self._document: Document | None = None
        self._page = 0
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.picture.setWordWrap(True)
        theme.set_type(self.picture, "secondary", "secondary")
        self.area = QScrollArea()
        self.area.setWidget(self.picture)
        self.area.setWidgetResizable(True)
        self.area.setMinimumHeight(px(160))
        self.area.setAccessibleName("Aperçu de la pièce")
        self.back, self.forward, self.pages = QPushButton("Page précédente"), QPushButton("Page suivante"), QLabel()
        theme.set_type(self.pages, "secondary", "secondary")
        turn = QHBoxLayout()
        turn.setContentsMargins(12, 4, 12, 6)
        for button, step in ((self.back, -1), (self.forward, 1)):
            theme.set_kind(button, "link", small=True)
            button.clicked.connect(lambda _on=False, by=step: self._show(self._page + by))
        for widget in (self.back, self.pages, self.forward):
            turn.addWidget(widget)
        turn.addStretch(1)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.area, 1)
        inside.addLayout(turn)
        self._show(0)

    def show_content(self, document: Document | None) -> None:
        same = document is not None and self._document is not None and document.id == self._document.id
        self._document = document
        self._show(self._page if same else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if abs(event.size().width() - event.oldSize().width()) > px(24):
            self._show(self._page)

    def _show(self, page: int) -> None:
        """The page asked; a kind that is not shown says so."""
        if self._job:
            self._job.cancel()
        document = self._document
        self.back.hide()
        self.forward.hide()
        self.pages.clear()
        self.picture.setPixmap(QPixmap())
        if document is None:
            self.picture.setText("")
            return
        known = media.of_type(document.media_type)
        if document.missing or document.altered:
            self.picture.setText(queries.sentence("Aperçu impossible", document.altered))
            return
        if not known.preview:
            self.picture.setText(f"{known.words}{NBSP}: pas d’aperçu ici. Ouvrez la pièce pour la lire.")
            return
        self.picture.setText("Lecture…")
        path = self._context.read(queries.content, sha256=document.sha256)
        width = max(200, int((self.area.viewport().width() - 16) * self.devicePixelRatioF()))
        self._page = max(0, page)
        draw = _pdf if known is media.PDF else _image
        self._job = self._context.jobs.run(
            "Aperçu",
            lambda _token: draw(path, max(0, page), width),
            on_done=partial(self._drawn, document.sha256),
            quiet=True,
        )

    def _drawn(self, of: str, made: Picture | str) -> None:
        document = self._document
        if document is None or document.sha256 != of:
            return
        if isinstance(made, str):
            self.picture.setText(made)
            return
        width, height, data, pages = made
        image = QImage(data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self.picture.setPixmap(pixmap)
        self.picture.setAccessibleName(f"Aperçu de {document.filename}, page {self._page + 1} sur {pages}")
        self.back.setVisible(self._page > 0)
        self.forward.setVisible(self._page + 1 < pages)
        self.pages.setText(f"Page {self._page + 1} sur {pages}" if pages > 1 else "")


def _pdf(path: Path, page: int, width: int) -> Picture | str:
    """The page, or the sentence that says why it is not shown."""
    from pypdfium2 import PdfiumError
    from pypdfium2.raw import FPDF_ERR_PASSWORD

    from cv_desktop.documents import pages

    try:
        content = path.read_bytes()
        count = pages.page_count(content)
        # A page of A4 is 595 points wide.
        wide, high, data = pages.picture(content, min(page, count - 1), width / 595)
    except PdfiumError as refusal:
        if refusal.err_code == FPDF_ERR_PASSWORD:
            return (
                "Ce fichier est protégé par un mot de passe. Demandez-le sans protection, ou ouvrez-le pour le saisir."
            )
        return UNSHOWN
    except (OSError, IndexError):
        return UNSHOWN
    return wide, high, data, count


def _image(path: Path, _page: int, width: int) -> Picture | str:
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and size.width() > width:
        reader.setScaledSize(QSize(width, max(1, size.height() * width // size.width())))
    image = reader.read().convertToFormat(QImage.Format.Format_RGBA8888)
    if image.isNull():
        return UNSHOWN
    return image.width(), image.height(), bytes(image.constBits())[: image.sizeInBytes()], 1
