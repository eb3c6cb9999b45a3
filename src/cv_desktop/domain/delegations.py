"""Who may sign which letter, on which day: the register of signatories held against a batch, refusals in sentences.

An act says the quality, first name and last name of who signed it (CRPA, article L212-1). A signature by delegation
holds within its arrêté: its dates, its matter, its ceiling (CGCT, articles L5211-9 and L2122-18 and followings).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cv_desktop.domain.dates import long_date, short_date
from cv_desktop.domain.money import euros
from cv_desktop.domain.text import NBSP, fold

SHOWN = 8
# Printed in place of a name that nobody gave: it is written or stamped on the paper.
TO_COMPLETE = "(prénom, nom et signature)"
# Letters of the instruction: they decide nothing, an agent signs them without delegation (CRPA, articles L112-3 and
# L114-5: receipt and missing documents; L114-2: forwarding). The register binds whoever it names all the same.
INSTRUCTION = frozenset({"AR", "AR-P", "AJ", "REL-1", "REL-2", "AVIS"})
_STATES = {
    "to_read": f"{{n}} {{nest}} pas relu{{s}}{NBSP}: {{which}}. Relisez, puis générez le PDF.",
    "read": f"{{n}} {{nest}} pas émis{NBSP}: {{which}}. Générez d’abord le PDF.",
    "signed": f"{{n}} {{est}} déjà signé{{s}}{NBSP}: {{which}}.",
    "sent": f"{{n}} {{est}} déjà parti{{s}}{NBSP}: {{which}}. Un courrier envoyé ne change plus.",
    "replaced": f"{{n}} {{est}} annulé{{s}} et remplacé{{s}}{NBSP}: {{which}}. Signez le courrier qui le remplace.",
}


@dataclass(frozen=True, slots=True)
class Delegation:
    """``scope`` holds codes of campaigns or schemes, ``kinds`` those of letters; empty is all. The ceiling in cents."""

    id: str
    reference: str
    starts_on: date
    ends_on: date | None = None
    dated_on: date | None = None
    ceiling_cents: int | None = None
    kinds: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()

    def running(self, day: date) -> bool:
        """Whether it holds on a day, both ends included."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Power:
    """Somebody of the register. ``own`` is a power of one's own: no delegation is looked for."""

    name: str
    own: bool
    active: bool = True
    delegations: tuple[Delegation, ...] = ()


@dataclass(frozen=True, slots=True)
class ToSign:
    """A letter of the batch. ``printed`` is the name under it; ``state`` the one of the outbox; cents or None."""

    id: str
    number: str
    short: str
    kind: str
    label: str
    state: str
    printed: str
    call: str
    scheme: str
    amount_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why some letters are not signed, said once for all of them, and what to do."""

    sentence: str
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ruling:
    """``granted`` pairs each letter that may be signed with its delegation, None for a power of one's own."""

    granted: tuple[tuple[ToSign, Delegation | None], ...] = ()
    refused: tuple[Refusal, ...] = ()

    @property
    def delegations(self) -> tuple[Delegation, ...]:
        """Those by which the batch is signed, each once."""
        return tuple(dict.fromkeys(delegation for _letter, delegation in self.granted if delegation))


def examine(power: Power, letters: Sequence[ToSign], day: date) -> Ruling:
    """Which letters of a batch somebody may sign on a day, and why the others are refused, by number."""
    granted: list[tuple[ToSign, Delegation | None]] = []
    refused: dict[str, list[ToSign]] = {}
    for letter in letters:
        why, delegation = _judged(power, letter, day)
        if why:
            refused.setdefault(why, []).append(letter)
        else:
            granted.append((letter, delegation))
    return Ruling(
        tuple(granted),
        tuple(
            Refusal(_sentence(why, found), tuple(x.number or x.short for x in found)) for why, found in refused.items()
        ),
    )


def throughout(power: Power, letter: ToSign, first: date, last: date) -> tuple[Delegation | None, str]:
    """By which delegation a letter was signed on a day that nobody says, from ``first`` to ``last``; or why not.

    The delegation is None for a power of one's own. Two arrêtés that follow each other leave the question open.
    """
    granted: list[Delegation | None] = []
    for day in (first, last):
        ruled = examine(power, [letter], day)
        if ruled.refused:
            return None, ruled.refused[0].sentence
        granted.append(ruled.granted[0][1])
    one = granted[0]
    if one is None or one.running(last):
        return one, ""
    other = granted[1]
    assert other is not None
    return None, (
        f"Deux délégations de {power.name} se suivent ({one.reference}, puis {other.reference}){NBSP}: "
        f"{letter.short} a pu être signé par l’une ou par l’autre."
    )


