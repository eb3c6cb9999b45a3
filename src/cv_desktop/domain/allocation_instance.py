"""What is shared between files: the envelope, the requests and their limits, read and refused in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from cv_desktop.domain.allocation_parts import Split, read_split
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import NBSP, euros

Rule = Literal["stop", "skip", "best"]
RULES: tuple[Rule, ...] = ("stop", "skip", "best")
HUNDREDTHS = 100
_DECIMALS = 30
_MOST_CENTS = 10**15
_MOST_SCORE = 10**9
_KINDS = {
    "volet": "du volet",
    "quartier": "du quartier",
    "structure": "de la structure",
    "commune": "de la commune",
    "session": "de la session",
    "financeur": "du financeur",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file: its score in hundredths of a point, its request and viable minimum in cents, the groups it counts in.

    Its amount counts whole in each group, but for those that share it, named by ``splits`` too.
    """

    id: str
    score: int
    asked_cents: int
    minimum_cents: int
    groups: tuple[str, ...] = ()
    splits: tuple[Split, ...] = ()

    def part(self, group: str, cents: int) -> int:
        """What an amount given to the file counts for in one of its groups, or in the envelope, in cents."""
        for one in self.splits:
            if group in one.groups:
                return one.part(group, cents)
        return cents

    def even(self, group: str, gap: int) -> bool:
        """Whether an amount that rises by so many cents always counts for as many more in a group."""
        return all(one.period(gap) == 1 for one in self.splits if group in one.groups)


