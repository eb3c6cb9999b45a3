"""cv-desktop call: the configuration of a campaign goes out, comes back, and serves the next year."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Line


def test_last_years_campaign_is_duplicated_with_its_doubts_told(campaign: Line) -> None:
    said = campaign("call", "duplicate", "FIA-2026", "FIA-2027", "--year", "2027")
    assert said.code == 0
    assert (said.data["call"], said.data["scheme"], said.data["year"], said.data["envelope_cents"]) == (
        "FIA-2027", "FIA", 2027, 0,
    )  # fmt: skip
    assert said.data["to_validate"] == len(said.data["to_validate_labels"]) > 50
    again = campaign("call", "duplicate", "FIA-2026", "FIA-2027", "--year", "2027")
    assert again.code == 2 and "existe déjà" in again.err
    unknown = campaign("call", "duplicate", "AAP-2026", "AAP-2027", "--year", "2027")
    assert unknown.code == 2 and "« AAP-2026 » n’existe pas" in unknown.err.replace("\u00a0", " ")


def test_a_configuration_goes_out_and_comes_back_in_another_base(campaign: Line, line: Line, tmp_path: Path) -> None:
    out = tmp_path / "fia.json"
    said = campaign("call", "export", "fia-2026", "--out", out)
    assert (said.code, said.data["bytes"]) == (0, out.stat().st_size)
    written = json.loads(out.read_text(encoding="utf-8"))
    assert (written["format"], written["version"], len(written["sha256"])) == ("cv-desktop-campagne", 1, 64)
    taken = campaign("call", "import", out)
    assert taken.code == 2 and "existe déjà" in taken.err
    other = campaign("call", "import", out, "--code", "FIA-2026-B", plain=True)
    assert other.code == 0 and other.out.startswith("Campagne FIA-2026-B importée. À valider avant l’ouverture")
    assert campaign("verify").code == 0


def test_a_bad_file_is_refused_with_its_sentence_and_writes_nothing(campaign: Line, tmp_path: Path) -> None:
    out = tmp_path / "fia.json"
    campaign("call", "export", "FIA-2026", "--out", out)
    changed = tmp_path / "change.json"
    changed.write_bytes(out.read_bytes().replace(b"300000", b"900000", 1))
    said = campaign("call", "import", changed, "--code", "X")
    assert said.code == 2 and "a été modifié ou coupé après son export" in said.err
    absent = campaign("call", "import", tmp_path / "absent.json", "--code", "X")
    assert absent.code == 2 and "est introuvable" in absent.err
    nowhere = campaign("call", "export", "FIA-2026", "--out", tmp_path / "nulle part" / "x.json")
    assert nowhere.code == 2 and "n’existe pas" in nowhere.err
    assert campaign("call", "duplicate", "X", "Y", "--year", "2027").code == 2
