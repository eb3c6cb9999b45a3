"""Amount, rate and base: one value seen three ways. Editing one recomputes the others, exactly."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, round_down
from cv_desktop.domain.rules import BLOCK, NONE, WARN, Rules
from cv_desktop.domain.text import NBSP, quote

_RATE = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")


def parse_rate(text: str) -> Fraction:
    """The share of « 82 », « 82 % » or « 82,5 % », as an exact fraction of one.

    Raises UserError when it is no rate, or above 999.
    """
    bare = text.replace("%", "").replace(NBSP, " ").strip()
    if not _RATE.fullmatch(bare):
        raise UserError(f"{quote(text.strip())} n’est pas un taux. Exemple{NBSP}: 80 ou 82,5.")
    return Fraction(Decimal(bare.replace(",", "."))) / 100


def amount_at(rate: Fraction, whole_cents: int, *, asked_cents: int, step_cents: int) -> int:
    """What a rate of the request or of the base gives, rounded down to the step of the règlement, in cents.

    The full request is always admitted: where the rate reaches it to the cent, no rounding takes a part of it away.
    """
    exact = rate * whole_cents
    if exact == asked_cents:
        return asked_cents
    return round_down(int(exact), step_cents)


def same_rate(amount_cents: int, old_base_cents: int, new_base_cents: int, *, asked_cents: int, step_cents: int) -> int:
    """The amount that keeps its share of the base when the base changes, rounded down to the step.

    An amount that had no base to be a share of stays as it is.
    """
    if old_base_cents <= 0:
        return amount_cents
    rate = Fraction(amount_cents, old_base_cents)
    return amount_at(rate, new_base_cents, asked_cents=asked_cents, step_cents=step_cents)


def over_base(amount_cents: int, base_cents: int | None) -> str:
    """« 7 500 € dépasse la base éligible de 300 €. », or nothing. A base that is not known limits nothing."""
    if base_cents is None or amount_cents <= base_cents:
        return ""
    return f"{euros(amount_cents)} dépasse la base éligible de {euros(amount_cents - base_cents)}."


def wrong_minimum(minimum_cents: int | None, asked_cents: int) -> str:
    """Why an amount cannot be the least an action needs, as a sentence; empty when it can, or when none is declared."""
    if minimum_cents is None or 0 <= minimum_cents <= asked_cents:
        return ""
    return f"{euros(minimum_cents)} ne peut pas être le minimum viable d’une demande de {euros(asked_cents)}."


def rounding_words(exact_cents: Fraction, amount_cents: int, step_cents: int) -> str:
    """« arrondi à 50 € » when rounding changed what the rate gives, or nothing."""
    return f"arrondi à {euros(step_cents)}" if exact_cents != amount_cents else ""


def out_of_bounds(amount_cents: int, *, asked_cents: int, base_cents: int | None, rules: Rules) -> str:
    """Why this amount cannot be voted, as a sentence; empty when it can.

    Above the request, the eligible base when one is known, or the règlement's maximum, under its minimum when it
    blocks, or off its rounding step: a request served whole needs no rounding.
    """
    if amount_cents > asked_cents:
        return f"{euros(amount_cents)} dépasse la demande de {euros(amount_cents - asked_cents)}."
    if over := over_base(amount_cents, base_cents):
        return over
    most, step = rules.cents("amount_max"), rules.cents("rounding_step") or 1
    if most is not None and amount_cents > most:
        return f"{euros(amount_cents)} dépasse le maximum, {euros(most)} ({rules['amount_max'].reference})."
    if (short := under_minimum(amount_cents, asked_cents=asked_cents, rules=rules)) and _severity(rules) == BLOCK:
        return short
    if amount_cents % step and amount_cents != asked_cents:
        return f"{euros(amount_cents)} n’est pas arrondi à {euros(step)}."
    return ""


def most(*, asked_cents: int, base_cents: int | None, rules: Rules) -> int:
    """The most that may be voted for a file, in cents: what ``out_of_bounds`` lets through."""
    limits = (asked_cents, rules.cents("amount_max"), base_cents)
    least = min(x for x in limits if x is not None)
    return asked_cents if least == asked_cents else round_down(max(0, least), rules.cents("rounding_step") or 1)


def under_minimum(amount_cents: int, *, asked_cents: int, rules: Rules) -> str:
    """« 400 € est sous le minimum, 500 € (article 5). », or nothing: an award that the règlement says too small.

    A request that was admitted under the minimum may be served whole.
    """
    limit = rules.cents("amount_min") if _severity(rules) in (BLOCK, WARN) else None
    if limit is None or not 0 < amount_cents < min(limit, asked_cents):
        return ""
    return f"{euros(amount_cents)} est sous le minimum, {euros(limit)} ({rules['amount_min'].reference})."


def least(*, asked_cents: int, minimum_cents: int | None, rules: Rules) -> int:
    """The least that serves a file, in cents: what it declared to need, and no less than the règlement's minimum.

    Never more than its request. Without either it is one step.
    """
    limit = rules.cents("amount_min") if _severity(rules) in (BLOCK, WARN) else None
    return min(asked_cents, max(minimum_cents or 0, limit or rules.cents("rounding_step") or 1))


def _severity(rules: Rules) -> str:
    return rules["amount_min"].severity if "amount_min" in rules else NONE
