"""Campagnes › Enveloppes: limits typed in the cells, sums and refusals in sentences, what is free rolled over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cv_desktop.db.models.decision import Decision
from cv_desktop.db.queries import call_rows
from cv_desktop.db.store import Store
from cv_desktop.services import calls, fundings, rounds
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.ui.calls.envelope_tab import EnvelopeTab
from cv_desktop.ui.calls.screen import CallsScreen
from ui import desk

NBSP = "\u00a0"
Opened = Callable[[str], tuple[Store, Story]]


@pytest.fixture
def tab(base_at: Opened, qtbot: QtBot) -> EnvelopeTab:
    store, story = base_at("voted")
    with store.write(ACTOR) as session:
        for label, day, share in (("Printemps", date(2026, 3, 31), 29_000_00), ("Automne", date(2026, 9, 30), 0)):
            rounds.create(session, call_id=story.call_id, deposit_closes=day, label=label, share_cents=share)
    context = desk.context(store, story.call_id)
    qtbot.addWidget(context.messages)
    screen = CallsScreen(context)
    context.bus.changed.connect(lambda *_: screen.refresh())
    qtbot.addWidget(screen)
    screen.resize(1256, 790)
    screen.show()
    screen.record.show_tab("envelope")
    return screen.record.envelope


def cells(tab: EnvelopeTab, label: str) -> dict[str, str]:
    row = next(x for x in tab.model.rows() if x.part and x.part.node.label == label)
    return {column.key: column.text(row) for column in tab.model.columns}


def type_in(tab: EnvelopeTab, label: str, key: str, text: str) -> bool:
    row = next(i for i, x in enumerate(tab.model.rows()) if x.part and x.part.node.label == label)
    return tab.model.setData(tab.model.index(row, tab.model.column_index(key)), text, Qt.ItemDataRole.EditRole)


def test_the_tree_shows_each_kind_with_its_sum(tab: EnvelopeTab) -> None:
    titles = {x.band.text: x.band.detail for x in tab.model.rows() if x.band}
    assert list(titles) == ["Sessions", "Volets", "Quartiers", "Communes", "Financeurs", "Réserve"]
    assert titles["Sessions"].startswith(f"29{NBSP}000{NBSP}€, 1{NBSP}000{NBSP}€ restent sans part")
    assert "à parts égales" in titles["Quartiers"]
    assert cells(tab, "Printemps")["amount_cents"] == f"29{NBSP}000{NBSP}€"
    assert cells(tab, "Réserve")["decided"] == ""


def test_a_cap_already_passed_is_said_and_undone(tab: EnvelopeTab) -> None:
    label = max((x.part for x in tab.model.rows() if x.part and x.part.node.kind == "theme"),
                key=lambda p: p.decided_cents).node.label  # fmt: skip
    assert type_in(tab, label, "cap_cents", "1 000")
    assert cells(tab, label)["cap_cents"] == f"1{NBSP}000{NBSP}€"
    assert f"Le volet «{NBSP}{label}{NBSP}» reçoit" in tab.words.text()
    assert f"de plus que son plafond de 1{NBSP}000{NBSP}€." in tab.words.text()
    tab.context.undo_last()
    assert cells(tab, label)["cap_cents"] == "–"
    assert "la répartition et le lot les respecteront" in tab.words.text()


def test_a_reserve_above_the_envelope_is_refused_in_its_cell(tab: EnvelopeTab) -> None:
    sentences: list[str] = []
    tab.model.refused.connect(lambda _index, sentence: sentences.append(sentence))
    assert not type_in(tab, "Réserve", "amount_cents", "40 000")
    assert sentences == [
        f"Les sommes mises en réserve font 40{NBSP}000{NBSP}€, 10{NBSP}000{NBSP}€ de plus que l’enveloppe de "
        f"30{NBSP}000{NBSP}€. Réduisez l’une d’elles ou relevez l’enveloppe."
    ]


def test_the_free_part_of_a_session_goes_on_with_one_button(tab: EnvelopeTab) -> None:
    assert not tab.roll.isEnabled()
    row = next(x for x in tab.model.rows() if x.part and x.part.node.label == "Printemps")
    tab.table.select_identity(row.id)
    assert tab.roll.isEnabled()
    left = cells(tab, "Printemps")["left"]
    tab.roll.click()
    assert cells(tab, "Printemps")["left"] == f"0{NBSP}€"
    assert cells(tab, "Automne")["amount_cents"] == left
    tab.context.undo_last()
    assert cells(tab, "Automne")["amount_cents"] == f"0{NBSP}€"


def test_an_envelope_that_agreements_of_earlier_years_overrun_says_what_it_lacks(tab: EnvelopeTab) -> None:
    with tab.context.store.write(ACTOR) as session:
        file = session.scalars(select(Decision.application_id).where(Decision.amount_cents > 0)).first()
        fundings.set_tranche(session, application_id=str(file), year=2027, text="2 000")
        later = calls.create(session, code="FIA-2027", scheme="FIA", year=2027, envelope_cents=1_500_00)[1]
    tab.row = tab.context.read(call_rows.row, later)
    tab.refresh()
    assert tab.words.text().replace(NBSP, " ") == (
        "Des conventions d’années passées engagent 2 000 € sur cette enveloppe : il lui manque 500 €."
    )
    tab.context.do("", calls.set_envelope, call_id=later, envelope_cents=2_000_00)
    tab.row = tab.context.read(call_rows.row, later)
    tab.refresh()
    assert "conventions" not in tab.words.text()
