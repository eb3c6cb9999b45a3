"""What Ctrl+K proposes: records of the base, places, commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from cv_desktop.domain.changes import Changes
from cv_desktop.domain.identifiers import display_siret
from cv_desktop.domain.money import euros
from cv_desktop.ui.actions import Actions
from cv_desktop.ui.navigation import Destination
from cv_desktop.ui.palette import Hit, matching

if TYPE_CHECKING:
    # The store brings SQLAlchemy; the window is painted before.
    from cv_desktop.db.queries.search import FoundFile, FoundLetter, FoundPerson, FoundStructure
    from cv_desktop.db.search import Vocabulary
    from cv_desktop.ui.context import Context
    from cv_desktop.ui.jobs import Token

_SEARCHED = frozenset({"application", "structure", "letter", "import"})


class Finder(QObject):
    """Finds records. The words that a slip may have meant are read in the background, again after writes."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        from cv_desktop.db.search import Vocabulary

        self._context = context
        self._words: Vocabulary = Vocabulary()
        self._stale = True
        context.bus.changed.connect(self._changed)

    def prepare(self) -> None:
        """Reads the words again if something was written since."""
        if self._stale:
            self._stale = False
            self._context.jobs.run("Index de recherche", self._read, on_done=self._keep, quiet=True)

    def records(self, text: str) -> list[Hit]:
        """Files, structures, persons and letters that hold all the words of ``text``."""
        from cv_desktop.db.queries import search

        self.prepare()
        found = self._context.read(search.found, text=text, words=self._words, viewer=self._context.viewer)
        return [
            *map(_file, found.files),
            *map(_structure, found.structures),
            *map(_person, found.persons),
            *map(_letter, found.letters),
        ]

    def _read(self, _token: Token) -> Vocabulary:
        from cv_desktop.db.queries import search

        return self._context.read(search.vocabulary)

    def _keep(self, words: Vocabulary) -> None:
        self._words = words

    def _changed(self, changes: Changes, _origin: object) -> None:
        self._stale = self._stale or bool(_SEARCHED & changes.nouns)


def commands(destinations: list[Destination], actions: Actions, text: str) -> list[Hit]:
    """What can be done now and where one can go; the places first when nothing is typed."""
    places = [Hit("Aller à", x.label, icon=x.icon, destination=x.key) for x in destinations]
    verbs = [
        Hit(
            "Commandes",
            action.text(),
            icon=spec.icon,
            shortcut=action.shortcut().toString(QKeySequence.SequenceFormat.NativeText),
            run=action.trigger,
        )
        for spec, action in actions.usable()
        if spec.key != "search"
    ]
    return matching(verbs + places, text) if text else places + verbs


def _file(row: FoundFile) -> Hit:
    return Hit(
        "Dossiers",
        f"{row.number} · {row.structure}",
        detail=f"{_amounts(row)} · {row.title}",
        icon="folder-open",
        destination="applications",
        noun="application",
        id=row.id,
        call=row.call_id,
    )


def _amounts(row: FoundFile) -> str:
    if row.granted_cents is None:
        return euros(row.asked_cents)
    return f"{euros(row.asked_cents)} demandés, {euros(row.granted_cents)} accordés"


def _structure(row: FoundStructure) -> Hit:
    return Hit(
        "Structures",
        row.name,
        detail=" · ".join(x for x in (display_siret(row.siret) if row.siret else "", row.commune) if x),
        icon="building-complex",
        destination="structures",
        noun="structure",
        id=row.id,
    )


def _person(row: FoundPerson) -> Hit:
    return Hit(
        "Personnes",
        row.name,
        detail=" · ".join(x for x in (row.role, row.structure) if x),
        icon="user",
        destination="structures",
        noun="structure",
        id=row.structure_id,
    )


def _letter(row: FoundLetter) -> Hit:
    return Hit(
        "Courriers",
        row.number or row.label,
        detail=" · ".join(x for x in (row.label if row.number else "", row.structure) if x),
        icon="mail",
        destination="letters",
        noun="letter",
        id=row.id,
        call=row.call_id,
    )
