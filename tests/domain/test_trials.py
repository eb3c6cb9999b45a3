"""What a file lacks and where it could be found: the case of the mock-up, worked out by hand."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cv_desktop.domain.envelopes import Place, parts
from cv_desktop.domain.trials import Giver, Shortfall, shortfall, trials

EDUCATION, COHESION = Place(theme="EDU"), Place(theme="COH")
STEP = 50_00


def giver(name: str, amount: int, least: int, place: Place = EDUCATION) -> Giver:
    return Giver(name, name, amount * 100, least * 100, place)


def afters(found: Shortfall, *givers: Giver) -> list[list[tuple[str, int]]]:
    return [[(cut.name, cut.after_cents // 100) for cut in t.cuts] for t in trials(found, givers, step_cents=STEP)]


def test_what_lacks_is_the_target_less_what_is_free() -> None:
    assert shortfall(400_000, EDUCATION, free_cents=265_000, left={}) == Shortfall(400_000, (("", 135_000),))
    assert shortfall(265_000, EDUCATION, free_cents=265_000, left={}).missing_cents == 0
    assert shortfall(265_000, EDUCATION, free_cents=-100, left={}).missing_cents == 265_100
    assert shortfall(100, COHESION, free_cents=100, left={"theme:COH": -50}).lacks == (("theme:COH", 150),)


def test_the_limit_that_lacks_the_most_binds_and_the_others_are_told() -> None:
    left = {"theme:COH": 0, "theme:EDU": 0}
    short = shortfall(400_000, COHESION, free_cents=265_000, left=left)
    assert short == Shortfall(400_000, (("theme:COH", 400_000), ("", 135_000)))
    assert (short.group, short.missing_cents) == ("theme:COH", 400_000)
    left = {"theme:COH": 300_000, "structure:S": 399_900}
    short = shortfall(400_000, COHESION, free_cents=265_000, left=left, structure="structure:S")
    assert short == Shortfall(400_000, (("", 135_000), ("theme:COH", 100_000), ("structure:S", 100)))


def test_a_quarter_is_only_asked_its_part_of_an_action_of_two_quarters() -> None:
    both = Place(quarters=("Q1", "Q2"))
    assert shortfall(400_000, both, free_cents=400_000, left={"quarter:Q1": 150_000}).missing_cents == 50_000


def test_one_file_gives_it_all_those_asked_the_smallest_part_first() -> None:
    short = Shortfall(400_000, (("", 135_000),))
    served = (giver("Tremplin", 11_000, 6_000), giver("Santé", 12_500, 8_000), giver("Voix", 6_000, 4_000))
    assert afters(short, *served) == [[("Santé", 11_150)], [("Tremplin", 9_650)], [("Voix", 4_650)]]


def test_the_last_ranks_give_a_little_each_when_no_one_can_give_it_all() -> None:
    short = Shortfall(400_000, (("", 135_000),))
    served = (giver("A", 5_000, 5_000), giver("B", 5_000, 4_300), giver("C", 3_000, 2_000))
    assert afters(short, *served) == [[("C", 2_000), ("B", 4_650)]]
    assert afters(short, giver("A", 5_000, 5_000), giver("B", 5_000, 4_000)) == []


def test_a_cap_that_binds_is_only_relieved_by_files_of_that_part() -> None:
    short = Shortfall(400_000, (("theme:COH", 135_000),))
    assert afters(short, giver("Tremplin", 11_000, 0), giver("Lys", 6_000, 0, COHESION)) == [[("Lys", 4_650)]]


def test_amounts_stay_on_the_step_and_give_at_least_what_is_missing() -> None:
    assert afters(Shortfall(400_000, (("", 130_100),)), giver("Tremplin", 11_000, 0)) == [[("Tremplin", 9_650)]]


def test_an_action_of_two_quarters_gives_back_its_part_and_what_relieves_every_limit_is_found() -> None:
    """1 350 € lack in Q1 and 500 € in all. 60 % of 2 250 € are 1 350 €; 45 € of 75 € make the last ones."""
    short = Shortfall(400_000, (("quarter:Q1", 135_000), ("", 50_000)))
    shared = giver("Partagé", 11_000, 6_000, Place(quarters=("Q1", "Q2"), weights=(60, 40)))
    assert afters(short, shared, giver("Ailleurs", 9_000, 0)) == [[("Partagé", 8_750)]]
    half = giver("Moitié", 5_000, 2_500, Place(quarters=("Q1", "Q3")))
    small = giver("Petit", 1_000, 850, Place(quarters=("Q1",)))
    assert afters(short, half, giver("Ailleurs", 9_000, 0), small) == [[("Petit", 850), ("Moitié", 2_600)]]
    assert afters(Shortfall(400_000, (("structure:S", 10_000),)), half) == []
    own = Giver("O", "Sœur", 300_000, 0, COHESION, "structure:S")
    assert afters(Shortfall(400_000, (("structure:S", 10_000),)), half, own) == [[("Sœur", 2_900)]]


def places() -> st.SearchStrategy[Place]:
    weights = st.sampled_from(((), (60, 40), (1, 2), (0, 3)))
    quarters = st.sampled_from(((), ("Q1",), ("Q1", "Q2"), ("Q2", "Q3")))
    return st.builds(Place, st.just(""), st.sampled_from(("A", "B")), quarters, st.just(""), weights)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_after_any_trial_the_file_lacks_nothing_and_what_it_lacked_was_the_least(data: st.DataObject) -> None:
    served = [
        Giver(f"F{n}", "", data.draw(st.integers(1, 40)) * STEP, data.draw(st.integers(0, 10)) * STEP, place, own)
        for n in range(data.draw(st.integers(0, 5)))
        for place, own in [(data.draw(places()), data.draw(st.sampled_from(("structure:S", "structure:T"))))]
    ]
    place, target = data.draw(places()), data.draw(st.integers(1, 400_000))
    names = ("theme:A", "quarter:Q1", "quarter:Q2", "structure:S")
    left = {name: data.draw(st.integers(0, 300_000)) for name in names if data.draw(st.booleans())}
    free = data.draw(st.integers(0, 300_000))
    short = shortfall(target, place, free_cents=free, left=left, structure="structure:S")

    def lacks_with(freed: dict[str, int]) -> tuple[tuple[str, int], ...]:
        more = {name: cents + freed.get(name, 0) for name, cents in left.items()}
        return shortfall(target, place, free_cents=free + freed.get("", 0), left=more, structure="structure:S").lacks

    assert lacks_with(dict(short.lacks)) == ()
    for name, cents in short.lacks:
        assert lacks_with(dict(short.lacks) | {name: cents - 1}) == ((name, 1),)
    for trial in trials(short, served, step_cents=STEP):
        freed: dict[str, int] = {}
        for cut in trial.cuts:
            own = next(g for g in served if g.id == cut.id)
            assert own.least_cents <= cut.after_cents < cut.before_cents and cut.after_cents % STEP == 0
            given_up = parts(own.place, own.amount_cents)
            kept = parts(own.place, cut.after_cents)
            for name, cents in (given_up | {"": own.amount_cents, own.structure: own.amount_cents}).items():
                freed[name] = freed.get(name, 0) + cents - kept.get(name, cut.after_cents)
        assert lacks_with(freed) == ()
