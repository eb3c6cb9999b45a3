"""The letter that tells an association that its réserve is lifted, and the commands that do it without a screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import select

from cli.conftest import Line
from cv_desktop.db.models.decision import ConditionLift, Letter, LotLine
from cv_desktop.db.store import Store
from cv_desktop.documents import letter_pdf
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letters import told
from cv_desktop.services import conditions, decisions, endings, hand_letters, letters, lot_lines, movements, versions
from cv_desktop.services.demonstration import ACTOR, Story
from services.lot_desk import ACT, Desk, served

Opened = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"
TEXT = "Remettre le budget de l’action signé."
PROOF = "Budget signé reçu le 14 avril, vérifié par C. Témoin."
SENT = {"sent_to_prefect_on": date(2026, 4, 15), "published_on": date(2026, 4, 15)}


@pytest.fixture
def desk(base_at: Opened) -> Desk:
    return Desk(*base_at("arbitrated"))


def granted(desk: Desk) -> tuple[str, str]:
    """A file granted under a condition, and its number."""
    file, lot = served(desk)[0], desk.submit()
    key = {"application_id": file.application_id}
    desk.do(lot_lines.set_condition, lot_id=lot, **key, text=TEXT, due_on=date(2026, 6, 30))
    desk.do(decisions.record_act, lot_id=lot, **ACT, **SENT)
    return file.application_id, file.number


def reason(desk: Desk, file: str) -> str:
    with desk.store.read() as session:
        return next(x.reason for x in hand_letters.choices(session, application_id=file) if x.kind == "LEV")


def test_the_lifting_has_its_letter_and_is_no_longer_put_back_once_told(desk: Desk) -> None:
    file, number = granted(desk)
    assert reason(desk, file) == f"La réserve n’est pas levée{NBSP}: levez-la d’abord."
    assert reason(desk, served(desk)[1].application_id) == "La décision en vigueur n’a pas de réserve."
    desk.do(conditions.lift, application_id=file, lifted_on=date(2026, 4, 15), proof=PROOF)
    made = desk.do(hand_letters.prepare, application_id=file, kind="LEV", answers={})
    (letter,) = (key for noun, key in made.touched if noun == "letter")
    with desk.store.read() as session:
        page = letters.compose(session, letter_id=letter)
    assert page.missing == (), told(page.missing)
    pdf = pypdfium2.PdfDocument(letter_pdf.render(page))
    text = " ".join(pdf[0].get_textpage().get_text_range().split()).replace(NBSP, " ")
    assert len(pdf) == 1
    assert "Levée de la réserve pour l’action" in text
    assert "sous une réserve à lever avant le 30 juin 2026. Cette réserve est levée :" in text
    assert "Remettre le budget de l’action signé." in text
    assert f"le 15 avril 2026, au vu de ce qui suit : {PROOF}" in text
    assert "dans les 60 jours à compter du 15 avril 2026." in text

    # Put back before it is issued, it goes too; undone, both are as they were. Issued, nothing contradicts it.
    def kept() -> list[dict[str, Any]]:
        with desk.store.read() as session:
            rows = [
                *session.scalars(select(Letter).where(Letter.kind == "LEV")),
                *session.scalars(select(ConditionLift)),
            ]
            return [{c.key: getattr(row, c.key) for c in row.__table__.columns} for row in rows]

    before = kept()
    with desk.store.write("D. Modèle") as session:
        back = conditions.put_back(session, application_id=file)
    assert ("letter", letter) in back.touched and (len(before), kept()) == (2, [])
    for _time in range(2):
        with desk.store.write("D. Modèle") as session:
            again_back = back.undo(session)
        assert kept() == before
        back = desk.do(lambda session, step=again_back.undo: step(session))
        assert kept() == []
    desk.do(lambda session: back.undo(session))
    # One letter for one lifting, whoever asks: prepared, then issued, no second one is made.
    again: dict[str, Any] = {"application_id": file, "kind": "LEV", "answers": {}}
    assert desk.refused(hand_letters.prepare, **again) == (
        f"{number}{NBSP}: le courrier de cette levée est déjà préparé{NBSP}: complétez-le dans «{NBSP}Courriers{NBSP}»."
    )
    desk.do(letters.mark_read, letter_id=letter)
    letters.issue(desk.store, actor=ACTOR, letter_ids=[letter], render=letter_pdf.render)
    with desk.store.read() as session:
        issued = session.scalars(select(Letter.number).where(Letter.id == letter)).one()
    assert reason(desk, file) == (
        f"Le courrier {issued} annonce déjà la levée à l’association{NBSP}: remplacez-le s’il est faux."
    )
    assert desk.refused(hand_letters.prepare, **again).startswith(f"{number}{NBSP}: le courrier {issued} annonce déjà")
    assert desk.refused(conditions.put_back, application_id=file) == (
        f"Le courrier {issued} annonce la levée à l’association{NBSP}: la réserve de {number} ne se remet plus. "
        "Si elle n’est pas remplie, retirez la décision (conditions non respectées)."
    )


def test_a_lifting_is_not_told_of_a_grant_withdrawn_since(desk: Desk) -> None:
    file, _number = granted(desk)
    desk.do(conditions.lift, application_id=file, lifted_on=date(2026, 4, 15), proof=PROOF)
    made = desk.do(hand_letters.prepare, application_id=file, kind="LEV", answers={})
    (letter,) = (key for noun, key in made.touched if noun == "letter")
    desk.do(letters.mark_read, letter_id=letter)
    desk.do(endings.end, application_id=file, kind="unmet", reason="Action abandonnée par l’association.")
    with pytest.raises(UserError, match="La décision en vigueur n’a pas de réserve"):
        letters.issue(desk.store, actor=ACTOR, letter_ids=[letter], render=letter_pdf.render)


def test_a_condition_is_listed_lifted_and_put_back_without_a_screen(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    _file, number = granted(desk)
    folder = desk.store.folder
    desk.store.close()
    line = Line(folder, capsys.readouterr)
    call: tuple[Any, ...] = ("--call", "FIA-2026")
    (only,) = line("conditions", "list", *call).data["conditions"]
    assert (only["number"], only["due_on"], only["lifted_on"]) == (number, "2026-06-30", None)
    assert "1 réserve." in line("conditions", "list", *call, plain=True).out
    lift = ("conditions", "lift", *call, "--application", number.lower())
    absent = line("conditions", "lift", *call, "--application", "FIA-2026-9999", "--on", "15/04/2026", "--proof", PROOF)
    assert absent.code == 2 and "n’a le numéro" in absent.err
    early = line(*lift, "--on", "13/04/2026", "--proof", PROOF)
    assert (early.code, early.err.strip()) == (2, f"Le 13{NBSP}avril 2026 précède l’acte, daté du 14{NBSP}avril 2026.")
    assert "Dites ce qui lève la réserve" in line(*lift, "--on", "15/04/2026", "--proof", "vu").err
    assert line(*lift, "--on", "31/02/2026", "--proof", PROOF).code == 2
    done = line(*lift, "--on", "15/04/2026", "--proof", PROOF, "--letter")
    assert (done.code, done.data["lifted_on"], done.data["letters_prepared"]) == (0, "2026-04-15", 1)
    assert done.data["missing"] == []
    assert "elle ne se lève qu’une fois" in line(*lift, "--on", "15/04/2026", "--proof", PROOF).err
    back = line("conditions", "put-back", *call, "--application", number)
    assert (back.code, back.data["lifted_on"]) == (0, None)


def test_a_condition_lifted_while_another_amount_awaits_its_vote_is_not_set_again(desk: Desk) -> None:
    """The new act asked again for the paper that was received, and paid nothing until it was lifted a second time."""
    file, _number = granted(desk)
    given = {"application_id": file, "amount_cents": 1_900_00, "reason": "Réduction voulue par le comité."}
    lot = desk.do(versions.reopen, **given)[1]

    def asked() -> tuple[str, date | None]:
        with desk.store.read() as session:
            line = session.get_one(LotLine, (lot, file))
            return line.condition, line.condition_due_on

    before, lifted = (TEXT, date(2026, 6, 30)), {"lifted_on": date(2026, 4, 15), "proof": PROOF}
    assert asked() == before
    back = desk.do(conditions.lift, application_id=file, **lifted)
    assert asked() == ("", None) and ("lot", lot) in back.touched
    back = desk.do(lambda session, step=back.undo: step(session))
    assert asked() == before
    desk.do(lambda session, step=back.undo: step(session))
    assert asked() == ("", None)
    desk.do(decisions.record_act, lot_id=lot, **{**ACT, "number": "2026-B-015"})
    desk.do(movements.require_payable, application_id=file, more_cents=100_00, day=date(2026, 4, 15))
