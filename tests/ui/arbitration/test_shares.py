"""The rate, the base and the viable minimum, typed in their cells; far ranks folded."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cv_desktop.db.models.application import Application
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.trials import Cut, Trial
from cv_desktop.services import calls, envelopes, objectives, scenario_lines
from cv_desktop.services.demonstration import ACTOR
from cv_desktop.ui.arbitration.folding import ABOVE, BELOW, folded
from cv_desktop.ui.arbitration.lines import END, Line, Place
from cv_desktop.ui.arbitration.near_miss import sentence
from cv_desktop.ui.arbitration.screen import ArbitrationScreen
from ui.keys import press, type_text

NBSP = "\u00a0"
Show = Callable[[str], ArbitrationScreen]


def first(screen: ArbitrationScreen) -> Line:
    return next(x for x in screen.table.lines.rows() if x.ranked)


def typed(screen: ArbitrationScreen, column: str, text: str) -> None:
    screen.table.setColumnHidden(screen.table.lines.column_index(column), False)
    screen.table.select_identity(first(screen).id, column)
    type_text(text, None)
    press(None, Qt.Key.Key_Return)
    QApplication.processEvents()


def test_a_rate_gives_the_amount_and_the_status_bar_tells_the_rounding(show: Show) -> None:
    screen = show("arbitrated")
    told: list[str] = []
    screen.context.told.connect(told.append)
    typed(screen, "rate", "82")
    # 82 % of 3 000 € is 2 460 €, 2 450 € on the step of 50 €.
    assert first(screen).amount_cents == 245_000
    assert any("proposé 2 450 €, taux 82 %, base éligible".replace(" 4", f"{NBSP}4").replace(" €", f"{NBSP}€")
               .replace(" %", f"{NBSP}%") in said and f"Arrondi à 50{NBSP}€." in said for said in told)  # fmt: skip
    screen.context.undo_last()
    assert first(screen).amount_cents == 240_000


def test_a_new_base_asks_what_to_keep_and_each_answer_is_one_step(show: Show) -> None:
    screen = show("arbitrated")
    base = first(screen).row.base_cents
    assert base is not None
    typed(screen, "base", str(base // 200))
    question = screen.question
    assert question.isVisible() and first(screen).row.base_cents == base
    assert question.rate.text() == f"Garder le taux, 1{NBSP}200{NBSP}€"
    question.rate.click()
    assert (first(screen).row.base_cents, first(screen).amount_cents) == (base // 2, 120_000)
    screen.context.undo_last()
    assert (first(screen).row.base_cents, first(screen).amount_cents) == (base, 240_000)
    typed(screen, "base", "2000")
    screen.question.amount.click()
    after = first(screen)
    assert after.amount_cents == 240_000
    assert after.problem == f"2{NBSP}400{NBSP}€ dépasse la base éligible de 400{NBSP}€."
    screen.band.prepare.click()
    assert not screen.balloting.verb.isEnabled()


def test_escape_leaves_the_base_as_it_was(show: Show) -> None:
    screen = show("arbitrated")
    base = first(screen).row.base_cents
    typed(screen, "base", "2000")
    press(screen.question, Qt.Key.Key_Escape)
    assert not screen.question.isVisible()
    assert first(screen).row.base_cents == base


def test_p_gives_the_minimum_that_the_association_declared(show: Show) -> None:
    screen = show("arbitrated")
    told: list[str] = []
    screen.context.told.connect(told.append)
    screen.table.select_identity(first(screen).id, "amount")
    press(screen.table, Qt.Key.Key_P, text="p")
    assert "n’a pas déclaré de minimum viable" in told[-1]
    typed(screen, "minimum", "1500")
    screen.table.select_identity(first(screen).id, "amount")
    press(screen.table, Qt.Key.Key_P, text="p")
    assert first(screen).amount_cents == 150_000
    typed(screen, "minimum", "9000")
    editor = screen.table.cells.editor
    assert editor is not None and "ne peut pas être le minimum viable" in editor.accessibleDescription()


def test_an_amount_reads_again_nothing_but_its_lines(show: Show) -> None:
    screen = show("arbitrated")
    before = screen._board
    screen.gestures.set_amount(first(screen), 100_000)
    after = screen._board
    assert before is not None and after is not None
    assert after.ranked[0].row.amount_cents == 100_000
    assert after.ranked[1] is before.ranked[1] and after.solidity is before.solidity
    screen.context.bus.changed.emit(Changes.of("application", "x"), None)
    again = screen._board
    assert again is not None and again.ranked[1] is not before.ranked[1]
    # The sheets are the same: what takes a second for 2 000 files is not computed again.
    assert again.solidity is before.solidity


def test_a_waiting_file_says_what_it_lacks_and_a_trial_serves_it_in_one_step(show: Show) -> None:
    screen = show("arbitrated")
    waiting = next(x for x in screen.table.lines.rows() if x.place is Place.WAITING)
    screen.table.select_identity(waiting.id, "amount")
    near = screen.dock.near
    assert near.hint.text() == f"Avec 1{NBSP}100{NBSP}€ de plus, ce dossier entre au rang 14."
    assert near.title.text() == f"Trouver 1{NBSP}100{NBSP}€"
    row = near.ways.itemAt(0).widget()
    words = row.layout().itemAt(0).widget().text()
    assert words == f"Maison Échecs & Réussite 18{NBSP}: 2{NBSP}400 → 1{NBSP}300"
    row.layout().itemAt(1).widget().click()
    served = next(x for x in screen.table.lines.rows() if x.id == waiting.id)
    assert served.place is Place.RETAINED and served.amount_cents == 300_000
    assert screen.band.free.value.text() == f"0{NBSP}€"
    screen.context.undo_last()
    assert screen.band.free.value.text() == f"1{NBSP}900{NBSP}€"
    # Its base only allows 2 430 €, 2 400 € on the step: more would be refused by the lot.
    key = {"scenario_id": screen._board.shown.id, "application_id": waiting.id}  # type: ignore[union-attr]
    screen.context.do("base", scenario_lines.set_base, **key, base_cents=243_000)
    screen.table.select_identity(waiting.id, "amount")
    assert near.hint.text() == f"Avec 500{NBSP}€ de plus, ce dossier entre au rang 14 à 2{NBSP}400{NBSP}€."
    lacking = next(x for x in screen.table.lines.rows() if x.id == waiting.id)
    assert (lacking.missing_cents, lacking.reason) == (50_000, f"Il manque 500{NBSP}€")
    # What is kept aside is told with what is left.
    key = {"call_id": screen._board.call_id, "kind": "reserve", "key": "reserve"}  # type: ignore[union-attr]
    screen.context.do("réserve", envelopes.set_limit, **key, name="amount_cents", text="400")
    screen.table.select_identity(waiting.id, "amount")
    left = f"Il reste 1{NBSP}900{NBSP}€, dont 400{NBSP}€ de réserve{NBSP}; il demande 3{NBSP}000{NBSP}€."
    assert screen.dock.why.text().endswith(left[1:])


def test_every_limit_that_lacks_is_named_with_what_it_lacks_and_a_trial_relieves_them_all(show: Show) -> None:
    """3 000 € by 60 % and 40 %: 1 800 € in a quarter where 4 800 € of 6 000 € are given, 1 900 € being free in all."""
    screen = show("arbitrated")
    waiting = next(x for x in screen.table.lines.rows() if x.place is Place.WAITING)
    first_quarter, other = "QN07710M", "QN07711M"
    with screen.context.store.write(ACTOR) as session:
        file = session.get_one(Application, waiting.id)
        objectives.write_quarters(session, file, [first_quarter, other], False)
        session.flush()
        objectives.set_split(session, application_id=file.id, weights={first_quarter: 60, other: 40})
        limit = {"call_id": file.call_id, "kind": "quarter", "key": first_quarter, "name": "cap_cents"}
        envelopes.set_limit(session, **limit, text="6000")
    screen.context.bus.changed.emit(Changes.of("application", waiting.id), None)
    screen.table.select_identity(waiting.id, "amount")
    near = screen.dock.near
    assert near.hint.text() == (
        f"Avec 1{NBSP}100{NBSP}€ de plus dans l’enveloppe et 600{NBSP}€ de plus pour le quartier "
        f"«{NBSP}Plateau de Corbeil - Plein Ciel{NBSP}» (il y compte pour 1{NBSP}800{NBSP}€), ce dossier entre au "
        "rang 14."
    )
    assert near.title.text() == "Trouver ces montants"
    row = near.ways.itemAt(0).widget()
    assert row.layout().itemAt(0).widget().text() == f"Collectif Plein Ciel{NBSP}: 2{NBSP}400 → 1{NBSP}300"
    row.layout().itemAt(1).widget().click()
    assert screen._board is not None and screen._board.left[f"quarter:{first_quarter}"] == 50_000
    assert (screen.band.free.value.text(), near.isHidden()) == (f"0{NBSP}€", True)
    screen.context.undo_last()
    with screen.context.store.write(ACTOR) as session:
        calls.set_envelope(session, call_id=file.call_id, envelope_cents=5_000_000)
    screen.context.bus.changed.emit(Changes.of("call", file.call_id), None)
    screen.table.select_identity(waiting.id, "amount")
    assert near.hint.text().startswith(f"Avec 600{NBSP}€ de plus pour le quartier")
    line = next(x for x in screen.table.lines.rows() if x.id == waiting.id)
    assert (line.reason, line.missing_cents) == ("Plafond du quartier", 60_000)


def test_files_that_give_a_little_each_are_the_last_ones_only_when_any_file_will_do() -> None:
    trial = Trial((Cut("a", "Tremplin", 300_000, 50_000), Cut("b", "Étoile", 300_000, 250_000)))
    assert sentence(trial, last=True) == f"Les 2 derniers retenus{NBSP}: 3{NBSP}000{NBSP}€ de moins en tout"
    assert sentence(trial, last=False) == f"2 dossiers{NBSP}: 3{NBSP}000{NBSP}€ de moins en tout"


def test_far_ranks_are_folded_around_the_end_of_the_envelope(show: Show) -> None:
    screen = show("arbitrated")
    served = next(x for x in screen.table.lines.rows() if x.ranked and x.amount_cents)
    out = next(x for x in screen.table.lines.rows() if x.place is Place.WAITING)
    end = next(x for x in screen.table.lines.rows() if x.id == END)
    shown = folded([served] * 30 + [end] + [out] * 20)
    assert [x.id for x in shown].count(served.id) == 12
    assert [x.id for x in shown][8] == ABOVE and shown[-1].id == BELOW
    bands = [x.band.detail for x in shown if x.id in (ABOVE, BELOW) and x.band]
    assert bands == ["18 dossiers retenus, 0 intégralement · Déplier", "8 dossiers en attente ou écartés · Déplier"]
    assert folded([served] * 15 + [end] + [out] * 14) == [served] * 15 + [end] + [out] * 14
