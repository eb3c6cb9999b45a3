"""A heading and a small table in a letter: what stands where, and how a screen reader hears it."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from test_letter_pdf import ink

import letter_samples as samples
from cv_desktop.documents import letter_pdf
from cv_desktop.domain.letter_json import content_from_json, content_to_json
from cv_desktop.domain.letters import Field, Heading, LetterContent, Merge, Paragraph, Table, merge_blocks, plain
from letter_samples import line

HEAD = ["Exercice", "Action", "Versé"]
ROWS = (("2025", "Jardin partagé & compost", "1 500,00 €"), ("2026", "Ateliers <du> soir", "12 400,50 €"))


def letter(fields: dict[str, Field]) -> LetterContent:
    merge = Merge(fields)
    template = [
        {"type": "heading", "text": "Article 1er – Objet"},
        {"type": "paragraph", "text": "Les sommes versées sont les suivantes."},
        {"type": "table", "head": HEAD, "field": "versements"},
    ]
    return replace(samples.GRANTED, blocks=merge_blocks(template, merge, frozenset()), missing=merge.missing)


FULL = letter({"versements": Field("versements", None, "act", ROWS)})


def words(pdf: bytes, folder: Path, *options: str) -> str:
    path = folder / "courrier.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", *options, path, "-"], capture_output=True, text=True, check=True)
    return done.stdout.replace("\u00a0", " ")


def test_each_row_reads_across_and_loses_no_sign(tmp_path: Path) -> None:
    rows = [" ".join(row.split()) for row in words(letter_pdf.render(FULL), tmp_path, "-layout").splitlines()]
    assert "Article 1er – Objet" in rows
    assert "Exercice Action Versé" in rows
    assert "2025 Jardin partagé & compost 1 500,00 €" in rows
    assert "2026 Ateliers <du> soir 12 400,50 €" in rows


def test_amounts_end_at_the_right_margin(tmp_path: Path) -> None:
    pdf = letter_pdf.render(FULL)
    # The spaces of an amount do not break.
    amounts = [ink(pdf, "500,00"), ink(pdf, "400,50")]
    assert [found.right for found in amounts] == pytest.approx([190, 190], abs=0.6)


def test_a_screen_reader_hears_a_table(tmp_path: Path) -> None:
    path = tmp_path / "courrier.pdf"
    path.write_bytes(letter_pdf.render(FULL))
    read = subprocess.run(["pdfinfo", "-struct-text", path], capture_output=True, text=True, check=True).stdout
    parts = [row.strip() for row in read.splitlines()]
    assert [parts.count(tag) for tag in ("Table (block)", "TR")] == [1, 3]
    assert sum(part.startswith("TH") for part in parts) == 3
    assert sum(part.startswith("TD") for part in parts) == 6


def test_a_table_without_rows_is_boxed_and_named() -> None:
    content = letter({"versements": Field("sommes versées", None, "act")})
    (table,) = [block for block in content.blocks if isinstance(block, Table)]
    assert [plain(cell) for cell in table.rows[0]] == ["[sommes versées]", "", ""]
    assert [m.label for m in content.missing] == ["sommes versées"]


def test_heading_and_table_are_kept_as_they_were() -> None:
    assert content_from_json(content_to_json(FULL)) == FULL


def test_a_heading_never_ends_a_page(tmp_path: Path) -> None:
    long = [Paragraph(line("Une phrase assez longue pour tenir toute une ligne de la lettre, et un peu plus. " * 3))]
    for count in range(6, 14):
        blocks = (*long * count, Heading(line("Article 2 – Durée")), *long * 4)
        pages = words(letter_pdf.render(replace(samples.GRANTED, blocks=blocks)), tmp_path).split("\f")
        (page,) = [page for page in pages if "Article 2" in page]
        assert "Une phrase assez longue" in page.split("Article 2")[1]
