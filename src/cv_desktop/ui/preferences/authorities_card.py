"""The authorities of certificates that the service recognises, and the one that dates signatures."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import authorities as queries
from cv_desktop.db.queries import institution
from cv_desktop.db.queries.authorities import AuthorityRow
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.services import authorities, settings
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import TextField
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

KINDS = "Certificats et listes (*.pem *.crt *.cer *.der *.crl);;Tous (*)"
ABOUT = (
    "Un certificat qui ne vient d’aucune de ces autorités ne signe pas, et une signature qu’elles n’ont pas délivrée "
    "est dite non reconnue. Sans autorité ici, seules les dates et l’usage du certificat sont vérifiés, et "
    "chaque PDF signé dans le parapheur demande votre accord."
)
STAMPS = (
    "Laissez vide pour signer sans horodatage (niveau B-B). Sinon, seule l’empreinte de chaque signature est envoyée. "
    "Les signatures sont alors faites pour durer (niveau B-LTA) si les autorités et leurs listes de révocation sont "
    "ci-dessus, ou à l’adresse ci-dessous."
)
REVOCATIONS = (
    "Une ou plusieurs adresses, séparées par un espace, demandées au début de chaque groupe de signatures. Vide, ou si "
    "elles ne répondent pas en dix secondes, les listes ci-dessus servent seules."
)


class AuthoritiesCard(QWidget):
    """``refresh`` reads them again; each gesture is written at once and can be undone."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.table = TableView(
            RowsModel(self._columns(), identity=lambda row: row.sha256),
            name="Autorités reconnues",
            memory=context.settings.memory("reglages.autorites"),
            empty="Aucune autorité. Ajoutez le certificat de celle qui délivre les vôtres, et sa liste de révocation.",
        )
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.setMinimumHeight(px(112))
        self.add, self.remove = QPushButton("Ajouter une autorité…"), QPushButton("Retirer")
        self.stamps = TextField("Autorité d’horodatage", placeholder="https://…")
        self.revocations = TextField("Révocations en ligne (liste CRL ou service OCSP)", placeholder="http://….crl")
        for button, icon in ((self.add, "plus"), (self.remove, "x")):
            theme.set_kind(button, "secondary", small=True)
            icons.dress(button, icon, "text", 14)
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.table.selection_changed.connect(lambda _rows: self._allow())
        for field, key in ((self.stamps, "timestamp_url"), (self.revocations, "revocation_url")):
            field.committed.connect(lambda value, field=field, key=key: self._write(field, key, value))
        heading = QLabel("Certificats reconnus")
        theme.set_type(heading, "section", weight=600)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 16, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addWidget(_said(ABOUT))
        layout.addLayout(buttons)
        layout.addWidget(self.table)
        layout.addWidget(self.stamps)
        layout.addWidget(_said(STAMPS))
        layout.addWidget(self.revocations)
        layout.addWidget(_said(REVOCATIONS))

    def refresh(self) -> None:
        self.table.set_rows(self._context.read(queries.rows))
        values = self._context.look(institution.values)
        self.stamps.replace(values.get("timestamp_url", ""))
        self.revocations.replace(values.get("revocation_url", ""))
        self._allow()

    def _allow(self) -> None:
        self.remove.setEnabled(bool(self.table.selected_rows()))

    def _add(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Certificat d’une autorité", str(Path.home()), KINDS)
        if chosen:
            self._context.do("autorité reconnue", authorities.add, path=Path(chosen))

    def _remove(self) -> None:
        for row in self.table.selected_rows():
            self._context.do(f"autorité {row.name} retirée", authorities.remove, sha256=row.sha256)

    def _write(self, field: TextField, key: str, value: object) -> None:
        try:
            self._context.attempt(settings.LABELS[key], settings.set_value, key=key, value=str(value or ""))
        except UserError as refusal:
            field.refuse(refusal.message)

    def _columns(self) -> list[Column[AuthorityRow]]:
        return [
            Column("name", "Autorité", lambda r: r.name, width=300, stretch=True, weight=500),
            Column("kind", "Fichier", lambda r: "Liste de révocation" if r.revocations else "Certificat", width=150,
                   tone="secondary"),
            Column("filename", "Nom du fichier", lambda r: r.filename, width=200, tone="secondary"),
            Column("until", "Vaut jusqu’au", lambda r: short_date(r.until), sort=lambda r: r.until, width=110),
            Column("state", "État", lambda r: self._state(r).word, width=110, badge=self._state),
        ]  # fmt: skip

    def _state(self, row: AuthorityRow) -> Badge:
        if row.until is not None and row.until < local(self._context.clock()).date():
            return Badge("périmée", "danger")
        return Badge("reconnue", "success")


def _said(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    theme.set_type(label, "secondary", "secondary")
    return label
