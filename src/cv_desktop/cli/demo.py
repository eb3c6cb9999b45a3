"""The example campaign from end to end, left in a folder to be looked at."""

from __future__ import annotations

import shutil
from argparse import Namespace
from collections import Counter
from pathlib import Path
from time import monotonic
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.commands import check_lists, import_data
from cv_desktop.db import journal
from cv_desktop.db.queries import applications as files
from cv_desktop.db.queries import envelopes
from cv_desktop.db.refusals import explained
from cv_desktop.db.store import Store
from cv_desktop.domain.money import euros
from cv_desktop.paths import data_folder, resource
from cv_desktop.services import applications, demonstration, exports, letters
from cv_desktop.services.demonstration import ACTOR, Story

WORKBOOK = "depots_fia_2026.xlsx"
BASE, LETTERS, SCREENS = "base", "courriers", "ecrans"


def demo(arguments: Namespace) -> tuple[Answer, int]:
    """Steps 1 to 9 on 15 April 2026: base, letters, decisions, pictures of the screens and a summary."""
    from cv_desktop.documents import letter_pdf, print_run, summary_pdf

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
    story = Story()
    with demonstration.open_base(base) as store:
        demonstration.campaign(store, story)
        plan = demonstration.deposits(store, story, workbook)
        with store.read() as session:
            numbers = files.numbers(session, call_id=story.call_id)
            checks, unknown, _titles = check_lists(applications.checks(session, call_id=story.call_id), numbers)
        demonstration.examine(store, story)
        issued = demonstration.correspondence(store, story, letter_pdf.render)
        demonstration.committee(store, story)
        demonstration.meeting(store, story)
        demonstration.arbitration(store, story)
        demonstration.vote(store, story)
        issued += demonstration.correspondence(store, story, letter_pdf.render)
        pages = [i.path.read_bytes() for i in issued]
        for i, page in zip(issued, pages, strict=True):
            letters.write_file(out / LETTERS / i.path.name, page)
        letters.write_file(out / "courriers_a_imprimer.pdf", print_run.merge(pages))
        workbook_bytes = exports.decisions_xlsx(store, call_id=story.call_id, actor=ACTOR)
        letters.write_file(out / "decisions.xlsx", workbook_bytes)
        figures = _figures(store, story)
    # The base is closed: the screens open it as any window does.
    drawn = arguments.pictures(base, out / SCREENS) if arguments.pictures else []
    data: dict[str, Any] = {
        **import_data(plan),
        "checks": checks,
        "not_given": unknown,
        **figures,
        "letters": dict(sorted(Counter(i.kind for i in issued).items())),
        "screens": drawn,
    }
    letters.write_file(out / "synthese.pdf", summary_pdf.render("FIA 2026, campagne d’exemple", *_summary(data)))
    data["seconds"] = round(monotonic() - began, 2)
    lines = [f"{label} : {value}" for label, value in _summary(data)[0]] + [
        f"Tout est dans {out} : courriers, decisions.xlsx, ecrans, synthese.pdf ({data['seconds']} s)."
    ]
    return Answer(data, tuple(lines)), 0


def _figures(store: Store, story: Story) -> dict[str, Any]:
    with store.read() as session:
        buckets = envelopes.buckets(session, call_id=story.call_id)
        rows = files.rows(session, call_id=story.call_id)
        entries = journal.verify(session)
    return {
        "envelope_cents": buckets.envelope_cents,
        "awarded_total_cents": buckets.engaged_cents,
        "free_cents": buckets.free_cents,
        "statuses": dict(sorted(Counter(row.status.label for row in rows).items())),
        "journal_entries": entries.entries,
        "journal_sound": entries.sound,
    }


def _summary(data: dict[str, Any]) -> tuple[list[tuple[str, str]], list[tuple[str, list[str]]]]:
    figures = [
        ("Dossiers déposés", f"{data['applications']} sur {data['rows']} lignes"),
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
