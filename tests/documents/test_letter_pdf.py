"""A rendered letter, read back: its words, their places, its pages, its fonts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

import letter_samples as samples
from cv_desktop.documents import letter_pdf
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_json import content_from_json, content_to_json
from cv_desktop.domain.letters import Bullets, LetterContent, Paragraph, Span
from letter_samples import line, lines

MM = 72 / 25.4


@dataclass(frozen=True)
class Ink:
    """A text of the page and the box of its ink, in millimetres from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def inks(pdf: bytes, page: int = 0) -> list[Ink]:
    document = pypdfium2.PdfDocument(pdf)
    text = document[page].get_textpage()
    found = []
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        words = text.get_text_bounded(left, bottom, right, top).strip()
        found.append(Ink(words, left / MM, 297 - top / MM, right / MM, 297 - bottom / MM))
    document.close()
    return found


def ink(pdf: bytes, words: str, page: int = 0) -> Ink:
    return next(found for found in inks(pdf, page) if words in found.text)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\u00a0", " ")


def flat(pdf: bytes) -> str:
    return " ".join(text_of(pdf).split())


@pytest.mark.parametrize("name", samples.SITUATIONS)
def test_the_same_content_gives_the_same_bytes(name: str) -> None:
    content = samples.SITUATIONS[name]
    assert letter_pdf.render(content) == letter_pdf.render(replace(content))


@pytest.mark.parametrize("name", ["attribution", "champ_vide", "refus", "accuse", "pieces"])
def test_a_usual_letter_holds_on_one_page(name: str) -> None:
    assert len(PdfReader(BytesIO(letter_pdf.render(samples.SITUATIONS[name]))).pages) == 1


@pytest.mark.parametrize("name", samples.SITUATIONS)
def test_nothing_is_outside_the_margins(name: str) -> None:
    content = replace(samples.SITUATIONS[name], example=False)
    pdf = letter_pdf.render(content)
    for page in range(len(PdfReader(BytesIO(pdf)).pages)):
        for found in inks(pdf, page):
            assert found.left >= 24.5, found
            assert found.right <= 190.5, found
            assert found.top >= 12, found
            assert found.bottom <= 290, found


def test_every_part_of_the_letter_is_read_back() -> None:
    read = flat(letter_pdf.render(samples.GRANTED))
    for expected in (
        "Melun Val de Seine",
        "Direction de la politique de la ville",
        "Nos réf. : FIA-2026-0009 · CO-2026-0114",
        "Association Cultivons le Circé",
        "77350 LE MÉE-SUR-SEINE",
        "Dammarie-lès-Lys, le 3 mars 2026",
        "Fonds de soutien aux initiatives associatives (FIA) 2026, 1re session",
        "l’action « Composter ensemble au pied des tours »",
        "2 400 €",
        "(deux mille quatre cents euros)",
        "62,3 % du budget",
        "Compte rendu",
        "Copie : Ville du Mée-sur-Seine",
        "Pièce jointe : modèle de compte rendu financier",
        "Le Président de la Communauté",
        "Dominique EXEMPLE",
        "Voies et délais de recours. Si vous entendez",
        "saisir le tribunal.",
        "dpo@exemple.fr",
        "1/1",
    ):
        assert expected in read
    assert read.count("Voies et délais de recours") == 1


