"""An afternoon of sixty files: three scenarios, a file returned, one given up, one promoted; sums of the exports.

Every total is computed again here from the workbooks alone, as somebody without the application would.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from cv_desktop.db.queries import envelopes, movements, scenarios
from cv_desktop.db.store import Store
from cv_desktop.documents import letter_pdf
from cv_desktop.paths import resource
from cv_desktop.services import (
    boards,
    comparisons,
    concordance_files,
    conditions,
    decisions,
    demonstration,
    endings,
    exports,
    lot_lines,
    objectives,
    programmes,
    proposals,
    scenario_lines,
    versions,
    vote_files,
)
from cv_desktop.services import envelopes as parts
from cv_desktop.services import movements as payments
from cv_desktop.services import scenarios as tabs
from cv_desktop.services.demonstration import ACTOR, Story
from deposit_workbook import QUARTER, Book

REASON = "Arbitrage de l’après-midi."
BUREAU = "Bureau communautaire"
DAYS = {"act_on": date(2026, 4, 14), "sent_to_prefect_on": date(2026, 4, 15), "published_on": date(2026, 4, 15)}
FILES, ENVELOPE, CAP = 60, 30_000, 4_500
THEME = "Cohésion sociale et vie associative"


def lines(data: bytes, name: str = "") -> list[dict[str, Any]]:
    """The lines of a sheet of a workbook as another program reads them, by the title of their columns."""
    book = load_workbook(BytesIO(data), data_only=False)
    read = list((book[name] if name else book.worksheets[0]).iter_rows(values_only=True))
    return [dict(zip(read[0], line, strict=True)) for line in read[1:]]


def sums(data: list[dict[str, Any]], key: str, amount: str) -> dict[str, float]:
    found: defaultdict[str, float] = defaultdict(float)
    for line in data:
        found[line[key]] += line[amount] or 0
    return dict(found)


@dataclass
class Afternoon:
    store: Store
    call: str

    def do(self, verb: Callable[..., Any], **given: Any) -> Any:
        with self.store.write(ACTOR) as session:
            return verb(session, **given)

    def ask(self, query: Callable[..., Any], **given: Any) -> Any:
        with self.store.read() as session:
            return query(session, **given)

    def propose(self, source: str, rule: str, label: str) -> str:
        question = self.ask(proposals.ask, scenario_id=source, rule=rule)
        key: str = self.do(proposals.keep, proposal=proposals.answer(question), label=label)[1]
        return key

    def rows(self, scenario: str) -> list[Any]:
        return [ranked.row for ranked in self.ask(scenarios.ranking, scenario_id=scenario)]


@pytest.fixture
def afternoon(tmp_path: Path) -> Any:
    """Sixty files of seven themes, marked by three members, heard in one meeting; thirty thousand euros."""
    book, story = Book(60, FILES), Story()
    themes = json.loads(resource("reference", "contrat_de_ville.json").read_bytes())["themes"]
    for index in range(FILES):
        book.set(index, "Thématique principale", themes[index % len(themes)]["label"])
    for index in range(0, FILES, 4):
        book.set(index, QUARTER, "Les Mézereaux; L'Almont")
    store = demonstration.open_base(tmp_path / "base")
    demonstration.campaign(store, story)
    demonstration.deposits(store, story, book.save(tmp_path / "depots.xlsx"))
    demonstration.examine(store, story)
    demonstration.members(store, story)
    demonstration.sheets(store, story, range(1, 4))
    demonstration.meeting(store, story)
    found = Afternoon(store, story.call_id)
    theme = next(theme["code"] for theme in themes if theme["label"] == THEME)
    found.do(parts.set_limit, call_id=story.call_id, kind="theme", key=theme, name="cap_cents", text=str(CAP))
    yield found
    store.close()


def test_every_total_of_an_afternoon_is_found_again_in_the_exports(afternoon: Afternoon) -> None:
    a, call = afternoon, afternoon.call
    # Three scenarios: the strict order, the best sum of the notes with seven tenths at least, that one corrected.
    first = a.ask(scenarios.retained, call_id=call)
    for row in a.rows(first):
        least = row.asked_cents * 7 // 10 // 5_000 * 5_000
        a.do(scenario_lines.set_minimum, application_id=row.application_id, minimum_cents=least)
    split = declare(a, first)
    strict = a.propose(first, "skip", "Ordre des notes")
    best = a.propose(first, "best", "Meilleure somme")
    by_hand = a.do(tabs.duplicate, scenario_id=best, label="Corrigé en réunion")[1]
    served = [row for row in a.rows(by_hand) if row.amount_cents]
    cut, returned, gives_up = served[0], served[1], served[2]
    key = {"scenario_id": by_hand, "application_id": cut.application_id}
    a.do(scenario_lines.set_amount, **key, amount_cents=50_000)
    a.do(scenario_lines.set_motive, **key, text=REASON)
    three = {"Ordre des notes": strict, "Meilleure somme": best, "Corrigé en réunion": by_hand}
    compare(a, three)
    for scenario in three.values():
        programme(a, scenario, split)
    # The third is retained and goes to the vote; a file that the committee favours and has no room waits.
    a.do(tabs.retain, scenario_id=by_hand)
    given = {row.number: (row.amount_cents or 0) // 100 for row in a.rows(by_hand)}
    lot = a.do(decisions.submit, scenario_id=by_hand, label="Lot d’avril", waiting=True)[1]
    a.do(lot_lines.return_file, lot_id=lot, application_id=returned.application_id, reason=REASON)
    reserved = {"application_id": served[3].application_id}
    a.do(lot_lines.set_condition, lot_id=lot, **reserved, text="Budget signé à remettre", due_on=date(2026, 6, 30))
    a.do(decisions.record_act, lot_id=lot, body=BUREAU, number="2026-B-014", **DAYS)
    a.do(endings.end, application_id=gives_up.application_id, kind="renounced", reason=REASON)
    # The first of the list takes the room that was given up.
    waits = a.ask(versions.promotions, call_id=call)[0]
    room = min(waits.row.asked_cents, gives_up.amount_cents or 0)
    promoted = a.do(versions.promote, call_id=call, amounts={waits.row.id: room})[1]
    a.do(decisions.record_act, lot_id=promoted, body=BUREAU, number="2026-B-015", **DAYS)
    demonstration.correspondence(a.store, Story(call_id=call), letter_pdf.render)
    # The condition of one is lifted, then half of it is called and a quarter paid.
    cents = served[3].amount_cents or 0
    a.do(conditions.lift, **reserved, lifted_on=date(2026, 4, 15), proof="Budget signé reçu le 15 avril")
    a.do(payments.call_payment, **reserved, cents=cents // 2)
    a.do(payments.pay, **reserved, cents=cents // 4, piece="Mandat 118")
    # By hand, in euros: what the scenario served, less the two that left, plus the one promoted.
    left = given[returned.number] + given[gives_up.number]
    granted = sum(given.values()) - left + room // 100
    assert a.ask(movements.gaps) == []
    found = a.ask(envelopes.buckets, call_id=call)
    back = given[returned.number]
    assert (found.decided_cents, found.marked_cents, found.submitted_cents) == (granted * 100, back * 100, 0)
    assert found.free_cents == (ENVELOPE - granted - back) * 100
    decided = lines(exports.decisions_xlsx(a.store, call_id=call, actor=ACTOR))
    assert sum(line["Accordé"] or 0 for line in decided) == granted
    (lifted,) = [line for line in decided if line["Sous réserve de"]]
    assert (lifted["N° dossier"], lifted["Levée le"].date()) == (served[3].number, date(2026, 4, 15))
    assert sum(line["Appelé"] or 0 for line in decided) * 100 == cents // 2 - cents // 4 == found.called_cents
    assert sum(line["Payé"] or 0 for line in decided) * 100 == cents // 4 == found.paid_cents
    # The annexes say what was voted: the award given up later is still in the first.
    annexes = [lines(vote_files.export(a.store, lot_id=key, medium="xlsx", actor=ACTOR)) for key in (lot, promoted)]
    # The first one names the rule that its scenario started from; no rule chose who was promoted.
    said = [
        PdfReader(BytesIO(vote_files.export(a.store, lot_id=key, medium="pdf", actor=ACTOR))).pages[0].extract_text()
        for key in (lot, promoted)
    ]
    first_words = " ".join(said[0].replace("\u00a0", " ").split())
    assert "Montants proposés au départ par : la plus grande somme des notes des dossiers servis" in first_words
    assert "proposés au départ" not in said[1]
    voted = [line for annex in annexes for line in annex if line["N° dossier"]]
    assert sum(line["Accordé"] or 0 for line in voted) == granted + given[gives_up.number]
    assert returned.number not in {line["N° dossier"] for line in annexes[0]}
    assert len(voted) == FILES - 1 + 1
    # The programming table says the same of each file, and what each funder gives.
    table = programmes.programme_xlsx(a.store, call_id=call, actor=ACTOR)
    programmed = {line["N° dossier"]: line for line in lines(table) if line["Structure"]}
    for line in decided:
        own = programmed[line["N° dossier"]]
        if line["Décision"]:
            told = (line["Décision"], line["Accordé"], line["Motif"])
            assert (own["Résultat"], own["Proposé ou accordé"], own["Motif"]) == told
    funders = {line["Financeur"]: line for line in lines(table, "Par financeur")}
    by_file = lines(table, "Dossier × financeur")
    for column in ("Demandé", "Proposé", "Voté", "Versé"):
        assert {name: line[column] or 0 for name, line in funders.items()} == sums(by_file, "Financeur", column)
    ours = funders["FIA 2026"]
    assert (ours["Voté"], ours["Proposé"]) == (granted, granted + back)
    assert ours["Versé"] * 100 == cents // 4
    places = lines(concordance_files.xlsx(a.store, call_id=call, actor=ACTOR))
    files = [line for line in places if line["N° dossier"]]
    for place in ("Décidé", "Enveloppe", "Montant du courrier"):
        assert sum(line[place] or 0 for line in files) == granted
    assert [line["Écart"] for line in files if line["Écart"]] == []
    (letters,) = [line["Écart"] for line in places if line["Structure"] == "Courriers"]
    assert letters.startswith(f"{sum(bool(line['Courrier']) for line in files)} courriers émis, ")


def declare(a: Afternoon, scenario: str) -> tuple[str, tuple[int, ...]]:
    """The number of a file of several quarters whose split is declared, the first one taking nine tenths of it."""
    row = next(row for row in a.rows(scenario) if row.amount_cents and len(row.about.place.quarters) > 1)
    quarters = row.about.place.quarters
    weights = (90, *(10 for _other in quarters[1:]))
    a.do(objectives.set_split, application_id=row.application_id, weights=dict(zip(quarters, weights, strict=True)))
    return row.number, weights


def compare(a: Afternoon, three: dict[str, str]) -> None:
    """The comparison says what differs, and its totals are those of the files of each scenario."""
    board = a.ask(boards.read, call_id=a.call, wanted="", viewer=None)
    data = comparisons.comparison_xlsx(a.store, board=board, scenario_ids=list(three.values()), actor=ACTOR)
    totals, differences = lines(data, "Totaux"), lines(data)
    (whole,) = [line for line in totals if line["Valeur"] == "Total"]
    by_file = {label: {r.number: r.amount_cents or 0 for r in a.rows(key)} for label, key in three.items()}
    for label in three:
        assert whole[label] == sum(by_file[label].values()) / 100
        assert whole[label] <= ENVELOPE
        assert whole[f"{label}, servis"] == sum(1 for cents in by_file[label].values() if cents)
        for dimension in ("Volet", "Taille", "Ancienneté"):
            assert sum(line[label] for line in totals if line["Par"] == dimension) == whole[label]
    differ = {n for n in by_file["Meilleure somme"] if len({own[n] for own in by_file.values()}) > 1}
    assert {line["N° dossier"] for line in differences} == differ
    for line in differences:
        assert [line[label] * 100 for label in three] == [own[line["N° dossier"]] for own in by_file.values()]
    # Corrected by hand, one file has five hundred euros; nothing else moved.
    less = sum(line["Meilleure somme"] - line["Corrigé en réunion"] for line in differences)
    assert less == whole["Meilleure somme"] - whole["Corrigé en réunion"] > 0


def programme(a: Afternoon, scenario: str, split: tuple[str, tuple[int, ...]]) -> None:
    """Each breakdown of the programming table is the sum of its files, the cap of the first theme held."""
    data = programmes.programme_xlsx(a.store, call_id=a.call, actor=ACTOR, scenario_id=scenario)
    files = [line for line in lines(data) if line["Structure"]]
    assert len(files) == FILES
    for sheet, column in (("Par volet", "Volet"), ("Par commune", "Commune"), ("Par taille", "Taille")):
        by_sheet = sums(lines(data, sheet), column, "Proposé ou accordé")
        assert by_sheet == sums(files, column, "Proposé ou accordé")
    by_quarter: defaultdict[str, float] = defaultdict(float)
    for line in files:
        quarters = [name for name in (line["Quartiers"] or "").split(", ") if name] or ["Hors quartier"]
        weights = split[1] if line["N° dossier"] == split[0] else [1] * len(quarters)
        for name, weight in zip(quarters, weights, strict=True):
            by_quarter[name] += (line["Proposé ou accordé"] or 0) * weight / sum(weights)
    printed = sums(lines(data, "Par quartier"), "Quartier", "Proposé ou accordé")
    assert sum(printed.values()) == pytest.approx(sum(by_quarter.values()), abs=0.001)
    assert printed == pytest.approx(dict(by_quarter), abs=0.2)  # the odd cents of each file
    own = sums(files, "Volet", "Proposé ou accordé")
    assert own[THEME] <= CAP
