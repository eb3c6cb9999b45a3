"""« export envelope » and « export comparison » on a voted campaign: the figures of the screen, added up again."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from cv_desktop.db.queries import calls
from cv_desktop.db.queries import scenarios as scenario_rows
from cv_desktop.db.store import NAME, Store
from cv_desktop.services import demonstration, scenarios
from cv_desktop.services.demonstration import ACTOR, Story

from .conftest import Line

NBSP = "\u00a0"


@pytest.fixture
def voted(line: Line, stages: Callable[[str], tuple[Path, Story]]) -> Line:
    """13 files were given 28 100 € of 30 000 €."""
    shutil.copytree(stages("voted")[0], line.folder)
    return line


def test_the_movements_of_the_envelope_add_up_to_its_buckets(voted: Line, tmp_path: Path) -> None:
    out = tmp_path / "enveloppe.xlsx"
    said = voted("export", "envelope", "--call", "FIA-2026", "--out", out)
    assert (said.code, said.data["bytes"]) == (0, out.stat().st_size)
    cents = said.data["cents"]
    assert (cents["envelope_cents"], cents["free_cents"], cents["engaged_cents"]) == (3_000_000, 190_000, 2_810_000)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Enveloppe", "Parts", "Mouvements"]
    held = dict(book["Enveloppe"].iter_rows(min_row=2, values_only=True))
    sums: dict[str, float] = defaultdict(float)
    for _on, _number, _who, source, target, euros, *_rest in book["Mouvements"].iter_rows(min_row=2, values_only=True):
        sums[str(source)] -= float(euros)
        sums[str(target)] += float(euros)
    assert -sums.pop("Hors enveloppe") == held.pop("Enveloppe") == 30_000
    assert {name: value for name, value in held.items() if value} == {name: x for name, x in sums.items() if x}
    assert book["Mouvements"].max_row == said.data["movements"] + 1
    rows = [dict(zip([c.value for c in book["Parts"][1]], r, strict=True)) for r in
            book["Parts"].iter_rows(min_row=2, values_only=True)]  # fmt: skip
    assert sum(row["Engagé"] for row in rows if row["Part"] == "Volet") == 28_100
    assert f"Libre{NBSP}: 1{NBSP}900{NBSP}€" in voted("export", "envelope", "--call", "FIA-2026", "--out", out,
                                                      plain=True).out  # fmt: skip


def test_scenarios_are_compared_by_their_names(voted: Line, tmp_path: Path) -> None:
    out = tmp_path / "comparaison.xlsx"
    alone = voted("export", "comparison", "--call", "FIA-2026", "--out", out, plain=True)
    assert alone.code == 2 and not out.exists()
    assert f"Nommez deux ou trois scénarios avec --scenario. Scénarios de la campagne{NBSP}: «{NBSP}" in alone.err
    with Store.open(voted.folder / NAME, clock=demonstration.clock, station="Démonstration", actor=ACTOR) as store:
        with store.read() as session:
            call = calls.id_of(session, "FIA-2026")
            assert call is not None
            first = scenario_rows.rows(session, call_id=call)[0]
        with store.write(ACTOR) as session:
            scenarios.duplicate(session, scenario_id=first.id, label="Petites structures")
    said = voted("export", "comparison", "--call", "FIA-2026", "--out", out)
    assert (said.code, said.data["scenarios"]) == (0, [first.label, "Petites structures"])
    assert said.data["differences"] == [] and said.data["totals"][0]["given_cents"] == [2_810_000, 2_810_000]
    assert openpyxl.load_workbook(out).sheetnames == ["Différences", "Totaux"]
    wrong = voted(
        "export", "comparison", "--call", "FIA-2026", "--scenario", "petites STRUCTURES", "--scenario", "Z",
        "--out", out, plain=True,
    )  # fmt: skip
    assert wrong.code == 2 and f"Aucun scénario ne s’appelle «{NBSP}Z{NBSP}»." in wrong.err
