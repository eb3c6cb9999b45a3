"""Grille: the criteria, their weights and their four levels, changed in place until the grid serves."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.db.queries import grids as versions
from cv_desktop.db.queries.call_rows import CallRow
from cv_desktop.db.queries.calls import GridRow
from cv_desktop.domain import grid_comparison, grid_entry, grid_file
from cv_desktop.domain.comparison import compare
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Criterion
from cv_desktop.services import configurations, grid_edits, grids
from cv_desktop.services.letters import write_file
from cv_desktop.ui import icons, theme
from cv_desktop.ui.calls.comparison_view import ComparisonView
from cv_desktop.ui.calls.criterion_settings import CriterionSettings
from cv_desktop.ui.calls.grid_head import GridHead
from cv_desktop.ui.calls.grid_levels import CriterionTexts
from cv_desktop.ui.calls.grid_settings import GridSettings
from cv_desktop.ui.calls.tab import Tab
from cv_desktop.ui.context import Context
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NBSP = "\u00a0"
FILES = "Grilles (*.json)"
SIDES = (180, 300)


class GridTab(Tab):
    """What is typed is written at once and undone like the rest; a grid that served is never changed."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._versions: list[GridRow] = []
        self._served = False
        self._older = ""  # the former version compared
        self.head = GridHead()
        self.head.version_asked.connect(self._create_version)
        self.head.compare.toggled.connect(lambda _on: self.refresh())
        self.add, self.remove = self._button("Ajouter un critère", self._add), self._button("Retirer", self._remove)
        self.up, self.down = (
            self._button("Monter", lambda: self._move(-1)),
            self._button("Descendre", lambda: self._move(1)),
        )
        self.write, self.take = self._button("Exporter…", self._export), self._button("Importer…", self._import)
        icons.dress(self.add, "plus", "text", 14)
        actions = QHBoxLayout()
        actions.setSpacing(8)
        for button in (self.add, self.remove, self.up, self.down):
            actions.addWidget(button)
        actions.addWidget(self.head.locked, 1)
        actions.addStretch()
        actions.addWidget(self.head.next)
        actions.addWidget(self.write)
        actions.addWidget(self.take)
        self.model: RowsModel[Criterion] = RowsModel(self._columns(), identity=lambda c: c.code)
        self.table = TableView(
            self.model, name="Critères de la grille", memory=context.settings.memory("campagnes.grille")
        )
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.current_row_changed.connect(self._show)
        self.table.refused.connect(context.told)
        # Made in the order they are read, which is that of the Tab key.
        self.parts = QTabWidget()
        self.texts, self.own, self.settings = CriterionTexts(context), CriterionSettings(context), GridSettings(context)
        self.parts.setDocumentMode(True)
        self.parts.setAccessibleName("Ce que la grille dit")
        for page, words in (
            (self.texts, "Niveaux"),
            (self.own, "Réglages du critère"),
            (self.settings, "Toute la grille et ses bandes"),
        ):
            self.parts.addTab(_scrolled(page), words)
        self._memory = context.settings.memory("campagnes.grille.proportions")
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.table)
        self.split.addWidget(self.parts)
        self.split.setSizes(self._memory.get("split", list(SIDES)))
        self.split.splitterMoved.connect(lambda *_: self._memory.update(split=self.split.sizes()))
        self.comparison = ComparisonView("de la grille", place="Critère", thing="Ce qui est dit")
        self.comparison.older_chosen.connect(self._compare)
        self._edited = QWidget()
        inner = QVBoxLayout(self._edited)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addLayout(actions)
        inner.addWidget(self.split, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(self._edited)
        self.pages.addWidget(self.comparison)
        self.column.addWidget(self.head)
        self.column.addWidget(self.pages, 1)

    @property
    def _found(self) -> GridRow | None:
        return self._versions[0] if self._versions else None

    def show_call(self, row: CallRow) -> None:
        if self.row is not None and self.row.id != row.id:
            self.head.compare.setChecked(False)
        super().show_call(row)

    def refresh(self) -> None:
        if self.row is None:
            return
        self._versions = self.context.read(versions.versions, call_id=self.row.id)
        found = self._versions[0]
        self._served = self.context.read(versions.served, grid_id=found.id)
        self.head.put(found, self._versions[1] if len(self._versions) > 1 else None, served=self._served)
        for button in (self.add, self.remove, self.up, self.down):
            button.setVisible(not self._served)
        self.settings.put(found, changes=not self._served)
        self.table.set_rows(found.grid.criteria)
        if self.table.current_row() is None and found.grid.criteria:
            self.table.select_identity(found.grid.criteria[0].code)
        self._show(self.table.current_row())
        compared = self.head.compare.isChecked()
        if compared:
            former = self._versions[1:]
            self.comparison.offer([(row.id, row.version) for row in former])
            known = {row.id for row in former}
            self._compare(self._older if self._older in known else former[0].id)
        self.pages.setCurrentWidget(self.comparison if compared else self._edited)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Échap leaves the comparison, whatever of it has the focus."""
        if event.key() == Qt.Key.Key_Escape and self.head.compare.isChecked():
            self.head.compare.setChecked(False)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def _compare(self, key: str) -> None:
        self._older, newest = key, self._versions[0]
        older = next(row for row in self._versions if row.id == key)
        lines = compare(grid_comparison.parts(older.grid), grid_comparison.parts(newest.grid))
        self.comparison.show_versions(older.version, newest.version, lines)

    def export_to(self, path: Path) -> None:
        """Writes the grid as a file, and says where."""
        if self._found is None:
            return
        try:
            write_file(path, grid_file.dump(self._found.grid))
        except UserError as refusal:
            self.context.refuse(refusal)
            return
        self.context.messages.show_message(
            Message("success", f"Grille version {self._found.version} écrite.", str(path))
        )

    def import_from(self, path: Path) -> None:
        """Takes the grid of a file: in place of one that has not served, or as the next version."""
        if self.row is None:
            return
        try:
            wanted = grid_file.load(configurations.read_file(path), path.name)
        except UserError as refusal:
            self.context.refuse(refusal)
            return
        said = f"du fichier «{NBSP}{path.name}{NBSP}»"
        self.context.do(f"grille prise {said}", grids.put, call_id=self.row.id, grid=wanted, said=said)

    def _show(self, criterion: Criterion | None) -> None:
        if criterion is not None and self._found is not None:
            self.texts.put(self._found.id, criterion, changes=not self._served)
            self.own.put(self._found.id, criterion, changes=not self._served)
            self.parts.setTabText(0, f"Niveaux de {criterion.code}")
            self.parts.setTabText(1, f"Réglages de {criterion.code}")

    def _create_version(self) -> None:
        if self.row is not None and self._found is not None:
            self.context.do(f"grille version {self._found.version + 1}", grids.create_version, call_id=self.row.id)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self) -> None:
        if self._found is None:
            return
        row: Criterion | None = self.table.current_row()
        known = set(self._found.grid.codes)
        done = self.context.do(
            "critère ajouté", grid_edits.add_criterion, grid_id=self._found.id, after=row.code if row else ""
        )
        if done is not None:
            new = next((c.code for c in self._found.grid.criteria if c.code not in known), "")
            self.table.select_identity(new, "label")
            self.table.setFocus()

    def _remove(self) -> None:
        row: Criterion | None = self.table.current_row()
        if row is not None and self._found is not None:
            label = f"critère {row.code} retiré"
            self.context.do(label, grid_edits.remove_criterion, grid_id=self._found.id, code=row.code)

    def _move(self, by: int) -> None:
        row: Criterion | None = self.table.current_row()
        if row is not None and self._found is not None:
            label = f"{row.code} {'monté' if by < 0 else 'descendu'}"
            self.context.do(label, grid_edits.move_criterion, grid_id=self._found.id, code=row.code, by=by)

    def _export(self) -> None:
        if self.row is not None:
            start = str(Path.home() / f"grille-{self.row.code}.json")
            chosen, _ = QFileDialog.getSaveFileName(self, "Exporter la grille", start, FILES)
            if chosen:
                self.export_to(Path(chosen))

    def _import(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Importer une grille", str(Path.home()), FILES)
        if chosen:
            self.import_from(Path(chosen))

    def _write(self, criterion: Criterion, key: str, text: str) -> None:
        if self._found is not None:
            self.context.attempt(
                f"{criterion.code}, {grid_entry.FIELDS[key]}",
                grid_edits.set_field,
                grid_id=self._found.id,
                code=criterion.code,
                key=key,
                text=text,
            )

    def _columns(self) -> list[Column[Criterion]]:
        def written(key: str, title: str, width: int, tip: str = "", **more: object) -> Column[Criterion]:
            def words(c: Criterion) -> str:
                return grid_entry.words(c, key)

            return Column(
                key,
                title,
                lambda c: words(c) or "–",
                width=width,
                edit=lambda c, text: self._write(c, key, text),
                edit_text=words,
                editable=lambda _c: not self._served,
                tooltip=tip,
                **more,  # type: ignore[arg-type]
            )

        own = "vide, comme la grille"
        return [
            written("code", "Code", 68, tone="secondary"),
            written("label", "Critère", 210, stretch=True, weight=500),
            written("weight", "Poids", 62, sort=lambda c: c.weight, align="right"),
            written("axis", "Volet", 92, "mérite ou transversal", tone="secondary"),
            written("eliminatory", "Éliminatoire", 96, "oui ou non ; 0 élimine le dossier"),
            written("floor", "Plancher", 76, "un niveau sous lequel le dossier est éliminé ; vide, aucun"),
            written("na_allowed", "Sans objet", 88, "oui ou non"),
            written("scale", "Échelle", 70, f"niveau le plus haut ; {own}"),
            written("comment_levels", "Phrase", 78, f"niveaux qui demandent une phrase, ou aucun ; {own}"),
            written("themes", "Thèmes", 90, "codes séparés par des virgules ; vide, tous les dossiers"),
            written("counted", "Compté", 72, "non : montré, jamais additionné"),
            written("dedicated", "Dédiée", 70, "oui ou non ; vide, seulement sur les critères transversaux"),
        ]

    def _button(self, words: str, act: object) -> QPushButton:
        button = QPushButton(words)
        theme.set_kind(button, "secondary", small=True)
        button.clicked.connect(act)
        return button


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area
