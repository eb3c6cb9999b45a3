"""« Préparer le lot de vote »: what will be submitted, and each guard."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from cv_desktop.domain.money import euros
from cv_desktop.domain.reasons import LENGTH
from cv_desktop.domain.states import Outcome
from cv_desktop.domain.text import counted
from cv_desktop.services.ballot import Ballot
from cv_desktop.ui import theme
from cv_desktop.ui.arbitration.guard_rows import GuardRows
from cv_desktop.ui.arbitration.panel import Panel
from cv_desktop.ui.fields.field import LongTextField, TextField


class BallotPanel(Panel):
    """``wanted(label, reason)`` when the verb is used; ``put`` shows the lot to come."""

    wanted = Signal(str, str)
    waiting_changed = Signal()

    def __init__(self) -> None:
        super().__init__("Préparer le lot de vote", "Soumettre au vote")
        self.summary = self.say("")
        self.label = TextField("Nom du lot")
        self.body.addWidget(self.label)
        self.waits = QCheckBox()
        self.waits.toggled.connect(self.waiting_changed)
        self.body.addWidget(self.waits)
        # What blocks, and the reason that excuses it, come first: the rest may be below the edge of a low window.
        self.held, self.guards = GuardRows(), GuardRows()
        self.body.addWidget(self.held)
        self.reason = LongTextField("Motif du dépassement", required=True, lines=3)
        self.reason.editor.setMaximumHeight(theme.px(84))
        self.reason.editor.textChanged.connect(self._weigh)
        self.body.addWidget(self.reason)
        self.body.addWidget(self.guards)
        self.say("Soumis, un montant ne change plus ici : le lot est voté, ou retourné avec son motif.")
        self.setFocusProxy(self.label)
        self._ballot: Ballot | None = None

    @property
    def ballot(self) -> Ballot | None:
        return self._ballot

    @property
    def waiting(self) -> bool:
        """Whether the files without money go on the waiting list rather than being refused."""
        return self.waits.isChecked()

    def put(self, ballot: Ballot, label: str) -> None:
        """Shows the lot as it stands; ``label`` is proposed as its name."""
        self._ballot = ballot
        self.summary.setText(summary(ballot))
        if not self.label.text():
            self.label.set_value(label)
        self.held.put(guard for guard in ballot.guards if guard.state == "block")
        self.guards.put(sorted((x for x in ballot.guards if x.state != "block"), key=lambda x: x.state != "warn"))
        self.waits.setVisible(bool(ballot.could_wait))
        self.waits.setText(f"{files(ballot.could_wait)} en liste d’attente")
        self.waits.setToolTip(
            "Sans montant, ils seront promus, dans cet ordre, quand des crédits reviennent. Sinon, ils sont refusés."
        )
        self.reason.setVisible(ballot.needs_reason)
        over = ballot.overspent or bool(ballot.excess)
        whole = "Motif, pour chaque point qui bloque" if ballot.excused else "Motif du dépassement"
        self.reason.rename(whole if over else "Motif, gardé avec le lot")
        self.verb.setText(f"Soumettre {files(ballot.files)} au vote")
        self._weigh()

    def run(self) -> None:
        reason = self.reason.text().strip() if self._ballot and self._ballot.needs_reason else ""
        self.wanted.emit(self.label.text().strip(), reason)

    def free(self) -> None:
        super().free()
        self._weigh()

    def _weigh(self) -> None:
        ballot = self._ballot
        if ballot is None:
            return
        excused = not ballot.needs_reason or len(self.reason.text().strip()) >= LENGTH
        self.verb.setEnabled(bool(ballot.files) and not ballot.blocked and excused and not self.working)
        self.verb.setToolTip("" if self.verb.isEnabled() else "Un contrôle bloque encore ce lot.")


def files(count: int) -> str:
    """« 1 dossier », « 15 dossiers »."""
    return counted(count, "dossier")


def summary(ballot: Ballot) -> str:
    """« 15 dossiers, 28 100 € : 13 attribués en partie, 1 refusé, 1 ajourné. »"""
    words = {
        Outcome.GRANTED: "attribué",
        Outcome.PARTIAL: "attribué{} en partie",
        Outcome.REFUSED: "refusé",
        Outcome.ADJOURNED: "ajourné",
        Outcome.WAITING: "en liste d’attente",
    }
    parts = []
    for outcome, count in ballot.outcomes.items():
        word, plural = words[outcome], "s" if count > 1 and outcome is not Outcome.WAITING else ""
        parts.append(f"{count} {word.format(plural) if '{}' in word else word + plural}")
    return f"{files(ballot.files)}, {euros(ballot.total_cents)} : {', '.join(parts)}."
