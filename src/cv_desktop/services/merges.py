"""Two records of one structure become one; for thirty days all of it can be given back as it was.

A merge is kept as the list of every value it changed. Its undo gives back each value that nobody changed since, and
says in a sentence which ones stay as they are now.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from cv_desktop.db.base import Base
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.duplicate import DistinctPair, StructureMerge
from cv_desktop.db.models.structure import Structure, StructureAlias
from cv_desktop.db.queries import bank_accounts, mandates
from cv_desktop.db.queries.duplicates import UNDO_DAYS
from cv_desktop.db.work import actor, new_id, now, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.structure_fields import FIELDS
from cv_desktop.domain.text import counted, fold, normalised_name, quote

# These follow rules of their own below; whatever else points to a structure follows its files.
_APART = {"structure", "distinct_pair", "structure_merge", "structure_alias"}
_NUMBERS = ("siren", "siret", "rna")
# Two lines with these equal say the same thing: that of the merged record stays with it.
_SAME_LINE = {
    "mandate": ("folded_name", "role"),
    "bank_account": ("iban",),
    "structure_document": ("kind", "dated_on", "received_on"),
    "report": ("sha256",),
}


class _Ledger:
    """Writes values and remembers each as it was: {table, key, column, before, after}."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.changes: list[dict[str, Any]] = []

    def write(self, table: Table, key: dict[str, Any], column: str, after: Any) -> None:
        own = _row(table, key)
        before = self.session.execute(select(table.c[column]).where(*own)).scalar_one()
        if before == after:
            return
        self.session.execute(update(table).where(*own).values({column: after}))
        self.changes.append(
            {"table": table.name, "key": key, "column": column, "before": _plain(before), "after": _plain(after)}
        )

    def add(self, table: Table, values: dict[str, Any]) -> None:
        self.session.execute(insert(table).values(values))
        key = {column.name: values[column.name] for column in table.primary_key}
        self.changes.append({"table": table.name, "key": key, "column": "", "before": None, "after": None})


def merge(session: Session, *, kept_id: str, merged_id: str, picks: Collection[str] = ()) -> tuple[Changes, str]:
    """Bring one record into another; gives the key of the merge.

    ``picks`` names the fields taken from the merged record, « representative » and « account » included; a blank of
    the kept one is filled without asking. The files, letters, persons, accounts, documents and grants follow; the
    names and numbers of the merged record stay known as aliases. Raises UserError when a record is already merged.
    """
    kept, merged = session.get_one(Structure, kept_id), session.get_one(Structure, merged_id)
    for structure in (kept, merged):
        if structure.merged_into is not None:
            raise UserError(f"{quote(structure.name)} a déjà été fusionnée. La liste vient d’être relue.")
    if kept_id == merged_id:
        raise UserError("Une fiche ne se fusionne pas avec elle-même.")
    session.flush()
    ledger = _Ledger(session)
    before = (kept.name, merged.name)
    _aliases(session, ledger, kept, merged, picks)
    _lines(session, ledger, kept_id, merged_id, picks)
    _fields(ledger, kept, merged, picks)
    _distinct(session, ledger, kept_id, merged_id)
    session.expire_all()
    done = StructureMerge(
        id=new_id(session),
        kept_id=kept_id,
        merged_id=merged_id,
        kept_name=before[0],
        merged_name=before[1],
        merged_at=now(session),
        merged_by=actor(session),
        changes=ledger.changes,
        kept_back=[],
    )
    session.add(done)
    moved = sum(c["table"] == "application" for c in ledger.changes)
    for key in (kept_id, merged_id):
        record(
            session,
            verb="merges.merge",
            noun="structure",
            noun_id=key,
            summary=f"{quote(before[1])} fusionnée dans {quote(before[0])} : {counted(moved, 'dossier repris')}",
            after={"merge": done.id, "picks": sorted(picks)},
        )
    return _touched(ledger.changes, kept_id, merged_id, Step(undo, {"merge_id": done.id})), done.id


