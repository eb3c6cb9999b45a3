from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cv_desktop.domain.eligibility import Result, check
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.progress import Progress, displayed
from cv_desktop.domain.states import ApplicationStatus, DisplayedStatus, LetterState, Opinion, Outcome, Phase
from cv_desktop.domain.workflow import (
    NextStep,
    may_ask_completion,
    may_declare_eligible,
    may_declare_ineligible,
    may_give_opinion,
    next_step,
)
from domain.samples import FIA, facts, nb

DRAFT, DEPOSITED, INCOMPLETE, ELIGIBLE, INELIGIBLE, WITHDRAWN = ApplicationStatus
TODAY = date(2026, 4, 15)


def results(**changes: Any) -> tuple[Result, ...]:
    return check(facts(**changes), FIA)


SOUND = results()
NO_CER = results(republican_contract=False)
TOO_MUCH = results(asked_cents=340_000)
BOTH = results(asked_cents=340_000, republican_contract=False)


@pytest.mark.parametrize(
    ("progress", "label", "tint", "icon"),
    [
        (Progress(DRAFT), "Brouillon", "neutral", "pencil"),
        (Progress(DEPOSITED), "Déposé", "info", "circle-dot-dashed"),
        (Progress(INCOMPLETE), "À compléter", "warning", "triangle-alert"),
        (Progress(ELIGIBLE), "Recevable", "success", "check"),
        (Progress(INELIGIBLE), "Irrecevable", "danger", "x"),
        (Progress(WITHDRAWN, outcome=Outcome.GRANTED), "Retiré", "neutral", "minus"),
        (Progress(ELIGIBLE, in_meeting=True), "En instruction", "info", "circle-dot-dashed"),
        (Progress(ELIGIBLE, in_meeting=True, opinion=Opinion.UNFAVORABLE), "Instruit", "success", "check"),
        (Progress(ELIGIBLE, in_meeting=True, opinion=Opinion.ADJOURNED), "Ajourné", "pause", "clock"),
        (Progress(ELIGIBLE, outcome=Outcome.GRANTED), "Attribué", "success", "check"),
        (Progress(ELIGIBLE, outcome=Outcome.PARTIAL), "Attribué en partie", "info", "circle-dot-dashed"),
        (Progress(ELIGIBLE, outcome=Outcome.REFUSED), "Refusé", "danger", "x"),
        (Progress(ELIGIBLE, outcome=Outcome.ADJOURNED), "Ajourné", "pause", "clock"),
        (Progress(ELIGIBLE, outcome=Outcome.PARTIAL, letter=LetterState.ISSUED), "Attribué en partie", "info", None),
        (Progress(ELIGIBLE, outcome=Outcome.PARTIAL, letter=LetterState.SENT), "Notifié", "success", "check"),
        (Progress(ELIGIBLE, outcome=Outcome.REFUSED, letter=LetterState.SENT), "Refusé", "danger", "x"),
        # A meeting was prepared too early, then the file went back to the association.
        (Progress(INCOMPLETE, in_meeting=True), "À compléter", "warning", "triangle-alert"),
    ],
)
def test_the_chip_tells_the_furthest_state(progress: Progress, label: str, tint: str, icon: str | None) -> None:
    shown = displayed(progress)
    assert (shown.label, shown.tint) == (label, tint)
    assert icon in (None, shown.icon)


def test_every_state_has_a_word_a_tint_and_an_icon() -> None:
    for state in (*DisplayedStatus, *Opinion, *Outcome):
        assert state.label and state.icon
        assert state.tint in ("neutral", "info", "success", "warning", "danger", "pause")
    assert [p.label for p in Phase] == [
        "Préparation",
        "Dépôt",
        "Instruction",
        "Séances",
        "Arbitrage",
        "Notification",
        "Exécution",
        "Close",
    ]
    assert all(p.tint for p in Phase)
    assert DRAFT.label == "Brouillon"


