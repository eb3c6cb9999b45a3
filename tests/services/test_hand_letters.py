"""Letters prepared by hand: each kind on a file of the demonstration, its page read; answers, undo, reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import select, update

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, Letter, Lot
from cv_desktop.db.models.movement import Movement
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.documents import letter_pdf
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_forms import FORMS
from cv_desktop.domain.letters import LetterContent, text_of, told
from cv_desktop.services import endings, hand_letters, letters, movements
from cv_desktop.services.demonstration import ACTOR, Story

Opened = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"
ODD = "L’Œuvre & Cie <Ÿ> « d’Ça »"
ANSWERS: dict[str, dict[str, str]] = {
    "AVIS": {
        "destinataire": "Monsieur le Maire de Melun\n16 rue des Exemples\n77000 MELUN",
        "appel": "Monsieur le Maire",
        "question": "Cette action complète-t-elle les vôtres ?",
        "reponse_le": "30/06/2026",
    },
    "AVE": {"convention": "convention n° 2026-12", "changements": "la fin est reportée", "retour_le": "30/06/2026"},
    "PRO": {
        "demande_le": "02/03/2026", "fin_ancienne": "30/11/2026", "fin_nouvelle": "31/03/2027",
        "bilan_le": "30/06/2027", "motif": "La salle est en travaux",
    },
    "VER": {"montant": "1 000,50", "nature": "avance", "verse_le": "20/04/2026", "bordereau": "2026-118"},
    "REL-1": {},
    "REL-2": {},
    "MED": {
        "obligation": "remettre le compte rendu financier", "delai_le": "30/06/2026",
        "faits": "le compte rendu manque\ndeux rappels sont sans réponse", "fondement": "article 10 de la loi",
    },
    "REV": {
        "montant": "860,50", "calcul": "versé, 1 000 €\njustifié, 139,50 €", "motifs": "la dépense n’est pas justifiée",
        "fondement": "article 10 de la loi", "contradictoire_le": "02/03/2026",
        "observations": "Aucune observation ne nous est parvenue.",
    },
    "RET-CER": {
        "organe": "le Bureau communautaire", "acte_numero": "2026-B-061", "acte_du": "10/04/2026",
        "acte_transmis_le": "13/04/2026", "acte_publie_le": "14/04/2026", "faits": "le 6 mars 2026, un refus d’accès",
        "engagement": "égalité et non-discrimination", "contradictoire_le": "09/03/2026",
        "observations_jusquau": "23/03/2026", "observations": "Vos observations ne modifient pas ce constat.",
        "montant": "500", "calcul": "six mois sur neuf", "restitution_le": "30/09/2026",
    },
    "ATTEST": {"sommes": "2024 ; Jardin ; 1 500\n2025 ; Ateliers ; 2 400,50"},
}  # fmt: skip


@pytest.fixture
def desk(base_at: Opened) -> tuple[Store, dict[str, str]]:
    """The voted base, its act transmitted and published, and one file of each outcome, by outcome."""
    store, _story = base_at("voted")
    with store.write(ACTOR) as session:
        session.execute(update(Lot).values(sent_to_prefect_on=date(2026, 4, 15), published_on=date(2026, 4, 16)))
        found = dict(session.execute(select(Decision.outcome, Decision.application_id)).all())
        found["granted"] = found.get("granted") or found["partial"]
        file = session.get_one(Application, found["granted"])
        file.title = ODD
        session.get_one(Structure, file.structure_id).name = ODD
        record(session, verb="test", noun="lot", noun_id="test", summary="Base de l’essai")
    run(store, movements.call_payment, application_id=found["granted"], cents=10_00)
    return store, found


def run(store: Store, verb: Callable[..., Any], **given: Any) -> Any:
    with store.write(ACTOR) as session:
        return verb(session, **given)


def refused(store: Store, verb: Callable[..., Any], **given: Any) -> str:
    with pytest.raises(UserError) as refusal:
        run(store, verb, **given)
    return refusal.value.message


def prepared(store: Store, key: str, kind: str, answers: dict[str, str]) -> str:
    with store.read() as session:
        usual = hand_letters.usual(session, application_id=key, kind=kind)
    changes = run(store, hand_letters.prepare, application_id=key, kind=kind, answers={**usual, **answers})
    (letter,) = (touched for noun, touched in changes.touched if noun == "letter")
    return letter


def content(store: Store, letter: str) -> LetterContent:
    with store.read() as session:
        return letters.compose(session, letter_id=letter)


def read(pdf: bytes) -> tuple[int, str]:
    pages = pypdfium2.PdfDocument(pdf)
    return len(pages), " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


@pytest.mark.parametrize("kind", [kind for kind in ANSWERS if kind != "AVIS"])
def test_each_kind_is_complete_on_one_page_and_says_its_answers(desk: tuple[Store, dict[str, str]], kind: str) -> None:
    store, found = desk
    letter = prepared(store, found["granted"], kind, ANSWERS[kind])
    said = content(store, letter)
    assert said.missing == (), told(said.missing)
    count, text = read(letter_pdf.render(said))
    assert count == 1
    assert ODD in text.replace(NBSP, " ") or kind == "ATTEST"
    words = {
        "AVE": "la fin est reportée.",
        "PRO": "prévue jusqu’au 30 novembre 2026, l’action peut être menée jusqu’au 31 mars 2027",
        "VER": "1 000,50 € (mille euros et cinquante centimes)",
        "REL-1": "est attendu au plus tard le",
        "REL-2": "une mise en demeure",
        "MED": "Je vous mets en demeure de remettre le compte rendu financier, au plus tard le 30 juin 2026.",
        "REV": "860,50 € (huit cent soixante euros et cinquante centimes)",
        "RET-CER": "transmise au préfet de Seine-et-Marne le 13 avril 2026 et publiée le 14 avril 2026",
        "ATTEST": "3 900,50 € (trois mille neuf cents euros et cinquante centimes)",
    }
    assert words[kind] in text.replace(NBSP, " ")


@pytest.mark.parametrize("kind", ["REV", "MED", "RET-CER", "VER", "PRO", "AVE", "ATTEST"])
def test_each_answer_left_out_is_named_with_its_law_and_blocks_reading(
    desk: tuple[Store, dict[str, str]], kind: str
) -> None:
    store, found = desk
    letter = prepared(store, found["granted"], kind, ANSWERS[kind])
    for name in ANSWERS[kind]:
        run(store, hand_letters.change, letter_id=letter, answers={**ANSWERS[kind], name: ""})
        lacking = content(store, letter).missing
        assert lacking, name
        assert {one.source for one in lacking} == {"letter"}, name
        assert refused(store, letters.mark_read, letter_id=letter) == told(lacking)


def test_a_kind_that_makes_no_sense_for_a_file_is_refused_with_its_reason(desk: tuple[Store, dict[str, str]]) -> None:
    store, found = desk
    with store.read() as session:
        of_refused = hand_letters.choices(session, application_id=found["refused"])
        reasons = {choice.kind: choice.reason for choice in of_refused}
    assert reasons["ATTEST"] == ""
    assert reasons["VER"] == "Aucune subvention n’est attribuée à ce dossier."
    assert reasons["REC"] == "Aucun recours gracieux n’est enregistré sur la décision de ce dossier."
    number = refused(store, hand_letters.prepare, application_id=found["refused"], kind="VER", answers={})
    assert number.endswith(f"{NBSP}: aucune subvention n’est attribuée à ce dossier.")
    assert "ne se prépare pas à la main" in refused(
        store, hand_letters.prepare, application_id=found["granted"], kind="ATT", answers={}
    )


@pytest.mark.parametrize(
    ("kind", "answers", "sentence"),
    [
        ("VER", {"montant": "quatre mille"}, "« quatre mille » n’est pas un montant"),
        ("VER", {"montant": "999 999"}, "dépasse la subvention attribuée"),
        ("VER", {"verse_le": "31/02/2026"}, "31/02/2026"),
        ("VER", {"inconnu": "1"}, "n’est pas demandé pour ce courrier"),
        ("MED", {"delai_le": "01/01/2026"}, "est déjà passé"),
        ("PRO", {"fin_ancienne": "30/11/2026", "fin_nouvelle": "30/10/2026"}, "ne prolonge pas l’action"),
        ("RET-CER", {"restitution_le": "30/11/2027"}, "La restitution se fait en six mois au plus"),
        ("RET-CER", {"engagement": "autre"}, "n’est pas proposé"),
        ("ATTEST", {"sommes": "2024 ; 1 500"}, "ne se lit pas"),
    ],
)
def test_a_wrong_answer_is_refused_in_a_sentence(
    desk: tuple[Store, dict[str, str]], kind: str, answers: dict[str, str], sentence: str
) -> None:
    store, found = desk
    said = refused(store, hand_letters.prepare, application_id=found["granted"], kind=kind, answers=answers)
    assert sentence in said.replace(NBSP, " ")


def test_preparing_the_letters_due_never_deletes_one_prepared_by_hand_and_undo_gives_it_back(
    desk: tuple[Store, dict[str, str]],
) -> None:
    store, found = desk
    letter = prepared(store, found["granted"], "VER", ANSWERS["VER"])
    run(store, letters.prepare, call_id=_call(store, letter))
    assert "VER" in _kinds(store)
    changes = run(store, hand_letters.remove, letter_id=letter)
    assert "VER" not in _kinds(store)
    assert changes.undo is not None
    with store.write(ACTOR) as session:
        changes.undo(session)
    assert content(store, letter).missing == ()


def test_answers_change_until_the_letter_is_issued_and_a_change_is_read_again(
    desk: tuple[Store, dict[str, str]],
) -> None:
    store, found = desk
    letter = prepared(store, found["granted"], "VER", ANSWERS["VER"])
    run(store, letters.mark_read, letter_id=letter)
    changes = run(store, hand_letters.change, letter_id=letter, answers={**ANSWERS["VER"], "bordereau": "7"})
    assert _state(store, letter) == "to_read"
    assert "bordereau n° 7" in text_of(content(store, letter)).replace(NBSP, " ")
    with store.write(ACTOR) as session:
        changes.undo(session)
    assert (_state(store, letter), "2026-118" in text_of(content(store, letter))) == ("read", True)
    letters.issue(store, actor=ACTOR, letter_ids=[letter], render=letter_pdf.render)
    assert "est émis" in refused(store, hand_letters.change, letter_id=letter, answers=ANSWERS["VER"])
    assert "est émis" in refused(store, hand_letters.remove, letter_id=letter)


def test_a_payment_called_is_offered_as_the_amount(desk: tuple[Store, dict[str, str]]) -> None:
    store, found = desk
    run(store, movements.call_payment, application_id=found["granted"], cents=123_45)
    run(store, movements.pay, application_id=found["granted"], cents=123_45)
    with store.read() as session:
        usual = hand_letters.usual(session, application_id=found["granted"], kind="VER")
        paid = hand_letters.usual(session, application_id=found["granted"], kind="ATTEST")
    assert usual["montant"] == f"123,45{NBSP}€"
    assert paid["sommes"].endswith(f"123,45{NBSP}€")


def test_sums_are_certified_in_the_year_they_were_paid(desk: tuple[Store, dict[str, str]]) -> None:
    store, found = desk
    with store.write(ACTOR) as session:
        record(session, verb="test", noun="lot", noun_id="test", summary="Versements d’essai")
        file = session.get_one(Application, found["granted"])
        for rank, (way, cents, on) in enumerate(
            ((("called", "paid"), 800_00, date(2026, 12, 1)), (("called", "paid"), 200_00, date(2027, 7, 1)),
             (("paid", "called"), 50_00, date(2027, 7, 8)))
        ):  # fmt: skip
            session.add(
                Movement(id=f"essai{rank}", call_id=file.call_id, year=2026, application_id=file.id, source=way[0],
                         target=way[1], amount_cents=cents, at=datetime(2027, 7, 9, rank, tzinfo=UTC), verb="test",
                         reason="", dated_on=on)
            )  # fmt: skip
        session.flush()
        lines = hand_letters.usual(session, application_id=file.id, kind="ATTEST")["sommes"].splitlines()
    assert [(line[:4], line.rpartition("; ")[2]) for line in lines] == [
        ("2026", f"800{NBSP}€"), ("2027", f"150{NBSP}€"),
    ]  # fmt: skip


def test_a_payment_taken_back_or_never_called_is_not_told(desk: tuple[Store, dict[str, str]]) -> None:
    store, found = desk
    key = found["granted"]
    run(store, movements.call_payment, application_id=key, cents=90_00)
    run(store, movements.pay, application_id=key, cents=60_00)
    run(store, movements.pay, application_id=key, cents=40_00)
    run(store, movements.take_back_payment, application_id=key, cents=40_00)

    def amount() -> str:
        with store.read() as session:
            return hand_letters.usual(session, application_id=key, kind="VER").get("montant", "")

    assert amount() == f"60{NBSP}€"
    run(store, movements.take_back_payment, application_id=key, cents=60_00)
    with store.read() as session:
        usual = hand_letters.usual(session, application_id=key, kind="VER")
    assert (usual["montant"], usual.get("verse_le", "")) == (f"100{NBSP}€", "")
    run(store, movements.reject_payment, application_id=key, cents=100_00)
    assert amount() == ""
    told = refused(store, hand_letters.prepare, application_id=key, kind="VER", answers=ANSWERS["VER"])
    assert told.endswith(f"{NBSP}: aucun paiement n’est demandé{NBSP}: appelez-le d’abord.")


def test_reminders_come_once_at_each_day_of_the_reglement(desk: tuple[Store, dict[str, str]]) -> None:
    store, found = desk
    with store.write(ACTOR) as session:
        file = session.get_one(Application, found["granted"])
        record(session, verb="test", noun="lot", noun_id="test", summary="Fin de l’essai")
        file.ends_on = date(2026, 6, 30)  # its report is due three months later, on 30 September
        call_id = file.call_id
    counts = []
    for day in (date(2026, 8, 30), date(2026, 8, 31), date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 30)):
        made = run(store, hand_letters.remind, call_id=call_id, day=day)
        with store.read() as session:
            kinds = session.scalars(
                select(Letter.kind).where(
                    Letter.application_id == found["granted"],
                    Letter.id.in_([key for noun, key in made.touched if noun == "letter"]),
                )
            ).all()
        counts.append(list(kinds))
    assert counts == [[], ["REL-1"], [], ["REL-1"], ["REL-2"]]


def test_a_withdrawal_tells_the_decision_withdrawn_with_its_reason(desk: tuple[Store, dict[str, str]]) -> None:
    store, found = desk
    run(store, movements.reject_payment, application_id=found["granted"], cents=10_00)
    key = found["granted"]
    assert "enregistrez d’abord son retrait" in refused(
        store, hand_letters.prepare, application_id=key, kind="RETRAIT", answers={}
    )
    run(store, endings.end, application_id=key, kind="unmet", reason="L’action n’a pas eu lieu.")
    asked = {ask.name for ask in FORMS["RETRAIT"]}
    answers = {name: value for name, value in ANSWERS["RET-CER"].items() if name in asked}
    letter = prepared(store, key, "RETRAIT", answers)
    said = content(store, letter)
    assert said.missing == (), told(said.missing)
    count, text = read(letter_pdf.render(said))
    assert count == 1
    assert "L’action n’a pas eu lieu." in text
    assert "article L. 242-2, 2°" in text.replace(NBSP, " ")


def test_an_answer_to_a_gracious_recourse_says_how_to_seize_the_court_when_it_rejects(
    desk: tuple[Store, dict[str, str]],
) -> None:
    store, found = desk
    with store.read() as session:
        decision = session.scalars(select(Decision.id).where(Decision.application_id == found["refused"])).one()
    run(store, endings.file_recourse, decision_id=decision, kind="gracious", filed_on=date(2026, 4, 15))
    answers = {"motifs": "le budget reste le même", "sens": "rejeté"}
    letter = prepared(store, found["refused"], "REC", answers)
    said = content(store, letter)
    assert said.missing == (), told(said.missing)
    assert "tribunal administratif de Melun" in said.recourse
    accepted = {"recours_le": "15/04/2026", "sens": "accueilli", "suite": "Votre demande sera votée le 14 mai"}
    run(store, hand_letters.change, letter_id=letter, answers={**answers, **accepted})
    said = content(store, letter)
    assert (said.recourse, said.missing) == ("", ())
    assert "Votre demande sera votée le 14 mai." in text_of(said)


def test_an_opinion_is_asked_of_somebody_else_before_the_decision(base_at: Opened) -> None:
    store, _story = base_at("examined")
    with store.read() as session:
        key = session.scalars(select(Application.id).where(Application.status != "draft")).first()
    assert key is not None
    letter = prepared(store, key, "AVIS", ANSWERS["AVIS"])
    said = content(store, letter)
    assert said.missing == (), told(said.missing)
    count, text = read(letter_pdf.render(said))
    assert (count, "Monsieur le Maire de Melun 16 rue des Exemples 77000 MELUN" in text) == (1, True)
    assert "Cette action complète-t-elle les vôtres" in text


def _kinds(store: Store) -> set[str]:
    with store.read() as session:
        return set(session.scalars(select(Letter.kind)))


def _state(store: Store, letter: str) -> str:
    with store.read() as session:
        return session.get_one(Letter, letter).state


def _call(store: Store, letter: str) -> str:
    with store.read() as session:
        return session.get_one(Letter, letter).call_id
