"""Sheets away from the computer: handed out, and read when they come back."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, may_write, opened
from cv_desktop.db.queries import meetings
from cv_desktop.db.store import Store
from cv_desktop.domain.bundle import Judged, Outcome
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import counted, fold
from cv_desktop.services import bundle_readings, bundle_returns, bundles, letters
from cv_desktop.services.bundle_returns import Report


def export(arguments: Namespace) -> tuple[Answer, int]:
    out: Path = arguments.out.expanduser().absolute()
    may_write(out / "grilles")
    made: list[dict[str, Any]] = []
    without: list[str] = []
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        for key, name in _members(store, call, arguments.member):
            try:
                with store.write(ACTOR) as session:
                    _, bundle = bundles.take_away(
                        session, call_id=call, member_id=key, medium=arguments.medium,
                        meeting_id=arguments.meeting or "",
                    )  # fmt: skip
            except UserError as refusal:
                if arguments.member:
                    raise
                without.append(f"{name}\u00a0: {refusal.message}")
                continue
            with store.read() as session:
                filename, content = bundles.drawn(session, key=bundle)
            letters.write_file(out / filename, content)
            made.append({"member": name, "bundle": bundle, "file": str(out / filename), "bytes": len(content)})
    if not made:
        raise UserError("Aucune liasse à remettre. " + " ".join(without))
    lines = [f"{counted(len(made), 'liasse remise')} dans {out}.", *without]
    return Answer({"call": arguments.call.upper(), "bundles": made, "without": without}, tuple(lines)), 0


def _members(store: Store, call: str, named: list[str] | None) -> list[tuple[str, str]]:
    with store.read() as session:
        known = [(row.id, row.name) for row in meetings.members(session, call_id=call)]
    if not named:
        return known
    wanted = {fold(name): name for name in named}
    found = [(key, name) for key, name in known if fold(name) in wanted]
    missing = [name for folded, name in wanted.items() if folded not in {fold(x) for _, x in found}]
    if missing:
        listed = ", ".join(name for _, name in known) or "aucun"
        raise UserError(f"{missing[0]} n’est pas membre du comité. Membres\u00a0: {listed}.")
    return found


def read(arguments: Namespace) -> tuple[Answer, int]:
    reports: list[Report] = []
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        for file in arguments.files:
            path = file.expanduser().absolute()
            try:
                found = bundle_readings.read(store, path)
            except UserError as refusal:
                # What the other files said is still told, and what they brought stays.
                if len(arguments.files) == 1:
                    raise
                reports.append(Report(path.name, "", "", refused_whole=refusal.message))
                continue
            for returned in found:
                with store.write(ACTOR) as session:
                    report = bundle_returns.compare(session, call_id=call, returned=returned)
                    replacing = (
                        {(m.answer.number, m.answer.criterion) for m in report.of(Outcome.DIFFERENT)}
                        if arguments.replace
                        else set()
                    )
                    if not arguments.dry_run:
                        _, report = bundle_returns.take(
                            session, call_id=call, path=path, returned=returned, replacing=replacing
                        )
                reports.append(report)
    totals = {key: sum(report.counts[key] for report in reports) for key in (*map(str, Outcome), "doubtful")}
    data = {
        "call": arguments.call.upper(),
        "dry_run": arguments.dry_run,
        **totals,
        "files": [_data(r) for r in reports],
    }
    lines = tuple(line for report in reports for line in _lines(report))
    refused_whole = bool(reports) and all(report.refused_whole for report in reports)
    return Answer(data, lines), 2 if refused_whole else 0


def _data(report: Report) -> dict[str, Any]:
    return {
        "file": report.name,
        "bundle": report.bundle,
        "member": report.member,
        "refused_whole": report.refused_whole,
        "counts": report.counts,
        "marks": [_mark(mark) for mark in report.marks],
        "doubts": [
            {"number": d.number, "criterion": d.criterion, "page": d.page, "reason": d.reason} for d in report.doubts
        ],
        "altered": list(report.altered),
        "handed_in": list(report.handed_in),
        "unfinished": dict(report.unfinished),
    }


def _mark(mark: Judged) -> dict[str, Any]:
    return {**asdict(mark.answer), "outcome": mark.outcome.value, "reason": mark.reason}


def _lines(report: Report) -> list[str]:
    head = f"{report.name}" + (f", liasse {report.bundle} de {report.member}" if report.member else "")
    if report.refused_whole:
        return [f"{head}\u00a0: {report.refused_whole}"]
    said = (
        f"{counted(len(report.of(Outcome.ADDED)), 'note ajoutée')}, "
        f"{counted(len(report.of(Outcome.IDENTICAL)), 'identique')}, "
        f"{counted(len(report.of(Outcome.DIFFERENT)), 'différente')}, "
        f"{counted(len(report.of(Outcome.REFUSED)), 'refusée')}, {counted(len(report.doubts), 'image')} à relire"
    )
    lines = [f"{head}\u00a0: {said}."]
    for mark in (*report.of(Outcome.REFUSED), *report.of(Outcome.DIFFERENT)):
        lines.append(f"  {mark.answer.number}, {mark.answer.criterion}\u00a0: {mark.reason}")
    lines += [f"  {text}" for text in report.altered]
    lines += [f"  {number}\u00a0: {why}" for number, why in report.unfinished]
    if report.handed_in:
        lines.append(f"  Grilles rendues\u00a0: {', '.join(report.handed_in)}.")
    return lines
