"""A public participatory budget: projects all or nothing, votes for scores, the figures worked out by hand.

The shape is that of the open files of such votes (a section of facts, one of projects, one of votes), the town and
the projects are invented.
"""

from __future__ import annotations

import pytest

from cv_desktop.domain.allocation_again import enlarged
from cv_desktop.domain.allocation_answer import left, value
from cv_desktop.domain.allocation_instance import Instance, Rule, read
from cv_desktop.domain.allocation_misses import Misses
from cv_desktop.domain.allocation_reasons import Reasons
from cv_desktop.domain.allocation_solve import solve

# Twelve projects of known cost, then forty-eight of 4 000 € each that one vote less than the other wants.
HEAD = """META
key;value
description;Budget participatif inventé
country;France
unit;Exempleville
instance;2026
num_projects;60
num_votes;0
budget;{budget}
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;votes;name
1;30000;410;Jardin
2;55000;395;Passerelle
3;12500;395;Nichoirs
4;250000;390;Halle, plus chère que le budget
5;20000;372;Terrain
6;17500;360;Fontaine
7;9000;351;Bancs
8;21000;340;Préau
9;14000;340;Cour
10;6500;338;Boîtes à livres
11;1200;337;Compost
12;800;0;Sans une voix
"""


def document(budget: int) -> str:
    return HEAD.format(budget=budget) + "".join(f"{13 + n};4000;{300 - n};Rue {n}\n" for n in range(48))


def instance(text: str) -> Instance:
    """The sections of a file of votes, in whole currency units: a project is asked at its cost or not at all."""
    facts: dict[str, str] = {}
    files = []
    section, columns = "", [""]
    for line in text.splitlines():
        cells = line.split(";")
        if line in ("META", "PROJECTS", "VOTES"):
            section, columns = line, []
        elif not columns:
            columns = cells
        elif section == "META":
            facts[cells[0]] = cells[1]
        elif section == "PROJECTS":
            row = dict(zip(columns, cells, strict=False))
            files.append({"id": row["project_id"], "score": int(row["votes"]), "asked_cents": int(row["cost"]) * 100})
    return read({"envelope_cents": int(facts["budget"]) * 100, "step_cents": 0, "files": files})


def names(first: int, last: int) -> set[str]:
    return {str(n) for n in range(first, last + 1)}


def test_stop_ends_at_the_project_dearer_than_the_budget() -> None:
    # 410, then the two of 395: 30 000 + 55 000 + 12 500 = 97 500; the fourth costs more than everything.
    shared = instance(document(180_000))
    found = solve(shared, "stop")
    assert set(found.chosen) == {"1", "2", "3"}
    assert (left(shared, found), value(shared, found.chosen) // shared.scale, found.ties) == (82_500_00, 1_200, ())


def test_skip_goes_on_and_two_projects_of_340_votes_are_a_tie() -> None:
    # 97 500 + 20 000 + 17 500 + 9 000 = 144 000: 36 000 remain; 21 000 and 14 000 both fit, 1 000 remains.
    # Then 6 500 and 1 200 do not, nor any street; the project without a vote costs 800: 200 remain.
    shared = instance(document(180_000))
    found = solve(shared, "skip")
    assert set(found.chosen) == {"1", "2", "3", "5", "6", "7", "8", "9", "12"}
    assert (left(shared, found), found.ties) == (200_00, ())
    # With 170 000: 26 000 remain, one of the two fits. After the preau 5 000 remain: compost, then nothing of
    # 4 000 in 3 800, then the project without a vote. After the yard 12 000 remain: books, compost, then one street
    # in 4 300, and not the last one in 300. Compost alone is in both.
    short = instance(document(170_000))
    found = solve(short, "skip")
    assert set(found.chosen) == {"1", "2", "3", "5", "6", "7", "11"}
    assert set(found.ties) == {"8", "9", "10", "12", "13"}
    assert left(short, found) == 24_800_00
    dearest, cheapest = solve(short, "skip", ties="dearest"), solve(short, "skip", ties="cheapest")
    assert set(dearest.chosen) - set(found.chosen) == {"8", "12"}
    assert set(cheapest.chosen) - set(found.chosen) == {"9", "10", "13"}
    assert (left(short, dearest), left(short, cheapest)) == (3_000_00, 300_00)


def test_stop_with_two_projects_of_equal_votes_at_the_cut() -> None:
    # 30 000 are served; 55 000 and 12 500 have 395 votes each and 60 000 cannot hold both, but either.
    shared = instance(document(90_000))
    found = solve(shared, "stop")
    assert (set(found.chosen), found.ties, left(shared, found)) == ({"1"}, ("2", "3"), 60_000_00)
    # 40 000 left hold the cheaper only, and only when it comes first: the dearer one would end the list before it.
    found = solve(instance(document(70_000)), "stop")
    assert (set(found.chosen), found.ties) == ({"1"}, ("2", "3"))
    # 10 000 left hold neither, whatever the order: nothing is tied.
    found = solve(instance(document(40_000)), "stop")
    assert (set(found.chosen), found.ties) == ({"1"}, ())


def test_best_serves_the_most_votes_and_each_project_left_out_knows_what_it_lacks() -> None:
    # Every street brings 253 votes or more for 4 000: forty-five of them, then no dearer project is worth its streets.
    shared = instance(document(180_000))
    found = solve(shared, "best")
    assert found.proved
    assert found.ties_proved
    cost = {file.id: file.asked_cents for file in shared.files}
    assert sum(cost[name] for name in found.chosen) == 180_000_00 - left(shared, found)
    told = Misses(Reasons(shared, found).again)
    for file in shared.files:
        if file.id not in found.chosen:
            missed = told.near_miss(file.id)
            assert missed.known
            assert missed.cents
            assert file.id in solve(enlarged(shared, missed.cents), "best").chosen


@pytest.mark.parametrize("rule", ("stop", "skip"))
def test_near_misses_serve_and_a_unit_less_does_not(rule: Rule) -> None:
    shared = instance(document(170_000))
    found = solve(shared, rule)
    told = Misses(Reasons(shared, found).again)
    for name in ("4", "10", "59"):
        missed = told.near_miss(name)
        assert missed.cents
        assert name in solve(enlarged(shared, missed.cents), rule).chosen
        assert name not in solve(enlarged(shared, missed.cents - 1), rule).chosen
