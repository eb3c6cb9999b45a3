"""The parts of an envelope written, refused, rolled over from session to session and from year to year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from cv_desktop.db.queries import envelope_parts, envelopes, movements
from cv_desktop.db.store import Store
from cv_desktop.domain.errors import UserError
from cv_desktop.services import calls, rounds
from cv_desktop.services import envelopes as verbs
from cv_desktop.services.demonstration import ACTOR, Story

Opened = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"


def part(store: Store, story: Story, id_: str) -> envelope_parts.PartRow:
    with store.read() as session:
        return next(p for p in envelope_parts.rows(session, call_id=story.call_id) if p.id == id_)


def refused(store: Store, story: Story, kind: str, key: str, name: str, text: str) -> str:
    with pytest.raises(UserError) as refusal, store.write(ACTOR) as session:
        verbs.set_limit(session, call_id=story.call_id, kind=kind, key=key, name=name, text=text)
    return refusal.value.message


def test_every_way_of_cutting_the_envelope_gathers_all_that_was_decided(base_at: Opened) -> None:
    store, story = base_at("voted")
    with store.read() as session:
        rows = envelope_parts.rows(session, call_id=story.call_id)
        decided = {
            file: sum(held.values())
            for file, held in movements.balances(
                session, call_id=story.call_id, files=envelope_parts.places(session, call_id=story.call_id)
            ).items()
        }
        places = envelope_parts.places(session, call_id=story.call_id)
    assert sum(decided.values()) == 28_100_00
    for kind, known in (("theme", "theme"), ("commune", "commune"), ("quarter", "quarters")):
        given = sum(p.decided_cents for p in rows if p.node.kind == kind)
        assert given == sum(cents for file, cents in decided.items() if getattr(places[file], known)), kind
        assert given > 0, kind


def test_a_volet_receives_its_floor_and_its_cap_and_gives_them_back(base_at: Opened) -> None:
    store, story = base_at("voted")
    with store.read() as session:
        node = next(n for n in envelope_parts.nodes(session, call_id=story.call_id) if n.kind == "theme")
    with store.write(ACTOR) as session:
        floor = verbs.set_limit(
            session, call_id=story.call_id, kind="theme", key=node.key, name="floor_cents", text="4 000"
        )
        verbs.set_limit(session, call_id=story.call_id, kind="theme", key=node.key, name="cap_cents", text="6 000")
    found = part(store, story, node.group)
    assert (found.node.floor_cents, found.node.cap_cents, found.limit_cents) == (4_000_00, 6_000_00, 6_000_00)
    assert found.left_cents == 6_000_00 - found.given_cents
    assert refused(store, story, "theme", node.key, "floor_cents", "7 000").startswith(
        f"Pour le volet «{NBSP}{node.label}{NBSP}», le plancher de 7{NBSP}000{NBSP}€ dépasse"
    )
    assert refused(store, story, "theme", node.key, "amount_cents", "30 000,01") == (
        f"Les parts des volets font 30{NBSP}000,01{NBSP}€, 0,01{NBSP}€ de plus que l’enveloppe de 30{NBSP}000{NBSP}€. "
        "Réduisez l’une d’elles ou relevez l’enveloppe."
    )
    assert "n’est pas un montant" in refused(store, story, "theme", node.key, "cap_cents", "beaucoup")
    assert refused(store, story, "reserve", "reserve", "floor_cents", "100") == (
        f"Réserve{NBSP}: seul un montant se fixe ici."
    )
    assert floor.undo
    with store.write(ACTOR) as session:
        floor.undo(session)
        verbs.set_limit(session, call_id=story.call_id, kind="theme", key=node.key, name="cap_cents", text="")
    found = part(store, story, node.group)
    assert (found.node.floor_cents, found.node.cap_cents, found.left_cents) == (None, None, None)


def test_what_is_free_in_a_session_goes_to_the_next_one_and_comes_back(base_at: Opened) -> None:
    store, story = base_at("voted")
    with store.write(ACTOR) as session:
        spring = rounds.create(
            session, call_id=story.call_id, deposit_closes=date(2026, 3, 31), label="Printemps", share_cents=29_000_00
        )[1]
        autumn = rounds.create(
            session, call_id=story.call_id, deposit_closes=date(2026, 9, 30), label="Automne", share_cents=1_000_00
        )[1]
    given = part(store, story, f"round:{spring}").given_cents
    free = 29_000_00 - given
    assert given > 0 and free > 0
    with store.write(ACTOR) as session:
        rolled = verbs.roll_over(session, round_id=spring)
    assert part(store, story, f"round:{spring}").left_cents == 0
    assert part(store, story, f"round:{autumn}").node.amount_cents == 1_000_00 + free
    with pytest.raises(UserError) as refusal, store.write(ACTOR) as session:
        verbs.roll_over(session, round_id=spring)
    assert refusal.value.message.startswith(f"Rien n’est libre dans «{NBSP}Printemps{NBSP}»")
    assert rolled.undo
    with store.write(ACTOR) as session:
        rolled.undo(session)
    assert part(store, story, f"round:{spring}").node.amount_cents == 29_000_00
    assert part(store, story, f"round:{autumn}").node.amount_cents == 1_000_00


def test_what_is_free_at_the_end_of_a_year_goes_to_the_next_campaign(base_at: Opened) -> None:
    store, story = base_at("voted")
    with store.write(ACTOR) as session:
        later = calls.create(session, code="FIA-2027", scheme="FIA", year=2027, envelope_cents=25_000_00)[1]
    with pytest.raises(UserError) as refusal, store.write(ACTOR) as session:
        verbs.carry_over(session, call_id=story.call_id, target_id=later, cents=2_000_00)
    assert refusal.value.message == (
        f"2{NBSP}000{NBSP}€ ne peuvent pas être reportés{NBSP}: «{NBSP}FIA 2026{NBSP}» a 1{NBSP}900{NBSP}€ libres."
    )
    with store.write(ACTOR) as session:
        carried = verbs.carry_over(session, call_id=story.call_id, target_id=later, cents=1_900_00)

    def amounts() -> list[tuple[int, int]]:
        with store.read() as session:
            assert movements.gaps(session) == []
            found = [envelopes.buckets(session, call_id=key) for key in (story.call_id, later)]
        return [(x.envelope_cents, x.free_cents) for x in found]

    assert amounts() == [(28_100_00, 0), (26_900_00, 26_900_00)]
    assert carried.undo
    with store.write(ACTOR) as session:
        carried.undo(session)
    assert amounts() == [(30_000_00, 1_900_00), (25_000_00, 25_000_00)]
