"""A filled PDF form: its boxes, the words beside them, and what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from cv_desktop.documents.form_read import read_form
from cv_desktop.domain.errors import UserError
from filled_forms import WHOLE, Line, dynamic, flattened, form


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_form(path)
    return caught.value.message


def test_boxes_come_with_their_name_their_tooltip_and_the_words_beside(tmp_path: Path) -> None:
    path = form(
        tmp_path / "demande.pdf",
        [
            Line("1.1 Nom - Dénomination :", "Les Amis du Circé"),
            Line("SIRET", "99390487900018", name="num_siret", tip="1.2 Numéro SIRET"),
            Line("Contrat d’engagement républicain", tick=True),
            Line("Première demande", tick=False),
        ],
    )
    read = read_form(path)
    assert [(box.beside, box.value) for box in read.boxes] == [
        ("1.1 Nom - Dénomination :", "Les Amis du Circé"),
        ("SIRET", "99390487900018"),
        ("Contrat d’engagement républicain", "oui"),
        ("Première demande", ""),
    ]
    assert read.boxes[1].name == "num_siret"
    assert read.boxes[1].label == "1.2 Numéro SIRET"
    assert "12156*06" in read.printed


def test_boxes_of_the_second_page_are_read_too(tmp_path: Path) -> None:
    lines = [Line(f"Ligne {number}", str(number)) for number in range(50)]
    read = read_form(form(tmp_path / "long.pdf", lines))
    assert [box.value for box in read.boxes] == [str(number) for number in range(50)]
    assert read.boxes[49].beside == "Ligne 49"


def test_what_is_no_readable_form_is_refused_with_its_reason(tmp_path: Path) -> None:
    picture = tmp_path / "photo.pdf"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert refusal(picture) == "«\u00a0photo.pdf\u00a0» n’est pas un PDF."
    assert refusal(tmp_path / "absent.pdf").startswith("Le fichier «\u00a0absent.pdf\u00a0» est introuvable.")
    locked = form(tmp_path / "clos.pdf", [Line("Nom", "x")], password="secret")
    assert refusal(locked).startswith("Ce PDF est protégé par un mot de passe.")
    cut = tmp_path / "coupe.pdf"
    cut.write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")
    assert refusal(cut) == "Ce PDF est incomplet ou abîmé. Téléchargez-le de nouveau."


def test_a_pdf_without_boxes_has_none(tmp_path: Path) -> None:
    path = tmp_path / "imprime.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(60, 700, "Cerfa 12156")
    canvas.save()
    assert read_form(path).boxes == ()


def test_a_group_of_buttons_is_one_box_that_says_the_words_of_the_one_chosen(tmp_path: Path) -> None:
    lines = [
        Line("Forme :", "En nature", name="forme", buttons=("En numéraire", "En nature")),
        Line("Utilité publique", "", name="rup", buttons=("Oui", "Non")),
    ]
    boxes = read_form(form(tmp_path / "demande.pdf", lines)).boxes
    assert [(box.name, box.beside, box.value, box.tick) for box in boxes] == [
        ("forme", "Forme :", "En nature", False),
        ("rup", "Utilité publique", "", False),
    ]


def test_a_tick_is_named_by_the_words_after_it_and_long_texts_keep_their_lines(tmp_path: Path) -> None:
    lines = [
        Line("Première demande", tick=True, after=True),
        Line("Numéro SIRET", "99390487900018", flags="comb", longest=14),
        Line("Objectifs", "Rompre l’isolement.\nÉcouter les aînés, sœurs et frères.", flags="multiline"),
    ]
    boxes = read_form(form(tmp_path / "demande.pdf", lines)).boxes
    assert [(box.beside, box.value, box.tick) for box in boxes] == [
        ("Première demande", "oui", True),
        ("Numéro SIRET", "99390487900018", False),
        ("Objectifs", "Rompre l’isolement.\nÉcouter les aînés, sœurs et frères.", False),
    ]


def test_a_flattened_form_has_its_words_and_no_box(tmp_path: Path) -> None:
    read = read_form(flattened(tmp_path / "plat.pdf", form(tmp_path / "demande.pdf", WHOLE)))
    assert read.boxes == ()
    assert "12156*06" in read.printed


def test_a_form_that_only_adobe_reader_shows_is_said_so(tmp_path: Path) -> None:
    path = dynamic(tmp_path / "xfa.pdf", form(tmp_path / "demande.pdf", WHOLE))
    assert refusal(path).startswith("Ce PDF est un formulaire dynamique d’Adobe (XFA)")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_half_a_form_never_passes_for_a_whole_one(tmp_path: Path, share: float) -> None:
    whole = form(tmp_path / "demande.pdf", WHOLE).read_bytes()
    cut = tmp_path / "coupe.pdf"
    cut.write_bytes(whole[: int(len(whole) * share) - 8])
    assert refusal(cut) == "Ce PDF est incomplet ou abîmé. Téléchargez-le de nouveau."
