"""The maximum of a structure in the year, counted by hand."""

from __future__ import annotations

from dataclasses import replace

from cv_desktop.domain.structure_ceiling import StructureCeiling, YearFile, YearGrant

NBSP = "\u00a0"
ONE = YearFile("1", "F-1", "A", "Les Exemples", 3_000_00)
TWO, THREE = YearFile("2", "F-2", "A", "Les Exemples"), YearFile("3", "F-3", "A", "Les Exemples")
OTHER = YearFile("4", "F-4", "B", "Le Témoin", 4_500_00)


def known(*files: YearFile, besides: dict[str, list[YearGrant]] | None = None) -> StructureCeiling:
    return StructureCeiling(2026, 5_000_00, f"article{NBSP}5", {file.id: file for file in files}, besides or {})


def test_a_structure_is_counted_with_what_its_other_files_hold() -> None:
    rules = known(ONE, TWO, THREE, OTHER)
    assert rules.over({"2": 2_000_00, "4": 4_500_00}) == {}
    told = (
        f"«{NBSP}Les Exemples{NBSP}» aurait 5{NBSP}500{NBSP}€ en 2026, 500{NBSP}€ de plus que le maximum par "
        f"structure et par an, 5{NBSP}000{NBSP}€ (article{NBSP}5){NBSP}: 3{NBSP}000{NBSP}€ pour F-1, "
        f"1{NBSP}500{NBSP}€ pour F-2, 1{NBSP}000{NBSP}€ pour F-3."
    )
    assert rules.over({"2": 1_500_00, "3": 1_000_00, "4": 4_500_00}) == {"2": told, "3": told}
    assert StructureCeiling(2026).over({"2": 9_000_00}) == {}


def test_what_gives_no_more_than_before_or_is_dispensed_breaks_nothing() -> None:
    over = replace(ONE, held_cents=6_000_00)
    assert known(over, TWO).over({"1": 5_500_00, "2": 0}) == {}
    assert set(known(over, TWO).over({"1": 6_500_00})) == {"1"}
    # An act replaces what its lot says it replaces, and not what the file holds, which is the lot itself.
    assert set(known(over, TWO).over({"1": 6_000_00}, {})) == {"1"}
    assert known(over, TWO).over({"1": 6_000_00}, {"1": 6_500_00}) == {}
    # A derogation leaves the others what they had.
    free = replace(TWO, dispensed=True)
    assert known(ONE, free, THREE).over({"2": 4_000_00, "3": 2_000_00}) == {}
    assert set(known(ONE, free, THREE).over({"2": 4_000_00, "3": 2_500_00})) == {"3"}


def test_what_is_left_of_it_counts_the_files_that_do_not_wait() -> None:
    assert known(ONE, TWO, OTHER).left(["2", "4"]) == {"A": 2_000_00, "B": 5_000_00}
    assert known(ONE, replace(TWO, held_cents=9_000_00, dispensed=True)).left([]) == {"A": 2_000_00}
    assert StructureCeiling(2026).left([]) == {}


def test_an_agreement_of_before_and_the_lines_of_a_list_count_and_are_named() -> None:
    """3 000 € by the file, 1 000 € by the agreement, 500 € by the list: 500 € are left of 5 000 €."""
    agreement, sport = YearGrant("AAP-2025-0004", 1_000_00), YearGrant("Sport", 500_00, listed=True)
    rules = known(ONE, TWO, besides={"A": [agreement, sport]})
    assert rules.left(["2"]) == {"A": 500_00}
    assert rules.over({"2": 500_00}) == {}
    told = rules.over({"2": 800_00})["2"]
    assert told == (
        f"«{NBSP}Les Exemples{NBSP}» aurait 5{NBSP}300{NBSP}€ en 2026, 300{NBSP}€ de plus que le maximum par "
        f"structure et par an, 5{NBSP}000{NBSP}€ (article{NBSP}5){NBSP}: 3{NBSP}000{NBSP}€ pour F-1, "
        f"800{NBSP}€ pour F-2, 1{NBSP}000{NBSP}€ par l’accord de AAP-2025-0004, 500{NBSP}€ d’après une liste (Sport)."
    )


def test_what_says_the_same_grant_twice_counts_once() -> None:
    # The line of the amount of a file is that file, before a reopening and after it; a second one is another grant.
    line = YearGrant("FIA", 3_000_00, listed=True)
    assert known(ONE, TWO, besides={"A": [line]}).left([]) == {"A": 2_000_00}
    assert known(ONE, TWO, besides={"A": [line]}).over({"1": 4_000_00}) == {}
    assert known(ONE, TWO, besides={"A": [line, line]}).left([]) == {"A": -1_000_00}
    # An agreement that a file of the year takes up again is paid by this file, once it has an amount.
    taken_up = YearGrant("AAP-2025-0004", 2_000_00, renewals=frozenset({"2"}))
    assert known(ONE, TWO, besides={"A": [taken_up]}).left(["2"]) == {"A": 0}
    assert known(ONE, TWO, besides={"A": [taken_up]}).over({"2": 2_000_00}) == {}
    assert set(known(ONE, TWO, THREE, besides={"A": [taken_up]}).over({"3": 100_00})) == {"3"}
    # So is the line of the amount of an agreement this agreement, and a second one another grant.
    promise, paid = YearGrant("AAP-2025-0004", 1_000_00), YearGrant("AAP", 1_000_00, listed=True)
    assert known(ONE, besides={"A": [promise, paid]}).left([]) == {"A": 1_000_00}
    assert known(ONE, besides={"A": [promise, paid, paid]}).left([]) == {"A": 0}
