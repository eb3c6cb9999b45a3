"""The checks on amounts and budget (articles 5, 6, 7 and 13): integers only, bounds included."""

from __future__ import annotations

from cv_desktop.domain import budget
from cv_desktop.domain.findings import NBSP, NOT_GIVEN, Finding, Question, broken, kept, moot, share, unknown
from cv_desktop.domain.money import euros


def over_ceiling(q: Question) -> Finding:
    if q.limit is None:
        return moot("Montant maximum", f"sans{NBSP}limite")
    title = f"Montant demandé ≤ {euros(q.limit)}"
    asked = q.facts.asked_cents
    if not asked:
        return unknown(title, q)
    if asked > q.limit:
        sentence = f"{euros(asked)} dépasse le maximum {q.facts.of_scheme}, {euros(q.limit)} {q.article}"
        return broken(title, sentence, euros(asked))
    return kept(title, euros(asked))


def below_minimum(q: Question) -> Finding:
    if q.limit is None:
        return moot("Montant minimum", f"sans{NBSP}limite")
    title = f"Montant demandé ≥ {euros(q.limit)}"
    asked = q.facts.asked_cents
    if not asked:
        return unknown(title, q)
    if asked < q.limit:
        sentence = f"{euros(asked)} est sous le minimum {q.facts.of_scheme}, {euros(q.limit)} {q.article}"
        return broken(title, sentence, euros(asked))
    return kept(title, euros(asked))


def budget_ceiling(q: Question) -> Finding:
    if q.limit is None:
        return moot("Budget de l’action", f"sans{NBSP}limite")
    title = f"Budget de l’action ≤ {euros(q.limit)}"
    cost = budget.charges(q.facts.budget) if q.facts.budget else q.facts.cost_cents
    if not cost:
        return unknown(title, q)
    if cost > q.limit:
        sentence = f"Le budget de l’action, {euros(cost)}, dépasse le maximum {q.facts.of_scheme}, {euros(q.limit)}"
        return broken(title, f"{sentence} {q.article}", euros(cost))
    return kept(title, euros(cost))


def unbalanced(q: Question) -> Finding:
    title = "Budget équilibré"
    if not q.facts.budget:
        return unknown(title, q)
    gap = budget.gap(q.facts.budget)
    if gap > 0:
        return broken(title, f"Les produits dépassent les charges de {euros(gap)} {q.article}", f"+ {euros(gap)}")
    if gap < 0:
        return broken(title, f"Les charges dépassent les produits de {euros(-gap)} {q.article}", f"− {euros(-gap)}")
    return kept(title, euros(budget.charges(q.facts.budget)))


def in_kind(q: Question) -> Finding:
    title = "Contributions volontaires 86 = 87"
    if not q.facts.budget:
        # The missing budget is already told, and blocks, under « Budget équilibré ».
        return moot(title, NOT_GIVEN)
    uses, gifts = budget.volunteer_totals(q.facts.budget)
    if not uses and not gifts:
        return moot(title)
    if uses != gifts:
        more, less = ("86", "87") if uses > gifts else ("87", "86")
        sentence = f"Les contributions volontaires {more} dépassent celles du {less} de {euros(abs(uses - gifts))}"
        return broken(title, f"{sentence} {q.article}", euros(abs(uses - gifts)))
    return kept(title, euros(uses))


def rate(q: Question) -> Finding:
    if q.limit is None:
        return moot("Taux de financement public", f"sans{NBSP}limite")
    title = f"Taux de financement public ≤ {q.limit}{NBSP}%"
    charges = budget.charges(q.facts.budget)
    if not charges:
        return unknown(title, q)
    public = budget.public_total(q.facts.budget, q.facts.funders.is_public)
    text = share(public, charges, q.limit)
    if public * 100 > q.limit * charges:
        sentence = f"La part publique atteint {text}{NBSP}; le maximum est {q.limit}{NBSP}% {q.article}"
        return broken(title, sentence, text)
    return kept(title, text)


def ineligible_expense(q: Question) -> Finding:
    title = "Dépenses éligibles"
    if not q.items:
        return moot(title)
    if not q.facts.budget:
        return moot(title, NOT_GIVEN)
    base = budget.eligible_base(q.facts.budget, q.items)
    if base.excluded:
        lines = ", ".join(f"{x.account} {x.label}".strip() for x in base.excluded)
        sentence = (
            f"{euros(base.excluded_cents)} de dépenses ne sont pas éligibles{NBSP}: {lines}"
            f"{NBSP}; la base éligible est de {euros(base.cents)} {q.article}"
        )
        return broken(title, sentence, f"− {euros(base.excluded_cents)}")
    return kept(title, euros(base.cents))
