"""Letters prepared without a screen: those that are due, one by hand for a file, the reminders of reports."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, opened
from cv_desktop.db.queries import applications
from cv_desktop.db.refusals import explained
from cv_desktop.db.store import Store
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letters import told
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import hand_letters, letters

_LARGEST = 1 << 20


def prepare(arguments: Namespace) -> tuple[Answer, int]:
    """The letters due, or the one of ``--application``. Raises UserError when it makes no sense for that file."""
    given = _given(arguments.given) if arguments.given else {}
    if arguments.application and not arguments.kind:
        raise UserError(f"Dites quel courrier préparer pour ce dossier{NBSP}: --kind VER, par exemple.")
    if given and not arguments.application:
        raise UserError(f"Les indications de --given sont celles d’un dossier{NBSP}: ajoutez --application NUMÉRO.")
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        if arguments.application:
            return _by_hand(store, call, arguments.application, arguments.kind, given), 0
        with store.write(ACTOR) as session:
            if arguments.reminders:
                changes = hand_letters.remind(session, call_id=call)
            else:
                kinds = letters.named_kinds(session, [arguments.kind] if arguments.kind else ())
                changes = letters.prepare(session, call_id=call, kinds=kinds)
            keys = [key for _noun, key in changes.touched]
            session.flush()
            made = letters.remaining(session, letter_ids=keys)
    lines = [f"{counted(len(made), 'courrier préparé')}."]
    if away := len(keys) - len(made):
        lines.append(f"{counted(away, 'courrier retiré')}\u00a0: le dossier ne le demande plus.")
    return Answer({"prepared": len(made), "put_away": away}, tuple(lines)), 0


def _by_hand(store: Store, call: str, number: str, kind: str, given: dict[str, Any]) -> Answer:
    with store.read() as session:
        known = {row.number: row.id for row in applications.rows(session, call_id=call)}
    key = known.get(number.upper())
    if key is None:
        raise UserError(f"Aucun dossier de cette campagne n’a le numéro {quote(number)}.")
    with store.write(ACTOR) as session:
        answers = {**hand_letters.usual(session, application_id=key, kind=kind), **given}
        made = hand_letters.prepare(session, application_id=key, kind=kind, answers=answers)
        (letter,) = (touched for noun, touched in made.touched if noun == "letter")
        missing = letters.missing(session, letter_ids=[letter])[letter]
    lines = [f"1 courrier {kind} préparé pour {number}."]
    if missing:
        lines.append(f"  À compléter{NBSP}: {told(missing)}")
    data = {"prepared": 1, "letter": letter, "kind": kind, "missing": [one.label for one in missing]}
    return Answer(data, tuple(lines))


def _given(path: Path) -> dict[str, Any]:
    """The answers of a file. Raises UserError when it does not hold them."""
    with explained(path):
        if path.stat().st_size > _LARGEST:
            raise UserError(f"{quote(path.name)} est trop gros pour des indications de courrier.")
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    try:
        data = json.loads(text)
    except ValueError as fault:
        line = getattr(fault, "lineno", 1)
        raise UserError(f"{quote(path.name)} n’est pas un fichier json{NBSP}: vérifiez la ligne {line}.") from None
    if not isinstance(data, dict):
        raise UserError(f"{quote(path.name)} doit tenir entre accolades{NBSP}: un nom et une valeur par indication.")
    return data
