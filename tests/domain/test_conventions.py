"""The convention above 23 000 € in the year (loi 2000-321 art. 10, décret 2001-495 art. 1), by figures made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cv_desktop.domain.conventions import Requirement, Standing, YearPart, requirement

SEUIL = 23_000_00
FIRST = YearPart("FIA-2026-0003", 12_000_00, date(2026, 3, 2))
SECOND = YearPart("AAP-2026-0012", 9_000_00, date(2026, 5, 11))
ROOM = YearPart("prêt de salle", 2_500_00, in_kind=True)


def asked(*parts: YearPart, on: date | None = None, form: str = "9220") -> Requirement | None:
    return requirement(parts, year=2026, threshold_cents=SEUIL, legal_form=form, on=on)


def test_12_000_and_9_000_and_2_500_in_kind_pass_the_threshold_on_the_second_decision() -> None:
    parts = (FIRST, SECOND, ROOM)
    assert asked(*parts, on=date(2026, 3, 2)) is None  # 14 500 € on that day
    due = asked(*parts, on=date(2026, 5, 11))
    assert due is not None
    assert (due.total_cents, due.in_kind_cents) == (23_500_00, 2_500_00)
    assert due.sentence.replace("\u00a0", " ") == (
        "Convention requise : 23 500 € en 2026, dont 2 500 € en nature, seuil 23 000 € (loi n° 2000-321, art. 10)"
    )
    assert due.reckoning.replace("\u00a0", " ") == (
        "12 000 € (FIA-2026-0003) + 9 000 € (AAP-2026-0012) + 2 500 € en nature (prêt de salle)"
    )
    assert asked(FIRST, SECOND, on=date(2026, 5, 11)) is None


@pytest.mark.parametrize(("cents", "due"), [(23_000_00, False), (23_000_01, True), (22_999_99, False)])
def test_exactly_23_000_asks_for_nothing(cents: int, due: bool) -> None:
    assert (asked(YearPart("FIA-2026-0001", cents, date(2026, 3, 2))) is not None) is due


def test_acts_of_the_same_day_count_together_whatever_their_order() -> None:
    other = YearPart("FIA-2026-0004", 11_000_01, FIRST.decided_on)
    assert asked(FIRST, other, on=FIRST.decided_on) is not None
    assert asked(other, FIRST, on=FIRST.decided_on) is not None


def test_a_body_of_public_law_signs_none_and_an_unknown_form_is_private() -> None:
    large = YearPart("AAP-2026-0002", 30_000_00, date(2026, 3, 2))
    assert asked(large, form="7210") is None
    assert asked(large, form="4140") is None
    assert asked(large, form="5546") is not None
    assert asked(large, form="") is not None
    assert requirement([large], year=2026, threshold_cents=None) is None


DUE = Requirement(2026, SEUIL, (FIRST, SECOND, ROOM))


def test_each_step_of_a_convention_has_its_words_and_only_the_last_one_pays() -> None:
    march, april = date(2026, 3, 3), date(2026, 4, 8)
    steps = [
        (Standing(DUE), "à établir"),
        (Standing(DUE, prepared=True), "à émettre"),
        (Standing(DUE, "CO-2026-0012"), "à signer"),
        (Standing(DUE, "CO-2026-0012", authority_signed_on=march), "à signer par la structure"),
        (Standing(DUE, "CO-2026-0012", structure_signed_on=march), "à signer par la collectivité"),
        (Standing(DUE, "CO-2026-0012", False, march, april), "signée le 8 avril 2026"),
    ]
    assert [standing.label.replace("\u00a0", " ") for standing, _label in steps] == [
        label for _standing, label in steps
    ]
    assert [bool(standing.why_not_paid("FIA-2026-0003", date(2026, 11, 2))) for standing, _label in steps] == [
        True
    ] * 5 + [False]
    assert steps[2][0].why_not_paid("AAP-2026-0012", date(2026, 11, 2)).replace("\u00a0", " ") == (
        "AAP-2026-0012 : 23 500 € en 2026 dépassent 23 000 € (loi n° 2000-321, art. 10) et la convention est à signer. "
        "Rien ne se paie avant les deux signatures : enregistrez-les dans le dossier, onglet Décision."
    )


def test_the_essential_data_are_due_as_many_months_after_the_last_signature_as_the_reglement_says() -> None:
    signed = Standing(DUE, "CO-2026-0012", False, date(2026, 11, 30), date(2026, 11, 2), publication_months=3)
    assert signed.publish_by == date(2027, 2, 28)
    said = signed.publication(date(2026, 12, 1)).replace("\u00a0", " ")
    assert said == "données essentielles à publier avant le 28 février 2027"
    assert "publier depuis le" in signed.publication(date(2027, 3, 1))
    assert replace(signed, publication_months=1).publish_by == date(2026, 12, 30)
    below = replace(signed, requirement=None)
    assert (below.publish_by, below.publication(date(2027, 3, 1))) == (None, "")
