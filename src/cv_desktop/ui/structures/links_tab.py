"""The tab « Liens »: its files in every campaign, its other names and numbers, and the merges that made it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cv_desktop.db.queries import duplicates as merges_read
from cv_desktop.db.queries import structures as queries
from cv_desktop.db.queries.duplicates import MergeRow
from cv_desktop.db.queries.structures import AliasRow, FileRow, StructureRecord
from cv_desktop.domain.dates import local, long_date, short_date
from cv_desktop.domain.identifiers import display_siren, display_siret
from cv_desktop.domain.money import euros
from cv_desktop.domain.text import counted
from cv_desktop.services import merges
from cv_desktop.ui.applications.rows import badge
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.look import px
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

KINDS = {"name": "Nom", "acronym": "Sigle", "siren": "SIREN", "siret": "SIRET", "rna": "RNA"}


class LinksTab(QWidget):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        memory = context.settings.memory
        self.files = TableView(
            RowsModel(_file_columns()),
            name="Dossiers de la structure",
            memory=memory("structures.dossiers"),
            empty="Aucun dossier pour cette structure.",
        )
        self.files.opened.connect(lambda row: context.visit.emit("applications", "application", row.id))
        self.aliases = TableView(RowsModel(_alias_columns(), identity=lambda row: row), name="Autres noms et numéros")
        self.merges = TableView(RowsModel(_merge_columns()), name="Fusions")
        self.merges.pressed.connect(lambda row, _key: undo_merge(context, row))
        self.cards: dict[str, Card] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 14)
        layout.setSpacing(10)
        for title, detail, table, share in (
            ("Dossiers", "", self.files, 3),
            ("Autres noms et numéros", "servent à la reconnaître dans les fichiers importés", self.aliases, 2),
            ("Fusions", "peuvent être défaites pendant trente jours", self.merges, 2),
        ):
            card = Card(title, detail, flush=True)
            table.setMinimumHeight(px(110))
            card.add(table, 1)
            self.cards[title] = card
            layout.addWidget(card, share)

    def show_record(self, record: StructureRecord) -> None:
        context = self._context
        files = context.read(queries.files, structure_id=record.id, viewer=context.viewer)
        self.files.set_rows(files)
        self.cards["Dossiers"].set_title("Dossiers", counted(len(files), "dossier"))
        self.aliases.set_rows(record.aliases)
        self.cards["Autres noms et numéros"].setVisible(bool(record.aliases))
        found = context.read(merges_read.merges, structure_id=record.id)
        self.merges.set_rows(found)
        self.cards["Fusions"].setVisible(bool(found))


def undo_merge(context: Context, row: MergeRow) -> None:
    """Give both records back, and say what could not be."""
    if context.do(f"fusion de « {row.merged_name} » défaite", merges.undo, merge_id=row.id) is None:
        return
    after = next(m for m in context.read(merges_read.merges) if m.id == row.id)
    lead = f"Fusion de « {row.merged_name} » défaite."
    context.messages.show_message(Message("warning" if after.kept_back else "success", lead, " ".join(after.kept_back)))


def _file_columns() -> list[Column[FileRow]]:
    return [
        Column("number", "N°", lambda r: r.row.number, width=144, weight=600),
        Column("title", "Action", lambda r: r.row.title, width=200, stretch=True),
        Column("call", "Campagne", lambda r: r.call, width=110),
        Column("asked", "Demandé", lambda r: euros(r.row.asked_cents), sort=lambda r: r.row.asked_cents, width=90,
               align="right", filterable=False),
        Column("granted", "Accordé", lambda r: "" if r.row.granted_cents is None else euros(r.row.granted_cents),
               sort=lambda r: r.row.granted_cents, width=90, align="right", filterable=False),
        Column("status", "État", lambda r: r.row.status.label, width=160, badge=lambda r: badge(r.row)),
    ]  # fmt: skip


def _alias_columns() -> list[Column[AliasRow]]:
    return [
        Column("kind", "Nature", lambda r: KINDS[r.kind], width=90),
        Column("value", "Valeur", _value, width=240, stretch=True, weight=500),
        Column("noted_on", "Noté le", lambda r: short_date(r.noted_on), sort=lambda r: r.noted_on, width=104),
    ]


def _value(row: AliasRow) -> str:
    return {"siren": display_siren, "siret": display_siret}.get(row.kind, str)(row.value)


def _merge_columns() -> list[Column[MergeRow]]:
    return [
        Column("merged", "Fiche fusionnée", lambda r: r.merged_name, width=200, stretch=True, weight=500),
        Column("at", "Le", lambda r: short_date(local(r.merged_at).date()), sort=lambda r: r.merged_at, width=104),
        Column("by", "Par", lambda r: r.merged_by, width=130),
        Column("state", "Retour possible", _state, width=220),
        Column("undo", "", lambda _r: "Défaire", width=90, filterable=False,
               button=lambda r: "Défaire" if r.undoable else ""),
    ]  # fmt: skip


def _state(row: MergeRow) -> str:
    if row.undone_at is not None:
        return f"Défaite le {short_date(local(row.undone_at).date())}"
    return f"Jusqu’au {long_date(row.until)}" if row.undoable else "Délai passé"