def test_blocks_stand_where_the_model_letter_puts_them() -> None:
    pdf = letter_pdf.render(samples.GRANTED)
    addressee, town = ink(pdf, "Association Cultivons"), ink(pdf, "77350")
    assert addressee.left == pytest.approx(105, abs=0.5)
    assert addressee.top == pytest.approx(50.5, abs=1)
    assert town.top - addressee.top == pytest.approx(4 * 4.6, abs=0.5)
    assert ink(pdf, "Melun Val de Seine").top < 18
    assert ink(pdf, "Direction de la politique").left == pytest.approx(25, abs=0.5)
    assert ink(pdf, "Direction de la politique").top == pytest.approx(39, abs=1)
    assert ink(pdf, "le 3").left == pytest.approx(105, abs=0.5)
    assert ink(pdf, "le 3").top == pytest.approx(92.5, abs=1)
    assert ink(pdf, "Objet").top == pytest.approx(104, abs=1)
    assert ink(pdf, "Fonds de soutien").left == pytest.approx(39, abs=0.5)
    assert ink(pdf, "Madame la Présidente,").top == pytest.approx(119, abs=1)
    assert ink(pdf, "en une fois").left == pytest.approx(54, abs=0.5)
    assert ink(pdf, "Le Président de la").left == pytest.approx(115, abs=0.5)
    assert ink(pdf, "Le Président de la").top == pytest.approx(222, abs=1)
    assert ink(pdf, "Copie").top == pytest.approx(224, abs=1)
    assert ink(pdf, "Dominique").top == pytest.approx(251, abs=1)
    assert ink(pdf, "Voies et délais").top == pytest.approx(259.5, abs=1)
    assert ink(pdf, "297 rue").top == pytest.approx(280, abs=1)


# Left and top of each block of the model letter (UX §10), in millimetres; its first row begins there.
FIRST_PAGE = (
    ("Melun Val de Seine", 41.5, 13), ("Direction de la politique", 25, 38), ("Association Cultivons", 105, 50),
    ("Dammarie-lès-Lys, le 3", 105, 91.5), ("Objet", 25, 103), ("Fonds de soutien", 39, 103),
    ("Madame la Présidente,", 25, 118),
)  # fmt: skip
LAST_PAGE = (
    ("Copie", 25, 223), ("Le Président de la", 115, 221), ("Dominique", 115, 250), ("Voies et délais", 25, 258.5),
)  # fmt: skip
EVERY_PAGE = (("297 rue", 25, 279),)


@pytest.mark.parametrize(("content", "count"), [(samples.GRANTED, 1), (samples.LONG, 2)])
def test_each_block_is_at_its_place_to_the_half_millimetre(content: LetterContent, count: int) -> None:
    """The ink of a row begins a quarter of a millimetre below its top, or a little more: an ascender, a capital."""
    pdf = letter_pdf.render(replace(content, example=False))
    assert len(PdfReader(BytesIO(pdf)).pages) == count
    for page in range(count):
        found = inks(pdf, page)
        for words, left, top in (
            *EVERY_PAGE,
            *(FIRST_PAGE if page == 0 else ()),
            *(LAST_PAGE if page == count - 1 else ()),
        ):
            at = min((x for x in found if x.text.startswith(words)), key=lambda x: abs(x.top - top))
            assert (at.left, at.top) == (pytest.approx(left, abs=0.5), pytest.approx(top + 0.3, abs=0.5)), words
        folio = next(x for x in found if x.text == f"{page + 1}/{count}" and x.top > 270)
        assert (folio.right, folio.top) == (pytest.approx(176, abs=0.5), pytest.approx(280.9, abs=0.5))
        assert square(pdf, page) == pytest.approx((178, 277, 190, 289), abs=0.5)
    assert folds(pdf) == pytest.approx([99, 198], abs=0.5)


def square(pdf: bytes, page: int) -> tuple[float, ...]:
    """Left, top, right and bottom of the code, in millimetres."""
    document = pypdfium2.PdfDocument(pdf)
    image = document[page].render(scale=10 / MM, grayscale=True).to_pil().convert("L")
    document.close()
    box = image.crop((1770, 2760, 2100, 2970)).point(lambda dot: 255 if dot < 100 else 0).getbbox()
    assert box is not None
    return ((1770 + box[0]) / 10, (2760 + box[1]) / 10, (1770 + box[2]) / 10, (2760 + box[3]) / 10)


def folds(pdf: bytes) -> list[float]:
    """Where the marks of the folds are, in millimetres from the top."""
    document = pypdfium2.PdfDocument(pdf)
    image = document[0].render(scale=10 / MM, grayscale=True).to_pil().convert("L").crop((50, 0, 90, 2970))
    document.close()
    dark = [y for y in range(image.height) if image.getpixel((20, y)) < 250]  # type: ignore[operator]
    return [y / 10 for y in dark if y - 1 not in dark]


