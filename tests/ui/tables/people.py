"""Rows for the tests of tables: a list one can edit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from cv_desktop.domain.money import figures, parse_amount
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView


@dataclass(frozen=True)
class File:
    id: str
    name: str
    cents: int | None
    state: str = "Instruit"
    ticked: bool = False


FILES = [
    File("1", "Œuvre Témoin", 620000, "À compléter"),
    File("2", "Élan Exemple", 850000),
    File("3", "Zèbre Modèle", None),
    File("4", "Atelier d’Exemple", 120000, "Refusé"),
    File("5", "eve Témoin", 120000),
]


class Desk:
    """A base in memory with its table: an edit writes, then shows the rows again, as a screen does."""

    def __init__(self, files: list[File] | None = None, **options: Any) -> None:
        self.files = {file.id: file for file in (files if files is not None else FILES)}
        self.writes: list[tuple[str, str]] = []
        self.model: RowsModel[File] = RowsModel(self.columns())
        self.view = TableView(self.model, name="Dossiers", **options)
        self.refresh()

    def columns(self) -> list[Column[File]]:
        return [
            Column("tick", "", lambda f: "", checked=lambda f: f.ticked, toggle=self.tick, width=36),
            Column("name", "Structure", lambda f: f.name, width=200),
            Column(
                "asked",
                "Demandé",
                lambda f: "" if f.cents is None else figures(f.cents),
                sort=lambda f: f.cents,
                align="right",
                edit=self.write_amount,
            ),
            Column("state", "État", lambda f: f.state, badge=lambda f: Badge(f.state, "success")),
            Column("note", "Remarque", lambda f: "", edit=self.writer("note")),
        ]

    def writer(self, _key: str) -> Callable[[File, str], None]:
        return lambda file, text: self.writes.append((file.id, text))

    def write_amount(self, file: File, text: str) -> None:
        self.files[file.id] = replace(self.files[file.id], cents=parse_amount(text))
        self.writes.append((file.id, text))
        self.refresh()

    def tick(self, file: File, ticked: bool) -> None:
        self.files[file.id] = replace(self.files[file.id], ticked=ticked)
        self.refresh()

    def refresh(self) -> None:
        self.view.set_rows(list(self.files.values()))

    def names(self) -> list[str]:
        return [file.name for file in self.model.rows()]
