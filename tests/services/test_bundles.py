"""Sheets taken away and brought back: what is added, identical, different, refused, or asked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from openpyxl import load_workbook
from PIL import Image, ImageDraw

import committee
from committee import Committee
from cv_desktop.db.queries import bundles as queries
from cv_desktop.db.queries import grids as versions
from cv_desktop.db.queries import scores, sheets
from cv_desktop.db.store import Store
from cv_desktop.documents import bundle_layout, form_read
from cv_desktop.domain.bundle import FORM, PAPER, WORKBOOK, Outcome, manifest
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.marks import Mark
from cv_desktop.services import bundle_readings, bundle_returns, bundles, grid_edits, grids, meetings, members, reviews
from cv_desktop.services.bundle_returns import Report

ALIX, BEATRICE = 0, 1


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Committee:
    return committee.build(tmp_path_factory.mktemp("comite") / "cv-desktop.sqlite")


@dataclass
class Desk:
    """A base with its committee, and the folder where files come and go."""

    store: Store
    who: Committee
    folder: Path

    def hand_out(self, member: int, medium: str) -> Path:
        with self.store.write("Camille Témoin") as session:
            _, key = bundles.take_away(
                session, call_id=self.who.call, member_id=self.who.members[member], medium=medium
            )
        with self.store.read() as session:
            name, content = bundles.drawn(session, key=key)
        path = self.folder / name
        path.write_bytes(content)
        return path

    def bring_back(self, path: Path, replacing: set[tuple[str, str]] | None = None) -> list[Report]:
        reports = []
        for returned in bundle_readings.read(self.store, path):
            with self.store.write("Camille Témoin") as session:
                _, report = bundle_returns.take(
                    session, call_id=self.who.call, path=path, returned=returned, replacing=replacing or set()
                )
            reports.append(report)
        return reports

    def mark(self, member: int, file: int, criterion: str) -> Mark | None:
        with self.store.read() as session:
            sheet = scores.sheet(session, application_id=self.who.files[file], member_id=self.who.members[member])
        return sheet.get(criterion)

    def number(self, file: int) -> str:
        with self.store.read() as session:
            rows = sheets.matrix(session, call_id=self.who.call)
        return next(row.number for row in rows if row.application_id == self.who.files[file])


@pytest.fixture
def desk(model: Committee, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(model.path.parent, tmp_path / "base", ignore=shutil.ignore_patterns("*.lock", "*.owner"))
    who = Committee(tmp_path / "base" / model.path.name, model.call, model.members, model.files)
    store = who.open()
    yield Desk(store, who, tmp_path)
    store.close()


def _typed(path: Path, number: str, fill: dict[str, tuple[str, str]]) -> Path:
    """A workbook where somebody typed levels and sentences."""
    book = load_workbook(path)
    sheet = book[number]
    for line in range(6, sheet.max_row + 1):
        if sheet.cell(line, 1).value in fill:
            sheet.cell(line, 3).value, sheet.cell(line, 4).value = fill[str(sheet.cell(line, 1).value)]
    changed = path.with_name("rendu.xlsx")
    book.save(changed)
    return changed


WHOLE = dict.fromkeys(("PERT", "PUBL", "FAIS", "PART", "BUDG", "EVAL", "EFH", "PAR", "TED"), ("2 – niveau deux", ""))


def test_a_workbook_holds_one_protected_sheet_a_file_and_none_for_a_deport(desk: Desk) -> None:
    book = load_workbook(desk.hand_out(ALIX, WORKBOOK))
    numbers = [name for name in book.sheetnames if name.startswith("FIA-2026-")]
    assert len(numbers) == len(desk.who.files) - 1
    hidden = desk.number(committee.RECUSED_FILE)
    assert hidden not in numbers
    assert all(hidden not in str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    sheet = book[numbers[0]]
    assert sheet.protection.sheet
    assert sheet["A6"].protection.locked
    assert not sheet["C6"].protection.locked
    lists = {str(r): v.formula1 for v in sheet.data_validations.dataValidation for r in v.sqref.ranges}
    assert lists["C6"] == "manifeste!$B$1:$B$4"
    assert [book["manifeste"].cell(line, 2).value for line in (1, 4)] == ["0 – Hors objectifs", "3 – Besoin partagé"]
    assert "Le besoin a été repéré sur place" in sheet["F6"].value


def test_a_complete_workbook_is_added_and_handed_in(desk: Desk) -> None:
    path = _typed(desk.hand_out(BEATRICE, WORKBOOK), desk.number(0), WHOLE)
    (report,) = desk.bring_back(path)
    assert (report.member, report.counts) == (
        "Béatrice Témoin",
        {"added": 9, "identical": 0, "different": 0, "refused": 0, "doubtful": 0},
    )
    assert report.handed_in == (desk.number(0),)
    assert desk.mark(BEATRICE, 0, "PERT") == Mark(2)
    (again,) = desk.bring_back(path)
    assert again.counts["identical"] == 9
    assert again.counts["added"] == again.counts["different"] == 0


def test_a_sentence_that_is_missing_keeps_the_sheet_open_and_is_said(desk: Desk) -> None:
    path = _typed(desk.hand_out(BEATRICE, WORKBOOK), desk.number(0), WHOLE | {"EVAL": ("3", ""), "PART": ("1", "Peu.")})
    (report,) = desk.bring_back(path)
    assert report.handed_in == ()
    assert report.unfinished == ((desk.number(0), "1 phrase manque\u00a0: EVAL."),)
    assert desk.mark(BEATRICE, 0, "PART") == Mark(1, comment="Peu.")


def test_a_difference_is_shown_and_only_written_when_chosen(desk: Desk) -> None:
    key = {"application_id": desk.who.files[0], "member_id": desk.who.members[BEATRICE]}
    with desk.store.write("Camille Témoin") as session:
        reviews.set_mark(session, **key, criterion="PERT", level=1)
    path = _typed(desk.hand_out(BEATRICE, WORKBOOK), desk.number(0), {"PERT": ("3", "Repéré sur place.")})
    (report,) = desk.bring_back(path)
    (mark,) = report.of(Outcome.DIFFERENT)
    assert mark.reason == "La base dit niveau 1, la grille rendue dit niveau 3."
    assert desk.mark(BEATRICE, 0, "PERT") == Mark(1)
    desk.bring_back(path, {(desk.number(0), "PERT")})
    assert desk.mark(BEATRICE, 0, "PERT") == Mark(3, comment="Repéré sur place.")


def test_a_deport_declared_since_refuses_the_marks_of_that_file(desk: Desk) -> None:
    path = _typed(desk.hand_out(BEATRICE, WORKBOOK), desk.number(0), WHOLE)
    with desk.store.write("Camille Témoin") as session:
        meetings.declare_recusal(
            session,
            member_id=desk.who.members[BEATRICE],
            application_id=desk.who.files[0],
            reason="Trésorière de l’association.",
        )
    (report,) = desk.bring_back(path)
    assert report.counts["refused"] == 9
    assert {mark.reason for mark in report.marks} == {
        "Un déport est enregistré\u00a0: ce dossier ne peut pas être noté par ce membre."
    }
    assert desk.mark(BEATRICE, 0, "PERT") is None


def test_a_deport_declared_since_is_said_even_when_the_base_holds_the_same_marks(desk: Desk) -> None:
    path = _typed(desk.hand_out(BEATRICE, WORKBOOK), desk.number(0), WHOLE)
    desk.bring_back(path)
    with desk.store.write("Camille Témoin") as session:
        meetings.declare_recusal(
            session, member_id=desk.who.members[BEATRICE], application_id=desk.who.files[0], reason="Trésorière."
        )
    (report,) = desk.bring_back(path)
    assert (report.counts["refused"], report.counts["identical"]) == (9, 0)
    assert {mark.reason for mark in report.marks} == {
        "Un déport est enregistré\u00a0: ce dossier ne peut pas être noté par ce membre."
    }


def test_out_of_range_or_unreadable_levels_are_refused_with_their_line(desk: Desk) -> None:
    path = _typed(
        desk.hand_out(BEATRICE, WORKBOOK),
        desk.number(0),
        {"PERT": ("7", ""), "PUBL": ("Sans objet", ""), "FAIS": ("plutôt bien", ""), "BUDG": ("2", "")},
    )
    (report,) = desk.bring_back(path)
    assert {mark.answer.criterion: mark.reason for mark in report.of(Outcome.REFUSED)} == {
        "PERT": "Le niveau 7 n’existe pas\u00a0: PERT se note 0, 1, 2, 3.",
        "PUBL": "«\u00a0Sans objet\u00a0» n’est pas permis pour PUBL.",
        "FAIS": "Ligne 8\u00a0: «\u00a0plutôt bien\u00a0» n’est pas un niveau. Choisissez-le dans la liste.",
    }
    assert [mark.answer.criterion for mark in report.of(Outcome.ADDED)] == ["BUDG"]


def test_a_sheet_whose_structure_changed_is_left_out_whole(desk: Desk) -> None:
    path = _typed(desk.hand_out(BEATRICE, WORKBOOK), desk.number(0), WHOLE)
    book = load_workbook(path)
    book[desk.number(0)]["A7"] = "PERT"
    book.create_sheet("Notes à moi")
    del book[desk.number(1)]
    book.save(path)
    (report,) = desk.bring_back(path)
    assert report.counts["added"] == 0
    assert report.altered == (
        f"Feuille «\u00a0{desk.number(0)}\u00a0», ligne 7\u00a0: «\u00a0PERT\u00a0» n’est pas un critère attendu.",
        f"La feuille «\u00a0{desk.number(1)}\u00a0» a été supprimée ou renommée.",
        "La feuille «\u00a0Notes à moi\u00a0» n’est pas une feuille de cette liasse.",
    )


def _manifest_line(path: Path, change: Callable[[str], str]) -> Path:
    book = load_workbook(path)
    cell = book["manifeste"]["A1"]
    cell.value = change(str(cell.value))
    book.save(path)
    return path


def test_a_manifest_that_was_touched_refuses_the_whole_file(desk: Desk) -> None:
    path = _typed(desk.hand_out(BEATRICE, WORKBOOK), desk.number(0), WHOLE)
    _manifest_line(path, lambda said: said.replace("Béatrice Témoin", "Alix Exemple"))
    (report,) = desk.bring_back(path)
    assert "a été modifié" in report.refused_whole
    assert "reprenez le fichier remis à Béatrice Témoin" in report.refused_whole
    assert desk.mark(BEATRICE, 0, "PERT") is None


def test_a_manifest_without_its_bundle_or_its_files_is_refused_with_a_sentence(desk: Desk) -> None:
    path = _typed(desk.hand_out(BEATRICE, WORKBOOK), desk.number(0), WHOLE)
    _manifest_line(path, lambda said: said.replace('"bundle": "', '"liasse": "'))
    (report,) = desk.bring_back(path)
    assert report.refused_whole.startswith("Le manifeste de ce fichier ne dit plus de quelle liasse il vient")
    _manifest_line(path, lambda said: said.replace('"files": [', '"files": 3, "dossiers": ['))
    with pytest.raises(UserError, match="son manifeste manque ou a été modifié"):
        desk.bring_back(path)


def test_a_bundle_of_another_base_is_refused(desk: Desk) -> None:
    path = _typed(desk.hand_out(BEATRICE, WORKBOOK), desk.number(0), WHOLE)
    _manifest_line(path, lambda said: said.replace('"bundle": "', '"bundle": "Z'))
    (report,) = desk.bring_back(path)
    assert report.refused_whole.endswith("n’a pas été remise par cette base.")


def test_a_form_filled_on_a_screen_is_read(desk: Desk) -> None:
    path = desk.hand_out(BEATRICE, FORM)
    with pikepdf.open(path) as pdf:
        for box in pdf.Root.AcroForm.Fields:
            if str(box.T) == "d0.PERT.niveau":
                box.V = pikepdf.String("3 – Besoin partagé")
            if str(box.T) == "d0.PERT.phrase":
                box.V = pikepdf.String("Besoin d’«\u00a0œuvrer\u00a0» dès l’été, 50\u00a0€.")
            if str(box.T) == "d0.EFH.dediee":
                box.V = box.AS = pikepdf.Name("/Yes")
        filled = path.with_name("rendu.pdf")
        pdf.save(filled)
    (report,) = desk.bring_back(filled)
    assert report.counts == {"added": 2, "identical": 0, "different": 0, "refused": 0, "doubtful": 0}
    assert desk.mark(BEATRICE, 0, "PERT") == Mark(3, comment="Besoin d’«\u00a0œuvrer\u00a0» dès l’été, 50\u00a0€.")
    assert desk.mark(BEATRICE, 0, "EFH") == Mark(dedicated=True)


def test_paper_comes_back_with_its_doubts(desk: Desk) -> None:
    path = desk.hand_out(BEATRICE, PAPER)
    with desk.store.read() as session:
        kept = queries.bundle(session, path.stem.split("_grilles_")[1].split("_")[1])
    assert kept is not None
    first = bundle_layout.pages(kept.content)[0]
    image = pypdfium2.PdfDocument(path)[1].render(scale=200 / 72, grayscale=True).to_pil().convert("L")
    draw, dot = ImageDraw.Draw(image), 200 / 25.4
    wanted = {"PERT": "2", "PUBL": "2", "FAIS": "12"}
    for row in first.rows:
        for box in row.boxes:
            if box.value in wanted.get(row.asked.code, ""):
                x, y, s = box.x * dot, box.y * dot, box.side * dot
                draw.line([(x, y), (x + s, y + s)], fill=0, width=5)
                draw.line([(x + s, y), (x, y + s)], fill=0, width=5)
    pile = desk.folder / "pile.tiff"
    blank = Image.new("L", image.size, 255)
    image.rotate(1.5, fillcolor=250).save(pile, save_all=True, append_images=[blank])
    ours, unknown = desk.bring_back(pile)
    assert ours.counts == {"added": 2, "identical": 0, "different": 0, "refused": 0, "doubtful": 1}
    assert unknown.doubts[0].reason == "page sans QR lisible"
    with desk.store.read() as session:
        waiting = queries.doubts(session, call_id=desk.who.call)
    assert [(d.criterion, d.reason, d.member) for d in waiting] == [
        ("FAIS", "deux cases sont cochées\u00a0: 1, 2", "Béatrice Témoin"),
        ("", "page sans QR lisible", ""),
    ]
    with desk.store.write("Camille Témoin") as session:
        changes = bundle_returns.settle(session, doubt_id=waiting[0].id, level=2)
        bundle_returns.dismiss(session, doubt_id=waiting[1].id)
    assert desk.mark(BEATRICE, 0, "FAIS") == Mark(2)
    with desk.store.read() as session:
        assert queries.doubts(session, call_id=desk.who.call) == []
    assert changes.undo is not None
    with desk.store.write("Camille Témoin") as session:
        changes.undo(session)
    assert desk.mark(BEATRICE, 0, "FAIS") is None
    with desk.store.read() as session:
        assert [d.criterion for d in queries.doubts(session, call_id=desk.who.call)] == ["FAIS"]


def test_a_doubt_on_a_hidden_file_is_not_shown_to_its_member(desk: Desk) -> None:
    path = desk.hand_out(BEATRICE, PAPER)
    image = pypdfium2.PdfDocument(path)[1].render(scale=200 / 72, grayscale=True).to_pil().convert("L")
    ImageDraw.Draw(image).rectangle((0, 2000, 1700, 2339), fill=255)
    scan = desk.folder / "coupe.png"
    image.save(scan)
    (report,) = desk.bring_back(scan)
    assert report.doubts[0].reason == "page pliée, coupée ou trop floue"
    member = desk.who.members[BEATRICE]
    with desk.store.write("Camille Témoin") as session:
        meetings.declare_recusal(
            session, member_id=member, application_id=desk.who.files[0], reason="Trésorière de l’association."
        )
    with desk.store.read() as session:
        assert len(queries.doubts(session, call_id=desk.who.call)) == 1
        assert queries.doubts(session, call_id=desk.who.call, viewer=member) == []


def test_nothing_is_handed_out_once_the_marks_are_revealed(desk: Desk) -> None:
    committee.mark_all(desk.store, desk.who)
    meeting = committee.meeting(desk.store, desk.who, revealed=True)
    with desk.store.write("Camille Témoin") as session, pytest.raises(UserError, match="sont révélées"):
        bundles.take_away(
            session,
            call_id=desk.who.call,
            member_id=desk.who.members[0],
            medium=PAPER,
            meeting_id=meeting,
        )


def test_a_pile_of_scans_may_weigh_more_than_a_form(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.hand_out(BEATRICE, PAPER)
    monkeypatch.setattr(form_read, "MAX_BYTES", 1000)
    assert path.stat().st_size > 1000
    (returned,) = bundle_readings.read(desk.store, path)
    assert (returned.medium, returned.answers, returned.doubts) == (PAPER, (), ())


def test_a_member_who_received_sheets_stays_on_the_committee(desk: Desk) -> None:
    desk.hand_out(BEATRICE, PAPER)
    with desk.store.write("Camille Témoin") as session, pytest.raises(UserError, match="reçu ses grilles"):
        members.remove(session, member_id=desk.who.members[BEATRICE])


def test_the_same_bundle_is_drawn_twice_to_the_byte(desk: Desk) -> None:
    for medium in (WORKBOOK, FORM, PAPER):
        path = desk.hand_out(ALIX, medium)
        key = path.stem.split("_grilles_")[1].split("_")[1]
        with desk.store.read() as session:
            assert bundles.drawn(session, key=key)[1] == path.read_bytes()


def _begin_then_version(desk: Desk) -> None:
    """A first mark on the first file; then a version 2 without EVAL, with a criterion of its own."""
    with desk.store.write("Camille Témoin") as session:
        key = {"application_id": desk.who.files[0], "member_id": desk.who.members[ALIX]}
        reviews.set_mark(session, **key, criterion="PERT", level=2)
    with desk.store.write("Camille Témoin") as session:
        grids.create_version(session, call_id=desk.who.call)
    with desk.store.read() as session:
        new = versions.versions(session, call_id=desk.who.call)[0]
    with desk.store.write("Camille Témoin") as session:
        grid_edits.remove_criterion(session, grid_id=new.id, code="EVAL")
        grid_edits.add_criterion(session, grid_id=new.id, after="BUDG")


def _filled(desk: Desk, path: Path, medium: str) -> Path:
    """EVAL at 2 on the first file, which only version 1 asks; CRIT1 at 2 on the second, which only version 2 asks."""
    changed = path.with_name(f"rendu{path.suffix}")
    if medium == WORKBOOK:
        _typed(path, desk.number(0), {"EVAL": ("2 – Suivi complet", "")}).replace(changed)
        return _typed(changed, desk.number(1), {"CRIT1": ("2 – Niveau 2", "")})
    if medium == FORM:
        with pikepdf.open(path) as pdf:
            for box in pdf.Root.AcroForm.Fields:
                said = {"d0.EVAL.niveau": "2 – Suivi complet", "d1.CRIT1.niveau": "2 – Niveau 2"}.get(str(box.T))
                if said:
                    box.V = pikepdf.String(said)
            pdf.save(changed)
        return changed
    with desk.store.read() as session:
        kept = queries.bundle(session, path.stem.split("_grilles_")[1].split("_")[1])
    assert kept is not None
    images = []
    for page, code in zip(bundle_layout.pages(kept.content)[:2], ("EVAL", "CRIT1"), strict=True):
        drawn = pypdfium2.PdfDocument(path)[page.number]
        image = drawn.render(scale=200 / 72, grayscale=True).to_pil().convert("L")
        draw, dot = ImageDraw.Draw(image), 200 / 25.4
        (box,) = (b for row in page.rows if row.asked.code == code for b in row.boxes if b.value == "2")
        x, y, s = box.x * dot, box.y * dot, box.side * dot
        draw.line([(x, y), (x + s, y + s)], fill=0, width=5)
        draw.line([(x + s, y), (x, y + s)], fill=0, width=5)
        images.append(image)
    pile = path.with_name("pile.tiff")
    images[0].save(pile, save_all=True, append_images=images[1:])
    return pile


@pytest.mark.parametrize("medium", [WORKBOOK, FORM, PAPER])
def test_a_file_begun_on_a_former_version_is_printed_on_it_and_accepted_when_it_comes_back(
    desk: Desk, medium: str
) -> None:
    _begin_then_version(desk)
    path = desk.hand_out(BEATRICE, medium)
    with desk.store.read() as session:
        kept = queries.bundle(session, path.stem.split("_grilles_")[1].split("_")[1])
    assert kept is not None
    content = kept.content
    assert [content.version_of(file) for file in content.files[:2]] == [1, 2]
    assert ("Grille", "version 1") in content.files[0].figures and content.files[1].figures[-1][0] != "Grille"
    said = manifest(content, kept.secret)
    assert (said["grid_versions"][desk.number(0)], said["grid_versions"][desk.number(1)]) == (1, 2)
    reports = desk.bring_back(_filled(desk, path, medium))
    counts = [report.counts for report in reports]
    assert sum(x["added"] for x in counts) == 2, reports
    assert sum(x["refused"] + x["doubtful"] + x["different"] for x in counts) == 0, reports
    assert desk.mark(BEATRICE, 0, "EVAL") == Mark(2) and desk.mark(BEATRICE, 1, "CRIT1") == Mark(2)


def test_a_sheet_of_the_former_version_is_refused_for_a_file_begun_since_on_the_next(desk: Desk) -> None:
    path = desk.hand_out(BEATRICE, WORKBOOK)
    with desk.store.write("Camille Témoin") as session:
        grids.create_version(session, call_id=desk.who.call)
    with desk.store.write("Camille Témoin") as session:
        key = {"application_id": desk.who.files[0], "member_id": desk.who.members[ALIX]}
        reviews.set_mark(session, **key, criterion="PERT", level=2)
    (report,) = desk.bring_back(_typed(path, desk.number(0), {"EVAL": ("2 – Suivi complet", "")}))
    (mark,) = report.marks
    assert mark.reason == "Cette feuille suit la grille version 1, ce dossier la version 2."
