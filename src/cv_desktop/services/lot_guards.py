"""What a lot must respect besides its own amounts: the parts of the envelope, the convention, the years to come."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import conventions, envelope_parts, envelopes, fundings, rounds
from cv_desktop.domain.conventions import YearPart, requirement
from cv_desktop.domain.envelopes import Kind, Node, Place, breaches, caps, group, reserve_cents, sums, with_rounds
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.next_years import NextYear, headline
from cv_desktop.domain.rounds import Round, sources
from cv_desktop.services.opinion_guards import Guard


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of an envelope, with what is submitted and decided in each, and the parts each file counts in."""

    places: Mapping[str, Place]
    rows: Sequence[envelope_parts.PartRow]
    rounds: Sequence[Round]

    def over_caps(self, amounts: Mapping[str, int]) -> list[str]:
        """The caps that these amounts, in cents by file, break with what is submitted and decided already."""
        given = sums((self.places[key], cents) for key, cents in amounts.items() if key in self.places)
        total = {row.id: given.get(row.id, 0) + row.submitted_cents + row.decided_cents for row in self.rows}
        touched = {name for name, cents in given.items() if cents} | self._after(given)
        return breaches((node for node in self._nodes(total) if node.group in touched), total)

    def over_now(self) -> dict[str, int]:
        """By how many cents what is submitted and decided already breaks each cap, by part."""
        total = self._held()
        limits = caps(self._nodes(total))
        return {name: total[name] - cents for name, cents in limits.items() if total.get(name, 0) > cents}

    def outgrown(self, before: Mapping[str, int], after: Mapping[str, int], known: Mapping[str, int]) -> list[str]:
        """The caps broken already of the parts that grow when these amounts, in cents by file, replace those before.

        Without those that are broken by no more than the cents ``known``, by part.
        """
        grown = {name: cents for name, cents in self.added(before, after).items() if cents > 0}
        over = {name for name, cents in self.over_now().items() if cents > known.get(name, 0)}
        touched = over & (set(grown) | self._after(grown))
        total = self._held()
        return breaches((node for node in self._nodes(total) if node.group in touched), total)

    def without(self, before: Mapping[str, int], after: Mapping[str, int]) -> Parts:
        """The same, less what these amounts awaiting their vote, in cents by file, add to those before."""
        more = {key: cents for key, cents in after.items() if cents > before.get(key, 0)}
        gone = self.added({key: before.get(key, 0) for key in more}, more)
        rows = [replace(row, submitted_cents=row.submitted_cents - gone.get(row.id, 0)) for row in self.rows]
        return replace(self, rows=rows)

    def added(self, before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
        """What these amounts, in cents by file, add to each part in place of those before: below 0, they take away."""
        old, new = (
            sums((self.places[key], x) for key, x in of.items() if key in self.places) for of in (before, after)
        )
        return {name: new.get(name, 0) - old.get(name, 0) for name in {*old, *new}}

    def exceeded(self, amounts: Mapping[str, int], available_cents: int) -> list[str]:
        """The caps that these amounts break, and the reserve that they use of ``available_cents``, free before them."""
        found = self.over_caps(amounts)
        given = sum(amounts.values())
        left = available_cents - given
        if given and left >= 0 and (used := self.reserve_used(left)):
            found.append(self.reserve_words(used))
        return found

    def reserve_used(self, left_cents: int) -> int:
        """How much of the reserve is used when that much is left, in cents."""
        kept = reserve_cents(row.node for row in self.rows)
        return max(0, kept - max(0, left_cents))

    def reserve_words(self, used_cents: int) -> str:
        """« 400 € sont pris sur la réserve de 1 000 €. »"""
        return f"{euros(used_cents)} sont pris sur la réserve de {euros(self.reserve_used(0))}."

    def _after(self, given: Mapping[str, int]) -> set[str]:
        """The sessions that receive what closed ones leave, where something is given to one of these."""
        known = sources(self.rounds, closed=True)
        return {
            group(Kind.ROUND, key)
            for key, own in known.items()
            if any(given.get(group(Kind.ROUND, each)) for each in own)
        }

    def _held(self) -> dict[str, int]:
        return {row.id: row.submitted_cents + row.decided_cents for row in self.rows}

    def _nodes(self, given: Mapping[str, int]) -> list[Node]:
        return with_rounds([replace(row.node, floor_cents=None) for row in self.rows], self.rounds, given)


def parts(session: Session, call_id: str) -> Parts:
    """The parts of the envelope of a campaign."""
    return Parts(
        envelope_parts.places(session, call_id=call_id),
        envelope_parts.rows(session, call_id=call_id),
        rounds.dates(session, call_id),
    )


def require_parts(session: Session, call_id: str, added: Mapping[str, int], free_cents: int, *, field: str) -> None:
    """Raises UserError when cents added to files break a cap of a part of the envelope, or use its reserve."""
    more = {key: cents for key, cents in added.items() if cents > 0}
    found = parts(session, call_id).exceeded(more, free_cents) if more else []
    if found:
        raise UserError(f"{' '.join(found)} Réduisez, ou changez d’abord l’enveloppe (Enveloppes).", field=field)


def convention_due(
    session: Session, call_id: str, amounts: Mapping[str, int], threshold_cents: int
) -> list[tuple[str, int]]:
    """Number and cumulated cents of each file whose structure passes the threshold in the year, all campaigns together.

    Source: loi 2000-321 art. 10, décret 2001-495 art. 1.
    """
    year = session.get_one(Call, call_id).year
    files = session.execute(
        select(Application.id, Application.structure_id, Application.number, Structure.legal_form)
        .join(Structure, Structure.id == Application.structure_id)
        .where(Application.id.in_(list(amounts)))
        .order_by(Application.seq)
    ).all()
    parts = conventions.parts_of_year(session, year, {row.structure_id for row in files})
    for key, structure, number, _form in files:
        parts[structure].append(YearPart(number, amounts[key]))
    found = []
    for key, structure, number, form in files:
        due = requirement(parts[structure], year=year, threshold_cents=threshold_cents, legal_form=form or "")
        if amounts[key] and due is not None:
            found.append((number, due.total_cents))
    return found


def agreements(session: Session, files: Collection[str]) -> list[Guard]:
    """What the agreements of these files engage on the envelopes of the years to come; none when they have none.

    An envelope that lacks something is told, and stops nothing: it may not be voted yet.
    """
    years = next_years(session, files)
    if not years:
        return []
    state: Literal["pass", "warn"] = "warn" if any(one.missing_cents for one in years) else "pass"
    return [Guard("agreements", state, headline(years), tuple(one.words for one in years))]


def next_years(session: Session, files: Collection[str]) -> list[NextYear]:
    """The years of the agreements of files to be granted, with what is free or only marked in their campaigns."""
    found = []
    for one in fundings.to_come(session, files=files):
        held = envelopes.buckets(session, call_id=one.call_id) if one.call_id else None
        left = held.free_cents + held.marked_cents if held else 0
        found.append(NextYear(one.year, one.cents, one.call, left))
    return found
