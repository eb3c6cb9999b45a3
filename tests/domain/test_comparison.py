"""Two versions of a règlement side by side."""

from __future__ import annotations

from dataclasses import replace

from cv_desktop.domain import rules_comparison
from cv_desktop.domain.comparison import Line
from cv_desktop.domain.comparison import compare as compared
from cv_desktop.domain.expected_documents import ExpectedDocument
from cv_desktop.domain.rules import Rules
from domain.samples import FIA, nb, parameter


def compare(older: Rules, newer: Rules) -> tuple[Line, ...]:
    return compared(rules_comparison.parts(older), rules_comparison.parts(newer))


def test_the_same_règlement_has_no_changed_line() -> None:
    lines = compare(FIA, FIA)
    assert len(lines) == len(FIA) + 2
    assert not [line for line in lines if line.changed]


def test_values_severities_and_documents_that_changed_are_said_as_one_reads_them() -> None:
    newer = FIA.replaced(FIA["amount_max"].with_text("2 500")).replaced(replace(FIA["amount_min"], severity="block"))
    accounts = ExpectedDocument("comptes", "comptes", condition="above", threshold_cents=2_300_000, validity_months=18)
    newer = Rules(newer.values(), [FIA.documents[0], accounts])
    changed = {line.key: (line.before, line.after) for line in compare(FIA, newer) if line.changed}
    assert changed == {
        "amount_max": (nb("3~000~€, bloque"), nb("2~500~€, bloque")),
        "amount_min": (nb("500~€, avertit"), nb("500~€, bloque")),
        "document:comptes": ("–", nb("si plus de 23~000~€, valable 18~mois, au dépôt, bloque")),
        "document:rib": ("toujours, au dépôt, bloque", "–"),
    }


def test_a_parameter_that_one_of_them_lacks_is_shown_too() -> None:
    newer = Rules([*FIA.values(), parameter("new", "5", "cents", None)], FIA.documents)
    (line,) = (x for x in compare(FIA, newer) if x.changed)
    assert (line.key, line.before, line.after) == ("new", "–", nb("sans~limite"))
