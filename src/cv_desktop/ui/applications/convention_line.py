"""Under the decision of a file: whether the law asks for a convention, where it stands, its signatures."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from cv_desktop.db.queries.convention_standings import ConventionRow
from cv_desktop.services import convention_texts, conventions
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.applications.form_line import FormLine
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import Field, TextField
from cv_desktop.ui.jobs import Token
from cv_desktop.ui.message_bar import Message

NBSP = "\u00a0"


class ConventionLine(FormLine):
    """Hidden when the file needs no convention and has none."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "Convention", parent)
        self._dossier: Dossier | None = None
        self.prepare = self.button("Préparer la convention", self._prepare)
        self.signatures = self.button("Signatures…", self._ask_signatures)
        self.publication = self.button("Publication…", self._ask_publication)
        self.amend = self.button("Avenant…", self._ask_amendment)
        self.edit = self.button("Texte modifiable…", self._ask_docx)
        self.authority = DateField("Collectivité, signée le", today=self.today)
        self.structure = DateField("Structure, signée le", today=self.today)
        self.signatory = TextField("Signataire de la structure")
        self.reference = TextField("Référence", hint="si elle a été signée ailleurs")
        self.published = DateField("Données publiées le", today=self.today)
        self.cause = TextField("Cause de l’avenant", required=True)
        self.ends_on = DateField("L’action va jusqu’au", today=self.today)
        self.subject = TextField("Objet modifié", hint="à l’article 1er et à l’annexe 1, …")
        self.partners = TextField("Partenaires désormais")
        signed = (self.authority, self.structure, self.signatory, self.reference)
        self.form(signed, "Enregistrer les signatures", self._sign)
        self.form((self.published,), "Enregistrer la publication", self._publish)
        self.form((self.cause, self.ends_on, self.subject, self.partners), "Préparer l’avenant", self._amend)

    def show_dossier(self, dossier: Dossier) -> None:
        self.about(dossier.id)
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
            self.say("Aucune convention n’est requise.", "")
            return
        standing, due = row.standing, row.standing.requirement
        lead = f"{due.sentence}." if due else f"Convention {standing.reference}".rstrip() + "."
        told = [due.reckoning if due and len(due.parts) > 1 else "", standing.publication(dossier.today)]
        if row.earlier and not row.texts:
            told.append(f"la convention {row.earlier} portait sur la décision d’avant{NBSP}: un avenant est à préparer")
        if row.to_sign is not None and row.to_sign != row.text:
            told.append(f"l’avenant {row.to_sign.standing.reference} est {row.to_sign.standing.label}")
        if standing.signed_on is None:
            told.append("rien ne se paie avant les deux signatures")
        sentence = f"{NBSP}; ".join(part for part in told if part)
        self.say(lead, f"{sentence[:1].upper()}{sentence[1:]}." if sentence else "")
        signed = standing.signed_on is not None
        self.chip.set_badge(standing.label, "success" if signed else "warning", "check" if signed else "circle-alert")
        self.publication.setVisible(signed and due is not None)

    def _ask_signatures(self) -> None:
        row = self._row()
        if row is None:
            return
        text = row.to_sign or row.text
        standing = text.standing if text else row.standing
        self.authority.replace(standing.authority_signed_on)
        self.structure.replace(standing.structure_signed_on)
        self.signatory.replace(text.structure_signatory if text else "")
        elsewhere = text is None or not text.letter_id or standing.prepared
        self.reference.replace(standing.reference if elsewhere else "")
        self.reference.setVisible(elsewhere)
        self.open(0, self.authority)

    def _ask_publication(self) -> None:
        row = self._row()
        if row is not None:
            self.published.replace(row.standing.published_on)
            self.open(1, self.published)

    def _ask_amendment(self) -> None:
        for field in (self.cause, self.ends_on, self.subject, self.partners):
            field.replace(None)
        self.open(2, self.cause)

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
            self.context.do(words, convention_texts.prepare, application_id=self._dossier.id)

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
        store = self.context.store

        def work(_token: Token) -> Path:
            # python-docx loads with the first document.
            from cv_desktop.documents import convention_docx
            from cv_desktop.services import letters

            with store.read() as session:
                content = letters.compose(session, letter_id=letter_id)
            letters.write_file(path, convention_docx.render(content))
            return path

        def told(done: Path) -> None:
            self.context.messages.show_message(Message("success", "Texte modifiable écrit.", str(done)))

        self.context.jobs.run("Texte modifiable de la convention", work, on_done=told)

    def _publish(self) -> None:
        self._write("publication des données essentielles", conventions.publish, {"published_on": self.published})

    def _write(self, words: str, verb: object, fields: dict[str, Field]) -> None:
        if self._dossier is not None and all(field.commit() for field in fields.values()):
            given = {name: field.value() for name, field in fields.items()}
            self.write(words, verb, fields, application_id=self._dossier.id, **given)

    def _row(self) -> ConventionRow | None:
        return self._dossier.convention if self._dossier else None
