"""The checks on amounts and budget (articles 5, 6, 7 and 13): integers only, bounds included."""

from __future__ import annotations

from cv_desktop.domain import budget
from cv_desktop.domain.findings import NBSP, NOT_GIVEN, Finding, Question, broken, kept, moot, share, unknown
from cv_desktop.domain.money import euros
from cv_desktop.domain.text import words


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
    """The share of public money by the method of the règlement.

    « FIA »: public funders of account 74 on the charges; « Cerfa »: the request on the produits, as the form 12156
    says it. 86 and 87 stay out unless the règlement counts them.
    """
    if q.limit is None:
        return moot("Taux de financement public", f"sans{NBSP}limite")
    title = f"Taux de financement public ≤ {q.limit}{NBSP}%"
    cerfa = "rate_method" in q.rules and q.rules.text("rate_method") == "cerfa"
    in_kind = "in_kind_counted" in q.rules and q.rules.flag("in_kind_counted")
    uses, gifts = budget.volunteer_totals(q.facts.budget) if in_kind else (0, 0)
    whole = budget.produits(q.facts.budget) + gifts if cerfa else budget.charges(q.facts.budget) + uses
    part = q.facts.asked_cents if cerfa else budget.public_total(q.facts.budget, q.facts.funders.is_public)
    if not whole or part is None:
        return unknown(title, q)
    text = share(part, whole, q.limit)
    if part * 100 > q.limit * whole:
        limit = f"le maximum est {q.limit}{NBSP}% {q.article}"
        if cerfa:
            sentence = f"{euros(part)} demandés font {text} des produits, {euros(whole)}{NBSP}; {limit}"
        else:
            sentence = f"La part publique atteint {text}{NBSP}; {limit}"
        return broken(title, sentence, text)
    return kept(title, text)


def own_funds(q: Question) -> Finding:
    """The share of the produits that comes from elsewhere than public funders."""
    if not q.limit:
        return moot("Autres ressources")
    title = f"Autres ressources ≥ {q.limit}{NBSP}%"
    whole = budget.produits(q.facts.budget)
    if not whole:
        return unknown(title, q)
    own = whole - budget.public_total(q.facts.budget, q.facts.funders.is_public)
    text = share(own, whole, q.limit)
    if own * 100 < q.limit * whole:
        sentence = (
            f"Les autres ressources, {euros(own)}, font {text} des produits{NBSP}; le minimum est {q.limit}{NBSP}%"
        )
        return broken(title, f"{sentence} {q.article}", text)
    return kept(title, text)


def request_line(q: Question) -> Finding:
    """The grant asked stands in a line of account 74, as the form wants it."""
    title = "Demande inscrite au compte 74"
    asked = q.facts.asked_cents
    if not q.facts.budget or not asked:
        return moot(title, NOT_GIVEN)
    lines = [x for x in q.facts.budget if x.side == budget.PRODUIT and x.account.startswith("74")]
    if any(x.amount_cents == asked for x in lines):
        return kept(title, euros(asked))
    ours = [x for x in lines if x.state == budget.Funding.OURS]
    if ours:
        written = sum(x.amount_cents for x in ours)
        if written == asked:
            return kept(title, euros(asked))
        sentence = f"La demande est de {euros(asked)}, la ligne du budget de {euros(written)} {q.article}"
        return broken(title, sentence, euros(written))
    sentence = f"Aucune ligne du compte 74 ne porte les {euros(asked)} demandés {q.article}"
    return broken(title, sentence, "absente")


def expense_cap(q: Question) -> Finding:
    """Each ceiling on an account, in share of the charges or in euros."""
    title = "Plafonds de dépenses"
    caps = q.rules.caps(q.parameter.key)
    if not caps:
        return moot(title)
    if not q.facts.budget:
        return moot(title, NOT_GIVEN)
    whole = budget.charges(q.facts.budget)
    wrong = []
    for cap in caps:
        lines = [x for x in q.facts.budget if x.side == budget.CHARGE and not x.volunteer]
        spent = sum(x.amount_cents for x in lines if x.account.startswith(cap.account))
        if cap.percent is not None and spent * 100 > cap.percent * whole:
            wrong.append(
                f"{cap.account}, {euros(spent)} soit {share(spent, whole, cap.percent)} pour {cap.percent}{NBSP}%"
            )
        elif cap.cents is not None and spent > cap.cents:
            wrong.append(f"{cap.account}, {euros(spent)} pour {euros(cap.cents)}")
    if wrong:
        count = "Un compte dépasse son plafond" if len(wrong) == 1 else f"{len(wrong)} comptes dépassent leur plafond"
        return broken(title, f"{count}{NBSP}: {f'{NBSP}; '.join(wrong)} {q.article}", f"{len(wrong)} sur {len(caps)}")
    return kept(title, f"{len(caps)} sur {len(caps)}")


def spoken_expense(q: Question) -> Finding:
    """The charges whose label holds one of the words of the règlement, whatever the case and the accents."""
    title = "Libellés des dépenses"
    if not q.items:
        return moot(title)
    if not q.facts.budget:
        return moot(title, NOT_GIVEN)
    wanted = tuple(f" {words(word)}" for word in q.items if words(word))
    found = [
        x for x in q.facts.budget if x.side == budget.CHARGE and any(word in f" {words(x.label)}" for word in wanted)
    ]
    if found:
        lines = ", ".join(f"{x.account} {x.label} ({euros(x.amount_cents)})".strip() for x in found)
        return broken(title, f"Dépenses à vérifier{NBSP}: {lines} {q.article}", f"{len(found)} à vérifier")
    return kept(title, "rien à relever")


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