def undo(session: Session, *, merge_id: str) -> Changes:
    """Give both records back as they were, whatever was written since.

    What somebody changed meanwhile stays as it is now, and ``kept_back`` of the merge says so in sentences. Raises
    UserError after thirty days, when the kept record was itself merged since, or when a number of the merged one
    now belongs to a third structure.
    """
    done = session.get_one(StructureMerge, merge_id)
    kept = session.get_one(Structure, done.kept_id)
    _refuse(session, done, kept)
    session.flush()
    left: dict[str, int] = {}
    said: list[str] = []
    # The last written first: numbers leave the kept record before the merged one takes them back.
    for change in reversed(done.changes):
        table = Base.metadata.tables[change["table"]]
        own = _row(table, change["key"])
        if not change["column"]:
            session.execute(delete(table).where(*own))
            continue
        column = table.c[change["column"]]
        found = session.execute(select(column).where(*own)).one_or_none()
        if found is None or _plain(found[0]) != change["after"]:
            if change["table"] == "structure":
                said.append(_changed_since(change))
            else:
                left[change["table"]] = left.get(change["table"], 0) + 1
            continue
        session.execute(update(table).where(*own).values({change["column"]: _typed(column, change["before"])}))
    session.expire_all()
    said += [_left(table, count) for table, count in sorted(left.items())]
    if issued := _letters_since(session, done):
        said.append(f"{counted(issued, 'courrier émis')} depuis la fusion restent au nom de {quote(done.kept_name)}.")
    done.undone_at, done.kept_back = now(session), said
    for key in (done.kept_id, done.merged_id):
        record(
            session,
            verb="merges.undo",
            noun="structure",
            noun_id=key,
            summary=" ".join((f"Fusion de {quote(done.merged_name)} dans {quote(done.kept_name)} défaite.", *said)),
        )
    taken = [c["column"] for c in done.changes if c["table"] == "structure" and c["key"]["id"] == done.kept_id]
    again = {"kept_id": done.kept_id, "merged_id": done.merged_id, "picks": [c for c in taken if c in FIELDS]}
    return _touched(done.changes, done.kept_id, done.merged_id, Step(merge, again))


def _refuse(session: Session, done: StructureMerge, kept: Structure) -> None:
    if done.undone_at is not None:
        raise UserError("Cette fusion est déjà défaite.")
    if now(session) > done.merged_at + timedelta(days=UNDO_DAYS):
        day = long_date(local(done.merged_at).date())
        raise UserError(f"Cette fusion date du {day} : au-delà de {UNDO_DAYS} jours, elle ne se défait plus.")
    if kept.merged_into is not None:
        other = session.get_one(Structure, kept.merged_into)
        raise UserError(
            f"{quote(kept.name)} a été fusionnée depuis dans {quote(other.name)}. Défaites d’abord cette fusion-là."
        )
    for change in done.changes:
        if change["table"] == "structure" and change["column"] in ("siren", "rna") and change["before"]:
            if change["key"]["id"] != done.merged_id:
                continue
            column, others = getattr(Structure, change["column"]), Structure.id.not_in((done.kept_id, done.merged_id))
            taken = session.scalars(select(Structure).where(column == change["before"], others)).first()
            if taken is None and _given_since(done, kept) and getattr(kept, change["column"]) == change["before"]:
                taken = kept
            if taken is not None:
                raise UserError(
                    f"Le {change['column'].upper()} {change['before']} est maintenant celui de {quote(taken.name)}. "
                    "Corrigez d’abord cette fiche."
                )


def _given_since(done: StructureMerge, kept: Structure) -> bool:
    """Whether somebody typed a SIRET in the kept record after the merge: its SIREN is then its own."""
    written = {c["column"]: c["after"] for c in done.changes if c["table"] == "structure" and c["key"]["id"] == kept.id}
    return kept.siret is not None and "siret" in written and kept.siret != written["siret"]


def _aliases(session: Session, ledger: _Ledger, kept: Structure, merged: Structure, picks: Collection[str]) -> None:
    """The names and numbers that the kept record will not bear stay known as other ones of it."""
    table = StructureAlias.__table__
    assert isinstance(table, Table)
    known = {
        (a.kind, a.folded)
        for a in session.scalars(select(StructureAlias).where(StructureAlias.structure_id == kept.id))
    }
    for alias in session.scalars(select(StructureAlias).where(StructureAlias.structure_id == merged.id)):
        if (alias.kind, alias.folded) not in known:
            ledger.write(table, {"id": alias.id}, "structure_id", kept.id)
            known.add((alias.kind, alias.folded))
    for kind in ("name", "acronym", *_NUMBERS):
        field = "siret" if kind == "siren" else kind
        loser = kept if field in picks else merged
        value, other = getattr(loser, kind), getattr(merged if loser is kept else kept, kind)
        if not value or value == other or (other is None and loser is merged):
            continue
        folded = normalised_name(value) if kind == "name" else fold(value)
        if (kind, folded) not in known:
            known.add((kind, folded))
            ledger.add(
                table,
                {"id": new_id(session), "structure_id": kept.id, "kind": kind, "value": value, "folded": folded,
                 "noted_on": today(session)},
            )  # fmt: skip


