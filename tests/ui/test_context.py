"""One way to write: kept, told, undone, or refused with its reason."""

from __future__ import annotations

from pathlib import Path

import frame
import pytest
from fakes import NOON, create, put, value
from pytestqt.qtbot import QtBot

from cv_desktop.domain.changes import Step
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.ui.context import Context
from cv_desktop.ui.message_bar import Message, MessageBar
from cv_desktop.ui.undo import DEPTH


@pytest.fixture
def context(tmp_path: Path, qtbot: QtBot) -> Context:
    bar = MessageBar()
    qtbot.addWidget(bar)
    made = frame.context(tmp_path, bar, bar)
    bar.destroyed.connect(made.jobs.stop_all)
    return made


def test_a_write_is_kept_told_and_named_in_the_undo(context: Context) -> None:
    heard: list[object] = []
    context.bus.changed.connect(lambda changes, origin: heard.append((changes.nouns, origin)))
    context.saved.connect(heard.append)
    assert context.do("proposé 7 000 €", put, key="A", value="7000")
    assert context.read(value, "A") == "7000"
    assert heard == [NOON, (frozenset({"application"}), None)]
    assert context.undo.undo_label == "proposé 7 000 €"
    assert context.store.actors == ["Camille Témoin"]  # type: ignore[attr-defined]


def test_the_status_bar_names_the_last_write_and_what_was_said_done_leaves_with_it(context: Context) -> None:
    said: list[str] = []
    context.told.connect(said.append)
    context.do("proposé 7 000 €", put, key="A", value="7000")
    context.messages.show_message(Message("success", "Proposé."))
    context.messages.show_message(Message("warning", "Un champ est vide."))
    context.messages.show_message(Message("success", "Proposé."))
    context.undo_last()
    assert said == ["Proposé 7 000 €", "Annulé\u00a0: proposé 7 000 €"]
    assert [message.lead for message in context.messages.waiting] == ["Un champ est vide."]


def test_undo_and_redo_go_through_the_store(context: Context) -> None:
    context.do("un", put, key="A", value="1")
    context.do("deux", put, key="A", value="2")
    context.undo_last()
    assert context.read(value, "A") == "1"
    assert (context.undo.undo_label, context.undo.redo_label) == ("un", "deux")
    context.redo_last()
    assert context.read(value, "A") == "2"
    context.undo_last()
    context.do("trois", put, key="A", value="3")
    assert context.undo.redo_label == ""


def test_a_refusal_is_shown_and_writes_nothing(context: Context) -> None:
    assert context.do("refusé", put, key="A", value="refus") is None
    assert context.read(value, "A") == ""
    assert context.undo.undo_label == ""
    message = context.messages.current
    assert message is not None
    assert (message.level, message.lead) == ("warning", "3 400 € dépasse le maximum, 3 000 €.")
    assert message.text == "Réduisez le montant."


def test_a_verb_that_creates_gives_its_changes(context: Context) -> None:
    changes = context.do("créer", create, key="S1")
    assert changes is not None
    assert changes.touched == {("structure", "S1")}
    assert context.undo.undo_label == ""


def test_a_step_that_can_never_be_undone_does_not_block_the_others(context: Context) -> None:
    context.do("un", put, key="A", value="1")
    context.undo.push("perdu", Step(put, {"key": "A", "value": "refus"}))
    context.undo_last()
    assert context.messages.current is not None
    context.undo_last()
    assert context.read(value, "A") == ""


def test_a_full_disk_keeps_the_step(context: Context) -> None:
    def full(_session: object) -> None:
        raise Unavailable("Le disque est plein.")

    context.undo.push("un", Step(full, {}))
    with pytest.raises(UserError):
        context.undo.undo()
    assert context.undo.undo_label == "un"


def test_two_hundred_steps(context: Context) -> None:
    for number in range(DEPTH + 5):
        context.do(str(number), put, key="A", value=str(number))
    for _ in range(DEPTH + 5):
        context.undo_last()
    assert context.read(value, "A") == "4"


def test_the_campaign_is_remembered_and_so_is_all(tmp_path: Path, context: Context) -> None:
    assert context.calls.id == "fia"
    context.calls.select("aap")
    again = frame.context(tmp_path, context.messages)
    assert again.calls.id == "aap"
    again.calls.select(None)
    last = frame.context(tmp_path, context.messages)
    assert last.calls.id is None
    for made in (again, last):
        made.jobs.stop_all()


def test_another_write_takes_away_the_offer_to_undo_the_one_before(context: Context) -> None:
    context.do("proposé 7 000 €", put, key="A", value="7000")
    offer = Message("success", "Proposé.", buttons=(("Annuler", context.undo_last),))
    context.messages.show_message(offer)
    context.do("proposé 8 000 €", put, key="A", value="8000")
    assert context.messages.waiting == []
