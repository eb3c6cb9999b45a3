"""What leaves the arbitration as a file: decisions, programming table, envelope, comparison, trial of rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from cv_desktop.domain.text import fold
from cv_desktop.services.boards import Board
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Token
from cv_desktop.ui.message_bar import Message

if TYPE_CHECKING:
    from cv_desktop.domain.what_if import WhatIf
    from cv_desktop.services.what_ifs import Pair

BOOKS, PAGES = "Classeur (*.xlsx)", "Document PDF (*.pdf)"
Make = Callable[[], bytes]


class Leaving:
    """Each asks where, then makes and writes the file away from the window."""

    def __init__(self, context: Context, widget: QWidget) -> None:
        self._context, self._widget = context, widget

    def menu(self, board: Callable[[], Board | None]) -> QMenu:
        """What may leave; ``board`` gives what is shown when one of them is chosen."""
        menu = QMenu(self._widget)
        menu.addAction("Décisions…", lambda: self.decisions(board()))
        menu.addAction("Tableau de programmation, classeur…", lambda: self.programme(board(), pages=False))
        menu.addAction("Tableau de programmation, PDF A3…", lambda: self.programme(board(), pages=True))
        menu.addAction("Enveloppe et ses mouvements…", lambda: self.envelope(board()))
        return menu

    def decisions(self, board: Board | None) -> None:
        """The decisions of the campaign as a workbook; nothing while no campaign is shown."""
        if board is None:
            return

        def make() -> bytes:
            from cv_desktop.services import exports

            return exports.decisions_xlsx(self._context.store, call_id=board.call_id, actor=self._context.actor)

        self._write("Exporter les décisions", f"decisions {board.label}", BOOKS, make, "Décisions exportées.")

    def programme(self, board: Board | None, *, pages: bool) -> None:
        """The table of the scenario shown, as a workbook or on A3 pages."""
        if board is None:
            return

        def make() -> bytes:
            from cv_desktop.services import programmes

            write = programmes.programme_pdf if pages else programmes.programme_xlsx
            return write(
                self._context.store, call_id=board.call_id, actor=self._context.actor, scenario_id=board.shown.id
            )

        name = f"programmation {board.label} {board.shown.label}"
        self._write("Exporter le tableau de programmation", name, PAGES if pages else BOOKS, make, "Tableau exporté.")

    def envelope(self, board: Board | None) -> None:
        """What each bucket and each part of the envelope hold, and every movement of a cent, as a workbook."""
        if board is None:
            return

        def make() -> bytes:
            from cv_desktop.services import envelope_files

            return envelope_files.xlsx(self._context.store, call_id=board.call_id, actor=self._context.actor)

        self._write("Exporter l’enveloppe", f"enveloppe {board.label}", BOOKS, make, "Enveloppe exportée.")

    def comparison(self, board: Board, keys: list[str]) -> None:
        def make() -> bytes:
            from cv_desktop.services import comparisons

            return comparisons.comparison_xlsx(
                self._context.store, board=board, scenario_ids=keys, actor=self._context.actor
            )

        self._write("Exporter la comparaison", f"comparaison {board.label}", BOOKS, make, "Comparaison exportée.")

    def trial(self, pair: Pair, found: WhatIf) -> None:
        def make() -> bytes:
            from cv_desktop.services import what_ifs

            return what_ifs.export(self._context.store, pair=pair, found=found, actor=self._context.actor)

        self._write("Exporter l’essai de règles", f"essai de regles {pair.levers.label}", BOOKS, make, "Essai exporté.")

    def _write(self, title: str, name: str, kind: str, make: Make, said: str) -> None:
        suffix = ".pdf" if kind == PAGES else ".xlsx"
        words = "".join(x if x.isalnum() else " " for x in fold(name)).split()
        proposed = str(Path.home() / f"{'-'.join(words)}{suffix}")
        chosen, _ = QFileDialog.getSaveFileName(self._widget, title, proposed, kind)
        if not chosen:
            return
        # Not every system adds it.
        path = Path(chosen).with_suffix(suffix)

        def work(_token: Token) -> Path:
            from cv_desktop.services import letters

            # openpyxl and reportlab load with the first export.
            letters.write_file(path, make())
            return path

        def done(written: Path) -> None:
            self._context.messages.show_message(Message("success", said, str(written)))

        self._context.jobs.run(title, work, on_done=done)
