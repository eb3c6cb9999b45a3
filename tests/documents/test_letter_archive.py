"""A letter judged by ordinary tools: syntax, fonts, reading order, archive, and what it says to machines."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

import letter_samples as samples
from cv_desktop.documents import letter_pdf
from cv_desktop.domain.letter_json import content_from_json, content_to_json
from letter_samples import line

JARS = ("preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "javax.activation", "jaxb-api")
FACTS = (("courrier", "CO-2026-0114"), ("dossier", "FIA-2026-0009"), ("accorde_centimes", 240_000))
ISSUED = replace(samples.GRANTED, dated_on="2026-03-03", facts=FACTS)


def told(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "courrier.pdf"
    path.write_bytes(letter_pdf.render(ISSUED))
    return path


def test_its_syntax_has_no_fault(letter: Path) -> None:
    assert "No syntax or stream encoding errors found" in told("qpdf", "--check", letter)


def test_every_font_is_embedded_and_gives_its_text_back(letter: Path) -> None:
    fonts = told("pdffonts", letter).splitlines()[2:]
    assert len(fonts) == 2
    for font in fonts:
        assert "SourceSansPro" in font
        assert re.search(r"yes yes yes\s+\d+\s+0$", font)


def test_a_screen_reader_follows_the_order_of_the_letter(letter: Path) -> None:
    assert re.search(r"Tagged:\s+yes", told("pdfinfo", letter))
    read = " ".join(told("pdfinfo", "-struct-text", letter).replace("\u00a0", " ").split())
    order = (
        '"Melun Val de Seine "',
        '"Association Cultivons le Circé Madame la Présidente',
        'H1 (block) "Objet : Fonds de soutien',
        '"Madame la Présidente, "',
        '"2 400 €(deux mille quatre cents euros) "',
        'Lbl (block) "Versement " LBody (block) "en une fois, sur le compte se terminant par 3417, dans les soixante '
        "jours suivant la présente notification",
        '"Dominique EXEMPLE "',
        '"Voies et délais de recours.',
    )
    places = [read.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert "1/1" not in read  # the number of the page is decoration


def test_a_paragraph_cut_by_a_page_is_read_as_one() -> None:
    long = " ".join(f"Phrase numéro {index}, assez longue pour remplir la page." for index in range(120))
    blocks = (replace(ISSUED.blocks[0], line=line(long)),)
    with pikepdf.open(BytesIO(letter_pdf.render(replace(ISSUED, blocks=blocks)))) as pdf:
        assert len(pdf.pages) == 2
        document = pdf.Root.StructTreeRoot.K
        assert [str(part.S) for part in document.K].count("/H1") == 1
        over_two_pages = [part for part in document.K if any("/MCID" in mark for mark in _marks(part))]
    assert len(over_two_pages) == 1


def _marks(part: pikepdf.Object) -> list[pikepdf.Object]:
    return [mark for mark in part.K if isinstance(mark, pikepdf.Dictionary)]


def test_the_archive_judge_says_valid(tmp_path: Path) -> None:
    path = tmp_path / "courrier-1b.pdf"
    path.write_bytes(letter_pdf.render(replace(ISSUED, closing=line("Ǆ, œuvre, 1ᵉʳ")), archive=1))
    jars = ":".join(f"/usr/share/java/{jar}.jar" for jar in JARS)
    said = told("java", "-cp", jars, "org.apache.pdfbox.preflight.Validator_A1b", path)
    assert "is a valid PDF/A-1b file" in said, said


def test_it_says_that_it_is_an_archive_of_part_three(letter: Path) -> None:
    with pikepdf.open(letter) as pdf:
        metadata = pdf.Root.Metadata.read_bytes().decode()
        profile = pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes()
    assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert "CO-2026-0114" in metadata
    assert len(profile) == int.from_bytes(profile[:4], "big")


def test_what_it_decides_is_attached_for_machines(letter: Path) -> None:
    with pikepdf.open(letter) as pdf:
        (described,) = pdf.Root.AF
        assert described.AFRelationship == pikepdf.Name.Data
        attached = pdf.attachments["courrier.json"].get_file()
        assert attached.mime_type == "application/json"
        assert json.loads(attached.read_bytes()) == dict(FACTS)


def test_a_draft_and_an_older_content_carry_nothing() -> None:
    kept = content_to_json(samples.GRANTED)
    del kept["facts"], kept["dated_on"]
    for content in (replace(ISSUED, number=""), content_from_json(kept)):
        with pikepdf.open(BytesIO(letter_pdf.render(content))) as pdf:
            assert "courrier.json" not in pdf.attachments


@pytest.mark.parametrize(
    "name",
    [
        "Džemal Ćosić",
        "Łódź & <Fils>",
        "Œuvre d’été – n° 2",
        "Ŵyn Ġ",
        "L'affiche « fine » œ ﬁn".replace("ﬁ", "fi"),
        '"A" \\ (B) [C] {D} <E> & F; #1 @x %y $z',
        "Àâäçéèêëîïôöùûüÿñæ ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸÑÆŒ",
        "ĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕ",
        "ĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĨĩĪīĬĭĮįİı",
        "ĴĵĶķĸĹĺĻļĽľĿŀŁłŃńŅņŇňŉŊŋŌōŎŏŐő",
        "ŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŦŧŨũŪūŬŭŮů",
        "ŰűŲųŴŵŶŷŸŹźŻżŽž",
    ],
)
def test_every_sign_of_a_name_is_printed_and_copied(tmp_path: Path, name: str) -> None:
    path = tmp_path / "nom.pdf"
    path.write_bytes(letter_pdf.render(replace(ISSUED, addressee=(line(name), *ISSUED.addressee[1:]))))
    assert name in told("pdftotext", path, "-").replace("\u00a0", " ")


def test_a_sign_that_the_font_lacks_is_written_with_those_it_has(tmp_path: Path) -> None:
    path = tmp_path / "nom.pdf"
    path.write_bytes(letter_pdf.render(replace(ISSUED, addressee=(line("Ǆemal"), *ISSUED.addressee[1:]))))
    assert "DŽemal" in told("pdftotext", path, "-")
