"""A base of an earlier program: what its campaigns, its texts and its letters receive from newer reference tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import delete, func, select, update

from cv_desktop.db.models.call import Call, LetterTemplate, RulesParameter
from cv_desktop.db.models.decision import Letter, Lot
from cv_desktop.db.models.reference import ReferenceVersion, StandardText
from cv_desktop.db.models.rules_version import RulesVersion
from cv_desktop.db.queries import calls, conventions, doubts
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.documents import letter_pdf
from cv_desktop.services import letter_content, letters, mentions, opening, rules
from cv_desktop.services.demonstration import ACTOR, Story

Opened = Callable[[str], tuple[Store, Story]]
DELAYS = ("publication_months", "receipt_reminder_days")


def made_earlier(store: Store, *tables: str) -> None:
    """As an earlier program left it: without the delays, its tables older by one version."""
    with store.write(ACTOR) as session:
        session.execute(delete(RulesParameter).where(RulesParameter.key.in_(DELAYS)))
        session.execute(delete(ReferenceVersion).where(ReferenceVersion.name.in_(tables)))
        record(session, verb="test", noun="call", noun_id="t", summary="Base d’avant")


def test_an_open_campaign_takes_the_delays_it_lacks_to_validate_and_a_closed_one_reads_those_of_its_scheme(
    base_at: Opened,
) -> None:
    store, story = base_at("examined")
    made_earlier(store, "reglements")
    path = store.path
    with store.write(ACTOR) as session:
        judged = session.scalar(select(func.count()).select_from(RulesVersion))
        assert conventions.publication_months(session, story.call_id) is None
        # Something that judges files was lacking too: it waits for somebody to ask for it.
        session.execute(delete(RulesParameter).where(RulesParameter.key == "public_rate_max"))
        record(session, verb="test", noun="call", noun_id="t", summary="Base d’avant")
    store.close()
    with opening.enter(path, actor=ACTOR) as again, again.read() as session:
        held = calls.rules(session, story.call_id)
        assert [held[key].shown.replace("\u00a0", " ") for key in DELAYS] == ["3 mois", "30 jours"]
        assert "public_rate_max" not in held
        waiting = {doubt.label for doubt in doubts.rows(session, story.call_id, date(2026, 4, 15))}
        assert {"Publication des données essentielles", "Relance sans accusé de réception"} <= waiting
        assert session.scalar(select(func.count()).select_from(RulesVersion)) == judged
        assert conventions.publication_months(session, story.call_id) == 3
    with opening.enter(path, actor=ACTOR) as again:
        with again.write(ACTOR) as session:
            session.execute(delete(RulesParameter).where(RulesParameter.call_id == story.call_id))
            session.execute(update(Call).values(closed_on=date(2026, 12, 31)))
            rules.take_new(session)
            record(session, verb="test", noun="call", noun_id="t", summary="Campagne close")
        with again.read() as session:
            assert calls.parameters(session, story.call_id) == []
            assert conventions.publication_months(session, story.call_id) == 3


def test_a_newer_letter_and_mention_come_unless_the_service_made_them_its_own(base_at: Opened) -> None:
    store, story = base_at("voted")
    path = store.path
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id)
        kinds = {"ATT-P": True, "REF": False}  # still to validate, validated
        for kind, doubtful in kinds.items():
            old = {"object": "Ancien", "detail": "", "salutation": "", "blocks": [{"type": "amount"}], "closing": ""}
            session.execute(
                update(LetterTemplate).where(LetterTemplate.kind == kind).values(content=old, to_validate=doubtful)
            )
        session.execute(update(Letter).where(Letter.number.is_(None)).values(state="read"))
        for key, doubtful in (("recours", True), ("donnees_personnelles", False)):
            kept = update(StandardText).where(StandardText.key == key)
            session.execute(kept.values(text="Ancien texte.", to_validate=doubtful))
        # The service dates its own text: the shipped one, of a later day, must not come back in force.
        own = update(StandardText).where(StandardText.key == "donnees_personnelles")
        session.execute(own.values(effective_from=date(2020, 9, 1)))
        session.execute(delete(ReferenceVersion).where(ReferenceVersion.name == "courriers"))
        record(session, verb="test", noun="call", noun_id="t", summary="Base d’avant")
    store.close()
    with opening.enter(path, actor=ACTOR) as again, again.read() as session:
        said = dict(session.execute(select(StandardText.key, StandardText.text)).all())
        assert said["recours"].startswith("Si vous entendez contester")
        assert said["donnees_personnelles"] == "Ancien texte."
        waiting = select(LetterTemplate.version, Letter.state, func.count()).join(
            LetterTemplate, LetterTemplate.id == Letter.template_id
        )
        found = {
            kind: {
                (version, state)
                for version, state, _n in session.execute(
                    waiting.where(Letter.kind == kind, Letter.number.is_(None)).group_by(
                        LetterTemplate.version, Letter.state
                    )
                )
            }
            for kind in kinds
        }
        assert found == {"ATT-P": {(2, "to_read")}, "REF": {(1, "read")}}


def test_a_letter_prints_the_mention_of_its_day_and_keeps_it_once_issued(base_at: Opened) -> None:
    store, story = base_at("voted")
    with store.write(ACTOR) as session:
        session.execute(update(Lot).values(sent_to_prefect_on=date(2026, 4, 15), published_on=date(2026, 4, 15)))
        letters.prepare(session, call_id=story.call_id)
        letter = session.scalars(select(Letter).where(Letter.kind == "REF")).one()
        key = letter.id
        former = session.scalars(select(StandardText).where(StandardText.key == "recours")).one()
        mentions.add(session, text_id=former.id)
        new = session.scalars(
            select(StandardText).where(StandardText.key == "recours", StandardText.id != former.id)
        ).one()
        later = "Trois mois : tribunal administratif, deux mois, recours gracieux, recours contentieux."
        mentions.redate(session, text_id=new.id, day=date(2026, 6, 1))
        mentions.write(session, text_id=new.id, text=later)
        said = {
            day: letter_content.content_of(session, letter, number="", day=day).recourse
            for day in (date(2026, 4, 16), date(2026, 5, 31), date(2026, 6, 1))
        }
        assert said[date(2026, 6, 1)] == later
        assert {said[date(2026, 4, 16)], said[date(2026, 5, 31)]} == {former.text}
    letters.issue(store, actor=ACTOR, letter_ids=[key], render=letter_pdf.render)
    with store.write(ACTOR) as session:
        mentions.redate(session, text_id=new.id, day=date(2026, 3, 1))  # past: in force now
        assert letters.compose(session, letter_id=key).recourse == former.text
