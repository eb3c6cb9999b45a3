"""The parts of the envelope as lines of a table: a title for each kind, its parts under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from cv_desktop.db.queries.envelope_parts import PartRow
from cv_desktop.domain.envelopes import Kind, breaches, refusals
from cv_desktop.domain.money import euros
from cv_desktop.ui.tables.columns import Band, Column

_TITLES = {
    Kind.ROUND: ("Sessions", "un dossier compte dans celle de son dépôt"),
    Kind.THEME: ("Volets", ""),
    Kind.QUARTER: ("Quartiers", "à parts égales pour une action de plusieurs, sauf parts déclarées dans le dossier"),
    Kind.COMMUNE: ("Communes", "commune du siège de l’association"),
    Kind.FUNDER: ("Financeurs", "ce que chacun apporte à l’enveloppe"),
    Kind.RESERVE: ("Réserve", "gardée pour la suite de l’année"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A part of the envelope, or the title of a kind."""

    id: str
    part: PartRow | None = None
    band: Band | None = None


def lines(envelope_cents: int, parts: Sequence[PartRow]) -> list[Line]:
    """The parts under the titles of their kinds."""
    found: list[Line] = []
    for kind, group in groupby(parts, key=lambda p: p.node.kind):
        own = list(group)
        title, explained = _TITLES[kind]
        detail = " · ".join(words for words in (_sum(envelope_cents, own), explained) if words)
        found.append(Line(f"kind:{kind}", band=Band(title, detail)))
        found += [Line(part.id, part) for part in own]
    return found


def sentences(envelope_cents: int, parts: Sequence[PartRow]) -> list[str]:
    """What does not hold in the tree, and what the files break of it."""
    given = {part.id: part.given_cents for part in parts}
    return refusals(envelope_cents, [part.node for part in parts]) + breaches([part.now for part in parts], given)


def _sum(envelope_cents: int, own: Sequence[PartRow]) -> str:
    amounts = [part.node.amount_cents for part in own if part.node.amount_cents is not None]
    if not amounts or own[0].node.kind is Kind.RESERVE:
        return ""
    left = envelope_cents - sum(amounts)
    if not left:
        return f"{euros(sum(amounts))}, toute l’enveloppe"
    return f"{euros(sum(amounts))}, {euros(abs(left))} {'restent sans part' if left > 0 else 'de trop'}"


def columns(write: Callable[[PartRow, str, str], None]) -> list[Column[Line]]:
    """``write(part, name, text)`` writes a limit as typed."""

    def limit(key: str, title: str, tooltip: str) -> Column[Line]:
        def shown(line: Line) -> str:
            cents = getattr(line.part.node, key) if line.part else None
            return euros(cents) if cents is not None else "–"

        def typed(line: Line, text: str) -> None:
            if line.part:
                write(line.part, key, "" if text.strip() == "–" else text)

        return Column(
            key,
            title,
            shown,
            width=96,
            align="right",
            edit=typed,
            edit_text=lambda line: "" if shown(line) == "–" else shown(line),
            editable=lambda line: line.part is not None and (key == "amount_cents" or line.part.gathers),
            mark=_short if key == "floor_cents" else None,
            tooltip=tooltip,
        )

    def held(key: str, title: str, cents: Callable[[PartRow], int], *, hidden: bool = False) -> Column[Line]:
        return Column(
            key,
            title,
            lambda line: euros(cents(line.part)) if line.part and line.part.gathers else "",
            width=92,
            align="right",
            tone="secondary",
            hidden=hidden,
        )

    return [
        Column("label", "Part", lambda line: line.part.node.label if line.part else "", width=190, stretch=True),
        limit("amount_cents", "Montant", "Ce que cette part peut dépenser"),
        limit("floor_cents", "Plancher", "Ce qui doit au moins lui revenir"),
        limit("cap_cents", "Plafond", "Ce qui peut au plus lui revenir, sans rien lui garder"),
        held("carried", "Reporté", lambda p: p.carried_cents, hidden=True),
        held("marked", "Marqué", lambda p: p.marked_cents),
        held("submitted", "Soumis", lambda p: p.submitted_cents, hidden=True),
        held("decided", "Engagé", lambda p: p.decided_cents),
        Column(
            "left",
            "Reste",
            lambda line: (
                euros(line.part.left_cents)
                if line.part and line.part.gathers and line.part.left_cents is not None
                else ""
            ),
            width=96,
            align="right",
            mark=lambda line: "danger" if line.part and (line.part.left_cents or 0) < 0 else "",
        ),
        Column(
            "files",
            "Dossiers",
            lambda line: str(line.part.files) if line.part and line.part.gathers else "",
            width=72,
            align="right",
        ),
    ]


def _short(line: Line) -> str:
    """Marks a floor that is not reached."""
    floor = line.part.node.floor_cents if line.part else None
    return "warning" if line.part and floor is not None and line.part.given_cents < floor else ""
