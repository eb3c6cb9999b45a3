"""Letters without a screen."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, may_write, opened
from cv_desktop.db.refusals import explained
from cv_desktop.db.store import Store
from cv_desktop.domain.conventions import KINDS
from cv_desktop.domain.letters import told
from cv_desktop.domain.text import counted
from cv_desktop.services import applications, letters


def issue(arguments: Namespace) -> tuple[Answer, int]:
    from cv_desktop.documents import letter_pdf

    out: Path = arguments.out.expanduser().absolute()
    with explained(out / "x"):
        out.mkdir(parents=True, exist_ok=True)
    # Before any letter takes its number.
    may_write(out / "x")
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        letters.restore_files(store, letter_pdf.render)
        with store.write(ACTOR) as session:
            applications.examine(session, call_id=call)
            kinds = letters.named_kinds(session, arguments.kind or ())
            letters.prepare(session, call_id=call, kinds=kinds)
        ready, blocked = _sorted(store, call, kinds)
        _changes, done = letters.issue(store, actor=ACTOR, letter_ids=ready, render=letter_pdf.render)
        for issued in done:
            letters.write_file(out / issued.path.name, issued.path.read_bytes())
        texts = _editable(store, done, out) if arguments.docx else []
    counts = dict(sorted(Counter(i.kind for i in done).items()))
    data: dict[str, Any] = {
        "letters": counts,
        "numbers": [i.number for i in done],
        "files": [i.path.name for i in done],
        "texts": texts,
        "blocked": blocked,
    }
    lines = [f"{counted(len(done), 'courrier écrit')} dans {out}."]
    lines += [f"  {kind} : {count}" for kind, count in counts.items()]
    lines += [f"  Texte modifiable : {name}" for name in texts]
    lines += [f"  Bloqué, {b['application']} ({b['kind']})\u00a0: {b['why']}" for b in blocked]
    return Answer(data, tuple(lines)), 0


def _editable(store: Store, done: Sequence[letters.Issued], out: Path) -> list[str]:
    """The conventions among these as documents that may be edited; gives their names."""
    # python-docx loads with the first document.
    from cv_desktop.documents import convention_docx

    names = []
    for issued in (one for one in done if one.kind in KINDS):
        with store.read() as session:
            content = letters.compose(session, letter_id=issued.id)
        path = out / issued.path.with_suffix(".docx").name
        letters.write_file(path, convention_docx.render(content))
        names.append(path.name)
    return names


def _sorted(store: Store, call: str, kinds: Sequence[str]) -> tuple[list[str], list[dict[str, Any]]]:
    """Letters ready to issue, and those that an empty field blocks, with its name."""
    ready, blocked = [], []
    with store.read() as session:
        keys = letters.not_issued(session, call_id=call, kinds=kinds)
        lacking = letters.missing(session, letter_ids=keys)
        for key in keys:
            if not lacking[key]:
                ready.append(key)
                continue
            content = letters.compose(session, letter_id=key)
            reference = next(iter(content.references), ())
            blocked.append(
                {
                    "application": "".join(span.text for span in reference).partition(": ")[2].strip(),
                    "kind": content.kind,
                    "missing": [m.label for m in content.missing],
                    "why": told(content.missing),
                }
            )
    return ready, blocked
