"""A bundle (liasse): the sheets of one member taken away from the computer, and what comes back on them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from cv_desktop.domain.grid import Grid, Level
from cv_desktop.domain.marks import Mark
from cv_desktop.domain.text import quote

WORKBOOK, FORM, PAPER = "workbook", "form", "paper"
MEDIA = (WORKBOOK, FORM, PAPER)
SIGNS = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A criterion as printed: ``values`` are its levels going up, ``sentence_levels`` those that ask for a sentence."""

    code: str
    label: str
    guide: str
    values: tuple[int, ...]
    levels: tuple[Level, ...]
    na_allowed: bool
    may_be_dedicated: bool
    sentence_levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BundleFile:
    """A file to mark: ``figures`` are the pairs printed under its title, ``criteria`` the codes that apply to it.

    ``grid_version`` is the former version its sheets were begun with; 0, that of the bundle.
    """

    application_id: str
    number: str
    structure: str
    title: str
    figures: tuple[tuple[str, str], ...]
    criteria: tuple[str, ...]
    grid_version: int = 0


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a member takes away: kept by the base as it was given, so that it is read back the same.

    ``former`` are the criteria of the earlier versions that some of its files were begun with.
    """

    key: str
    call_code: str
    call_label: str
    meeting: str
    member_id: str
    member: str
    body: str
    grid_version: int
    criteria: tuple[Asked, ...]
    files: tuple[BundleFile, ...]
    made_on: str
    example: bool = False
    former: Mapping[int, tuple[Asked, ...]] = field(default_factory=dict)

    @property
    def grids(self) -> Mapping[int, tuple[Asked, ...]]:
        """The criteria of each version that its files follow, the newest first."""
        return {self.grid_version: self.criteria, **dict(sorted(self.former.items(), reverse=True))}

    def version_of(self, file: BundleFile) -> int:
        """The version of the grid that the sheet of a file is printed on."""
        return file.grid_version or self.grid_version

    def asked(self, file: BundleFile) -> tuple[Asked, ...]:
        """The criteria of a file, in the order of its grid."""
        return tuple(criterion for criterion in self.grids[self.version_of(file)] if criterion.code in file.criteria)

    def file(self, number: str) -> BundleFile | None:
        """The file of that number; None when the bundle does not hold it."""
        return next((file for file in self.files if file.number == number), None)

    def to_json(self) -> dict[str, Any]:
        """All the bundle as plain data; what says nothing is left out, so that older bundles keep their checksum."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        for one in data["files"]:
            if not one["grid_version"]:
                del one["grid_version"]
        if not data["former"]:
            del data["former"]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Bundle:
        """The bundle that :meth:`to_json` wrote."""
        criteria = _asked(data["criteria"])
        former = {int(version): _asked(held) for version, held in data.get("former", {}).items()}
        files = tuple(
            BundleFile(
                **{
                    **one,
                    "figures": tuple((label, value) for label, value in one["figures"]),
                    "criteria": tuple(one["criteria"]),
                }
            )
            for one in data["files"]
        )
        return cls(**{**data, "criteria": criteria, "files": files, "former": former})


def _asked(data: Sequence[Mapping[str, Any]]) -> tuple[Asked, ...]:
    return tuple(
        Asked(
            **{
                **one,
                "levels": tuple(Level(**level) for level in one["levels"]),
                "values": tuple(one["values"]),
                "sentence_levels": tuple(one["sentence_levels"]),
            }
        )
        for one in data
    )


def asked_of(grid: Grid) -> tuple[Asked, ...]:
    """The criteria of a grid as the sheets print them."""
    return tuple(
        Asked(
            code=criterion.code,
            label=criterion.label,
            guide=criterion.guide,
            values=grid.levels_of(criterion),
            levels=criterion.levels,
            na_allowed=criterion.na_allowed,
            may_be_dedicated=criterion.may_be_dedicated,
            sentence_levels=tuple(sorted(grid.comments_of(criterion))),
        )
        for criterion in grid.criteria
    )


def manifest(bundle: Bundle, secret: str) -> dict[str, Any]:
    """What goes with the sheets: campaign, grid version, member, files, checksum of all that was printed, signature.

    The ``secret`` stays in the base: only a manifest that it signed is read back (HMAC-SHA-256, RFC 2104).
    """
    said: dict[str, Any] = {
        "bundle": bundle.key,
        "call": bundle.call_code,
        "grid_version": bundle.grid_version,
        "member": bundle.member,
        "files": [file.number for file in bundle.files],
        "criteria": {
            criterion.code: list(criterion.values)
            for criteria in reversed([*bundle.grids.values()])
            for criterion in criteria
        },
        "checksum": checksum(bundle),
    }
    if bundle.former:
        said["grid_versions"] = {file.number: bundle.version_of(file) for file in bundle.files}
    return {**said, "signature": signature(secret, _canonical(said))}


