"""What a file lacks and where it could be found: the case of the mock-up, worked out by hand."""

from __future__ import annotations

from cv_desktop.domain.envelopes import Place
from cv_desktop.domain.trials import Giver, Shortfall, shortfall, trials

EDUCATION, COHESION = Place(theme="EDU"), Place(theme="COH")
STEP = 50_00


def giver(name: str, amount: int, least: int, place: Place = EDUCATION) -> Giver:
    return Giver(name, name, amount * 100, least * 100, place)


def afters(found: Shortfall, *givers: Giver) -> list[list[tuple[str, int]]]:
    return [[(cut.name, cut.after_cents // 100) for cut in t.cuts] for t in trials(found, givers, step_cents=STEP)]


def test_what_lacks_is_the_target_less_what_is_free() -> None:
    assert shortfall(400_000, EDUCATION, free_cents=265_000, left={}) == Shortfall(400_000, 135_000)
    assert shortfall(265_000, EDUCATION, free_cents=265_000, left={}).missing_cents == 0
    assert shortfall(265_000, EDUCATION, free_cents=-100, left={}).missing_cents == 265_000


def test_the_limit_that_lacks_the_most_binds() -> None:
    left = {"theme:COH": 0, "theme:EDU": 0}
    assert shortfall(400_000, COHESION, free_cents=265_000, left=left) == Shortfall(400_000, 400_000, "theme:COH")
    assert shortfall(400_000, COHESION, free_cents=265_000, left={"theme:COH": 300_000}) == Shortfall(400_000, 135_000)


def test_a_quarter_is_only_asked_its_part_of_an_action_of_two_quarters() -> None:
    both = Place(quarters=("Q1", "Q2"))
    assert shortfall(400_000, both, free_cents=400_000, left={"quarter:Q1": 150_000}).missing_cents == 50_000


def test_one_file_gives_it_all_those_asked_the_smallest_part_first() -> None:
    short = Shortfall(400_000, 135_000)
    served = (giver("Tremplin", 11_000, 6_000), giver("Santé", 12_500, 8_000), giver("Voix", 6_000, 4_000))
    assert afters(short, *served) == [[("Santé", 11_150)], [("Tremplin", 9_650)], [("Voix", 4_650)]]


def test_the_last_ranks_give_a_little_each_when_no_one_can_give_it_all() -> None:
    short = Shortfall(400_000, 135_000)
    served = (giver("A", 5_000, 5_000), giver("B", 5_000, 4_300), giver("C", 3_000, 2_000))
    assert afters(short, *served) == [[("C", 2_000), ("B", 4_650)]]
    assert afters(short, giver("A", 5_000, 5_000), giver("B", 5_000, 4_000)) == []


def test_a_cap_that_binds_is_only_relieved_by_files_of_that_part() -> None:
    short = Shortfall(400_000, 135_000, "theme:COH")
    assert afters(short, giver("Tremplin", 11_000, 0), giver("Lys", 6_000, 0, COHESION)) == [[("Lys", 4_650)]]


def test_amounts_stay_on_the_step_and_give_at_least_what_is_missing() -> None:
    assert afters(Shortfall(400_000, 130_100), giver("Tremplin", 11_000, 0)) == [[("Tremplin", 9_650)]]
