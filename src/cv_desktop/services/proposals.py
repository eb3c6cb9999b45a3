"""A distribution proposed by the application: what the solver is asked, its answer, and the scenario it becomes.

The three steps are apart so that the search runs away from the window: ``ask`` reads, ``answer`` computes, ``keep``
writes, always a new scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import lcm

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Scenario, ScenarioLine
from cv_desktop.db.queries import calls, envelope_parts, envelopes, movements, scenarios
from cv_desktop.db.queries import rounds as sessions
from cv_desktop.db.queries.scenarios import ArbitrationRow
from cv_desktop.db.queries.tuples import tuples
from cv_desktop.db.work import record
from cv_desktop.domain import rounds, shares
from cv_desktop.domain.allocation import rounded_share
from cv_desktop.domain.allocation_answer import Solution, left
from cv_desktop.domain.allocation_instance import File, Instance, Rule, check
from cv_desktop.domain.allocation_reasons import Reasons
from cv_desktop.domain.allocation_solve import solve
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.envelopes import Node, reserve_cents
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.integer_program import Stop, never
from cv_desktop.domain.money import euros
from cv_desktop.domain.ranking import Ranked
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.scenarios import rule_code, rule_words
from cv_desktop.domain.states import Opinion
from cv_desktop.domain.structure_ceiling import StructureCeiling
from cv_desktop.domain.text import counted
from cv_desktop.services.proposal_groups import Grouped, grouped, in_proportion, pooled
from cv_desktop.services.scenario_lines import restore_amounts, settle, write_amounts
from cv_desktop.services.scenarios import add
from cv_desktop.services.structure_ceilings import ceiling

_EXACT = 10**6  # parts of a point: beyond, sums of notes no longer fit the numbers of the solver
_OPINIONS = {Opinion.ADJOURNED: "Ajourné par la séance.", Opinion.UNFAVORABLE: "Avis défavorable de la séance."}


Tell = Callable[[int, int, str], None]


def silent(_done: int, _total: int, _number: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Question:
    """What is shared: files are named by their numbers. ``keys`` gives the key of each, ``fixed`` why it is out."""

    scenario_id: str
    rule: Rule
    rate: int
    instance: Instance
    keys: Mapping[str, str]
    fixed: Mapping[str, str]
    reserve_cents: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who is served, why, and what is left, by number of file; ``proved`` when nothing better exists."""

    question: Question
    chosen: Mapping[str, int]
    sentences: Mapping[str, str]
    ties: tuple[str, ...]
    left_cents: int
    proved: bool
    unmet: Mapping[str, int]


def ask(session: Session, *, scenario_id: str, rule: Rule, rate: int = 100) -> Question:
    """What the solver must share: what is free in a scenario or marked by it, between the files that no lot holds.

    ``rate`` is the most of each request that may be given, in percent, unless that is under the minimum of the file.
    Locked amounts, the limits of the parts of the envelope, the maximum per file and per structure of the règlement,
    its rounding step and the eligible bases are kept; the reserve is left aside. An action of several quarters counts
    in each for its part. An adjourned or unfavourable file gets nothing. Raises UserError when no file waits or the
    rate is none.
    """
    if not 0 < rate <= 100:
        raise UserError("Le taux proposé va de 1 à 100 %.", field="rate")
    call = session.get_one(Scenario, scenario_id).call_id
    ranked = scenarios.ranking(session, scenario_id=scenario_id)
    waiting = [r for r in ranked if r.row.lot_id is None]
    if not waiting:
        raise UserError("Aucun dossier instruit n’attend de montant.")
    known = rounds.sources(sessions.dates(session, call), closed=True)
    nodes, later = pooled(envelope_parts.nodes(session, call_id=call), known)
    buckets = envelopes.buckets(session, call_id=call, scenario_id=scenario_id)
    shared = buckets.free_cents + buckets.marked_cents
    rules = calls.rules(session, call)
    return _question(scenario_id, rule, rate, ranked, nodes, rules, shared, later, ceiling(session, call, rules))