def genuine(found: Mapping[str, Any], bundle: Bundle, secret: str) -> bool:
    """Whether a manifest that comes back is the one that left, to the letter."""
    return hmac.compare_digest(_canonical(found).encode(), _canonical(manifest(bundle, secret)).encode())


def readable(found: object) -> bool:
    """Whether what came back as a manifest has the shape of one: its signature is judged later."""
    return isinstance(found, dict) and isinstance(found.get("files"), list) and isinstance(found.get("criteria"), dict)


def checksum(bundle: Bundle) -> str:
    """SHA-256 of all that the bundle prints."""
    return hashlib.sha256(_canonical(bundle.to_json()).encode()).hexdigest()


def signature(secret: str, text: str) -> str:
    """HMAC-SHA-256 of a text under the secret of its bundle."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def page_code(bundle_key: str, secret: str, page: int) -> str:
    """What the QR of a page says: whose bundle, which page, and a proof that the base printed it."""
    return f"CVG1 {bundle_key} {page} {signature(secret, f'{bundle_key} {page}')[:SIGNS].upper()}"


def page_of(code: str) -> tuple[str, int, str] | None:
    """Bundle, page and proof of what a QR says; None when it is none of ours."""
    parts = code.split(" ")
    if len(parts) < 4 or parts[0] != "CVG1" or not parts[2].isdigit():
        return None
    return parts[1], int(parts[2]), parts[3]


def _canonical(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a sheet that came back says of one criterion. ``comment`` None: this medium does not carry sentences."""

    number: str
    criterion: str
    level: int | None = None
    not_applicable: bool = False
    dedicated: bool = False
    comment: str | None = None

    @property
    def given(self) -> bool:
        return self.level is not None or self.not_applicable or bool(self.comment) or self.dedicated

    @property
    def words(self) -> str:
        """« niveau 2 », « sans objet »."""
        if self.not_applicable:
            return "sans objet"
        return "sans niveau" if self.level is None else f"niveau {self.level}"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What only a person can read: ``picture`` is a PNG of the place. ``criterion`` empty: the whole page."""

    number: str
    criterion: str
    reason: str
    page: int = 0
    picture: bytes = b""


class Outcome(StrEnum):
    """What becomes of an answer."""

    ADDED = "added"
    IDENTICAL = "identical"
    DIFFERENT = "different"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer beside what the base holds; ``reason`` says why it is refused, or what it would replace."""

    answer: Answer
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """One file that came back, as its medium was read: nothing is judged yet.

    ``manifest`` is what the file says it is; ``refused`` the cells that say nothing readable,
    ``altered`` the sentences on a structure that is no longer ours: nothing of those sheets is in ``answers``.
    """

    name: str
    medium: str
    key: str
    manifest: Mapping[str, Any] | None
    answers: tuple[Answer, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    refused: tuple[Judged, ...] = ()
    altered: tuple[str, ...] = ()


def judged(answer: Answer, known: Mark | None) -> Judged:
    """Compare an answer with the mark that the base holds: nothing is ever overwritten without a person."""
    mark = known or Mark()
    level = (mark.level, mark.not_applicable)
    same_level = level == (answer.level, answer.not_applicable) or not (
        answer.level is not None or answer.not_applicable
    )
    same_flag = mark.dedicated == answer.dedicated or not answer.dedicated
    comment = None if answer.comment is None else answer.comment.strip()
    same_comment = not comment or mark.comment == comment
    if same_level and same_flag and same_comment:
        return Judged(answer, Outcome.IDENTICAL)
    if not same_level and mark.given:
        was = Answer(answer.number, answer.criterion, mark.level, mark.not_applicable).words
        return Judged(answer, Outcome.DIFFERENT, f"La base dit {was}, la grille rendue dit {answer.words}.")
    if not same_comment and mark.comment:
        return Judged(answer, Outcome.DIFFERENT, f"La phrase de la base est {quote(mark.comment)}.")
    return Judged(answer, Outcome.ADDED)


def off_the_sheet(bundle: Bundle, answer: Answer) -> str:
    """Why an answer cannot come from this bundle; empty when it can."""
    file = bundle.file(answer.number)
    if file is None:
        return f"Le dossier {answer.number} ne fait pas partie de cette liasse."
    asked = next((x for x in bundle.asked(file) if x.code == answer.criterion), None)
    if asked is None:
        return f"Le critère {answer.criterion} n’est pas dans la grille de {answer.number}."
    if answer.level is not None and answer.level not in asked.values:
        known = ", ".join(map(str, asked.values))
        return f"Le niveau {answer.level} n’existe pas\u00a0: {answer.criterion} se note {known}."
    if answer.not_applicable and not asked.na_allowed:
        return f"«\u00a0Sans objet\u00a0» n’est pas permis pour {answer.criterion}."
    return ""
