"""« Annuler et remplacer… » one letter, « Remplacer l’exemplaire signé… » of those ticked, each with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from cv_desktop.domain.text import NBSP
from cv_desktop.services import replacements, signed_copies
from cv_desktop.ui import dialogs
from cv_desktop.ui.context import Context
from cv_desktop.ui.letters.entries import REPLACED, SENT, SIGNED, Entry
from cv_desktop.ui.letters.entries import letters as counted
from cv_desktop.ui.message_bar import Message

REASONS = ("Faute dans le courrier", "Destinataire ou adresse", "Montant ou date", "Signataire", "Autre motif")

COPY_REASONS = (
    "Mauvais exemplaire signé",
    "Signature illisible",
    "Mauvais signataire",
    "Signé par erreur",
    "Autre motif",
)


def replace_signed(context: Context, widget: QWidget, entries: Sequence[Entry]) -> None:
    """Takes the signed copies of the letters ticked off, with a reason: they wait to be signed again."""
    ids = [entry.id for entry in entries if entry.row.state == SIGNED]
    if not ids:
        text = "Cochez des courriers signés et pas encore envoyés (Espace)."
        context.messages.show_message(
            Message("warning", "Aucun courrier coché n’a d’exemplaire signé à remplacer.", text)
        )
        return
    many = len(ids) > 1
    effects = [
        f"{counted(len(ids))} attend{'ent' if many else ''} de nouveau une signature, de la manière voulue.",
        "L’exemplaire retiré reste gardé dans la base, et son empreinte au journal.",
    ]
    title = f"Remplacer {'les exemplaires signés' if many else 'l’exemplaire signé'}{NBSP}?"
    verb = "Retirer les exemplaires" if many else "Retirer l’exemplaire"
    reason = dialogs.ask_reason(widget, title, effects, verb, reasons=COPY_REASONS, safe="Garder tel quel")
    if reason and context.do(
        f"{counted(len(ids))} à signer de nouveau", signed_copies.withdraw, letter_ids=ids, reason=reason
    ):
        context.messages.show_message(Message("success", f"{counted(len(ids))} à signer de nouveau."))


def replace_letter(context: Context, widget: QWidget, entry: Entry) -> str:
    """Asks, then prepares the letter that replaces this one; gives its key, empty when nothing was done."""
    row = entry.row
    if not row.issued or row.state == REPLACED:
        why = "est déjà remplacé" if row.issued else "n’est pas émis, il se corrige encore"
        context.messages.show_message(Message("warning", f"Ce courrier {why}{NBSP}: rien n’est à remplacer."))
        return ""
    effects = [
        f"Une version {row.edition + 1} se prépare, à relire, émettre et signer. Elle dira qu’elle annule et remplace "
        f"{row.number}.",
        f"{row.number} est gardé tel quel, avec sa signature, et marqué «{NBSP}Remplacé{NBSP}».",
    ]
    if row.state == SENT:
        effects.append(
            f"L’association a {row.number} en main{NBSP}: le délai de recours courra de la réception du nouveau."
        )
    title = f"Annuler et remplacer {row.number}{NBSP}?"
    reason = dialogs.ask_reason(
        widget, title, effects, "Annuler et remplacer", reasons=REASONS, safe="Garder ce courrier"
    )
    if not reason:
        return ""
    made: list[str] = []

    def write(session: Any, **given: Any) -> Any:
        changes, key = replacements.replace(session, **given)
        made.append(key)
        return changes

    if context.do(f"{row.number} remplacé", write, letter_id=entry.id, reason=reason) is None:
        return ""
    context.messages.show_message(
        Message("success", f"{row.number} est annulé.", "La version qui le remplace est à relire.")
    )
    return made[0]