@pytest.mark.parametrize("name", samples.SITUATIONS)
def test_the_signature_zone_is_left_empty(name: str) -> None:
    pdf = letter_pdf.render(replace(samples.SITUATIONS[name], example=False))
    last = len(PdfReader(BytesIO(pdf)).pages) - 1
    zone = [found for found in inks(pdf, last) if found.bottom > 231 and found.top < 250 and found.right > 115]
    assert zone == []


def test_the_window_shows_nothing_but_the_addressee() -> None:
    """Whatever the folded sheet does in the envelope, the window sees x 90 to 200 and y 34 to 90."""
    for content in samples.SITUATIONS.values():
        pdf = letter_pdf.render(replace(content, example=False))
        seen = [found for found in inks(pdf) if found.right > 90 and found.bottom > 34 and found.top < 90]
        assert all(found.left > 104 and found.top >= 50 and found.bottom <= 79 for found in seen)


def test_names_with_signs_of_markup_are_printed_as_they_are() -> None:
    read = flat(letter_pdf.render(samples.HOSTILE))
    assert "<association> & Cie pour le développement" in read
    assert "« <b>Lire & dire</b> »" in read
    assert "x" * 60 in read


def test_a_long_address_is_whole_and_stays_in_the_window() -> None:
    pdf = letter_pdf.render(replace(samples.HOSTILE, example=False))
    block = [found for found in inks(pdf) if found.left > 104 and found.top < 90]
    words = " ".join(found.text for found in block)
    assert "citoyennes des quartiers" in words
    assert "prolongée" in words
    assert "77350 LE MÉE-SUR-SEINE CEDEX" in words
    assert max(found.right for found in block) <= 190
    assert max(found.bottom for found in block) <= 77.6


def test_a_name_of_more_than_38_signs_takes_two_rows_of_an_address_of_five() -> None:
    name = "Association pour la promotion des jardins partagés du Plateau"
    pdf = letter_pdf.render(replace(samples.GRANTED, addressee=(line(name), *samples.GRANTED.addressee[1:])))
    block = [found for found in inks(pdf) if found.left > 104 and found.top < 90]
    assert len(block) == 6
    assert all(len(found.text) <= 38 for found in block)


def test_an_endless_address_keeps_its_town() -> None:
    content = replace(samples.GRANTED, addressee=(line("Association " + "très " * 300), line("77350 LE MÉE-SUR-SEINE")))
    block = [found for found in inks(letter_pdf.render(content)) if found.left > 104 and found.top < 90]
    assert "…" in block[-2].text
    assert block[-1].text == "77350 LE MÉE-SUR-SEINE"
    assert block[-1].bottom <= 77.6


def test_the_window_of_35_millimetres_begins_lower() -> None:
    pdf = letter_pdf.render(replace(samples.GRANTED, window=35))
    assert ink(pdf, "Association Cultivons").top == pytest.approx(55.5, abs=1)
    assert ink(pdf, "77350").bottom <= 79


