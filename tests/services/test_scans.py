"""Signed letters come back on paper: filed as signed copies, none wrong; the others wait for a person, none lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select

from cv_desktop.db import journal, pieces
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import LetterTemplate
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.scan import ScanPage
from cv_desktop.db.models.signatory import Signature
from cv_desktop.db.queries import attachments
from cv_desktop.db.queries import scans as queries
from cv_desktop.db.queries import signatories as register
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.documents.letter_scan import letter_pages
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filing import mark_of
from cv_desktop.domain.letter_json import content_to_json
from cv_desktop.services import contents, delegations, demonstration, scan_filing, scan_prints, scans, signatories
from cv_desktop.services.demonstration import ACTOR, Story
from scanned_pages import letter, printed, scanned

Opened = Callable[[str], tuple[Store, Story]]
Scan = Image.Image


def issued(store: Store, numbers: range, *, pages: int = 2) -> None:
    """Letters of one page or two as if they had been issued in the example campaign."""
    with store.write(ACTOR) as session:
        file = session.scalars(select(Application)).first()
        template = session.scalars(select(LetterTemplate.id)).first()
        assert file is not None and template is not None
        for number in numbers:
            content = letter(number, mark=marked(number), pages=pages)
            session.add(
                Letter(
                    id=f"letter-{number}", call_id=file.call_id, application_id=file.id,
                    template_id=template, kind="ATT", state="issued", prepared_at=demonstration.clock(), year=2026,
                    seq=number, number=content.number, content=content_to_json(content), filename=f"{number}.pdf",
                )
            )  # fmt: skip
        record(session, verb="test", noun="letter", noun_id="test", summary="Courriers d’essai")


def marked(number: int) -> str:
    return mark_of(f"letter-{number}", f"CO-2026-{number:04d}", "2026-03-03")


def pile(folder: Path, name: str, images: list[Scan]) -> Path:
    path = folder / name
    more = {} if path.suffix == ".pdf" else {"compression": "jpeg"}
    images[0].save(path, save_all=True, append_images=images[1:], resolution=200, **more)
    return path


def take(store: Store, path: Path) -> tuple[Changes, scans.Filing]:
    return scans.take_pile(store, actor=ACTOR, path=path)


def waiting(store: Store) -> list[tuple[str, int, str]]:
    with store.read() as session:
        rows = queries.queue(session, day=local(demonstration.clock()).date())
    return [(row.page.filename, row.page.place, row.reason.replace("\u00a0", " ")) for row in rows]


def copies(store: Store) -> dict[str, list[str]]:
    """The pages of each signed copy, read again from the file that is kept."""
    with store.read() as session:
        query = select(Letter.number, Signature.sha256).join(Signature, Signature.letter_id == Letter.id)
        kept = {
            str(number): attachments.content(session, sha256=sha256 or "") for number, sha256 in session.execute(query)
        }
    return {number: [x.label.text if x.label else "" for x in letter_pages(path)] for number, path in kept.items()}


@pytest.fixture
def base(base_at: Opened) -> Store:
    store, _story = base_at("examined")
    return store


def test_three_hundred_pages_in_any_order_over_several_days_are_all_filed(base: Store, tmp_path: Path) -> None:
    issued(base, range(1001, 1151))
    dice = random.Random(2030)
    sheets = []
    for number in range(1001, 1151):
        straight = printed(letter(number, mark=marked(number)), dice.choice((150, 150, 150, 200, 200, 200, 300)))
        sheets += [(number, place, page) for place, page in enumerate(straight, 1)]
    assert len(sheets) == 300
    dice.shuffle(sheets)
    told: list[tuple[int, int, str]] = []
    for start, name in ((0, "lundi.tif"), (120, "mardi.pdf"), (170, "jeudi.tif")):
        stop = {0: 120, 120: 170, 170: 300}[start]
        path = pile(tmp_path, name, [scanned(page, dice) for _number, _place, page in sheets[start:stop]])
        _changes, filing = take(base, path)
        assert (filing.read, filing.done, filing.count) == (stop - start,) * 3
        told += [(start, stop, number) for number in filing.copies]
    with base.read() as session:
        pages = session.scalars(select(ScanPage)).all()
        numbers = {row.id: row.number for row in session.scalars(select(Letter))}
        unread = [page for page in pages if not page.number]
        said = [(page.number, page.page) for page in pages if page.number]
        filed = [page for page in pages if page.letter_id]
        assert len(unread) <= 3
        assert len(set(said)) == len(said)
        assert len(told) == len({number for _start, _stop, number in told}) >= 147
        assert len(filed) == 2 * len(told)
        assert all(numbers[page.letter_id or ""] == page.number for page in filed)
        assert journal.verify(session).sound
        assert attachments.faults(session) == []
    # Some letters only became whole with the last pile.
    assert {start for start, _stop, _number in told} == {0, 120, 170}


def test_what_is_filed_is_the_letter_itself(base: Store, tmp_path: Path) -> None:
    issued(base, range(1001, 1004))
    images = [page for number in (1003, 1001) for page in reversed(printed(letter(number, mark=marked(number))))]
    path = pile(tmp_path, "pile.pdf", images)
    changes, filing = take(base, path)
    assert filing.copies == ("CO-2026-1001", "CO-2026-1003")
    assert copies(base) == {
        f"CO-2026-{number}": [f"CO-2026-{number} ATT {place}/2 {marked(number)}" for place in (1, 2)]
        for number in (1001, 1003)
    }
    assert waiting(base) == []
    with base.read() as session:
        signature = session.scalars(select(Signature).order_by(Signature.filename)).first()
        assert signature is not None
        assert (signature.way, signature.filename) == ("hand", "1001_signe.pdf")
        kept = pieces.place(base.folder, signature.sha256 or "")
        assert signature.signer == "Dominique EXEMPLE"
    beside = base.folder / "courriers" / "1001_signe.pdf"
    assert beside.read_bytes() == kept.read_bytes()
    # The same pile again changes nothing, and says so.
    again, filing = take(base, path)
    assert (filing.known, again.touched, len(copies(base))) == (True, frozenset(), 2)
    # Taken back, then given again: whole again.
    with base.write(ACTOR) as session:
        assert changes.undo is not None
        changes.undo(session)
    assert copies(base) == {}
    assert not beside.exists()
    assert waiting(base) == []
    take(base, path)
    assert len(copies(base)) == 2


def test_a_person_files_what_could_not_be(base: Store, tmp_path: Path) -> None:
    issued(base, range(1001, 1005))
    first, second = printed(letter(1001, mark=marked(1001)))
    spoiled = second.copy()
    ImageDraw.Draw(spoiled).rectangle((0.8 * second.width, 0.9 * second.height, *second.size), fill=0)
    other, foreign = printed(letter(1002, mark=marked(1002))), printed(letter(1003, mark="ABCDEF"))
    images = [first, spoiled, other[0], other[1], other[1], foreign[0], Image.new("L", first.size, 255)]
    take(base, pile(tmp_path, "pile.pdf", images))
    double = "La page 2 est en double : écartez celle qui ne porte pas la signature."
    unreadable = "Aucun code lisible sur cette page : dites de quel courrier elle est, ou écartez-la."
    assert waiting(base) == [
        ("pile.pdf", 1, "Il manque la page 2 : scannée plus tard, elle s’y joindra."),
        ("pile.pdf", 2, unreadable),
        ("pile.pdf", 3, double),
        ("pile.pdf", 4, double),
        ("pile.pdf", 5, double),
        ("pile.pdf", 6, "Ce code est celui d’un courrier CO-2026-1003 émis par une autre base."),
        ("pile.pdf", 7, unreadable),
    ]
    with base.read() as session:
        ids = [row.page.id for row in queries.queue(session, day=local(demonstration.clock()).date())]
    with base.write(ACTOR) as session:
        by_hand = scan_filing.file_by_hand(session, page_ids=[ids[1]], number="1001")
    assert copies(base) == {"CO-2026-1001": [f"CO-2026-1001 ATT 1/2 {marked(1001)}", ""]}
    with base.write(ACTOR) as session:
        aside = scan_filing.dismiss(session, page_ids=[ids[4]], reason="Page sans signature")
    assert set(copies(base)) == {"CO-2026-1001", "CO-2026-1002"}
    assert [place for _name, place, _why in waiting(base)] == [6, 7]
    for refused, why in (
        ({"page_ids": [ids[6]], "number": "CO-2026-1001"}, "a déjà sa copie signée"),
        (
            {"page_ids": [ids[6]], "number": "CO-2026-9999"},
            "Aucun courrier émis ne porte le numéro «\u00a0CO-2026-9999\u00a0»",
        ),
        ({"page_ids": [ids[1]], "number": "1003"}, "a déjà été classée ou écartée"),
    ):
        with pytest.raises(UserError, match=why), base.write(ACTOR) as session:
            scan_filing.file_by_hand(session, **refused)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="10 signes"), base.write(ACTOR) as session:
        scan_filing.dismiss(session, page_ids=[ids[6]], reason="blanche")
    # Each gesture is taken back, and taken again.
    with base.write(ACTOR) as session:
        assert aside.undo is not None
        assert by_hand.undo is not None
        again = aside.undo(session)
        by_hand.undo(session)
    assert copies(base) == {}
    assert len(waiting(base)) == 7
    with base.write(ACTOR) as session:
        assert again.undo is not None
        again.undo(session)
    assert set(copies(base)) == {"CO-2026-1002"}
    with base.read() as session:
        assert journal.verify(session).sound


def test_pages_without_any_code_are_filed_together_in_their_order(base: Store, tmp_path: Path) -> None:
    issued(base, range(1001, 1002))
    blank = Image.new("L", (827, 1170), 255)
    take(base, pile(tmp_path, "sans-code.pdf", [blank, blank, blank]))
    with base.read() as session:
        ids = [row.page.id for row in queries.queue(session, day=local(demonstration.clock()).date())]
    with pytest.raises(UserError, match="a 2 pages\u00a0: il n’en manque pas 3"), base.write(ACTOR) as session:
        scan_filing.file_by_hand(session, page_ids=ids, number="CO-2026-1001")
    with base.write(ACTOR) as session:
        scan_filing.file_by_hand(session, page_ids=ids[:2], number="co-2026-1001")
    assert copies(base) == {"CO-2026-1001": ["", ""]}
    assert len(waiting(base)) == 1


def test_a_reading_that_was_stopped_goes_on_where_it_was(base: Store, tmp_path: Path) -> None:
    issued(base, range(1001, 1014))
    images = [page for number in range(1001, 1014) for page in printed(letter(number, mark=marked(number)), 150)]
    path = pile(tmp_path, "pile.pdf", images)
    _changes, filing = scans.take_pile(base, actor=ACTOR, path=path, progress=lambda done, _total, _name: done < 23)
    assert (filing.read, filing.done, filing.count, len(filing.copies)) == (23, 23, 26, 11)
    path.unlink()
    with base.read() as session:
        (row,) = queries.unfinished(session)
    assert (row.filename, row.done, row.count) == ("pile.pdf", 23, 26)
    _changes, filing = scans.resume(base, actor=ACTOR, pile_id=row.id)
    assert (filing.read, filing.done, len(filing.copies)) == (3, 26, 2)
    with base.read() as session:
        assert queries.unfinished(session) == []
    assert len(copies(base)) == 13


def test_the_register_judges_who_signed_on_paper_too(base: Store, tmp_path: Path) -> None:
    issued(base, range(1001, 1003), pages=1)
    images = [printed(letter(number, mark=marked(number), pages=1), 150)[0] for number in (1001, 1002)]
    with base.write(ACTOR) as session:
        (person,) = register.rows(session)
        signatories.change(session, signatory_id=person.id, values={"own_power": False})
        act = {"reference": "arrêté n° 2026-12", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 3, 31)}
        delegations.add(session, signatory_id=person.id, values=act)
        for number, day in ((1001, 3), (1002, 10)):
            session.get_one(Letter, f"letter-{number}").dated_on = date(2026, 3, day)
    _changes, filing = take(base, pile(tmp_path, "pile.pdf", images))
    assert filing.copies == ()
    ended = "La délégation de Dominique Exemple (arrêté n° 2026-12) a pris fin le 31 mars 2026"
    assert all(why.startswith(ended) and "quel jour" in why for _name, _place, why in waiting(base))
    with base.read() as session:
        ids = [row.page.id for row in queries.queue(session, day=date(2026, 4, 15))]
    late = {"signatory_id": person.id, "signed_on": date(2026, 4, 2)}
    for given, why in (
        (late, "a pris fin le 31\u00a0mars 2026"),
        ({}, "Dites qui l’a signé"),
        ({**late, "signed_on": None}, "Écrivez le jour de la signature"),
        ({**late, "signed_on": date(2026, 3, 1)}, "ne se signe pas avant sa date"),
        # One could be filed: it is refused with the other, and no copy of it lies among the letters.
        ({**late, "signed_on": date(2026, 3, 5)}, "CO-2026-1002\u00a0: un courrier ne se signe pas avant sa date"),
        ({**late, "signed_on": date(2026, 5, 1)}, "n’est pas encore venu"),
    ):
        with pytest.raises(UserError, match=why), base.write(ACTOR) as session:
            scan_filing.file_by_hand(session, page_ids=ids, **given)  # type: ignore[arg-type]
    beside = base.folder / "courriers"
    for rehearsal in (True, False):
        assert list(beside.glob("*_signe.pdf")) == []
        with base.write(ACTOR, rehearsal=rehearsal) as session:
            done = scan_filing.file_by_hand(
                session, page_ids=ids, signatory_id=person.id, signed_on=date(2026, 3, 20)
            )  # fmt: skip
    with base.read() as session:
        kept = session.scalars(select(Signature)).all()
        assert {(one.signatory_id, one.signed_at.date().isoformat()) for one in kept} == {(person.id, "2026-03-20")}
        (used,) = register.rows(session)[0].delegations
        assert used.used == 2
    assert waiting(base) == []
    for rehearsal in (True, False):
        assert {one.name for one in beside.glob("*_signe.pdf")} == {"1001_signe.pdf", "1002_signe.pdf"}
        with base.write(ACTOR, rehearsal=rehearsal) as session:
            assert done.undo is not None
            done.undo(session)
    assert list(beside.glob("*_signe.pdf")) == []
    assert copies(base) == {}
    assert len(waiting(base)) == 2


def test_a_pile_withdrawn_then_given_again_says_what_changed(base: Store, tmp_path: Path) -> None:
    issued(base, range(1001, 1002), pages=1)
    path = pile(tmp_path, "pile.pdf", [printed(letter(1001, mark=marked(1001), pages=1), 150)[0]])
    first, filing = take(base, path)
    with base.write(ACTOR) as session:
        scans.withdraw(session, pile_id=filing.pile_id)
    assert copies(base) == {}
    changes, again = take(base, path)
    assert (changes.touched, again.copies, again.back, again.known) == (
        first.touched, ("CO-2026-1001",), True, False,
    )  # fmt: skip
    assert set(copies(base)) == {"CO-2026-1001"}
    with base.write(ACTOR) as session:
        assert changes.undo is not None
        changes.undo(session)
    assert copies(base) == {}
    nothing = take(base, path)
    assert nothing[1].back
    assert (take(base, path)[0].touched, take(base, path)[1].known) == (frozenset(), True)


def test_the_paper_of_a_letter_signed_otherwise_is_kept_beside_it(base: Store, tmp_path: Path) -> None:
    issued(base, range(1001, 1003), pages=1)
    with base.write(ACTOR) as session:
        sha256 = contents.keep_bytes(session, b"%PDF-1.7 signe").sha256
        session.add(
            Signature(
                id="s", letter_id="letter-1001", way="pades", signer="Dominique EXEMPLE", sha256=sha256,
                signed_at=demonstration.clock(), filename="1001_signe.pdf",
            )
        )  # fmt: skip
        record(session, verb="test", noun="letter", noun_id="test", summary="Signé")
    images = [printed(letter(number, mark=marked(number), pages=1), 150)[0] for number in (1001, 1002)]
    blank = Image.new("L", images[0].size, 255)
    _changes, filing = take(base, pile(tmp_path, "pile.pdf", [*images, blank]))
    assert filing.copies == ("CO-2026-1002",)
    with base.read() as session:
        first, other = queries.queue(session, day=date(2026, 4, 15))
    assert (first.printed, other.printed) == (True, False)
    assert "gardez cette page comme copie papier" in first.reason
    with pytest.raises(UserError, match="n’est pas un courrier signé"), base.write(ACTOR) as session:
        scan_prints.keep(session, page_ids=[other.page.id])
    with base.write(ACTOR) as session:
        changes = scan_prints.keep(session, page_ids=[first.page.id])
    paper = base.folder / "courriers" / "1001_papier.pdf"
    assert (paper.exists(), len(waiting(base))) == (True, 1)
    with base.read() as session:
        kept = session.get_one(Signature, "s")
        assert (kept.way, kept.sha256, kept.filename) == ("pades", sha256, "1001_signe.pdf")
    with base.write(ACTOR) as session:
        assert changes.undo is not None
        changes.undo(session)
    assert (paper.exists(), len(waiting(base))) == (False, 2)
    with base.write(ACTOR) as session:
        scan_prints.keep(session, page_ids=[first.page.id])
        scans.withdraw(session, pile_id=filing.pile_id)
        assert session.get_one(Signature, "s").sha256 == sha256
    assert not paper.exists()


def test_a_letter_replaced_or_already_signed_waits_with_its_reason(base: Store, tmp_path: Path) -> None:
    issued(base, range(1001, 1004), pages=1)
    with base.write(ACTOR) as session:
        session.get_one(Letter, "letter-1002").replaces_id = "letter-1001"
        record(session, verb="test", noun="letter", noun_id="test", summary="Remplacé")
    images = [printed(letter(number, mark=marked(number), pages=1), 150)[0] for number in (1001, 1003)]
    take(base, pile(tmp_path, "lundi.pdf", images))
    assert waiting(base) == [("lundi.pdf", 1, "Le courrier CO-2026-1001 a été remplacé par le courrier CO-2026-1002.")]
    take(base, pile(tmp_path, "mardi.png", images[1:]))
    assert waiting(base)[1] == (
        "mardi.png", 1, "Le courrier CO-2026-1003 a déjà sa copie signée, reçue le 15 avril 2026."
    )  # fmt: skip
