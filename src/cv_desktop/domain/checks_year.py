"""The checks on what a structure receives in the year, all files and schemes together: ceiling and legal thresholds."""

from __future__ import annotations

from collections.abc import Iterable

from cv_desktop.domain import budget
from cv_desktop.domain.facts import YearAmount
from cv_desktop.domain.findings import NBSP, NOT_GIVEN, Finding, Question, broken, kept, moot, unknown
from cv_desktop.domain.money import euros


def over_structure_year(q: Question) -> Finding:
    """What is asked here, with what the structure was granted and what it asked before by its other files."""
    if q.limit is None:
        return moot("Total de la structure dans l’année", f"sans{NBSP}limite")
    title = f"Total de la structure en {q.facts.year} ≤ {euros(q.limit)}"
    if not q.facts.asked_cents:
        return unknown(title, q)
    everywhere = "structure_amount_all" not in q.rules or q.rules.flag("structure_amount_all")
    counted = [x for x in q.facts.year_amounts if x.file and (x.granted or x.earlier)]
    others = [x for x in counted if everywhere or x.scheme == q.facts.scheme]
    ceiling = q.rules.cents("amount_max") if "amount_max" in q.rules else None
    if not others and ceiling is not None and ceiling <= q.limit:
        return moot(title, "un seul dossier")  # told once, by the maximum of one grant
    total = q.facts.asked_cents + sum(x.cents for x in others)
    if total > q.limit:
        sentence = (
            f"Cette structure atteint {euros(total)} en {q.facts.year}{NBSP}: {_parts(q, others)}{NBSP}; "
            f"le maximum est {euros(q.limit)} {q.article}"
        )
        return broken(title, sentence, euros(total))
    return kept(title, euros(total))


def convention_threshold(q: Question) -> Finding:
    """Above 23 000 € from one authority in a year an agreement is signed (loi 2000-321, 10; décret 2001-495, 1)."""
    return _ours(q, "Seuil de la convention", "une convention est à signer et les données essentielles à publier")


def annex_threshold(q: Question) -> Finding:
    """Above 75 000 € the grant is in annex of the budget, certified accounts are due (CGCT L2313-1, L2313-1-1)."""
    return _ours(q, "Seuil des comptes certifiés", "comptes certifiés à recevoir, aide à porter en annexe du budget")


def audit_threshold(q: Question) -> Finding:
    """From 153 000 € of public grants in the year: auditor, accounts published (Code de commerce L612-4, D612-5)."""
    if q.limit is None:
        return moot("Seuil du commissaire aux comptes")
    title = f"Subventions publiques de l’année < {euros(q.limit)}"
    if not q.facts.asked_cents:
        return moot(title)
    known = [x for x in q.facts.year_amounts if not x.in_kind]  # the article speaks of « subventions en numéraire »
    lines = [
        x
        for x in q.facts.budget
        if x.side == budget.PRODUIT
        and x.account.startswith("74")
        and x.state == budget.Funding.ACQUIRED
        and q.facts.funders.is_public(x.label)
    ]
    others = sum(x.amount_cents for x in lines)
    total = q.facts.asked_cents + sum(x.cents for x in known) + others
    if total < q.limit:
        return kept(title, euros(total))
    parts = _parts(q, known)
    if others:
        parts = f"{parts}, {euros(others)} acquis d’autres financeurs publics pour cette action"
    sentence = (
        f"{euros(total)} de subventions publiques connues en {q.facts.year}, pour un seuil de {euros(q.limit)}{NBSP}: "
        f"{parts}{NBSP}; commissaire aux comptes et publication des comptes à vérifier {q.article}"
    )
    return broken(title, sentence, euros(total))


def public_aid(q: Question) -> Finding:
    """What the structure attests of the public aid of three exercises, against the grants known (Cerfa 12156, 7 and 8).

    Above the sum, its part 8 tells the aids received; below, the grants known may not make more. A form that attests
    nothing is only asked about when the grants known pass the sum.
    """
    if q.limit is None:
        return moot("Attestation du total des aides publiques")
    title = f"Aides publiques sur trois exercices, {euros(q.limit)}"
    facts = q.facts
    this_year = sum(x.cents for x in facts.year_amounts if x.granted)
    known = this_year + facts.granted_before_cents
    years = f"de {facts.year - 2} à {facts.year}"
    if facts.public_aid_above is None:
        if known <= q.limit:
            return moot(title, NOT_GIVEN)
        sentence = (
            f"{euros(known)} de subventions connues {years}{NBSP}: le formulaire n’atteste rien du total des aides"
        )
        return broken(title, f"{sentence} {q.article}", euros(known))
    if not facts.public_aid_above:
        if known <= q.limit:
            return kept(title, "au seuil ou en dessous")
        sentence = (
            f"La structure atteste {euros(q.limit)} au plus d’aides publiques sur trois exercices{NBSP}; "
            f"{euros(known)} de subventions sont connues {years} {q.article}"
        )
        return broken(title, sentence, euros(known))
    if not facts.other_aid.strip():
        sentence = (
            f"La structure atteste plus de {euros(q.limit)} d’aides publiques sur trois exercices{NBSP}: "
            f"les aides reçues sont à indiquer, partie 8 du formulaire {q.article}"
        )
        return broken(title, sentence, "au-dessus")
    return kept(title, "au-dessus, aides indiquées")


def _ours(q: Question, name: str, consequence: str) -> Finding:
    if q.limit is None:
        return moot(name)
    title = f"{name}, {euros(q.limit)}"
    if not q.facts.asked_cents:
        return moot(title)
    others = [x for x in q.facts.year_amounts if x.ours]
    total = q.facts.asked_cents + sum(x.cents for x in others)
    if total <= q.limit:
        return kept(title, euros(total))
    sentence = (
        f"{euros(total)} en {q.facts.year} dépassent le seuil de {euros(q.limit)}{NBSP}: {_parts(q, others)}{NBSP}; "
        f"{consequence} {q.article}"
    )
    return broken(title, sentence, euros(total))


def _parts(q: Question, others: Iterable[YearAmount]) -> str:
    """« 20 000 € demandés ici, 10 000 € accordés (AAP-2026-0003) »."""
    parts = [f"{euros(q.facts.asked_cents or 0)} demandés ici"]
    parts += [f"{euros(x.cents)} {_given(x)} ({x.name})" for x in others]
    return ", ".join(parts)


def _given(amount: YearAmount) -> str:
    return "en nature" if amount.in_kind else "accordés" if amount.granted else "demandés"
