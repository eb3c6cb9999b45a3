"""A campaign replayed under other caps, rates, steps, weights or another envelope. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy.orm import Session

from cv_desktop.db.queries import call_rows, calls, envelope_parts
from cv_desktop.db.queries.scenarios import ArbitrationRow
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.allocation_answer import left
from cv_desktop.domain.allocation_instance import Rule
from cv_desktop.domain.allocation_solve import solve
from cv_desktop.domain.breakdown import SENIORITY, SIZES, Item
from cv_desktop.domain.envelopes import Kind, Node, groups
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Grid
from cv_desktop.domain.integer_program import Stop, never
from cv_desktop.domain.money import euros
from cv_desktop.domain.notes import shown
from cv_desktop.domain.ranking import Ranked
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.scenarios import rule_words
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.domain.what_if import LIMITS, Contender, Shared, Tried, WhatIf, what_if
from cv_desktop.services import proposals
from cv_desktop.services.comparisons import items_of
from cv_desktop.services.proposal_groups import in_proportion
from cv_desktop.services.proposals import Question

# The amounts of the règlement that may be tried.
TRIED = {
    "amount_max": "Maximum par dossier",
    "amount_min": "Minimum par dossier",
    "rounding_step": "Arrondi",
    "structure_amount_max": "Maximum par structure et par an",
}
CAPPED = (Kind.THEME, Kind.QUARTER)
_NONE = "aucun"
_NAMED = 6  # tied files that are named; the workbook shows all of them


@dataclass(frozen=True, slots=True)
class Levers:
    """What may be changed for a trial: the règlement, the envelope, its volets and quarters with files, the grid.

    ``promised_cents`` of the envelope are engaged by agreements of earlier years, and stay so.
    """

    call_id: str
    label: str
    rules: Rules
    envelope_cents: int
    parts: tuple[Node, ...]
    grid: Grid
    promised_cents: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """The campaign as its règlement shares it, and as the rules tried would; ``tried`` says what was changed."""

    levers: Levers
    now: Question
    then: Question
    files: tuple[Contender, ...]
    tried: tuple[Tried, ...]


def levers(session: Session, *, call_id: str) -> Levers:
    """What a trial on a campaign, past or present, starts from."""
    row = call_rows.row(session, call_id)
    places = envelope_parts.places(session, call_id=call_id).values()
    present = frozenset(name for place in places for name in groups(place))
    return Levers(
        call_id,
        row.label if row else "",
        calls.rules(session, call_id),
        row.envelope_cents if row else 0,
        tuple(n for n in envelope_parts.nodes(session, call_id=call_id) if n.kind in CAPPED and n.group in present),
        calls.grid(session, call_id).grid,
        proposals.promised(session, call_id=call_id),
    )


def ask(
    session: Session,
    *,
    call_id: str,
    rule: Rule,
    envelope_cents: int | None = None,
    rate: int = 100,
    values: Mapping[str, int | None],
    caps: Mapping[str, int | None] | None = None,
    weights: Mapping[str, int] | None = None,
) -> Pair:
    """What to solve twice. ``values`` gives cents by key of ``TRIED``; an envelope of None keeps the campaign's.

    ``caps`` gives the most that may go to a volet or a quarter by the name of the part, in cents, None for no limit;
    ``weights`` the points of a criterion by its code. What is not named stays as it is. Raises UserError when the rate
    is none, when a maximum is under its minimum or its floor, when no criterion weighs anything, or when no file has an
    opinion.
    """
    if not 0 < rate <= 100:
        raise UserError("Le taux essayé va de 1 à 100\u00a0%.", field="rate")
    own = levers(session, call_id=call_id)
    other = own.envelope_cents if envelope_cents is None else envelope_cents
    most, points = caps or {}, weights or {}
    limits = {n.group: most[n.group] for n in own.parts if n.group in most and most[n.group] != n.limit_cents}
    heavy = {c.code: points[c.code] for c in own.grid.criteria if points.get(c.code, c.weight) != c.weight}
    rules = _tried(own.rules, values)
    _refuse(own, rules, limits, heavy)
    now, ranked = proposals.whole(
        session, call_id=call_id, rule=rule, rules=own.rules, envelope_cents=own.envelope_cents
    )
    then, again = proposals.whole(
        session, call_id=call_id, rule=rule, rate=rate, rules=rules, envelope_cents=other, limits=limits, weights=heavy
    )
    nodes = envelope_parts.nodes(session, call_id=call_id)
    items = items_of(ranked, nodes)
    notes = {r.row.application_id: r.note for r in again}
    files = tuple(_contender(r, item, notes) for r, item in zip(ranked, items, strict=True))
    return Pair(own, now, then, files, _changes(own, rules, nodes, other, rate, limits, heavy))


def answer(pair: Pair, *, stop: Stop = never) -> WhatIf:
    """Both shared, then compared. Raises UserError on limits that clash."""
    found = []
    for question in (pair.now, pair.then):
        own = solve(question.instance, question.rule, stop=stop, name_ties=False)
        found.append(Shared(own.chosen, left(question.instance, own), own.ties, dict(own.unmet or {}), own.proved))
    return what_if(pair.files, found[0], found[1])


def told(pair: Pair) -> list[str]:
    """What was replayed: the rule, then each change, or that there is none."""
    lines = [f"Règle{NBSP}: {rule_words(pair.now.rule)}."]
    lines += [f"{change.sentence}." for change in pair.tried] or ["Rien n’est changé au règlement."]
    return lines


def doubts(pair: Pair, found: WhatIf) -> list[str]:
    """What the reader must know before drawing anything from the two answers: ties, floors, what is not proved."""
    lines = []
    if engaged := pair.levers.promised_cents:
        lines.append(
            f"{euros(engaged)} de l’enveloppe sont engagés par des conventions d’années passées{NBSP}: ils ne sont pas "
            "partagés."
        )
    for when, shared in (("Avec les règles en vigueur", found.before), ("Avec les règles essayées", found.after)):
        if shared.ties:
            others = len(shared.ties) - _NAMED
            more = f" et {counted(others, 'autre')}" if others > 0 else ""
            lines.append(
                f"{when}, {', '.join(shared.ties[:_NAMED])}{more} dépendent d’une égalité de notes à départager{NBSP}: "
                "aucun d’eux n’est compté comme servi."
            )
        lines += [
            f"{when}, il manque {euros(cents)} pour tenir le plancher {quote(name.partition(':')[2])}."
            for name, cents in shared.unmet.items()
        ]
        if not shared.proved:
            lines.append(
                f"{when}, la répartition est bonne sans que rien ne prouve qu’il n’en existe pas de meilleure."
            )
    if pair.now.rule == "best":
        lines.append("Une autre répartition de même valeur peut exister pour les derniers dossiers servis.")
    return lines


def export(store: Store, *, pair: Pair, found: WhatIf, actor: str) -> bytes:
    """The trial as a workbook: what was replayed and its limits, every file, every total; journaled."""
    with store.write(actor) as session:
        record(
            session,
            verb="exports.what_if",
            noun="call",
            noun_id=pair.levers.call_id,
            summary=f"Essai de règles exporté, {pair.levers.label}{NBSP}: "
            f"{'; '.join(change.sentence for change in pair.tried) or 'rien de changé'}"
            f" ({counted(len(found.moved), 'dossier')} sur {len(found.files)} autrement traités)",
            source="export",
        )
    return xlsx(pair, found)


def xlsx(pair: Pair, found: WhatIf) -> bytes:
    """The same bytes for the same trial."""
    from cv_desktop.documents.sheet_write import Sheet, SheetColumn, workbook

    said = [("Campagne", pair.levers.label), ("Règle", rule_words(pair.now.rule))]
    said += [(f"Essayé{NBSP}: {x.label}", f"{x.before} → {x.after}") for x in pair.tried] or [("Essayé", "rien")]
    said += [("Reste", f"{euros(found.before.left_cents)} → {euros(found.after.left_cents)}")]
    said += [("À savoir", line) for line in (*doubts(pair, found), *LIMITS)]
    amounts = (SheetColumn("Avant", "euros", 14), SheetColumn("Après", "euros", 14), SheetColumn("Écart", "euros", 14))
    files = [
        (
            m.number, m.structure, i.theme, ", ".join(i.quarters), i.commune, SIZES[i.small], SENIORITY[i.newcomer],
            *(None if note is None else shown(note) for note in m.file.notes),
            i.asked_cents, m.before_cents, m.after_cents, m.after_cents - m.before_cents, m.way,
        )
        for m, i in ((m, m.file.item) for m in found.files)
    ]  # fmt: skip
    totals = [
        (
            t.dimension, t.before.label, t.before.files, t.before.served, t.after.served, t.before.asked_cents,
            t.before.given_cents, t.after.given_cents, t.after.given_cents - t.before.given_cents,
        )
        for t in found.totals
    ]  # fmt: skip
    return workbook(
        [
            Sheet("Essai", (SheetColumn("Sujet", "text", 40), SheetColumn("Ce qui a été rejoué", "text", 110)), said),
            Sheet(
                "Dossiers",
                (
                    SheetColumn("N° dossier", "text", 16),
                    SheetColumn("Structure", "text", 34),
                    SheetColumn("Volet", "text", 28),
                    SheetColumn("Quartiers", "text", 28),
                    SheetColumn("Commune", "text", 20),
                    SheetColumn("Taille", "text", 18),
                    SheetColumn("Ancienneté", "text", 18),
                    SheetColumn("Note avant", "text", 10),
                    SheetColumn("Note après", "text", 10),
                    SheetColumn("Demandé", "euros", 14),
                    *amounts,
                    SheetColumn("Effet", "text", 18),
                ),
                files,
                sums=("Demandé", "Avant", "Après", "Écart"),
            ),
            Sheet(
                "Totaux",
                (
                    SheetColumn("Par", "text", 14),
                    SheetColumn("Valeur", "text", 40),
                    SheetColumn("Dossiers", "count", 10),
                    SheetColumn("Servis avant", "count", 12),
                    SheetColumn("Servis après", "count", 12),
                    SheetColumn("Demandé", "euros", 14),
                    *amounts,
                ),
                totals,
            ),
        ],
        title="Essai de règles",
    )


def _contender(ranked: Ranked[ArbitrationRow], item: Item, notes: Mapping[str, Fraction | None]) -> Contender:
    row = ranked.row
    return Contender(row.number, row.structure, item, (ranked.note, notes[row.application_id]), row.title)


def _refuse(own: Levers, rules: Rules, limits: Mapping[str, int | None], weights: Mapping[str, int]) -> None:
    most, least = (rules.cents(key) if key in rules else None for key in ("amount_max", "amount_min"))
    if most is not None and least is not None and most < least:
        raise UserError(
            f"Le maximum par dossier essayé, {euros(most)}, est sous le minimum, {euros(least)}. "
            "Changez l’un des deux.",
            field="amount_max",
        )
    for node in own.parts:
        cap = limits.get(node.group)
        if cap is not None and node.floor_cents is not None and cap < node.floor_cents:
            raise UserError(
                f"Le plafond essayé pour {node.named}, {euros(cap)}, est sous son plancher de "
                f"{euros(node.floor_cents)}. Relevez-le.",
                field=node.group,
            )
    if weights and not any(weights.get(c.code, c.weight) for c in own.grid.criteria if c.counted):
        raise UserError("Au moins un critère doit peser dans la note.", field="weights")


def _tried(rules: Rules, values: Mapping[str, int | None]) -> Rules:
    for key, cents in values.items():
        if key in TRIED and key in rules:
            rules = rules.replaced(replace(rules[key], value=cents))
    return rules


def _changes(
    own: Levers,
    rules: Rules,
    nodes: Sequence[Node],
    envelope_cents: int,
    rate: int,
    limits: Mapping[str, int | None],
    weights: Mapping[str, int],
) -> tuple[Tried, ...]:
    found = []
    if envelope_cents != own.envelope_cents:
        found.append(Tried("Enveloppe", euros(own.envelope_cents), euros(envelope_cents)))
        shares = [_shares(part) for part in (nodes, in_proportion(nodes, own.envelope_cents, envelope_cents))]
        if shares[0]:
            found.append(Tried("Parts des sessions", *shares))
    if rate != 100:
        found.append(Tried("Part de chaque demande, au plus, ou son minimum", f"100{NBSP}%", f"{rate}{NBSP}%"))
    for key, label in TRIED.items():
        if key in rules and rules.cents(key) != own.rules.cents(key):
            found.append(Tried(label, _limit(own.rules.cents(key)), _limit(rules.cents(key))))
    for node in own.parts:
        if node.group in limits:
            word = "du volet" if node.kind is Kind.THEME else "du quartier"
            label = f"Plafond {word} {quote(node.label)}"
            found.append(Tried(label, _limit(node.limit_cents), _limit(limits[node.group])))
    found += [
        Tried(f"Poids de {quote(c.label)}", str(c.weight), str(weights[c.code]))
        for c in own.grid.criteria
        if c.code in weights
    ]
    return tuple(found)


def _shares(nodes: Sequence[Node]) -> str:
    """« 7 500 € + 7 500 € », empty where no session has a share of its own."""
    return " + ".join(euros(n.amount_cents) for n in nodes if n.kind is Kind.ROUND and n.amount_cents is not None)


def _limit(cents: int | None) -> str:
    return _NONE if cents is None else euros(cents)
