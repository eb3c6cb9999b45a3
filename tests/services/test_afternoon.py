"""An afternoon from the scenario to the letters: a file returned, one given up, one promoted; sums of the exports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from cv_desktop.db.queries import envelopes, movements, scenarios
from cv_desktop.db.store import Store
from cv_desktop.documents import letter_pdf
from cv_desktop.services import (
    concordance_files,
    decisions,
    demonstration,
    endings,
    exports,
    lot_lines,
    scenario_lines,
    versions,
    vote_files,
)
from cv_desktop.services.demonstration import ACTOR, Story

Opened = Callable[[str], tuple[Store, Story]]
REASON = "Arbitrage de l’après-midi."


def sheet(data: bytes) -> list[dict[str, Any]]:
    """The lines of a workbook as another program reads them, by the title of their columns."""
    lines = list(load_workbook(BytesIO(data)).active.iter_rows(values_only=True))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_every_total_of_an_afternoon_is_found_again_in_the_exports(base_at: Opened) -> None:
    store, story = base_at("arbitrated")
    call = story.call_id

    def do(verb: Callable[..., Any], **given: Any) -> Any:
        with store.write(ACTOR) as session:
            return verb(session, **given)

    with store.read() as session:
        scenario = scenarios.retained(session, call_id=call)
        served = [r.row for r in scenarios.ranking(session, scenario_id=scenario) if r.row.amount_cents]
    waits, returned, gives_up = served[0], served[1], served[2]
    do(scenario_lines.set_amount, scenario_id=scenario, application_id=waits.application_id, amount_cents=None)
    lot = do(decisions.submit, scenario_id=scenario, label="Lot d’avril", waiting=True)[1]
    do(lot_lines.return_file, lot_id=lot, application_id=returned.application_id, reason=REASON)
    days = {"act_on": date(2026, 4, 14), "sent_to_prefect_on": date(2026, 4, 15), "published_on": date(2026, 4, 15)}
    do(decisions.record_act, lot_id=lot, body="Bureau communautaire", number="2026-B-014", **days)
    do(endings.end, application_id=gives_up.application_id, kind="renounced", reason=REASON)
    with store.read() as session:
        amounts = {
            x.row.id: x.cents for x in versions.promotions(session, call_id=call) if x.row.id == waits.application_id
        }
    promoted = do(versions.promote, call_id=call, amounts=amounts)[1]
    do(decisions.record_act, lot_id=promoted, body="Bureau communautaire", number="2026-B-015", **days)
    demonstration.correspondence(store, story, letter_pdf.render)
    # By hand, in euros: 28 100 served, less the one returned, less the one given up, less what the first had of its
    # request, plus all of that request.
    less = sum((row.amount_cents or 0) for row in (waits, returned, gives_up)) // 100
    granted = 28_100 - less + waits.asked_cents // 100
    with store.read() as session:
        assert movements.gaps(session) == []
        found = envelopes.buckets(session, call_id=call)
    back = (returned.amount_cents or 0) // 100
    assert (found.decided_cents, found.marked_cents, found.submitted_cents) == (granted * 100, back * 100, 0)
    assert found.free_cents == (30_000 - granted - back) * 100
    decided = sheet(exports.decisions_xlsx(store, call_id=call, actor=ACTOR))
    assert sum(line["Accordé"] or 0 for line in decided) == granted
    # The annexes say what was voted: the award given up later is still in the first.
    annexes = [sheet(vote_files.export(store, lot_id=key, medium="xlsx", actor=ACTOR)) for key in (lot, promoted)]
    voted = sum(line["Accordé"] or 0 for annex in annexes for line in annex if line["N° dossier"])
    assert voted == granted + (gives_up.amount_cents or 0) // 100
    assert returned.number not in {line["N° dossier"] for line in annexes[0]}
    places = sheet(concordance_files.xlsx(store, call_id=call, actor=ACTOR))
    files = [line for line in places if line["N° dossier"]]
    assert sum(line["Décidé"] or 0 for line in files) == granted
    assert sum(line["Enveloppe"] or 0 for line in files) == granted
    assert sum(line["Montant du courrier"] or 0 for line in files) == granted
    assert [line["Écart"] for line in files if line["Écart"]] == []
