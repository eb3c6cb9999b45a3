"""``allocate`` on plain instances."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cli.conftest import Line

INSTANCE = {
    "envelope_cents": 10_000_00,
    "step_cents": 50_00,
    "files": [
        {"id": "A", "score": 15, "asked_cents": 6_000_00, "minimum_cents": 4_000_00, "groups": ["volet:Cohésion"]},
        {"id": "B", "score": 14.5, "asked_cents": 6_000_00, "minimum_cents": 5_000_00, "groups": ["volet:Cohésion"]},
        {"id": "C", "score": "13.25", "asked_cents": 4_000_00, "minimum_cents": 4_000_00, "groups": ["volet:Emploi"]},
    ],
    "caps": {"volet:Cohésion": 7_000_00},
}


def written(folder: Path, **change: Any) -> Path:
    path = folder / "instance.json"
    path.write_text(json.dumps(INSTANCE | change, ensure_ascii=False), encoding="utf-8")
    return path


def test_the_three_rules_answer_in_json(line: Line, tmp_path: Path) -> None:
    path = written(tmp_path)
    best = line("allocate", path, "--rule", "best").data
    assert best["chosen"] == {"A": 6_000_00, "C": 4_000_00}
    assert (best["left_cents"], best["value"], best["ties"], best["proved_optimal"]) == (0, 28.25, [], True)
    assert best["explanations"]["B"] == "écarté\u00a0: plafond du volet Cohésion atteint (reste 1\u00a0000\u00a0€)"
    assert best["near_miss_cents"] == {"B": None}
    assert best["milliseconds"] > 0
    stop = line("allocate", path, "--rule", "stop").data
    assert (stop["chosen"], stop["left_cents"], stop["value"]) == ({"A": 6_000_00}, 4_000_00, 15)
    skip = line("allocate", path, "--rule", "skip").data
    assert skip["chosen"] == {"A": 6_000_00, "C": 4_000_00}
    assert not line.base.exists()


def test_a_person_reads_sentences(line: Line, tmp_path: Path) -> None:
    said = line("allocate", written(tmp_path), "--rule", "best", plain=True)
    assert "2 dossiers servis sur 3, 10\u00a0000\u00a0€ donnés, 0\u00a0€ restent." in said.out
    assert "B\u00a0: écarté\u00a0: plafond du volet Cohésion atteint" in said.out


def test_a_clash_and_bad_files_exit_2(line: Line, tmp_path: Path) -> None:
    clash = line("allocate", written(tmp_path, floors={"volet:Cohésion": 8_000_00}), "--rule", "best")
    assert clash.code == 2
    assert "le plafond du volet Cohésion" in clash.err
    assert "le plancher du volet Cohésion" in clash.err
    typo = line("allocate", written(tmp_path, caps={"volet:Cohesion": 1}), "--rule", "skip")
    assert (typo.code, "volet:Cohesion" in typo.err) == (2, True)
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    assert "n’est pas du JSON" in line("allocate", broken, "--rule", "stop").err
    assert "est introuvable" in line("allocate", tmp_path / "absent.json", "--rule", "stop").err


def _bad(line: Line, folder: Path, text: str) -> str:
    path = folder / "bad.json"
    path.write_text(text, encoding="utf-8")
    refused = line("allocate", path, "--rule", "best")
    assert refused.code == 2
    return refused.err


def test_a_hostile_document_is_refused_with_a_sentence(line: Line, tmp_path: Path) -> None:
    one = '{"envelope_cents": %s, "step_cents": 100, "files": [{"id": %s, "score": %s, "asked_cents": 9000}]}'
    assert "envelope_cents du document dépasse" in _bad(line, tmp_path, one % ("1e9999999", '"A"', "5"))
    assert "envelope_cents du document dépasse" in _bad(line, tmp_path, one % ("9" * 5_000, '"A"', "5"))
    assert "dépasse un milliard de points" in _bad(line, tmp_path, one % ("100", '"A"', "1e9999999"))
    assert "dépasse un milliard de points" in _bad(line, tmp_path, one % ("100", '"A"', '"1e5000"'))
    assert "un signe qui n’existe pas" in _bad(line, tmp_path, one % ("100", '"\\ud800"', "5"))
    assert "emboîte trop de listes" in _bad(line, tmp_path, "[" * 100_000)
    twice = '{"envelope_cents": 100, "envelope_cents": 900, "step_cents": 100, "files": []}'
    assert "La clé «\u00a0envelope_cents\u00a0» est donnée deux fois" in _bad(line, tmp_path, twice)


def test_a_bad_value_is_told_as_the_document_writes_it(line: Line, tmp_path: Path) -> None:
    one = '{"envelope_cents": %s, "step_cents": %s, "files": [{"id": %s, "score": %s, "asked_cents": 5, "groups": %s}]}'
    none = "step_cents du document doit être un nombre entier de centimes\u00a0: «\u00a0null\u00a0» n’en est pas un."
    assert none in _bad(line, tmp_path, one % (9, "null", 1, 1, "[]"))
    assert "«\u00a0true\u00a0» n’en est pas un" in _bad(line, tmp_path, one % ("true", 1, 1, 1, "[]"))
    assert "L’enveloppe (envelope_cents) ne peut pas être sous zéro\u00a0: -1." in _bad(
        line, tmp_path, one % (-1, 1, 1, 1, "[]")
    )
    assert "La note du dossier 1 (score) ne peut pas être sous zéro\u00a0: -2.5." in _bad(
        line, tmp_path, one % (9, 1, 1, "-2.5", "[]")
    )
    assert "L’identifiant (id) du dossier n°\u00a01 de files doit être un texte ou un nombre" in _bad(
        line, tmp_path, one % (9, 1, "[1]", 1, "[]")
    )
    assert "Un groupe (groups) du dossier 1 doit être un texte" in _bad(line, tmp_path, one % (9, 1, 1, 1, "[null]"))
    twice = {"id": "A", "score": 1, "asked_cents": 5}
    path = written(tmp_path, envelope_cents=9, step_cents=1, files=[twice, {**twice, "id": "B"}, twice])
    refused = line("allocate", path, "--rule", "stop").err
    assert "Le dossier A est donné deux fois, n°\u00a01 et n°\u00a03 de files." in refused


def test_notes_of_a_mean_are_taken_with_all_their_decimals(line: Line, tmp_path: Path) -> None:
    """43 thirds, 29 halves, and 1e-12 more: an order tells the last two apart, the sum is proved all the same."""
    files = [
        {"id": name, "score": score, "asked_cents": 100}
        for name, score in (("A", 14.333333333333334), ("B", 14.5), ("C", 14.500000000001))
    ]
    plain = {"step_cents": 50, "files": files, "caps": {}}
    path = written(tmp_path, envelope_cents=250, **plain)
    for rule in ("stop", "skip"):
        assert line("allocate", path, "--rule", rule).data["chosen"] == {"B": 100, "C": 100}
    best = line("allocate", path, "--rule", "best").data
    assert (best["chosen"], best["proved_optimal"]) == ({"B": 100, "C": 100}, True)
    assert best["value"] == 29.000000000001
    assert line("allocate", written(tmp_path, envelope_cents=100, **plain), "--rule", "stop").data["chosen"] == {
        "C": 100
    }
    assert best["explanations"]["A"].endswith("enveloppe épuisée (reste 0,50\u00a0€, il faut 1\u00a0€)")


def test_a_group_may_bear_the_name_of_anything(line: Line, tmp_path: Path) -> None:
    files = [{"id": "A", "score": 1, "asked_cents": 90, "minimum_cents": 10, "groups": ["envelope"]}]
    path = written(tmp_path, envelope_cents=100, step_cents=1, files=files, caps={"envelope": 30})
    assert line("allocate", path, "--rule", "best").data["chosen"] == {"A": 30}
