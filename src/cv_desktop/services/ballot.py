"""What a lot would submit to the vote, and what stands in its way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.queries import applications, calls, envelopes, opinions, scenarios, settings
from cv_desktop.db.queries.scenarios import ArbitrationRow
from cv_desktop.db.work import today
from cv_desktop.domain.dates import NBSP
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.ranking import Ranked
from cv_desktop.domain.rules import BLOCK, Rules
from cv_desktop.domain.shares import out_of_bounds, under_minimum
from cv_desktop.domain.states import ApplicationStatus, DisplayedStatus, Opinion, Outcome
from cv_desktop.domain.text import counted
from cv_desktop.services.lot_guards import agreements, convention_due, parts
from cv_desktop.services.opinion_guards import Guard, judged, listed
from cv_desktop.services.structure_ceilings import ceiling, require_under

_UNFIT = (DisplayedStatus.DEPOSITED, DisplayedStatus.INCOMPLETE, DisplayedStatus.INELIGIBLE)


@dataclass(frozen=True, slots=True)
class Ballot:
    """The lot to come: number of files by outcome, sum in cents, what is free for it, guards.

    ``excess`` says which caps or reserve it breaks, that a reason may excuse; ``could_wait`` counts the files that the
    waiting list would take; ``amounts`` are the cents of each file.
    """

    outcomes: dict[Outcome, int]
    total_cents: int
    available_cents: int
    guards: tuple[Guard, ...]
    excess: tuple[str, ...] = ()
    could_wait: int = 0
    amounts: Mapping[str, int] = field(default_factory=dict)

    @property
    def files(self) -> int:
        return sum(self.outcomes.values())

    @property
    def overspent(self) -> bool:
        return 0 < self.total_cents > self.available_cents

    @property
    def needs_reason(self) -> bool:
        """Whether something stands in its way that a reason excuses: sums, links, a quorum if the règlement says so."""
        return any(guard.state == "block" and guard.excusable for guard in self.guards)

    @property
    def excused(self) -> tuple[str, ...]:
        """What the reason excuses besides the sums, as sentences."""
        found = (g for g in self.guards if g.state == "block" and g.excusable and g.code not in ("sum", "parts"))
        return tuple(f"{guard.label}." for guard in found)

    @property
    def blocked(self) -> bool:
        """Whether something that no reason excuses forbids the lot."""
        return any(guard.state == "block" and not guard.excusable for guard in self.guards)


def outcome_of(row: ArbitrationRow, *, waiting: bool = False) -> Outcome:
    """What the lot would decide of a file as it stands; ``waiting``: one that nothing sets aside waits on the list.

    A file that a lot holds has its outcome, one whose decision was ended is revoked.
    """
    if row.lot_outcome:
        held = Outcome(row.lot_outcome)
        ended = row.lot_state == "voted" and held.gives and not row.amount_cents
        return Outcome.REVOKED if ended else held
    if row.opinion is Opinion.ADJOURNED:
        return Outcome.ADJOURNED
    if row.opinion is Opinion.UNFAVORABLE:
        return Outcome.REFUSED
    if waiting and not row.amount_cents and not row.locked:
        return Outcome.WAITING
    return Outcome.of_amount(row.amount_cents or 0, row.asked_cents)


def bounds(rules: Rules, row: ArbitrationRow) -> str:
    """Why the amount of a file cannot be voted, as a sentence; empty when it can.

    Of a file that is not eligible any more, above the request, the eligible base or the règlement's maximum, off its
    rounding step, or against the opinion.
    """
    amount = row.amount_cents or 0
    if amount and row.status in _UNFIT:
        return unfit(row.status.label)
    if wrong := out_of_bounds(amount, asked_cents=row.asked_cents, base_cents=row.base_cents, rules=rules):
        return wrong
    if amount and not outcome_of(row).gives:
        return f"Avis «{NBSP}{row.opinion.label.lower()}{NBSP}»{NBSP}: aucun montant n’est possible."
    return ""


def problem(rules: Rules, row: ArbitrationRow) -> str:
    """What the lot would say of the amount of a file: why it refuses it, or that nothing tells why it is so small."""
    short = under_minimum(row.amount_cents or 0, asked_cents=row.asked_cents, rules=rules)
    return bounds(rules, row) or ("" if row.motive else short)


def unfit(status: str) -> str:
    """Why a file that is not eligible, or no longer, receives nothing; ``status`` as its chip says it."""
    return f"Dossier «{NBSP}{status}{NBSP}»{NBSP}: aucun montant n’est possible tant qu’il n’est pas recevable."


def to_vote(ranked: Iterable[Ranked[ArbitrationRow]]) -> list[Ranked[ArbitrationRow]]:
    """The files that a lot would take: no lot holds them, and those to instruct again that receive nothing stay out."""
    return [r for r in ranked if r.row.lot_id is None and (r.row.amount_cents or r.row.status not in _UNFIT)]


def require_bounds(session: Session, file: Application, cents: int, *, field: str) -> None:
    """Raises UserError, naming the file, when its amount cannot be voted; 0, which refuses it, always can."""
    if cents < 0:
        raise UserError(f"{euros(cents)} n’est pas un montant possible pour {file.number}.", field=field)
    base = scenarios.base(session, application_id=file.id)
    rules = calls.rules(session, file.call_id)
    if cents and file.status != ApplicationStatus.ELIGIBLE:
        raise UserError(f"{file.number}{NBSP}: {unfit(ApplicationStatus(file.status).label)}", field=field)
    if wrong := out_of_bounds(cents, asked_cents=file.asked_cents, base_cents=base, rules=rules):
        raise UserError(f"{file.number}{NBSP}: {wrong}", field=field)
    require_under(session, file.call_id, rules, {file.id: cents}, field=field)


def refusals(session: Session, call_id: str, rules: Rules, ranked: Sequence[Ranked[ArbitrationRow]]) -> list[str]:
    """What forbids a lot, one sentence per file, its number first: its own amount, or those of its structure."""
    known = ceiling(session, call_id, rules)
    over = known.over({r.row.application_id: r.row.amount_cents or 0 for r in ranked})
    found = ((r.row.number, bounds(rules, r.row) or over.get(r.row.application_id, "")) for r in ranked)
    return [f"{number}{NBSP}: {sentence}" for number, sentence in found if sentence]


def default_motive(session: Session, outcome: Outcome, opinion: Opinion | None = None) -> str:
    """The standard sentence of an outcome after the committee's ``opinion``, when nobody wrote its own."""
    key = {
        Outcome.PARTIAL: "motif_partiel",
        Outcome.ADJOURNED: "motif_ajournement",
        Outcome.REFUSED: "motif_avis" if opinion is Opinion.UNFAVORABLE else "motif_enveloppe",
    }.get(outcome)
    return settings.text_in_force(session, key, today(session)) if key else ""


