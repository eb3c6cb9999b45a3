"""Whether the relevé, the decisions, the envelope and the letters of a meeting say the same: four ticks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cv_desktop.domain.letters import Amount, LetterContent, plain
from cv_desktop.domain.money import euros
from cv_desktop.domain.states import Opinion
from cv_desktop.domain.text import counted

NBSP = "\u00a0"
AGREED, WAITING, DIFFERENT = "agreed", "waiting", "different"


@dataclass(frozen=True, slots=True)
class Line:
    """A file of a meeting at each of the four places; None where it has not come yet. Amounts in cents."""

    number: str
    structure: str
    opinion: str
    proposed_cents: int
    frozen: tuple[str, int] | None  # opinion and amount of the last closing
    marked_cents: int | None
    decided_cents: int | None
    motive: str
    letter: str
    letter_cents: int | None

    @property
    def said_cents(self) -> int | None:
        """The amount of the relevé; None while no opinion is given."""
        return self.proposed_cents if self.opinion else None

    @property
    def expects_decision(self) -> bool:
        return self.opinion != Opinion.ADJOURNED.value

    @property
    def gap(self) -> str:
        """What differs for this file, in a sentence; empty when nothing does."""
        if self.frozen is not None and self.frozen != (self.opinion, self.proposed_cents):
            return f"relevé figé à {euros(self.frozen[1])}, avis actuel à {euros(self.proposed_cents)}"
        if self.decided_cents is not None and self.decided_cents != self.proposed_cents and not self.motive:
            return f"proposé {euros(self.proposed_cents)}, décidé {euros(self.decided_cents)} sans motif"
        if self.letter_cents is not None and self.letter_cents != self.decided_cents:
            return f"courrier {self.letter} à {euros(self.letter_cents)}, décidé {euros(self.decided_cents or 0)}"
        return ""


@dataclass(frozen=True, slots=True)
class Tick:
    """One of the four places: ``state`` is "agreed", "waiting" or "different", ``words`` say why."""

    label: str
    state: str
    words: str


def letter_amount(content: LetterContent) -> str:
    """The amount a letter prints, « 2 400 € »; empty when it prints none."""
    return next((plain(block.figures) for block in content.blocks if isinstance(block, Amount)), "")


def ticks(lines: Sequence[Line], *, closed: bool, sound: bool, free_cents: int) -> tuple[Tick, Tick, Tick, Tick]:
    """The four ticks; ``sound``: the frozen content is what its fingerprint says."""
    return _minutes(lines, closed, sound), _decisions(lines), _envelope(lines, free_cents), _letters(lines)


def _minutes(lines: Sequence[Line], closed: bool, sound: bool) -> Tick:
    label = "Relevé"
    if not closed:
        return Tick(label, WAITING, "La séance n’est pas close.")
    if not sound:
        return Tick(label, DIFFERENT, "Le contenu figé ne correspond plus à son empreinte.")
    changed = [x.number for x in lines if x.frozen != (x.opinion, x.proposed_cents)]
    if changed:
        return Tick(label, DIFFERENT, f"Différent de ce qui est figé{NBSP}: {', '.join(changed)}.")
    return Tick(label, AGREED, f"{counted(len(lines), 'avis')}, tels qu’ils ont été figés.")


def _decisions(lines: Sequence[Line]) -> Tick:
    label, expected = "Décisions", [x for x in lines if x.expects_decision]
    wrong = [x for x in expected if x.decided_cents not in (None, x.proposed_cents) and not x.motive]
    if wrong:
        return Tick(label, DIFFERENT, f"Montant changé sans motif{NBSP}: {', '.join(x.number for x in wrong)}.")
    left = sum(x.decided_cents is None for x in expected)
    if left or not expected:
        return Tick(label, WAITING, f"{counted(left, 'dossier')} sans décision.")
    moved = sum(x.decided_cents != x.proposed_cents for x in expected)
    words = f"{counted(len(expected), 'décision')}"
    return Tick(label, AGREED, f"{words}, dont {moved} d’un autre montant, avec un motif." if moved else f"{words}.")


def _envelope(lines: Sequence[Line], free_cents: int) -> Tick:
    label = "Enveloppe"
    if free_cents < 0:
        return Tick(label, DIFFERENT, f"Dépassée de {euros(-free_cents)}.")
    wrong = [x for x in lines if x.decided_cents is None and x.marked_cents not in (None, x.proposed_cents)]
    if wrong:
        numbers = ", ".join(x.number for x in wrong)
        return Tick(label, WAITING, f"L’arbitrage a changé le montant{NBSP}: {numbers}.")
    held = sum(x.decided_cents if x.decided_cents is not None else x.marked_cents or 0 for x in lines)
    return Tick(label, AGREED, f"{euros(held)} pour ces dossiers, {euros(free_cents)} libres.")


def _letters(lines: Sequence[Line]) -> Tick:
    label, decided = "Courriers", [x for x in lines if x.decided_cents is not None]
    wrong = [x for x in decided if x.letter_cents is not None and x.letter_cents != x.decided_cents]
    if wrong:
        return Tick(label, DIFFERENT, f"Autre montant que la décision{NBSP}: {', '.join(x.letter for x in wrong)}.")
    if not decided:
        return Tick(label, WAITING, f"Rien n’est décidé{NBSP}: aucun courrier n’est attendu.")
    left = sum(not x.letter for x in decided)
    if left:
        return Tick(label, WAITING, f"{counted(left, 'courrier')} à émettre.")
    return Tick(label, AGREED, f"{counted(len(decided), 'courrier émis')}, aux montants décidés.")
