"""The two tables of « Essayer d’autres règles »: the files whose amount changes, and the sums before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cv_desktop.domain.breakdown import NOWHERE, SENIORITY, SIZES
from cv_desktop.domain.money import euros, figures
from cv_desktop.domain.notes import shown
from cv_desktop.domain.text import NBSP
from cv_desktop.domain.what_if import Moved, Shift
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.tables.columns import Column

WAYS = {
    "entre": Badge("Entre", "success", "plus"),
    "sort": Badge("Sort", "danger", "minus"),
    "augmente": Badge("Augmente", "info", "arrow-up"),
    "diminue": Badge("Diminue", "warning", "arrow-down"),
}

_SHORT_SIZES = {True: "Petite", False: "Autre", None: "Inconnue"}


@dataclass(frozen=True, slots=True)
class Title:
    """« Par volet », above its sums."""

    label: str

    @property
    def id(self) -> str:
        return self.label


def titled(totals: Sequence[Shift]) -> list[Shift | Title]:
    """The whole, then each dimension under its title."""
    found: list[Shift | Title] = []
    before = ""
    for each in totals:
        if each.dimension != before:
            found.append(Title(f"Par {each.dimension.lower()}"))
            before = each.dimension
        found.append(each)
    return found


def moved_columns() -> list[Column[Any]]:
    """Who enters, who leaves, whose amount changes, with what the sums beside count the file in."""
    return [
        Column("way", "Effet", lambda m: way(m).word, width=92, badge=way,
               sort=lambda m: list(WAYS.values()).index(way(m))),
        Column("file", "Structure · action", lambda m: m.structure, width=250, stretch=True,
               second=lambda m: m.file.title, weight=500),
        Column("number", "N°", lambda m: m.number, width=116, tone="secondary", hidden=True),
        Column("theme", "Volet", lambda m: m.file.item.theme, width=66, tone="secondary", yields=4, grows=190),
        Column("quarters", "Quartier", lambda m: ", ".join(m.file.item.quarters) or NOWHERE, width=66, tone="secondary",
               yields=5, grows=170),
        Column("size", "Taille", lambda m: _SHORT_SIZES[m.file.item.small], width=76, tone="secondary", yields=2,
               accessible=lambda m: f"Taille{NBSP}: {SIZES[m.file.item.small]}"),
        Column("seniority", "Ancienneté", lambda m: "Nouvelle" if m.file.item.newcomer else "Connue", width=84,
               tone="secondary", yields=1, accessible=lambda m: f"Ancienneté{NBSP}: {SENIORITY[m.file.item.newcomer]}"),
        Column("note", "Note", _notes, width=92, align="right", tone="secondary",
               tooltip="Avec les poids en vigueur, puis avec les poids essayés"),
        Column("asked", "Demandé", lambda m: figures(m.file.item.asked_cents), width=74, align="right",
               tone="secondary", sort=lambda m: m.file.item.asked_cents, yields=3),
        Column("before", "Avant", lambda m: figures(m.before_cents), width=66, align="right",
               sort=lambda m: m.before_cents, tooltip="Avec les règles en vigueur"),
        Column("after", "Après", lambda m: figures(m.after_cents), width=66, align="right", weight=600,
               sort=lambda m: m.after_cents, tooltip="Avec les règles essayées"),
        Column("gap", "Écart", lambda m: gap(m.after_cents - m.before_cents), width=66, align="right",
               sort=lambda m: m.after_cents - m.before_cents, accessible=_gap_sentence),
    ]  # fmt: skip


def sum_columns() -> list[Column[Any]]:
    """What each volet, quartier, commune, size and seniority receives before and after, under the whole."""
    whole = _of_sum
    return [
        Column("label", "Totaux", _of(lambda s: s.after.label), width=150, stretch=True, strong=whole),
        Column("served", "Servis", _of(_served), width=76, align="right", tone="secondary", yields=1,
               tooltip="Dossiers servis, avant puis après", strong=whole),
        Column("given_before", "Avant", _of(lambda s: figures(s.before.given_cents)), width=84, align="right",
               strong=whole),
        Column("given_after", "Après", _of(lambda s: figures(s.after.given_cents)), width=84, align="right",
               weight=600, strong=whole),
        Column("moved", "Écart", _of(lambda s: gap(s.after.given_cents - s.before.given_cents)), width=80,
               align="right", strong=whole),
    ]  # fmt: skip


def way(moved: Moved) -> Badge:
    """Whether it enters, leaves, or how its amount goes."""
    up = "augmente" if moved.after_cents > moved.before_cents else "diminue"
    return WAYS.get(moved.way, WAYS[up])


def gap(cents: int) -> str:
    """« +3 000 », « −800 »; « = » where nothing moves."""
    return f"+{figures(cents)}" if cents > 0 else figures(cents) if cents else "="


def _of_sum(row: Any) -> bool:
    """The whole, above its parts."""
    return isinstance(row, Shift) and not row.dimension


def _of(text: Any) -> Any:
    """A title has no cell."""
    return lambda row: text(row) if isinstance(row, Shift) else ""


def _served(shift: Shift) -> str:
    before, after = shift.before.served, shift.after.served
    return f"{after}" if before == after else f"{before} → {after}"


def _notes(moved: Moved) -> str:
    before, after = ("–" if note is None else shown(note) for note in moved.file.notes)
    return before if before == after else f"{before} → {after}"


def _gap_sentence(moved: Moved) -> str:
    return f"Écart{NBSP}: {way(moved).word.lower()} de {euros(abs(moved.after_cents - moved.before_cents))}".replace(
        "€", "euros"
    )