def refusal(act: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(UserError) as caught:
        act(*arguments, **named)
    return caught.value.message


def test_a_sound_file_may_be_declared_eligible() -> None:
    may_declare_eligible(SOUND, DEPOSITED)
    may_declare_eligible(SOUND, INCOMPLETE)
    may_declare_eligible(results(qpv_residents=1, siret_raw="2,43E+13"), DEPOSITED)  # warnings do not block


def test_what_blocks_is_named_with_its_article() -> None:
    assert refusal(may_declare_eligible, BOTH, DEPOSITED) == nb(
        "Le dossier ne peut pas être déclaré recevable~: "
        "montant demandé ≤ 3~000~€ (article~5), engagement républicain (article~10)."
    )
    assert refusal(may_declare_eligible, results(budget=()), DEPOSITED) == nb(
        "Le dossier ne peut pas être déclaré recevable~: budget équilibré non~renseigné (article~6), "
        "taux de financement public ≤ 80~% non~renseigné (article~7)."
    )


@pytest.mark.parametrize("act", [may_declare_eligible, may_ask_completion, may_declare_ineligible])
def test_a_draft_is_deposited_first_and_a_decided_file_does_not_come_back(act: Any) -> None:
    assert refusal(act, BOTH, DRAFT) == nb("Ce dossier est un brouillon~: enregistrez d’abord son dépôt.")
    assert refusal(act, BOTH, WITHDRAWN).startswith(nb("Ce dossier est «~Retiré~»~: il ne peut plus être "))


def test_documents_are_asked_only_when_something_can_be_completed() -> None:
    may_ask_completion(NO_CER, DEPOSITED)
    may_ask_completion(results(siret_raw="2,43E+13"), INCOMPLETE)
    assert refusal(may_ask_completion, SOUND, DEPOSITED).startswith("Rien ne manque à ce dossier")
    assert refusal(may_ask_completion, TOO_MUCH, DEPOSITED).startswith("Rien ne manque à ce dossier")


def test_a_file_is_inadmissible_for_what_cannot_be_mended_or_once_the_delay_is_over() -> None:
    may_declare_ineligible(TOO_MUCH, DEPOSITED)
    assert refusal(may_declare_ineligible, SOUND, DEPOSITED).startswith("Aucune règle bloquante")
    assert refusal(may_declare_ineligible, NO_CER, DEPOSITED) == nb(
        "Ces points se complètent~: engagement républicain (article~10). Demandez d’abord les pièces."
    )
    due = date(2026, 4, 15)
    assert refusal(may_declare_ineligible, NO_CER, INCOMPLETE, completion_due=due, today=due) == nb(
        "L’association a jusqu’au 15~avril 2026 pour compléter son dossier."
    )
    may_declare_ineligible(NO_CER, INCOMPLETE, completion_due=due, today=date(2026, 4, 16))


DUE = date(2026, 4, 20)


@pytest.mark.parametrize(
    ("progress", "found", "verb", "label"),
    [
        (Progress(DRAFT), SOUND, "deposit", "Enregistrer le dépôt"),
        (Progress(DEPOSITED), SOUND, "declare_eligible", "Déclarer recevable"),
        (Progress(DEPOSITED), NO_CER, "ask_completion", "Préparer la demande de pièces"),
        (Progress(INCOMPLETE), NO_CER, "ask_completion", "Préparer la demande de pièces"),
        (Progress(DEPOSITED), TOO_MUCH, "declare_ineligible", "Déclarer irrecevable…"),
        (Progress(DEPOSITED), BOTH, "declare_ineligible", "Déclarer irrecevable…"),
        (
            Progress(INCOMPLETE, completion=LetterState.DRAFT),
            NO_CER,
            "open_letter",
            "Relire la demande de pièces",
        ),
        (
            Progress(INCOMPLETE, completion=LetterState.SENT, completion_due=DUE),
            NO_CER,
            "receive_documents",
            "Enregistrer les pièces reçues",
        ),
        (
            Progress(INCOMPLETE, completion=LetterState.SENT, completion_due=date(2026, 4, 14)),
            NO_CER,
            "declare_ineligible",
            "Déclarer irrecevable…",
        ),
        (Progress(INCOMPLETE, completion=LetterState.SENT, completion_due=DUE), SOUND, "declare_eligible", None),
        (Progress(ELIGIBLE), SOUND, "add_to_meeting", "Inscrire à une séance"),
        (Progress(ELIGIBLE, in_meeting=True), SOUND, "open_grid", "Noter le dossier"),
        (Progress(ELIGIBLE, opinion=Opinion.FAVORABLE), SOUND, "prepare_lot", "Préparer le lot de vote"),
        (Progress(ELIGIBLE, opinion=Opinion.ADJOURNED), SOUND, "add_to_meeting", None),
        (Progress(ELIGIBLE, opinion=Opinion.FAVORABLE, in_lot=True), SOUND, "record_vote", "Enregistrer le vote"),
        (Progress(ELIGIBLE, outcome=Outcome.PARTIAL), SOUND, "prepare_letter", "Préparer la notification"),
        (Progress(ELIGIBLE, outcome=Outcome.REFUSED), SOUND, "prepare_letter", "Préparer le courrier de refus"),
        (Progress(ELIGIBLE, outcome=Outcome.GRANTED, letter=LetterState.DRAFT), SOUND, "open_letter", None),
        (Progress(INELIGIBLE), TOO_MUCH, "prepare_letter", "Préparer le courrier d’irrecevabilité"),
    ],
)
def test_one_button_is_the_next_legal_step(
    progress: Progress, found: tuple[Result, ...], verb: str, label: str | None
) -> None:
    step = next_step(progress, found, TODAY)
    assert isinstance(step, NextStep)
    assert step.verb == verb
    assert label in (None, step.label)


def test_nothing_is_left_to_do_once_the_letter_is_sent_or_the_file_withdrawn() -> None:
    assert next_step(Progress(WITHDRAWN), SOUND, TODAY) is None
    assert next_step(Progress(ELIGIBLE, outcome=Outcome.GRANTED, letter=LetterState.SENT), SOUND, TODAY) is None


@pytest.mark.parametrize(
    ("granted", "asked", "outcome"),
    [(0, 300_000, Outcome.REFUSED), (299_999, 300_000, Outcome.PARTIAL), (300_000, 300_000, Outcome.GRANTED)],
)
def test_an_amount_makes_an_outcome(granted: int, asked: int, outcome: Outcome) -> None:
    assert Outcome.of_amount(granted, asked) is outcome
    assert outcome.gives is (granted > 0)


def test_an_opinion_against_the_band_asks_a_reason() -> None:
    assert Opinion.UNFAVORABLE.departs_from("favorable")
    assert not Opinion.RESERVED.departs_from("reserve")
    assert not Opinion.ADJOURNED.departs_from("favorable")
    assert not Opinion.FAVORABLE.departs_from("")


def test_the_quorum_is_counted() -> None:
    may_give_opinion(5, 5)
    assert refusal(may_give_opinion, 4, 5) == nb(
        "Quorum non atteint~: 4 présents, il en faut 5. L’avis ne peut pas être rendu."
    )
