"""A table of 100 000 rows: how long to show them, sort them, filter them. Prints milliseconds."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from PySide6.QtWidgets import QApplication

from cv_desktop.domain.money import figures
from cv_desktop.ui import theme
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

COUNT = 100_000
LIMIT = 100.0


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    name: str
    cents: int
    state: str


def timed(label: str, work: Callable[[], None]) -> float:
    """Run once, print and return the milliseconds."""
    start = perf_counter()
    work()
    spent = (perf_counter() - start) * 1000
    print(f"{label:<44}{spent:8.1f} ms")
    return spent


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv)
    theme.apply(app)
    choose = random.Random(2026)
    states = ("Instruit", "À compléter", "Refusé", "Ajourné")
    names = ("Atelier d’Exemple", "Élan Témoin", "Œuvre Modèle", "Les Voix d’Exemple", "Jardin Temoin", "Sport Modele")
    rows = [
        Row(str(i), f"{choose.choice(names)} {i}", choose.randrange(10**8), choose.choice(states)) for i in range(COUNT)
    ]
    model: RowsModel[Row] = RowsModel(
        [
            Column("name", "Structure", lambda row: row.name, width=260, stretch=True),
            Column("cents", "Demandé", lambda row: figures(row.cents), sort=lambda row: row.cents, align="right"),
            Column("state", "État", lambda row: row.state),
        ]
    )
    view = TableView(model, name="Dossiers")
    view.resize(1000, 700)
    view.show()
    app.processEvents()

    def painted(work: Callable[[], None]) -> Callable[[], None]:
        return lambda: (work(), view.grab())[0]

    spent = [
        timed("100 000 lignes montrées et peintes", painted(lambda: view.set_rows(rows))),
        timed("tri par montant", painted(lambda: model.sort_by([("cents", False)]))),
        timed("tri par montant, décroissant", painted(lambda: model.sort_by([("cents", True)]))),
        timed("tri par nom (accents repliés)", painted(lambda: model.sort_by([("name", False)]))),
        timed("tri par état puis montant", painted(lambda: model.sort_by([("state", False), ("cents", True)]))),
    ]
    timed("premier filtre « élan 99 »", painted(lambda: model.set_filter("élan 99")))
    timed("filtre suivant « élan 991 »", painted(lambda: model.set_filter("élan 991")))
    return int(max(spent) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
