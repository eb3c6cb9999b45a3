"""Who may sign which letter: each refusal names its letters, says the value and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cv_desktop.domain.delegations import Delegation, Power, ToSign, examine, spoken

DAY = date(2026, 4, 15)
ARRETE = Delegation(
    "d", "arrêté n°\u00a02026-12", date(2026, 1, 1), date(2026, 12, 31), ceiling_cents=500_000, kinds=("ATT", "REF")
)
DOMINIQUE = Power("Dominique Exemple", own=False, delegations=(ARRETE,))
LETTER = ToSign(
    "1", "CO-2026-0003", "0003", "ATT", "attribution", "issued", "Dominique EXEMPLE", "FIA-2026", "FIA", 500_000
)


def refusals(power: Power, *letters: ToSign, day: date = DAY) -> list[str]:
    return [refusal.sentence for refusal in examine(power, letters, day).refused]


def test_the_ceiling_itself_is_within_and_one_cent_more_is_not() -> None:
    above = [replace(LETTER, id=str(n), short=f"{n:04d}", amount_cents=500_001) for n in (3, 11)]
    ruling = examine(DOMINIQUE, [LETTER, *above], DAY)
    assert ruling.granted == ((LETTER, ARRETE),)
    assert [refusal.sentence for refusal in ruling.refused] == [
        "La délégation de Dominique Exemple (arrêté n°\u00a02026-12) s’arrête à 5\u00a0000\u00a0€\u00a0; 2 courriers "
        "sont au-dessus\u00a0: 0003, 0011. Faites-les signer par une personne dont la délégation va jusque-là."
    ]


@pytest.mark.parametrize(("day", "signs"), [
    (date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2026, 12, 31), True), (date(2027, 1, 1), False),
])  # fmt: skip
def test_a_delegation_holds_on_its_first_and_last_days(day: date, signs: bool) -> None:
    assert bool(examine(DOMINIQUE, [LETTER], day).granted) is signs


def test_each_reason_is_said_once_with_its_letters() -> None:
    said = refusals(
        DOMINIQUE,
        replace(LETTER, short="0001", state="read"),
        replace(LETTER, short="0002", state="signed"),
        replace(LETTER, short="0004", state="sent"),
        replace(LETTER, short="0005", state="replaced"),
        replace(LETTER, short="0006", kind="AJ", label="ajournement"),
        replace(LETTER, short="0007", printed="Camille TÉMOIN"),
    )
    assert said == [
        "1 courrier n’est pas émis\u00a0: 0001. Générez d’abord le PDF.",
        "1 courrier est déjà signé\u00a0: 0002.",
        "1 courrier est déjà parti\u00a0: 0004. Un courrier envoyé ne change plus.",
        "1 courrier est annulé et remplacé\u00a0: 0005. Signez le courrier qui le remplace.",
        "La délégation de Dominique Exemple (arrêté n°\u00a02026-12) ne couvre pas ce type de courrier, "
        "ajournement\u00a0: 0006.",
        "1 courrier porte un autre nom que Dominique Exemple\u00a0: 0007 (Camille TÉMOIN). Choisissez ce signataire, "
        "ou remplacez le courrier.",
    ]


def test_a_campaign_outside_the_scope_is_refused_its_code_or_its_scheme_within() -> None:
    aap = replace(ARRETE, scope=("AAP",))
    assert "ne couvre pas la campagne FIA-2026" in refusals(replace(DOMINIQUE, delegations=(aap,)), LETTER)[0]
    for code in ("FIA", "FIA-2026"):
        power = replace(DOMINIQUE, delegations=(replace(ARRETE, scope=(code,)),))
        assert refusals(power, LETTER) == []


def test_one_delegation_that_covers_is_enough_and_else_the_nearest_says_what_lacks() -> None:
    over = replace(ARRETE, id="old", reference="arrêté n°\u00a02020-1", ends_on=date(2026, 2, 28), ceiling_cents=None)
    power = replace(DOMINIQUE, delegations=(over, ARRETE))
    assert examine(power, [LETTER], DAY).delegations == (ARRETE,)
    assert "s’arrête à 5\u00a0000\u00a0€" in refusals(power, replace(LETTER, amount_cents=600_000))[0]
    expired = refusals(replace(DOMINIQUE, delegations=(over,)), LETTER)
    assert "a pris fin le 28\u00a0février 2026\u00a0: 0003. Saisissez le nouvel arrêté." in expired[0]


def test_the_president_signs_by_right_the_others_never_without_a_delegation() -> None:
    assert examine(Power("Dominique Exemple", own=True), [LETTER], DAY).granted == ((LETTER, None),)
    assert refusals(Power("Dominique Exemple", own=False), LETTER) == [
        "Dominique Exemple n’a aucune délégation au registre\u00a0: 0003. Saisissez son arrêté."
    ]
    assert "ne signe plus" in refusals(Power("Dominique Exemple", own=True, active=False), LETTER)[0]
    assert "n’a pas de nom" in refusals(Power("", own=True), LETTER)[0]


def test_a_brace_in_a_name_breaks_no_sentence() -> None:
    odd = Power("Dominique {x} Exemple", own=False)
    assert "Dominique {x} Exemple n’a aucune délégation" in refusals(odd, replace(LETTER, printed=odd.name))[0]


def test_a_delegation_is_said_with_its_days_and_its_ceiling() -> None:
    assert spoken(ARRETE) == "arrêté n°\u00a02026-12, du 01/01/2026 au 31/12/2026, jusqu’à 5\u00a0000\u00a0€"
    assert spoken(replace(ARRETE, ends_on=None, ceiling_cents=None)) == "arrêté n°\u00a02026-12, depuis le 01/01/2026"
