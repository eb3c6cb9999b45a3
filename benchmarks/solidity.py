"""Solidity of 250 files × 6 members × 9 criteria, 2 000 draws, for both lines: processor time. Target: one second."""

from __future__ import annotations

import json
from random import Random
from time import process_time

from cv_desktop.domain.grid import Grid
from cv_desktop.domain.solidity import Firmness, Judged, Shaking, by_band, by_cut
from cv_desktop.paths import resource

FILES, MEMBERS, RUNS, TARGET_MS = 250, 6, 3, 1000


def main() -> None:
    document = json.loads(resource("reference", "grilles.json").read_text("utf-8"))
    grid, random = Grid.of_scheme(document, "AAP"), Random(1)
    files = {}
    for place in range(FILES):
        merit = random.uniform(0.4, 2.6)
        sheets = tuple(
            {code: max(0, min(3, round(random.gauss(merit, 0.7)))) for code in grid.codes} for _ in range(MEMBERS)
        )
        files[f"{place:03d}"] = Judged(grid, sheets)
    for name, work in (("band", lambda: by_band(files)), ("cut at 100", lambda: by_cut(files, 100))):
        times = []
        for _ in range(RUNS):
            start = process_time()
            found = work()
            times.append((process_time() - start) * 1000)
        counts = ", ".join(f"{s.label} {sum(x.state is s for x in found.values())}" for s in Firmness)
        print(f"{Shaking().draws} draws, {name:10} {min(times):7.0f} ms   (target {TARGET_MS})   {counts}")


if __name__ == "__main__":
    main()
