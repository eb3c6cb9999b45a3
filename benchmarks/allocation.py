"""Envelopes shared under the best rule: 250 and 2 000 files at a step of 50 €, with and without caps of structures,
volets and quartiers and a floor, knapsacks made to be hard, realistic campaigns where most structures, every volet
and every quartier are capped, floored ones, noted in whole points, where files must rise above their least, campaigns
where every volet and every structure has its cap, and some of these where scores follow amounts.
Prints milliseconds and their ratio to reading and checking the same instance. Targets: 100 ms for 250 files,
2 000 ms for 2 000. « no proof »: stopped after 10 s."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import perf_counter, process_time

from cv_desktop.domain.allocation_answer import verify
from cv_desktop.domain.allocation_instance import File, Instance, Rule, check
from cv_desktop.domain.allocation_misses import Misses
from cv_desktop.domain.allocation_reasons import Reasons
from cv_desktop.domain.allocation_solve import solve

STEP, LONGEST = 50_00, 10.0
KINDS = (
    "plain", "capped", "all or nothing", "capped, all or nothing", "score follows amount", "one score",
    "realistic", "realistic, all or nothing", "floored", "floored, all or nothing",
    "volets", "volets, all or nothing", "volets, alike",
)  # fmt: skip


def main() -> None:
    kept = sys.argv[1:] or KINDS
    solve(instance(40, "capped", 0), "best")  # loads the solver
    for size, target in ((250, 100), (2_000, 2_000)):
        for kind in KINDS:
            if kind in kept:
                _say(size, kind, target)
    told: tuple[tuple[Rule, str], ...] = (
        ("skip", "plain"), ("best", "plain"), ("best", "realistic"), ("best", "volets"), ("best", "floored"),
    )  # fmt: skip
    for rule, kind in told:
        shared = MADE.get(kind, instance)(250, kind, 1)
        solution = solve(shared, rule)
        reasons = Reasons(shared, solution)
        misses = Misses(reasons.again)
        began, used = perf_counter(), process_time()
        for file in shared.files:
            reasons.sentence(file.id)
            if file.id not in solution.chosen:
                misses.near_miss(file.id)
        print(f"{rule}, 250 files, {kind}: every sentence and near miss {(perf_counter() - began) * 1000:8.1f} ms, "
              f"of processor {(process_time() - used) * 1000:8.1f} ms")  # fmt: skip


def _say(size: int, kind: str, target: int) -> None:
    times, used, floors, proved = [], [], [], True
    for seed in range(5 if kind.startswith(("realistic", "floored", "volets")) else 3):
        shared = MADE.get(kind.partition(",")[0], instance)(size, kind, seed)
        began, busy = perf_counter(), process_time()
        solution = solve(shared, "best", stop=_after(LONGEST), name_ties=False)
        solved = perf_counter()
        used.append((process_time() - busy) * 1000)
        check(replace(shared, files=tuple(replace(file) for file in shared.files)))
        verify(shared, solution)
        floors.append((perf_counter() - solved) * 1000)
        times.append((solved - began) * 1000)
        proved = proved and solution.proved
    worst, floor = max(times), median(floors)
    note = "" if proved else "   no proof"
    print(f"{size:5} files, {kind:24} median {median(times):8.1f} ms, worst {worst:8.1f} ms, "
          f"processor {median(used):8.1f} to {max(used):8.1f} ms   (target {target}), "
          f"ratio {median(times) / floor:6.1f}{note}")  # fmt: skip


def instance(size: int, kind: str, seed: int) -> Instance:
    """Files of 500 to 10 000 €, an envelope of 40 % of the requests; caps bind on a structure in ten, two volets and
    two quartiers; one volet has a floor."""
    chance = random.Random(seed)
    files = []
    for number in range(size):
        asked = chance.randint(10, 200) * STEP
        whole = kind not in ("plain", "capped")
        least = asked if whole else max(STEP, asked * chance.randint(50, 100) // 100 // STEP * STEP)
        score = {"score follows amount": asked // STEP * 10 + 500, "one score": 1_000}.get(
            kind, chance.randint(400, 2_000)
        )
        groups = (
            f"structure:{chance.randrange(size * 2 // 3)}",
            f"volet:{chance.randrange(4)}",
            f"quartier:{chance.randrange(6)}",
        )
        files.append(File(f"D{number:04}", score, asked, least, groups))
    asked_by: dict[str, int] = {}
    for file in files:
        for group in file.groups:
            asked_by[group] = asked_by.get(group, 0) + file.asked_cents
    caps, floors = {}, {}
    if kind.startswith("capped"):
        shares = {"volet:0": 30, "volet:1": 35, "volet:2": 70, "quartier:0": 30, "quartier:1": 35}
        caps = {group: asked_by[group] * share // 100 // STEP * STEP for group, share in shares.items()}
        caps |= {group: 300 * STEP for group, cents in asked_by.items() if group[0] == "s" and cents > 300 * STEP}
        floors = {"volet:3": asked_by["volet:3"] * 45 // 100 // STEP * STEP}
    total = sum(file.asked_cents for file in files)
    return Instance(total * 4 // 10 // STEP * STEP, STEP, tuple(files), caps, floors)


def realistic(size: int, kind: str, seed: int) -> Instance:
    """Files of 1 000 to 15 000 €, one to three per structure, half of the requests in the envelope. Caps: 50 to 80 % of
    what a structure asks, 40 to 65 % of what a volet or a quartier asks; one volet or two with a floor."""
    chance = random.Random(seed)
    files: list[File] = []
    structure = left = 0
    for number in range(size):
        if left == 0:
            structure += 1
            left = chance.randint(1, 3)
        left -= 1
        asked = chance.randint(20, 300) * STEP
        share = 100 if kind.endswith("nothing") else chance.randint(60, 100)
        least = asked if share == 100 else max(STEP, asked * share // 100 // STEP * STEP)
        score = chance.randint(0, 1000) * 10
        groups = (f"structure:{structure}", f"volet:{chance.randrange(6)}", f"quartier:{chance.randrange(5)}")
        files.append(File(f"D{number:04}", score, asked, least, groups))
    asked_by: dict[str, int] = {}
    members: dict[str, int] = {}
    for file in files:
        for group in file.groups:
            asked_by[group] = asked_by.get(group, 0) + file.asked_cents
            members[group] = members.get(group, 0) + 1
    caps = {}
    for group, cents in asked_by.items():
        if not group.startswith("structure"):
            caps[group] = int(cents * chance.uniform(0.4, 0.65)) // STEP * STEP
        elif members[group] > 1:
            caps[group] = int(cents * chance.uniform(0.5, 0.8)) // STEP * STEP
    floors = {"volet:0": int(asked_by["volet:0"] * 0.38) // STEP * STEP}
    if seed % 2:
        floors["volet:1"] = int(asked_by["volet:1"] * 0.35) // STEP * STEP
    total = sum(file.asked_cents for file in files)
    return Instance(total // 2 // STEP * STEP, STEP, tuple(files), caps, floors)


def floored(size: int, kind: str, seed: int) -> Instance:
    """Files of 500 to 15 000 € noted from 20 to 100 whole points, 45 % of the requests in the envelope. Each structure
    may receive 15 000 €, three volets and two quartiers 30 to 50 % of their requests; a volet and two quartiers have
    floors of about their share of the envelope."""
    chance = random.Random(seed)
    files = []
    for number in range(size):
        asked = chance.randint(10, 300) * STEP
        share = 100 if kind.endswith("nothing") else chance.randint(50, 100)
        least = max(STEP, asked * share // 100 // STEP * STEP)
        groups = (
            f"structure:{chance.randrange(size * 2 // 3)}",
            f"volet:{chance.randrange(5)}",
            f"quartier:{chance.randrange(7)}",
        )
        files.append(File(f"D{number:04}", chance.randint(20, 100) * 100, asked, least, groups))
    asked_by: dict[str, int] = {}
    for file in files:
        for group in file.groups:
            asked_by[group] = asked_by.get(group, 0) + file.asked_cents
    total = sum(file.asked_cents for file in files)
    envelope = total * 45 // 100 // STEP * STEP
    caps = {group: 300 * STEP for group in asked_by if group.startswith("structure")}
    for group in ("volet:0", "volet:1", "volet:2", "quartier:0", "quartier:1"):
        caps[group] = int(asked_by[group] * chance.uniform(0.3, 0.5)) // STEP * STEP
    floors = {}
    for group, low, high in (("volet:3", 1.0, 1.25), ("quartier:2", 0.8, 1.1), ("quartier:3", 0.8, 1.1)):
        floors[group] = int(envelope * asked_by[group] / total * chance.uniform(low, high)) // STEP * STEP
    return Instance(envelope, STEP, tuple(files), caps, floors)


def volets(size: int, kind: str, seed: int) -> Instance:
    """Files of 500 to 15 000 € noted from 20 to 100 whole points, 45 % of the requests in the envelope. Each structure
    may receive 15 000 €, each of five volets 30 to 50 % of its requests."""
    chance = random.Random(seed)
    files = []
    for number in range(size):
        asked = chance.randint(10, 300) * STEP
        share = 100 if kind.endswith("nothing") else chance.randint(50, 100)
        least = max(STEP, asked * share // 100 // STEP * STEP)
        groups = (f"structure:{chance.randrange(size * 2 // 3)}", f"volet:{chance.randrange(5)}")
        score = asked // STEP * 10 + 500 if kind.endswith("alike") else chance.randint(20, 100) * 100
        files.append(File(f"D{number:04}", score, asked, least, groups))
    caps = {file.groups[0]: 300 * STEP for file in files}
    for volet in range(5):
        asked = sum(file.asked_cents for file in files if f"volet:{volet}" in file.groups)
        caps[f"volet:{volet}"] = int(asked * chance.uniform(0.3, 0.5)) // STEP * STEP
    total = sum(file.asked_cents for file in files)
    return Instance(total * 45 // 100 // STEP * STEP, STEP, tuple(files), caps, {})


MADE = {"realistic": realistic, "floored": floored, "volets": volets}


def _after(seconds: float) -> Callable[[], bool]:
    end = perf_counter() + seconds
    return lambda: perf_counter() > end


if __name__ == "__main__":
    main()