def whole(
    session: Session,
    *,
    call_id: str,
    rule: Rule,
    rate: int = 100,
    rules: Rules,
    envelope_cents: int,
    limits: Mapping[str, int | None] | None = None,
    weights: Mapping[str, int] | None = None,
) -> tuple[Question, tuple[Ranked[ArbitrationRow], ...]]:
    """The question of a whole campaign, past or present, as if nothing were decided nor locked, under ``rules``.

    The limits of the parts of the envelope are kept, but those of ``limits``, in cents by the name of the part, None
    for none; so are the weights of the grid, but those of ``weights``, in points by code. The shares of the sessions
    follow the envelope in proportion; what the files of one leave goes to the next one where it rolls over. Raises
    UserError when no file has an opinion.
    """
    scenario, other = scenarios.retained(session, call_id=call_id), limits or {}
    ranked = tuple(
        replace(r, row=replace(r.row, lot_id=None, lot_state="", locked=False, amount_cents=None))
        for r in scenarios.ranking(session, scenario_id=scenario, weights=weights)
    )
    if not ranked:
        raise UserError("Aucun dossier de cette campagne n’a d’avis de séance.")
    nodes = [
        replace(n, amount_cents=None, cap_cents=other[n.group]) if n.group in other else n
        for n in envelope_parts.nodes(session, call_id=call_id)
    ]
    nodes = in_proportion(nodes, session.get_one(Call, call_id).envelope_cents, envelope_cents)
    nodes, later = pooled(nodes, rounds.sources(sessions.dates(session, call_id)))
    shared = envelope_cents - promised(session, call_id=call_id)
    limit = ceiling(session, call_id, rules)
    return _question(scenario, rule, rate, ranked, nodes, rules, shared, later, limit), ranked


def promised(session: Session, *, call_id: str) -> int:
    """What the agreements of earlier campaigns engage on the envelope of this one, in cents: it is not shared again."""
    files = movements.promised(session, call_id=call_id)
    return sum(sum(held.values()) for held in movements.balances(session, call_id=call_id, files=files).values())


def _question(
    scenario_id: str,
    rule: Rule,
    rate: int,
    ranked: Sequence[Ranked[ArbitrationRow]],
    nodes: Sequence[Node],
    rules: Rules,
    shared_cents: int,
    later: Mapping[str, Sequence[str]],
    known: StructureCeiling,
) -> Question:
    """``shared_cents`` between the files that no lot holds, less the reserve; ``later`` as ``pooled`` gives it."""
    waiting = [r for r in ranked if r.row.lot_id is None]
    reserve = reserve_cents(nodes)
    parts = grouped(ranked, nodes, known, later)
    scale = min(_EXACT, lcm(100, *(r.note.denominator for r in waiting if r.note is not None)))
    fixed = {r.row.number: _OPINIONS[r.row.opinion] for r in waiting if r.row.opinion in _OPINIONS and not r.row.locked}
    instance = Instance(
        envelope_cents=max(0, shared_cents - reserve),
        step_cents=rules.cents("rounding_step") or 1,
        files=tuple(_file(r, rules, rate, parts, scale) for r in waiting),
        caps=parts.caps,
        floors=parts.floors,
        locks={r.row.number: r.row.amount_cents or 0 for r in waiting if r.row.locked} | dict.fromkeys(fixed, 0),
        scale=scale,
    )
    check(instance)
    keys = {r.row.number: r.row.application_id for r in waiting}
    return Question(scenario_id, rule, rate, instance, keys, fixed, reserve)


def answer(question: Question, *, stop: Stop = never, tell: Tell = silent) -> Proposal:
    """Share, then say why each file is in, reduced or out.

    ``stop`` is polled; ``tell(done, total, number)`` hears how far the sentences are. Raises UserError on limits that
    clash.
    """
    solution = solve(question.instance, question.rule, stop=stop)
    reasons = Reasons(question.instance, solution, stop=stop)
    told = {}
    for done, number in enumerate(question.keys):
        tell(done, len(question.keys), number)
        told[number] = question.fixed.get(number) or _sentence(reasons, solution, number, question.instance)
    return Proposal(
        question,
        solution.chosen,
        {number: words for number, words in told.items() if words},
        solution.ties,
        left(question.instance, solution),
        solution.proved,
        dict(solution.unmet or {}),
    )