def default_motives(session: Session) -> frozenset[str]:
    """Every standard sentence of an outcome: what a line says while nobody wrote a motive of its own."""
    found = {
        default_motive(session, outcome, opinion) for outcome in Outcome for opinion in (None, Opinion.UNFAVORABLE)
    }
    return frozenset(found)


def ballot(session: Session, *, scenario_id: str, call_id: str, waiting: bool = False) -> Ballot:
    """The lot that ``decisions.submit`` would make now."""
    ranked = to_vote(scenarios.ranking(session, scenario_id=scenario_id))
    return weigh(session, scenario_id=scenario_id, call_id=call_id, ranked=ranked, waiting=waiting)


def weigh(
    session: Session, *, scenario_id: str, call_id: str, ranked: Sequence[Ranked[ArbitrationRow]], waiting: bool
) -> Ballot:
    """The same for the files that it would take, as they were read."""
    rules = calls.rules(session, call_id)
    buckets = envelopes.buckets(session, call_id=call_id, scenario_id=scenario_id)
    available = buckets.free_cents + buckets.marked_cents
    total = sum(r.row.amount_cents or 0 for r in ranked)
    outcomes = [outcome_of(r.row, waiting=waiting) for r in ranked]
    files = [r.row.application_id for r in ranked]
    amounts = {r.row.application_id: r.row.amount_cents or 0 for r in ranked}
    excess = parts(session, call_id).exceeded(amounts, available)
    guards = (
        _sum(total, available),
        _parts(excess),
        _amounts(refusals(session, call_id, rules, ranked)),
        *_minimum(rules, [r.row for r in ranked]),
        _opinions(session, call_id, len(ranked)),
        *judged(session, call_id=call_id, rules=rules, files=files),
        _motives(session, call_id, [(r.row, outcome) for r, outcome in zip(ranked, outcomes, strict=True)]),
        _convention(session, call_id, rules, amounts),
        *agreements(session, [key for key, cents in amounts.items() if cents]),
    )
    counted = {outcome: outcomes.count(outcome) for outcome in Outcome if outcome in outcomes}
    could = sum(outcome_of(r.row, waiting=True) is Outcome.WAITING for r in ranked)
    return Ballot(counted, total, available, guards, tuple(excess), could, amounts)


def _sum(total: int, available: int) -> Guard:
    if 0 < total > available:
        over = f"Ce lot dépasse l’enveloppe de {euros(total - available)}."
        return Guard("sum", "block", over, ("Réduisez des montants ou indiquez le motif du dépassement.",), True)
    return Guard("sum", "pass", f"Somme {euros(total)}, libre {euros(available)}")


