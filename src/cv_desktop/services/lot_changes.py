"""What changed since a lot was submitted: its guards are judged again when its act is recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, Lot, LotLine
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.queries import calls, envelopes, movements, scenarios
from cv_desktop.db.queries.lots import in_force, written
from cv_desktop.db.queries.tuples import tuples
from cv_desktop.db.work import record
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.envelopes import Kind, group
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.rules import WARN, Rules
from cv_desktop.domain.shares import out_of_bounds, under_minimum
from cv_desktop.domain.states import ApplicationStatus, Outcome
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.services.ballot import default_motives, unfit
from cv_desktop.services.lot_guards import Parts, agreements, parts
from cv_desktop.services.opinion_guards import WHERE, Code, Guard, enrolled, judged, numbers_of
from cv_desktop.services.structure_ceilings import ceiling

T = TypeVar("T")
EXCUSED = "lot_changes.excuse"
RESERVE = group(Kind.RESERVE, "reserve")
_RETURN = f"Retournez ce dossier à l’arbitrage ({quote('Ouvrir le lot')}), rouvrez la séance et reprenez l’avis"
# What was found, and what mends it.
_WORDS: dict[Code, tuple[str, str]] = {
    "recusals": ("Avis rendu devant un membre à écarter", f"{_RETURN} sans ce membre."),
    "quorum": ("Avis rendu sans quorum", f"{_RETURN} avec le quorum."),
    "links": ("Lien possible sans réponse", f"Confirmez-le ou écartez-le ({WHERE}{{enrolled}})."),
    "minimum": ("Montant sous le minimum, sans motif", "Écrivez son motif dans le lot, ou corrigez le montant."),
    "amounts": ("Montant hors bornes", "Corrigez-le dans le lot, ou retournez le dossier à l’arbitrage."),
}


def excuse(session: Session, lot: Lot, guards: Iterable[Guard], *, reason: str) -> None:
    """Keep in the journal what a lot is submitted in spite of: its act will not be asked about it again.

    Of the caps and the reserve, by how many cents each is passed once its money is submitted: its act is asked about
    more than that.
    A reason that nothing called for excuses nothing, and this says so.
    """
    held = [guard for guard in guards if guard.state == "block"]
    after: dict[str, Any] = {guard.code: list(guard.facts) for guard in held}
    if "parts" in after:
        known, buckets = parts(session, lot.call_id), envelopes.buckets(session, call_id=lot.call_id)
        used = known.reserve_used(buckets.free_cents + buckets.marked_cents)
        after["parts"] = known.over_now() | {RESERVE: used}
    if held or reason.strip():
        told = f"malgré{NBSP}: {f'{NBSP}; '.join(guard.label for guard in held)}" if held else "que rien ne demandait"
        record(
            session,
            verb=EXCUSED,
            noun="lot",
            noun_id=lot.id,
            summary=f"Lot {quote(lot.label)} soumis avec un motif {told}",
            after=after,
            reason=reason.strip(),
        )


def since(session: Session, *, lot_id: str) -> tuple[Guard, ...]:
    """What forbids today the act of a lot that its submission had not seen, nor excused by a reason.

    A déport or a link found meanwhile, a room whose hours were corrected, amounts out of the règlement or of an
    envelope that changed. A lot that takes no more than what it replaces is never asked about money; another one is
    asked about more than what lots were submitted in spite of. Empty for a lot that does not await its vote. As a
    warning, what its agreements lack in the years to come.
    Source: CGCT L2131-11.
    """
    lot = session.get_one(Lot, lot_id)
    if lot.state != "submitted":
        return ()
    query = select(LotLine).where(LotLine.lot_id == lot_id, LotLine.outcome != Outcome.RETURNED)
    lines = {line.application_id: line for line in session.scalars(query)}
    old = {x.application_id: session.get_one(Decision, x.supersedes_id) for x in lines.values() if x.supersedes_id}
    lots = {lot_id, *(decision.lot_id for decision in old.values())}
    rules = calls.rules(session, lot.call_id)
    found = [*unexcused(session, call_id=lot.call_id, files=lines, lots=lots)]
    before = {key: decision.amount_cents for key, decision in old.items()}
    later = _later(session, lot)
    given = {each.id: _amounts(session, each) for each in later}
    # What waits behind this lot counts for the structures as it stands without its vote.
    behind = {key: cents for x in later if x.state == "submitted" for key, cents in given[x.id][0].items()}
    amounts = {key: line.amount_cents for key, line in lines.items()}
    over = ceiling(session, lot.call_id, rules).over(behind | amounts, before | behind)
    if wrong := _out_of_bounds(session, lot.call_id, rules, lines, over):
        found.append(_guard("amounts", wrong))
    if small := _too_small(session, lot, rules, lines):
        found.append(_guard("minimum", small))
    years = agreements(session, [key for key, cents in amounts.items() if cents])
    warned = [guard for guard in years if guard.state == "warn"]
    return (*found, *_money(session, lot, lines, before, later, given), *warned)


def _money(
    session: Session,
    lot: Lot,
    lines: Mapping[str, LotLine],
    before: Mapping[str, int],
    later: Sequence[Lot],
    given: Mapping[str, tuple[Mapping[str, int], Mapping[str, int]]],
) -> list[Guard]:
    """What a lot adds to what its lines replace, against the envelope and its parts as they are today.

    Lots submitted after it and not voted yet wait behind it. Its own reason answers for what was over once it was
    submitted, that of a later one only for what that one added.
    """
    after = {key: line.amount_cents for key, line in lines.items()}
    held = parts(session, lot.call_id)
    for each in later:
        held = held.without(*given[each.id]) if each.state == "submitted" else held
    buckets = envelopes.buckets(session, call_id=lot.call_id)
    behind = [_more(*given[each.id]) for each in later if each.state == "submitted"]
    # What a scenario marks is no lot's yet.
    missing = -(buckets.free_cents + buckets.marked_cents + sum(behind))
    overruns = movements.overruns(session, call_id=lot.call_id)
    known = overruns.get(lot.id, 0)
    over_parts = _accepted(session, lot.id, held, (before, after))
    for each in later:
        if each.state == "voted":
            known += min(overruns.get(each.id, 0), max(0, _more(*given[each.id])))
            added = held.added(*given[each.id]) | {RESERVE: _more(*given[each.id])}
            for name, cents in _accepted(session, each.id, held, given[each.id]).items():
                over_parts[name] = over_parts.get(name, 0) + max(0, min(cents, added.get(name, 0)))
    found, grows = [], sum(after.values()) > sum(before.values())
    way = "Réduisez un montant du lot, ou changez l’enveloppe (Enveloppes)."
    if not before:
        way += " Retournez le lot et soumettez-le de nouveau pour dire le motif du dépassement."
    if grows and missing > known:
        label = f"L’enveloppe ne suffit plus{NBSP}: il manque {euros(missing)}"
        found.append(Guard("sum", "block", label, (way,)))
    if over := held.outgrown(before, after, over_parts):
        found.append(Guard("parts", "block", "Plafond de l’enveloppe dépassé", (way, *over)))
    used = held.reserve_used(-missing)
    # An overrun with a reason spent the reserve first.
    if grows and missing <= 0 and not known and used > over_parts.get(RESERVE, 0):
        found.append(Guard("parts", "block", "Réserve de l’enveloppe entamée", (way, held.reserve_words(used))))
    return found


def unexcused(session: Session, *, call_id: str, files: Collection[str], lots: Collection[str]) -> tuple[Guard, ...]:
    """What forbids these files to be voted on account of who gave, or signs, their opinions.

    Without what these lots were submitted in spite of, with a reason.
    """
    known, unlisted = _excused(session, lots), _unlisted(session, lots)
    found = []
    for guard in judged(session, call_id=call_id, rules=calls.rules(session, call_id), files=files):
        new = [fact for fact in guard.facts if fact not in known.get(guard.code, ())]
        answered = guard.code == "quorum" and guard.excusable and unlisted
        if guard.state == "block" and new and not answered:
            found.append(_guard(guard.code, new))
    return tuple(found)


def require_unchanged(session: Session, lot: Lot) -> None:
    """Raises UserError when a guard of a lot blocks that did not when it was submitted, with what mends it."""
    found = [guard for guard in since(session, lot_id=lot.id) if guard.state == "block"]
    if found:
        day = long_date(local(lot.submitted_at).date())
        told = " ".join(f"{x.label}. {' '.join(x.details[:4])}" for x in found[:2])
        raise UserError(f"Depuis la soumission du lot, le {day}{NBSP}: {told}")


def _guard(code: Code, facts: list[str]) -> Guard:
    head, way = _WORDS[code]
    way = way.replace("{enrolled}", enrolled(facts))
    return Guard(code, "block", f"{head}{NBSP}: {numbers_of(facts)}", (way, *facts), facts=tuple(facts))


def _out_of_bounds(
    session: Session, call_id: str, rules: Rules, lines: Mapping[str, LotLine], over: Mapping[str, str]
) -> list[str]:
    given = {key: line.amount_cents for key, line in lines.items() if line.amount_cents}
    bases = scenarios.bases(session, call_id=call_id)
    query = select(Application.id, Application.number, Application.asked_cents, Application.status)
    found = []
    for key, number, asked, status in session.execute(query.where(Application.id.in_(given)).order_by(Application.seq)):
        wrong = out_of_bounds(given[key], asked_cents=asked, base_cents=bases.get(key), rules=rules)
        if status != ApplicationStatus.ELIGIBLE:
            wrong = unfit(ApplicationStatus(status).label)
        if wrong or key in over:
            found.append(f"{number}{NBSP}: {wrong or over[key]}")
    return found


def _too_small(session: Session, lot: Lot, rules: Rules, lines: Mapping[str, LotLine]) -> list[str]:
    """The awards under the minimum of a règlement that warns, for which neither their line nor the lot says why."""
    usual, known = default_motives(session), _excused(session, [lot.id]).get("minimum", ())
    bare = {key: line.amount_cents for key, line in lines.items() if not line.motive or line.motive in usual}
    query = select(Application.id, Application.number, Application.asked_cents).order_by(Application.seq)
    found = []
    for key, number, asked in session.execute(query.where(Application.id.in_(bare))):
        short = under_minimum(bare[key], asked_cents=asked, rules=rules)
        if short and rules["amount_min"].severity == WARN and (fact := f"{number}{NBSP}: {short}") not in known:
            found.append(fact)
    return found


def _excused(session: Session, lots: Collection[str]) -> dict[str, set[str]]:
    """What these lots were submitted in spite of, by guard."""
    found: dict[str, set[str]] = {}
    for kept in session.scalars(_entries(JournalEntry.after, EXCUSED, lots)):
        for code, facts in (kept or {}).items():
            found.setdefault(code, set()).update(facts)
    return found


def _accepted(
    session: Session, lot_id: str, held: Parts, amounts: tuple[Mapping[str, int], Mapping[str, int]]
) -> dict[str, int]:
    """By how many cents a lot was submitted, with a reason, over each cap, by part, and how much reserve it used.

    The oldest entries of the journal say no sums: the reason then answers for what the lot gives, and for the reserve.
    """
    given, reserve = held.added(*amounts), {RESERVE: held.reserve_used(0)}
    if _unlisted(session, [lot_id]):
        return given | reserve
    found: dict[str, int] = {}
    for kept in session.scalars(_entries(JournalEntry.after, EXCUSED, [lot_id])):
        if kept and "parts" in kept:
            found |= reserve | (kept["parts"] if isinstance(kept["parts"], dict) else given)
    return found


def _later(session: Session, lot: Lot) -> list[Lot]:
    """The lots of its campaign submitted after a lot, that await their vote or were voted."""
    query = select(Lot).where(Lot.call_id == lot.call_id, Lot.state.in_(("submitted", "voted")))
    ordered = list(session.scalars(query.order_by(Lot.submitted_at, written("lot"))))
    return ordered[ordered.index(lot) + 1 :]


def _amounts(session: Session, lot: Lot) -> tuple[dict[str, int], dict[str, int]]:
    """What the lines of a lot replace, and what they give or, once voted, still give, in cents by file."""
    old = aliased(Decision)
    now = (
        select(func.coalesce(func.sum(Decision.amount_cents), 0))
        .where(Decision.application_id == LotLine.application_id, in_force())
        .correlate(LotLine)
        .scalar_subquery()
    )
    query = (
        select(LotLine.application_id, func.coalesce(old.amount_cents, 0), LotLine.amount_cents, now)
        .outerjoin(old, old.id == LotLine.supersedes_id)
        .where(LotLine.lot_id == lot.id, LotLine.outcome != Outcome.RETURNED)
    )
    found = tuples(session, query)
    voted = lot.state == "voted"
    return (
        {key: before for key, before, _cents, _left in found},
        {key: min(cents, left) if voted else cents for key, _before, cents, left in found},
    )


def _more(before: Mapping[str, int], after: Mapping[str, int]) -> int:
    """What is held for amounts that wait to replace others, in cents: what each adds, none takes anything away."""
    return sum(max(0, cents - before.get(key, 0)) for key, cents in after.items())


def _unlisted(session: Session, lots: Collection[str]) -> set[str]:
    """Those of these lots that were submitted with a reason before the journal kept what it excuses."""
    listed = set(session.scalars(_entries(JournalEntry.noun_id, EXCUSED, lots)))
    told = _entries(JournalEntry.noun_id, "decisions.submit", lots).where(JournalEntry.reason != "")
    return set(session.scalars(told)) - listed


def _entries(column: InstrumentedAttribute[T], verb: str, lots: Collection[str]) -> Select[T]:
    return select(column).where(JournalEntry.verb == verb, JournalEntry.noun == "lot", JournalEntry.noun_id.in_(lots))
