"""The concordance of a campaign, in words and as a workbook."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from cv_desktop.cli.answer import Answer
from cv_desktop.cli.base import ACTOR, call_id, may_write, opened, require_suffix
from cv_desktop.db.queries import campaign_concordance, envelopes
from cv_desktop.domain.campaign_concordance import sums, ticks
from cv_desktop.domain.concordance import DIFFERENT
from cv_desktop.services import letters, proposals


def export(arguments: Namespace) -> tuple[Answer, int]:
    from cv_desktop.services import concordance_files

    out: Path = arguments.out.expanduser().absolute()
    require_suffix(out, ".xlsx")
    may_write(out)
    with opened(arguments) as store:
        call = call_id(store, arguments.call)
        with store.read() as session:
            rows = campaign_concordance.rows(session, call_id=call)
            held = envelopes.buckets(session, call_id=call)
            older = proposals.promised(session, call_id=call)
        workbook = concordance_files.xlsx(store, call_id=call, actor=ACTOR)
    letters.write_file(out, workbook)
    found = ticks(rows, held.free_cents, held.pending_cents, older)
    gaps = {row.number: row.gap for row in rows if row.gap}
    data = {
        "call": arguments.call.upper(),
        "file": str(out),
        "files": len(rows),
        "cents": asdict(sums(rows)),
        "free_cents": held.free_cents,
        "pending_cents": held.pending_cents,
        "promised_cents": older,
        "ticks": [asdict(tick) for tick in found],
        "gaps": gaps,
        "conventions": {row.number: row.convention for row in rows if row.convention},
    }
    lines = [f"{tick.label} : {tick.words}" for tick in found]
    lines += [f"  {number} : {gap}." for number, gap in gaps.items()]
    lines += [f"  {row.number} : convention {row.convention}." for row in rows if row.unsigned]
    return Answer(data, (*lines, f"Concordance écrite dans {out}.")), 1 if any(
        t.state == DIFFERENT for t in found
    ) else 0