def _parts(excess: list[str]) -> Guard:
    if excess:
        told = ("Réduisez des montants ou indiquez le motif du dépassement.",)
        return Guard("parts", "block", "Plafond ou réserve de l’enveloppe", (*excess, *told), True)
    return Guard("parts", "pass", "Plafonds et réserve de l’enveloppe respectés")


def _convention(session: Session, call_id: str, rules: Rules, amounts: dict[str, int]) -> Guard:
    threshold = rules.cents("convention_threshold") if "convention_threshold" in rules else None
    due = convention_due(session, call_id, amounts, threshold) if threshold is not None else []
    if not due:
        return Guard("convention", "pass", "Aucune convention obligatoire")
    named = [f"{number} ({euros(cents)} dans l’année)" for number, cents in due]
    limit = euros(threshold or 0)
    label = f"Convention obligatoire au-dessus de {limit}{NBSP}: {counted(len(due), 'dossier')}"
    return Guard("convention", "warn", label, (f"{listed(named)}. Son courrier l’annonce, et rien n’est payé avant.",))


def _amounts(refused: list[str]) -> Guard:
    if not refused:
        return Guard("amounts", "pass", "Chaque montant respecte la demande et le règlement")
    plural = "s" if len(refused) > 1 else ""
    return Guard("amounts", "block", f"{len(refused)} montant{plural} hors bornes", tuple(refused))


def _minimum(rules: Rules, rows: Iterable[ArbitrationRow]) -> list[Guard]:
    """What the règlement says too small without forbidding it: each award says why, or the lot does."""
    facts, bare = [], []
    for row in rows:
        amount = row.amount_cents or 0
        if short := under_minimum(amount, asked_cents=row.asked_cents, rules=rules):
            facts.append(f"{row.number}{NBSP}: {short}")
            bare += [] if row.motive else [row.number]
    if not facts or rules["amount_min"].severity == BLOCK:
        return []  # what blocks is out of bounds
    label = f"{counted(len(facts), 'montant')} sous le minimum du règlement"
    if not bare:
        return [Guard("minimum", "warn", label, tuple(facts), facts=tuple(facts))]
    way = f"Écrivez pourquoi dans le motif ({listed(bare)}), refusez, ou indiquez le motif du lot."
    return [Guard("minimum", "block", label, (way, *facts), True, tuple(facts))]


def _opinions(session: Session, call_id: str, files: int) -> Guard:
    waiting = [
        row.number
        for row in applications.rows(session, call_id=call_id)
        if row.status in (DisplayedStatus.ELIGIBLE, DisplayedStatus.IN_MEETING)
    ]
    if not waiting:
        return Guard("opinions", "pass", f"{counted(files, 'dossier')} avec un avis de séance")
    one = len(waiting) == 1
    label = f"{len(waiting)} dossier{'' if one else 's'} recevable{'' if one else 's'} sans avis"
    told = "Il n’ira pas au vote" if one else "Ils n’iront pas au vote"
    return Guard("opinions", "warn", label, (f"{told}{NBSP}: {listed(waiting)}.",))


def _motives(session: Session, call_id: str, chosen: list[tuple[ArbitrationRow, Outcome]]) -> Guard:
    needed = [(row, outcome) for row, outcome in chosen if outcome not in (Outcome.GRANTED, Outcome.WAITING)]
    bare = [(row, outcome) for row, outcome in needed if not row.motive]
    kinds = {(outcome, row.opinion) for row, outcome in bare}
    wordless = {kind for kind in kinds if not default_motive(session, *kind)}
    mute = [row.number for row, outcome in bare if (outcome, row.opinion) in wordless]
    if mute:
        return Guard("motives", "block", "Motif absent", (f"Indiquez un motif{NBSP}: {listed(mute)}.",))
    whole = [row for row, outcome in chosen if outcome is Outcome.GRANTED and not row.motive]
    said = opinions.proposed(session, call_id=call_id, files=[row.application_id for row in whole])
    above = [row.number for row in whole if said.get(row.application_id, row.amount_cents) != row.amount_cents]
    usual = f"{counted(len(bare), 'dossier')} sans motif propre"
    if above:
        label = f"{counted(len(above), 'dossier')} au-dessus de l’avis, sans motif"
        told = [f"Écrivez pourquoi{NBSP}: {listed(above)}. La concordance le relèvera."]
        # The full grants are told first: an opinion was not followed, and no letter says why in their place.
        told += [f"{usual}{NBSP}: le courrier portera le motif type."] if bare else []
        return Guard("motives", "warn", label, tuple(told))
    if bare:
        return Guard("motives", "warn", usual, ("Le courrier portera le motif type.",))
    return Guard("motives", "pass", "Chaque réduction ou refus a son motif")
