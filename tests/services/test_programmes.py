"""What leaves for the committee of funders, read again from outside: its figures are those of the screen."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import openpyxl
import pikepdf
import pytest
from pypdf import PdfReader
from sqlalchemy import update

from cv_desktop.db.models.application import BudgetLine
from cv_desktop.db.models.funding import Funding
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import applications, envelopes, scenarios
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import figures
from cv_desktop.paths import resource
from cv_desktop.services import boards, comparisons, programmes, scenario_lines
from cv_desktop.services import scenarios as verbs
from cv_desktop.services.demonstration import ACTOR, Story

NBSP = "\u00a0"
Opened = Callable[[str], tuple[Store, Story]]
Table = list[dict[str, object]]


@pytest.fixture
def base(base_at: Opened) -> tuple[Store, str, str]:
    store, story = base_at("arbitrated")
    with store.read() as session:
        return store, story.call_id, scenarios.retained(session, call_id=story.call_id)


def tables(made: bytes) -> dict[str, Table]:
    book = openpyxl.load_workbook(BytesIO(made))
    found: dict[str, Table] = {}
    for sheet in book.worksheets:
        heads, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        found[sheet.title] = [dict(zip(map(str, heads), row, strict=True)) for row in rows]
    return found


def cents(rows: Table, column: str) -> int:
    return int(sum(Decimal(str(row[column] or 0)) for row in rows) * 100)


def test_a_funder_of_the_list_is_known_by_the_label_of_a_line_written_before_labels_were_read(
    base: tuple[Store, str, str],
) -> None:
    store, call, _scenario = base
    with store.read() as session:
        before = programmes.programme(session, call_id=call)
    (town,) = [f for f in before.funders if f.code]
    assert town.label == "Ville (hors liste)"
    file, own = next((key, row) for key, rows in before.by_file.items() for row in rows if row.label == town.label)
    with store.write(ACTOR) as session:
        session.execute(update(BudgetLine).where(BudgetLine.label == "Ville").values(label="Conseil départemental"))
        # One file says itself what it asks of the département: it corrects its budget, nothing is counted twice.
        session.add(Funding(application_id=file, funder_code="DEPARTEMENT", asked_cents=100))
        record(session, verb="test", noun="call", noun_id=call, summary="Base de l’essai")
    with store.read() as session:
        (found,) = [f for f in programmes.programme(session, call_id=call).funders if f.code]
    assert (found.code, found.asked_cents) == ("DEPARTEMENT", (town.asked_cents or 0) - (own.asked_cents or 0) + 100)
    assert "hors liste" not in found.label


def test_the_totals_of_the_workbook_are_those_of_the_lines_and_of_the_envelope(base: tuple[Store, str, str]) -> None:
    store, call, scenario = base
    found = tables(programmes.programme_xlsx(store, call_id=call, actor=ACTOR))
    *lines, total = found["Programmation"]
    # The workbook of the deposits names a funder that the list does not know: it is told as it is written.
    book = openpyxl.load_workbook(str(resource("demo", "depots_fia_2026.xlsx")))["Produits de l'action"]
    budgets = list(book.iter_rows(min_row=2, values_only=True))
    with store.read() as session:
        ranked = {r.row.application_id for r in scenarios.ranking(session, scenario_id=scenario)}
        deposits = {row.external_id for row in applications.rows(session, call_id=call) if row.id in ranked}
    town = sum(int(line[4]) for line in budgets if line[3] == "Ville" and str(line[0]).removesuffix(".0") in deposits)
    assert [(row["Financeur"], row["Demandé"], row["Voté"]) for row in found["Par financeur"][1:]] == [
        ("Ville (hors liste)", town, None)
    ]
    assert town > 0
    given = "Proposé ou accordé"
    with store.read() as session:
        buckets = envelopes.buckets(session, call_id=call)
        shown = {r.row.number: r.row.amount_cents for r in scenarios.ranking(session, scenario_id=scenario)}
    assert cents(lines, given) == buckets.marked_cents == 2_810_000
    assert {row["N° dossier"]: round(Decimal(str(row[given])) * 100) for row in lines} == shown
    assert total[given] == "=SUBTOTAL(109,O2:O16)" and total["N° dossier"] == "Total"
    for name in ("Par volet", "Par quartier", "Par commune", "Par taille", "Par ancienneté"):
        assert cents(found[name], given) == 2_810_000, name
        assert cents(found[name], "Demandé") == cents(lines, "Demandé"), name
    by_theme = {row["Volet"]: row[given] for row in found["Par volet"]}
    for theme, sum_ in by_theme.items():
        assert cents([row for row in lines if row["Volet"] == theme], given) == round(Decimal(str(sum_)) * 100)


def test_another_scenario_and_its_rule_can_be_printed(base: tuple[Store, str, str]) -> None:
    store, call, scenario = base
    with store.write(ACTOR) as session:
        _changes, copy = verbs.duplicate(session, scenario_id=scenario)
    with store.write(ACTOR) as session:
        file = scenarios.ranking(session, scenario_id=copy)[0].row.application_id
        scenario_lines.set_amount(session, scenario_id=copy, application_id=file, amount_cents=100_000)
    found = tables(programmes.programme_xlsx(store, call_id=call, actor=ACTOR, scenario_id=copy))
    assert cents(found["Programmation"][:-1], "Proposé ou accordé") == 2_670_000
    made = programmes.programme_pdf(store, call_id=call, actor=ACTOR, scenario_id=copy)
    with pikepdf.open(BytesIO(made)) as pdf:
        width, height = (round(float(x) / 72 * 25.4) for x in pdf.pages[0].mediabox[2:])
    assert (width, height) == (420, 297)


def test_a_seat_out_of_the_communes_of_the_service_has_its_name_and_pages_their_totals(
    base: tuple[Store, str, str],
) -> None:
    store, call, scenario = base
    with store.write(ACTOR) as session:
        first = scenarios.ranking(session, scenario_id=scenario)[0].row
        structure = session.get_one(Structure, first.about.structure_id)
        structure.commune, structure.commune_code = "Vaux-le-Pénil", "77487"
        record(session, verb="x", noun="structure", noun_id=structure.id, summary="Siège de l’essai")
    found = tables(programmes.programme_xlsx(store, call_id=call, actor=ACTOR))
    communes = {row["Commune"]: row["Demandé"] for row in found["Par commune"]}
    assert communes["Vaux-le-Pénil"] == first.asked_cents / 100 and "77487" not in communes
    made = PdfReader(BytesIO(programmes.programme_pdf(store, call_id=call, actor=ACTOR)))
    text = "\n".join(page.extract_text() for page in made.pages).replace(NBSP, " ").splitlines()
    asked = figures(sum(round(Decimal(str(row["Demandé"])) * 100) for row in found["Programmation"][:-1]))
    whole = ["Total", "15", "13", asked.replace(NBSP, " "), "28 100"]
    # One total by breakdown, each the same.
    flat = " ".join(line.strip() for line in text)
    assert flat.count(" ".join(whole)) == 5, flat[-1500:]
    assert any(line.startswith("Une action de plusieurs quartiers compte dans chacun pour sa part") for line in text)


def test_scenarios_side_by_side_show_only_what_differs(base: tuple[Store, str, str]) -> None:
    store, call, scenario = base
    with store.write(ACTOR) as session:
        _changes, copy = verbs.duplicate(session, scenario_id=scenario, label="B · Petites associations")
    with store.write(ACTOR) as session:
        rows = [r.row for r in scenarios.ranking(session, scenario_id=copy)]
        for row, amount in ((rows[0], 100_000), (rows[13], 300_000)):
            key = {"scenario_id": copy, "application_id": row.application_id}
            scenario_lines.set_amount(session, **key, amount_cents=amount)
    with store.read() as session:
        board = boards.read(session, call_id=call, wanted=scenario, viewer=None)
        found = comparisons.compare(session, board=board, scenario_ids=[scenario, copy])
    assert found.labels == ("A · Proposition", "B · Petites associations")
    assert [(d.ranked.row.number, d.amounts) for d in found.differences] == [
        (rows[0].number, (240_000, 100_000)),
        (rows[13].number, (0, 300_000)),
    ]
    total = found.sums[0]
    assert [(t.given_cents, t.served) for t in total.totals] == [(2_810_000, 13), (2_970_000, 14)]
    for dimension in ("Volet", "Quartier", "Commune", "Taille", "Ancienneté"):
        own = [s.totals for s in found.sums if s.dimension == dimension]
        assert [sum(t[at].given_cents for t in own) for at in (0, 1)] == [2_810_000, 2_970_000]
    made = tables(comparisons.comparison_xlsx(store, board=board, scenario_ids=[scenario, copy], actor=ACTOR))
    assert [row["B · Petites associations"] for row in made["Différences"]] == [1000, 3000]


def test_one_scenario_is_compared_with_nothing(base: tuple[Store, str, str]) -> None:
    store, call, scenario = base
    with store.read() as session:
        board = boards.read(session, call_id=call, wanted=scenario, viewer=None)
        with pytest.raises(UserError, match="deux ou trois scénarios"):
            comparisons.compare(session, board=board, scenario_ids=[scenario, scenario])
