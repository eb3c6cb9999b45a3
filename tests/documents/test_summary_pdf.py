"""The summary on one page."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from cv_desktop.documents import summary_pdf

FIGURES = [("demandé", "118 400 €"), ("attribué", "74 250 €"), ("dossiers", "24"), ("structures < 2 ans", "7")]


def test_title_figures_and_sections_are_on_one_page() -> None:
    pdf = summary_pdf.render("Bilan FIA 2026", FIGURES, [("Refus", ["Élan : hors périmètre", "A & B : hors délai"])])
    (page,) = PdfReader(BytesIO(pdf)).pages
    text = page.extract_text().replace("\u00a0", " ")
    for expected in ("Bilan FIA 2026", "118 400 €", "structures < 2 ans", "Refus", "A & B : hors délai"):
        assert expected in text
    assert b"Helvetica" not in pdf


def test_the_same_summary_gives_the_same_bytes() -> None:
    assert summary_pdf.render("Bilan", FIGURES, []) == summary_pdf.render("Bilan", FIGURES, [])


def test_too_many_lines_are_counted_rather_than_lost() -> None:
    sentences = [f"Dossier FIA-2026-{index:04d} : refusé." for index in range(300)]
    (page,) = PdfReader(BytesIO(summary_pdf.render("Bilan", FIGURES, [("Refus", sentences)]))).pages
    text = page.extract_text().replace("\u00a0", " ")
    shown = text.count("refusé.")
    assert shown > 50
    assert f"… et {300 - shown} autres lignes." in text
