"""On a real base: the year of a structure, its boundaries, what ends a decision, and what may be paid."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.cli import main
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import RulesParameter
from cv_desktop.db.models.decision import Decision, Letter
from cv_desktop.db.models.signatory import Signature
from cv_desktop.db.queries import campaign_concordance, convention_standings, conventions, institution, tasks
from cv_desktop.db.queries.tasks import Task
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.documents import letter_pdf
from cv_desktop.domain.campaign_concordance import ticks
from cv_desktop.domain.concordance import AGREED, DIFFERENT, WAITING
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_json import content_to_json
from cv_desktop.domain.letters import plain
from cv_desktop.services import (
    concordance_files,
    convention_fields,
    convention_texts,
    decisions,
    endings,
    exports,
    letters,
    lot_guards,
    movements,
    structure_lines,
    versions,
)
from cv_desktop.services import conventions as verbs
from cv_desktop.services.demonstration import ACTOR, Story

Opened = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"
ACT = {"body": "Bureau communautaire", "number": "2026-B-015", "act_on": date(2026, 4, 15),
       "sent_to_prefect_on": date(2026, 4, 15), "published_on": date(2026, 4, 15)}  # fmt: skip


def largest(session: Session) -> tuple[str, str, str, int]:
    """File, structure, decision and cents of the largest grant of the example: 2 400 €."""
    decision = session.scalars(select(Decision).order_by(Decision.amount_cents.desc(), Decision.id)).first()
    assert decision
    structure = session.get_one(Application, decision.application_id).structure_id
    return decision.application_id, structure, decision.id, decision.amount_cents


def give(store: Store, structure: str, year: int, amount: str, form: str, title: str = "Gymnase") -> None:
    with store.write(ACTOR) as session:
        funder = str(institution.values(session)["authority"])
        values = {"year": str(year), "funder": funder, "title": title, "granted_cents": amount, "in_kind": form}
        structure_lines.add(session, kind="grant", structure_id=structure, values=values)


def test_aid_in_kind_of_the_year_alone_makes_a_small_grant_pass_the_threshold(base_at: Opened) -> None:
    store, story = base_at("voted")
    with store.read() as session:
        file, structure, decision, cents = largest(session)
    give(store, structure, 2025, "22 000", "En nature")
    with store.read() as session:
        assert conventions.of_call(session, call_id=story.call_id) == {}
    give(store, structure, 2026, "20 600", "En nature")
    with store.read() as session:
        assert conventions.of_call(session, call_id=story.call_id) == {}  # 20 600 + 2 400 is exactly 23 000
    assert cents == 2_400_00
    give(store, structure, 2026, "0,01", "En nature", "Photocopies")
    with store.read() as session:
        due = conventions.of_call(session, call_id=story.call_id)
        told = conventions.of_structure(session, structure_id=structure)
    assert {key: one.total_cents for key, one in due.items()} == {decision: 23_000_01}
    assert [one.year for one in told] == [2026]
    with pytest.raises(UserError) as refusal, store.write(ACTOR) as session:
        movements.call_payment(session, application_id=file, cents=cents)
    assert f"23{NBSP}000,01{NBSP}€ en 2026 dépassent 23{NBSP}000{NBSP}€" in refusal.value.message
    assert "la convention est à établir" in refusal.value.message


def test_money_of_a_list_counts_unless_it_is_the_grant_of_the_file_itself(base_at: Opened) -> None:
    store, story = base_at("voted")
    with store.read() as session:
        _file, structure, decision, _cents = largest(session)
    give(store, structure, 2026, "2 400", "Numéraire", "La même, dans la liste publiée")
    give(store, structure, 2026, "20 600", "", "Sport")
    with store.read() as session:
        assert conventions.of_call(session, call_id=story.call_id) == {}
    give(store, structure, 2026, "500", "", "Culture")
    with store.read() as session:
        assert conventions.of_call(session, call_id=story.call_id)[decision].total_cents == 23_500_00


def test_a_withdrawn_decision_lowers_the_total(base_at: Opened) -> None:
    store, story = base_at("voted")
    with store.read() as session:
        file, structure, _decision, _cents = largest(session)
    give(store, structure, 2026, "22 000", "En nature")
    with store.read() as session:
        assert len(conventions.of_call(session, call_id=story.call_id)) == 1
        assert convention_standings.of_application(session, application_id=file) is not None
    with store.write(ACTOR) as session:
        endings.end(session, application_id=file, kind="renounced", reason="L’association renonce à son action.")
    with store.read() as session:
        assert conventions.of_call(session, call_id=story.call_id) == {}
        assert conventions.of_structure(session, structure_id=structure) == ()
        assert convention_standings.of_application(session, application_id=file) is None


def test_the_threshold_is_that_of_the_reglement(base_at: Opened) -> None:
    store, story = base_at("voted")
    with store.write(ACTOR) as session:
        _file, structure, decision, _cents = largest(session)
        for row in session.scalars(select(RulesParameter).where(RulesParameter.key == "convention_threshold")):
            row.value = 2_399_99
        record(session, verb="x", noun="call", noun_id=story.call_id, summary="Seuil de l’essai")
    with store.read() as session:
        due = conventions.of_call(session, call_id=story.call_id)
        assert due[decision].threshold_cents == 2_399_99
        assert lot_guards.convention_due(session, story.call_id, {}, 2_399_99) == []
    assert structure


def test_nothing_is_paid_before_both_signatures_each_taken_back_by_undo(base_at: Opened) -> None:
    store, _story = base_at("voted")
    with store.read() as session:
        file, structure, _decision, cents = largest(session)
    give(store, structure, 2026, "22 000", "En nature")
    key = {"application_id": file}
    days = {"authority_signed_on": date(2026, 4, 14), "structure_signed_on": None}
    with pytest.raises(UserError) as unnamed, store.write(ACTOR) as session:
        verbs.sign(session, **key, **days)
    assert unnamed.value.field == "reference"
    with pytest.raises(UserError) as future, store.write(ACTOR) as session:
        verbs.sign(
            session, **key, authority_signed_on=date(2026, 4, 16), structure_signed_on=None, reference="CPO 2024"
        )
    assert (future.value.field, "n’est pas venu" in future.value.message) == ("authority_signed_on", True)
    with store.write(ACTOR) as session:
        verbs.sign(session, **key, **days, reference="CPO 2024-2026")
    with pytest.raises(UserError, match="à signer par la structure"), store.write(ACTOR) as session:
        movements.call_payment(session, **key, cents=cents)
    days["structure_signed_on"] = date(2026, 4, 15)
    with store.write(ACTOR) as session:
        back = verbs.sign(session, **key, **days, structure_signatory="Alix Modèle", reference="CPO 2024-2026")
        movements.call_payment(session, **key, cents=cents)
        movements.pay(session, **key, cents=cents)
    with store.read() as session:
        row = convention_standings.of_application(session, **key)
    assert row is not None
    assert row.text is not None
    said = (row.standing.reference, row.text.structure_signatory, row.lacking)
    assert said == ("CPO 2024-2026", "Alix Modèle", False)
    assert row.standing.publish_by == date(2026, 7, 15)
    with pytest.raises(UserError) as early, store.write(ACTOR) as session:
        verbs.publish(session, **key, published_on=date(2026, 4, 14))
    assert early.value.field == "published_on"
    with store.write(ACTOR) as session:
        verbs.publish(session, **key, published_on=date(2026, 4, 15))
    with store.write(ACTOR) as session:
        assert back.undo
        back.undo(session)
    with store.read() as session:
        row = convention_standings.of_application(session, **key)
    assert row is not None
    assert row.standing.label == "à signer par la structure"


def due_base(base_at: Opened) -> tuple[Store, Story, str, int]:
    store, story = base_at("voted")
    with store.read() as session:
        file, structure, _decision, cents = largest(session)
    give(store, structure, 2026, "22 000", "En nature")
    return store, story, file, cents


def letters_of(store: Store, file: str) -> dict[str, Letter]:
    with store.read() as session:
        found = {x.kind: x for x in session.scalars(select(Letter).where(Letter.application_id == file))}
        session.expunge_all()
        return found


def test_the_convention_is_prepared_issued_numbered_as_the_letters_and_put_away_when_not_due(base_at: Opened) -> None:
    store, story, file, cents = due_base(base_at)
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id)
    prepared = letters_of(store, file)
    assert "CONV" in prepared
    assert [one.kind for one in prepared.values()].count("CONV") == 1
    with store.read() as session:
        told = Counter(session.scalars(select(Letter.kind).where(Letter.kind.in_(("CONV", "ATT-C")))))
        content = letters.compose(session, letter_id=prepared["CONV"].id)
        row = convention_standings.of_application(session, application_id=file)
    assert (told["CONV"], told["ATT-C"]) == (1, 1)
    assert not {"ATT", "ATT-P"} & prepared.keys()  # the award is told with its convention, once
    assert content.complete, content.missing
    assert row is not None
    assert row.standing.label == "à émettre"
    _changes, done = letters.issue(store, actor=ACTOR, letter_ids=[prepared["CONV"].id], render=letter_pdf.render)
    assert done[0].number.startswith("CO-2026-")
    assert done[0].path.read_bytes().startswith(b"%PDF-")
    with pytest.raises(UserError, match="à signer"), store.write(ACTOR) as session:
        movements.call_payment(session, application_id=file, cents=cents)
    # The page the officer reads says the whole year.
    text = json.dumps(content_to_json(content), ensure_ascii=False).replace(NBSP, " ")
    assert "24 400 €" in text
    assert "22 000 €" in text
    with store.write(ACTOR) as session:
        verbs.sign(session, application_id=file, authority_signed_on=None, structure_signed_on=date(2026, 4, 15))
    with pytest.raises(UserError, match="à signer par la collectivité"), store.write(ACTOR) as session:
        movements.call_payment(session, application_id=file, cents=cents)
    with store.write(ACTOR) as session:
        signed = {"authority_signed_on": date(2026, 4, 15), "structure_signed_on": date(2026, 4, 15)}
        verbs.sign(session, application_id=file, **signed)
        movements.call_payment(session, application_id=file, cents=cents)
    with pytest.raises(UserError, match="précède la convention"), store.write(ACTOR) as session:
        verbs.sign(session, application_id=file, authority_signed_on=date(2026, 4, 1), structure_signed_on=None)


def test_a_convention_signed_elsewhere_puts_the_draft_away(base_at: Opened) -> None:
    store, story, file, _cents = due_base(base_at)
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id)
    day = date(2026, 1, 20)
    with store.write(ACTOR) as session:
        verbs.sign(
            session, application_id=file, authority_signed_on=day, structure_signed_on=day, reference="CPO 2024-2026"
        )
        letters.prepare(session, call_id=story.call_id)
    assert "CONV" not in letters_of(store, file)


def test_the_day_of_the_signature_made_here_is_that_of_the_authority(base_at: Opened) -> None:
    store, story, file, _cents = due_base(base_at)
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id, kinds=("CONV",))
    letter = letters_of(store, file)["CONV"].id
    letters.issue(store, actor=ACTOR, letter_ids=[letter], render=letter_pdf.render)
    with store.write(ACTOR) as session:
        at = datetime(2026, 4, 15, 8, tzinfo=UTC)
        session.add(Signature(id="s", letter_id=letter, way="hand", signer="D. Exemple", signed_at=at, filename=""))
        record(session, verb="x", noun="letter", noun_id=letter, summary="Signature de l’essai")
    with store.read() as session:
        row = convention_standings.of_application(session, application_id=file)
    assert row is not None
    assert row.standing.label == "à signer par la structure"


def test_an_amendment_of_an_issued_convention_says_each_change_and_goes_away_with_its_undo(base_at: Opened) -> None:
    store, story, file, _cents = due_base(base_at)
    key = {"application_id": file, "cause": "Les travaux du gymnase ont retardé l’action"}
    with pytest.raises(UserError, match="pas de convention émise"), store.write(ACTOR) as session:
        convention_texts.amend(session, **key, ends_on=date(2026, 12, 31))
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id, kinds=("CONV",))
    first = letters_of(store, file)["CONV"].id
    letters.issue(store, actor=ACTOR, letter_ids=[first], render=letter_pdf.render)
    with pytest.raises(UserError, match="ne change rien"), store.write(ACTOR) as session:
        convention_texts.amend(session, **key)
    with store.write(ACTOR) as session:
        back, made = convention_texts.amend(session, **key, ends_on=date(2026, 12, 31), partners="Les Jardins Modèle")
        letters.prepare(session, call_id=story.call_id)  # leaves what was made by hand
    with pytest.raises(UserError, match="est préparé"), store.write(ACTOR) as session:
        convention_texts.amend(session, **key, ends_on=date(2026, 12, 30))
    with store.read() as session:
        content = letters.compose(session, letter_id=made)
    assert content.complete, content.missing
    text = json.dumps(content_to_json(content), ensure_ascii=False).replace(NBSP, " ")
    number = letters_of(store, file)["CONV"].number
    assert plain(content.object).replace(NBSP, " ") == f"Avenant à la convention n° {number}"
    assert "à l’article 2, l’action se déroule jusqu’au 31 décembre 2026 ;" in text
    assert "à l’article 1er, les partenaires de l’action sont désormais : Les Jardins Modèle." in text
    assert "Les travaux du gymnase ont retardé l’action." in text
    # The convention itself is signed: the amendment that waits does not keep its money.
    with store.write(ACTOR) as session:
        day = date(2026, 4, 15)
        signed = {"authority_signed_on": day, "structure_signed_on": day}
        verbs.sign(session, application_id=file, letter_id=first, **signed)
        movements.call_payment(session, application_id=file, cents=1_00)
    letters.issue(store, actor=ACTOR, letter_ids=[made], render=letter_pdf.render)
    with store.read() as session:
        row = convention_standings.of_application(session, application_id=file)
    assert row is not None
    assert row.to_sign is not None
    assert (row.standing.reference, row.to_sign.kind) == (number, "CONV-A")
    assert back.undo


def test_a_new_amount_is_said_by_the_amendment_and_pays_nothing_before_its_signatures(base_at: Opened) -> None:
    store, story, file, cents = due_base(base_at)
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id, kinds=("CONV",))
    first = letters_of(store, file)["CONV"]
    letters.issue(store, actor=ACTOR, letter_ids=[first.id], render=letter_pdf.render)
    day = date(2026, 4, 15)
    with store.write(ACTOR) as session:
        verbs.sign(session, application_id=file, authority_signed_on=day, structure_signed_on=day)
        _changes, lot = versions.reopen(session, application_id=file, amount_cents=3_000_00, reason="Erreur de calcul.")
    with store.write(ACTOR) as session:
        decisions.record_act(session, lot_id=lot, **ACT)
    with pytest.raises(UserError, match="à établir"), store.write(ACTOR) as session:
        movements.call_payment(session, application_id=file, cents=1_00)
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id)
        kinds = set(session.scalars(select(Letter.kind).where(Letter.number.is_(None))))
        assert "CONV" not in kinds  # an amendment is due, not a second convention
        _changes, made = convention_texts.amend(session, application_id=file, cause="Nouvelle décision du Bureau")
        content = letters.compose(session, letter_id=made)
    text = json.dumps(content_to_json(content), ensure_ascii=False).replace(NBSP, " ")
    assert cents == 2_400_00
    assert (
        "à l’article 4, le montant de la subvention, fixé à 2 400 €, est désormais de 3 000 € (trois mille euros)."
        in text
    )
    letters.issue(store, actor=ACTOR, letter_ids=[made], render=letter_pdf.render)
    with store.write(ACTOR) as session:
        verbs.sign(session, application_id=file, authority_signed_on=day, structure_signed_on=day)
        movements.call_payment(session, application_id=file, cents=3_000_00)


def test_a_convention_by_choice_is_prepared_below_the_threshold_and_stays(base_at: Opened) -> None:
    store, story = base_at("voted")
    with store.read() as session:
        file, _structure, _decision, cents = largest(session)
    with store.write(ACTOR) as session:
        back, _key = convention_texts.prepare(session, application_id=file)
        letters.prepare(session, call_id=story.call_id)
    assert "CONV" in letters_of(store, file)
    with store.write(ACTOR) as session:
        movements.call_payment(session, application_id=file, cents=1_00)  # only the law forbids
        with pytest.raises(UserError, match="est préparée"):
            convention_texts.prepare(session, application_id=file)
    with store.write(ACTOR) as session:
        assert back.undo
        back.undo(session)
    assert "CONV" not in letters_of(store, file)
    assert cents


def test_the_concordance_counts_the_conventions_and_sees_money_paid_before_them(base_at: Opened) -> None:
    store, story = base_at("told")
    with store.read() as session:
        file, structure, _decision, cents = largest(session)
    with store.write(ACTOR) as session:
        movements.call_payment(session, application_id=file, cents=cents)

    def courriers() -> tuple[str, str]:
        with store.read() as session:
            rows = campaign_concordance.rows(session, call_id=story.call_id)
        tick = ticks(rows, 0)[3]
        return tick.state, tick.words.replace(NBSP, " ")

    assert courriers()[0] == AGREED
    give(store, structure, 2026, "22 000", "En nature")
    assert courriers() == (DIFFERENT, "Payé sans convention signée : FIA-2026-0010.")
    with store.write(ACTOR) as session:
        movements.reject_payment(session, application_id=file, cents=cents, reason="Convention à signer d’abord.")
    state, words = courriers()
    assert (state, "1 convention sans les deux signatures." in words) == (WAITING, True)
    book = concordance_files.xlsx(store, call_id=story.call_id, actor=ACTOR)
    lines = list(load_workbook(BytesIO(book)).active.iter_rows(min_row=2, values_only=True))
    assert [line[9] for line in lines if line[0] and line[9]] == ["à établir"]
    with store.read() as session:
        table = exports.decisions_table(session, call_id=story.call_id)
    place = [column.title for column in exports.COLUMNS].index("Convention")
    assert [row[place] for row in table if row[place]] == ["à établir"]


def test_the_home_screen_asks_for_the_signatures_then_for_the_publication(base_at: Opened) -> None:
    store, story, file, _cents = due_base(base_at)

    def told() -> dict[str, Task]:
        with store.read() as session:
            found = tasks.rows(session, day=date(2026, 4, 15), call_id=story.call_id)
        return {one.kind: one for one in found if one.kind in ("conventions", "essential_data")}

    assert told() == {}  # it is to write first, which the letters say
    with store.write(ACTOR) as session:
        letters.prepare(session, call_id=story.call_id, kinds=("CONV",))
    letters.issue(store, actor=ACTOR, letter_ids=[letters_of(store, file)["CONV"].id], render=letter_pdf.render)
    assert {kind: (one.count, one.target) for kind, one in told().items()} == {"conventions": (1, file)}
    day = date(2026, 4, 15)
    with store.write(ACTOR) as session:
        verbs.sign(session, application_id=file, authority_signed_on=day, structure_signed_on=day)
    assert {kind: one.due for kind, one in told().items()} == {"essential_data": date(2026, 7, 15)}
    with store.write(ACTOR) as session:
        verbs.publish(session, application_id=file, published_on=day)
    assert told() == {}


def test_the_command_writes_the_editable_text_beside_the_pdf(
    base_at: Opened, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, _story, _file, _cents = due_base(base_at)
    folder = store.folder
    store.close()
    out = tmp_path / "sortie"
    command = [
        "letters",
        "issue",
        "--call",
        "FIA-2026",
        "--out",
        str(out),
        "--docx",
        "--json",
        "--data-dir",
        str(folder),
    ]
    assert main(command) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["letters"]["CONV"] == 1
    (name,) = said["texts"]
    assert (out / name).read_bytes().startswith(b"PK")
    assert (out / name).with_suffix(".pdf").name in said["files"]


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("Le Président de la Communauté d’agglomération,", "Président de la Communauté d’agglomération"),
        ("La Présidente,", "Présidente"),
        ("L’Adjointe au maire", "Adjointe au maire"),
        (
            "Pour le Président et par délégation,\nLa Vice-présidente chargée de l’habitat,",
            "pour le Président et par délégation, la Vice-présidente chargée de l’habitat",
        ),
    ],
)
def test_the_quality_of_who_signs_goes_on_in_a_sentence(block: str, said: str) -> None:
    assert convention_fields.quality_in_sentence(block) == said
