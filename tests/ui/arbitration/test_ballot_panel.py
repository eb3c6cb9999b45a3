"""The panel of a lot to come asks one reason, and its label says all that it answers for."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from cv_desktop.domain.states import Outcome
from cv_desktop.services.ballot import Ballot
from cv_desktop.services.opinion_guards import Guard
from cv_desktop.ui.arbitration.ballot_panel import BallotPanel

SUM = Guard("sum", "block", "Ce lot dépasse l’enveloppe de 100 €.", excusable=True)
LINKS = Guard("links", "block", "1 lien possible sans réponse", excusable=True)
QUORUM = Guard("quorum", "block", "1 avis rendu sans quorum", excusable=True)


@pytest.mark.parametrize(
    ("guards", "label"),
    [
        ((SUM,), "Motif du dépassement"),
        ((LINKS,), "Motif, gardé avec le lot"),
        ((SUM, LINKS, QUORUM), "Motif, pour chaque point qui bloque"),
    ],
)
def test_the_reason_is_named_after_all_that_it_answers_for(qtbot: QtBot, guards: tuple[Guard, ...], label: str) -> None:
    panel = BallotPanel()
    qtbot.addWidget(panel)
    cents = 100_100_00 if SUM in guards else 99_000_00
    panel.put(Ballot({Outcome.GRANTED: 1}, cents, 100_000_00, guards), "Lot d’avril")
    assert panel.reason.label.text() == f"{label} (obligatoire)"
