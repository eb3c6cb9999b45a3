"""The journal: every write, chained by SHA-256 so that a later change shows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.bulk import insert_rows
from cv_desktop.db.models.journal import JournalEntry, JournalHead
from cv_desktop.db.work import Work

FIRST = "0" * 64
# JSON gives these back as they are: most entries of an import hold nothing else.
_PLAIN = frozenset({str, int, bool, type(None)})
_TEXT = json.JSONEncoder(default=str)
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Verification:
    """``entries`` read; ``bad`` is the number of the first entry that does not hold, if any."""

    entries: int
    bad: int | None = None
    why: str = ""

    @property
    def sound(self) -> bool:
        return self.bad is None


def digest(previous: str, fields: dict[str, Any]) -> str:
    """SHA-256 of an entry chained to the one before, over one canonical writing of its fields."""
    canonical = _CANONICAL.encode(fields)
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _through(value: Any) -> Any:
    """A value as JSON gives it back."""
    if type(value) is dict and all(type(key) is str and type(one) in _PLAIN for key, one in value.items()):
        return value
    return json.loads(_TEXT.encode(value)) if value is not None else None


def seal(session: Session, work: Work) -> int:
    """Write the entries of a unit of work at the end of the chain; gives how many.

    Values pass through JSON once so that what is hashed is exactly what is read back.
    """
    if not work.entries:
        return 0
    head = session.get(JournalHead, 1)
    if head is None:
        head = JournalHead(id=1, seq=0, hash=FIRST)
        session.add(head)
    rows = []
    seq, previous = head.seq, head.hash
    for entry in work.entries:
        seq += 1
        fields = {
            "seq": seq,
            "at": _instant(entry.at),
            "actor": work.actor,
            "station": work.station,
            "verb": entry.verb,
            "noun": entry.noun,
            "noun_id": entry.noun_id,
            "summary": entry.summary,
            "before": _through(entry.before),
            "after": _through(entry.after),
            "reason": entry.reason,
            "source": entry.source,
        }
        previous = digest(previous, fields)
        rows.append({**fields, "at": entry.at, "hash": previous})
    insert_rows(session, JournalEntry, rows)
    head.seq, head.hash = seq, previous
    session.flush()
    work.entries.clear()
    return len(rows)


def _unreadable(session: Session) -> int:
    """Number of the first entry whose date or values are not even written as such."""
    for number in session.scalars(select(JournalEntry.seq).order_by(JournalEntry.seq)):
        try:
            session.get(JournalEntry, number)
        except (TypeError, ValueError):
            return number
    raise AssertionError("every entry can be read")


def verify(session: Session) -> Verification:
    """Compute the whole chain again and name the first entry that does not hold."""
    head = session.get(JournalHead, 1)
    expected_last = (head.seq, head.hash) if head else (0, FIRST)
    seq, previous = 0, FIRST
    try:
        rows = session.execute(select(*JournalEntry.__table__.columns).order_by(JournalEntry.seq)).mappings().all()
    except (TypeError, ValueError):
        bad = _unreadable(session)
        return Verification(bad - 1, bad, f"L’écriture {bad} du journal a été modifiée : elle est illisible.")
    for row in rows:
        if row["seq"] != seq + 1:
            return Verification(seq, seq + 1, f"L’écriture {seq + 1} du journal manque.")
        seq += 1
        fields = {key: row[key] for key in row if key != "hash"}
        fields["at"] = _instant(fields["at"])
        previous = digest(previous, fields)
        if previous != row["hash"]:
            return Verification(seq, seq, f"L’écriture {seq} du journal a été modifiée après coup.")
    if seq > expected_last[0]:
        return Verification(seq, expected_last[0] + 1, f"L’écriture {expected_last[0] + 1} du journal a été ajoutée.")
    if (seq, previous) != expected_last:
        return Verification(seq, seq + 1, f"L’écriture {seq + 1} du journal manque à la fin.")
    return Verification(seq)
