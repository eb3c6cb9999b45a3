"""Between a table and a spreadsheet: what is copied, and how a pasted block is read."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from PySide6.QtCore import QMimeData


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One cell of a pasted block: the row, the key and title of its column, the text to write."""

    row: Any
    column: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cell left as it was, its line in the table counted from 1, and the reason as a sentence."""

    line: int
    title: str
    text: str
    reason: str

    @property
    def sentence(self) -> str:
        return f"Ligne {self.line}, {self.title}\u00a0: {self.reason}"


def mime(titles: Sequence[str], lines: Sequence[Sequence[str]], right: Sequence[bool]) -> QMimeData:
    """Tab separated text and an HTML table, headers included."""
    data = QMimeData()
    data.setText("\n".join("\t".join(map(_flat, line)) for line in (titles, *lines)))
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "".join(
        "<tr>" + "".join(_cell(text, flush) for text, flush in zip(line, right, strict=True)) + "</tr>"
        for line in lines
    )
    data.setHtml(f'<meta charset="utf-8"><table><tr>{head}</tr>{body}</table>')
    return data


def block(text: str, titles: Sequence[str]) -> list[list[str]]:
    """The cells of a pasted text; a first line that repeats ``titles`` (our own copy) is left out."""
    lines = list(csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter="\t"))
    while lines and not any(lines[-1]):
        lines.pop()
    if len(lines) > 1 and lines[0] == list(titles)[: len(lines[0])]:
        lines = lines[1:]
    return lines


def summary(done: int, refusals: Sequence[Refusal]) -> str:
    """« 190 cellules collées. 10 refusées : Ligne 3, Demandé : … »."""
    if done == 0 and not refusals:
        return "Le presse-papiers est vide."
    plural = "s" if done > 1 else ""
    text = f"{done} cellule{plural} collée{plural}." if done else "Aucune cellule collée."
    if refusals:
        more = "s" if len(refusals) > 1 else ""
        shown = " ".join(refusal.sentence for refusal in refusals[:3])
        text += f" {len(refusals)} refusée{more}\u00a0: {shown}"
        if len(refusals) > 3:
            text += f" … et {len(refusals) - 3} de plus."
    return text


def _flat(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ")


def _cell(text: str, right: bool) -> str:
    style = ' style="text-align:right"' if right else ""
    return f"<td{style}>{escape(text)}</td>"
