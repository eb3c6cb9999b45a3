"""The table annexed to a délibération as pages: what it says of each award, however long."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from cv_desktop.documents import vote_table

NBSP = "\u00a0"


def item(number: str, *, amount: int, motive: str) -> vote_table.Item:
    return vote_table.Item(
        rank=1, number=number, structure="Les Amis du Témoin", commune="Melun", title="Sorties", theme="Cohésion",
        quarters="", score="65,2", cost_cents=800_000, asked_cents=300_000, decision="Attribué en partie",
        amount_cents=amount, before_cents=None, condition="", condition_due_on=None, motive=motive,
    )  # fmt: skip


def text_of(items: list[vote_table.Item]) -> list[str]:
    made = vote_table.pdf(items, title="Lot d’avril", about="Projet, avant le vote.")
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(made)).pages]


def test_the_motive_of_a_reduction_is_on_the_pages_as_in_the_workbook() -> None:
    (page,) = text_of([item("FIA-2026-0001", amount=240_000, motive="Une seule sortie est aidée.")])
    assert "Une seule sortie est aidée." in page


def test_a_motive_longer_than_a_page_is_all_there_and_the_next_file_too() -> None:
    words = [f"raison{place:03d}" for place in range(400)]
    files = [item("FIA-2026-0001", amount=240_000, motive=" ".join(words)), item("FIA-2026-0002", amount=0, motive="")]
    pages = text_of(files)
    assert len(pages) > 2 and all("Réserve ou motif" in page for page in pages[:-1])
    said = " ".join(pages)
    assert [word for word in said.split() if word.startswith("raison")] == words
    assert said.count("FIA-2026-0001") == 1 and "FIA-2026-0002" in said


def test_a_motive_of_many_short_lines_is_all_there() -> None:
    said = " ".join(text_of([item("FIA-2026-0001", amount=0, motive="\n".join(f"l{n:02d}" for n in range(90)))]))
    assert [word for word in said.split() if word[0] == "l" and word[1:].isdigit()] == [f"l{n:02d}" for n in range(90)]
