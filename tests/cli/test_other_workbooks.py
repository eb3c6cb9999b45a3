"""Workbooks of the same layout that nobody has seen: every planted defect comes out, and nothing else does."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path

import pytest

from deposit_workbook import ASKED, QUARTER, SIRET, TITLE, Book

from .conftest import Line

CER = "J'ai souscrit le contrat d'engagement républicain"
STATE, DEPOSITED = "État du dossier", "Déposé le"
RUINED = ("2,43E+13", "1,00E+14", "99390487900081", "9939048790001")


class Planted(Book):
    """A sound workbook, then some defects of each kind on lines of its own."""

    def __init__(self, seed: int, count: int, each: int) -> None:
        super().__init__(seed, count)
        draw = random.Random(seed)
        free = draw.sample(range(count), count)
        self.expected: dict[str, list[str]] = {}
        take = lambda: [free.pop() for _ in range(each)]  # noqa: E731
        self.drafts = sorted(self.set(at, STATE, "Brouillon") for at in take())
        undated = take()
        for at in undated:
            self.set(at, DEPOSITED, "")
            self.drafts.append(self.set(at, STATE, "En construction"))
        self.refused = sorted(self.set(at, TITLE, "") for at in take())
        for code, header, values in (
            ("bad_siret", SIRET, RUINED),
            ("no_cer", CER, ("off", "Non")),
            ("not_qpv", QUARTER, ("Hors quartier prioritaire (centre-ville)", "Hors-quartier prioritaire", "HORS QPV")),
            ("late", DEPOSITED, (datetime(2026, 4, 2, 10), datetime(2026, 5, 30, 10))),  # noqa: DTZ001
        ):
            self.expected[code] = sorted(self.set(at, header, draw.choice(values)) for at in take())
        self.expected["missing_docs"] = sorted(self.set(at, draw.choice(["Statuts", "RIB"]), "") for at in take())
        self.expected["over_ceiling"] = sorted(self._ask(at, draw.randrange(3001, 9000)) for at in take())
        unbalanced = take()
        for at in unbalanced:
            row = next(r for r in self.charges[1:] if r[0] == float(self.numbers[at]))
            row[4] += 240
        self.expected["unbalanced"] = sorted(self.numbers[at] for at in unbalanced)
        self.decimals = [self.set(at, ASKED, f"{self.asked[self.numbers[at]] // 100},00 €") for at in take()]
        self.out = {*self.drafts, *self.refused}
        twice = take()
        self.duplicates = sorted(self.numbers[at] for at in twice)
        for at in twice:
            self.dossiers.append(list(self.dossiers[at + 1]))

    def _ask(self, at: int, euros: int) -> str:
        number = self.set(at, ASKED, float(euros))
        self.asked[number] = euros * 100
        for row in (r for r in self.incomes[1:] if r[0] == float(number) and r[2] == "74"):
            row[4] = float(euros)
        other = next(r for r in self.incomes[1:] if r[0] == float(number) and r[2] == "70")
        other[4] = float(euros)
        for row in (r for r in self.charges[1:] if r[0] == float(number)):
            row[4] = float(euros)
        self.set(at, "Coût total de l'action", float(2 * euros))
        return number


@pytest.mark.parametrize(
    ("seed", "count", "each"), [(11, 30, 1), (12, 60, 2), (13, 60, 3), (14, 120, 5), (15, 300, 12), (16, 40, 0)]
)
def test_what_was_planted_is_found(campaign: Line, tmp_path: Path, seed: int, count: int, each: int) -> None:
    book = Planted(seed, count, each)
    path = book.save(tmp_path / f"depots_{seed}.xlsx")
    said = campaign("import", path, "--call", "FIA-2026")
    assert said.code == 0, said.err
    kept = [number for number in book.numbers if number not in book.out]
    assert said.data["rows"] == count + each
    assert sorted(said.data["draft_numbers"]) == sorted(book.drafts)
    assert sorted(said.data["refused_numbers"]) == book.refused
    assert sorted(said.data["duplicate_numbers"]) == book.duplicates
    assert said.data["applications"] == len(kept)
    assert said.data["asked_total_cents"] == sum(book.asked[number] for number in kept)
    doubts = {p["number"] for p in said.data["problems"] if p["severity"] == "a_verifier"}
    assert doubts == set(book.expected["bad_siret"])
    assert all(p["line"] > 1 and p["message"].endswith((".", "?")) for p in said.data["problems"])
    checks = campaign("check", "--call", "FIA-2026").data["checks"]
    assert {code: checks[code] for code in book.expected} == book.expected
    assert not set(book.decimals) & {p["number"] for p in said.data["problems"]}


def test_letters_of_an_unseen_workbook_go_out(campaign: Line, tmp_path: Path) -> None:
    book = Planted(21, 40, 1)
    campaign("import", book.save(tmp_path / "depots.xlsx"), "--call", "FIA-2026")
    said = campaign("letters", "issue", "--call", "FIA-2026", "--out", tmp_path / "out")
    assert said.code == 0
    kept = 40 - len(book.out)
    assert said.data["letters"]["AR"] == kept
    assert said.data["blocked"] == []
    refused = {*book.expected["over_ceiling"], *book.expected["late"]}
    assert said.data["letters"]["IRR"] == len(refused)
    incomplete = {*book.expected["missing_docs"], *book.expected["no_cer"], *book.expected["unbalanced"]}
    assert said.data["letters"]["AR-P"] == len(incomplete)
    assert sorted(said.data["numbers"]) == [
        f"CO-{_year()}-{rank:04d}" for rank in range(1, len(said.data["numbers"]) + 1)
    ]
    assert campaign("verify").code == 0


def _year() -> int:
    from cv_desktop.db.work import system_clock
    from cv_desktop.domain.dates import local

    return local(system_clock()).year
