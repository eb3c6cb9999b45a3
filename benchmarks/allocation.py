"""Envelopes shared under the best rule: 250 and 2 000 files at a step of 50 €, with and without caps of structures,
volets and quartiers and a floor, and knapsacks made to be hard. Prints milliseconds and their ratio to reading and
checking the same instance. Targets: 100 ms for 250 files, 2 000 ms for 2 000. « no proof »: stopped after 10 s."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

from cv_desktop.domain.allocation_answer import verify
from cv_desktop.domain.allocation_instance import File, Instance, check
from cv_desktop.domain.allocation_reasons import Reasons
from cv_desktop.domain.allocation_solve import solve

STEP, LONGEST = 50_00, 10.0
KINDS = ("plain", "capped", "all or nothing", "capped, all or nothing", "score follows amount", "one score")


def main() -> None:
    kept = sys.argv[1:] or KINDS
    for size, target in ((250, 100), (2_000, 2_000)):
        for kind in KINDS:
            if kind in kept:
                _say(size, kind, target)
    shared = instance(250, "plain", 1)
    solution = solve(shared, "skip")
    reasons = Reasons(shared, solution)
    began = perf_counter()
    for file in shared.files:
        reasons.sentence(file.id)
        reasons.near_miss(file.id)
    print(f"skip, 250 files: every sentence and near miss {(perf_counter() - began) * 1000:8.1f} ms")


def _say(size: int, kind: str, target: int) -> None:
    times, floors, proved = [], [], True
    for seed in range(3):
        shared = instance(size, kind, seed)
        began = perf_counter()
        solution = solve(shared, "best", stop=_after(LONGEST), name_ties=False)
        solved = perf_counter()
        check(replace(shared, files=tuple(replace(file) for file in shared.files)))
        verify(shared, solution)
        floors.append((perf_counter() - solved) * 1000)
        times.append((solved - began) * 1000)
        proved = proved and solution.proved
    worst, floor = max(times), sorted(floors)[1]
    note = "" if proved else "   no proof"
    print(f"{size:5} files, {kind:24} median {sorted(times)[1]:8.1f} ms, worst {worst:8.1f} ms   (target {target}), "
          f"ratio {sorted(times)[1] / floor:6.1f}{note}")  # fmt: skip


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


def _after(seconds: float) -> Callable[[], bool]:
    end = perf_counter() + seconds
    return lambda: perf_counter() > end


if __name__ == "__main__":
    main()
