"""Pages of letters as an office scans them."""

from __future__ import annotations

import random
from dataclasses import replace

import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

import letter_samples as samples
from cv_desktop.documents import letter_pdf
from cv_desktop.domain.letters import LetterContent, Paragraph, Span

LONG = Paragraph(
    (Span(" ".join(f"Phrase numéro {index}, assez longue pour remplir la page." for index in range(110))),)
)


def letter(number: int, *, mark: str = "", pages: int = 2) -> LetterContent:
    """An attribution of one page or two."""
    content = replace(samples.GRANTED, number=f"CO-2026-{number:04d}", mark=mark)
    return content if pages == 1 else replace(content, blocks=(LONG,))


def printed(content: LetterContent, dots: int = 200) -> list[Image.Image]:
    """The pages of a letter, straight and clean."""
    document = pypdfium2.PdfDocument(letter_pdf.render(content))
    try:
        return [page.render(scale=dots / 72, grayscale=True).to_pil().convert("L") for page in document]
    finally:
        document.close()


def scanned(image: Image.Image, dice: random.Random) -> Image.Image:
    """A page as an office scans it: askew, upside down, grey, a signature across it."""
    image = image.copy()
    draw = ImageDraw.Draw(image)
    width, height = image.size
    points = [(dice.uniform(0.5, 0.9) * width, dice.uniform(0.76, 0.86) * height) for _ in range(6)]
    draw.line(points, fill=60, width=max(2, width // 400))
    image = image.rotate(dice.uniform(-4, 4), Image.Resampling.NEAREST, fillcolor=240)
    if dice.random() < 0.3:
        image = image.transpose(Image.Transpose.ROTATE_180)
    image = image.filter(ImageFilter.BoxBlur(dice.uniform(0, 0.7)))
    return image.point(lambda dot: round(25 + dot * 0.85))
