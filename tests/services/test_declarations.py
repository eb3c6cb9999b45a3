"""Declarations of interests: noted file by file, a link to confirm, the state of each member, all of it undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import committee
from committee import Committee
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.declaration import Declaration
from cv_desktop.db.queries import declarations as queries
from cv_desktop.db.queries import links as link_queries
from cv_desktop.db.queries import meetings, suspicions
from cv_desktop.db.store import Store
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.services import declarations, links


@pytest.fixture
def built(tmp_path: Path) -> Iterator[tuple[Store, Committee]]:
    base = committee.build(tmp_path / "cv-desktop.sqlite")
    with base.open() as store:
        yield store, base


def declare(store: Store, member: str, *files: str, **more: object) -> Changes:
    with store.write(committee.ACTOR) as session:
        return declarations.declare(session, member_id=member, application_ids=files, **more)


LINK = {"linked": True, "kind": "employment", "text": "Salariée jusqu’en 2025."}


def standing(store: Store, base: Committee, member: str) -> tuple[str, str]:
    with store.read() as session:
        rows = queries.standings(session, call_id=base.call)
    found = next(row.standing for row in rows if row.member_id == member)
    return found.words, found.files


def test_files_answered_one_by_one_then_the_campaign_follows(built: tuple[Store, Committee]) -> None:
    store, base = built
    member = base.members[1]
    assert standing(store, base, member) == ("Attendue", f"0 sur {len(base.files)}")
    declare(store, member, *base.files[:-1], linked=False, declared_on=date(2026, 4, 10))
    assert standing(store, base, member) == ("Attendue", f"{len(base.files) - 1} sur {len(base.files)}")
    last = declare(store, member, base.files[-1], linked=False, declared_on=date(2026, 4, 12))
    assert standing(store, base, member) == ("Aucun lien, le 12/04/2026", f"{len(base.files)} sur {len(base.files)}")
    assert last.undo is not None
    with store.write(committee.ACTOR) as session:
        last.undo(session)
    assert standing(store, base, member) == ("Attendue", f"{len(base.files) - 1} sur {len(base.files)}")


def test_the_member_with_a_deport_is_not_asked_of_that_file(built: tuple[Store, Committee]) -> None:
    store, base = built
    member, hidden = base.recused
    assert standing(store, base, member)[1] == f"0 sur {len(base.files) - 1}"
    with store.read() as session:
        asked = queries.rows(session, call_id=base.call, member_id=member)
        form = declarations.form(session, member_id=member)
        number = session.get_one(Application, hidden).number
    assert number not in {row.number for row in asked} | {file.number for file in form.files}
    assert form.hidden == 1
    with pytest.raises(UserError, match="Alix Exemple est en déport sur un de ces dossiers"):
        declare(store, member, hidden, linked=False)


@pytest.mark.parametrize("whole", [True, False])
def test_a_declared_link_is_to_confirm_and_hides_nothing_before(built: tuple[Store, Committee], whole: bool) -> None:
    store, base = built
    member, file = base.members[1], base.files[0]
    declare(store, member, file, whole=whole, declared_on=date(2026, 4, 14), **LINK)
    assert standing(store, base, member)[0] == "Liens déclarés, le 14/04/2026"
    with store.read() as session:
        first = suspicions.rows(session, call_id=base.call)[0]
        assert meetings.queue(session, call_id=base.call, member_id=member)[1] == 0
    assert first.declared and first.member == "Béatrice Témoin"
    assert first.evidence[0] == "Déclaré le 14/04/2026\u00a0: Salariée jusqu’en 2025."
    assert bool(first.application_id) is not whole
    pair = {
        "member_id": member,
        "structure_id": first.structure_id,
        "application_id": first.application_id or None,
        "evidence": first.evidence,
    }
    with store.write(committee.ACTOR) as session:
        links.confirm(session, kind=first.kind, reason=first.reason, declared=True, **pair)
    with store.read() as session:
        assert not [row for row in suspicions.rows(session, call_id=base.call) if row.declared]
        assert meetings.queue(session, call_id=base.call, member_id=member)[1] == 1
        decided = link_queries.rows(session, call_id=base.call)[0]
        own = link_queries.rows(session, call_id=base.call, viewer=member)
    assert (decided.state, decided.declared, decided.files) == ("confirmed", True, 1)
    assert own == []


def test_a_declared_link_is_dismissed_once_and_declared_again_comes_back(built: tuple[Store, Committee]) -> None:
    store, base = built
    member, file = base.members[1], base.files[0]
    declare(store, member, file, whole=False, **LINK)
    with store.write(committee.ACTOR) as session:
        (row,) = [row for row in suspicions.rows(session, call_id=base.call) if row.declared]
        changes, _key = links.dismiss(
            session, member_id=member, structure_id=row.structure_id, application_id=row.application_id,
            reason="Erreur de case, vu avec elle.",
        )  # fmt: skip
    with store.read() as session:
        assert not [row for row in suspicions.rows(session, call_id=base.call) if row.declared]
    assert changes.undo is not None
    with store.write(committee.ACTOR) as session:
        changes.undo(session)
    with store.read() as session:
        assert [row.number for row in suspicions.rows(session, call_id=base.call) if row.declared] == [row.number]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({**LINK, "text": "oui"}, "Indiquez le motif du lien, en dix caractères au moins."),
        ({**LINK, "kind": "amitié"}, "Choisissez la nature du lien."),
        ({"linked": False, "declared_on": date(2026, 5, 1)}, "Le 01/05/2026 n’est pas encore passé"),
    ],
)
def test_what_cannot_be_declared_writes_nothing(
    built: tuple[Store, Committee], more: dict[str, object], said: str
) -> None:
    store, base = built
    with pytest.raises(UserError) as refusal:
        declare(store, base.members[1], base.files[0], **more)
    assert refusal.value.message.startswith(said)
    with store.read() as session:
        assert session.query(Declaration).count() == 0
