"""The scenarios of a campaign: copied, named, retained, taken away. Exactly one of them is retained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import Scenario, ScenarioLine
from cv_desktop.db.queries import scenarios
from cv_desktop.db.work import new_id, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.scenarios import LONGEST, next_label
from cv_desktop.domain.text import counted, fold, quote
from cv_desktop.services import movements
from cv_desktop.services.phases import of_open

_COLUMNS = ("application_id", "amount_cents", "base_cents", "locked", "motive", "cut", "taken")


def duplicate(session: Session, *, scenario_id: str, label: str = "") -> tuple[Changes, str]:
    """A new scenario with the amounts, bases, locks and motives of another; its key comes second.

    ``label`` is « B · Proposition » when it is left empty: the next letter, and the name of the first one.
    Raises UserError when the name is too long or already given.
    """
    source = session.get_one(Scenario, scenario_id)
    lines = _lines(session, scenario_id)
    return add(
        session,
        call_id=source.call_id,
        label=label,
        after=source.label,
        rule=source.rule,
        lines=lines,
        told=f"copié de {quote(source.label)}, {counted(len(lines), 'ligne')}",
    )


def add(
    session: Session,
    *,
    call_id: str,
    label: str,
    after: str,
    rule: str,
    lines: Sequence[Mapping[str, Any]],
    told: str,
    source: str = "saisie",
) -> tuple[Changes, str]:
    """Write a new scenario at the end of the tabs, never retained. ``told`` ends its line in the journal."""
    of_open(session, call_id)
    known = scenarios.rows(session, call_id=call_id)
    name = _checked(session, call_id, label or next_label(after, [row.label for row in known]))
    scenario = Scenario(
        id=new_id(session),
        call_id=call_id,
        position=max(row.position for row in known) + 1,
        label=name,
        retained=False,
        rule=rule,
    )
    session.add(scenario)
    session.flush()
    _write(session, scenario.id, lines)
    record(
        session,
        verb="scenarios.add",
        noun="scenario",
        noun_id=scenario.id,
        summary=f"Scénario {quote(name)} {told}",
        after={line["application_id"]: line["amount_cents"] for line in lines},
        source=source,
    )
    return Changes.of("scenario", scenario.id, undo=Step(remove, {"scenario_id": scenario.id})), scenario.id


def rename(session: Session, *, scenario_id: str, label: str) -> Changes:
    """Give a scenario another name. Raises UserError when it is empty, too long or that of another one."""
    scenario = session.get_one(Scenario, scenario_id)
    before, name = scenario.label, _checked(session, scenario.call_id, label, scenario_id)
    scenario.label = name
    record(
        session,
        verb="scenarios.rename",
        noun="scenario",
        noun_id=scenario_id,
        summary=f"Scénario renommé : {quote(before)} → {quote(name)}",
        before=before,
        after=name,
    )
    return Changes.of("scenario", scenario_id, undo=Step(rename, {"scenario_id": scenario_id, "label": before}))


def retain(session: Session, *, scenario_id: str) -> Changes:
    """Make a scenario the one that counts: its amounts are marked, and will go to the vote."""
    scenario = session.get_one(Scenario, scenario_id)
    of_open(session, scenario.call_id)
    before = session.get_one(Scenario, scenarios.retained(session, call_id=scenario.call_id))
    if before.id != scenario_id:
        # One at a time: the base refuses two retained scenarios, even for the time of a flush.
        before.retained = False
        session.flush()
        scenario.retained = True
        files = {*scenarios.lines(session, scenario_id=before.id), *scenarios.lines(session, scenario_id=scenario_id)}
        movements.settle(session, call_id=scenario.call_id, files=sorted(files), verb="scenarios.retain")
    record(
        session,
        verb="scenarios.retain",
        noun="scenario",
        noun_id=scenario_id,
        summary=f"Scénario retenu : {quote(scenario.label)}, à la place de {quote(before.label)}",
        before=before.label,
        after=scenario.label,
    )
    return Changes.of("scenario", scenario_id, before.id, undo=Step(retain, {"scenario_id": before.id}))


def remove(session: Session, *, scenario_id: str) -> Changes:
    """Take a scenario away; the way back gives it whole. Raises UserError for the one that is retained."""
    scenario = session.get_one(Scenario, scenario_id)
    if scenario.retained:
        raise UserError(f"{quote(scenario.label)} est le scénario retenu. Retenez-en un autre avant de le supprimer.")
    lines = _lines(session, scenario_id)
    kept = {
        "id": scenario.id,
        "call_id": scenario.call_id,
        "position": scenario.position,
        "label": scenario.label,
        "rule": scenario.rule,
    }
    session.execute(delete(ScenarioLine).where(ScenarioLine.scenario_id == scenario_id))
    session.delete(scenario)
    record(
        session,
        verb="scenarios.remove",
        noun="scenario",
        noun_id=scenario_id,
        summary=f"Scénario {quote(scenario.label)} supprimé, {counted(len(lines), 'ligne')}",
        before=kept | {"lines": lines},
    )
    return Changes.of("scenario", scenario_id, undo=Step(restore, {"scenario": kept, "lines": lines}))


def restore(session: Session, *, scenario: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> Changes:
    """Give back a scenario that was taken away, where it was."""
    session.add(Scenario(**scenario, retained=False))
    session.flush()
    _write(session, scenario["id"], lines)
    record(
        session,
        verb="scenarios.restore",
        noun="scenario",
        noun_id=scenario["id"],
        summary=f"Scénario {quote(scenario['label'])} rétabli, {counted(len(lines), 'ligne')}",
        after=dict(scenario),
    )
    return Changes.of("scenario", scenario["id"], undo=Step(remove, {"scenario_id": scenario["id"]}))


def _checked(session: Session, call_id: str, label: str, own: str = "") -> str:
    name = " ".join(label.split())
    if not name:
        raise UserError("Le nom du scénario est obligatoire.", field="label")
    if len(name) > LONGEST:
        raise UserError(f"{quote(name)} a {len(name)} caractères ; {LONGEST} au plus pour un onglet.", field="label")
    if any(fold(row.label) == fold(name) and row.id != own for row in scenarios.rows(session, call_id=call_id)):
        raise UserError(f"Un scénario s’appelle déjà {quote(name)}. Choisissez un autre nom.", field="label")
    return name


def _lines(session: Session, scenario_id: str) -> list[dict[str, Any]]:
    query = select(ScenarioLine).where(ScenarioLine.scenario_id == scenario_id).order_by(ScenarioLine.application_id)
    return [{name: getattr(line, name) for name in _COLUMNS} for line in session.scalars(query)]


def _write(session: Session, scenario_id: str, lines: Sequence[Mapping[str, Any]]) -> None:
    session.add_all(ScenarioLine(scenario_id=scenario_id, **line) for line in lines)
