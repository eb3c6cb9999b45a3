"""What is done with letters: prepare, mark re-read, issue, print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import local, long_date
from cv_desktop.services import letter_files, letters
from cv_desktop.ui import dialogs
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Stopped, Token
from cv_desktop.ui.letters.batch import Batch, Told
from cv_desktop.ui.letters.entries import Entry, named
from cv_desktop.ui.letters.entries import letters as counted
from cv_desktop.ui.letters.file_watch import CHUNK
from cv_desktop.ui.message_bar import Message

ISSUING = "Génération des PDF"
PRINT_NAME = "courriers-a-imprimer.pdf"


class Dispatch:
    """Each gesture on the letters ticked, or on the one shown."""

    def __init__(self, context: Context, widget: QWidget, batch: Batch) -> None:
        self._context, self._widget, self._batch = context, widget, batch

    def prepare(self, call_id: str) -> None:
        changes = self._context.do("", letters.prepare, call_id=call_id)
        if changes is None:
            return
        keys = [key for _noun, key in changes.touched]
        made = self._context.read(letters.remaining, letter_ids=keys)
        count, away, typed = len(made), len(keys) - len(made), sum(made.values())
        said = f"{counted(count)} préparé{'s' if count > 1 else ''}, à relire." if count else ""
        if typed:
            said += f" {counted(typed)} {'gardent' if typed > 1 else 'garde'} le texte saisi pour un courrier retiré."
        gone = (
            f"{counted(away)} retiré{'s' if away > 1 else ''}, que {'leur' if away > 1 else 'son'} dossier ne demande "
            "plus\u00a0; ce qui y était saisi reste au journal."
        )
        if keys:
            self._say("success", said or gone, gone if said and away else "")
        else:
            self._say("info", "Tous les courriers sont déjà préparés.")

    def mark_read(self, entry: Entry) -> bool:
        label = f"courrier {entry.short} relu"
        return self._context.do(label, letters.mark_read, letter_id=entry.id) is not None

    def mark_unread(self, entry: Entry) -> None:
        self._context.do(f"courrier {entry.short} à relire", letters.mark_unread, letter_id=entry.id)

    def offer_marking(self, entries: Sequence[Entry]) -> None:
        """Says how many would pass and which would not, before anything is written."""
        ready = [entry for entry in entries if entry.readable]
        lacking = [entry for entry in entries if entry.missing and not entry.row.issued]
        if not ready:
            self._say("warning", "Aucun des courriers cochés ne peut être marqué relu.", self._lacking(lacking))
            return
        ids = [entry.id for entry in ready]
        passing = f"{counted(len(ready))} passe{'ront' if len(ready) > 1 else 'ra'} à « Relu »."
        self._say(
            "info",
            passing,
            self._lacking(lacking),
            (f"Marquer {len(ids)} relu{'s' if len(ids) > 1 else ''}", lambda: self._mark_all(ids)),
            ("Abandonner", lambda: None),
        )

    def issue(self, entries: Sequence[Entry]) -> None:
        """Asks, then issues the re-read letters among these in the background."""
        ready = [entry for entry in entries if entry.ready]
        if not self._batch.free():
            return
        if not ready:
            what = "coché n’est relu" if entries else "n’est coché"
            self._say("warning", f"Aucun courrier {what}.", "Cochez des courriers relus (Espace).")
            return
        left = [entry for entry in entries if not entry.ready and not entry.row.issued]
        plural = "s" if len(ready) > 1 else ""
        day = long_date(local(self._context.clock()).date())
        effects = [
            f"{counted(len(ready))} relu{plural} prend{'ront' if plural else 'ra'} un numéro définitif et la date "
            f"du {day}.",
            "Un courrier émis est verrouillé : une faute se corrige par un nouveau courrier. Cela ne s’annule pas.",
        ]
        if left:
            effects.append(f"{counted(len(left))} ne {'partiront' if len(left) > 1 else 'partira'} pas : "
                           f"à relire ou incomplet ({named(left)}).")  # fmt: skip
        if dialogs.confirm(self._widget, f"Émettre {counted(len(ready))} ?", effects, f"Générer {len(ready)} PDF"):
            self._start([entry.id for entry in ready])

    def print(self, entries: Sequence[Entry]) -> None:
        """One file of the issued letters among these, where the person says."""
        ids = [entry.id for entry in entries if entry.row.issued]
        if not ids:
            self._say("warning", "Aucun courrier émis n’est coché.", "Ce fichier réunit des courriers émis.")
            return
        start = str(Path.home() / PRINT_NAME)
        chosen, _ = QFileDialog.getSaveFileName(self._widget, "Fichier d’impression", start, "PDF (*.pdf)")
        if not chosen:
            return
        store, actor, path = self._context.store, self._context.actor, Path(chosen).with_suffix(".pdf")

        def work(_token: Token) -> Path:
            # pikepdf loads with the first print.
            from cv_desktop.documents import letter_pdf
            from cv_desktop.documents.print_run import merge
            from cv_desktop.services.printing import print_run

            pages = print_run(store, actor=actor, letter_ids=ids, render=letter_pdf.render, merge=merge)
            letters.write_file(path, pages)
            return path

        self._context.jobs.run("Fichier d’impression", work, on_done=lambda made: self._printed(made, len(ids)))

    def mend(self, entry: Entry) -> None:
        """The file as it was issued or signed, back in its folder."""
        store, actor = self._context.store, self._context.actor

        def work(_token: Token) -> Changes:
            from cv_desktop.documents import letter_pdf

            return letter_files.mend(store, actor=actor, letter_ids=[entry.id], render=letter_pdf.render)

        def mended(changes: Changes) -> None:
            self._context.accept("", changes)
            self._say("success", f"Le PDF du courrier {entry.row.number} est remis en place.")

        self._context.jobs.run("Remise en place", work, on_done=mended)

    def open_folder(self) -> None:
        folder = self._context.store.folder / letters.FOLDER
        if folder.is_dir():
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
        else:
            self._say("info", "Aucun PDF pour l’instant.", "Le dossier naît avec le premier courrier émis.")

    def _start(self, ids: list[str]) -> None:
        store, actor = self._context.store, self._context.actor

        def work(progress: Told) -> tuple[Changes, int]:
            from cv_desktop.documents import letter_pdf

            changes, issued = letters.issue(
                store, actor=actor, letter_ids=ids, render=letter_pdf.render, progress=progress, only_read=True
            )
            return changes, len(issued)

        self._batch.start(ISSUING, ids, work, lambda found: self._issued(found[0], found[1], len(ids)))

    def _issued(self, changes: Changes, done: int, asked: int) -> None:
        self._context.accept("", changes)
        made = f"{done} PDF produit{'s' if done > 1 else ''}"
        if done < asked:
            left = asked - done
            self._say("info", "Arrêté.", f"{made}, {left} reste{'nt' if left > 1 else ''} à produire.")
        else:
            self._say("success", f"{made}.", "", ("Ouvrir le dossier", self.open_folder))

    def _mark_all(self, ids: list[str]) -> None:
        done = f"{counted(len(ids))} {'marqués relus' if len(ids) > 1 else 'marqué relu'}"
        store, actor = self._context.store, self._context.actor

        def work(token: Token) -> Changes:
            changes = Changes()
            with store.write(actor) as session:
                for start in range(0, len(ids), CHUNK):
                    if token.cancelled:
                        raise Stopped
                    token.progress(start, len(ids))
                    changes |= letters.mark_all(session, letter_ids=ids[start : start + CHUNK], read=True)
            return Changes(changes.touched, Step(letters.mark_all, {"letter_ids": ids, "read": False}))

        def marked(changes: Changes) -> None:
            self._context.accept(done, changes)
            self._say("success", f"{done}.", "", ("Annuler", self._context.undo_last))

        # Hundreds are read again before they pass: the window does not wait for it; stopped, none of them passes.
        self._context.jobs.run("Relecture", work, on_done=marked)

    def _printed(self, path: Path, count: int) -> None:
        self._say("success", f"Fichier d’impression de {counted(count)} écrit.", str(path))

    @staticmethod
    def _lacking(entries: Sequence[Entry]) -> str:
        if not entries:
            return ""
        word = "n’y passeront pas" if len(entries) > 1 else "n’y passera pas"
        return f"{counted(len(entries))} {word} : champ vide ({named(entries)})."

    def _say(self, level: Any, lead: str, text: str = "", *buttons: tuple[str, Callable[[], None]]) -> None:
        self._context.messages.show_message(Message(level, lead, text, buttons))
