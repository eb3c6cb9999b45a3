"""Lines that open a block with its amount and no name: « 6574 … 30 000,00 » above the grants of that article.

The annexes of budgets print totals above what they add up, article by article, and those of a chapter above them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cv_desktop.domain.sheets import Row, plain
from cv_desktop.domain.totals import NO_NAME

# A list is read once; what would take more looks ahead than this is no annex.
_LOOKS = 2_000_000


def block_heads(rows: Sequence[Row], amount: Callable[[Row], int | None], is_total: Callable[[Row], bool]) -> set[int]:
    """The lines without a name, a title or a number of association whose amount is the sum of the named lines below,

    up to another such line, a total, or the end. One line alone below is chance, unless the head is a mere code.
    """
    if all(row.text("name") not in NO_NAME for row in rows):
        # Most lists name somebody on every line: they are not looked at twice.
        return set()
    entries: list[tuple[int, str, int, bool]] = []
    for row in rows:
        cents = amount(row)
        if cents is None:
            continue
        if row.text("name") not in NO_NAME:
            entries.append((row.line, "total" if is_total(row) else "named", cents, False))
            continue
        others = [text for text in map(plain, row.cells) if text]
        known = any(row.text(key) for key in ("title", "siret", "siren", "rna"))
        bare = not known and len(others) <= 2
        code = len(others) == 2 and others[0].isdigit()
        entries.append((row.line, "head" if bare else "other", cents, code))
    heads, looks = set(), 0
    for place, (line, kind, cents, code) in enumerate(entries):
        if kind != "head" or looks > _LOOKS:
            continue
        found = named = 0
        for _line, other, below, _code in (*entries[place + 1 :], (0, "end", 0, False)):
            looks += 1
            if other == "named":
                found, named = found + below, named + 1
            elif found == cents and (named > 1 or (named and code)):
                heads.add(line)
                break
            elif found > cents or other == "other":
                break
        if cents == 0:
            heads.add(line)
    return heads
