"""« Page des courriers »: the envelopes of the service, how letters are sent and printed, and a page to try them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.db.queries import attachments, institution
from cv_desktop.domain.text import NBSP
from cv_desktop.services import letterheads, settings
from cv_desktop.ui import icons, look, theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.message_bar import Message

NAME, SENTENCE = "Page des courriers", "Vaut pour les courriers qui ne sont pas encore émis."
NO_LOGO = "Aucun logo, une marque neutre"
PICTURES = "Images (*.png *.jpg *.jpeg)"
PAGE_NAME = "page-de-reglage.pdf"
WINDOWS = (
    ("45", f"100{NBSP}×{NBSP}45{NBSP}mm"),
    ("35", f"100{NBSP}×{NBSP}35{NBSP}mm («{NBSP}Fenêtre 35{NBSP}mm{NBSP}»)"),
)
SENDINGS = ("lettre simple", "lettre recommandée avec demande d’avis de réception", "remise en main propre")


class LettersPage(QWidget):
    """Written at once, as every setting of the institution; ``refresh`` shows what is kept."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.windows: dict[str, QRadioButton] = {}
        self.logo = QLabel(NO_LOGO)
        self.choose, self.clear = QPushButton("Choisir un logo…"), QPushButton("Retirer le logo")
        self.page = QPushButton("Imprimer une page de réglage…")
        self.sending, self.sent = QComboBox(), QLineEdit()
        self.code = QCheckBox("Imprimer sur chaque page le code qui classe son scan")
        self.double_sided = QCheckBox(f"Fichier d’impression recto verso{NBSP}: chaque courrier commence sur un recto")
        self._lay_out()
        self.choose.clicked.connect(self._choose)
        self.clear.clicked.connect(lambda: context.do("logo retiré", letterheads.clear))
        self.page.clicked.connect(self._print)
        self.sent.editingFinished.connect(self._send)
        self.sending.activated.connect(lambda _at: self._send())
        self.code.clicked.connect(lambda on: self._write("letter_no_code", "" if on else "oui"))
        self.double_sided.clicked.connect(lambda on: self._write("letter_double_sided", "oui" if on else ""))

    def refresh(self) -> None:
        """Shows what is kept; a text being typed is left alone."""
        values = self._context.read(institution.values)
        self._show_logo(str(values.get(letterheads.KEY) or ""))
        self.windows["35" if values.get("letter_window") == "35" else "45"].setChecked(True)
        if not self.sent.hasFocus():
            self.sending.setEditText(str(values.get("sending") or ""))
        self.code.setChecked(not values.get("letter_no_code"))
        self.double_sided.setChecked(bool(values.get("letter_double_sided")))

    def _write(self, key: str, value: str) -> None:
        label = f"{settings.LABELS[key].lower()}, {value or 'non'}"
        if self._context.do(label, settings.set_value, key=key, value=value) is None:
            self.refresh()

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Logo des courriers", str(Path.home()), PICTURES)
        if chosen:
            self._context.do("logo des courriers", letterheads.choose, path=Path(chosen))

    def _show_logo(self, sha256: str) -> None:
        self.clear.setEnabled(bool(sha256))
        path = self._context.read(attachments.content, sha256=sha256) if sha256 else None
        picture = QPixmap(str(path)) if path else QPixmap()
        if picture.isNull():
            self.logo.setText("Image absente ou illisible\u00a0: choisissez-la de nouveau." if sha256 else NO_LOGO)
            return
        ratio = self.devicePixelRatioF()
        whole = picture.scaled(
            self.logo.size() * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        whole.setDevicePixelRatio(ratio)
        self.logo.setPixmap(whole)

    def _send(self) -> None:
        words = self.sending.currentText().strip()
        kept = str(self._context.read(institution.values).get("sending") or "")
        if words != kept:
            self._write("sending", words)

    def _print(self) -> None:
        # The makers of PDF load with the first page.
        from cv_desktop.documents import envelope_page
        from cv_desktop.services.letters import write_file

        start = str(Path.home() / PAGE_NAME)
        chosen, _ = QFileDialog.getSaveFileName(self, "Page de réglage", start, "PDF (*.pdf)")
        if not chosen:
            return
        path = Path(chosen).with_suffix(".pdf")
        write_file(path, envelope_page.render(next(int(key) for key, one in self.windows.items() if one.isChecked())))
        told = f"Page de réglage écrite{NBSP}: {path.name}."
        opening = ("Ouvrir", partial(_open, path))
        say = f"Imprimez-la à 100{NBSP}%, pliez-la et essayez-la dans une enveloppe."
        self._context.messages.show_message(Message("success", told, say, (opening,)))

    def _lay_out(self) -> None:
        self.setMaximumWidth(look.px(720))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(_title("Logo en tête des courriers"))
        # As wide and as high as on the page, 70 mm by 15.
        self.logo.setFixedSize(look.px(280), look.px(60))
        self.logo.setAccessibleName("Logo en tête des courriers")
        self.logo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.logo.setStyleSheet("background: #ffffff; color: #5d6a72; border: 1px solid #7e898e;")
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.logo)
        for verb, icon in ((self.choose, "image"), (self.clear, "x")):
            theme.set_kind(verb, "secondary")
            icons.dress(verb, icon, "text", 16)
            first.addWidget(verb)
        first.addStretch(1)
        layout.addLayout(first)
        layout.addSpacing(16)
        layout.addWidget(_title("Fenêtre des enveloppes"))
        group = QButtonGroup(self)
        line = QHBoxLayout()
        line.setSpacing(24)
        for key, words in WINDOWS:
            button = QRadioButton(words)
            button.setAccessibleName(f"Fenêtre des enveloppes{NBSP}: {words}")
            button.clicked.connect(lambda _on=False, value=key: self._write("letter_window", value))
            group.addButton(button)
            self.windows[key] = button
            line.addWidget(button)
        line.addStretch(1)
        layout.addLayout(line)
        theme.set_kind(self.page, "secondary")
        icons.dress(self.page, "printer", "text", 16)
        foot = QHBoxLayout()
        foot.addWidget(self.page)
        foot.addStretch(1)
        layout.addLayout(foot)
        layout.addSpacing(16)
        label = _title("Envoi, tel que la page le dit")
        self.sending.setEditable(True)
        self.sending.setLineEdit(self.sent)
        self.sending.addItems(SENDINGS)
        self.sending.setAccessibleName("Envoi, tel que la page le dit")
        label.setBuddy(self.sending)
        layout.addWidget(label)
        layout.addWidget(self.sending)
        layout.addSpacing(16)
        layout.addWidget(_title("Impression"))
        layout.addWidget(self.code)
        layout.addWidget(self.double_sided)
        layout.addStretch(1)


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _title(words: str) -> QLabel:
    label = QLabel(words)
    theme.set_type(label, "body", weight=600)
    return label
