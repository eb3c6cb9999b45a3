"""PDF forms as an association sends them, made with the boxes and the printed words that the tests ask."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas


@dataclass(frozen=True)
class Line:
    """A printed text and its box; ``name`` is the author's, ``tip`` the tooltip; ``tick`` makes it a box to tick."""

    printed: str
    value: str = ""
    name: str = ""
    tip: str = ""
    tick: bool | None = None


def form(path: Path, lines: list[Line], title: str = "Cerfa n° 12156*06", password: str | None = None) -> Path:
    """Writes the form; a box without a name is called « Champ 1 », « Champ 2 »…"""
    canvas = Canvas(str(path), pagesize=A4, encrypt=password)
    canvas.drawString(60, 800, title)
    y = 770.0
    for number, line in enumerate(lines, start=1):
        if y < 40:
            canvas.showPage()
            y = 800.0
        canvas.drawString(60, y + 4, line.printed)
        name, tip = line.name or f"Champ {number}", line.tip or None
        if line.tick is not None:
            canvas.acroForm.checkbox(name=name, tooltip=tip, x=330, y=y, size=14, checked=line.tick)
        else:
            canvas.acroForm.textfield(name=name, tooltip=tip, value=line.value, x=330, y=y, width=220, height=16)
        y -= 22
    canvas.save()
    return path