def keep(session: Session, *, proposal: Proposal, label: str = "") -> tuple[Changes, str]:
    """Write a proposal as a new scenario, with the base and the motive that the first one gives each file.

    Raises UserError when a file entered a lot since the question was read.
    """
    question = proposal.question
    source = session.get_one(Scenario, question.scenario_id)
    lines_before = scenarios.lines(session, scenario_id=source.id)
    waiting = {r.row.application_id for r in scenarios.ranking(session, scenario_id=source.id) if r.row.lot_id is None}
    if waiting != {*question.keys.values()}:
        raise UserError("Les dossiers à arbitrer ont changé pendant le calcul. Relancez la proposition.")
    query = select(ScenarioLine.application_id, ScenarioLine.taken).where(ScenarioLine.scenario_id == source.id)
    taken = dict(tuples(session, query))
    lines = []
    for number, key in question.keys.items():
        own = lines_before.get(key)
        lines.append(
            {
                "application_id": key,
                "amount_cents": proposal.chosen.get(number, 0),
                "base_cents": own.base_cents if own else None,
                "locked": own.locked if own else False,
                "motive": own.motive if own else "",
                "cut": proposal.sentences.get(number, ""),
                # A locked file keeps its nothing, and X what it gives back.
                "taken": taken.get(key) if own and own.locked else None,
            }
        )
    rule = rule_code(question.rule, question.rate)
    told = (
        f"proposé : {rule_words(rule)} ; {counted(len(proposal.chosen), 'dossier servi')}, "
        f"{euros(sum(proposal.chosen.values()))}"
    )
    return add(
        session, call_id=source.call_id, label=label, after=source.label, rule=rule, lines=lines, told=told,
        source="calcul",
    )  # fmt: skip


def propose(session: Session, *, scenario_id: str, rate: int, rule: Rule = "skip") -> Changes:
    """The same proposal written into the scenario itself, for a campaign told by a program.

    Raises UserError when no file can be served.
    """
    found = answer(ask(session, scenario_id=scenario_id, rule=rule, rate=rate))
    keys = found.question.keys
    after: dict[str, int | None] = {key: found.chosen.get(number, 0) for number, key in keys.items()}
    lines = scenarios.lines(session, scenario_id=scenario_id)
    before = {key: lines[key].amount_cents if key in lines else None for key in after}
    served = counted(len(found.chosen), "dossier servi")
    record(
        session,
        verb="scenarios.propose",
        noun="scenario",
        noun_id=scenario_id,
        summary=f"Répartition proposée : {rule_words(rule_code(rule, rate))} ; {served}, "
        f"{euros(sum(found.chosen.values()))}",
        before=before,
        after=after,
        source="calcul",
    )
    write_amounts(session, scenario_id, after)
    settle(session, scenario_id, after, "propose")
    undo = Step(restore_amounts, {"scenario_id": scenario_id, "amounts": before})
    return Changes.of("scenario", scenario_id, undo=undo)


def _sentence(reasons: Reasons, solution: Solution, number: str, instance: Instance) -> str:
    """Nothing for a file served in full: there is no cut to explain."""
    if solution.chosen.get(number) == reasons.files[number].asked_cents and number not in instance.locks:
        return ""
    words = reasons.sentence(number)
    return f"{words[:1].upper()}{words[1:]}."


def _file(ranked: Ranked[ArbitrationRow], rules: Rules, rate: int, parts: Grouped, scale: int) -> File:
    row, step = ranked.row, rules.cents("rounding_step") or 1
    most = shares.most(asked_cents=row.asked_cents, base_cents=row.base_cents, rules=rules)
    least = shares.least(asked_cents=row.asked_cents, minimum_cents=row.minimum_cents, rules=rules)
    share = row.asked_cents if rate == 100 else rounded_share(row.asked_cents, rate, step)
    # A part of its request under what its action needs, or under the règlement's minimum, would serve nobody.
    asked = min(most, max(share, min(row.asked_cents, -(-least // step) * step)))
    minimum = min(asked, least)
    if row.locked and row.amount_cents:
        # What a person locked stands, also where it is out of bounds: the lot will say so.
        asked, minimum = max(asked, row.amount_cents), min(minimum, row.amount_cents)
    score = 0 if ranked.note is None else round(ranked.note * scale)
    key = row.application_id
    return File(row.number, score, asked, minimum, tuple(parts.names[key]), parts.splits.get(key, ()))
