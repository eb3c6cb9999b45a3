"""Days of receipt and numbers of registered mail pasted from a list: what is taken, what is told and why."""

from __future__ import annotations

from datetime import date

import pytest

from cv_desktop.domain.dispatches import receipts, registered_number, registered_numbers
from cv_desktop.domain.errors import UserError

TODAY = date(2026, 5, 4)
SENT = {
    "CO-2026-0064": (date(2026, 4, 16), "1A00123456789"),
    "CO-2026-0065": (date(2026, 4, 16), ""),
    "CO-2026-0066": (date(2026, 4, 20), ""),
}


def test_a_pasted_list_gives_its_good_lines_and_tells_the_others() -> None:
    pasted = receipts(
        "1A 001 234 5678 9\t18/04/2026\n"
        "co-2026-0065;20/04/2026\n"
        "\n"
        "CO-2026-0066\t19/04/2026\n"
        "CO-2026-0099\t20/04/2026\n"
        "CO-2026-0065\t31/02/2026\n"
        "CO-2026-0065\n"
        "CO-2026-0065\t21/04/2026\n"
        "CO-2026-0066\t05/05/2026\n",
        SENT,
        TODAY,
    )
    assert pasted.dates == {"CO-2026-0064": date(2026, 4, 18), "CO-2026-0065": date(2026, 4, 20)}
    assert [(fault.line, fault.sentence) for fault in pasted.faults] == [
        (4, "Le 19\u00a0avril 2026 précède l’envoi, du 20\u00a0avril 2026. Vérifiez l’année."),
        (5, "«\u00a0CO-2026-0099\u00a0» n’est le numéro d’aucun de ces courriers."),
        (6, "31/02/2026 n’existe pas."),
        (7, "CO-2026-0065\u00a0: il manque la date. Exemple\u00a0: CO-2026-0065, tabulation, 15/04/2026."),
        (8, "CO-2026-0065 a déjà une autre date plus haut."),
        (9, "Le 5\u00a0mai 2026 n’est pas encore venu."),
    ]


def test_a_number_of_registered_mail_is_kept_without_its_spaces() -> None:
    assert registered_number(" 1A 001 234 5678 9 ") == "1A00123456789"
    assert registered_number("RR 123 456 785 FR") == "RR123456785FR"
    assert registered_number("") == ""
    for wrong in ("1A 12", "bonjour madame", "1A 001 234 5678 9 1A 001 234 5678 9"):
        with pytest.raises(UserError, match="n’est pas un numéro de recommandé"):
            registered_number(wrong)


def test_the_offered_list_may_be_left_incomplete_but_not_doubled() -> None:
    letters = ["CO-2026-0064", "CO-2026-0065", "CO-2026-0066"]
    found, faults = registered_numbers(
        "CO-2026-0064\t1A 001 234 5678 9\nCO-2026-0065\t\nCO-2026-0066\t1A00123456789\nCO-1\t1A00123456788", letters
    )
    assert found == {"CO-2026-0064": "1A00123456789"}
    assert [fault.line for fault in faults] == [3, 4]
    assert "donné à deux courriers" in faults[0].sentence
