"""The levels of each sheet beside its name, so that a ranking reads one row per sheet and not one per mark.

They are derived: triggers keep them true to the marks whatever writes these, and ``install`` makes them anew after
each step of the schema. ``review.codes`` lists the criteria that have a level, in the order of their codes;
``review.levels`` has one character for each, « 0 » for level 0 and so on up the ASCII table.
"""

from __future__ import annotations

from sqlalchemy import Connection

ZERO = ord("0")
_PACKED = (
    "UPDATE review SET (codes, levels) = ("
    "SELECT coalesce(group_concat(criterion, ','), ''), coalesce(group_concat(char({zero} + level), ''), '') "
    "FROM (SELECT criterion, level FROM mark WHERE review_id = {key} AND level IS NOT NULL ORDER BY criterion)"
    ") WHERE id = {key}"
)
_EVENTS = {
    "insert": ("INSERT", ("NEW",)),
    "update": ("UPDATE OF review_id, criterion, level", ("OLD", "NEW")),
    "delete": ("DELETE", ("OLD",)),
}


def release(connection: Connection) -> None:
    """Takes the triggers away before a step of the schema, which may rebuild the tables they name."""
    for name in _EVENTS:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS mark_levels_{name}")


def install(connection: Connection) -> None:
    """Makes the triggers, and packs the levels of every sheet."""
    release(connection)
    for name, (event, rows) in _EVENTS.items():
        steps = " ".join(f"{_PACKED.format(zero=ZERO, key=f'{row}.review_id')};" for row in rows)
        connection.exec_driver_sql(f"CREATE TRIGGER mark_levels_{name} AFTER {event} ON mark BEGIN {steps} END")
    connection.exec_driver_sql(_PACKED.format(zero=ZERO, key="review.id").rsplit(" WHERE ", 1)[0])
