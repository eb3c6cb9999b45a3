"""A line of the outbox, and which lines each tab and each lot show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cv_desktop.db.queries.letters import LetterRow
from cv_desktop.domain.letters import Missing
from cv_desktop.services.letter_files import Damage

# States of a letter, then tabs: what each one shows.
TO_READ, READ, ISSUED, SIGNED, SENT, REPLACED = "to_read", "read", "issued", "signed", "sent", "replaced"
TO_SIGN, TO_SEND, ALL = "to_sign", "to_send", "all"
OVERDUE = "overdue"  # of the tab of what was sent, what should have come back received
TABS = ((TO_READ, "À relire"), (TO_SIGN, "À signer"), (TO_SEND, "À envoyer"), (ALL, "Tous"), (SENT, "Envoyés"))
_SHOWN = {TO_READ: (TO_READ,), TO_SIGN: (READ, ISSUED), TO_SEND: (SIGNED,), SENT: (SENT,)}
PLURALS = {
    "AR": "Accusés de réception",
    "AR-P": "Demandes de pièces",
    "IRR": "Irrecevabilités",
    "ATT": "Attributions",
    "ATT-P": "Attributions partielles",
    "REF": "Refus",
    "AJ": "Ajournements",
    "CONV": "Conventions",
    "CONV-A": "Avenants",
    "ATT-C": "Attributions avec convention",
    "ATTENTE": "Listes d’attente",
    "AVE": "Envois d’avenant",
    "PRO": "Prolongations",
    "LEV": "Levées de réserve",
    "VER": "Avis de versement",
    "REL-1": "Rappels du bilan",
    "REL-2": "Derniers rappels du bilan",
    "MED": "Mises en demeure",
    "REV": "Demandes de reversement",
    "RET-CER": "Retraits (contrat d’engagement)",
    "RETRAIT": "Retraits d’attribution",
    "REC": "Réponses aux recours",
    "ATTEST": "Attestations",
    "AVIS": "Demandes d’avis",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A letter with its box, its empty fields, what happened to its file, and whether it is being worked on."""

    row: LetterRow
    ticked: bool = False
    missing: tuple[Missing, ...] = ()
    busy: bool = False
    damage: Damage | None = None
    overdue: bool = False  # sent, and its receipt should have come back

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def short(self) -> str:
        """« 0009 », the end of the number of the file."""
        return self.row.application_number.rsplit("-", 1)[-1]

    @property
    def ready(self) -> bool:
        """Whether it may be issued."""
        return self.row.state == READ and not self.missing and not self.busy

    @property
    def signable(self) -> bool:
        """Whether its PDF waits for a signature."""
        return self.row.state == ISSUED and not self.busy

    @property
    def readable(self) -> bool:
        """Whether it may be marked re-read."""
        return self.row.state == TO_READ and not self.missing


@dataclass(frozen=True, slots=True)
class Choice:
    """What the selector keeps: a lot, a kind, or everything when both are empty."""

    label: str
    lot_id: str = ""
    kind: str = ""

    def keeps(self, row: LetterRow) -> bool:
        return (not self.lot_id or row.lot_id == self.lot_id) and (not self.kind or row.kind == self.kind)


EVERYTHING = Choice("Tous les courriers")


def choices(rows: Sequence[LetterRow]) -> list[Choice]:
    """Everything, each lot that has letters, each kind."""
    lots = {row.lot_id: row.lot for row in rows if row.lot_id}
    kinds = {row.kind: row.label for row in rows}
    return [
        EVERYTHING,
        *(Choice(label if label.startswith("Lot") else f"Lot : {label}", lot_id=key) for key, label in lots.items()),
        *(Choice(PLURALS.get(kind, label), kind=kind) for kind, label in kinds.items()),
    ]


def in_tab(row: LetterRow, tab: str) -> bool:
    return tab == ALL or row.state in _SHOWN.get(tab, ())


def letters(count: int, word: str = "courrier") -> str:
    """« 1 courrier », « 8 courriers »."""
    return f"{count} {word}{'s' if count > 1 else ''}"


def named(entries: Sequence[Entry]) -> str:
    """« 0012, 0044 »; the first six."""
    shown = ", ".join(entry.short for entry in entries[:6])
    return f"{shown} et {len(entries) - 6} autres" if len(entries) > 6 else shown
