"""Letters that leave: marked sent, their mails and their list for the post office, their receipts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from cv_desktop.db.queries.letters import LetterRow
from cv_desktop.domain.dates import local, long_date
from cv_desktop.services import dispatches, letters
from cv_desktop.ui import dialogs
from cv_desktop.ui.context import Context
from cv_desktop.ui.letters.batch import Batch, Told
from cv_desktop.ui.letters.entries import ISSUED, SENT, SIGNED, Entry
from cv_desktop.ui.letters.entries import letters as counted
from cv_desktop.ui.letters.send_dialog import ReceiptsDialog, SendDialog
from cv_desktop.ui.message_bar import Message

LIST_KINDS = "Classeur (*.xlsx);;PDF (*.pdf);;CSV (*.csv)"
REASONS = ("Marqué par erreur", "Revenu à l’envoyeur", "Autre motif")


class SendingGestures:
    """Each gesture on the letters ticked."""

    def __init__(self, context: Context, widget: QWidget, batch: Batch) -> None:
        self._context, self._widget, self._batch = context, widget, batch
        self._memory = context.settings.memory("letters.sending")

    def mark(self, entries: Sequence[Entry]) -> None:
        """Asks how and when, once for the batch."""
        ready = [entry for entry in entries if entry.row.state in (ISSUED, SIGNED) and not entry.busy]
        if not ready:
            self._say("warning", "Aucun courrier coché n’est à envoyer.", "Cochez des courriers émis ou signés.")
            return
        dialog = SendDialog(self._widget, ready, self._today(), self._memory)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        asked, ids = dialog.sending(), [entry.id for entry in ready]
        done = self._context.do(
            "", dispatches.send, letter_ids=ids, channel=asked.channel, sent_on=asked.sent_on,
            registered=asked.registered, proof=asked.proof,
        )  # fmt: skip
        if done is not None:
            plural = "s" if len(ids) > 1 else ""
            self._say("success", f"{counted(len(ids))} marqué{plural} envoyé{plural} le {long_date(asked.sent_on)}.")

    def unmark(self, entries: Sequence[Entry]) -> None:
        """Takes « envoyé » back, with a reason."""
        ids = [entry.id for entry in entries if entry.row.state == SENT]
        if not ids:
            self._say("warning", "Aucun courrier coché n’est marqué envoyé.")
            return
        will = "ne seront plus marqués envoyés" if len(ids) > 1 else "ne sera plus marqué envoyé"
        sentences = [
            f"{counted(len(ids))} {will}. La date de réception et le numéro de recommandé sont effacés, et gardés au "
            "journal."
        ]
        reason = dialogs.ask_reason(
            self._widget, "Ne plus marquer envoyé\u00a0?", sentences, "Ne plus marquer envoyé", reasons=REASONS
        )
        if reason:
            self._context.do("", dispatches.take_back, letter_ids=ids, reason=reason)

    def receive(self, entries: Sequence[Entry], rows: Sequence[LetterRow]) -> None:
        """Days of receipt typed or pasted; the letters ticked are offered, any sent one of the campaign is taken."""
        sent = {row.number: (row.sent.on, row.sent.registered_number) for row in rows if row.sent is not None}
        if not sent:
            self._say("warning", "Aucun courrier de cette campagne n’est marqué envoyé.")
            return
        dialog = ReceiptsDialog(self._widget, sent, self._today())
        offered = [entry.row.number for entry in entries if entry.row.number in sent]
        if offered:
            dialog.offer(offered)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        keys = {row.number: row.id for row in rows}
        dates = {keys[number]: day for number, day in dialog.pasted.dates.items()}
        label = f"{counted(len(dates), 'date')} de réception"
        if self._context.do(label, dispatches.receive, dates=dates) is not None:
            plural = "s" if len(dates) > 1 else ""
            self._say("success", f"{label} enregistrée{plural}.", "", ("Annuler", self._context.undo_last))

    def mails(self, entries: Sequence[Entry]) -> None:
        """One file per letter for the mail program, in a folder; then offers to mark them sent."""
        chosen = [entry for entry in entries if entry.row.issued]
        if not self._batch.free():
            return
        if not chosen:
            self._say("warning", "Aucun courrier émis n’est coché.", "Un courriel porte le PDF d’un courrier émis.")
            return
        folder = QFileDialog.getExistingDirectory(self._widget, "Dossier des courriels", str(Path.home()))
        if not folder:
            return
        store, actor, ids = self._context.store, self._context.actor, [entry.id for entry in chosen]

        def work(progress: Told) -> Any:
            from cv_desktop.documents import letter_pdf
            from cv_desktop.services import mailing

            made = mailing.mails(
                store, actor=actor, letter_ids=ids, out=Path(folder), render=letter_pdf.render, progress=progress
            )
            return made, mailing.said(made.left)

        def done(found: Any) -> None:
            made, left = found
            count = len(made.files)
            ready = [entry for entry in chosen if entry.id in made.letter_ids]
            lead = f"{counted(count, 'courriel')} prêt{'s' if count > 1 else ''} dans {folder}."
            text = f"Ouvrez-les, envoyez-les, puis marquez-les envoyés. {left}".strip()
            buttons = ((f"Marquer {counted(count)} envoyés…", lambda: self.mark(ready)),) if ready else ()
            self._say("warning" if made.left else "success", lead, text, *buttons)

        self._batch.start("Préparation des courriels", ids, work, done)

    def post_list(self, entries: Sequence[Entry]) -> None:
        """The list of the post office, where the person says."""
        ids = [entry.id for entry in entries if entry.row.issued]
        if not ids:
            self._say("warning", "Aucun courrier émis n’est coché.", "Le bordereau liste des courriers émis.")
            return
        start = str(Path.home() / "bordereau-poste.xlsx")
        chosen, kind = QFileDialog.getSaveFileName(self._widget, "Bordereau de la poste", start, LIST_KINDS)
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() not in (".xlsx", ".pdf", ".csv"):
            path = path.with_suffix({"PDF": ".pdf", "CSV": ".csv"}.get(kind.split(" ")[0], ".xlsx"))
        store, actor = self._context.store, self._context.actor

        def work(_token: object) -> Path:
            from cv_desktop.services import mailing

            with store.write(actor) as session:
                made = mailing.post_list(session, letter_ids=ids, suffix=path.suffix.lower())
            letters.write_file(path, made)
            return path

        self._context.jobs.run(
            "Bordereau de la poste",
            work,
            on_done=lambda made: self._say("success", f"Bordereau de {counted(len(ids))} écrit.", str(made)),
        )

    def _today(self) -> Any:
        return local(self._context.clock()).date()

    def _say(self, level: Any, lead: str, text: str = "", *buttons: tuple[str, Callable[[], None]]) -> None:
        self._context.messages.show_message(Message(level, lead, text, buttons))
