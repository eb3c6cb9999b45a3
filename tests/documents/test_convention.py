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
import pypdfium2
import pytest
from docx import Document
from test_letter_archive import JARS, told

import letter_samples as samples
from cv_desktop.documents import convention_docx, letter_pdf, signature_check, signing
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
    content = replace(
        samples.GRANTED,
        kind=kind,
        number=number,
        references=lines(f"Nos réf. : AAP-2026-0012{f' · {number}' if number else ''}"),
        object=merge.line(text["object"]),
        detail=merge.line(text["detail"]),
        salutation=merge.line(text["salutation"]),
        blocks=merge_blocks(text["blocks"], merge, flags),
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
    said = json.dumps(content_to_json(content), ensure_ascii=False)
    assert "aux seuls partenaires nommés à l’article 1er" in said
    assert "Interdiction de reverser" not in said
    assert content_from_json(content_to_json(content)) == content


@pytest.mark.parametrize("lines_more", range(0, 40, 3))
def test_both_signatures_are_on_the_last_page_with_what_they_sign(lines_more: int) -> None:
    content = made("CONV")
    tail = Bullets(tuple(line(f"Ligne {i} de l’annexe.") for i in range(lines_more)))
    blocks = (*content.blocks, tail) if lines_more else content.blocks
    texts = _pages(letter_pdf.render(replace(content, blocks=blocks)))
    pages = len(texts)
    assert [i for i, text in enumerate(texts) if "Date de signature" in text] == [pages - 1]
    last = texts[-1]
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
    """The zone of every way of signing, on the last page, as on a letter."""
    left, top, width, height = (value * 72 / 25.4 for value in signing.ZONE)
    document = pypdfium2.PdfDocument(letter_pdf.render(made("CONV")))
    try:
        page = document[len(document) - 1]
        bottom = page.get_height() - top - height
        found = page.get_textpage().get_text_bounded(left, bottom, left + width, bottom + height)
    finally:
        document.close()
    assert found.strip() == ""


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
    assert _pages(signed)[-1].count("Date de signature") == 2


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
    assert "Alix MODÈLE" in document.tables[-1].cell(2, 0).text
    with zipfile.ZipFile(BytesIO(data)) as whole:
        assert 'w:val="fr-FR"' in whole.read("word/styles.xml").decode()
    assert any("neuf mille euros" in p.text for p in document.paragraphs)


def test_an_address_longer_than_its_place_keeps_every_word_of_the_quality() -> None:
    quality = lines(
        "Pour l’Association intercommunale des habitants et usagers des quartiers nord et sud,", "Coprésidente,"
    )
    last = _pages(letter_pdf.render(replace(made("CONV"), counterpart_quality=quality)))[-1]
    assert "quartiers nord et sud" in " ".join(last.split())
