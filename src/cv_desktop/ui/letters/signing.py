"""Signing the letters ticked: the question once for the batch, the work in the background, what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date

from PySide6.QtWidgets import QDialog, QWidget

from cv_desktop.db.queries import attachments
from cv_desktop.db.queries import signatories as register
from cv_desktop.db.queries.signatories import SignatoryRow
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.delegations import Refusal, Ruling
from cv_desktop.services import signatures
from cv_desktop.services.signatures import SignedBatch
from cv_desktop.ui.context import Context
from cv_desktop.ui.letters.batch import Batch, Told
from cv_desktop.ui.letters.entries import ISSUED, Entry
from cv_desktop.ui.letters.entries import letters as counted
from cv_desktop.ui.letters.sign_dialog import CERTIFICATE, HAND, IMAGE, NOT_ELECTRONIC, Asked, SignDialog
from cv_desktop.ui.message_bar import Message

NAME = "Signature des courriers"


class Signing:
    """``ask(entries)``: the letters ticked."""

    def __init__(self, context: Context, widget: QWidget, batch: Batch) -> None:
        self._context, self._widget, self._batch = context, widget, batch
        self._memory = context.settings.memory("letters.signing")

    def ask(self, entries: Sequence[Entry]) -> None:
        if not self._batch.free():
            return
        ids = [entry.id for entry in entries if entry.row.issued]
        if not any(entry.row.state == ISSUED for entry in entries):
            what = "n’attend une signature" if entries else "n’est coché"
            self._say("warning", f"Aucun courrier coché {what}." if entries else "Aucun courrier n’est coché.",
                      "Cochez des courriers émis et non signés (Espace).")  # fmt: skip
            return
        people = [one for one in self._context.read(register.rows) if one.active and one.name]
        if not people:
            self._context.messages.show_message(
                Message(
                    "warning",
                    "Personne n’est au registre des signataires.",
                    "Nommez qui signe, et sa délégation.",
                    (("Ouvrir les réglages", self._to_register),),
                )
            )
            return
        dialog = SignDialog(
            self._widget, people, lambda who, day: self._judge(who, ids, day), self._image_of, self._today, self._memory
        )
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._run(dialog.asked(), [letter.id for letter, _by in dialog.ruling.granted], dialog.ruling.refused)

    def _judge(self, signatory_id: str, ids: Sequence[str], day: date | None) -> Ruling:
        return self._context.read(signatures.ruling, signatory_id=signatory_id, letter_ids=ids, day=day)

    def _run(self, asked: Asked, ids: list[str], refused: tuple[Refusal, ...]) -> None:
        if asked.way == HAND:
            label = f"{counted(len(ids))} signé{'s' if len(ids) > 1 else ''} à la main"
            given = {"letter_ids": ids, "signatory_id": asked.signatory.id, "signed_on": asked.signed_on}
            if self._context.do(label, signatures.by_hand, **given) is not None:
                self._say("success", f"{label} le {long_date(asked.signed_on or self._today())}.", _said(refused))
            return
        store, actor = self._context.store, self._context.actor

        told: list[str] = []

        def work(progress: Told) -> SignedBatch:
            # The makers of signatures load with the first batch.
            from cv_desktop.documents import letter_pdf
            from cv_desktop.services import seals

            with ExitStack() as opened:
                if asked.way == IMAGE:
                    with store.read() as session:
                        seal = seals.of_image(session, asked.signatory)
                elif asked.way == CERTIFICATE:
                    seal = seals.of_certificate(store, asked.signatory, path=asked.path, passphrase=asked.secret)
                else:
                    token = seals.of_token(
                        store, asked.signatory, module=asked.path, pin=asked.secret, label=asked.card
                    )
                    seal = opened.enter_context(token)
                told[:] = [f"Niveau {seal.level}.", seal.note] if seal.level else []
                return signatures.sign(
                    store, actor=actor, letter_ids=ids, signatory_id=asked.signatory.id, seal=seal,
                    render=letter_pdf.render, progress=progress,
                )  # fmt: skip

        self._batch.start(NAME, ids, work, lambda done: self._done(done, asked, len(ids), refused, told))

    def _done(
        self, done: SignedBatch, asked: Asked, count: int, refused: tuple[Refusal, ...], told: Sequence[str]
    ) -> None:
        self._context.accept("", done.changes)
        made = f"{counted(len(done.files))} signé{'s' if len(done.files) > 1 else ''}"
        after = [NOT_ELECTRONIC] if asked.way == IMAGE else [one for one in told if one]
        said = " ".join([*after, _said((*refused, *done.refused))]).strip()
        left = count - len(done.files) - sum(len(one.letters) for one in done.refused)
        if left:
            self._say("info", "Arrêté.", f"{made}, {left} reste{'nt' if left > 1 else ''} à signer. {said}".strip())
        else:
            self._say("warning" if done.refused else "success", f"{made}.", said)

    def _image_of(self, person: SignatoryRow) -> bytes | None:
        if not person.image_sha256:
            return None
        path = self._context.read(attachments.content, sha256=person.image_sha256)
        return path.read_bytes() if path.is_file() else None

    def _today(self) -> date:
        return local(self._context.clock()).date()

    def _to_register(self) -> None:
        self._context.visit.emit("preferences", "settings", "signatory_name")

    def _say(self, level: str, lead: str, text: str = "") -> None:
        self._context.messages.show_message(Message(level, lead, text))  # type: ignore[arg-type]


def _said(refused: Sequence[Refusal]) -> str:
    return " ".join(one.sentence for one in refused)
