"""``letters export`` and ``letters take-back``: a batch for the parapheur, and what it signed."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, may_write, opened
from cv_desktop.cli.letters_sign import chosen_letters
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.refusals import explained
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.services import letters, parapheur, parapheur_returns

PRINT_NAME = "courriers-a-imprimer.pdf"


def export(arguments: Namespace) -> tuple[Answer, int]:
    """For the parapheur, the letters that wait for a signature; for the printer, the issued ones as one file."""
    from cv_desktop.documents import letter_pdf
    from cv_desktop.documents.print_run import merge
    from cv_desktop.services.printing import print_run

    out: Path = arguments.out.expanduser().absolute()
    with explained(out / "x"):
        out.mkdir(parents=True, exist_ok=True)
    may_write(out / "x")
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.read() as session:
            rows = outbox.rows(session, call_id=call)
        if arguments.purpose == "impression":
            chosen = chosen_letters(rows, arguments, "issued", "signed")
            pages = print_run(store, actor=ACTOR, letter_ids=chosen, render=letter_pdf.render, merge=merge)
            letters.write_file(out / PRINT_NAME, pages)
            data = {"for": arguments.purpose, "files": [PRINT_NAME], "letters": len(chosen), "left": []}
            return Answer(data, (f"{counted(len(chosen), 'courrier')} à imprimer dans {out / PRINT_NAME}.",)), 0
        chosen = chosen_letters(rows, arguments, "issued")
        made = parapheur.export(store, actor=ACTOR, letter_ids=chosen, out=out, render=letter_pdf.render)
    data = {
        "for": arguments.purpose,
        "files": [path.name for path in made.files],
        "letters": list(made.numbers),
        "left": list(made.left),
    }
    lines = [f"{counted(len(made.numbers), 'courrier')} et leur index dans {out}.", *(f"  {one}" for one in made.left)]
    return Answer(data, tuple(lines)), 1 if made.left else 0


def take_back(arguments: Namespace) -> tuple[Answer, int]:
    """The signed PDFs of a folder, or those named; 1 when one is refused or waits for somebody to accept it."""
    from cv_desktop.documents import letter_pdf

    paths: list[Path] = []
    for given in arguments.files:
        path = given.expanduser()
        paths += sorted(path.rglob("*.pdf")) if path.is_dir() else [path]
    with opened(arguments) as store:
        done = parapheur_returns.take_back(
            store, actor=ACTOR, paths=paths, render=letter_pdf.render, accepting=arguments.accept or ""
        )
    data: dict[str, Any] = {
        "signed": [
            {"file": one.file, "letter": one.number, "signer": one.signer, "verdict": one.verdict}
            for one in done.signed
        ],
        "doubtful": [
            {"file": one.file, "letter": one.number, "signer": one.signer, "verdict": one.verdict, "why": one.doubt}
            for one in done.doubtful
        ],
        "refused": [{"file": one.file, "why": one.why} for one in done.refused],
    }
    lines = [f"{counted(len(done.signed), 'courrier signé')} repris du parapheur."]
    lines += [f"  {one.number}{NBSP}: {one.signer}, signature {one.verdict}." for one in done.signed]
    lines += [f"  À accepter, {one.file}{NBSP}: signature {one.verdict}. {one.doubt}" for one in done.doubtful]
    if done.doubtful:
        lines.append(f"  Pour les reprendre quand même{NBSP}: --accept MOTIF. Le motif est écrit au journal.")
    lines += [f"  Refusé, {one.file}{NBSP}: {one.why}" for one in done.refused]
    return Answer(data, tuple(lines)), 1 if done.refused or done.doubtful else 0
