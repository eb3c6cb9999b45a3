"""Under the decision of a file: whether the law asks for a convention, where it stands, its signatures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.db.queries.convention_standings import ConventionRow
from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.services import convention_texts, conventions
from cv_desktop.ui import theme
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import Field, TextField
from cv_desktop.ui.jobs import Token
from cv_desktop.ui.message_bar import Message

NBSP = "\u00a0"


class ConventionLine(QFrame):
    """Hidden when the file needs no convention and has none. A form opens below when a button asks it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._dossier: Dossier | None = None
        self.lead, self.detail, self.chip = QLabel(), QLabel(), Chip("", "warning", title="Convention")
        theme.set_type(self.lead, "body", weight=600)
        theme.set_type(self.detail, "secondary", "secondary")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        for label in (self.lead, self.detail):
            label.setWordWrap(True)
        self.signatures, self.publication = QPushButton("Signatures…"), QPushButton("Publication…")
        self.cause = TextField("Cause de l’avenant", required=True)
        self.ends_on = DateField("L’action va jusqu’au", today=self._today)
        self.subject = TextField("Objet modifié", hint="à l’article 1er et à l’annexe 1, …")
        self.partners = TextField("Partenaires désormais")
        self.prepare, self.amend = QPushButton("Préparer la convention"), QPushButton("Avenant…")
        self.edit = QPushButton("Texte modifiable…")
        for button in (self.prepare, self.amend, self.edit, self.signatures, self.publication):
            theme.set_kind(button, "secondary", small=True)
        self.signatures.clicked.connect(self._ask_signatures)
        self.publication.clicked.connect(self._ask_publication)
        self.prepare.clicked.connect(self._prepare)
        self.amend.clicked.connect(lambda: self._open(2, self.cause))
        self.edit.clicked.connect(self._ask_docx)
        self.authority = DateField("Collectivité, signée le", today=self._today)
        self.structure = DateField("Structure, signée le", today=self._today)
        self.signatory = TextField("Signataire de la structure")
        self.reference = TextField("Référence", hint="si elle a été signée ailleurs")
        self.published = DateField("Données publiées le", today=self._today)
        self.forms = QStackedWidget()
        fields = (self.authority, self.structure, self.signatory, self.reference)
        self.forms.addWidget(self._form(fields, "Enregistrer les signatures", self._sign))
        self.forms.addWidget(self._form((self.published,), "Enregistrer la publication", self._publish))
        changes = (self.cause, self.ends_on, self.subject, self.partners)
        self.forms.addWidget(self._form(changes, "Préparer l’avenant", self._amend))
        self.forms.hide()
        self._lay_out()

    def show_dossier(self, dossier: Dossier) -> None:
        if self._dossier is None or self._dossier.id != dossier.id:
            self.forms.hide()
        self._dossier = dossier
        row = dossier.convention
        current = dossier.outcomes.current
        granted = current is not None and current.amount_cents > 0
        self.setVisible(row is not None or granted)
        for widget in (self.chip, self.signatures):
            widget.setVisible(row is not None)
        self.prepare.setVisible(granted and (row is None or not (row.texts or row.earlier)))
        here = [text for text in row.texts if text.letter_id] if row else []
        self.edit.setVisible(bool(here))
        self.amend.setVisible(bool(row and row.earlier) or any(text.standing.reference for text in here))
        if row is None:
            self.publication.hide()
            self.detail.hide()
            self.lead.setText("Aucune convention n’est requise.")
            self.setAccessibleName(f"Convention{NBSP}: aucune n’est requise")
            return
        standing, due = row.standing, row.standing.requirement
        self.lead.setText(f"{due.sentence}." if due else f"Convention {standing.reference}".rstrip() + ".")
        told = [due.reckoning if due and len(due.parts) > 1 else "", standing.publication(dossier.today)]
        if row.earlier and not row.texts:
            told.append(f"la convention {row.earlier} portait sur la décision d’avant{NBSP}: un avenant est à préparer")
        if row.to_sign is not None and row.to_sign != row.text:
            told.append(f"l’avenant {row.to_sign.standing.reference} est {row.to_sign.standing.label}")
        if standing.signed_on is None:
            told.append("rien ne se paie avant les deux signatures")
        sentence = f"{NBSP}; ".join(part for part in told if part)
        self.detail.setText(f"{sentence[:1].upper()}{sentence[1:]}." if sentence else "")
        self.detail.setVisible(bool(sentence))
        signed = standing.signed_on is not None
        self.chip.set_badge(standing.label, "success" if signed else "warning", "check" if signed else "circle-alert")
        self.publication.setVisible(signed and due is not None)
        self.setAccessibleName(f"Convention{NBSP}: {standing.label}. {self.lead.text()} {self.detail.text()}")

    def _ask_signatures(self) -> None:
        row = self._row()
        if row is None:
            return
        text = row.to_sign or row.text
        standing = text.standing if text else row.standing
        self.authority.set_value(standing.authority_signed_on)
        self.structure.set_value(standing.structure_signed_on)
        self.signatory.set_value(text.structure_signatory if text else "")
        elsewhere = text is None or not text.letter_id or standing.prepared
        self.reference.set_value(standing.reference if elsewhere else "")
        self.reference.setVisible(elsewhere)
        self._open(0, self.authority)

    def _ask_publication(self) -> None:
        row = self._row()
        if row is not None:
            self.published.set_value(row.standing.published_on)
            self._open(1, self.published)

    def _open(self, place: int, field: QWidget) -> None:
        self.forms.setCurrentIndex(place)
        self.forms.show()
        field.setFocus()

    def _sign(self) -> None:
        fields = {
            "authority_signed_on": self.authority,
            "structure_signed_on": self.structure,
            "structure_signatory": self.signatory,
            "reference": self.reference,
        }
        self._write("signatures de la convention", conventions.sign, fields)

    def _prepare(self) -> None:
        if self._dossier is not None:
            words = f"convention préparée ({self._dossier.record.row.number})"
            self._context.do(words, convention_texts.prepare, application_id=self._dossier.id)

    def _amend(self) -> None:
        fields: dict[str, Field] = {
            "cause": self.cause,
            "ends_on": self.ends_on,
            "subject": self.subject,
            "partners": self.partners,
        }
        self._write("avenant préparé", convention_texts.amend, fields)

    def _ask_docx(self) -> None:
        row = self._row()
        text = next((one for one in reversed(row.texts) if one.letter_id), None) if row else None
        if row is None or text is None:
            return
        name = f"convention-{row.number}.docx"
        chosen, _ = QFileDialog.getSaveFileName(self, "Texte modifiable", str(Path.home() / name), "Document (*.docx)")
        if chosen:
            self.write_docx(text.letter_id, Path(chosen).with_suffix(".docx"))

    def write_docx(self, letter_id: str, path: Path) -> None:
        """Writes the text as an editable document, away from the window."""
        store = self._context.store

        def work(_token: Token) -> Path:
            # python-docx loads with the first document.
            from cv_desktop.documents import convention_docx
            from cv_desktop.services import letters

            with store.read() as session:
                content = letters.compose(session, letter_id=letter_id)
            letters.write_file(path, convention_docx.render(content))
            return path

        def told(done: Path) -> None:
            self._context.messages.show_message(Message("success", "Texte modifiable écrit.", str(done)))

        self._context.jobs.run("Texte modifiable de la convention", work, on_done=told)

    def _publish(self) -> None:
        self._write("publication des données essentielles", conventions.publish, {"published_on": self.published})

    def _write(self, words: str, verb: object, fields: dict[str, Field]) -> None:
        """One write whose refusal stands under the field that it is about."""
        if self._dossier is None or not all(field.commit() for field in fields.values()):
            return
        given = {name: field.value() for name, field in fields.items()}
        try:
            self._context.attempt(words, verb, application_id=self._dossier.id, **given)  # type: ignore[arg-type]
        except UserError as refusal:
            field = fields.get(refusal.field)
            if field is None or not field.isVisible():
                self._context.refuse(refusal)
            else:
                field.refuse(refusal.message)
                field.setFocus()
            return
        self.forms.hide()

    def _row(self) -> ConventionRow | None:
        return self._dossier.convention if self._dossier else None

    def _today(self) -> date:
        return local(self._context.clock()).date()

    def _form(self, fields: tuple[Field, ...], words: str, verb: object) -> QWidget:
        whole = QWidget()
        column, line, buttons = QVBoxLayout(whole), QHBoxLayout(), QHBoxLayout()
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        for each in (line, buttons):
            each.setSpacing(8)
            column.addLayout(each)
        for field in fields:
            line.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        done, back = QPushButton(words), QPushButton("Fermer")
        theme.set_kind(done, "primary", small=True)
        theme.set_kind(back, "secondary", small=True)
        done.clicked.connect(verb)
        back.clicked.connect(self.forms.hide)
        for button in (done, back):
            buttons.addWidget(button)
        buttons.addStretch(1)
        return whole

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.lead)
        words.addWidget(self.detail)
        line, buttons = QHBoxLayout(), QHBoxLayout()
        line.setSpacing(12)
        line.addLayout(words, 1)
        line.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignTop)
        buttons.setSpacing(8)
        for button in (self.prepare, self.signatures, self.publication, self.amend, self.edit):
            buttons.addWidget(button)
        buttons.addStretch(1)
        # A form that is not shown must not hold the room of the widest one.
        self.forms.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 8, 12, 8)
        whole.setSpacing(6)
        whole.addLayout(line)
        whole.addLayout(buttons)
        whole.addWidget(self.forms)
