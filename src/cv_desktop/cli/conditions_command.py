"""The réserves of a campaign without a screen: listed, lifted on a proof with their letter, put back."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, opened
from cv_desktop.db.queries import applications, conditions
from cv_desktop.db.queries.conditions import ConditionRow
from cv_desktop.db.store import Store
from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letters import told
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import conditions as verbs
from cv_desktop.services import hand_letters, letters

KIND = "LEV"


def list_all(arguments: Namespace) -> tuple[Answer, int]:
    """Those of the grants in force, the first due first."""
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        today = local(store.clock()).date()
        with store.read() as session:
            rows = conditions.rows(session, call_id=call)
    lines = [counted(len(rows), "réserve") + "."]
    lines += [f"  {x.number} {x.structure}{NBSP}: {x.condition.standing(today)}. {x.condition.text}" for x in rows]
    return Answer({"call": arguments.call.upper(), "conditions": [_data(x) for x in rows]}, tuple(lines)), 0


def lift(arguments: Namespace) -> tuple[Answer, int]:
    """Lifts one on a proof; with ``--letter``, prepares the letter that tells it, in the same write."""
    with opened(arguments) as store:
        key = _file(store, arguments)
        missing: list[str] = []
        with store.write(ACTOR) as session:
            verbs.lift(session, application_id=key, lifted_on=arguments.on, proof=arguments.proof)
            session.flush()
            row = conditions.of_application(session, application_id=key)
            assert row is not None
            lines = [f"{row.number}{NBSP}: {row.condition.standing(arguments.on).lower()}."]
            if arguments.letter:
                made = hand_letters.prepare(session, application_id=key, kind=KIND, answers={})
                (letter,) = (touched for noun, touched in made.touched if noun == "letter")
                lacking = letters.missing(session, letter_ids=[letter])[letter]
                missing = [one.label for one in lacking]
                lines.append(f"1 courrier {KIND} préparé pour {row.number}.")
                lines += [f"  À compléter{NBSP}: {told(lacking)}"] if lacking else []
    data = {**_data(row), "letters_prepared": int(arguments.letter), "missing": missing}
    return Answer(data, tuple(lines)), 0


def put_back(arguments: Namespace) -> tuple[Answer, int]:
    """One lifted by mistake is to lift again."""
    with opened(arguments) as store:
        key = _file(store, arguments)
        with store.write(ACTOR) as session:
            verbs.put_back(session, application_id=key)
            session.flush()
            row = conditions.of_application(session, application_id=key)
            assert row is not None
    return Answer(_data(row), (f"{row.number}{NBSP}: réserve de nouveau à lever.",)), 0


def _file(store: Store, arguments: Namespace) -> str:
    call = call_id(store, arguments.call)
    with store.read() as session:
        known = {row.number: row.id for row in applications.rows(session, call_id=call)}
    key = known.get(arguments.application.strip().upper())
    if key is None:
        raise UserError(f"Aucun dossier de cette campagne n’a le numéro {quote(arguments.application)}.")
    return key


def _data(row: ConditionRow) -> dict[str, Any]:
    condition = row.condition
    return {
        "number": row.number,
        "structure": row.structure,
        "condition": condition.text,
        "due_on": condition.due_on.isoformat(),
        "lifted_on": condition.lifted_on.isoformat() if condition.lifted_on else None,
        "proof": condition.proof,
    }
