"""cv-desktop templates: the texts of letters go from one base to another, and a file changed by hand is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cv_desktop.domain import sealed_file

from .conftest import Line


def test_the_texts_are_written_and_taken_again_as_they_were(campaign: Line, tmp_path: Path) -> None:
    out = tmp_path / "modeles.json"
    said = campaign("templates", "export", "--out", out)
    assert (said.code, {"kind": "ATT", "version": 1} in said.data["templates"]) == (0, True)
    again = campaign("templates", "import", out)
    assert (again.code, again.data["written"]) == (0, [])
    assert "Attribution" in again.data["same"]


def test_a_text_changed_elsewhere_is_the_next_version_of_a_campaign_alone(campaign: Line, tmp_path: Path) -> None:
    out = tmp_path / "modeles.json"
    campaign("templates", "export", "--out", out)
    given = json.loads(out.read_bytes())
    attribution = next(x for x in given["content"]["templates"] if x["kind"] == "ATT")
    attribution["content"]["closing"] = "Bien à <vous> & aux vôtres."
    given["content"]["templates"] = [attribution]
    out.write_text(json.dumps(given), encoding="utf-8")
    refused = campaign("templates", "import", out)
    assert refused.code == 2
    assert "a été modifié ou coupé après son export" in refused.err
    given["sha256"] = sealed_file.checksum(given["content"])
    out.write_text(json.dumps(given), encoding="utf-8")
    taken = campaign("templates", "import", out, "--call", "FIA-2026", plain=True)
    assert taken.out == "1 modèle pris\u00a0: Attribution (version 2).\n"
    own, general = tmp_path / "fia.json", tmp_path / "tous.json"
    campaign("templates", "export", "--call", "FIA-2026", "--out", own)
    campaign("templates", "export", "--out", general)
    assert "<vous> & aux vôtres" in own.read_text(encoding="utf-8")
    assert "vôtres" not in general.read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [("export", "--out", "x.json"), ("import", "x.json")])
def test_an_unknown_campaign_or_file_is_said(campaign: Line, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    action, *rest = arguments
    rest[-1] = str(tmp_path / rest[-1])
    said = campaign("templates", action, *rest, "--call", "FIA-1999")
    assert said.code == 2
    assert "FIA-1999" in said.err or "introuvable" in said.err
