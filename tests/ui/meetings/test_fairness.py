"""Dispersion: shown after the revelation only, with the figures of the statistics, and exported as they are seen."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from openpyxl import load_workbook

from committee import Committee
from cv_desktop.domain.notes import decimal
from cv_desktop.services import rankings
from cv_desktop.ui.meetings.screen import MeetingsScreen

Opened = Callable[[str], tuple[MeetingsScreen, Committee]]


def test_nothing_is_shown_before_the_revelation(opened: Opened) -> None:
    screen, _base = opened("prepared")
    record = screen.record
    assert not record.tabs.isTabVisible(record.tabs.indexOf(record.fairness))
    record.fairness.show_meeting(record.call, record.meeting)
    assert record.fairness.files.rows.rows() == [] and not record.fairness.export_button.isEnabled()
    assert record.fairness.said.text() == "Les notes sont masquées jusqu’à la révélation."


def test_files_members_and_criteria_are_those_of_the_statistics(opened: Opened, tmp_path: Path) -> None:
    screen, base = opened("revealed")
    record = screen.record
    record.tabs.setCurrentWidget(record.fairness)
    tab = record.fairness
    found, names = screen.context.read(rankings.fairness_of, call_id=base.call)
    files = tab.files.rows.rows()
    assert [line.application_id for line in files] == list(base.files)
    said = {c.key: c.text(files[0]) for c in tab.files.rows.columns}
    first = found.files[base.files[0]]
    assert first.deviation is not None
    assert said["deviation"] == decimal(Fraction(first.deviation)) and said["sheets"] == "6"
    members = tab.members.rows.rows()
    assert [line.name for line in members] == list(names.values())
    assert members[0].found.sentence.endswith(f"sur {len(base.files) - 1} dossiers")  # one déport
    assert {line.code for line in tab.criteria.rows.rows()} == set(found.criteria)
    tab.save_to("members", tmp_path / "severite.xlsx")
    sheet = load_workbook(tmp_path / "severite.xlsx").active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("Membre", "Lecture", "Dossiers")
    assert rows[1][:3] == ("Alix Exemple", members[0].found.sentence, len(base.files) - 1)
