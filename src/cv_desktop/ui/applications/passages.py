"""The legal passages of a file: what each button does, and what the menu « … » offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from cv_desktop.db.queries import call_rows, usual_reasons
from cv_desktop.domain.eligibility import Result
from cv_desktop.domain.letters import OF_OUTCOME, WITH_CONVENTION
from cv_desktop.domain.money import euros
from cv_desktop.domain.states import ApplicationStatus
from cv_desktop.domain.workflow import blocking, refusing
from cv_desktop.services import applications, completion, derogations, drafts, letters, renewals
from cv_desktop.ui import dialogs
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.context import Context
from cv_desktop.ui.message_bar import Message


@dataclass(frozen=True, slots=True)
class Passage:
    """``reason`` is why it cannot be done now, empty when it can."""

    words: str
    reason: str
    run: Callable[[], None]


class Passages(QObject):
    """Acts on the file shown. ``tab_asked`` when the next step is a gesture of a tab."""

    tab_asked = Signal(str)

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self._dossier: Dossier | None = None

    def show_dossier(self, dossier: Dossier | None) -> None:
        self._dossier = dossier

    def next(self) -> None:
        """What the primary button does."""
        dossier = self._dossier
        step = dossier.next_step if dossier else None
        if step is None:
            return
        doing: dict[str, Callable[[], None]] = {
            "declare_eligible": self.declare_eligible,
            "ask_completion": self.ask_completion,
            "declare_ineligible": self.declare_ineligible,
            "receive_documents": lambda: self.tab_asked.emit("documents"),
            "deposit": self.deposit,
            "prepare_letter": self.prepare_letter,
            "open_letter": self.open_letter,
            "add_to_meeting": lambda: self._visit("meetings"),
            "open_grid": lambda: self._visit("meetings"),
            "prepare_lot": lambda: self._visit("arbitration"),
            "record_vote": lambda: self._visit("arbitration"),
        }
        doing[step.verb]()

    def others(self) -> list[Passage]:
        """Every passage, the impossible ones with their reason."""
        dossier = self._dossier
        if dossier is None:
            return []
        return [
            Passage("Déclarer recevable", dossier.why_not_eligible, self.declare_eligible),
            Passage("Préparer la demande de pièces", dossier.why_not_completion, self.ask_completion),
            Passage("Déclarer irrecevable…", dossier.why_not_ineligible, self.declare_ineligible),
            Passage("Rouvrir…", dossier.why_not_reopen, self.reopen),
            Passage("Enregistrer le retrait…", _why_not_withdraw(dossier), self.withdraw),
            Passage("Préparer un courrier…", _why_not_letter(dossier), self.prepare_by_hand),
            Passage("Supprimer le brouillon", _why_not_delete(dossier), self.delete),
            *self._renewals(),
        ]

    def menu(self, parent: QWidget) -> QMenu:
        """The menu « … »: a disabled entry says why beside it and in its tooltip."""
        menu = QMenu("Autres actions", parent)
        menu.setToolTipsVisible(True)
        for passage in self.others():
            words = f"{passage.words}   ({_short(passage.reason)})" if passage.reason else passage.words
            action = menu.addAction(words)
            action.setEnabled(not passage.reason)
            action.setToolTip(passage.reason)
            action.triggered.connect(lambda _on=False, run=passage.run: run())
        menu.addSeparator()
        menu.addAction("Ouvrir la structure", self.open_structure)
        menu.addAction("Voir le journal du dossier", lambda: self.tab_asked.emit("journal"))
        return menu

    def deposit(self) -> None:
        """Ends a draft, or shows in its form what it still needs."""
        dossier = self._dossier
        if dossier is None:
            return
        number = dossier.record.row.number
        if self._context.do(f"dépôt ({number})", drafts.deposit, application_id=dossier.id) is None:
            self.tab_asked.emit("project")

    def delete(self) -> None:
        """A draft goes at once, and « Annuler » gives it back."""
        dossier = self._dossier
        if dossier is None:
            return
        number = dossier.record.row.number
        if self._context.do(f"brouillon {number} supprimé", drafts.delete, application_id=dossier.id) is not None:
            back = (("Annuler", self._context.undo_last),)
            self._context.messages.show_message(Message("success", f"Brouillon {number} supprimé.", "", back))

    def withdraw(self) -> None:
        dossier = self._dossier
        if dossier is None:
            return
        number = dossier.record.row.number
        effects = ["Le dossier sort de l’instruction\u00a0; il reste dans la campagne, marqué «\u00a0Retiré\u00a0»."]
        verb = f"Retirer {number}"
        title = f"Enregistrer le retrait du dossier {number}"
        reason = dialogs.ask_reason(
            self._window, title, effects, verb, reasons=self._context.read(usual_reasons.of_gesture, "retrait")
        )
        if reason:
            self._context.do(f"retrait ({number})", drafts.withdraw, application_id=dossier.id, reason=reason)

    def renew(self, call_id: str) -> None:
        """Takes the file up again in another campaign, and shows the draft."""
        dossier = self._dossier
        if dossier is None:
            return
        number = dossier.record.row.number
        done = self._context.do(
            f"renouvellement de {number}", renewals.create, application_id=dossier.id, call_id=call_id
        )
        key = next((id for noun, id in done.touched if noun == "application"), "") if done else ""
        if key:
            self._context.calls.select(call_id)
            self._visit("applications", "application", key)

    def _renewals(self) -> list[Passage]:
        """The later campaigns of the same scheme, where the action may go on."""
        dossier = self._dossier
        if dossier is None:
            return []
        found = self._context.read(call_rows.later, call_id=dossier.record.call_id)
        return [Passage(f"Reprendre dans «\u00a0{x.label}\u00a0»", "", partial(self.renew, x.id)) for x in found[:3]]

    def declare_eligible(self) -> None:
        dossier = self._dossier
        if dossier:
            self._pass("recevable", applications.declare_eligible, "Dossier déclaré recevable.")

    def ask_completion(self) -> None:
        dossier = self._dossier
        if dossier:
            self._pass("à compléter", completion.ask, "Demande de pièces préparée.", "Relire le courrier")

    def request(self) -> None:
        """Asks what is missing; when the letter is already there, opens it rather than preparing another."""
        dossier = self._dossier
        waiting = dossier.waiting if dossier else None
        if waiting is not None and waiting.prepared and waiting.asked_on is None:
            self.open_letter()
        else:
            self.ask_completion()

    def derogate(self, result: Result) -> None:
        """Sets a check aside after asking why, or puts it back."""
        dossier = self._dossier
        if dossier is None:
            return
        number, title = dossier.record.row.number, result.title
        if result.derogation:
            in_force = (d for d in dossier.derogations if d.lifted_at is None and not d.item)
            given = next((d for d in in_force if d.code == result.code), None)
            if given:
                self._context.do(f"dérogation levée, {title} ({number})", derogations.lift, derogation_id=given.id)
            return
        effects = [result.sentence, "La règle ne bloquera plus ce dossier. Le motif et votre nom sont au journal."]
        reason = dialogs.ask_reason(
            self._window,
            f"Déroger\u00a0: {title}",
            effects,
            "Déroger",
            reasons=self._context.read(usual_reasons.of_gesture, "derogation"),
        )
        if reason:
            self._context.do(
                f"dérogation, {title} ({number})",
                derogations.give,
                application_id=dossier.id,
                code=result.code,
                reason=reason,
            )

    def declare_ineligible(self) -> None:
        dossier = self._dossier
        if dossier is None:
            return
        row = dossier.record.row
        causes = refusing(dossier.results) or blocking(dossier.results)
        effects = [
            *(result.sentence for result in causes[:2]),
            f"{row.structure} demande {euros(row.asked_cents)}.",
            "Le dossier sort de l’instruction ; un courrier d’irrecevabilité motivé reste à envoyer.",
        ]
        title = f"Déclarer le dossier {row.number} irrecevable ?"
        if dialogs.confirm(self._window, title, effects, "Déclarer irrecevable", "Ne pas déclarer"):
            self._pass(
                "irrecevable", applications.declare_ineligible, "Dossier déclaré irrecevable.", "Préparer le courrier"
            )

    def reopen(self) -> None:
        dossier = self._dossier
        if dossier is None:
            return
        number = dossier.record.row.number
        effects = ["Le dossier redevient « Déposé » et ses contrôles sont refaits.", "Le motif est écrit au journal."]
        verb = f"Rouvrir {number}"
        reason = dialogs.ask_reason(
            self._window,
            f"Rouvrir le dossier {number}",
            effects,
            verb,
            reasons=self._context.read(usual_reasons.of_gesture, "dossier_rouvert"),
        )
        if reason:
            self._context.do(f"réouverture ({number})", applications.reopen, application_id=dossier.id, reason=reason)

    def prepare_letter(self) -> None:
        """Prepares the letter that tells the decision, or the inadmissibility, and opens it."""
        dossier = self._dossier
        if dossier is None:
            return
        outcome = dossier.record.row.progress.outcome
        told = OF_OUTCOME[outcome or "granted"]
        kinds = ("IRR",) if dossier.status is ApplicationStatus.INELIGIBLE else (told, WITH_CONVENTION)
        done = self._context.do("courrier préparé", letters.prepare, call_id=dossier.record.call_id, kinds=kinds)
        if done is not None:
            self.open_letter()

    def prepare_by_hand(self) -> None:
        """Asks which letter, with what only the officer knows of it, and opens it."""
        dossier = self._dossier
        if dossier is None:
            return
        # The form of letters loads with the first one.
        from cv_desktop.ui.letters.hand_letter_dialog import FileChoice, HandLetterDialog

        row = dossier.record.row
        mine = FileChoice(dossier.id, f"{row.number} · {row.structure}")
        dialog = HandLetterDialog(self._window, self._context, [mine])
        if dialog.exec() == dialog.DialogCode.Accepted:
            self._visit("letters", "letter", dialog.letter_id)

    def open_letter(self) -> None:
        """The last letter of the file that is not an acknowledgement."""
        dossier = self._dossier
        written = [x for x in dossier.outcomes.letters if x.kind != "AR"] if dossier else []
        self._visit("letters", "letter", written[-1].id if written else "")

    def open_structure(self) -> None:
        if self._dossier:
            self._visit("structures", "structure", self._dossier.record.row.structure_id)

    def _pass(self, state: str, verb: Callable[..., object], said: str, offer: str = "") -> None:
        dossier = self._dossier
        if dossier is None:
            return
        row = dossier.record.row
        done = self._context.do(f"{state} ({row.number})", verb, application_id=dossier.id)
        if done is not None:
            way = self.prepare_letter if offer == "Préparer le courrier" else self.open_letter
            buttons = ((offer, way),) if offer else ()
            self._context.messages.show_message(Message("success", f"{row.number}\u00a0: {said}", "", buttons))

    def _visit(self, destination: str, noun: str = "", id: str = "") -> None:
        self._context.visit.emit(destination, noun if id else "", id)


def _why_not_withdraw(dossier: Dossier) -> str:
    if dossier.status is ApplicationStatus.DRAFT:
        return "Un brouillon se supprime."
    if dossier.status is ApplicationStatus.WITHDRAWN:
        return "Ce dossier est déjà retiré."
    return "Une décision a été votée sur ce dossier." if dossier.record.row.progress.outcome else ""


def _why_not_delete(dossier: Dossier) -> str:
    return "" if dossier.status is ApplicationStatus.DRAFT else "Un dossier déposé ne se supprime pas."


def _short(reason: str) -> str:
    """The first sentence, short enough for a menu."""
    first = reason.partition(". ")[0].removesuffix(".")
    return first if len(first) <= 70 else f"{first[:67].rstrip()}…"


def _why_not_letter(dossier: Dossier) -> str:
    draft = dossier.status is ApplicationStatus.DRAFT
    return f"{dossier.record.row.number} est un brouillon\u00a0: déposez-le d’abord." if draft else ""
