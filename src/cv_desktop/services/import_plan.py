"""What an import will do, and what is kept of it once it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cv_desktop.domain.intake import Deposit, Intake, Problem
from cv_desktop.domain.reimport import Difference, Update
from cv_desktop.domain.text import counted

_TOLD = 2_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import will do: the deposits to write, those already in the campaign, and every problem.

    Of those already there, ``updates`` take new values, ``differences`` wait for a person, ``unchanged`` say nothing
    new; ``vanished`` are the numbers that an earlier file of the source held and this one does not. ``namesakes``
    gives, by number, the key and the name of a structure known by its name alone; ``owners`` what a person said of it:
    the key of the structure, or nothing to create one.
    """

    intake: Intake
    new: tuple[Deposit, ...]
    already: tuple[str, ...]
    problems: tuple[Problem, ...]
    updates: tuple[Update, ...] = ()
    differences: tuple[Difference, ...] = ()
    unchanged: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    namesakes: Mapping[str, tuple[str, str]] = field(default_factory=dict, hash=False)
    owners: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def asked_cents(self) -> int:
        return sum(deposit.asked_cents for deposit in self.new)

    @property
    def cost_cents(self) -> int:
        return sum(deposit.cost_cents or 0 for deposit in self.new)

    @property
    def updated(self) -> tuple[str, ...]:
        """Numbers in the file of the applications that take at least one new value."""
        return tuple(update.present.external for update in self.updates if update.fields)

    @property
    def writes(self) -> bool:
        return bool(self.new or self.updates)


def report(todo: Plan, repairs: tuple[str, ...]) -> dict[str, Any]:
    """What is kept of an import: what was set aside, mended, left, and what takes it back."""
    intake = todo.intake
    return {
        "rows": intake.rows,
        "drafts": list(intake.drafts),
        "duplicates": list(intake.duplicates),
        "refused": list(intake.refused),
        "already": list(todo.already),
        "problems": [asdict(problem) for problem in todo.problems[:_TOLD]],
        "repairs": list(repairs),
        "vanished": list(todo.vanished),
        "differences": [
            {"number": one.number, "field": one.name, "file": one.file, "base": one.base}
            for one in todo.differences[:_TOLD]
        ],
        # What takes the import back: the values before, and what the file before it had said.
        "updates": {
            one.present.application_id: {
                "before": {name: before for name, (before, _after) in one.fields.items()},
                "after": {name: after for name, (_before, after) in one.fields.items()},
                "imported": dict(one.present.imported) if one.present.imported is not None else None,
            }
            for one in todo.updates
        },
    }


def said(todo: Plan) -> str:
    """« 39 dossiers, 2 mis à jour, 3 brouillons écartés », for the journal."""
    parts = [counted(len(todo.new), "dossier")]
    if todo.updated:
        parts.append(f"{len(todo.updated)} mis à jour")
    if todo.differences:
        parts.append(counted(len(todo.differences), "différence laissée"))
    parts.append(counted(len(todo.intake.drafts), "brouillon écarté"))
    return ", ".join(parts)
