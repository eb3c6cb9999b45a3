"""A meeting of fourteen files, played as it goes in life: a late arrival, two déports, the quorum lost and found
again, a file adjourned, the closing reopened. The minutes say all of it; figures and hours are by hand."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

import committee
from committee import Committee
from cv_desktop.cli import main
from cv_desktop.db.models.call import LetterTemplate
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.models.meeting import Meeting
from cv_desktop.db.queries import grids, scenarios, scores
from cv_desktop.db.queries import meetings as queries
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.hours import moment_of
from cv_desktop.domain.letters import Conditions, plain
from cv_desktop.domain.votes import Votes
from cv_desktop.services import (
    agenda,
    closing,
    convocations,
    corrections,
    decisions,
    letters,
    meetings,
    minutes_files,
    opinions,
    presence,
    settings,
)

DAY = date(2026, 4, 16)
ASKED = "Un budget détaillé et le nombre d’habitants attendus."
REASON = "Le comité s’appuie sur l’audition de l’association."
EACH = 50_000


def at(hour: int, minute: int = 0) -> datetime:
    return moment_of(DAY, time(hour, minute))


@dataclass
class Held:
    """The meeting, and short ways to what is done in it."""

    store: Store
    base: Committee
    id: str

    def do(self, verb: Callable[..., Any], **kw: Any) -> Any:
        with self.store.write(committee.ACTOR) as session:
            return verb(session, meeting_id=self.id, **kw)

    def enter(self, place: int, *when: int) -> None:
        self.do(presence.enter, member_id=self.base.members[place], at=at(*when))

    def leave(self, place: int, *when: int, file: int | None = None) -> None:
        key = None if file is None else self.base.files[file]
        self.do(presence.leave, member_id=self.base.members[place], at=at(*when), application_id=key)

    def give(self, file: int, votes: Votes | None = None, opinion: str = "favorable", **kw: Any) -> None:
        cents = EACH if opinion == "favorable" else None
        key = {"application_id": self.base.files[file], "opinion": opinion, "amount_cents": cents, "reason": REASON}
        self.do(opinions.give, **key | {"votes": votes} | kw)

    def refused(self, verb: Callable[[], Any]) -> str:
        with pytest.raises(UserError) as refusal:
            verb()
        return refusal.value.message

    def text(self) -> str:
        """What is read on the pages of the minutes, spaces made plain."""
        with self.store.read() as session:
            said = minutes_files.content(session, meeting_id=self.id)
        document = pypdfium2.PdfDocument(minutes_files.make(*said, ".pdf"))
        pages = [page.get_textpage().get_text_bounded() for page in document]
        return re.sub(r"\s+", " ", " ".join(pages))


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    base = committee.build(tmp_path / "cv-desktop.sqlite")
    with base.open() as store:
        committee.mark_all(store, base)
        with store.write(committee.ACTOR) as session:
            meetings.declare_recusal(
                session,
                member_id=base.members[3],
                application_id=base.files[5],
                reason="Salarié de l’association partenaire.",
            )
            _, key = meetings.create(
                session,
                call_id=base.call,
                label="Comité FIA n°\u00a01",
                held_on=DAY,
                starts_at=time(14, 0),
                place="Salle du conseil",
                application_ids=base.files[:14],
            )
        yield Held(store, base, key)


def play(held: Held) -> None:
    """From the convocation to the first closing."""
    for name, value in (("president", "Béatrice Témoin"), ("secretary", "Camille Témoin")):
        held.do(meetings.set_detail, name=name, value=value)
    for place in (1, 2, 3):
        held.enter(place, 14)
    assert held.refused(lambda: held.do(meetings.open_meeting)).startswith(
        "Quorum non atteint\u00a0: 3 présents, il en faut 4."
    )
    held.enter(4, 14)
    held.do(meetings.open_meeting)
    held.do(meetings.reveal)
    held.give(0, Votes(4, 0, 0))
    assert held.refused(lambda: held.give(1, Votes(5, 0, 0))).startswith("5 voix pour 4 membres qui peuvent voter")
    held.give(1, Votes(3, 0, 1))
    held.enter(0, 14, 20)  # the late arrival
    assert held.refused(lambda: held.give(2)) == (
        "Alix Exemple est en déport sur ce dossier et encore dans la salle. Notez d’abord la sortie."
    )
    assert "encore dans la salle" in held.refused(lambda: held.do(agenda.call_file, application_id=held.base.files[2]))
    held.leave(0, 14, 25, file=2)
    held.do(agenda.call_file, application_id=held.base.files[2])
    held.give(2, Votes(3, 1, 0))
    held.enter(0, 14, 35)
    held.give(3, Votes(5, 0, 0))
    held.give(4)
    held.leave(3, 14, 52, file=5)
    held.give(5, Votes(4, 0, 0), "adjourned", asked=ASKED)
    held.enter(3, 15, 2)
    held.leave(1, 15, 10)
    held.leave(2, 15, 10)
    assert held.refused(lambda: held.give(6)) == (
        "Quorum non atteint\u00a0: 3 présents, il en faut 4. L’avis ne peut pas être rendu."
    )
    held.enter(1, 15, 20)
    for file in range(6, 14):
        held.give(file, Votes(4, 0, 0))
    for place in (0, 1, 3, 4):
        held.leave(place, 16, 10)
    held.do(closing.close)


def test_the_minutes_say_the_whole_meeting(held: Held) -> None:
    play(held)
    text = held.text()
    assert "Procès-verbal et relevé d’avis" in text and "Projet" not in text
    assert "séance du jeudi 16 avril 2026 de 14 h à 16 h 10, Salle du conseil." in text
    assert "présidée par Béatrice Témoin" in text and "L’ordre du jour compte 14 dossiers." in text
    # Late, out for the déport, back until the end; absent; gone and back.
    with held.store.read() as session:
        number = queries.agenda(session, meeting_id=held.id)[2].number
    assert f"De 14 h 20 à 14 h 25 (déport, {number}) ; de 14 h 35 à 16 h 10" in text
    assert re.search(r"Fanny Exemple .{0,40}Absent·e", text)
    assert "De 14 h à 15 h 10 ; de 15 h 20 à 16 h 10" in text
    assert (
        "Le quorum est de 4 voix. Il est atteint à 14 h (4 voix présentes). Il est perdu à 15 h 10 (3 voix présentes)"
        " : aucun avis n’est rendu jusqu’à son retour. Il est de nouveau atteint à 15 h 20 (4 voix présentes)."
    ) in text
    assert "Alix Exemple, hors de la salle de 14 h 25 à 14 h 35" in text
    assert "Dominique Modèle, hors de la salle de 14 h 52 à 15 h 02" in text
    assert "L. 2131-11" in text
    assert "Favorable, 3 voix pour, 1 contre" in text and "Favorable, 3 voix pour, 1 abstention" in text
    assert "Favorable, sans vote" in text
    assert ASKED in text
    # Thirteen favourable opinions of 500 € each, one adjournment without amount.
    assert re.search(r"Favorable 13 [\d ]+ € 6 500 €", text)
    assert re.search(r"Ajourné 1 [\d ]+ € 0 €", text)


def test_the_closing_is_frozen_and_a_reopened_one_keeps_both(held: Held) -> None:
    play(held)
    with held.store.read() as session:
        _said, first, sha = minutes_files.content(session, meeting_id=held.id)
    assert hashlib.sha256(first.encode()).hexdigest() == sha
    assert sha in held.text()
    assert held.refused(lambda: held.do(closing.reopen, reason="Erreur")).startswith("Indiquez le motif")
    with pytest.raises(UserError, match="elle ne change plus"):
        held.give(6)
    held.do(closing.reopen, reason="Le montant du dossier 7 a été mal reporté.")
    held.enter(1, 16, 11), held.enter(3, 16, 11), held.enter(0, 16, 11), held.enter(4, 16, 11)
    held.give(6, Votes(4, 0, 0), amount_cents=60_000)
    for place in (0, 1, 3, 4):
        held.leave(place, 16, 20)
    held.do(closing.close)
    with held.store.read() as session:
        said, second, other = minutes_files.content(session, meeting_id=held.id)
        assert minutes_files.faults(session) == []
    assert (said.version, said.proposed_cents) == (2, 12 * EACH + 60_000)
    assert other != sha and second != first
    text = held.text()
    assert "La version 1, close le 15 avril 2026, a été rouverte" in text
    assert "Le montant du dossier 7 a été mal reporté." in text
    assert sha in text and other in text


def test_the_adjourned_file_comes_back_with_what_was_asked(held: Held) -> None:
    play(held)
    with held.store.write(committee.ACTOR) as session:
        _, key = meetings.create(session, call_id=held.base.call, label="Comité n°\u00a02", held_on=date(2026, 5, 7))
    with held.store.read() as session:
        rows = queries.agenda(session, meeting_id=key)
    # The file adjourned, and the fifteenth, which was not chosen.
    assert [row.application_id for row in rows] == [held.base.files[5], held.base.files[14]]
    assert rows[0].before == f"Comité FIA n°\u00a01\u00a0: {ASKED}"
    assert rows[1].before == ""


def test_two_meetings_share_no_file(held: Held) -> None:
    with held.store.write(committee.ACTOR) as session:
        _, key = meetings.create(session, call_id=held.base.call, label="Autre", held_on=DAY)
    with held.store.read() as session:
        assert [row.application_id for row in queries.agenda(session, meeting_id=key)] == [held.base.files[14]]
    taken = {"call_id": held.base.call, "label": "X", "held_on": DAY, "application_ids": held.base.files[:1]}
    with (
        pytest.raises(UserError, match="déjà à l’ordre du jour d’une autre séance"),
        held.store.write(committee.ACTOR) as session,
    ):
        meetings.create(session, **taken)


def test_grouping_the_deports_spares_exits_and_is_undone(held: Held) -> None:
    with held.store.write(committee.ACTOR) as session:
        meetings.declare_recusal(
            session,
            member_id=held.base.members[0],
            application_id=held.base.files[9],
            reason="Présidente de cette autre association.",
        )
    changes = held.do(agenda.group_recusals)
    with held.store.read() as session:
        order = [row.application_id for row in queries.agenda(session, meeting_id=held.id)]
    places = [order.index(held.base.files[i]) for i in (2, 9)]
    assert places[1] == places[0] + 1
    assert "déjà le moins de sorties possible\u00a0: 2 sorties" in held.refused(lambda: held.do(agenda.group_recusals))
    with held.store.write(committee.ACTOR) as session:
        changes.undo(session)
    with held.store.read() as session:
        rows = queries.agenda(session, meeting_id=held.id)
    assert [row.application_id for row in rows] == list(held.base.files[:14])


def test_the_closing_waits_for_what_the_minutes_must_say(held: Held) -> None:
    for place in range(1, 6):
        held.enter(place, 14)
    held.do(meetings.open_meeting)
    held.do(meetings.reveal)
    held.leave(3, 14, 5, file=5)
    for file in range(14):
        held.give(file, None, "reserved" if file == 0 else "adjourned", amount_cents=EACH, asked=ASKED)
    assert held.refused(lambda: held.do(closing.close)).startswith("Réserves à écrire pour FIA-2026-")
    key = {"application_id": held.base.files[0], "name": "reserves"}
    held.do(opinions.set_text, **key, text="Le budget est remis avant le versement.")
    held.do(opinions.set_text, application_id=held.base.files[1], name="asked", text="")
    assert held.refused(lambda: held.do(closing.close)).startswith("Dites ce qui est demandé pour FIA-2026-")


def test_a_convocation_has_no_trace_of_the_files_of_the_deport(held: Held) -> None:
    from cv_desktop.documents import declaration_pdf, letter_pdf

    renders = {"render": letter_pdf.render, "render_form": declaration_pdf.render}
    held.do(meetings.set_detail, name="place", value="")
    with pytest.raises(UserError, match="Avant de convoquer, indiquez\u00a0: lieu"):
        convocations.issue(held.store, actor=committee.ACTOR, meeting_id=held.id, **renders)
    held.do(meetings.set_detail, name="place", value="Salle du conseil")
    _, paths = convocations.issue(held.store, actor=committee.ACTOR, meeting_id=held.id, **renders)
    assert [path.name for path in paths][:3] == [
        "01_alix-exemple.pdf", "01_alix-exemple_declaration.pdf", "02_beatrice-temoin.pdf",
    ]  # fmt: skip
    with held.store.read() as session:
        rows = queries.agenda(session, meeting_id=held.id)
        hidden = next(row for row in rows if row.application_id == held.base.files[2])
        (meeting,) = queries.rows(session, call_id=held.base.call)
    assert meeting.convened_on == date(2026, 4, 15)
    own, form, other, other_form = (
        re.sub(r"\s+", " ", " ".join(p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(path)))
        for path in paths[:4]
    )
    for words in (hidden.number, hidden.structure):
        plain = re.sub(r"\s+", " ", words)
        assert plain not in own and plain in other
        assert plain not in form and plain in other_form
    assert "déclaration d’intérêts" in own  # among what is joined
    assert "1 dossier n’y est pas : un lien est déjà enregistré." in form
    assert "article L2131-11" in form and "code pénal, article 432-12" in form
    assert "Alix Exemple, Ville de Melun" in form and "Signature" in form
    assert "déjà enregistré" not in other_form
    # Another file bears the same title: it is there once less.
    title = re.sub(r"\s+", " ", hidden.title)
    assert own.count(title) == other.count(title) - 1
    assert "une structure qui demande une subvention (1 dossier) :" in own
    assert "16 avril 2026, à 14 h" in own and "vers 16 h 20" in own  # 14 files of ten minutes


def test_a_convocation_says_what_its_law_wants_and_lies_in_the_envelopes_of_the_service(held: Held) -> None:
    from cv_desktop.documents import declaration_pdf, letter_pdf

    held.do(meetings.set_detail, name="place", value="Salle du conseil")
    with held.store.write(committee.ACTOR) as session:
        settings.set_value(session, key="letter_window", value="35")
        whole = convocations.compose(session, meeting_id=held.id, member_id=held.base.members[0])
        assert (whole.missing, whole.window) == ((), 35)
        template = session.scalars(select(LetterTemplate).where(LetterTemplate.kind == "CVQ")).one()
        # Neither what a déport forbids nor the links to declare.
        template.content = {**template.content, "blocks": template.content["blocks"][:4]}
        session.flush()
        found = convocations.compose(session, meeting_id=held.id, member_id=held.base.members[0]).missing
        assert {(one.label, one.law) for one in found} == {
            ("liens à déclarer", "CGCT, article L. 2131-11, et code pénal, article 432-12"),
            ("déport", "CGCT, article L. 2131-11, et code pénal, article 432-12"),
        }
        record(session, verb="test", noun="meeting", noun_id=held.id, summary="Modèle de l’essai")
    renders = {"render": letter_pdf.render, "render_form": declaration_pdf.render}
    with pytest.raises(UserError, match="Avant de convoquer, indiquez\u00a0: liens à déclarer"):
        convocations.issue(held.store, actor=committee.ACTOR, meeting_id=held.id, **renders)


def test_files_are_the_same_twice_and_hold_what_they_should(held: Held) -> None:
    play(held)
    paths = minutes_files.write_all(held.store, meeting_id=held.id)
    assert sorted(path.name for path in paths) == [
        "annexe.pdf", "annexe.xlsx", "releve-d-avis.docx", "releve-d-avis.pdf", "releve-fige.json",
    ]  # fmt: skip
    before = {path: path.read_bytes() for path in paths}
    minutes_files.write_all(held.store, meeting_id=held.id)
    assert {path: path.read_bytes() for path in paths} == before
    folder = paths[0].parent
    sheet = load_workbook(io.BytesIO(before[folder / "annexe.xlsx"])).active
    titles = [cell.value for cell in sheet[1]]
    asked, proposed = titles.index("Demandé"), titles.index("Proposé")
    assert sheet.max_row == 15
    assert sum(row[proposed].value or 0 for row in sheet.iter_rows(min_row=2)) == 6500
    assert [row[titles.index("Pour")].value for row in sheet.iter_rows(min_row=2)][:5] == [4, 3, 3, 5, None]
    assert all(row[asked].value > 0 for row in sheet.iter_rows(min_row=2))
    with pikepdf.open(io.BytesIO(before[folder / "annexe.pdf"])) as annex:
        box = [float(x) for x in annex.pages[0].MediaBox]
        assert box[2] > box[3]
    docx = zipfile.ZipFile(io.BytesIO(before[folder / "releve-d-avis.docx"])).read("word/document.xml").decode()
    assert "Alix Exemple, hors de la salle de 14\u00a0h\u00a025 à 14\u00a0h\u00a035" in docx
    frozen = json.loads(before[folder / "releve-fige.json"])
    assert frozen["version"] == 1 and len(frozen["files"]) == 14
    # Six sheets per file, less the one of each déport, nine criteria each.
    assert len({(x["file"], x["member"]) for x in frozen["sheets"]}) == 14 * 6 - 2


def test_the_command_line_writes_the_minutes(held: Held, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    play(held)
    held.store.close()
    data = ["--data-dir", str(held.base.path.parent), "--json"]
    assert main([*data, "meetings", "list"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["meetings"]
    assert (row["id"], row["state"], row["files"], row["opinions"]) == (held.id, "closed", 14, 14)
    out = tmp_path / "pv.json"
    for wanted in (row["id"], "16/04/2026", "comité fia n° 1"):
        assert main([*data, "minutes", "--meeting", wanted, "--out", str(out)]) == 0
        said = json.loads(capsys.readouterr().out)
        assert hashlib.sha256(out.read_bytes()).hexdigest() == said["sha256"]
    assert main([*data, "minutes", "--meeting", "rien", "--out", str(out)]) == 2
    assert "meetings list" in json.loads(capsys.readouterr().out)["error"]
    assert main([*data, "minutes", "--meeting", row["id"], "--out", str(tmp_path / "pv.odt")]) == 2
    assert ".docx" in json.loads(capsys.readouterr().out)["error"]


def test_before_the_closing_the_minutes_are_a_draft_and_hide_every_mark(held: Held) -> None:
    with held.store.read() as session:
        said, text, sha256 = minutes_files.content(session, meeting_id=held.id)
    assert (said.draft, sha256) == (True, "")
    assert all(file.note == "" and file.sheets == 0 for file in said.files)
    assert said.sheets == () and "level" not in text
    assert "Projet de procès-verbal" in held.text()


def test_a_mark_changed_after_the_revelation_asks_a_reason_and_both_are_kept(held: Held) -> None:
    for place in (1, 2, 3, 4):
        held.enter(place, 14)
    with held.store.read() as session:
        grid = grids.of_file(session, application_id=held.base.files[0]).grid
        before = scores.sheet(session, application_id=held.base.files[0], member_id=held.base.members[1])
    code = next(c.code for c in grid.criteria if before[c.code].level == 2)
    change = {
        "application_id": held.base.files[0],
        "member_id": held.base.members[1],
        "criterion": code,
        "level": 3,
        "reason": "Erreur de saisie signalée par le membre.",
    }
    held.do(meetings.open_meeting)
    assert "Révélez d’abord" in held.refused(lambda: held.do(corrections.correct, **change))
    held.do(meetings.reveal)
    assert "Indiquez le motif" in held.refused(lambda: held.do(corrections.correct, **change | {"reason": "Erreur"}))
    assert "n’existe pas" in held.refused(lambda: held.do(corrections.correct, **change | {"level": 9}))
    away = {"member_id": held.base.members[0], "application_id": held.base.files[2]}
    assert "n’a pas de grille qui compte" in held.refused(lambda: held.do(corrections.correct, **change | away))
    assert held.do(corrections.correct, **change).undo is None
    with held.store.read() as session:
        after = scores.sheet(session, application_id=held.base.files[0], member_id=held.base.members[1])
        entry = session.scalars(select(JournalEntry).where(JournalEntry.verb == "corrections.correct")).one()
        assert (entry.before["level"], entry.after["level"]) == (2, 3)
        assert entry.reason == "Erreur de saisie signalée par le membre."
        assert entry.summary.endswith("modifiée après la révélation")
    assert after[code].level == 3
    with held.store.read() as session:
        number = queries.agenda(session, meeting_id=held.id)[0].number
    text = held.text()
    said = f"{number} {code} 2 → 3 10 h Erreur de saisie signalée par le membre."
    assert f"Notes modifiées après la révélation Dossier Critère Avant → après Heure Motif {said}" in text
    assert "Béatrice Témoin" not in text[text.index("Notes modifiées") :]


def test_the_letter_of_an_adjournment_asks_what_the_opinion_asked(held: Held) -> None:
    play(held)
    with held.store.write(committee.ACTOR) as session:
        scenario = scenarios.retained(session, call_id=held.base.call)
        _, lot = decisions.submit(
            session, scenario_id=scenario, label="Bureau du 14 avril", reason="Homonymes, vérifiés en séance."
        )
    with held.store.write(committee.ACTOR) as session:
        session.get_one(Meeting, held.id).held_on = date(2026, 4, 13)
        record(session, verb="meetings.change", noun="meeting", noun_id=held.id, summary="Séance de l’avant-veille")
    act = {"body": "Bureau communautaire", "number": "2026-B-014", "act_on": date(2026, 4, 14)}
    sent = {"sent_to_prefect_on": date(2026, 4, 15), "published_on": date(2026, 4, 15)}
    with held.store.write(committee.ACTOR) as session:
        decisions.record_act(session, lot_id=lot, **act, **sent)
        letters.prepare(session, call_id=held.base.call, kinds=("AJ",))
    with held.store.read() as session:
        (key,) = letters.not_issued(session, call_id=held.base.call)
        blocks = letters.compose(session, letter_id=key).blocks
    items = {label: plain(line) for block in blocks if isinstance(block, Conditions) for label, line in block.items}
    assert items["Attendu"] == ASKED
