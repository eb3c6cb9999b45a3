"""``letters send`` and ``letters receive``: mails made ready, letters marked sent, days of receipt from a file."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Line
from tests.cli.test_letters_sign import CALL, told

__all__ = ["told"]


def test_mails_are_written_and_marked_only_when_asked(told: Line, tmp_path: Path) -> None:
    given = ("letters", "send", "--call", CALL, "--channel", "email", "--out", tmp_path / "mails")
    said = told(*given)
    # The acknowledgements are the agent's; what an elected person signs waits.
    assert said.code == 1
    assert {one["why"].split(":")[0].strip() for one in said.data["left"]} == {"attend sa signature"}
    assert len(said.data["files"]) == 51
    assert sorted(path.name for path in (tmp_path / "mails").iterdir()) == sorted(said.data["files"])
    assert said.data["sent"] == []
    some = said.data["letters"][:2]
    marked = told(*given, "--number", some[0], "--number", some[1], "--sent-on", "15/04/2026")
    assert (marked.code, marked.data["sent"]) == (0, some)
    receipts = tmp_path / "ar.txt"
    receipts.write_text(f"{some[0]}\t15/04/2026\nCO-2031-0001\t15/04/2026\n", encoding="utf-8")
    received = told("letters", "receive", receipts, "--call", CALL)
    assert (received.code, received.data["received"]) == (1, {some[0]: "2026-04-15"})
    assert received.data["refused"][0]["line"] == 2


def test_registered_mail_has_its_list_and_its_numbers(told: Line, tmp_path: Path) -> None:
    given = ("letters", "send", "--call", CALL, "--channel", "lrar", "--kind", "REF")
    listed = told(*given, "--out", tmp_path / "poste")
    assert listed.data["files"] == ["bordereau.xlsx", "bordereau.pdf", "bordereau.csv"]
    (number,) = listed.data["letters"]
    numbers = tmp_path / "recommandes.txt"
    numbers.write_text(f"{number}\tbonjour\n", encoding="utf-8")
    refused = told(*given, "--sent-on", "15/04/2026", "--registered", numbers)
    assert (refused.code, "n’est pas un numéro de recommandé" in refused.err) == (2, True)
    numbers.write_text(f"{number}\t1A 001 234 5678 9\n", encoding="utf-8")
    assert told(*given, "--sent-on", "15/04/2026", "--registered", numbers).data["sent"] == [number]
    assert told(*given).code == 2  # neither --out nor --sent-on