def red_dots(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    image = document[0].render(scale=1.5).to_pil().convert("RGB")
    document.close()
    return sum(count for count, (r, g, b) in image.getcolors(1 << 24) or [] if r > 140 and g < 70 and b < 80)


def test_a_missing_field_is_boxed_in_red() -> None:
    pdf = letter_pdf.render(samples.MISSING)
    assert "[compte bancaire]" in flat(pdf)
    assert red_dots(pdf) > 100
    assert red_dots(letter_pdf.render(samples.GRANTED)) == 0


def test_a_long_letter_takes_a_second_page_that_says_which_letter_it_continues() -> None:
    pdf = letter_pdf.render(samples.LONG)
    first, second = (page.extract_text().replace("\u00a0", " ") for page in PdfReader(BytesIO(pdf)).pages)
    assert "1/2" in first
    assert "Dominique EXEMPLE" not in first
    assert second.startswith("Nos réf. : FIA-2026-0009 · CO-2026-0114")
    assert second.count("2/2") == 2
    assert "Point 5" in second
    assert "considération distinguée" in second
    assert "Dominique EXEMPLE" in second
    assert "Voies et délais" in second


def body(count: int) -> LetterContent:
    """A letter of so many sentences of one row."""
    rows = tuple(Paragraph(line(f"Phrase {index} de la lettre.")) for index in range(count))
    return replace(samples.GRANTED, blocks=rows)


def test_whatever_its_length_a_letter_never_ends_with_a_signature_alone() -> None:
    seen = set()
    for count in range(8, 75, 3):
        pages = [page.extract_text() for page in PdfReader(BytesIO(letter_pdf.render(body(count)))).pages]
        seen.add(len(pages))
        assert f"Phrase {count - 1} de la lettre." in pages[-1]
        assert "considération distinguée" in pages[-1]
        assert "Dominique EXEMPLE" in pages[-1]
        assert sum("Phrase" in text for text in pages) == len(pages)
        whole = " ".join(pages)
        assert all(f"Phrase {index} de" in whole for index in range(count))
    assert seen >= {1, 2, 3}


def test_a_list_longer_than_a_page_is_cut_and_loses_nothing() -> None:
    items = lines(*(f"pièce numéro {index} ;" for index in range(120)))
    content = replace(samples.PIECES, blocks=(samples.PIECES.blocks[0], Bullets(items)))
    pages = [page.extract_text() for page in PdfReader(BytesIO(letter_pdf.render(content))).pages]
    assert len(pages) > 2
    assert all(f"numéro {index} " in " ".join(pages).replace("\u00a0", " ") for index in range(120))


def test_only_the_letter_font_is_named_and_it_is_embedded() -> None:
    pdf = letter_pdf.render(replace(samples.GRANTED, closing=line("Ǆ")))
    assert b"Helvetica" not in pdf
    for page in PdfReader(BytesIO(pdf)).pages:
        fonts = page["/Resources"]["/Font"]
        assert fonts
        for font in fonts.values():
            assert "SourceSansPro" in font.get_object()["/BaseFont"]
            (descendant,) = font.get_object()["/DescendantFonts"]
            assert descendant.get_object()["/FontDescriptor"]["/FontFile2"]


def test_the_file_says_its_language_its_title_and_its_author() -> None:
    reader = PdfReader(BytesIO(letter_pdf.render(samples.GRANTED)))
    assert reader.trailer["/Root"]["/Lang"] == "fr-FR"
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("CO-2026-0114 – Fonds de soutien")
    assert reader.metadata.author == "Communauté d’agglomération Melun Val de Seine"


def test_signs_the_font_lacks_do_not_stop_the_letter() -> None:
    content = replace(samples.GRANTED, detail=line("Action « E\u0301té 🌻 中 Ağaç »"))
    assert "Action « Été ? ? Ağaç »" in flat(letter_pdf.render(content))


def test_example_is_printed_across_the_page() -> None:
    assert "EXEMPLE" not in flat(letter_pdf.render(replace(samples.GRANTED, signatory_name=())))
    assert "EXEMPLE" in flat(letter_pdf.render(replace(samples.GRANTED, signatory_name=(), example=True)))


def test_the_filing_code_can_be_left_out_and_a_draft_has_none() -> None:
    def dark(pdf: bytes) -> int:
        document = pypdfium2.PdfDocument(pdf)
        image = document[0].render(scale=2 / MM).to_pil().convert("L").crop((356, 552, 382, 580))
        document.close()
        return sum(image.histogram()[:100])

    assert dark(letter_pdf.render(samples.GRANTED)) > 100
    assert dark(letter_pdf.render(replace(samples.GRANTED, coded=False))) == 0
    assert dark(letter_pdf.render(replace(samples.GRANTED, number=""))) == 0


def logo(width: int, height: int) -> bytes:
    buffer = BytesIO()
    Image.new("RGBA", (width, height), (200, 30, 30, 255)).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_logo_replaces_the_neutral_mark_and_stays_in_its_place() -> None:
    pdf = letter_pdf.render(samples.GRANTED, letterhead=logo(900, 900))
    document = pypdfium2.PdfDocument(pdf)
    image = document[0].render(scale=1 / MM).to_pil().convert("RGB")
    document.close()
    reds = [(x, y) for x in range(210) for y in range(60) if image.getpixel((x, y))[1] < 60]
    assert min(x for x, _ in reds) >= 24
    assert max(x for x, _ in reds) <= 40
    assert min(y for _, y in reds) >= 12
    assert max(y for _, y in reds) <= 28
    assert "Communauté d’agglomération" in flat(pdf)
    wide = letter_pdf.render(samples.GRANTED, letterhead=logo(1400, 200))
    assert text_of(wide).find("Direction de la politique") < text_of(wide).find("Association Cultivons")


def test_a_logo_that_is_no_image_is_told_in_words() -> None:
    with pytest.raises(UserError, match="image PNG ou JPEG"):
        letter_pdf.render(samples.GRANTED, letterhead=b"not an image")


def test_an_amount_too_long_for_one_row_goes_on_below() -> None:
    words = (
        "neuf cent quatre-vingt-dix-neuf mille neuf cent quatre-vingt-dix-neuf euros et quatre-vingt-dix-neuf centimes"
    )
    first, amount, *rest = samples.GRANTED.blocks
    content = replace(samples.GRANTED, blocks=(first, replace(amount, words=(Span(words),)), *rest))
    assert f"({words})" in flat(letter_pdf.render(content))


def test_a_very_long_way_of_appeal_stays_above_the_footer() -> None:
    pdf = letter_pdf.render(replace(samples.GRANTED, recourse=samples.RECOURSE + " " + samples.RECOURSE))
    assert max(found.bottom for found in inks(pdf) if 257 < found.top < 279) <= 279.5


def test_five_rows_of_appeal_and_three_of_footer_keep_apart_and_inside_the_page() -> None:
    recourse = (
        samples.RECOURSE + " Le tribunal est au 43 rue du Général de Gaulle, case postale 8630, 77008 Melun Cedex."
    )
    privacy = (
        "Vos données sont traitées par la Communauté d’agglomération Melun Val de Seine pour instruire et suivre les "
        "subventions. Droits d’accès, de rectification et d’opposition : dpo@exemple.fr. Réclamation : CNIL."
    )
    pdf = letter_pdf.render(replace(samples.GRANTED, recourse=recourse, footer=(samples.GRANTED.footer[0], privacy)))
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    appeal = [found for found in inks(pdf) if 257 < found.top < 278 and found.left < 30]
    foot = [found for found in inks(pdf) if found.top >= 278 and found.left < 30]
    assert [len(appeal), len(foot)] == [5, 3]
    assert foot[0].top - max(found.bottom for found in appeal) > 1.5
    assert max(found.bottom for found in foot) <= 289.1
    assert foot[0].top == pytest.approx(279.3, abs=0.75)  # UX §10: 279, risen by what a third row needs


def test_a_letter_issued_before_the_foot_rose_is_drawn_again_as_it_was() -> None:
    privacy = (
        "Vos données sont traitées pour instruire et suivre les subventions de la politique de la ville. Droits "
        "d’accès et de rectification auprès de la déléguée à la protection des données : dpo@exemple.fr. Réclamation : "
        "CNIL."
    )
    kept = content_to_json(replace(samples.GRANTED, footer=(samples.GRANTED.footer[0], privacy)))
    for later in ("layout", "annexes"):
        del kept[later]
    (page,) = PdfReader(BytesIO(letter_pdf.render(content_from_json(kept)))).pages
    # What the program that issued it drew; deflated, it would change with the library that deflates.
    drawn = hashlib.sha256(page.get_contents().get_data()).hexdigest()
    assert drawn == "b4b752a691eee0bc7453fae07b85215b9015300998e70869ac356b0e8878210f"
