"""The whole configuration of a campaign as one file: text that says its format, its version and its checksum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from cv_desktop.domain import sealed_file
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.expected_documents import ExpectedDocument
from cv_desktop.domain.grid import Grid
from cv_desktop.domain.rounds import Round
from cv_desktop.domain.rules import Parameter
from cv_desktop.domain.sealed_file import SealedKind
from cv_desktop.domain.text import quote
from cv_desktop.domain.units import Unit

FORMAT = "cv-desktop-campagne"
VERSION = 1
# A configuration weighs some 60 kB: beyond this it is another file.
MOST_BYTES = 4_000_000
_KIND = SealedKind(FORMAT, VERSION, "paramétrage", "un paramétrage de campagne", "Campagnes", MOST_BYTES)
_SEVERITIES, _REMEDIES = ("block", "warn", "none"), ("complete", "refuse", "none")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a campaign is set up with; neither its files, its members nor its decisions."""

    code: str
    scheme: str
    year: int
    label: str
    envelope_cents: int
    parameters: tuple[Parameter, ...]
    documents: tuple[ExpectedDocument, ...]
    rounds: tuple[Round, ...]
    grid: dict[str, Any] = field(default_factory=dict)


def dump(configuration: Configuration) -> bytes:
    """The file: readable JSON, the same bytes for the same configuration."""
    return sealed_file.dump(_KIND, _content(configuration))


def load(raw: bytes, name: str) -> Configuration:
    """The configuration that a file holds. ``name`` is the one a person knows it by.

    Raises UserError saying what is wrong: no configuration, a newer format, a content that was changed by hand or
    cut, a value that does not fit its unit.
    """
    content = sealed_file.load(_KIND, raw, name)
    return _read(content, quote(name))


def _read(content: Mapping[str, Any], given: str) -> Configuration:
    parameters = tuple(_each(content, "parameters", "le paramètre", given, _parameter))
    documents = tuple(_each(content, "documents", "la pièce", given, _document))
    rounds = tuple(_each(content, "rounds", "la session", given, _round))
    try:
        grid = content["grid"]
        _check_grid(grid)
        Grid.from_json(grid).validate()
        made = Configuration(
            code=_text(content["code"]),
            scheme=_text(content["scheme"]),
            year=_positive(content["year"]),
            label=_text(content["label"]),
            envelope_cents=_positive(content["envelope_cents"]),
            parameters=parameters,
            documents=documents,
            rounds=rounds,
            grid=grid,
        )
    except UserError as refusal:
        raise UserError(f"La grille de {given} ne convient pas\u00a0: {refusal.message}") from None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UserError(
            f"{given} est incomplet\u00a0: la campagne ou sa grille manque. Exportez-le de nouveau."
        ) from None
    for what, keys in (("paramètre", [p.key for p in parameters]), ("pièce", [d.kind for d in documents])):
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise UserError(
                f"{given} donne deux fois {'le' if what == 'paramètre' else 'la'} {what} «\u00a0{twice}\u00a0»."
            )
    return made


def _each(content: Mapping[str, Any], key: str, noun: str, given: str, read: Any) -> Any:
    items = content.get(key)
    if not isinstance(items, list):
        raise UserError(f"{given} est incomplet\u00a0: la partie «\u00a0{key}\u00a0» manque. Exportez-le de nouveau.")
    for rank, item in enumerate(items, 1):
        try:
            yield read(item)
        except (KeyError, TypeError, ValueError, AttributeError):
            named = item.get("label") if isinstance(item, dict) else None
            called = f" («\u00a0{named}\u00a0»)" if named else ""
            raise UserError(
                f"Dans {given}, {noun} n°\u00a0{rank}{called} ne convient pas. Exportez de nouveau le paramétrage."
            ) from None


def _parameter(data: Mapping[str, Any]) -> Parameter:
    made = Parameter.from_json(data)
    for text in (made.key, data["article"], made.label):
        _text(text)
    if not isinstance(made.hint, str) or not isinstance(made.to_validate, bool) or made.unit not in get_args(Unit):
        raise ValueError(made.key)
    if made.check is not None:
        _text(made.check)
    if made.severity not in _SEVERITIES or made.remedy not in _REMEDIES:
        raise ValueError(made.severity)
    return made


def _document(data: Mapping[str, Any]) -> ExpectedDocument:
    made = ExpectedDocument.from_json(data)
    if not isinstance(made.to_validate, bool):
        raise ValueError(made.kind)
    return made


def _check_grid(grid: Mapping[str, Any]) -> None:
    """Raises ValueError when a text, a number or an answer of a grid is of another kind."""
    for criterion in grid["criteria"]:
        for name in ("code", "label", "axis"):
            _text(criterion[name])
        answers = (criterion.get("eliminatory", False), criterion.get("na_allowed", False))
        if not all(isinstance(x, bool) for x in answers) or not isinstance(criterion.get("guide", ""), str):
            raise ValueError(criterion["code"])
        for level in criterion["levels"]:
            _positive(level["value"])
            if not isinstance(level["name"], str) or not isinstance(level["text"], str):
                raise ValueError(criterion["code"])
    for band in grid["bands"]:
        _text(band["code"])
        _text(band["label"])
        _positive(band["from"])


def _round(data: Mapping[str, Any]) -> Round:
    if not isinstance(data["rolls_over"], bool):
        raise ValueError(data["rolls_over"])
    return Round(
        id="",
        label=_text(data["label"]),
        deposit_closes=date.fromisoformat(data["deposit_closes"]),
        committee_on=None if data["committee_on"] is None else date.fromisoformat(data["committee_on"]),
        share_cents=None if data["share_cents"] is None else _positive(data["share_cents"]),
        rolls_over=data["rolls_over"],
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(value)
    return value


def _positive(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(value)
    return value


def _content(configuration: Configuration) -> dict[str, Any]:
    return {
        "code": configuration.code,
        "scheme": configuration.scheme,
        "year": configuration.year,
        "label": configuration.label,
        "envelope_cents": configuration.envelope_cents,
        "parameters": [p.to_json() for p in configuration.parameters],
        "documents": [d.to_json() for d in configuration.documents],
        "rounds": [
            {
                "label": r.label,
                "deposit_closes": r.deposit_closes.isoformat(),
                "committee_on": r.committee_on.isoformat() if r.committee_on else None,
                "share_cents": r.share_cents,
                "rolls_over": r.rolls_over,
            }
            for r in configuration.rounds
        ],
        "grid": configuration.grid,
    }
