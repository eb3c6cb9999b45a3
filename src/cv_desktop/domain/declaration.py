"""What a member declares of his or her interests: the form to sign, and how far the answers have come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cv_desktop.domain.dates import long_date, short_date
from cv_desktop.domain.text import NBSP, counted

NONE, LINKS = "none", "list"
WORDS = {"": "Attendue", NONE: "Aucun lien", LINKS: "Liens déclarés"}


@dataclass(frozen=True, slots=True)
class AskedFile:
    """A file of the form, as its reader knows it."""

    number: str
    structure: str
    title: str


@dataclass(frozen=True, slots=True)
class DeclarationForm:
    """The form of one member: ``files`` are those he or she may see, ``hidden`` those a déport already keeps away.

    ``kinds`` are the natures of a link, each with its law; ``texts`` the law, how to answer and what follows.
    """

    authority_kind: str
    authority: str
    direction: str
    call: str
    meeting: str
    held_on: date | None
    honorific: str
    member: str
    body: str
    files: tuple[AskedFile, ...]
    hidden: int
    kinds: tuple[tuple[str, str], ...]
    law: str
    purpose: str
    follow_up: str
    undertaking: str
    contact: str
    example: bool

    @property
    def subject(self) -> str:
        """« Comité FIA n° 1, séance du jeudi 16 avril 2026 »; the campaign alone without a meeting."""
        if self.held_on is None:
            return self.call
        return f"{self.meeting}, séance du {long_date(self.held_on, weekday=True)}"

    @property
    def person(self) -> str:
        name = f"{self.honorific} {self.member}".strip()
        return f"{name}, {self.body}" if self.body else name

    @property
    def left_out(self) -> str:
        """What is said of the files of a déport: their number alone."""
        if not self.hidden:
            return ""
        are = "sont" if self.hidden > 1 else "est"
        return f"{counted(self.hidden, 'dossier')} n’y {are} pas{NBSP}: un lien est déjà enregistré."


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member is: what was said for the campaign, and of how many files of the agenda."""

    said: str
    said_on: date | None
    answered: int
    asked: int

    @property
    def words(self) -> str:
        """« Aucun lien, le 03/03/2026 », « Attendue »."""
        return f"{WORDS[self.said]}, le {short_date(self.said_on)}" if self.said_on else WORDS[self.said]

    @property
    def files(self) -> str:
        """« 12 sur 14 »."""
        return f"{self.answered} sur {self.asked}" if self.asked else "–"

    @property
    def complete(self) -> bool:
        """Nothing is awaited: the campaign was answered for, or every file was."""
        return bool(self.said) and (self.said == NONE or self.answered >= self.asked)
