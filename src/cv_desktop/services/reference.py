"""Loads the shipped reference tables into a base, once per version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Grid, LetterTemplate, RulesParameter
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.expected_document import ExpectedDocument
from cv_desktop.db.models.form_kind import FormKind
from cv_desktop.db.models.reference import (
    Commune,
    Funder,
    Objective,
    Priority,
    Quarter,
    QuarterCommune,
    ReferenceVersion,
    Scheme,
    Setting,
    Stake,
    StandardText,
    Theme,
)
from cv_desktop.db.models.structure_document import StructureDocumentKind
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain.accounts import Accounts
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.text import counted
from cv_desktop.paths import resource
from cv_desktop.services import rules, signatories
from cv_desktop.services.settings import DEFAULTS

Table = dict[str, Any]
ACCOUNTS = "accounts"


def load(session: Session, only: Collection[str] = ()) -> Changes:
    """Bring the reference tables of this program into the base, or ``only`` those; a version there is left alone.

    The campaigns keep the values they were given, and take the parameters they lack that judge no file. What the
    service wrote or validated is never replaced: a newer table brings the letters, texts and lists that were lacking,
    and the letters and texts that still wait to be validated.
    """
    loaded = []
    for name, put in _TABLES.items():
        if only and name not in only:
            continue
        raw = resource("reference", f"{name}.json").read_bytes()
        table = json.loads(raw)
        version = int(table.get("version", 1))
        known = session.scalars(select(ReferenceVersion.version).where(ReferenceVersion.name == name)).all()
        if version in known:
            continue
        effective = date.fromisoformat(table.get("effective_from", "2024-03-29"))
        put(session, table, version, effective)
        session.add(
            ReferenceVersion(
                id=new_id(session),
                name=name,
                version=version,
                effective_from=effective,
                sha256=hashlib.sha256(raw).hexdigest(),
                loaded_at=now(session),
            )
        )
        session.flush()
        loaded.append({"name": name, "version": version})
    for key, value in DEFAULTS.items():
        if session.get(Setting, key) is None:
            session.add(Setting(key=key, value=value))
    signatories.begin(session)
    if loaded:
        record(
            session,
            verb="reference.load",
            noun="settings",
            noun_id="reference",
            summary=f"{counted(len(loaded), 'table')} de référence, à jour",
            after=loaded,
            source="calcul",
        )
    return Changes.of("settings", "reference")


def _contract(session: Session, table: Table, _version: int, _effective: date) -> None:
    for position, priority in enumerate(table["transversal"]):
        session.merge(Priority(code=priority["code"], label=priority["label"], position=position))
    for t, theme in enumerate(table["themes"]):
        session.merge(Theme(code=theme["code"], label=theme["label"], kind=theme["kind"], position=t))
        session.flush()
        for s, stake in enumerate(theme["stakes"]):
            session.merge(Stake(code=stake["code"], theme_code=theme["code"], label=stake["label"], position=s))
            session.flush()
            for o, objective in enumerate(stake["objectives"]):
                session.merge(
                    Objective(
                        code=objective["code"],
                        stake_code=stake["code"],
                        label=objective["label"],
                        levers=objective.get("levers", []),
                        position=o,
                    )
                )


def _quarters(session: Session, table: Table, _version: int, _effective: date) -> None:
    for commune in table["communes"]:
        session.merge(Commune(**commune))
    for row in table["quartiers"]:
        session.merge(
            Quarter(code=row["code"], code_2015=row["code_2015"], name=row["name"], layer_name=row["layer_name"])
        )
    session.flush()
    for row in table["quartiers"]:
        for commune in row["communes"]:
            session.merge(QuarterCommune(quarter_code=row["code"], commune_code=commune))


def _funders(session: Session, table: Table, _version: int, _effective: date) -> None:
    for position, funder in enumerate(table["funders"]):
        if session.get(Funder, funder["code"]) is None:
            session.add(Funder(position=position, **funder))


def _accounts(session: Session, table: Table, _version: int, _effective: date) -> None:
    session.merge(Setting(key=ACCOUNTS, value=table))


def accounts(session: Session) -> Accounts:
    """The accounts budgets are written in; those of this program in a base that has not received them yet."""
    kept = session.get(Setting, ACCOUNTS)
    table = kept.value if kept else json.loads(resource("reference", "comptes.json").read_bytes())
    return Accounts.from_json(table or {})


def _rules(session: Session, table: Table, version: int, effective: date) -> None:
    for scheme in table["schemes"]:
        session.merge(Scheme(code=scheme["code"], label=scheme["label"]))
        session.flush()
        for position, parameter in enumerate(scheme["parameters"]):
            session.add(
                RulesParameter(
                    id=new_id(session),
                    scheme_code=scheme["code"],
                    call_id=None,
                    key=parameter["key"],
                    version=version,
                    position=position,
                    article=parameter["article"],
                    label=parameter["label"],
                    hint=parameter["hint"],
                    unit=parameter["unit"],
                    value=parameter["value"],
                    severity=parameter["severity"],
                    remedy=parameter["remedy"],
                    check=parameter["check"],
                    effective_from=effective,
                    to_validate=parameter["to_validate"],
                )
            )
        for position, document in enumerate(scheme["documents"]):
            session.add(
                ExpectedDocument(
                    id=new_id(session),
                    scheme_code=scheme["code"],
                    call_id=None,
                    version=version,
                    position=position,
                    **document,
                )
            )
    session.flush()
    rules.take_new(session)


def _grids(session: Session, table: Table, version: int, effective: date) -> None:
    common = {key: table[key] for key in ("scale", "bands", "comment_levels", "method")}
    for code, scheme in table["schemes"].items():
        criteria = [{**c, "weight": scheme["weights"][c["code"]]} for c in table["criteria"]]
        session.add(
            Grid(
                id=new_id(session),
                scheme_code=code,
                call_id=None,
                version=version,
                effective_from=effective,
                content={**common, "criteria": criteria},
                frozen_at=None,
                to_validate=True,
            )
        )


def _letters(session: Session, table: Table, _version: int, effective: date) -> None:
    written = session.scalars(select(LetterTemplate).order_by(LetterTemplate.version)).all()
    last = {row.kind: row.version for row in written}
    general = {row.kind: row for row in written if row.call_id is None}
    for template in table["templates"]:
        content = {key: value for key, value in template.items() if key not in ("kind", "label")}
        before = general.get(template["kind"])
        if before is not None and (not before.to_validate or before.content == content):
            continue
        row = LetterTemplate(
            id=new_id(session),
            call_id=None,
            kind=template["kind"],
            label=template["label"],
            version=last.get(template["kind"], 0) + 1,
            effective_from=effective,
            content=content,
            to_validate=True,
        )
        session.add(row)
        session.flush()
        if before is not None:
            # What is not issued follows the newer text, and is read again.
            waiting = (Letter.template_id == before.id, Letter.number.is_(None))
            session.execute(update(Letter).where(*waiting).values(template_id=row.id, state="to_read"))
    _texts(session, table["legal"], effective)


def _motives(session: Session, table: Table, _version: int, effective: date) -> None:
    _texts(session, table["texts"], effective)


def _structure_documents(session: Session, table: Table, _version: int, effective: date) -> None:
    for position, kind in enumerate(table["kinds"]):
        if session.get(StructureDocumentKind, kind["code"]) is None:
            session.add(StructureDocumentKind(position=position, effective_from=effective, to_validate=True, **kind))


def _forms(session: Session, table: Table, version: int, effective: date) -> None:
    for position, form in enumerate(table["forms"]):
        session.add(
            FormKind(
                id=new_id(session),
                version=version,
                position=position,
                effective_from=effective,
                to_validate=True,
                **form,
            )
        )


def _texts(session: Session, texts: list[Table], effective: date) -> None:
    known = {(row.key, row.effective_from): row for row in session.scalars(select(StandardText))}
    written = {key for (key, _day), row in known.items() if not row.to_validate}
    for text in texts:
        since = text.get("effective_from")
        day = date.fromisoformat(since) if since else effective
        before = known.get((text["key"], day))
        if before is not None:
            before.text = text["text"] if before.to_validate else before.text
            continue
        if text["key"] in written:
            continue  # the service holds its own text, from days of its choice
        session.add(
            StandardText(
                id=new_id(session),
                key=text["key"],
                effective_from=day,
                text=text["text"],
                to_validate=True,
            )
        )


_TABLES: dict[str, Callable[[Session, Table, int, date], None]] = {
    "contrat_de_ville": _contract,
    "qpv_2024": _quarters,
    "cofinanceurs": _funders,
    "comptes": _accounts,
    "reglements": _rules,
    "grilles": _grids,
    "courriers": _letters,
    "conventions": _letters,
    "courriers_suivi": _letters,
    "seances": _letters,
    "motifs": _motives,
    "motifs_gestes": _motives,
    "decisions": _motives,
    "formes_juridiques": _motives,
    "liens": _motives,
    "declarations": _motives,
    "courriels": _motives,
    "pieces_structure": _structure_documents,
    "formulaires": _forms,
}
