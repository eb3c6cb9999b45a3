"""What is exported to be imported elsewhere: readable JSON that says its format, its version and its checksum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import quote

_FARTHEST = 10**14


@dataclass(frozen=True, slots=True)
class SealedKind:
    """``noun`` is « paramétrage », ``thing`` « un paramétrage de campagne », ``origin`` the screen that exports it."""

    format: str
    version: int
    noun: str
    thing: str
    origin: str
    most_bytes: int


def dump(kind: SealedKind, content: Mapping[str, Any]) -> bytes:
    """The file: the same bytes for the same content."""
    document = {"format": kind.format, "version": kind.version, "sha256": checksum(content), "content": content}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def load(kind: SealedKind, raw: bytes, name: str) -> dict[str, Any]:
    """The content of a file, as it was exported. ``name`` is the one a person knows the file by.

    Raises UserError saying what is wrong: another kind of file, a newer format, a content that no base can keep, or
    that was changed by hand or cut.
    """
    given = quote(name)
    try:
        document = json.loads(raw) if len(raw) <= kind.most_bytes else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("format") != kind.format:
        raise UserError(f"{given} n’est pas {kind.thing}. Choisissez un fichier exporté depuis {kind.origin}.")
    version = document.get("version")
    if not isinstance(version, int) or version > kind.version:
        raise UserError(
            f"{given} vient d’une version plus récente du logiciel (format {version}). "
            "Mettez l’application à jour\u00a0; rien n’a été modifié."
        )
    content = document.get("content")
    if not sound(content):
        raise UserError(
            f"{given} contient une valeur qu’aucun {kind.noun} n’a\u00a0: un nombre hors de portée, ou des signes "
            "illisibles. Exportez-le de nouveau."
        )
    if not isinstance(content, dict) or document.get("sha256") != checksum(content):
        raise UserError(
            f"{given} a été modifié ou coupé après son export\u00a0: son empreinte ne correspond plus. "
            "Exportez-le de nouveau."
        )
    return content


def sound(value: object) -> bool:
    """Whether all that stands in a file can be kept in a base: printable texts, whole numbers within reach."""
    if isinstance(value, dict):
        return all(sound(x) for x in (*value.keys(), *value.values()))
    if isinstance(value, list):
        return all(map(sound, value))
    if isinstance(value, str):
        return all(sign.isprintable() or sign in "\n\t\u00a0\u202f" for sign in value)
    return value is None or (isinstance(value, int) and abs(value) <= _FARTHEST)


def checksum(content: Mapping[str, Any]) -> str:
    """SHA-256 of a content, whatever the order of its keys and the spaces of its file."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
