"""How many values, documents and letters are shipped « à valider »: read from the tables, which grow."""

from __future__ import annotations

import json

from cv_desktop.paths import resource

_FIA = next(
    scheme
    for scheme in json.loads(resource("reference", "reglements.json").read_text(encoding="utf-8"))["schemes"]
    if scheme["code"] == "FIA"
)
PARAMETERS = len(_FIA["parameters"])
DOCUMENTS = len(_FIA["documents"])
LETTER_KINDS = tuple(
    template["kind"]
    for path in resource("reference").iterdir()
    if path.name.endswith(".json")
    for template in dict(json.loads(path.read_text(encoding="utf-8"))).get("templates", ())
)
LETTERS = len(LETTER_KINDS)
# With the grid: what a campaign of the fund confirms before it opens.
OWN = PARAMETERS + DOCUMENTS + 1
