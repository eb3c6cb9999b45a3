"""The base by which the application is discovered: the demonstration, its letters left to re-read, a call to open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cv_desktop.db.store import Store
from cv_desktop.paths import resource
from cv_desktop.services import calls, demonstration, letters
from cv_desktop.services.demonstration import ACTOR, Render, Story

Tell = Callable[[int, int, str], None]


def create(folder: Path, render: Render, tell: Tell = lambda _done, _total, _label: None) -> Path:
    """A FIA campaign voted and an AAP to open, in ``folder``; gives the file of the base.

    What an earlier example left there is replaced. ``tell(done, total, label)`` is called before each step; what it
    raises stops the work, and nothing is left of it. Raises Unavailable when the earlier example is open.
    """
    story = Story()
    folder.mkdir(parents=True, exist_ok=True)
    workbook = folder / "depots_fia_2026.xlsx"
    workbook.write_bytes(resource("demo", workbook.name).read_bytes())
    with demonstration.open_base(folder) as store:
        steps: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Campagne et règlement", lambda: demonstration.campaign(store, story)),
            ("Dossiers importés", lambda: demonstration.deposits(store, story, workbook)),
            ("Recevabilité", lambda: demonstration.examine(store, story)),
            ("Premiers courriers", lambda: demonstration.correspondence(store, story, render)),
            ("Membres du comité", lambda: demonstration.members(store, story)),
            *(
                (f"Grilles, {name}", lambda place=place: demonstration.sheets(store, story, (place,)))
                for place, (name, _body) in enumerate(demonstration.MEMBERS)
            ),
            ("Séance et avis", lambda: demonstration.meeting(store, story)),
            ("Répartition de l’enveloppe", lambda: demonstration.arbitration(store, story)),
            ("Vote", lambda: demonstration.vote(store, story)),
            ("Courriers à relire", lambda: _last(store, story)),
        )
        try:
            for done, (label, step) in enumerate(steps):
                tell(done, len(steps), label)
                step()
            return store.path
        except BaseException:
            store.close()
            demonstration.clear(folder)
            workbook.unlink()
            raise


def _last(store: Store, story: Story) -> None:
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id)
        calls.create(session, code="AAP-2026", scheme="AAP", year=2026, envelope_cents=420_000_00, example=True)
