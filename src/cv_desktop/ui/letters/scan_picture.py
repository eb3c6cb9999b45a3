"""A scanned page as it looks, drawn away from the window out of the pile that was kept."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.db.queries import attachments
from cv_desktop.db.queries.scans import QueueRow
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP
from cv_desktop.ui import theme
from cv_desktop.ui.card import rule
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job
from cv_desktop.ui.look import px

NO_PAGE = "Choisissez une page pour la voir."


class ScanPicture(QWidget):
    """``show_row``: the page, and above it what is known of it and why it waits."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self._row: QueueRow | None = None
        self._whole = QPixmap()
        self.about, self.why, self.picture = QLabel(), QLabel(), QLabel(NO_PAGE)
        theme.set_type(self.about, "section", weight=600)
        theme.set_type(self.why, "body", "secondary")
        theme.set_type(self.picture, "secondary", "secondary")
        for label in (self.about, self.why):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.area = QScrollArea()
        self.area.setWidget(self.picture)
        self.area.setWidgetResizable(True)
        self.area.setAccessibleName("Image de la page")
        head = QFrame()
        head.setProperty("surface", "chrome")
        words = QVBoxLayout(head)
        words.setContentsMargins(18, 12, 18, 10)
        words.setSpacing(2)
        words.addWidget(self.about)
        words.addWidget(self.why)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(rule())
        layout.addWidget(self.area, 1)

    def show_row(self, row: QueueRow | None) -> None:
        """Another page, or none."""
        if row is not None and self._row is not None and row.page == self._row.page:
            self._row = row
            self.why.setText(row.reason)
            return
        self._row = row
        if self._job is not None:
            self._job.cancel()
        self._whole = QPixmap()
        self.picture.setPixmap(self._whole)
        if row is None:
            self.about.setText("")
            self.why.setText("")
            self.picture.setText(NO_PAGE)
            return
        page = row.page
        self.about.setText(f"{page.filename}, page {page.place}")
        self.why.setText(row.reason)
        self.picture.setText("Lecture…")
        path = self._context.read(attachments.content, sha256=page.sha256)

        def work(_token: object) -> bytes:
            # pdfium and zxing load with the first page shown.
            from cv_desktop.documents.letter_scan import picture

            return picture(path, page.place, turn=page.turn)

        self._job = self._context.jobs.run(
            "Image de la page", work, on_done=partial(self._drawn, page.id), on_failed=self._unshown, quiet=True
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _drawn(self, of: str, png: bytes) -> None:
        if self._row is None or self._row.page.id != of:
            return
        self._whole.loadFromData(png)
        self.picture.setText("")
        self.picture.setAccessibleName(f"Image de la page {self._row.page.place} de {self._row.page.filename}")
        self._fit()

    def _unshown(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self.picture.setText(f"Cette page ne peut pas être montrée{NBSP}: la pile gardée manque ou a changé.")

    def _fit(self) -> None:
        if self._whole.isNull():
            return
        ratio = self.devicePixelRatioF()
        width = int(min(self._whole.width(), max(px(240), self.area.viewport().width() - px(16)) * ratio))
        shown = self._whole.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        shown.setDevicePixelRatio(ratio)
        self.picture.setPixmap(shown)
