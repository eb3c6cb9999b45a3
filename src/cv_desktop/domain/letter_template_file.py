"""The texts of letters as one file, from one base to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cv_desktop.domain import letter_template, sealed_file
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.sealed_file import SealedKind
from cv_desktop.domain.text import NBSP, quote

# All the kinds together weigh some 60 kB: beyond this it is another file.
MOST_BYTES = 4_000_000
_KIND = SealedKind(
    "cv-desktop-courriers", 1, "modèle", "un fichier de modèles de courrier", "Modèles de courrier", MOST_BYTES
)


@dataclass(frozen=True, slots=True)
class GivenTemplate:
    """The text of a kind of letter; ``version`` is the number it had where it was exported."""

    kind: str
    label: str
    version: int
    content: dict[str, Any]


def dump(templates: Sequence[GivenTemplate]) -> bytes:
    """The file: readable JSON, the same bytes for the same texts."""
    return sealed_file.dump(
        _KIND,
        {
            "templates": [
                {"kind": x.kind, "label": x.label, "version": x.version, "content": x.content} for x in templates
            ]
        },
    )


def load(raw: bytes, name: str) -> tuple[GivenTemplate, ...]:
    """The texts that a file holds, each of the right shape. Raises UserError saying what is wrong, and in which."""
    found = sealed_file.load(_KIND, raw, name).get("templates")
    if not isinstance(found, list) or not found:
        raise UserError(f"{quote(name)} ne contient aucun modèle de courrier.")
    return tuple(_read(data, rank, name) for rank, data in enumerate(found, 1))


def _read(data: Any, rank: int, name: str) -> GivenTemplate:
    if not isinstance(data, dict):
        raise UserError(f"Dans {quote(name)}, le modèle n°{NBSP}{rank} n’a pas la forme attendue.")
    kind, label, version = data.get("kind"), data.get("label"), data.get("version")
    if not (isinstance(kind, str) and kind and isinstance(label, str) and label.strip() and isinstance(version, int)):
        raise UserError(f"Dans {quote(name)}, le modèle n°{NBSP}{rank} n’a ni nature, ni nom, ni numéro de version.")
    try:
        content = letter_template.read(data.get("content"))
    except UserError as refusal:
        raise UserError(f"Dans {quote(name)}, modèle {quote(label)}. {refusal.message}") from None
    return GivenTemplate(kind, label, version, content)
