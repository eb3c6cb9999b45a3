"""The checks on the structure itself: its age on the day of its deposit, its size."""

from __future__ import annotations

from datetime import date

from cv_desktop.domain.dates import add_months, long_date
from cv_desktop.domain.findings import NBSP, NOT_GIVEN, Finding, Question, broken, kept, moot, unknown
from cv_desktop.domain.money import euros, group
from cv_desktop.domain.rules import BLOCK


def too_young(q: Question) -> Finding:
    months = q.limit
    if not months:
        return moot("Ancienneté de la structure")
    title = f"Structure créée depuis {months}{NBSP}mois"
    created, day = q.facts.structure_created_on, q.facts.deposit_day
    if created is None or day is None:
        return unknown(title, q)
    old_enough = add_months(created, months)
    if day < old_enough:
        sentence = (
            f"La structure a été créée le {long_date(created)}{NBSP}; il faut {months}{NBSP}mois d’existence au dépôt, "
            f"soit au plus tôt le {long_date(old_enough)} {q.article}"
        )
        return broken(title, sentence, age(created, day))
    return kept(title, age(created, day))


def not_small(q: Question) -> Finding:
    """A small association has at most so many employees and such a budget; one ceiling passed is enough."""
    title = "Petite association"
    people = q.rules.count("small_employees_max") if "small_employees_max" in q.rules else None
    money = q.rules.cents("small_budget_max") if "small_budget_max" in q.rules else None
    if people is None and money is None:
        return moot(title)
    employees, budget = q.facts.employees, q.facts.structure_budget_cents
    passed = []
    if people is not None and employees is not None and employees > people:
        passed.append(f"{group(employees)} salariés pour {group(people)} au plus")
    if money is not None and budget is not None and budget > money:
        passed.append(f"un budget de {euros(budget)} pour {euros(money)} au plus")
    if passed:
        sentence = f"Cette structure n’est pas une petite association{NBSP}: {' et '.join(passed)} {q.article}"
        return broken(title, sentence, passed[0].partition(" pour")[0])
    if (people is not None and employees is None) or (money is not None and budget is None):
        # Seldom known: asked of everybody only where the règlement refuses the others.
        return unknown(title, q) if q.parameter.severity == BLOCK else moot(title, NOT_GIVEN)
    known = [f"{group(employees)} salarié{'s' if employees > 1 else ''}"] if employees is not None else []
    return kept(title, ", ".join(known or [euros(budget or 0)]))


def age(created: date, day: date) -> str:
    """« 7 mois », « 3 ans »."""
    months = (day.year - created.year) * 12 + day.month - created.month
    if add_months(created, months) > day:
        months -= 1
    if months < 24:
        return f"{max(months, 0)}{NBSP}mois"
    return f"{months // 12}{NBSP}ans"