def outside(signed_by: str, power: Power | None) -> str:
    """Why a signature already made by somebody is not accepted; empty when the register knows it."""
    if power is None:
        return (
            f"{signed_by} n’est pas au registre des signataires. Ajoutez-le dans Réglages{NBSP}› Signataires et "
            "délégations, avec sa délégation."
        )
    if not power.active:
        return f"{power.name} ne signe plus{NBSP}: rétablissez-le au registre, ou demandez une autre signature."
    return ""


def name_of(text: str) -> str:
    """A name as it is compared: first names and last name in any order, without case or accents."""
    return " ".join(sorted(fold(text).replace("-", " ").split()))


def _judged(power: Power, letter: ToSign, day: date) -> tuple[str, Delegation | None]:
    """A reason with « {n} » and « {which} » to fill, or the delegation by which it is signed."""
    if why := _STATES.get(letter.state, ""):
        return why, None
    if not power.name.strip():
        return f"Le signataire n’a pas de nom{NBSP}: écrivez-le dans Réglages{NBSP}› Signataires et délégations.", None
    if not power.active:
        return outside(power.name, power), None
    if letter.printed and name_of(letter.printed) != name_of(power.name):
        return (
            f"{{n}} porte{{nt}} un autre nom que {power.name}{NBSP}: {{which}} ({letter.printed}). "
            "Choisissez ce signataire, ou remplacez le courrier.",
            None,
        )
    if power.own:
        return "", None
    if not power.delegations:
        return f"{power.name} n’a aucune délégation au registre{NBSP}: {{which}}. Saisissez son arrêté.", None
    reasons = []
    for delegation in power.delegations:
        rank, why = _against(power, delegation, letter, day)
        if not why:
            return "", delegation
        reasons.append((rank, why))
    # The delegation that comes nearest says what lacks.
    return max(reasons, key=lambda one: one[0])[1], None


def _against(power: Power, delegation: Delegation, letter: ToSign, day: date) -> tuple[int, str]:
    of = f"La délégation de {power.name} ({delegation.reference})"
    if day < delegation.starts_on:
        return 0, f"{of} ne commence que le {long_date(delegation.starts_on)}{NBSP}: {{which}}."
    if delegation.ends_on is not None and day > delegation.ends_on:
        return 0, f"{of} a pris fin le {long_date(delegation.ends_on)}{NBSP}: {{which}}. Saisissez le nouvel arrêté."
    if delegation.scope and not {letter.call, letter.scheme} & set(delegation.scope):
        return 1, f"{of} ne couvre pas la campagne {letter.call}{NBSP}: {{which}}."
    if delegation.kinds and letter.kind not in delegation.kinds:
        return 2, f"{of} ne couvre pas ce type de courrier, {letter.label}{NBSP}: {{which}}."
    ceiling = delegation.ceiling_cents
    if ceiling is not None and (letter.amount_cents or 0) > ceiling:
        return 3, (
            f"{of} s’arrête à {euros(ceiling)}{NBSP}; {{n}} {{est}} au-dessus{NBSP}: {{which}}. Faites-{{le}} signer "
            "par une personne dont la délégation va jusque-là."
        )
    return 4, ""


def _sentence(why: str, letters: Sequence[ToSign]) -> str:
    many = len(letters) > 1
    which = ", ".join(letter.short for letter in letters[:SHOWN])
    if len(letters) > SHOWN:
        which += f" et {len(letters) - SHOWN} autres"
    words = {
        "{n}": f"{len(letters)} courriers" if many else "1 courrier",
        "{which}": which,
        "{nt}": "nt" if many else "",
        "{est}": "sont" if many else "est",
        "{nest}": "ne sont" if many else "n’est",
        "{s}": "s" if many else "",
        "{le}": "les" if many else "le",
    }
    # Replaced and not formatted: a name may hold a brace.
    for token, word in words.items():
        why = why.replace(token, word)
    return why


def spoken(delegation: Delegation) -> str:
    """« arrêté n° 2026-12, du 02/02/2026 au 31/12/2026, jusqu’à 5 000 € »."""
    start, last = short_date(delegation.starts_on), delegation.ends_on
    end = f"du {start} au {short_date(last)}" if last else f"depuis le {start}"
    ceiling = f", jusqu’à {euros(delegation.ceiling_cents)}" if delegation.ceiling_cents is not None else ""
    return f"{delegation.reference}, {end}{ceiling}"
