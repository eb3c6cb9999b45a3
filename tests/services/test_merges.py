"""Two records of one structure: what a merge moves, what its undo gives back, and what it says it cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cv_desktop.db.base import Base
from cv_desktop.db.models.application import Application
from cv_desktop.db.queries import bank_accounts as accounts
from cv_desktop.db.queries import duplicates as pairs
from cv_desktop.db.queries import mandates, past_grants, search
from cv_desktop.db.queries import structures as rows
from cv_desktop.db.store import Store
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.intake import StructureRead
from cv_desktop.services import bank_accounts, duplicates, merges, structure_flags, structure_lines, structures
from cv_desktop.services.demonstration import ACTOR, Story, clock
from cv_desktop.services.registry import Known

Opened = Callable[[str], tuple[Store, Story]]
IBAN = "FR76 9999 9000 0112 3456 7890 152"
TRACE = {"journal", "journal_head", "structure_merge"}


def do(store: Store, verb: Callable[..., Any], **arguments: Any) -> Any:
    with store.write(ACTOR) as session:
        return verb(session, **arguments)


def snapshot(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store.read() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in TRACE
        }


def ask(store: Store, query: Callable[..., Any], **arguments: Any) -> Any:
    with store.read() as session:
        return query(session, **arguments)


@pytest.fixture
def two(base_at: Opened) -> tuple[Store, str, str]:
    """A structure of the example that has files, and a second record of it typed by hand, with lines of its own."""
    store, _story = base_at("imported")
    with store.read() as session:
        file = session.scalars(select(Application).where(Application.number == "FIA-2026-0001")).one()
        merged = file.structure_id
    _changes, kept = do(store, structures.create, name="Verger Exemple des Tours", values={"acronym": "VET"})
    do(store, structure_lines.add, kind="mandate", structure_id=kept, values={"person_name": "Alix Témoin"})
    do(store, bank_accounts.add, structure_id=kept, iban=IBAN)
    do(store, structure_flags.raise_flag, structure_id=merged, kind="dispute", reason="Un litige sur le local prêté.")
    grant = {"year": "2024", "funder": "Département", "granted_cents": "1 500"}
    do(store, structure_lines.add, kind="grant", structure_id=merged, values=grant)
    return store, kept, merged


def test_everything_follows_the_kept_record_and_the_other_is_seen_nowhere(two: tuple[Store, str, str]) -> None:
    store, kept, merged = two
    gone = ask(store, rows.record, structure_id=merged)
    files = [f.row.number for f in ask(store, rows.files, structure_id=merged)]
    assert files
    _changes, merge_id = do(store, merges.merge, kept_id=kept, merged_id=merged)
    record = ask(store, rows.record, structure_id=merged)
    assert record.id == kept
    assert record.name == "Verger Exemple des Tours"
    assert (record.siret, record.rna) == (gone.siret, gone.rna)
    assert ("name", gone.name) in [(a.kind, a.value) for a in record.aliases]
    assert [f.row.number for f in ask(store, rows.files, structure_id=kept)] == files
    assert merged not in [row.id for row in ask(store, rows.rows)]
    assert merged not in [identity.id for identity in ask(store, pairs.identities)]
    assert record.representative == "Alix Témoin"
    assert ask(store, accounts.current_iban, structure_id=kept) == IBAN.replace(" ", "")
    assert len(ask(store, accounts.rows, structure_id=kept)) == 2
    assert [g.funder for g in ask(store, past_grants.rows, structure_id=kept) if not g.own] == ["Département"]
    assert record.alerts[0].startswith("Litige depuis le")
    with store.read() as session:
        found = search.found(session, text="verger", words=search.vocabulary(session))
    assert files[0] in [file.number for file in found.files]
    assert ask(store, pairs.merges)[0].id == merge_id


def test_a_merge_recognises_the_next_file_by_the_numbers_and_asks_by_the_name(two: tuple[Store, str, str]) -> None:
    store, kept, merged = two
    gone = ask(store, rows.record, structure_id=merged)
    do(store, structures.set_field, structure_id=kept, name="siret", value="732 829 320 00074")
    do(store, merges.merge, kept_id=kept, merged_id=merged)
    with store.read() as session:
        known = Known.load(session)
        assert known.recognise(StructureRead("Autre nom", siren=gone.siren)).id == kept  # type: ignore[union-attr]
        assert known.recognise(StructureRead("Autre nom", rna=gone.rna)).id == kept  # type: ignore[union-attr]
        assert known.recognise(StructureRead(gone.name)) is None
        assert "Verger Exemple des Tours" in known.doubt(StructureRead(gone.name))


def test_the_undo_gives_every_table_back(two: tuple[Store, str, str]) -> None:
    store, kept, merged = two
    before = snapshot(store)
    changes, _id = do(store, merges.merge, kept_id=kept, merged_id=merged, picks={"name", "account", "representative"})
    assert snapshot(store) != before
    assert ask(store, rows.record, structure_id=kept).name == ask(store, pairs.merges)[0].merged_name
    with store.write(ACTOR) as session:
        again = changes.undo(session).undo
    assert snapshot(store) == before
    assert ask(store, pairs.merges)[0].kept_back == ()
    with store.write(ACTOR) as session:
        again(session)
    assert merged not in [row.id for row in ask(store, rows.rows)]


def test_what_was_written_since_stays_and_is_said(two: tuple[Store, str, str]) -> None:
    store, kept, merged = two
    gone = ask(store, rows.record, structure_id=merged)
    _changes, merge_id = do(store, merges.merge, kept_id=kept, merged_id=merged, picks={"phone"})
    do(store, structures.set_field, structure_id=kept, name="phone", value="01 99 00 77 77")
    do(store, structures.set_field, structure_id=kept, name="acronym", value="VEDT")
    grant = next(g.id for g in ask(store, past_grants.rows, structure_id=kept) if not g.own)
    do(store, structure_lines.remove, kind="grant", line_id=grant)
    do(store, merges.undo, merge_id=merge_id)
    one, other = (ask(store, rows.record, structure_id=key) for key in (kept, merged))
    assert (one.phone, one.acronym, one.siret) == ("01 99 00 77 77", "VEDT", "")
    assert (other.name, other.siret, other.rna, other.phone) == (gone.name, gone.siret, gone.rna, gone.phone)
    assert ask(store, pairs.merges)[0].kept_back == (
        "«\u00a0Téléphone\u00a0» a été changé depuis la fusion et garde sa valeur actuelle.",
        "1 subvention\u00a0: changés ou retirés depuis la fusion, laissés tels quels.",
    )


def test_a_merge_is_not_undone_when_a_number_went_elsewhere_or_too_late(
    two: tuple[Store, str, str],
) -> None:
    store, kept, merged = two
    gone = ask(store, rows.record, structure_id=merged)
    _changes, merge_id = do(store, merges.merge, kept_id=kept, merged_id=merged)
    do(store, structures.set_field, structure_id=kept, name="rna", value="")
    _changes, third = do(store, structures.create, name="Troisième Modèle", values={"rna": gone.rna})
    with pytest.raises(UserError, match=f"Le RNA {gone.rna} est maintenant celui de"):
        do(store, merges.undo, merge_id=merge_id)
    do(store, structures.set_field, structure_id=third, name="rna", value="")
    store.clock = lambda: clock() + timedelta(days=31)
    with pytest.raises(UserError, match="elle ne se défait plus"):
        do(store, merges.undo, merge_id=merge_id)
    store.clock = lambda: clock() + timedelta(days=29)
    do(store, merges.undo, merge_id=merge_id)
    assert ask(store, rows.record, structure_id=merged).rna == gone.rna


def test_a_record_merged_twice_is_undone_in_order(two: tuple[Store, str, str]) -> None:
    store, kept, merged = two
    before = snapshot(store)
    _changes, first = do(store, merges.merge, kept_id=kept, merged_id=merged)
    last_id = next(r.id for r in ask(store, rows.rows) if r.id != kept)
    _changes, second = do(store, merges.merge, kept_id=last_id, merged_id=kept)
    with pytest.raises(UserError, match="a été fusionnée depuis"):
        do(store, merges.undo, merge_id=first)
    with pytest.raises(UserError, match="a déjà été fusionnée"):
        do(store, merges.merge, kept_id=last_id, merged_id=kept)
    do(store, merges.undo, merge_id=second)
    do(store, merges.undo, merge_id=first)
    assert snapshot(store) == before


def test_a_pair_set_apart_is_never_shown_again(new_base: Store) -> None:
    same = {"postal_code": "77000", "commune": "Melun"}
    _c, first = do(new_base, structures.create, name="Atelier Exemple des Rives", values=same)
    _c, second = do(new_base, structures.create, name="Assoc. des Rives, atelier Exemple", values=same)
    found = ask(new_base, duplicates.search)
    assert [(p.first, p.second) for p in found] == [tuple(sorted((first, second)))]
    assert found[0].evidence[0].startswith("Mêmes mots, écrits autrement")
    changes = do(new_base, duplicates.set_apart, first_id=second, second_id=first)
    assert ask(new_base, duplicates.search) == []
    with new_base.write(ACTOR) as session:
        changes.undo(session)
    assert len(ask(new_base, duplicates.search)) == 1


def test_the_comparison_says_what_goes_to_the_kept_record(two: tuple[Store, str, str]) -> None:
    store, kept, merged = two
    found = ask(store, pairs.compare, kept_id=kept, merged_id=merged)
    assert (found.files, found.letters, found.grants) == (len(ask(store, rows.files, structure_id=merged)), 0, 1)
    account = next(f for f in found.fields if f.name == "account")
    assert account.kept == "FR76\u00a0••••\u00a00152" and account.differs


def test_two_boards_meet_without_a_person_twice(two: tuple[Store, str, str]) -> None:
    store, kept, merged = two
    twin = {"person_name": "ALIX TÉMOIN", "starts_on": "01/02/2025"}
    do(store, structure_lines.add, kind="mandate", structure_id=merged, values=twin)
    do(store, merges.merge, kept_id=kept, merged_id=merged)
    names = [m.person_name for m in ask(store, mandates.rows, structure_id=kept)]
    assert names.count("ALIX TÉMOIN") == 0 and names.count("Alix Témoin") == 1
    assert date(2025, 2, 1) not in [m.starts_on for m in ask(store, mandates.rows, structure_id=kept)]
