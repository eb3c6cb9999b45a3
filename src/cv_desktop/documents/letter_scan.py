"""Signed letters that come back on paper: each page told by its code, and a letter put together again as one PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
import zxingcpp
from PIL import Image, ImageOps

from cv_desktop.documents.scan_images import images, png
from cv_desktop.domain.filing import PageLabel, label_of

_QR_ONLY = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
# Where the code stands on the page, either way up, with what a scanner shifts: left, top, right, bottom in shares.
_CORNERS = ((0.72, 0.82, 1.0, 1.0), (0.0, 0.0, 0.28, 0.18), (0.72, 0.0, 1.0, 0.18), (0.0, 0.82, 0.28, 1.0))
_LARGER = 3


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A scanned page and what its code says; its ``picture`` is for whoever must read it, empty when told."""

    place: int
    count: int
    label: PageLabel | None
    picture: bytes


def letter_pages(path: Path) -> Iterator[LetterPage]:
    """The pages of a pile of scans, whichever way up.

    Raises UserError when the file is no scan, protected or damaged; Unavailable when it cannot be read.
    """
    for place, (count, image) in enumerate(images(path), 1):
        label = _label(image)
        picture = b"" if label else png(ImageOps.contain(image, (900, 1270)))
        yield LetterPage(place, count, label, picture)


def _label(image: Image.Image) -> PageLabel | None:
    """The code as it is, then larger and with more contrast where a page has it: a pale or coarse scan is read so."""
    if found := _read(image):
        return found
    width, height = image.size
    for left, top, right, bottom in _CORNERS:
        part = image.crop((round(left * width), round(top * height), round(right * width), round(bottom * height)))
        larger = part.resize((part.width * _LARGER, part.height * _LARGER), Image.Resampling.BICUBIC)
        if found := _read(ImageOps.autocontrast(larger, cutoff=2)):
            return found
    return None


def _read(image: Image.Image) -> PageLabel | None:
    labels = {label for one in zxingcpp.read_barcodes(image, formats=_QR_ONLY) if (label := label_of(one.text))}
    # Two letters on one scan are for a person.
    return labels.pop() if len(labels) == 1 else None


def put_together(pages: Sequence[tuple[Path, int]]) -> bytes:
    """One PDF with these pages (file, place from 1) in order: the signed copy of a letter. Same pages, same bytes."""
    with pikepdf.new() as copy:
        for path, place in pages:
            with path.open("rb") as reading:
                is_pdf = b"%PDF-" in reading.read(1024)
            source = path if is_pdf else BytesIO(_as_pdf(path, place))
            with pikepdf.open(source) as opened:
                copy.pages.append(opened.pages[place - 1 if is_pdf else 0])
        copy.Root.Lang = pikepdf.String("fr-FR")
        out = BytesIO()
        copy.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _as_pdf(path: Path, place: int) -> bytes:
    out = BytesIO()
    with Image.open(path) as opened:
        opened.seek(place - 1)
        dots = opened.info.get("dpi", (200, 200))[0]
        opened.convert("L").save(out, "PDF", resolution=float(dots) or 200.0, creationDate=None, modDate=None)
    return out.getvalue()
