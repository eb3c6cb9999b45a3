"""What each bucket of a campaign holds: sums of movements, and the proof that they say what the facts say."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from cv_desktop.db.engine import ask
from cv_desktop.db.queries.lots import HELD, IN_FORCE
from cv_desktop.domain.money import euros
from cv_desktop.domain.movements import Bucket, Facts

if TYPE_CHECKING:
    from cv_desktop.db.engine import Reading

# Which files a question is about. Said inside each part of it: around the whole, SQLite would read every file first.
_EVERY, _ASKED = "IS NOT NULL", "IN (SELECT value FROM json_each(:files))"
# Both ends of each movement, what lies outside an envelope left aside: (call_id, application_id, bucket, cents).
LEGS = """
    SELECT call_id, application_id, target AS bucket, amount_cents AS cents FROM movement WHERE target <> 'outside'
    UNION ALL
    SELECT call_id, application_id, source, -amount_cents FROM movement WHERE source <> 'outside'
"""
_TARGET = """
    JOIN application ON application.id = tranche.application_id
    JOIN call AS own ON own.id = application.call_id
    JOIN call AS target ON target.id = (
        SELECT id FROM call WHERE scheme_code = own.scheme_code AND year = tranche.year ORDER BY created_at, id LIMIT 1
    )
"""


def _facts(files: str) -> str:
    """What is written of each file: proposed by the scenario that marks, awaiting its vote, decided.

    A line that would replace a decision only awaits what it adds to it: the rest is already engaged.
    """
    return f"""
    SELECT scenario.call_id AS call_id, line.application_id AS application_id, 'marked' AS bucket,
        line.amount_cents AS cents
    FROM scenario
    JOIN scenario_line AS line ON line.scenario_id = scenario.id
    JOIN application ON application.id = line.application_id
    WHERE scenario.retained AND line.application_id {files} AND application.status <> 'withdrawn'
        AND NOT EXISTS (
            SELECT 1 FROM lot_line JOIN lot ON lot.id = lot_line.lot_id
            WHERE lot_line.application_id = line.application_id AND {HELD}
        )
    UNION ALL
    SELECT lot.call_id, lot_line.application_id, 'submitted',
        max(0, lot_line.amount_cents - coalesce(before.amount_cents, 0))
    FROM lot_line JOIN lot ON lot.id = lot_line.lot_id
    LEFT JOIN decision AS before ON before.id = lot_line.supersedes_id
    WHERE lot.state = 'submitted' AND lot_line.outcome <> 'returned' AND lot_line.application_id {files}
    UNION ALL
    SELECT lot.call_id, decision.application_id, 'decided', decision.amount_cents
    FROM decision JOIN lot ON lot.id = decision.lot_id WHERE decision.application_id {files} AND {IN_FORCE}
    UNION ALL
    SELECT target.id, tranche.application_id, 'decided', tranche.amount_cents
    FROM tranche {_TARGET}
    WHERE tranche.application_id {files} AND EXISTS (
        SELECT 1 FROM decision
        WHERE decision.application_id = tranche.application_id AND decision.amount_cents > 0 AND {IN_FORCE}
    )
"""


# Each line that comes out is something that does not add up.
_PROOF = f"""
WITH leg AS ({LEGS}), fact AS ({_facts(_EVERY)}), said AS (
    SELECT call_id, '' AS application_id, 'envelope' AS bucket, cents FROM leg
    UNION ALL
    SELECT id, '', 'envelope', -envelope_cents FROM call
    UNION ALL
    SELECT call_id, application_id, CASE WHEN bucket IN ('engaged', 'called', 'paid') THEN 'decided' ELSE bucket END,
        cents
    FROM leg WHERE application_id IS NOT NULL AND bucket <> 'free'
    UNION ALL
    SELECT call_id, application_id, bucket, -cents FROM fact
), gap AS (
    SELECT call_id, application_id, bucket, sum(cents) AS cents FROM said
    GROUP BY call_id, application_id, bucket HAVING sum(cents) <> 0
    UNION ALL
    SELECT call_id, application_id, bucket, sum(cents) FROM leg
    WHERE application_id IS NOT NULL AND bucket <> 'free'
    GROUP BY call_id, application_id, bucket HAVING sum(cents) < 0
)
SELECT DISTINCT call.label, coalesce(application.number, ''), gap.bucket, gap.cents
FROM gap JOIN call ON call.id = gap.call_id LEFT JOIN application ON application.id = gap.application_id
ORDER BY call.label, application.number, gap.bucket
"""
_BALANCES = f"""
SELECT application_id, bucket, sum(cents) FROM (
    SELECT application_id, target AS bucket, amount_cents AS cents FROM movement
    WHERE call_id = :call AND application_id {_ASKED}
    UNION ALL
    SELECT application_id, source, -amount_cents FROM movement WHERE call_id = :call AND application_id {_ASKED}
)
WHERE bucket NOT IN ('free', 'outside') GROUP BY application_id, bucket HAVING sum(cents) <> 0
"""
_HELD_ON = """
SELECT coalesce(sum(CASE WHEN target = :bucket THEN amount_cents ELSE -amount_cents END), 0) FROM movement
WHERE call_id = (SELECT call_id FROM application WHERE id = :file) AND application_id = :file
    AND :bucket IN (source, target) AND (dated_on IS NULL OR dated_on <= :day)
