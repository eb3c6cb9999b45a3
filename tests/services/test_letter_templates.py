"""Texts of letters written by the service: versions, campaigns, letters that follow, undo, files, one letter alone."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import LetterTemplate
from cv_desktop.db.models.decision import Decision, Letter
from cv_desktop.db.models.partner import Partner
from cv_desktop.db.queries import letter_templates as queries
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.documents import letter_pdf
from cv_desktop.domain import letter_template, letter_template_file
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letters import LetterContent, Paragraph, plain
from cv_desktop.services import (
    calls,
    letter_fields,
    letter_template_files,
    letter_templates,
    letter_texts,
    letter_trials,
    letters,
)
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.services.letter_fields import Subject

Base = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"


def text_of(store: Store, kind: str, call_id: str = "") -> dict[str, Any]:
    with store.read() as session:
        return copy.deepcopy(dict(letters.template(session, kind, call_id).content))


def write(store: Store, kind: str, content: dict[str, Any], call_id: str = "") -> Any:
    with store.write(ACTOR) as session:
        return letter_templates.write(session, kind=kind, content=content, call_id=call_id)[0]


def newest(store: Store, kind: str, call_id: str = "") -> queries.TemplateRow:
    with store.read() as session:
        found = queries.rows(session, day=date(2026, 4, 16))
    return next(row for row in found if (row.kind, row.call_id) == (kind, call_id))


def states(store: Store, kind: str) -> set[tuple[str, int]]:
    with store.read() as session:
        query = session.query(Letter.state, LetterTemplate.version).join(
            LetterTemplate, LetterTemplate.id == Letter.template_id
        )
        return {(state, version) for state, version in query.filter(Letter.kind == kind)}


def prepared(base_at: Base) -> tuple[Store, Story, str]:
    """The vote is told to nobody yet: its letters wait, one of them re-read. Gives the key of that one."""
    store, story = base_at("voted")
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id)
        key = session.query(Letter.id).filter(Letter.kind == "ATT-P").order_by(Letter.id).first()[0]
        letters.mark_read(session, letter_id=key)
    return store, story, key


def said(content: LetterContent) -> list[str]:
    return [plain(block.line) for block in content.blocks if isinstance(block, Paragraph)]


def test_a_written_text_is_the_next_version_then_changes_in_place_and_the_letters_follow(base_at: Base) -> None:
    store, _story, key = prepared(base_at)
    assert states(store, "ATT-P") == {("to_read", 1), ("read", 1)}
    changed = text_of(store, "ATT-P")
    changed["blocks"][0]["text"] = "Nous avons le plaisir, par {acte.reference}, d’accorder à <Les Amis> & Cie :"
    first = write(store, "ATT-P", changed)
    assert states(store, "ATT-P") == {("to_read", 2)}
    row = newest(store, "ATT-P")
    assert (row.version, row.to_validate, row.issued) == (2, False, 0)
    with store.read() as session:
        page = letters.compose(session, letter_id=key)
    assert said(page)[0].endswith("d’accorder à <Les Amis> & Cie :")
    changed["closing"] = "Bien à vous."
    second = write(store, "ATT-P", changed)
    assert newest(store, "ATT-P").version == 2
    assert newest(store, "ATT-P").content["closing"] == "Bien à vous."
    with store.write(ACTOR) as session:
        back = second.undo(session)
        first.undo(session)
    assert newest(store, "ATT-P").version == 1
    assert states(store, "ATT-P") == {("to_read", 1), ("read", 1)}
    with store.read() as session:
        assert session.get_one(Letter, key).state == "read"
    assert back.undo is not None


def test_an_undone_version_comes_back_with_its_letters(base_at: Base) -> None:
    store, _story, _key = prepared(base_at)
    changed = text_of(store, "ATT-P")
    changed["detail"] = "Attribution en partie"
    done = write(store, "ATT-P", changed)
    with store.write(ACTOR) as session:
        undone = done.undo(session)
    with store.write(ACTOR) as session:
        undone.undo(session)
    assert newest(store, "ATT-P").content["detail"] == "Attribution en partie"
    assert states(store, "ATT-P") == {("to_read", 2)}


def test_a_text_that_an_issued_letter_took_is_kept_for_ever(base_at: Base) -> None:
    store, _story, key = prepared(base_at)
    changed = text_of(store, "ATT-P")
    changed["closing"] = "Bien à vous."
    done = write(store, "ATT-P", changed)
    letters.issue(store, actor=ACTOR, letter_ids=[key], render=letter_pdf.render)
    again = copy.deepcopy(changed)
    again["closing"] = "Salutations."
    write(store, "ATT-P", again)
    assert newest(store, "ATT-P").version == 3
    with store.read() as session:
        assert plain(letters.compose(session, letter_id=key).closing) == "Bien à vous."
        found = queries.versions(session, kind="ATT-P", call_id="")
    assert [(row.version, row.content["closing"]) for row in found[:2]] == [(3, "Salutations."), (2, "Bien à vous.")]
    with store.write(ACTOR) as session, pytest.raises(UserError, match="a servi à un courrier émis"):
        done.undo(session)


def test_a_faulty_text_is_refused_and_nothing_moves(base_at: Base) -> None:
    store, _story, _key = prepared(base_at)
    spoilt = text_of(store, "ATT-P")
    spoilt["blocks"] = [b for b in spoilt["blocks"] if b["type"] != "amount"]
    spoilt["recourse"] = None
    with pytest.raises(UserError) as refused:
        write(store, "ATT-P", spoilt)
    assert refused.value.message.startswith("Le montant accordé est retiré")
    assert refused.value.message.endswith("1 autre point à revoir.")
    assert refused.value.field == "blocks"
    assert states(store, "ATT-P") == {("to_read", 1), ("read", 1)}


def test_a_sign_that_the_font_has_not_is_refused_where_it_stands(base_at: Base) -> None:
    store, _story, _key = prepared(base_at)
    text = text_of(store, "ATT-P")
    text["blocks"][3]["text"] += " Bravo 😀 !"
    text["blocks"][4]["items"][0][0] = "Budget 預"
    with store.read() as session:
        found = letter_templates.faults(session, kind="ATT-P", content=text, day=date(2026, 4, 16))
    assert [one.sentence for one in found] == [
        f"Bloc 4 (paragraphe){NBSP}: «{NBSP}😀{NBSP}» ne s’imprime pas dans la police des courriers. Remplacez-le.",
        f"Bloc 5 (conditions), libellé 1{NBSP}: «{NBSP}預{NBSP}» ne s’imprime pas dans la police des courriers. "
        "Remplacez-le.",
    ]


def test_a_campaign_has_its_own_text_and_gives_it_up(base_at: Base) -> None:
    store, story, _key = prepared(base_at)
    with store.write(ACTOR) as session:
        letter_templates.give_own(session, kind="ATT-P", call_id=story.call_id)
    # The same words: what was re-read still is.
    assert states(store, "ATT-P") == {("to_read", 2), ("read", 2)}
    own = text_of(store, "ATT-P", story.call_id)
    own["detail"] = "Pour cette campagne"
    write(store, "ATT-P", own, story.call_id)
    general = text_of(store, "ATT-P")
    general["detail"] = "Pour les autres"
    write(store, "ATT-P", general)
    assert newest(store, "ATT-P").content["detail"] == "Pour les autres"
    assert newest(store, "ATT-P", story.call_id).content["detail"] == "Pour cette campagne"
    assert states(store, "ATT-P") == {("to_read", 2)}
    with store.write(ACTOR) as session:
        dropped = letter_templates.drop_own(session, kind="ATT-P", call_id=story.call_id)
    assert states(store, "ATT-P") == {("to_read", 3)}
    with store.write(ACTOR) as session:
        dropped.undo(session)
    assert text_of(store, "ATT-P", story.call_id)["detail"] == "Pour cette campagne"
    assert states(store, "ATT-P") == {("to_read", 2)}


def test_the_shipped_text_comes_back_to_be_validated(base_at: Base) -> None:
    store, _story, _key = prepared(base_at)
    changed = text_of(store, "REF")
    changed["object"] = "Réponse"
    write(store, "REF", changed)
    with store.write(ACTOR) as session:
        letter_templates.restore_shipped(session, kind="REF")
    row = newest(store, "REF")
    assert row.content == letter_templates.shipped()["REF"]
    assert row.to_validate
    with store.write(ACTOR) as session:
        letter_templates.validate(session, template_id=row.id)
    assert not newest(store, "REF").to_validate


def test_every_shipped_text_may_be_written_as_it_is(base_at: Base) -> None:
    store, _story = base_at("campaign")
    with store.read() as session:
        for kind, content in letter_templates.shipped().items():
            assert letter_templates.faults(session, kind=kind, content=content, day=date(2026, 4, 16)) == (), kind


def test_the_fields_offered_are_those_that_letters_are_merged_with(base_at: Base) -> None:
    store, _story = base_at("voted")
    day = date(2026, 4, 16)
    with store.read() as session:
        words = letter_trials.vocabulary(session, kind="ATT", day=day)
        key = session.query(Decision.application_id).filter(Decision.outcome == "partial").first()[0]
        subject = Subject.load(session, key, queries.decision_of(session, application_id=key))
        real = letter_fields.fields(session, subject, day, frozenset({"pieces"}))
    assert set(real) <= set(words.fields)
    assert {name: words.fields[name].label for name in real} == {name: one.label for name, one in real.items()}
    assert words.fields["structure.nom"].example == "Cultivons l’Exemple"
    assert words.fields["pieces"].shape == letter_template.LIST
    assert words.recourses.keys() == {"recours", "recours_ar", "recours_contentieux"}


def test_a_trial_on_the_invented_file_lacks_nothing_and_on_a_real_one_names_what_it_lacks(base_at: Base) -> None:
    store, _story = base_at("voted")
    day = date(2026, 4, 16)
    with store.read() as session:
        for kind, content in letter_templates.shipped().items():
            assert letter_trials.on_example(session, kind=kind, content=content, day=day).content.missing == (), kind
        tried = copy.deepcopy(letter_templates.shipped()["AR"])
        tried["blocks"][0]["text"] = "Compte {compte_fin}, {montant}."
        key = session.query(Application.id).filter(Application.status == "ineligible").first()[0]
        page = letter_trials.on_file(session, kind="AR", content=tried, application_id=key, day=day)
    assert "montant accordé" in [one.label for one in page.content.missing]
    assert "[montant accordé]" in said(page.content)[0]


def test_a_consortium_and_the_threshold_of_the_agreement_are_conditions(base_at: Base) -> None:
    store, _story = base_at("voted")
    day = date(2026, 4, 16)
    with store.write(ACTOR) as session:
        decision = session.query(Decision).filter(Decision.outcome == "partial").first()
        key = decision.application_id

        def found() -> frozenset[str]:
            return letter_fields.flags(session, Subject.load(session, key, decision.id), day)

        assert not found() & {"consortium", "above_convention_threshold"}
        session.add(Partner(id="p", application_id=key, position=0, name="Témoin", siret="", role="", share=None))
        session.flush()
        assert "consortium" in found()
        # 23 000 € exactly asks for no agreement, one cent more does; refused files of the year count for nothing.
        decision.amount_cents = 23_000_00
        session.flush()
        assert "above_convention_threshold" not in found()
        decision.amount_cents = 23_000_01
        session.flush()
        assert "above_convention_threshold" in found()
        record(session, verb="essai", noun="decision", noun_id=decision.id, summary="Montants d’essai")


def test_texts_go_from_one_base_to_another(base_at: Base) -> None:
    store, story, _key = prepared(base_at)
    changed = text_of(store, "REF")
    changed["object"] = "Réponse"
    write(store, "REF", changed)
    with store.write(ACTOR) as session:
        raw = letter_template_file.dump(letter_template_files.export(session))
    with store.write(ACTOR) as session:
        letter_templates.restore_shipped(session, kind="REF")
    given = letter_template_file.load(raw, "modeles.json")
    assert {one.kind for one in given} >= {"AR", "ATT", "REF"}
    with store.write(ACTOR) as session:
        done, taken = letter_template_files.take(session, given=given, said="pris du fichier")
    assert taken.sentence.startswith(f"1 modèle pris{NBSP}: Refus (version 2). ")
    assert newest(store, "REF").content["object"] == "Réponse"
    with store.write(ACTOR) as session:
        done.undo(session)
    assert newest(store, "REF").content["object"] == "{campagne.libelle}"
    bad = [letter_template_file.GivenTemplate("ZZZ", "Autre", 1, changed)]
    with store.write(ACTOR) as session, pytest.raises(UserError, match="n’existe pas dans cette version du logiciel"):
        letter_template_files.take(session, given=bad, said="")
    with store.write(ACTOR) as session:
        _done, taken = letter_template_files.take(session, given=given, said="", call_id=story.call_id)
        assert len(taken.written) == len(given)


def test_the_blocks_of_one_letter_are_its_own_until_it_goes_back_to_its_template(base_at: Base) -> None:
    store, _story, key = prepared(base_at)
    with store.read() as session:
        text = letter_texts.text(session, letter_id=key)
        mine = text.blocks
        other = session.query(Letter.id).filter(Letter.kind == "ATT-P", Letter.id != key).first()[0]
    assert not text.own
    changed = [*copy.deepcopy(mine), {"type": "paragraph", "text": "Bravo à <Les Amis> & Cie."}]
    with store.write(ACTOR) as session:
        done = letter_texts.write(session, letter_id=key, blocks=changed)
        assert session.get_one(Letter, key).state == "to_read"
    with store.read() as session:
        assert said(letters.compose(session, letter_id=key))[-1] == "Bravo à <Les Amis> & Cie."
        assert "Bravo" not in said(letters.compose(session, letter_id=other))[-1]
    with store.write(ACTOR) as session, pytest.raises(UserError, match="Le montant accordé est retiré"):
        letter_texts.write(session, letter_id=key, blocks=[b for b in changed if b["type"] != "amount"])
    with store.write(ACTOR) as session:
        letter_texts.restore(session, letter_id=key)
        assert session.get_one(Letter, key).given is None
        with pytest.raises(UserError, match="suit déjà son modèle"):
            letter_texts.restore(session, letter_id=key)
    with store.write(ACTOR) as session:
        letter_texts.write(session, letter_id=key, blocks=changed)
    letters.issue(store, actor=ACTOR, letter_ids=[key], render=letter_pdf.render)
    with store.write(ACTOR) as session:
        with pytest.raises(UserError, match="est émis\u00a0: il ne change plus"):
            letter_texts.restore(session, letter_id=key)
        with pytest.raises(UserError, match="il ne change plus"):
            done.undo(session)
    with store.read() as session:
        assert said(letters.compose(session, letter_id=key))[-1] == "Bravo à <Les Amis> & Cie."


def test_a_closed_campaign_keeps_its_texts(base_at: Base) -> None:
    store, story = base_at("voted")
    with store.write(ACTOR) as session:
        closed = calls.create(session, code="FIA-2025", scheme="FIA", year=2025, envelope_cents=0)[1]
        session.flush()
        from cv_desktop.db.models.call import Call

        session.get_one(Call, closed).closed_on = date(2026, 1, 1)
    with store.write(ACTOR) as session, pytest.raises(UserError, match="est close"):
        letter_templates.give_own(session, kind="ATT", call_id=closed)
    assert story.call_id != closed