def _lines(session: Session, ledger: _Ledger, kept_id: str, merged_id: str, picks: Collection[str]) -> None:
    """Whatever points to the merged record points to the kept one, but for lines that would be there twice."""
    ours = mandates.representative(session, structure_id=kept_id)
    theirs = mandates.representative(session, structure_id=merged_id)
    account = bank_accounts.current_iban(session, structure_id=kept_id)
    other = bank_accounts.current_iban(session, structure_id=merged_id)
    persons, accounts = Base.metadata.tables["mandate"], Base.metadata.tables["bank_account"]
    loser = ours if "representative" in picks else theirs
    if ours is not None and theirs is not None and loser is not None:
        ledger.write(persons, {"id": loser.id}, "represents", False)
    if account and other:
        holder = kept_id if "account" in picks else merged_id
        if holder == merged_id or account != other:
            current = select(accounts.c.id).where(accounts.c.structure_id == holder, accounts.c.until.is_(None))
            ledger.write(accounts, {"id": session.execute(current).scalar_one()}, "until", today(session))
    for table in Base.metadata.sorted_tables:
        if table.name in _APART:
            continue
        for column in (k.parent for k in table.foreign_keys if k.column.table.name == "structure"):
            same = [table.c[name] for name in _SAME_LINE.get(table.name, ())]
            there = {tuple(r) for r in session.execute(select(*same).where(column == kept_id))} if same else set()
            keys = list(table.primary_key)
            for row in session.execute(select(*keys, *same).where(column == merged_id)).all():
                if not same or tuple(row[len(keys) :]) not in there:
                    own = dict(zip((k.name for k in keys), row[: len(keys)], strict=True))
                    ledger.write(table, own, column.name, kept_id)


def _fields(ledger: _Ledger, kept: Structure, merged: Structure, picks: Collection[str]) -> None:
    """The fields picked, and those that only the merged record had; its numbers leave it first: each is unique."""
    table = Base.metadata.tables["structure"]
    values = {name: getattr(merged, name) for name in (*FIELDS, "siren", "commune_code")}
    mine = {name: getattr(kept, name) for name in values}
    for name in _NUMBERS:
        ledger.write(table, {"id": merged.id}, name, None)
    ledger.write(table, {"id": merged.id}, "merged_into", kept.id)
    follows = {"siren": "siret", "commune_code": "commune"}
    for name, value in values.items():
        lead = follows.get(name, name)
        # A SIREN without its SIRET may come alone; one never goes without the other.
        blank = mine[lead] in (None, "") and mine[name] in (None, "")
        if value not in (None, "") and (lead in picks or blank):
            ledger.write(table, {"id": kept.id}, name, value)
            if name == "name":
                ledger.write(table, {"id": kept.id}, "folded_name", normalised_name(value))


def _distinct(session: Session, ledger: _Ledger, kept_id: str, merged_id: str) -> None:
    """Who is not the merged record is not the kept one either."""
    table = DistinctPair.__table__
    assert isinstance(table, Table)
    for pair in session.scalars(
        select(DistinctPair).where((DistinctPair.first_id == merged_id) | (DistinctPair.second_id == merged_id))
    ).all():
        low, high = sorted((kept_id, pair.second_id if pair.first_id == merged_id else pair.first_id))
        if low != high and session.get(DistinctPair, (low, high)) is None:
            decided = {"decided_at": pair.decided_at, "decided_by": pair.decided_by}
            ledger.add(table, {"first_id": low, "second_id": high, **decided})


def _letters_since(session: Session, done: StructureMerge) -> int:
    files = [c["key"]["id"] for c in done.changes if c["table"] == "application"]
    query = select(Letter.id).where(Letter.application_id.in_(files), Letter.issued_at >= done.merged_at)
    return len(session.scalars(query).all())


def _changed_since(change: dict[str, Any]) -> str:
    label = FIELDS[change["column"]].label if change["column"] in FIELDS else change["column"]
    return f"{quote(label)} a été changé depuis la fusion et garde sa valeur actuelle."


def _left(table: str, count: int) -> str:
    words = {"application": "dossier", "mandate": "personne", "bank_account": "compte", "past_grant": "subvention"}
    what = counted(count, words.get(table, "ligne"))
    return f"{what} : changés ou retirés depuis la fusion, laissés tels quels."


def _touched(changes: list[dict[str, Any]], kept_id: str, merged_id: str, step: Step) -> Changes:
    files = [c["key"]["id"] for c in changes if c["table"] == "application"]
    both = Changes.of("structure", kept_id, merged_id) | Changes.of("application", *files)
    return Changes(both.touched, step)


def _row(table: Table, key: dict[str, Any]) -> list[Any]:
    return [table.c[name] == value for name, value in key.items()]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _typed(column: Any, value: Any) -> Any:
    kind = column.type.python_type if value is not None else None
    return kind.fromisoformat(value) if kind in (date, datetime) else value