"""
_FACTS = f"""
SELECT application_id, bucket, sum(cents) FROM ({_facts(_ASKED)}) WHERE call_id = :call GROUP BY application_id, bucket
"""
# The campaigns that bear, or bore, something of a file besides its own.
_ELSEWHERE = f"""
SELECT call_id, application_id FROM movement WHERE application_id {_ASKED} AND call_id <> :call
UNION
SELECT target.id, tranche.application_id FROM tranche {_TARGET}
WHERE tranche.application_id {_ASKED} AND target.id <> :call
"""
_PROMISED = """
SELECT tranche.application_id FROM tranche
JOIN application ON application.id = tranche.application_id
JOIN call AS own ON own.id = application.call_id
JOIN call AS target ON target.scheme_code = own.scheme_code AND target.year = tranche.year
WHERE target.id = :call
"""
_TOTALS = f"""
SELECT CASE WHEN application_id IS NULL THEN 'envelope' ELSE bucket END AS held, sum(cents) FROM ({LEGS})
WHERE call_id = :call AND (application_id IS NULL OR bucket <> 'free')
    AND (application_id IS NULL OR application_id NOT IN (SELECT value FROM json_each(:hidden)))
GROUP BY held HAVING sum(cents) <> 0
"""
# What was left out of what is voted and to be voted when each lot that counts was submitted.
_OVERRUNS = """
SELECT lot.id, max(0, -(
    SELECT sum(
        CASE WHEN target IN ('free', 'marked') THEN amount_cents ELSE 0 END
        - CASE WHEN source IN ('free', 'marked') THEN amount_cents ELSE 0 END
    )
    FROM movement WHERE call_id = :call AND movement.rowid <= submission.last
))
FROM (
    SELECT lot_id, max(rowid) AS last FROM movement
    WHERE call_id = :call AND verb = 'decisions.submit' GROUP BY lot_id
) AS submission
JOIN lot ON lot.id = submission.lot_id WHERE lot.state IN ('submitted', 'voted')
"""
_OF_FILE = """
SELECT movement.at, movement.source, movement.target, movement.amount_cents, movement.year, call.label, movement.reason,
    movement.dated_on, movement.piece
FROM movement JOIN call ON call.id = movement.call_id
WHERE movement.application_id = :file ORDER BY movement.at, movement.rowid
"""

_OF_CALL = """
SELECT movement.at, movement.source, movement.target, movement.amount_cents, movement.year, movement.reason,
    movement.dated_on, movement.piece, coalesce(application.number, ''), coalesce(structure.name, ''),
    coalesce(lot.label, '')
FROM movement
LEFT JOIN application ON application.id = movement.application_id
LEFT JOIN structure ON structure.id = application.structure_id
LEFT JOIN lot ON lot.id = movement.lot_id
WHERE movement.call_id = :call ORDER BY movement.at, movement.rowid
"""
_ACT_DAY = f"""
SELECT max(lot.act_on) FROM decision JOIN lot ON lot.id = decision.lot_id
WHERE decision.application_id = :file AND decision.outcome <> 'adjourned' AND {IN_FORCE}
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """A sum that does not hold, in cents; ``number`` is empty when it is that of the whole campaign."""

    call: str
    number: str
    bucket: str
    cents: int

    @property
    def sentence(self) -> str:
        """« FIA 2026, FIA-2026-0003 : les mouvements disent 50 € de plus en « Marqué » que ce qui est écrit. »"""
        where = f"{self.call}, {self.number}" if self.number else self.call
        word = {"envelope": "l’enveloppe", "decided": "décidé"}.get(self.bucket) or Bucket(self.bucket).label.lower()
        more = "de plus" if self.cents > 0 else "de moins"
        return f"{where} : les mouvements disent {euros(abs(self.cents))} {more} que ce qui est écrit ({word})."


@dataclass(frozen=True, slots=True)
class MovementRow:
    """Cents that went from one bucket to another; a call for payment or a payment has its day and its document."""

    at: datetime
    source: Bucket
    target: Bucket
    cents: int
    year: int
    call: str
    reason: str
    dated_on: date | None = None
    piece: str = ""

    @property
    def of_payment(self) -> bool:
        """Whether it says what was called, paid, rejected or given back."""
        return {self.source, self.target} <= {Bucket.ENGAGED, Bucket.CALLED, Bucket.PAID}


