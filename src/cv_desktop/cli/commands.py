"""Campaigns, import, checks, exports, and the care of the base."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, base_file, call_id, may_write, opened, require_suffix
from cv_desktop.db import backup as copies
from cv_desktop.db import journal
from cv_desktop.db.queries import applications as files
from cv_desktop.db.queries import attachments, movements
from cv_desktop.domain.eligibility import Result, Status
from cv_desktop.domain.money import euros
from cv_desktop.domain.text import counted
from cv_desktop.services import applications, bases, calls, letters, minutes_files


def create_call(arguments: Namespace) -> tuple[Answer, int]:
    made: list[str] = []
    wanted = {"code": arguments.code, "scheme": arguments.scheme, "year": arguments.year}
    path = base_file(arguments)
    if path.exists():
        with opened(arguments) as store, store.write(ACTOR) as session:
            made.append(calls.create(session, **wanted, envelope_cents=arguments.envelope)[1])
    else:
        bases.create(
            path.parent,
            actor=ACTOR,
            first=lambda session: made.append(calls.create(session, **wanted, envelope_cents=arguments.envelope)[1]),
        )
    code = arguments.code.strip().upper().replace(" ", "-")
    data = {"call": code, "id": made[0], "envelope_cents": arguments.envelope}
    return Answer(data, (f"Campagne {code} créée, enveloppe {euros(arguments.envelope)}.",)), 0


def check(arguments: Namespace) -> tuple[Answer, int]:
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.read() as session:
            results = applications.checks(session, call_id=call)
            numbers = files.numbers(session, call_id=call)
    found, unknown, titles = check_lists(results, numbers)
    data = {"call": arguments.call.upper(), "applications": len(results), "checks": found, "not_given": unknown}
    lines = [f"{counted(len(results), 'dossier contrôlé')}."]
    for code, external in found.items():
        title, article = titles[code]
        lines.append(f"  {title} (article {article}, {code}) : {_listed(external)}")
    return Answer(data, tuple(lines)), 0


def check_lists(
    results: dict[str, tuple[Result, ...]], numbers: dict[str, str]
) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, tuple[str, str]]]:
    """External numbers by code of check: those that break the rule, those that say too little; and the titles."""
    found: dict[str, list[str]] = {}
    unknown: dict[str, list[str]] = {}
    titles: dict[str, tuple[str, str]] = {}
    for key, checks in results.items():
        for result in checks:
            titles.setdefault(result.code, (result.title, result.article))
            found.setdefault(result.code, [])
            if result.status in (Status.FAIL, Status.WARN):
                (unknown.setdefault(result.code, []) if result.unknown else found[result.code]).append(numbers[key])
    return _ordered(found), _ordered(unknown), titles


def _listed(numbers: list[str]) -> str:
    return f"{counted(len(numbers), 'dossier')}, {', '.join(numbers)}" if numbers else "aucun dossier"


def _ordered(lists: dict[str, list[str]]) -> dict[str, list[str]]:
    return {code: sorted(lists[code]) for code in sorted(lists)}


def export_decisions(arguments: Namespace) -> tuple[Answer, int]:
    from cv_desktop.services import exports

    out: Path = arguments.out.expanduser().absolute()
    require_suffix(out, ".xlsx", ".csv")
    may_write(out)
    make = exports.decisions_csv if out.suffix.lower() == ".csv" else exports.decisions_xlsx
    with opened(arguments) as store:
        made = make(store, call_id=call_id(store, arguments.call), actor=ACTOR)
    letters.write_file(out, made)
    return Answer({"file": str(out), "bytes": len(made)}, (f"Décisions écrites dans {out}.",)), 0


def export_programme(arguments: Namespace) -> tuple[Answer, int]:
    from cv_desktop.services import programmes

    out: Path = arguments.out.expanduser().absolute()
    require_suffix(out, ".xlsx", ".pdf")
    may_write(out)
    make = programmes.programme_pdf if out.suffix.lower() == ".pdf" else programmes.programme_xlsx
    with opened(arguments) as store:
        made = make(store, call_id=call_id(store, arguments.call), actor=ACTOR)
    letters.write_file(out, made)
    told = f"Tableau de programmation écrit dans {out}."
    return Answer({"file": str(out), "bytes": len(made)}, (told,)), 0


def verify(arguments: Namespace) -> tuple[Answer, int]:
    from cv_desktop.documents import letter_pdf

    with opened(arguments) as store:
        with store.read() as session:
            found = journal.verify(session)
            faults = [*attachments.faults(session), *minutes_files.faults(session)]
            gaps = movements.gaps(session)
        altered = letters.restore_files(store, letter_pdf.render)
    data: dict[str, Any] = {
        "journal_entries": found.entries,
        "sound": found.sound and not altered and not faults and not gaps,
        "first_bad_entry": found.bad,
        "why": found.why,
        "altered_letters": altered,
        "attachment_faults": faults,
        "envelope_gaps": [asdict(gap) for gap in gaps],
    }
    lines = [f"Journal : {counted(found.entries, 'écriture')}, chaîne intacte." if found.sound else found.why]
    if altered:
        lines.append(f"Courriers dont le fichier n’est plus celui qui a été émis : {', '.join(altered)}.")
    lines += [gap.sentence for gap in gaps]
    return Answer(data, (*lines, *faults)), 0 if data["sound"] else 1


def backup(arguments: Namespace) -> tuple[Answer, int]:
    target: Path = arguments.file.expanduser().absolute()
    with opened(arguments) as store:
        copies.copy(store.path, target)
    content = copies.inspect(target)
    data = {"file": str(target), **asdict(content)}
    return Answer(data, (f"Sauvegarde écrite dans {target} : {counted(content.applications, 'dossier')}.",)), 0


def restore(arguments: Namespace) -> tuple[Answer, int]:
    content = copies.restore(arguments.file.expanduser().absolute(), base_file(arguments))
    with opened(arguments) as store, store.read() as session:
        sound = journal.verify(session).sound
        faults = attachments.faults(session)
    data = {**asdict(content), "journal_sound": sound, "attachment_faults": faults}
    words = "le journal est intact" if sound else "attention, le journal a été modifié"
    line = f"Sauvegarde restaurée : {counted(content.applications, 'dossier')} ; {words}."
    return Answer(data, (line, *faults)), 0 if sound and not faults else 1


def self_test(arguments: Namespace) -> tuple[Answer, int]:
    from cv_desktop.services.maintenance import self_test as examine

    results = examine()
    data = {"checks": [asdict(r) for r in results], "sound": all(r.passed for r in results)}
    lines = tuple(
        f"{'Réussi' if r.passed else 'ÉCHEC '}  {r.label}{f' : {r.detail}' if r.detail else ''}" for r in results
    )
    return Answer(data, lines), 0 if data["sound"] else 1
