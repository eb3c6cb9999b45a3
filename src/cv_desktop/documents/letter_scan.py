"""Signed letters that come back on paper: each page told by its code, and a letter put together again as one PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
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
    """A scanned page and what its code says; ``turn`` is by how many degrees, a quarter at a time, to turn it right."""

    place: int
    count: int
    label: PageLabel | None
    turn: int


def letter_pages(path: Path, *, start: int = 1) -> Iterator[LetterPage]:
    """The pages of a pile of scans from ``start`` on, whichever way up.

    Raises UserError when the file is no scan, protected or damaged; Unavailable when it cannot be read.
    """
    for place, (count, image) in enumerate(images(path, start=start), start):
        label, turn = _label(image)
        yield LetterPage(place, count, label, turn)


def picture(path: Path, place: int, *, turn: int = 0) -> bytes:
    """A page of a pile as PNG, small and turned right: for whoever must say what it is.

    Raises as :func:`letter_pages` does.
    """
    _count, image = next(images(path, start=place))
    return png(ImageOps.contain(image.rotate(-turn, expand=True), (900, 1270)))


_Told = tuple[PageLabel | None, int]


def _label(image: Image.Image) -> _Told:
    """The code as it is, then larger and with more contrast where a page has it: a pale or coarse scan is read so."""
    found = _read(image)
    if found[0]:
        return found
    width, height = image.size
    for left, top, right, bottom in _CORNERS:
        part = image.crop((round(left * width), round(top * height), round(right * width), round(bottom * height)))
        larger = part.resize((part.width * _LARGER, part.height * _LARGER), Image.Resampling.BICUBIC)
        found = _read(ImageOps.autocontrast(larger, cutoff=2))
        if found[0]:
            return found
    return None, 0


def _read(image: Image.Image) -> _Told:
    read = [(label_of(one.text), one.orientation) for one in zxingcpp.read_barcodes(image, formats=_QR_ONLY)]
    labels = {label: -round(turned / 90) % 4 * 90 for label, turned in read if label}
    # Two letters on one scan are for a person.
    return next(iter(labels.items())) if len(labels) == 1 else (None, 0)


def put_together(pages: Sequence[tuple[Path, int, int]]) -> bytes:
    """One PDF with these pages (file, place from 1, degrees to turn it back) in order: the signed copy of a letter.

    Same pages, same bytes.
    """
    with pikepdf.new() as copy, ExitStack() as files:
        opened: dict[Path, pikepdf.Pdf] = {}
        for path, place, turn in pages:
            with path.open("rb") as reading:
                is_pdf = b"%PDF-" in reading.read(1024)
            if not is_pdf:
                source, at = files.enter_context(pikepdf.open(BytesIO(_as_pdf(path, place)))), 0
            else:
                if path not in opened:
                    opened[path] = files.enter_context(pikepdf.open(path))
                source, at = opened[path], place - 1
            copy.pages.append(source.pages[at])
            if turn:
                copy.pages[-1].rotate(turn, relative=True)
        copy.Root.Lang = pikepdf.String("fr-FR")
        out = BytesIO()
        copy.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _as_pdf(path: Path, place: int) -> bytes:
    out = BytesIO()
    with Image.open(path) as opened:
        opened.seek(place - 1)
        dots = float(opened.info.get("dpi", (200, 200))[0]) or 200.0
        page = ImageOps.exif_transpose(opened)
        # A stamp and an ink keep their colour.
        page = page if page.mode in ("1", "L", "RGB") else page.convert("RGB")
        page.save(out, "PDF", resolution=dots, quality=85, creationDate=None, modDate=None)
    return out.getvalue()
