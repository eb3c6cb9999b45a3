"""A file typed from paper, its draft, its withdrawal, its renewal, and the documents that came with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cv_desktop.db import backup, journal, pieces
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import application_records, envelope_parts, mandates
from cv_desktop.db.queries import applications as files
from cv_desktop.db.queries import attachments as joined
from cv_desktop.db.queries import bank_accounts as accounts
from cv_desktop.db.queries import form as forms
from cv_desktop.db.queries import structures as registry
from cv_desktop.db.store import NAME, Store
from cv_desktop.domain.budget import CHARGE, PRODUIT, BudgetLine, Funding
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.consortium import Partner, doubt
from cv_desktop.domain.entry import Entry
from cv_desktop.domain.envelopes import parts
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.domain.form import read as typed
from cv_desktop.domain.indicators import Planned
from cv_desktop.domain.intake import StructureRead
from cv_desktop.services import attachments, calls, drafts, entries, form, objectives, partners, renewals, unfinished
from cv_desktop.services.demonstration import ACTOR, Story

Opened = Callable[[str], tuple[Store, Story]]
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj <<>> endobj\n"
TODAY = date(2026, 4, 15)
REGISTRY = ("structure", "mandate", "bank_account")
NEW = StructureRead(name="Repair’Almont", siren="998877665", siret=None, siret_raw="99887766500019", rna="W779900111")


def full(**more: Any) -> Entry:
    values = {
        "title": "Café réparation",
        "deposited_at": typed("deposited_at", "02/03/2026"),
        "beneficiaries": 40,
        "women": 25,
        "full_time": typed("full_time", "0,5"),
    }
    budget = (
        BudgetLine(CHARGE, "606", "Outils", 90_000),
        BudgetLine(CHARGE, "622", "Animation", 60_050),
        BudgetLine(PRODUIT, "74", "CAMVS", 100_050, Funding.NONE),
        BudgetLine(PRODUIT, "74", "Ville de Melun", 50_000, Funding.ACQUIRED),
    )
    return Entry(structure=NEW, values=values, budget=budget, **more)


def write(store: Store, verb: Callable[..., Any], **arguments: Any) -> Any:
    with store.write(ACTOR) as session:
        return verb(session, **arguments)


def back(store: Store, changes: Changes) -> Changes:
    assert changes.undo is not None
    with store.write(ACTOR) as session:
        return changes.undo(session)


def tables(store: Store, *chosen: str) -> dict[str, list[tuple[Any, ...]]]:
    names = chosen or ("application", "budget_line", "document", "partner", "indicator", "application_quarter",
             "application_objective", "application_priority", "application_attachment")  # fmt: skip
    with closing(sqlite3.connect(store.path)) as base:
        return {name: sorted(base.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}


def refused(store: Store, verb: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(UserError) as refusal:
        write(store, verb, **arguments)
    return refusal.value.message


def test_a_typed_file_is_deposited_with_the_grant_its_budget_asks(base_at: Opened) -> None:
    store, story = base_at("imported")
    _changes, key = write(
        store, entries.create, call_id=story.call_id,
        entry=full(quarters=("QN07712M",), documents=("rib",)),
    )  # fmt: skip
    with store.read() as session:
        record = application_records.record(session, application_id=key)
        assert record is not None
        assert record.row.status.label == "Déposé"
        assert record.row.asked_cents == 100_050  # the line of the CAMVS, recognised by its name
        assert record.row.cost_cents == 150_050
        assert [x.line.state for x in record.lines if x.line.side == PRODUIT] == [Funding.OURS, Funding.ACQUIRED]
        assert record.row.structure == "Repair’Almont"
        assert record.siret_raw == "99887766500019"
        assert record.row.quarters == "L'Almont" or "Almont" in record.row.quarters
        assert list(record.documents) == ["rib"]
        assert journal.verify(session).sound


def test_a_file_without_what_the_register_needs_stays_a_draft_until_it_has_it(base_at: Opened) -> None:
    store, story = base_at("imported")
    _c, key = write(store, entries.create, call_id=story.call_id, entry=Entry(structure=NEW))
    sentence = refused(store, drafts.deposit, application_id=key)
    assert sentence == (
        "Ce dossier reste un brouillon. Il manque l’intitulé de l’action, le montant demandé et la date de réception."
    )
    for name, text in (("title", "Café"), ("asked_cents", "1 500"), ("deposited_at", "3/3/2026")):
        write(store, form.set_field, application_id=key, name=name, text=text)
    write(store, drafts.deposit, application_id=key)
    with store.read() as session:
        assert files.some(session, ids=[key])[0].status.label == "Déposé"
    assert "il ne se supprime pas" in refused(store, drafts.delete, application_id=key)


def test_a_deleted_draft_comes_back_whole_and_its_number_is_not_given_again(base_at: Opened, tmp_path: Path) -> None:
    store, story = base_at("imported")
    entry = Entry(
        structure=NEW,
        partners=(Partner("", "Club Témoin", role="lieu", share=4000),),
        indicators=(Planned("", "objets réparés", "objets", 120),),
        quarters=("QN07712M",),
        budget=(BudgetLine(CHARGE, "606", "Outils", 9_000),),
    )
    _c, key = write(store, entries.create, call_id=story.call_id, entry=entry)
    paper = tmp_path / "formulaire.pdf"
    paper.write_bytes(PDF)
    write(store, attachments.add, application_id=key, kind="rib", path=paper)
    before = tables(store)
    gone = write(store, drafts.delete, application_id=key)
    with store.read() as session:
        assert application_records.record(session, application_id=key) is None
    _c, other = write(store, entries.create, call_id=story.call_id, entry=Entry(structure=NEW))
    with store.read() as session:
        number = files.some(session, ids=[other])[0].number
    assert number not in str(before["application"])
    write(store, drafts.delete, application_id=other)
    back(store, gone)
    assert tables(store) == before


def test_undoing_the_typing_takes_the_file_back_and_redoing_gives_it_again(base_at: Opened) -> None:
    store, story = base_at("imported")
    before = tables(store)
    changes, key = write(store, entries.create, call_id=story.call_id, entry=full())
    after = tables(store)
    undone = back(store, changes)
    assert tables(store) == before
    back(store, undone)
    assert tables(store) == after
    with store.read() as session:
        assert application_records.record(session, application_id=key) is not None


def test_a_withdrawal_asks_a_reason_and_can_be_taken_back(base_at: Opened) -> None:
    store, story = base_at("imported")
    with store.read() as session:
        row = files.rows(session, call_id=story.call_id)[0]
    assert "dix caractères" in refused(store, drafts.withdraw, application_id=row.id, reason="court")
    changes = write(store, drafts.withdraw, application_id=row.id, reason="Action abandonnée par l’association")
    with store.read() as session:
        assert files.some(session, ids=[row.id])[0].status.label == "Retiré"
    assert "rouvrez-le" in refused(store, form.set_field, application_id=row.id, name="title", text="Autre")
    back(store, changes)
    with store.read() as session:
        assert files.some(session, ids=[row.id])[0].status.label == "Déposé"


def test_a_renewal_keeps_the_words_and_the_link_and_leaves_the_amounts(base_at: Opened) -> None:
    store, story = base_at("imported")
    _c, old = write(
        store, entries.create, call_id=story.call_id,
        entry=full(indicators=(Planned("", "objets réparés", "", 120),), partners=(Partner("", "Club Témoin"),)),
    )  # fmt: skip
    for name, text in (("tranche", "1"), ("tranches", "3")):
        write(store, form.set_field, application_id=old, name=name, text=text)
    _c, later = write(store, calls.create, code="FIA-2027", scheme="FIA", year=2027, envelope_cents=0)
    _c, key = write(store, renewals.create, application_id=old, call_id=later)
    with store.read() as session:
        record = forms.record(session, application_id=key)
        file = application_records.record(session, application_id=key)
    assert record is not None
    assert file is not None
    assert file.row.status.label == "Brouillon"
    assert record.renewed_from is not None
    assert record.renewed_from[0] == old
    assert record.values["title"] == "Café réparation"
    assert record.values["renewal"] is True
    assert (record.values["tranche"], record.values["tranches"]) == (2, 3)
    assert (record.values["asked_cents"], record.values["cost_cents"]) == (0, 0)
    assert record.values["beneficiaries"] is None
    assert [(x.label, x.planned) for x in record.indicators] == [("objets réparés", None)]
    assert [x.name for x in record.partners] == ["Club Témoin"]
    assert {x.line.amount_cents for x in file.lines} == {0}
    assert "déjà été repris" in refused(store, renewals.create, application_id=old, call_id=later)


def test_a_known_structure_takes_what_the_paper_says_otherwise(base_at: Opened) -> None:
    store, story = base_at("imported")
    with store.read() as session:
        row = registry.rows(session)[0]
    entry = Entry(structure=StructureRead(name=row.name), structure_id=row.id, told={"phone": "0199001234"})
    write(store, entries.create, call_id=story.call_id, entry=entry)
    with store.read() as session:
        record = registry.record(session, structure_id=row.id)
        assert record is not None
        assert record.phone == "01 99 00 12 34"


IBAN, OTHER = "FR7699999000011234567890152", "DE89370400440532013000"


def test_another_representative_and_iban_of_a_known_structure_are_written_and_taken_back(base_at: Opened) -> None:
    store, story = base_at("imported")
    person = {"representative_name": "Alix Témoin", "representative_role": "Présidente"}
    first = replace(NEW, iban=IBAN, **person)
    write(store, entries.create, call_id=story.call_id, entry=Entry(structure=first))
    with store.read() as session:
        key = session.scalars(select(Structure.id).where(Structure.siren == NEW.siren)).one()
    before = tables(store, *REGISTRY)
    again = replace(first, iban=OTHER, representative_name="Dominique Modèle", representative_role="présidente")
    changes, _file = write(store, entries.create, call_id=story.call_id, entry=Entry(structure=again, structure_id=key))
    with store.read() as session:
        people = [(m.words, m.represents, m.ends_on) for m in mandates.rows(session, structure_id=key)]
        banks = [(a.masked[-4:], a.until, a.validated_at) for a in accounts.rows(session, structure_id=key)]
    assert people == [("Dominique Modèle, présidente", True, None), ("Alix Témoin, Présidente", False, TODAY)]
    assert banks == [("3000", None, None), ("0152", TODAY, None)]
    after = tables(store, *REGISTRY)
    undone = back(store, changes)
    assert tables(store, *REGISTRY) == before
    back(store, undone)
    assert tables(store, *REGISTRY) == after
    # The same form once more says nothing new.
    write(store, entries.create, call_id=story.call_id, entry=Entry(structure=again))
    assert tables(store, *REGISTRY) == after


def test_undoing_a_typed_file_takes_its_structure_back_unless_something_else_holds_it(base_at: Opened) -> None:
    store, story = base_at("imported")
    before = tables(store, *REGISTRY)
    entry = Entry(structure=replace(NEW, iban=IBAN, representative_name="Alix Témoin"), told={"phone": "0199001234"})
    changes, _key = write(store, entries.create, call_id=story.call_id, entry=entry)
    after = tables(store, *REGISTRY)
    assert [len(after[name]) - len(before[name]) for name in REGISTRY] == [1, 1, 1]
    undone = back(store, changes)
    assert tables(store, *REGISTRY) == before
    changes = back(store, undone)
    assert tables(store, *REGISTRY) == after
    _c, other = write(store, entries.create, call_id=story.call_id, entry=Entry(structure=NEW))
    back(store, changes)
    assert tables(store, *REGISTRY) == after
    with store.read() as session:
        assert application_records.record(session, application_id=other) is not None


def test_the_shares_of_a_consortium_make_a_hundred_or_the_gap_is_said(base_at: Opened) -> None:
    store, story = base_at("imported")
    with store.read() as session:
        key = files.rows(session, call_id=story.call_id)[0].id
    two = (Partner("", "Club Témoin", share=3333), Partner("", "Amicale Exemple", share=1667))
    write(store, partners.put, application_id=key, partners=two)
    with store.read() as session:
        kept = forms.partners(session, application_id=key)
    assert doubt(5000, kept) == ""
    assert doubt(4500, kept) == "Les parts font 95\u00a0%\u00a0; il en manque 5."
    assert doubt(None, kept) == "La part du chef de file n’est pas indiquée."
    assert "13 chiffres" in refused(
        store, partners.put, application_id=key, partners=(Partner("", "Club", siret="1234567890123"),)
    )


def test_quarters_and_outside_are_written_with_their_way_back(base_at: Opened) -> None:
    store, story = base_at("imported")
    with store.read() as session:
        key = files.rows(session, call_id=story.call_id)[0].id
    before = tables(store)
    changes = write(store, objectives.set_quarters, application_id=key, codes=("QN07711M", "QN07712M"), outside=True)
    with store.read() as session:
        record = forms.record(session, application_id=key)
        assert record is not None
        assert record.quarters == ("QN07711M", "QN07712M")
        assert record.outside
    back(store, changes)
    assert tables(store) == before


def test_the_split_between_quarters_is_declared_counts_to_the_cent_and_is_taken_back(base_at: Opened) -> None:
    """Three fifths and two fifths of 2 400,01 euros are 1 440,01 and 960."""
    store, story = base_at("imported")
    both = ("QN07711M", "QN07712M")
    with store.read() as session:
        key = files.rows(session, call_id=story.call_id)[0].id
    write(store, objectives.set_quarters, application_id=key, codes=both, outside=False)

    def given() -> dict[str, int]:
        with store.read() as session:
            found = parts(envelope_parts.places(session, call_id=story.call_id)[key], 240_001)
        return {name.removeprefix("quarter:"): cents for name, cents in found.items() if name.startswith("quarter:")}

    assert given() == {"QN07711M": 120_001, "QN07712M": 120_000}
    before = tables(store)
    with pytest.raises(UserError, match="Donnez une part à chaque quartier"):
        write(store, objectives.set_split, application_id=key, weights={both[0]: 100})
    declared = write(store, objectives.set_split, application_id=key, weights={both[0]: 60_00, both[1]: 40_00})
    assert given() == {"QN07711M": 144_001, "QN07712M": 96_000}
    # The same quarters said again keep their split; others have none, until the way back.
    write(store, objectives.set_quarters, application_id=key, codes=both[::-1], outside=True)
    write(store, objectives.set_quarters, application_id=key, codes=both, outside=False)
    assert given() == {"QN07711M": 144_001, "QN07712M": 96_000}
    changed = write(store, objectives.set_quarters, application_id=key, codes=both[:1], outside=False)
    assert given() == {"QN07711M": 240_001}
    back(store, changed)
    assert given() == {"QN07711M": 144_001, "QN07712M": 96_000}
    back(store, declared)
    assert given() == {"QN07711M": 120_001, "QN07712M": 120_000}
    assert tables(store) == before


def test_the_viable_minimum_is_one_value_wherever_it_is_typed(base_at: Opened) -> None:
    """Typed with the file, then in the file, then at the arbitration: the same rule, open when the file is judged."""
    store, story = base_at("arbitrated")
    entry = replace(full(), values={**full().values, "minimum_cents": 700_00})
    key = write(store, entries.create, call_id=story.call_id, entry=entry)[1]

    def least() -> int | None:
        with store.read() as session:
            found = forms.record(session, application_id=key)
            assert found is not None
            value: int | None = found.values["minimum_cents"]
            return value

    assert least() == 700_00
    refused = "ne peut pas être le minimum viable d’une demande"
    with pytest.raises(UserError, match=refused):
        write(store, form.set_field, application_id=key, name="minimum_cents", text="2 000")
    changed = write(store, form.set_field, application_id=key, name="minimum_cents", text="800")
    assert least() == 800_00
    back(store, changed)
    assert least() == 700_00
    with pytest.raises(UserError, match=refused):
        entry = replace(entry, values={**entry.values, "minimum_cents": 5_000_00})
        write(store, entries.create, call_id=story.call_id, entry=entry)
    with store.read() as session:
        judged = next(x.id for x in files.rows(session, call_id=story.call_id) if x.status.value == "reviewed")
    write(store, form.set_field, application_id=judged, name="minimum_cents", text="500")


def test_a_document_is_kept_by_its_content_and_its_fault_is_said(base_at: Opened, tmp_path: Path) -> None:
    store, story = base_at("imported")
    with store.read() as session:
        row = files.rows(session, call_id=story.call_id)[0]
    paper = tmp_path / "rib.exe"
    paper.write_bytes(PDF)
    changes = write(store, attachments.add, application_id=row.id, kind="statuts", path=paper)
    with store.read() as session:
        (kept,) = joined.rows(session, application_id=row.id)
        assert (kept.filename, kept.media_type, kept.missing, kept.altered) == (
            "rib.exe", "application/pdf", False, False,
        )  # fmt: skip
        copy = attachments.openable(session, attachment_id=kept.id)
        assert copy.name == "rib.pdf"
        assert copy.read_bytes() == PDF
        assert joined.faults(session) == []
        place = joined.content(session, sha256=kept.sha256)
    assert place == store.folder / "pieces" / kept.sha256[:2] / kept.sha256
    place.write_bytes(b"autre chose")
    with store.read() as session:
        assert joined.faults(session) == [
            f"{row.number}, «\u00a0rib.exe\u00a0»\u00a0: la pièce a été modifiée depuis sa réception. "
            "Restaurez une sauvegarde, ou joignez-la de nouveau."
        ]
        with pytest.raises(Unavailable):
            attachments.openable(session, attachment_id=kept.id)
    write(store, attachments.add, application_id=row.id, kind="", path=paper)
    with store.read() as session:
        assert joined.faults(session) == []
    back(store, changes)
    with store.read() as session:
        assert len(joined.rows(session, application_id=row.id)) == 1


@pytest.mark.parametrize("content", [b"MZ\x90\x00programme", b"\x7fELF\x02", b"#!/bin/sh\nrm"])
def test_a_program_is_not_joined_whatever_its_name(base_at: Opened, tmp_path: Path, content: bytes) -> None:
    store, story = base_at("imported")
    with store.read() as session:
        key = files.rows(session, call_id=story.call_id)[0].id
    paper = tmp_path / "facture.pdf"
    paper.write_bytes(content)
    assert "est un programme" in refused(store, attachments.add, application_id=key, kind="", path=paper)
    paper.write_bytes(b"")
    assert "est vide" in refused(store, attachments.add, application_id=key, kind="", path=paper)


def test_a_backup_carries_the_documents_and_a_restoration_gives_them_back(base_at: Opened, tmp_path: Path) -> None:
    store, story = base_at("imported")
    with store.read() as session:
        key = files.rows(session, call_id=story.call_id)[0].id
    paper = tmp_path / "statuts.pdf"
    paper.write_bytes(PDF)
    write(store, attachments.add, application_id=key, kind="", path=paper)
    alone = tmp_path / "cle-usb" / "copie.sqlite"
    alone.parent.mkdir()
    backup.copy(store.path, alone)
    rotated = backup.rotate(store.path, tmp_path / "sauvegardes", store.clock())
    for number, source in enumerate((alone, rotated)):
        base = tmp_path / f"rendue{number}" / NAME
        backup.restore(source, base)
        with Store.open(base) as restored, restored.read() as session:
            assert joined.faults(session) == []
            (row,) = joined.rows(session, application_id=key)
            assert joined.content(session, sha256=row.sha256).read_bytes() == PDF
        with closing(sqlite3.connect(base)) as opened:
            assert opened.execute("SELECT 1 FROM sqlite_master WHERE name = 'backup_piece'").fetchone() is None
    assert pieces.listed(alone) == [row.sha256]


def test_the_form_being_typed_is_kept_and_a_ruined_copy_is_set_aside(base_at: Opened) -> None:
    store, story = base_at("imported")
    content = {"fields": {"title": "Café"}}
    unfinished.keep(store.folder, call_id=story.call_id, moment=store.clock(), content=content)
    found = unfinished.kept(store.folder)
    assert found is not None
    assert (found.call_id, found.content, found.kept_at) == (story.call_id, content, store.clock())
    (store.folder / unfinished.NAME).write_text("{coupé", encoding="utf-8")
    assert unfinished.kept(store.folder) is None
    assert (store.folder / "saisie-en-cours.illisible").exists()
    assert date(2026, 4, 15) == store.clock().date()
