"""What was asked of the association, until when, what is still missing; the gesture that comes next."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cv_desktop.domain.completion import left, points
from cv_desktop.domain.dates import long_date
from cv_desktop.services import completion
from cv_desktop.ui import theme
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.context import Context

NBSP = "\u00a0"
NAMED = 4


class RequestStrip(QFrame):
    """One line above the documents. ``ask_asked``: prepare the request; ``letter_asked``: read its letter."""

    ask_asked = Signal()
    letter_asked = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._dossier: Dossier | None = None
        self.setProperty("card", True)
        self.lead, self.detail = QLabel(), QLabel()
        theme.set_type(self.lead, "body", weight=600)
        theme.set_type(self.detail, "secondary", "secondary")
        for label in (self.lead, self.detail):
            label.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.button = QPushButton()
        theme.set_kind(self.button, "secondary", small=True)
        self.button.clicked.connect(self._act)
        self._gesture = ""
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.lead)
        words.addWidget(self.detail)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(12)
        layout.addLayout(words, 1)
        layout.addWidget(self.button)

    def show_dossier(self, dossier: Dossier) -> None:
        self._dossier = dossier
        lead, detail, button, self._gesture = _said(dossier)
        self.lead.setText(lead)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        self.button.setText(button)
        self.button.setVisible(bool(button) and dossier.open)
        self.setVisible(bool(lead))
        self.setAccessibleName(f"Demande de pièces{NBSP}: {lead} {detail}")

    def _act(self) -> None:
        dossier = self._dossier
        if self._gesture == "ask":
            self.ask_asked.emit()
        elif self._gesture == "letter":
            self.letter_asked.emit()
        elif self._gesture == "close" and dossier is not None:
            self._context.do(
                f"demande de pièces close ({dossier.record.row.number})", completion.close, application_id=dossier.id
            )


def _said(dossier: Dossier) -> tuple[str, str, str, str]:
    """Lead, detail, button and its gesture."""
    lacking = points(dossier.results) if dossier.open else ()
    named = _named([p.text for p in lacking])
    waiting = dossier.waiting
    if waiting is None:
        if lacking and not dossier.why_not_completion:
            count = f"{len(lacking)} point{'s' if len(lacking) > 1 else ''}"
            return f"À demander{NBSP}: {count}", named, "Préparer la demande", "ask"
        done = [row for row in dossier.requests if row.closed_on]
        if done and done[-1].closed_on:
            return f"Dernière demande close le {long_date(done[-1].closed_on)}", "", "", ""
        return "", "", "", ""
    if waiting.asked_on is None or waiting.due_on is None:
        if waiting.prepared:
            return "Demande préparée, courrier à relire et à émettre", named, "Relire le courrier", "letter"
        return "Demande à préparer", named, "Préparer la demande", "ask"
    still = left(waiting.points, dossier.results)
    by = f" (courrier {waiting.letter})" if waiting.letter else ""
    lead = f"Demandé le {long_date(waiting.asked_on)}{by}, attendu le {long_date(waiting.due_on)} au plus tard"
    if not still:
        return lead, "Tout ce qui était demandé est là.", "Clore la demande", "close"
    late = " Le délai est passé." if dossier.today > waiting.due_on else ""
    return lead, f"Reste{NBSP}: {_named([p.text for p in still])}.{late}", "Clore la demande", "close"


def _named(texts: list[str]) -> str:
    bare = [text.removesuffix(".") for text in texts]
    more = f", et {len(bare) - NAMED} de plus" if len(bare) > NAMED else ""
    # Some hold a semicolon of their own.
    return " · ".join(bare[:NAMED]) + more
