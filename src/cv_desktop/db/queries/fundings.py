"""What each funder gives to a file, ours among them, and what an agreement gives in the years that follow."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from cv_desktop.db.engine import ask
from cv_desktop.db.models.application import Application
from cv_desktop.db.queries.lots import IN_FORCE
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.text import fold

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cv_desktop.db.engine import Reading

# The budget says what was asked of a funder; the row of the funder says the rest, and corrects it.
_FUNDINGS = """
WITH budgeted AS (
    SELECT application_id, funder_code, sum(amount_cents) AS cents FROM budget_line
    WHERE side = 'produit' AND funder_code IS NOT NULL AND state <> 'ours'
        AND application_id IN (SELECT value FROM json_each(:files))
    GROUP BY application_id, funder_code
), known AS (
    SELECT application_id, funder_code FROM budgeted
    UNION
    SELECT application_id, funder_code FROM funding WHERE application_id IN (SELECT value FROM json_each(:files))
)
SELECT known.application_id, funder.code, funder.label, funder.public, coalesce(funding.asked_cents, budgeted.cents),
    funding.asked_cents IS NULL, funding.proposed_cents, funding.voted_cents, funding.paid_cents
FROM known JOIN funder ON funder.code = known.funder_code
LEFT JOIN budgeted ON budgeted.application_id = known.application_id AND budgeted.funder_code = known.funder_code
LEFT JOIN funding ON funding.application_id = known.application_id AND funding.funder_code = known.funder_code
ORDER BY funder.position
"""
_UNLISTED = """
SELECT application_id, trim(label), sum(amount_cents) FROM budget_line
WHERE side = 'produit' AND funder_code IS NULL AND state <> 'ours' AND account LIKE '74%' AND trim(label) <> ''
    AND amount_cents > 0 AND application_id IN (SELECT value FROM json_each(:files))
GROUP BY application_id, trim(label) ORDER BY trim(label)
"""
_TRANCHES = """
SELECT tranche.year, tranche.amount_cents, target.label, target.id
FROM tranche
JOIN application ON application.id = tranche.application_id
JOIN call AS own ON own.id = application.call_id
LEFT JOIN call AS target ON target.id = (
    SELECT id FROM call WHERE scheme_code = own.scheme_code AND year = tranche.year ORDER BY created_at, id LIMIT 1
)
WHERE tranche.application_id = :file ORDER BY tranche.year
"""
# Of the files that no decision in force engages yet.
_TO_COME = f"""
SELECT tranche.year, sum(tranche.amount_cents), coalesce(target.label, ''), coalesce(target.id, '')
FROM tranche
JOIN application ON application.id = tranche.application_id
JOIN call AS own ON own.id = application.call_id
LEFT JOIN call AS target ON target.id = (
    SELECT id FROM call WHERE scheme_code = own.scheme_code AND year = tranche.year ORDER BY created_at, id LIMIT 1
)
WHERE tranche.application_id IN (SELECT value FROM json_each(:files)) AND NOT EXISTS (
    SELECT 1 FROM decision
    WHERE decision.application_id = tranche.application_id AND decision.amount_cents > 0 AND {IN_FORCE}
)
GROUP BY tranche.year, target.id ORDER BY tranche.year
"""

_OWN = f"""
SELECT application.asked_cents,
    (SELECT agenda_item.amount_cents FROM agenda_item JOIN meeting ON meeting.id = agenda_item.meeting_id
     WHERE agenda_item.application_id = application.id AND agenda_item.opinion IS NOT NULL
     ORDER BY meeting.held_on DESC, meeting.id DESC LIMIT 1),
    (SELECT sum(decision.amount_cents) FROM decision
     WHERE decision.application_id = application.id AND {IN_FORCE}),
    (SELECT sum(CASE WHEN target = 'paid' THEN amount_cents ELSE -amount_cents END) FROM movement
     WHERE movement.application_id = application.id AND movement.call_id = application.call_id
        AND (target = 'paid' OR source = 'paid'))
