"""What changed since a lot was submitted: its guards are judged again when its act is recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, Lot, LotLine
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.queries import calls, envelopes, scenarios
from cv_desktop.db.work import record
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.shares import out_of_bounds
from cv_desktop.domain.states import Outcome
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.services.lot_guards import parts
from cv_desktop.services.opinion_guards import WHERE, Code, Guard, enrolled, judged, numbers_of

EXCUSED = "lot_changes.excuse"
_RETURN = f"Retournez ce dossier à l’arbitrage ({quote('Ouvrir le lot')}), rouvrez la séance et reprenez l’avis"
# What was found, and what mends it.
_WORDS: dict[Code, tuple[str, str]] = {
    "recusals": ("Avis rendu devant un membre à écarter", f"{_RETURN} sans ce membre."),
    "quorum": ("Avis rendu sans quorum", f"{_RETURN} avec le quorum."),
    "links": ("Lien possible sans réponse", f"Confirmez-le ou écartez-le ({WHERE}{{enrolled}})."),
    "amounts": ("Montant hors bornes", "Corrigez-le dans le lot, ou retournez le dossier à l’arbitrage."),
}


def excuse(session: Session, lot: Lot, guards: Iterable[Guard], *, reason: str) -> None:
    """Keep in the journal what a lot is submitted in spite of: its act will not be asked about it again."""
    held = [guard for guard in guards if guard.state == "block"]
    if held:
        record(
            session,
            verb=EXCUSED,
            noun="lot",
            noun_id=lot.id,
            summary=f"Lot {quote(lot.label)} soumis avec un motif malgré{NBSP}: {' ; '.join(x.label for x in held)}",
            after={guard.code: list(guard.facts) for guard in held},
            reason=reason.strip(),
        )


def since(session: Session, *, lot_id: str) -> tuple[Guard, ...]:
    """What forbids today the act of a lot that its submission had not seen, nor excused by a reason.

    A déport or a link found meanwhile, a room whose hours were corrected, amounts out of the règlement or of an
    envelope that changed. Empty for a lot that does not await its vote. Source: CGCT L2131-11.
    """
    lot = session.get_one(Lot, lot_id)
    if lot.state != "submitted":
        return ()
    query = select(LotLine).where(LotLine.lot_id == lot_id, LotLine.outcome != Outcome.RETURNED)
    lines = {line.application_id: line for line in session.scalars(query)}
    before = (session.get_one(Decision, x.supersedes_id).lot_id for x in lines.values() if x.supersedes_id)
    lots = {lot_id, *before}
    rules = calls.rules(session, lot.call_id)
    found = [*unexcused(session, call_id=lot.call_id, files=lines, lots=lots)]
    if wrong := _out_of_bounds(session, rules, lines):
        found.append(_guard("amounts", wrong))
    known = _excused(session, lots)
    free = envelopes.buckets(session, call_id=lot.call_id).free_cents
    way = "Réduisez un montant du lot, ou changez l’enveloppe (Enveloppes)."
    if free < 0 and "sum" not in known:
        found.append(Guard("sum", "block", f"L’enveloppe ne suffit plus{NBSP}: il manque {euros(-free)}", (way,)))
    if "parts" not in known and (over := parts(session, lot.call_id).over_now(lines)):
        found.append(Guard("parts", "block", "Plafond de l’enveloppe dépassé", (way, *over)))
    return tuple(found)


def unexcused(session: Session, *, call_id: str, files: Collection[str], lots: Collection[str]) -> tuple[Guard, ...]:
    """What forbids these files to be voted on account of who gave, or signs, their opinions.

    Without what these lots were submitted in spite of, with a reason.
    """
    known = _excused(session, lots)
    found = []
    for guard in judged(session, call_id=call_id, rules=calls.rules(session, call_id), files=files):
        new = [fact for fact in guard.facts if fact not in known.get(guard.code, ())]
        if guard.state == "block" and new:
            found.append(_guard(guard.code, new))
    return tuple(found)


def require_unchanged(session: Session, lot: Lot) -> None:
    """Raises UserError when a guard of a lot blocks that did not when it was submitted, with what mends it."""
    found = since(session, lot_id=lot.id)
    if found:
        day = long_date(local(lot.submitted_at).date())
        told = " ".join(f"{x.label}. {' '.join(x.details[:4])}" for x in found[:2])
        raise UserError(f"Depuis la soumission du lot, le {day}{NBSP}: {told}")


def _guard(code: Code, facts: list[str]) -> Guard:
    head, way = _WORDS[code]
    way = way.replace("{enrolled}", enrolled(facts))
    return Guard(code, "block", f"{head}{NBSP}: {numbers_of(facts)}", (way, *facts), facts=tuple(facts))


def _out_of_bounds(session: Session, rules: Rules, lines: Mapping[str, LotLine]) -> list[str]:
    found = []
    for key, line in lines.items():
        file, base = session.get_one(Application, key), scenarios.base(session, application_id=key)
        wrong = out_of_bounds(line.amount_cents, asked_cents=file.asked_cents, base_cents=base, rules=rules)
        if wrong and line.amount_cents:
            found.append(f"{file.number}{NBSP}: {wrong}")
    return found


def _excused(session: Session, lots: Collection[str]) -> dict[str, set[str]]:
    """What these lots were submitted in spite of, by guard."""
    found: dict[str, set[str]] = {}
    query = select(JournalEntry.after).where(JournalEntry.verb == EXCUSED, JournalEntry.noun_id.in_(lots))
    for kept in session.scalars(query):
        for code, facts in (kept or {}).items():
            found.setdefault(code, set()).update(facts)
    return found
