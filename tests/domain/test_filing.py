"""Which pages make a signed copy, and the sentence of each of those that wait for a person."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from cv_desktop.domain.filing import (
    UNREADABLE,
    KnownLetter,
    PageLabel,
    PilePage,
    file_pages,
    label_of,
    mark_of,
    settle,
)

LETTERS = {
    "CO-2026-0001": KnownLetter("a", "CO-2026-0001", "A1A1A1"),
    "CO-2026-0002": KnownLetter("b", "CO-2026-0002", "", replaced_by="CO-2026-0009"),
    "CO-2026-0003": KnownLetter("c", "CO-2026-0003", "", signed="Le courrier CO-2026-0003 est déjà signé."),
    "CO-2026-0004": KnownLetter("d", "CO-2026-0004", ""),
}


@dataclass(frozen=True)
class Page:
    text: str

    @property
    def label(self) -> PageLabel | None:
        return label_of(self.text)


def judged(*texts: str) -> tuple[list[tuple[str, list[str]]], dict[str, str]]:
    settled = settle([Page(text) for text in texts], LETTERS)
    return (
        [(letter.number, [page.text for page in pages]) for letter, pages in settled.copies],
        {page.text: why.replace("\u00a0", " ") for page, why in settled.waiting},
    )


def test_a_letter_is_filed_in_order_once_whole() -> None:
    copies, waiting = judged("CO-2026-0001 ATT 2/2 A1A1A1", "CO-2026-0004 REF 1/1", "CO-2026-0001 ATT 1/2 A1A1A1")
    assert copies == [
        ("CO-2026-0001", ["CO-2026-0001 ATT 1/2 A1A1A1", "CO-2026-0001 ATT 2/2 A1A1A1"]),
        ("CO-2026-0004", ["CO-2026-0004 REF 1/1"]),
    ]
    assert waiting == {}


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        (["autre chose"], UNREADABLE.replace("\u00a0", " ")),
        (["CO-2025-0001 ATT 1/1"], "Le courrier CO-2025-0001 n’est pas dans cette base."),
        (["CO-2026-0001 ATT 1/1 B2B2B2"], "Ce code est celui d’un courrier CO-2026-0001 émis par une autre base."),
        (["CO-2026-0001 ATT 1/1"], "Ce code est celui d’un courrier CO-2026-0001 émis par une autre base."),
        (["CO-2026-0002 ATT 1/1"], "Le courrier CO-2026-0002 a été remplacé par le courrier CO-2026-0009."),
        (["CO-2026-0003 ATT 1/1"], "Le courrier CO-2026-0003 est déjà signé."),
        (["CO-2026-0004 ATT 1/2"], "Il manque la page 2 : scannée plus tard, elle s’y joindra."),
        (["CO-2026-0004 ATT 3/4", "CO-2026-0004 ATT 2/4"],
         "Il manque les pages 1 et 4 : scannées plus tard, elles s’y joindront."),
        (["CO-2026-0004 ATT 1/1", "CO-2026-0004 ATT 1/1"],
         "La page 1 est en double : écartez celle qui ne porte pas la signature."),
        (["CO-2026-0004 ATT 2/2", "CO-2026-0004 ATT 1/2", "CO-2026-0004 ATT 2/2", "CO-2026-0004 ATT 1/2"],
         "Les pages 1 et 2 sont en double : écartez celle qui ne porte pas la signature."),
    ],
)  # fmt: skip
def test_what_is_not_whole_or_not_awaited_says_why(texts: list[str], why: str) -> None:
    copies, waiting = judged(*texts)
    assert copies == []
    assert waiting == dict.fromkeys(texts, why)


def test_pages_missing_or_scanned_twice_are_told() -> None:
    def page(place: int, text: str) -> PilePage:
        return PilePage("pile.pdf", place, label_of(text))

    filed = file_pages([
        page(1, "CO-2026-0002 REF 1/1"), page(2, "CO-2026-0001 ATT 2/3"), page(3, "CO-2026-0001 ATT 1/3"),
        page(4, "CO-2026-0002 REF 1/1"), page(5, "K7QZ4M2P.1 2"),
    ])  # fmt: skip
    first, second = filed.letters
    assert (first.number, [p.place for p in first.pages], first.missing, first.complete) == (
        "CO-2026-0001", [3, 2], (3,), False,
    )  # fmt: skip
    assert (second.number, [p.place for p in second.pages], second.doubled) == ("CO-2026-0002", [1], (1,))
    assert [p.place for p in filed.unreadable] == [5]


@pytest.mark.parametrize(
    "text", ["", "CO-2026-0001 ATT 3/2", "CO-2026-0001 ATT 0/2", "https://exemple.fr", "1 2 3/3", "CO-1 ATT 1/1 A1"]
)
def test_another_code_is_no_label(text: str) -> None:
    assert label_of(text) is None


def test_a_label_is_read_as_it_was_written() -> None:
    label = PageLabel("CO-2026-0114", "ATT-P", 2, 2, mark_of("k1", "CO-2026-0114", "2026-03-03"))
    assert label_of(label.text) == label
    assert label_of("CO-2026-0114 ATT-P 2/2") == PageLabel("CO-2026-0114", "ATT-P", 2, 2)
    assert mark_of("k2", "CO-2026-0114", "2026-03-03") != label.mark
