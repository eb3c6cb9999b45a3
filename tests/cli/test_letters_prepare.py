"""« letters prepare »: one letter by hand with its file of answers, the reminders, what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from cli.conftest import Line
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision
from cv_desktop.db.store import Store
from cv_desktop.services import movements
from cv_desktop.services.demonstration import Story

NBSP = "\u00a0"


@pytest.fixture
def voted(line: Line, base_at: Callable[[str], tuple[Store, Story]]) -> tuple[Line, str, str]:
    """The voted base, the number of a file that is granted, and of one that is refused."""
    store, _story = base_at("voted")
    query = select(Decision.outcome, Application.number).join(Application, Application.id == Decision.application_id)
    with store.read() as session:
        found = dict(session.execute(query).all())
        granted = found.get("granted") or found["partial"]
        key = session.scalars(select(Application.id).where(Application.number == granted)).one()
    with store.write("Essai") as session:
        movements.call_payment(session, application_id=key, cents=500_50)
    folder = store.folder
    store.close()
    return replace(line, folder=folder), granted, found["refused"]


def test_one_kind_is_issued_alone_and_an_unknown_one_is_refused(voted: tuple[Line, str, str], tmp_path: Path) -> None:
    line, _number, _refused = voted
    said = line("letters", "issue", "--call", "FIA-2026", "--kind", "aj", "--out", tmp_path / "pdf")
    assert (said.code, said.data["letters"]) == (0, {"AJ": 1})
    assert [path.suffix for path in (tmp_path / "pdf").iterdir()] == [".pdf"]
    wrong = line("letters", "issue", "--call", "FIA-2026", "--kind", "ZZ", "--out", tmp_path)
    assert wrong.code == 2 and "Aucun courrier de type «\u00a0ZZ\u00a0»" in wrong.err
    absent = line("letters", "export", "--call", "FIA-2026", "--kind", "VER", "--for", "parapheur", "--out", tmp_path)
    assert (absent.code, list(tmp_path.glob("*.csv"))) == (2, [])
    assert absent.err.startswith("Aucun courrier de type VER dans cette campagne. Types présents")
    taken = line(
        "letters", "export", "--call", "FIA-2026", "--kind", "aj", "--for", "parapheur", "--out", tmp_path / "p"
    )
    assert taken.code == 0 and len(list((tmp_path / "p").rglob("*.pdf"))) == 1


def test_a_payment_is_prepared_with_the_answers_of_a_file(voted: tuple[Line, str, str], tmp_path: Path) -> None:
    line, number, _refused = voted
    given = tmp_path / "versement.json"
    given.write_text(json.dumps({"montant": 500.5, "verse_le": "20/04/2026", "bordereau": "2026-118"}), "utf-8")
    asked = ("letters", "prepare", "--call", "FIA-2026", "--application", number, "--kind", "VER", "--given", given)
    said = line(*asked)
    assert (said.code, said.data["prepared"], said.data["kind"]) == (0, 1, "VER")
    assert said.data["missing"] == []
    given.write_text('{"montant": "beaucoup"}', "utf-8")
    assert f"«{NBSP}beaucoup{NBSP}» n’est pas un montant" in line(*asked).err
    given.write_text('{"montant": ', "utf-8")
    assert "n’est pas un fichier json" in line(*asked).err


def test_what_makes_no_sense_is_refused_and_nothing_is_due_twice(voted: tuple[Line, str, str]) -> None:
    line, number, refused = voted
    call = ("letters", "prepare", "--call", "FIA-2026")
    assert "aucune subvention n’est attribuée" in line(*call, "--application", refused, "--kind", "VER").err
    assert "--kind VER" in line(*call, "--application", number).err
    assert "n’a le numéro" in line(*call, "--application", "FIA-2026-9999", "--kind", "VER").err
    assert line(*call).data["prepared"] == 15
    assert line(*call).data["prepared"] == 0
