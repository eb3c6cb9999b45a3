"""The three rules of an allocation, by hand and against every possible answer of small instances."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cv_desktop.domain import allocation_envelopes, sharing_shape
from cv_desktop.domain.allocation_again import without
from cv_desktop.domain.allocation_answer import Solution, WrongAnswer, left, value, verify
from cv_desktop.domain.allocation_instance import File, Instance, Rule, read
from cv_desktop.domain.allocation_misses import Misses, NearMiss
from cv_desktop.domain.allocation_parts import Split
from cv_desktop.domain.allocation_reasons import Reasons
from cv_desktop.domain.allocation_solve import solve
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.quarter_split import split

NBSP = "\u00a0"


def files(*lines: tuple[str, int, int], groups: dict[str, tuple[str, ...]] | None = None) -> tuple[File, ...]:
    return tuple(File(name, score, asked, asked, (groups or {}).get(name, ())) for name, score, asked in lines)


def instance(envelope: int, *lines: tuple[str, int, int], **more: Any) -> Instance:
    return Instance(envelope, 1, files(*lines, groups=more.pop("groups", None)), **more)


def test_stop_ends_at_the_first_that_does_not_fit_and_skip_goes_on() -> None:
    shared = instance(100, ("a", 9, 60), ("b", 8, 50), ("c", 7, 30), ("d", 6, 10))
    stop, skip = solve(shared, "stop"), solve(shared, "skip")
    assert (stop.chosen, left(shared, stop)) == ({"a": 60}, 40)
    assert (skip.chosen, left(shared, skip), value(shared, skip.chosen)) == ({"a": 60, "c": 30, "d": 10}, 0, 22)


def test_files_of_one_score_that_do_not_all_fit_are_a_tie_whatever_the_list() -> None:
    lines = [("a", 9, 60), ("b", 8, 30), ("c", 8, 20), ("d", 8, 90), ("e", 5, 10)]
    for order in (lines, lines[::-1]):
        stop, skip = solve(instance(100, *order), "stop"), solve(instance(100, *order), "skip")
        assert stop.chosen == {"a": 60}
        # First in turn, "d" would end the list: all the files of the note at the cut are told.
        assert set(stop.ties) == {"b", "c", "d"}
        told = Reasons(instance(100, *order), stop)
        assert told.sentence("c").startswith("à départager")
        too_large = f"écarté, à égalité de note{NBSP}: enveloppe épuisée (reste 0,40{NBSP}€, il faut 0,90{NBSP}€)"
        assert told.sentence("d") == too_large
        # "e" has room after b (10 left) and after c (20 left): it is served whoever wins; "d" never fits.
        assert skip.chosen == {"a": 60, "e": 10}
        assert set(skip.ties) == {"b", "c"}
    assert solve(instance(100, *lines), "skip", ties="cheapest").chosen == {"a": 60, "c": 20, "e": 10}
    assert solve(instance(100, *lines), "skip", ties="dearest").chosen == {"a": 60, "b": 30, "e": 10}


def test_a_whole_group_that_fits_is_no_tie() -> None:
    shared = instance(50, ("a", 8, 30), ("b", 8, 20), ("c", 7, 10))
    assert solve(shared, "stop") == Solution("stop", {"a": 30, "b": 20}, (), True, {})


def test_very_many_equal_files_are_all_reported() -> None:
    shared = instance(1000, *((f"D{n}", 10, 7 + n % 13) for n in range(200)), ("last", 5, 3))
    skip = solve(shared, "skip")
    assert skip.chosen == {}
    assert len(skip.ties) == 201


def test_orders_that_leave_as_much_are_one_however_many() -> None:
    """Six of twelve equal files fit, in 924 ways that all leave 5: who comes next is served after each of them."""
    shared = instance(65, *((f"D{n}", 8, 10) for n in range(12)), ("next", 5, 5), ("last", 4, 1))
    skip = solve(shared, "skip")
    assert (skip.chosen, len(skip.ties)) == ({"next": 5}, 12)


def test_caps_count_as_not_fitting_and_floors_are_told() -> None:
    shared = instance(
        100, ("a", 9, 60), ("b", 8, 30), ("c", 7, 30),
        groups={"a": ("volet:Emploi",), "b": ("volet:Emploi",), "c": ("volet:Cohésion",)},
        caps={"volet:Emploi": 70}, floors={"volet:Cohésion": 40},
    )  # fmt: skip
    assert solve(shared, "stop").chosen == {"a": 60}
    skip = solve(shared, "skip")
    assert (skip.chosen, skip.unmet) == ({"a": 60, "c": 30}, {"volet:Cohésion": 10})
    assert Reasons(shared, skip).sentence("b") == f"écarté{NBSP}: plafond du volet Emploi atteint (reste 0,10{NBSP}€)"


def test_a_file_after_the_stop_names_what_stopped_and_no_cap_that_has_room() -> None:
    """Without the cap of Santé, « s » then « p » fit, and the envelope stops at « h »: both, and nothing more."""
    shared = instance(
        100, ("a", 9, 50), ("s", 8, 30), ("p", 7, 15), ("h", 6, 30), ("c", 5, 10),
        groups={"s": ("volet:Santé",), "p": ("volet:Emploi",), "h": ("volet:Habitat",), "c": ("volet:Cohésion",)},
        caps={"volet:Santé": 20, "volet:Emploi": 90, "volet:Habitat": 90, "volet:Cohésion": 90},
    )  # fmt: skip
    found = solve(shared, "stop")
    assert found.chosen == {"a": 50}
    reasons = Reasons(shared, found)
    assert reasons.sentence("s") == f"écarté{NBSP}: plafond du volet Santé atteint (reste 0,20{NBSP}€)"
    other = f"plafond du volet Santé, qui retient un autre dossier (reste 0,20{NBSP}€)"
    assert reasons.sentence("p") == f"écarté{NBSP}: {other}"
    assert reasons.sentence("h") == f"écarté{NBSP}: l’enveloppe s’arrête à un dossier mieux noté et {other}"
    assert reasons.binding("c") == (("envelope", ""), ("cap", "volet:Santé"))


def test_best_prefers_scores_then_money_and_serves_between_minimum_and_request() -> None:
    shared = Instance(
        10_000_00, 50_00, (File("a", 1500, 6_000_00, 4_000_00), File("b", 1400, 6_000_00, 4_000_00),
                           File("c", 1300, 9_000_00, 9_000_00)),
    )  # fmt: skip
    found = solve(shared, "best")
    assert (found.chosen, found.proved) == ({"a": 6_000_00, "b": 4_000_00}, True)
    assert Reasons(shared, found).sentence("b") == f"réduit au minimum viable{NBSP}: reste 0{NBSP}€"
    assert Reasons(shared, found).sentence("a") == "retenu pour toute sa demande"
    assert Misses(Reasons(shared, found).again).near_miss("c").cents == 7_000_00


def test_an_amount_off_the_step_is_given_only_in_full() -> None:
    shared = Instance(1_000_00, 50_00, (File("a", 10, 472_30, 300_00), File("b", 9, 550_00, 310_00)))
    assert solve(shared, "best").chosen == {"a": 450_00, "b": 550_00}
    assert solve(replace(shared, envelope_cents=472_30), "best").chosen == {"a": 472_30}


def test_locks_are_kept_and_a_file_that_asks_nothing_is_never_served() -> None:
    shared = instance(100, ("a", 9, 60), ("b", 1, 50), ("z", 20, 0), locks={"b": 50})
    for rule in ("stop", "skip", "best"):
        found = solve(shared, rule)  # type: ignore[arg-type]
        assert found.chosen == {"b": 50}
        assert Reasons(shared, found).sentence("z") == f"écarté{NBSP}: rien n’est demandé"
    out = solve(replace(shared, locks={"a": 0}), "best")
    assert out.chosen == {"b": 50}
    assert Reasons(replace(shared, locks={"a": 0}), out).sentence("a") == f"écarté{NBSP}: verrouillé à 0{NBSP}€"


def test_what_clashes_is_named_and_nothing_else() -> None:
    shared = instance(
        100, ("a", 9, 60), ("b", 8, 60), ("c", 1, 10),
        groups={"a": ("volet:Emploi",), "b": ("volet:Emploi",), "c": ("quartier:Nord",)},
        caps={"quartier:Nord": 10}, floors={"volet:Emploi": 110},
    )  # fmt: skip
    with pytest.raises(UserError) as refusal:
        solve(shared, "best")
    assert refusal.value.message == (
        f"Aucune répartition n’est possible{NBSP}: l’enveloppe de 1{NBSP}€ et le plancher du volet Emploi "
        f"(1,10{NBSP}€) se contredisent."
    )
    with pytest.raises(UserError, match="le verrou du dossier b"):
        solve(replace(shared, floors={}, locks={"b": 60, "a": 60}), "skip")


def test_a_wrong_answer_is_never_given() -> None:
    shared = instance(100, ("a", 9, 60), ("b", 8, 50))
    with pytest.raises(WrongAnswer):
        verify(shared, Solution("best", {"a": 60, "b": 50}))
    with pytest.raises(WrongAnswer):
        verify(shared, Solution("best", {"a": 30}))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": ""}, "Il manque la clé id au dossier n°"),
        ({"score": "douze"}, "La note (score) du dossier A doit être un nombre"),
        ({"score": -1}, "la note du dossier A (score)"),
        ({"asked_cents": 12.5}, "asked_cents du dossier A doit être un nombre entier de centimes"),
        ({"minimum_cents": 900}, "Le minimum du dossier A (minimum_cents)"),
        ({"groups": 3}, "groups du dossier A doit être une liste ou un objet"),
    ],
)
def test_a_bad_file_is_named(change: dict[str, Any], said: str) -> None:
    line = {"id": "A", "score": 12, "asked_cents": 800, "minimum_cents": 100, "groups": ["g"]} | change
    with pytest.raises(UserError) as refusal:
        read({"envelope_cents": 10, "step_cents": 1, "files": [line]})
    assert said.lower() in refusal.value.message.lower()


def test_scores_and_groups_are_read_exactly() -> None:
    found = read(
        {
            "envelope_cents": 10,
            "step_cents": 1,
            "files": [
                {"id": 1, "score": "12,50", "asked_cents": 5, "groups": {"volet": "Emploi", "quartier": ["N", "S"]}},
                {"id": "b", "score": "0.125", "asked_cents": 5, "minimum_cents": 2, "groups": []},
            ],
            "caps": {"volet": {"Emploi": 4}, "quartier:S": 3},
        }
    )
    assert found.scale == 1000
    assert found.files[0] == File("1", 12_500, 5, 5, ("volet:Emploi", "quartier:N", "quartier:S"))
    assert found.files[1].score == 125
    assert found.caps == {"volet:Emploi": 4, "quartier:S": 3}


@st.composite
def small(draw: st.DrawFn) -> Instance:
    step = draw(st.sampled_from((1, 5, 10)))
    lines = []
    for n in range(draw(st.integers(1, 5))):
        asked = draw(st.integers(0, 5)) * step + draw(st.sampled_from((0, 0, step - 1)))
        least = draw(st.sampled_from((asked, asked // 2, 0)))
        groups = [group for group in ("volet:A", "quartier:B") if draw(st.booleans())]
        groups.append(f"structure:{draw(st.integers(0, 2))}")
        weights = draw(st.sampled_from(((), (), (3, 2), (1, 1), (1, 1, 1), (1, 3, 3), (2, 0, 5))))
        shared = ("quartier:C", "quartier:D", "quartier:E")[: len(weights)]
        splits = (Split(shared, weights),) if shared else ()
        score = draw(st.sampled_from((0, 1, 2, 3, 5, 17)))
        lines.append(File(f"D{n}", score, asked, least, (*groups, *shared), splits))
    total = sum(line.asked_cents for line in lines)
    named = sorted({group for line in lines for group in line.groups})
    caps = {group: draw(st.integers(0, total)) for group in named if draw(st.booleans())}
    floors = {group: draw(st.integers(0, total // 3)) for group in named if draw(st.integers(0, 3)) == 0}
    locks = {line.id: draw(st.sampled_from((0, line.asked_cents))) for line in lines if draw(st.integers(0, 7)) == 0}
    return Instance(draw(st.integers(0, total + 2)), step, tuple(lines), caps, floors, locks)


def counted(line: File, cents: int) -> dict[str, int]:
    """What an amount counts for in each group, apart from what the solver counts with."""
    found = dict.fromkeys(line.groups, cents)
    for shared in line.splits:
        found |= zip(shared.groups, split(cents, len(shared.groups), shared.weights), strict=True)
    return found


def every_answer(shared: Instance) -> tuple[tuple[int, int] | None, set[frozenset[str]]]:
    """The best score and money of all sharings, one by one, and who is served in those."""
    choices = []
    for line in shared.files:
        if line.id in shared.locks:
            choices.append([shared.locks[line.id]])
        else:
            on_step = range(shared.step_cents, line.asked_cents + 1, shared.step_cents)
            choices.append(sorted({0, line.asked_cents, *(a for a in on_step if a >= line.minimum_cents)}))
    top: tuple[int, int] | None = None
    served: set[frozenset[str]] = set()
    for amounts in product(*choices):
        sums: dict[str, int] = {}
        for line, cents in zip(shared.files, amounts, strict=True):
            for group, part in counted(line, cents).items():
                sums[group] = sums.get(group, 0) + part
        if (
            sum(amounts) > shared.envelope_cents
            or any(sums[group] > cap for group, cap in shared.caps.items())
            or any(sums[group] < floor for group, floor in shared.floors.items())
        ):
            continue
        names = frozenset(line.id for line, cents in zip(shared.files, amounts, strict=True) if cents)
        found = (value(shared, names), sum(amounts))
        if top is None or found > top:
            top, served = found, set()
        if found == top:
            served.add(names)
    return top, served


def a_part_that_a_cent_more_loses() -> Instance:
    """Of 4 cents between parts of 1, 3 and 3, the first gets none; of 3, one."""
    parts = ("quartier:C", "quartier:D", "quartier:E")
    line = File("D1", 0, 4, 2, ("structure:0", *parts), (Split(parts, (1, 3, 3)),))
    return Instance(4, 1, (line,), {}, {"quartier:C": 1})


def amounts_that_never_make_the_floor() -> Instance:
    """51 cents to give and 51 asked by a floor, of amounts that make 50 or 59; simplified, the solver met one."""
    parts = ("quartier:C", "quartier:D", "quartier:E")
    files = (
        File("D0", 0, 40, 0, ("volet:A", "quartier:B", "structure:0")),
        File("D1", 0, 50, 50, ("structure:1",)),
        File("D2", 0, 50, 25, ("volet:A", "structure:0")),
        File("D3", 1, 10, 10, ("structure:0",)),
        File("D4", 1, 19, 9, ("volet:A", "structure:2", *parts), (Split(parts, (1, 1, 1)),)),
    )
    return Instance(101, 10, files, {}, {"quartier:B": 1, "volet:A": 51}, {"D1": 50})


def a_rise_of_less_than_a_unit_of_the_floor() -> Instance:
    """A floor of one cent, served by whole tens: a request of twenty is worth no more of it than one of ten."""
    files = (
        File("D1", 5, 9, 9, ("structure:0",)),
        File("D2", 2, 10, 10, ("structure:1",)),
        File("D3", 2, 20, 10, ("structure:1",)),
    )
    return Instance(11, 10, files, {}, {"structure:1": 1})


@settings(max_examples=1_500, deadline=None)
@given(small())
@example(a_rise_of_less_than_a_unit_of_the_floor())
@example(a_part_that_a_cent_more_loses())
@example(amounts_that_never_make_the_floor())
def test_best_is_the_best_of_all_sharings_and_names_its_ties(shared: Instance) -> None:
    top, served = every_answer(shared)
    if top is None:
        with pytest.raises(UserError, match="Aucune répartition n’est possible"):
            solve(shared, "best")
        return
    found = solve(shared, "best")
    assert (value(shared, found.chosen), found.spent_cents) == top
    assert found.proved
    assert set(found.ties) == frozenset.union(*served) - frozenset.intersection(*served)
    assert solve(replace(shared, files=shared.files[::-1]), "best").chosen == found.chosen


@settings(max_examples=400, deadline=None)
@given(small(), st.sampled_from(("stop", "skip", "best")))
def test_reasons_and_near_misses_are_true(shared: Instance, rule: Rule) -> None:
    try:
        found = solve(shared, rule)
    except UserError:
        return
    reasons = Reasons(shared, found)
    misses = Misses(reasons.again)
    total = sum(line.asked_cents for line in shared.files)
    for line in shared.files:
        if line.id in found.chosen or not line.asked_cents or line.id in shared.locks:
            continue
        if line.id not in found.ties:
            parts = reasons.binding(line.id)
            assert parts
            assert line.id in solve(without(shared, parts), rule).chosen
        expected = None
        for more in range(
            shared.step_cents, max(0, total - shared.envelope_cents) + shared.step_cents, shared.step_cents
        ):
            if line.id in solve(replace(shared, envelope_cents=shared.envelope_cents + more), rule).chosen:
                expected = more
                break
        assert misses.near_miss(line.id).cents == expected


@settings(max_examples=400, deadline=None)
@given(small(), st.randoms(use_true_random=False))
def test_skip_serves_between_what_every_order_and_some_order_serve(shared: Instance, chance: Any) -> None:
    shared = replace(shared, locks={}, floors={})
    found = solve(shared, "skip")
    order = sorted(shared.files, key=lambda line: (-line.score, chance.random()))
    room, caps, served = shared.envelope_cents, dict(shared.caps), set()
    for line in order:
        parts = {group: part for group, part in counted(line, line.asked_cents).items() if group in caps}
        fits = line.asked_cents <= room and all(part <= caps[group] for group, part in parts.items())
        if fits and line.asked_cents:
            room -= line.asked_cents
            for group, part in parts.items():
                caps[group] -= part
            served.add(line.id)
    assert set(found.chosen) <= served <= set(found.chosen) | set(found.ties)


def test_what_hundreds_of_files_lack_under_skip_is_all_known_and_true() -> None:
    """Costs to the cent, notes that meet: tried envelope by envelope, most of these were never established."""
    chance = random.Random(11)
    asked = [chance.randrange(100, 40_000_00) for _ in range(300)]
    shared = Instance(
        sum(asked) // 3, 1, tuple(File(str(n), chance.randrange(3_000), a, a) for n, a in enumerate(asked))
    )
    found = solve(shared, "skip")
    misses = Misses(Reasons(shared, found).again)
    out = [file.id for file in shared.files if file.id not in found.chosen]
    lacks = {name: misses.near_miss(name) for name in out}
    assert all(miss.known and miss.cents for miss in lacks.values())
    for name in out[::20]:
        cents = lacks[name].cents or 0
        assert name in solve(replace(shared, envelope_cents=shared.envelope_cents + cents), "skip").chosen
        for less in (1, cents // 2, cents - 1):
            larger = replace(shared, envelope_cents=shared.envelope_cents + less)
            assert less >= cents or name not in solve(larger, "skip").chosen


def test_what_round_costs_lack_is_the_same_to_the_cent_as_by_round_steps() -> None:
    """Votes and costs of a participatory budget: a step of one cent tried a hundred thousand envelopes between two."""
    chance = random.Random(3)
    drawn = [
        (chance.choice([chance.randrange(3, 2_500), chance.randrange(3, 400)]), chance.randrange(100_000, 9_000_000))
        for _ in range(150)
    ]
    lines = tuple(
        File(f"P{n}", score, cents // 1_000_00 * 1_000_00, cents // 1_000_00 * 1_000_00)
        for n, (score, cents) in enumerate(drawn)
    )
    whole = sum(line.asked_cents for line in lines) // 4
    fine, round_ = (Instance(whole // 1_000_00 * 1_000_00, step, lines) for step in (1, 1_000_00))
    found = solve(fine, "best")
    assert found.chosen == solve(round_, "best").chosen
    told = {step: Misses(Reasons(one, found).again) for step, one in (("fine", fine), ("round", round_))}
    out = [line.id for line in lines if line.id not in found.chosen]
    assert len(out) > 30
    for name in out:
        assert told["fine"].near_miss(name) == told["round"].near_miss(name)
        assert told["fine"].near_miss(name).known


def test_amounts_between_two_units_of_the_minimums_may_be_the_least_that_is_lacked() -> None:
    """The minimums are whole 14 cents, the amounts whole 7: with 77, a at 49 and b at 28 are worth the most money."""
    shared = Instance(0, 7, (File("a", 1, 58, 42), File("b", 0, 46, 27), File("c", 0, 35, 13)))
    found = solve(shared, "best")
    assert Misses(Reasons(shared, found).again).near_miss("b").cents == 77


def test_every_limit_that_stops_the_list_is_named_however_many() -> None:
    """Five better files, each over a cap of its own: the last one enters when the five are lifted, not with four."""
    names = ("a", "b", "c", "d", "e")
    shared = instance(
        100,
        *((name, 9 - at, 10) for at, name in enumerate(names)),
        ("z", 1, 10),
        groups={name: (f"volet:{name}",) for name in names},
        caps={f"volet:{name}": 5 for name in names},
    )
    found = solve(shared, "stop")
    told = Reasons(shared, found).sentence("z")
    assert all(f"plafond du volet {name}" in told for name in names) and "autre" not in told.replace("un autre", "")
    assert "z" not in solve(replace(shared, caps={"volet:e": 5}), "stop").chosen
    assert solve(replace(shared, caps={}), "stop").chosen["z"] == 10


def near_misses_one_step_after_the_other(shared: Instance) -> dict[str, int | None]:
    """The least growth that serves each file left out, every larger envelope being solved."""
    out = {file.id for file in shared.files} - solve(shared, "best").chosen.keys()
    lacks: dict[str, int | None] = dict.fromkeys(out)
    total = sum(file.asked_cents for file in shared.files)
    for more in range(shared.step_cents, total - shared.envelope_cents + shared.step_cents, shared.step_cents):
        chosen = solve(replace(shared, envelope_cents=shared.envelope_cents + more), "best").chosen
        lacks |= {name: more for name in out & chosen.keys() if lacks[name] is None}
    return lacks


def test_a_set_given_all_that_the_envelope_holds_is_overtaken_by_one_that_may_receive_more() -> None:
    fillers = [File(f"C{score}", score, 1_000, 1_000, ()) for score in range(1, 11)]
    files = (File("A", 1_000, 100, 60, ()), File("B", 1_000, 150, 60, ()), *fillers)
    shared = Instance(90, 10, files, {}, {})
    misses = Misses(Reasons(shared, solve(shared, "best")).again)
    assert misses.near_miss("B") == NearMiss(20, True)


def test_near_misses_told_up_to_some_envelope_are_looked_for_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests of 4 to 16 cents by steps of 2: the envelope is counted in fours, what it lacks is not."""
    monkeypatch.setattr(sharing_shape, "_FEW", 2)
    monkeypatch.setattr(allocation_envelopes, "_FEW", 1)
    monkeypatch.setattr(allocation_envelopes, "_MOST_WEIGHED", 3)
    rows = (("f0", 8, 0), ("f1", 8, 1), ("f2", 12, 1), ("f3", 16, 1), ("f4", 4, 2), ("f5", 12, 0))
    files = tuple(File(name, 10, cents, cents, ("volet:0", f"structure:{own}")) for name, cents, own in rows)
    shared = Instance(21, 2, files, {"structure:0": 17}, {"structure:0": 2})
    misses = Misses(Reasons(shared, solve(shared, "best")).again)
    expected = near_misses_one_step_after_the_other(shared)
    assert {name: misses.near_miss(name).cents for name in expected} == expected
