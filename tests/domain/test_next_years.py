"""What agreements engage on the envelopes to come, told with figures worked out by hand."""

from __future__ import annotations

from cv_desktop.domain.next_years import NextYear, headline
from domain.samples import nb


def test_a_year_says_what_it_engages_what_is_free_and_what_lacks() -> None:
    fits = NextYear(2027, 2_000_00, "FIA 2027", 2_000_00)
    short = NextYear(2028, 12_000_00, "FIA 2028", 8_000_00)
    over = NextYear(2029, 1_000_00, "FIA 2029", -500_00)
    unborn = NextYear(2029, 1_000_00)
    assert [one.missing_cents for one in (fits, short, over, unborn)] == [0, 4_000_00, 1_500_00, 0]
    assert [one.words for one in (fits, short, over, unborn)] == [
        nb("2027~: 2~000~€ engagés sur «~FIA 2027~», où 2~000~€ sont libres."),
        nb("2028~: 12~000~€ engagés sur «~FIA 2028~», où 8~000~€ sont libres~: il manque 4~000~€."),
        nb("2029~: 1~000~€ engagés sur «~FIA 2029~», où il manque déjà 500~€~: il manquera 1~500~€."),
        nb("2029~: 1~000~€ engagés dès que la campagne existera."),
    ]
    assert headline([fits, unborn]) == nb("Conventions~: les années suivantes tiennent dans leurs enveloppes")
    assert headline([fits, short]) == nb("Conventions~: l’enveloppe de 2028 ne suffit pas")
    assert headline([short, over]) == nb("Conventions~: les enveloppes de 2028 et 2029 ne suffisent pas")
