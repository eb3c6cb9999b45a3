"""The lines of a structure's record: persons, documents, accounts, flags, help given; refused or undone in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from cv_desktop.db import backup, pieces
from cv_desktop.db.base import Base
from cv_desktop.db.models.call import LetterTemplate
from cv_desktop.db.models.reference import ReferenceVersion, StandardText
from cv_desktop.db.models.structure_document import StructureDocumentKind
from cv_desktop.db.queries import (
    attachments,
    journal,
    mandates,
    past_grants,
    structure_documents,
    structure_flags,
    supports,
)
from cv_desktop.db.queries import bank_accounts as accounts
from cv_desktop.db.queries import structures as rows
from cv_desktop.db.queries.structure_documents import StructureDocumentRow
from cv_desktop.db.store import NAME, Store
from cv_desktop.db.work import record
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.services import bank_accounts, opening, structure_lines, structures
from cv_desktop.services import structure_documents as papers
from cv_desktop.services import structure_flags as flags
from cv_desktop.services.demonstration import ACTOR

NBSP = "\u00a0"
IBAN, OTHER = "FR76 9999 9000 0112 3456 7890 152", "DE89 3704 0044 0532 0130 00"
TRACE = {"journal", "journal_head"}


def do(store: Store, verb: Callable[..., Any], **arguments: Any) -> Any:
    with store.write(ACTOR) as session:
        return verb(session, **arguments)


def ask(store: Store, query: Callable[..., Any], **arguments: Any) -> Any:
    with store.read() as session:
        return query(session, **arguments)


def refused(store: Store, verb: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(UserError) as refusal, store.write(ACTOR) as session:
        verb(session, **arguments)
    return refusal.value.message


def snapshot(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store.read() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in TRACE
        }


@pytest.fixture
def known(new_base: Store) -> tuple[Store, str]:
    _changes, key = do(new_base, structures.create, name="Verger Exemple", values={"siret": "732 829 320 00074"})
    return new_base, key


def test_a_structure_is_created_once_by_name_and_by_number(known: tuple[Store, str]) -> None:
    store, key = known
    assert "existe déjà sous ce nom" in refused(store, structures.create, name="Association du VERGER exemple")
    assert "a déjà le SIREN 732829320" in refused(
        store, structures.create, name="Autre", values={"siret": "73282932000074"}
    )
    assert "NIC" not in refused(store, structures.create, name="Autre", values={"siret": "73282932000000"})
    changes, twin = do(store, structures.create, name="Verger Exemple", despite_name=True)
    with store.write(ACTOR) as session:
        changes.undo(session)
    assert ask(store, rows.record, structure_id=twin) is None
    assert ask(store, rows.record, structure_id=key).siren == "732829320"


def test_la_poste_and_the_letters_of_a_rna_are_right_numbers(known: tuple[Store, str]) -> None:
    store, key = known
    do(store, structures.set_field, structure_id=key, name="siret", value="356 000 000 49837")
    do(store, structures.set_field, structure_id=key, name="rna", value="w2a1000123")
    record = ask(store, rows.record, structure_id=key)
    assert (record.siret, record.rna) == ("35600000049837", "W2A1000123")


def test_another_nic_of_the_same_siren_stays_known_and_its_undo_forgets_it(known: tuple[Store, str]) -> None:
    store, key = known
    before = snapshot(store)
    changes = do(store, structures.set_field, structure_id=key, name="siret", value="732 829 320 00082")
    assert [(a.kind, a.value) for a in ask(store, rows.record, structure_id=key).aliases] == [
        ("siret", "73282932000074")
    ]
    with store.write(ACTOR) as session:
        changes.undo(session)
    assert snapshot(store) == before


def test_a_structure_without_number_says_why_and_since_when(known: tuple[Store, str]) -> None:
    store, _key = known
    _c, key = do(store, structures.create, name="Collectif Témoin")
    assert "dix caractères" in refused(store, structures.declare_without_number, structure_id=key, reason="aucun")
    do(store, structures.declare_without_number, structure_id=key, reason="Collectif d’habitants non déclaré.")
    record = ask(store, rows.record, structure_id=key)
    assert record.no_number_reason == "Collectif d’habitants non déclaré." and record.no_number_on == date(2026, 4, 15)
    assert not any("SIRET" in alert or "RNA" in alert for alert in record.alerts)


def test_one_person_at_a_time_represents_the_structure(known: tuple[Store, str]) -> None:
    store, key = known
    _c, first = do(
        store, structure_lines.add, kind="mandate", structure_id=key,
        values={"person_name": "Alix Témoin", "role": "Présidente"},
    )  # fmt: skip
    _c, second = do(store, structure_lines.add, kind="mandate", structure_id=key, values={"person_name": "Noé Modèle"})
    assert ask(store, mandates.representative, structure_id=key).words == "Alix Témoin, Présidente"
    before = snapshot(store)
    changes = do(store, structure_lines.set_representative, mandate_id=second)
    assert ask(store, mandates.representative, structure_id=key).person_name == "Noé Modèle"
    with store.write(ACTOR) as session:
        changes.undo(session)
    assert snapshot(store) == before
    do(store, structure_lines.set_field, kind="mandate", line_id=first, name="ends_on", text="31/12/2025")
    assert ask(store, mandates.representative, structure_id=key) is None
    assert "Représentant ou représentante légale non renseignée." in ask(store, rows.record, structure_id=key).alerts
    sentence = refused(
        store, structure_lines.set_field, kind="mandate", line_id=first, name="starts_on", text="01/01/2026"
    )
    assert sentence == "Le mandat finit avant d’avoir commencé. Vérifiez les deux dates."


def test_documents_expire_by_their_kind_and_warn(known: tuple[Store, str]) -> None:
    store, key = known

    def receive(**values: str) -> str:
        return str(do(store, structure_lines.add, kind="document", structure_id=key, values=values)[1])

    receive(kind="assurance", dated_on="02/05/2025", received_on="12/01/2026")
    receive(kind="dirigeants", dated_on="02/01/2024", received_on="12/01/2026")
    receive(kind="statuts", dated_on="12/05/2019", received_on="12/01/2026")
    person = {"person_name": "Alix Témoin", "starts_on": "03/02/2024"}
    do(store, structure_lines.add, kind="mandate", structure_id=key, values=person)
    states = {d.kind: (d.state, d.valid_until) for d in ask(store, structure_documents.rows, structure_id=key)}
    assert states["assurance"] == ("soon", date(2026, 5, 2))
    assert states["dirigeants"] == ("expired", date(2025, 1, 2))
    assert states["statuts"] == ("valid", None)
    assert states["rib"] == ("awaited", None)
    alerts = ask(store, rows.record, structure_id=key).alerts
    assert f"Attestation d’assurance{NBSP}: expire le 2{NBSP}mai 2026." in alerts
    assert "Les statuts datent de 2019 et le bureau a changé en 2024. Demandez la pièce." in alerts
    receive(kind="dirigeants", dated_on="02/03/2026", received_on="03/03/2026")
    listed = [d.state for d in ask(store, structure_documents.rows, structure_id=key) if d.kind == "dirigeants"]
    assert listed == ["valid", "replaced"]
    assert not any("dirigeants" in alert for alert in ask(store, rows.record, structure_id=key).alerts)


def test_the_file_of_a_document_is_joined_opened_replaced_and_its_fault_is_said(
    known: tuple[Store, str], tmp_path: Path
) -> None:
    store, key = known
    paper, other = tmp_path / "statuts.exe", tmp_path / "statuts signés.pdf"
    paper.write_bytes(b"%PDF-1.7 statuts")
    other.write_bytes(b"%PDF-1.7 statuts et tampon")
    before = snapshot(store)
    changes = do(store, papers.receive, structure_id=key, kind="statuts", path=paper)

    def line() -> StructureDocumentRow:
        return next(d for d in ask(store, structure_documents.rows, structure_id=key) if d.kind == "statuts")

    row = line()
    assert (row.state, row.filename, row.media_type, row.received_on, row.missing, row.altered) == (
        "valid", "statuts.exe", "application/pdf", date(2026, 4, 15), False, False,
    )  # fmt: skip
    copy = ask(store, papers.openable, document_id=row.id)
    assert (copy.name, copy.read_bytes()) == ("statuts.pdf", paper.read_bytes())
    replaced = do(store, papers.join, document_id=row.id, path=other)
    assert line().filename == "statuts signés.pdf"
    alone = tmp_path / "copie.sqlite"
    backup.copy(store.path, alone)
    backup.restore(alone, tmp_path / "ailleurs" / NAME)
    assert pieces.faults(tmp_path / "ailleurs", [row.sha256, line().sha256]) == []
    ask(store, attachments.content, sha256=line().sha256).unlink()
    said = (
        "Verger Exemple, «\u00a0statuts signés.pdf\u00a0»\u00a0: la pièce est absente du dossier «\u00a0pieces\u00a0»."
        " Restaurez une sauvegarde, ou joignez-la de nouveau."
    )
    assert line().missing
    assert ask(store, attachments.faults) == [said]
    with pytest.raises(Unavailable, match="statuts signés"):
        ask(store, papers.openable, document_id=row.id)
    do(store, replaced.undo.verb, **replaced.undo.arguments)
    assert (line().filename, ask(store, attachments.faults)) == ("statuts.exe", [])
    do(store, changes.undo.verb, **changes.undo.arguments)
    after = snapshot(store)
    # The contents stay: another document, or the way back, may need them.
    assert len(after.pop("attachment")) == len(before.pop("attachment")) + 2
    assert after == before
    empty = tmp_path / "vide.pdf"
    empty.write_bytes(b"")
    assert "est vide" in refused(store, papers.receive, structure_id=key, kind="rib", path=empty)


def test_a_new_account_follows_the_one_before_and_its_undo_gives_it_back(known: tuple[Store, str]) -> None:
    store, key = known
    do(store, bank_accounts.add, structure_id=key, iban=IBAN, bic="agrifrpp")
    assert "C’est déjà le compte actuel" in refused(store, bank_accounts.add, structure_id=key, iban=IBAN)
    assert "n’est pas un BIC" in refused(store, bank_accounts.add, structure_id=key, iban=OTHER, bic="AGRI")
    before = snapshot(store)
    changes, account = do(store, bank_accounts.add, structure_id=key, iban=OTHER)
    found = ask(store, accounts.rows, structure_id=key)
    assert [(a.masked, a.until) for a in found] == [
        (f"DE89{NBSP}••••{NBSP}3000", None),
        (f"FR76{NBSP}••••{NBSP}0152", date(2026, 4, 15)),
    ]
    do(store, bank_accounts.validate, account_id=account)
    assert ask(store, accounts.rows, structure_id=key)[0].validated_by == ACTOR
    with store.write(ACTOR) as session, pytest.raises(UserError, match="validé depuis"):
        changes.undo(session)
    do(store, bank_accounts.validate, account_id=account, valid=False)
    with store.write(ACTOR) as session:
        changes.undo(session)
    assert snapshot(store) == before


def test_the_journal_never_holds_a_whole_iban(known: tuple[Store, str]) -> None:
    store, key = known
    _c, account = do(store, bank_accounts.add, structure_id=key, iban=IBAN)
    do(store, bank_accounts.show, account_id=account)
    do(store, bank_accounts.close, account_id=account)
    entries = ask(store, journal.rows, noun="structure", noun_id=key)
    assert any("affiché en entier" in e.summary for e in entries)
    assert not any("1234567890" in repr(e).replace(NBSP, "").replace(" ", "") for e in entries)


def test_a_flag_is_raised_and_lifted_with_reasons(known: tuple[Store, str]) -> None:
    store, key = known
    assert "dix caractères" in refused(store, flags.raise_flag, structure_id=key, kind="dispute", reason="litige")
    _c, flag = do(store, flags.raise_flag, structure_id=key, kind="missing_report", reason="Bilan 2024 jamais reçu.")
    assert (
        ask(store, rows.rows)[0].alerts[0]
        == f"Bilan manquant depuis le 15{NBSP}avril 2026{NBSP}: Bilan 2024 jamais reçu."
    )
    before = snapshot(store)
    changes = do(store, flags.lift, flag_id=flag, reason="Reçu le 14 avril par courrier.")
    (row,) = ask(store, structure_flags.rows, structure_id=key)
    assert (row.lifted_by, row.lifted_reason) == (ACTOR, "Reçu le 14 avril par courrier.")
    assert not any("Bilan" in alert for alert in ask(store, rows.rows)[0].alerts)
    with store.write(ACTOR) as session:
        changes.undo(session)
    assert snapshot(store) == before


def test_help_given_is_logged_with_its_duration(known: tuple[Store, str]) -> None:
    store, key = known
    told = {"subject": "Budget à reprendre", "given_on": "03/03/2026", "minutes": "1 h 30", "kind": "Rendez-vous"}
    do(store, structure_lines.add, kind="support", structure_id=key, values=told)
    (row,) = ask(store, supports.rows, structure_id=key)
    assert (row.minutes, row.given_on, row.subject) == (90, date(2026, 3, 3), "Budget à reprendre")
    sentence = refused(
        store, structure_lines.set_field, kind="support", line_id=row.id, name="minutes", text="longtemps"
    )
    assert sentence == f"«{NBSP}longtemps{NBSP}» n’est pas une durée. Exemple{NBSP}: 45 ou 1{NBSP}h{NBSP}30."


def test_the_history_adds_up_by_year_with_the_years_between(known: tuple[Store, str]) -> None:
    store, key = known
    for year, funder, asked, granted in (("2022", "Département", "3 000", "2 000"), ("2024", "CAF", "5 000", "2 500"),
                                         ("2024", "Département", "1 000", "")):  # fmt: skip
        values = {"year": year, "funder": funder, "asked_cents": asked, "granted_cents": granted}
        do(store, structure_lines.add, kind="grant", structure_id=key, values=values)
    totals = past_grants.by_year(ask(store, past_grants.rows, structure_id=key))
    assert [(t.year, t.asked_cents, t.granted_cents) for t in totals] == [
        (2022, 300_000, 200_000),
        (2023, 0, 0),
        (2024, 600_000, 250_000),
    ]


@pytest.mark.parametrize("kind", ["mandate", "document", "support", "grant"])
def test_a_line_removed_comes_back_whole(known: tuple[Store, str], kind: str) -> None:
    store, key = known
    values = {
        "mandate": {"person_name": "Alix Témoin", "phone": "0199001234", "starts_on": "01/02/2025"},
        "document": {"kind": "statuts", "received_on": "01/02/2026", "note": "Signés"},
        "support": {"subject": "Rendez-vous", "given_on": "01/02/2026", "next_on": "01/03/2026"},
        "grant": {"year": "2024", "funder": "CAF", "paid_cents": "12,50"},
    }[kind]
    _c, line = do(store, structure_lines.add, kind=kind, structure_id=key, values=values)
    before = snapshot(store)
    changes = do(store, structure_lines.remove, kind=kind, line_id=line)
    assert snapshot(store) != before
    with store.write(ACTOR) as session:
        changes.undo(session)
    assert snapshot(store) == before
    assert "obligatoire" in refused(store, structure_lines.add, kind=kind, structure_id=key, values={})


def test_opening_knows_every_table_that_a_new_base_receives(new_base: Store) -> None:
    with new_base.read() as session:
        query = select(ReferenceVersion.name, ReferenceVersion.version).order_by(ReferenceVersion.name)
        kept = session.execute(query).all()
        assert [tuple(row) for row in kept] == sorted(opening.TABLES.items())


def test_a_newer_table_brings_what_was_lacking_and_keeps_what_the_service_wrote(new_base: Store) -> None:
    with new_base.write(ACTOR) as session:
        session.execute(delete(LetterTemplate).where(LetterTemplate.kind == "REF"))
        session.execute(delete(StandardText).where(StandardText.key == "recours_ar"))
        for kind, validated in (("AR", True), ("IRR", False)):
            row = session.scalars(select(LetterTemplate).where(LetterTemplate.kind == kind)).one()
            row.content = row.content | {"object": "Objet du service"}
            row.to_validate = not validated
        session.execute(update(ReferenceVersion).where(ReferenceVersion.name == "courriers").values(version=0))
        record(session, verb="test", noun="settings", noun_id="reference", summary="Base d’avant")
    new_base.close()
    with opening.enter(new_base.path, actor=ACTOR) as store, store.read() as session:
        rows = session.scalars(select(LetterTemplate).order_by(LetterTemplate.kind, LetterTemplate.version)).all()
        found = [(row.kind, row.version) for row in rows if row.kind in ("AR", "IRR", "REF")]
        assert found == [("AR", 1), ("IRR", 1), ("IRR", 2), ("REF", 1)]
        assert [row.content["object"] for row in rows if row.kind == "AR"] == ["Objet du service"]
        assert session.scalars(select(StandardText.key).where(StandardText.key == "recours_ar")).all() == ["recours_ar"]


def test_a_base_of_an_earlier_program_receives_the_tables_it_never_had(new_base: Store) -> None:
    with new_base.write(ACTOR) as session:
        session.execute(delete(StructureDocumentKind))
        session.execute(delete(ReferenceVersion).where(ReferenceVersion.name == "pieces_structure"))
        record(session, verb="test", noun="settings", noun_id="reference", summary="Base d’avant")
    new_base.close()
    with opening.enter(new_base.path, actor=ACTOR) as store:
        assert "statuts" in [kind.code for kind in ask(store, structure_documents.kinds)]
