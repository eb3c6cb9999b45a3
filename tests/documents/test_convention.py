"""A convention judged by ordinary tools, as a page to sign and as a text to edit."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import certificates
import pikepdf
import pypdfium2
import pytest
from docx import Document
from PIL import Image
from test_letter_archive import JARS, told

import letter_samples as samples
from cv_desktop.documents import convention_docx, letter_pdf, signature_check, signing, signing_image
from cv_desktop.domain.convention_parts import parted
from cv_desktop.domain.letter_json import content_from_json, content_to_json
from cv_desktop.domain.letters import Bullets, Field, LetterContent, Merge, fields_of, merge_blocks
from cv_desktop.paths import resource
from letter_samples import line, lines

NBSP = "\u00a0"
ROWS = {
    "convention.budget": (
        ("60 Achats", f"1{NBSP}800{NBSP}€", "74 Ville", f"6{NBSP}000{NBSP}€"),
        ("Total des charges", f"24{NBSP}000{NBSP}€", "Total des produits", f"24{NBSP}000{NBSP}€"),
    ),
    "convention.indicateurs": (("Nombre de bénéficiaires", "140"), ("dont femmes", "71")),
    "convention.concours": ((f"présente subvention (AAP-2026-0012){NBSP}", f"9{NBSP}000{NBSP}€"), ("Prêt", "2 500 €")),
    "convention.annees": (("2027", f"9{NBSP}000{NBSP}€"),),
}
SAID: dict[str, str | tuple[str, ...]] = {
    "montant": f"9{NBSP}000{NBSP}€",
    "montant_lettres": "neuf mille euros",
    "structure.nom": "Łódź & <Fils>",
    "convention.qualite": "Présidente,",
    "convention.personne": "Alix MODÈLE",
    "convention.iban": "FR76 •••• •••• 0123",
    "convention.projet": ("Contenu : ateliers ;", "Public : habitants."),
    "avenant.changements": (
        "à l’article 4, le montant est porté à 10 000 € ;",
        "à l’article 2, jusqu’au 1er mars 2027.",
    ),
    "avenant.convention": "CO-2026-0114",
    "delai_depart_convention": "de la signature de la convention par les deux parties",
}
ALL = frozenset({"alone", "several_grants", "several_years", "rules_adopted"})


@cache
def shipped(kind: str) -> dict[str, Any]:
    table = json.loads(resource("reference", "conventions.json").read_text(encoding="utf-8"))
    return next(one for one in table["templates"] if one["kind"] == kind)


def made(kind: str, flags: frozenset[str] = ALL, number: str = "CO-2026-0115") -> LetterContent:
    text = shipped(kind)
    names = fields_of(text)
    known = {name: Field(name, SAID.get(name, f"‹{name}›"), "", ROWS.get(name, ())) for name in names}
    merge = Merge(known)
    *quality, name = (merge.line(one) for one in text["counterpart"])
    body, annexes = parted(merge_blocks(text["blocks"], merge, flags))
    content = replace(
        samples.GRANTED,
        kind=kind,
        number=number,
        references=lines(f"Nos réf. : AAP-2026-0012{f' · {number}' if number else ''}"),
        object=merge.line(text["object"]),
        detail=merge.line(text["detail"]),
        salutation=merge.line(text["salutation"]),
        blocks=body,
        annexes=annexes,
        closing=merge.line(text["closing"]),
        copies=(),
        enclosures=(),
        recourse="",
        counterpart_quality=tuple(quality),
        counterpart_name=name,
        dated_on="2026-03-03",
        facts=(("courrier", number), ("accorde_centimes", 900_000)),
    )
    assert merge.missing == ()
    return content


@pytest.fixture(params=["CONV", "CONV-A"])
def pdf(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"{request.param}.pdf"
    path.write_bytes(letter_pdf.render(made(request.param)))
    return path


def test_its_syntax_fonts_and_tags_hold(pdf: Path) -> None:
    assert "No syntax or stream encoding errors found" in told("qpdf", "--check", pdf)
    fonts = told("pdffonts", pdf).splitlines()[2:]
    assert fonts
    assert all(re.search(r"yes yes yes\s+\d+\s+0$", font) for font in fonts)
    assert re.search(r"Tagged:\s+yes", told("pdfinfo", pdf))
    read = told("pdfinfo", "-struct-text", pdf)
    assert read.index("H1") < read.index("H2") < read.index("Date de signature")


@pytest.mark.parametrize("kind", ["CONV", "CONV-A"])
def test_the_archive_judge_says_valid(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "convention-1b.pdf"
    path.write_bytes(letter_pdf.render(made(kind), archive=1))
    jars = ":".join(f"/usr/share/java/{jar}.jar" for jar in JARS)
    said = told("java", "-cp", jars, "org.apache.pdfbox.preflight.Validator_A1b", path)
    assert "is a valid PDF/A-1b file" in said, said


def test_every_article_of_the_law_is_there_and_the_text_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "c.pdf"
    path.write_bytes(letter_pdf.render(made("CONV")))
    text = " ".join(told("pdftotext", "-layout", path, "-").replace(NBSP, " ").split())
    subjects = (
        "Objet", "Durée", "Exécution et budget", "Montant", "Versement", "Obligations comptables", "Contrôle",
        "Évaluation", "Communication", "Contrat d’engagement républicain", "Interdiction de reverser", "Restitution",
        "Avenant", "Résiliation", "Publication et données personnelles", "Litiges",
    )  # fmt: skip
    places = [text.find(f"– {subject}") for subject in subjects]
    assert -1 not in places, subjects[places.index(-1)]
    assert places == sorted(places)
    for needed in (
        "loi n° 2000-321 du 12 avril 2000", "décret n° 2001-495", "L. 1611-4", "9 000 € (neuf mille euros)",
        "tribunal administratif de Melun", "Annexe 1", "Annexe 4", "Łódź & <Fils>", "FR76 •••• •••• 0123",
    ):  # fmt: skip
        assert needed in text, needed


def test_a_consortium_may_share_the_money_with_its_partners_and_nobody_else() -> None:
    content = made("CONV", frozenset({"consortium"}))
    said = json.dumps(content_to_json(content), ensure_ascii=False).replace(NBSP, " ")
    assert "aux seuls partenaires nommés à l’article 1er" in said
    assert "Interdiction de reverser" not in said
    assert content_from_json(content_to_json(content)) == content


@pytest.mark.parametrize("lines_more", range(0, 40, 3))
def test_both_signatures_are_with_what_they_sign_and_the_annexes_follow(lines_more: int) -> None:
    content = made("CONV")
    tail = Bullets(tuple(line(f"Ligne {i} du texte.") for i in range(lines_more)))
    blocks = (*content.blocks, tail) if lines_more else content.blocks
    texts = _pages(letter_pdf.render(replace(content, blocks=blocks)))
    pages = len(texts)
    (signed,) = [i for i, text in enumerate(texts) if "Date de signature" in text]
    assert all("Annexe 1 –" not in text for text in texts[: signed + 1])
    assert texts[signed + 1].index("Annexe 1 –") < 120  # under the head of the page
    assert "Annexe 4 –" in " ".join(texts[signed + 1 :])
    last = texts[signed]
    assert "Alix MODÈLE" in last
    assert "Dominique EXEMPLE" in last
    assert last.index("Fait à") < last.index("Date de signature")
    assert len(last[: last.index("Fait à")].splitlines()) >= 2  # the head, and the end of what is signed
    assert all("CO-2026-0115" in text for text in texts)
    assert [text.count(f"{i}/{pages}") > 0 for i, text in enumerate(texts, 1)] == [True] * pages


def _pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range().replace(NBSP, " ") for page in document]
    finally:
        document.close()


def test_nothing_is_drawn_where_the_authority_signs() -> None:
    """The zone of every way of signing, on the page of the signatures, as on a letter."""
    left, top, width, height = (value * 72 / 25.4 for value in signing.ZONE)
    document = pypdfium2.PdfDocument(letter_pdf.render(made("CONV")))
    try:
        page = next(one for one in document if "Date de signature" in one.get_textpage().get_text_range())
        bottom = page.get_height() - top - height
        found = page.get_textpage().get_text_bounded(left, bottom, left + width, bottom + height)
    finally:
        document.close()
    assert found.strip() == ""


def picture() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (40, 20), (0, 0, 120)).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_convention_issued_before_its_annexes_were_apart_is_drawn_as_it_was() -> None:
    content = made("CONV")
    kept = content_to_json(replace(content, blocks=(*content.blocks, *content.annexes), annexes=()))
    del kept["annexes"]
    pages = _pages(letter_pdf.render(content_from_json(kept)))
    assert "Date de signature" in pages[-1]
    assert "Annexe 4" in " ".join(pages)


def test_an_amendment_holds_on_one_page() -> None:
    assert len(_pages(letter_pdf.render(made("CONV-A")))) == 1


@pytest.mark.parametrize("kind", ["CONV", "CONV-A"])
def test_the_authority_signs_it_as_a_letter_and_no_byte_of_it_changes(tmp_path: Path, kind: str) -> None:
    pdf = letter_pdf.render(made(kind))
    certificate = certificates.made()
    signer = signing.load_pkcs12(certificate.p12, certificates.PASSPHRASE, at=certificates.NOW)
    signed = signing.sign(pdf, signer, at=certificates.NOW, reason="Convention", place="Dammarie-lès-Lys")
    assert signed.startswith(pdf)
    path = tmp_path / "signee.pdf"
    path.write_bytes(signed)
    said = told("pdfsig", "-nocert", path)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    (verdict,) = signature_check.check(signed, [certificate.authority], at=certificates.NOW)
    assert verdict.intact
    (place,) = [i for i, text in enumerate(_pages(signed)) if text.count("Date de signature") == 2]
    with pikepdf.open(BytesIO(signed)) as opened:
        assert [bool(page.get("/Annots")) for page in opened.pages] == [i == place for i in range(len(opened.pages))]
    assert place == (len(_pages(pdf)) - 2 if kind == "CONV" else len(_pages(pdf)) - 1)
    with pikepdf.open(BytesIO(signing_image.stamp(pdf, picture()))) as stamped:
        drawn = ["/Signature" in page.Resources.XObject for page in stamped.pages]
    assert drawn == [i == place for i in range(len(drawn))]


def test_the_same_content_gives_the_same_bytes_and_a_draft_has_no_number() -> None:
    assert letter_pdf.render(made("CONV")) == letter_pdf.render(made("CONV"))
    assert convention_docx.render(made("CONV")) == convention_docx.render(made("CONV"))
    draft = _pages(letter_pdf.render(made("CONV", number="")))
    assert not any("CO-2026" in text for text in draft)


def test_the_editable_text_has_real_headings_lists_tables_and_french() -> None:
    data = convention_docx.render(made("CONV"))
    document = Document(BytesIO(data))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings[:2] == ["Vu", "Préambule"]
    assert len([one for one in headings if one.startswith("Article")]) == 16
    assert "Annexe 1" in next(one for one in headings if one.startswith("Annexe"))
    assert any(p.style.name == "List Bullet" and "L.\u00a01611-4" in p.text for p in document.paragraphs)
    budget = next(table for table in document.tables if table.cell(0, 0).text == "Charges")
    assert [cell.text for cell in budget.rows[1].cells] == list(ROWS["convention.budget"][0])
    signed = next(table for table in document.tables if "Date de signature" in table.cell(len(table.rows) - 1, 0).text)
    assert "Alix MODÈLE" in signed.cell(2, 0).text
    order = [one.tag.rpartition("}")[2] + "".join(one.itertext())[:10] for one in document.element.body]
    signatures = next(i for i, one in enumerate(document.element.body) if one is signed._element)
    assert signatures < next(i for i, one in enumerate(order) if one.startswith("pAnnexe 1"))
    assert order[signatures - 1].startswith("pFait à")
    first = next(p for p in document.paragraphs if p.text.startswith("Annexe 1"))
    assert first.paragraph_format.page_break_before
    with zipfile.ZipFile(BytesIO(data)) as whole:
        assert 'w:val="fr-FR"' in whole.read("word/styles.xml").decode()
    assert any("neuf mille euros" in p.text for p in document.paragraphs)


def test_an_address_longer_than_its_place_keeps_every_word_of_the_quality() -> None:
    quality = lines(
        "Pour l’Association intercommunale des habitants et usagers des quartiers nord et sud,", "Coprésidente,"
    )
    pages = _pages(letter_pdf.render(replace(made("CONV"), counterpart_quality=quality)))
    signed = next(page for page in pages if "Date de signature" in page)
    assert "quartiers nord et sud" in " ".join(signed.split())
