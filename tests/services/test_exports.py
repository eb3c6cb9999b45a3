"""The workbook of the decisions: one row per file, real numbers and dates, journaled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO

import openpyxl

from cv_desktop.db.queries import journal
from cv_desktop.db.store import Store
from cv_desktop.services import exports
from cv_desktop.services.demonstration import ACTOR, Story

Opened = Callable[[str], tuple[Store, Story]]


def rows(data: bytes) -> list[dict[str, object]]:
    sheet = openpyxl.load_workbook(BytesIO(data)).active
    assert sheet is not None
    header, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in body]


def day(value: object) -> date:
    assert isinstance(value, datetime)
    return value.date()


def test_each_file_has_its_row_with_its_decision(base_at: Opened) -> None:
    store, story = base_at("told")
    table = rows(exports.decisions_xlsx(store, call_id=story.call_id, actor=ACTOR))
    assert len(table) == 39
    decided = [row for row in table if row["Décision"]]
    assert len(decided) == 15
    granted = [row for row in decided if row["Accordé"]]
    assert sum(float(str(row["Accordé"])) for row in granted) == 28_100
    first = granted[0]
    assert first["N° de l’acte"] == "2026-B-014"
    assert day(first["Date de l’acte"]) == date(2026, 4, 14)
    assert str(first["Courrier"]).startswith("CO-2026-")
    assert day(first["Date du courrier"]) == date(2026, 4, 15)
    assert all(row["Motif"] for row in decided)
    best = next(row for row in table if row["Rang"] == 1)
    assert best["Note"] == max(float(str(row["Note"])) for row in table if row["Note"] is not None)


def test_before_the_vote_the_table_has_no_decision(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    table = rows(exports.decisions_xlsx(store, call_id=story.call_id, actor=ACTOR))
    assert [row for row in table if row["Décision"] or row["Accordé"]] == []
    assert sum(row["Avis du comité"] is not None for row in table) == 15


def test_the_export_is_journaled(base_at: Opened) -> None:
    store, story = base_at("voted")
    exports.decisions_xlsx(store, call_id=story.call_id, actor=ACTOR)
    with store.read() as session:
        last = journal.rows(session, limit=1)[0]
    assert last.actor == ACTOR
    assert "39 dossiers" in last.summary
