"""The minutes as a reader meets them, block after block, whatever file they are put in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cv_desktop.domain.dates import long_date
from cv_desktop.domain.minutes import Heard, Minutes, said
from cv_desktop.domain.money import euros
from cv_desktop.domain.states import Opinion
from cv_desktop.domain.text import counted

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``widths`` in millimetres; the columns named in ``right`` hold amounts and numbers."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Opinions:
    """One file: its title, and what is said of it, label and text."""

    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """(quality, name) of those who sign, side by side."""

    people: tuple[tuple[str, str], ...]


Block = Heading | Text | Table | Opinions | Signatures


def title(minutes: Minutes) -> str:
    """« Projet de procès-verbal et relevé d’avis » before the closing."""
    return "Projet de procès-verbal et relevé d’avis" if minutes.draft else "Procès-verbal et relevé d’avis"


def subtitle(minutes: Minutes) -> str:
    """« Comité FIA n° 1, séance du jeudi 16 avril 2026 »."""
    return f"{minutes.meeting}, séance du {minutes.day}"


def footer(minutes: Minutes, sha256: str) -> str:
    """What stands at the foot of every page: the version and the fingerprint of what was frozen."""
    if minutes.draft:
        return f"Projet établi avant la clôture de la séance{NBSP}: il peut encore changer."
    return f"Version {minutes.version}. Empreinte SHA-256{NBSP}: {sha256}"


def blocks(minutes: Minutes, sha256: str) -> Iterator[Block]:
    """Every block of the minutes, in order, the title left out."""
    yield from _opening(minutes)
    yield Heading("Présences et quorum")
    rows = tuple((a.name, ", ".join(x for x in (a.body, a.title) if x), a.words) for a in minutes.attendees)
    if rows:
        yield Table(("Membre", "Institution", "Dans la salle"), rows, (40, 50, 75))
    else:
        yield Text("Aucun membre n’est inscrit au comité.")
    yield Text(minutes.quorum_words)
    yield from _recusals(minutes)
    yield Heading("Avis rendus")
    yield from (_opinion(file) for file in minutes.files)
    yield from _corrections(minutes)
    yield Heading("Récapitulatif")
    yield from _summary(minutes)
    yield from _versions(minutes, sha256)
    if not minutes.draft:
        signed = [("Présidence de séance", minutes.president), ("Secrétariat de séance", minutes.secretary)]
        yield Signatures(tuple(signed))


def _opening(m: Minutes) -> Iterator[Block]:
    place = f", {m.place}" if m.place else ""
    hours = (
        f" de {said(m.begins)} à {said(m.ends)}" if m.begins and m.ends else f" à {said(m.begins)}" if m.begins else ""
    )
    yield Text(f"{m.call}. {m.meeting}{NBSP}: séance du {m.day}{hours}{place}.")
    sentences = []
    if m.convened_on:
        sentences.append(f"Les membres ont été convoqués le {long_date(date.fromisoformat(m.convened_on))}.")
    if m.president:
        sentences.append(f"La séance est présidée par {m.president}.")
    if m.secretary:
        sentences.append(f"Le secrétariat est assuré par {m.secretary}.")
    sentences.append(f"L’ordre du jour compte {counted(len(m.files), 'dossier')}.")
    yield Text(" ".join(sentences))


def _recusals(m: Minutes) -> Iterator[Block]:
    rows = tuple(
        (
            file.number,
            file.structure,
            withdrawal.name,
            said(withdrawal.left) if withdrawal.left else "n’était pas dans la salle",
            said(withdrawal.returned) if withdrawal.returned else "–",
        )
        for file in m.files
        for withdrawal in file.withdrawals
    )
    yield Heading("Déports")
    if m.recusal_law:
        yield Text(m.recusal_law, small=True)
    if rows:
        yield Table(("Dossier", "Structure", "Membre", "Sorti·e", "Revenu·e"), rows, (30, 48, 41, 26, 20))
    else:
        yield Text("Aucun membre n’avait de lien avec une structure dont le dossier était à l’ordre du jour.")


def _opinion(file: Heard) -> Opinions:
    lines = [("Demande", f"{euros(file.asked_cents)} pour une action de {euros(file.cost_cents)}")]
    if file.note:
        band = f", bande «{NBSP}{file.band.lower()}{NBSP}»" if file.band else ""
        lines.append(("Note", f"{file.note} sur 100{band}, {counted(file.sheets, 'grille comptée')}"))
    if file.before:
        lines.append(("Retour", f"dossier ajourné. {file.before}"))
    lines.append(("Avis", file.opinion_words))
    if file.opinion in (Opinion.FAVORABLE, Opinion.RESERVED):
        lines.append(("Montant proposé", euros(file.amount_cents)))
    for label, text in (
        ("Réserves", file.reserves if file.opinion == Opinion.RESERVED else ""),
        ("Il est demandé", file.asked if file.opinion == Opinion.ADJOURNED else ""),
        ("Motif de l’écart" if file.departs else "Motif", file.reason),
        ("Observation", file.remark),
    ):
        if text:
            lines.append((label, text))
    if file.opinion:
        be = "peuvent" if file.voices > 1 else "peut"
        there = f"{counted(file.counted, 'voix')} présente{'s' if file.counted > 1 else ''}, il en faut {file.needed}"
        lines.append(("Quorum", f"{there}{NBSP}; {file.voices} {be} voter"))
    if file.withdrawals:
        lines.append(("Déport", f"{NBSP}; ".join(x.words for x in file.withdrawals)))
    return Opinions(f"{file.rank}. {file.number}, {file.structure}{NBSP}: {file.title}", tuple(lines))


def _corrections(m: Minutes) -> Iterator[Block]:
    """What changed after the revelation; whose mark it was stays in the journal, as no mark is signed in the room."""
    if not m.corrections:
        return
    yield Heading("Notes modifiées après la révélation")
    rows = tuple((c.number, c.criterion, c.words, said(c.at), c.reason) for c in m.corrections)
    widths = (30.0, 22.0, 30.0, 18.0, 65.0)
    yield Table(("Dossier", "Critère", "Avant → après", "Heure", "Motif"), rows, widths)


def _summary(m: Minutes) -> Iterator[Block]:
    rows = []
    for opinion in Opinion:
        files = [f for f in m.files if f.opinion == opinion.value]
        rows.append(
            (
                opinion.label,
                str(len(files)),
                euros(sum(f.asked_cents for f in files)),
                euros(sum(f.amount_cents for f in files)),
            )
        )
    waiting = [f for f in m.files if not f.opinion]
    if waiting:
        rows.append(("À rendre", str(len(waiting)), euros(sum(f.asked_cents for f in waiting)), "–"))
    rows.append(("Ensemble", str(len(m.files)), euros(m.asked_cents), euros(m.proposed_cents)))
    yield Table(("Avis", "Dossiers", "Demandé", "Proposé"), tuple(rows), (60, 25, 40, 40), frozenset({1, 2, 3}))
    if m.follow_up:
        yield Text(m.follow_up)


def _versions(m: Minutes, sha256: str) -> Iterator[Block]:
    if m.reopenings:
        yield Heading("Versions précédentes")
    for past in m.reopenings:
        closed, reopened = (long_date(date.fromisoformat(x)) for x in (past.closed_on, past.reopened_on))
        yield Text(
            f"La version {past.version}, close le {closed}, a été rouverte le {reopened}. Motif{NBSP}: {past.reason}"
        )
        yield Text(f"Empreinte SHA-256 de la version {past.version}{NBSP}: {past.sha256}", small=True)
    if not m.draft:
        yield Text(
            f"Ce relevé est la version {m.version}. Son contenu, les grilles comptées comprises, est figé sous "
            f"l’empreinte SHA-256 {sha256}.",
            small=True,
        )