@dataclass(frozen=True, slots=True)
class CallMovementRow:
    """A movement among all those of a campaign; ``number`` is empty when it is of the envelope itself."""

    at: datetime
    source: Bucket
    target: Bucket
    cents: int
    year: int
    reason: str
    dated_on: date | None
    piece: str
    number: str
    structure: str
    lot: str


def balances(reading: Reading, *, call_id: str, files: Collection[str]) -> dict[str, dict[Bucket, int]]:
    """What each of these files holds in each bucket of a campaign, in cents; what holds nothing is left out."""
    found: dict[str, dict[Bucket, int]] = defaultdict(dict)
    for key, bucket, cents in ask(reading, _BALANCES, call=call_id, files=json.dumps(list(files))):
        found[key][Bucket(bucket)] = cents
    return found


def facts(reading: Reading, *, call_id: str, files: Collection[str]) -> dict[str, Facts]:
    """What is written of each of these files in a campaign; one of which nothing is written is left out."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for key, bucket, cents in ask(reading, _FACTS, call=call_id, files=json.dumps(list(files))):
        found[key][bucket] = cents
    return {key: Facts(**values) for key, values in found.items()}


def elsewhere(reading: Reading, *, call_id: str, files: Collection[str]) -> dict[str, list[str]]:
    """The other campaigns whose envelope bears a year of an agreement of these files, with the files of each."""
    found: dict[str, list[str]] = defaultdict(list)
    for call, key in ask(reading, _ELSEWHERE, call=call_id, files=json.dumps(list(files))):
        found[call].append(key)
    return found


def promised(reading: Reading, *, call_id: str) -> list[str]:
    """The files of earlier campaigns of the same scheme to which an agreement gives something this year."""
    return [key for (key,) in ask(reading, _PROMISED, call=call_id)]


def totals(reading: Reading, *, call_id: str, viewer: str | None = None) -> dict[str, int]:
    """The cents of a campaign: « envelope » the whole, and each bucket by its name, the free one left out.

    A member's leave out the files hidden from that member.
    """
    return dict(ask(reading, _TOTALS, call=call_id, hidden=_hidden(reading, viewer)))


def overruns(reading: Reading, *, call_id: str) -> dict[str, int]:
    """By how many cents each lot that awaits its vote, or was voted, overran the envelope once it was submitted.

    A lot of another kind, which overruns nothing, is left out.
    """
    return dict(ask(reading, _OVERRUNS, call=call_id))


def gaps(reading: Reading) -> list[Gap]:
    """What does not add up in any campaign: nothing, as long as every verb wrote its movements."""
    return [Gap(*row) for row in ask(reading, _PROOF)]


def of_file(reading: Reading, *, application_id: str) -> list[MovementRow]:
    """The movements of one file, the oldest first."""
    rows: Any = ask(reading, _OF_FILE, file=application_id)
    return [
        MovementRow(
            datetime.fromisoformat(f"{at}+00:00"), Bucket(source), Bucket(target), cents, year, call, reason,
            date.fromisoformat(day) if day else None, piece,
        )
        for at, source, target, cents, year, call, reason, day, piece in rows
    ]  # fmt: skip


def of_call(reading: Reading, *, call_id: str) -> list[CallMovementRow]:
    """Every movement of a campaign, the oldest first: their sums are what its buckets hold."""
    rows: Any = ask(reading, _OF_CALL, call=call_id)
    return [
        CallMovementRow(
            datetime.fromisoformat(f"{at}+00:00"), Bucket(source), Bucket(target), cents, year, reason,
            date.fromisoformat(day) if day else None, *said,
        )
        for at, source, target, cents, year, reason, day, *said in rows
    ]  # fmt: skip


def act_day(reading: Reading, *, application_id: str) -> date | None:
    """The day of the act that the decision in force of a file comes from; None while none is."""
    ((day,),) = ask(reading, _ACT_DAY, file=application_id)
    return date.fromisoformat(day) if day else None


def held_on(reading: Reading, *, application_id: str, bucket: Bucket, day: date) -> int:
    """What a file had in a bucket of its own campaign on a day, in cents: what is dated later aside."""
    told = {"file": application_id, "bucket": bucket.value, "day": day.isoformat()}
    ((cents,),) = ask(reading, _HELD_ON, **told)
    return int(cents)


def _hidden(reading: Reading, viewer: str | None) -> str:
    if viewer is None:
        return "[]"
    # The one place of visibility speaks SQLAlchemy, which the first screens do without.
    from cv_desktop.db.queries.visibility import hidden

    return json.dumps(sorted(hidden(reading, viewer)))
