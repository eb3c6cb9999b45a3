"""What letters say when the file or the calendar is not the usual one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.store import Store
from cv_desktop.documents import letter_pdf
from cv_desktop.domain.letters import Bullets, Conditions, LetterContent, Paragraph, plain
from cv_desktop.services import letters, settings
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.services.letter_fields import title_of

Base = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"


def written(store: Store, story: Story, kind: str, external: str, day: date) -> LetterContent:
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id)
    with store.read() as session:
        key = (
            session.query(Letter.id)
            .join(Application, Application.id == Letter.application_id)
            .filter(Letter.kind == kind, Application.external_id == external)
            .scalar()
        )
        return letters.compose(session, letter_id=key, day=day)


def body(content: LetterContent) -> str:
    lines = []
    for block in content.blocks:
        match block:
            case Paragraph(line):
                lines.append(plain(line))
            case Conditions(items):
                lines += [f"{label} : {plain(text)}" for label, text in items]
            case Bullets(items):
                lines += [f"– {plain(text)}" for text in items]
    return "\n".join(lines)


def test_an_acknowledgement_announces_the_silence_to_come_and_says_the_one_that_is_past(base_at: Base) -> None:
    store, story = base_at("examined")
    ahead = body(written(store, story, "AR", "20170009", date(2026, 3, 8)))
    assert f"au plus tard le 8{NBSP}mars 2026, votre demande sera réputée rejetée" in ahead
    past = body(written(store, story, "AR", "20170009", date(2026, 3, 9)))
    assert f"au plus tard le 8{NBSP}mars 2026, votre demande a été réputée rejetée à cette date" in past
    assert "sera réputée" not in past
    assert "Son examen se poursuit" in past
    assert [label for label in ("Réception", "Demande", "Suivi", "Réponse") if f"\n{label} : " in past] == [
        "Réception", "Demande", "Suivi", "Réponse",
    ]  # fmt: skip


def test_an_acknowledgement_after_the_answer_says_nothing_of_silence(base_at: Base) -> None:
    store, story = base_at("examined")
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id, kinds=("IRR",))
    with store.read() as session:
        ids = letters.not_issued(session, call_id=story.call_id)
    letters.issue(store, actor=ACTOR, letter_ids=ids, render=letter_pdf.render)
    late = written(store, story, "AR", "20170000", date(2026, 4, 16))
    assert late.complete
    assert "rejetée" not in body(late)


def test_a_delay_that_is_over_is_not_suspended(base_at: Base) -> None:
    store, story = base_at("examined")
    assert "est suspendu" in body(written(store, story, "AR-P", "20170017", date(2026, 3, 29)))
    past = body(written(store, story, "AR-P", "20170017", date(2026, 3, 30)))
    assert "suspendu" not in past
    assert "a été réputée rejetée" in past


def test_a_request_names_the_documents_themselves(base_at: Base) -> None:
    store, story = base_at("examined")
    asked = body(written(store, story, "AR-P", "20170024", date(2026, 4, 15)))
    assert asked.split("\n")[1] == f"– statuts (article{NBSP}9)."


@pytest.mark.parametrize(
    ("role", "title"),
    [
        ("présidente", "Madame la Présidente"),
        ("La Présidente", "Madame la Présidente"),
        ("Mme la présidente", "Madame la Présidente"),
        ("Monsieur le Président", "Monsieur le Président"),
        ("Co-présidente", "Madame la Co-présidente"),
        ("trésorier", "Monsieur le Trésorier"),
        ("Secrétaire général", "Monsieur le Secrétaire général"),
        ("Secrétaire", "Madame, Monsieur"),
        ("", "Madame, Monsieur"),
    ],
)
def test_the_title_follows_the_role(role: str, title: str) -> None:
    assert title_of(role) == title


def test_the_act_is_said_sent_to_whom_the_service_sends_it(base_at: Base) -> None:
    store, story = base_at("voted")
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id)

    def said() -> str:
        with store.read() as session:
            key = session.query(Letter.id).filter(Letter.kind == "ATT-P").first()
            assert key is not None
            return body(letters.compose(session, letter_id=key[0], day=date(2026, 4, 16)))

    assert f"du 14{NBSP}avril 2026, transmise au préfet de Seine-et-Marne et publiée le 15{NBSP}avril 2026" in said()
    with store.write(ACTOR) as session:
        settings.set_value(session, key="act_recipient", value="à la préfète de l’Essonne")
    assert ", transmise à la préfète de l’Essonne et publiée" in said()
    with store.write(ACTOR) as session:
        settings.set_value(session, key="act_recipient", value="")
    assert ", transmise au contrôle de légalité et publiée" in said()
