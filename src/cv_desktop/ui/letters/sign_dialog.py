"""« Apposer la signature… »: who signs, by which delegation, in which way, which letters are refused and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.db.queries.signatories import SignatoryRow
from cv_desktop.domain.delegations import Ruling, spoken
from cv_desktop.domain.text import NBSP
from cv_desktop.ui import icons, theme
from cv_desktop.ui.dialogs import Question
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.letters.entries import letters as counted
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.arrangement import Memory

IMAGE, CERTIFICATE, TOKEN, HAND = "image", "pades", "token", "hand"
CHOICES = (
    (IMAGE, "Image de la signature"),
    (CERTIFICATE, "Signature électronique, certificat en fichier (.p12)"),
    (TOKEN, "Signature électronique, carte ou clé USB"),
    (HAND, "Déjà signés à la main, sur papier"),
)
NOT_ELECTRONIC = "Une image de signature n’est pas une signature électronique."
NO_IMAGE = "Aucune image. Choisissez-la dans Réglages › Signataires et délégations."


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person decided. ``path`` is the certificate or the module of the card; the secret is used once.

    ``card`` is the name of the card among several.
    """

    signatory: SignatoryRow
    way: str
    path: Path
    secret: str
    signed_on: date | None
    card: str = ""


class SignDialog(Question):
    """``judge(signatory, day)`` gives what the register lets sign; ``image_of`` the picture of somebody."""

    def __init__(
        self,
        parent: QWidget | None,
        people: Sequence[SignatoryRow],
        judge: Callable[[str, date | None], Ruling],
        image_of: Callable[[SignatoryRow], bytes | None],
        today: Callable[[], date],
        memory: Memory,
    ) -> None:
        super().__init__(parent, "Apposer la signature", (), "Signer", "Ne pas signer")
        self._judge, self._image_of, self._memory = judge, image_of, memory
        self.ruling = Ruling()
        self.who, self.way = QComboBox(), QComboBox()
        for person in people:
            self.who.addItem(person.name, person)
        for key, words in CHOICES:
            self.way.addItem(words, key)
        self.power, self.refused = QLabel(), QLabel()
        self.image = QLabel(NO_IMAGE)
        self.p12, self.passphrase = QLineEdit(memory.get("p12", "")), QLineEdit()
        self.module, self.pin = QLineEdit(memory.get("module", "")), QLineEdit()
        self.card = QLineEdit(memory.get("card", ""))
        self.day = DateField("Signés le", required=True, today=today)
        self.ways = QStackedWidget()
        self._lay_out()
        self.who.currentIndexChanged.connect(self._changed)
        self.way.currentIndexChanged.connect(self._changed)
        for line in (self.p12, self.passphrase, self.module, self.pin):
            line.textChanged.connect(self._allow)
        self.day.committed.connect(lambda _day: self._changed())
        kept = next((at for at, (key, _w) in enumerate(CHOICES) if key == memory.get("way")), 0)
        self.day.set_value(today())
        self.way.setCurrentIndex(kept)
        self._changed()
        self.who.setFocus()

    def asked(self) -> Asked:
        """Once accepted. The way and the places are remembered for the next batch, the secrets are not."""
        way = self._way
        lines = {CERTIFICATE: (self.p12, self.passphrase), TOKEN: (self.module, self.pin)}
        path, secret = lines.get(way, (None, None))
        self._memory["way"] = way
        self._memory["p12"], self._memory["module"] = self.p12.text(), self.module.text()
        self._memory["card"] = self.card.text().strip()
        return Asked(
            self._person,
            way,
            Path(path.text()).expanduser() if path else Path(),
            secret.text() if secret else "",
            self.day.value() if way == HAND else None,
            self.card.text().strip() if way == TOKEN else "",
        )

    @property
    def _way(self) -> str:
        return str(self.way.currentData())

    @property
    def _person(self) -> SignatoryRow:
        person: SignatoryRow = self.who.currentData()
        return person

    def _changed(self) -> None:
        person, way = self._person, self._way
        self.ways.setCurrentIndex(next(at for at, (key, _words) in enumerate(CHOICES) if key == way))
        self.ruling = self._judge(person.id, self.day.value() if way == HAND else None)
        said = [f"Par délégation{NBSP}: {spoken(one)}" for one in self.ruling.delegations]
        self.power.setText("\n".join(said) or ("Signe de droit, sans délégation." if person.own_power else ""))
        self.power.setVisible(bool(self.power.text()))
        self.refused.setText("\n".join(one.sentence for one in self.ruling.refused))
        self.refused.setVisible(bool(self.ruling.refused))
        picture = self._image_of(person) if way == IMAGE else None
        pixmap = QPixmap()
        if picture and pixmap.loadFromData(picture):
            self.image.setPixmap(
                pixmap.scaled(
                    self.image.size() * 0.94, Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )  # fmt: skip
        else:
            self.image.setPixmap(QPixmap())
            self.image.setText(NO_IMAGE)
        self._allow()

    def _allow(self) -> None:
        count = len(self.ruling.granted)
        filled = {
            IMAGE: bool(self._person.image_sha256),
            CERTIFICATE: bool(self.p12.text().strip() and self.passphrase.text()),
            TOKEN: bool(self.module.text().strip() and self.pin.text()),
            HAND: self.day.value() is not None,
        }
        verb = "Enregistrer" if self._way == HAND else "Signer"
        self.verb_button.setText(f"{verb} {counted(count)}" if count else "Aucun courrier à signer")
        self.verb_button.setEnabled(bool(count) and filled[self._way])
        # Whoever types a secret then Entrée means to sign: it must not give the whole question up.
        secret = self._way in (CERTIFICATE, TOKEN)
        self.verb_button.setDefault(secret and self.verb_button.isEnabled())
        self.safe_button.setDefault(not secret)

    def _lay_out(self) -> None:
        self.setMinimumWidth(px(600))
        self.body.setSpacing(8)
        for words, widget in (("&Signataire", self.who), ("&Manière", self.way)):
            self._buddied(words, widget, self.body)
            if widget is self.who:
                self.body.addWidget(self.power)
        for label, role in ((self.power, "secondary"), (self.refused, "danger")):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            theme.set_type(label, "secondary", role)
        self.image.setFixedSize(px(300), px(76))
        self.image.setWordWrap(True)
        self.image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.image.setAccessibleName("Image de la signature")
        self.image.setStyleSheet("background: #ffffff; color: #5d6a72; border: 1px solid #7e898e;")
        for secret, words in ((self.passphrase, "Mot de passe du certificat"), (self.pin, "Code de la carte")):
            secret.setEchoMode(QLineEdit.EchoMode.Password)
            secret.setAccessibleName(words)
        for page in (
            self._page(NOT_ELECTRONIC, self.image),
            self._page(
                "Le mot de passe sert une fois et n’est gardé nulle part.",
                self._path("&Certificat", self.p12, "Certificats (*.p12 *.pfx)"),
                self._labelled("Mot de &passe", self.passphrase),
            ),
            self._page(
                "Branchez la carte ou la clé. Le module est le fichier de son fournisseur (.dll ou .so). Le code sert "
                "une fois et n’est gardé nulle part.",
                self._path("Mo&dule PKCS#11", self.module, "Modules (*.dll *.so *.dylib)"),
                self._labelled("&Nom de la carte, s’il y en a plusieurs", self.card),
                self._labelled("C&ode de la carte", self.pin),
            ),
            self._page("Rien n’est écrit sur les PDF\u00a0: la signature est sur le papier.", self.day),
        ):
            self.ways.addWidget(page)
        self.body.addWidget(self.ways)
        self.body.addWidget(self.refused)

    def _page(self, sentence: str, *widgets: QWidget) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(6)
        words = QLabel(sentence)
        words.setWordWrap(True)
        theme.set_type(words, "secondary", "secondary")
        for widget in widgets:
            layout.addWidget(widget)
        layout.addWidget(words)
        layout.addStretch(1)
        return page

    def _buddied(self, words: str, widget: QWidget, layout: QVBoxLayout) -> None:
        label = QLabel(words)
        label.setBuddy(widget)
        theme.set_type(label, "secondary", "secondary", 500)
        layout.addWidget(label)
        layout.addWidget(widget)

    def _labelled(self, words: str, widget: QWidget) -> QWidget:
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self._buddied(words, widget, layout)
        return whole

    def _path(self, words: str, line: QLineEdit, kinds: str) -> QWidget:
        choose = QPushButton("Choisir…")
        choose.setAutoDefault(False)
        theme.set_kind(choose, "secondary", small=True)
        icons.dress(choose, "folder-open", "text", 14)
        beside = QWidget()
        row = QHBoxLayout(beside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(line, 1)
        row.addWidget(choose)
        whole = self._labelled(words, beside)
        label = whole.findChild(QLabel)
        if label is not None:
            label.setBuddy(line)

        def browse() -> None:
            chosen, _ = QFileDialog.getOpenFileName(
                self, words.replace("&", ""), line.text() or str(Path.home()), kinds
            )
            if chosen:
                line.setText(chosen)

        choose.clicked.connect(browse)
        return whole
