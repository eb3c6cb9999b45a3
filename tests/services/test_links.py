"""Members, links and déports: what a decision hides, what it keeps, who may not instruct."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

import committee
from committee import ACTOR, Committee
from cv_desktop import cli
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.mandate import Mandate
from cv_desktop.db.models.partner import Partner
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import application_records, journal, links, meetings, seats, sheets, suspicions
from cv_desktop.db.queries import members as people
from cv_desktop.db.queries import register as listed
from cv_desktop.db.store import Store
from cv_desktop.db.work import new_id, record
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP
from cv_desktop.services import applications as files
from cv_desktop.services import calls, members, register
from cv_desktop.services import links as verbs

REASON = "Trésorier de l’association."


@pytest.fixture
def built(tmp_path: Path) -> Iterator[tuple[Store, Committee]]:
    base = committee.build(tmp_path / "cv-desktop.sqlite")
    with base.open() as store:
        yield store, base


def owner(store: Store, file: str) -> str:
    with store.read() as session:
        return session.get_one(Application, file).structure_id


def confirm(store: Store, member: str, structure: str) -> tuple[Changes, str]:
    with store.write(ACTOR) as session:
        return verbs.confirm(session, member_id=member, structure_id=structure, kind="mandate", reason=REASON)


def test_a_confirmed_link_hides_the_file_silences_its_sheet_and_is_undone(built: tuple[Store, Committee]) -> None:
    store, base = built
    member, file = base.members[1], base.files[0]
    committee.mark_all(store, base)
    changes, _key = confirm(store, member, owner(store, file))
    with store.read() as session:
        queue, hidden = meetings.queue(session, call_id=base.call, member_id=member)
        row = next(r for r in sheets.matrix(session, call_id=base.call) if r.application_id == file)
        said = journal.rows(session, limit=1)[0]
        number = session.get_one(Application, file).number
    assert hidden == 1 and file not in {x.application_id for x in queue}
    assert (row.states[member], row.returned, row.expected) == (sheets.RECUSED, 5, 5)
    assert said.summary.startswith("Lien confirmé entre Béatrice Témoin et") and "1 grille" in said.summary
    assert changes.undo is not None
    with store.write(ACTOR) as session:
        again = changes.undo(session)
    with store.read() as session:
        row = next(r for r in sheets.matrix(session, call_id=base.call) if r.application_id == file)
        assert application_records.record(session, application_id=file, viewer=member) is not None
    assert (row.states[member], row.returned, row.expected) == (sheets.RETURNED, 6, 6)
    assert again.undo is not None
    with store.write(ACTOR) as session:
        again.undo(session)
    with store.read() as session:
        assert application_records.record(session, application_id=file, viewer=member) is None
    assert number


@pytest.mark.parametrize(
    ("kind", "reason", "said"),
    [
        ("mandate", "Court", "Indiquez le motif du lien, en dix caractères au moins."),
        ("inconnu", REASON, "Choisissez la nature du lien."),
    ],
)
def test_a_link_needs_a_kind_and_a_reason(built: tuple[Store, Committee], kind: str, reason: str, said: str) -> None:
    store, base = built
    key = owner(store, base.files[0])
    with pytest.raises(UserError) as refusal, store.write(ACTOR) as session:
        verbs.confirm(session, member_id=base.members[1], structure_id=key, kind=kind, reason=reason)
    assert refusal.value.message == said


def test_a_homonym_is_dismissed_once_for_the_campaign(built: tuple[Store, Committee]) -> None:
    store, base = built
    structure = owner(store, base.files[0])
    with store.write(ACTOR) as session:
        session.add(
            Mandate(
                id=new_id(session), structure_id=structure, person_name="Élie TÉMOIN", folded_name="elie temoin",
                role="Président", represents=True, email="", phone="",
            )
        )  # fmt: skip
        record(session, verb="x", noun="structure", noun_id=structure, summary="Mandat de l’essai")
    with store.read() as session:
        found = [r for r in suspicions.rows(session, call_id=base.call) if r.member == "Élie Témoin"]
    found = [r for r in found if r.structure_id == structure]
    assert [r.files for r in found] == [1]
    assert found[0].evidence[0] == f"Même nom{NBSP}: Élie TÉMOIN, président."
    with store.write(ACTOR) as session:
        verbs.dismiss(
            session, member_id=found[0].member_id, structure_id=structure, reason="Homonyme, vérifié au téléphone.",
            evidence=found[0].evidence,
        )  # fmt: skip
    with store.read() as session:
        left = [(r.member, r.structure_id) for r in suspicions.rows(session, call_id=base.call)]
        kept = links.rows(session, call_id=base.call)[0]
        assert application_records.record(session, application_id=base.files[0], viewer=found[0].member_id) is not None
    assert ("Élie Témoin", structure) not in left
    assert (kept.state, kept.reason) == ("dismissed", "Homonyme, vérifié au téléphone.")


def test_an_officer_with_a_link_does_not_instruct(built: tuple[Store, Committee]) -> None:
    store, base = built
    file = base.files[0]
    with store.write(ACTOR) as session:
        _, officer = members.add(session, call_id=base.call, name="TÉMOIN Camille", body="Service", kind="officer")
    confirm(store, officer, owner(store, file))
    with store.read() as session:
        number = session.get_one(Application, file).number
        assert officer not in seats.titular(session, call_id=base.call)
        assert officer not in {m.id for m in meetings.members(session, call_id=base.call)}
    other = base.files[1]
    with pytest.raises(UserError) as refusal, store.write("Camille Témoin") as session:
        files.reopen(session, application_id=file, reason="Une pièce est arrivée depuis.")
    assert f"ne peut pas instruire {number} (code général de la fonction publique" in refusal.value.message
    assert "Confiez ce dossier à un autre agent." in refusal.value.message
    for actor, allowed in (("Camille Témoin", other), ("Dominique Modèle", file)):
        with store.write(actor) as session:
            files.reopen(session, application_id=allowed, reason="Une pièce est arrivée depuis.")


def test_a_seat_has_one_sheet_and_a_consultative_voice_is_not_counted(built: tuple[Store, Committee]) -> None:
    store, base = built
    committee.mark_all(store, base)
    with store.write(ACTOR) as session:
        members.put(session, member_id=base.members[1], values={"substitute_of": base.members[0]})
    with store.read() as session:
        rows = {r.application_id: r for r in sheets.matrix(session, call_id=base.call)}
    # The titular member is kept out of one file: there the substitute's sheet counts.
    assert (rows[base.files[0]].returned, rows[base.files[0]].expected) == (5, 5)
    assert (rows[base.recused[1]].returned, rows[base.recused[1]].expected) == (5, 4)
    with store.write(ACTOR) as session:
        members.put(session, member_id=base.members[2], values={"voice": False})
    with store.read() as session:
        row = next(r for r in sheets.matrix(session, call_id=base.call) if r.application_id == base.files[0])
    assert (row.returned, row.expected, row.states[base.members[2]]) == (4, 4, sheets.RETURNED)


def test_a_substitute_of_a_substitute_and_a_day_to_come_are_refused(built: tuple[Store, Committee]) -> None:
    store, base = built
    first, second, third = base.members[:3]
    with store.write(ACTOR) as session:
        members.put(session, member_id=second, values={"substitute_of": first})
    with pytest.raises(UserError) as refusal, store.write(ACTOR) as session:
        members.put(session, member_id=third, values={"substitute_of": second})
    assert refusal.value.message == (
        f"Béatrice Témoin ne peut pas être suppléé·e{NBSP}: choisissez un membre titulaire."
    )
    with pytest.raises(UserError, match="pas encore passé"), store.write(ACTOR) as session:
        members.set_field(session, member_id=third, name="left_on", text="16/04/2026")


def test_last_years_members_come_back_without_their_declarations(built: tuple[Store, Committee]) -> None:
    store, base = built
    with store.write(ACTOR) as session:
        members.put(session, member_id=base.members[1], values={"substitute_of": base.members[0], "voice": False})
        members.declare(session, member_id=base.members[2], declaration="none")
        members.set_field(session, member_id=base.members[5], name="left_on", text="01/04/2026")
        _, call = calls.create(session, code="FIA-2027", scheme="FIA", year=2027, envelope_cents=100)
    structure = owner(store, base.files[0])
    confirm(store, base.members[2], structure)
    with store.write(ACTOR) as session:
        changes = members.take_up(session, call_id=call, from_call_id=base.call)
    with store.read() as session:
        rows = {m.name: m for m in people.rows(session, call_id=call)}
        again = [r for r in suspicions.rows(session, call_id=call) if r.structure_id == structure]
    assert len(rows) == 5 and "Fanny Exemple" not in rows
    assert rows["Béatrice Témoin"].substitute_of == rows["Alix Exemple"].id and not rows["Béatrice Témoin"].voice
    assert rows["Charlie Modèle"].declaration == ""
    assert any("Lien confirmé dans" in sentence for r in again for sentence in r.evidence)
    assert changes.undo is not None
    with store.write(ACTOR) as session:
        changes.undo(session)
    with store.read() as session:
        assert people.rows(session, call_id=call) == []


def test_the_register_of_a_year_lists_each_deport_and_reads_back(built: tuple[Store, Committee]) -> None:
    store, base = built
    _changes, key = confirm(store, base.members[1], owner(store, base.files[0]))
    with store.write(ACTOR) as session:
        verbs.lift(session, link_id=key, reason="A quitté l’association.")
    with store.write(ACTOR) as session:
        _, made = register.export(session, year=2026)
        _, pages = register.export(session, year=2026, suffix=".pdf")
    page = openpyxl.load_workbook(BytesIO(made)).active
    assert page is not None
    lines = list(page.iter_rows(values_only=True))
    assert lines[0][:4] == ("Date", "Membre", "Qualité", "Dossier")
    by_member = {line[1]: line for line in lines[1:]}
    assert by_member["Alix Exemple"][5:7] == ("Déport déclaré sur le dossier", "Présidente de l’association.")
    assert by_member["Béatrice Témoin"][6] == f"{REASON} (levé le 15/04/2026)"
    assert by_member["Béatrice Témoin"][8] == ACTOR
    assert pages.startswith(b"%PDF")


def test_the_register_lists_the_files_that_a_structure_only_takes_part_in(built: tuple[Store, Committee]) -> None:
    """By its number alone too: what is hidden from a member stands in the register of who was kept out."""
    store, base = built
    structure, shared = owner(store, base.files[0]), base.files[5]
    with store.write(ACTOR) as session:
        siren = session.get_one(Structure, structure).siren
        session.add(
            Partner(
                id=new_id(session), application_id=shared, position=0, structure_id=None, name="Autre nom",
                siret=f"{siren}00017", role="", share=None,
            )
        )  # fmt: skip
        record(session, verb="test", noun="application", noun_id=shared, summary="Partenaire")
    confirm(store, base.members[1], structure)
    with store.read() as session:
        number = session.get_one(Application, shared).number
        rows = listed.rows(session, year=2026)
        queue, _hidden = meetings.queue(session, call_id=base.call, member_id=base.members[1])
    assert shared not in {x.application_id for x in queue}
    assert number in {row.number for row in rows if row.member == "Béatrice Témoin"}


def test_members_come_from_a_list_and_a_wrong_line_writes_nothing(
    built: tuple[Store, Committee], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, base = built
    store.close()
    listed = tmp_path / "comite.csv"
    listed.write_text(
        "Nom;Institution;Courriel;Voix;Suppléant de\nGilles Témoin;Département;g@dep.fr;consultative;Hélène Modèle\n"
        "Hélène Modèle;Département;;oui;\nAlix Exemple;Ville;;oui;\n",
        encoding="utf-8",
    )
    command = ["members", "import", str(listed), "--call", "fia-2026", "--data-dir", str(base.path.parent)]
    assert cli.main(command) == 0
    assert capsys.readouterr().out == "2 membres ajoutés, 1 déjà au comité.\n"
    with base.open() as again, again.read() as session:
        rows = {m.name: m for m in people.rows(session, call_id=base.call)}
    assert rows["Gilles Témoin"].substitute_of == rows["Hélène Modèle"].id and not rows["Gilles Témoin"].voice
    listed.write_text("Nom;Voix\nIris Témoin;oui\nJules Modèle;peut-être\n", encoding="utf-8")
    assert cli.main(command) == 2
    assert f"Ligne 3, colonne voix{NBSP}: «{NBSP}peut-être{NBSP}» se lit mal" in capsys.readouterr().err
    with base.open() as again, again.read() as session:
        assert "Iris Témoin" not in {m.name for m in people.rows(session, call_id=base.call)}
