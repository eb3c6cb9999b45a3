"""Two or three scenarios of a campaign side by side, in words and as a workbook."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, may_write, opened, require_suffix
from cv_desktop.db.queries.scenarios import ScenarioRow
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, group
from cv_desktop.domain.text import counted, fold, quote
from cv_desktop.services import boards, comparisons, letters


def export(arguments: Namespace) -> tuple[Answer, int]:
    out: Path = arguments.out.expanduser().absolute()
    require_suffix(out, ".xlsx")
    may_write(out)
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.read() as session:
            board = boards.read(session, call_id=call, wanted="", viewer=None)
            keys = _chosen(board.scenarios, arguments.scenario)
            found = comparisons.compare(session, board=board, scenario_ids=keys)
        made = comparisons.comparison_xlsx(store, board=board, scenario_ids=keys, actor=ACTOR)
    letters.write_file(out, made)
    data = {
        "call": arguments.call.upper(),
        "file": str(out),
        "bytes": len(made),
        "scenarios": list(found.labels),
        "files": found.files,
        "differences": [
            {"number": d.ranked.row.number, "asked_cents": d.ranked.row.asked_cents, "cents": list(d.amounts)}
            for d in found.differences
        ],
        "totals": [
            {
                "dimension": s.dimension,
                "label": s.label,
                "given_cents": [t.given_cents for t in s.totals],
                "served": [t.served for t in s.totals],
            }
            for s in found.sums
        ],
    }
    whole = found.sums[0].totals
    lines = [
        f"{label}\u00a0: {euros(total.given_cents)}, {counted(total.served, 'dossier servi')}."
        for label, total in zip(found.labels, whole, strict=True)
    ]
    count = len(found.differences)
    plural = "s" if count > 1 else ""
    lines.append(f"{counted(count, 'dossier')} sur {group(found.files)} traité{plural} autrement.")
    return Answer(data, (*lines, f"Comparaison écrite dans {out}.")), 0


def _chosen(known: Sequence[ScenarioRow], names: Sequence[str]) -> list[str]:
    """The keys of the scenarios named, in the order given; all of them when none is. Raises UserError otherwise."""
    listed = ", ".join(quote(row.label) for row in known)
    by_name = {fold(row.label): row.id for row in known}
    for name in names:
        if fold(name) not in by_name:
            raise UserError(f"Aucun scénario ne s’appelle {quote(name)}. Scénarios de la campagne\u00a0: {listed}.")
    keys = [by_name[fold(name)] for name in names] or [row.id for row in known]
    if not 2 <= len(set(keys)) <= comparisons.MOST:
        raise UserError(
            f"Nommez deux ou trois scénarios avec --scenario. Scénarios de la campagne\u00a0: {listed}.",
            field="scenario",
        )
    return keys
