"""Who asks: the structure found while its name is typed, or described for the first time."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import entries as queries
from cv_desktop.db.queries import mandates, search, structures
from cv_desktop.db.queries.entries import Earlier
from cv_desktop.db.search import Vocabulary
from cv_desktop.domain import structure_fields
from cv_desktop.domain.approval import Approval
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import display_siret, parse_iban, parse_rna, parse_siret
from cv_desktop.domain.intake import StructureRead
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.ui import theme
from cv_desktop.ui.applications.small_tables import approvals_table
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import TextField
from cv_desktop.ui.fields.group import FormGroup
from cv_desktop.ui.fields.proposals import Proposal, Proposals

FIELDS = (
    "name", "acronym", "siret", "rna", "address", "postal_code", "commune", "phone", "email", "website",
    "representative_name", "representative_role", "representative_phone", "representative_email", "employees",
    "volunteers", "members", "budget_cents", "iban",
)  # fmt: skip
# What only some forms fill: folded until it is asked for, or until something stands in it.
MORE = (
    "mail_address", "delegated_commune", "public_utility", "public_utility_on", "taxed", "networks", "member_bodies",
    "service_volunteers", "aided_jobs", "full_time", "seconded", "member_women", "member_men", "exercise_starts_on",
    "exercise_ends_on", "income_cents", "local_court", "local_registered_on", "local_volume", "local_folio",
)  # fmt: skip
LABELS = {
    "name": "Nom de la structure (obligatoire)",
    "representative_name": "Représentant ou représentante légale",
    "representative_role": "Fonction",
    "representative_phone": "Téléphone de cette personne",
    "representative_email": "Courriel de cette personne",
    "iban": "IBAN",
    "budget_cents": "Budget annuel de la structure",
}
NUMBERS = {
    "siret": parse_siret,
    "rna": parse_rna,
    "iban": parse_iban,
    "representative_phone": structure_fields.parse_phone,
    "representative_email": structure_fields.parse_email,
}
APART = frozenset(
    ("name", "siret", "rna", "representative_name", "representative_role", "representative_phone",
     "representative_email", "iban")
)  # fmt: skip
WIDE = ("address", "mail_address", "networks", "member_bodies")
UNFOLD = "Agréments, utilité publique, réseau, moyens, exercice, Alsace-Moselle"


class PaperField(TextField):
    """Checked when left; what does not hold is said and kept as written, since the paper says so."""

    def __init__(self, name: str) -> None:
        super().__init__(LABELS.get(name) or structure_fields.FIELDS[name].label)
        self._read = NUMBERS.get(name) or (structure_fields.FIELDS[name].parse if name not in APART else None)

    def commit(self) -> bool:
        done = super().commit()
        if (sentence := self.fault()) is not None:
            self.refuse(sentence)
        return done

    def fault(self) -> str | None:
        """Why what is written does not hold; None when it does, or when nothing is."""
        text = self.text().strip()
        if not text or self._read is None:
            return None
        try:
            self._read(text)
        except UserError as refusal:
            return refusal.message
        return None


class StructurePart(QWidget):
    """``known(id)`` when a structure of the registry was recognised; ``edited`` at each key."""

    known = Signal(str)
    renewal_asked = Signal(str)
    edited = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._words = Vocabulary()
        self.structure_id = ""
        self._earlier: Earlier | None = None
        self.fields: dict[str, PaperField] = {}
        self.group = FormGroup("Structure")
        self.unfold = QCheckBox(UNFOLD)
        self.folded = FormGroup("Structure, suite du formulaire")
        self.approvals = approvals_table()
        self.approvals.set_values([])
        self.unfold.toggled.connect(self._unfold)
        for group, names in ((self.group, FIELDS), (self.folded, MORE)):
            for name in names:
                field = PaperField(name)
                self.fields[name] = field
                group.add(field, wide=name in WIDE)
                field.editor.textEdited.connect(self.edited)
                if group is self.folded and structure_fields.FIELDS[name].answer:
                    field.editor.setPlaceholderText("oui ou non")
        self._unfold(False)
        self.note = QLabel()
        self.note.setWordWrap(True)
        theme.set_type(self.note, "secondary", "secondary", 500)
        self.renew = QPushButton()
        theme.set_kind(self.renew, "secondary", small=True)
        self.renew.clicked.connect(self._renew)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.group)
        layout.addWidget(self.note)
        layout.addWidget(self.renew)
        layout.addWidget(self.unfold)
        layout.addWidget(self.folded)
        layout.addWidget(self.approvals)
        editor: QLineEdit = self.fields["name"].editor
        editor.setPlaceholderText("Nom, SIRET ou RNA")
        self._box = Proposals(editor, self._find, first=False)
        self._box.chosen.connect(self.choose)
        editor.textEdited.connect(lambda _text: self._unlink())
        for name in ("siret", "rna"):
            self.fields[name].committed.connect(lambda _v: self._recognise())
        self.fields["name"].committed.connect(self._named)
        self._say("")

    def enter(self) -> None:
        self._words = self._context.read(search.vocabulary)
        self.fields["name"].setFocus()

    def clear(self) -> None:
        self.structure_id, self._earlier = "", None
        for field in self.fields.values():
            field.replace("")
        self.approvals.set_values([])
        self.unfold.setChecked(False)
        self._say("")

    def content(self) -> dict[str, Any]:
        return {
            "id": self.structure_id,
            **{name: field.text() for name, field in self.fields.items()},
            "approvals": [[x.label, x.authority, x.granted_on.isoformat() if x.granted_on else ""]
                          for x in self.approvals.values()],
        }  # fmt: skip

    def _unfold(self, on: bool) -> None:
        self.folded.setVisible(on)
        self.approvals.setVisible(on)

    def fill(self, content: dict[str, Any]) -> None:
        for name, field in self.fields.items():
            field.replace(str(content.get(name, "")))
            if sentence := field.fault():
                field.refuse(sentence)
        self.approvals.set_values(
            [
                Approval(label, authority, date.fromisoformat(day) if day else None)
                for label, authority, day in content.get("approvals", ())
            ]
        )
        self._open_if_filled()
        self.structure_id = ""
        if content.get("id"):
            self._link(str(content["id"]))

    def told(self) -> dict[str, str]:
        """What the record of the structure may take from the form; what does not hold is left out of it."""
        return {
            name: field.text().strip()
            for name, field in self.fields.items()
            if name not in APART and field.text().strip() and field.fault() is None
        }

    def doubtful(self) -> list[str]:
        """What does not hold, as it is written on the paper; never an IBAN."""
        return [
            field.label.text() if name == "iban" else f"{field.label.text()} {quote(field.text().strip())}"
            for name, field in self.fields.items()
            if field.fault() is not None
        ]

    def read(self) -> StructureRead:
        """What the form says of the structure; a number that does not hold is kept as written."""
        text = {name: field.text().strip() for name, field in self.fields.items()}
        siret = _parsed(parse_siret, text["siret"])
        return StructureRead(
            name=text["name"],
            siren=siret[:9] if siret else None,
            siret=siret,
            siret_raw=text["siret"],
            rna=_parsed(parse_rna, text["rna"]),
            address=text["address"],
            postal_code=text["postal_code"],
            commune=text["commune"],
            email=text["email"],
            phone=text["phone"],
            representative_name=text["representative_name"],
            representative_role=text["representative_role"],
            representative_phone=_parsed(structure_fields.parse_phone, text["representative_phone"]) or "",
            representative_email=_parsed(structure_fields.parse_email, text["representative_email"]) or "",
            iban=_parsed(parse_iban, text["iban"]),
        )

    def choose(self, structure_id: str) -> None:
        """Take a structure of the registry: its fields are filled, and one goes on after them."""
        record = self._context.read(structures.record, structure_id=structure_id)
        if record is None:
            return
        person = self._context.read(mandates.representative, structure_id=structure_id)
        known = {
            "representative_name": person.person_name if person else "",
            "representative_role": person.role if person else "",
            "representative_phone": person.phone if person else "",
            "representative_email": person.email if person else "",
            # The registry never shows one: what was typed from the paper stays.
            "iban": self.fields["iban"].text(),
        }
        for name, field in self.fields.items():
            shown = structure_fields.FIELDS.get(name)
            field.replace(known.get(name, "") if shown is None else shown.shown(getattr(record, name)))
        if sentence := self.fields["iban"].fault():
            self.fields["iban"].refuse(sentence)
        self._open_if_filled()
        self._link(structure_id)
        self.known.emit(structure_id)

    def _open_if_filled(self) -> None:
        if self.approvals.values() or any(self.fields[name].text().strip() for name in MORE):
            self.unfold.setChecked(True)

    def _link(self, structure_id: str) -> None:
        self.structure_id = structure_id
        files = self._context.read(queries.earlier, structure_id=structure_id)
        here = [x for x in files if x.call_id == self._context.calls.id]
        before = [x for x in files if x.call_id != self._context.calls.id]
        self._earlier = before[0] if before else None
        words = "Structure connue. "
        if here:
            many = "un dossier" if len(here) == 1 else f"{len(here)} dossiers"
            words += f"Elle a déjà {many} dans cette campagne{NBSP}: {', '.join(x.number for x in here)}."
        self._say(words.strip())

    def _unlink(self) -> None:
        if self.structure_id:
            self.structure_id, self._earlier = "", None
            self._say("")

    def recognise(self) -> None:
        """Link the record that the numbers tell, the texts of the form left as they are."""
        if found := self._known():
            self._link(found)

    def _recognise(self) -> None:
        if found := self._known():
            self.choose(found)

    def _known(self) -> str | None:
        read = self.read()
        if self.structure_id or not (read.siren or read.rna):
            return None
        return self._context.read(queries.by_number, siren=read.siren or "", rna=read.rna or "")

    def _named(self, name: str) -> None:
        """A name typed whole: a number instead of a name is looked for; a namesake is told, never taken."""
        for key, parser in (("siret", parse_siret), ("rna", parse_rna)):
            if number := _parsed(parser, name):
                self.fields["name"].replace("")
                self.fields[key].editor.setText(number)
                self.fields[key].commit()
                return
        if name and not self.structure_id and (found := self._find(name)):
            self._say(
                f"Existe peut-être déjà{NBSP}: {', '.join(x.text for x in found[:3])}. ↓ dans le nom pour la choisir."
            )

    def _find(self, text: str) -> list[Proposal]:
        found = self._context.read(search.found, text=text, words=self._words)
        return [
            Proposal(x.id, x.name, " · ".join(y for y in (x.commune, display_siret(x.siret) if x.siret else "") if y))
            for x in found.structures
        ]

    def _say(self, words: str) -> None:
        self.note.setText(words)
        self.note.setVisible(bool(words))
        self.renew.setVisible(self._earlier is not None)
        if self._earlier:
            self.renew.setText(f"&Reprendre le dossier {self._earlier.number}, {self._earlier.title}")

    def _renew(self) -> None:
        if self._earlier:
            self.renewal_asked.emit(self._earlier.id)


def _parsed(parser: Any, text: str) -> str | None:
    try:
        return str(parser(text)) if text else None
    except UserError:
        return None
