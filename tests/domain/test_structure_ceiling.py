"""The maximum of a structure in the year, counted by hand."""

from __future__ import annotations

from dataclasses import replace

from cv_desktop.domain.structure_ceiling import StructureCeiling, YearFile

NBSP = "\u00a0"
ONE = YearFile("1", "F-1", "A", "Les Exemples", 3_000_00)
TWO, THREE = YearFile("2", "F-2", "A", "Les Exemples"), YearFile("3", "F-3", "A", "Les Exemples")
OTHER = YearFile("4", "F-4", "B", "Le Témoin", 4_500_00)


def known(*files: YearFile) -> StructureCeiling:
    return StructureCeiling(2026, 5_000_00, f"article{NBSP}5", {file.id: file for file in files})


def test_a_structure_is_counted_with_what_its_other_files_hold() -> None:
    rules = known(ONE, TWO, THREE, OTHER)
    assert rules.over({"2": 2_000_00, "4": 4_500_00}) == {}
    told = (
        f"«{NBSP}Les Exemples{NBSP}» aurait 5{NBSP}500{NBSP}€ en 2026, 500{NBSP}€ de plus que le maximum par "
        f"structure et par an, 5{NBSP}000{NBSP}€ (article{NBSP}5)."
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
