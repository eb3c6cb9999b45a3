"""The card of the checks says which version of the règlement judged the file, once there are several."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cv_desktop.db.models.application import Application
from cv_desktop.db.queries import calls as queries
from cv_desktop.db.store import Store
from cv_desktop.services import rules
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.ui.applications import dossier
from cv_desktop.ui.applications.checks_card import ChecksCard

NBSP = "\u00a0"


def test_the_version_that_judged_a_file_is_told(base_at: Callable[[str], tuple[Store, Story]], qtbot: QtBot) -> None:
    store, story = base_at("examined")
    card = ChecksCard()
    qtbot.addWidget(card)
    with store.read() as session:
        key = session.scalars(select(Application.id).where(Application.status == "eligible").limit(1)).one()
        shown = dossier.load(session, key, None, date(2026, 4, 15))
    assert shown is not None
    card.show_dossier(shown)
    assert card.detail.text() == ""
    with store.write(ACTOR) as session:
        ceiling = next(r.id for r in queries.parameters(session, story.call_id) if r.parameter.key == "amount_max")
        rules.set_parameter(session, parameter_id=ceiling, text="2 500")
        shown = dossier.load(session, key, None, date(2026, 4, 15))
    assert shown is not None
    card.show_dossier(shown)
    assert card.detail.text() == "version 1"
    assert card.detail.toolTip() == (f"Jugé avec la version 1 du règlement, appliquée depuis le 15{NBSP}avril 2026")
