"""The pages of a pile of scans as pictures, whatever the scanner wrote: PDF, TIFF, PNG or JPEG."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

from cv_desktop.documents.given_file import given
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import quote

_MOST_PAGES = 2_000
_SCAN_DPI = 200


def images(path: Path, *, start: int = 1) -> Iterator[tuple[int, Image.Image]]:
    """Each page from ``start`` on, in grey, with how many there are.

    Raises UserError when the file is no scan, protected or damaged; Unavailable when it cannot be read.
    """
    with given(path), path.open("rb") as reading:
        head = reading.read(1024)
    if b"%PDF-" in head:
        yield from _pdf_images(path, start)
        return
    try:
        with Image.open(path, formats=("PNG", "JPEG", "TIFF")) as opened:
            count = min(getattr(opened, "n_frames", 1), _MOST_PAGES)
            for frame in range(start - 1, count):
                opened.seek(frame)
                yield count, ImageOps.exif_transpose(opened).convert("L")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        raise UserError(
            f"{quote(path.name)} n’est pas un scan lisible. Scannez en PDF, PNG, JPEG ou TIFF, en 200 points par pouce."
        ) from None


def _pdf_images(path: Path, start: int) -> Iterator[tuple[int, Image.Image]]:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        raise UserError(f"{quote(path.name)} est protégé, incomplet ou abîmé. Scannez-le de nouveau.") from None
    try:
        count = min(len(document), _MOST_PAGES)
        for number in range(start - 1, count):
            page = document[number]
            # A page beyond A3 is no sheet: rendered smaller, it never fills the memory.
            scale = min(_SCAN_DPI / 72, 3400 / max(page.get_size()))
            yield count, page.render(scale=scale, grayscale=True).to_pil().convert("L")
            page.close()
    finally:
        document.close()


def png(image: Image.Image) -> bytes:
    """A picture as a PNG file."""
    out = BytesIO()
    # Half the time of the usual level for the same size: a pile of sheets keeps hundreds of strips.
    image.save(out, format="PNG", compress_level=4)
    return out.getvalue()
