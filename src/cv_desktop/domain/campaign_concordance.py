"""Whether a whole campaign says the same at four places: relevés d’avis, decisions, envelope, letters. In cents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cv_desktop.domain.concordance import AGREED, DIFFERENT, WAITING, Tick
from cv_desktop.domain.money import euros
from cv_desktop.domain.states import Opinion
from cv_desktop.domain.text import counted

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Row:
    """A file at each place; None where it has not come yet.

    ``proposed_cents`` is the last opinion of a meeting, ``decided_cents`` the decision in force (0 for one that was
    ended), ``held_cents`` what the movements engaged, called or paid of it, ``letter_cents`` what its letter prints.
    ``convention`` is where its convention stands, ``unsigned`` says that the law asks for one and both parties have not
    signed it, ``called_cents`` what was called or paid of the grant.
    """

    number: str
    structure: str
    opinion: str
    proposed_cents: int | None
    outcome: str
    decided_cents: int | None
    reason: str
    held_cents: int
    letter: str
    letter_cents: int | None
    expects_letter: bool = True
    convention: str = ""
    unsigned: bool = False
    called_cents: int = 0

    @property
    def adjourned(self) -> bool:
        """Whether an act only put the file off: it has a letter, and no amount is decided yet."""
        return self.decided_cents is None and bool(self.outcome)

    @property
    def gap(self) -> str:
        """What differs for this file, in a sentence; empty when nothing does."""
        if self.decided_cents is None:
            return f"sans décision, {euros(self.held_cents)} engagés" if self.held_cents else ""
        if self.held_cents != self.decided_cents:
            return f"décidé {euros(self.decided_cents)}, engagé {euros(self.held_cents)}"
        if self.proposed_cents not in (None, self.decided_cents) and not self.reason:
            return f"proposé {euros(self.proposed_cents or 0)}, décidé {euros(self.decided_cents)} sans motif"
        if self.letter and self.letter_cents is not None and self.letter_cents != self.decided_cents:
            return f"courrier {self.letter} à {euros(self.letter_cents)}, décidé {euros(self.decided_cents)}"
        if self.unsigned and self.called_cents:
            return f"{euros(self.called_cents)} appelés ou payés, convention {self.convention}"
        return ""


@dataclass(frozen=True, slots=True)
class Sums:
    """The total at each place, of the files that it concerns."""

    proposed: int
    decided: int
    held: int
    letters: int


def sums(rows: Sequence[Row]) -> Sums:
    """What the relevés propose for the decided files, what is decided, engaged, and printed in the letters."""
    decided = [row for row in rows if row.decided_cents is not None]
    return Sums(
        sum(row.proposed_cents or 0 for row in decided),
        sum(row.decided_cents or 0 for row in decided),
        sum(row.held_cents for row in rows),
        sum(row.letter_cents or 0 for row in decided if row.letter),
    )


def ticks(
    rows: Sequence[Row], free_cents: int, pending_cents: int = 0, promised_cents: int = 0
) -> tuple[Tick, Tick, Tick, Tick]:
    """The four ticks, each with its total and what it waits for.

    ``pending_cents`` are marked or put to the vote, ``promised_cents`` engaged by agreements of earlier campaigns: with
    what is engaged and free, they make the envelope.
    """
    total = sums(rows)
    given = [row for row in rows if row.proposed_cents is not None]
    decided = [row for row in rows if row.decided_cents is not None]
    moved = [row for row in decided if row.proposed_cents not in (None, row.decided_cents)]
    wrong = [row for row in moved if not row.reason]
    minutes = Tick(
        "Relevé", AGREED, f"{counted(len(given), 'avis')}, {euros(total.proposed)} pour les dossiers décidés."
    )
    if wrong:
        named = ", ".join(row.number for row in wrong)
        minutes = Tick("Relevé", DIFFERENT, f"Autre montant que l’avis, sans motif{NBSP}: {named}.")
    elif moved:
        words = f"{minutes.words[:-1]}{NBSP}; {len(moved)} d’un autre montant, avec un motif."
        minutes = Tick("Relevé", AGREED, words)
    put_off = sum(row.adjourned for row in rows)
    left = len([row for row in given if not row.outcome and row.opinion != Opinion.ADJOURNED.label])
    words = f"{counted(len(decided), 'décision')}, {euros(total.decided)}."
    words += f" {counted(put_off, 'ajournement')}." if put_off else ""
    decisions = Tick("Décisions", WAITING if left or not decided else AGREED,
                     f"{words} {counted(left, 'dossier')} sans décision." if left else words)  # fmt: skip
    return minutes, decisions, _envelope(rows, total, free_cents, pending_cents, promised_cents), _letters(rows, total)


def _envelope(rows: Sequence[Row], total: Sums, free_cents: int, pending_cents: int, promised_cents: int) -> Tick:
    wrong = [row.number for row in rows if row.held_cents != (row.decided_cents or 0)]
    if wrong:
        return Tick("Enveloppe", DIFFERENT, f"Engagé autrement que décidé{NBSP}: {', '.join(wrong)}.")
    engaged = f"{euros(total.held)} engagés"
    if promised_cents:
        engaged += f" et {euros(promised_cents)} par des conventions d’années passées"
    if free_cents < 0:
        return Tick("Enveloppe", DIFFERENT, f"{engaged}{NBSP}; dépassée de {euros(-free_cents)}.")
    pending = f"{euros(pending_cents)} marqués ou au vote, " if pending_cents else ""
    return Tick("Enveloppe", AGREED, f"{engaged}, {pending}{euros(free_cents)} libres.")


def _letters(rows: Sequence[Row], total: Sums) -> Tick:
    decided = [row for row in rows if row.outcome]
    wrong = [row.letter for row in decided if row.letter_cents not in (None, row.decided_cents or 0)]
    if wrong:
        return Tick("Courriers", DIFFERENT, f"Autre montant que la décision{NBSP}: {', '.join(wrong)}.")
    early = [row.number for row in decided if row.unsigned and row.called_cents]
    if early:
        return Tick("Courriers", DIFFERENT, f"Payé sans convention signée{NBSP}: {', '.join(early)}.")
    awaited = [row for row in decided if row.expects_letter]
    left = sum(not row.letter for row in awaited)
    issued = f"{counted(sum(bool(row.letter) for row in decided), 'courrier émis')}, {euros(total.letters)}."
    if left or not awaited:
        return Tick("Courriers", WAITING, f"{issued} {counted(left, 'courrier')} à émettre." if awaited else issued)
    unsigned = sum(row.unsigned for row in decided)
    if unsigned:
        return Tick("Courriers", WAITING, f"{issued} {counted(unsigned, 'convention')} sans les deux signatures.")
    return Tick("Courriers", AGREED, issued)
