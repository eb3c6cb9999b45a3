"""Bases ready at each stage of the example campaign, made once per run and copied for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cv_desktop.db.store import NAME, Store
from cv_desktop.paths import resource
from cv_desktop.services import demonstration
from cv_desktop.services.demonstration import ACTOR, Story

# Without a screen unless the caller chose one; said before Qt is first imported.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

STAGES = ("campaign", "imported", "examined", "written", "marked", "met", "arbitrated", "voted", "told")
Opened = tuple[Store, Story]


@pytest.fixture
def qtbot(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> QtBot:
    """A loaded machine is slow, not wrong: what a test waits for has half a minute to come."""
    monkeypatch.setattr(qtbot, "waitUntil", partial(qtbot.waitUntil, timeout=30_000))
    return qtbot


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The deposit workbook of the example."""
    path = tmp_path_factory.mktemp("depots") / "depots_fia_2026.xlsx"
    path.write_bytes(resource("demo", path.name).read_bytes())
    return path


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory, workbook: Path) -> Callable[[str], tuple[Path, Story]]:
    """The folder of the example base as it stands after a stage; stages are made when first asked."""
    from cv_desktop.documents import letter_pdf

    root = tmp_path_factory.mktemp("etapes")
    story = Story()
    made: dict[str, tuple[Path, Story]] = {}
    work = root / "travail"
    work.mkdir()
    steps: dict[str, Callable[[Store], object]] = {
        "campaign": lambda store: demonstration.campaign(store, story),
        "imported": lambda store: demonstration.deposits(store, story, workbook),
        "examined": lambda store: demonstration.examine(store, story),
        "written": lambda store: demonstration.correspondence(store, story, letter_pdf.render),
        "marked": lambda store: demonstration.committee(store, story),
        "met": lambda store: demonstration.meeting(store, story),
        "arbitrated": lambda store: demonstration.arbitration(store, story),
        "voted": lambda store: demonstration.vote(store, story),
        "told": lambda store: demonstration.correspondence(store, story, letter_pdf.render),
    }
    ids = demonstration.ids()

    def upto(stage: str) -> tuple[Path, Story]:
        for name in STAGES[len(made) : STAGES.index(stage) + 1]:
            with Store.open(
                work / NAME, create=True, clock=demonstration.clock, new_id=ids, station="Démonstration", actor=ACTOR
            ) as store:
                steps[name](store)
            shutil.copytree(work, root / name, ignore=shutil.ignore_patterns("*.lock", "*.owner"))
            made[name] = (root / name, replace(story))
        return made[stage]

    return upto


@pytest.fixture
def base_at(stages: Callable[[str], tuple[Path, Story]], tmp_path: Path) -> Iterator[Callable[[str], Opened]]:
    """Opens a copy of the example base after a stage, on its fixed clock: ``store, story = base_at("voted")``."""
    opened: list[Store] = []

    def at(stage: str) -> Opened:
        source, story = stages(stage)
        folder = tmp_path / f"base{len(opened)}"
        shutil.copytree(source, folder)
        store = Store.open(folder / NAME, clock=demonstration.clock, station="Démonstration", actor=ACTOR)
        opened.append(store)
        return store, replace(story)

    yield at
    for store in opened:
        store.close()


@pytest.fixture
def new_base(tmp_path: Path) -> Iterator[Store]:
    """An empty base with the reference tables, on the fixed clock."""
    from cv_desktop.services import reference

    with Store.open(tmp_path / "neuve" / NAME, create=True, clock=demonstration.clock, actor=ACTOR) as store:
        with store.write(ACTOR) as session:
            reference.load(session)
        yield store
