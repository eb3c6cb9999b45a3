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
LETTERS = sum(
    len(json.loads(resource("reference", name).read_text(encoding="utf-8"))["templates"])
    for name in ("courriers.json", "seances.json")
)
# With the grid: what a campaign of the fund confirms before it opens.
OWN = PARAMETERS + DOCUMENTS + 1