@dataclass(frozen=True, slots=True)
class Instance:
    """An envelope to share. ``locks`` gives amounts that are decided, zero for a file kept out.

    Caps and floors are by group, in cents; a step of zero or one means to the cent. ``scale`` says how
    many units of ``score`` make a point: 100 unless the scores came with more decimals.
    """

    envelope_cents: int
    step_cents: int
    files: tuple[File, ...]
    caps: Mapping[str, int] = field(default_factory=dict)
    floors: Mapping[str, int] = field(default_factory=dict)
    locks: Mapping[str, int] = field(default_factory=dict)
    scale: int = HUNDREDTHS

    def amounts(self, file: File) -> tuple[int, int, int]:
        """The smallest amount that may serve a file, the highest on the step, and its request.

        A served file gets a multiple of the step between its minimum and its request, or all of its
        request, whatever the step; the first and the second are the request itself when no multiple fits.
        """
        asked, step = file.asked_cents, max(self.step_cents, 1)
        lowest = max(-(-file.minimum_cents // step) * step, step)
        if lowest > asked:
            return asked, asked, asked
        return lowest, asked // step * step, asked


def group_words(group: str) -> str:
    """« du volet Cohésion » of ``volet:Cohésion``; « du groupe X » when the kind is not known."""
    kind, colon, name = group.partition(":")
    if colon and kind in _KINDS:
        return f"{_KINDS[kind]} {name}"
    return f"du groupe «{NBSP}{group}{NBSP}»"


def check(instance: Instance) -> None:
    """Raises UserError naming the first file and key that make no sense."""
    _positive(instance.envelope_cents, "l’enveloppe", "envelope_cents")
    _positive(instance.step_cents, "le pas", "step_cents")
    known: dict[str, File] = {}
    groups: set[str] = set()
    for place, file in enumerate(instance.files, start=1):
        of = f"du dossier {file.id}"
        if file.id in known:
            first = next(at for at, other in enumerate(instance.files, start=1) if other.id == file.id)
            raise UserError(
                f"Le dossier {file.id} est donné deux fois, n°{NBSP}{first} et n°{NBSP}{place} de files. "
                "Gardez une seule ligne.",
                field="id",
            )
        known[file.id] = file
        _positive(Decimal(file.score) / instance.scale, f"la note {of}", "score")
        _positive(file.asked_cents, f"la demande {of}", "asked_cents")
        _positive(file.minimum_cents, f"le minimum {of}", "minimum_cents")
        if file.minimum_cents > file.asked_cents:
            raise UserError(
                f"Le minimum {of} (minimum_cents), {euros(file.minimum_cents)}, dépasse sa demande, "
                f"{euros(file.asked_cents)}. Corrigez l’un des deux.",
                field="minimum_cents",
            )
        groups.update(file.groups)
    for key, limits in (("caps", instance.caps), ("floors", instance.floors)):
        for group, cents in limits.items():
            if group not in groups:
                raise UserError(
                    f"Le groupe «{NBSP}{group}{NBSP}» de {key} n’est celui d’aucun dossier. Vérifiez son nom.",
                    field=key,
                )
            _positive(cents, f"la valeur de «{NBSP}{group}{NBSP}»", key)
    for name, cents in instance.locks.items():
        if name not in known:
            raise UserError(
                f"Le dossier {name} de locks n’est pas dans files. Vérifiez son identifiant.", field="locks"
            )
        _positive(cents, f"le verrou du dossier {name}", "locks")
        file = known[name]
        if cents and not file.minimum_cents <= cents <= file.asked_cents:
            raise UserError(
                f"Le dossier {name} est verrouillé (locks) à {euros(cents)}, hors de {euros(file.minimum_cents)} à "
                f"{euros(file.asked_cents)}. Verrouillez-le entre les deux, ou à 0 pour l’écarter.",
                field="locks",
            )


def _positive(value: int | Decimal, what: str, key: str) -> None:
    if value < 0:
        raise UserError(
            f"{what[0].upper()}{what[1:]} ({key}) ne peut pas être sous zéro{NBSP}: {value}. Donnez zéro ou plus.",
            field=key,
        )


def read(data: Any) -> Instance:
    """The instance of a decoded JSON document (numbers with a point read as ``Decimal``).

    ``groups`` is a list of names, or an object from kind to name or names, which makes « kind:name »; a kind may also
    hold an object from name to weight, between which the amount is shared. Caps and floors are by name, or by kind then
    name. Raises UserError naming the file and the key.
    """
    whole = _object(data, "Le document")
    for key in ("envelope_cents", "step_cents", "files"):
        if key not in whole:
            raise UserError(f"Il manque la clé {key}. Ajoutez-la au document.", field=key)
    if not isinstance(whole["files"], list):
        raise UserError("files doit être une liste de dossiers.", field="files")
    rows = [_row(entry, place) for place, entry in enumerate(whole["files"], start=1)]
    digits = max((-int(score.normalize().as_tuple().exponent) for _, score, *_ in rows), default=2)
    scale = 10 ** max(digits, 2)
    instance = Instance(
        _cents(whole["envelope_cents"], "envelope_cents", "du document"),
        _cents(whole["step_cents"], "step_cents", "du document"),
        tuple(
            File(name, int(score * scale), asked, least, groups, splits)
            for name, score, asked, least, groups, splits in rows
        ),
        _limits(whole.get("caps"), "caps"),
        _limits(whole.get("floors"), "floors"),
        {
            str(name): _cents(cents, "locks", f"du dossier {name}")
            for name, cents in _object(whole.get("locks") or {}, "locks").items()
        },
        scale,
    )
    check(instance)
    return instance


def _row(entry: Any, place: int) -> tuple[str, Decimal, int, int, tuple[str, ...], tuple[Split, ...]]:
    line = _object(entry, f"Le dossier n°{NBSP}{place} de files")
    if line.get("id") in (None, ""):
        raise UserError(f"Il manque la clé id au dossier n°{NBSP}{place} de files. Donnez-la.", field="id")
    if not _names(line["id"]):
        raise UserError(
            f"L’identifiant (id) du dossier n°{NBSP}{place} de files doit être un texte ou un nombre{NBSP}: "
            f"{_told(line['id'])} n’en est pas un.",
            field="id",
        )
    name = str(line["id"])
    if not _written(name):
        raise UserError(
            f"L’identifiant (id) du dossier n°{NBSP}{place} contient un signe qui n’existe pas. Corrigez-le.",
            field="id",
        )
    for key in ("score", "asked_cents"):
        if key not in line:
            raise UserError(
                f"Il manque la clé {key} au dossier {name}, n°{NBSP}{place} de files. Donnez-la.", field=key
            )
    asked = _cents(line["asked_cents"], "asked_cents", f"du dossier {name}")
    least = _cents(line.get("minimum_cents", asked), "minimum_cents", f"du dossier {name}")
    return name, _score(line["score"], name), asked, least, *_groups(line.get("groups") or (), name)


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UserError(f"{what} doit être un objet JSON, entre accolades.")
    return value


def _cents(value: Any, key: str, of: str) -> int:
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() > len(str(_MOST_CENTS)):
        raise _beyond(key, of)
    whole = isinstance(value, int) or (
        isinstance(value, Decimal) and value.is_finite() and value == value.to_integral()
    )
    if isinstance(value, bool) or not whole:
        raise UserError(
            f"{key} {of} doit être un nombre entier de centimes{NBSP}: {_told(value)} n’en est pas un.",
            field=key,
        )
    if abs(value) > _MOST_CENTS:
        raise _beyond(key, of)
    return int(value)


def _beyond(key: str, of: str) -> UserError:
    return UserError(f"{key} {of} dépasse {euros(_MOST_CENTS)}. Corrigez-le.", field=key)


def _score(value: Any, name: str) -> Decimal:
    try:
        score = Decimal(value.strip().replace(",", ".")) if isinstance(value, str) else Decimal(value)
    except (ArithmeticError, TypeError, ValueError):
        score = Decimal("NaN")
    if score.is_finite() and score.adjusted() >= len(str(_MOST_SCORE)):
        raise UserError(f"La note (score) du dossier {name} dépasse un milliard de points. Corrigez-la.", field="score")
    if isinstance(value, bool) or not score.is_finite():
        raise UserError(
            f"La note (score) du dossier {name} doit être un nombre{NBSP}: {_told(value)} n’en est pas un.",
            field="score",
        )
    if -int(score.normalize().as_tuple().exponent) > _DECIMALS:
        raise UserError(
            f"La note (score) du dossier {name} a plus de {_DECIMALS} décimales{NBSP}: {value}. Arrondissez-la.",
            field="score",
        )
    return score


def _names(value: Any) -> bool:
    return isinstance(value, str | int | Decimal) and not isinstance(value, bool)


def _told(value: Any) -> str:
    """A value as its document writes it, or what it is when it holds others."""
    if isinstance(value, dict):
        return "un objet"
    if isinstance(value, list):
        return "une liste"
    words = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return f"«{NBSP}{words}{NBSP}»"


def _written(name: str) -> bool:
    """Whether a name can be written: half of a surrogate pair, which JSON escapes let in, cannot."""
    return not any("\ud800" <= sign <= "\udfff" for sign in name)


def _groups(value: Any, name: str) -> tuple[tuple[str, ...], tuple[Split, ...]]:
    """The groups of a file, and those that share its amount."""
    found: list[str] = []
    splits: list[Split] = []
    if isinstance(value, dict):
        for kind, names in value.items():
            if isinstance(names, dict) and names:
                splits.append(read_split(names, kind, name))
                found += splits[-1].groups
            elif names not in (None, "", {}):
                found += [f"{kind}:{_name(one, name)}" for one in (names if isinstance(names, list) else [names])]
    elif isinstance(value, list | tuple):
        found = [_name(one, name) for one in value]
    else:
        raise UserError(f"groups du dossier {name} doit être une liste ou un objet.", field="groups")
    if "" in found or not all(_written(one) for one in found):
        raise UserError(
            f"Un groupe du dossier {name} n’a pas de nom lisible. Donnez-lui un nom, ou retirez-le.", field="groups"
        )
    return tuple(dict.fromkeys(found)), tuple(one for one in splits if len(one.groups) > 1)


def _name(value: Any, file: str) -> str:
    if not _names(value):
        raise UserError(
            f"Un groupe (groups) du dossier {file} doit être un texte{NBSP}: {_told(value)} n’en est pas un.",
            field="groups",
        )
    return str(value)


def _limits(value: Any, key: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for group, cents in _object(value or {}, key).items():
        if isinstance(cents, dict):
            found |= {f"{group}:{name}": _cents(one, key, f"du groupe {group}:{name}") for name, one in cents.items()}
        else:
            found[group] = _cents(cents, key, f"du groupe {group}")
    return found
