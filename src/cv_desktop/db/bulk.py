"""Thousands of rows written as the driver takes them: the unit of work would take three times longer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session

from cv_desktop.db.base import Base


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert plain rows, all with the same columns; those that are left out take the default of their table."""
    if not rows:
        return
    table = model.__table__
    assert isinstance(table, Table)
    names = list(rows[0])
    dialect = session.get_bind().dialect
    values: list[Iterable[Any]] = []
    # Always two names at least: one alone would give bare values.
    for name, column in zip(names, zip(*map(itemgetter(*names), rows), strict=True), strict=True):
        bind = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if bind:
            # Most cells of a column of dates or of JSON are empty: what stands for nothing is written once.
            nothing = bind(None)
            values.append([nothing if value is None else bind(value) for value in column])
        else:
            values.append(column)
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" * len(names))
    statement = f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})'
    session.info["wrote"] = True
    session.connection().exec_driver_sql(statement, list(zip(*values, strict=True)))


def insert_objects(session: Session, objects: Iterable[Base]) -> None:
    """Insert mapped objects that were never added to the session, in the order in which their kinds first appear."""
    by_kind: dict[type[Base], list[Mapping[str, Any]]] = defaultdict(list)
    for one in objects:
        by_kind[type(one)].append({name: value for name, value in vars(one).items() if name != "_sa_instance_state"})
    for kind, rows in by_kind.items():
        insert_rows(session, kind, rows)