FROM application WHERE application.id = :file
"""


OWN = "Cette campagne"


@dataclass(frozen=True, slots=True)
class FundingRow:
    """The cents of a co-funder for a file, None where unknown; ``budgeted``: its budget says what was asked."""

    application_id: str
    code: str
    label: str
    public: bool
    asked_cents: int | None = None
    budgeted: bool = True
    proposed_cents: int | None = None
    voted_cents: int | None = None
    paid_cents: int | None = None

    @property
    def id(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class TrancheRow:
    """The amount of a year to come; ``call`` is the campaign whose envelope holds it, empty until it exists."""

    year: int
    cents: int
    call: str = ""
    call_id: str = ""

    @property
    def id(self) -> int:
        return self.year


def of_file(reading: Reading, *, application_id: str) -> list[FundingRow]:
    """The co-funders of a file, those of its budget and those added since, in the order of the list of funders."""
    return _rows(reading, [application_id]).get(application_id, [])


def own(reading: Reading, *, application_id: str) -> FundingRow:
    """What this campaign was asked, proposed by its committee, voted by its acts and paid for a file."""
    ((asked, proposed, voted, paid),) = ask(reading, _OWN, file=application_id)
    return FundingRow(application_id, "", OWN, True, asked, False, proposed, voted, paid)


def of_call(session: Session, *, call_id: str, viewer: str | None = None) -> dict[str, list[FundingRow]]:
    """The co-funders of each file of a campaign."""
    files = session.scalars(select(Application.id).where(Application.call_id == call_id, visible(viewer))).all()
    return _rows(session, list(files))


def unlisted(session: Session, *, call_id: str, viewer: str | None = None) -> dict[str, list[FundingRow]]:
    """What the budgets of a campaign ask of funders without a code, under the label of their lines, by file.

    A line entered before labels were read has none either, though the list of the service may know its funder.
    """
    files = session.scalars(select(Application.id).where(Application.call_id == call_id, visible(viewer))).all()
    found: dict[str, list[FundingRow]] = defaultdict(list)
    for file, label, cents in ask(session, _UNLISTED, files=json.dumps(list(files))):
        found[file].append(FundingRow(file, f"hors liste {fold(label)}", label, True, cents))
    return found


def with_unlisted(
    rows: Iterable[FundingRow], unlisted: Iterable[FundingRow], listed: Callable[[str], tuple[str, str, bool] | None]
) -> list[FundingRow]:
    """The co-funders of a file, with those that only a label of its budget names, « (hors liste) » where unknown.

    ``listed`` gives the code, label and public money of the funder that a label names. What the row of a funder says
    was asked corrects its budget: nothing is added to it.
    """
    found = {row.code: row for row in rows}
    for row in unlisted:
        code, label, public = listed(row.label) or (row.code, f"{row.label} (hors liste)", row.public)
        known = found.get(code, FundingRow(row.application_id, code, label, public))
        if known.budgeted:
            found[code] = replace(known, asked_cents=_added(known.asked_cents, row.asked_cents))
    return list(found.values())


def summed(rows: Iterable[FundingRow]) -> list[FundingRow]:
    """What each funder was asked, proposed, voted and paid in all, ours first, then the largest vote.

    None where nothing is known of any file: a vote that nobody told is not a vote of nothing.
    """
    found: dict[str, FundingRow] = {}
    for row in rows:
        known = found.get(row.code, FundingRow("", row.code, row.label, row.public))
        found[row.code] = replace(
            row,
            application_id="",
            asked_cents=_added(known.asked_cents, row.asked_cents),
            proposed_cents=_added(known.proposed_cents, row.proposed_cents),
            voted_cents=_added(known.voted_cents, row.voted_cents),
            paid_cents=_added(known.paid_cents, row.paid_cents),
        )
    return sorted(found.values(), key=lambda r: (r.code != "", -(r.voted_cents or 0), -(r.asked_cents or 0), r.label))


def _added(one: int | None, other: int | None) -> int | None:
    return one if other is None else (one or 0) + other


def tranches(reading: Reading, *, application_id: str) -> list[TrancheRow]:
    """What an agreement gives to a file in the years that follow, and the campaign that bears each."""
    return [
        TrancheRow(year, cents, call or "", key or "")
        for year, cents, call, key in ask(reading, _TRANCHES, file=application_id)
    ]


def to_come(reading: Reading, *, files: Collection[str]) -> list[TrancheRow]:
    """What agreements would give these files in the years that follow, year by year, once they are granted.

    Those of files granted already are engaged.
    """
    found = ask(reading, _TO_COME, files=json.dumps(list(files)))
    return [TrancheRow(year, cents, call, key) for year, cents, call, key in found]


def _rows(reading: Reading, files: list[str]) -> dict[str, list[FundingRow]]:
    found: dict[str, list[FundingRow]] = defaultdict(list)
    for file, code, label, public, asked, budgeted, *others in ask(reading, _FUNDINGS, files=json.dumps(files)):
        found[file].append(FundingRow(file, code, label, bool(public), asked, bool(budgeted), *others))
    return found
