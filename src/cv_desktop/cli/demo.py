"""The example campaign from end to end, left in a folder to be looked at."""

from __future__ import annotations

import shutil
from argparse import Namespace
from collections import Counter
from pathlib import Path
from time import monotonic
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.commands import check_lists
from cv_desktop.cli.import_command import import_data
from cv_desktop.db import journal
from cv_desktop.db.queries import applications as files
from cv_desktop.db.queries import envelopes
from cv_desktop.db.refusals import explained
from cv_desktop.db.store import Store
from cv_desktop.domain.money import euros
from cv_desktop.domain.text import counted
from cv_desktop.paths import data_folder, resource
from cv_desktop.services import applications, demonstration, exports, letters
from cv_desktop.services.demonstration import ACTOR, MEMBERS, Story

WORKBOOK = "depots_fia_2026.xlsx"
BASE, LETTERS, SCREENS = "base", "courriers", "ecrans"
# Files still to be discussed when the picture of the meeting is taken.
HALF = 7
# Sheets returned, and marks given on the next one, when the picture of the grid is taken.
UNTIL, CRITERIA = 4, 7


def demo(arguments: Namespace) -> tuple[Answer, int]:
    """Steps 1 to 9 on 15 April 2026: base, letters, decisions, pictures of the screens and a summary."""
    from cv_desktop.documents import print_run, summary_pdf

    began = monotonic()
    out: Path = arguments.out.expanduser().absolute()
    base = out / BASE if arguments.data_dir == data_folder() else arguments.data_dir.expanduser().absolute() / BASE
    with explained(out / "x"):
        out.mkdir(parents=True, exist_ok=True)
        base.mkdir(parents=True, exist_ok=True)
        for name in (LETTERS, SCREENS):
            shutil.rmtree(out / name, ignore_errors=True)
            (out / name).mkdir()
        workbook = out / WORKBOOK
        workbook.write_bytes(resource("demo", WORKBOOK).read_bytes())
    told = _Told(base, out, workbook, arguments.pictures)
    told.deposit()
    told.instruct()
    told.decide()
    issued = told.issued
    pages = [i.path.read_bytes() for i in issued]
    for i, page in zip(issued, pages, strict=True):
        letters.write_file(out / LETTERS / i.path.name, page)
    letters.write_file(out / "courriers_a_imprimer.pdf", print_run.merge(pages))
    with demonstration.reopen(base, told.new_id) as store:
        decisions = exports.decisions_xlsx(store, call_id=told.story.call_id, actor=ACTOR)
        figures = _figures(store, told.story)
    letters.write_file(out / "decisions.xlsx", decisions)
    data: dict[str, Any] = {
        **import_data(told.plan),
        "checks": told.checks,
        "not_given": told.unknown,
        **figures,
        "letters": dict(sorted(Counter(i.kind for i in issued).items())),
        "screens": told.drawn,
    }
    letters.write_file(out / "synthese.pdf", summary_pdf.render("FIA 2026, campagne d’exemple", *_summary(data)))
    data["seconds"] = round(monotonic() - began, 2)
    lines = [f"{label} : {value}" for label, value in _summary(data)[0]] + [
        f"Tout est dans {out} : courriers, decisions.xlsx, ecrans, synthese.pdf ({data['seconds']} s)."
    ]
    return Answer(data, tuple(lines)), 0


class _Told:
    """The story under way. Between two steps the base is closed: the screens open it as any window does."""

    def __init__(self, base: Path, out: Path, workbook: Path, pictures: Any) -> None:
        self.base = base
        self.out = out
        self.workbook = workbook
        self.pictures = pictures
        self.story = Story()
        self.new_id = demonstration.ids()
        self.issued: list[letters.Issued] = []
        self.drawn: list[str] = []
        self.checks: dict[str, list[str]] = {}
        self.unknown: dict[str, list[str]] = {}

    def deposit(self) -> None:
        """Campaign, import, checks."""
        story = self.story
        with demonstration.open_base(self.base, self.new_id) as store:
            demonstration.campaign(store, story)
            self.plan = demonstration.deposits(store, story, self.workbook)
            with store.read() as session:
                numbers = files.numbers(session, call_id=story.call_id)
                results = applications.checks(session, call_id=story.call_id)
        self.checks, self.unknown, _titles = check_lists(results, numbers)
        self._draw("dossier")

    def instruct(self) -> None:
        """Passages, first letters, marks, meeting."""
        story = self.story
        with self._store() as store:
            demonstration.examine(store, story)
            self._issue(store)
            demonstration.members(store, story)
            demonstration.sheets(store, story, range(1, len(MEMBERS)))
            demonstration.sheets(store, story, [0], until=UNTIL, criteria=CRITERIA)
        self._draw("grille")
        with self._store() as store:
            demonstration.sheets(store, story, [0])
            demonstration.convene(store, story)
            demonstration.opinions(store, story, left=HALF)
        self._draw("seance", "accueil")
        with self._store() as store:
            demonstration.opinions(store, story)
            demonstration.close(store, story)

    def decide(self) -> None:
        """Amounts, vote, last letters."""
        story = self.story
        with self._store() as store:
            demonstration.arbitration(store, story)
        self._draw("arbitrage")
        with self._store() as store:
            demonstration.vote(store, story)
            with store.write(ACTOR) as session:
                letters.prepare(session, call_id=story.call_id)
        self._draw("courriers")
        with self._store() as store:
            self._issue(store)

    def _store(self) -> Store:
        return demonstration.reopen(self.base, self.new_id)

    def _issue(self, store: Store) -> None:
        from cv_desktop.documents import letter_pdf

        self.issued += demonstration.correspondence(store, self.story, letter_pdf.render)

    def _draw(self, *wanted: str) -> None:
        if self.pictures is not None:
            self.drawn += self.pictures(self.base, self.out / SCREENS, wanted)


def _figures(store: Store, story: Story) -> dict[str, Any]:
    with store.read() as session:
        buckets = envelopes.buckets(session, call_id=story.call_id)
        rows = files.rows(session, call_id=story.call_id)
        entries = journal.verify(session)
    return {
        "envelope_cents": buckets.envelope_cents,
        "awarded_total_cents": buckets.decided_cents,
        "free_cents": buckets.free_cents,
        "statuses": dict(sorted(Counter(row.status.label for row in rows).items())),
        "journal_entries": entries.entries,
        "journal_sound": entries.sound,
    }


def _summary(data: dict[str, Any]) -> tuple[list[tuple[str, str]], list[tuple[str, list[str]]]]:
    figures = [
        ("Dossiers déposés", f"{data['applications']} sur {counted(data['rows'], 'ligne')}"),
        ("Demandé", euros(data["asked_total_cents"])),
        ("Budgets des actions", euros(data["cost_total_cents"])),
        ("Enveloppe", euros(data["envelope_cents"])),
        ("Accordé", euros(data["awarded_total_cents"])),
        ("Libre", euros(data["free_cents"])),
        ("Courriers", str(sum(data["letters"].values()))),
        ("Écritures au journal", str(data["journal_entries"])),
    ]
    sections = [
        ("Brouillons écartés", [", ".join(data["draft_numbers"]) or "aucun"]),
        ("Contrôles", [f"{code} : {', '.join(found)}" for code, found in data["checks"].items() if found]),
        ("États", [f"{label} : {count}" for label, count in data["statuses"].items()]),
        ("Courriers par nature", [f"{kind} : {count}" for kind, count in data["letters"].items()]),
    ]
    return figures, sections
