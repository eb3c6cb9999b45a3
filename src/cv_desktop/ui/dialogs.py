"""The two questions a person may be asked: a confirmation of what cannot be undone, and a reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.domain.reasons import LENGTH
from cv_desktop.ui import look, theme
from cv_desktop.ui.jobs import Jobs


class Question(QDialog):
    """A title, sentences, what the caller adds in ``body``, and two verbs. The safe one is the default."""

    def __init__(self, parent: QWidget | None, title: str, sentences: Sequence[str], verb: str, safe: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(look.px(460))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(8)
        heading = QLabel(title)
        heading.setWordWrap(True)
        theme.set_type(heading, "section", weight=600)
        layout.addWidget(heading)
        for sentence in sentences:
            label = QLabel(sentence)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            theme.set_type(label, "body", "secondary")
            layout.addWidget(label)
        self.setAccessibleDescription(" ".join(sentences))
        self.body = QVBoxLayout()
        self.body.setSpacing(4)
        layout.addLayout(self.body)
        layout.addSpacing(8)
        self.verb_button = QPushButton(verb)
        self.safe_button = QPushButton(safe)
        theme.set_kind(self.verb_button, "primary")
        theme.set_kind(self.safe_button, "secondary")
        # Entrée presses the one that has the focus, and the safe one from everywhere else.
        self.safe_button.setDefault(True)
        self.verb_button.clicked.connect(self.accept)
        self.safe_button.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.safe_button)
        buttons.addWidget(self.verb_button)
        layout.addLayout(buttons)
        self.safe_button.setFocus()


def confirm(
    parent: QWidget | None, title: str, effects: Sequence[str], verb: str, safe: str = "Attendre", *, typed: str = ""
) -> bool:
    """True when the person chose ``verb``. ``effects`` are 2 to 4 sentences with their numbers.

    ``typed`` is a word to type first, for what destroys (the year of the campaign).
    """
    question = Question(parent, title, effects, verb, safe)
    if typed:
        label = QLabel(f"Pour continuer, écrivez {typed} :")
        field = QLineEdit()
        label.setBuddy(field)
        question.body.addWidget(label)
        question.body.addWidget(field)
        question.verb_button.setEnabled(False)
        field.textChanged.connect(lambda text: question.verb_button.setEnabled(text.strip() == typed))
    return question.exec() == QDialog.DialogCode.Accepted


class ReasonQuestion(Question):
    """A list of usual reasons and a free text of ten characters at least."""

    def __init__(
        self, parent: QWidget | None, title: str, sentences: Sequence[str], reasons: Sequence[str], verb: str, safe: str
    ) -> None:
        super().__init__(parent, title, sentences, verb, safe)
        self.choice = QComboBox()
        self.choice.addItems(list(reasons))
        if reasons:
            self._add("&Motif", self.choice)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(look.px(84))
        self._add("&Précisions (obligatoire)", self.text)
        self.missing = QLabel()
        theme.set_type(self.missing, "secondary", "hint")
        self.body.addWidget(self.missing)
        self.text.textChanged.connect(self._count)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.verb_button.click)
        self.verb_button.setToolTip("Ctrl+Entrée")
        self._count()
        self.text.setFocus()

    def motive(self) -> tuple[str, str]:
        """The usual reason chosen, empty when none is offered, and the words typed."""
        return self.choice.currentText(), self.text.toPlainText().strip()

    def _add(self, name: str, widget: QWidget) -> None:
        label = QLabel(name)
        label.setBuddy(widget)
        self.body.addWidget(label)
        self.body.addWidget(widget)

    def _count(self) -> None:
        lacking = LENGTH - len(self.text.toPlainText().strip())
        self.verb_button.setEnabled(lacking <= 0)
        self.missing.setText(
            f"Encore {lacking} caractère{'s' if lacking > 1 else ''} au moins." if lacking > 0 else "Écrit au journal."
        )


def ask_reason(
    parent: QWidget | None,
    title: str,
    sentences: Sequence[str],
    verb: str,
    *,
    reasons: Sequence[str] = (),
    safe: str = "Ne rien changer",
) -> str | None:
    """The reason given, or None when the person went back."""
    given = ask_motive(parent, title, sentences, verb, reasons=reasons, safe=safe)
    return None if given is None else joined(*given)


def ask_motive(
    parent: QWidget | None,
    title: str,
    sentences: Sequence[str],
    verb: str,
    *,
    reasons: Sequence[str] = (),
    safe: str = "Ne rien changer",
) -> tuple[str, str] | None:
    """As ``ask_reason``, the usual reason and the words typed apart."""
    question = ReasonQuestion(parent, title, sentences, reasons, verb, safe)
    return question.motive() if question.exec() == QDialog.DialogCode.Accepted else None


def joined(usual: str, words: str) -> str:
    """« Erreur de saisie : le budget reçu était un brouillon »."""
    return "\u00a0: ".join(x for x in (usual, words) if x)


def may_stop(parent: QWidget, jobs: Jobs) -> bool:
    """Before closing: asks once when work is under way, and stops it. False when it goes on."""
    if jobs.running:
        names = ", ".join(job.name for job in jobs.running)
        effects = [f"En cours : {names}.", "Ce qui est déjà fait est gardé ; le reste ne sera pas fait."]
        if confirm(parent, "Un travail n’est pas terminé", effects, "Arrêter et quitter", "Terminer d’abord"):
            jobs.stop_all()
    return not jobs.running
