"""The parapheur from the screen: a batch exported into a folder, signed PDFs taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from cv_desktop.domain.text import NBSP, quote
from cv_desktop.ui import dialogs
from cv_desktop.ui.context import Context
from cv_desktop.ui.letters.batch import Batch, Told
from cv_desktop.ui.letters.entries import ISSUED, Entry
from cv_desktop.ui.letters.entries import letters as counted
from cv_desktop.ui.message_bar import Message

if TYPE_CHECKING:
    from cv_desktop.services.parapheur import Exported
    from cv_desktop.services.parapheur_returns import Taken, TakenBack

SHOWN = 5
REASONS = ("Signature vérifiée autrement", "Certificat de notre parapheur, autorité à venir", "Autre motif")


class ParapheurGestures:
    """``export(entries)`` and ``take_back()``."""

    def __init__(self, context: Context, widget: QWidget, batch: Batch) -> None:
        self._context, self._widget, self._batch = context, widget, batch

    def export(self, entries: Sequence[Entry]) -> None:
        """The letters ticked that wait for a signature, with their index."""
        ids = [entry.id for entry in entries if entry.row.issued]
        if not any(entry.row.state == ISSUED for entry in entries):
            self._say("warning", "Aucun courrier coché n’attend une signature.", "Cochez des courriers émis (Espace).")
            return
        if not self._batch.free():
            return
        folder = QFileDialog.getExistingDirectory(self._widget, "Dossier pour le parapheur", str(Path.home()))
        if not folder:
            return
        store, actor = self._context.store, self._context.actor

        def work(_progress: Told) -> Exported:
            from cv_desktop.documents import letter_pdf
            from cv_desktop.services import parapheur

            return parapheur.export(store, actor=actor, letter_ids=ids, out=Path(folder), render=letter_pdf.render)

        def done(made: Exported) -> None:
            count = len(made.numbers)
            self._say(
                "success",
                f"{counted(count)} exporté{'s' if count > 1 else ''} pour le parapheur, avec leur index.",
                " ".join(made.left[:SHOWN]),
                ("Ouvrir le dossier", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(folder))),
            )

        self._batch.start("Export pour le parapheur", ids, work, done)

    def take_back(self) -> None:
        """Signed PDFs chosen, each verified; those refused are named with why."""
        if not self._batch.free():
            return
        chosen, _ = QFileDialog.getOpenFileNames(
            self._widget, "PDF signés par le parapheur", str(Path.home()), "PDF (*.pdf)"
        )
        if chosen:
            self.take([Path(name) for name in chosen])

    def take(self, paths: Sequence[Path], accepting: str = "") -> None:
        store, actor = self._context.store, self._context.actor

        def work(progress: Told) -> TakenBack:
            from cv_desktop.documents import letter_pdf
            from cv_desktop.services import parapheur_returns

            return parapheur_returns.take_back(
                store, actor=actor, paths=paths, render=letter_pdf.render, accepting=accepting, progress=progress
            )

        self._batch.start("Reprise des PDF signés", (), work, lambda done: self._taken(done, paths))

    def _taken(self, done: TakenBack, paths: Sequence[Path]) -> None:
        self._context.accept("", done.changes)
        count = len(done.signed)
        lead = f"{counted(count)} signé{'s' if count > 1 else ''} repris." if count else "Aucun PDF signé n’est repris."
        unknown = sum(one.verdict != "valide" for one in done.signed)
        parts = [f"{quote(one.file)}{NBSP}: {one.why}" for one in done.refused[:SHOWN]]
        if len(done.refused) > SHOWN:
            parts.append(f"{len(done.refused) - SHOWN} autres sont refusés.")
        if unknown:
            parts.insert(
                0, f"{counted(unknown)}{NBSP}: autorité du certificat à ajouter dans Réglages pour la reconnaître."
            )
        left = len(done.doubtful)
        if left:
            parts.insert(0, f"{counted(left)} rest{'ent' if left > 1 else 'e'} à accepter.")
        level = "warning" if done.refused or unknown or left else "success"
        self._say(level, lead, " ".join(parts))
        if left:
            self._accept(done.doubtful, paths)

    def _accept(self, doubtful: Sequence[Taken], paths: Sequence[Path]) -> None:
        """What nobody vouches for is taken only by a person who says why."""
        names = {one.file for one in doubtful}
        why = list(dict.fromkeys(one.doubt for one in doubtful))
        sentences = [
            *(f"{one.number}, {one.signer}{NBSP}: signature {one.verdict}." for one in doubtful[:SHOWN]),
            *([f"Et {len(doubtful) - SHOWN} autres."] if len(doubtful) > SHOWN else []),
            *why[:SHOWN],
            "Rien ne prouve donc qui a signé. Votre motif est écrit au journal, avec votre nom.",
        ]
        many = len(doubtful) > 1
        title = f"Reprendre {'ces signatures' if many else 'cette signature'} quand même{NBSP}?"
        reason = dialogs.ask_reason(
            self._widget, title, sentences, f"Reprendre {counted(len(doubtful))}", reasons=REASONS,
            safe="Ne pas reprendre",
        )  # fmt: skip
        if reason:
            self.take([path for path in paths if path.name in names], reason)

    def _say(self, level: Any, lead: str, text: str = "", *buttons: tuple[str, Callable[[], Any]]) -> None:
        self._context.messages.show_message(Message(level, lead, text, buttons))
