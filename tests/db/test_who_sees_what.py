"""Every query, every file that leaves and every command: hides what a déport hides, or says why it never has to.

A function that is neither is a failure: whoever adds one decides here who sees it.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select, update

import committee
from committee import Committee
from cv_desktop import db, services
from cv_desktop.cli import parser
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.mandate import Mandate
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import envelopes, scenarios, search, visibility
from cv_desktop.db.store import Store
from cv_desktop.db.work import new_id, record
from cv_desktop.domain.consortium import Partner
from cv_desktop.domain.text import words as folded
from cv_desktop.services import bundles, decisions, links, opinions, partners

Function = Callable[..., Any]

KEYED = "answers on one file or structure, by a key that lists without a viewer's hidden files gave"
OFFICER = "a page of the officer's desk, left while a member marks"
NOTHING = "says nothing of any file: reference data, rules, settings, or a condition for other queries"
COUNTED = "used by the verbs and by queries that have a viewer, which keep only the files shown"
ROOM = "names the members and their hours; the files are keys that only the shown agenda explains"
PROJECTED = "the wall of the room: it holds a conflicted file back until the member has gone out"
OWN = "asked for one member, who is the viewer"
WITHOUT_VIEWER = {
    KEYED: """
        application_records.key_of opinions.last scenarios.base
        application_records.journal approvals.rows convention_standings.of_application conventions.of_decision
        conventions.of_structure conventions.threshold_of
        attachments.rows attachments.content bank_accounts.current_iban
        bank_accounts.rows fundings.of_file fundings.own fundings.tranches movements.of_file
        bank_accounts.whole_iban completions.of_file derogations.rows duplicates.merges entries.earlier
        facts.first_request form.indicators form.partners form.record grids.of_file mandates.representative
        mandates.representatives mandates.rows opinions.own_buckets outcomes.of_application presence.recused
        conditions.of_application movements.act_day movements.held_on
        presence.room rules.of_application rules.version_of_application scores.committee scores.spread
        silences.of_file structure_documents.held structure_documents.last_of_each structure_documents.rows
        structure_flags.rows structures.record supports.rows letters.issued_files letters.to_sign bundles.bundle
        dispatches.answered dispatches.notified
        letter_templates.decision_of
    """,
    OFFICER: """
        journal.rows imports.rows pending_lines.rows duplicates.identities duplicates.names duplicates.distinct
        entries.by_number call_rows.later call_rows.row register.rows attachments.faults year_amounts.of_year
        year_amounts.granted_before movements.gaps movements.of_call suspicions.unanswered
    """,
    NOTHING: """
        attachments.sentence calls.grid calls.grid_row calls.id_of calls.letter_texts calls.parameter_of
        calls.parameters calls.rules calls.schemes directory.count directory.some doubts.rows
        envelope_parts.nodes scenarios.marks scenarios.retained scenarios.rows
        expected_documents.document_of expected_documents.rows
        form.choices form.themes journal.count journal.verify legal_forms.labels links.declarations links.kinds
        lots.held
        mandates.running meetings.members meetings.pending meetings.votes_of members.rows members.same_person
        members.values past_grants.by_year pending_lines.count rounds.dates rules.missing_labels
        rules.missing_parameters rules.of_version rules.versions settings.communes settings.funders
        letter_templates.content letter_templates.recourses letter_templates.rows letter_templates.versions
        settings.quarters settings.text_in_force settings.themes institution.values catalogues.row catalogues.rows
        catalogues.mentions catalogues.texts
        conventions.publication_months
        form_kinds.current legal_forms.closed rules_words.names rules_words.said tuples.tuples
        structure_documents.kinds
        signatories.row signatories.rows hand_signatures.unsent
        structure_size.ceilings usual_reasons.of_gesture
        visibility.counts visibility.kept_out visibility.covered visibility.sitting visibility.served
        standing.phase letters.replaced letters.shown_state authorities.rows lots.awaiting lots.in_force
        lots.written lot_lines.refusal_reasons
        reports.received_on search.vocabulary agenda.awaited grids.served grids.versions snapshots.sound
        scans.label_of scans.unfinished
    """,
    COUNTED: """
        conventions.foresee conventions.of_call conventions.parts_of_year candidates.bases opinions.given
        silences.foresee opinions.proposed scenarios.bases
        applications.numbers applications.slices completions.opened completions.rows derogations.in_force facts.of_call
        envelope_parts.places fundings.summed fundings.to_come fundings.with_unlisted grids.of_call grids.themes
        movements.balances movements.elsewhere movements.facts movements.overruns movements.promised
        meetings.asked_before rounds.places scores.committees scores.notes scores.returned_sheets scores.sheets
        reports.before year_amounts.held year_grants.besides year_grants.promised
        seats.outside seats.recused seats.titular silences.of_files snapshots.last
        links.files_of declarations.hidden_from scans.letters scans.waiting scans.pile_pages
        hand_signatures.printed scans.copies
    """,
    PROJECTED: "projection.file projection.room",
    ROOM: "presence.moves presence.rows presence.seats declarations.standings",
    OWN: "meetings.queue scores.sheet sheets.state declarations.rows",
}
EXPORTS = {
    "bundles.drawn": OWN,
    "bundles.take_away": OWN,
    "concordance_files.xlsx": "the table that the officer answers the chamber of accounts with",
    "configurations.read_file": NOTHING,
    "exports.decisions_table": "the register of the officer, written by a command or a button of the arbitration",
    "exports.decisions_csv": "the same register as text, written by a command",
    "exports.decisions_xlsx": "the register of the officer, written by a command or a button of the arbitration",
    "fairness.xlsx": "the officer's, after the revelation: the members are named beside no note of a file",
    "comparisons.comparison_xlsx": "scenarios are the officer's, and leave by a button of the arbitration or a command",
    "envelope_files.xlsx": "the accounts of the officer, written by a command or a button of the arbitration",
    "what_ifs.export": "a trial of rules is the officer's, and leaves by a button of the arbitration",
    "what_ifs.xlsx": "writes what it is given: the trial of the officer",
    "programmes.programme_pdf": "the table of the committee of funders, written by the officer",
    "programmes.programme_xlsx": "the table of the committee of funders, written by the officer",
    "import_report.pdf": "what the officer's own file held",
    "import_report.workbook": "what the officer's own file held",
    "minutes_files.export": "the minutes: the law wants each déport said in them, and the secretary keeps them",
    "minutes_files.make": "the minutes: the law wants each déport said in them, and the secretary keeps them",
    "grid_trials.export": "asked with the viewer, as the trial on screen",
    "grid_trials.xlsx": "writes what it is given: the trial of the viewer",
    "register.export": "the register is the officer's: it names what members must not see",
    "register.pdf": "the register is the officer's: it names what members must not see",
    "register.xlsx": "the register is the officer's: it names what members must not see",
    "vote_files.export": "the table annexed to the délibération, made by the officer for the body that votes",
    "mailing.post_list": "letters to the associations, posted by the officer",
    "authorities.files": "certificates of authorities, which are public",
    "letterheads.drawn": "letters to the associations, kept by the officer",
    "letter_files.issued_bytes": "letters to the associations, kept by the officer",
    "letter_files.last_bytes": "letters to the associations, kept by the officer",
    "printing.print_run": "letters to the associations, printed by the officer",
}
COMMANDS = (
    "the officer's own station: no command is run for a member but « sheets export », which asks his or her files"
)


def public(package: Any) -> Iterator[tuple[str, Function]]:
    for module in pkgutil.iter_modules(package.__path__):
        loaded = importlib.import_module(f"{package.__name__}.{module.name}")
        # One that keeps its answers is wrapped: it is a function all the same.
        for name, function in inspect.getmembers(loaded, lambda x: inspect.isfunction(inspect.unwrap(x))):
            if function.__module__ == loaded.__name__ and not name.startswith("_"):
                yield f"{module.name}.{name}", function


def asked() -> dict[str, Function]:
    return dict(public(importlib.import_module(f"{db.__name__}.queries")))


def with_viewer() -> dict[str, Function]:
    conditions = {"visibility.visible", "visibility.known", "visibility.hidden"}
    return {n: f for n, f in asked().items() if "viewer" in inspect.signature(f).parameters and n not in conditions}


@dataclass(frozen=True)
class Hidden:
    """A base where a member must not see three files: of a recusal, of a linked structure, of its consortium."""

    store: Store
    base: Committee
    meeting: str
    files: tuple[str, ...]
    structure: str
    traces: tuple[str, ...]

    @property
    def member(self) -> str:
        return self.base.members[0]


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hidden]:
    base = committee.build(tmp_path_factory.mktemp("hidden") / "cv-desktop.sqlite")
    with base.open() as store:
        member, recused = base.recused
        led, shared = base.files[0], base.files[1]
        traces: list[str] = []
        committee.mark_all(store, base)
        with store.write(committee.ACTOR) as session:
            owners = dict(session.execute(select(Application.id, Application.structure_id)).all())
            for place, file in enumerate((recused, led, shared)):
                name, title = f"Zyrgoplax {place}", f"Quandrivex {place}"
                session.execute(update(Structure).where(Structure.id == owners[file]).values(name=name))
                session.execute(update(Application).where(Application.id == file).values(title=title))
                number = session.scalars(select(Application.number).where(Application.id == file)).one()
                traces += [name, title, number, file]
            person = f"Wolfram {place}xbrq"
            session.add(
                Mandate(
                    id=new_id(session), structure_id=owners[led], person_name=person, folded_name=folded(person),
                    role="Présidente", represents=True, email="", phone="",
                )
            )  # fmt: skip
            traces.append(person)
            record(session, verb="x", noun="application", noun_id=led, summary="Noms de l’essai")
        meeting = committee.meeting(store, base, revealed=True)
        with store.write(committee.ACTOR) as session:
            for file in base.files:
                opinions.give(
                    session, meeting_id=meeting, application_id=file, opinion="adjourned",
                    asked="Des précisions sur le budget.", reason="Le comité attend des précisions.",
                )  # fmt: skip
        with store.write(committee.ACTOR) as session:
            # Before the links: an opinion that counted the voice of a member kept out since does not go to the vote.
            retained = scenarios.retained(session, call_id=base.call)
            decisions.submit(
                session, scenario_id=retained, label="Lot de l’essai", reason="Homonymes, vérifiés en séance."
            )
            tied = Partner(id="", structure_id=owners[led], name="Partenaire", siret="", role="", share=None)
            partners.write(session, shared, [tied])
            record(session, verb="x", noun="application", noun_id=shared, summary="Partenaire de l’essai")
            links.confirm(
                session,
                member_id=member,
                structure_id=owners[led],
                kind="mandate",
                reason="Trésorière de l’association.",
            )
        yield Hidden(store, base, meeting, (recused, led, shared), owners[led], tuple(traces))


def test_every_query_has_a_viewer_or_a_reason() -> None:
    listed = {name: why for why, names in WITHOUT_VIEWER.items() for name in names.split()}
    known = asked()
    without = {n for n, f in known.items() if "viewer" not in inspect.signature(f).parameters}
    assert sorted(without - listed.keys()) == [], "give these a viewer, or say above why they need none"
    assert sorted(listed.keys() - without) == [], "these have a viewer now, or are gone"
    assert len(with_viewer()) > 20


@pytest.mark.parametrize("name", with_viewer())
def test_a_query_with_a_viewer_has_no_trace_of_the_hidden_files(name: str, hidden: Hidden) -> None:
    query = asked()[name]
    with hidden.store.read() as session:
        file, member = hidden.files[1], hidden.member
        given: dict[str, Any] = {
            "call_id": hidden.base.call,
            "application_id": file,
            "meeting_id": hidden.meeting,
            "structure_id": hidden.structure,
            "kept_id": hidden.structure,
            "merged_id": hidden.structure,
            "scenario_id": scenarios.retained(session, call_id=hidden.base.call),
            "lot_id": envelopes.lots(session, call_id=hidden.base.call)[0].id,
            "member_id": member,
            "day": committee.clock().date(),
            "today": committee.clock().date(),
            "ids": list(hidden.base.files),
            "text": "zyrgoplax",
            "year": 2020,
            "kind": "AR",
            "words": search.vocabulary(session),
            "seen": [("application", x) for x in hidden.files] + [("structure", hidden.structure)],
        }
        parameters = [
            p for p in inspect.signature(query).parameters.values() if p.name not in ("session", "reading", "viewer")
        ]
        missing = [p.name for p in parameters if p.default is p.empty and p.name not in given]
        assert not missing, f"say here what {missing} is, so that {name} can be asked"
        asked_with = {p.name: given[p.name] for p in parameters if p.default is p.empty or p.name == "seen"}
        if name == "duplicates.compare":
            # Two records put side by side by the officer: their own names are the question.
            return
        answer = repr(query(session, **asked_with, viewer=member))
        whole = repr(query(session, **asked_with))
    assert [trace for trace in hidden.traces if trace in answer] == []
    assert isinstance(whole, str)


@pytest.mark.parametrize("text", ["zyrgoplax", "quandrivex", "wolfram"])
def test_the_search_finds_for_the_officer_what_it_hides_from_the_member(text: str, hidden: Hidden) -> None:
    with hidden.store.read() as session:
        known = search.vocabulary(session)
        officer = repr(search.found(session, text=text, words=known))
        member = repr(search.found(session, text=text, words=known, viewer=hidden.member))
    assert any(trace in officer for trace in hidden.traces)
    assert not any(trace in member for trace in hidden.traces)


@pytest.mark.parametrize("name", sorted(n for n in WITHOUT_VIEWER[OWN].split() if n != "scores.sheet"))
def test_what_is_asked_for_a_member_hides_the_same(name: str, hidden: Hidden) -> None:
    query = asked()[name]
    given = {"call_id": hidden.base.call, "member_id": hidden.member, "application_id": hidden.base.files[3]}
    with hidden.store.read() as session:
        wanted = {p: given[p] for p in inspect.signature(query).parameters if p in given}
        answer = repr(query(session, **wanted))
    assert [trace for trace in hidden.traces if trace in answer] == []


def test_every_file_that_leaves_is_for_the_officer_or_asks_whose_it_is() -> None:
    makers = {
        name
        for name, function in public(services)
        if "bytes" in str(inspect.signature(function).return_annotation)
        or (
            name.split(".")[0] in ("exports", "printing", "bundles")
            and not name.startswith("bundles.") | ("Row" in str(inspect.signature(function).return_annotation))
        )
    }
    assert sorted(makers - EXPORTS.keys()) == [], "say above who reads these files"


@pytest.mark.parametrize("medium", ["workbook", "form", "paper"])
def test_what_a_member_takes_away_has_no_trace_of_the_hidden_files(
    medium: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = committee.build(tmp_path_factory.mktemp(medium) / "cv-desktop.sqlite")
    member, recused = base.recused
    with base.open() as store:
        with store.write(committee.ACTOR) as session:
            owner = session.get_one(Application, base.files[0]).structure_id
            links.confirm(session, member_id=member, structure_id=owner, kind="family", reason="Conjoint du trésorier.")
        with store.write(committee.ACTOR) as session:
            _, key = bundles.take_away(session, call_id=base.call, member_id=member, medium=medium)
        with store.read() as session:
            kept = repr(importlib.import_module("cv_desktop.db.queries.bundles").bundle(session, key=key))
            away = session.execute(
                select(Application.number, Application.id).where(Application.id.in_((recused, base.files[0])))
            ).all()
    assert len(away) == 2 and not any(number in kept or key in kept for number, key in away)


def test_every_command_is_known() -> None:
    def walk(parser_: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
        for action in parser_._actions:
            if isinstance(action, argparse._SubParsersAction):
                for name, below in action.choices.items():
                    yield from walk(below, f"{before} {name}".strip())
        if parser_.get_default("run"):
            yield before

    known = """
    demo | call create | call export | call import | call duplicate | import | check | structures duplicates |
    letters issue | sheets export | sheets read | export concordance | export decisions | verify | backup | restore |
    self-test | export programme |
    members import | recusals export | meetings list | grid export | grid import | marks import | marks template |
    marks undo | ranking | minutes | allocate | letters bench | signature verify |
    templates export | templates import | scans read | letters sign | letters send | letters receive |
    letters export | letters take-back | letters prepare | letters unsign |
    conditions list | conditions lift | conditions put-back | export envelope | export comparison
    """
    listed = {" ".join(x.split()) for x in known.split("|")}
    assert sorted(set(walk(parser.build())) - listed) == [], f"who reads what these write? Until now: {COMMANDS}"


def test_visibility_is_one_place_of_eight_conditions() -> None:
    own = {
        name
        for name, f in public(importlib.import_module("cv_desktop.db.queries"))
        if f.__module__ == visibility.__name__
    }
    assert own == {
        f"visibility.{x}" for x in ("visible", "known", "kept_out", "covered", "counts", "sitting", "served", "hidden")
    }
